"""Checks the contrast of text in the colours of a look (WCAG 2.2, success criterion 1.4.3).

The formula takes a few lines; most of this module is about which colours of a look are printed on which, and no library
knows that.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from brief.model.appearance.colours import BLACK, WHITE, mix_colours, parse_colour
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation

# Level AA requires this ratio for text of ordinary size.
READABLE = 4.5
# The lightest background of a page in dark mode, and the contrast that colours of text get on it.
DARK_GROUND = "#1c252e"
_COMFORTABLE = 6.0
# For the role of each background (the band on a cover, the page, boxes) the roles of text that are printed on it.
_TEXTS_ON: Mapping[str, tuple[str, ...]] = {
    "brand": ("paper",),
    "paper": ("ink", "muted", "brand", "accent", "note"),
    "tint": ("ink", "muted", "brand", "accent", "note", "insight", "warning", "question"),
}
_STEPS = 100


def compute_contrast_ratio(colour: str, other: str) -> float:
    """Returns the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, "contrast ratio").

    Raises:
        ValueError: one of the texts is not a colour.
    """
    low, high = sorted((_compute_luminance(colour), _compute_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def find_low_contrasts(colours: Mapping[str, str], locations: Mapping[str, SourceLocation]) -> tuple[Diagnostic, ...]:
    """Returns a warning for each colour of text or background that makes text hard to read, at the colour's location. Of
    several problems at one location, only the worst is returned. Both mappings are by role.
    """
    worst: dict[SourceLocation, tuple[float, Diagnostic]] = {}
    for ground, texts in _TEXTS_ON.items():
        for text in texts:
            ratio = compute_contrast_ratio(colours[text], colours[ground])
            # On the band of a cover, the text has the colour of the page, so the colour of the band should change.
            changed, fixed = (ground, text) if ground == "brand" else (text, ground)
            location = locations[changed]
            if ratio < min(READABLE, worst[location][0] if location in worst else READABLE):
                message = (
                    f"{text} {colours[text]} on {ground} {colours[ground]} has a contrast of {ratio:.1f} to 1;"
                    f" text needs {READABLE}"
                )
                hint = f"use {_suggest_readable_colour(colours[changed], colours[fixed])}, for example"
                worst[location] = ratio, Diagnostic("low-contrast", message, location, hint, Severity.WARNING)
    return tuple(diagnostic for _, diagnostic in worst.values())


@cache
def adjust_for_dark(colour: str) -> str:
    """Returns the colour, lightened until text in it has a contrast of 6 on a page in dark mode."""
    return _mix_until(colour, WHITE, DARK_GROUND, _COMFORTABLE)


def _suggest_readable_colour(colour: str, other: str) -> str:
    """Returns the colour, darkened or lightened until its contrast with the other is that of readable text."""
    return _mix_until(
        colour, BLACK if _compute_luminance(other) > _compute_luminance("#777777") else WHITE, other, READABLE
    )


def _mix_until(colour: str, target: str, other: str, ratio: float) -> str:
    """Mixes the target into the colour until its contrast with `other` is `ratio`; returns the target if none is."""
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
