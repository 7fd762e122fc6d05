"""Custom properties of a package (ECMA-376 part 1, 22.3): what Word lists under "Properties, Custom"."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

PART = "docProps/custom.xml"
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
# The only format identifier that Office supports for them.
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# Numbers 0 and 1 are taken by the specification of property sets.
_FIRST_NUMBER = 2


def add_custom_properties(members: Mapping[str, bytes], properties: Mapping[str, str]) -> dict[str, bytes]:
    """Returns the members of a package with these properties added; the package must not have custom properties yet."""
    if not properties:
        return dict(members)
    property_xml = "".join(
        f'<property fmtid="{_FORMAT}" pid="{number}" name={quoteattr(name)}><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(properties.items(), _FIRST_NUMBER)
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{property_xml}</Properties>"
    )
    return {
        **members,
        PART: document.encode(),
        _CONTENT_TYPES: _insert_before_end(
            members[_CONTENT_TYPES], f'<Override PartName="/{PART}" ContentType="{_TYPE}"/>'
        ),
        _RELATIONS: _insert_before_end(
            members[_RELATIONS], f'<Relationship Id="customProperties" Type="{_RELATION}" Target="{PART}"/>'
        ),
    }


def _insert_before_end(document: bytes, element: str) -> bytes:
    head, end, tail = document.rpartition(b"</")
    return head + element.encode() + end + tail
