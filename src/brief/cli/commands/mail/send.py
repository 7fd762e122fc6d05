"""`brief mail send`: sends the messages of a plan to a mail server, each exactly once."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from brief.cli.diagnostics import escape_controls
from brief.cli.gating import require_publishable
from brief.cli.progress import show_progress
from brief.mail.compose.export_eml import write_eml
from brief.mail.compose.outgoing import Key, Outgoing
from brief.mail.plan.plan import compose_outgoing, require_due, require_unchanged_list
from brief.mail.plan.plan_file import read_plan
from brief.mail.send.delivery_status import DeliveryState, Outcome
from brief.mail.send.ledger import Ledger, find_ledger_of, format_key, open_ledger
from brief.mail.send.rate_limit import Pacing, Stop, list_delays
from brief.mail.send.sender import Sender, count_states
from brief.mail.send.server import Allowance, Server, read_server
from brief.model.counts import format_count
from brief.model.diagnostics import BriefError
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.publish.approval import get_current_time, require_approved

EXIT_NOT_DELIVERED, EXIT_UNKNOWN = 6, 7
# From this age on, a plan is probably not the one that the user means.
_OLD_DAYS = 7


@click.command
@click.argument("plan", metavar="PLAN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Write .eml files instead.")
@click.option("--rate", metavar="N", type=click.FloatRange(0, min_open=True), help="At most N messages per minute.")
@click.option(
    "--tries",
    metavar="N",
    type=click.IntRange(1, 100),
    default=4,
    help="Tries for each message, including the first (default: 4). Retries follow after 1 minute, 5 minutes, and then every 15"
    " minutes.",
)
@click.option(
    "--allow",
    "allowed",
    type=click.Choice([str(allowance) for allowance in Allowance]),
    multiple=True,
    help="Permit an unsafe connection; repeatable.",
)
@click.option(
    "--accept-ledger", "accept", is_flag=True, help="Send even if the ledger is missing, replaced or an older copy."
)
@click.option("--no-wait", is_flag=True, help="Exit with 4 if another sender is running, instead of waiting for it.")
def command(
    plan: Path,
    folder: Path | None,
    rate: float | None,
    tries: int,
    allowed: tuple[str, ...],
    accept: bool,
    no_wait: bool,
) -> None:
    """Send the messages of a plan, each exactly once, to the server that BRIEF_SMTP_URL names.

    BRIEF_SMTP_URL is smtp+starttls://user:password@host:port or smtps://...; if it has no password, the password is
    read from the keyring; with BRIEF_OAUTH_TOKEN_URL an OAuth 2 access token is used. Prints a line for each message.
    Ctrl-C stops after the current message; a second Ctrl-C stops immediately.

    Exits with 6 if messages were refused or deferred, and with 7 if the outcome of some is unknown.
    """
    planned = read_plan(plan)
    # The link is resolved once, because a build may switch it to another pack at any time.
    planned = replace(planned, pack=Path(os.path.realpath(planned.pack)))
    messages = compose_outgoing(planned)
    if folder is not None:
        # Other programs could mail these files, so the gates apply here too. An embargo does not apply, because the
        # files may be looked at before it ends.
        require_publishable(planned.pack, embargoed=(), hint="")
        for path in write_eml(messages, folder):
            click.echo(path)
        return
    require_approved(planned.pack)
    audiences = {letter.audience for letter in planned.letters.values()}
    require_publishable(planned.pack, embargoed=audiences, hint="send it after that time")
    require_due(planned)
    require_unchanged_list(planned)
    _print_age(planned.envelope.moment)
    server = read_server(os.environ, [Allowance(word) for word in allowed])
    pacing = Pacing(rate=rate, delays=list_delays(tries))
    path = find_ledger_of(planned.pack, planned.brief)
    with (
        open_ledger(path, None if no_wait else _print_wait, expected=planned.ledger, accept=accept) as ledger,
        _handle_signals() as stop,
        show_progress("Sending") as progress,
    ):
        _print_sent(ledger, messages)
        screen = _Screen(len(messages), progress)
        sender = Sender(ledger, server, pacing, stop=stop, watcher=screen, location=SourceLocation(plan.as_posix()))
        try:
            report = sender.send(messages)
        except BriefError:
            _print_states(count_states(ledger, messages))
            raise
        finally:
            _print_unsaved(server)
    if report.early_end_reason:
        _print(f"brief: stopped: {escape_controls(report.early_end_reason)}", err=True)
    if report.put_off_reason:
        _print(f"brief: put off: {escape_controls(report.put_off_reason)}", err=True)
    _print_states(report.states)
    sys.exit(stop.status or _choose_status(report.states))


def _print_unsaved(server: Server) -> None:
    if server.tokens is not None and server.tokens.unsaved_because is not None:
        _print(
            f"brief: the token endpoint issued a new refresh token, which could not be saved: {server.tokens.unsaved_because}."
            " Keep the token in the keyring, where brief replaces it; the next run may need another one",
            err=True,
        )


def _choose_status(states: Mapping[DeliveryState, int]) -> int:
    if states.get(DeliveryState.UNKNOWN):
        return EXIT_UNKNOWN
    return (
        EXIT_NOT_DELIVERED
        if any(states.get(state) for state in DeliveryState if state is not DeliveryState.ACCEPTED)
        else 0
    )


def _print(text: str, *, err: bool = False) -> None:
    """Prints a line; if the stream is closed or full, sending continues and later lines are discarded."""
    try:
        click.echo(text, err=err)
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def _print_wait(holder: str) -> None:
    _print(f"brief: waiting for {holder}", err=True)


def _print_age(moment: datetime) -> None:
    """Reports an old plan: its messages have its date, by which mail programs sort and spam filters judge them."""
    if (days := (get_current_time() - moment).days) >= _OLD_DAYS:
        _print(
            f"brief: the plan was made {days} days ago, and its messages have that date; to give them today's date, make the"
            " plan again",
            err=True,
        )


def _print_sent(ledger: Ledger, messages: Sequence[Outgoing]) -> None:
    entries = ledger.index_entries()
    if not entries:
        _print(f"brief: created the ledger {ledger.path}; no messages have been sent yet", err=True)
    accepted = [
        entries[m.key].changed for m in messages if m.key in entries and entries[m.key].state is DeliveryState.ACCEPTED
    ]
    if accepted:
        count_text = format_count(len(accepted), "message was", "messages were")
        _print(f"brief: {count_text} already accepted, the last at {max(accepted)}", err=True)


def _print_states(states: Mapping[DeliveryState, int]) -> None:
    counts = [f"{states[state]} {state}" for state in DeliveryState if states.get(state)]
    _print(f"brief: {', '.join(counts) or 'nothing to send'}", err=True)
    if states.get(DeliveryState.UNKNOWN):
        _print(
            "brief: messages with an unknown outcome are not sent again: see 'brief mail status' and 'brief mail resolve'",
            err=True,
        )


@dataclass(slots=True)
class _Screen:
    """Shows progress: a line for each attempt, and the bar."""

    total: int
    progress: Callable[[int, int], None] | None
    finished: set[Key] = field(default_factory=set)

    def on_attempt_ended(self, key: Key, outcome: Outcome) -> None:
        # If the bar is on the same screen, the line replaces it, and the bar is drawn again below.
        erase = "\r\x1b[2K" if self.progress is not None and sys.stdout.isatty() else ""
        _print(f"{erase}{outcome.state:<8}  {escape_controls(f'{format_key(key)}  {outcome.reply}')}")
        if outcome.state is not DeliveryState.DEFERRED:
            self.finished.add(key)
        if self.progress is not None:
            self.progress(len(self.finished), self.total)

    def on_waiting(self, seconds: float, messages: int, reason: str) -> None:
        count_text = format_count(messages, "message")
        _print(f"brief: {count_text} will be tried again in {seconds:g} s: {escape_controls(reason)}", err=True)


class _Signals(Stop):
    """A stop request that SIGINT or SIGTERM makes; `status` is the exit status to use.

    A second signal ends the process immediately.
    """

    status = 0

    def receive(self, number: int, frame: FrameType | None) -> None:
        self.status = 128 + number
        if self.is_set():
            sys.exit(self.status)
        self.set()
        # Not through a stream, because the signal may have interrupted a write to it.
        os.write(
            2, b"brief: stopping after this message; a second signal stops at once, and leaves its outcome unknown\n"
        )


@contextmanager
def _handle_signals() -> Iterator[_Signals]:
    stop = _Signals()
    previous_handlers = {number: signal.signal(number, stop.receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
