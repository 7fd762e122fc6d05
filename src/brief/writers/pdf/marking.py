"""An edition's marking in the properties of its PDF: `Marking` in the document information, `dc:rights` in the XMP."""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

_RDF_END = b"</rdf:RDF>"


def mark(metadata: Any, marking: str | None, locale: str) -> None:
    """Puts the marking into the engine's metadata of a laid-out document; without one, takes custom properties out."""
    metadata.custom = {"Marking": marking} if marking else {}
    if marking:
        metadata.generate_rdf_metadata = _with_rights(metadata.generate_rdf_metadata, marking, locale)


def _with_rights(generate: Callable[..., bytes], marking: str, locale: str) -> Callable[..., bytes]:
    def generated(*arguments: Any) -> bytes:
        text = escape(marking)
        rights = (
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>'
            f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang="{locale}">{text}</rdf:li>'
            "</rdf:Alt></dc:rights></rdf:Description>"
        )
        head, end, tail = generate(*arguments).rpartition(_RDF_END)
        return head + rights.encode() + end + tail

    return generated
