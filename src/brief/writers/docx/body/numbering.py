"""Instances of a list's numbering, so that each ordered list is counted separately."""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.parts.document import DocumentPart

from brief.writers.ooxml.elements import Element, qualified_name, word


def restart_numbering(part: DocumentPart, style_id: str) -> int:
    """The id of a new `w:num` on the numbering that the paragraph style `style_id` uses, counted from 1 (17.9.16)."""
    found = numbering_instances(part)
    number = max(found) + 1
    made = word(
        "num",
        word("abstractNumId", val=_find_abstract(part, style_id, list(found.values()))),
        word("lvlOverride", word("startOverride", val=1), ilvl=0),
        numId=number,
    )
    list(found.values())[-1].addnext(made)
    return number


def numbering_instances(part: DocumentPart) -> dict[int, Element]:
    """The instances of numbering that a document has, by id (17.9.15), in their order.

    Raises:
        ValueError: there is none, or an id is not a number.
    """
    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in part.rels.values()):
        raise ValueError("it has no numbered list")
    numbering: Element = part.numbering_part.element
    found: dict[int, Element] = {}
    for instance in numbering.findall(qualified_name("w:num")):
        written = str(instance.get(qualified_name("w:numId"), ""))
        if not written.isdecimal():
            raise ValueError(f"a list has the id '{written[:20]}', which is not a number")
        found[int(written)] = instance
    if not found:
        raise ValueError("it has no numbered list")
    return found


def _find_abstract(part: DocumentPart, style_id: str, instances: list[Element]) -> str:
    """The abstract numbering behind a style."""
    path = f"{qualified_name('w:style')}[@{qualified_name('w:styleId')}='{style_id}']//{qualified_name('w:numId')}"
    used = part.styles.element.find(path)
    wanted = used.get(qualified_name("w:val")) if used is not None else None
    chosen = next((item for item in instances if item.get(qualified_name("w:numId")) == wanted), instances[0])
    abstract = chosen.find(qualified_name("w:abstractNumId"))
    return str(abstract.get(qualified_name("w:val"))) if abstract is not None else "0"
