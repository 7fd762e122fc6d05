"""Whether text in a look's colours can be read on the grounds it is printed on (WCAG 2.2, success criterion 1.4.3)."""

from collections.abc import Mapping

from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation

# Level AA asks for this ratio, of text of ordinary size.
READABLE = 4.5
# The lightest ground of a dark page, and the ratio that text on it is given.
DARK_GROUND = "#1c252e"
_COMFORTABLE = 6.0
# Roles of text by the role of the ground beneath it: a cover's band; the page; boxes.
_PRINTED: Mapping[str, tuple[str, ...]] = {
    "brand": ("paper",),
    "paper": ("ink", "muted", "brand", "accent", "note"),
    "tint": ("ink", "muted", "brand", "accent", "note", "insight", "warning", "question"),
}
_STEPS = 100


def contrast_ratio(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def find_low_contrasts(colours: Mapping[str, str], locations: Mapping[str, SourceLocation]) -> tuple[Diagnostic, ...]:
    """A warning at the place of each colour in which, or on which, text is too faint: the worst case of each."""
    found: dict[SourceLocation, tuple[float, Diagnostic]] = {}
    for ground, texts in _PRINTED.items():
        for text in texts:
            measured = contrast_ratio(colours[text], colours[ground])
            # A cover's band is in the brand's colour, and what is printed on it in the page's own.
            chosen, fixed = (ground, text) if ground == "brand" else (text, ground)
            location = locations[chosen]
            if measured < min(READABLE, found[location][0] if location in found else READABLE):
                message = (
                    f"{text} {colours[text]} on {ground} {colours[ground]} has a contrast of {measured:.1f} to 1;"
                    f" text needs {READABLE}"
                )
                hint = f"{_find_readable(colours[chosen], colours[fixed])} would do"
                found[location] = measured, Diagnostic("low-contrast", message, location, hint, Severity.WARNING)
    return tuple(fault for _, fault in found.values())


def adjust_for_dark(colour: str) -> str:
    """The colour, made as much lighter as reading it on a dark page needs."""
    return _mix_until(colour, 255, DARK_GROUND, _COMFORTABLE)


def _find_readable(colour: str, other: str) -> str:
    """The colour, darker or lighter until text in it can be read on the other, or the other on it."""
    return _mix_until(colour, 0 if _luminance(other) > _luminance("#777777") else 255, other, READABLE)


def _mix_until(colour: str, target: int, other: str, wanted: float) -> str:
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{round(part + (target - part) * step / _STEPS):02x}" for part in parts)
        if contrast_ratio(mixed, other) >= wanted:
            break
    return mixed


def _luminance(colour: str) -> float:
    """Relative luminance from 0 to 1 (WCAG 2.2, "relative luminance")."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
