"""Rasterises SVG with resvg; the only module that imports `resvg_py`."""

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

# Packages that carry the Latin faces of the packaged looks.
_FACE_PACKAGES = ("fontpkg_inter", "fontpkg_source_serif_4")
_SANS, _SERIF = "Inter", "Source Serif 4"
_MONO = "Noto Sans Mono CJK SC"


# The variants of a locale share most of their charts.
@lru_cache(maxsize=32)
def render_png(svg: str, scale: float) -> bytes:
    """Rasterises an SVG as a PNG with `scale` pixels per CSS pixel.

    Raises:
        ValueError: it is not an SVG that can be drawn.
    """
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            # CSS pixels. Otherwise lengths in points have no size, and text in points is not drawn.
            dpi=96,
            font_files=list_face_files(),
            # Otherwise text in a family that is not installed, such as "sans" or "Open Sans", would not be drawn.
            font_family=_SANS,
            sans_serif_family=_SANS,
            cursive_family=_SANS,
            fantasy_family=_SANS,
            serif_family=_SERIF,
            monospace_family=_MONO,
        )
    )


def find_engine_version() -> str:
    """Returns the version of the engine, on which the pixels depend."""
    import resvg_py

    return f"resvg_py {resvg_py.__version__}"


@cache
def list_face_files() -> list[str]:
    """Lists the bundled font files; Han fonts come from the system."""
    files: list[str] = []
    for package in _FACE_PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            files += sorted(str(path) for path in (Path(spec.origin).parent / "files").glob("*.[ot]tf"))
    return files
