"""What became of a message."""

import enum
from dataclasses import dataclass


class DeliveryState(enum.StrEnum):
    """Where a message stands. Only `PLANNED` and `DEFERRED` are sent by a later run.

    - PLANNED: nothing has been tried
    - SENDING: the end of the message is about to go out, or has gone out; found after a crash, it is `UNKNOWN`
    - ACCEPTED: the server took it, and answers for it from here on (RFC 5321, 6.1)
    - REFUSED: the server, or this side for it, said never (5yz)
    - DEFERRED: not now (4yz), or the connection was lost before the end of the message: it is not there
    - UNKNOWN: the end of the message went out and no answer came back: it may be there
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
    """How one attempt ended. `reply` is the server's last word, or ours where it had none.

    `by_server` tells a refusal by the server from one on this side, which says nothing of the server.
    """

    state: DeliveryState
    reply: str
    by_server: bool = True
