"""What was sent to whom: a record that outlives crashes and power cuts, so that no one gets a message twice.

`<brief>.mail.sqlite3` stands beside the pack, where a build leaves it alone. It is written by one sender at a time, and
holds addresses: only its owner may read it.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from brief.mail.compose.outgoing import Key, Outgoing
from brief.mail.plan.plan import LedgerState
from brief.mail.send.delivery_status import SENDABLE, DeliveryState, Outcome
from brief.mail.send.ledger_file import connect, explain_failures, make_ledger, require_content, require_sound
from brief.mail.send.ledger_witness import require_current, require_unused, write_witness
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, OutputLockedError
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.publish import failpoints
from brief.publish.approval import Clock, current_time
from brief.publish.lock import Waiting, is_held, open_lock
from brief.publish.paths import safe_stem

# The moments at which tests have the process die.
CRASH_POINTS = ("ledger-made", "planned", "sending-recorded", "outcome-recorded")

SUFFIX = ".mail.sqlite3"
_CUT_SHORT = "the sender ended before an answer was recorded"
_COLUMNS = "brief, date, variant, recipient, digest, message_id, state, attempts, reply, planned, changed"
_IS_KEY = "brief = ? and date = ? and variant = ? and recipient = ?"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One message in the ledger. `planned` and `changed` are ISO 8601 in UTC: when it came in, and when to its state.
    `attempts` counts how often it was offered to a server, `reply` is the last answer.
    """

    key: Key
    digest: str
    message_id: str
    state: DeliveryState
    attempts: int
    reply: str
    planned: str
    changed: str


def ledger_in(folder: Path, brief: str) -> Path:
    """Where the ledger of a brief stands, whose pack is in `folder`."""
    return folder / f"{safe_stem(brief)}{SUFFIX}"


def ledger_of(pack: str | Path, brief: str) -> Path:
    """Where the ledger of a brief stands: beside the link that leads to its pack, which may be given by the link too."""
    return ledger_in(Path(os.path.realpath(pack)).parent, brief)


def _lock(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


@contextmanager
def open_ledger(
    path: Path,
    waiting: Waiting | None = None,
    clock: Clock = current_time,
    *,
    expected: LedgerState | None = None,
    accept: bool = False,
) -> Iterator["Ledger"]:
    """Opens the ledger, held against other senders, and makes it if there has never been one.

    What an earlier sender was sending when it ended is unknown from here on. If another holds the ledger: with
    `waiting`, that is called with the other's name, and its end is waited for.

    `expected` is the state that a plan recorded. A ledger that is gone, or behind that state or its witness, is used
    only with `accept`: a person has decided that those it does not list may be sent everything again.

    Raises:
        MachineError: the ledger is damaged, empty, gone, replaced, rolled back, another program's, a newer version's, or
            cannot be written.
        OutputLockedError: another sender holds it, and `waiting` is None.
    """
    with ExitStack() as held:
        with explain_failures(path):
            hint = "without '--no-wait' it is waited for"
            held.enter_context(open_lock(_lock(path), waiting, hint))
            if not os.path.lexists(path):
                if not accept:
                    require_unused(path, expected)
                make_ledger(path)
            require_content(path)
            connection = held.enter_context(closing(connect(path, "rw")))
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            require_sound(path, connection)
            state = _state(connection)
            if not accept:
                require_current(path, state, expected)
            write_witness(path, state, sync=True)
            failpoints.pass_point("ledger-made")
        ledger = Ledger(path, connection, clock)
        ledger.recover()
        yield ledger


def register_plan(path: Path, *, accept: bool = False) -> LedgerState:
    """The state of the ledger for a plan to record; the ledger is made if there has never been one.

    Raises:
        MachineError: as `open_ledger` does.
    """
    try:
        with open_ledger(path, accept=accept) as ledger:
            return ledger.state()
    except OutputLockedError:
        with explain_failures(path), closing(connect(path, "ro")) as connection:
            require_sound(path, connection)
            return _state(connection)


def read_ledger(path: Path) -> tuple[LedgerEntry, ...]:
    """All entries, in order of their keys, whether or not somebody is sending; none where there is no ledger.

    A message that was being sent when its sender ended is unknown, as it is to the next sender.

    Raises:
        MachineError: the ledger is gone, damaged, another program's, a newer version's, or cannot be read.
    """
    if not os.path.lexists(path):
        require_unused(path, None)
        return ()
    try:
        with open_ledger(path) as ledger:
            return ledger.entries()
    except OutputLockedError:
        return _looked_at(path)
    except MachineError:
        # The folder is not ours to write to, and what a dead sender left cannot be settled in the ledger itself.
        is_sending = is_held(_lock(path))
        entries = _looked_at(path)
        return entries if is_sending else tuple(map(_settled, entries))


def _looked_at(path: Path) -> tuple[LedgerEntry, ...]:
    with explain_failures(path):
        require_content(path)
        with closing(connect(path, "ro")) as connection:
            require_sound(path, connection)
            return _entries(connection)


def _settled(entry: LedgerEntry) -> LedgerEntry:
    """As `Ledger.recover` leaves it."""
    if entry.state is not DeliveryState.SENDING:
        return entry
    return replace(entry, state=DeliveryState.UNKNOWN, reply=_CUT_SHORT, attempts=entry.attempts + 1)


class Ledger:
    """An open ledger; `open_ledger` gives it. Every method raises MachineError where the disk is full or fails.

    What `begin` and `plan` record is on the disk when they return. What an attempt ended with is with the system by then,
    and on the disk with the next message: a power cut may make the last one unknown, and never lets it be sent again.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, clock: Clock) -> None:
        self.path = path
        self._connection = connection
        self._clock = clock

    def entries(self) -> tuple[LedgerEntry, ...]:
        """All entries, in order of their keys."""
        with explain_failures(self.path):
            return _entries(self._connection)

    def state(self) -> LedgerState:
        """Which ledger this is, and how far it has come."""
        with explain_failures(self.path):
            return _state(self._connection)

    def states(self) -> Mapping[Key, LedgerEntry]:
        return {entry.key: entry for entry in self.entries()}

    def recover(self) -> None:
        """What was being sent when the last sender ended is unknown: its end may have gone out."""
        with self._change() as connection:
            connection.execute(
                "update message set state = ?, reply = ?, attempts = attempts + 1, changed = ? where state = ?",
                (DeliveryState.UNKNOWN, _CUT_SHORT, self._now(), DeliveryState.SENDING),
            )

    def plan(self, messages: Sequence[Outgoing], location: SourceLocation = UNKNOWN_LOCATION) -> tuple[Outgoing, ...]:
        """Enters what is new as planned, and returns what may be sent, in the order given.

        A message that was not delivered may change; one that is with its recipient, or may be, may not.

        Raises:
            ContentError: a key has two contents (`different-content`), one diagnostic each, at `location`.
        """
        entries = self.states()
        contents: dict[Key, LedgerEntry | Outgoing] = {
            k: entry for k, entry in entries.items() if entry.state in _DELIVERED
        }
        faults = []
        fresh: dict[Key, Outgoing] = {}
        for message in messages:
            if _differ(message, contents.setdefault(message.key, message)):
                faults.append(_different(message.key, entries.get(message.key), location))
            elif message.key not in fresh and _is_sendable(message, entries.get(message.key)):
                fresh[message.key] = message
        if faults:
            raise ContentError(faults)
        moment = self._now()
        with self._change() as connection:
            connection.executemany(
                f"insert into message ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, 'planned', 0, '', ?, ?)"  # noqa: S608
                " on conflict do update set digest = excluded.digest, message_id = excluded.message_id,"
                " state = excluded.state, attempts = 0, reply = '', planned = excluded.planned, changed = excluded.changed"
                " where digest <> excluded.digest",
                [(*_values(m.key), m.digest, m.message_id, moment, moment) for m in fresh.values()],
            )
        failpoints.pass_point("planned")
        return tuple(fresh.values())

    def begin(self, key: Key) -> None:
        """The end of the message is about to go out."""
        self._set([key], DeliveryState.SENDING, "", attempts=0)
        failpoints.pass_point("sending-recorded")

    def settle(self, key: Key, outcome: Outcome) -> None:
        """An attempt has ended."""
        self._set([key], outcome.state, outcome.reply, attempts=1, synchronous="normal")
        failpoints.pass_point("outcome-recorded")

    def put_off(self, keys: Iterable[Key], reason: str) -> None:
        """Messages could not even be offered."""
        self._set(keys, DeliveryState.DEFERRED, reason, attempts=0)

    def resolve(self, keys: Iterable[Key], delivered: bool) -> None:
        """Somebody found out what became of messages. What was not delivered is sent by the next run.

        A refused message, too, may be planned again, once what it was refused for has changed.

        Raises:
            ContentError: some are not in the ledger (`unknown-message`), or in a state that needs no settling
                (`settled-message`); then nothing is changed.
        """
        keys = tuple(keys)
        entries = self.states()
        faults = [fault for key in keys if (fault := _unsettling(key, entries.get(key), delivered)) is not None]
        if faults:
            raise ContentError(faults)
        word = "delivered" if delivered else "not delivered"
        self._set(
            keys, DeliveryState.ACCEPTED if delivered else DeliveryState.PLANNED, f"settled by hand: {word}", attempts=0
        )

    def _set(
        self, keys: Iterable[Key], state: DeliveryState, reply: str, attempts: int, synchronous: str = "full"
    ) -> None:
        moment = self._now()
        with self._change(synchronous) as connection:
            connection.executemany(
                f"update message set state = ?, reply = ?, attempts = attempts + ?, changed = ? where {_IS_KEY}",  # noqa: S608
                [(state, reply[:_LONGEST_REPLY], attempts, moment, *_values(key)) for key in keys],
            )

    @contextmanager
    def _change(self, synchronous: str = "full") -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        with explain_failures(self.path):
            # In this journal mode a full commit is on the disk when it returns; with a rollback journal it need not be
            # (sqlite.org/pragma.html#pragma_synchronous).
            self._connection.execute(f"pragma synchronous = {synchronous}")
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                # A commit that need not be on the disk yet counts for nothing: a power cut may take it back.
                if is_durable := synchronous == "full":
                    self._connection.execute("update ledger set revision = revision + 1")
                state = _state(self._connection)
                self._connection.execute("commit")
                if is_durable:
                    write_witness(self.path, state)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# What has reached its recipient, or may have.
_DELIVERED = (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.SENDING)
_LONGEST_REPLY = 1000


def label(key: Key) -> str:
    """A key in one word, as people read and type it: `brief/date/variant/recipient`."""
    return "/".join(_values(key))


def parse_key(word: str) -> Key:
    """The key that `label` wrote. Raises ValueError if it is not one."""
    brief, date, variant, recipient = word.split("/", 3)
    return Key(brief, date, variant, recipient)


def _values(key: Key) -> tuple[str, str, str, str]:
    return (key.brief, key.date, key.variant, key.recipient)


def _differ(message: Outgoing, other: LedgerEntry | Outgoing) -> bool:
    """Whether the content differs. A message that is planned again has another Date and digest, but the same id."""
    return message.digest != other.digest and message.message_id != other.message_id


def _is_sendable(message: Outgoing, entry: LedgerEntry | None) -> bool:
    return (
        entry is None or entry.state in SENDABLE or (entry.state is DeliveryState.REFUSED and _differ(message, entry))
    )


def _different(key: Key, entry: LedgerEntry | None, location: SourceLocation) -> Diagnostic:
    said = f"; it is {entry.state} since {entry.changed}" if entry is not None else " in one plan"
    return Diagnostic(
        "different-content",
        f"different content under the same key {label(key)}{said}",
        location,
        "a briefing is sent once for each date: give the new content a new date",
    )


def _unsettling(key: Key, entry: LedgerEntry | None, delivered: bool) -> Diagnostic | None:
    hint = "'brief mail status' lists what there is"
    if entry is None:
        return Diagnostic("unknown-message", f"no message {label(key)} is in the ledger", UNKNOWN_LOCATION, hint)
    if entry.state is DeliveryState.UNKNOWN or (entry.state is DeliveryState.REFUSED and not delivered):
        return None
    what = f"{label(key)} is {entry.state} since {entry.changed}, which needs no settling"
    return Diagnostic("settled-message", what, UNKNOWN_LOCATION, hint)


def _entries(connection: sqlite3.Connection) -> tuple[LedgerEntry, ...]:
    rows = connection.execute(f"select {_COLUMNS} from message order by brief, date, variant, recipient")  # noqa: S608
    return tuple(LedgerEntry(Key(*row[:4]), row[4], row[5], DeliveryState(row[6]), *row[7:]) for row in rows)


def _state(connection: sqlite3.Connection) -> LedgerState:
    row = connection.execute("select identity, revision from ledger").fetchone()
    if row is None:
        raise sqlite3.DatabaseError
    return LedgerState(identity=row[0], revision=row[1])
