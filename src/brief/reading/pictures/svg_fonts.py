"""Ends the font families of an SVG's texts with a generic family, which replaces families that are not installed.

R writes `sans` and `mono`, which only some programs know; others write no generic family. Browsers would then use a
serif, and a rasteriser nothing.
"""

import re
import xml.etree.ElementTree as ET

_FAMILY = "font-family"
_IN_STYLE = re.compile(r"(?<![\w-])font-family\s*:\s*(?P<families>[^;]*[^;\s])", re.I)
_GENERIC = frozenset(
    ("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "inherit", "initial", "unset")
)
_SYNONYMS = {"sans": "sans-serif", "mono": "monospace"}
_SERIF = re.compile(r"times|georgia|garamond|palatino|roman|cambria|(?<!sans[ -])serif|song|ming|mincho", re.I)
_MONOSPACE = re.compile("mono|courier|consolas", re.I)


def complete_families(element: ET.Element) -> None:
    """Adds a generic family to the families of an element, in its attribute and in its style, if they have none."""
    families = element.get(_FAMILY)
    if families is not None:
        element.set(_FAMILY, _complete(families))
    style = element.get("style")
    if style is not None:
        element.set("style", _IN_STYLE.sub(lambda match: f"{_FAMILY}: {_complete(match['families'])}", style))


def _complete(families: str) -> str:
    names = [_SYNONYMS.get(name.strip().lower(), name.strip()) for name in families.split(",")]
    if any(name.lower() in _GENERIC for name in names) or "!" in families or not names[0]:
        return ", ".join(names)
    kind = "monospace" if _MONOSPACE.search(families) else "serif" if _SERIF.search(families) else "sans-serif"
    return ", ".join([*names, kind])
