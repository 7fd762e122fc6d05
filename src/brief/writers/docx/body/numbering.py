"""Numbering of lists and appendices: each ordered list is a separate instance, counted from its start.

Numbers in parentheses are sections of ECMA-376 part 1.
"""

from copy import deepcopy

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.parts.document import DocumentPart

from brief.writers.ooxml.elements import Element, qualify_name, word

# The indent of each level of a list, in twentieths of a point.
LIST_INDENT = 340
_LEVELS = 9
_NESTED_NAMES = {False: "brief nested bullets", True: "brief nested numbers"}
_NUMBER_FORMATS = ("decimal", "lowerLetter", "lowerRoman")
_BULLETS = ("\u2022", "\u2013")


def restart_numbering(part: DocumentPart, style_id: str) -> int:
    """Returns the id of a new `w:num` on the numbering that the paragraph style `style_id` uses, counted from 1
    (17.9.16).

    Raises:
        ValueError: as `list_numbering_instances` does.
    """
    found = list_numbering_instances(part)
    number = max(found) + 1
    made = word(
        "num",
        word("abstractNumId", val=_find_abstract(part, style_id, list(found.values()))),
        word("lvlOverride", word("startOverride", val=1), ilvl=0),
        numId=number,
    )
    list(found.values())[-1].addnext(made)
    return number


def list_numbering_instances(part: DocumentPart) -> dict[int, Element]:
    """Maps the ids of the document's instances of numbering (17.9.15) to these instances, in their order.

    Raises:
        ValueError: the list definition is missing, an id is not a number, or refers to nothing.
    """
    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in part.rels.values()):
        raise ValueError("it has no numbered list")
    numbering: Element = part.numbering_part.element
    id_attribute = qualify_name("w:abstractNumId")
    defined = {each.get(id_attribute) for each in numbering.findall(qualify_name("w:abstractNum"))}
    found: dict[int, Element] = {}
    for instance in numbering.findall(qualify_name("w:num")):
        written = str(instance.get(qualify_name("w:numId"), ""))
        if not written.isdecimal():
            raise ValueError(f"a list has the id '{written[:20]}', which is not a number")
        if _get_abstract_id(instance) not in defined:
            raise ValueError(
                f"the list with the id {written[:20]} refers to no definition ('w:abstractNum') of the file"
            )
        found[int(written)] = instance
    if not found:
        raise ValueError("it has no numbered list")
    return found


def _find_abstract(part: DocumentPart, style_id: str, instances: list[Element]) -> str:
    """Returns the id of the abstract numbering that a style uses; if it uses none, the id that the first instance uses."""
    path = f"{qualify_name('w:style')}[@{qualify_name('w:styleId')}='{style_id}']//{qualify_name('w:numId')}"
    used = part.styles.element.find(path)
    wanted = used.get(qualify_name("w:val")) if used is not None else None
    chosen = next((item for item in instances if item.get(qualify_name("w:numId")) == wanted), instances[0])
    return str(_get_abstract_id(chosen))


def _get_abstract_id(instance: Element) -> str | None:
    """Returns the id of the abstract numbering of an instance (ISO/IEC 29500-1, 17.9.2); None if it names none."""
    abstract = instance.find(qualify_name("w:abstractNumId"))
    return abstract.get(qualify_name("w:val")) if abstract is not None else None


def add_nested_numbering(part: DocumentPart, *, is_ordered: bool, level: int, start: int = 1) -> int:
    """Returns the id of a new `w:num` for a nested list: bullets, or numbers that count from `start` on its
    `level`.
    """
    numbering: Element = part.numbering_part.element
    abstract = _ensure_nested(numbering, is_ordered=is_ordered)
    found = list_numbering_instances(part)
    number = max(found) + 1
    override = word("lvlOverride", word("startOverride", val=start), ilvl=level) if is_ordered else None
    made = word("num", word("abstractNumId", val=abstract), override, numId=number)
    list(found.values())[-1].addnext(made)
    return number


def _ensure_nested(numbering: Element, *, is_ordered: bool) -> str:
    """Returns the id of the numbering of nested lists; it is added if the document does not have it."""
    name = _NESTED_NAMES[is_ordered]
    definitions = numbering.findall(qualify_name("w:abstractNum"))
    id_attribute = qualify_name("w:abstractNumId")
    for abstract in definitions:
        known = abstract.find(qualify_name("w:name"))
        if known is not None and known.get(qualify_name("w:val")) == name:
            return str(abstract.get(id_attribute))
    number = 1 + max((int(abstract.get(id_attribute, "0")) for abstract in definitions), default=0)
    levels = (_build_level(level, is_ordered=is_ordered) for level in range(_LEVELS))
    made = word(
        "abstractNum", word("multiLevelType", val="multilevel"), word("name", val=name), *levels, abstractNumId=number
    )
    # Abstract definitions precede their instances (17.9.17).
    next(numbering.iter(qualify_name("w:num"))).addprevious(made)
    return str(number)


def _build_level(level: int, *, is_ordered: bool) -> Element:
    kind, sign = (
        (_NUMBER_FORMATS[level % len(_NUMBER_FORMATS)], f"%{level + 1}.")
        if is_ordered
        else ("bullet", _BULLETS[level % 2])
    )
    return word(
        "lvl",
        word("start", val=1),
        word("numFmt", val=kind),
        word("suff", val="tab"),
        word("lvlText", val=sign),
        word("lvlJc", val="left"),
        word("pPr", word("ind", left=LIST_INDENT * (level + 1), hanging=LIST_INDENT)),
        ilvl=level,
    )


def add_appendix_numbering(part: DocumentPart, style_id: str) -> int:
    """Returns the id of a `w:num` that counts what has the paragraph style in letters: A, B and so on."""
    numbering: Element = part.numbering_part.element
    used = _find_abstract(part, style_id, list(list_numbering_instances(part).values()))
    id_attribute = qualify_name("w:abstractNumId")
    definitions = {str(each.get(id_attribute)): each for each in numbering.findall(qualify_name("w:abstractNum"))}
    made = deepcopy(definitions[used])
    number = 1 + max(int(each) for each in definitions)
    made.set(id_attribute, str(number))
    for tag in ("nsid", "tmpl", "pStyle"):
        for found in made.iter(qualify_name(f"w:{tag}")):
            found.getparent().remove(found)  # type: ignore[union-attr]
    for found in made.iter(qualify_name("w:numFmt")):
        found.set(qualify_name("w:val"), "upperLetter")
    list(definitions.values())[-1].addnext(made)
    instances = list_numbering_instances(part)
    instance = max(instances) + 1
    list(instances.values())[-1].addnext(word("num", word("abstractNumId", val=number), numId=instance))
    return instance
