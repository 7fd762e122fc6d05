"""Standard output and standard error, either of which may be closed or full.

A message that cannot be written must not stop what a command does, such as sending mail, but it must not be lost unnoticed
either: `is_message_lost` says so at the end.
"""

import io
import os
import sys
from typing import Any, BinaryIO, TextIO

_OUTPUT, _ERROR = 1, 2
_UNWRITTEN = 3


class _Messages(io.RawIOBase):
    """Writes on standard error, or nowhere if it is closed, and remembers whether a message was lost."""

    def __init__(self, stream: TextIO | None) -> None:
        # Kept, because a stream that is no longer used closes the file below it.
        self._stream = stream
        # Without the buffer, which would keep what cannot be written.
        self._target: BinaryIO | None = None if stream is None else getattr(stream.buffer, "raw", stream.buffer)
        self.is_lost = False

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._target is not None and self._target.isatty()

    def fileno(self) -> int:
        return _ERROR if self._target is None else self._target.fileno()

    def write(self, data: Any) -> int:
        try:
            if self._target is not None:
                return self._target.write(data)
            self.is_lost = True
        except BrokenPipeError:
            # The reader of the messages wants no more of them.
            pass
        except OSError:
            self.is_lost = True
        return memoryview(data).nbytes


def replace_streams() -> None:
    """Makes both streams write UTF-8, and standard error one that cannot fail; ends the program if standard output is
    closed.

    Python sets a stream to None if its descriptor was closed at the start (`>&-`). The next file opened would get that
    descriptor, and output would be written into it.
    """
    if sys.stderr is None:
        _occupy(_ERROR)
    messages = io.BufferedWriter(_Messages(sys.stderr))  # type: ignore[type-var]
    sys.stderr = io.TextIOWrapper(messages, encoding="utf-8", errors="backslashreplace", line_buffering=True)
    if sys.stdout is None:
        _occupy(_OUTPUT)
        sys.stderr.write("brief: standard output is closed\n")
        sys.exit(_UNWRITTEN)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def is_message_lost() -> bool:
    """Returns whether a message could not be written on standard error, because that is closed or full."""
    sys.stderr.flush()
    raw = getattr(getattr(sys.stderr, "buffer", None), "raw", None)
    return isinstance(raw, _Messages) and raw.is_lost


def _occupy(descriptor: int) -> None:
    """Opens the descriptor, so that no file gets it."""
    opened = os.open(os.devnull, os.O_WRONLY)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)
