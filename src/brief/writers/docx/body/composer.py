"""Composes paragraphs and runs, and counts bookmarks, drawings and captions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import assert_never

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.parts.document import DocumentPart

from brief.model.appearance.look import Look
from brief.model.catalogue import Catalogue
from brief.model.han import IDEOGRAPHS
from brief.model.inline import (
    Citation,
    Code,
    DigitPadding,
    Emphasis,
    Footnote,
    Formula,
    LineBreak,
    Link,
    Number,
    Reference,
    Run,
    Runs,
    ShiftedText,
    Strong,
    Text,
)
from brief.model.record import dataclass
from brief.resolve.citations import is_grade
from brief.resolve.columns import LONG_WORD
from brief.resolve.typesetting import join_sign
from brief.writers.docx.body.anchors import BookmarkNames
from brief.writers.docx.body.character_styles import ensure_emphasis_style, ensure_theme_name_style
from brief.writers.docx.body.footnotes import Footnotes
from brief.writers.docx.body.hyphenation import hyphenate_wide_words
from brief.writers.docx.body.numbering import restart_numbering
from brief.writers.docx.body.typesetting import JOINER, keep_with_citation, prevent_break_before
from brief.writers.docx.reference.languages import Language
from brief.writers.docx.reference.styles import WordStyle, WordStyleIds
from brief.writers.ooxml.elements import (
    Element,
    build_alternate_content,
    build_complex_field,
    parse_word,
    qualify_name,
    word,
    word_xml,
    write_text_xml,
)
from brief.writers.ooxml.formulas import compose_formula

_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>[0-9]+)(?P<after>.*)")
_HAN_IN_NUMBER = re.compile(f"(?<=[^{IDEOGRAPHS}])[{IDEOGRAPHS}]+")
_NO_BREAK_SPACE = "\u00a0"
# Spaces as wide as a full stop and as a digit (Unicode, General Punctuation).
_PADDING = {".": "\u2008", "0": "\u2007"}


@dataclass(frozen=True, slots=True)
class RunFormat:
    """The format of a run. `language` is a locale; None means the language of the document. `position` is `superscript`
    or `subscript`; None means on the line. `size` is in half points; None means the size of the paragraph.
    """

    style: WordStyle | None = None
    strong: bool = False
    emphasis: bool = False
    language: str | None = None
    position: str | None = None
    size: int | None = None


PLAIN_FORMAT = RunFormat()


@dataclass(slots=True)
class Composer:
    """Composes content as WordprocessingML, with the counters of a document.

    Lengths are in twentieths of a point: `width` is the width of the text area, `height` the height at which a drawing
    still fits on a page with its caption, `long_width` the width of the text area of a landscape page, and
    `column_width` the width of each column of text. `table_size` is the size of text in tables, in half points.
    `references` maps the numbers of sources to their entries in the source list if footnotes print these too; otherwise
    it is empty. `units` collects the Han characters after digits in numbers.
    """

    part: DocumentPart
    styles: WordStyleIds
    language: Language
    catalogue: Catalogue
    look: Look
    anchors: BookmarkNames
    width: int
    height: int
    long_width: int
    column_width: int
    table_size: int
    footnotes: Footnotes
    references: Mapping[int, Runs] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    _formats: dict[tuple[RunFormat, bool], str] = field(default_factory=dict)
    _bookmarks: int = 0
    _drawings: int = 0
    _sequences: dict[str, int] = field(default_factory=dict)

    def compose_paragraph(
        self,
        style: WordStyle | str,
        *content: Element,
        keep_next: bool = False,
        can_break: bool = False,
        numbering: int | None = None,
        level: int = 0,
        indent: int = 0,
    ) -> Element:
        """Composes a paragraph in `style`, which is a style or the id of one.

        `keep_next` keeps the paragraph on the page of the next one. `can_break` lets it continue on the next page
        although its style keeps its lines together. `numbering` is the id of a `w:num`, and `level` the level of the
        list, counted from 0. `indent` is in twentieths of a point.
        """
        properties = word_xml(
            "pPr",
            word_xml("pStyle", val=self.styles[style] if isinstance(style, WordStyle) else style),
            word_xml("keepNext") if keep_next else "",
            word_xml("keepLines", val=0) if can_break else "",
            word_xml("numPr", word_xml("ilvl", val=level), word_xml("numId", val=numbering))
            if numbering is not None
            else "",
            word_xml("ind", left=indent) if indent else "",
        )
        paragraph = parse_word("p", properties)
        paragraph.extend(content)
        return paragraph

    def compose_caption(
        self, label: str | None, block_id: str, title: Runs, style: WordStyle = WordStyle.CAPTION
    ) -> Element:
        """Composes a caption that stays with the next paragraph. The number in the label is a SEQ field; the label has
        a bookmark for cross-references.
        """
        start = (
            [*self.add_bookmark(self.anchors.blocks[block_id], self.compose_label(label)), *self.compose_text("\u2002")]
            if label
            else []
        )
        return self.compose_paragraph(style, *start, *self.compose_runs(title), keep_next=True)

    def compose_label(self, label: str) -> list[Element]:
        """Composes a label such as "Table 2"; the number is a field that counts the labels of that kind (17.16.5.59)."""
        match = _NUMBERED.fullmatch(label)
        run_format = RunFormat(WordStyle.CAPTION_LABEL)
        if match is None:
            return self.compose_text(label, run_format)
        sequence = match["before"].strip() or "Figure"
        number = int(match["number"])
        # If Word would count differently, the field sets the printed number, so that updating fields changes nothing.
        reset = "" if number == self._sequences.get(sequence, 0) + 1 else f" \\r {number}"
        self._sequences[sequence] = number
        return [
            *self.compose_text(match["before"], run_format),
            *build_complex_field(f"SEQ {sequence} \\* ARABIC{reset}", self.compose_text(match["number"], run_format)),
            *self.compose_text(match["after"], run_format),
        ]

    def compose_heading(self, runs: Runs) -> list[Element]:
        """Returns the runs of a heading. Words that may be wider than its line can be hyphenated."""
        elements = self.compose_runs(runs)
        hyphenate_wide_words(elements, self.language.tag, LONG_WORD)
        return elements

    def mark_theme_name(self, content: list[Element]) -> list[Element]:
        """Gives the runs of a heading the character style of the text that running heads repeat (17.16.5.59, STYLEREF).
        Modifies the runs and returns them.
        """
        style = ensure_theme_name_style(self.part)
        for run in content:
            properties = run.find(qualify_name("w:rPr"))
            if run.tag == qualify_name("w:r") and properties is None:
                run.insert(0, word("rPr", word("rStyle", val=style)))
            elif properties is not None and properties.find(qualify_name("w:rStyle")) is None:
                properties.insert(0, word("rStyle", val=style))
        return content

    def restart_list(self) -> int:
        """Adds an instance of the numbering of ordered lists, which starts at 1 again, and returns its id."""
        return restart_numbering(self.part, self.styles[WordStyle.LIST_NUMBER])

    def compose_runs(self, runs: Runs, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Returns the runs as elements of a paragraph."""
        elements: list[Element] = []
        for run in runs:
            if elements and self.language.is_chinese and (isinstance(run, Citation) or is_grade(run)):
                elements += keep_with_citation(elements.pop())
            elements += self._compose_run(run, run_format)
        return elements

    def _compose_run(self, run: Run, run_format: RunFormat) -> list[Element]:
        match run:
            case Text(text, language):
                return self.compose_text(text, replace(run_format, language=language))
            case Number(text):
                self.keep_units(text)
                return self.compose_text(join_sign(text.replace(" ", _NO_BREAK_SPACE), JOINER), run_format)
            case DigitPadding(text):
                return self.compose_text("".join(_PADDING[character] for character in text), run_format)
            case Code(text):
                return self.compose_text(text, replace(run_format, style=run_format.style or WordStyle.CODE))
            case Strong(children):
                return self.compose_runs(children, replace(run_format, strong=True))
            case Emphasis(children):
                return self.compose_runs(children, replace(run_format, emphasis=True))
            case Link(url, children):
                return [
                    self.compose_link(url, self.compose_runs(children, replace(run_format, style=WordStyle.HYPERLINK)))
                ]
            case ShiftedText(text, is_raised):
                return self.compose_text(
                    text, replace(run_format, position="superscript" if is_raised else "subscript")
                )
            case LineBreak():
                return [word("r", word("br"))]
            case Formula():
                return [compose_formula(run)]
            case Footnote():
                return [self._compose_author_note(run)]
            case Citation():
                return self.compose_citation(run)
            case Reference(target, text, name):
                return (
                    self.compose_grade(target, text, name) if name else self.compose_reference(target, text, run_format)
                )
            case _:
                assert_never(run)

    def keep_units(self, number: str) -> None:
        """Keeps the Han characters after digits in a number or date on the line of the digits."""
        self.units.update(*_HAN_IN_NUMBER.findall(number))

    def compose_text(self, text: str, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Composes text as one run, or as several if East Asian and Latin punctuation meet."""
        return [
            parse_word("r", self._get_properties(run_format, hinted) + write_text_xml(piece))
            for piece, hinted in self.language.split_runs(text)
        ]

    def _get_properties(self, run_format: RunFormat, hinted: bool = False) -> str:
        """Returns run properties as XML, empty if there are none. `hinted` says that the punctuation that Latin and
        East Asian text share is East Asian.
        """
        properties = self._formats.get((run_format, hinted))
        if properties is None:
            properties = self._formats[run_format, hinted] = self._make_properties(run_format, hinted)
        return properties

    def _make_properties(self, run_format: RunFormat, hinted: bool) -> str:
        style, strong, emphasis = run_format.style, run_format.strong, run_format.emphasis
        if style is None and strong:
            style, strong = WordStyle.STRONG, False
        elif style is None and emphasis:
            style, emphasis = WordStyle.EMPHASIS, False
        style_id = self.styles[style] if style else None
        if style_id is not None and (strong or emphasis):
            dots = self.language.emphasis_mark
            style_id = ensure_emphasis_style(self.part, style_id, strong=strong, emphasis=emphasis, dots=dots)
        properties = (
            word_xml("rStyle", val=style_id) if style_id else "",
            word_xml("rFonts", hint="eastAsia") if hinted else "",
            word_xml("sz", val=run_format.size) + word_xml("szCs", val=run_format.size) if run_format.size else "",
            word_xml("vertAlign", val=run_format.position) if run_format.position else "",
            word_xml("lang", **Language.from_locale(run_format.language).lang_attributes)
            if run_format.language
            else "",
        )
        return word_xml("rPr", *properties) if any(properties) else ""

    def compose_citation(self, citation: Citation) -> list[Element]:
        """Composes numbers in brackets, each linked to its line in the source list, or to a footnote with that line."""
        run_format = RunFormat(WordStyle.CITATION)
        elements = (
            prevent_break_before(self.compose_text("[", run_format))
            if self.language.is_chinese
            else self.compose_text("[", run_format)
        )
        for position, number in enumerate(citation.numbers):
            elements += self.compose_text(f",{_NO_BREAK_SPACE}", run_format) if position else []
            if number in citation.introduced and number in self.references:
                # LibreOffice treats what follows the mark as a part of it, up to a run without text.
                elements += [self._compose_reference_footnote(number, run_format), parse_word("r", "<w:t/>")]
            else:
                elements += self._link_source(number, self.compose_text(str(number), run_format))
        return [*elements, *self.compose_text("]", run_format)]

    def _link_source(self, number: int, content: list[Element]) -> list[Element]:
        anchor = self.anchors.sources.get(number)
        return [self.compose_internal_link(anchor, content)] if anchor else content

    def _compose_reference_footnote(self, number: int, run_format: RunFormat) -> Element:
        """Returns the mark of a footnote that contains the reference."""
        mark = self._link_source(number, self.compose_text(str(number), RunFormat(WordStyle.ORDINAL)))
        content = (*self.compose_text("\u2002"), *self.compose_runs(self.references[number]))
        note = self.footnotes.add(self.compose_paragraph(WordStyle.FOOTNOTE, build_alternate_content(mark), *content))
        reference = word_xml("footnoteReference", customMarkFollows=1, id=note)
        return parse_word("r", self._get_properties(run_format) + reference + write_text_xml(str(number)))

    def _compose_author_note(self, note: Footnote[Run]) -> Element:
        """Adds an author's footnote and returns its mark. Word counts these notes in letters, because numbers refer to
        sources.
        """
        raised = self._get_properties(RunFormat(position="superscript"))
        first, *others = (self.compose_runs(paragraph) for paragraph in note.paragraphs)
        mark = parse_word("r", raised + word_xml("footnoteRef"))
        number = self.footnotes.add(
            self.compose_paragraph(WordStyle.FOOTNOTE, mark, *self.compose_text("\u2002"), *first),
            *(self.compose_paragraph(WordStyle.FOOTNOTE, *other) for other in others),
            is_counted=True,
        )
        return parse_word("r", raised + word_xml("footnoteReference", id=number))

    def compose_grade(self, target: str, text: str, name: str) -> list[Element]:
        """Composes the raised symbol `text` of a grade: a link to the list of grades, the block `target`, with the
        grade's `name` as a tooltip (17.16.22).
        """
        runs = self.compose_text(text, RunFormat(WordStyle.CITATION))
        runs = prevent_break_before(runs) if self.language.is_chinese else runs
        return [word("hyperlink", *runs, anchor=self.anchors.headings[target], tooltip=name, history=1)]

    def compose_reference(self, target: str, text: str, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Composes a cross-reference to the block or section `target`. If `text` is its label, it is a REF field, which
        Word updates with the label; otherwise a link or, if the target has no bookmark, plain text.
        """
        anchor = self.anchors.blocks.get(target) or self.anchors.headings.get(target)
        if anchor is None:
            return self.compose_text(text, run_format)
        runs = self.compose_text(text.replace(" ", _NO_BREAK_SPACE), replace(run_format, style=WordStyle.HYPERLINK))
        if self.anchors.labels.get(target) == text:
            return build_complex_field(f"REF {anchor} \\h \\* MERGEFORMAT", runs)
        return [self.compose_internal_link(anchor, runs)]

    def compose_link(self, url: str, content: Iterable[Element]) -> Element:
        """Returns a link to a URL."""
        relationship_id = self.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return word("hyperlink", *content, r_id=relationship_id, history=1)

    def compose_internal_link(self, anchor: str, content: Iterable[Element]) -> Element:
        """Returns a link inside the document."""
        return word("hyperlink", *content, anchor=anchor, history=1)

    def add_bookmark(self, name: str, content: Iterable[Element]) -> list[Element]:
        """Returns the content between the start and the end of a bookmark."""
        self._bookmarks += 1
        number = self._bookmarks
        return [word("bookmarkStart", id=number, name=name), *content, word("bookmarkEnd", id=number)]

    def take_drawing_id(self) -> int:
        """Returns the next id of a drawing, unique in the document (20.4.2.5)."""
        self._drawings += 1
        return self._drawings


def keep_with_next(paragraph: Element) -> None:
    """Keeps a paragraph on the page of the next one. Modifies its properties."""
    properties = paragraph.find(qualify_name("w:pPr"))
    if properties is None or properties.find(qualify_name("w:keepNext")) is not None:
        return
    styles = len(properties.findall(qualify_name("w:pStyle")))
    properties.insert(styles, word("keepNext"))
