"""Completes a PDF by Typst: language tags, the marking, bookmarks, row headers and feet of tables, and the text that is
copied.

The engine supports languages and regions but no scripts: it writes `zh-CN` for `zh-Hans`. It tags the first cell of a
row as data. It treats a word joiner, which forbids a line break, as a part of the adjacent character.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from brief.model.han import WORD_JOINER
from brief.model.variant import Variant
from brief.writers.pdf.streams import save_for_validators

# The language tags that the engine writes, and the right ones.
_TAGS = {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant-HK"}
_RDF_END = b"</rdf:RDF>"
# A text of several characters that readers copy, in UTF-16: of a glyph in a ToUnicode CMap (ISO 32000-1, 9.10.3), or of
# a span of the content (14.9.4), where it begins with a byte order mark.
_COPIED_TEXT = re.compile(
    rb"(?P<before><[0-9A-Fa-f]+>\s*<|/ActualText\s*<(?:FEFF|feff))(?P<text>(?:[0-9A-Fa-f]{4}){2,})(?=>)"
)
_JOINER = f"{ord(WORD_JOINER):04X}".encode()


def finish_pdf(data: bytes, variant: Variant) -> tuple[bytes, int]:
    """Returns the completed file, compressed again, and the number of its pages."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.Root.Lang = String(variant.locale)
        if variant.marking:
            pdf.docinfo["/Marking"] = String(variant.marking)
        _complete_xmp(pdf, variant)
        _clean_bookmarks(pdf)
        _complete_contents(pdf)
        _complete_character_maps(pdf)
        for element in _list_elements(pdf.Root.StructTreeRoot):
            if (tag := element.get("/Lang")) is not None and str(tag) in _TAGS:
                element.Lang = String(_TAGS[str(tag)])
            if element.get("/S") == Name.Table:
                _move_foot_into_body(element)
                _tag_row_headers(element)
        pages = len(pdf.pages)
        return save_for_validators(pdf, pikepdf.ObjectStreamMode.generate), pages


def _complete_contents(pdf: pikepdf.Pdf) -> None:
    """Corrects passages in the content of pages: their language tags (ISO 32000-1, 14.9.2.2) and the text that is
    copied.
    """
    for page in pdf.pages:
        contents = page.obj.Contents
        data = contents.read_bytes()
        completed = data
        for tag, right_tag in _TAGS.items():
            completed = completed.replace(f"/Lang({tag})".encode(), f"/Lang({right_tag})".encode())
        completed = _COPIED_TEXT.sub(_drop_joiners, completed)
        if completed != data:
            contents.write(completed)


def _complete_character_maps(pdf: pikepdf.Pdf) -> None:
    for font in pdf.objects:
        if isinstance(font, Dictionary) and isinstance(mapping := font.get("/ToUnicode"), pikepdf.Stream):
            data = mapping.read_bytes()
            completed = _COPIED_TEXT.sub(_drop_joiners, data)
            if completed != data:
                mapping.write(completed)


def _drop_joiners(copied: re.Match[bytes]) -> bytes:
    """Removes word joiners from a text with other characters. A text of joiners alone stays, because every glyph needs
    a text (ISO 19005-2, 6.2.11.7.2).
    """
    units = [copied["text"][start : start + 4] for start in range(0, len(copied["text"]), 4)]
    kept_units = [unit for unit in units if unit != _JOINER] or units
    return copied["before"] + b"".join(kept_units)


def _complete_xmp(pdf: pikepdf.Pdf, variant: Variant) -> None:
    packet = pdf.Root.Metadata.read_bytes()
    head, end, tail = packet.rpartition(_RDF_END)
    added = ""
    if variant.marking:
        text = escape(variant.marking)
        added += (
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>'
            f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang="{variant.locale}">{text}</rdf:li>'
            "</rdf:Alt></dc:rights></rdf:Description>"
        )
    for tag, right_tag in _TAGS.items():
        head = head.replace(f"<rdf:li>{tag}</rdf:li>".encode(), f"<rdf:li>{right_tag}</rdf:li>".encode())
    # Uncompressed, for programs that search for it without parsing PDF (ISO 19005-2, 6.6.2.1).
    pdf.Root.Metadata.write(head + added.encode() + end + tail)


def _clean_bookmarks(pdf: pikepdf.Pdf) -> None:
    """Removes word joiners from the titles of bookmarks."""
    waiting: list[Any] = [pdf.Root.get("/Outlines")]
    while waiting:
        item = waiting.pop()
        while item is not None:
            if (title := item.get("/Title")) is not None and WORD_JOINER in str(title):
                item.Title = String(str(title).replace(WORD_JOINER, ""))
            waiting.append(item.get("/First"))
            item = item.get("/Next")


def _list_elements(parent: Any) -> Iterator[Any]:
    """Yields the structure elements below another, in reading order."""
    for kid in _list_kids(parent):
        yield kid
        yield from _list_elements(kid)


def _list_kids(parent: Any) -> list[Any]:
    kids = parent.get("/K")
    elements = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in elements if isinstance(kid, Dictionary) and "/S" in kid]


def _move_foot_into_body(table: Any) -> None:
    """Moves the rows of a table's foot to the end of its body. The template makes a foot of the last two rows only so
    that they stay on the same page.
    """
    parts = _list_kids(table)
    bodies = [part for part in parts if Name.TBody == part.S]
    feet = [part for part in parts if Name.TFoot == part.S]
    if not bodies or not feet:
        return
    rows = _list_kids(bodies[-1])
    for foot in feet:
        for row in _list_kids(foot):
            row.P = bodies[-1]
            rows.append(row)
    bodies[-1].K = Array(rows)
    table.K = Array([part for part in parts if Name.TFoot != part.S])


def _tag_row_headers(table: Any) -> None:
    """Tags the first cell of each body row as the header of its row (ISO 32000-1, 14.8.4.3.4 and 14.8.5.7).

    A row whose first column is covered by a cell above it gets no header.
    """
    covered = 0
    for part in _list_kids(table):
        if Name.TBody != part.S:
            continue
        for row in _list_kids(part):
            covered = max(0, covered - 1)
            cells = _list_kids(row)
            if covered or not cells or cells[0].S != Name.TD:
                continue
            covered = _count_rows(cells[0])
            cells[0].S = Name.TH
            _add_scope(cells[0])


def _count_rows(cell: Any) -> int:
    return next((int(attributes.RowSpan) for attributes in _list_attributes(cell) if "/RowSpan" in attributes), 1)


def _list_attributes(cell: Any) -> list[Any]:
    attributes = cell.get("/A")
    objects = list(attributes) if isinstance(attributes, Array) else [attributes]
    return [entry for entry in objects if isinstance(entry, Dictionary)]


def _add_scope(cell: Any) -> None:
    for attributes in _list_attributes(cell):
        if attributes.get("/O") == Name.Table:
            attributes.Scope = Name.Row
            return
    scope = Dictionary(O=Name.Table, Scope=Name.Row)
    cell.A = Array([*_list_attributes(cell), scope])
