"""Turns formulas into Office Math (ECMA-376 part 1, 22.1), which Word edits.

The converters that exist are not maintained or produce files that Word refuses. The formulas that authors may write consist of a
closed list of elements of MathML Core (`brief.reading.texts.formulas`), each of which has its counterpart here.
"""

from collections.abc import Callable, Mapping, Sequence

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser
from lxml import etree

from brief.model.inline import Formula
from brief.writers.ooxml.elements import Element, parse_part, qualify_name, word

_FACE = "Cambria Math"
_NARY = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀")
_INTEGRALS = frozenset("∫∬∭∮")
# Signs above letters, as the converter writes them, and the combining characters that Word expects.
_ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7", "ˇ": "\u030c"}
_BARS = frozenset("―‾_")
_BRACES = frozenset("⏞⏟")
_SPACES = ((0.2, "\u2009"), (0.3, "\u2005"), (1.5, "\u2003"))


def compose_formula(formula: Formula) -> Element:
    """The formula as `m:oMath`, or as `m:oMathPara` on a line of its own."""
    root = parse_part(formula.mathml.encode("utf-8"))
    made = _math("oMath", *_compose_row(list(root), is_display=formula.is_display))
    return _math("oMathPara", made) if formula.is_display else made


def _math(tag: str, *children: Element | None, **attributes: str) -> Element:
    """An `m:` element with `m:` attributes. Children that are None are left out."""
    made: Element = oxml_parser.makeelement(
        qualify_name(f"m:{tag}"),
        {qualify_name(f"m:{name}"): value for name, value in attributes.items()},
        {"m": nsmap["m"]},
    )
    made.extend(child for child in children if child is not None)
    return made


def _tag(node: Element) -> str:
    return str(etree.QName(node).localname)


def _text(node: Element) -> str:
    return (node.text or "") if not len(node) else "".join(map(_text, node))


def _compose_row(nodes: Sequence[Element], *, is_display: bool) -> list[Element]:
    """The nodes of a row. An operator such as a sum takes what follows it as its operand; fences take what is between them."""
    if len(nodes) == 1 and _tag(nodes[0]) in ("mrow", "mstyle"):
        return _compose_row(list(nodes[0]), is_display=is_display)
    if nodes and _is_fence(nodes[0], "prefix"):
        closed = len(nodes) > 1 and _is_fence(nodes[-1], "postfix")
        inner = nodes[1:-1] if closed else nodes[1:]
        ends = _math("begChr", val=_text(nodes[0])), _math("endChr", val=_text(nodes[-1]) if closed else "")
        return [_math("d", _math("dPr", *ends), _math("e", *_compose_row(inner, is_display=is_display)))]
    made: list[Element] = []
    for at, node in enumerate(nodes):
        if _is_nary(node) and at + 1 < len(nodes):
            operand = _compose_row(nodes[at + 1 :], is_display=is_display)
            return [*made, _compose_nary(node, operand, is_display=is_display)]
        made += _compose_node(node, is_display=is_display)
    return made


def _is_fence(node: Element, form: str) -> bool:
    return _tag(node) == "mo" and node.get("fence") == "true" and node.get("form") == form


def _is_nary(node: Element) -> bool:
    base = node[0] if len(node) and _tag(node) in ("msub", "msup", "msubsup", "munder", "mover", "munderover") else node
    return _tag(base) == "mo" and _text(base) in _NARY


def _compose_nary(node: Element, operand: list[Element], *, is_display: bool) -> Element:
    tag = _tag(node)
    sign = _text(node[0] if len(node) else node)
    parts = list(node)[1:]
    below = parts[0] if parts and tag not in ("msup", "mover") else None
    above = parts[-1] if parts and (len(parts) == 2 or tag in ("msup", "mover")) else None
    stacked = tag.startswith(("munder", "mover")) or (is_display and sign not in _INTEGRALS)
    properties = _math(
        "naryPr",
        _math("chr", val=sign),
        _math("limLoc", val="undOvr" if stacked else "subSup"),
        _math("subHide", val="1") if below is None else None,
        _math("supHide", val="1") if above is None else None,
    )
    limits = (
        _math(name, *(_compose_row([limit], is_display=False) if limit is not None else ()))
        for name, limit in (("sub", below), ("sup", above))
    )
    return _math("nary", properties, *limits, _math("e", *operand))


def _compose_node(node: Element, *, is_display: bool) -> list[Element]:
    tag = _tag(node)
    if tag in ("mrow", "mstyle", "mtd", "math"):
        return _compose_row(list(node), is_display=is_display)
    if tag in ("mi", "mn", "mo", "mtext", "mspace"):
        return [_compose_run(node)]
    if tag == "mtable":
        rows = (_math("mr", *(_math("e", *_compose_row([cell], is_display=False)) for cell in row)) for row in node)
        return [_math("m", *rows)]
    if tag == "msqrt":
        properties = _math("radPr", _math("degHide", val="1"))
        return [_math("rad", properties, _math("deg"), _math("e", *_compose_row(list(node), is_display=False)))]
    parts = [_compose_row([part], is_display=is_display) for part in node]
    return [_STACKS[tag](node, parts)]


def _compose_run(node: Element) -> Element:
    tag, text = _tag(node), node.text or ""
    if tag == "mspace":
        width = float((node.get("width") or "0").removesuffix("em") or 0)
        text = next((space for most, space in _SPACES if width <= most), "\u2003\u2003")
    properties = None
    if tag == "mtext":
        properties = _math("rPr", _math("nor"))
    elif tag == "mi" and (len(text) > 1 or node.get("mathvariant") == "normal"):
        properties = _math("rPr", _math("sty", val="p"))
    made = _math("t")
    made.text = text
    if text != text.strip():
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    face = word("rPr", word("rFonts", ascii=_FACE, hAnsi=_FACE))
    return _math("r", properties, face, made)


_Parts = Sequence[Sequence[Element]]


def _stack(tag: str, *names: str) -> Callable[[Element, _Parts], Element]:
    """Composes an element whose parts have these names, in this order."""

    def compose(_: Element, parts: _Parts) -> Element:
        return _math(tag, *(_math(name, *part) for name, part in zip(names, parts, strict=True)))

    return compose


def _compose_fraction(node: Element, parts: _Parts) -> Element:
    bare = node.get("linethickness", "").rstrip("a-z%").startswith("0")
    properties = _math("fPr", _math("type", val="noBar")) if bare else None
    return _math("f", properties, _math("num", *parts[0]), _math("den", *parts[1]))


def _compose_root(_: Element, parts: _Parts) -> Element:
    return _math("rad", _math("deg", *parts[1]), _math("e", *parts[0]))


def _compose_over(node: Element, parts: _Parts) -> Element:
    sign = _text(node[1])
    base = _math("e", *parts[0])
    if sign in _BARS:
        return _math("bar", _math("barPr", _math("pos", val="top")), base)
    if sign in _BRACES:
        place = _math("pos", val="top"), _math("vertJc", val="bot")
        return _math("groupChr", _math("groupChrPr", _math("chr", val=sign), *place), base)
    if sign in _ACCENTS:
        return _math("acc", _math("accPr", _math("chr", val=_ACCENTS[sign])), base)
    return _math("limUpp", base, _math("lim", *parts[1]))


def _compose_under(node: Element, parts: _Parts) -> Element:
    sign = _text(node[1])
    base = _math("e", *parts[0])
    if sign in _BARS:
        return _math("bar", _math("barPr", _math("pos", val="bot")), base)
    if sign in _BRACES:
        return _math("groupChr", _math("groupChrPr", _math("chr", val=sign), _math("pos", val="bot")), base)
    return _math("limLow", base, _math("lim", *parts[1]))


def _compose_both(_: Element, parts: _Parts) -> Element:
    lower = _math("limLow", _math("e", *parts[0]), _math("lim", *parts[1]))
    return _math("limUpp", _math("e", lower), _math("lim", *parts[2]))


_STACKS: Mapping[str, Callable[[Element, _Parts], Element]] = {
    "mfrac": _compose_fraction,
    "mroot": _compose_root,
    "msub": _stack("sSub", "e", "sub"),
    "msup": _stack("sSup", "e", "sup"),
    "msubsup": _stack("sSubSup", "e", "sub", "sup"),
    "mover": _compose_over,
    "munder": _compose_under,
    "munderover": _compose_both,
}
