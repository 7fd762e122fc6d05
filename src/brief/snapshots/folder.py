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
    """Reads every file of a snapshot, keyed by its path relative to the project's root.

    Leaves out the settings, notes directly in `snapshots/`, hidden files and backups.

    Raises:
        MachineError: a file cannot be read.
    """
    files = {}
    try:
        for folder, subfolders, names in os.walk(root / FOLDER):
            subfolders[:] = sorted(name for name in subfolders if not is_hidden_or_backup(name))
            for name in sorted(names):
                path = Path(folder, name)
                name_from_root = path.relative_to(root).as_posix()
                is_note = path.parent == root / FOLDER and path.suffix in _NOTES
                if name_from_root != SETTINGS and not is_note and not is_hidden_or_backup(name):
                    files[name_from_root] = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"cannot read {problem.filename}: {problem.strerror}") from problem
    return files


def replace_snapshots(
    root: Path, snapshots: Mapping[str, bytes], files: Mapping[str, bytes], removed: Iterable[str]
) -> None:
    """Writes `files`, all or none, and then removes the files in `removed`; `snapshots` are the current contents.

    Raises:
        OutputLockedError: another process is accepting snapshots of this project.
        MachineError: a file cannot be written.
    """
    contents = {root / name: (snapshots.get(name, b""), data) for name, data in files.items()}
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
        path = problem.filename or root / FOLDER
        raise MachineError(f"cannot write the snapshots: {path}: {problem.strerror or problem}") from problem


def _remove_empty_folders(top: Path) -> None:
    for folder, _, _ in os.walk(top, topdown=False):
        if Path(folder) != top:
            with suppress(OSError):
                Path(folder).rmdir()
