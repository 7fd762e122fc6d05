"""Records the path and the file of a ledger, to detect a copy in another folder, and a machine restored from a backup.

Neither copy would record what the other sent, and no witness is left that knows more than a backup of everything. A ledger
that was moved, or restored on the machine that used it, is used at its new path.
"""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from brief.mail.send.ledger_file import connect
from brief.mail.send.ledger_witness import find_distant_witness
from brief.model.diagnostics import MachineError

# Older ledgers get these tables when they are next opened; older versions of the program ignore them.
_TABLES = (
    "create table if not exists place (path text not null)",
    "create table if not exists file (inode integer not null)",
)
# Some file systems store times to two seconds.
_COARSENESS = 2.0


def follow_link(path: Path) -> Path:
    """Returns the file that `path` is, if it is a link: all that is beside a ledger, such as its lock, is beside that file.

    Raises:
        MachineError: that file is missing, or has several names, beside each of which there could be another lock.
    """
    try:
        real = path.resolve(strict=True) if path.is_symlink() else path
        names = real.stat().st_nlink if real.is_file() else 1
    except OSError as problem:
        raise MachineError(f"the ledger {path} is a link, and its file cannot be used: {problem.strerror}") from problem
    if names > 1:
        raise MachineError(
            f"the file of the ledger {real} has {names} names (hard links), so that two senders could use it at once:"
            " delete the others"
        )
    return real


def require_original(path: Path, connection: sqlite3.Connection, identity: str) -> None:
    """Checks that this ledger is neither a copy of one that is still at the recorded path, nor a backup of unknown age.

    Raises:
        MachineError: this ledger is such a copy or backup.
    """
    place, inode = _read_place(connection)
    if place is not None and place != os.path.realpath(path) and _has_ledger(Path(place), path, identity):
        raise MachineError(
            f"the ledger {path} is a copy of {place}, so neither records what the other sent: send from there, or"
            " delete that file to keep this one"
        )
    status = path.stat()
    if inode not in (None, status.st_ino) and _is_restored(path) and not _has_known_witness(identity):
        written, restored = (
            datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            for moment in (status.st_mtime, status.st_ctime)
        )
        raise MachineError(
            f"the ledger {path} was restored from a backup, or copied, at {restored}, and does not list what was sent after"
            f" {written}: compare 'brief mail status' with the server's log, then run 'brief mail plan' with"
            " '--accept-ledger'"
        )


def record_place(path: Path, connection: sqlite3.Connection) -> None:
    """Records that the ledger is at `path`."""
    here = (os.path.realpath(path), path.stat().st_ino)
    if _read_place(connection) == here:
        return
    connection.execute("begin immediate")
    for table, value in zip(("place", "file"), here, strict=True):
        connection.execute(f"delete from {table}")  # noqa: S608
        connection.execute(f"insert into {table} values (?)", (value,))  # noqa: S608
    connection.execute("commit")


def _read_place(connection: sqlite3.Connection) -> tuple[str | None, int | None]:
    for table in _TABLES:
        connection.execute(table)
    place = connection.execute("select path from place").fetchone() or (None,)
    file = connection.execute("select inode from file").fetchone() or (None,)
    return (place[0], file[0])


def _is_restored(path: Path) -> bool:
    """Returns whether a file was put here with the time of an earlier one, which only the time of its status shows."""
    status = path.stat()
    return os.name == "posix" and status.st_ctime - status.st_mtime > _COARSENESS


def _has_known_witness(identity: str) -> bool:
    """Returns whether the witness in the user's state folder was not restored as well."""
    witness = find_distant_witness(identity)
    try:
        return witness is not None and not _is_restored(witness)
    except OSError:
        return False


def _has_ledger(there: Path, here: Path, identity: str) -> bool:
    """Returns whether another file at `there` is a ledger of this identity."""
    try:
        if there.samefile(here):
            return False
        with closing(connect(there, "ro")) as other:
            return bool(other.execute("select identity from ledger").fetchone() == (identity,))
    except (OSError, sqlite3.Error):
        return False
