"""Pictures that others drew, to pixels: in a process of its own, which their filters and patterns may take down.

The engine ends its process where a pattern wants more memory than there is, and no exception says so.
"""

import os
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from multiprocessing.spawn import get_executable

from brief.charts.engine import png

_SECONDS = 30
_MEMORY = 1 << 30
_START = "from brief.charts.sandboxed_raster import main; main()"


class NotDrawnError(Exception):
    """The engine could not draw the picture. Reads on from its name."""


@lru_cache(maxsize=64)
def rasterise_untrusted(svg: bytes, scale: float) -> bytes:
    """An SVG in UTF-8 as a PNG of `scale` pixels to the CSS pixel.

    Raises:
        NotDrawnError: it takes too long or too much memory, or the engine fails on it.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [get_executable(), "-c", _START, repr(scale)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, input=svg, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotDrawnError(f"takes more than {_SECONDS} seconds to draw") from None
    if done.returncode or not done.stdout:
        raise NotDrawnError("cannot be drawn: a number in it is out of all proportion")
    return done.stdout


def main() -> None:
    """Draws the SVG on standard input at the scale that the first argument says, to standard output."""
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode(), float(sys.argv[1])))
