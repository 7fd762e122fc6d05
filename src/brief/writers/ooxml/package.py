"""Reads and writes the zip of an Office document, reproducibly, and sets its properties."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap
from docx.package import Package
from lxml import etree

from brief.model.inline import to_plain_text
from brief.model.variant import Variant
from brief.store.spooled_bytes import SpooledBytes
from brief.store.zip_writer import ZipWriter
from brief.writers.ooxml.custom_properties import add_custom_properties
from brief.writers.ooxml.elements import parse_part

# The longest property that Office reads, in characters; python-docx refuses longer ones.
_MAX_PROPERTY_LENGTH = 255
CONTENT_TYPES = "[Content_Types].xml"
_TEXT_PART = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
_TEXT_ROOT = re.compile(rb"(<w:[A-Za-z]+)[^>]*>")


def unpack(data: bytes, max_bytes: int | None = None) -> dict[str, bytes]:
    """Returns a package's members by name.

    Raises:
        zipfile.BadZipFile: the bytes are not a zip.
        ValueError: the members are together larger than `max_bytes`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if max_bytes is not None and sum(entry.file_size for entry in archive.infolist()) > max_bytes:
            raise ValueError(f"it unpacks to more than {max_bytes >> 20} MiB")
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


class ContentTypes:
    """The content types of the parts of a package, independently of their names (ECMA-376 part 2, 7.2.3: names are
    compared without case, and an override takes precedence over the default of an extension).
    """

    def __init__(self, members: Mapping[str, bytes]) -> None:
        root = parse_part(members[CONTENT_TYPES])
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        for entry in root.iter(etree.Element):
            content_type = entry.get("ContentType", "").lower()
            if "PartName" in entry.attrib:
                self._overrides[str(entry.get("PartName")).lstrip("/").lower()] = content_type
            elif "Extension" in entry.attrib:
                self._defaults[str(entry.get("Extension")).lower()] = content_type

    def get_type(self, name: str) -> str:
        """Returns the content type of a part in lower case; empty if it has none."""
        name = name.lower()
        return self._overrides.get(name) or self._defaults.get(name.rpartition(".")[2], "")

    def get_kind(self, name: str) -> str:
        """Returns the last word of a part's content type: `header` of
        `application/vnd.(...).wordprocessingml.header+xml`.
        """
        return self.get_type(name).rpartition(".")[2].removesuffix("+xml")


def pack(members: Mapping[str, bytes], *, compress: bool = True) -> SpooledBytes:
    """Returns a package of the members: content types first (ECMA-376 part 2, 10.2), the others by name."""
    with ZipWriter() as archive:
        for name in sorted(members, key=lambda name: (name != CONTENT_TYPES, name)):
            archive.add(name, members[name], compress=compress)
        return archive.finish()


class PicturePart(Part):
    """A part with a picture. `serialise_document` adds its bytes to the finished package; python-docx would pack them,
    only for them to be unpacked and packed again.
    """

    def __init__(self, name: PackURI, media_type: str, data: bytes, package: Package) -> None:
        super().__init__(name, media_type, b"", package)
        self.data = data


def serialise_document(document: Document, variant: Variant) -> SpooledBytes:
    """Returns the reproducible bytes of the document, with the variant's marking as a property. Empties its pictures."""
    buffer = io.BytesIO()
    document.save(buffer)
    members = {name: _declare_relationships(name, data) for name, data in unpack(buffer.getvalue()).items()}
    for part in document.part.package.iter_parts():
        if isinstance(part, PicturePart):
            members[part.partname.membername] = part.data
            # The parts refer to each other, so they stay in memory until the collector runs.
            part.data = b""
    return pack(add_custom_properties(members, {"Marking": variant.marking} if variant.marking else {}))


def _declare_relationships(name: str, data: bytes) -> bytes:
    """Declares `xmlns:r` in a part with text, as Word does, because readers such as docx2python take it from there."""
    root = _TEXT_ROOT.search(data) if _TEXT_PART.fullmatch(name) else None
    if root is None or b"xmlns:r=" in root[0]:
        return data
    return data[: root.end(1)] + f' xmlns:r="{nsmap["r"]}"'.encode() + data[root.end(1) :]


def set_properties(document: Document, variant: Variant, language: str) -> None:
    """Sets all core properties from the variant alone, and both times to its date. `language` is a BCP 47 tag."""
    midnight = datetime.fromisoformat(variant.date).replace(tzinfo=UTC)
    properties = document.core_properties
    properties.title = _shorten(f"{variant.title} – {variant.audience_title}")
    properties.subject = _shorten(variant.subtitle or variant.audience_title)
    properties.author = _shorten(variant.publisher)
    properties.last_modified_by = _shorten(variant.publisher)
    properties.category = _shorten(variant.marking or "")
    properties.keywords = _shorten(", ".join(to_plain_text(section.title) for section in variant.sections))
    properties.comments = ""
    properties.language = language
    properties.created = midnight
    properties.modified = midnight
    properties.revision = 1


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_PROPERTY_LENGTH else f"{text[: _MAX_PROPERTY_LENGTH - 1]}…"
