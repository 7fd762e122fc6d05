"""Creates, opens and checks the ledger's SQLite database, which only its owner may read."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from brief.mail.send.delivery_status import DeliveryState
from brief.model.diagnostics import MachineError
from brief.publish.durable_files import sync_folder

_APPLICATION = 0x62726D6C  # "brml", to recognise databases of other programs
_SCHEMA = 3
_TABLE = f"""
create table message (
    brief text not null, date text not null, variant text not null, recipient text not null,
    digest text not null, message_id text not null,
    state text not null check (state in ({", ".join(f"'{state}'" for state in DeliveryState)})),
    attempts integer not null, reply text not null, planned text not null, changed text not null,
    primary key (brief, date, variant, recipient)
)
"""
_IDENTITY_TABLE = "create table ledger (identity text not null, revision integer not null, checksum integer not null)"
# The part of a row in the checksum. If an older copy of the file is restored beside the newer log of a killed sender,
# SQLite combines them: the revision is new, but rows that the log lacks are old. Only the checksum shows that. The
# triggers are stored in the file, so a change of the formula needs a new _SCHEMA.
_WEIGHT = "(({row}attempts * 100 + instr('" + " ".join(DeliveryState) + "', {row}state)) * {row}rowid)"
_NEW, _OLD = (_WEIGHT.format(row=f"{row}.") for row in ("new", "old"))
_TRIGGERS = (
    f"create trigger added after insert on message begin update ledger set checksum = checksum + {_NEW}; end",  # noqa: S608
    f"create trigger changed after update on message begin update ledger set checksum = checksum + {_NEW} - {_OLD}; end",  # noqa: S608
)


def make_ledger(path: Path) -> None:
    """Creates an empty ledger atomically: a file at `path` is always complete."""
    temporary = path.with_name(f".{path.name}.new")
    for stale in (temporary, Path(f"{temporary}-journal"), Path(f"{path}-wal"), Path(f"{path}-shm")):
        stale.unlink(missing_ok=True)
    # Created here, because SQLite would let others read it.
    os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(temporary, "rw")) as connection:
        connection.execute("pragma synchronous = full")
        connection.execute("begin immediate")
        connection.execute(f"pragma application_id = {_APPLICATION}")
        connection.execute(f"pragma user_version = {_SCHEMA}")
        connection.execute(_TABLE)
        connection.execute(_IDENTITY_TABLE)
        connection.execute("insert into ledger values (?, 0, 0)", (secrets.token_hex(16),))
        for trigger in _TRIGGERS:
            connection.execute(trigger)
        connection.execute("commit")
    temporary.rename(path)
    sync_folder(path.parent)


def require_content(path: Path) -> None:
    """Raises sqlite3.DatabaseError for an empty file, which SQLite would take for a new database."""
    if path.is_file() and path.stat().st_size == 0:
        raise sqlite3.DatabaseError


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Opens the database; `mode` is "ro" or "rw", as in SQLite's URIs."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30)


def require_valid(path: Path, connection: sqlite3.Connection) -> None:
    """Refuses a database of another program or version.

    Raises:
        MachineError: the database is not a ledger of this version.
        sqlite3.DatabaseError: the database is damaged.
    """
    (application,) = connection.execute("pragma application_id").fetchone()
    (schema,) = connection.execute("pragma user_version").fetchone()
    if application != _APPLICATION:
        raise MachineError(f"{path} is the database of another program; move it elsewhere")
    if schema < _SCHEMA:
        raise MachineError(f"{path} was written by an older version of brief; use that version to send")
    if schema > _SCHEMA:
        raise MachineError(f"{path} was written by a newer version of brief; use that version to send")
    if connection.execute("pragma quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError
    total = f"select coalesce(sum({_WEIGHT.format(row='')}), 0) from message"  # noqa: S608
    if connection.execute(f"select checksum = ({total}) from ledger").fetchone() != (1,):  # noqa: S608
        raise sqlite3.DatabaseError


@contextmanager
def explain_failures(path: Path) -> Iterator[None]:
    """Turns failures of SQLite and of the file system into a MachineError."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as problem:
        raise MachineError(f"{path} cannot be used: {getattr(problem, 'strerror', None) or problem}") from problem
    except sqlite3.DatabaseError as problem:
        raise MachineError(
            f"the ledger {path}, which lists who has been sent what, is damaged: restore a backup of it; without one, move it"
            " away and run the command with '--accept-ledger' to send everything again"
        ) from problem
