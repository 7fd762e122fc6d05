"""The message that composing passes to sending: one for each recipient."""

from collections.abc import Callable

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The key of a message, sent only once: one brief of one date, in one variant (`<audience>.<locale>`), to one address.

    `recipient` is the address in the form that identifies people: case-folded, its domain in IDNA 2008's ASCII form.
    """

    brief: str
    date: str
    variant: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to be sent. `load` gives its bytes (RFC 5322, lines ended by CR LF), whose SHA-256 is `digest`
    and whose length is `size`; `sender` and `recipient` are the addresses of the envelope (RFC 5321).
    """

    key: Key
    message_id: str
    sender: str
    recipient: str
    digest: str
    size: int
    load: Callable[[], bytes]
