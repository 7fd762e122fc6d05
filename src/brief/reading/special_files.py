"""Finds pipes, sockets and devices in a project's folders, which are not read, and links out of the project."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.reading.layout import is_hidden_or_backup

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def describe_special(path: Path) -> str | None:
    """Returns what a path is that is not a regular file, such as "a named pipe"; None for a file or a missing path.

    Paths are checked before they are opened, because opening a pipe would wait for a writer.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return next((description for is_kind, description in _KINDS if is_kind(mode)), None)


def warn_of_special_files(root: Path, folders: tuple[str, ...], sink: DiagnosticSink) -> None:
    """Warns about each pipe, socket, device and broken link below the folders, and each link out of the project."""
    real_root = os.path.realpath(root)
    for entry in (entry for folder in folders for entry in _walk(root / folder)):
        name = Path(entry.path).relative_to(root).as_posix()
        if is_hidden_or_backup(name):
            continue
        location = SourceLocation(name)
        what = None if entry.is_dir() or entry.is_file() else describe_special(Path(entry.path))
        if what is not None:
            sink.add_warning("special-file", location, f"is {what}; it is not read", "put a file there, or remove it")
        elif entry.is_symlink():
            target = os.path.realpath(entry.path)
            if not os.path.lexists(target) or not (entry.is_dir() or entry.is_file()):
                sink.add_warning("special-file", location, "is a broken link", "remove it, or restore its target")
            elif os.path.commonpath((real_root, target)) != real_root:
                message = "is a link to a file outside the project"
                sink.add_warning(
                    "outside-link", location, message, "copy the file here, so that it is part of the project"
                )


def _walk(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """Yields every entry below the folder, sorted by name; links are not followed."""
    try:
        with os.scandir(folder) as unsorted:
            entries = sorted(unsorted, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
