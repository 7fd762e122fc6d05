"""Rasterises untrusted SVG in a separate process: resvg aborts the process when a pattern needs too much memory."""

from functools import lru_cache

from brief.charts.engine import render_png
from brief.reading.pictures.sandbox import SandboxError, SandboxRefusedError, run_sandboxed


class NotDrawnError(Exception):
    """The engine could not draw the picture. The message is a predicate; callers put the name of the picture before it."""


@lru_cache(maxsize=64)
def rasterise_untrusted(svg: bytes, scale: float) -> bytes:
    """Returns an SVG in UTF-8 as a PNG of `scale` pixels to the CSS pixel.

    Raises:
        NotDrawnError: it takes too long or too much memory, or the engine fails on it.
    """
    try:
        return run_sandboxed("brief.charts.sandboxed_raster:draw", svg, repr(scale))
    except SandboxRefusedError as problem:
        raise NotDrawnError(f"cannot be drawn: {problem}") from None
    except SandboxError as problem:
        reason = f"{problem} to draw" if problem.timed_out else "needs too much memory to draw, or crashes the engine"
        raise NotDrawnError(reason) from None


def draw(svg: bytes, scale: str) -> bytes:
    """Draws the SVG in this process, the sandbox; `scale` is the `repr` of a float."""
    return render_png(svg.decode(), float(scale))
