"""Footnotes: the references of citations at the foot of the page (ECMA-376 part 1, 17.11).

A note has the number that the source list gives the reference, so the number in the text is a mark of its own and not
one that Word counts.
"""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap
from docx.parts.document import DocumentPart
from lxml import etree

from brief.writers.docx.elements import Element, qualified, word

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class Footnotes:
    """The notes of a document, in order; those of the reference document, its separators above all, stay."""

    def __init__(self, part: DocumentPart) -> None:
        self._document = part
        self._notes: list[Element] = []

    def add(self, *content: Element) -> int:
        """Adds a note of one paragraph and gives its id."""
        number = 1 + len(self._notes)
        self._notes.append(word("footnote", *content, id=number))
        return number

    def close(self) -> None:
        """Writes the notes into the part that holds them. Without any, nothing is written."""
        if not self._notes:
            return
        found = [
            relation.target_part
            for relation in self._document.rels.values()
            if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES
        ]
        if found:
            root = etree.fromstring(found[0].blob, _PARSER)
            for note in root.findall(qualified("w:footnote")):
                if int(note.get(qualified("w:id"), "0")) > 0:
                    root.remove(note)
        else:
            root = _separators()
        root.extend(self._notes)
        data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        name = found[0].partname if found else PackURI("/word/footnotes.xml")
        part = Part(name, _TYPE, data, self._document.package)
        if found:
            found[0]._blob = data
        else:
            self._document.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
            self._announce_separators()

    def _announce_separators(self) -> None:
        """Names the separators in the settings (17.11.9), where Word looks for them."""
        settings: Element = self._document.settings.element
        names = [word("footnote", id=number) for number in (-1, 0)]
        following = next((settings.find(qualified(f"w:{tag}")) for tag in ("endnotePr", "compat")), None)
        if following is not None:
            following.addprevious(word("footnotePr", *names))


def _separators() -> Element:
    """The rule above the notes, and above what goes on from the page before: the two that Word expects to find."""
    root: Element = etree.Element(qualified("w:footnotes"), nsmap={"w": nsmap["w"], "r": nsmap["r"]})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        root.append(word("footnote", word("p", word("r", word(kind))), type=kind, id=number))
    return root
