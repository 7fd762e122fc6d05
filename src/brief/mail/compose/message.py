"""One message to one recipient: a letter, its attachments and its header."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from hashlib import sha256

from brief.mail.compose import headers, mime
from brief.mail.compose.letter import RECIPIENT, Letter
from brief.mail.compose.outgoing import Key, Outgoing
from brief.mail.compose.unsubscribe import PLACEHOLDERS, Unsubscribe
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION
from brief.reading.addresses import Address, find_header_problem
from brief.store import digest

MAX_NAME_LENGTH = 80  # of an attachment's name, without its suffix
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*;\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
_PLACEHOLDERS = (RECIPIENT, *PLACEHOLDERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file: its path in the pack, the name that people see, and a name in ASCII for older clients."""

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
    unsubscribe: Unsubscribe = field(default_factory=Unsubscribe)


class MessageTemplate:
    """The messages that send one letter with the same attachments, encoded once except for what differs by recipient.

    `attachments` has the content of each attachment in base64. The same arguments give the same bytes on every machine.
    """

    def __init__(self, letter: Letter, attachments: Mapping[Attachment, bytes], envelope: Envelope) -> None:
        """Raises ContentError if a text of the letter is not safe in a header."""
        self._letter = letter
        self._envelope = envelope
        files = [f"{attachment.name} {attachment.sha256}" for attachment in attachments]
        self._content = (letter.digest, f"{envelope.sender}", *files)
        entity = _build_entity(letter, attachments, digest(*self._content))
        _require_safe(letter.subject, letter.sender_name)
        self._subject = headers.make_text_field("Subject", letter.subject)
        self._leading_fields = _serialise_header(
            [
                ("Date", format_datetime(envelope.moment)),
                headers.make_address_field("From", envelope.sender, letter.sender_name),
            ],
            {"From": f"{letter.sender_name} <{envelope.sender}>"},
        )
        self._trailing_fields = _serialise_header(
            [
                *([headers.make_address_field("Reply-To", envelope.reply_to)] if envelope.reply_to else []),
                # RFC 3834, 5: no automatic replies to it.
                ("Auto-Submitted", "auto-generated"),
                ("Content-Language", letter.locale),
                ("MIME-Version", "1.0"),
                *entity.fields,
            ],
            {},
        )
        self._body = entity.body

    def write(self, name: str, address: Address, token: str | None = None) -> Outgoing:
        """Composes the message to one person, with that person's token for unsubscribing.

        Raises:
            ContentError: the name is not safe in a header, or the token is missing.
        """
        _require_safe(name)
        if self._envelope.unsubscribe.needs_token and not token:
            problem = "the address for unsubscribing contains {token}, but the recipient has no token"
            hint = "give the recipient's token, or remove {token} from the address"
            raise ContentError([Diagnostic("unsafe-header", problem, UNKNOWN_LOCATION, hint)])
        letter = self._letter
        key = Key(letter.brief, letter.date, letter.variant_name, address.identity)
        message_id = self._make_message_id(key, name)
        unsubscribe_fields = self._envelope.unsubscribe.make_fields(address, token)
        intended = {field: value.replace("\r\n", "") for field, value in unsubscribe_fields}
        recipient_fields = _serialise_header(
            [
                headers.make_address_field("To", address, name),
                self._subject,
                ("Message-ID", message_id),
                *unsubscribe_fields,
            ],
            {"To": f"{name} <{address}>", "Subject": letter.subject, "Message-ID": message_id, **intended},
        )
        values = {RECIPIENT: name, **self._envelope.unsubscribe.make_letter_values(address, token)}
        body = (piece if isinstance(piece, bytes) else piece.fill(values) for piece in self._body)
        pieces = (self._leading_fields, recipient_fields, self._trailing_fields, b"\r\n", *body)
        hasher = sha256()
        for piece in pieces:
            hasher.update(piece)
        return Outgoing(
            key=key,
            message_id=message_id,
            sender=str(self._envelope.sender),
            recipient=str(address),
            digest=hasher.hexdigest(),
            size=sum(map(len, pieces)),
            load=partial(b"".join, pieces),
        )

    def _make_message_id(self, key: Key, name: str) -> str:
        letter, sender, *files = self._content
        content = digest(letter, name, sender, *files)
        # RFC 5322, 3.6.4: globally unique, therefore in the sender's domain.
        domain = self._envelope.sender.domain
        return f"<{digest(key.brief, key.date, key.variant, key.recipient, content)[:40]}@{domain}>"


def make_attachment(letter: Letter, path: str, media_type: str, sha256: str, number: int | None = None) -> Attachment:
    """Makes an attachment of a letter from the file at `path` of a pack.

    Its displayed name is the variant's title, shortened to `MAX_NAME_LENGTH` characters, with the copy `number` if
    there is one. Its plain name is the name of the file without non-ASCII characters.
    """
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    copy_number = f" {number:04d}" if number is not None else ""
    title = " ".join(_UNSAFE_IN_NAMES.sub(" ", unicodedata.normalize("NFC", letter.title)).split())
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")
    return Attachment(
        path=path,
        name=f"{title[:MAX_NAME_LENGTH].rstrip(' .')}{copy_number}.{suffix}",
        plain_name=f"{plain or letter.variant_name}.{suffix}",
        media_type=media_type,
        sha256=sha256,
    )


def _serialise_header(fields: list[headers.Field], intended: dict[str, str]) -> bytes:
    """Serialises a part of the header; `intended` maps names of fields to the texts that a client must read in them.

    Raises:
        ContentError: a client would read something else.
    """
    header = headers.serialise(fields)
    # Parsing it as a recipient's client does catches anything that the checks of single texts missed.
    _raise_if_any(headers.find_differences(header, fields, intended))
    return header


def _build_entity(letter: Letter, attachments: Mapping[Attachment, bytes], seed: str) -> mime.Entity:
    body = mime.make_multipart(
        "alternative",
        seed,
        mime.make_text("plain", mime.FillableText(letter.text, _PLACEHOLDERS)),
        mime.make_text("html", mime.FillableText(letter.html, _PLACEHOLDERS, html.escape)),
    )
    if letter.pictures:
        pictures = (
            mime.make_binary(
                mime.encode_base64(picture.data),
                ("Content-Type", picture.media_type),
                ("Content-ID", f"<{picture.cid}>"),
                ("Content-Disposition", "inline"),
            )
            for picture in letter.pictures
        )
        body = mime.make_multipart("related", seed, body, *pictures, type="multipart/alternative")
    if not attachments:
        return body
    files = (
        mime.make_binary(
            body_in_base64,
            headers.make_value_field("Content-Type", attachment.media_type, name=attachment.plain_name),
            headers.make_disposition_field("attachment", attachment.name, attachment.plain_name),
        )
        for attachment, body_in_base64 in attachments.items()
    )
    return mime.make_multipart("mixed", seed, body, *files)


def _require_safe(*texts: str) -> None:
    _raise_if_any(f"{text[:60]!r} {problem}" for text in texts if (problem := find_header_problem(text)) is not None)


def _raise_if_any(problems: Iterable[str]) -> None:
    diagnostics = [Diagnostic("unsafe-header", problem, UNKNOWN_LOCATION, "remove it") for problem in problems]
    if diagnostics:
        raise ContentError(diagnostics)
