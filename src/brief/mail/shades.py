"""Shades of a look's colours that mail needs and style sheets of mail cannot compute."""

from collections.abc import Mapping

_WHITE = "#ffffff"
# WCAG 2.2, 1.4.3: the contrast of text with its ground.
_LEGIBLE = 4.5


def shades(colours: Mapping[str, str]) -> dict[str, str]:
    """`on-brand` is for words on the brand's colour. Of brand and accent, `-text` is for words on paper: the ink where the
    colour itself could not be read; and `-light` for words on dark grounds.
    """
    ink = colours["ink"]
    found = {"on-brand": _WHITE if contrast(_WHITE, colours["brand"]) >= _LEGIBLE else ink}
    for role in ("brand", "accent"):
        found[f"{role}-text"] = colours[role] if contrast(colours[role], colours["paper"]) >= _LEGIBLE else ink
        found[f"{role}-light"] = _lightened(colours[role], 0.55)
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _lightened(colour: str, share: float) -> str:
    """The colour with that share of white in it."""
    return "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in _channels(colour))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))
