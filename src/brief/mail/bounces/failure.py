"""One recipient's failure, and whether it says that their address does not work."""

import re
from dataclasses import dataclass

from brief.mail.send.delivery_status import FailureKind

# RFC 3463, 3.3 to 3.8, in class 5: what concerns this message, a full mailbox or a policy, and not the address. Filters
# refuse a message with 5.7.1 whose recipient gets the next one.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[234]|3\.\d+|[67]\.\d+)")


@dataclass(frozen=True, slots=True)
class Failure:
    """A recipient that a report names, as the ledger identifies people; None if the name is not an address.

    `status` is the code of RFC 3463, `reason` what the server said; both may be empty.
    """

    recipient: str | None
    kind: FailureKind
    status: str
    reason: str


def classify(action: str, status: str) -> FailureKind:
    """Classifies a failure by the report's action (RFC 3464, 2.3.3) and status; without either being clear, it is transient."""
    is_permanent = action == "failed" and status.startswith("5.") and not _NOT_THE_ADDRESS.fullmatch(status)
    return FailureKind.PERMANENT if is_permanent else FailureKind.TRANSIENT
