"""Extracts the blocks of a page of the HTML writer, so that several locales can be shown side by side."""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from html.parser import HTMLParser

from brief.model.record import dataclass

# HTML standard, 13.1.2: elements without an end tag.
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HEADINGS = ("h3", "h4", "h5", "h6")
# Sections of the page other than themes.
BACK_MATTER = ("who-is-who", "sources")
_ATTRIBUTES = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*"
_TAG = re.compile(rf"<[a-zA-Z]{_ATTRIBUTES}>")
# A comment, an element whose content is text, or a tag.
_TOKEN = re.compile(
    rf"<!--.*?-->|</(?P<end>[a-zA-Z][^\s/>]*)[^>]*>"
    rf"|<(?P<tag>(?P<raw>script|style|textarea|title)\b|[a-zA-Z][^\s/>]*)(?P<attributes>{_ATTRIBUTES})>"
    r"(?(raw).*?</(?P=raw)\s*>)",
    re.DOTALL | re.IGNORECASE,
)
_ID = re.compile(r"(?<=\s)id=(?:\"([^\"]+)\"|'([^']+)')", re.IGNORECASE)
_IDS = re.compile(r"(?<=\s)(id|for|headers|aria-labelledby|aria-describedby|aria-controls|aria-owns)=\"([^\"]*)\"")
_TARGET = re.compile(r"(?<=\s)(href|xlink:href)=\"#([^\"]+)\"|url\(#([^)\"']+)\)")


@dataclass(slots=True)
class _OpenElement:
    tag: str
    id: str
    start: int
    ids: list[str] = field(default_factory=list)
    children: list["_ClosedElement"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ClosedElement:
    tag: str
    start: int
    end: int
    ids: tuple[str, ...]
    children: tuple["_ClosedElement", ...] = ()


class _ElementFinder:
    """Finds the ranges (offsets in the page) of elements with ids, and the children of those with ids in `sections`."""

    def __init__(self, page: str, sections: Collection[str]) -> None:
        self.ranges: dict[str, tuple[int, int]] = {}
        self.children: dict[str, list[_ClosedElement]] = {}
        self._sections = sections
        self._open: list[_OpenElement] = []
        # A parser of HTML would take several times as long, which an author would notice after every edit.
        for token in _TOKEN.finditer(page):
            if token["tag"]:
                self._begin(token["tag"].lower(), token["attributes"], token.start())
            if ended := token["end"] or token["raw"]:
                self._close(ended.lower(), token.end())

    def _begin(self, tag: str, attributes: str, start: int) -> None:
        if attributes.endswith("/"):
            return  # self-closing elements of SVG have no content
        match = _ID.search(attributes)
        name = html.unescape(match[1] or match[2]) if match else ""
        if name:
            for element in self._open:
                element.ids.append(name)
        if tag not in _VOID:
            self._open.append(_OpenElement(tag, name, start, [name] if name else []))

    def _close(self, tag: str, end: int) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while True:
            element = self._open.pop()
            self._record(element, end)
            if element.tag == tag:
                return

    def _record(self, element: _OpenElement, end: int) -> None:
        if element.id:
            self.ranges.setdefault(element.id, (element.start, end))
        if element.id in self._sections:
            self.children[element.id] = element.children
        if self._open:
            child = _ClosedElement(element.tag, element.start, end, tuple(element.ids), tuple(element.children))
            self._open[-1].children.append(child)


def split_page(page: str, sections: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Returns HTML fragments by id: each block, what precedes the first block of each section (under the section's id),
    and the back matter.

    `sections` maps the id of each section to the ids of its blocks. A block includes the heading above it. A block is
    left out if the template set gives its element no id.
    """
    finder = _ElementFinder(page, sections)
    fragments: dict[str, str] = {}
    for section, blocks in sections.items():
        fragments |= {
            name: page[start:end] for name, (start, end) in _divide(finder.children.get(section, []), section, blocks)
        }
        for name in blocks:
            if name not in fragments and name in finder.ranges:
                start, end = finder.ranges[name]
                fragments[name] = page[start:end]
    for name in BACK_MATTER:
        if name in finder.ranges:
            start, end = finder.ranges[name]
            fragments[name] = page[start:end]
    return fragments


def _divide(
    children: list[_ClosedElement], section: str, blocks: Collection[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Divides the children of a section: each block with the heading above it, and the part before the first block.

    Yields the id of the block, or of the section, with its range in the page.
    """
    children = list(_flatten(children, blocks))
    name, first = section, 0
    for index, child in enumerate(children):
        block = next((each for each in child.ids if each in blocks), None)
        if block is None:
            continue
        start = index - 1 if index > first and children[index - 1].tag in _HEADINGS else index
        if start > first:
            yield name, (children[first].start, children[start - 1].end)
        name, first = block, start
    if children:
        yield name, (children[first].start, children[-1].end)


def _flatten(children: Iterable[_ClosedElement], blocks: Collection[str]) -> Iterator[_ClosedElement]:
    """Yields the elements, with each that contains several blocks replaced with its children."""
    for child in children:
        if sum(name in blocks for name in child.ids) > 1:
            yield from _flatten(child.children, blocks)
        else:
            yield child


# Most blocks are the same after an edit.
@lru_cache(maxsize=1_000)
def prefix_ids(markup: str, prefix: str) -> str:
    """Returns the markup with `prefix` added to every id and every reference to an id, so that several pages can be
    combined into one.
    """

    def prefix_in_tag(tag: re.Match[str]) -> str:
        prefixed = _IDS.sub(
            lambda match: f'{match[1]}="{" ".join(prefix + each for each in match[2].split())}"', tag[0]
        )
        return _TARGET.sub(
            lambda match: f'{match[1]}="#{prefix}{match[2]}"' if match[1] else f"url(#{prefix}{match[3]})", prefixed
        )

    return _TAG.sub(prefix_in_tag, markup)


class _TextExtractor(HTMLParser):
    """Collects the text of a block without citation marks, and without drawings, whose figures are also in a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = next((value or "" for key, value in attrs if key == "class"), "").split()
        if self._skipped or tag in ("svg", "style") or "citation" in classes:
            if tag not in _VOID:
                self._skipped.append(tag)
        elif tag not in ("a", "b", "bdi", "em", "span", "strong", "sub", "sup"):
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Skips elements without content."""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipped:
            while self._skipped.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.pieces.append(data)


def extract_text(markup: str) -> str:
    """Returns the text of a fragment of a page as a reader sees it, without citation marks and drawings."""
    extractor = _TextExtractor()
    extractor.feed(markup)
    extractor.close()
    return " ".join("".join(extractor.pieces).split())
