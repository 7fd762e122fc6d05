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


def record_place(path: Path, connection: sqlite3.Connection, identity: str, *, accept: bool = False) -> None:
    """Records that the ledger is at `path`; with `accept`, even if it is a copy.

    Raises:
        MachineError: it is a copy, and the original is still at its path.
    """
    connection.execute(_TABLE)
    here = os.path.realpath(path)
    row = connection.execute("select path from place").fetchone()
    if row is not None and row[0] == here:
        return
    if row is not None and not accept and _has_ledger(Path(row[0]), path, identity):
        raise MachineError(
            f"the ledger {path} is a copy of {row[0]}, so neither records what the other sent: send from there, or"
            " delete that file to keep this one"
        )
    connection.execute("begin immediate")
    connection.execute("delete from place")
    connection.execute("insert into place values (?)", (here,))
    connection.execute("commit")


def _has_ledger(there: Path, here: Path, identity: str) -> bool:
    """Returns whether another file at `there` is a ledger of this identity."""
    try:
        if there.samefile(here):
            return False
        with closing(connect(there, "ro")) as other:
            return bool(other.execute("select identity from ledger").fetchone() == (identity,))
    except (OSError, sqlite3.Error):
        return False
