"""Draws one Vega-Lite specification with vl-convert, in a separate process that can be killed.

vl-convert is imported only here: it runs JavaScript, which may use any amount of time and memory, and takes a second to
start.
"""

import json
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from brief.charts.engine import list_face_files
from brief.workers.interpreter import build_command, build_environment

SECONDS = 60
_MEMORY = 4 << 30
_START = "from brief.charts.vega.process import main; main()"


class VegaError(Exception):
    """A specification could not be drawn. The message continues after the name of the chart."""


class InvalidSpecificationError(VegaError):
    """A specification that vl-convert refused, as it would refuse it again."""


def is_installed() -> bool:
    return find_spec("vl_convert") is not None


def draw_specification(specification: str, config: str, formats: str, seconds: float = SECONDS) -> str:
    """Returns the SVG that vl-convert draws; all arguments are JSON.

    Raises:
        InvalidSpecificationError: the specification is not valid Vega-Lite.
        VegaError: it takes too long or too much memory.
    """
    given = json.dumps([json.loads(part) for part in (specification, config, formats)])
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            build_command("-c", _START),
            input=given.encode(),
            env=build_environment(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VegaError(f"takes more than {seconds:g} seconds to draw") from None
    if done.returncode or not done.stdout:
        lines = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        reason = next((line for line in lines if "rror" in line), lines[-1] if lines else "it needs too much memory")
        # A process that a signal ended may have been short of memory, which may be different next time.
        error = InvalidSpecificationError if done.returncode > 0 else VegaError
        raise error(f"cannot be drawn: {reason.strip()[:300]}")
    return done.stdout.decode("utf-8")


def main() -> None:
    """Draws the specification on standard input to standard output, without loading any other resource."""
    import resource

    import vl_convert

    specification, config, formats = json.load(sys.stdin)
    for folder in {str(Path(file).parent) for file in list_face_files()}:
        vl_convert.register_font_directory(folder)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    # This process must not write files.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    version = str(specification.get("$schema", "")).rpartition("/v")[2].removesuffix(".json")
    known = [each for each in vl_convert.get_vegalite_versions() if each == version or each.startswith(f"{version}.")]
    svg = vl_convert.vegalite_to_svg(
        specification,
        vl_version=known[-1] if version and known else None,
        config=config,
        allowed_base_urls=[],
        format_locale=formats["numbers"],
        time_format_locale=formats["times"],
    )
    sys.stdout.buffer.write(svg.encode("utf-8"))
