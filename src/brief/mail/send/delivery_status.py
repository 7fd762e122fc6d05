"""The delivery status of a message."""

import enum

from brief.model.record import dataclass


class DeliveryState(enum.StrEnum):
    """The state of a message. A later run sends only `PLANNED` and `DEFERRED`.

    - PLANNED: nothing has been tried
    - SENDING: the end of the message is about to be sent, or has been sent; after a crash, this becomes `UNKNOWN`
    - ACCEPTED: the server accepted it and is responsible for it (RFC 5321, 6.1)
    - REFUSED: the server, or this program, refused it for good (5yz)
    - DEFERRED: refused for now (4yz), or the connection was lost before the end of the message: it was not delivered
    - UNKNOWN: the end of the message was sent and no answer came back: it may have been delivered
    """

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"


SENDABLE = (DeliveryState.PLANNED, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. `reply` is the server's last reply, or a text of brief if there was none.

    `by_server` distinguishes a refusal by the server from one by brief.
    """

    state: DeliveryState
    reply: str
    by_server: bool = True


class FailureKind(enum.StrEnum):
    """What a failure means.

    - PERMANENT: the address does not work
    - TRANSIENT: this message did not arrive, or not yet; others may
    """

    PERMANENT = "permanent"
    TRANSIENT = "transient"
