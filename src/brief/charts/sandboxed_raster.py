"""Rasterises untrusted SVG in a separate process: resvg aborts the process when a pattern needs too much memory."""

from functools import lru_cache

from brief.charts.engine import render_png
from brief.reading.pictures.sandbox import SandboxError, SandboxRefusedError, run_sandboxed


class NotDrawnError(Exception):
    """The engine could not draw the picture. The message continues after the name of the image."""


@lru_cache(maxsize=64)
def rasterise_untrusted(svg: bytes, scale: float) -> bytes:
    """Returns an SVG in UTF-8 as a PNG of `scale` pixels to the CSS pixel.

    Raises:
        NotDrawnError: it takes too long or too much memory, or the engine fails on it.
    """
    try:
        return run_sandboxed("brief.charts.sandboxed_raster:draw", svg, repr(scale))
    except (SandboxError, SandboxRefusedError) as problem:
        if isinstance(problem, SandboxError) and problem.timed_out:
            raise NotDrawnError(f"{problem} to draw") from None
        raise NotDrawnError("cannot be drawn: it contains a number that is far too large") from None


def draw(svg: bytes, scale: str) -> bytes:
    """Draws the SVG at the scale, in the process."""
    return render_png(svg.decode(), float(scale))
