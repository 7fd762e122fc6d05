"""Runs a sender and reads the ledger afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from brief.mail.compose.outgoing import Outgoing
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.ledger import LedgerEntry, open_ledger, read_ledger
from brief.mail.send.rate_limit import Pacing, Stop
from brief.mail.send.sender import Report, Sender
from brief.mail.send.server import Server
from brief.mail.send.smtp import Timeouts
from brief.model.source_location import SourceLocation

# Timeouts for a server that answers, however busy the machine is, and for one that does not.
PATIENT = Timeouts(connect=20, reply=20, message=60, final=20, quit=5)
QUICK = Timeouts(connect=2, reply=0.4, message=1, final=0.4, quit=0.2)
MOMENT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


class Impatient(Stop):
    """Does not sleep; records how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.is_set()


@dataclass
class Outbox:
    """A ledger, and the sender runs that write to it."""

    folder: Path
    stop: Impatient = field(default_factory=Impatient)

    @property
    def ledger(self) -> Path:
        return self.folder / "night-buses.mail.sqlite3"

    def run(
        self,
        server: Server,
        messages: Sequence[Outgoing],
        pacing: Pacing = Pacing(delays=()),  # noqa: B008 (it is frozen)
        timeouts: Timeouts = PATIENT,
    ) -> Report:
        with open_ledger(self.ledger, clock=lambda: MOMENT) as ledger:
            sender = Sender(ledger, server, pacing, timeouts, self.stop, location=SourceLocation("plan.json"))
            return sender.send(messages)

    def entries(self) -> tuple[LedgerEntry, ...]:
        return read_ledger(self.ledger)

    def states(self) -> list[DeliveryState]:
        return [entry.state for entry in self.entries()]

    def of(self, state: DeliveryState) -> list[str]:
        return [entry.key.recipient for entry in self.entries() if entry.state is state]
