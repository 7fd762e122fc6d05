"""Corrects the structure tree: joins elements that a page break divides, moves captions into their tables, and puts
floating figures where they belong in reading order (ISO 32000-1, 14.7 and 14.8).

The engine tags each page separately: a table, list or sentence that continues on the next page becomes two elements.
Here, the second half is merged into the first; its marked content then names its page (14.7.4.2).
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pydyf  # type: ignore[import-untyped]

# Elements that are never joined: each page has its own drawing, and a link its own place on each page.
_NEVER_JOINED = frozenset(("/Figure", "/Form"))


class TagOrigins:
    """The element of the markup and its tag for each structure element, by the number of the PDF object."""

    def __init__(self) -> None:
        self._elements: dict[int, tuple[Any, str]] = {}
        self._floats: dict[tuple[int, str, bytes | str], list[Any]] = {}

    def record(self, tag_object: Any, box: Any) -> None:
        """Records the element of a box, and its tag, which differs for pseudo-elements of the element.

        The first record counts: `<html>` and `<body>` have no structure element, and pass on those of their children.
        """
        if tag_object.number in self._elements:
            return
        self._elements[tag_object.number] = box.element, box.element_tag
        if box.is_floated() and (key := self.make_key(tag_object)) is not None:
            self._floats.setdefault(key, []).append(tag_object)

    def list_divided_floats(self) -> Iterator[list[Any]]:
        """Yields the parts of each element that floats, as its style says, on several pages, in the order of pages."""
        return (parts for parts in self._floats.values() if len({part["Pg"] for part in parts}) > 1)

    def get_element(self, tag_object: Any) -> Any:
        return self._elements.get(tag_object.number, (None, ""))[0]

    def make_key(self, tag_object: Any) -> tuple[int, str, bytes | str] | None:
        """Returns what both halves of an element have in common; None for elements that are not joined."""
        element, tag = self._elements.get(tag_object.number, (None, ""))
        if element is None or tag_object["S"] in _NEVER_JOINED:
            return None
        return id(element), tag, tag_object["S"]

    def clear(self) -> None:
        self._elements.clear()
        self._floats.clear()


def wrap_add_tags(add_tags: Callable[..., None], origins: TagOrigins) -> Callable[..., None]:
    """Returns the engine's function, followed by the corrections."""

    @wraps(add_tags)
    def add_corrected_tags(pdf: Any, *arguments: Any, **options: Any) -> None:
        try:
            add_tags(pdf, *arguments, **options)
            _Structure(pdf, origins).complete()
        finally:
            origins.clear()

    return add_corrected_tags


class _Structure:
    def __init__(self, pdf: Any, origins: TagOrigins) -> None:
        self.pdf = pdf
        self.origins = origins
        self.joined: dict[bytes, bytes] = {}

    def complete(self) -> None:
        root = self._get_object(self.pdf.catalog["StructTreeRoot"])
        document = self._get_object(root["K"][0])
        self._join_kids(document)
        self._join_floats()
        for section in self._descend(document):
            self._order_kids(section)
        for table, caption in list(self._find_captions(document)):
            self._move(caption, table)
        numbers = self._get_object(root["ParentTree"])["Nums"]
        for index, entry in enumerate(numbers):
            if isinstance(entry, bytes):
                numbers[index] = self._find_joined(entry)
            elif isinstance(entry, list):
                entry[:] = [self._find_joined(reference) for reference in entry]

    def _get_object(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def _find_joined(self, reference: bytes) -> bytes:
        while reference in self.joined:
            reference = self.joined[reference]
        return reference

    def _list_kids(self, element: Any) -> Iterator[Any]:
        for kid in element.get("K", ()):
            if isinstance(kid, bytes) and (child := self._get_object(kid)).get("Type") == "/StructElem":
                yield child

    def _join_kids(self, parent: Any) -> None:
        """Joins, below `parent`, each element with its second half, with which the next page begins."""
        last_by_key: dict[Any, Any] = {}
        # The header of a table is repeated on its next page: joining both would mix their words.
        for kid in [] if parent["S"] == "/THead" else list(self._list_kids(parent)):
            key = self.origins.make_key(kid)
            earlier = last_by_key.get(key) if key is not None else None
            # Two boxes of an element on the same page are two lines of it, not parts on two pages.
            if earlier is not None and self._find_last_page(earlier) != kid["Pg"]:
                self._append(earlier, kid)
                parent["K"].remove(kid.reference)
            elif key is not None:
                last_by_key[key] = kid
        for kid in list(self._list_kids(parent)):
            self._join_kids(kid)

    def _join_floats(self) -> None:
        """Joins the parts of elements that float: what does not fit on a page begins the next one, outside of the parent of
        the first part.
        """
        for first, *others in self.origins.list_divided_floats():
            for other in others:
                if other.reference not in self.joined and other["Pg"] != self._find_last_page(first):
                    self._get_object(other["P"])["K"].remove(other.reference)
                    self._append(first, other)
            self._join_kids(first)

    def _find_last_page(self, element: Any) -> Any:
        """Returns the page on which the element ends."""
        return getattr(element, "last_page", element["Pg"])

    def _append(self, first: Any, second: Any) -> None:
        for kid in second["K"]:
            if isinstance(kid, int):
                first["K"].append(pydyf.Dictionary({"Type": "/MCR", "Pg": second["Pg"], "MCID": kid}))
                continue
            child = self._get_object(kid) if isinstance(kid, bytes) else None
            if child is not None and child.get("Type") == "/StructElem":
                child["P"] = first.reference
            first["K"].append(kid)
        first.last_page = self._find_last_page(second)
        self.joined[second.reference] = first.reference
        second.free = "f"

    def _order_kids(self, section: Any) -> None:
        """Puts the parts of a `<section>` in the order of the markup, in which figures do not float (`floating`)."""
        element = self.origins.get_element(section)
        if element is None or element.tag != "section":
            return
        positions = {child: position for position, child in enumerate(element)}
        kids = [self._get_object(kid) if isinstance(kid, bytes) else None for kid in section["K"]]
        if all(kid is not None and self.origins.get_element(kid) in positions for kid in kids):
            section["K"].sort(key=lambda kid: positions[self.origins.get_element(self._get_object(kid))])

    def _find_captions(self, parent: Any) -> Iterator[tuple[Any, Any]]:
        """Yields each table with the caption of the `<figure>` around it."""
        for kid in self._list_kids(parent):
            element = self.origins.get_element(kid)
            if element is not None and element.tag == "figure" and "table" in element.get("class", "").split():
                caption = next((child for child in self._list_kids(kid) if child["S"] == "/Caption"), None)
                table = next((child for child in self._descend(kid) if child["S"] == "/Table"), None)
                if caption is not None and table is not None:
                    yield table, caption
            yield from self._find_captions(kid)

    def _descend(self, parent: Any) -> Iterator[Any]:
        for kid in self._list_kids(parent):
            yield kid
            yield from self._descend(kid)

    def _move(self, caption: Any, table: Any) -> None:
        self._get_object(caption["P"])["K"].remove(caption.reference)
        caption["P"] = table.reference
        table["K"].insert(0, caption.reference)
