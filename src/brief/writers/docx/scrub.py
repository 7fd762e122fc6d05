"""What a reference document brings along from its own making, and what no reader should get: comments, the name of
the designer's template folder, custom properties, revision ids.
"""

from collections.abc import Mapping

from lxml import etree

from brief.writers.docx.elements import Element, qualified

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KEPT_AT_ROOT = frozenset(
    (f"{_OFFICE}officeDocument", f"{_OFFICE}extended-properties", f"{_PACKAGE}/metadata/core-properties")
)
# The last words of relationship types, of Word's own extensions too.
_DROPPED = frozenset(
    (
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentsExtensible",
        "people",
        "customXml",
        "glossaryDocument",
        "attachedTemplate",
        "webSettings",
        "keyMapCustomizations",
        "vbaProject",
    )
)
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "attachedTemplate", "rsids", "proofErr")
_TRACKED = tuple(f"{{*}}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"))
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>brief</Application>'
    b"</Properties>"
)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def scrubbed(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members without what tells of their making. What nothing refers to any more is not written.

    Raises:
        ValueError: the document has tracked changes, which only a person can accept or reject.
    """
    done = dict(members)
    for name, data in members.items():
        if name.endswith(".rels"):
            root = etree.fromstring(data, _PARSER)
            _drop_relations(root, at_root=name == "_rels/.rels")
        elif name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(data, _PARSER)
            if next(root.iter(*_TRACKED), None) is not None:
                raise ValueError(f"{name} has tracked changes; accept or reject them first")
            _drop_marks(root)
        elif name == "docProps/app.xml":
            done[name] = _APPLICATION
            continue
        else:
            continue
        done[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return done


def _drop_relations(relations: Element, *, at_root: bool) -> None:
    for relation in list(relations):
        kind = relation.get("Type", "")
        if kind.rpartition("/")[2] in _DROPPED or (at_root and kind not in _KEPT_AT_ROOT):
            relations.remove(relation)


def _drop_marks(root: Element) -> None:
    for mark in list(root.iter(*(qualified(f"w:{tag}") for tag in _MARKS))):
        parent = mark.getparent()
        if parent is not None:
            parent.remove(mark)
    prefix = qualified("w:rsid")
    for element in root.iter(etree.Element):
        for attribute in [name for name in element.attrib if str(name).startswith(prefix)]:
            del element.attrib[attribute]
