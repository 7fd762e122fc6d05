"""The drawing engine: Vega-Lite to SVG, and SVG to PNG. The only place that knows `vl_convert`."""

import importlib.util
import json
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

from brief.charts.canvas import Spec
from brief.store import default_store, digest

# Packages that carry the Latin faces of the packaged looks.
_FACE_PACKAGES = ("fontpkg_inter", "fontpkg_source_serif_4")


def vega_svg(spec: Spec) -> str:
    """The SVG that Vega draws for a Vega-Lite specification. Nothing is fetched: the data is in the specification."""
    return _vega_svg(json.dumps(spec, ensure_ascii=False, sort_keys=True))


# The editions of a locale share most of their charts.
@lru_cache(maxsize=32)
def png(svg: str, scale: float) -> bytes:
    """The SVG as a PNG of `scale` pixels to the CSS pixel."""
    import vl_convert

    _register_faces()
    data: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return data


# A chart is drawn once for all formats and audiences of its locale, and kept for later builds: starting the engine
# alone takes as long as a page.
@lru_cache(maxsize=256)
def _vega_svg(spec: str) -> str:
    store = default_store()
    key = digest("vega", metadata.version("vl-convert-python"), Path(__file__).read_bytes(), spec)
    kept = store.get(key) if store else None
    if kept is not None:
        return kept.decode()
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    if store:
        store.put(key, svg.encode())
    return svg


@cache
def _register_faces() -> None:
    import vl_convert

    for package in _FACE_PACKAGES:
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            vl_convert.register_font_directory(str(Path(found.origin).parent / "files"))
