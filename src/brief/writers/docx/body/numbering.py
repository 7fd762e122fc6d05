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
    """Adds a `w:num` with the numbering of the paragraph style `style_id`, which starts at 1 again, and returns its id
    (17.9.16).

    Raises:
        ValueError: as `list_numbering_instances` does.
    """
    instances = list_numbering_instances(part)
    number = max(instances) + 1
    instance = word(
        "num",
        word("abstractNumId", val=_find_abstract(part, style_id, list(instances.values()))),
        word("lvlOverride", word("startOverride", val=1), ilvl=0),
        numId=number,
    )
    list(instances.values())[-1].addnext(instance)
    return number


def list_numbering_instances(part: DocumentPart) -> dict[int, Element]:
    """Maps the id of each `w:num` of the document (17.9.15) to the element, in document order.

    Raises:
        ValueError: the document has no numbered list, an id is not a number, or one refers to no definition.
    """
    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in part.rels.values()):
        raise ValueError("it has no numbered list")
    numbering: Element = part.numbering_part.element
    id_attribute = qualify_name("w:abstractNumId")
    defined = {definition.get(id_attribute) for definition in numbering.findall(qualify_name("w:abstractNum"))}
    instances: dict[int, Element] = {}
    for instance in numbering.findall(qualify_name("w:num")):
        id_text = str(instance.get(qualify_name("w:numId"), ""))
        if not id_text.isdecimal():
            raise ValueError(f"a list has the id '{id_text[:20]}', which is not a number")
        if _get_abstract_id(instance) not in defined:
            raise ValueError(
                f"the list with the id {id_text[:20]} refers to no definition ('w:abstractNum') of the file"
            )
        instances[int(id_text)] = instance
    if not instances:
        raise ValueError("it has no numbered list")
    return instances


def _find_abstract(part: DocumentPart, style_id: str, instances: list[Element]) -> str:
    """Returns the id of the definition that a style uses or, if it uses none, of the one that the first instance uses."""
    path = f"{qualify_name('w:style')}[@{qualify_name('w:styleId')}='{style_id}']//{qualify_name('w:numId')}"
    used = part.styles.element.find(path)
    number = used.get(qualify_name("w:val")) if used is not None else None
    instance = next((item for item in instances if item.get(qualify_name("w:numId")) == number), instances[0])
    return str(_get_abstract_id(instance))


def _get_abstract_id(instance: Element) -> str | None:
    """Returns the id of the definition of an instance (17.9.2); None if it names none."""
    abstract = instance.find(qualify_name("w:abstractNumId"))
    return abstract.get(qualify_name("w:val")) if abstract is not None else None


def add_nested_numbering(part: DocumentPart, *, is_ordered: bool, level: int, start: int = 1) -> int:
    """Adds a `w:num` for a nested list and returns its id. The list has bullets, or numbers that count from `start`;
    `level` is its level, counted from 0.
    """
    numbering: Element = part.numbering_part.element
    abstract = _ensure_nested(numbering, is_ordered=is_ordered)
    instances = list_numbering_instances(part)
    number = max(instances) + 1
    override = word("lvlOverride", word("startOverride", val=start), ilvl=level) if is_ordered else None
    instance = word("num", word("abstractNumId", val=abstract), override, numId=number)
    list(instances.values())[-1].addnext(instance)
    return number


def _ensure_nested(numbering: Element, *, is_ordered: bool) -> str:
    """Returns the id of the definition of nested lists; adds it if the document lacks it."""
    name = _NESTED_NAMES[is_ordered]
    definitions = numbering.findall(qualify_name("w:abstractNum"))
    id_attribute = qualify_name("w:abstractNumId")
    for abstract in definitions:
        name_element = abstract.find(qualify_name("w:name"))
        if name_element is not None and name_element.get(qualify_name("w:val")) == name:
            return str(abstract.get(id_attribute))
    number = 1 + max((int(abstract.get(id_attribute, "0")) for abstract in definitions), default=0)
    levels = (_build_level(level, is_ordered=is_ordered) for level in range(_LEVELS))
    definition = word(
        "abstractNum", word("multiLevelType", val="multilevel"), word("name", val=name), *levels, abstractNumId=number
    )
    # Abstract definitions precede their instances (17.9.17).
    next(numbering.iter(qualify_name("w:num"))).addprevious(definition)
    return str(number)


def _build_level(level: int, *, is_ordered: bool) -> Element:
    number_format, text = (
        (_NUMBER_FORMATS[level % len(_NUMBER_FORMATS)], f"%{level + 1}.")
        if is_ordered
        else ("bullet", _BULLETS[level % 2])
    )
    return word(
        "lvl",
        word("start", val=1),
        word("numFmt", val=number_format),
        word("suff", val="tab"),
        word("lvlText", val=text),
        word("lvlJc", val="left"),
        word("pPr", word("ind", left=LIST_INDENT * (level + 1), hanging=LIST_INDENT)),
        ilvl=level,
    )


def add_appendix_numbering(part: DocumentPart, style_id: str) -> int:
    """Adds a numbering that counts appendices as A, B and so on, otherwise like that of the paragraph style, and
    returns the id of its `w:num`.
    """
    numbering: Element = part.numbering_part.element
    used = _find_abstract(part, style_id, list(list_numbering_instances(part).values()))
    id_attribute = qualify_name("w:abstractNumId")
    definitions = {str(known.get(id_attribute)): known for known in numbering.findall(qualify_name("w:abstractNum"))}
    definition = deepcopy(definitions[used])
    number = 1 + max(int(known) for known in definitions)
    definition.set(id_attribute, str(number))
    for tag in ("nsid", "tmpl", "pStyle"):
        for element in definition.iter(qualify_name(f"w:{tag}")):
            element.getparent().remove(element)  # type: ignore[union-attr]
    for element in definition.iter(qualify_name("w:numFmt")):
        element.set(qualify_name("w:val"), "upperLetter")
    list(definitions.values())[-1].addnext(definition)
    instances = list_numbering_instances(part)
    instance = max(instances) + 1
    list(instances.values())[-1].addnext(word("num", word("abstractNumId", val=number), numId=instance))
    return instance
