"""Digests of everything that a build or a check of a project can read."""

import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from brief.build import fingerprint
from brief.model.artifact import BuildSelection
from brief.reading.layout import PROJECT_FOLDERS, THEMES
from brief.reading.listing import list_files
from brief.reading.stray_files import list_misplaced
from brief.store import digest
from brief.templating.packaged import PACKAGED


def list_input_folders(root: Path) -> tuple[Path, ...]:
    """Lists the folders that a build of the project can read, whether or not they exist."""
    return (*(root / name for name in PROJECT_FOLDERS), *PACKAGED)


def fingerprint_project(root: Path, selection: BuildSelection, pdf_engine: str = "") -> str:
    """Returns the digest of the selection, the requested PDF engine, and everything else on which the pack can depend.

    Raises:
        MachineError: fontconfig is not installed.
    """
    parts = (
        part
        for number, folder in enumerate(list_input_folders(root))
        for part in (str(number), *_describe_files(folder))
    )
    return digest(
        "pack",
        repr(selection),
        pdf_engine,
        fingerprint.fingerprint_machine(),
        repr(tuple(list_misplaced(root))),
        *parts,
    )


def fingerprint_except_themes(root: Path) -> str:
    """Returns the digest of all files in the project's own folders that a check can read, except its themes."""
    themes = root / THEMES
    parts = (
        part
        for name in PROJECT_FOLDERS
        for path in list_files(root / name)
        if path.parent != themes
        for part in (str(path.relative_to(root)), _digest_file(path))
    )
    return digest("beside themes", *parts)


def _describe_files(folder: Path) -> Iterator[str]:
    """Yields the path in the folder, then the digest, of every file below it, sorted by path."""
    for path in list_files(folder):
        yield path.relative_to(folder).as_posix()
        yield _digest_file(path)


def _digest_file(path: Path) -> str:
    """Returns the SHA-256 of a file; a text that is no digest if it is not a regular file or cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a file"
        return sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        return f"unreadable: {problem.errno}"
