"""Shades of a template set's colours, computed here because style sheets in mail cannot compute them."""

from collections.abc import Mapping

from brief.templating.contrast import READABLE, contrast_ratio

_WHITE = "#ffffff"


def derive_shades(colours: Mapping[str, str]) -> dict[str, str]:
    """Computes the shades. `on-brand` is for text on the brand colour. For brand and accent, `-text` is for text on paper
    (the ink colour if the colour itself would be illegible) and `-light` for text on dark backgrounds.
    """
    ink = colours["ink"]
    found = {"on-brand": _WHITE if contrast_ratio(_WHITE, colours["brand"]) >= READABLE else ink}
    for role in ("brand", "accent"):
        found[f"{role}-text"] = colours[role] if contrast_ratio(colours[role], colours["paper"]) >= READABLE else ink
        found[f"{role}-light"] = _lightened(colours[role], 0.55)
    return found


def _lightened(colour: str, share: float) -> str:
    """Mixes the colour with that share of white."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in channels)
