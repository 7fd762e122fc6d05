"""One message to one recipient: a letter, its attachments and its header."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from brief.mail.compose import headers, mime
from brief.mail.compose.letter import RECIPIENT, Letter
from brief.mail.compose.outgoing import Key, Outgoing
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import UNKNOWN_LOCATION
from brief.reading.addresses import Address, find_header_problem
from brief.store import digest

MAX_NAME = 80  # characters of an attachment's name without its suffix
_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*;\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
# A URI in ASCII (RFC 3986, 2), short enough for a header line.
_URI = re.compile(r"(https://|mailto:)[!#-;=?-\[\]_a-z~]{1,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file: its path in the pack, the name that people see, and the same in ASCII."""

    path: str
    name: str
    plain_name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the messages of one run have in common. `moment` becomes their `Date`."""

    sender: Address
    moment: datetime
    reply_to: Address | None = None
    list_unsubscribe: str | None = None


def write_message(
    letter: Letter, attachments: Mapping[Attachment, bytes], name: str, address: Address, sending: Envelope
) -> Outgoing:
    """Composes the message that sends a letter to one person. The same arguments give the same bytes on every machine.

    `attachments` has the content of each in base64.

    Raises:
        ContentError: the name or another text is not safe in a header.
    """
    texts = (letter.subject, letter.sender_name, name)
    _refuse(f"{text[:60]!r} {wrong}" for text in texts if (wrong := find_header_problem(text)) is not None)
    key = Key(letter.brief, letter.date, letter.variant, address.identity)
    identity = _message_id(key, letter, attachments, name, sending)
    fields = [
        ("Date", format_datetime(sending.moment)),
        headers.address_field("From", sending.sender, letter.sender_name),
        headers.address_field("To", address, name),
        headers.text_field("Subject", letter.subject),
        ("Message-ID", identity),
        *([headers.address_field("Reply-To", sending.reply_to)] if sending.reply_to else []),
        # RFC 3834, 5: no automatic replies to it.
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
    # Parse it as a recipient's client does, which catches anything that the rules above missed.
    _refuse(headers.find_differences(head, fields, meant))
    data = head + b"\r\n" + entity.body
    return Outgoing(
        key=key,
        message_id=identity,
        sender=str(sending.sender),
        recipient=str(address),
        digest=sha256(data).hexdigest(),
        size=len(data),
        load=lambda: data,
    )


def make_attachment(letter: Letter, path: str, media_type: str, sha256: str, number: int | None = None) -> Attachment:
    """Names the file at `path` of a pack as an attachment of a letter.

    Its displayed name is the variant's title, cut to `MAX_NAME` characters, with the copy number if there is one; its
    plain name is the name of the file without non-ASCII characters.
    """
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    numbered = f" {number:04d}" if number is not None else ""
    title = " ".join(_IN_NAMES.sub(" ", unicodedata.normalize("NFC", letter.title)).split())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")
    return Attachment(
        path=path,
        name=f"{title[:MAX_NAME].rstrip(' .')}{numbered}.{suffix}",
        plain_name=f"{plain or letter.variant}.{suffix}",
        media_type=media_type,
        sha256=sha256,
    )


def find_unsubscribe_problem(uri: str) -> str | None:
    """Returns why an address is not valid in List-Unsubscribe (RFC 2369, 2), as a clause, or None."""
    return None if _URI.fullmatch(uri) else "is neither an https: nor a mailto: address"


def _message_id(key: Key, letter: Letter, attachments: Iterable[Attachment], name: str, sending: Envelope) -> str:
    files = [f"{attached.name} {attached.sha256}" for attached in attachments]
    content = digest(letter.digest, name, f"{sending.sender}", *files)
    # RFC 5322, 3.6.4: globally unique, therefore in the sender's domain.
    return f"<{digest(key.brief, key.date, key.variant, key.recipient, content)[:40]}@{sending.sender.domain}>"


def _entity(letter: Letter, attachments: Mapping[Attachment, bytes], name: str, seed: str) -> mime.Entity:
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
            body_in_base64,
            headers.value_field("Content-Type", attached.media_type, name=attached.plain_name),
            headers.disposition_field("attachment", attached.name, attached.plain_name),
        )
        for attached, body_in_base64 in attachments.items()
    )
    return mime.multipart("mixed", seed, body, *files)


def _refuse(problems: Iterable[str]) -> None:
    found = [Diagnostic("unsafe-header", wrong, UNKNOWN_LOCATION, "remove it") for wrong in problems]
    if found:
        raise ContentError(found)
