"""The zip around a document: taken apart, put together with fixed times, and its properties."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

from docx.document import Document

from brief.model.inline import plain_text
from brief.model.variant import Variant
from brief.writers.ooxml.custom_properties import add_custom_properties

# The earliest time a zip can hold (PKWARE APPNOTE 4.4.6): as good as any, and the same everywhere.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
# Characters that Office takes of a property; python-docx refuses more.
_LONGEST_PROPERTY = 255
_CONTENT_TYPES = "[Content_Types].xml"


def unpack(data: bytes, largest: int | None = None) -> dict[str, bytes]:
    """A package's members by name.

    Raises:
        zipfile.BadZipFile: the bytes are no zip.
        ValueError: the members are together larger than `largest` bytes.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if largest is not None and sum(entry.file_size for entry in archive.infolist()) > largest:
            raise ValueError(f"it unpacks to more than {largest >> 20} MB")
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def pack(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of the members: content types first (ECMA-376 part 2, 10.2), the others by name; no clock, no user."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members, key=lambda name: (name != _CONTENT_TYPES, name)):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            entry.compress_type = compression
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def serialise_document(document: Document, variant: Variant) -> bytes:
    """The document's bytes, the same for the same document at any time, with the variant's marking as a property."""
    buffer = io.BytesIO()
    document.save(buffer)
    return pack(
        add_custom_properties(unpack(buffer.getvalue()), {"Marking": variant.marking} if variant.marking else {})
    )


def set_properties(document: Document, variant: Variant, language: str) -> None:
    """Sets title, subject and the like from the variant alone, and both times to its date.

    `language` is a BCP 47 tag.
    """
    moment = datetime.fromisoformat(variant.date).replace(tzinfo=UTC)
    properties = document.core_properties
    properties.title = _shorten(variant.title)
    properties.subject = _shorten(variant.subtitle or variant.audience_title)
    properties.author = _shorten(variant.publisher)
    properties.last_modified_by = _shorten(variant.publisher)
    properties.category = _shorten(variant.marking or "")
    properties.keywords = _shorten(", ".join(plain_text(section.title) for section in variant.sections))
    properties.comments = ""
    properties.language = language
    properties.created = moment
    properties.modified = moment
    properties.revision = 1


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_PROPERTY else f"{text[: _LONGEST_PROPERTY - 1]}…"
