"""A delivery failure of one recipient, and whether it means that the address does not work."""

import re

from brief.mail.send.delivery_status import FailureKind
from brief.model.record import dataclass

# RFC 3463, 3.2 to 3.8: codes of class 5 about the sender's address, a full mailbox, the way to the server, the
# protocol, this message or a policy, and not about the recipient's address. A filter may refuse one message with 5.7.1
# and accept the next one to the same recipient. Microsoft's servers reply 5.4.12 and 5.4.14 for a loop, and 5.4.1 and
# 5.1.10 for an unknown recipient.
_NOT_THE_ADDRESS = re.compile(r"5\.(1\.[78]|2\.[234]|3\.\d+|4\.([235-7]|1[24])|5\.[1-6]|[67]\.\d+)")


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure in a report.

    `recipient` is in the ledger's form of addresses, or None if the report names no valid address. `status` is the code
    of RFC 3463, `reason` the server's text; both may be empty.
    """

    recipient: str | None
    kind: FailureKind
    status: str
    reason: str


def classify_failure(action: str, status: str) -> FailureKind:
    """Classifies a failure by the report's action (RFC 3464, 2.3.3) and status; transient unless clearly permanent."""
    is_permanent = action == "failed" and status.startswith("5.") and not _NOT_THE_ADDRESS.fullmatch(status)
    return FailureKind.PERMANENT if is_permanent else FailureKind.TRANSIENT
