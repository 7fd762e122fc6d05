"""Reads and replaces the files of a project's snapshots."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from brief.model.diagnostics import MachineError
from brief.publish.durable_files import make_folders, replace_all_files
from brief.publish.lock import open_lock
from brief.reading.layout import is_hidden_or_backup
from brief.snapshots.settings import FOLDER, SETTINGS

_LOCK = f"{FOLDER}/.lock"
# Notes that people keep beside the snapshots.
_NOTES = (".md", ".txt")


def read_snapshots(root: Path) -> dict[str, bytes]:
    """Reads every snapshot file by its path from the project's root, except settings and notes at the top of `snapshots/`.

    Raises:
        MachineError: a file cannot be read.
    """
    found = {}
    try:
        for folder, below, names in os.walk(root / FOLDER):
            below[:] = sorted(name for name in below if not is_hidden_or_backup(name))
            for name in sorted(names):
                path = Path(folder, name)
                shown = path.relative_to(root).as_posix()
                is_note = path.parent == root / FOLDER and path.suffix in _NOTES
                if shown != SETTINGS and not is_note and not is_hidden_or_backup(name):
                    found[shown] = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"cannot read {problem.filename}: {problem.strerror}") from problem
    return found


def replace_snapshots(
    root: Path, before: Mapping[str, bytes], written: Mapping[str, bytes], removed: Iterable[str]
) -> None:
    """Writes these files, all or none, then removes files that are no longer used.

    Raises:
        OutputLockedError: another process is accepting snapshots of this project.
        MachineError: a file cannot be written.
    """
    contents = {root / name: (before.get(name, b""), data) for name, data in written.items()}
    try:
        make_folders(root / FOLDER)
        with open_lock(root / _LOCK, hint="wait until the other process has ended, then run this again"):
            for folder in sorted({path.parent for path in contents}):
                make_folders(folder)
            replace_all_files(contents)
            for name in removed:
                (root / name).unlink(missing_ok=True)
            _remove_empty_folders(root / FOLDER)
    except OSError as problem:
        where = problem.filename or root / FOLDER
        raise MachineError(f"cannot write the snapshots: {where}: {problem.strerror or problem}") from problem


def _remove_empty_folders(top: Path) -> None:
    for folder, _, _ in os.walk(top, topdown=False):
        if Path(folder) != top:
            with suppress(OSError):
                Path(folder).rmdir()
