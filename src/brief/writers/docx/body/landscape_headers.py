"""Headers and footers of landscape pages: copies of the document's own, whose tab stops reach the margin of the wider
page.

Numbers in parentheses are sections of ECMA-376 part 1. A tab stop of a style has one position on all pages (17.3.1.37).
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy

from docx.document import Document
from docx.opc.part import XmlPart

from brief.writers.ooxml.elements import Element, qualify_name, word

REFERENCES = (qualify_name("w:headerReference"), qualify_name("w:footerReference"))
_ID, _TYPE, _VALUE, _POSITION = (qualify_name(name) for name in ("r:id", "w:type", "w:val", "w:pos"))
_PROPERTIES, _TABS = qualify_name("w:pPr"), qualify_name("w:tabs")
# Stops that depend on the width of the line.
_SCALED_ALIGNMENTS = ("right", "end", "center")
# What precedes tab stops in the properties of a paragraph (CT_PPrBase).
_BEFORE_TABS = frozenset(
    qualify_name(f"w:{tag}")
    for tag in (
        *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr"),
        *("suppressLineNumbers", "pBdr", "shd"),
    )
)


def find_references(document: Document) -> list[Element]:
    """Finds the references to headers and footers that apply in the last section: its own, or those of earlier sections
    (17.10.5).
    """
    references: dict[tuple[str, str], Element] = {}
    for section in document.sections:
        for child in section._sectPr:
            if child.tag in REFERENCES:
                references[str(child.tag), child.get(_TYPE, "default")] = child
    return list(references.values())


def widen_references(references: Sequence[Element], document: Document, factor: float) -> list[Element]:
    """Adds copies of headers and footers to the document, in which tab stops for centred and right-aligned text are at
    `factor` times their positions. Returns references to the copies.

    Raises:
        TypeError: a header or footer is not XML.
    """
    widened_references = []
    for reference in references:
        relation = document.part.rels[reference.get(_ID, "")]
        part = relation.target_part
        if not isinstance(part, XmlPart):
            raise TypeError(f"{part.partname} is not XML")
        kind = "header" if reference.tag == REFERENCES[0] else "footer"
        name = document.part.package.next_partname(f"/word/{kind}%d.xml")
        copy = type(part)(name, part.content_type, deepcopy(part.element), document.part.package)
        for inner_relation in part.rels.values():
            target = inner_relation.target_ref if inner_relation.is_external else inner_relation.target_part
            copy.rels.add_relationship(inner_relation.reltype, target, inner_relation.rId, inner_relation.is_external)
        for paragraph in copy.element.iter(qualify_name("w:p")):
            _widen_stops(paragraph, document.styles.element, factor)
        widened_reference = deepcopy(reference)
        widened_reference.set(_ID, document.part.relate_to(copy, relation.reltype))
        widened_references.append(widened_reference)
    return widened_references


def _widen_stops(paragraph: Element, styles: Element, factor: float) -> None:
    """Sets all tab stops of a paragraph, its own and those of its styles, in the paragraph itself. Centred and
    right-aligned ones are moved to `factor` times their positions, and cleared at their old ones.
    """
    properties = paragraph.find(_PROPERTIES)
    stops: dict[str, Element] = {}
    for inherited in reversed(list(_list_properties(properties, styles))):
        for stop in inherited.iterfind(f"{_TABS}/{qualify_name('w:tab')}"):
            stops[stop.get(_POSITION, "")] = stop
    moved = {position: stop for position, stop in stops.items() if stop.get(_VALUE) in _SCALED_ALIGNMENTS}
    if not moved:
        return
    if properties is None:
        properties = word("pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(_TABS):
        properties.remove(old)
    result = {position: deepcopy(stop) for position, stop in stops.items() if position not in moved}
    for position, stop in moved.items():
        result[position] = word("tab", val="clear", pos=position)
        widened = deepcopy(stop)
        widened.set(_POSITION, str(round(int(position) * factor)))
        result[widened.get(_POSITION, "")] = widened
    tabs = word("tabs", *(result[position] for position in sorted(result, key=int)))
    properties.insert(sum(child.tag in _BEFORE_TABS for child in properties), tabs)


def _list_properties(properties: Element | None, styles: Element) -> Iterator[Element]:
    """Yields the properties of a paragraph: its own, then those of its style and of the styles on which that is based."""
    by_id = {style.get(qualify_name("w:styleId")): style for style in styles.iterfind(qualify_name("w:style"))}
    seen: set[str | None] = set()
    style_reference = None
    if properties is not None:
        yield properties
        style_reference = properties.find(qualify_name("w:pStyle"))
    while style_reference is not None and (name := style_reference.get(_VALUE)) in by_id and name not in seen:
        seen.add(name)
        style = by_id[name]
        inherited = style.find(_PROPERTIES)
        if inherited is not None:
            yield inherited
        style_reference = style.find(qualify_name("w:basedOn"))
