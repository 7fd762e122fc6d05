"""A withheld figure or sentence that marks, lines, cells, counters or pages divide is found where readers see it whole."""

import re
from pathlib import Path

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy
from readback import docx_parts, zip_parts

from brief import Project
from brief.inspection.extract.css_texts import find_printed_attributes, find_printed_texts
from brief.inspection.leaks import Inspector
from brief.inspection.other_readings import list_other_readings
from brief.model.diagnostics import ContentError

# Of the block that only the council may see, of a short block and of a claim that are added.
SENTENCE = "should also pay for shorter waits"
SHORT = "Project bluebird"
CLAIM = (
    "claims:\n  - id: rival\n    clearance: internal\n    says: {en: R., zh-Hans: 另。, zh-Hant: 另。}\n"
    "    quantity: {value: 77_700_000, unit: CNY}\n"
)
BLOCK = "  - kind: prose\n    id: short\n    clearance: internal\n    text: {en: Project bluebird., zh-Hans: 甲。, zh-Hant: 甲。}\n"
BASE = Path(__file__).parents[2] / "templates/base"
WORDS = SENTENCE.split()
ROWS = "".join(f"<tr><td>{word}</td><td>row {'abcdefgh'[number]}</td></tr>" for number, word in enumerate(WORDS))
NARROW = ".narrow { width: 2em; word-break: break-all; overflow-wrap: anywhere; hyphens: none; font-size: 10pt }"

# The body of a page and its style rules, with what is found: the claim, the short text or the sentence.
IN_PAGE = {
    "a mark": ("<p>CNY 77,7<sup>1</sup>00,000</p>", "", SEED),
    "a mark that leads to a note": ('<p>CNY 77,7<sup><a href="https://example.org/">[1]</a></sup>00,000</p>', "", SEED),
    "a raised sign": ("<p>CNY 77,7<sup>*</sup>00,000</p>", "", SEED),
    "a raised character": ("<p>CNY 77,7¹00,000</p>", "", SEED),
    "a mark before the scale": ("<p>CNY 77.7<sup>1</sup> million</p>", "", SEED),
    "a mark in a short text": ("<p>Project<sup>1</sup> bluebird</p>", "", THEME),
    "a mark in a word": ("<p>Project blue<sup>1</sup>bird</p>", "", THEME),
    "a mark after the text": ("<p>Project bluebird<sup>1</sup></p>", "", THEME),
    "marks in each word": ("<p>" + " ".join(f"{word[:2]}<sup>1</sup>{word[2:]}" for word in WORDS) + "</p>", "", THEME),
    "elements within digits": ("<p>CNY <b>77,7</b><i>00,000</i></p>", "", SEED),
    "a space within a group": ("<p>CNY 77,7 00,000</p>", "", SEED),
    "broken lines": ("<p>CNY 77,7<br>00,000</p>", "", SEED),
    "lines of two letters": ('<p class="narrow">CNY 77,700,000</p>', NARROW, SEED),
    "a formula": ("<math><mn>77</mn><mo>,</mo><mn>700</mn><mo>,</mo><mn>000</mn></math>", "", SEED),
    "from right to left": ('<p><bdo dir="rtl">000,007,77</bdo></p>', "", SEED),
    "a counter": ('<p class="n"></p>', ".n { counter-reset: n 77700000 } .n::after { content: counter(n) }", SEED),
    "a column": (f"<table>{ROWS}</table>", "", THEME),
    "a numbered list": ("".join(f"<p>{number}. {word}</p>" for number, word in enumerate(WORDS, 1)), "", THEME),
}
# The sentence in elements of one to two words, and the classes of these.
SHUFFLED = (3, 0, 5, 1, 4, 2)
MIXED = "".join(f'<span class="w{number}">{WORDS[number]} </span>' for number in SHUFFLED)
PLACED = "".join(f".w{number} {{ position: absolute; left: {5 * number}em; top: 1em }}" for number in SHUFFLED)
BEFORE_AND_AFTER = ".n::before { content: 'should also ' } .n::after { content: ' shorter waits' }"
STYLED = {
    "a text before and after": ('<p class="n">pay for</p>', BEFORE_AND_AFTER, THEME),
    "a text before a block in it": ('<div class="n"><p>also pay for shorter waits</p></div>', ".n::before { content: 'should' }", THEME),
    "short halves": ('<p class="n">bluebird</p>', ".n::before { content: 'Project ' }", THEME),
    "quotation marks of its own": ("<p>should also pay <q>for</q></p>", "q { quotes: '' ' shorter waits' }", THEME),
    "an attribute before a text": ('<p class="n" data-x="should also pay">for shorter waits</p>', ".n::before { content: attr(data-x) ' ' }", THEME),
    "an order": (f'<div class="n">{MIXED}</div>', ".n { display: flex; gap: 4pt } " + "".join(f".w{n} {{ order: {n} }}" for n in SHUFFLED), THEME),
    "an order from right to left": (f'<div class="n">{"".join(f"<span>{word}</span>" for word in reversed(WORDS))}</div>', ".n { display: flex; flex-direction: row-reverse; gap: 4pt }", THEME),
    "places in a grid": (f'<div class="n">{MIXED}</div>', ".n { display: grid } " + "".join(f".w{n} {{ grid-column: {n + 1}; grid-row: 1 }}" for n in SHUFFLED), THEME),
    "places on the page": (f'<div class="n">{MIXED}</div>', f".n {{ position: relative; height: 3em }} {PLACED}", THEME),
    "an item's own mark": ('<ul><li class="n">for shorter waits</li></ul>', ".n { list-style-type: 'should also pay ' }", THEME),
}  # fmt: skip
IN_HTML = {
    "a mark of its own": ('<ul><li class="n">for shorter waits</li></ul>', ".n::marker { content: 'should also pay ' }", THEME),
    "a word at a time backwards": ("<p>" + " ".join(f'<span class="r">{word[::-1]}</span>' for word in WORDS) + "</p>", ".r { unicode-bidi: bidi-override; direction: rtl }", THEME),
    "a column with blank cells": ("<table>" + "".join(f"<tr><td>{word}</td><td>{'' if number % 3 else 'a'}</td></tr>" for number, word in enumerate(WORDS)) + "</table>", "", THEME),
    "first words": ("<ul>" + "".join(f"<li>{word} we counted the buses of the winter</li>" for word in WORDS) + "</ul>", "", THEME),
    "a text on paper": ('<p class="n">pay for</p>', f"@media print {{ {BEFORE_AND_AFTER} }}", THEME),
    "hidden words between": (f'<p>{"<span class=h>of noise in winter</span> ".join(f"{word} " for word in WORDS)}</p>', ".h { display: none }", THEME),
    "floats": ('<div class="n">' + "".join(f"<i>{word}</i>" for word in reversed(WORDS)) + "</div>", ".n i { float: right }", THEME),
    "a style attribute": ('<div style="display: flex; flex-direction: row-reverse">' + "".join(f"<b>{word}</b>" for word in reversed(WORDS)) + "</div>", "", THEME),
    "a counter of a variable": ("", ":root { --n: 77700000 } .n { counter-reset: n var(--n) }", SEED),
    "a counter between strings": ("", ".n { counter-reset: a 77 b 700 } .n::after { content: 'CNY ' counter(a) ',' counter(b) ',000' }", SEED),
    "variables": ("", ".n { --a: 'CNY 77,7'; --b: '00,000' } .n::after { content: var(--a) var(--b) }", SEED),
    "strings with a comment": ("", ".n::after { content: 'CNY 77,7'/* a */'00,000' }", SEED),
    "escapes of letters": ("", ".n::after { content: '\\Pro\\ject bl\\uebird' }", THEME),
    "a continued line": ("", ".n::after { content: 'Project \\\nbluebird' }", THEME),
    "a printed attribute": ('<p class="n" x-note="77700000">a</p>', ".n::after { content: attr(x-note) }", SEED),
    "the name of an attribute": (f'<p data-{SENTENCE.replace(" ", "-")}="1">a</p>', "", THEME),
    "digits that are cells": ("<table>" + "".join(f"<tr><td>{digit}</td></tr>" for digit in "77700000") + "</table><p>yuan</p>", "", SEED),
    "letters that are elements": ("<ul>" + "".join(f"<li>{letter}</li>" for letter in "Projectbluebird") + "</ul>", "", THEME),
    "a capital of its own": ("<p>Project <b>b</b><i>luebird</i></p>", "", THEME),
}  # fmt: skip
IN_PDF = {
    "columns": ('<div class="narrow columns"><p>CNY 77,700,000</p></div>', f"{NARROW} .columns {{ columns: 4; column-gap: 0; width: 6em }}", SEED),
    "small pages": (f'<div class="small"><p>{SENTENCE}</p></div>', "@page small { size: 2cm 3cm; margin: 0; @bottom-right { content: none } } .small { page: small; word-break: break-all; overflow-wrap: anywhere; orphans: 1; widows: 1; font-size: 14pt }", THEME),
}  # fmt: skip


@pytest.fixture
def planting(project: ProjectCopy) -> ProjectCopy:
    project.replace(SEED, "claims:\n", CLAIM)
    project.write(THEME, project.read(THEME) + BLOCK)
    project.replace(SETTINGS, "template_set: base", "template_set: leaky")
    project.write("templates/leaky/set.yaml", "extends: base\n")
    return project


def assert_found(project: ProjectCopy, form: str, file: str) -> None:
    with pytest.raises(ContentError) as stopped:
        Project.load(project.root).build(["public"], ["en"], [form], jobs=1)
    found = [each for each in stopped.value.diagnostics if each.code == "withheld-text"]
    assert {each.location.file for each in found} == {file}, stopped.value


def plant_in_page(project: ProjectCopy, form: str, body: str, rules: str) -> None:
    template, sheet = ("print.html.j2", "print.css") if form == "pdf" else ("screen.html.j2", "screen.css")
    text = (BASE / template).read_text("utf-8")
    project.write(f"templates/leaky/{template}", text.replace("<main", f"{body}<main", 1))
    project.write(f"templates/leaky/{sheet}", (BASE / sheet).read_text("utf-8") + rules)


@pytest.mark.parametrize(("body", "rules", "file"), (IN_PAGE | STYLED).values(), ids=IN_PAGE | STYLED)
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_in_a_page_and_in_print(planting: ProjectCopy, form: str, body: str, rules: str, file: str) -> None:
    plant_in_page(planting, form, body, rules)
    assert_found(planting, form, file)


@pytest.mark.parametrize(("body", "rules", "file"), IN_HTML.values(), ids=IN_HTML)
def test_in_a_page(planting: ProjectCopy, body: str, rules: str, file: str) -> None:
    plant_in_page(planting, "html", body, rules)
    assert_found(planting, "html", file)


@pytest.mark.parametrize(("body", "rules", "file"), IN_PDF.values(), ids=IN_PDF)
def test_in_print(planting: ProjectCopy, body: str, rules: str, file: str) -> None:
    plant_in_page(planting, "pdf", body, rules)
    assert_found(planting, "pdf", file)


@pytest.mark.parametrize(
    "code",
    [
        "#block(height: 2em)[" + "".join(f"#place(dx: {5 * n}em)[{WORDS[n]}]" for n in SHUFFLED) + "]",
        "#block(height: 9em)[" + "".join(f"#place(dy: {1.2 * n}em)[{WORDS[n]}]" for n in SHUFFLED) + "]",
        "#stack(dir: rtl, " + ", ".join(f"[{word} ]" for word in reversed(WORDS)) + ")",
    ],
)
def test_in_print_by_typst(planting: ProjectCopy, code: str) -> None:
    planting.write(
        "templates/leaky/print.typ",
        (BASE / "print.typ").read_text("utf-8").replace("#document(", f"{code}\n#document(", 1),
    )
    with pytest.raises(ContentError) as stopped:
        Project.load(planting.root, pdf_engine="typst").build(["public"], ["en"], ["pdf"], jobs=1)
    assert {each.location.file for each in stopped.value.diagnostics} == {THEME}


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


RAISED = '<w:vertAlign w:val="superscript"/>'
TABLE = '<w:tbl><w:tblPr>{}</w:tblPr><w:tblGrid><w:gridCol w:w="99"/></w:tblGrid>{}</w:tbl><w:p/>'
CELLS = "".join(
    f"<w:tr><w:tc><w:p>{run(word)}</w:p></w:tc><w:tc><w:p>{run('row')}</w:p></w:tc></w:tr>" for word in WORDS
)
# In the header, except where another part is named.
IN_WORD = {
    "a mark": (f"<w:p>{run('CNY 77,7')}{run('1', RAISED)}{run('00,000')}</w:p>", SEED),
    "a mark in a short text": (f"<w:p>{run('Project')}{run('1', RAISED)}{run(' bluebird')}</w:p>", THEME),
    "a hidden digit": (f"<w:p>{run('CNY 77,7')}{run('5', '<w:vanish/>')}{run('00,000')}</w:p>", SEED),
    "a tab": (f"<w:p>{run('CNY 77,7')}<w:r><w:tab/></w:r>{run('00,000')}</w:p>", SEED),
    "a calculation": ('<w:p><w:fldSimple w:instr=" = 77700000 ">' + run("1") + "</w:fldSimple></w:p>", SEED),
    "a sequence": ('<w:p><w:fldSimple w:instr=" SEQ a \\r 77700000 ">' + run("1") + "</w:fldSimple></w:p>", SEED),
    "a column": (TABLE.format("", CELLS), THEME),
    "a description of a table": (
        TABLE.format('<w:tblDescription w:val="Project bluebird"/>', "<w:tr><w:tc><w:p/></w:tc></w:tr>"),
        THEME,
    ),
}


@pytest.mark.parametrize(("written", "file"), IN_WORD.values(), ids=IN_WORD)
def test_in_a_word_document(planting: ProjectCopy, written: str, file: str) -> None:
    plant_in_word(planting, "word/header1.xml", "</w:hdr>", written)
    assert_found(planting, "docx", file)


def test_the_number_of_the_first_note(planting: ProjectCopy) -> None:
    written = '<w:footnotePr><w:numStart w:val="77700000"/></w:footnotePr>'
    plant_in_word(planting, "word/settings.xml", "</w:settings>", written)
    assert_found(planting, "docx", SEED)


def plant_in_word(project: ProjectCopy, part: str, end: str, written: str) -> None:
    parts = docx_parts((BASE / "reference.docx").read_bytes())
    text = parts[part].decode()
    assert end in text
    parts[part] = text.replace(end, written + end, 1).encode()
    project.write("templates/leaky/reference.docx", zip_parts(parts))


@pytest.mark.parametrize(
    "body",
    [
        "<p>7.77 × 10<sup>8</sup> CNY</p>",
        "<table><tr><td>77,7</td><td>00</td></tr></table>",
        "<table><tr><td>7</td><td>7,700,000</td></tr></table>",
        "<p><span>Project</span> <span>blue</span> <span>birds</span></p>",
        "<p>Projects<sup>1</sup> bluebird</p>",
        "<p><span>Project</span><span>bluebird</span></p>",
        "<p>z-index: 77,700,0001</p>",
        "<style>a { z-index: 77700 } b { width: 77700000px; color: #77700000 }</style>",
    ],
)
def test_what_is_no_text_in_one_piece_is_not_found(planting: ProjectCopy, body: str) -> None:
    loaded = Project.load(planting.root)
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    page = f"<!doctype html><html><body><main>{body}</main></body></html>"
    assert inspector.inspect_bytes("public", "a.html", page.encode()) == ()


def test_columns_are_read_down() -> None:
    cells = [f"{word}\0\0{number}.5 m" for number, word in enumerate(WORDS * 2)]
    assert "\0".join(WORDS * 2) in list(list_other_readings("\0".join(cells)))
    assert not list(list_other_readings("\0".join(WORDS)))
    figures = [f"{number}\0{number * 7}" for number in range(99)]
    assert not list(list_other_readings("\0".join(figures)))


@pytest.mark.parametrize(
    ("rules", "texts"),
    [
        ("a { content: 'b' 'c' }", ("bc",)),
        ("a { content: 'b'/**/'c' counter(d) }", ("bc",)),
        ("a { counter-set: d 5 } a::before { content: 'b' counter(d, lower-roman) 'c' }", ("b5c",)),
        ("a { --b: '/* c */' }", ("/* c */",)),
        ("a { order: 123456; width: 123456px }", ("123456",)),
        ("a { content: '\\26 \\\\' }", ("&\\",)),
    ],
)
def test_texts_of_a_style_sheet(rules: str, texts: tuple[str, ...]) -> None:
    assert find_printed_texts(rules) == texts


def test_printed_attributes_are_named_in_a_style_sheet() -> None:
    assert find_printed_attributes("a::after { content: attr(X-B) attr(href) attr( data-c type(<length>)) }") == {
        "x-b",
        "data-c",
    }
    assert not find_printed_attributes(re.sub("attr", "url", "a { content: attr(b) }"))
