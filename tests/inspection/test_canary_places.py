"""Withheld texts and figures, planted in finished documents in every place that can hold words: each one is found.

BRIEF_PLACES is how many are planted in each place; figures are spelt in ten ways, and texts as they are.
"""

import html
import io
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from leak_spellings import FIGURES, word
from pikepdf import Array, Dictionary, Name, String
from projects import SEED, THEME, ProjectCopy
from readback import docx_parts, zip_parts

from brief import Project
from brief.inspection.leaks import Inspector
from brief.model.artifact import Artifact

EACH = int(os.environ.get("BRIEF_PLACES", "11"))
AUDIENCE = "council"
# Where the content holds a canary, and how it is spelt.
Canary = tuple[tuple[str, int], str]
Parts = dict[str, bytes]
# Places among which a program's own values are.
CODE = (
    *("a content control", "a caption of a table", "a style", "a variable", "a number", "a name of a property"),
    *("an attribute of data", "a prompt", "a sheet", "an address"),
)


class Garden:
    """A project with `EACH` withheld texts and as many withheld figures, and its documents, which have none of them."""

    def __init__(self, root: Path) -> None:
        source = random.Random(11)  # noqa: S311
        copy = ProjectCopy(root)
        texts = [" ".join(word(source) for _ in range(9)) for _ in range(EACH)]
        values = source.sample([value for value in range(1011, 9000) if value % 10], EACH)
        blocks = "".join(
            f"  - kind: paragraph\n    id: hidden-{number}\n    clearance: internal\n"
            f"    text: {{en: {text}., zh-Hans: 甲。, zh-Hant: 甲。}}\n"
            for number, text in enumerate(texts)
        )
        copy.write(THEME, copy.read(THEME) + blocks)
        claims = "".join(
            f"  - id: rival-{value}\n    clearance: internal\n    says: {{en: R., zh-Hans: 另。, zh-Hant: 另。}}\n"
            f"    quantity: {{value: {value * 100_000}, unit: CNY}}\n"
            for value in values
        )
        copy.replace(SEED, "claims:\n", f"claims:\n{claims}")
        self.canaries: list[Canary] = [(_locate(copy, THEME, text), text) for text in texts]
        spellings = list(FIGURES.values())
        self.canaries += [
            (_locate(copy, SEED, f"id: rival-{value}"), spellings[number % len(spellings)](value))
            for number, value in enumerate(values)
        ]
        loaded = Project.load(copy.root)
        self.inspector = Inspector(loaded.brief, loaded.get_template_set)
        pack = loaded.build([AUDIENCE], ["en"], ["html", "pdf", "docx"], jobs=1)
        self.artifacts: dict[str, Artifact] = {artifact.format: artifact for artifact in pack.artifacts}

    def missed(self, form: str, plant: Callable[[bytes, list[str]], bytes], *, in_code: bool = False) -> list[str]:
        """Plants every canary in the place, and returns the spellings of those that are not found.

        Among code, where sizes and coordinates are, bare digits are not looked for.
        """
        artifact = self.artifacts[form]
        data = plant(artifact.data, [spelt for _, spelt in self.canaries])
        found = {
            (each.location.file, each.location.line)
            for each in self.inspector.inspect_bytes(artifact.audience, artifact.name, data)
        }
        wanted = [canary for canary in self.canaries if not (in_code and _BARE.fullmatch(canary[1]))]
        return [spelt for place, spelt in wanted if place not in found]


_BARE = re.compile(r"[0-9]+(?:e[0-9])?")


def _locate(copy: ProjectCopy, file: str, what: str) -> tuple[str, int]:
    before, found, _ = copy.read(file).partition(what)
    assert found
    return file, before.count("\n") + 1


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Garden:
    return Garden(tmp_path_factory.mktemp("garden") / "project")


def test_the_documents_are_clean_before(garden: Garden) -> None:
    for form in garden.artifacts:
        assert len(garden.missed(form, lambda data, _: data)) == len(garden.canaries)


def in_parts(change: Callable[[Parts, list[str]], None]) -> Callable[[bytes, list[str]], bytes]:
    def plant(data: bytes, spelt: list[str]) -> bytes:
        parts = docx_parts(data)
        change(parts, spelt)
        return zip_parts(parts)

    return plant


def in_part(pattern: str, end: str, element: str) -> Callable[[bytes, list[str]], bytes]:
    """Plants an element for each canary before the `end` tag of the first part of that name; `{0}` is the canary."""

    def change(parts: Parts, spelt: list[str]) -> None:
        name = next(each for each in sorted(parts) if re.fullmatch(pattern, each))
        parts[name] = _insert(parts[name], end, element, spelt)

    return in_parts(change)


def _insert(data: bytes, end: str, element: str, spelt: list[str]) -> bytes:
    text = data.decode()
    assert end in text
    # By place of the canary and by number, for attributes that may not repeat.
    made = "".join(element.format(html.escape(each), number) for number, each in enumerate(spelt))
    before, found, after = text.rpartition(end)
    return f"{before}{made}{found}{after}".encode()


def in_new_part(name: str, root: str, element: str) -> Callable[[bytes, list[str]], bytes]:
    def change(parts: Parts, spelt: list[str]) -> None:
        assert name not in parts
        start, end = root.split("|")
        parts[name] = (start + "".join(element.format(html.escape(each), 0) for each in spelt) + end).encode()

    return in_parts(change)


def in_workbook(pattern: str, end: str, element: str) -> Callable[[bytes, list[str]], bytes]:
    """Plants in the workbook that a chart of the document has for its figures."""
    plant = in_part(pattern, end, element)

    def change(parts: Parts, spelt: list[str]) -> None:
        name = next(each for each in sorted(parts) if each.endswith(".xlsx"))
        parts[name] = plant(parts[name], spelt)

    return in_parts(change)


_RUN = '<w:p><w:r><w:t xml:space="preserve">{0}</w:t></w:r></w:p>'
_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">|</Properties>'
)
_COMMENTS = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">|</w:comments>'
_NOTES = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">|</w:footnotes>'
_SHEET = "xl/worksheets/sheet1.xml"
_CORE, _APP = "docProps/core.xml", "docProps/app.xml"

IN_WORD = {
    "a header": in_part("word/header.*", "</w:hdr>", _RUN),
    "a footer": in_part("word/footer.*", "</w:ftr>", _RUN),
    "a note": in_new_part("word/footnotes9.xml", _NOTES, "<w:footnote>" + _RUN + "</w:footnote>"),
    "a comment": in_new_part("word/comments9.xml", _COMMENTS, "<w:comment>" + _RUN + "</w:comment>"),
    "a deletion": in_part("word/document.xml", "</w:body>", "<w:p><w:del><w:r><w:delText>{0}</w:delText></w:r></w:del></w:p>"),
    "a hidden run": in_part("word/document.xml", "</w:body>", "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{0}</w:t></w:r></w:p>"),
    "a field": in_part("word/document.xml", "</w:body>", "<w:p><w:r><w:instrText>QUOTE {0}</w:instrText></w:r></w:p>"),
    "a text box": in_part("word/document.xml", "</w:body>", "<w:p><w:r><w:pict><w:txbxContent>" + _RUN + "</w:txbxContent></w:pict></w:r></w:p>"),
    "an alternative text": in_part("word/document.xml", "</w:body>", '<w:p><w:r><w:pict descr="{0}"/></w:r></w:p>'),
    "a title of a picture": in_part("word/document.xml", "</w:body>", '<w:p><w:r><w:pict title="{0}"/></w:r></w:p>'),
    "a content control": in_part("word/document.xml", "</w:body>", '<w:p><w:sdt><w:sdtPr><w:alias w:val="{0}"/></w:sdtPr></w:sdt></w:p>'),
    "a caption of a table": in_part("word/document.xml", "</w:body>", '<w:p><w:tblCaption w:val="{0}"/></w:p>'),
    "a style": in_part("word/styles.xml", "</w:styles>", '<w:style w:styleId="s{1}"><w:name w:val="{0}"/></w:style>'),
    "a variable": in_part("word/settings.xml", "</w:settings>", '<w:docVar w:name="v{1}" w:val="{0}"/>'),
    "a number": in_part("word/numbering.xml", "</w:numbering>", '<w:lvlText w:val="{0}"/>'),
    "the title": in_part(_CORE, "</cp:coreProperties>", "<dc:title>{0}</dc:title>"),
    "the keywords": in_part(_CORE, "</cp:coreProperties>", "<cp:keywords>{0}</cp:keywords>"),
    "the category": in_part(_CORE, "</cp:coreProperties>", "<cp:category>{0}</cp:category>"),
    "the company": in_part(_APP, "</Properties>", "<Company>{0}</Company>"),
    "the manager": in_part(_APP, "</Properties>", "<Manager>{0}</Manager>"),
    "a property of its own": in_new_part("docProps/custom9.xml", _CUSTOM, '<property name="p"><vt:lpwstr>{0}</vt:lpwstr></property>'),
    "a name of a property": in_new_part("docProps/custom9.xml", _CUSTOM, '<property name="{0}"/>'),
    "data": in_new_part("customXml/item9.xml", "<data>|</data>", "<each>{0}</each>"),
    "an attribute of data": in_new_part("customXml/item9.xml", "<data>|</data>", '<each of="{0}"/>'),
    "a title of a chart": in_part("word/charts/chart.*xml", "</c:chartSpace>", "<a:p><a:r><a:t>{0}</a:t></a:r></a:p>"),
    "a value of a chart": in_part("word/charts/chart.*xml", "</c:chartSpace>", "<c:pt><c:v>{0}</c:v></c:pt>"),
    "a cell": in_workbook(_SHEET, "</sheetData>", '<row><c t="inlineStr"><is><t>{0}</t></is></c></row>'),
    "runs of a cell": in_workbook(_SHEET, "</sheetData>", '<row><c t="inlineStr"><is><r><t>{0}</t></r></is></c></row>'),
    "a formula": in_workbook(_SHEET, "</sheetData>", '<row><c t="str"><f>"{0}"</f><v>{0}</v></c></row>'),
    "the head of a sheet": in_workbook(_SHEET, "</worksheet>", "<headerFooter><oddHeader>&amp;L{0}</oddHeader></headerFooter>"),
    "a prompt": in_workbook(_SHEET, "</worksheet>", '<dataValidation prompt="{0}"/>'),
    "a sheet": in_workbook("xl/workbook.xml", "</sheets>", '<sheet name="{0}"/>'),
    "a constant": in_workbook("xl/workbook.xml", "</workbook>", '<definedName name="n{1}">"{0}"</definedName>'),
    "the title of the workbook": in_workbook(_CORE, "</cp:coreProperties>", "<dc:title>{0}</dc:title>"),
}  # fmt: skip


@pytest.mark.parametrize("place", IN_WORD)
def test_word(garden: Garden, place: str) -> None:
    assert garden.missed("docx", IN_WORD[place], in_code=place in CODE) == []


def in_pdf(change: Callable[[pikepdf.Pdf, list[str]], None]) -> Callable[[bytes, list[str]], bytes]:
    def plant(data: bytes, spelt: list[str]) -> bytes:
        buffer = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            change(pdf, spelt)
            pdf.save(buffer)
        return buffer.getvalue()

    return plant


def at_root(make: Callable[[pikepdf.Pdf, str], pikepdf.Object]) -> Callable[[bytes, list[str]], bytes]:
    """Plants an object for each canary in a list that the catalogue names."""

    def change(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
        pdf.Root["/Extra"] = Array([pdf.make_indirect(make(pdf, each)) for each in spelt])

    return in_pdf(change)


def _inform(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    for number, each in enumerate(spelt):
        pdf.docinfo[f"/Note{number}"] = String(each)


def _describe(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    items = "".join(f"<rdf:li>{html.escape(each)}</rdf:li>" for each in spelt)
    xmp = f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{items}</rdf:RDF>"
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _attach(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    pdf.attachments["notes.txt"] = "\n\n".join(spelt).encode()


def _attach_a_page(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    pdf.attachments["notes.html"] = "".join(f"<p>{html.escape(each)}</p>" for each in spelt).encode()


def _outline(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    with pdf.open_outline() as outline:
        outline.root.extend(pikepdf.OutlineItem(each, 0) for each in spelt)


def _annotate(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    notes = [Dictionary(Type=Name.Annot, Subtype=Name.Text, Contents=String(each)) for each in spelt]
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note) for note in notes])


def _draw(pdf: pikepdf.Pdf, spelt: list[str]) -> None:
    lines = b"".join(b"BT /F9 9 Tf 0 0 Td (%s) Tj ET\n" % each.encode("latin-1") for each in spelt if each.isascii())
    # Other letters are drawn by their codes, which the font's table maps to characters.
    letters = sorted({letter for each in spelt for letter in each if not letter.isascii()})
    codes = {letter: code for code, letter in enumerate(letters, 1)}
    table = "".join(f"<{code:04x}> <{ord(letter):04x}>\n" for letter, code in codes.items())
    table += "".join(f"<{ord(letter) + 0x4000:04x}> <{ord(letter):04x}>\n" for letter in map(chr, range(32, 127)))
    to_unicode = pdf.make_stream(f"{len(codes) + 95} beginbfchar\n{table}endbfchar".encode())
    fonts = pdf.pages[0].obj.Resources.Font
    fonts["/F9"] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    fonts["/F8"] = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=to_unicode))
    for each in spelt:
        if not each.isascii():
            drawn = "".join(f"{codes.get(letter, ord(letter) + 0x4000):04x}" for letter in each)
            lines += f"BT /F8 9 Tf 0 0 Td <{drawn}> Tj ET\n".encode()
    pdf.pages[0].contents_add(lines)


IN_PDF = {
    "the information": in_pdf(_inform),
    "the metadata": in_pdf(_describe),
    "an embedded file": in_pdf(_attach),
    "an embedded page": in_pdf(_attach_a_page),
    "the outline": in_pdf(_outline),
    "an annotation": in_pdf(_annotate),
    "the page": in_pdf(_draw),
    "a description of a file": at_root(lambda _, each: Dictionary(Type=Name.Filespec, Desc=String(each))),
    "a name of a file": at_root(lambda _, each: Dictionary(Type=Name.Filespec, F=String("a"), UF=String(each))),
    "an alternative text": at_root(lambda _, each: Dictionary(S=Name.Figure, Alt=String(each))),
    "an actual text": at_root(lambda _, each: Dictionary(S=Name.Span, ActualText=String(each))),
    "an expansion": at_root(lambda _, each: Dictionary(S=Name.Span, E=String(each))),
    "a form": at_root(lambda _, each: Dictionary(FT=Name.Tx, T=String("t"), TU=String(each))),
    "a value of a form": at_root(lambda _, each: Dictionary(FT=Name.Tx, T=String("t"), V=String(each))),
    "a label of a page": at_root(lambda _, each: Dictionary(S=Name.D, P=String(each))),
    "a layer": at_root(lambda _, each: Dictionary(Type=Name.OCG, Name=String(each))),
    "a script": at_root(lambda _, each: Dictionary(S=Name.JavaScript, JS=String(f'app.alert("{each}")'))),
    "a link": at_root(lambda _, each: Dictionary(S=Name.URI, URI=String(f"https://e.org/?q={each}"))),
    "a destination": at_root(lambda _, each: Array([String(each), Name.Fit])),
    "a form with drawing": at_root(lambda pdf, each: pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, Note=String(each))),
}  # fmt: skip


@pytest.mark.parametrize("place", IN_PDF)
def test_pdf(garden: Garden, place: str) -> None:
    assert garden.missed("pdf", IN_PDF[place]) == []


def in_page(element: str, end: str = "</body>") -> Callable[[bytes, list[str]], bytes]:
    return lambda data, spelt: _insert(data, end, element, spelt)


ATTRIBUTES = ("alt", "title", "aria-label", "aria-description", "placeholder", "value", "data-note", "content", "label")
IN_HTML = {
    **{f"the attribute {name}": in_page(f'<p {name}="{{0}}">a</p>') for name in ATTRIBUTES},
    "a paragraph": in_page("<p>{0}</p>"),
    "a hidden paragraph": in_page('<p hidden style="display: none">{0}</p>'),
    "a comment": in_page("<!-- {0} -->"),
    "a style sheet": in_page('.c{1}::after {{ content: "{0}" }}', "</style>"),
    "a rule of an element": in_page("<p style=\"--note: '{0}'\">a</p>"),
    "a drawing": in_page("<svg><title>{0}</title></svg>"),
    "a text of a drawing": in_page("<svg><text>{0}</text></svg>"),
    "a description of a drawing": in_page("<svg><desc>{0}</desc></svg>"),
    "a formula": in_page('<math><annotation encoding="x">{0}</annotation></math>'),
    "a template": in_page("<template>{0}</template>"),
    "an address": in_page('<a href="https://e.org/?q={0}">a</a>'),
    "the head": in_page('<meta name="description" content="{0}">', "</head>"),
    "a caption": in_page("<table><caption>{0}</caption></table>"),
    "a reading": in_page("<ruby>a<rt>{0}</rt></ruby>"),
}  # fmt: skip


@pytest.mark.parametrize("place", IN_HTML)
def test_html(garden: Garden, place: str) -> None:
    assert garden.missed("html", IN_HTML[place], in_code=place in CODE) == []


def test_there_are_a_thousand() -> None:
    assert (len(IN_WORD) + len(IN_PDF) + len(IN_HTML)) * EACH * 2 >= 1_000
