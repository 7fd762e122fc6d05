"""Finds the elements of a page that its style sheet hides: with `display: none`, but also with an opacity or size of
zero, or a position outside the page.

tinycss2 reads rules, and cssselect2 selectors. A rule counts if its media query holds. A query that cannot be
evaluated, such as one for a feature of a device, does not hold, so that a page which a common browser shows in full has
no findings.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

from brief.inspection.extract.colours import (
    TRANSPARENT_BACKGROUNDS,
    WHITE,
    Colour,
    has_picture,
    look_alike,
    read_background,
    read_colour,
)
from brief.inspection.extract.selector_matcher import SelectorMatcher
from brief.inspection.extract.style_sheet import WrittenRule, read_declarations, read_rules
from brief.model.record import dataclass


class Surface(NamedTuple):
    """What a page is shown on: its medium, `screen` or `print`, and its width in CSS pixels."""

    medium: str
    width: int


# The surfaces that are inspected, by the words with which messages name them.
WIDE_SCREEN, PHONE, PAPER = Surface("screen", 1280), Surface("screen", 390), Surface("print", 718)
SURFACES: Mapping[str, Surface] = {"": WIDE_SCREEN, " on a phone": PHONE, " when printed": PAPER}
_PIXELS: Mapping[str, float] = {"px": 1, "em": 16, "rem": 16, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_LENGTH = re.compile(r"([-+]?[0-9]*\.?[0-9]+)([a-z]*|%)")
_CONDITION = re.compile(r"\(\s*(min-|max-)?width\s*(:|>=|<=|>|<)\s*([0-9.]+)([a-z]+)\s*\)")
_LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)")
# Farther away than any page is wide or high.
_FAR = 900.0
_ZERO = re.compile(r"[-+]?(?:0+\.?0*|\.0+)(?:[a-z]+|%)?")
_CLIPPED = re.compile(
    r"inset\((?:5[0-9]|[6-9][0-9]|100)%|circle\(0|ellipse\(0|polygon\(0 0(?:, ?0 0)*\)|rect\((?:[01](?:px)?[, ]*){4}\)"
)
_TRANSPARENT = re.compile(
    r"transparent|rgba?\([^)]*[,/]\s*0?\.?0+%?\s*\)|hsla?\([^)]*[,/]\s*0?\.?0+%?\s*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00"
)
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^)]*)\)")


def _is_far(value: str) -> bool:
    """Returns whether a length, positive or negative, moves an element out of every page."""
    found = _LENGTH.fullmatch(value)
    if found is None:
        return False
    length, unit = float(found[1]), found[2]
    if unit in ("vw", "vh", "%"):
        return abs(length) >= 100
    return abs(length) * _PIXELS.get(unit, 1) >= _FAR


def _is_moved_away(value: str) -> bool:
    return "scale(0)" in value or any(
        _is_far(each.strip()) for found in _MOVED.finditer(value) for each in found[1].split(",")
    )


# For each property, a function that returns whether a value hides an element.
_HIDES: Mapping[str, Callable[[str], bool]] = {
    "display": lambda value: value == "none",
    "visibility": lambda value: value in ("hidden", "collapse"),
    "content-visibility": lambda value: value == "hidden",
    "opacity": lambda value: _ZERO.fullmatch(value) is not None,
    "font-size": lambda value: _ZERO.fullmatch(value) is not None,
    "zoom": lambda value: _ZERO.fullmatch(value) is not None,
    "color": lambda value: _TRANSPARENT.fullmatch(value) is not None,
    "-webkit-text-fill-color": lambda value: _TRANSPARENT.fullmatch(value) is not None,
    "text-indent": _is_far,
    "left": _is_far,
    "top": _is_far,
    "right": _is_far,
    "margin-left": _is_far,
    "clip": lambda value: _CLIPPED.search(value) is not None,
    "clip-path": lambda value: _CLIPPED.search(value) is not None,
    "transform": _is_moved_away,
    "filter": lambda value: "opacity(0" in value and "opacity(0." not in value,
    "height": lambda value: _ZERO.fullmatch(value) is not None or value == "1px",
    "max-height": lambda value: _ZERO.fullmatch(value) is not None,
    "width": lambda value: _ZERO.fullmatch(value) is not None or value == "1px",
}
# Properties that hide only together with another one, and the values that it must have.
_NEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **dict.fromkeys(("left", "top", "right"), ("position", ("absolute", "fixed", "relative"))),
    **dict.fromkeys(("height", "max-height", "width"), ("overflow", ("hidden", "clip"))),
    "clip": ("position", ("absolute", "fixed")),
}
# Inherited properties, which an element inside may set to another value.
_INHERITED = ("visibility", "font-size", "color", "-webkit-text-fill-color", "text-indent")
# The property for what is drawn before the items of a list; inherited, and part of a shorthand.
_MARKER = "list-style-type"
_BACKGROUND = "background-color"
_PICTURE = "background-image"
_TRACKED = frozenset((*_HIDES, "position", "overflow", "background", _BACKGROUND, _PICTURE, _MARKER))
_SHORTHANDS: Mapping[str, str] = {
    "background": _BACKGROUND,
    "overflow-x": "overflow",
    "overflow-y": "overflow",
    "list-style": _MARKER,
}


class _Rule(NamedTuple):
    """A rule with one compiled selector of the `written` list, and its tracked properties, each with its value and whether
    it is `!important`. `hides` has the properties with a value that may hide elements.
    """

    selector: Any
    written: str
    order: int
    values: Mapping[str, tuple[str, bool]]
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HidingStyles:
    """The rules of a style sheet that apply on a surface and set a tracked property.

    `hiding` has those with a value that may hide elements, `by_property` all of them, by the properties that they set.
    `backgrounds` has all colours behind words. `layers` has the selectors of elements with pseudo-elements that have a
    background.
    """

    hiding: tuple[_Rule, ...]
    by_property: Mapping[str, tuple[_Rule, ...]]
    backgrounds: frozenset[Colour]
    layers: tuple[Any, ...]


@lru_cache(maxsize=64)
def read_hiding_styles(sheet: str, surface: Surface) -> HidingStyles:
    """Reads the rules of a style sheet that apply on the surface, with the values of variables."""
    rules: list[_Rule] = []
    found = [rule for rule in read_rules(sheet) if applies_on(rule, surface)]
    variables = {
        name: value for rule in found for name, (value, _) in rule.declarations.items() if name.startswith("--")
    }
    for selector, written, _ in found:
        values = {
            _SHORTHANDS.get(name, name): (_resolve(value, variables), is_important)
            for name, (value, is_important) in written.items()
            if _SHORTHANDS.get(name, name) in _TRACKED
        }
        if values:
            rules += (_Rule(each, selector, len(rules), values) for each in _compile_selectors(selector))
    layers = [layer for rule in found if _has_background(rule) for layer in _compile_layers(rule.selector)]
    backgrounds = {WHITE, *(read_colour(rule.values[_BACKGROUND][0]) for rule in rules if _BACKGROUND in rule.values)}
    candidates = frozenset(each for each in backgrounds if each is not None)
    may_hide = (
        (rule, tuple(name for name in rule.values if _may_hide(name, rule.values, candidates))) for rule in rules
    )
    hiding = tuple(rule._replace(hides=names) for rule, names in may_hide if names)
    names = {name for rule in rules for name in rule.values}
    by_property = {name: tuple(rule for rule in rules if name in rule.values) for name in names}
    return HidingStyles(hiding, by_property, candidates, tuple(layers))


def _has_background(rule: WrittenRule) -> bool:
    return any(name.startswith("background") for name in rule.declarations)


# Sheets of several pages share most rules.
@lru_cache(maxsize=4_000)
def _compile_layers(selectors: str) -> tuple[Any, ...]:
    """Returns the compiled selectors of a list that are for pseudo-elements; empty if the list is not valid."""
    try:
        compiled = cssselect2.compile_selector_list(selectors)
    except cssselect2.SelectorError:
        return ()
    return tuple(each for each in compiled if each.pseudo_element in ("before", "after"))


@lru_cache(maxsize=4_000)
def _compile_selectors(selectors: str) -> tuple[Any, ...]:
    """Returns the compiled selectors of a list without those for pseudo-elements; empty if the list is not valid."""
    try:
        compiled = cssselect2.compile_selector_list(selectors)
    except cssselect2.SelectorError:
        return ()
    return tuple(each for each in compiled if each.pseudo_element is None)


def _may_hide(name: str, values: Mapping[str, tuple[str, bool]], backgrounds: Set[Colour]) -> bool:
    value = values[name][0]
    if name in _HIDES and _HIDES[name](value):
        return True
    if name != "color":
        return False
    is_same = _BACKGROUND in values and values[_BACKGROUND][0] == value
    return is_same or any(look_alike(read_colour(value), each) for each in backgrounds)


def _resolve(value: str, variables: Mapping[str, str]) -> str:
    for _ in range(4):
        if "var(" not in value:
            break
        value = _VARIABLE.sub(lambda found: variables.get(found[1], found[2] or ""), value)
    return value


def applies_on(rule: WrittenRule, surface: Surface) -> bool:
    """Returns whether the at-rules that a rule is in hold on the surface."""
    return all(_applies(name, prelude, surface) for name, prelude in rule.conditions)


def _applies(name: str, prelude: str, surface: Surface) -> bool:
    if name == "media":
        return any(_holds(query.strip(), surface) for query in prelude.split(","))
    return name != "supports" or not prelude.startswith("not")


def _holds(query: str, surface: Surface) -> bool:
    """Returns whether a media query (Media Queries 4) holds on the surface."""
    for part in re.split(r"\s+and\s+", query.removeprefix("only ")):
        condition = _CONDITION.fullmatch(part)
        if condition is not None:
            limit = float(condition[3]) * _PIXELS.get(condition[4], 1)
            is_least = condition[1] == "min-" or condition[2].startswith(">")
            if (surface.width < limit) if is_least else (surface.width > limit):
                return False
        elif part not in ("all", surface.medium) and not _LIGHT.fullmatch(part):
            return False
    return True


# A rule that prints a counter before the items of a list.
_COUNTS = re.compile(r"::?(?:before|marker)\s*\{[^}]*\bcounter", re.IGNORECASE)


def wrap_elements(root: Element) -> list[Any]:
    """Returns the elements of a page in document order, each as an `ElementWrapper`, with which cssselect2 matches selectors."""
    return list(cssselect2.ElementWrapper.from_html_root(root).iter_subtree())


def find_unnumbered(elements: Iterable[Any], sheet: str, surface: Surface) -> Iterator[Element]:
    """Yields each ordered list whose items the page does not number. `elements` are those that `wrap_elements` returns.

    Yields none if the style sheet counts items with a counter, because their numbers are then unknown.
    """
    if _COUNTS.search(sheet):
        return
    styles = read_hiding_styles(sheet, surface)
    for wrapper in elements:
        if wrapper.local_name == "ol":
            items = [each for each in wrapper.iter_children() if each.local_name == "li"]
            nearest = next(
                (
                    value
                    for each in (items[:1], (wrapper,), wrapper.ancestors)
                    for one in each
                    if (value := _read_marker(one, styles))
                ),
                "",
            )
            if "none" in nearest.split() or not items:
                yield wrapper.etree_element


def _read_marker(wrapper: Any, styles: HidingStyles) -> str:
    return _cascade(_MARKER, wrapper, styles, _read_own(wrapper))


def find_hidden(
    elements: Iterable[Any], views: Sequence[HidingStyles]
) -> Iterator[tuple[int, Element, tuple[Element, ...]]]:
    """Yields (index of the view, hidden element, elements inside it that are shown nevertheless).

    `elements` are those that `wrap_elements` returns.

    All other elements inside a hidden one are hidden with it; they may be yielded too.
    """
    matcher = SelectorMatcher()
    for view, styles in enumerate(views):
        for rule in styles.hiding:
            matcher.add(rule.selector, rule.written, (view, rule))
    known: list[dict[int, Colour | None]] = [{} for _ in views]
    for wrapper, _, by_names, by_place in matcher.match(elements):
        own = wrapper.etree_element.get("style")
        if not (own or by_names or by_place):
            continue
        inline = _read_own(wrapper)
        names: list[set[str]] = [{name for name in inline if name in _HIDES} for _ in views]
        for *_, (view, rule) in (*by_names, *by_place):
            names[view].update(rule.hides)
        for view, styles in enumerate(views):
            hiding = next(
                (name for name in names[view] if _is_hidden_by(name, wrapper, styles, inline, known[view])), None
            )
            if hiding is not None:
                yield view, wrapper.etree_element, tuple(_list_shown(hiding, wrapper, styles))


def _is_hidden_by(
    name: str,
    wrapper: Any,
    styles: HidingStyles,
    inline: Mapping[str, tuple[str, bool]],
    known: dict[int, Colour | None],
) -> bool:
    value = _cascade(name, wrapper, styles, inline)
    if name == "color" and value and value == _cascade(_BACKGROUND, wrapper, styles, inline):
        return True
    if name == "color" and (colour := read_colour(value)) is not None:
        return look_alike(colour, _find_behind(wrapper, styles, known))
    if not _HIDES[name](value):
        return False
    needed, values = _NEEDS.get(name, ("", ()))
    return not needed or _cascade(needed, wrapper, styles, inline) in values


def _find_behind(wrapper: Any, styles: HidingStyles, known: dict[int, Colour | None]) -> Colour | None:
    """Returns the colour behind the words of an element; None if it is not known. `known` has the results by element."""
    key = id(wrapper.etree_element)
    if key not in known:
        own = _read_own(wrapper)
        value = _cascade(_BACKGROUND, wrapper, styles, own)
        # What a pseudo-element draws may be behind the words.
        if any(layer.test(wrapper) for layer in styles.layers) or has_picture(_cascade(_PICTURE, wrapper, styles, own)):
            known[key] = None
        elif value not in TRANSPARENT_BACKGROUNDS:
            known[key] = read_background(value)
        elif _cascade("position", wrapper, styles, own) in ("absolute", "fixed", "sticky"):
            # What is moved may be in front of a picture.
            known[key] = None
        else:
            known[key] = _find_behind(wrapper.parent, styles, known) if wrapper.parent is not None else WHITE
    return known[key]


def _read_own(wrapper: Any) -> dict[str, tuple[str, bool]]:
    own = wrapper.etree_element.get("style")
    written = read_declarations(tinycss2.parse_blocks_contents(own)) if own else {}
    return {_SHORTHANDS.get(name, name): value for name, value in written.items()}


def _cascade(name: str, wrapper: Any, styles: HidingStyles, inline: Mapping[str, tuple[str, bool]] = {}) -> str:
    """Returns the value of a property that the rules or the `style` attribute (`inline`) set on an element; empty if
    none does.
    """
    best: tuple[tuple[Any, ...], str] = ((), "")
    for rule in styles.by_property.get(name, ()):
        if rule.selector.test(wrapper):
            value, is_important = rule.values[name]
            best = max(best, ((is_important, False, rule.selector.specificity, rule.order), value))
    if name in inline:
        value, is_important = inline[name]
        best = max(best, ((is_important, True, (0, 0, 0), 0), value))
    return best[1]


def _list_shown(name: str, wrapper: Any, styles: HidingStyles) -> Iterator[Element]:
    """Yields the elements inside a hidden one for which the inherited property is set to another value."""
    if name not in _INHERITED:
        return
    for inner in wrapper.iter_subtree():
        if inner.etree_element is wrapper.etree_element:
            continue
        value = _cascade(name, inner, styles)
        if name == "color" and _cascade(_BACKGROUND, inner, styles):
            yield inner.etree_element
            continue
        # A size relative to zero is zero.
        is_relative = name == "font-size" and value.endswith(("em", "%")) and not value.endswith("rem")
        if value and value not in ("inherit", "unset") and not is_relative and not _HIDES[name](value):
            yield inner.etree_element
