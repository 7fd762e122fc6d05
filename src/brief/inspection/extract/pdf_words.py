"""Reads the words of a PDF in the order of its structure tree, without page headers and footers, and its missing glyphs.

A regular expression finds the relevant operators in a tenth of the time of parsing every operator.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf

from brief.inspection.extract.pdf import parse_to_unicode

_NAME = rb"[^\s()<>\[\]{}/%]+"
# ISO 32000-1, 9.3.1 (Tf), 14.6 (marked content), 8.8 (Do) and 7.3.4 (strings, which only text operators have here).
_OPERATION = re.compile(
    rb"/(?P<font>" + _NAME + rb")\s+[-+.0-9]+\s+Tf\b"
    rb"|/(?P<kind>"
    + _NAME
    + rb")\s*(?:<<(?P<properties>(?:[^>]|>(?!>\s*BDC))*)>>\s*BDC|(?:/(?P<named>"
    + _NAME
    + rb")\s+)?B[DM]C)\b"
    rb"|(?P<end>EMC)\b"
    rb"|/(?P<form>" + _NAME + rb")\s+Do\b"
    rb"|\[(?P<array>[^\[\]()]*)\]\s*TJ\b"
    rb"|<(?P<hex>[0-9A-Fa-f\s]*)>"
    rb"|(?P<literal>\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\))",
    re.S,
)
_STRINGS = re.compile(rb"<([^>]*)>")
_MCID = re.compile(rb"/MCID\s+([0-9]+)")
_CID_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*([0-9]+)")
_CID_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*([0-9]+)")
_CID_SECTION = re.compile(rb"begincid(char|range)(.*?)endcid\1", re.S)
# Content outside of the structure, and what is repeated on every page (14.8.2.2).
_OUTSIDE = -1
_DEEPEST = 100
_FORMS_DEEP = 8


@dataclass(frozen=True, slots=True)
class PdfWords:
    """The text in reading order, and the characters for which the file draws an empty box (9.7.6.3).

    `alternative` is what is read aloud instead of pictures (14.9.3).
    """

    text: str
    missing: tuple[str, ...]
    alternative: str = ""


def read_pdf_words(pdf: pikepdf.Pdf) -> PdfWords:
    """Reads the words of an open file; in a file without a structure tree, in drawing order."""
    reader = _WordReader()
    for page in pdf.pages:
        reader.read_page(page)
    root = pdf.Root.get("/StructTreeRoot")
    ordered: list[str] = []
    alternative: list[str] = []
    if isinstance(root, pikepdf.Dictionary):
        _walk(root.get("/K"), None, reader.marked, 0, ordered, alternative)
    text = "".join(ordered) or "".join(reader.drawn)
    return PdfWords(text, tuple(reader.missing), "\n".join(alternative))


def _walk(
    item: object,
    page: tuple[int, int] | None,
    marked: Mapping[tuple[tuple[int, int] | None, int], str],
    depth: int,
    found: list[str],
    alternative: list[str],
) -> None:
    """Adds the texts below an element of the structure tree (14.7.2)."""
    if isinstance(item, int):
        found.append(marked.get((page, item), ""))
    elif isinstance(item, pikepdf.Array):
        for child in item:
            _walk(child, page, marked, depth, found, alternative)
    elif isinstance(item, pikepdf.Dictionary) and depth < _DEEPEST:
        kind = item.get("/Type")
        if kind == "/OBJR":
            return
        own = item.get("/Pg")
        page = own.objgen if own is not None else page
        if kind == "/MCR":
            found.append(marked.get((page, int(item.get("/MCID", _OUTSIDE))), ""))
            return
        if (described := item.get("/Alt")) is not None:
            alternative.append(str(described))
        _walk(item.get("/K"), page, marked, depth + 1, found, alternative)
        found.append("\n")


@dataclass(frozen=True, slots=True)
class _Codes:
    """How the codes of a font are read: their text, their length in bytes, and those that it can draw (None means all
    except 0).
    """

    text: Mapping[bytes, str]
    size: int
    drawable: frozenset[bytes] | None

    @property
    def empty(self) -> bytes:
        """The code of the glyph for missing characters, where codes are the numbers of glyphs."""
        return bytes(self.size)


_UNKNOWN = _Codes({}, 1, None)


@dataclass(slots=True)
class _WordReader:
    marked: dict[tuple[tuple[int, int] | None, int], str] = field(default_factory=dict)
    drawn: list[str] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    fonts: dict[tuple[int, int], _Codes] = field(default_factory=dict)

    def read_page(self, page: pikepdf.Page) -> None:
        contents = page.obj.get("/Contents")
        streams = contents if isinstance(contents, pikepdf.Array) else (contents,)
        data = b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, pikepdf.Stream))
        self._read(data, page.resources, page.obj.objgen, _OUTSIDE, 0)

    def _read(self, data: bytes, resources: pikepdf.Object, page: tuple[int, int], mark: int, depth: int) -> None:
        around: list[int] = []
        codes = _UNKNOWN
        for found in _OPERATION.finditer(data):
            kind = found.lastgroup
            if kind in ("array", "hex", "literal"):
                text = self._decode(_read_codes_of(found), codes)
                self.drawn.append(text)
                self.marked[page, mark] = self.marked.get((page, mark), "") + text
            elif kind == "font":
                codes = self._find_font(resources, found["font"])
            elif kind == "end":
                mark = around.pop() if around else _OUTSIDE
            elif kind == "form":
                self._read_form(resources, found["form"], page, mark, depth)
            else:
                around.append(mark)
                mark = _find_mark(found, resources, mark)

    def _read_form(self, resources: pikepdf.Object, name: bytes, page: tuple[int, int], mark: int, depth: int) -> None:
        form = _look_up(resources, "/XObject", name)
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form" and depth < _FORMS_DEEP:
            self._read(form.read_bytes(), form.get("/Resources", resources), page, mark, depth + 1)

    def _decode(self, data: bytes, codes: _Codes) -> str:
        if not codes.text:
            return data.decode("latin-1") if codes.size == 1 else ""
        parts = [data[at : at + codes.size] for at in range(0, len(data), codes.size)]
        if codes.drawable is None:
            boxes = [codes.empty] if codes.empty in parts else []
        else:
            boxes = [part for part in parts if part not in codes.drawable]
        for part in boxes:
            self.missing[codes.text.get(part, "\ufffd")] = None
        return "".join([codes.text.get(part, "") for part in parts])

    def _find_font(self, resources: pikepdf.Object, name: bytes) -> _Codes:
        font = _look_up(resources, "/Font", name)
        if not isinstance(font, pikepdf.Dictionary):
            return _UNKNOWN
        if font.objgen not in self.fonts or not font.is_indirect:
            self.fonts[font.objgen] = _read_codes(font)
        return self.fonts[font.objgen]


def _read_codes_of(found: re.Match[bytes]) -> bytes:
    """Returns the codes that an operator draws."""
    if found["literal"] is not None:
        return bytes(pikepdf.Object.parse(found["literal"]))
    written = found["hex"] if found["array"] is None else b"".join(_STRINGS.findall(found["array"]))
    digits = b"".join(written.split()).decode()
    # A digit that is missing at the end is 0 (7.3.4.3).
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _find_mark(found: re.Match[bytes], resources: pikepdf.Object, mark: int) -> int:
    """Returns the number of the marked content that begins; content without a number belongs to the enclosing one."""
    properties = found["properties"] or b""
    if found["named"]:
        listed = _look_up(resources, "/Properties", found["named"])
        if isinstance(listed, pikepdf.Dictionary) and "/MCID" in listed:
            return int(listed["/MCID"])
    number = _MCID.search(properties)
    if number:
        return int(number[1])
    return _OUTSIDE if found["kind"] == b"Artifact" else mark


def _look_up(resources: pikepdf.Object, kind: str, name: bytes) -> object:
    listed = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
    return listed.get(f"/{name.decode('latin-1')}") if isinstance(listed, pikepdf.Dictionary) else None


def _read_codes(font: pikepdf.Dictionary) -> _Codes:
    mapping = font.get("/ToUnicode")
    text = parse_to_unicode(mapping.read_bytes()) if isinstance(mapping, pikepdf.Stream) else {}
    is_composite = font.get("/Subtype") == "/Type0"
    size = len(next(iter(text))) if text else 2 if is_composite else 1
    encoding = font.get("/Encoding")
    if not is_composite:
        # Simple fonts number their glyphs by names, so code 0 has no special meaning.
        return _Codes(text, size, frozenset(text))
    drawable = frozenset(_list_drawable(encoding.read_bytes(), size)) if isinstance(encoding, pikepdf.Stream) else None
    return _Codes(text, size, drawable)


def _list_drawable(cmap: bytes, size: int) -> Iterator[bytes]:
    """Lists the codes that a CMap maps to a glyph other than that of missing characters (9.7.5.4)."""
    for kind, body in _CID_SECTION.findall(cmap):
        if kind == b"char":
            yield from (bytes.fromhex(code.decode()) for code, glyph in _CID_CHARACTER.findall(body) if int(glyph))
            continue
        for low, high, first in _CID_RANGE.findall(body):
            start = int(low, 16)
            for code in range(start, int(high, 16) + 1):
                if int(first) + code - start:
                    yield code.to_bytes(size)
