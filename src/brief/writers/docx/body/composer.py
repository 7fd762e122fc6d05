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
from brief.resolve.typesetting import join_sign
from brief.writers.docx.body.anchors import BookmarkNames
from brief.writers.docx.body.character_styles import ensure_stress_style, ensure_theme_name_style
from brief.writers.docx.body.footnotes import Footnotes
from brief.writers.docx.body.numbering import restart_numbering
from brief.writers.docx.body.typesetting import JOINER, keep_with_citation, open_citation
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
_HAN_IN_NUMBER = re.compile(f"(?<=.)[{IDEOGRAPHS}]")
_NO_BREAK_SPACE = "\u00a0"
# Spaces as wide as a full stop and as a digit (Unicode, General Punctuation).
_PADDING = {".": "\u2008", "0": "\u2007"}


@dataclass(frozen=True, slots=True)
class RunFormat:
    """The format of a run: a character style, stress, its language if that is not the language of the page, and its
    `position` if it is above or below the line (`superscript`, `subscript`). `size` is in half points; None means the
    size of the paragraph.
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

    `width` is the width of the text area, in twentieths of a point, and `height` the space that it has for a drawing
    with its caption; `long_width` is the width on a landscape page, and `column_width` the width of each column of
    text. `references` maps the numbers of sources to their lines in the source list, if footnotes also print these.
    `units` collects the Han characters within numbers.
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
        """Composes a paragraph in `style`, which is the name of a style or its id.

        `keep_next` keeps it on the page of the next paragraph, and `can_break` says that it may be divided over pages although
        its style keeps its lines together. `numbering` is the id of the numbering of a list; the
        paragraph is on its `level`. `indent` is in twentieths of a point.
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
        made = parse_word("p", properties)
        made.extend(content)
        return made

    def compose_caption(
        self, label: str | None, block: str, title: Runs, style: WordStyle = WordStyle.CAPTION
    ) -> Element:
        """Returns a caption kept with what follows; its number is a SEQ field, its label a bookmark for
        cross-references.
        """
        head = (
            [*self.add_bookmark(self.anchors.blocks[block], self.compose_label(label)), *self.compose_text("\u2002")]
            if label
            else []
        )
        return self.compose_paragraph(style, *head, *self.compose_runs(title), keep_next=True)

    def compose_label(self, label: str) -> list[Element]:
        """Composes a label such as "Table 2"; the number is a field that counts the labels of that kind (17.16.5.59)."""
        parts = _NUMBERED.fullmatch(label)
        run_format = RunFormat(WordStyle.CAPTION_LABEL)
        if parts is None:
            return self.compose_text(label, run_format)
        sequence = parts["before"].strip() or "Figure"
        number = int(parts["number"])
        # If Word would count differently, the field sets the printed number, so that updating fields changes nothing.
        reset = "" if number == self._sequences.get(sequence, 0) + 1 else f" \\r {number}"
        self._sequences[sequence] = number
        return [
            *self.compose_text(parts["before"], run_format),
            *build_complex_field(f"SEQ {sequence} \\* ARABIC{reset}", self.compose_text(parts["number"], run_format)),
            *self.compose_text(parts["after"], run_format),
        ]

    def mark_theme_name(self, content: list[Element]) -> list[Element]:
        """Returns the words of a heading, marked for running heads, which name it on the pages that follow (17.16.5.59,
        STYLEREF).
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
        """Returns a new instance of the ordered list's numbering, counted from 1 again."""
        return restart_numbering(self.part, self.styles[WordStyle.LIST_NUMBER])

    def compose_runs(self, runs: Runs, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Returns the runs as elements of a paragraph."""
        made: list[Element] = []
        for run in runs:
            if made and self.language.is_chinese and (isinstance(run, Citation) or is_grade(run)):
                made += keep_with_citation(made.pop())
            made += self._compose_run(run, run_format)
        return made

    def _compose_run(self, run: Run, run_format: RunFormat) -> list[Element]:
        match run:
            case Text(text, language):
                return self.compose_text(text, replace(run_format, language=language))
            case Number(text):
                self.units.update(_HAN_IN_NUMBER.findall(text))
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
                return self.mark_grade(target, text, name) if name else self.compose_reference(target, text, run_format)
            case _:
                assert_never(run)

    def compose_text(self, text: str, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Composes text as one run, or as several if East Asian and Latin punctuation meet."""
        return [
            parse_word("r", self._get_properties(run_format, hinted) + write_text_xml(piece))
            for piece, hinted in self.language.split_runs(text)
        ]

    def _get_properties(self, run_format: RunFormat, hinted: bool = False) -> str:
        """Returns run properties as XML: a style, and the face of marks that Latin and East Asian text share."""
        known = self._formats.get((run_format, hinted))
        if known is None:
            known = self._formats[run_format, hinted] = self._make_properties(run_format, hinted)
        return known

    def _make_properties(self, run_format: RunFormat, hinted: bool) -> str:
        style, strong, emphasis = run_format.style, run_format.strong, run_format.emphasis
        if style is None and strong:
            style, strong = WordStyle.STRONG, False
        elif style is None and emphasis:
            style, emphasis = WordStyle.EMPHASIS, False
        named = self.styles[style] if style else None
        if named is not None and (strong or emphasis):
            dots = self.language.emphasis_mark
            named = ensure_stress_style(self.part, named, strong=strong, emphasis=emphasis, dots=dots)
        properties = (
            word_xml("rStyle", val=named) if named else "",
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
        made = (
            open_citation(self.compose_text("[", run_format))
            if self.language.is_chinese
            else self.compose_text("[", run_format)
        )
        for position, number in enumerate(citation.numbers):
            made += self.compose_text(f",{_NO_BREAK_SPACE}", run_format) if position else []
            if number in citation.introduced and number in self.references:
                # LibreOffice treats what follows the mark as a part of it, up to a run without text.
                made += [self._compose_reference_footnote(number, run_format), parse_word("r", "<w:t/>")]
            else:
                made += self._link_source(number, self.compose_text(str(number), run_format))
        return [*made, *self.compose_text("]", run_format)]

    def _link_source(self, number: int, content: list[Element]) -> list[Element]:
        anchor = self.anchors.sources.get(number)
        return [self.compose_internal_link(anchor, content)] if anchor else content

    def _compose_reference_footnote(self, number: int, run_format: RunFormat) -> Element:
        """Returns the mark of a footnote that contains the reference."""
        mark = self._link_source(number, self.compose_text(str(number), RunFormat(WordStyle.ORDINAL)))
        words = (*self.compose_text("\u2002"), *self.compose_runs(self.references[number]))
        note = self.footnotes.add(self.compose_paragraph(WordStyle.FOOTNOTE, build_alternate_content(mark), *words))
        reference = word_xml("footnoteReference", customMarkFollows=1, id=note)
        return parse_word("r", self._get_properties(run_format) + reference + write_text_xml(str(number)))

    def _compose_author_note(self, note: Footnote[Run]) -> Element:
        """Returns the mark of an author's footnote, which Word counts in letters: numbers in the text mark sources."""
        raised = self._get_properties(RunFormat(position="superscript"))
        first, *others = (self.compose_runs(paragraph) for paragraph in note.paragraphs)
        mark = parse_word("r", raised + word_xml("footnoteRef"))
        number = self.footnotes.add(
            self.compose_paragraph(WordStyle.FOOTNOTE, mark, *self.compose_text("\u2002"), *first),
            *(self.compose_paragraph(WordStyle.FOOTNOTE, *other) for other in others),
            is_counted=True,
        )
        return parse_word("r", raised + word_xml("footnoteReference", id=number))

    def mark_grade(self, target: str, text: str, name: str) -> list[Element]:
        """Returns a raised mark that leads to the list of grades, and has its name as a tooltip (17.16.22)."""
        made = self.compose_text(text, RunFormat(WordStyle.CITATION))
        made = open_citation(made) if self.language.is_chinese else made
        return [word("hyperlink", *made, anchor=self.anchors.headings[target], tooltip=name, history=1)]

    def compose_reference(self, target: str, text: str, run_format: RunFormat = PLAIN_FORMAT) -> list[Element]:
        """Composes a REF field for a label, which Word updates with the label; for anything else a plain link."""
        anchor = self.anchors.blocks.get(target) or self.anchors.headings.get(target)
        if anchor is None:
            return self.compose_text(text, run_format)
        made = self.compose_text(text.replace(" ", _NO_BREAK_SPACE), replace(run_format, style=WordStyle.HYPERLINK))
        if self.anchors.labels.get(target) == text:
            return build_complex_field(f"REF {anchor} \\h \\* MERGEFORMAT", made)
        return [self.compose_internal_link(anchor, made)]

    def compose_link(self, url: str, content: Iterable[Element]) -> Element:
        relation = self.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return word("hyperlink", *content, r_id=relation, history=1)

    def compose_internal_link(self, anchor: str, content: Iterable[Element]) -> Element:
        """Returns a link inside the document."""
        return word("hyperlink", *content, anchor=anchor, history=1)

    def add_bookmark(self, name: str, content: Iterable[Element]) -> list[Element]:
        self._bookmarks += 1
        number = self._bookmarks
        return [word("bookmarkStart", id=number, name=name), *content, word("bookmarkEnd", id=number)]

    def take_drawing_id(self) -> int:
        """Returns the next id of a drawing, unique in the document (20.4.2.5)."""
        self._drawings += 1
        return self._drawings
