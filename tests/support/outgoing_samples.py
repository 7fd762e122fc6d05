"""Small messages, ready to be sent, assembled by hand so that many of them are cheap."""

from base64 import encodebytes
from hashlib import sha256

from brief.mail.compose.outgoing import Key, Outgoing

SENDER = "briefings@example.org"


def make_outgoing(recipient: str, text: str = "Hello", variant: str = "council.en") -> Outgoing:
    """Makes a message to an address, or to a name at example.net."""
    address = recipient if "@" in recipient else f"{recipient}@example.net"
    identity = f"<{sha256(f'{address} {text}'.encode()).hexdigest()[:20]}@example.org>"
    head = f"From: {SENDER}\nTo: {address}\nSubject: Night buses\nMessage-ID: {identity}\nMIME-Version: 1.0\n"
    body = text if text.isascii() else encodebytes(text.encode()).decode()
    coding = "" if text.isascii() else 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: base64\n'
    data = f"{head}{coding}\n{body}\n".replace("\n", "\r\n").encode()
    return of_bytes(Key("night-buses", "2026-06-30", variant, address), data, identity)


def of_bytes(key: Key, data: bytes, message_id: str = "<1@example.org>") -> Outgoing:
    return Outgoing(
        key=key,
        message_id=message_id,
        sender=SENDER,
        recipient=key.recipient,
        digest=sha256(data).hexdigest(),
        size=len(data),
        load=lambda: data,
    )


def people(number: int) -> tuple[Outgoing, ...]:
    return tuple(make_outgoing(f"person{index:04}") for index in range(number))
