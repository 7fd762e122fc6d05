"""Extracts a PDF object by object: strings, names, drawn text (with the ToUnicode maps of fonts), metadata, files."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache
from typing import BinaryIO, Protocol
from urllib.parse import unquote

import pikepdf

from brief.inspection.extract.markup import extract_xml
from brief.inspection.extract.part import BREAK, Part, join_strings, read_binary
from brief.inspection.extract.pdf_comments import find_comments
from brief.inspection.extract.pdf_content import PdfContents, PdfOperation, PdfOperator
from brief.inspection.extract.pdf_placing import list_placed_texts
from brief.inspection.extract.pdf_structure import StructureTree, get_entry
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation


class OpenPdfReader(Protocol):
    """Reads a file while it is open; `fonts` has at least the objects that are fonts."""

    def read(
        self, pdf: pikepdf.Pdf, contents: PdfContents, tree: StructureTree, fonts: Sequence[pikepdf.Object]
    ) -> None: ...


def extract_pdf(name: str, file: BinaryIO, also: OpenPdfReader | None = None) -> Iterator[tuple[Part, bytes | None]]:
    """Yields the parts of a PDF, each with the bytes of the file if it is an embedded one, otherwise None.

    `also` reads more from the open file when all parts were yielded. All objects are inspected, including those that no
    page refers to: strings (text of the outline, structure tree, document information, annotations and links), names,
    and every stream according to its type. Encrypted files are not supported, because brief writes none.

    Raises:
        ContentError: the file is damaged or encrypted.
    """
    try:
        yield from _extract_objects(name, file, also)
    except pikepdf.PdfError as problem:
        message = f"it cannot be read ({type(problem).__name__}), so it cannot be inspected"
        hint = "repair the original file, or leave it out"
        raise ContentError([Diagnostic("not-inspected", message, SourceLocation(name), hint)]) from None


def _extract_objects(name: str, file: BinaryIO, also: OpenPdfReader | None) -> Iterator[tuple[Part, bytes | None]]:
    with pikepdf.open(file) as pdf:
        reader = PdfReader(pdf, list_drawn_streams(pdf))
        tree = StructureTree(pdf)
        fonts: list[pikepdf.Object] = []
        for found in pdf.objects:
            if isinstance(found, pikepdf.Stream):
                reader.add_strings(found)
                reader.add_stream(found)
            elif isinstance(found, pikepdf.Object):
                written = found.unparse(resolved=True)
                # Elements with the same keys and the same type have nothing else.
                if not tree.add(found, written):
                    reader.add_tokens(written)
                    if b"/BaseFont" in written:
                        fonts.append(found)
        mapped = tree.map_elements()
        continued = _Continued()
        for number, page in enumerate(pdf.pages, 1):
            elements = mapped.get(_get_integer(page.obj, "/StructParents"), ())
            operations = reader.contents.list_page_operations(page)
            drawn = reader.read_drawn_text(operations, elements, continued)
            placed = list_placed_texts(operations, elements)
            texts = (drawn, *_join_around_marks(drawn), *continued.texts, *placed)
            yield Part(f"{name}, page {number}", join_strings(texts)), None
        yield (
            Part(f"{name}, objects", join_strings(reader.words), join_strings(reader.code), frozenset(reader.digests)),
            None,
        )
        for part in reader.read_photographs(name):
            yield part, None
        for number, text in enumerate(reader.metadata, 1):
            for part in extract_xml(f"{name}, metadata {number}", text):
                yield part, None
        yield Part(f"{name}, comments", code=join_strings(find_comments(file, reader.contents.unusual))), None
        for number, embedded in enumerate(reader.files, 1):
            yield Part(f"{name}, embedded file {number}"), embedded
        if also is not None:
            also.read(pdf, reader.contents, tree, fonts)


@dataclass(slots=True)
class PdfReader:
    """Collects the strings, names, digests and files of PDF objects."""

    pdf: pikepdf.Pdf
    drawn_streams: frozenset[tuple[int, int]]
    words: list[str] = field(default_factory=list)
    code: dict[str, None] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    metadata: list[bytes] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    photographs: list[tuple[int, int]] = field(default_factory=list)
    names: set[bytes] = field(default_factory=set)
    contents: PdfContents = field(default_factory=PdfContents)

    def add_strings(self, value: object) -> bytes:
        """Adds the strings and names of an object, and returns it in PDF syntax, without the data of a stream.

        Objects that it refers to are not read. Returns b"" for a number or the like.
        """
        if not isinstance(value, pikepdf.Object):
            return b""
        # One call for the whole object: reading its entries one by one takes ten times as long.
        dictionary = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        written: bytes = dictionary.unparse(resolved=True)
        self.add_tokens(written)
        return written

    def add_tokens(self, written: bytes) -> None:
        """Adds the strings and names in an object in PDF syntax."""
        for token in _STRING_OR_NAME.findall(written):
            if token in self.names:
                continue
            text = _read_token(token)
            if token.startswith(b"/"):
                self.names.add(token)
                self.code[_decode_name(text)] = None
                continue
            self.words.append(text)
            if "%" in text:
                self.words.append(unquote(text))

    def add_stream(self, found: pikepdf.Stream) -> None:
        """Adds the contents of a stream according to its type, except the drawn streams of pages."""
        kind, subtype = get_entry(found, "/Type"), get_entry(found, "/Subtype")
        if subtype == "/Form":
            self.words.append(self.read_drawn_text(self.contents.list_operations(found)))
        elif subtype == "/Image":
            self.add_picture(found)
        elif kind == "/Metadata":
            self.metadata.append(found.read_bytes())
        elif kind == "/EmbeddedFile":
            self.files.append(found.read_bytes())
        elif kind not in ("/XRef", "/ObjStm") and found.objgen not in self.drawn_streams:
            self.add_unknown(found)

    def add_unknown(self, found: pikepdf.Stream) -> None:
        """Adds the readable strings of a stream; if it cannot be decompressed, those of its raw bytes."""
        try:
            data = found.read_bytes()
        except pikepdf.PdfError:
            data = found.read_raw_bytes()
        self.digests.add(hashlib.sha256(data).hexdigest())
        if b"begincmap" in data:
            data = _CODE_PAIRS.sub(b"", data)
        part = _read_repeated(data) if len(data) <= _MAX_REPEATED else read_binary("", data)
        self.code[part.code] = None

    def add_picture(self, found: pikepdf.Stream) -> None:
        """Adds a picture: a JPEG file is embedded unchanged, other pictures as samples."""
        raw = found.read_raw_bytes()
        self.digests.add(hashlib.sha256(raw).hexdigest())
        if get_entry(found, "/Filter") == "/DCTDecode":
            self.photographs.append(found.objgen)
        else:
            self.digests.add(hashlib.sha256(found.read_bytes()).hexdigest())

    def read_photographs(self, name: str) -> Iterator[Part]:
        """Reads the strings in each JPEG file, which are a part of their own so that those of one at a time are searched."""
        for number, photograph in enumerate(self.photographs, 1):
            yield Part(f"{name}, photograph {number}", code=read_binary("", self._read_raw(photograph)).code)

    def _read_raw(self, number: tuple[int, int]) -> bytes:
        return self.pdf.get_object(number).read_raw_bytes()

    def read_drawn_text(
        self,
        operations: Iterable[PdfOperation],
        elements: Sequence[tuple[int, ...]] = (),
        continued: "_Continued | None" = None,
    ) -> str:
        """Returns the text that a page or form draws, in drawing order.

        `elements` lists, by the number of the marked content (MCID), the structure elements around it, the outermost
        first. If `continued` is given, it gets the first and the last of them.
        """
        found: list[str] = []
        starts: list[tuple[int, tuple[int, ...]]] = []
        path: tuple[int, ...] = ()
        here: tuple[int, ...] = ()
        line = ""
        for operation in operations:
            operator = operation.operator
            if operator is PdfOperator.SHOW:
                if operation.text.strip():
                    if not _is_within(path, here):
                        found.append(BREAK)
                        starts.append((len(found), here))
                    elif not starts:
                        starts.append((len(found), here))
                    path = here
                found.append(operation.text)
            elif operator is PdfOperator.LINE and here:
                # Runs on one line of an element belong together; the labels of drawings do not.
                if operation.text != line:
                    found.append("\n")
                line = operation.text
            elif operator in (PdfOperator.BEGIN, PdfOperator.MARK):
                number = operation.number
                here = elements[number] if number is not None and number < len(elements) else ()
                if operation.properties and _NUMBERED.fullmatch(operation.properties) is None:
                    self.add_tokens(operation.properties)
            elif operator in (PdfOperator.MOVE, PdfOperator.LINE) or (operator is PdfOperator.END_TEXT and not here):
                found.append("\n")
        if continued is not None:
            continued.add_page(found, starts)
        return "".join(found)


class _Continued:
    """The texts of elements that continue from one page to the next: `texts` is what pages have of them so far, empty if the
    last page that was added begins others.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._last: dict[tuple[int, ...], str] = {}

    def add_page(self, found: Sequence[str], starts: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        """Adds the pieces of text on a page, and where each structure element begins in them."""
        before, self._last, self.texts = self._last, {}, []
        count = len(starts)
        for number, (start, path) in enumerate(starts):
            is_last = number >= count - _MAX_AT_EDGE
            if not path or not (is_last or number < _MAX_AT_EDGE):
                continue
            text = "".join(found[start : starts[number + 1][0] if number + 1 < count else None]).rstrip(BREAK)
            if path in before:
                text = f"{before[path][-_MAX_CONTINUED:]}\n{text[:_MAX_CONTINUED]}"
                self.texts.append(text)
            if is_last:
                self._last[path] = text


def _join_around_marks(drawn: str) -> Iterator[str]:
    """Yields the text around raised marks that are within a text, without the marks. If it overlaps, it is one text."""
    spans: list[tuple[int, int]] = []
    for mark in _MARK_LINE.finditer(drawn):
        start, end = max(mark.start() - _AROUND_MARK, 0), mark.end() + _AROUND_MARK
        if spans and start <= spans[-1][1]:
            start, _ = spans.pop()
        spans.append((start, end))
    for start, end in spans:
        yield _MARK_LINE.sub("", drawn[start:end])


# A line with only the mark of a footnote, between letters or digits; and how much of the text around it is read without it.
_MARK_LINE = re.compile(r"(?<=[^\W_])\n(?=\S)[^\s\w\0]{0,2}\w{0,2}[^\s\w\0]{0,2}\n(?= ?[^\W_])")
_AROUND_MARK = 60
# How many elements at the start and the end of a page may continue on another, beside its header and footer, and how many
# letters of each are read together.
_MAX_AT_EDGE, _MAX_CONTINUED = 12, 500
_ENCODED = re.compile("#([0-9A-Fa-f]{2})")


def _decode_name(name: str) -> str:
    """Decodes a name (ISO 32000-1, 7.3.5): removes the slash, and replaces escapes such as #20."""
    return _ENCODED.sub(lambda match: chr(int(match[1], 16)), name[1:]) if "#" in name else name[1:]


# Strings and names as qpdf writes them, with parentheses in literal strings escaped (ISO 32000-1, 7.3.4 and 7.3.5).
_STRING_OR_NAME = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|/[^\s()<>\[\]{}/%]*", re.S)


# The lines of a CMap that map one code to one character (9.10.3). They differ in each PDF and contain no text, so they are
# dropped; the other lines are read, because a code may be mapped to several characters.
_CODE_PAIRS = re.compile(rb"^[ \t]*<[0-9A-Fa-f]{1,4}>[ \t]*<[0-9A-Fa-f]{1,4}>[ \t]*\r?\n", re.M)
# The strings of larger streams are not cached. Fonts are the same in many files.
_MAX_REPEATED = 400_000


@lru_cache(maxsize=64)
def _read_repeated(data: bytes) -> Part:
    return read_binary("", data)


@lru_cache(maxsize=50_000)
def _read_token(token: bytes) -> str:
    """Decodes a string in any encoding, or returns a name with its slash."""
    return str(pikepdf.Object.parse(token))


# Properties that only number marked content.
_NUMBERED = re.compile(rb"\s*/MCID\s+[0-9]+\s*")


def list_drawn_streams(pdf: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Returns the object numbers of the content streams of pages, whose text is read in drawing order."""
    found = set()
    for page in pdf.pages:
        contents = get_entry(page.obj, "/Contents")
        streams = contents if isinstance(contents, pikepdf.Array) else (contents,)
        found |= {stream.objgen for stream in streams if isinstance(stream, pikepdf.Stream)}
    return frozenset(found)


def _is_within(path: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Returns whether one of two elements contains the other, so that a text may continue from one to the other."""
    length = min(len(path), len(other))
    return path[:length] == other[:length]


def _get_integer(dictionary: object, key: str) -> int:
    value: object = get_entry(dictionary, key) if isinstance(dictionary, pikepdf.Dictionary) else None
    return int(value) if isinstance(value, int) else -1
