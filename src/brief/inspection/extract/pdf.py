"""Extracts a PDF object by object: strings, names, drawn text by its fonts' ToUnicode, metadata, embedded files."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import pikepdf

from brief.inspection.extract.markup import extract_xml
from brief.inspection.extract.part import Part, join_strings, read_binary


def extract_pdf(name: str, data: bytes) -> Iterator[tuple[Part, bytes | None]]:
    """Extracts the parts of a PDF, each with the bytes of its embedded file, if any.

    All objects are inspected, including those that no page refers to: strings (text of the outline, structure tree, document
    information, annotations and links), names, and every stream by its type. Encrypted files are not supported, because brief writes none.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        reader = _Reader(pdf)
        for found in pdf.objects:
            reader.strings(found)
            if isinstance(found, pikepdf.Stream):
                reader.stream(found)
        for number, page in enumerate(pdf.pages, 1):
            drawn = reader.drawn(page.obj, page.obj.get("/Resources", pikepdf.Dictionary()))
            yield Part(f"{name}, page {number}", drawn), None
        yield (
            Part(f"{name}, objects", join_strings(reader.words), join_strings(reader.code), frozenset(reader.digests)),
            None,
        )
        for number, text in enumerate(reader.metadata, 1):
            for part in extract_xml(f"{name}, metadata {number}", text):
                yield part, None
        for number, file in enumerate(reader.files, 1):
            yield Part(f"{name}, embedded file {number}"), file


@dataclass(slots=True)
class _Reader:
    pdf: pikepdf.Pdf
    words: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    metadata: list[bytes] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    fonts: dict[tuple[int, int], Mapping[bytes, str]] = field(default_factory=dict)

    def strings(self, value: object, *, top: bool = True) -> None:
        """Yields the strings and names of an object; referenced objects are inspected separately."""
        if isinstance(value, pikepdf.Object) and value.is_indirect and not top:
            return
        match value:
            case pikepdf.String():
                self.words.append(text := str(value))
                if "%" in text:
                    self.words.append(unquote(text))
            case pikepdf.Name():
                self.code.append(str(value)[1:])
            case pikepdf.Array():
                for item in value:
                    self.strings(item, top=False)
            case pikepdf.Dictionary() | pikepdf.Stream():
                for key, item in value.items():
                    self.code.append(key[1:])
                    self.strings(item, top=False)
            case _:
                pass

    def stream(self, found: pikepdf.Stream) -> None:
        kind, subtype = found.get("/Type"), found.get("/Subtype")
        if subtype == "/Form":
            self.words.append(self.drawn(found, found.get("/Resources", pikepdf.Dictionary())))
        elif subtype == "/Image":
            self.picture(found)
        elif kind == "/Metadata":
            self.metadata.append(found.read_bytes())
        elif kind == "/EmbeddedFile":
            self.files.append(found.read_bytes())
        elif kind not in ("/XRef", "/ObjStm"):
            self.unknown(found)

    def unknown(self, found: pikepdf.Stream) -> None:
        try:
            part = read_binary("", found.read_bytes())
        except pikepdf.PdfError:
            part = read_binary("", found.read_raw_bytes())
        self.code.append(part.code)
        self.digests |= part.digests

    def picture(self, found: pikepdf.Stream) -> None:
        """Adds a picture: a JPEG file is embedded unchanged, other pictures as samples."""
        raw = found.read_raw_bytes()
        self.digests.add(hashlib.sha256(raw).hexdigest())
        if found.get("/Filter") == "/DCTDecode":
            self.code.append(read_binary("", raw).code)
        else:
            self.digests.add(hashlib.sha256(found.read_bytes()).hexdigest())

    def drawn(self, content: pikepdf.Object, resources: pikepdf.Object) -> str:
        """Returns the text that a page or form draws, in drawing order."""
        fonts = resources.get("/Font", pikepdf.Dictionary())
        decode: Mapping[bytes, str] = {}
        found: list[str] = []
        for instruction in pikepdf.parse_content_stream(content):
            operands, operator = instruction.operands, str(instruction.operator)
            if operator == "Tf":
                decode = self.font(fonts.get(str(operands[0])))
            elif operator in ("Tj", "'", '"'):
                found.append(_decode_codes(bytes(operands[-1]), decode))
            elif operator == "TJ":
                found += [
                    _decode_codes(bytes(item), decode) for item in operands[0] if isinstance(item, pikepdf.String)
                ]
            elif operator in ("BDC", "DP"):
                self.strings(operands[1])
            elif operator in ("Td", "TD", "T*", "Tm", "ET"):
                found.append("\n")
        return "".join(found)

    def font(self, font: pikepdf.Object | None) -> Mapping[bytes, str]:
        if font is None:
            return {}
        if font.objgen not in self.fonts or not font.is_indirect:
            mapping = font.get("/ToUnicode")
            self.fonts[font.objgen] = (
                _parse_to_unicode(mapping.read_bytes()) if isinstance(mapping, pikepdf.Stream) else {}
            )
        return self.fonts[font.objgen]


def _decode_codes(codes: bytes, decode: Mapping[bytes, str]) -> str:
    """Decodes codes to text; codes of a font without a mapping are read as Latin-1."""
    if not decode:
        return codes.decode("latin-1")
    size = len(next(iter(decode)))
    return "".join(decode.get(codes[at : at + size], "") for at in range(0, len(codes), size))


_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def _parse_to_unicode(cmap: bytes) -> dict[bytes, str]:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3) as a table."""
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
