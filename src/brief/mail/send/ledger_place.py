"""Records the path and the inode of a ledger, to detect a copy in another folder, and a machine restored from a backup.

Two copies would not record what the other one sent. If a whole machine is restored, its witnesses are as old as its
ledger, so they do not show that messages are missing. A ledger that was moved, or restored on the machine that used it,
is used at its new path.
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
_TIME_RESOLUTION = 2.0  # seconds, in some file systems


def follow_link(path: Path) -> Path:
    """Returns the target of `path` if that is a symbolic link, or else `path`. The lock and the witness are beside it.

    Raises:
        MachineError: the file is missing, or has hard links, beside each of which there could be another lock.
    """
    try:
        target = path.resolve(strict=True) if path.is_symlink() else path
        link_count = target.stat().st_nlink if target.is_file() else 1
    except OSError as problem:
        raise MachineError(f"the ledger {path} is a link, and its file cannot be used: {problem.strerror}") from problem
    if link_count > 1:
        raise MachineError(
            f"the file of the ledger {target} has {link_count} names (hard links), so that two senders could use it at"
            " once: delete the others"
        )
    return target


def require_original(path: Path, connection: sqlite3.Connection, identity: str) -> None:
    """Checks that the ledger is neither a copy of one still at the recorded path, nor restored with its witness.

    Raises:
        MachineError: the ledger is one of these.
    """
    place, inode = _read_place(connection)
    if place is not None and place != os.path.realpath(path) and _has_ledger(Path(place), path, identity):
        raise MachineError(
            f"the ledger {path} is a copy of {place}, so neither records what the other sent: send from there, or"
            " delete that file to keep this one"
        )
    status = path.stat()
    if inode not in (None, status.st_ino) and _is_restored(path) and not _has_unrestored_witness(identity):
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
    """Records the path and the inode of the ledger at `path`."""
    here = (os.path.realpath(path), path.stat().st_ino)
    if _read_place(connection) == here:
        return
    connection.execute("begin immediate")
    for table, value in zip(("place", "file"), here, strict=True):
        connection.execute(f"delete from {table}")  # noqa: S608
        connection.execute(f"insert into {table} values (?)", (value,))  # noqa: S608
    connection.execute("commit")


def _read_place(connection: sqlite3.Connection) -> tuple[str | None, int | None]:
    """Returns the recorded path and inode, each None if it is not recorded; makes their tables if necessary."""
    for table in _TABLES:
        connection.execute(table)
    (path,) = connection.execute("select path from place").fetchone() or (None,)
    (inode,) = connection.execute("select inode from file").fetchone() or (None,)
    return path, inode


def _is_restored(path: Path) -> bool:
    """Returns whether a file was created with an earlier modification time: then its status is newer than its data."""
    status = path.stat()
    return os.name == "posix" and status.st_ctime - status.st_mtime > _TIME_RESOLUTION


def _has_unrestored_witness(identity: str) -> bool:
    """Returns whether there is a witness in the user's state folder that was not restored."""
    witness = find_distant_witness(identity)
    try:
        return witness is not None and not _is_restored(witness)
    except OSError:
        return False


def _has_ledger(there: Path, here: Path, identity: str) -> bool:
    """Returns whether `there` is a ledger of this identity, and another file than `here`."""
    try:
        if there.samefile(here):
            return False
        with closing(connect(there, "ro")) as other:
            return bool(other.execute("select identity from ledger").fetchone() == (identity,))
    except (OSError, sqlite3.Error):
        return False
