"""What the engine does not say of a PDF by itself: that it is PDF/UA-1 beside PDF/A, and its edition's marking."""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

_RDF_END = b"</rdf:RDF>"

# ISO 14289-1, 5. PDF/A knows no such property, so it has to be told what it is (ISO 19005-2, 6.6.2.3).
_ACCESSIBLE = (
    '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>The part of ISO 14289 that the file conforms to</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def describe(metadata: Any, marking: str | None, locale: str) -> None:
    """Completes the engine's metadata of a laid-out document: the XMP says that it is PDF/UA-1.

    The marking goes into the document information as `Marking` and into the XMP as `dc:rights`; without one, custom
    properties are taken out.
    """
    metadata.custom = {"Marking": marking} if marking else {}
    added = _ACCESSIBLE + (_rights(marking, locale) if marking else "")
    metadata.generate_rdf_metadata = _with(metadata.generate_rdf_metadata, added.encode())


def legible(_: Any, pdf: Any) -> None:
    """Leaves the XMP uncompressed, for programs that look for it without reading PDF (ISO 19005-2, 6.6.2.1)."""
    for made in pdf.objects:
        if getattr(made, "extra", {}).get("Type") == "/Metadata":
            made.compress = False


def _rights(marking: str, locale: str) -> str:
    text = escape(marking)
    return (
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>'
        f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang="{locale}">{text}</rdf:li>'
        "</rdf:Alt></dc:rights></rdf:Description>"
    )


def _with(generate: Callable[..., bytes], added: bytes) -> Callable[..., bytes]:
    def generated(*arguments: Any) -> bytes:
        head, end, tail = generate(*arguments).rpartition(_RDF_END)
        return head + added + end + tail

    return generated
