"""Replaces files of a project, all or none, even if the process dies between two of them.

Before the first file is replaced, a journal in the content folder records the old and new bytes of all files. A journal
whose writer no longer runs belongs to an interrupted replacement: `recover` finishes the replacement if any file was
replaced, and otherwise undoes it. The journal is a hidden file, so it is not taken for content.
"""

import base64
import binascii
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from brief.model.diagnostics import MachineError
from brief.model.record import dataclass
from brief.publish import failpoints
from brief.publish.durable_files import (
    make_temporary_path,
    remove_temporary,
    replace_all_files,
    replace_file,
    sync_folder,
)
from brief.publish.lock import open_lock, remove_abandoned_lock

JOURNAL = "content/.import.journal"
# The lock that is held while files are compared with the bytes that were read, and replaced.
LOCK = "content/.translations.lock.lock"
CRASH_POINTS = ("journal-written", "file-replaced", "journal-removed")

_FORM = "brief journal 1"
_HINT = "nothing was written; run this again when the other process has ended"
# The journal contains texts of every clearance.
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Recovery:
    """The outcome of an interrupted replacement of `files`: finished or undone."""

    files: tuple[str, ...]
    is_finished: bool

    def describe(self) -> str:
        """Returns one line for the user."""
        count = len(self.files)
        files = f"{count} file{'' if count == 1 else 's'}"
        if self.is_finished:
            return f"an interrupted import was finished: {files} written ({', '.join(self.files)})"
        return "an interrupted import was undone and nothing was written; import again"


def replace_recorded(root: Path, contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Replaces every file of the project at `root` or none, as `replace_all_files` does, under the project's lock.

    An earlier replacement that was interrupted is finished or undone first.

    Raises:
        OutputLockedError: another process is replacing files of this project.
        OSError: as `replace_all_files` does.
        MachineError: as `replace_all_files` and `recover` do.
    """
    journal = root / JOURNAL
    with open_lock(root / LOCK, hint=_HINT):
        _recover_locked(root)
        replace_file(journal, _encode(root, contents), _MODE)
        failpoints.pass_point("journal-written")
        try:
            replace_all_files(contents)
        except MachineError:
            # Some files may be replaced already, so the journal must remain for the next command.
            raise
        except BaseException:
            _remove(journal)
            raise
        _remove(journal)


def recover(root: Path, waiting: Callable[[str], None] = lambda _: None) -> Recovery | None:
    """Finishes or undoes an interrupted replacement; returns None if no replacement was interrupted. Removes the lock of a
    process that was killed before or after its replacement.

    If a replacement is still running, calls `waiting` with the name of its process and waits for it to end.

    Raises:
        MachineError: the journal is damaged, a file has changed since, or the files cannot be written.
    """
    if not any(os.path.lexists(path) for path in (root / JOURNAL, make_temporary_path(root / JOURNAL))):
        remove_abandoned_lock(root / LOCK)
        return None
    try:
        with open_lock(root / LOCK, waiting):
            return _recover_locked(root)
    except OSError as problem:
        where = problem.filename or root / JOURNAL
        raise MachineError(
            f"an import was interrupted and cannot be finished: {where}: {problem.strerror or problem}"
        ) from problem


def _recover_locked(root: Path) -> Recovery | None:
    journal = root / JOURNAL
    # A journal that does not have its final name yet may be incomplete; nothing has been replaced.
    is_partial = remove_temporary(journal)
    try:
        data = journal.read_bytes()
    except FileNotFoundError:
        return Recovery((), is_finished=False) if is_partial else None
    files = _decode(root, data)
    present = {name: _read_existing(path) for name, (path, _, _) in files.items()}
    changed = [name for name, (_, old, new) in files.items() if present[name] not in (old, new)]
    is_begun = any(present[name] == new for name, (_, _, new) in files.items())
    if changed and is_begun:
        raise MachineError(
            f"an import was interrupted, and {', '.join(changed)} changed since: restore "
            f"{', '.join(files)} as before the import, remove {JOURNAL}, and import again"
        )
    for name, (path, _, new) in files.items():
        remove_temporary(path)
        if is_begun and present[name] != new:
            replace_file(path, new)
    _remove(journal)
    return Recovery(tuple(files), is_begun)


def _encode(root: Path, contents: Mapping[Path, tuple[bytes, bytes]]) -> bytes:
    real = os.path.realpath(root)
    files = [
        {
            "path": PurePosixPath(os.path.relpath(os.path.realpath(path), real)).as_posix(),
            "old": _encode_base64(old),
            "new": _encode_base64(new),
        }
        for path, (old, new) in contents.items()
    ]
    return json.dumps({"form": _FORM, "files": files}, indent=1).encode()


def _decode(root: Path, data: bytes) -> dict[str, tuple[Path, bytes, bytes]]:
    """Returns the real path, the old bytes and the new bytes of each file, by its path in the project.

    Raises:
        MachineError: the journal is damaged, or names a file outside the project.
    """
    real = Path(os.path.realpath(root))
    files = {}
    try:
        document = json.loads(data)
        if document["form"] != _FORM:
            raise ValueError("another form")
        for entry in document["files"]:
            path = Path(os.path.realpath(real / entry["path"]))
            # A journal that came with the project must not lead to files elsewhere.
            if not path.is_relative_to(real) or path == real:
                raise ValueError("leads out of the project")
            files[str(entry["path"])] = path, base64.b64decode(entry["old"]), base64.b64decode(entry["new"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error) as problem:
        raise MachineError(
            f"{root / JOURNAL}, left by an interrupted import, is damaged: compare the content with its last revision, "
            "then remove this file"
        ) from problem
    return files


def _encode_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read_existing(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _remove(journal: Path) -> None:
    # A journal that cannot be removed does no harm: all files match it, and the next command removes it.
    with suppress(OSError):
        journal.unlink()
        failpoints.pass_point("journal-removed")
        sync_folder(journal.parent)
