"""Splits files into parts by their type; nested archives and documents are opened recursively."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from brief.inspection.extract.blocks import BlockDocument, PageBlocks, WordBlocks
from brief.inspection.extract.markup import extract_html, extract_xml
from brief.inspection.extract.part import Part, join_strings, read_binary
from brief.inspection.extract.structured_text import extract_json, extract_markdown
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.reading.text_file import DAMAGED_ARCHIVE

if TYPE_CHECKING:
    from brief.inspection.extract.pdf_facts import FactsAndWords, FactsAndWordsReader

_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
# Three levels of archives are opened; anything deeper is inspected as bytes.
_MAX_DEPTH = 3


class ExtractedArtifact:
    """Extracts an artifact, reading its bytes once.

    After all parts were read, `blocks` (of a page or Word document) or `pdf` has what a person reads; both are None for
    other formats.
    """

    def __init__(self, artifact: Artifact) -> None:
        self._artifact = artifact
        self.blocks: BlockDocument | None = None
        self.pdf: FactsAndWords | None = None

    def read_parts(self) -> Iterator[Part]:
        """Yields the parts. Raises as `extract_parts` does."""
        return _READERS.get(self._artifact.format, ExtractedArtifact._read_other)(self)

    def _read_page(self) -> Iterator[Part]:
        page = PageBlocks()
        yield from extract_html(self._artifact.name, self._artifact.content.open(), page)
        self.blocks = page.finish()
        if shortened := page.list_shortened_texts():
            yield Part(f"{self._artifact.name}, without what it hides", join_strings(shortened))

    def _read_word(self) -> Iterator[Part]:
        word = WordBlocks()
        yield from _extract_archive(self._artifact.name, self._artifact.content.open(), 0, word)
        self.blocks = word.finish()

    def _read_pdf(self) -> Iterator[Part]:
        from brief.inspection.extract.pdf_facts import FactsAndWordsReader

        reader = FactsAndWordsReader()
        yield from _extract_pdf(self._artifact.name, self._artifact.content.open(), 0, reader)
        self.pdf = reader.document

    def _read_other(self) -> Iterator[Part]:
        return extract_parts(self._artifact.name, self._artifact.content.read())


# Formats from which more than parts is read. Files of other formats are extracted according to their content.
_READERS: Mapping[str, Callable[[ExtractedArtifact], Iterator[Part]]] = {
    "html": ExtractedArtifact._read_page,
    "docx": ExtractedArtifact._read_word,
    "pdf": ExtractedArtifact._read_pdf,
}
# Files that can be identified only by their names, by suffix.
_EXTRACTORS: Mapping[str, Callable[[str, bytes], Iterator[Part]]] = {
    ".html": lambda name, data: extract_html(name, io.BytesIO(data)),
    ".json": extract_json,
    ".md": extract_markdown,
}


def extract_parts(name: str, data: bytes, depth: int = 0) -> Iterator[Part]:
    """Extracts all parts of the file. `name` says in messages where the file is; `depth` is how many archives contain
    it.

    Raises:
        ContentError: a PDF or a member of an archive cannot be read (`not-inspected`).
    """
    if depth < _MAX_DEPTH and data.startswith(_ZIP):
        yield from _extract_archive(name, io.BytesIO(data), depth)
    elif depth < _MAX_DEPTH and data.startswith(_PDF):
        yield from _extract_pdf(name, io.BytesIO(data), depth)
    elif (extract := _EXTRACTORS.get(PurePosixPath(name).suffix)) is not None:
        yield from extract(name, data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from extract_xml(name, data)
    else:
        yield read_binary(name, data)


def _extract_pdf(name: str, file: BinaryIO, depth: int, reader: "FactsAndWordsReader | None" = None) -> Iterator[Part]:
    from brief.inspection.extract.pdf import extract_pdf

    for part, carried in extract_pdf(name, file, reader):
        yield part
        if carried is not None:
            yield from extract_parts(part.name, carried, depth + 1)
            yield from _read_plain_text(part.name, carried)


def _read_plain_text(name: str, data: bytes) -> Iterator[Part]:
    """Yields an embedded file as words for people, if it is UTF-8 without markup."""
    if b"\0" not in data and not data.lstrip().startswith((b"<", _PDF, _ZIP)):
        with suppress(UnicodeDecodeError):
            yield Part(name, data.decode("utf-8"))


def _extract_archive(name: str, data: BinaryIO, depth: int, word: WordBlocks | None = None) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(data)
    except DAMAGED_ARCHIVE:
        data.seek(0)
        yield read_binary(name, data.read())
        return
    with archive:
        entries = archive.infolist()
        texts = [entry.comment.decode("utf-8", "replace") for entry in entries]
        texts += [archive.comment.decode("utf-8", "replace"), *(entry.extra.decode("latin-1") for entry in entries)]
        yield Part(name, join_strings(texts), join_strings(entry.filename for entry in entries))
        for entry in entries:
            inner, member = f"{name}, {entry.filename}", _read_member(name, archive, entry)
            part = word.add(entry.filename) if word is not None else None
            yield from extract_parts(inner, member, depth + 1) if part is None else extract_xml(inner, member, part)


def _read_member(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Reads a member of an archive. An unreadable member is an error, since it may contain anything.

    Raises:
        ContentError: the archive is damaged, encrypted, or uses an unknown compression.
    """
    try:
        return archive.read(entry)
    except DAMAGED_ARCHIVE as error:
        message = f"its member '{entry.filename}' cannot be inspected, because it cannot be read ({error})"
        hint = "repair the original file, or leave it out"
        raise ContentError([Diagnostic("not-inspected", message, SourceLocation(name), hint)]) from None
