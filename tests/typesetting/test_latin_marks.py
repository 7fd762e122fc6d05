"""In Chinese text, a dot or an apostrophe within a Latin word is as wide as Latin letters, and between Han fills a square."""

from dataclasses import replace
from pathlib import Path

import pytest
from glyphs import Glyph, lines
from playwright.sync_api import Browser
from readback import docx_parts
from variant_samples import sample, text

from brief.model.blocks import Tone
from brief.model.source_location import Ref
from brief.model.variant import Callout, Paragraph
from brief.templating.template_set import find_template_set
from brief.writers import docx, html, pdf

WORDS = "OpenAI的DALL·E与Côte d’Or、让·雷诺。"


# The width of each mark in ems, by the mark and the characters beside it.
MARK_WIDTHS = """(() => {
  const walker = document.createTreeWalker(document.querySelector('#a'), NodeFilter.SHOW_TEXT), all = [], found = {}
  while (walker.nextNode())
    for (let at = 0; at < walker.currentNode.length; at++) all.push([walker.currentNode, at])
  all.forEach(([node, at], index) => {
    if (!'·’'.includes(node.data[at])) return
    const range = document.createRange(), size = parseFloat(getComputedStyle(node.parentElement).fontSize)
    range.setStart(node, at); range.setEnd(node, at + 1)
    const name = all.slice(index - 1, index + 2).map(([each, place]) => each.data[place]).join('')
    found[name] = range.getBoundingClientRect().width / size
  })
  return found
})()"""


def measure_mark(line: list[Glyph], first: str, second: str) -> float | None:
    """The distance of two characters that only a mark separates, in ems."""
    for at, glyph in enumerate(line[1:-1], 1):
        if glyph.text in "·’" and (line[at - 1].text, line[at + 1].text) == (first, second):
            return (line[at + 1].left - line[at - 1].right) / glyph.size
    return None


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_mark_within_a_latin_word_is_narrow(engine: str, locale: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    block = Paragraph(id="a", heading=text(WORDS), text=text(WORDS))
    set_lines = lines(pdf.write(sample(locale, blocks=(block,)), template_set).data)
    for pair in ("LE", "dO"):
        widths = [width for line in set_lines if (width := measure_mark(line, *pair)) is not None]
        assert len(widths) == 2
        assert max(widths) <= 0.51
    # In the sans face, which headings have, the dot between Han fills a square.
    han = [measure_mark(line, *"让雷") or 0.0 for line in set_lines]
    assert max(han) > 0.9


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_a_mark_within_a_latin_word_has_the_face_of_its_letters(locale: str) -> None:
    words = text(WORDS)
    blocks = (Paragraph(id="a", heading=words, text=words), Callout(id="b", tone=Tone.NOTE, title=words, text=words))
    data = pdf.write(sample(locale, blocks=blocks), find_template_set("base")).data
    faces = {
        (line[at - 1].text, glyph.font.split("+")[-1].split("-")[0], line[at - 1].font.split("+")[-1].split("-")[0])
        for line in lines(data)
        for at, glyph in enumerate(line)
        if glyph.text in "·’" and line[at - 1].text in "Ld让"
    }
    assert {(letter, mark == before) for letter, mark, before in faces} == {("L", True), ("d", True), ("让", True)}


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_mark_is_set_in_a_document_without_han(engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    words = text("The world’s makers")
    latin = replace(sample(blocks=(Paragraph(id="a", heading=words, text=words),)), sources=sample().sources[:1])
    set_words = "".join(glyph.text for line in lines(pdf.write(latin, template_set).data) for glyph in line)
    assert set_words.count("world’s") == 2


def test_a_mark_within_a_latin_word_is_not_hinted_as_east_asian_in_word() -> None:
    made = docx.write(sample("zh-Hans", blocks=(Paragraph(id="a", text=text(WORDS)),)), find_template_set("base")).data
    body = docx_parts(made)["word/document.xml"].decode()
    runs = body[body.index("OpenAI") - 200 :].split("<w:r>")
    hinted = ["eastAsia" in run for run in runs if ">·<" in run or ">’<" in run]
    assert hinted == [False, False]


@pytest.mark.slow
@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_a_mark_within_a_latin_word_is_narrow_on_the_screen(browser: Browser, locale: str, tmp_path: Path) -> None:
    block = Paragraph(id="a", heading=text(WORDS), text=text(WORDS))
    file = tmp_path / "page.html"
    file.write_bytes(html.write(sample(locale, blocks=(block,)), find_template_set("base")).data)
    page = browser.new_page()
    page.goto(file.as_uri())
    widths = page.evaluate(MARK_WIDTHS)
    page.close()
    assert set(widths) == {"L·E", "d’O", "让·雷"}
    assert max(widths["L·E"], widths["d’O"]) <= 0.51
    assert widths["让·雷"] > 0.9
