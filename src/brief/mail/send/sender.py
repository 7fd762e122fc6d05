"""Sends a plan's messages. Each is offered once; deferred messages are offered again later, unknown ones never.

Nothing here runs on a worker or a cluster, where a task may run twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from hashlib import sha256
from types import TracebackType
from typing import Protocol

from brief.mail.compose.outgoing import Key, Outgoing
from brief.mail.send.delivery_status import DeliveryState, Outcome
from brief.mail.send.ledger import Ledger, format_key
from brief.mail.send.rate_limit import DEFAULT_PACING, Pacing, RateLimit, Stop
from brief.mail.send.server import Server
from brief.mail.send.smtp import DEFAULT_TIMEOUTS, Session, Timeouts, UnavailableError, open_session
from brief.model.counts import format_count
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation


class Watcher(Protocol):
    """Receives the progress of a run."""

    def on_attempt_ended(self, key: Key, outcome: Outcome) -> None:
        """Called after each attempt."""

    def on_waiting(self, seconds: float, messages: int, reason: str) -> None:
        """Called before a pause of `seconds`, after which this number of `messages` is tried again."""


@dataclass(frozen=True, slots=True)
class Report:
    """The number of a plan's messages in each state after a run, why the run ended early, and why messages were put off
    without a try in its last round; None if that did not happen.
    """

    states: Mapping[DeliveryState, int]
    early_end_reason: str | None = None
    put_off_reason: str | None = None


class SilentWatcher:
    """Does nothing."""

    def on_attempt_ended(self, key: Key, outcome: Outcome) -> None: ...

    def on_waiting(self, seconds: float, messages: int, reason: str) -> None: ...


@dataclass(slots=True)
class Sender:
    """Sends messages through one server, and records the outcome of each in `ledger`.

    `stop`, once set, ends the run after the current message. Problems of the plan are reported at `location`.
    """

    ledger: Ledger
    server: Server
    pacing: Pacing = DEFAULT_PACING
    timeouts: Timeouts = DEFAULT_TIMEOUTS
    stop: Stop = field(default_factory=Stop)
    watcher: Watcher = field(default_factory=SilentWatcher)
    location: SourceLocation = UNKNOWN_LOCATION

    def send(self, messages: Sequence[Outgoing]) -> Report:
        """Sends those of the `messages` that are planned or deferred, in this order, and counts all by state.

        Raises:
            ContentError: a message differs from the plan, is larger than the server accepts, or was sent with other
                content under the same key.
            MachineError: the server cannot be used, or the ledger cannot be written; it has what was sent before.
        """
        pending = self.ledger.plan(messages, self.location)
        rounds = _Rounds(self, RateLimit(self.pacing.rate))
        for delay in (0.0, *self.pacing.delays):
            if not pending or rounds.early_end_reason or self.stop.is_set():
                break
            if delay:
                self.watcher.on_waiting(delay, len(pending), rounds.last_reason)
                if self.stop.wait(delay):
                    break
            with _Connection(self.server, self.pacing, self.timeouts) as connection:
                pending = rounds.run_round(pending, connection)
        return Report(count_states(self.ledger, messages), rounds.early_end_reason, rounds.put_off_reason)


def count_states(ledger: Ledger, messages: Sequence[Outgoing]) -> Mapping[DeliveryState, int]:
    """Counts `messages` by state."""
    states = ledger.index_entries()
    return Counter(states[key].state for key in {message.key for message in messages} if key in states)


class _Rounds:
    """The rounds of one run, with the counters that apply across messages."""

    def __init__(self, sender: Sender, rate_limit: RateLimit) -> None:
        self._sender = sender
        self._ledger = sender.ledger
        self._rate_limit = rate_limit
        self._refusals = 0
        self._are_sizes_checked = False
        self.last_reason = ""
        # Why the last round ended before it tried all messages.
        self.put_off_reason: str | None = None
        self.early_end_reason: str | None = None

    def run_round(self, pending: Sequence[Outgoing], connection: "_Connection") -> tuple[Outgoing, ...]:
        """Tries each message once, and returns the deferred messages.

        Ends early if the run is stopped, the server is unavailable, or too many connections in a row are lost; messages
        that were not tried for the last two reasons are deferred. Returns none if too many are refused in a row.
        """
        deferred: list[Outgoing] = []
        losses = 0
        self.put_off_reason = None
        for number, message in enumerate(pending):
            if not self._rate_limit.wait(self._sender.stop):
                return tuple(deferred)
            try:
                session = connection.prepare_session()
            except UnavailableError as problem:
                return (*deferred, *self._put_off(pending[number:], str(problem)))
            self._require_sizes(session, pending)
            outcome = self._deliver(session, message)
            if outcome.state is DeliveryState.DEFERRED:
                deferred.append(message)
                self.last_reason = outcome.reply
            if self._count_refusal(outcome):
                return ()
            losses = 0 if session.open else losses + 1
            if losses == self._sender.pacing.max_losses:
                reason = f"{format_count(losses, 'connection')} in a row {'was' if losses == 1 else 'were'} lost, the last one {outcome.reply}"
                return (*deferred, *self._put_off(pending[number + 1 :], reason))
        return tuple(deferred)

    def _deliver(self, session: Session, message: Outgoing) -> Outcome:
        data = message.load()
        if sha256(data).hexdigest() != message.digest:
            problem = f"the message '{format_key(message.key)}' differs from the plan"
            raise ContentError([Diagnostic("plan-changed", problem, self._sender.location, "plan again")])
        outcome = session.deliver(message, data, lambda: self._ledger.begin(message.key))
        self._ledger.record_outcome(message.key, outcome)
        self._sender.watcher.on_attempt_ended(message.key, outcome)
        return outcome

    def _put_off(self, messages: Sequence[Outgoing], reason: str) -> Sequence[Outgoing]:
        self._ledger.defer([message.key for message in messages], reason)
        self.last_reason = reason
        self.put_off_reason = reason if messages else None
        return messages

    def _count_refusal(self, outcome: Outcome) -> bool:
        """Counts refusals in a row; returns whether there are so many that the run ends."""
        if outcome.by_server:
            self._refusals = self._refusals + 1 if outcome.state is DeliveryState.REFUSED else 0
        if self._refusals < self._sender.pacing.max_refusals:
            return False
        self.early_end_reason = (
            f"the server refused {format_count(self._refusals, 'message')} in a row, the last with {outcome.reply}"
        )
        return True

    def _require_sizes(self, session: Session, pending: Sequence[Outgoing]) -> None:
        """Checks, before the first message is sent, that none is larger than the server accepts."""
        limit = None if self._are_sizes_checked else session.size_limit
        self._are_sizes_checked = True
        large = [message for message in pending if limit is not None and message.size > limit]
        if large:
            raise ContentError(
                Diagnostic(
                    "message-too-large",
                    f"the message '{format_key(message.key)}' has {message.size} bytes; the server accepts {limit}",
                    self._sender.location,
                    "send fewer formats, or a link",
                )
                for message in large
            )


class _Connection:
    """One session for many messages, opened on demand. It is replaced when it has had enough messages, or is lost."""

    def __init__(self, server: Server, pacing: Pacing, timeouts: Timeouts) -> None:
        self._server, self._pacing, self._timeouts = server, pacing, timeouts
        self._session: Session | None = None

    def prepare_session(self) -> Session:
        """Returns a session that is ready for a message; raises what `open_session` raises."""
        session = self._session
        if session is not None and session.offered >= self._pacing.per_connection:
            session.quit()
        if session is None or not session.is_usable():
            self._close()
            session = self._session = open_session(self._server, self._timeouts)
        return session

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After an error, part of a message may be sent, and QUIT would become a line of it.
        if kind is None and self._session is not None:
            self._session.quit()
        self._close()

    def _close(self) -> None:
        if self._session is not None:
            self._session.close()
