"""Caches the PNGs of drawings in the store: audiences share most drawings of a locale, and an edit changes few."""

from functools import cache

from brief.charts.engine import find_engine_version, render_png
from brief.fonts.font_fingerprint import fingerprint_installed_fonts
from brief.store import digest, open_default_store


def render_cached_png(svg: str, scale: float) -> bytes:
    """Rasterises an SVG with `scale` pixels per CSS pixel, as `render_png` does. Reuses the PNG in the store that any
    process made of the same SVG with the same engine and fonts.

    Raises:
        ValueError: it is not an SVG that can be drawn.
        MachineError: there is no fontconfig.
    """
    store = open_default_store()
    if store is None:
        return render_png(svg, scale)
    key = digest("pixels", svg, repr(scale), find_engine_version(), _fingerprint_fonts())
    png = store.get(key)
    if png is None:
        png = render_png(svg, scale)
        store.put(key, png)
    return png


# Each process lists the installed fonts only once.
@cache
def _fingerprint_fonts() -> str:
    return digest(fingerprint_installed_fonts())
