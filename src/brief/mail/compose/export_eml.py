"""Writes messages as `.eml` files, which mail clients open."""

import re
from collections.abc import Iterable
from pathlib import Path

from brief.mail.compose.outgoing import Outgoing
from brief.model.diagnostics import MachineError
from brief.publish.durable_files import make_folders, write_new

_UNSAFE = re.compile(r"[^A-Za-z0-9.@_-]+")
_MAX_NAME_LENGTH = 100
# Messages and the names of their files contain names and addresses of people, as plans and ledgers do.
_OWNER_ONLY, _OWNER_ONLY_FOLDER = 0o600, 0o700


def write_eml(messages: Iterable[Outgoing], folder: Path) -> tuple[Path, ...]:
    """Writes each message to `folder` as `<number>.<variant>.<address>.eml`, and returns the paths. Sends nothing.

    Raises:
        ContentError: a message has changed since it was planned.
        MachineError: the folder is not empty, or cannot be written to.
    """
    paths = []
    try:
        if make_folders(folder):
            folder.chmod(_OWNER_ONLY_FOLDER)
        if any(folder.iterdir()):
            raise MachineError(
                f"'{folder}' is not empty; choose an empty folder, so that it contains messages of one plan only"
            )
        for number, message in enumerate(messages, 1):
            name = _UNSAFE.sub("-", f"{message.key.variant}.{message.key.recipient}")[:_MAX_NAME_LENGTH]
            path = folder / f"{number:05d}.{name}.eml"
            write_new(path, message.load(), _OWNER_ONLY)
            paths.append(path)
    except OSError as problem:
        raise MachineError(f"cannot write to {folder}: {problem.strerror or problem}") from problem
    return tuple(paths)
