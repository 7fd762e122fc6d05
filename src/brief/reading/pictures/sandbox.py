"""Runs a function on untrusted bytes in a separate process with limits, so that a failing picture decoder does no harm.

A decoder in C may crash its process, or exhaust the memory, without raising an exception.
"""

import importlib
import subprocess
import sys
from contextlib import suppress

from brief.workers.interpreter import build_command, build_environment

_MAX_SECONDS = 30
_MAX_MEMORY = 1 << 30
_REFUSED_EXIT_CODE = 3
_CODE = f"from {__name__} import main; main()"


class SandboxError(Exception):
    """The process ended without a result, or took too long (`timed_out`). The message is a predicate."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__(f"takes more than {_MAX_SECONDS} seconds" if timed_out else "ended without a result")
        self.timed_out = timed_out


class SandboxRefusedError(ValueError):
    """The function refused its input; the message is that of its ValueError."""


def run_sandboxed(function: str, data: bytes, argument: str = "") -> bytes:
    """Returns the result of `function`, a "module:name", for `data` and `argument`, with at most 30 seconds and 1 GiB.

    The result must not be empty.

    Raises:
        SandboxRefusedError: the function raised a ValueError.
        SandboxError: the function takes too long or too much memory, raises another error, or crashes.
    """
    try:
        process = subprocess.run(  # noqa: S603 - our own interpreter
            build_command("-c", _CODE, function, argument),
            input=data,
            env=build_environment(),
            capture_output=True,
            timeout=_MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SandboxError(timed_out=True) from None
    if process.returncode == _REFUSED_EXIT_CODE:
        raise SandboxRefusedError(process.stderr.decode("utf-8", "replace"))
    if process.returncode or not process.stdout:
        raise SandboxError(timed_out=False)
    return process.stdout


def main() -> None:
    """Runs the function that the first argument names on standard input, and writes its result to standard output."""
    import resource

    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    data = sys.stdin.buffer.read()
    for limit, value in (
        (resource.RLIMIT_DATA, _MAX_MEMORY),
        (resource.RLIMIT_CPU, _MAX_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    try:
        result = function(data, sys.argv[2])
    except ValueError as refused:
        sys.stderr.write(str(refused))
        sys.exit(_REFUSED_EXIT_CODE)
    sys.stdout.buffer.write(result)
