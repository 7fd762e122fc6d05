"""Matches bounce reports to the messages in a ledger."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from brief.mail.send.delivery_status import FailureKind
from brief.mail.send.ledger import LedgerEntry
from brief.mail.send.ledger_bounces import Bounce

if TYPE_CHECKING:
    from brief.mail.bounces.report import BounceReport


class EntryIndex:
    """An index of the messages in a ledger, for finding the message that a report is about."""

    def __init__(self, entries: Iterable[LedgerEntry]) -> None:
        self._by_id: dict[str, LedgerEntry] = {}
        self._by_recipient: dict[str, LedgerEntry] = {}
        for entry in entries:
            self._by_id[entry.message_id] = entry
            latest = self._by_recipient.setdefault(entry.key.recipient, entry)
            if entry.changed > latest.changed:
                self._by_recipient[entry.key.recipient] = entry

    def match(self, report: "BounceReport") -> list[Bounce]:
        """Returns the bounces that a report describes; an empty list if the report is about other mail.

        The Message-ID decides: it cannot be guessed, and because each message has one recipient, it identifies the
        original recipient even if the report names another address. It then passed the mail on, to an address of its
        own or to the members of a list, so it works: the bounce is transient. A report about a message that is not in the
        ledger is ignored, even if it names a known recipient. The recipient decides only if the report has no Message-ID.
        """
        if report.message_id is not None:
            entry = self._by_id.get(report.message_id)
            if entry is None or not report.failures:
                return []
            own = [failure for failure in report.failures if failure.recipient in (entry.key.recipient, None)]
            worst = min(own or report.failures, key=lambda failure: failure.kind is not FailureKind.PERMANENT)
            if own:
                return [Bounce(entry.key, worst.kind, worst.status, worst.reason)]
            reason = f"passed on to {worst.recipient}: {worst.reason}".removesuffix(": ")
            return [Bounce(entry.key, FailureKind.TRANSIENT, worst.status, reason)]
        return [
            Bounce(entry.key, failure.kind, failure.status, failure.reason)
            for failure in report.failures
            if failure.recipient is not None and (entry := self._by_recipient.get(failure.recipient)) is not None
        ]
