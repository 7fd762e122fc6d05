"""The message that composing passes to sending, and its key."""

from collections.abc import Callable

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Identifies a message: only one with the same key is ever sent.

    `date` is that of the brief, `variant` is `<audience>.<locale>`. `recipient` is `Address.identity`: case-folded,
    with its domain in IDNA 2008's ASCII form.
    """

    brief: str
    date: str
    variant: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to be sent.

    `load` returns its bytes (RFC 5322, lines ended by CR LF), whose SHA-256 is `digest` and whose length is `size`.
    `sender` and `recipient` are the addresses of the envelope (RFC 5321).
    """

    key: Key
    message_id: str
    sender: str
    recipient: str
    digest: str
    size: int
    load: Callable[[], bytes]
