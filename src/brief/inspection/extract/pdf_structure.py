"""The structure tree of a PDF (ISO 32000-1, 14.7): its elements by their object numbers.

Most elements have only a type, a parent, a page and children. They are parsed from the object in PDF syntax, because
each access to an entry through the library takes as long as unparsing the whole object. Other elements are read with
the library.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import NamedTuple

import pikepdf

from brief.model.record import dataclass

# An object's number and generation.
Number = tuple[int, int]
# The text of marked content, by its page and its number on it.
MarkedTexts = Mapping[tuple[Number | None, int], str]

# A text and the object number of its page, if that is known.
PlacedText = tuple[Number | None, str]

# As qpdf writes it, with sorted keys.
_REFERENCE = rb"[0-9]+ [0-9]+ R"
_ITEM = rb"[0-9]+(?: [0-9]+ R)?"
_ELEMENT = re.compile(
    rb"<< /K (?:\[ ((?:" + _ITEM + rb" )*)\]|(" + _ITEM + rb")) /P ([0-9]+ [0-9]+) R(?: /Pg ([0-9]+ [0-9]+) R)?"
    rb" /S /([A-Za-z0-9]+)((?: /Type /StructElem)?) >>"
)
_KID = re.compile(rb"([0-9]+)(?: ([0-9]+) R)?")
_REFERENCES = re.compile(rb"\[ (?:" + _REFERENCE + rb" )*\]")
_PARENTS = re.compile(rb"\[ (?:(?:" + _REFERENCE + rb"|null) )*\]")
_PARENT = re.compile(rb"([0-9]+) ([0-9]+) R|null")
# Structure elements within a line (ISO 32000-1, 14.8.4.4; ISO 32000-2, 14.8.4.7).
_INLINE = frozenset((b"Span", b"Link", b"Em", b"Strong", b"Code", b"Quote", b"Reference", b"Annot", b"NonStruct"))
# The number of content outside of the document's structure, such as what is repeated on every page (14.8.2.2).
OUTSIDE = -1
# The greatest depth to which the tree is followed.
_MAX_DEPTH = 100


def get_entry(dictionary: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Returns an entry of a dictionary or stream, or None. `get` of pikepdf takes ten times as long for a missing
    entry.
    """
    return dictionary[key] if key in dictionary else None  # noqa: SIM401


class _Element(NamedTuple):
    """A simple element in PDF syntax: its children in an array or the only one, its parent, its page, and its types."""

    kids: bytes | None
    kid: bytes | None
    parent: bytes
    page: bytes | None
    kind: bytes
    type: bytes


@dataclass(slots=True)
class StructureTree:
    """The structure tree of an open file. Its objects must be added before the tree is read."""

    pdf: pikepdf.Pdf
    _elements: dict[Number, _Element] = field(default_factory=dict)
    _paths: dict[Number, tuple[int, ...]] = field(default_factory=dict)
    _names: set[tuple[bytes, bool, bytes]] = field(default_factory=set)
    # The languages that elements state (14.9.2).
    languages: set[str] = field(default_factory=set)

    @classmethod
    def from_pdf(cls, pdf: pikepdf.Pdf) -> "StructureTree":
        """Makes the tree of an open file, with all of its objects."""
        tree = cls(pdf)
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary):
                tree.add(found, found.unparse(resolved=True))
        return tree

    def add(self, found: pikepdf.Object, written: bytes) -> bool:
        """Adds an object, given also in PDF syntax, if it is a simple element.

        Returns whether an earlier element has the same names.
        """
        match = _ELEMENT.fullmatch(written) if written.startswith(b"<< /K ") else None
        if match is not None:
            element = self._elements[found.objgen] = _Element(*match.groups())
            names = element.kind, element.page is None, element.type
            is_known = names in self._names
            self._names.add(names)
            return is_known
        if (
            b"/Lang " in written
            and b"/Type /Catalog" not in written
            and (language := get_entry(found, "/Lang")) is not None
        ):
            self.languages.add(str(language))
        return False

    def map_elements(self) -> dict[int, list[tuple[int, ...]]]:
        """Maps the /StructParents key of each page to a list of paths (14.7.4.4), indexed by the number of marked
        content.

        A path has the object numbers of the elements around the content, from the outermost to the one whose text it is
        part of; it is empty if the content has no element.
        """
        root = get_entry(self.pdf.Root, "/StructTreeRoot")
        tree = get_entry(root, "/ParentTree") if isinstance(root, pikepdf.Dictionary) else None
        numbers = get_entry(tree, "/Nums") if isinstance(tree, pikepdf.Dictionary) else None
        if not isinstance(numbers, pikepdf.Array):
            return {}
        items = list(numbers)
        return {
            int(key): list(self._list_outer_paths(parents))
            for key, parents in zip(items[::2], items[1::2], strict=False)
            if isinstance(parents, pikepdf.Array)
        }

    def _list_outer_paths(self, parents: pikepdf.Array) -> Iterator[tuple[int, ...]]:
        written = parents.unparse(resolved=True)
        if _PARENTS.fullmatch(written):
            for one, two in _PARENT.findall(written):
                yield self._find_outer_path((int(one), int(two))) if one else ()
        else:
            for parent in parents:
                yield self._find_outer_path(parent.objgen) if isinstance(parent, pikepdf.Dictionary) else ()

    def _find_outer_path(self, number: Number) -> tuple[int, ...]:
        """Returns the path to an element; for an element within a line, the path to the element around it."""
        if self._read_kind(number) not in _INLINE:
            return self._find_path(number)
        parent = self._find_parent(number)
        return self._find_path(parent) if parent is not None else ()

    def _find_path(self, number: Number) -> tuple[int, ...]:
        """Returns the object numbers of the elements from the outermost to this one."""
        above: list[Number] = []
        upper: Number | None = number
        while upper is not None and upper not in self._paths and len(above) < _MAX_DEPTH:
            above.append(upper)
            upper = self._find_parent(upper)
        path = self._paths.get(upper, ()) if upper is not None else ()
        for each in reversed(above):
            path = self._paths[each] = (*path, each[0])
        return path

    def _find_parent(self, number: Number) -> Number | None:
        element = self._elements.get(number)
        if element is not None:
            return _read_number(element.parent)
        found = self.pdf.get_object(number)
        parent = get_entry(found, "/P") if isinstance(found, pikepdf.Dictionary) else None
        return parent.objgen if isinstance(parent, pikepdf.Dictionary) else None

    def _read_kind(self, number: Number) -> bytes:
        element = self._elements.get(number)
        if element is not None:
            return element.kind
        found = self.pdf.get_object(number)
        return str(get_entry(found, "/S")).removeprefix("/").encode() if isinstance(found, pikepdf.Dictionary) else b""

    def read_in_order(self, marked: MarkedTexts) -> tuple[list[PlacedText], str]:
        """Returns the marked texts in reading order with their pages, and the texts that are read aloud instead of
        pictures.

        After the texts of each element comes a line break. The texts for pictures (/Alt, 14.9.3) are one on a line.
        """
        found: list[PlacedText] = []
        alternative: list[str] = []
        root = get_entry(self.pdf.Root, "/StructTreeRoot")
        if isinstance(root, pikepdf.Dictionary):
            self._walk(get_entry(root, "/K"), None, marked, 0, found, alternative)
        return found, "\n".join(alternative)

    def _walk(
        self,
        item: object,
        page: Number | None,
        marked: MarkedTexts,
        depth: int,
        found: list[PlacedText],
        alternative: list[str],
    ) -> None:
        """Adds to `found` and `alternative` the texts below an item: an element or its number, marked content, or an
        array.
        """
        if isinstance(item, tuple):
            element = self._elements.get(item)
            if element is None:
                item = self.pdf.get_object(item)
            elif depth < _MAX_DEPTH:
                page = _read_number(element.page) if element.page is not None else page
                for kid in _read_kids(element.kids or element.kid or b""):
                    if isinstance(kid, int):
                        found.append((page, marked.get((page, kid), "")))
                    else:
                        self._walk(kid, page, marked, depth + 1, found, alternative)
                found.append((page, "\n"))
                return
        if isinstance(item, int):
            found.append((page, marked.get((page, item), "")))
        elif isinstance(item, pikepdf.Array):
            for child in self._list_items(item):
                self._walk(child, page, marked, depth, found, alternative)
        elif isinstance(item, pikepdf.Dictionary) and depth < _MAX_DEPTH:
            kind = get_entry(item, "/Type")
            if kind == "/OBJR":
                return
            own = get_entry(item, "/Pg")
            page = own.objgen if own is not None else page
            if kind == "/MCR":
                number = get_entry(item, "/MCID")
                found.append((page, marked.get((page, int(number) if number is not None else OUTSIDE), "")))
                return
            if (described := get_entry(item, "/Alt")) is not None:
                alternative.append(str(described))
            self._walk(self._prefer_number(get_entry(item, "/K")), page, marked, depth + 1, found, alternative)
            found.append((page, "\n"))

    def _list_items(self, array: pikepdf.Array) -> Iterator[object]:
        """Yields the items of an array, as `_prefer_number` returns them."""
        written = array.unparse(resolved=True)
        if _REFERENCES.fullmatch(written):
            yield from _read_kids(written[1:-1])
        else:
            yield from map(self._prefer_number, array)

    def _prefer_number(self, item: object) -> object:
        """Returns the object number of a simple element, which is faster to walk; any other object unchanged."""
        return item.objgen if isinstance(item, pikepdf.Dictionary) and item.objgen in self._elements else item


# Elements have few pages, and siblings have one parent.
@lru_cache(maxsize=1_000)
def _read_number(written: bytes) -> Number:
    """Reads the number and the generation in a reference."""
    number, generation = written.split()
    return int(number), int(generation)


def _read_kids(written: bytes) -> tuple[int | Number, ...]:
    """Reads the items of an array, without its brackets, that has only integers, which number marked content, and references."""
    if b"R" not in written:
        return tuple(map(int, written.split()))
    return tuple([(int(one), int(two)) if two else int(one) for one, two in _KID.findall(written)])
