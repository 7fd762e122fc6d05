"""Draws Vega-Lite specifications with vl-convert, in a separate process that can be killed.

vl-convert is imported only here: it runs JavaScript, which may use any amount of time and memory, and takes a second to
start, but a twentieth of it for each further drawing.
"""

import atexit
import json
import select
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from brief.charts.engine import list_face_files
from brief.model.counts import format_count
from brief.workers.engine_process import EngineEndedError, EngineLateError, EngineProcess

SECONDS = 60
_IDLE_SECONDS = 20
_TASKS = 200
_MEMORY = 4 << 30
_START = "from brief.charts.vega.process import main; main()"


class VegaError(Exception):
    """A specification could not be drawn. The message is a predicate, before which callers put the name of the chart."""


class InvalidSpecificationError(VegaError):
    """A specification that vl-convert refused, as it would refuse it again."""


def is_installed() -> bool:
    return find_spec("vl_convert") is not None


def draw_specification(specification: str, config: str, formats: str, seconds: float = SECONDS) -> str:
    """Returns the SVG that vl-convert draws; all arguments are JSON. The numbers in its ids continue from earlier
    drawings.

    Raises:
        InvalidSpecificationError: the specification is not valid Vega-Lite.
        VegaError: the process takes too long, or ends without an answer.
    """
    try:
        answer, svg = _PROCESS.ask([json.loads(part) for part in (specification, config, formats)], seconds)
    except EngineLateError:
        raise VegaError(f"takes more than {format_count(seconds, 'second')} to draw") from None
    except EngineEndedError:
        raise VegaError("cannot be drawn: vl-convert crashed, perhaps because it needs too much memory") from None
    if error := answer["error"]:
        raise InvalidSpecificationError(f"cannot be drawn: {error}")
    return svg.decode("utf-8")


def main() -> None:
    """Draws the specifications on standard input to standard output, without loading any other resource.

    Each task is a line of JSON. Ends when standard input ends, or after a time without a task, because the engine keeps
    memory.
    """
    import resource

    import vl_convert

    for folder in {str(Path(file).parent) for file in list_face_files()}:
        vl_convert.register_font_directory(folder)
    # This process must not write files.
    for limit, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    while select.select([sys.stdin], [], [], _IDLE_SECONDS)[0] and (line := sys.stdin.buffer.readline()):
        svg, error = b"", ""
        try:
            svg = _draw(*json.loads(line))
        except (KeyboardInterrupt, MemoryError):
            raise
        # A panic of the library is not an Exception.
        except BaseException as problem:
            error = _describe(problem)
        sys.stdout.buffer.write(json.dumps({"error": error, "size": len(svg)}).encode() + b"\n" + svg)
        sys.stdout.buffer.flush()


def _draw(specification: dict[str, Any], config: dict[str, Any], formats: dict[str, Any]) -> bytes:
    import vl_convert

    version = str(specification.get("$schema", "")).rpartition("/v")[2].removesuffix(".json")
    versions = [
        candidate
        for candidate in vl_convert.get_vegalite_versions()
        if candidate == version or candidate.startswith(f"{version}.")
    ]
    return vl_convert.vegalite_to_svg(
        specification,
        vl_version=versions[-1] if version and versions else None,
        config=config,
        allowed_base_urls=[],
        format_locale=formats["numbers"],
        time_format_locale=formats["times"],
    ).encode("utf-8")


def _describe(problem: BaseException) -> str:
    """Returns the first line of the message with an error, because the first line has no reason, and the last lines are
    locations in the library; without such a line, returns the first.
    """
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    return next((line for line in lines if "rror" in line), lines[0] if lines else type(problem).__name__)[:300]


_PROCESS = EngineProcess("-c", _START, tasks=_TASKS)
atexit.register(_PROCESS.close)
