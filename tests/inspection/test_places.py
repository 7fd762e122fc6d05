"""A withheld text is found in every place of a file that holds text, seen or unseen, packed or not."""

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, String

import brief
from brief import Project
from brief.inspection.leaks import Inspector
from brief.model.diagnostics import ContentError

# Of the block that only the council may see.
WITHHELD = "a year should also pay for shorter waits"
START, END = WITHHELD[:9], WITHHELD[9:]
QUOTED = WITHHELD.replace(" ", "%20")


@pytest.fixture(scope="module")
def inspector(starter: Project) -> Inspector:
    return Inspector(starter.brief, starter.get_template_set)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


ATTRIBUTES = (
    *(
        "title",
        "alt",
        "aria-label",
        "aria-description",
        "data-x",
        "href",
        "id",
        "class",
        "placeholder",
        "value",
        "srcset",
    ),
    *("summary", "label", "content", "cite", "datetime", "download", "name", "headers", "abbr", "xlink:title", "lang"),
)
RULES = {
    "content": f'.a::after {{ content: "{WITHHELD}" }}',
    "content of several strings": f'.a::after {{ content: "{START}" "{END}" }}',
    "content in escapes": '.a::after { content: "' + "".join(f"\\{ord(letter):x} " for letter in WITHHELD) + '" }',
    "a variable": f"a {{ --x: '{WITHHELD}' }}",
    "a comment": f"/* {WITHHELD} */",
    "a family": f'@font-face {{ font-family: "{WITHHELD}"; src: url(x) }}',
    "a margin box": f'@page {{ @top-left {{ content: "{WITHHELD}" }} }}',
    "quotation marks": f"a {{ quotes: '{WITHHELD}' '' }}",
    "a counter": f'@counter-style x {{ symbols: "{WITHHELD}" }}',
    "an address": f'a {{ background: url("data:text/plain;base64,{base64_of(WITHHELD.encode())}") }}',
    "a selector": f".{WITHHELD.replace(' ', '-')} {{}}",
}
ELEMENTS = {
    "a comment": f"<!-- {WITHHELD} -->",
    "a title of a drawing": f"<svg><title>{WITHHELD}</title></svg>",
    "a description of a drawing": f"<svg><desc>{WITHHELD}</desc></svg>",
    "labels of a chart": f"<svg><text><tspan>{START}</tspan><tspan>{END}</tspan></text></svg>",
    "a template": f"<template>{WITHHELD}</template>",
    "data": f'<script type="application/json">"{WITHHELD}"</script>',
    "without script": f"<noscript>{WITHHELD}</noscript>",
    "a description": f'<meta name="description" content="{WITHHELD}">',
    "a mail address": f'<a href="mailto:x?subject={QUOTED}">a</a>',
    "a reading": f"<ruby>a<rt>{WITHHELD}</rt></ruby>",
    "CDATA": f"<![CDATA[{WITHHELD}]]>",
    "a packed drawing": f'<img src="data:image/svg+xml;base64,{base64_of(gzip.compress(WITHHELD.encode()))}">',
}


def page(body: str, style: str = "") -> bytes:
    return f"<html><head><title>t</title><style>{style}</style></head><body><p>a</p>{body}</body></html>".encode()


def png(kind: bytes, body: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(kind, body) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )


PACKED = zlib.compress(WITHHELD.encode())
PICTURES = {
    "tEXt": png(b"tEXt", b"Comment\0" + WITHHELD.encode()),
    "zTXt": png(b"zTXt", b"Comment\0\0" + PACKED),
    "iTXt": png(b"iTXt", b"Comment\0\0\0en\0x\0" + WITHHELD.encode()),
    "iTXt, packed": png(b"iTXt", b"Comment\0\1\0en\0x\0" + PACKED),
}


def zip_members(members: dict[str, str | bytes], comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def word(body: str) -> bytes:
    return zip_members({"word/document.xml": f'<w:d xmlns:w="w" xmlns:c="c" xmlns:a="a" xmlns:wp="wp">{body}</w:d>'})


def book(member: str, body: str) -> bytes:
    return zip_members({"word/embeddings/x.xlsx": zip_members({member: body})})


DOCUMENTS = {
    "alternative text": word(f'<wp:docPr id="1" descr="{WITHHELD}"/>'),
    "title of a picture": word(f'<wp:docPr id="1" title="{WITHHELD}"/>'),
    "a field": word(f"<w:instrText>{WITHHELD}</w:instrText>"),
    "a control": word(f'<w:alias w:val="{WITHHELD}"/>'),
    "a bookmark": word(f'<w:bookmarkStart w:name="{WITHHELD}"/>'),
    "a style": word(f'<w:style><w:name w:val="{WITHHELD}"/></w:style>'),
    "a font": word(f'<w:font w:name="{WITHHELD}"/>'),
    "a variable": word(f'<w:docVar w:name="x" w:val="{WITHHELD}"/>'),
    "a tip": word(f'<w:hyperlink w:tooltip="{WITHHELD}"/>'),
    "deleted text": word(f"<w:delText>{WITHHELD}</w:delText>"),
    "text of runs": word(f"<w:p><w:r><w:t>{START}</w:t></w:r><w:r><w:t>{END}</w:t></w:r></w:p>"),
    "a data label": word(f"<c:dLbl><a:p><a:r><a:t>{START}</a:t></a:r><a:r><a:t>{END}</a:t></a:r></a:p></c:dLbl>"),
    "a category of a chart": word(f"<c:cat><c:pt><c:v>{WITHHELD}</c:v></c:pt></c:cat>"),
    "a formula of a chart": word(f"<c:f>{WITHHELD}</c:f>"),
    "a link": zip_members({"word/_rels/document.xml.rels": f'<R><r Target="https://e.org/{QUOTED}"/></R>'}),
    "a part's name": zip_members({f"word/{WITHHELD}.xml": "<a/>"}),
    "the archive's comment": zip_members({"a": "b"}, WITHHELD.encode()),
    "a part in UTF-16": zip_members(
        {"word/x.xml": f'<?xml version="1.0" encoding="UTF-16"?><a>{WITHHELD}</a>'.encode("utf-16")}
    ),
    "a packed part": zip_members({"word/x.bin": PACKED}),
    "a picture": zip_members({"word/media/a.png": PICTURES["zTXt"]}),
    "a string of the workbook": book(
        "xl/sharedStrings.xml", f"<sst><si><r><t>{START}</t></r><r><t>{END}</t></r></si></sst>"
    ),
    "a cell of the workbook": book("xl/worksheets/sheet1.xml", f"<c><is><t>{WITHHELD}</t></is></c>"),
    "a comment of the workbook": book("xl/comments1.xml", f"<c><text><t>{WITHHELD}</t></text></c>"),
    "a sheet's name": book("xl/workbook.xml", f'<w><sheet name="{WITHHELD}"/></w>'),
    "a name in the workbook": book("xl/workbook.xml", f'<w><definedName name="x">"{WITHHELD}"</definedName></w>'),
    "properties of the workbook": book("docProps/app.xml", f"<P><Company>{WITHHELD}</Company></P>"),
}


def outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as opened:
        opened.root.append(pikepdf.OutlineItem(WITHHELD, 0))


def describe(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = WITHHELD


def annotate(key: str, value: pikepdf.Object) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/Annots", Array([Dictionary({"/Type": Name.Annot, key: value})]))


def at_root(name: str, make: Callable[[pikepdf.Pdf], pikepdf.Object]) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: setattr(pdf.Root, name, make(pdf))


def draw_content(content: str) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(content.encode())


PDFS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "outline": outline,
    "XMP": describe,
    "a property": lambda pdf: pdf.docinfo.__setitem__("/Title", String(WITHHELD)),
    "an annotation": annotate("/Contents", String(WITHHELD)),
    "a link": annotate("/A", Dictionary(S=Name.URI, URI=String(f"https://e.org/{QUOTED}"))),
    "alternative text": at_root("StructTreeRoot", lambda _: Dictionary(K=Dictionary(Alt=String(WITHHELD)))),
    "actual text": at_root("StructTreeRoot", lambda _: Dictionary(K=Dictionary(ActualText=String(WITHHELD)))),
    "a script": at_root("OpenAction", lambda pdf: Dictionary(S=Name.JavaScript, JS=pdf.make_stream(WITHHELD.encode()))),
    "a destination": at_root(
        "Names", lambda _: Dictionary(Dests=Dictionary(Names=Array([String(WITHHELD), Array([])])))
    ),
    "a field": at_root("AcroForm", lambda _: Dictionary(Fields=Array([Dictionary(T=String(WITHHELD))]))),
    "a layer": at_root("OCProperties", lambda _: Dictionary(OCGs=Array([Dictionary(Name=String(WITHHELD))]))),
    "page labels": at_root("PageLabels", lambda _: Dictionary(Nums=Array([0, Dictionary(P=String(WITHHELD))]))),
    "a name": at_root("X", lambda _: Name("/" + WITHHELD.replace(" ", "#20"))),
    "a font": at_root("X", lambda _: Dictionary(Type=Name.Font, BaseFont=Name("/" + WITHHELD.replace(" ", "")))),
    "a picture": at_root("X", lambda pdf: pdf.make_stream(PICTURES["zTXt"])),
    "marked text": draw_content(f"/Span <</ActualText ({WITHHELD})>> BDC EMC"),
    "unseen text": draw_content(f"BT 3 Tr ({WITHHELD}) Tj ET"),
    "text in pieces": draw_content(f"BT ({START}) Tj ({END}) Tj ET"),
    "a comment of a page": draw_content(f"% {WITHHELD}\n"),
}


def pdf_with(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    pdf, buffer = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    change(pdf)
    pdf.save(buffer)
    return buffer.getvalue()


def font(flavor: str | None) -> bytes:
    made, buffer = TTFont(next(Path(brief.__file__).parent.rglob("*.ttf"), None) or FACE), io.BytesIO()
    made["name"].setName(WITHHELD, 0, 3, 1, 0x409)
    made.flavor = flavor
    made.save(buffer)
    return buffer.getvalue()


FACE = next(Path("/usr/share/fonts").rglob("*.ttf"), Path())


def finds(inspector: Inspector, name: str, data: bytes) -> bool:
    return [found.code for found in inspector.inspect_bytes("public", name, data)] == ["withheld-text"]


def test_attributes(inspector: Inspector) -> None:
    for name in ATTRIBUTES:
        assert finds(inspector, "a.html", page(f'<i {name}="{WITHHELD}">x</i>')), name


def test_style_sheets(inspector: Inspector) -> None:
    for name, rules in RULES.items():
        assert finds(inspector, "a.html", page("", rules)), name


def test_elements(inspector: Inspector) -> None:
    for name, body in ELEMENTS.items():
        assert finds(inspector, "a.html", page(body)), name


def test_properties_of_pictures(inspector: Inspector) -> None:
    for name, data in PICTURES.items():
        assert finds(inspector, "a.html", page(f'<img src="data:image/png;base64,{base64_of(data)}">')), name


def test_names_in_fonts(inspector: Inspector) -> None:
    for flavor in (None, "woff", "woff2"):
        url = f"data:font/x;base64,{base64_of(font(flavor))}"
        assert finds(inspector, "a.html", page("", f"@font-face {{ src: url({url}) }}")), flavor


def test_word_documents(inspector: Inspector) -> None:
    for name, data in DOCUMENTS.items():
        assert finds(inspector, "a.docx", data), name


def test_pdfs(inspector: Inspector) -> None:
    for name, change in PDFS.items():
        assert finds(inspector, "a.pdf", pdf_with(change)), name


def test_beside_the_objects_of_a_pdf(inspector: Inspector) -> None:
    clean = pdf_with(lambda _: None)
    assert inspector.inspect_bytes("public", "a.pdf", clean) == ()
    assert finds(inspector, "a.pdf", clean + b"\n" + WITHHELD.encode())
    assert finds(inspector, "a.pdf", clean.replace(b"%%EOF", b"% " + WITHHELD.encode() + b"\n%%EOF"))


def test_the_file_s_name(inspector: Inspector) -> None:
    assert finds(inspector, f"{WITHHELD.replace(' ', '-')}.pdf", pdf_with(lambda _: None))


@pytest.mark.parametrize(
    "data",
    [
        page("", '.a { background: url("data:image/svg+xml,\\d800 x\\110000 ") }'),
        b'<?xml version="1.0" encoding="nowhere"?><a/>',
        b'<?xml version="1.0" encoding="gb18030"?><a/>',
    ],
    ids=["escapes", "no encoding", "another encoding"],
)
def test_what_cannot_be_read_as_it_says_is_inspected_as_bytes(inspector: Inspector, data: bytes) -> None:
    for name in ("a.html", "a.svg"):
        assert inspector.inspect_bytes("public", name, data) == ()


@pytest.mark.parametrize(
    "written",
    [
        {"kind": "prose", "parts": [{"kind": "paragraph", "text": [{"kind": "text", "text": WITHHELD}]}]},
        {"kind": "prose", "parts": [{"kind": "paragraph", "text": [{"kind": "text", "text": "a"}, {"kind": "text", "text": WITHHELD}]}]},
        {"text": [{"kind": "text", "text": "a"}, {"kind": "footnote", "label": "a", "paragraphs": [[{"kind": "text", "text": WITHHELD}]]}]},
        {"text": [{"kind": "text", "text": START}, {"kind": "strong", "children": [{"kind": "text", "text": END}]}]},
        {"text": [{"kind": "strong", "children": [{"kind": "footnote", "paragraphs": [[{"kind": "text", "text": WITHHELD}]]}]}]},
        {"entries": [[{"kind": "paragraph", "text": [{"kind": "code", "text": WITHHELD}]}]]},
        {"rows": [[[{"kind": "text", "text": WITHHELD, "language": "en"}]]]},
    ],
)  # fmt: skip
def test_json_at_any_depth(inspector: Inspector, written: object) -> None:
    assert len(inspector.inspect_bytes("public", "a.json", json.dumps(written).encode())) == 1


@pytest.mark.parametrize("section", ["<![CD*ATA[", "<![*CDATA[", "<![foo[", "<![if IE]>", "<!["])
def test_sections_that_no_page_has_hide_nothing(inspector: Inspector, section: str) -> None:
    page_ = f"<p>a</p>{section} {WITHHELD} ]]><p>{WITHHELD}</p>"
    for name in ("a.html", "a.md", "a.css"):
        assert len(inspector.inspect_bytes("public", name, page_.encode())) == 1


@pytest.mark.parametrize("data", [b"%PDF-", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\ntrailer<</Root 1 0 R>>", b"%PDF-\x00"])
def test_a_damaged_pdf_is_not_taken_for_clean(inspector: Inspector, data: bytes) -> None:
    with pytest.raises(ContentError) as refused:
        inspector.inspect_bytes("public", "a.pdf", data)
    assert [found.code for found in refused.value.diagnostics] == ["not-inspected"]


def test_a_text_is_found_in_every_file_that_has_it_though_their_other_parts_are_equal(inspector: Inspector) -> None:
    rules = ".a { color: red }"
    assert inspector.inspect_bytes("public", "a.html", page("clean", rules)) == ()
    for name in ("b.html", "c.html"):
        assert finds(inspector, name, page(WITHHELD, rules)), name
    assert inspector.inspect_bytes("public", "d.html", page("clean", rules)) == ()


def test_large_pictures_of_a_page_are_searched_as_files_and_as_written(inspector: Inspector) -> None:
    filler = "abcd " * 4000
    carried = base64_of(f"{filler}{WITHHELD}{filler}".encode())
    written = f"data:text/plain,{filler.replace(' ', '%20')}{QUOTED}"
    for url in (f"data:text/plain;base64,{carried}", written):
        assert finds(inspector, "a.html", page(f'<img src="{url}">')), url[:30]
    clean = base64_of((filler * 2).encode())
    assert inspector.inspect_bytes("public", "a.html", page(f'<img src="data:text/plain;base64,{clean}">')) == ()
