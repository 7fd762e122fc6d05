"""Records in the ledger which recipients' messages came back.

Ledgers made before there were bounces get the table when one is recorded; older versions ignore it.
"""

import sqlite3
from collections.abc import Iterable

from brief.mail.compose.outgoing import Key
from brief.mail.send.delivery_status import FailureKind
from brief.model.record import dataclass

_LONGEST_REASON = 300
_TABLE = """
create table if not exists bounce (
    recipient text not null primary key, kind text not null, status text not null, reason text not null,
    brief text not null, date text not null, variant text not null, noted text not null
)
"""
# A permanent mark stays, even if later reports differ.
_RECORD = """
insert into bounce (recipient, kind, status, reason, brief, date, variant, noted) values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict do update set kind = excluded.kind, status = excluded.status, reason = excluded.reason,
    brief = excluded.brief, date = excluded.date, variant = excluded.variant, noted = excluded.noted
where bounce.kind <> 'permanent' and (excluded.kind, excluded.status, excluded.reason, excluded.brief, excluded.date,
    excluded.variant) <> (bounce.kind, bounce.status, bounce.reason, bounce.brief, bounce.date, bounce.variant)
"""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recipient's failure, and the key of the message that came back; `noted` is when it was recorded, in ISO 8601.

    `status` is the code of RFC 3463, `reason` what the server said; both may be empty.
    """

    key: Key
    kind: FailureKind
    status: str
    reason: str
    noted: str = ""


def record_bounces(connection: sqlite3.Connection, bounces: Iterable[Bounce], moment: str) -> None:
    """Records bounces, one for each recipient."""
    connection.execute(_TABLE)
    connection.executemany(
        _RECORD,
        [
            (
                b.key.recipient,
                b.kind,
                b.status,
                b.reason[:_LONGEST_REASON],
                b.key.brief,
                b.key.date,
                b.key.variant,
                moment,
            )
            for b in bounces
        ],
    )


def forget_bounces(connection: sqlite3.Connection, recipients: Iterable[str]) -> int:
    """Removes the bounces of recipients, and returns how many there were."""
    connection.execute(_TABLE)
    rows = [(recipient,) for recipient in recipients]
    return connection.executemany("delete from bounce where recipient = ?", rows).rowcount


def list_bounces(connection: sqlite3.Connection) -> tuple[Bounce, ...]:
    """Returns the recorded bounces in order of their recipients."""
    if not connection.execute("select 1 from sqlite_master where name = 'bounce'").fetchone():
        return ()
    rows = connection.execute(
        "select brief, date, variant, recipient, kind, status, reason, noted from bounce order by recipient"
    )
    return tuple(Bounce(Key(*row[:4]), FailureKind(row[4]), *row[5:]) for row in rows)
