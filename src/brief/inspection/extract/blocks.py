"""Extracts what a reader of HTML and Word documents reads, block by block in reading order."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote
from xml.parsers import expat

from brief.inspection.extract.html_parser import QuickHtmlParser, cut_large_uris
from brief.inspection.extract.page_tree import PageTree
from brief.model.record import dataclass

# The kinds of blocks that are not running text: alternative texts, and lists of links such as the contents.
ALTERNATIVE, NAVIGATION = "alt", "nav"

# Elements within a line (HTML standard, phrasing content; MathML Core; SVG, 11.2).
_PHRASING = re.compile(
    r"a|abbr|b|bdi|bdo|br|cite|code|data|del|dfn|em|i|img|ins|kbd|mark|q|r[pt]|ruby|s|samp|small|span|strong|su[bp]|time|u|var|wbr"
    r"|tspan|math|m(?:ath|i|n|o|row|text|frac|sqrt|root|sup|sub|subsup|over|under|underover|table|tr|td|style|space|padded)"
)
# Elements without an end tag (HTML, 13.1.2).
VOID_ELEMENTS = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_UNREAD_ELEMENTS = ("style", "script")
_SPACES = re.compile(r"[ \t\r\n]+")
# Parts of a document that contain text, in the order in which they are read.
_DOCX_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_OTHER_DOCX_PARTS = re.compile(r"word/(?:header|footer)[0-9]*\.xml|word/charts/chart[^/]*\.xml")
_TEXTS = ("w:t", "a:t", "m:t", "c:v")
_INSTRUCTION = "w:instrText"
# Fields that print what a bookmark marks, or the number of its page (17.16.5.47 and 17.16.5.51).
_FIELD_TARGET = re.compile(r"\b(?:PAGE|NOTE)?REF\s+\"?([^\s\"\\]+)")
_BREAKS: Mapping[str, str] = {
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:br": " ",
    "w:cr": " ",
    "w:noBreakHyphen": "\u2011",
}
_DOCX_BLOCKS = ("w:p", "a:p", "c:pt", "m:oMathPara")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """The text of one block.

    `kind` is its element in HTML or its style in Word; or `ALTERNATIVE`, `NAVIGATION`, or "lang" for the language of a
    page. `part` is the file of a Word document that it is in; empty for a page.
    """

    kind: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class BlockDocument:
    """The blocks of a page or of a Word document, in reading order.

    - `anchors`: the ids that links may lead to; `targets`: the ids that links do lead to.
    - `main_end`: the number of blocks up to the end of a page's main part, after which its footer follows; None without
      one.
    - `addresses`: the links that leave a page.
    - `numbered`: the ids of elements with ordered lists, all of which the page numbers.
    - `passages`: (language, text) of each element of a page that states a language, without elements inside it that do.
    - `views`: the surfaces (`hiding.SURFACES`) on which a page shows other blocks, each with these blocks.
    """

    blocks: tuple[TextBlock, ...]
    anchors: frozenset[str]
    targets: frozenset[str]
    main_end: int | None = None
    addresses: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    passages: tuple[tuple[str, str], ...] = ()
    views: "tuple[tuple[str, BlockDocument], ...]" = ()

    @property
    def broken_links(self) -> tuple[str, ...]:
        """The targets of links that the document does not have."""
        return tuple(sorted(self.targets - self.anchors))


def read_html(data: bytes) -> BlockDocument:
    """Reads the blocks of a page on a wide screen, and of drawings in it; alternative texts follow the block they are
    in.
    """
    blocks = PageBlocks()
    page = _Page(blocks)
    page.feed(cut_large_uris(io.BytesIO(data))[0].decode("utf-8", "replace"))
    page.close()
    return blocks.finish()


def read_docx(data: bytes) -> BlockDocument:
    """Reads the paragraphs of a Word document: the text, the notes, page headers and footers, and the words of charts.

    Of fields, the results are read as text, and the instructions only for the targets of links.
    """
    word = WordBlocks()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = word.add(name)
            if part is not None:
                parser = expat.ParserCreate()
                parser.buffer_text = True
                parser.StartElementHandler = part.start
                parser.EndElementHandler = part.end
                parser.CharacterDataHandler = part.add_text
                parser.Parse(archive.read(name), True)
    return word.finish()


class WordBlocks:
    """The parts of a Word document that contain text."""

    def __init__(self) -> None:
        self._parts: dict[str, WordPart] = {}

    def add(self, name: str) -> "WordPart | None":
        """Returns the reader of the part with this name in the archive; None if such a part has no text."""
        if name not in _DOCX_PARTS and not _OTHER_DOCX_PARTS.fullmatch(name):
            return None
        part = self._parts[name] = WordPart(name)
        return part

    def finish(self) -> BlockDocument:
        """Returns the blocks of all parts in reading order."""
        others = sorted((name for name in self._parts if name not in _DOCX_PARTS), key=_split_number)
        parts = [self._parts[name] for name in (*_DOCX_PARTS, *others) if name in self._parts]
        return BlockDocument(
            tuple(block for part in parts for block in part.found),
            frozenset(anchor for part in parts for anchor in part.anchors),
            frozenset(target for part in parts for target in part.targets),
        )


@lru_cache(maxsize=500)
def _is_phrasing(tag: str) -> bool:
    return _PHRASING.fullmatch(tag) is not None


def _split_number(name: str) -> tuple[str, int]:
    digits = re.sub(r"\D", "", name)
    return re.sub(r"\d", "", name), int(digits or 0)


class _Page(QuickHtmlParser):
    def __init__(self, blocks: "PageBlocks") -> None:
        super().__init__(convert_charrefs=True)
        self._blocks = blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._blocks.start(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._blocks.end(tag)

    def handle_data(self, data: str) -> None:
        self._blocks.add_text(data)


class PageBlocks:
    """Collects the blocks of a page from its tags and texts, without text that the page hides from readers.

    The parser calls `start`, `end` and `add_text` in the order of the page, then `finish`.
    """

    def __init__(self) -> None:
        self._found: list[_PageBlock] = []
        self._anchors: set[str] = set()
        self._targets: set[str] = set()
        self._addresses: set[str] = set()
        self._open: list[str] = []
        self._pieces: list[tuple[int, str]] = []
        self._beside: list[_PageBlock] = []
        self._main_end: int | None = None
        self._unread = 0
        self._tree = PageTree()
        self._sheets: list[str] = []
        # The texts of blocks of which the page hides a part.
        self._shortened: dict[str, None] = {}

    def start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins an element."""
        named = dict(attrs)
        if identifier := named.get("id"):
            self._anchors.add(identifier)
        address = named.get("href") or named.get("xlink:href") or ""
        if address.startswith("#") and len(address) > 1:
            self._targets.add(unquote(address[1:]))
        elif tag == "a" and address:
            self._addresses.add(address)
        number = self._tree.start(tag, named, is_void=tag in VOID_ELEMENTS)
        if tag == "html":
            self._found.append(_PageBlock("lang", [(number, named.get("lang") or "")]))
        elif tag == "br":
            self._pieces.append((number, " "))
        elif not _is_phrasing(tag):
            self._end_block()
            self._open.append(tag)
        self._unread += tag in _UNREAD_ELEMENTS
        # A picture without its address is not drawn.
        alternative = (named.get("alt") if tag == "img" and named.get("src") else None) or named.get("aria-label")
        if alternative:
            self._beside.append(_PageBlock(ALTERNATIVE, [(number, alternative)]))

    def end(self, tag: str) -> None:
        """Ends an element."""
        self._unread -= tag in _UNREAD_ELEMENTS
        self._tree.end(tag)
        if not _is_phrasing(tag):
            self._end_block()
            # Elements without an end tag (meta, link) are closed with the one around them.
            if tag in self._open:
                while self._open.pop() != tag:
                    pass
        if tag == "main":
            self._main_end = len(self._found)

    def add_text(self, data: str) -> None:
        """Adds text within the last element."""
        if not self._unread:
            self._pieces.append((self._tree.current, data))
        elif self._tree.current_tag == "style":
            self._sheets.append(data)

    def finish(self) -> BlockDocument:
        """Returns the blocks that the page shows on a wide screen, and as views those of the surfaces where they
        differ.
        """
        self._end_block()
        sheet = "\n".join(self._sheets)
        found = self._tree.find_hidden(sheet)
        made = {where: self._make_document(hidden) for where, hidden in found.items()}
        passages = self._tree.collect_passages(piece for block in self._found for piece in block.pieces)
        wide = replace(made.pop(""), numbered=self._tree.find_numbered(sheet), passages=passages)
        return replace(wide, views=tuple((where, view) for where, view in made.items() if view.blocks != wide.blocks))

    def list_shortened_texts(self) -> tuple[str, ...]:
        """Returns the texts of the blocks of which the page hides a part, without that part; call `finish` before."""
        return tuple(self._shortened)

    def _make_document(self, hidden: Set[int]) -> BlockDocument:
        blocks: list[TextBlock] = []
        main_end: int | None = None
        for number, block in enumerate(self._found):
            if number == self._main_end:
                main_end = len(blocks)
            text = block.read(hidden)
            if text and text != block.text:
                self._shortened[text] = None
            if text or block.kind == "lang":
                blocks.append(TextBlock(block.kind, text))
        if self._main_end == len(self._found):
            main_end = len(blocks)
        anchors, targets, addresses = map(frozenset, (self._anchors, self._targets, self._addresses))
        return BlockDocument(tuple(blocks), anchors, targets, main_end, addresses)

    def _end_block(self) -> None:
        if any(not text.isspace() for _, text in self._pieces):
            kind = self._open[-1] if self._open else ""
            if NAVIGATION in self._open:
                kind = NAVIGATION
            elif kind in ("title", "desc") and "svg" in self._open:
                kind = ALTERNATIVE
            self._found.append(_PageBlock(kind, self._pieces))
            self._pieces = []
        self._pieces.clear()
        self._found += self._beside
        self._beside.clear()


class _PageBlock:
    """A block of a page: its pieces of text, each with the number of its element in the `PageTree`, and its whole text."""

    __slots__ = ("_elements", "kind", "pieces", "text")

    def __init__(self, kind: str, pieces: list[tuple[int, str]]) -> None:
        self.kind = kind
        self.pieces = pieces
        self.text = _join(text for _, text in pieces)
        self._elements = frozenset(element for element, _ in pieces)

    def read(self, hidden: Set[int]) -> str:
        """Returns the text that is not in hidden elements."""
        if self._elements.isdisjoint(hidden):
            return self.text
        return _join(text for element, text in self.pieces if element not in hidden)


def _join(pieces: Iterable[str]) -> str:
    return _SPACES.sub(" ", "".join(pieces)).strip(" ")


class WordPart:
    """Collects the blocks of a part in WordprocessingML and DrawingML (ECMA-376 part 1, 17 and 21) from its tags and
    texts.
    """

    def __init__(self, name: str) -> None:
        self.found: list[TextBlock] = []
        self.anchors: set[str] = set()
        self.targets: set[str] = set()
        self._name = name
        self._styles: list[str] = []
        self._pieces: list[list[str]] = []
        self._text_element = ""
        # The fallback for other programs (part 3, 10.2.2) repeats the same content.
        self._fallbacks = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begins an element."""
        self._fallbacks += tag == "mc:Fallback"
        if self._fallbacks:
            return
        if tag in _DOCX_BLOCKS:
            self._pieces.append([])
            self._styles.append(tag.partition(":")[2])
        elif tag == "w:pStyle" and self._styles:
            self._styles[-1] = attributes.get("w:val", "")
        elif tag in _TEXTS or tag == _INSTRUCTION:
            self._text_element = tag
        elif tag in _BREAKS and self._pieces:
            # Tab stops have the name of a tab, and are listed with the properties of the paragraph.
            if not attributes or tag == "w:br":
                self._pieces[-1].append(_BREAKS[tag])
        elif tag == "w:bookmarkStart":
            self.anchors.add(attributes.get("w:name", ""))
        elif tag == "w:hyperlink" and "w:anchor" in attributes:
            self.targets.add(attributes["w:anchor"])
        elif tag == "wp:docPr" and attributes.get("descr"):
            self.found.append(TextBlock(ALTERNATIVE, attributes["descr"], self._name))

    def end(self, tag: str) -> None:
        """Ends an element."""
        if tag == "mc:Fallback":
            self._fallbacks -= 1
        elif self._fallbacks:
            return
        elif tag in _DOCX_BLOCKS:
            text, style = "".join(self._pieces.pop()).strip(" "), self._styles.pop()
            if text:
                self.found.append(TextBlock(style, text, self._name))
        elif tag == self._text_element:
            self._text_element = ""

    def add_text(self, text: str) -> None:
        """Adds text within the last element."""
        if self._fallbacks or not self._text_element:
            return
        if self._text_element == _INSTRUCTION:
            self.targets.update(_FIELD_TARGET.findall(text))
        elif self._pieces:
            self._pieces[-1].append(text)
