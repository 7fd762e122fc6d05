"""Matches the elements of a page against the selectors of its style sheet.

Most selectors consist of names only, of an element and of those around it: `.contents li`. Whether one matches depends on
nothing else, and a page has many elements with the same names in the same surroundings, so these are matched once.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import cssselect2

# A list of selectors by the tags, classes and ids of elements and of those around them. Everything else, such as
# `:first-child`, `p + p` or `[lang]`, depends on more than these names.
_NAMES_ONLY = re.compile(r"(?:[\w\s.#>,*-]|::?(?:before|after|marker|first-line|first-letter)\b|:root\b)*")
_ID = re.compile(r"#([\w-]+)")

# As cssselect2 returns it: specificity, order, pseudo-element and what was added with the selector.
Match = tuple[Any, int, str | None, Any]


class SelectorMatcher:
    """Selectors, each with a payload, and the names of elements that were matched with them."""

    def __init__(self) -> None:
        self._by_names, self._by_place = cssselect2.Matcher(), cssselect2.Matcher()
        self._ids: set[str] = set()
        # The number of each combination of names: that of the element around, the tag, the class and the id, as far as a
        # selector has it. For each number, the matches, and whether selectors by place may match as well.
        self._numbers: dict[tuple[int, str, str | None, str | None], int] = {}
        self._known: list[tuple[list[Match], bool]] = []

    def add(self, selector: Any, written: str, payload: Any) -> None:
        """Adds a compiled selector of the `written` list of selectors."""
        ids = _find_ids(written)
        if ids is None:
            self._by_place.add_selector(selector, payload)
        else:
            self._by_names.add_selector(selector, payload)
            self._ids |= ids

    def match(self, elements: Iterable[Any]) -> Iterator[tuple[Any, int, list[Match], list[Match]]]:
        """Yields each element with the number of its names, the matches by names, and those by place.

        Elements with the same number have the same matches by names. `elements` are all of a page in document order, each
        as an `ElementWrapper`.
        """
        numbers: dict[int, int] = {}
        for wrapper in elements:
            element, parent = wrapper.etree_element, wrapper.parent
            identifier = element.get("id")
            names = (
                numbers[id(parent.etree_element)] if parent is not None else -1,
                element.tag,
                element.get("class"),
                identifier if identifier in self._ids else None,
            )
            number = self._numbers.get(names)
            if number is None:
                number = self._numbers[names] = len(self._known)
                self._known.append((self._by_names.match(wrapper), self._may_match_by_place(wrapper)))
            numbers[id(element)] = number
            matches, may_match = self._known[number]
            yield wrapper, number, matches, self._by_place.match(wrapper) if may_match else []

    def _may_match_by_place(self, wrapper: Any) -> bool:
        """Returns whether a selector by place is for the tag or a class of the element, or for any of them."""
        matcher = self._by_place
        return bool(
            matcher.id_selectors
            or matcher.namespace_selectors
            or matcher.lang_attr_selectors
            or matcher.other_selectors
            or wrapper.local_name.lower() in matcher.lower_local_name_selectors
            or not wrapper.classes.isdisjoint(matcher.class_selectors)
        )


@lru_cache(maxsize=4_000)
def _find_ids(written: str) -> frozenset[str] | None:
    """Returns the ids in a list of selectors by names only; None for any other list."""
    return frozenset(_ID.findall(written)) if _NAMES_ONLY.fullmatch(written) else None
