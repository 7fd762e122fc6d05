"""Runs a function on untrusted bytes in a separate process with limits, so that a failing picture decoder does no harm.

A decoder in C may crash its process, or exhaust the memory, without raising an exception.
"""

import importlib
import subprocess
import sys
from contextlib import suppress

from brief.workers.interpreter import build_command, build_environment

_SECONDS = 30
_MEMORY = 1 << 30
_REFUSED = 3
_START = f"from {__name__} import main; main()"


class SandboxError(Exception):
    """The process ended without a result, or took too long (`timed_out`)."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__(f"takes more than {_SECONDS} seconds" if timed_out else "ended without a result")
        self.timed_out = timed_out


class SandboxRefusedError(ValueError):
    """The function refused its input; the message is the message of its ValueError."""


def run_sandboxed(function: str, data: bytes, argument: str = "") -> bytes:
    """Returns the result of `function`, given as "module:name", for `data` and `argument`.

    Raises:
        SandboxRefusedError: the function raised a ValueError.
        SandboxError: the function takes too long or too much memory, or its process ends.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            build_command("-c", _START, function, argument),
            input=data,
            env=build_environment(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SandboxError(timed_out=True) from None
    if done.returncode == _REFUSED:
        raise SandboxRefusedError(done.stderr.decode("utf-8", "replace"))
    if done.returncode or not done.stdout:
        raise SandboxError(timed_out=False)
    return done.stdout


def main() -> None:
    """Runs the function that the first argument names on standard input, and writes its result to standard output."""
    import resource

    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    data = sys.stdin.buffer.read()
    for limit, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    try:
        result = function(data, sys.argv[2])
    except ValueError as refused:
        sys.stderr.write(str(refused))
        sys.exit(_REFUSED)
    sys.stdout.buffer.write(result)
