"""Reads the files of documents to import, and of their pictures."""

from pathlib import Path

from brief.model.diagnostics import MachineError
from brief.reading.documents.document import ImportedDocument, LossReport
from brief.reading.documents.markdown import read_markdown
from brief.reading.documents.word import read_word
from brief.reading.documents.word_package import MAX_BYTES
from brief.reading.pictures.images import MAX_BYTES as MAX_PICTURE_BYTES


def read_document(path: Path, report: LossReport) -> ImportedDocument | None:
    """Reads a Markdown or Word document. Returns None, and adds the reason to `report`, if its content cannot be read.

    Raises:
        MachineError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise MachineError(f"'{path}' cannot be read: {problem.strerror}") from problem
    if path.suffix.lower() == ".docx":
        return read_word(path.name, data, report)
    folder = path.parent.resolve()

    def read_beside(name: str) -> bytes:
        target = (folder / name).resolve()
        if not target.is_relative_to(folder):
            raise ValueError("it is outside the document's folder")
        if not target.is_file():
            raise ValueError("there is no such file")
        with target.open("rb") as stream:
            return stream.read(MAX_PICTURE_BYTES + 1)

    return read_markdown(path.name, data, report, read_beside)
