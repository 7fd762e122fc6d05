"""Reads the formulas of prose blocks: converts their LaTeX to MathML Core.

The converter accepts nearly anything, and drops unknown markup or keeps it as typed. Its result is therefore checked:
all formats must be able to set every element and attribute, and every element must have the right number of children.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from xml.etree.ElementTree import Element, fromstring, tostring

from brief.model.han import EAST_ASIAN_CHARACTER
from brief.model.inline import AuthoredRuns, Emphasis, Formula, Link, Strong
from brief.reading.texts.formula_width import estimate_width

MAX_CHARACTERS = 1_000
MAX_NESTING = 20
# Formulas that are wider than a line are shrunk to fit it; beyond this width they would be hard to read.
MAX_EMS = 46
# Typst does not shrink a formula within a line, and lists and quotations have shorter lines.
MAX_INLINE_EMS = 28
# The minimum width of a column without formulas, and the distance between columns.
_MIN_COLUMN_EMS, _GAP_EMS = 2, 1
# About the width of a line of text on A4.
LINE_EMS = 35

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
_COMMANDS = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{3,}")
# The converter sets a single \mathrm letter in italics; as \text it stays upright.
_UPRIGHT = re.compile(r"\\mathrm\s*\{([A-Za-z ]+)\}")


class FormulaError(ValueError):
    """A formula cannot be used; `hint` says what to do, or is None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


def read_formula(tex: str, *, is_display: bool) -> Formula:
    """Reads a formula in LaTeX, without dollar signs; `is_display` says that it is on lines of its own.

    Raises:
        FormulaError: the formula is invalid, too wide, or cannot be set in every format.
    """
    source = " ".join(tex.split())
    _check_source(source)
    math = _convert(_UPRIGHT.sub(r"\\text{\1}", source), is_display)
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
            f"a formula is about {width:.0f} ems wide; shrunk to the line, which has {LINE_EMS}, it would be too small"
        )
        raise FormulaError(message, _BREAK)
    return Formula(source, tostring(math, encoding="unicode"), is_display)


def measure_widest(runs: AuthoredRuns) -> float:
    """Returns the width in ems of the widest formula in the runs, which is not broken; 0 if they have none."""
    widths = [0.0]
    for run in runs:
        if isinstance(run, Formula):
            math = fromstring(run.mathml)  # noqa: S314  written by this module
            for element in math.iter():
                element.tag = element.tag.rpartition("}")[2]
            widths.append(estimate_width(math))
        elif isinstance(run, Strong | Emphasis | Link):
            widths.append(measure_widest(run.children))
    return max(widths)


def find_excessive_width(rows: Iterable[Sequence[AuthoredRuns]]) -> float | None:
    """Returns the minimum width of a table's columns in ems, if they have formulas and a line has less; or None."""
    widths = [max(map(measure_widest, column)) for column in zip(*rows, strict=False)]
    width_of_columns = sum(max(width, _MIN_COLUMN_EMS) for width in widths) + (len(widths) - 1) * _GAP_EMS
    return width_of_columns if any(widths) and width_of_columns > LINE_EMS else None


def _check_source(source: str) -> None:
    """Raises FormulaError if a formula is too long, or has mistakes that the converter does not report."""
    if len(source) > MAX_CHARACTERS:
        raise FormulaError(f"a formula has {len(source):,} characters; the limit is {MAX_CHARACTERS:,}", "split it")
    if _PERCENT.search(source):
        raise FormulaError("in LaTeX '%' begins a comment, so the rest of the formula would be lost", "write \\%")
    if match := EAST_ASIAN_CHARACTER.search(source):
        message = f"a formula cannot contain '{match[0]}': the font for formulas does not have this character"
        raise FormulaError(message, "write these words outside the formula")
    if match := _WORD.search(_COMMANDS.sub("", source)):
        message = f"a formula would set the letters of '{match[0]}' as a product"
        raise FormulaError(
            message, "write words as \\text{and}, and a dollar sign that does not begin a formula as \\$"
        )
    depth = 0
    for brace in _BRACE.findall(source):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if depth:
        raise FormulaError("the braces of the formula do not match", "close each { with }, and write \\{ for a brace")


def _convert(source: str, is_display: bool) -> Element:
    from latex2mathml.converter import convert_to_element

    try:
        return convert_to_element(source, display="block" if is_display else "inline")
    # The converter has no common exception class, and invalid input also makes it raise built-in exceptions.
    except Exception as problem:
        message = f"the formula '{source[:60]}' is not LaTeX that can be set ({type(problem).__name__})"
        raise FormulaError(message, "check its commands, \\left and \\right, and \\begin and \\end") from None


def _require_settable(element: Element, depth: int) -> None:
    """Raises FormulaError if not every format can set the element, which is within `depth` others."""
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
    child_count = _ELEMENTS[element.tag]
    if child_count is not None and len(element) != child_count:
        raise FormulaError(
            "a command in the formula lacks an argument", "write each argument in braces, as in \\frac{a}{b}"
        )
    for child in element:
        _require_settable(child, depth + 1)


def _name_unsettable(element: Element) -> str:
    """Returns a name for the element, or for its attribute, that cannot be set."""
    names = {"menclose": "a frame or a strike", "mphantom": "empty space as wide as other signs"}
    attributes: Iterator[str] = (name for name in element.attrib if name not in _ATTRIBUTES)
    if element.tag in _ELEMENTS and (name := next(attributes, None)):
        return {"href": "a link", "mathcolor": "a colour", "mathbackground": "a colour"}.get(name, f"'{name}'")
    return names.get(element.tag, f"<{element.tag}>")
