"""Writes superscript and subscript digits in Unicode characters, for texts that have no markup for them."""

_SIGNS = "0123456789+-\u2212()"
_RAISED = str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_LOWERED = str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")


def raise_or_lower_digits(text: str, *, is_raised: bool) -> str | None:
    """Returns digits and signs as superscripts, or as subscripts; None if the text has other characters."""
    return text.translate(_RAISED if is_raised else _LOWERED) if set(text) <= set(_SIGNS) else None
