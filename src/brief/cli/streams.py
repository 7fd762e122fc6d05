"""Standard output and standard error, each of which may be closed or full.

A message that cannot be written must not stop a command, such as the sending of mail. That it was lost must show at the
end: `is_message_lost` returns it for the exit status.
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
        # A reference, because a stream closes its file when it is deleted.
        self._stream = stream
        # The file without the stream's buffer, which would keep data that cannot be written.
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
            # The reader of the messages has closed the pipe, so nothing is lost for it.
            pass
        except OSError:
            self.is_lost = True
        return memoryview(data).nbytes


def replace_streams() -> None:
    """Makes both streams write UTF-8, and replaces standard error with a stream that never fails.

    Exits with 3 if standard output is closed: Python sets a stream to None if its descriptor was closed at the start
    (`>&-`). The next file opened would get that descriptor, and output would be written into the file.
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
    """Opens the descriptor on the null device, so that no file gets it."""
    null_descriptor = os.open(os.devnull, os.O_WRONLY)
    if null_descriptor != descriptor:
        os.dup2(null_descriptor, descriptor)
        os.close(null_descriptor)
