"""Footnotes: the references of citations at the bottom of the page (ECMA-376 part 1, 17.11).

A citation has the number of its source, so the mark in the text is a custom one, which Word does not count. Word does
not repeat such a mark before the note, but LibreOffice does. So the note begins with a number that only Word shows.
Word counts authors' notes, in letters.
"""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap
from docx.parts.document import DocumentPart
from lxml import etree

from brief.writers.docx.reference.styles import put_setting
from brief.writers.ooxml.elements import Element, parse_part, qualify_name, serialise_part, word

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_HEADER_AND_FOOTER = (qualify_name("w:headerReference"), qualify_name("w:footerReference"))
_ID, _KIND = qualify_name("w:id"), qualify_name("w:type")


class Footnotes:
    """The notes of a document. New notes come after those of the reference document, such as separators.

    Raises:
        ValueError: a note of the reference document has an id that is not a number.
    """

    def __init__(self, document: DocumentPart) -> None:
        self._document = document
        self._part: Part | None = next(
            (
                relation.target_part
                for relation in document.rels.values()
                if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES
            ),
            None,
        )
        self._root = parse_part(self._part.blob) if self._part is not None else _build_separators()
        self._first_id = 1 + max((_read_id(note) for note in self._root.iter(qualify_name("w:footnote"))), default=0)
        self._notes: list[Element] = []
        self._has_counted = False

    def add(self, *content: Element, is_counted: bool = False) -> int:
        """Adds a note with these paragraphs and returns its id. `is_counted` says that Word numbers the note."""
        self._has_counted |= is_counted
        number = self._first_id + len(self._notes)
        self._notes.append(word("footnote", *content, id=number))
        return number

    def close(self) -> None:
        """Writes the notes into their part. Without notes, no part is created."""
        if self._part is None and not self._notes:
            return
        self._root.extend(self._notes)
        self._drop_unreferenced()
        data = serialise_part(self._root)
        if self._part is not None:
            self._part._blob = data
        else:
            part = Part(PackURI("/word/footnotes.xml"), _TYPE, data, self._document.package)
            self._document.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
            self._declare_separators()
        if self._has_counted:
            self._count_in_letters()

    def _drop_unreferenced(self) -> None:
        """Removes notes whose marks were in text of the reference document that was replaced."""
        body: Element = self._document.element
        referenced = {reference.get(_ID) for reference in body.iter(qualify_name("w:footnoteReference"))}
        for note in self._root.findall(qualify_name("w:footnote")):
            if note.get(_KIND, "normal") == "normal" and note.get(_ID) not in referenced:
                self._root.remove(note)

    def _declare_separators(self) -> None:
        """Lists the separators in the settings (17.11.9), where Word looks for them."""
        settings: Element = self._document.settings.element
        existing = settings.find(qualify_name("w:footnotePr"))
        properties = word("footnotePr") if existing is None else existing
        for old in properties.findall(qualify_name("w:footnote")):
            properties.remove(old)
        properties.extend(word("footnote", id=_read_id(separator)) for separator in _build_separators())
        put_setting(settings, properties)

    def _count_in_letters(self) -> None:
        """Numbers automatic footnotes with lower-case letters (17.11.18), in every section (17.11.11)."""
        body: Element = self._document.element
        for section in body.iter(qualify_name("w:sectPr")):
            for old in section.findall(qualify_name("w:footnotePr")):
                section.remove(old)
            before = [child for child in section if child.tag in _HEADER_AND_FOOTER]
            section.insert(len(before), word("footnotePr", word("numFmt", val="lowerLetter")))


def _read_id(note: Element) -> int:
    text = note.get(_ID, "")
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"a footnote has the id '{text[:20]}', which is not a number") from None


def _build_separators() -> Element:
    """Builds the two separators that Word expects: above the notes, and above notes continued from the page before."""
    root: Element = etree.Element(qualify_name("w:footnotes"), nsmap={"w": nsmap["w"], "r": nsmap["r"]})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        root.append(word("footnote", word("p", word("r", word(kind))), type=kind, id=number))
    return root
