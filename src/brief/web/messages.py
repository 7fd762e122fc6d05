"""Reads mail messages from `.eml` files for the preview."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path
from typing import overload

from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

_MAX_BYTES = 100_000_000  # bytes of a message
_CACHED_MESSAGES = 8
# File names of a dry run: number, audience, locale, address.
_FILE_NAME = re.compile(r"\d+\.(?P<variant>[^.]+\.[A-Za-z0-9-]+)\..+\.eml")
_TAG = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# RFC 6838, 4.2: no character that could end a header or an attribute.
_MEDIA_TYPE = re.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_UNKNOWN_TYPE = "application/octet-stream"
_SHOWN_HEADERS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "List-Unsubscribe",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewMessage:
    """One message (RFC 5322). `html` and `text` are the two forms of its body, either of which may be missing.

    `name` and `address` are those of the first recipient. `language` is its Content-Language (RFC 3282) if that is a
    single tag. `headers` has the names and values of the headers that the page shows. `pictures` has the parts that the
    HTML body can refer to, keyed by content identifier (RFC 2392), and `attachments` the parts without one. `variant`
    is `<audience>.<locale>`, or empty if the file's name does not have it.
    """

    name: str
    address: str
    subject: str
    language: str | None
    variant: str
    headers: tuple[tuple[str, str], ...]
    html: str | None = field(repr=False)
    text: str | None = field(repr=False)
    pictures: Mapping[str, MIMEPart] = field(repr=False)
    attachments: tuple[MIMEPart, ...] = field(repr=False)


def read_message(file: str, data: bytes) -> PreviewMessage:
    """Reads the message in the bytes of an `.eml` file; `file` is its name.

    Raises:
        MachineError: the bytes are not a message.
    """
    try:
        return _make_message(file, BytesParser(policy=policy.default).parsebytes(data))
    # The parser of the standard library raises various exceptions on malformed input.
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise MachineError(f"'{file}' is not a readable message: {problem}") from problem


def get_part_name(part: MIMEPart) -> str:
    """Returns the file name of an attachment."""
    return part.get_filename() or "unnamed"


def get_part_type(part: MIMEPart) -> str:
    """Returns the media type of an attachment, or `application/octet-stream` if it is not valid."""
    media_type = part.get_content_type()
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else _UNKNOWN_TYPE


def decode_part(part: MIMEPart) -> bytes:
    """Returns the decoded content of an attachment; empty if the part contains only other parts."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


class Mailbox(Sequence[PreviewMessage]):
    """The `.eml` files of a folder in the order of their names, each read on request."""

    def __init__(self, folder: Path) -> None:
        """Lists the folder.

        Raises:
            MachineError: the folder does not exist or has no messages.
        """
        try:
            self.files = sorted(path for path in folder.iterdir() if path.suffix == ".eml" and path.is_file())
        except OSError as problem:
            raise MachineError(f"{folder} cannot be read: {problem.strerror or problem}") from problem
        if not self.files:
            raise MachineError(f"there are no .eml files in {folder}; write some with 'brief mail plan --dry-run'")
        self._read = lru_cache(maxsize=_CACHED_MESSAGES)(self._read_file)

    def __len__(self) -> int:
        return len(self.files)

    @overload
    def __getitem__(self, index: int) -> PreviewMessage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PreviewMessage]: ...
    def __getitem__(self, index: int | slice) -> PreviewMessage | Sequence[PreviewMessage]:
        if isinstance(index, slice):
            return [self._read(file) for file in self.files[index]]
        return self._read(self.files[index])

    def _read_file(self, file: Path) -> PreviewMessage:
        try:
            with file.open("rb") as stream:
                data = stream.read(_MAX_BYTES + 1)
        except OSError as problem:
            raise MachineError(f"{file.name} cannot be read: {problem.strerror or problem}") from problem
        if len(data) > _MAX_BYTES:
            raise MachineError(f"{file.name} is larger than {_MAX_BYTES // 1_000_000} MB")
        return read_message(file.name, data)


def _make_message(file: str, parsed: EmailMessage) -> PreviewMessage:
    bodies = {kind: parsed.get_body((kind,)) for kind in ("html", "plain")}
    body_parts = [part for part in bodies.values() if part is not None]
    rest = [part for part in _list_leaves(parsed) if part not in body_parts]
    pictures = {str(part["Content-ID"]).strip().strip("<>"): part for part in rest if part["Content-ID"]}
    name, address = _read_recipient(parsed)
    file_name = _FILE_NAME.fullmatch(file)
    return PreviewMessage(
        name=name,
        address=address,
        subject=str(parsed["Subject"] or ""),
        language=language if _TAG.fullmatch(language := str(parsed["Content-Language"] or "")) else None,
        variant=file_name["variant"] if file_name else "",
        headers=tuple((header, str(value)) for header in _SHOWN_HEADERS for value in parsed.get_all(header, ())),
        html=_read_text(bodies["html"]),
        text=_read_text(bodies["plain"]),
        pictures=pictures,
        attachments=tuple(part for part in rest if not part["Content-ID"]),
    )


def _list_leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    for inner in part.iter_parts() if part.is_multipart() else ():
        if inner.is_multipart():
            yield from _list_leaves(inner)
        else:
            yield inner


def _read_recipient(parsed: EmailMessage) -> tuple[str, str]:
    addresses: Sequence[Address] = getattr(parsed["To"], "addresses", ())
    if not addresses:
        return "", str(parsed["To"] or "")
    first = addresses[0]
    return first.display_name, first.addr_spec


def _read_text(part: MIMEPart | None) -> str | None:
    if part is None:
        return None
    text = part.get_content()
    return text if isinstance(text, str) else None
