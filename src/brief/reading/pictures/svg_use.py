"""Expands what a drawing repeats or offers as alternatives: `<use>` of its own shapes (SVG 2, 5.6) and `<switch>`."""

import copy
import re
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
_USE, _SYMBOL, _CLIP, _SWITCH = f"{SVG}use", f"{SVG}symbol", f"{SVG}clipPath", f"{SVG}switch"
# A plot of ten thousand points has about forty thousand elements; print engines draw some thousands a second.
MAX_ELEMENTS = 100_000
_USE_ATTRIBUTES = ("x", "y", "width", "height", "href", HREF)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?(?:px)?")


class UseRefusedError(ValueError):
    """Refuses a `<use>`. The message continues after the name of the picture; `hint` says what to do."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


def choose_alternatives(root: ET.Element) -> None:
    """Replaces each `<switch>` by what plain SVG viewers draw: the first child without conditions.

    `requiredFeatures` is always true (SVG 2, 5.10) and does not count as a condition; foreign elements are never drawn.
    """
    for element in list(root.iter(_SWITCH)):
        fit = (
            child
            for child in element
            if child.tag.startswith(SVG)
            and child.tag != f"{SVG}foreignObject"
            and not any(child.get(name) for name in ("requiredExtensions", "systemLanguage"))
        )
        element[:] = [child for _, child in zip(range(1), fit, strict=False)]
        element.tag = f"{SVG}g"


def draw_uses(root: ET.Element) -> None:
    """Replaces each `<use>` by a copy of its target.

    Raises:
        UseRefusedError: a `<use>` refers to another file or to itself, or the copies have too many elements.
    """
    named = {name: element for element in root.iter() if (name := element.get("id"))}
    sizes = _Sizes(named)
    if sizes.count(root, ()) > MAX_ELEMENTS:
        raise UseRefusedError(f"has more than {MAX_ELEMENTS:,} elements", "draw fewer points, or export it as PNG")
    box = root.get("viewBox", "").replace(",", " ").split()
    whole = (box[2], box[3]) if len(box) == 4 else (root.get("width", "100%"), root.get("height", "100%"))
    pending = [root]
    while pending:
        parent = pending.pop()
        for at, child in reversed(list(enumerate(parent))):
            if child.tag != _USE:
                continue
            target = named.get(_read_target(child))
            drawn = None if target is None else _draw(child, target, whole, direct=parent.tag == _CLIP)
            if drawn is None:
                # A use without a target draws nothing.
                parent.remove(child)
            else:
                drawn.tail = child.tail
                parent[at] = drawn
        # A copy may itself contain uses; the limit above has counted all levels.
        if any(child.tag == _USE for child in parent):
            pending.append(parent)
        else:
            pending.extend(parent)


class _Sizes:
    """Counts the elements of a drawing as if every use were expanded."""

    def __init__(self, named: dict[str, ET.Element]) -> None:
        self.named = named
        self.known: dict[str, int] = {}

    def count(self, element: ET.Element, within: tuple[str, ...]) -> int:
        total = 0
        for each in element.iter():
            total += 1
            if each.tag == _USE:
                total += 1 + self._count_target(_read_target(each), within)
        return total

    def _count_target(self, name: str, within: tuple[str, ...]) -> int:
        if name not in self.named:
            return 0
        if name in within or len(within) > 50:
            raise UseRefusedError(f"has a <use> that repeats itself through '{name[:60]}'", "export it again")
        if name not in self.known:
            self.known[name] = self.count(self.named[name], (*within, name))
        return self.known[name]


def _read_target(use: ET.Element) -> str:
    href = use.get("href") or use.get(HREF) or ""
    if href and not href.startswith("#"):
        raise UseRefusedError(f"has a <use> of '{href[:60]}', which is outside the file", "draw the shape in the file")
    return href[1:]


def _draw(use: ET.Element, target: ET.Element, whole: tuple[str, str], *, direct: bool) -> ET.Element | None:
    """Copies the target to the position of the use: into a group, or `direct`, for a clip path, which allows only shapes."""
    made = copy.deepcopy(target)
    for each in made.iter():
        each.attrib.pop("id", None)
    x, y = (_read_offset(use, side) for side in ("x", "y"))
    moves = [use.get("transform", ""), f"translate({x} {y})" if (x, y) != ("0", "0") else ""]
    made.tail = None
    if direct:
        made.set("transform", " ".join(filter(None, (*moves, made.get("transform", "")))))
        return made
    if made.tag == _SYMBOL:
        _make_viewport(made, use, whole)
    elif made.tag == f"{SVG}svg":
        for side in ("width", "height"):
            if side in use.attrib:
                made.set(side, use.attrib[side])
    group = ET.Element(f"{SVG}g", {name: value for name, value in use.attrib.items() if name not in _USE_ATTRIBUTES})
    if transform := " ".join(filter(None, moves)):
        group.set("transform", transform)
    group.append(made)
    return group


def _make_viewport(symbol: ET.Element, use: ET.Element, whole: tuple[str, str]) -> None:
    """Makes a symbol an `<svg>` of the size that its use states, or a group if the symbol has no viewBox."""
    if "viewBox" not in symbol.attrib:
        symbol.tag = f"{SVG}g"
        return
    symbol.tag = f"{SVG}svg"
    for side, otherwise in zip(("width", "height"), whole, strict=True):
        symbol.set(side, use.get(side) or symbol.get(side) or otherwise)


def _read_offset(use: ET.Element, side: str) -> str:
    text = use.get(side, "0").strip()
    if not _NUMBER.fullmatch(text):
        raise UseRefusedError(f"has a <use> with {side}='{text[:40]}'", "give it in pixels")
    return text.removesuffix("px")
