"""One message to one recipient: a letter, its attachments, and the header they travel under."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from brief.mail.compose import headers, mime
from brief.mail.compose.letter import RECIPIENT, Letter
from brief.mail.compose.outgoing import Key
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import UNKNOWN_LOCATION
from brief.reading.addresses import Address, find_header_problem
from brief.store import digest

MAX_NAME = 80  # characters of an attachment's name without its suffix
_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*;\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
# A URI in ASCII (RFC 3986, 2), short enough for a line of a header.
_URI = re.compile(r"(https://|mailto:)[!#-;=?-\[\]_a-z~]{1,500}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. `name` is what people see, `plain_name` the same in ASCII; `body` is base64 already."""

    name: str
    plain_name: str
    media_type: str
    sha256: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the messages of one sending have in common. `moment` is what their `Date` says."""

    sender: Address
    moment: datetime
    reply_to: Address | None = None
    list_unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """The bytes of a message (RFC 5322, lines ended by CR LF) and the id that they carry."""

    id: str
    data: bytes = field(repr=False)


def message_key(letter: Letter, address: Address) -> Key:
    """What is sent once."""
    return Key(letter.brief, letter.date, letter.variant, address.identity)


def write_message(
    letter: Letter, attachments: tuple[Attachment, ...], name: str, address: Address, sending: Envelope
) -> ComposedMessage:
    """The message that takes a letter to one person. The same arguments give the same bytes on every machine.

    Raises:
        ContentError: the name or another text cannot stand in a header.
    """
    texts = (letter.subject, letter.sender_name, name)
    _refuse(f"{text[:60]!r} {wrong}" for text in texts if (wrong := find_header_problem(text)) is not None)
    identity = _message_id(letter, attachments, name, address, sending)
    fields = [
        ("Date", format_datetime(sending.moment)),
        headers.address_field("From", sending.sender, letter.sender_name),
        headers.address_field("To", address, name),
        headers.text_field("Subject", letter.subject),
        ("Message-ID", identity),
        *([headers.address_field("Reply-To", sending.reply_to)] if sending.reply_to else []),
        # RFC 3834, 5: automatic replies must not answer it.
        ("Auto-Submitted", "auto-generated"),
        *([("List-Unsubscribe", f"<{sending.list_unsubscribe}>")] if sending.list_unsubscribe else []),
        ("Content-Language", letter.locale),
        ("MIME-Version", "1.0"),
    ]
    entity = _entity(letter, attachments, name, identity)
    fields += entity.fields
    meant = {
        "From": f"{letter.sender_name} <{sending.sender}>",
        "To": f"{name} <{address}>",
        "Subject": letter.subject,
        "Message-ID": identity,
    }
    head = headers.serialise(fields)
    # And then it is read as its recipient will: whatever the rules above forgot shows here.
    _refuse(headers.find_differences(head, fields, meant))
    return ComposedMessage(identity, head + b"\r\n" + entity.body)


def attachment_names(letter: Letter, path: str, number: int | None = None) -> tuple[str, str]:
    """What people see an attachment called, and its plain ASCII name.

    That is the variant's title, cut to `MAX_NAME` characters, with the number of the copy where it is one; and the
    name that the file at `path` has in its pack, as far as that is ASCII.
    """
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    numbered = f" {number:04d}" if number is not None else ""
    title = " ".join(_IN_NAMES.sub(" ", unicodedata.normalize("NFC", letter.title)).split())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")
    return f"{title[:MAX_NAME].rstrip(' .')}{numbered}.{suffix}", f"{plain or letter.variant}.{suffix}"


def find_unsubscribe_problem(uri: str) -> str | None:
    """What keeps an address out of List-Unsubscribe (RFC 2369, 2), as a clause."""
    return None if _URI.fullmatch(uri) else "is neither an https: nor a mailto: address"


def _message_id(
    letter: Letter, attachments: tuple[Attachment, ...], name: str, address: Address, sending: Envelope
) -> str:
    key = message_key(letter, address)
    files = [f"{attached.name} {attached.sha256}" for attached in attachments]
    content = digest(letter.digest, name, f"{sending.sender}", *files)
    # RFC 5322, 3.6.4: unique for ever, and so under a domain of the sender's.
    return f"<{digest(key.brief, key.date, key.variant, key.recipient, content)[:40]}@{sending.sender.domain}>"


def _entity(letter: Letter, attachments: tuple[Attachment, ...], name: str, seed: str) -> mime.Entity:
    body = mime.multipart(
        "alternative",
        seed,
        mime.text("plain", letter.text.replace(RECIPIENT, name)),
        mime.text("html", letter.html.replace(RECIPIENT, html.escape(name))),
    )
    if letter.pictures:
        pictures = (
            mime.binary(
                mime.encode_base64(picture.data),
                ("Content-Type", picture.media_type),
                ("Content-ID", f"<{picture.cid}>"),
                ("Content-Disposition", "inline"),
            )
            for picture in letter.pictures
        )
        body = mime.multipart("related", seed, body, *pictures, type="multipart/alternative")
    if not attachments:
        return body
    files = (
        mime.binary(
            attached.body,
            headers.value_field("Content-Type", attached.media_type, name=attached.plain_name),
            headers.disposition_field("attachment", attached.name, attached.plain_name),
        )
        for attached in attachments
    )
    return mime.multipart("mixed", seed, body, *files)


def _refuse(faults: Iterable[str]) -> None:
    found = [Diagnostic("unsafe-header", wrong, UNKNOWN_LOCATION, "write it without") for wrong in faults]
    if found:
        raise ContentError(found)
