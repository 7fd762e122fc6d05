"""Parses and mixes colours. A colour is the text `#rrggbb`, which is what style sheets, SVG and Word use."""

import re
from fractions import Fraction

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
BLACK, WHITE = "#000000", "#ffffff"


def is_colour(text: str) -> bool:
    return _COLOUR.fullmatch(text) is not None


def parse_colour(colour: str) -> tuple[int, int, int]:
    """Returns red, green and blue, from 0 to 255.

    Raises:
        ValueError: the text is not a colour.
    """
    if not is_colour(colour):
        raise ValueError(f"'{colour}' is not a colour of the form #rrggbb")
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def format_colour(red: int, green: int, blue: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"


def mix_colours(colour: str, other: str, share: float | Fraction) -> str:
    """Mixes a share of the other colour, from 0 to 1, into the colour, channel by channel in sRGB.

    Raises:
        ValueError: one of the texts is not a colour.
    """
    pairs = zip(parse_colour(colour), parse_colour(other), strict=True)
    red, green, blue = (round(own + (added - own) * share) for own, added in pairs)
    return format_colour(red, green, blue)
