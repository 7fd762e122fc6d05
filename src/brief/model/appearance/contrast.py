"""Checks the contrast of text in the colours of a look (WCAG 2.2, success criterion 1.4.3).

The formula takes a few lines; most of this module is about which colours of a look meet, which no library knows.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from brief.model.appearance.colours import BLACK, WHITE, mix_colours, parse_colour
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation

# Level AA requires this ratio for text of ordinary size.
READABLE = 4.5
# The lightest background that a page has in dark mode, and the contrast that colours of text get with it.
DARK_GROUND = "#1c252e"
_COMFORTABLE = 6.0
# Roles of text by the role of the background: the band on a cover, the page, boxes.
_PRINTED: Mapping[str, tuple[str, ...]] = {
    "brand": ("paper",),
    "paper": ("ink", "muted", "brand", "accent", "note"),
    "tint": ("ink", "muted", "brand", "accent", "note", "insight", "warning", "question"),
}
_STEPS = 100


def compute_contrast_ratio(one: str, other: str) -> float:
    """Returns the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_compute_luminance(one), _compute_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def find_low_contrasts(colours: Mapping[str, str], locations: Mapping[str, SourceLocation]) -> tuple[Diagnostic, ...]:
    """Warns about each colour in which, or on which, text is hard to read, at the colour's location; reports only the
    worst case of each colour.
    """
    found: dict[SourceLocation, tuple[float, Diagnostic]] = {}
    for ground, texts in _PRINTED.items():
        for text in texts:
            measured = compute_contrast_ratio(colours[text], colours[ground])
            # The band on a cover has the brand's colour, and the text on it the colour of the page.
            chosen, fixed = (ground, text) if ground == "brand" else (text, ground)
            location = locations[chosen]
            if measured < min(READABLE, found[location][0] if location in found else READABLE):
                message = (
                    f"{text} {colours[text]} on {ground} {colours[ground]} has a contrast of {measured:.1f} to 1;"
                    f" text needs {READABLE}"
                )
                hint = f"{_find_readable(colours[chosen], colours[fixed])} would do"
                found[location] = measured, Diagnostic("low-contrast", message, location, hint, Severity.WARNING)
    return tuple(diagnostic for _, diagnostic in found.values())


@cache
def adjust_for_dark(colour: str) -> str:
    """Lightens the colour until it can be read on a page in dark mode."""
    return _mix_until(colour, WHITE, DARK_GROUND, _COMFORTABLE)


def _find_readable(colour: str, other: str) -> str:
    """Darkens or lightens the colour until text in it can be read on the other, or the other on it."""
    return _mix_until(
        colour, BLACK if _compute_luminance(other) > _compute_luminance("#777777") else WHITE, other, READABLE
    )


def _mix_until(colour: str, target: str, other: str, ratio: float) -> str:
    for step in range(_STEPS + 1):
        mixed = mix_colours(colour, target, Fraction(step, _STEPS))
        if compute_contrast_ratio(mixed, other) >= ratio:
            break
    return mixed


def _compute_luminance(colour: str) -> float:
    """Returns the relative luminance from 0 to 1 (WCAG 2.2, "relative luminance")."""
    shares = (channel / 255 for channel in parse_colour(colour))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
