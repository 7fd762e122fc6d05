"""Extracts the strings of HTML and XML: text, attributes, comments, style sheets, and files in data: URIs."""

import base64
import binascii
import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import unquote, unquote_to_bytes
from xml.parsers import expat

from brief.inspection.extract.blocks import VOID_ELEMENTS, PageBlocks, WordPart
from brief.inspection.extract.css_texts import decode_css_escapes, find_printed_attributes, find_printed_texts
from brief.inspection.extract.element_text import ElementText
from brief.inspection.extract.html_parser import LARGE_URI, QuickHtmlParser, cut_large_uris
from brief.inspection.extract.part import BREAK, Part, join_strings, read_binary
from brief.inspection.extract.styled.styled_text import PageEvent, read_styled_texts
from brief.inspection.extract.tag_kinds import INLINE_ELEMENTS, describe_tag

# Attributes that are displayed or read aloud, in HTML, SVG and WordprocessingML.
_TEXT_ATTRIBUTES = frozenset((
    "alt", "title", "aria-label", "aria-description", "content", "placeholder", "value", "descr", "label", "start",
    # Of Word: the entries of a list, the code of a field, the text of an old drawing, and the tip of a link.
    "displayText", "instr", "string", "tooltip",
))  # fmt: skip
_CODE_ELEMENTS = ("style", "script")
_MARKS, _RUN = ("sup", "sub"), "w:r"
# Annotations above a text (HTML standard, 4.5.12).
_RUBY = ("rt", "rp")
_CELLS = ("td", "th")
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_DATA_URI = re.compile(r"data:([^,;\s\"')]*)((?:;[^,;\s\"')]*)*),([^\s\"')]*)", re.I)
_SYMBOL, _SYMBOL_CODE = "w:sym", re.compile("[0-9a-fA-F]{1,4}")
# The end of a rule in a style sheet. Rules are separate strings, because most pages have the same ones, whose results are
# remembered; nothing that is decoded continues in the next rule.
_RULE_END = re.compile(r"(?<=\})\n")
_VALUE = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")
_VALUE_DIGITS = 12
# Shorter names of attributes are those that HTML and SVG have.
_LONG_NAME = 12
# The most bytes of an XML file whose strings are cached, in case another file is the same.
_MAX_CACHED = 100_000


def extract_html(name: str, data: BinaryIO, blocks: PageBlocks | None = None) -> Iterator[Part]:
    """Extracts a page and each file embedded in it. If `blocks` is given, it gets the tags and texts of the page as
    well.
    """
    page = _Page(blocks)
    markup, uris = cut_large_uris(data)
    text = markup.decode("utf-8", "replace")
    page.feed(text)
    page.close()
    styled = read_styled_texts(text, "\n".join(page.sheets), page.events)
    yield from _divide(name, join_strings((page.join_words(), *styled)), page.code)
    for start, length in uris:
        data.seek(start)
        uri = data.read(length).decode("ascii")
        yield Part(name, code=uri)
        yield from extract_data_uris(name, [uri])


def extract_xml(name: str, data: bytes, word: WordPart | None = None) -> Iterator[Part]:
    """Extracts an XML file and each file embedded in it; data that is not XML is treated as binary and as a page.

    If `word` is given, it gets the tags and texts of the file as well.
    """
    is_cached = word is None and len(data) <= _MAX_CACHED
    read = _read_xml_cached(data) if is_cached else _read_xml(data, word)
    if read is None:
        yield read_binary(name, data)
        yield from extract_html(name, io.BytesIO(data))
        return
    words, code = read
    digest = hashlib.sha256(data).hexdigest()
    yield from _divide(name, words, code, frozenset((digest,)))


def _divide(name: str, words: str, code: list[str], digests: frozenset[str] = frozenset()) -> Iterator[Part]:
    """Yields a document, and each file embedded in it. Each large data: URI is a part of its own, so that not all of
    them are in memory for a search.
    """
    joined = join_strings(code)
    large = [text for text in code if _is_large(text)] if "data:" in joined.lower() else []
    if large:
        joined = join_strings(text for text in code if not _is_large(text))
    yield Part(name, words, joined, digests)
    yield from (Part(name, code=text) for text in large)
    if large or "data:" in joined.lower():
        yield from extract_data_uris(name, code)


def _is_large(text: str) -> bool:
    return len(text) > LARGE_URI and text.lstrip()[:5].lower() == "data:"


def _read_xml(data: bytes, word: WordPart | None = None) -> tuple[str, list[str]] | None:
    """Reads the words and the code of XML; returns None if it is not XML."""
    reader = _Xml() if word is None else _WordXml(word)
    try:
        reader.read(data)
    except (expat.ExpatError, LookupError, ValueError):
        # A LookupError or ValueError means that the encoding is unknown, or that Expat cannot read it.
        return None
    return reader.words.join(), reader.code


# Documents share style sheets, and the workbooks of charts share all parts except the sheet.
_read_xml_cached = lru_cache(maxsize=256)(_read_xml)


class _Page(QuickHtmlParser):
    def __init__(self, blocks: PageBlocks | None) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = blocks
        self.words = ElementText()
        self.code: list[str] = []
        self.sheets: list[str] = []
        self.events: list[PageEvent] = []
        self._code_element = ""
        # Attributes that the style sheet prints.
        self._printed: set[str] = set()
        # The text of hidden elements and annotations, which does not interrupt the text around it.
        self._aside = ElementText()
        # The tag of the outermost such element, and how many elements with that tag are open within it, including it.
        self._aside_tag, self._aside_depth = "", 0

    def join_words(self) -> str:
        """Returns the texts, separated by `BREAK`."""
        return join_strings((self.words.join(), self._aside.join()))

    @property
    def _text(self) -> ElementText:
        return self._aside if self._aside_depth else self.words

    def _enter_aside(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._aside_depth:
            self._aside_depth += tag == self._aside_tag
        elif tag in _RUBY or (tag not in VOID_ELEMENTS and any(_is_hiding(name, value) for name, value in attrs)):
            self._aside_tag, self._aside_depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_startendtag(tag, attrs)
        # In HTML, a slash does not end an element.
        self.events.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append(("start", tag, attrs))
        if self.blocks is not None:
            self.blocks.start(tag, attrs)
        if tag in _CODE_ELEMENTS:
            self._code_element = tag
        self._enter_aside(tag, attrs)
        if tag not in ("br", "img", "wbr"):
            self._text.start(is_inline=tag in INLINE_ELEMENTS, is_mark=tag in _MARKS)
        elif tag == "br":
            self._text.add("\n")
        for name, value in attrs:
            if len(name) >= _LONG_NAME:
                self.code.append(name)
            if value and (name in _TEXT_ATTRIBUTES or name.startswith("data-") or name in self._printed):
                self.words.add_beside(value)
            elif value:
                self.code += [value, unquote(value)] if "%" in value else [value]
                if name == "style":
                    self._add_css_strings(value)

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("end", tag, ()))
        if self.blocks is not None:
            self.blocks.end(tag)
        if tag == self._code_element:
            self._code_element = ""
        if tag in _CELLS:
            self._text.end_cell()
        self._text.end(is_inline=tag in INLINE_ELEMENTS)
        if tag == self._aside_tag and self._aside_depth:
            self._aside_depth -= 1

    def handle_data(self, data: str) -> None:
        self.events.append(("text", data, ()))
        if self.blocks is not None:
            self.blocks.add_text(data)
        if self._code_element:
            for rule in _RULE_END.split(data):
                self.code += [rule, decode_css_escapes(rule)] if "\\" in rule else [rule]
            if self._code_element == "style":
                self.sheets.append(data)
            self._printed |= find_printed_attributes(data)
            self._add_css_strings(data)
        else:
            self._text.add(data)

    def handle_comment(self, data: str) -> None:
        self.words.add_beside(data)

    def handle_pi(self, data: str) -> None:
        self.words.add_beside(data)

    def handle_decl(self, decl: str) -> None:
        self.code.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.words.add_beside(data)

    def _add_css_strings(self, rules: str) -> None:
        for text in find_printed_texts(rules):
            self.words.add_beside(text)


def _is_hiding(name: str, value: str | None) -> bool:
    """Returns whether an attribute hides its element without a style sheet."""
    return name == "hidden" or (name == "style" and value is not None and _NOT_DISPLAYED.search(value) is not None)


class _Xml:
    def __init__(self) -> None:
        self.words = ElementText()
        self.code: list[str] = []
        self._last = ""
        self._is_vocabulary = False
        self._is_dividing = False

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add_text
        parser.CommentHandler = self.words.add_beside
        parser.ProcessingInstructionHandler = lambda target, text: self.words.add_beside(f"{target} {text}")
        parser.Parse(data, True)

    def add_text(self, text: str) -> None:
        self._last = text
        if self._is_vocabulary:
            self.code.append(text)
        else:
            self.words.add(text)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = describe_tag(tag)
        self._is_vocabulary = kind.is_vocabulary
        if kind.printed:
            self.words.add(kind.printed)
        elif tag == _SYMBOL and _SYMBOL_CODE.fullmatch(attributes.get("w:char", "")):
            # Word stores the characters of symbol fonts in the private use area, from F000 on.
            code = int(attributes["w:char"], 16)
            self.words.add(chr(code & 0xFF if code & 0xFF00 == 0xF000 else code).encode("utf-8", "replace").decode())
        elif kind.is_inline:
            self.words.start(is_inline=True, is_mark=tag in _MARKS)
        elif kind.is_dividing:
            self.words.open_mark()
            self._is_dividing = True
        elif kind.has_printed_value:
            self.words.add_beside(attributes.get("w:val", ""))
        for name, value in attributes.items():
            if _is_text_attribute(name):
                self.words.add_beside(value)
            self.code.append(value)
            if "%" in value:
                self.code.append(unquote(value))

    def end(self, tag: str) -> None:
        kind = describe_tag(tag)
        if kind.is_value and _VALUE.fullmatch(self._last):
            # In charts and workbooks; 48213 is printed as 48,213.
            self.words.add(BREAK + _format_value(self._last))
        elif kind.is_style:
            for text in find_printed_texts(self._last):
                self.words.add_beside(text)
        self._last = ""
        self._is_vocabulary = False
        if self._is_dividing and tag == _RUN:
            self.words.close_mark()
            self._is_dividing = False
        if kind.is_inline:
            self.words.end(is_inline=True)
        elif kind.ends_text:
            self.words.end(is_inline=False)


class _WordXml(_Xml):
    """Reads a part of a Word document for the search and as blocks."""

    def __init__(self, word: WordPart) -> None:
        super().__init__()
        self._word = word

    def add_text(self, text: str) -> None:
        self._word.add_text(text)
        _Xml.add_text(self, text)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._word.start(tag, attributes)
        _Xml.start(self, tag, attributes)

    def end(self, tag: str) -> None:
        self._word.end(tag)
        _Xml.end(self, tag)


@lru_cache(maxsize=2_000)
def _is_text_attribute(name: str) -> bool:
    return name.rpartition(":")[2] in _TEXT_ATTRIBUTES


def _format_value(digits: str) -> str:
    """Formats a number of a workbook as it is printed, without the digits that come only from binary floating point."""
    try:
        value = Decimal(f"{Decimal(digits):.{_VALUE_DIGITS}g}")
    except InvalidOperation:
        return digits
    return f"{value:,f}"


def extract_data_uris(name: str, code: list[str]) -> Iterator[Part]:
    """Extracts the files in the data: URIs of the texts; `name` is that of the file with the texts."""
    number = 0
    for text in code:
        for media_type, parameters, payload in _DATA_URI.findall(text) if "data:" in text.lower() else ():
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
