"""Requires that the parts of a package are what their content types say, so that all programs read them in the same
way.
"""

from collections.abc import Mapping

from lxml import etree

from brief.writers.ooxml.elements import Element, qualify_name
from brief.writers.ooxml.package import ContentTypes

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# ECMA-376 part 2, 7.2.3.2 and 6.5.3.
_TYPE_ATTRIBUTES = {f"{_TYPES}Default": ("Extension", "ContentType"), f"{_TYPES}Override": ("PartName", "ContentType")}
_RELATIONSHIP_ATTRIBUTES = {f"{_RELATIONSHIPS}Relationship": ("Id", "Type", "Target")}
# The root elements of parts by the last word of their content types (ECMA-376 part 1, 11.3 and 14.2.7).
_ROOTS = {
    "main": "w:document",
    "styles": "w:styles",
    "numbering": "w:numbering",
    "settings": "w:settings",
    "header": "w:hdr",
    "footer": "w:ftr",
    "footnotes": "w:footnotes",
    "endnotes": "w:endnotes",
    "fonttable": "w:fonts",
    "theme": "a:theme",
}


def require_content_types(name: str, root: Element) -> None:
    """Requires that the part `name` lists content types and nothing else.

    Raises:
        ValueError: it does not.
    """
    _require_root(name, root, f"{_TYPES}Types")
    _require_entries(name, root, _TYPE_ATTRIBUTES)


def require_relationships(name: str, root: Element) -> None:
    """Requires that the part `name` lists relationships and nothing else.

    Raises:
        ValueError: it does not.
    """
    _require_root(name, root, f"{_RELATIONSHIPS}Relationships")
    _require_entries(name, root, _RELATIONSHIP_ATTRIBUTES)


def require_root(name: str, root: Element, types: ContentTypes) -> None:
    """Requires that the root of the part `name` is the element for its content type, and that a document has a body.

    Raises:
        ValueError: it does not.
    """
    expected = _ROOTS.get(types.get_kind(name))
    if expected is not None:
        _require_root(name, root, qualify_name(expected))
    if expected == "w:document" and root.find(qualify_name("w:body")) is None:
        raise ValueError(f"{name} has no text (w:body)")


def _require_root(name: str, root: Element, expected: str) -> None:
    if root.tag != expected:
        raise ValueError(f"{name} begins with {str(root.tag)[:120]}, not with {expected}")


def _require_entries(name: str, root: Element, entries: Mapping[str, tuple[str, ...]]) -> None:
    for entry in root.iterchildren(etree.Element):
        attributes = entries.get(str(entry.tag))
        if attributes is None:
            raise ValueError(f"{name} contains {str(entry.tag)[:120]}, which does not belong there")
        for attribute in attributes:
            if not entry.get(attribute):
                raise ValueError(f"an entry of {name} has no {attribute}")
