"""Reads the elements of a page in the order in which its styles arrange them, with the texts that they print."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from brief.inspection.extract.css_texts import print_content
from brief.inspection.extract.element_text import ElementText
from brief.inspection.extract.tag_kinds import INLINE_ELEMENTS

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# The properties of an element, under "", and of its pseudo-elements, under their names.
Styles = Mapping[str, Mapping[str, str]]
FLOWS = ("flex-direction", "flex-flow", "flex-wrap")
DOWN = ("grid-row", "grid-row-start", "top", "bottom", "inset-block-start")
ACROSS = ("grid-column", "grid-column-start", "left", "right", "inset-inline-start")
TRANSLATION = re.compile(r"translate(x|y)?\(([^)]*)\)")
_FROM_END = ("bottom", "right")
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.S)
_LENGTH = re.compile(r"([-+]?\d*\.?\d+)([a-z%]*)")
_PIXELS: Mapping[str, float] = {
    "em": 16,
    "rem": 16,
    "ch": 8,
    "pt": 4 / 3,
    "mm": 3.8,
    "cm": 38,
    "in": 96,
    "%": 10,
    "vw": 10,
    "vh": 10,
}
_BREAK, _QUOTE, _OVERRIDE, _ITEM = (NAMESPACE + tag for tag in ("br", "q", "bdo", "li"))
_UNREAD = frozenset(NAMESPACE + tag for tag in ("style", "script", "wbr", "img"))
_INLINE = frozenset(NAMESPACE + tag for tag in INLINE_ELEMENTS)
_NO_STYLES: Styles = {}
_NO_STYLE: Mapping[str, str] = {}


class PageArrangement(NamedTuple):
    """What styles change in the text of a page, by the `id` of the element.

    - `orders`: the elements within it, in the order in which they are read.
    - `replaced`: its whole text, if its letters are in another order.
    - `printed`: the texts that are printed before and after its own.
    """

    orders: Mapping[int, Sequence[Element]]
    replaced: Mapping[int, str]
    printed: Mapping[int, tuple[str, str]]


def arrange(wrapped: Iterable[Any], styles: Mapping[int, Styles], values: Mapping[str, str]) -> PageArrangement:
    """Returns how the styles of elements arrange a page.

    `wrapped` are all elements as `wrap_elements` returns them, `values` those of counters and variables.
    """
    orders: dict[int, Sequence[Element]] = {}
    replaced: dict[int, str] = {}
    printed: dict[int, tuple[str, str]] = {}
    parents: dict[int, Element] = {}
    for wrapper in wrapped:
        element = wrapper.etree_element
        own = styles.get(id(element), _NO_STYLES)
        style = own.get("", _NO_STYLE)
        if style and wrapper.parent is not None:
            parents[id(wrapper.parent.etree_element)] = wrapper.parent.etree_element
        if not own and element.tag not in (_QUOTE, _OVERRIDE) and "dir" not in element.attrib:
            continue
        parents[id(element)] = element
        is_override = "override" in style.get("unicode-bidi", "") or element.tag == _OVERRIDE
        if is_override and "rtl" in (style.get("direction"), element.get("dir")):
            replaced[id(element)] = "".join(element.itertext())[::-1]
        before, after = (_print(element, pseudo, own, values) for pseudo in ("before", "after"))
        marker = _print(element, "marker", own, values) if element.tag == _ITEM else ""
        if marker or before or after:
            printed[id(element)] = marker + before, after
    for key, element in parents.items():
        children = list(element)
        order = _order_children(element, children, styles)
        if order != children:
            orders[key] = order
    return PageArrangement(orders, replaced, printed)


def read_arranged(root: Element, arrangement: PageArrangement) -> str:
    """Returns the texts of a page, with `BREAK` between two elements."""
    orders, replaced, printed = arrangement
    words = ElementText()
    # Elements and texts that follow, the next one last; for the end of an element, whether it is inline.
    waiting: list[Element | str | bool] = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            words.add(value)
            continue
        if isinstance(value, bool):
            words.end(is_inline=value)
            continue
        if value.tag == _BREAK:
            words.add("\n")
        if value.tag == _BREAK or value.tag in _UNREAD:
            continue
        key, is_inline = id(value), value.tag in _INLINE
        words.start(is_inline=is_inline)
        before, after = printed.get(key, ("", ""))
        waiting.append(is_inline)
        if after:
            waiting.append(after)
        if key in replaced:
            waiting.append(replaced[key])
        else:
            for child in reversed(orders.get(key, value)):
                if child.tail:
                    waiting.append(child.tail)
                waiting.append(child)
            if value.text:
                waiting.append(value.text)
        if before:
            waiting.append(before)
    return words.join()


def _order_children(element: Element, children: list[Element], styles: Mapping[int, Styles]) -> list[Element]:
    """Returns the elements within one in the order in which they are read."""
    style = styles.get(id(element), _NO_STYLES).get("", _NO_STYLE)
    places = [(*_place(child, styles), _float(child, styles, number)) for number, child in enumerate(children)]
    is_reversed = any("reverse" in style.get(name, "") for name in FLOWS)
    is_reversed ^= style.get("direction") == "rtl" or element.get("dir") == "rtl"
    order = sorted(range(len(children)), key=places.__getitem__)
    return [children[number] for number in (reversed(order) if is_reversed else order)]


def _float(element: Element, styles: Mapping[int, Styles], number: int) -> int:
    """Returns where an element is beside its line: the first that floats to the right is the last."""
    return -number if styles.get(id(element), _NO_STYLES).get("", _NO_STYLE).get("float") == "right" else 0


def _place(element: Element, styles: Mapping[int, Styles]) -> tuple[float, float, float]:
    """Returns where an element is among those around it: its `order`, and its distances down and across."""
    style = styles.get(id(element), _NO_STYLES).get("", _NO_STYLE)
    if not style:
        return 0, 0, 0
    area = [*map(read_length, style.get("grid-area", "").split("/")), 0.0, 0.0][:2]
    inset = style.get("inset", "").split()
    down, across = (
        area[0] + read_length(inset[0] if inset else ""),
        area[1] + read_length(inset[-1] if inset else ""),
    )
    down += sum(_read_distance(style, name) for name in DOWN)
    across += sum(_read_distance(style, name) for name in ACROSS)
    moved = [*map(read_length, style.get("translate", "").split()), 0.0, 0.0][:2]
    for axis, written in TRANSLATION.findall(style.get("transform", "")):
        lengths = [*map(read_length, written.split(",")), 0.0][:2]
        moved = [moved[0], moved[1] + lengths[0]] if axis == "y" else [moved[0] + lengths[0], moved[1] + lengths[1]]
    return read_length(style.get("order", "")), down + moved[1], across + moved[0]


def _print(element: Element, pseudo: str, styles: Styles, values: Mapping[str, str]) -> str:
    """Returns the text that a pseudo-element of an element prints."""
    style = styles.get("", _NO_STYLE)
    generated = styles.get(pseudo, _NO_STYLE).get("content", "")
    quotes: list[str] = [one or other for one, other in _STRING.findall(style.get("quotes", ""))]
    if pseudo == "marker" and not generated:
        generated = next((style[name] for name in ("list-style-type", "list-style") if name in style), "")
        if not _STRING.search(generated):
            return ""
    if not generated and pseudo in ("before", "after") and element.tag == _QUOTE and len(quotes) > 1:
        return quotes[0] if pseudo == "before" else quotes[1]
    if "-quote" in generated and len(quotes) > 1:
        generated = generated.replace("open-quote", f"'{quotes[0]}'").replace("close-quote", f"'{quotes[1]}'")
    return print_content(generated, values, element.attrib) if generated else ""


def _read_distance(style: Mapping[str, str], name: str) -> float:
    length = read_length(style.get(name, ""))
    return -length if name in _FROM_END else length


def read_length(value: str) -> float:
    """Returns a length in CSS pixels, roughly, or a number; 0 for any other value."""
    found = _LENGTH.fullmatch(value.strip())
    return float(found[1]) * _PIXELS.get(found[2], 1) if found else 0.0
