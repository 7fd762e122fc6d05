"""Headers and footers of landscape pages: copies of the document's own, with tab stops that reach the wider margin.

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
_MOVED = ("right", "end", "center")
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
    found: dict[tuple[str, str], Element] = {}
    for section in document.sections:
        for child in section._sectPr:
            if child.tag in REFERENCES:
                found[str(child.tag), child.get(_TYPE, "default")] = child
    return list(found.values())


def widen_references(references: Sequence[Element], document: Document, factor: float) -> list[Element]:
    """Returns references to copies in which the positions of stops for centred and right-aligned text are multiplied by the factor."""
    made = []
    for reference in references:
        relation = document.part.rels[reference.get(_ID, "")]
        part = relation.target_part
        if not isinstance(part, XmlPart):
            raise TypeError(f"{part.partname} is not XML")
        kind = "header" if reference.tag == REFERENCES[0] else "footer"
        name = document.part.package.next_partname(f"/word/{kind}%d.xml")
        copy = type(part)(name, part.content_type, deepcopy(part.element), document.part.package)
        for inner in part.rels.values():
            target = inner.target_ref if inner.is_external else inner.target_part
            copy.rels.add_relationship(inner.reltype, target, inner.rId, inner.is_external)
        for paragraph in copy.element.iter(qualify_name("w:p")):
            _widen_stops(paragraph, document.styles.element, factor)
        widened = deepcopy(reference)
        widened.set(_ID, document.part.relate_to(copy, relation.reltype))
        made.append(widened)
    return made


def _widen_stops(paragraph: Element, styles: Element, factor: float) -> None:
    """Sets the tab stops in the paragraph itself, and clears the tab stops of its styles."""
    properties = paragraph.find(_PROPERTIES)
    stops: dict[str, Element] = {}
    for inherited in reversed(list(_list_properties(properties, styles))):
        for stop in inherited.iterfind(f"{_TABS}/{qualify_name('w:tab')}"):
            stops[stop.get(_POSITION, "")] = stop
    moved = {position: stop for position, stop in stops.items() if stop.get(_VALUE) in _MOVED}
    if not moved:
        return
    if properties is None:
        properties = word("pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(_TABS):
        properties.remove(old)
    kept = {position: deepcopy(stop) for position, stop in stops.items() if position not in moved}
    for position, stop in moved.items():
        kept[position] = word("tab", val="clear", pos=position)
        widened = deepcopy(stop)
        widened.set(_POSITION, str(round(int(position) * factor)))
        kept[widened.get(_POSITION, "")] = widened
    tabs = word("tabs", *(kept[position] for position in sorted(kept, key=int)))
    properties.insert(sum(child.tag in _BEFORE_TABS for child in properties), tabs)


def _list_properties(properties: Element | None, styles: Element) -> Iterator[Element]:
    """Lists the properties of a paragraph: its own, and those of its style and of the styles that this style is based
    on.
    """
    by_id = {style.get(qualify_name("w:styleId")): style for style in styles.iterfind(qualify_name("w:style"))}
    seen: set[str | None] = set()
    named = None
    if properties is not None:
        yield properties
        named = properties.find(qualify_name("w:pStyle"))
    while named is not None and (name := named.get(_VALUE)) in by_id and name not in seen:
        seen.add(name)
        style = by_id[name]
        inherited = style.find(_PROPERTIES)
        if inherited is not None:
            yield inherited
        named = style.find(qualify_name("w:basedOn"))
