"""Compares the colours of words in a page with those behind them."""

from functools import lru_cache

from tinycss2 import parse_component_value_list
from tinycss2.color3 import RGBA, parse_color

# Red, green and blue, each from 0 to 1.
Colour = tuple[float, float, float]
WHITE: Colour = (1.0, 1.0, 1.0)
# Values of `background` through which the element around it shows.
TRANSPARENT_BACKGROUNDS = ("", "none", "transparent", "inherit", "initial", "unset", "0", "0 0")
# Colours that differ less in every part look the same.
_NEAR = 0.04


@lru_cache(maxsize=4_000)
def read_colour(value: str) -> Colour | None:
    """Returns the opaque colour in the value of `color`, `background` or `background-color`; None without one."""
    for token in parse_component_value_list(value, skip_comments=True):
        found = parse_color(token) if token.type in ("ident", "hash", "function") else None
        if isinstance(found, RGBA) and found.alpha == 1:
            return (found.red, found.green, found.blue)
    return None


def has_picture(value: str) -> bool:
    """Returns whether a background is, or has, a picture or a gradient."""
    return "url(" in value or "gradient(" in value or "image(" in value or "image-set(" in value or "element(" in value


def look_alike(first: Colour | None, second: Colour | None) -> bool:
    """Returns whether two colours cannot be told apart."""
    return (
        first is not None and second is not None and all(abs(a - b) < _NEAR for a, b in zip(first, second, strict=True))
    )


def read_background(value: str) -> Colour | None:
    """Returns the colour that a background has everywhere; None if it is not known, as of a picture."""
    return None if has_picture(value) or "var(" in value else read_colour(value)
