"""Makes letters without a project, and messages from them."""

from datetime import UTC, datetime

from brief import Letter
from brief.mail.compose import mime
from brief.mail.compose.message import Attachment, Envelope, MessageTemplate
from brief.reading.addresses import parse_address

MOMENT = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
PDF = mime.encode_base64(b"%PDF")
SENDING = Envelope(sender=parse_address("research@example.org"), moment=MOMENT)
FIELDS = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version"]


def a_letter(
    subject: str = "Night buses", sender_name: str = "Example Research", title: str = "Night buses", locale: str = "en"
) -> Letter:
    return Letter(
        brief="night-buses",
        date="2026-06-30",
        audience="council",
        locale=locale,
        sender_name=sender_name,
        title=title,
        subject=subject,
        html="<p>\ufffc</p>",
        text="\ufffc\n",
    )


def write_message(letter: Letter, name: str, attached: list[tuple[str, str]] | None = None) -> bytes:
    files = {
        Attachment(path="", name=name, plain_name=plain, media_type="application/pdf", sha256=""): PDF
        for name, plain in attached or ()
    }
    return MessageTemplate(letter, files, SENDING).write(name, parse_address("ann@example.org")).load()
