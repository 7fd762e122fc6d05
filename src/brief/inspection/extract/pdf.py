"""Extracts a PDF object by object: strings, names, drawn text by the fonts' ToUnicode maps, metadata, embedded files."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

import pikepdf

from brief.inspection.extract.markup import extract_xml
from brief.inspection.extract.part import BREAK, Part, join_strings, read_binary
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation


def extract_pdf(name: str, data: bytes) -> Iterator[tuple[Part, bytes | None]]:
    """Extracts the parts of a PDF, each with the bytes of its embedded file, if any.

    All objects are inspected, including those that no page refers to: strings (text of the outline, structure tree, document
    information, annotations and links), names, and every stream by its type. Encrypted files are not supported, because brief writes none.

    Raises:
        ContentError: the file is damaged or encrypted.
    """
    try:
        yield from _extract_objects(name, data)
    except pikepdf.PdfError as problem:
        message = f"it cannot be read ({type(problem).__name__}) and therefore not be inspected"
        hint = "repair the original file, or leave it out"
        raise ContentError([Diagnostic("not-inspected", message, SourceLocation(name), hint)]) from None


def _extract_objects(name: str, data: bytes) -> Iterator[tuple[Part, bytes | None]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        reader = PdfReader(pdf, list_drawn_streams(pdf), _map_elements(pdf))
        for found in pdf.objects:
            reader.add_strings(found)
            if isinstance(found, pikepdf.Stream):
                reader.stream(found)
        for number, page in enumerate(pdf.pages, 1):
            elements = reader.elements.get(_get_integer(page.obj, "/StructParents"), ())
            drawn = reader.read_drawn_text(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()), elements)
            yield Part(f"{name}, page {number}", drawn), None
        yield (
            Part(f"{name}, objects", join_strings(reader.words), join_strings(reader.code), frozenset(reader.digests)),
            None,
        )
        for number, text in enumerate(reader.metadata, 1):
            for part in extract_xml(f"{name}, metadata {number}", text):
                yield part, None
        yield Part(f"{name}, comments", code=join_strings(find_comments(pdf, data, reader.is_drawn))), None
        for number, file in enumerate(reader.files, 1):
            yield Part(f"{name}, embedded file {number}"), file


@dataclass(slots=True)
class PdfReader:
    """Collects the strings, names, digests and files of PDF objects."""

    pdf: pikepdf.Pdf
    is_drawn: frozenset[tuple[int, int]]
    elements: Mapping[int, Sequence[tuple[int, ...]]]
    words: list[str] = field(default_factory=list)
    code: dict[str, None] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    metadata: list[bytes] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    fonts: dict[tuple[int, int], Mapping[bytes, str]] = field(default_factory=dict)

    def add_strings(self, value: object) -> None:
        """Adds the strings and names of an object; objects that it refers to are inspected separately."""
        if not isinstance(value, pikepdf.Object):
            return
        # One call for the whole object: reading its entries one by one takes ten times as long.
        written = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        for token in _STRING_OR_NAME.findall(written.unparse(resolved=True)):
            text = _read_token(token)
            if token.startswith(b"/"):
                self.code[_decode_name(text)] = None
                continue
            self.words.append(text)
            if "%" in text:
                self.words.append(unquote(text))

    def stream(self, found: pikepdf.Stream) -> None:
        kind, subtype = found.get("/Type"), found.get("/Subtype")
        if subtype == "/Form":
            self.words.append(self.read_drawn_text(found, found.get("/Resources", pikepdf.Dictionary())))
        elif subtype == "/Image":
            self.add_picture(found)
        elif kind == "/Metadata":
            self.metadata.append(found.read_bytes())
        elif kind == "/EmbeddedFile":
            self.files.append(found.read_bytes())
        elif kind not in ("/XRef", "/ObjStm") and found.objgen not in self.is_drawn:
            self.add_unknown(found)

    def add_unknown(self, found: pikepdf.Stream) -> None:
        try:
            part = read_binary("", found.read_bytes())
        except pikepdf.PdfError:
            part = read_binary("", found.read_raw_bytes())
        self.code[part.code] = None
        self.digests |= part.digests

    def add_picture(self, found: pikepdf.Stream) -> None:
        """Adds a picture: a JPEG file is embedded unchanged, other pictures as samples."""
        raw = found.read_raw_bytes()
        self.digests.add(hashlib.sha256(raw).hexdigest())
        if found.get("/Filter") == "/DCTDecode":
            self.code[read_binary("", raw).code] = None
        else:
            self.digests.add(hashlib.sha256(found.read_bytes()).hexdigest())

    def read_drawn_text(
        self, content: pikepdf.Object, resources: pikepdf.Object, elements: Sequence[tuple[int, ...]] = ()
    ) -> str:
        """Returns the text that a page or form draws, in drawing order.

        `elements` holds, by the number of the marked content, the structure elements around it, from the outermost.
        """
        fonts = resources.get("/Font", pikepdf.Dictionary())
        known: dict[str, Mapping[bytes, str]] = {}
        decode: Mapping[bytes, str] = {}
        found: list[str] = []
        path: tuple[int, ...] = ()
        here: tuple[int, ...] = ()
        line: object = None
        for instruction in pikepdf.parse_content_stream(content, _OPERATORS):
            operands, operator = instruction.operands, str(instruction.operator)
            text = ""
            if operator == "Tf":
                name = str(operands[0])
                if name not in known:
                    known[name] = self.read_font(fonts.get(name))
                decode = known[name]
            elif operator in ("Tj", "'", '"'):
                text = _decode_codes(bytes(operands[-1]), decode)
            elif operator == "TJ":
                strings = [bytes(item) for item in operands[0] if isinstance(item, pikepdf.Object)]
                text = _decode_codes(b"".join(strings), decode)
            elif operator in ("BDC", "DP"):
                self.add_strings(operands[1])
                number = _get_integer(operands[1], "/MCID")
                here = elements[number] if 0 <= number < len(elements) else ()
            elif operator == "BMC":
                here = ()
            elif operator == "Tm" and here:
                # Runs on one line of an element belong together; the labels of drawings do not.
                if operands[5] != line:
                    found.append("\n")
                line = operands[5]
            elif operator in ("Td", "TD", "T*", "Tm") or (operator == "ET" and not here):
                found.append("\n")
            if text.strip():
                if not _is_within(path, here):
                    found.append(BREAK)
                path = here
            found.append(text)
        return "".join(found)

    def read_font(self, font: pikepdf.Object | None) -> Mapping[bytes, str]:
        if font is None:
            return {}
        if font.objgen not in self.fonts or not font.is_indirect:
            mapping = font.get("/ToUnicode")
            self.fonts[font.objgen] = (
                parse_to_unicode(mapping.read_bytes()) if isinstance(mapping, pikepdf.Stream) else {}
            )
        return self.fonts[font.objgen]


# The bodies of streams are removed before comments are searched; streams are read as objects.
_STREAM_BODY = re.compile(rb"stream\r?\n.*?endstream", re.S)
_COMMENT = re.compile(rb"%[^\r\n]{6,}")
_ENCODED = re.compile("#([0-9A-Fa-f]{2})")


def find_comments(pdf: pikepdf.Pdf, data: bytes, drawn: frozenset[tuple[int, int]]) -> Iterator[str]:
    """Yields the comments in the file and in page contents, and whatever follows the end marker of the file."""
    bodies = [_STREAM_BODY.sub(b"", data), *(pdf.get_object(objgen).read_bytes() for objgen in drawn)]
    found = [comment for body in bodies for comment in _COMMENT.findall(body)]
    for text in (*found, data.rpartition(b"%%EOF")[2]):
        yield from read_binary("", text).code.split(BREAK)


def _decode_name(name: str) -> str:
    """Decodes a name (ISO 32000-1, 7.3.5): removes the slash, and replaces escapes such as #20."""
    return _ENCODED.sub(lambda match: chr(int(match[1], 16)), name[1:]) if "#" in name else name[1:]


# Strings and names as qpdf writes them, with parentheses in literal strings escaped (ISO 32000-1, 7.3.4 and 7.3.5).
_STRING_OR_NAME = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|/[^\s()<>\[\]{}/%]*", re.S)


@lru_cache(maxsize=50_000)
def _read_token(token: bytes) -> str:
    """Decodes a string or a name, whatever its encoding."""
    return str(pikepdf.Object.parse(token))


# Operators that draw text, choose its font or mark it.
_OPERATORS = "BDC BMC DP Tf Tj TJ ' \" Td TD T* Tm ET"
# Structure elements within a line (ISO 32000-1, 14.8.4.4; ISO 32000-2, 14.8.4.7).
_INLINE = frozenset(("/Span", "/Link", "/Em", "/Strong", "/Code", "/Quote", "/Reference", "/Annot", "/NonStruct"))
# The greatest depth to which the structure tree is followed.
_DEEPEST = 100


def list_drawn_streams(pdf: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Lists the content streams of pages, whose text is read in drawing order."""
    found = set()
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        streams = contents if isinstance(contents, pikepdf.Array) else (contents,)
        found |= {stream.objgen for stream in streams if isinstance(stream, pikepdf.Stream)}
    return frozenset(found)


def _map_elements(pdf: pikepdf.Pdf) -> dict[int, list[tuple[int, ...]]]:
    """Maps the marked content of pages to its structure elements (ISO 32000-1, 14.7.4.4), by page key and content number."""
    root = pdf.Root.get("/StructTreeRoot")
    tree = root.get("/ParentTree") if isinstance(root, pikepdf.Dictionary) else None
    numbers = tree.get("/Nums") if isinstance(tree, pikepdf.Dictionary) else None
    if not isinstance(numbers, pikepdf.Array):
        return {}
    paths: dict[tuple[int, int], tuple[int, ...]] = {}
    found = {}
    items = list(numbers)
    for key, parents in zip(items[::2], items[1::2], strict=False):
        if isinstance(parents, pikepdf.Array):
            found[int(key)] = [_find_outer_path(parent, paths) for parent in parents]
    return found


def _find_outer_path(element: object, paths: dict[tuple[int, int], tuple[int, ...]]) -> tuple[int, ...]:
    """Returns the path of an element; of one within a line, that of the element around it."""
    path = _find_path(element, paths)
    is_inline = isinstance(element, pikepdf.Dictionary) and str(element.get("/S")) in _INLINE
    return path[:-1] if is_inline else path


def _find_path(element: object, paths: dict[tuple[int, int], tuple[int, ...]]) -> tuple[int, ...]:
    """Returns the structure elements around a marked content, from the outermost to its own."""
    above: list[tuple[int, int]] = []
    while isinstance(element, pikepdf.Dictionary) and element.objgen not in paths and len(above) < _DEEPEST:
        above.append(element.objgen)
        element = element.get("/P")
    path = paths.get(element.objgen, ()) if isinstance(element, pikepdf.Dictionary) else ()
    for objgen in reversed(above):
        path = paths[objgen] = (*path, objgen[0])
    return path


def _is_within(path: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Returns whether one of two elements contains the other, so that a text may continue from one to the other."""
    length = min(len(path), len(other))
    return path[:length] == other[:length]


def _get_integer(dictionary: object, key: str) -> int:
    value = dictionary.get(key) if isinstance(dictionary, pikepdf.Dictionary) else None
    return int(value) if isinstance(value, int) else -1


def _decode_codes(codes: bytes, decode: Mapping[bytes, str]) -> str:
    """Decodes character codes; those of a font without a mapping are read as Latin-1."""
    if not decode:
        return codes.decode("latin-1")
    size = len(next(iter(decode)))
    return "".join(decode.get(codes[at : at + size], "") for at in range(0, len(codes), size))


_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def parse_to_unicode(cmap: bytes) -> dict[bytes, str]:
    """Parses a ToUnicode CMap (ISO 32000-1, 9.10.3) into a table."""
    table: dict[bytes, str] = {}
    for kind, body in _SECTION.findall(cmap):
        tokens = iter(_TOKEN.findall(body))
        for first, *_ in tokens:
            low = _parse_hex(first)
            if kind == b"bfchar":
                table[low] = _decode_utf16(_parse_hex(next(tokens)[0]))
                continue
            high = _parse_hex(next(tokens)[0])
            target, opened, _ = next(tokens)
            start, length = int.from_bytes(low), len(low)
            if opened:
                for offset, (item, _, closed) in enumerate(tokens):
                    if closed:
                        break
                    table[(start + offset).to_bytes(length)] = _decode_utf16(_parse_hex(item))
            else:
                text = _decode_utf16(_parse_hex(target))
                for offset in range(int.from_bytes(high) - start + 1):
                    table[(start + offset).to_bytes(length)] = text[:-1] + chr(ord(text[-1]) + offset)
    return table


def _parse_hex(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode("ascii"))


def _decode_utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "replace")
