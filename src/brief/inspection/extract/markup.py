"""Extracts HTML and XML: text, attributes, comments, style sheets, and files in data: URIs."""

import base64
import binascii
import contextlib
import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import unquote, unquote_to_bytes
from xml.parsers import expat

from brief.inspection.extract.part import Part, join_strings, read_binary

# Attributes that are displayed or read aloud, in HTML, SVG and WordprocessingML.
_TEXT_ATTRIBUTES = frozenset(
    ("alt", "title", "aria-label", "aria-description", "content", "placeholder", "value", "descr", "label")
)
_CODE_ELEMENTS = ("style", "script")
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_DATA_URI = re.compile(r"data:([^,;\s\"')]*)((?:;[^,;\s\"')]*)*),([^\s\"')]*)", re.I)
# Elements that end a paragraph of WordprocessingML or DrawingML; others do not, because a word may span several.
_PARAGRAPH = re.compile(r"(?:.*:)?p$")
_VALUE = re.compile(r"-?[0-9]{4,20}(\.[0-9]{1,20})?")
_RUNS = re.compile(r"(?:w|a|m):")


def extract_html(name: str, data: bytes) -> Iterator[Part]:
    """Extracts a page and each file embedded in it."""
    page = _Page()
    page.feed(data.decode("utf-8", "replace"))
    page.close()
    yield Part(name, join_strings(page.words), join_strings(page.code))
    yield from _extract_data_uris(name, page.code)


def extract_xml(name: str, data: bytes) -> Iterator[Part]:
    """Extracts an XML file and each file embedded in it; bytes that are not XML are inspected as bytes."""
    reader = _Xml()
    try:
        reader.read(data)
    except expat.ExpatError:
        yield read_binary(name, data)
        return
    digest = hashlib.sha256(data).hexdigest()
    yield Part(name, "".join(reader.words), join_strings(reader.code), frozenset((digest,)))
    yield from _extract_data_uris(name, reader.code)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.code: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CODE_ELEMENTS:
            self.within = tag
        for name, value in attrs:
            if value and (name in _TEXT_ATTRIBUTES or name.startswith("data-")):
                self.words.append(value)
            elif value:
                self.code += [value, unquote(value)] if "%" in value else [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within:
            self.code += [data, _decode_css_escapes(data)] if "\\" in data else [data]
        elif data.strip():
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.words.append(data)

    def handle_pi(self, data: str) -> None:
        self.words.append(data)

    def handle_decl(self, decl: str) -> None:
        self.code.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.words.append(data)


class _Xml:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.code: list[str] = []

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.words.append
        parser.CommentHandler = lambda text: self.words.append(f"\n{text}\n")
        parser.ProcessingInstructionHandler = lambda target, text: self.words.append(f"\n{target} {text}\n")
        parser.Parse(data, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if name.rpartition(":")[2] in _TEXT_ATTRIBUTES:
                self.words.append(f"\n{value}\n")
            self.code += [value, unquote(value)] if "%" in value else [value]

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "v" and self.words and _VALUE.fullmatch(self.words[-1]):
            # In charts and workbooks; 48213 is printed as 48,213.
            self.words.append(f"\n{Decimal(self.words[-1]):,f}")
        if _PARAGRAPH.match(tag) or not _RUNS.match(tag):
            self.words.append("\n")


def _decode_css_escapes(css: str) -> str:
    return _CSS_ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), css)


def _extract_data_uris(name: str, code: list[str]) -> Iterator[Part]:
    number = 0
    for text in code:
        for media_type, parameters, payload in _DATA_URI.findall(text) if "data:" in text else ():
            number += 1
            carried = f"{name}, data: URI {number}"
            data = unquote_to_bytes(payload)
            if parameters.lower().endswith("base64"):
                with contextlib.suppress(binascii.Error):
                    data = base64.b64decode(data)
            if media_type.lower().endswith(("xml", "html")):
                yield from extract_xml(carried, data)
            else:
                yield read_binary(carried, data)
