"""Small messages, ready to be sent."""

from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from brief.mail.outgoing import Key, Outgoing

SENDER = "briefings@example.org"


def outgoing(recipient: str, text: str = "Hello", variant: str = "council.en", domain: str = "example.net") -> Outgoing:
    address = recipient if "@" in recipient else f"{recipient}@{domain}"
    key = Key("night-buses", "2026-06-30", variant, address)
    international = not address.isascii()
    message = EmailMessage(policy=SMTP.clone(utf8=international))
    message["From"], message["To"], message["Subject"] = SENDER, address, "Night buses"
    message["Message-ID"] = f"<{sha256(f'{address} {text}'.encode()).hexdigest()[:20]}@example.org>"
    message.set_content(text + "\n", cte="7bit" if text.isascii() else "base64")
    return of_bytes(key, message.as_bytes(), str(message["Message-ID"]))


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
    return tuple(outgoing(f"person{index:04}") for index in range(number))
