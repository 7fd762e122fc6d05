"""Caches the PNGs of drawings in the store: audiences share most drawings of a locale, and an edit changes few."""

from functools import cache

from brief.charts.engine import find_engine_version, render_png
from brief.fonts.font_fingerprint import fingerprint_installed_fonts
from brief.store import digest, open_default_store


def render_cached_png(svg: str, scale: float) -> bytes:
    """Returns what `render_png` makes; takes it from the store if any process has made it with the same engine and
    fonts.
    """
    store = open_default_store()
    if store is None:
        return render_png(svg, scale)
    key = digest("pixels", svg, repr(scale), find_engine_version(), _fingerprint_fonts())
    kept = store.get(key)
    if kept is None:
        kept = render_png(svg, scale)
        store.put(key, kept)
    return kept


# The fonts of a process are those that were installed when it began.
@cache
def _fingerprint_fonts() -> str:
    return digest(fingerprint_installed_fonts())
