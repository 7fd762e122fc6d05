"""Messages as files that mail clients open."""

import re
from collections.abc import Iterable
from pathlib import Path

from brief.mail.outgoing import Outgoing
from brief.model.diagnostics import MachineError
from brief.press.disk import make_folders, replace_file

_UNSAFE = re.compile(r"[^A-Za-z0-9.@_-]+")
_LONGEST = 100


def write_eml(messages: Iterable[Outgoing], folder: Path) -> tuple[Path, ...]:
    """Writes each message to `folder` as `<number>-<variant>-<address>.eml`, and returns the paths. No socket is opened.

    Raises:
        ContentError: a message has changed since it was planned.
        MachineError: the folder cannot be written to.
    """
    written = []
    try:
        make_folders(folder)
        for number, message in enumerate(messages, 1):
            name = _UNSAFE.sub("-", f"{message.key.variant}-{message.key.recipient}")[:_LONGEST]
            path = folder / f"{number:04d}-{name}.eml"
            replace_file(path, message.load())
            written.append(path)
    except OSError as problem:
        raise MachineError(f"cannot write to {folder}: {problem.strerror or problem}") from problem
    return tuple(written)
