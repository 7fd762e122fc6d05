"""Replaces `<use>` with copies of the shapes of a drawing (SVG 2, 5.6), and `<switch>` with one of its alternatives."""

import copy
import re
import xml.etree.ElementTree as ET
from itertools import islice

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
_USE, _SYMBOL, _CLIP, _SWITCH = f"{SVG}use", f"{SVG}symbol", f"{SVG}clipPath", f"{SVG}switch"
# A plot of ten thousand points has about forty thousand elements; print engines draw some thousands a second.
MAX_ELEMENTS = 100_000
_USE_ATTRIBUTES = ("x", "y", "width", "height", "href", HREF)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?(?:px)?")


class UseRefusedError(ValueError):
    """A `<use>` is refused. The message is a predicate that follows the name of the picture."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


def choose_alternatives(root: ET.Element) -> None:
    """Replaces each `<switch>`, in place, with a group of its first child without conditions, which viewers draw.

    `requiredFeatures` is always true (SVG 2, 5.10) and does not count as a condition; foreign elements are never drawn.
    """
    for element in list(root.iter(_SWITCH)):
        candidates = (
            child
            for child in element
            if child.tag.startswith(SVG)
            and child.tag != f"{SVG}foreignObject"
            and not any(child.get(name) for name in ("requiredExtensions", "systemLanguage"))
        )
        element[:] = list(islice(candidates, 1))
        element.tag = f"{SVG}g"


def expand_uses(root: ET.Element) -> None:
    """Replaces each `<use>`, in place, with a copy of its target; removes those without a target, which draw nothing.

    Raises:
        UseRefusedError: a `<use>` refers to another file or to itself, or has a position that is not in pixels, or the
            copies have too many elements.
    """
    elements_by_id = {name: element for element in root.iter() if (name := element.get("id"))}
    sizes = _ExpandedSizes(elements_by_id)
    if sizes.count(root, ()) > MAX_ELEMENTS:
        raise UseRefusedError(f"has more than {MAX_ELEMENTS:,} elements", "draw fewer points, or export it as PNG")
    box = root.get("viewBox", "").replace(",", " ").split()
    drawing_size = (box[2], box[3]) if len(box) == 4 else (root.get("width", "100%"), root.get("height", "100%"))
    pending = [root]
    while pending:
        parent = pending.pop()
        for index, child in reversed(list(enumerate(parent))):
            if child.tag != _USE:
                continue
            target = elements_by_id.get(_read_target(child))
            replacement = (
                None
                if target is None
                else _copy_target(child, target, drawing_size, is_in_clip_path=parent.tag == _CLIP)
            )
            if replacement is None:
                parent.remove(child)
            else:
                replacement.tail = child.tail
                parent[index] = replacement
        # A copy may itself contain uses; the limit above has counted all levels.
        if any(child.tag == _USE for child in parent):
            pending.append(parent)
        else:
            pending.extend(parent)


class _ExpandedSizes:
    """Counts the elements of a drawing as if every use were expanded.

    `elements` are those with an id, and `counts` their expanded numbers of elements so far.
    """

    def __init__(self, elements: dict[str, ET.Element]) -> None:
        self.elements = elements
        self.counts: dict[str, int] = {}

    def count(self, element: ET.Element, outer_ids: tuple[str, ...]) -> int:
        """Counts the element and all within it; `outer_ids` are the ids of the targets around it.

        Raises:
            UseRefusedError: a use refers to another file or to itself.
        """
        total = 0
        for child in element.iter():
            total += 1
            if child.tag == _USE:
                total += 1 + self._count_target(_read_target(child), outer_ids)
        return total

    def _count_target(self, name: str, outer_ids: tuple[str, ...]) -> int:
        if name not in self.elements:
            return 0
        if name in outer_ids or len(outer_ids) > 50:
            raise UseRefusedError(f"has a <use> that repeats itself through '{name[:60]}'", "export it again")
        if name not in self.counts:
            self.counts[name] = self.count(self.elements[name], (*outer_ids, name))
        return self.counts[name]


def _read_target(use: ET.Element) -> str:
    """Returns the id that a use refers to; empty if it refers to nothing."""
    href = use.get("href") or use.get(HREF) or ""
    if href and not href.startswith("#"):
        raise UseRefusedError(f"has a <use> of '{href[:60]}', which is outside the file", "draw the shape in the file")
    return href[1:]


def _copy_target(
    use: ET.Element, target: ET.Element, drawing_size: tuple[str, str], *, is_in_clip_path: bool
) -> ET.Element:
    """Returns a copy of the target at the position of the use; in a group, except in a clip path, which allows none."""
    clone = copy.deepcopy(target)
    for child in clone.iter():
        child.attrib.pop("id", None)
    x, y = (_read_offset(use, side) for side in ("x", "y"))
    moves = [use.get("transform", ""), f"translate({x} {y})" if (x, y) != ("0", "0") else ""]
    clone.tail = None
    if is_in_clip_path:
        clone.set("transform", " ".join(filter(None, (*moves, clone.get("transform", "")))))
        return clone
    if clone.tag == _SYMBOL:
        _make_viewport(clone, use, drawing_size)
    elif clone.tag == f"{SVG}svg":
        for side in ("width", "height"):
            if side in use.attrib:
                clone.set(side, use.attrib[side])
    group = ET.Element(f"{SVG}g", {name: value for name, value in use.attrib.items() if name not in _USE_ATTRIBUTES})
    if transform := " ".join(filter(None, moves)):
        group.set("transform", transform)
    group.append(clone)
    return group


def _make_viewport(symbol: ET.Element, use: ET.Element, drawing_size: tuple[str, str]) -> None:
    """Turns a symbol into an `<svg>` of the size that its use states, or into a group if it has no viewBox."""
    if "viewBox" not in symbol.attrib:
        symbol.tag = f"{SVG}g"
        return
    symbol.tag = f"{SVG}svg"
    for side, default in zip(("width", "height"), drawing_size, strict=True):
        symbol.set(side, use.get(side) or symbol.get(side) or default)


def _read_offset(use: ET.Element, side: str) -> str:
    text = use.get(side, "0").strip()
    if not _NUMBER.fullmatch(text):
        raise UseRefusedError(f"has a <use> with {side}='{text[:40]}'", "give it in pixels")
    return text.removesuffix("px")
