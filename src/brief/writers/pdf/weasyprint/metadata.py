"""Adds metadata to a PDF that the engine does not write: that it is also PDF/UA-1, its language, and its marking."""

import hashlib
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from brief.store.spooled_bytes import SpooledBytes, SpoolWriter
from brief.writers.pdf.xmp import build_extension_schema, build_schema_container

# The digits of a file's identifier.
_IDENTIFIER = 32
_RDF_END = b"</rdf:RDF>"

# ISO 14289-1, 5.
_UA = "http://www.aiim.org/pdfua/ns/id/"
_ACCESSIBLE = f'<rdf:Description rdf:about="" xmlns:pdfuaid="{_UA}" pdfuaid:part="1"/>' + build_schema_container(
    build_extension_schema(
        "PDF/UA identification",
        _UA,
        "pdfuaid",
        "internal",
        {"part": ("Integer", "The part of ISO 14289 that the file conforms to")},
    )
)


def complete_metadata(metadata: Any, marking: str | None, locale: str) -> None:
    """Completes the metadata of a laid-out document: the XMP identifies it as PDF/UA-1.

    The language goes into the XMP as `dc:language`, the marking into the document information as `Marking` and into the
    XMP as `dc:rights`; without a marking, custom properties are removed.
    """
    metadata.custom = {"Marking": marking} if marking else {}
    added = _ACCESSIBLE + _format_language(locale) + (_format_rights(marking, locale) if marking else "")
    metadata.generate_rdf_metadata = _wrap_generator(metadata.generate_rdf_metadata, added.encode())


class PdfOutput:
    """Takes the bytes of a PDF from the engine as they are written, to a temporary file.

    The engine would make the identifier of the file (ISO 32000-1, 14.4) from a second copy of all its objects.
    """

    def __init__(self) -> None:
        self._writer = SpoolWriter()
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Writes some bytes, as a file does."""
        self._digest.update(data)
        return self._writer.write(data)

    def prepare(self, document: Any, pdf: Any) -> None:
        """Prepares a file before it is written."""
        leave_xmp_uncompressed(document, pdf)
        add_object = pdf.add_object

        def add_identified(made: Any) -> None:
            if getattr(made, "extra", {}).get("Type") == "/XRef":
                # Everything else has been written.
                identifier = pydyf.String(self._digest.hexdigest()[:_IDENTIFIER]).data
                made.extra["ID"] = pydyf.Array((identifier, identifier))
            add_object(made)

        pdf.add_object = add_identified

    def finish(self) -> SpooledBytes:
        """Returns the file."""
        return self._writer.finish()


def leave_xmp_uncompressed(_: Any, pdf: Any) -> None:
    """Leaves the XMP uncompressed, for programs that search for it without parsing PDF (ISO 19005-2, 6.6.2.1)."""
    for stream in pdf.objects:
        if getattr(stream, "extra", {}).get("Type") == "/Metadata":
            stream.compress = False


def _format_language(locale: str) -> str:
    return (
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language><rdf:Bag>'
        f"<rdf:li>{escape(locale)}</rdf:li></rdf:Bag></dc:language></rdf:Description>"
    )


def _format_rights(marking: str, locale: str) -> str:
    text = escape(marking)
    return (
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang="{locale}">{text}</rdf:li>'
        "</rdf:Alt></dc:rights></rdf:Description>"
    )


def _wrap_generator(generate: Callable[..., bytes], added: bytes) -> Callable[..., bytes]:
    def generate_extended(*arguments: Any) -> bytes:
        head, end, tail = generate(*arguments).rpartition(_RDF_END)
        return head + added + end + tail

    return generate_extended
