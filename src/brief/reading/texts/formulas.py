"""Reads the formulas of prose blocks: LaTeX, and the MathML Core into which it is converted.

The converter accepts nearly anything, and drops unknown markup or prints it as typed. Its result is therefore checked:
all formats must be able to set every element and attribute, and every element must have the right number of children.
"""

import re
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element, tostring

from brief.model.han import EAST_ASIAN_CHARACTER
from brief.model.inline import Formula
from brief.reading.texts.formula_width import estimate_width

MAX_CHARACTERS = 1_000
MAX_NESTING = 20
# A line of text on A4 has about 35 ems. Wider formulas are shrunk to fit, and beyond this width they are hard to read.
MAX_EMS = 46
# Typst does not shrink a formula within a line, and lists and quotations have shorter lines.
MAX_INLINE_EMS = 28

# The elements of MathML Core that each format can set, with the number of their children; None for any number.
_ELEMENTS = {
    **dict.fromkeys(("math", "mrow", "mstyle", "mtable", "mtr", "mtd", "msqrt"), None),
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "mspace"), 0),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_ATTRIBUTES = frozenset(
    [
        "accent",
        "accentunder",
        "columnalign",
        "columnspacing",
        "display",
        "displaystyle",
        "fence",
        "form",
        "largeop",
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "rowspacing",
        "rspace",
        "scriptlevel",
        "separator",
        "stretchy",
        "symmetric",
        "width",
        "xmlns",
    ]
)
_BREAK = "break it, as in \\begin{align*} a &= b \\\\ &\\quad + c \\end{align*}"
_PERCENT = re.compile(r"(?<!\\)%")
_BRACE = re.compile(r"\\.|[{}]")
# Letters that are not variables in LaTeX: commands, and the arguments of commands that take words.
_NAMED = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{3,}")
# The converter sets a single \mathrm letter in italics; as \text it stays upright.
_UPRIGHT = re.compile(r"\\mathrm\s*\{([A-Za-z ]+)\}")


class FormulaError(ValueError):
    """A formula cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


def read_formula(tex: str, *, is_display: bool) -> Formula:
    """Reads a formula typed in LaTeX.

    Raises:
        FormulaError: not every format can set the formula.
    """
    typed = " ".join(tex.split())
    _require_typed_well(typed)
    math = _convert(_UPRIGHT.sub(r"\\text{\1}", typed), is_display)
    for element in math.iter():
        element.text = unescape(element.text) if element.text else element.text
    _require_settable(math, 0)
    if not any(element.text for element in math.iter()):
        raise FormulaError("the formula is empty", "write it between the dollar signs, or remove them")
    width = estimate_width(math)
    if not is_display and MAX_INLINE_EMS < width <= MAX_EMS:
        message = f"a formula within a line is about {width:.0f} ems wide; it could run into the margin"
        raise FormulaError(message, "write it on lines of its own, between $$ and $$")
    if width > MAX_EMS:
        message = (
            f"a formula is about {width:.0f} ems wide; it would be shrunk to the line, which has 35, and be too small"
        )
        raise FormulaError(message, _BREAK)
    return Formula(typed, tostring(math, encoding="unicode"), is_display)


def _require_typed_well(typed: str) -> None:
    if len(typed) > MAX_CHARACTERS:
        raise FormulaError(f"a formula has {len(typed):,} characters; the limit is {MAX_CHARACTERS:,}", "split it")
    if _PERCENT.search(typed):
        raise FormulaError("in LaTeX '%' begins a comment, so the rest of the formula would be lost", "write \\%")
    if found := EAST_ASIAN_CHARACTER.search(typed):
        message = f"a formula cannot contain '{found[0]}': the font for formulas does not have this character"
        raise FormulaError(message, "write these words outside the formula")
    if found := _WORD.search(_NAMED.sub("", typed)):
        message = f"a formula would set the letters of '{found[0]}' as a product"
        raise FormulaError(
            message, "write words as \\text{and}, and a dollar sign that does not begin a formula as \\$"
        )
    depth = 0
    for brace in _BRACE.findall(typed):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if depth:
        raise FormulaError("the braces of the formula do not match", "close each { with }, and write \\{ for a brace")


def _convert(typed: str, is_display: bool) -> Element:
    from latex2mathml.converter import convert_to_element

    try:
        return convert_to_element(typed, display="block" if is_display else "inline")
    # The converter has no common exception class, and invalid input also makes it raise built-in exceptions.
    except Exception as problem:
        message = f"the formula '{typed[:60]}' is not LaTeX that can be set ({type(problem).__name__})"
        raise FormulaError(message, "check its commands, \\left and \\right, and \\begin and \\end") from None


def _require_settable(element: Element, depth: int) -> None:
    if depth > MAX_NESTING:
        raise FormulaError(f"a formula is nested deeper than {MAX_NESTING} levels", "simplify it")
    text = element.text or ""
    if element.tag not in _ELEMENTS or not _ATTRIBUTES.issuperset(element.attrib):
        raise FormulaError(
            f"a formula cannot contain {_name_unsettable(element)}",
            "use fractions, roots, indices, accents and matrices",
        )
    if text.startswith("\\") and len(text) > 1:
        raise FormulaError(f"unknown command '{text}' in a formula", "correct it, or write words as \\text{...}")
    expected = _ELEMENTS[element.tag]
    if expected is not None and len(element) != expected:
        raise FormulaError(
            "a command in the formula lacks an argument", "write each argument in braces, as in \\frac{a}{b}"
        )
    for child in element:
        _require_settable(child, depth + 1)


def _name_unsettable(element: Element) -> str:
    names = {"menclose": "a frame or a strike", "mphantom": "empty space as wide as other signs"}
    attributes: Iterator[str] = (name for name in element.attrib if name not in _ATTRIBUTES)
    if element.tag in _ELEMENTS and (name := next(attributes, None)):
        return {"href": "a link", "mathcolor": "a colour", "mathbackground": "a colour"}.get(name, f"'{name}'")
    return names.get(element.tag, f"<{element.tag}>")
