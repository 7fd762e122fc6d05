"""Records bounces in the ledger: the recipients whose messages came back.

A ledger of an older version gets the table when it is first needed; older versions ignore the table.
"""

import sqlite3
from collections.abc import Iterable

from brief.mail.compose.outgoing import Key
from brief.mail.send.delivery_status import FailureKind
from brief.model.record import dataclass

_MAX_REASON_LENGTH = 300
_TABLE = """
create table if not exists bounce (
    recipient text not null primary key, kind text not null, status text not null, reason text not null,
    brief text not null, date text not null, variant text not null, noted text not null
)
"""
# A later report does not replace a permanent bounce.
_RECORD = """
insert into bounce (recipient, kind, status, reason, brief, date, variant, noted) values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict do update set kind = excluded.kind, status = excluded.status, reason = excluded.reason,
    brief = excluded.brief, date = excluded.date, variant = excluded.variant, noted = excluded.noted
where bounce.kind <> 'permanent' and (excluded.kind, excluded.status, excluded.reason, excluded.brief, excluded.date,
    excluded.variant) <> (bounce.kind, bounce.status, bounce.reason, bounce.brief, bounce.date, bounce.variant)
"""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A recipient's failure, and the key of the message that came back.

    `status` is the code of RFC 3463, `reason` the server's text; both may be empty. `noted` is the time at which the
    bounce was recorded, in ISO 8601; it is empty before.
    """

    key: Key
    kind: FailureKind
    status: str
    reason: str
    noted: str = ""


def record_bounces(connection: sqlite3.Connection, bounces: Iterable[Bounce], moment: str) -> None:
    """Records bounces at `moment` (ISO 8601). Keeps one for each recipient: a permanent one, or else the last."""
    connection.execute(_TABLE)
    connection.executemany(
        _RECORD,
        [
            (
                b.key.recipient,
                b.kind,
                b.status,
                b.reason[:_MAX_REASON_LENGTH],
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
