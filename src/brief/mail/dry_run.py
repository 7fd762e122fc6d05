"""A plan's messages as files that a mail program opens, instead of to a server."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from brief.mail.outgoing import Key, Outgoing
from brief.model.diagnostics import MachineError
from brief.press.disk import make_folders, write_new

# File systems allow 255 bytes; an address may have 254 characters, each of which may take nine.
_LONGEST = 120


def write_messages(messages: Sequence[Outgoing], folder: Path) -> tuple[Path, ...]:
    """Writes each message to a file of its own in `folder`, numbered in the order in which they would be sent.

    Raises:
        MachineError: the folder has something in it, or cannot be written to.
    """
    try:
        make_folders(folder)
        if os.listdir(folder):  # noqa: PTH208
            raise MachineError(f"{folder} is not empty; messages of another plan might be taken for this one's")
        paths = tuple(folder / f"{number:05}.{_name(m.key)}.eml" for number, m in enumerate(messages, 1))
        for path, message in zip(paths, messages, strict=True):
            write_new(path, message.load())
    except OSError as problem:
        raise MachineError(f"{folder} cannot be written to: {problem.strerror or problem}") from problem
    return paths


def _name(key: Key) -> str:
    return f"{key.variant}.{quote(key.recipient, safe='@+')[:_LONGEST]}"
