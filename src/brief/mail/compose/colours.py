"""Shades of a template set's colours, computed here because style sheets in mail cannot compute them."""

from collections.abc import Mapping

from brief.model.appearance.colours import WHITE, mix_colours
from brief.model.appearance.contrast import READABLE, compute_contrast_ratio


def derive_shades(colours: Mapping[str, str]) -> dict[str, str]:
    """Computes shades from a template set's colours by role; both are hexadecimal, such as "#1a2b3c".

    `on-brand` is for text on the brand colour. For brand and accent, `-text` is for text on paper (the ink colour if
    the colour itself would be illegible) and `-light` for text on dark backgrounds.
    """
    ink = colours["ink"]
    shades = {"on-brand": WHITE if compute_contrast_ratio(WHITE, colours["brand"]) >= READABLE else ink}
    for role in ("brand", "accent"):
        shades[f"{role}-text"] = (
            colours[role] if compute_contrast_ratio(colours[role], colours["paper"]) >= READABLE else ink
        )
        shades[f"{role}-light"] = mix_colours(colours[role], WHITE, 0.55)
    return shades
