"""Reads the structure elements of a PDF (ISO 32000-1, 14.7.2) from their objects as they are written.

An element has the form that engines write, with keys in alphabetical order, or it is read key by key, which takes five times as
long.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pikepdf

# The number and generation of an object.
ObjectKey = tuple[int, int]

_ELEMENT = re.compile(
    rb"<< /K (?:\[ (?P<kids>[0-9R ]*)\]|(?P<kid>\d+(?: \d+ R)?)) /P (?P<parent>\d+ \d+) R (?:/Pg (?P<page>\d+ \d+) R )?"
    rb"/S (?P<kind>/[A-Za-z0-9]+) /Type /StructElem >>"
)
_KID = re.compile(rb"(\d+)(?: (\d+) R)?")
# Structure elements within a line (ISO 32000-1, 14.8.4.4; ISO 32000-2, 14.8.4.7).
_INLINE = frozenset(("/Span", "/Link", "/Em", "/Strong", "/Code", "/Quote", "/Reference", "/Annot", "/NonStruct"))
# The greatest depth to which the structure tree is followed.
_DEEPEST = 100


class PlainElement(NamedTuple):
    """An element without properties: what is in it, its parent, its page, and its kind.

    `kids` has the numbers of marked contents, with None, and the keys of elements.
    """

    kids: tuple[tuple[int, int | None], ...]
    parent: ObjectKey
    page: ObjectKey | None
    kind: str


def read_plain_element(written: bytes) -> PlainElement | None:
    """Reads an object as qpdf writes it; returns None if it is anything else than a plain element."""
    match = _ELEMENT.fullmatch(written) if written.startswith(b"<< /K") else None
    if match is None:
        return None
    listed = _KID.findall(match["kids"] if match["kid"] is None else match["kid"])
    kids = tuple((int(number), int(generation) if generation else None) for number, generation in listed)
    page = match["page"]
    return PlainElement(kids, _read_key(match["parent"]), _read_key(page) if page else None, match["kind"].decode())


def _read_key(written: bytes) -> ObjectKey:
    number, _, generation = written.partition(b" ")
    return int(number), int(generation)


def map_elements(pdf: pikepdf.Pdf, plain: Mapping[ObjectKey, PlainElement]) -> dict[int, list[tuple[int, ...]]]:
    """Maps the marked content of pages to its structure elements (ISO 32000-1, 14.7.4.4), by page key and content number."""
    root = pdf.Root.get("/StructTreeRoot")
    tree = root.get("/ParentTree") if isinstance(root, pikepdf.Dictionary) else None
    numbers = tree.get("/Nums") if isinstance(tree, pikepdf.Dictionary) else None
    if not isinstance(numbers, pikepdf.Array):
        return {}
    paths: dict[ObjectKey, tuple[int, ...]] = {}
    found = {}
    items = list(numbers)
    for key, parents in zip(items[::2], items[1::2], strict=False):
        if isinstance(parents, pikepdf.Array):
            found[int(key)] = [_find_outer_path(pdf, parent, plain, paths) for parent in parents]
    return found


def _find_outer_path(
    pdf: pikepdf.Pdf,
    element: object,
    plain: Mapping[ObjectKey, PlainElement],
    paths: dict[ObjectKey, tuple[int, ...]],
) -> tuple[int, ...]:
    """Returns the path of an element; for an element within a line, the path of the element around it."""
    if not isinstance(element, pikepdf.Dictionary):
        return ()
    own = plain.get(element.objgen)
    path = _find_path(_list_upwards(pdf, element, plain), paths)
    return path[:-1] if (own.kind if own else str(element.get("/S"))) in _INLINE else path


def _find_path(keys: Iterable[ObjectKey], paths: dict[ObjectKey, tuple[int, ...]]) -> tuple[int, ...]:
    """Returns the structure elements around a marked content, from the outermost to its own; `keys` begins with its own."""
    above: list[ObjectKey] = []
    path: tuple[int, ...] = ()
    for key in keys:
        if key in paths or len(above) == _DEEPEST:
            path = paths.get(key, ())
            break
        above.append(key)
    for key in reversed(above):
        path = paths[key] = (*path, key[0])
    return path


def _list_upwards(
    pdf: pikepdf.Pdf, element: pikepdf.Object, plain: Mapping[ObjectKey, PlainElement]
) -> Iterator[ObjectKey]:
    """Yields the key of an element, and those of the elements around it."""
    around: object = element
    while isinstance(around, pikepdf.Dictionary):
        key = around.objgen
        yield key
        if key not in plain:
            around = around.get("/P")
            continue
        while key in plain:
            key = plain[key].parent
            if key in plain:
                yield key
        around = pdf.get_object(key)
