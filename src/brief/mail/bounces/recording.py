"""Records the bounces of a mailbox in the ledgers of an output folder, and finds the recipients to leave out."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from brief.mail.bounces.matching import EntryIndex
from brief.mail.send.delivery_status import FailureKind
from brief.mail.send.ledger import SUFFIX, open_ledger, read_bounces, read_ledger
from brief.mail.send.ledger_bounces import Bounce
from brief.model.record import dataclass
from brief.publish.lock import Waiting

if TYPE_CHECKING:
    from brief.mail.bounces.mailboxes import ReceivedMessage


@dataclass(slots=True)
class BounceSummary:
    """What a mailbox contains: bounces of messages in a ledger, and the names of reports that could not be read.

    `unmatched` counts reports about messages that are in no ledger, `non_reports` messages that are no reports.
    """

    bounces: list[Bounce] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unmatched: int = 0
    non_reports: int = 0


def record_mailbox(
    messages: Iterable["ReceivedMessage"], output: Path, waiting: Waiting | None = None
) -> BounceSummary:
    """Finds the bounces among the messages, and records them in the ledgers in `output`.

    Recording the same messages again changes nothing. If `waiting` is given, it is called with the name of a running
    sender, whose end is awaited.

    Raises:
        MachineError: a ledger cannot be used, or the mailbox cannot be read, in which case nothing is recorded.
        OutputLockedError: a sender is running, and `waiting` is None.
    """
    # Imported here, because plans also use this module, and need no parser of mail.
    from brief.mail.bounces.report import BounceReport, read_report

    paths = list_ledgers(output)
    indexes = {path: EntryIndex(read_ledger(path)) for path in paths}
    bounces_by_ledger: dict[Path, list[Bounce]] = {path: [] for path in paths}
    summary = BounceSummary()
    for message in messages:
        report = read_report(message.data) if message.data is not None else BounceReport(is_unknown=True)
        if report is None:
            summary.non_reports += 1
        elif report.is_unknown:
            summary.unreadable.append(message.name)
        else:
            matches = {path: indexes[path].match(report) for path in paths}
            for path, bounces in matches.items():
                bounces_by_ledger[path] += bounces
            summary.unmatched += not any(matches.values())
    for path, bounces in bounces_by_ledger.items():
        if bounces:
            with open_ledger(path, waiting) as ledger:
                ledger.record_bounces(bounces)
        summary.bounces += bounces
    return summary


def list_ledgers(output: Path) -> list[Path]:
    """Lists the ledgers in a folder."""
    return sorted(output.glob(f"*{SUFFIX}"))


def find_bounced_recipients(pack: Path) -> dict[str, str]:
    """Maps each recipient with a permanent bounce in the ledgers next to a pack to a description of the bounce.

    Raises:
        MachineError: a ledger cannot be read.
    """
    folder = Path(os.path.realpath(pack)).parent
    return {bounce.key.recipient: describe_bounce(bounce) for bounce in _read_permanent_bounces(folder)}


def describe_bounce(bounce: Bounce) -> str:
    """Describes when and why a message came back, in one line."""
    return " ".join(
        word for word in (f"{bounce.noted[:10]}:" if bounce.noted else "", bounce.status, bounce.reason) if word
    )


def _read_permanent_bounces(folder: Path) -> Iterator[Bounce]:
    for path in list_ledgers(folder):
        yield from (bounce for bounce in read_bounces(path) if bounce.kind is FailureKind.PERMANENT)
