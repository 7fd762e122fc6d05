"""Instances of a list's numbering, so that each ordered list counts for itself."""

from docx.parts.document import DocumentPart

from brief.writers.docx.elements import Element, qualified, word


def restarted(part: DocumentPart, style_id: str) -> int:
    """The id of a new `w:num` on the numbering that the paragraph style `style_id` uses, counted from 1 (17.9.16)."""
    numbering: Element = part.numbering_part.element
    instances = numbering.findall(qualified("w:num"))
    abstract = _abstract(part, style_id, instances)
    number = max((int(str(instance.get(qualified("w:numId")))) for instance in instances), default=0) + 1
    made = word(
        "num",
        word("abstractNumId", val=abstract),
        word("lvlOverride", word("startOverride", val=1), ilvl=0),
        numId=number,
    )
    instances[-1].addnext(made)
    return number


def _abstract(part: DocumentPart, style_id: str, instances: list[Element]) -> str:
    """The abstract numbering behind a style."""
    path = f"{qualified('w:style')}[@{qualified('w:styleId')}='{style_id}']//{qualified('w:numId')}"
    used = part.styles.element.find(path)
    wanted = used.get(qualified("w:val")) if used is not None else None
    chosen = next((item for item in instances if item.get(qualified("w:numId")) == wanted), instances[0])
    abstract = chosen.find(qualified("w:abstractNumId"))
    return str(abstract.get(qualified("w:val"))) if abstract is not None else "0"
