"""Records what was sent to whom, and survives crashes and power cuts, so that no one gets a message twice.

`<brief>.mail.sqlite3` is beside the pack, where builds do not change it. One sender at a time writes it. It contains
addresses, so only its owner may read it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from brief.mail.compose.outgoing import Key, Outgoing
from brief.mail.plan.plan import LedgerState
from brief.mail.send import ledger_witness
from brief.mail.send.delivery_status import SENDABLE, DeliveryState, Outcome
from brief.mail.send.ledger_bounces import Bounce, forget_bounces, list_bounces, record_bounces
from brief.mail.send.ledger_file import connect, explain_failures, make_ledger, require_content, require_valid
from brief.mail.send.ledger_place import follow_link, record_place, require_original
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, OutputLockedError
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.publish import failpoints
from brief.publish.approval import Clock, get_current_time
from brief.publish.lock import Waiting, is_held, open_lock
from brief.publish.paths import make_safe_stem

# Failpoints at which tests kill the process.
CRASH_POINTS = ("ledger-made", "planned", "sending-recorded", "outcome-recorded")

SUFFIX = ".mail.sqlite3"
_INTERRUPTED = "the sender ended before the outcome was recorded"
_COLUMNS = "brief, date, variant, recipient, digest, message_id, state, attempts, reply, planned, changed"
_MAX_REPLY_LENGTH = 1000
# States in which a message has, or may have, reached its recipient.
_DELIVERED = (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.SENDING)
_KEY_CONDITION = "brief = ? and date = ? and variant = ? and recipient = ?"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One message in the ledger.

    `planned` and `changed` are times in ISO 8601, UTC: when it was entered, and when its state changed. `attempts`
    counts how often it was offered to a server; `reply` is the last reply.
    """

    key: Key
    digest: str
    message_id: str
    state: DeliveryState
    attempts: int
    reply: str
    planned: str
    changed: str


def find_ledger_in(folder: Path, brief: str) -> Path:
    """Returns the path of the ledger of a brief whose pack is in `folder`."""
    return folder / f"{make_safe_stem(brief)}{SUFFIX}"


def find_ledger_of(pack: str | Path, brief: str) -> Path:
    """Returns the path of a brief's ledger: beside the link to its pack. `pack` may also be the link itself."""
    return find_ledger_in(Path(os.path.realpath(pack)).parent, brief)


def _make_lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


@contextmanager
def open_ledger(
    path: Path,
    waiting: Waiting | None = None,
    clock: Clock = get_current_time,
    *,
    expected: LedgerState | None = None,
    accept: bool = False,
) -> Iterator["Ledger"]:
    """Opens the ledger with a lock against other senders, and creates it if there has never been one.

    A message that an earlier sender was sending when it ended becomes unknown. If another sender holds the lock and
    `waiting` is given, `waiting` is called with the name of that sender, whose end is awaited.

    `expected` is the state that a plan recorded. A ledger that is gone, or behind that state or its witness, is used
    only with `accept`, which means that a person has decided to send again to everyone that the ledger does not list.

    Raises:
        MachineError: the ledger is damaged, empty, gone, replaced, rolled back, a copy, another program's, a newer
            version's, or cannot be written.
        OutputLockedError: another sender holds it, and `waiting` is None.
    """
    path = follow_link(path)
    with ExitStack() as stack:
        with explain_failures(path):
            stack.enter_context(open_lock(_make_lock_path(path), waiting, "omit '--no-wait' to wait for it"))
            if not os.path.lexists(path):
                if accept:
                    ledger_witness.forget_removed(path)
                else:
                    ledger_witness.require_unused(path, expected)
                make_ledger(path)
            require_content(path)
            connection = stack.enter_context(closing(connect(path, "rw")))
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            require_valid(path, connection)
            state = _read_state(connection)
            if not accept:
                ledger_witness.require_same(path, state, expected)
                require_original(path, connection, state.identity)
                ledger_witness.require_current(path, state, expected)
            record_place(path, connection)
            ledger_witness.write_witness(path, state, sync=True)
            failpoints.pass_point("ledger-made")
        ledger = Ledger(path, connection, clock)
        ledger.recover()
        yield ledger


def ensure_ledger(path: Path, *, accept: bool = False) -> LedgerState:
    """Returns the ledger's state for a plan to record; creates the ledger if there has never been one.

    Raises:
        MachineError: as `open_ledger` does.
    """
    try:
        with open_ledger(path, accept=accept) as ledger:
            return ledger.read_state()
    except OutputLockedError:
        with _open_read_only(path) as connection:
            return _read_state(connection)


def read_ledger(path: Path, report_doubt: Callable[[str], object] = str) -> tuple[LedgerEntry, ...]:
    """Reads all entries, sorted by key, even while a sender runs; returns none if there has never been a ledger.

    The state of a message that was being sent when its sender ended is `unknown`, as the next sender will record.
    `report_doubt` is called with the reason if no sender may use the ledger.

    Raises:
        MachineError: the ledger is gone, damaged, another program's, a newer version's, or cannot be read.
    """
    path = follow_link(path)
    if not os.path.lexists(path):
        ledger_witness.require_unused(path, None)
        return ()
    try:
        with open_ledger(path) as ledger:
            return ledger.list_entries()
    except OutputLockedError:
        return _read_unlocked(path)
    except MachineError as problem:
        # The folder may be read-only, so the state that a dead sender left is corrected in memory only.
        is_sending = is_held(_make_lock_path(path))
        entries = _read_unlocked(path)
        report_doubt(str(problem))
        return entries if is_sending else tuple(map(_recover_entry, entries))


def read_bounces(path: Path) -> tuple[Bounce, ...]:
    """Reads the bounces, even while a sender runs; returns none if there is no ledger.

    Raises:
        MachineError: the ledger is damaged, another program's, a newer version's, or cannot be read.
    """
    if not os.path.lexists(path):
        return ()
    with _open_read_only(path) as connection:
        return list_bounces(connection)


def _read_unlocked(path: Path) -> tuple[LedgerEntry, ...]:
    with _open_read_only(path) as connection:
        return _read_entries(connection)


@contextmanager
def _open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    with explain_failures(path):
        require_content(path)
        with closing(connect(path, "ro")) as connection:
            require_valid(path, connection)
            yield connection


def _recover_entry(entry: LedgerEntry) -> LedgerEntry:
    """Returns the entry as `Ledger.recover` would leave it."""
    recovered = replace(entry, state=DeliveryState.UNKNOWN, reply=_INTERRUPTED, attempts=entry.attempts + 1)
    return recovered if entry.state is DeliveryState.SENDING else entry


class Ledger:
    """An open ledger, made by `open_ledger`. Every method raises MachineError if the disk is full or fails.

    What `begin` and `plan` record is on the disk when they return. The outcome of an attempt is flushed with the next
    message: a power cut may make the last outcome unknown, but never causes the message to be sent again.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, clock: Clock) -> None:
        self.path = path
        self._connection = connection
        self._clock = clock

    def list_entries(self) -> tuple[LedgerEntry, ...]:
        """Returns all entries, in order of their keys."""
        with explain_failures(self.path):
            return _read_entries(self._connection)

    def read_state(self) -> LedgerState:
        """Reads the identity and revision of this ledger."""
        with explain_failures(self.path):
            return _read_state(self._connection)

    def index_entries(self) -> Mapping[Key, LedgerEntry]:
        """Returns all entries, keyed by their `Key`."""
        return {entry.key: entry for entry in self.list_entries()}

    def recover(self) -> None:
        """Marks messages that were being sent when the last sender ended as unknown: their ends may have been sent."""
        with self._begin_transaction() as connection:
            connection.execute(
                "update message set state = ?, reply = ?, attempts = attempts + 1, changed = ? where state = ?",
                (DeliveryState.UNKNOWN, _INTERRUPTED, self._format_now(), DeliveryState.SENDING),
            )

    def plan(self, messages: Sequence[Outgoing], location: SourceLocation = UNKNOWN_LOCATION) -> tuple[Outgoing, ...]:
        """Enters new messages as planned, and returns the messages that may be sent, in the order of `messages`.

        A message that was not delivered may change; one that was, or may have been, delivered may not.

        Raises:
            ContentError: messages with the same key differ (`different-content`, for each key, at `location`).
        """
        entries = self.index_entries()
        contents: dict[Key, LedgerEntry | Outgoing] = {
            key: entry for key, entry in entries.items() if entry.state in _DELIVERED
        }
        problems = []
        sendable: dict[Key, Outgoing] = {}
        for message in messages:
            if _differ(message, contents.setdefault(message.key, message)):
                problems.append(_make_different_content(message.key, entries.get(message.key), location))
            elif message.key not in sendable and _is_sendable(message, entries.get(message.key)):
                sendable[message.key] = message
        if problems:
            raise ContentError(problems)
        moment = self._format_now()
        with self._begin_transaction() as connection:
            connection.executemany(
                f"insert into message ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, 'planned', 0, '', ?, ?)"  # noqa: S608
                " on conflict do update set digest = excluded.digest, message_id = excluded.message_id,"
                " state = excluded.state, attempts = 0, reply = '', planned = excluded.planned, changed = excluded.changed"
                " where digest <> excluded.digest",
                [(*_split_key(m.key), m.digest, m.message_id, moment, moment) for m in sendable.values()],
            )
        ledger_witness.record_use(self.path, self.read_state())
        failpoints.pass_point("planned")
        return tuple(sendable.values())

    def begin(self, key: Key) -> None:
        """Records that the end of the message is about to be sent."""
        self._set_state([key], DeliveryState.SENDING, "", attempts=0)
        failpoints.pass_point("sending-recorded")

    def record_outcome(self, key: Key, outcome: Outcome) -> None:
        """Records the outcome of an attempt."""
        self._set_state([key], outcome.state, outcome.reply, attempts=1, synchronous="normal")
        failpoints.pass_point("outcome-recorded")

    def defer(self, keys: Iterable[Key], reason: str) -> None:
        """Records that messages could not be offered to the server."""
        self._set_state(keys, DeliveryState.DEFERRED, reason, attempts=0)

    def resolve(self, keys: Iterable[Key], delivered: bool) -> None:
        """Records whether messages were delivered, as a person found out. The next run sends those that were not.

        A refused message can also be resolved as not delivered, once the reason for the refusal is gone.

        Raises:
            ContentError: a message is unknown (`unknown-message`) or already settled (`settled-message`).
        """
        keys = tuple(keys)
        entries = self.index_entries()
        problems = [
            problem for key in keys if (problem := _find_settling_problem(key, entries.get(key), delivered)) is not None
        ]
        if problems:
            raise ContentError(problems)
        word = "delivered" if delivered else "not delivered"
        self._set_state(
            keys, DeliveryState.ACCEPTED if delivered else DeliveryState.PLANNED, f"settled by hand: {word}", attempts=0
        )

    def record_bounces(self, bounces: Sequence[Bounce]) -> None:
        """Records bounces, one for each recipient."""
        if bounces:
            with self._begin_transaction() as connection:
                record_bounces(connection, bounces, self._format_now())

    def forget_bounces(self, recipients: Sequence[str]) -> int:
        """Removes the bounces of recipients, and returns how many there were."""
        with self._begin_transaction() as connection:
            return forget_bounces(connection, recipients)

    def _set_state(
        self, keys: Iterable[Key], state: DeliveryState, reply: str, attempts: int, synchronous: str = "full"
    ) -> None:
        moment = self._format_now()
        with self._begin_transaction(synchronous) as connection:
            connection.executemany(
                f"update message set state = ?, reply = ?, attempts = attempts + ?, changed = ? where {_KEY_CONDITION}",  # noqa: S608
                [(state, reply[:_MAX_REPLY_LENGTH], attempts, moment, *_split_key(key)) for key in keys],
            )

    @contextmanager
    def _begin_transaction(self, synchronous: str = "full") -> Iterator[sqlite3.Connection]:
        """Begins a transaction, and commits it at the end of the block, or undoes it after an error."""
        with explain_failures(self.path):
            # In this journal mode a full commit is on the disk when it returns; with a rollback journal it need not be
            # (sqlite.org/pragma.html#pragma_synchronous).
            self._connection.execute(f"pragma synchronous = {synchronous}")
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                # A commit that is not flushed does not increase the revision, because a power cut may undo it.
                if is_durable := synchronous == "full":
                    self._connection.execute("update ledger set revision = revision + 1")
                state = _read_state(self._connection)
                self._connection.execute("commit")
                if is_durable:
                    ledger_witness.write_witness(self.path, state)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def _format_now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def format_key(key: Key) -> str:
    """Formats a key for people to read and type: `brief/date/variant/recipient`."""
    return "/".join(_split_key(key))


def parse_key(text: str) -> Key:
    """Parses a key in the form of `format_key`; raises ValueError if the text is not one."""
    brief, date, variant, recipient = text.split("/", 3)
    return Key(brief, date, variant, recipient)


def _split_key(key: Key) -> tuple[str, str, str, str]:
    return (key.brief, key.date, key.variant, key.recipient)


def _differ(message: Outgoing, other: LedgerEntry | Outgoing) -> bool:
    """Returns whether the content differs. A message that is planned again has a new Date and digest, but the same id."""
    return message.digest != other.digest and message.message_id != other.message_id


def _is_sendable(message: Outgoing, entry: LedgerEntry | None) -> bool:
    return (
        entry is None or entry.state in SENDABLE or (entry.state is DeliveryState.REFUSED and _differ(message, entry))
    )


def _make_different_content(key: Key, entry: LedgerEntry | None, location: SourceLocation) -> Diagnostic:
    detail = f"; it was {entry.state} at {entry.changed}" if entry is not None else " in one plan"
    return Diagnostic(
        "different-content",
        f"different content under the same key {format_key(key)}{detail}",
        location,
        "a briefing is sent once for each date: give the new content a new date",
    )


def _find_settling_problem(key: Key, entry: LedgerEntry | None, delivered: bool) -> Diagnostic | None:
    hint = "run 'brief mail status' to list all messages"
    if entry is None:
        return Diagnostic("unknown-message", f"unknown message '{format_key(key)}'", UNKNOWN_LOCATION, hint)
    if entry.state is DeliveryState.UNKNOWN or (entry.state is DeliveryState.REFUSED and not delivered):
        return None
    message = f"{format_key(key)} was {entry.state} at {entry.changed}, so there is nothing to resolve"
    return Diagnostic("settled-message", message, UNKNOWN_LOCATION, hint)


def _read_entries(connection: sqlite3.Connection) -> tuple[LedgerEntry, ...]:
    rows = connection.execute(f"select {_COLUMNS} from message order by brief, date, variant, recipient")  # noqa: S608
    return tuple(LedgerEntry(Key(*row[:4]), row[4], row[5], DeliveryState(row[6]), *row[7:]) for row in rows)


def _read_state(connection: sqlite3.Connection) -> LedgerState:
    row = connection.execute("select identity, revision from ledger").fetchone()
    if row is None:
        raise sqlite3.DatabaseError
    return LedgerState(identity=row[0], revision=row[1])
