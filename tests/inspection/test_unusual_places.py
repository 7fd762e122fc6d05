"""A set that has a withheld sentence and a withheld figure where few look: the build stops, or the file has neither."""

import io
import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy
from readback import docx_parts, zip_parts

from brief import Project
from brief.model.diagnostics import ContentError, Diagnostic

# Of the block that only the council may see, and of a claim that is added.
SENTENCE = "should also pay for shorter waits"
FIGURE = "CNY 77,700,000"
BOTH = f"{SENTENCE}; {FIGURE}"
FOLDED = BOTH.replace(" ", "_")
CLAIM = (
    "claims:\n  - id: rival\n    clearance: internal\n    says: {en: R., zh-Hans: 另。, zh-Hant: 另。}\n"
    "    quantity: {value: 77_700_000, unit: CNY}\n"
)
BASE = Path(__file__).parents[2] / "templates/base"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">{}<rect width="9" height="9"/></svg>'

# Before <main> of the page, and rules of its style sheet.
ELEMENTS = {
    "a comment": f"<!-- {BOTH} -->",
    "a comment of old browsers": f"<!--[if IE]><p>{BOTH}</p><![endif]-->",
    "an attribute of data": f'<p data-note="{BOTH}">a</p>',
    "a language": f'<p lang="en" title="{BOTH}">a</p>',
    "a description of a drawing": DRAWING.format(f"<title>a</title><desc>{BOTH}</desc>"),
    "metadata of a drawing": DRAWING.format(f"<title>a</title><metadata><x>{BOTH}</x></metadata>"),
    "an annotation of a formula": f'<math><semantics><mi>a</mi><annotation encoding="application/x-tex">{BOTH}</annotation></semantics></math>',
    "an alternative of a formula": f'<math alttext="{BOTH}"><mi>a</mi></math>',
    "a template": f"<template><p>{BOTH}</p></template>",
    "details": f"<details><summary>a</summary><p>{BOTH}</p></details>",
    "an address": f'<p id="{FOLDED}">a</p>',
    "a class": f'<p class="{FOLDED}">a</p>',
    "a time": f'<p><time datetime="2026-01-01" title="{BOTH}">a</time></p>',
    "an abbreviation": f'<p><abbr title="{BOTH}">a</abbr></p>',
    "a deletion": f'<p><del cite="https://example.org/{FOLDED}">a</del></p>',
    "a caption": f"<table><caption>{BOTH}</caption><tr><td>a</td></tr></table>",
}
META = {
    "keywords": f'<meta name="keywords" content="{BOTH}">',
    "a generator": f'<meta name="generator" content="{BOTH}">',
    "a property of its own": f'<meta name="note" content="{BOTH}">',
    "the title": f"<title>{{{{ title }}}} {BOTH}</title>",
}
RULES = {
    "a comment of a style sheet": f"/* {BOTH} */",
    "a variable": f':root {{ --note: "{BOTH}" }}',
    "a content": f'main::before {{ content: "{BOTH}"; color: transparent }}',
}
PRINT_RULES = {
    "a bookmark": f'main {{ bookmark-level: 1; bookmark-label: "{BOTH}" }}',
    "a margin box": f'@page {{ @bottom-left {{ content: "{BOTH}"; color: white; font-size: 1pt }} }}',
    "a named string": f'body {{ string-set: note "{BOTH}" }} @page {{ @top-right-corner {{ content: string(note); font-size: 1pt }} }}',
    "an anchor": f'main {{ anchor: "{FOLDED}" }}',
}
PRINTED = {
    "a description of a drawing": DRAWING.format(f"<title>a</title><desc>{BOTH}</desc>"),
    "a title of a drawing": DRAWING.format(f"<title>{BOTH}</title>"),
    "a name of an element": f'<p id="{FOLDED}">a</p><p><a href="#{FOLDED}">a</a></p>',
    "an address": f'<p><a href="https://example.org/?q={FOLDED}">a</a></p>',
    "a title of a link": f'<p><a href="https://example.org/" title="{BOTH}">a</a></p>',
    "an attachment": f'<p><a rel="attachment" href="data:text/plain,{BOTH}" title="a">a</a></p>',
    "a form": f'<form><input name="a" value="{BOTH}"></form>',
    "white text": f'<p style="color: white; font-size: 1pt; position: absolute">{BOTH}</p>',
    "outside the page": f'<p style="position: absolute; top: -200mm">{BOTH}</p>',
}
TYPST = {
    "keywords": f'#set std.document(keywords: "{BOTH}")',
    "the author": f'#set std.document(author: "{BOTH}")',
    "a description": f'#set std.document(description: "{BOTH}")',
    "an alternative text": f'#figure(rect(), alt: "{BOTH}")',
    "a link": f'#link("https://example.org/?q={FOLDED}")[a]',
    "a hidden text": f"#hide[{BOTH}]",
    "a white text": f"#text(fill: white, size: 1pt)[{BOTH}]",
    "a bookmark": f"#place(hide[#heading(bookmarked: true, outlined: false)[{BOTH}]])",
    "metadata": f'#metadata("{BOTH}") <note>',
}
_RUN = f"<w:p><w:r><w:t>{BOTH}</w:t></w:r></w:p>"
IN_WORD = {
    "the title": ("docProps/core.xml", "</cp:coreProperties>", f"<dc:title xmlns:dc='http://purl.org/dc/elements/1.1/'>{BOTH}</dc:title>"),
    "the company": ("docProps/app.xml", "</Properties>", f"<Company>{BOTH}</Company>"),
    "a manager": ("docProps/app.xml", "</Properties>", f"<Manager>{BOTH}</Manager>"),
    "a hidden run": ("word/header1.xml", "</w:hdr>", f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{BOTH}</w:t></w:r></w:p>"),
    "a field": ("word/footer1.xml", "</w:ftr>", f'<w:p><w:r><w:instrText>QUOTE "{BOTH}"</w:instrText></w:r></w:p>'),
    "a name of a style": ("word/styles.xml", "</w:styles>", f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="{BOTH}"/></w:style>'),
    "a variable": ("word/settings.xml", "</w:settings>", f'<w:docVars><w:docVar w:name="a" w:val="{BOTH}"/></w:docVars>'),
    "a name of a theme": ("word/theme/theme1.xml", "</a:theme>", f'<a:custClrLst><a:custClr name="{BOTH}"/></a:custClrLst>'),
    "a name of a font": ("word/fontTable.xml", "</w:fonts>", f'<w:font w:name="{BOTH}"/>'),
    "a comment of XML": ("word/styles.xml", "</w:styles>", f"<!-- {BOTH} -->"),
    "an instruction": ("word/header1.xml", "</w:hdr>", f"<?note {BOTH}?>"),
    "a text of a list": ("word/numbering.xml", "</w:numbering>", f'<w:abstractNum w:abstractNumId="99"><w:lvl w:ilvl="0"><w:lvlText w:val="{BOTH}"/></w:lvl></w:abstractNum>'),
    "the body": ("word/document.xml", "<w:sectPr", _RUN),
}  # fmt: skip
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_VT = 'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
CONTENT_TYPES = {
    "custom-properties": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    "comments": "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
    "footnotes": "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
    "glossaryDocument": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.glossary+xml",
    "footer": "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml",
}
NEW_PARTS = {
    "a property of its own": ("docProps/custom.xml", "custom-properties", f'<Properties xmlns="{_CUSTOM}" {_VT}><property name="a" pid="2" fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}"><vt:lpwstr>{BOTH}</vt:lpwstr></property></Properties>'),
    "a comment": ("word/comments.xml", "comments", f'<w:comments {_W}><w:comment w:id="0">{_RUN}</w:comment></w:comments>'),
    "a note": ("word/footnotes9.xml", "footnotes", f'<w:footnotes {_W}><w:footnote w:id="9">{_RUN}</w:footnote></w:footnotes>'),
    "a block of text": ("word/glossary/document.xml", "glossaryDocument", f"<w:glossaryDocument {_W}><w:docParts>{_RUN}</w:docParts></w:glossaryDocument>"),
    "a footer that no section has": ("word/footer9.xml", "footer", f"<w:ftr {_W}>{_RUN}</w:ftr>"),
    "data": ("customXml/item1.xml", "customXml", f"<a>{BOTH}</a>"),
}  # fmt: skip


@pytest.fixture
def planting(project: ProjectCopy) -> ProjectCopy:
    project.replace(SEED, "claims:\n", CLAIM)
    project.replace(SETTINGS, "template_set: base", "template_set: leaky")
    project.write("templates/leaky/set.yaml", "extends: base\n")
    return project


def plant(project: ProjectCopy, template: str, before: str, written: str) -> None:
    text = (BASE / template).read_text("utf-8")
    assert before in text
    project.write(f"templates/leaky/{template}", text.replace(before, f"{written}{before}", 1))


def assert_not_published(project: ProjectCopy, form: str, engine: str = "") -> None:
    """The build stops because of both, or because of the place, or the file has neither."""
    loaded = Project.load(project.root, pdf_engine=engine)
    problems: Sequence[Diagnostic] = ()
    read = ""
    try:
        (artifact,) = loaded.build(["public"], ["en"], [form], jobs=1).artifacts
        read = read_everything(form, artifact.data)
    except ContentError as problem:
        problems = problem.diagnostics
    codes = {found.code for found in problems}
    leaks = {found.location.file for found in problems if found.code == "withheld-text"}
    assert leaks == {THEME, SEED} or (not leaks and codes <= REFUSED), problems
    assert SENTENCE not in read
    assert "77,700,000" not in read


# A template or a part that may not have this at all.
REFUSED = {"template-unsafe", "template-damaged", "forbidden-resource", "bad-svg"}


def read_everything(form: str, data: bytes) -> str:
    """What others' programs find in a file."""
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            return "\n".join((*names, *(archive.read(name).decode("utf-8", "replace") for name in names)))
    if form != "pdf":
        return data.decode()
    found = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(found, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    text = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return " ".join((text + found.getvalue().decode("latin-1").replace("\0", "")).split())


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_in_an_element_of_a_page(planting: ProjectCopy, element: str) -> None:
    plant(planting, "screen.html.j2", "<main", element)
    assert_not_published(planting, "html")


@pytest.mark.parametrize("meta", META.values(), ids=META)
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_in_the_head(planting: ProjectCopy, form: str, meta: str) -> None:
    plant(planting, "head.html.j2", '<meta name="author"', meta)
    assert_not_published(planting, form)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_in_a_style_sheet_of_a_page(planting: ProjectCopy, rule: str) -> None:
    planting.write("templates/leaky/screen.css", (BASE / "screen.css").read_text("utf-8") + rule)
    assert_not_published(planting, "html")


@pytest.mark.parametrize("rule", PRINT_RULES.values(), ids=PRINT_RULES)
def test_in_a_style_sheet_in_print(planting: ProjectCopy, rule: str) -> None:
    planting.write("templates/leaky/print.css", (BASE / "print.css").read_text("utf-8") + rule)
    assert_not_published(planting, "pdf")


@pytest.mark.parametrize("element", PRINTED.values(), ids=PRINTED)
def test_in_an_element_in_print(planting: ProjectCopy, element: str) -> None:
    plant(planting, "print.html.j2", "<main", element)
    assert_not_published(planting, "pdf")


@pytest.mark.parametrize("code", TYPST.values(), ids=TYPST)
def test_in_a_pdf_by_typst(planting: ProjectCopy, code: str) -> None:
    plant(planting, "print.typ", "#document(", code + "\n")
    assert_not_published(planting, "pdf", "typst")


def test_typst_attaches_no_file(planting: ProjectCopy) -> None:
    plant(planting, "print.typ", "#document(", f'#pdf.attach("a.txt", bytes("{BOTH}"))\n')
    with pytest.raises(ContentError, match="attached file"):
        Project.load(planting.root, pdf_engine="typst").build(["public"], ["en"], ["pdf"], jobs=1)


def edited(parts: dict[str, bytes], name: str, before: str, written: str) -> None:
    text = parts[name].decode()
    if before not in text:
        # An empty element.
        root = before.removeprefix("</").removesuffix(">")
        text = re.sub(rf"(<{root}\b[^>]*)/>", rf"\1>{before}", text)
    assert before in text
    parts[name] = text.replace(before, f"{written}{before}", 1).encode()


@pytest.mark.parametrize("place", IN_WORD.values(), ids=IN_WORD)
def test_in_a_reference_document(planting: ProjectCopy, place: tuple[str, str, str]) -> None:
    parts = docx_parts((BASE / "reference.docx").read_bytes())
    edited(parts, *place)
    planting.write("templates/leaky/reference.docx", zip_parts(parts))
    assert_not_published(planting, "docx")


@pytest.mark.parametrize(("name", "kind", "data"), NEW_PARTS.values(), ids=NEW_PARTS)
def test_in_a_further_part_of_a_reference_document(planting: ProjectCopy, name: str, kind: str, data: str) -> None:
    parts = docx_parts((BASE / "reference.docx").read_bytes())
    relations = "_rels/.rels" if name.startswith("docProps") else "word/_rels/document.xml.rels"
    target = name if name.startswith("docProps") else f"/{name}"
    parts[name] = data.encode()
    edited(
        parts,
        relations,
        "</Relationships>",
        f'<Relationship Id="rId990" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>',
    )
    content_type = CONTENT_TYPES.get(kind, "application/xml")
    edited(parts, "[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{content_type}"/>')
    planting.write("templates/leaky/reference.docx", zip_parts(parts))
    assert_not_published(planting, "docx")


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
@pytest.mark.parametrize("place", [f"<desc>{BOTH}</desc>", f"<metadata><a>{BOTH}</a></metadata>", f"<!-- {BOTH} -->"])
def test_in_a_picture_that_its_reader_sees(planting: ProjectCopy, form: str, place: str) -> None:
    planting.write("content/assets/plan.svg", DRAWING.format(place))
    figure = (
        "  - kind: figure\n    id: plan\n    clearance: public\n    image: plan.svg\n"
        "    title: {en: The plan, zh-Hans: 平面图, zh-Hant: 平面圖}\n"
        "    description: {en: A plan., zh-Hans: 平面图。, zh-Hant: 平面圖。}\n"
    )
    planting.write(THEME, planting.read(THEME) + figure)
    assert_not_published(planting, form)
