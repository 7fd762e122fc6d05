"""Shades of a look's colours that mail needs and style sheets of mail cannot compute."""

from collections.abc import Mapping

from brief.model.appearance.colours import WHITE, mix_colours
from brief.model.appearance.contrast import READABLE, contrast_ratio


def derive_shades(colours: Mapping[str, str]) -> dict[str, str]:
    """`on-brand` is for words on the brand's colour. Of brand and accent, `-text` is for words on paper: the ink where the
    colour itself could not be read; and `-light` for words on dark grounds.
    """
    ink = colours["ink"]
    found = {"on-brand": WHITE if contrast_ratio(WHITE, colours["brand"]) >= READABLE else ink}
    for role in ("brand", "accent"):
        found[f"{role}-text"] = colours[role] if contrast_ratio(colours[role], colours["paper"]) >= READABLE else ink
        found[f"{role}-light"] = mix_colours(colours[role], WHITE, 0.55)
    return found
