"""Turns formulas into Office Math (ECMA-376 part 1, 22.1), which Word edits.

The converters that exist are not maintained or produce files that Word refuses. The formulas that authors may write
consist of a closed list of elements of MathML Core (`brief.reading.texts.formulas`), each of which has its counterpart
here.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser
from lxml import etree

from brief.model.inline import Formula
from brief.writers.ooxml.elements import Element, parse_part, qualify_name, word

# A line of no thickness, in any unit.
_NO_LINE = re.compile(r"(?:0+\.?0*|\.0+)[a-z%]*")
_FACE = "Cambria Math"
_NARY = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀")
_INTEGRALS = frozenset("∫∬∭∮")
# Signs above letters, as the converter writes them, and the combining characters that Word expects.
_ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7", "ˇ": "\u030c"}
_BARS = frozenset("―‾_")
_BRACES = frozenset("⏞⏟")
# The widest `mspace`, in ems, for which each space is used.
_SPACES = ((0.2, "\u2009"), (0.3, "\u2005"), (1.5, "\u2003"))


def compose_formula(formula: Formula) -> Element:
    """Composes the formula as `m:oMath`, or as `m:oMathPara` on a line of its own."""
    root = parse_part(formula.mathml.encode("utf-8"))
    math = _build_math("oMath", *_compose_row(list(root), is_display=formula.is_display))
    return _build_math("oMathPara", math) if formula.is_display else math


def _build_math(tag: str, *children: Element | None, **attributes: str) -> Element:
    """Builds an `m:` element with `m:` attributes. Children that are None are left out."""
    element: Element = oxml_parser.makeelement(
        qualify_name(f"m:{tag}"),
        {qualify_name(f"m:{name}"): value for name, value in attributes.items()},
        {"m": nsmap["m"]},
    )
    element.extend(child for child in children if child is not None)
    return element


def _get_tag(node: Element) -> str:
    return str(etree.QName(node).localname)


def _collect_text(node: Element) -> str:
    return (node.text or "") if not len(node) else "".join(map(_collect_text, node))


def _compose_row(nodes: Sequence[Element], *, is_display: bool) -> list[Element]:
    """Composes the nodes of a row. Office Math puts what follows an operator such as a sum, and what is between a pair
    of fences, inside their elements.
    """
    if len(nodes) == 1 and _get_tag(nodes[0]) in ("mrow", "mstyle"):
        return _compose_row(list(nodes[0]), is_display=is_display)
    if nodes and _is_fence(nodes[0], "prefix"):
        is_closed = len(nodes) > 1 and _is_fence(nodes[-1], "postfix")
        inner = nodes[1:-1] if is_closed else nodes[1:]
        ends = (
            _build_math("begChr", val=_collect_text(nodes[0])),
            _build_math("endChr", val=_collect_text(nodes[-1]) if is_closed else ""),
        )
        return [
            _build_math("d", _build_math("dPr", *ends), _build_math("e", *_compose_row(inner, is_display=is_display)))
        ]
    composed: list[Element] = []
    for index, node in enumerate(nodes):
        if _is_nary(node) and index + 1 < len(nodes):
            operand = _compose_row(nodes[index + 1 :], is_display=is_display)
            return [*composed, _compose_nary(node, operand, is_display=is_display)]
        composed += _compose_node(node, is_display=is_display)
    return composed


def _is_fence(node: Element, form: str) -> bool:
    return _get_tag(node) == "mo" and node.get("fence") == "true" and node.get("form") == form


def _is_nary(node: Element) -> bool:
    base = (
        node[0]
        if len(node) and _get_tag(node) in ("msub", "msup", "msubsup", "munder", "mover", "munderover")
        else node
    )
    return _get_tag(base) == "mo" and _collect_text(base) in _NARY


def _compose_nary(node: Element, operand: list[Element], *, is_display: bool) -> Element:
    tag = _get_tag(node)
    sign = _collect_text(node[0] if len(node) else node)
    parts = list(node)[1:]
    below = parts[0] if parts and tag not in ("msup", "mover") else None
    above = parts[-1] if parts and (len(parts) == 2 or tag in ("msup", "mover")) else None
    stacked = tag.startswith(("munder", "mover")) or (is_display and sign not in _INTEGRALS)
    properties = _build_math(
        "naryPr",
        _build_math("chr", val=sign),
        _build_math("limLoc", val="undOvr" if stacked else "subSup"),
        _build_math("subHide", val="1") if below is None else None,
        _build_math("supHide", val="1") if above is None else None,
    )
    limits = (
        _build_math(name, *(_compose_row([limit], is_display=False) if limit is not None else ()))
        for name, limit in (("sub", below), ("sup", above))
    )
    return _build_math("nary", properties, *limits, _build_math("e", *operand))


def _compose_node(node: Element, *, is_display: bool) -> list[Element]:
    tag = _get_tag(node)
    if tag in ("mrow", "mstyle", "mtd", "math"):
        return _compose_row(list(node), is_display=is_display)
    if tag in ("mi", "mn", "mo", "mtext", "mspace"):
        return [_compose_run(node)]
    if tag == "mtable":
        rows = (
            _build_math("mr", *(_build_math("e", *_compose_row([cell], is_display=False)) for cell in row))
            for row in node
        )
        return [_build_math("m", *rows)]
    if tag == "msqrt":
        properties = _build_math("radPr", _build_math("degHide", val="1"))
        return [
            _build_math(
                "rad", properties, _build_math("deg"), _build_math("e", *_compose_row(list(node), is_display=False))
            )
        ]
    parts = [_compose_row([part], is_display=is_display) for part in node]
    return [_COMPOSERS[tag](node, parts)]


def _compose_run(node: Element) -> Element:
    tag, text = _get_tag(node), node.text or ""
    if tag == "mspace":
        width = float((node.get("width") or "0").removesuffix("em") or 0)
        text = next((space for max_width, space in _SPACES if width <= max_width), "\u2003\u2003")
    properties = None
    if tag == "mtext":
        properties = _build_math("rPr", _build_math("nor"))
    elif tag == "mi" and (len(text) > 1 or node.get("mathvariant") == "normal"):
        properties = _build_math("rPr", _build_math("sty", val="p"))
    text_element = _build_math("t")
    text_element.text = text
    if text != text.strip():
        text_element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    face = word("rPr", word("rFonts", ascii=_FACE, hAnsi=_FACE))
    return _build_math("r", properties, face, text_element)


_Parts = Sequence[Sequence[Element]]


def _make_composer(tag: str, *names: str) -> Callable[[Element, _Parts], Element]:
    """Returns a function that composes an element from parts with these names, in this order."""

    def compose(_: Element, parts: _Parts) -> Element:
        return _build_math(tag, *(_build_math(name, *part) for name, part in zip(names, parts, strict=True)))

    return compose


def _compose_fraction(node: Element, parts: _Parts) -> Element:
    has_no_line = _NO_LINE.fullmatch(node.get("linethickness", "")) is not None
    properties = _build_math("fPr", _build_math("type", val="noBar")) if has_no_line else None
    return _build_math("f", properties, _build_math("num", *parts[0]), _build_math("den", *parts[1]))


def _compose_root(_: Element, parts: _Parts) -> Element:
    return _build_math("rad", _build_math("deg", *parts[1]), _build_math("e", *parts[0]))


def _compose_over(node: Element, parts: _Parts) -> Element:
    sign = _collect_text(node[1])
    base = _build_math("e", *parts[0])
    if sign in _BARS:
        return _build_math("bar", _build_math("barPr", _build_math("pos", val="top")), base)
    if sign in _BRACES:
        position = _build_math("pos", val="top"), _build_math("vertJc", val="bot")
        return _build_math("groupChr", _build_math("groupChrPr", _build_math("chr", val=sign), *position), base)
    if sign in _ACCENTS:
        return _build_math("acc", _build_math("accPr", _build_math("chr", val=_ACCENTS[sign])), base)
    return _build_math("limUpp", base, _build_math("lim", *parts[1]))


def _compose_under(node: Element, parts: _Parts) -> Element:
    sign = _collect_text(node[1])
    base = _build_math("e", *parts[0])
    if sign in _BARS:
        return _build_math("bar", _build_math("barPr", _build_math("pos", val="bot")), base)
    if sign in _BRACES:
        return _build_math(
            "groupChr", _build_math("groupChrPr", _build_math("chr", val=sign), _build_math("pos", val="bot")), base
        )
    return _build_math("limLow", base, _build_math("lim", *parts[1]))


def _compose_under_and_over(_: Element, parts: _Parts) -> Element:
    lower = _build_math("limLow", _build_math("e", *parts[0]), _build_math("lim", *parts[1]))
    return _build_math("limUpp", _build_math("e", lower), _build_math("lim", *parts[2]))


_COMPOSERS: Mapping[str, Callable[[Element, _Parts], Element]] = {
    "mfrac": _compose_fraction,
    "mroot": _compose_root,
    "msub": _make_composer("sSub", "e", "sub"),
    "msup": _make_composer("sSup", "e", "sup"),
    "msubsup": _make_composer("sSubSup", "e", "sub", "sup"),
    "mover": _compose_over,
    "munder": _compose_under,
    "munderover": _compose_under_and_over,
}
