"""Shades of a look's colours that mail needs and style sheets of mail cannot compute."""

from collections.abc import Mapping

from brief.templating.contrast import READABLE, contrast_ratio

_WHITE = "#ffffff"


def derive_shades(colours: Mapping[str, str]) -> dict[str, str]:
    """`on-brand` is for words on the brand's colour. Of brand and accent, `-text` is for words on paper: the ink where the
    colour itself could not be read; and `-light` for words on dark grounds.
    """
    ink = colours["ink"]
    found = {"on-brand": _WHITE if contrast_ratio(_WHITE, colours["brand"]) >= READABLE else ink}
    for role in ("brand", "accent"):
        found[f"{role}-text"] = colours[role] if contrast_ratio(colours[role], colours["paper"]) >= READABLE else ink
        found[f"{role}-light"] = _lightened(colours[role], 0.55)
    return found


def _lightened(colour: str, share: float) -> str:
    """The colour with that share of white in it."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in channels)
