"""Estimates the width of a formula from its MathML, without laying it out."""

from collections.abc import Iterable
from itertools import zip_longest
from xml.etree.ElementTree import Element

# Average widths, in ems of the formula font; for identifiers, numbers and words, the width of one character.
_CHARACTERS = {"mi": 0.57, "mn": 0.5, "mtext": 0.5}
_OPERATOR, _NARROW_OPERATOR, _ACCENT, _COLUMN_GAP = 1.25, 0.4, 0.1, 0.8
# Operators without much space around them: fences, punctuation and primes.
_NARROW_OPERATORS = frozenset("()[]{}|‖,;.!⟨⟩⌈⌉⌊⌋′")
# The size of superscripts and subscripts, relative to the text.
_SCRIPT_SCALE = 0.7
# Units of length, in ems.
_LENGTH_UNITS = {"em": 1.0, "ex": 0.45, "px": 0.06, "pt": 0.1, "mu": 1 / 18}


def estimate_width(element: Element) -> float:
    """Returns the width of a MathML element in ems of the text around it. Names of elements must have no namespace."""
    children = list(element)
    match element.tag:
        case "mi" | "mn" | "mtext":
            return _CHARACTERS[element.tag] * len(element.text or "")
        case "mo":
            text = element.text or ""
            return 0.0 if not text else _NARROW_OPERATOR if text[0] in _NARROW_OPERATORS else _OPERATOR
        case "mspace":
            return _read_length(element.get("width", ""))
        case "mfrac":
            return _find_widest(children) + 0.2
        case "msub" | "msup" | "msubsup":
            return estimate_width(children[0]) + _SCRIPT_SCALE * _find_widest(children[1:])
        case "munder" | "mover" | "munderover":
            # Accents and braces stretch to the width of their base.
            scripts = (child for child in children[1:] if child.tag != "mo")
            return max(estimate_width(children[0]), _SCRIPT_SCALE * _find_widest(scripts)) + _ACCENT
        case "msqrt" | "mroot":
            return 0.8 + sum(map(estimate_width, children[:1] if element.tag == "mroot" else children))
        case "mtable":
            columns = zip_longest(*([estimate_width(cell) for cell in row] for row in children), fillvalue=0.0)
            return sum(max(column) + _COLUMN_GAP for column in columns)
        case _:
            return sum(map(estimate_width, children))


def _find_widest(elements: Iterable[Element]) -> float:
    return max(map(estimate_width, elements), default=0.0)


def _read_length(text: str) -> float:
    """Returns a length of MathML in ems; 0 if it is not a length with a known unit."""
    number, unit = text[:-2], text[-2:]
    try:
        return float(number) * _LENGTH_UNITS.get(unit, 0.0)
    except ValueError:
        return 0.0
