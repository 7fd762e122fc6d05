"""XMP for archives: PDF/A requires an extension schema for each property that it does not define (ISO 19005-2,
6.6.2.3).
"""

import re
from collections.abc import Mapping
from typing import Literal
from xml.sax.saxutils import escape

_SCHEMAS_END = re.compile(rb"</rdf:Bag>\s*</pdfaExtension:schemas>")

Category = Literal["internal", "external"]


def build_schema_container(*schemas: str) -> str:
    """Builds the description that contains extension schemas, for use in an `rdf:RDF`."""
    return (
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        f"<pdfaExtension:schemas><rdf:Bag>{''.join(schemas)}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def build_extension_schema(
    title: str, namespace: str, prefix: str, category: Category, properties: Mapping[str, tuple[str, str]]
) -> str:
    """Builds an extension schema; `properties` maps the name of each property to its type and its meaning.

    Users set the properties of the category `external`.
    """
    property_xml = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(meaning)}</pdfaProperty:description></rdf:li>"
        for name, (kind, meaning) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{escape(title)}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{escape(namespace)}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{property_xml}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def insert_schema(packet: bytes, added: str) -> bytes:
    """Returns an XMP packet with one more schema in the container that `build_schema_container` made; returns it
    unchanged if it has no such container.
    """
    return _SCHEMAS_END.sub(lambda end: added.encode() + end[0], packet, count=1)
