"""Reads files of a project, shows changes to them, and writes them."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from brief.model.diagnostics import MachineError
from brief.publish.durable_files import make_folders
from brief.publish.journal import replace_recorded

# No other character ends a line, unlike in `str.splitlines`.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_END = "\\ No newline at end of file"


def read_present(path: Path) -> bytes:
    """Returns the bytes of a file; empty if it does not exist.

    Raises:
        MachineError: the file cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as problem:
        raise MachineError(f"cannot read {path}: {problem.strerror or problem}") from problem


def diff_lines(old: bytes, new: bytes, old_name: str, new_name: str) -> Iterator[str]:
    """Yields the lines of a unified diff, each without its line feed; yields nothing if the bytes are equal.

    As in git and patch, a carriage return at the end of a line belongs to the line, and the last line may lack its end.
    """
    before, after = (_LINE.findall(data.decode("utf-8", "replace")) for data in (old, new))
    for number, line in enumerate(difflib.unified_diff(before, after, old_name, new_name, lineterm="")):
        yield line.removesuffix("\n")
        # The first two lines are the names of the files.
        if number > 1 and line[:1] in " -+" and not line.endswith("\n"):
            yield _NO_END


def replace_files(root: Path, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Replaces files of the project at `root`, all or none.

    `files` maps the path of each file in the project to its old and new bytes; old bytes are empty for a new file.

    Raises:
        MachineError: a file cannot be written, or has changed since its old bytes were read.
        OutputLockedError: another process is replacing files of this project.
    """
    if not files:
        return
    try:
        for name in files:
            make_folders((root / name).parent)
        replace_recorded(root, {root / name: contents for name, contents in files.items()})
    except OSError as problem:
        where = f"'{problem.filename}': " if problem.filename else ""
        raise MachineError(f"nothing was written: {where}{problem.strerror or problem}") from problem
