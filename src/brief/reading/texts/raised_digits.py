"""The characters of Unicode for digits above or below the line, for texts that have no markup for them."""

_SIGNS = "0123456789+-\u2212()"
_RAISED = str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_LOWERED = str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")


def raise_or_lower_digits(text: str, *, is_raised: bool) -> str | None:
    """Returns digits and signs above or below the line; None if the text has other characters."""
    return text.translate(_RAISED if is_raised else _LOWERED) if set(text) <= set(_SIGNS) else None
