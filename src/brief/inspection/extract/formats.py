"""Files to parts, by what they are; archives and documents within documents are opened in turn."""

import io
import zipfile
from collections.abc import Iterator

from brief.inspection.extract.markup import html_parts, xml_parts
from brief.inspection.extract.part import Part, binary, joined

_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
# An archive in an archive in an archive is opened; what lies deeper is looked at as bytes.
_DEEPEST = 3


def parts(name: str, data: bytes, depth: int = 0) -> Iterator[Part]:
    """Everything that the file says. `name` says where it stands, as a person would."""
    if depth < _DEEPEST and data.startswith(_ZIP):
        yield from _archive(name, data, depth)
    elif depth < _DEEPEST and data.startswith(_PDF):
        from brief.inspection.extract.pdf import pdf_parts

        for part, carried in pdf_parts(name, data):
            yield part
            if carried is not None:
                yield from parts(part.name, carried, depth + 1)
    elif name.endswith(".html"):
        yield from html_parts(name, data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from xml_parts(name, data)
    else:
        yield binary(name, data)


def _archive(name: str, data: bytes, depth: int) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        yield binary(name, data)
        return
    with archive:
        entries = archive.infolist()
        said = [entry.comment.decode("utf-8", "replace") for entry in entries]
        said += [archive.comment.decode("utf-8", "replace"), *(entry.extra.decode("latin-1") for entry in entries)]
        yield Part(name, joined(said), joined(entry.filename for entry in entries))
        for entry in entries:
            yield from parts(f"{name}, {entry.filename}", archive.read(entry), depth + 1)
