"""Reads a page with the texts that its style sheet adds to elements, and in the order in which it arranges them.

The file has neither: the first half of a sentence may be in a rule (`::before { content: ... }`) and the second in the
element, or two halves in reverse order in a flex container. Sizes of boxes are not computed, so boxes that are moved
are read by their distances only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

from brief.inspection.extract.blocks import VOID_ELEMENTS
from brief.inspection.extract.css_texts import collect_values, print_content
from brief.inspection.extract.element_text import ElementText
from brief.inspection.extract.hiding import SURFACES, Surface, applies_on, wrap_elements
from brief.inspection.extract.style_sheet import WrittenRule, read_declarations, read_rules
from brief.inspection.extract.tag_kinds import INLINE_ELEMENTS
from brief.templating.html_parser import LenientHtmlParser
from brief.templating.packaged import PACKAGED

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_PSEUDO_ELEMENTS = ("before", "after", "marker")
_PRINTING = ("content", "quotes", "list-style", "list-style-type")
_FLOWS = ("flex-direction", "flex-flow", "flex-wrap")
_DOWN = ("grid-row", "grid-row-start", "top", "bottom", "inset-block-start")
_ACROSS = ("grid-column", "grid-column-start", "left", "right", "inset-inline-start")
_MOVING = ("grid-area", "inset", "order", "float", "translate", "transform", *_DOWN, *_ACROSS)
_TRACKED = frozenset((*_PRINTING, *_FLOWS, *_MOVING, "direction", "unicode-bidi"))
_FROM_END = ("bottom", "right")
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.S)
_PRINTED_LETTER = re.compile(r"[\"'][^\"']*\w|\b(?:attr|var|counters?)\(")
_LENGTH = re.compile(r"([-+]?\d*\.?\d+)([a-z%]*)")
_TRANSLATION = re.compile(r"translate(x|y)?\(([^)]*)\)")
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
# States of elements that a reader may cause.
_STATE = re.compile(r":(?:hover|focus(?:-within|-visible)?|active|target|visited|link|any-link)\b")
# A property that may be tracked in a `style` attribute.
_STYLED = re.compile(
    r"order|float|grid|left|right|top|bottom|inset|transl|direction|bidi|reverse|quotes|list-style|flex", re.I
)
_LINE_PARTS = ("br", "wbr", "img")


class _Rule(NamedTuple):
    order: int
    values: Mapping[str, tuple[str, bool]]


class StyledPage(LenientHtmlParser):
    """A page as a tree of elements with their texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Element | None = None
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(_NAMESPACE + tag, {name: value or "" for name, value in attrs})
        if self._open:
            self._open[-1].append(element)
        elif self.root is None:
            self.root = element
        if tag not in VOID_ELEMENTS and (self._open or self.root is element):
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == _NAMESPACE + tag for each in self._open):
            while self._open.pop().tag != _NAMESPACE + tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def read_styled_texts(markup: str, sheet: str) -> Iterator[str]:
    """Yields the text of a page on each surface, with `BREAK` between two elements, if its style `sheet` or its `style`
    attributes add texts or change their order.
    """
    read = [_read_rules(sheet, surface) for surface in SURFACES.values()]
    has_attributes = any(map(_STYLED.search, re.findall(r"\sstyle\s*=([^>]*)", markup)))
    if not has_attributes and not any(read):
        return
    page = StyledPage()
    page.feed(markup)
    page.close()
    if page.root is None:
        return
    wrapped = wrap_elements(page.root)
    values = collect_values(sheet)
    different = {tuple((id(selector), *rule.values.items()) for selector, rule in rules): rules for rules in read}
    for rules in different.values():
        yield _Reading(rules, values, wrapped).read()


@lru_cache(maxsize=64)
def _read_rules(sheet: str, surface: Surface) -> tuple[tuple[Any, _Rule], ...]:
    """Returns each compiled selector with the tracked properties of its rule; empty if the sheet changes nothing."""
    rules = [(rule, _select(rule)) for rule in read_rules(sheet) if applies_on(rule, surface)]
    if not any(_changes(values) or (_moves(values) and rule not in _list_packaged_rules()) for rule, values in rules):
        return ()
    return tuple(
        (each, _Rule(number, values))
        for number, (rule, values) in enumerate(rules)
        if values
        for each in _compile(rule.selector)
    )


def _select(rule: WrittenRule) -> dict[str, tuple[str, bool]]:
    values = {name: value for name, value in rule.declarations.items() if name in _TRACKED}
    is_hidden = values and rule.declarations.get("visibility", ("",))[0] == "hidden"
    return {} if is_hidden else values


def _changes(values: Mapping[str, tuple[str, bool]]) -> bool:
    """Returns whether properties add letters or change the order of elements, other than by distances."""
    for name, (value, _) in values.items():
        if name in _PRINTING and _PRINTED_LETTER.search(value):
            return True
        if name in _FLOWS and "reverse" in value:
            return True
        if (name, value) in (("direction", "rtl"), ("float", "right")) or (
            name == "unicode-bidi" and "override" in value
        ):
            return True
        if name == "order" or name == "translate" or _TRANSLATION.search(value):
            return True
        if name.startswith("grid-") and value[:1].isdigit():
            return True
    return False


def _moves(values: Mapping[str, tuple[str, bool]]) -> bool:
    return any(values[name][0] != "auto" for name in (*_DOWN, *_ACROSS, "inset") if name in values)


@lru_cache(maxsize=1)
def _list_packaged_rules() -> Sequence[WrittenRule]:
    """Returns the rules of the packaged sets that move boxes, none of which changes the order of texts."""
    sheets = (path for root in PACKAGED for path in sorted(root.glob("*/screen.css")))
    rules = (rule for sheet in sheets for rule in read_rules(sheet.read_text("utf-8")))
    return [rule for rule in rules if _moves(_select(rule))]


@lru_cache(maxsize=4_000)
def _compile(selectors: str) -> tuple[Any, ...]:
    try:
        return tuple(cssselect2.compile_selector_list(_STATE.sub("", selectors)))
    except cssselect2.SelectorError:
        return ()


class _Reading:
    """Reads the elements of a page by the rules that apply on a surface."""

    def __init__(self, rules: Sequence[tuple[Any, _Rule]], values: Mapping[str, str], wrapped: Sequence[Any]) -> None:
        self._values = values
        self._root = wrapped[0].etree_element
        self._styles: dict[tuple[int, str], dict[str, str]] = {}
        matcher = cssselect2.Matcher()
        for selector, rule in rules:
            matcher.add_selector(selector, rule)
        for wrapper in wrapped:
            found: dict[str, list[tuple[tuple[Any, ...], str, str]]] = {}
            for specificity, _, pseudo, rule in matcher.match(wrapper):
                for name, (value, is_important) in rule.values.items():
                    rank = is_important, specificity, rule.order
                    found.setdefault(pseudo or "", []).append((rank, name, value))
            own = wrapper.etree_element.get("style")
            for name, (value, is_important) in (
                read_declarations(tinycss2.parse_blocks_contents(own)).items() if own else ()
            ):
                found.setdefault("", []).append(((is_important, (9, 9, 9), 0), name, value))
            for pseudo, each in found.items():
                # Later rules replace earlier ones, as in a browser.
                ranked = sorted(each, key=lambda entry: entry[0])
                self._styles[id(wrapper.etree_element), pseudo] = {name: value for _, name, value in ranked}

    def read(self) -> str:
        """Returns the texts, with `BREAK` between two elements."""
        words = ElementText()
        waiting: list[tuple[str, Any]] = [("element", self._root)]
        while waiting:
            what, value = waiting.pop()
            if what == "text":
                words.add(value)
            elif what == "end":
                words.end(is_inline=value)
            elif not isinstance(value.tag, str) or value.tag in (f"{_NAMESPACE}style", f"{_NAMESPACE}script"):
                continue
            else:
                waiting += reversed(self._open(words, value))
        return words.join()

    def _open(self, words: ElementText, element: Element) -> list[tuple[str, Any]]:
        """Begins an element; returns what it contains, and its end."""
        tag = element.tag.removeprefix(_NAMESPACE)
        if tag in _LINE_PARTS:
            words.add("\n" if tag == "br" else "")
            return []
        style = self._styles.get((id(element), ""), {})
        words.start(is_inline=tag in INLINE_ELEMENTS)
        is_override = "override" in style.get("unicode-bidi", "") or tag == "bdo"
        if is_override and "rtl" in (style.get("direction"), element.get("dir")):
            inside = [("text", "".join(element.itertext())[::-1])]
        else:
            inside = self._arrange(element, style)
        before, after = self._print(element, "before", style), self._print(element, "after", style)
        marker = self._print(element, "marker", style) if tag == "li" else ""
        return [("text", marker), ("text", before), *inside, ("text", after), ("end", tag in INLINE_ELEMENTS)]

    def _arrange(self, element: Element, style: Mapping[str, str]) -> list[tuple[str, Any]]:
        children = list(element)
        places = [(*self._place(child), self._float(child, number)) for number, child in enumerate(children)]
        is_reversed = any("reverse" in style.get(name, "") for name in _FLOWS)
        is_reversed ^= style.get("direction") == "rtl" or element.get("dir") == "rtl"
        if len(set(places)) > 1 or is_reversed:
            order = sorted(range(len(children)), key=places.__getitem__)
            if is_reversed:
                order.reverse()
            moved: list[tuple[str, Any]] = [("text", element.text or "")]
            for number in order:
                moved += [("element", children[number]), ("text", children[number].tail or "")]
            return moved
        inside: list[tuple[str, Any]] = [("text", element.text or "")]
        for child in children:
            inside += [("element", child), ("text", child.tail or "")]
        return inside

    def _float(self, element: Element, number: int) -> int:
        """Returns where an element is beside its line: the first that floats to the right is the last."""
        return -number if self._styles.get((id(element), ""), {}).get("float") == "right" else 0

    def _place(self, element: Element) -> tuple[float, float, float]:
        """Returns where an element is among those around it: its `order`, and its distances down and across."""
        style = self._styles.get((id(element), ""), {})
        if not style:
            return 0, 0, 0
        area = [*map(_read_length, style.get("grid-area", "").split("/")), 0.0, 0.0][:2]
        inset = style.get("inset", "").split()
        down, across = (
            area[0] + _read_length(inset[0] if inset else ""),
            area[1] + _read_length(inset[-1] if inset else ""),
        )
        down += sum(_read_distance(style, name) for name in _DOWN)
        across += sum(_read_distance(style, name) for name in _ACROSS)
        moved = [*map(_read_length, style.get("translate", "").split()), 0.0, 0.0][:2]
        for axis, written in _TRANSLATION.findall(style.get("transform", "")):
            lengths = [*map(_read_length, written.split(",")), 0.0][:2]
            moved = [moved[0], moved[1] + lengths[0]] if axis == "y" else [moved[0] + lengths[0], moved[1] + lengths[1]]
        return _read_length(style.get("order", "")), down + moved[1], across + moved[0]

    def _print(self, element: Element, pseudo: str, style: Mapping[str, str]) -> str:
        """Returns the text that a pseudo-element of an element prints."""
        generated = self._styles.get((id(element), pseudo), {}).get("content", "")
        quotes: list[str] = [one or other for one, other in _STRING.findall(style.get("quotes", ""))]
        if pseudo == "marker" and not generated:
            generated = next((style[name] for name in ("list-style-type", "list-style") if name in style), "")
            if not _STRING.search(generated):
                return ""
        if not generated and pseudo in ("before", "after") and element.tag == f"{_NAMESPACE}q" and len(quotes) > 1:
            return quotes[0] if pseudo == "before" else quotes[1]
        if "-quote" in generated and len(quotes) > 1:
            generated = generated.replace("open-quote", f"'{quotes[0]}'").replace("close-quote", f"'{quotes[1]}'")
        return print_content(generated, self._values, element.attrib) if generated else ""


def _read_distance(style: Mapping[str, str], name: str) -> float:
    length = _read_length(style.get(name, ""))
    return -length if name in _FROM_END else length


def _read_length(value: str) -> float:
    """Returns a length in CSS pixels, roughly, or a number; 0 for any other value."""
    found = _LENGTH.fullmatch(value.strip())
    return float(found[1]) * _PIXELS.get(found[2], 1) if found else 0.0
