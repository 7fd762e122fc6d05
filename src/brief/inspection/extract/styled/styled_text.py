"""Reads a page with the texts that its style sheet adds to elements, and in the order in which it arranges them.

The file has neither: the first half of a sentence may be in a rule (`::before { content: ... }`) and the second in the
element, or two halves in reverse order in a flex container. Sizes of boxes are not computed, so boxes that are moved
are read by their distances only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

from brief.inspection.extract.blocks import VOID_ELEMENTS
from brief.inspection.extract.css_texts import collect_values, print_content
from brief.inspection.extract.hiding import SURFACES, applies_on, wrap_elements
from brief.inspection.extract.selector_matcher import Match, SelectorMatcher
from brief.inspection.extract.style_sheet import WrittenRule, read_declarations, read_rules
from brief.inspection.extract.styled.arrangement import (
    ACROSS,
    DOWN,
    FLOWS,
    NAMESPACE,
    TRANSLATION,
    PageArrangement,
    Styles,
    arrange,
    read_arranged,
    read_length,
)
from brief.inspection.extract.tag_kinds import INLINE_ELEMENTS
from brief.templating.packaged import PACKAGED

_PSEUDO_ELEMENTS = ("before", "after", "marker")
_PRINTING = ("content", "quotes", "list-style", "list-style-type")
_DISTANCES = frozenset(("order", *DOWN, *ACROSS))
_MOVING = ("grid-area", "inset", "order", "float", "translate", "transform", *DOWN, *ACROSS)
_TRACKED = frozenset((*_PRINTING, *FLOWS, *_MOVING, "direction", "unicode-bidi"))
_PRINTED_LETTER = re.compile(r"[\"'][^\"']*\w|\b(?:attr|var|counters?)\(")
# States of elements that a reader may cause.
_STATE = re.compile(r":(?:hover|focus(?:-within|-visible)?|active|target|visited|link|any-link)\b")
# The last class of a selector for what is printed before an element.
_BEFORE_CLASS = re.compile(r"\.([\w-]+)::?before\Z")
# A property that may be tracked in a `style` attribute.
_STYLED = re.compile(
    r"order|float|grid|left|right|top|bottom|inset|transl|direction|bidi|reverse|quotes|list-style|flex", re.I
)


# A start tag with its attributes, an end tag, or a text of a page, in the order of the page.
PageEvent = tuple[Literal["start", "end", "text"], str, Sequence[tuple[str, str | None]]]


class _Rule(NamedTuple):
    """The tracked properties of a rule, and the indices of the surfaces that it applies on."""

    order: int
    values: Mapping[str, tuple[str, bool]]
    views: frozenset[int]


def _build_tree(events: Iterable[PageEvent]) -> Element | None:
    """Returns a page as a tree of elements with their texts; None without an element."""
    root: Element | None = None
    opened: list[Element] = []
    for kind, written, attributes in events:
        if kind == "start":
            element = Element(NAMESPACE + written, {name: value or "" for name, value in attributes})
            if opened:
                opened[-1].append(element)
            elif root is None:
                root = element
            if written not in VOID_ELEMENTS and (opened or root is element):
                opened.append(element)
        elif kind == "end":
            tag = NAMESPACE + written
            if any(each.tag == tag for each in opened):
                while opened.pop().tag != tag:
                    pass
        elif opened:
            parent = opened[-1]
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + written
            else:
                parent.text = (parent.text or "") + written
    return root


def read_styled_texts(markup: str, sheet: str, events: Sequence[PageEvent]) -> Iterator[str]:
    """Yields the text of a page on each surface, with `BREAK` between two elements, if its style `sheet` or its `style`
    attributes add texts or change their order. Surfaces that are arranged alike have the same text, which is yielded once.

    `events` has the tags and texts of the `markup`.
    """
    rules = _read_rules(sheet, has_divided_words=_divides_words(_find_spaced_classes(sheet), events))
    has_attributes = any(map(_STYLED.search, re.findall(r"\sstyle\s*=([^>]*)", markup)))
    if not has_attributes and not rules:
        return
    root = _build_tree(events)
    if root is None:
        return
    wrapped = wrap_elements(root)
    values = collect_values(sheet)
    different: list[PageArrangement] = []
    for styles in _find_styles(rules, wrapped):
        arrangement = arrange(wrapped, styles, values)
        if arrangement not in different:
            different.append(arrangement)
            yield read_arranged(root, arrangement)


@lru_cache(maxsize=16)
def _read_rules(sheet: str, *, has_divided_words: bool) -> tuple[tuple[Any, str, _Rule], ...]:
    """Returns each compiled selector, as written, with the tracked properties of its rule, on the surfaces on which the
    sheet changes something.

    Rules of the packaged sets that move boxes do not count, nor do those that print spaces unless they divide words.
    """
    rules = [(rule, _select(rule)) for rule in read_rules(sheet)]
    packaged = _list_packaged_rules()
    counting = [
        rule
        for rule, values in rules
        if (_changes(values) and (has_divided_words or not _find_spaced_class(rule) or rule not in packaged))
        or (_moves(values) and rule not in packaged)
    ]
    changing = [
        view for view, surface in enumerate(SURFACES.values()) if any(applies_on(rule, surface) for rule in counting)
    ]
    surfaces = tuple(SURFACES.values())
    found: list[tuple[Any, str, _Rule]] = []
    for number, (rule, values) in enumerate(rules):
        views = frozenset(view for view in changing if applies_on(rule, surfaces[view])) if values else ()
        if views:
            written = _STATE.sub("", rule.selector)
            found += ((each, written, _Rule(number, values, frozenset(views))) for each in _compile(written))
    return tuple(found)


def _select(rule: WrittenRule) -> dict[str, tuple[str, bool]]:
    values = {name: value for name, value in rule.declarations.items() if name in _TRACKED}
    is_hidden = values and rule.declarations.get("visibility", ("",))[0] == "hidden"
    return {} if is_hidden else values


def _changes(values: Mapping[str, tuple[str, bool]]) -> bool:
    """Returns whether properties add letters or change the order of elements, other than by distances."""
    for name, (value, _) in values.items():
        if name in _PRINTING and _PRINTED_LETTER.search(value):
            return True
        if name in FLOWS and "reverse" in value:
            return True
        if (name, value) in (("direction", "rtl"), ("float", "right")) or (
            name == "unicode-bidi" and "override" in value
        ):
            return True
        if name == "order" or name == "translate" or TRANSLATION.search(value):
            return True
        if name.startswith("grid-") and value[:1].isdigit():
            return True
    return False


def _moves(values: Mapping[str, tuple[str, bool]]) -> bool:
    return any(values[name][0] != "auto" for name in (*DOWN, *ACROSS, "inset") if name in values)


@lru_cache(maxsize=1)
def _list_packaged_rules() -> Sequence[WrittenRule]:
    """Returns the rules of the packaged sets that move boxes, none of which changes the order of texts, or print spaces."""
    sheets = (path for root in PACKAGED for path in sorted(root.glob("*/screen.css")))
    rules = (rule for sheet in sheets for rule in read_rules(sheet.read_text("utf-8")))
    return [rule for rule in rules if _moves(_select(rule)) or _find_spaced_class(rule)]


def _find_spaced_class(rule: WrittenRule) -> str:
    """Returns the class of the elements before which a rule prints spaces and line breaks; empty if it does more than that, or
    for other elements.
    """
    values = _select(rule)
    printed = values.pop("content", ("", False))[0]
    found = _BEFORE_CLASS.search(rule.selector) if printed and "," not in rule.selector else None
    return found[1] if found and not _changes(values) and print_content(printed, {}, {}).isspace() else ""


@lru_cache(maxsize=16)
def _find_spaced_classes(sheet: str) -> frozenset[str]:
    """Returns the classes of elements before which packaged rules of a sheet print spaces."""
    found = ((rule, _find_spaced_class(rule)) for rule in read_rules(sheet))
    return frozenset(name for rule, name in found if name and rule in _list_packaged_rules())


def _divides_words(classes: Set[str], events: Iterable[PageEvent]) -> bool:
    """Returns whether an element with one of the classes directly follows a letter or sign of the text around it, so that
    spaces before it would divide a word or a number.
    """
    is_after_letter = False
    for kind, written, attributes in events if classes else ():
        if kind == "start":
            if is_after_letter and any(
                name == "class" and value and not classes.isdisjoint(value.split()) for name, value in attributes
            ):
                return True
            is_after_letter = is_after_letter and written in INLINE_ELEMENTS
        elif kind == "end":
            # What follows an element is another text.
            is_after_letter = False
        elif written:
            is_after_letter = not written[-1].isspace()
    return False


@lru_cache(maxsize=4_000)
def _compile(selectors: str) -> tuple[Any, ...]:
    try:
        return tuple(cssselect2.compile_selector_list(selectors))
    except cssselect2.SelectorError:
        return ()


def _find_styles(rules: Iterable[tuple[Any, str, _Rule]], wrapped: Iterable[Any]) -> list[dict[int, Styles]]:
    """Returns, for each surface, the styles of the elements that have any, by the `id` of the element."""
    matcher = SelectorMatcher()
    for selector, written, rule in rules:
        matcher.add(selector, written, rule)
    found: list[dict[int, Styles]] = [{} for _ in SURFACES]
    # The styles of elements that have these only by their names.
    known: dict[int, list[Styles]] = {}
    for wrapper, number, by_names, by_place in matcher.match(wrapped):
        element = wrapper.etree_element
        own = element.get("style")
        if not (by_names or by_place or own):
            continue
        if by_place or own:
            inline = read_declarations(tinycss2.parse_blocks_contents(own)) if own else {}
            each = [_cascade((*by_names, *by_place), inline, view) for view in range(len(SURFACES))]
        else:
            if number not in known:
                known[number] = [_cascade(by_names, {}, view) for view in range(len(SURFACES))]
            each = known[number]
        for styles, of_element in zip(found, each, strict=True):
            if of_element:
                styles[id(element)] = of_element
    return found


def _cascade(matches: Iterable[Match], inline: Mapping[str, tuple[str, bool]], view: int) -> Styles:
    """Returns what rules and the `style` attribute (`inline`) set for an element and its pseudo-elements on a surface."""
    found: dict[str, list[tuple[tuple[Any, ...], str, str]]] = {}
    for specificity, _, pseudo, rule in matches:
        if view in rule.views:
            for name, (value, is_important) in rule.values.items():
                rank = is_important, specificity, rule.order
                found.setdefault(pseudo or "", []).append((rank, name, value))
    for name, (value, is_important) in inline.items():
        found.setdefault("", []).append(((is_important, (9, 9, 9), 0), name, value))
    # Later rules replace earlier ones, as in a browser.
    styles = (
        (pseudo, {name: value for _, name, value in sorted(each, key=lambda entry: entry[0])})
        for pseudo, each in found.items()
    )
    return {pseudo: kept for pseudo, style in styles if (kept := _drop_zeros(style))}


def _drop_zeros(style: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the properties without distances of zero, which move nothing."""
    return {name: value for name, value in style.items() if name not in _DISTANCES or read_length(value)}
