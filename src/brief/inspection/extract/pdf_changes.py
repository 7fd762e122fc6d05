"""Extracts from a PDF the objects that another, already inspected PDF does not contain."""

import hashlib
import io
import re

import pikepdf

from brief.inspection.extract.markup import extract_xml
from brief.inspection.extract.part import Part, join_strings
from brief.inspection.extract.pdf import PdfReader, list_drawn_streams
from brief.inspection.extract.pdf_comments import find_comments

# References are removed, because every file numbers its objects differently.
_REFERENCE = re.compile(rb"\d+ \d+ R")


def digest_objects(data: bytes) -> frozenset[bytes]:
    """Returns the digests of all objects of the PDF, regardless of their numbers."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return frozenset(_digest(found) for found in pdf.objects)


def extract_changes(name: str, data: bytes, known: frozenset[bytes]) -> tuple[Part, ...] | None:
    """Extracts the objects whose digests are not `known`, as `digest_objects` returns them for another PDF.

    Returns None if the content of a page or an embedded file is among them: then the whole file must be inspected.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        drawn = list_drawn_streams(pdf)
        reader = PdfReader(pdf, drawn)
        for found in pdf.objects:
            if _digest(found) in known:
                continue
            if found.objgen in drawn:
                return None
            reader.add_strings(found)
            if isinstance(found, pikepdf.Stream):
                reader.add_stream(found)
        if reader.files:
            return None
        words = Part(
            f"{name}, objects", join_strings(reader.words), join_strings(reader.code), frozenset(reader.digests)
        )
        metadata = (part for text in reader.metadata for part in extract_xml(f"{name}, metadata", text))
        photographs = tuple(reader.read_photographs(name))
        # The page contents, with their comments, were inspected with the other file; forms may be new.
        comments = Part(
            f"{name}, comments", code=join_strings(find_comments(io.BytesIO(data), reader.contents.unusual))
        )
        return (words, comments, *photographs, *metadata)


def _digest(found: pikepdf.Object) -> bytes:
    if isinstance(found, pikepdf.Stream):
        content = pikepdf.Dictionary(dict(found.items())).unparse()
        return hashlib.sha256(_REFERENCE.sub(b"R", content) + b"\0" + found.read_raw_bytes()).digest()
    return hashlib.sha256(_REFERENCE.sub(b"R", found.unparse(resolved=True))).digest()
