"""Records the path of a ledger, to detect a copy in another folder: neither would record what the other sent.

A ledger that was moved, or restored from a backup, is used at its new path.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from brief.mail.send.ledger_file import connect
from brief.model.diagnostics import MachineError

# Older ledgers get this table when they are next opened; older versions of the program ignore it.
_TABLE = "create table if not exists place (path text not null)"


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
    """Checks that no ledger is still at the recorded path of this one.

    Raises:
        MachineError: a ledger is there, so this one is a copy of it.
    """
    place = _read_place(connection)
    if place is not None and place != os.path.realpath(path) and _has_ledger(Path(place), path, identity):
        raise MachineError(
            f"the ledger {path} is a copy of {place}, so neither records what the other sent: send from there, or"
            " delete that file to keep this one"
        )


def record_place(path: Path, connection: sqlite3.Connection) -> None:
    """Records that the ledger is at `path`."""
    here = os.path.realpath(path)
    if _read_place(connection) == here:
        return
    connection.execute("begin immediate")
    connection.execute("delete from place")
    connection.execute("insert into place values (?)", (here,))
    connection.execute("commit")


def _read_place(connection: sqlite3.Connection) -> str | None:
    connection.execute(_TABLE)
    row = connection.execute("select path from place").fetchone()
    return row[0] if row is not None else None


def _has_ledger(there: Path, here: Path, identity: str) -> bool:
    """Returns whether another file at `there` is a ledger of this identity."""
    try:
        if there.samefile(here):
            return False
        with closing(connect(there, "ro")) as other:
            return bool(other.execute("select identity from ledger").fetchone() == (identity,))
    except (OSError, sqlite3.Error):
        return False
