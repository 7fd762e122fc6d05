"""Reads our output with other programs: poppler's text and fonts, pikepdf's outline, the parts of a DOCX."""

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from xml.dom import minidom

import pikepdf
from lxml import etree
from office import convert_to_pdf


def pdf_text(data: bytes, between: tuple[int, int] | None = None) -> str:
    """The text in reading order, pages divided by a line of hyphens; `between` two heights, in points from the top."""
    top, bottom = between or (0, 0)
    crop = ("-x", "0", "-y", str(top), "-W", "2000", "-H", str(bottom - top)) if between else ()
    text = _poppler(data, "pdftotext", "-enc", "UTF-8", *crop, "-", "-").decode()
    return text.rstrip("\f").replace("\f", "\n----\n")


def pdf_lines(data: bytes) -> list[list[str]]:
    """The lines of each page, from top to bottom."""
    text = _poppler(data, "pdftotext", "-enc", "UTF-8", "-layout", "-", "-").decode()
    return [[line for line in page.splitlines() if line.strip()] for page in text.rstrip("\f").split("\f")]


def pdf_fonts(data: bytes) -> list[str]:
    """The names of the embedded fonts without their subset tags, sorted; one that is not embedded is marked."""
    rows = _poppler(data, "pdffonts", "-").decode().splitlines()[2:]
    found = set()
    for row in rows:
        name, *_, embedded, _subset, _unicode, _object, _generation = row.split()
        found.add(re.sub(r"^[A-Z]{6}\+", "", name) + ("" if embedded == "yes" else " (not embedded)"))
    return sorted(found)


def pdf_outline(data: bytes) -> list[str]:
    """The bookmarks, indented by level."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return list(_bookmarks(outline.root, 0))


def _bookmarks(items: list[pikepdf.OutlineItem], level: int) -> "list[str]":
    lines = []
    for item in items:
        lines.append("  " * level + item.title)
        lines += _bookmarks(list(item.children), level + 1)
    return lines


def pdf_page_image(data: bytes, page: int, resolution: int = 40) -> bytes:
    """One page as PNG, counted from 1."""
    number = str(page)
    return _poppler(data, "pdftoppm", "-png", "-r", str(resolution), "-f", number, "-l", number, "-")


def pdf_summary(data: bytes) -> str:
    """Summarises what a reader sees: pages, fonts, bookmarks, text."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    head = [f"pages: {pages}", "fonts:", *(f"  {font}" for font in pdf_fonts(data))]
    return "\n".join([*head, "outline:", *(f"  {line}" for line in pdf_outline(data)), "text:", pdf_text(data), ""])


def pdf_structure(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every element of the structure tree, in reading order."""
    yield from _elements(pdf.Root.StructTreeRoot.K)


def _elements(kids: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid.get("/K", pikepdf.Array()))


def pdf_element_text(pdf: pikepdf.Pdf, element: pikepdf.Object) -> str:
    """The text of an element and of those below it, in order. All of it must be of one page."""
    page = next(number for number, page in enumerate(pdf.pages) if page.obj.objgen == element.Pg.objgen)
    return "".join(_marked_text(pdf.pages[page]).get(number, "") for number in _marks(element))


def _marks(element: pikepdf.Object) -> Iterator[int]:
    for kid in element.get("/K", pikepdf.Array()):
        if isinstance(kid, pikepdf.Dictionary):
            yield from _marks(kid)
        else:
            yield int(kid)


def _marked_text(page: pikepdf.Page) -> dict[int, str]:
    """The text of each marked-content sequence of a page, by its MCID, decoded with the fonts' ToUnicode maps."""
    maps = {name: _characters(font) for name, font in page.resources.Font.items()}
    found: dict[int, str] = {}
    mark, font = -1, ""
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC" if "/MCID" in operands[1]:
                mark = int(operands[1].MCID)
            case "Tf":
                font = str(operands[0])
            case "Tj" | "TJ":
                pieces = operands[0] if str(instruction.operator) == "TJ" else operands
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                glyphs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
                found[mark] = found.get(mark, "") + "".join(maps[font].get(glyph, "") for glyph in glyphs)
    return found


def _characters(font: pikepdf.Object) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", font.ToUnicode.read_bytes())
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def docx_parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_parts(parts: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    """Zips the parts of a Word document into a file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def docx_body(data: bytes) -> str:
    """The document part, pretty-printed."""
    return minidom.parseString(docx_parts(data)["word/document.xml"]).toprettyxml(indent=" ", newl="\n")  # noqa: S318


def docx_outline(data: bytes) -> str:
    """The document as a list: the style of every paragraph with its words, tables by rows, and the parts beside."""
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    lines = []
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(f"{block.style.name if block.style else ''} | {block.text}")
        elif isinstance(block, Table):
            style = block.style.name if block.style else ""
            lines += [f"{style} | " + " | ".join(cell.text for cell in row.cells) for row in block.rows]
    parts = [f"part | {name}" for name in sorted(docx_parts(data))]
    return "\n".join([*lines, *parts, ""])


def html_main(data: bytes) -> str:
    """The document's own part of a page: the content of <main>."""
    match = re.search(r"<main.*</main>", data.decode(), re.S)
    assert match is not None
    return match[0] + "\n"


def html_text(data: bytes) -> str:
    """The words of a page, with spaces for tags."""
    return re.sub("<[^>]+>", " ", data.decode())


def libreoffice_pdf(data: bytes, folder: Path) -> bytes:
    """Converts a DOCX to PDF with LibreOffice."""
    return libreoffice_pdfs([data], folder)[0]


def leave_out_fallbacks(data: bytes) -> bytes:
    """Makes a DOCX in which content for newer programs, as Word shows it, has no fallback for others (ECMA-376 part 3, 7.6)."""
    compatibility = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
    source, stream = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                document = etree.fromstring(part)
                for alternate in list(document.iter(f"{compatibility}AlternateContent")):
                    parent, choice = alternate.getparent(), alternate.find(f"{compatibility}Choice")
                    assert parent is not None
                    assert choice is not None
                    for child in choice:
                        alternate.addprevious(child)
                    parent.remove(alternate)
                part = etree.tostring(document)
            target.writestr(name, part)
    return stream.getvalue()


def libreoffice_pdfs(documents: Sequence[bytes], folder: Path) -> list[bytes]:
    """Converts DOCX files to PDF with LibreOffice."""
    sources = [folder / f"document-{number}.docx" for number in range(len(documents))]
    for source, data in zip(sources, documents, strict=True):
        source.write_bytes(data)
    return convert_to_pdf(sources, folder)


@lru_cache(maxsize=64)
def _poppler(data: bytes, *command: str) -> bytes:
    """Runs one of poppler's programs, once for all tests that read a document alike: fonts of Chinese take it a second."""
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout


def pdf_content(data: bytes) -> bytes:
    """The PDF operators of the pages and their forms."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = []
        for page in pdf.pages:
            page.contents_coalesce()
            pages.append(page.Contents.read_bytes())
        forms = [
            found.read_bytes()
            for found in pdf.objects
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Form"
        ]
    return b"\n".join((*pages, *forms))


def pdf_alternatives(data: bytes) -> list[str]:
    """The alternative texts of pictures, in reading order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return list(_alternatives(pdf.Root.StructTreeRoot))


def _alternatives(element: pikepdf.Object | None) -> Iterator[str]:
    if not isinstance(element, pikepdf.Dictionary):
        return
    if "/Alt" in element:
        yield str(element.Alt)
    children = element.get("/K")
    for child in children if isinstance(children, pikepdf.Array) else (children,):
        yield from _alternatives(child)
