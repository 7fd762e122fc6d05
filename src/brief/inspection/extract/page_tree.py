"""The elements of a page as a tree, to determine which of them its style sheet hides."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from brief.inspection.extract.hiding import (
    SURFACES,
    WIDE_SCREEN,
    find_hidden,
    find_unnumbered,
    read_hiding_styles,
    wrap_elements,
)

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_DRAWING = "svg"


class PageTree:
    """The elements of a page in the order of their start tags, numbered from 0; a drawing counts as one element."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._open: list[int] = []
        self._tags: list[str] = []
        # The number of the last element within each element.
        self._ends: list[int] = []
        self._hidden: set[int] = set()

    @property
    def current(self) -> int:
        """The number of the innermost open element; -1 outside of all."""
        return self._open[-1] if self._open else -1

    @cached_property
    def _wrapped(self) -> list[Any]:
        return wrap_elements(self._elements[0])

    @property
    def current_tag(self) -> str:
        return self._tags[-1] if self._tags else ""

    def start(self, tag: str, attributes: Mapping[str, str | None], *, is_void: bool) -> int:
        """Begins an element, and returns its number; within a drawing, that of the drawing. An `is_void` element has no
        end tag.
        """
        if _DRAWING in self._tags:
            if not is_void:
                self._open.append(self._open[-1])
                self._tags.append(tag)
            return self._open[-1]
        element = Element(f"{_NAMESPACE}{tag}", {name: value or "" for name, value in attributes.items()})
        number = len(self._elements)
        if self._open:
            self._elements[self._open[-1]].append(element)
        self._elements.append(element)
        self._ends.append(number)
        if "hidden" in attributes:
            self._hidden.add(number)
        if not is_void:
            self._open.append(number)
            self._tags.append(tag)
        return number

    def end(self, tag: str) -> None:
        """Ends the innermost open element with the tag, and those inside it; does nothing if no such element is open."""
        if tag not in self._tags:
            return
        closed = ""
        while closed != tag:
            closed = self._tags.pop()
            self._ends[self._open.pop()] = len(self._elements) - 1

    def find_hidden(self, sheet: str) -> dict[str, frozenset[int]]:
        """Maps each key of `SURFACES` to the numbers of the elements that the page hides on that surface."""
        always = {each for number in self._hidden for each in self._list_inside(number)}
        hidden = [set(always) for _ in SURFACES]
        if self._elements:
            numbers = {id(element): number for number, element in enumerate(self._elements)}
            views = [read_hiding_styles(sheet, surface) for surface in SURFACES.values()]
            for view, element, shown in find_hidden(self._wrapped, views):
                inside = set(self._list_inside(numbers[id(element)]))
                for each in shown:
                    inside.difference_update(self._list_inside(numbers[id(each)]))
                hidden[view] |= inside
        return dict(zip(SURFACES, map(frozenset, hidden), strict=True))

    def find_numbered(self, sheet: str) -> frozenset[str]:
        """Returns the ids of the elements that are or contain ordered lists, if the page numbers all of these lists.

        Lists of notes are not considered: their numbers are words.
        """
        lists = [number for number, element in enumerate(self._elements) if element.tag == f"{_NAMESPACE}ol"]
        lists = [number for number in lists if "notes" not in self._elements[number].get("class", "").split()]
        if not lists:
            return frozenset()
        bare = {id(element) for element in find_unnumbered(self._wrapped, sheet, WIDE_SCREEN)}
        found: dict[str, bool] = {}
        for number, element in enumerate(self._elements):
            if identifier := element.get("id"):
                low, high = (bisect_left(lists, each) for each in (number, self._ends[number] + 1))
                if inside := lists[low:high]:
                    found[identifier] = not any(id(self._elements[each]) in bare for each in inside)
        return frozenset(identifier for identifier, is_numbered in found.items() if is_numbered)

    def collect_passages(self, pieces: Iterable[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
        """Returns (language, text) of each element below the root that states a language, in order.

        `pieces` has the texts, each with the number of its element. A text belongs to the innermost such element.
        """
        stating = [
            number for number, element in enumerate(self._elements) if number and element.get("lang") is not None
        ]
        if not stating:
            return ()
        owners: dict[int, int] = {}
        for number in stating:
            # Elements inside follow, so they replace their part of the range.
            owners.update(dict.fromkeys(self._list_inside(number), number))
        texts: dict[int, list[str]] = {number: [] for number in stating}
        for number, text in pieces:
            if number in owners:
                texts[owners[number]].append(text)
        return tuple((self._elements[number].get("lang", ""), "".join(texts[number])) for number in stating)

    def _list_inside(self, number: int) -> range:
        return range(number, self._ends[number] + 1)
