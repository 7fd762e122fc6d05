"""Writes the texts of an imported document in the markup of content, and verifies that each reads back unchanged.

A text that reads back differently is written without formatting, which is reported; if it still differs, that is an
error. An omission in the escaping can therefore never make content differ from the document.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProseQuotation,
    ProseTable,
    list_texts,
)
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import (
    LossReport,
    Part,
    Span,
    SpanForm,
    Spans,
    extract_part_words,
    extract_words,
    join_spans,
)
from brief.reading.documents.markup_writer import SPECIAL, URL_SPECIAL, ProseComposer, percent_encode, write_inline
from brief.reading.documents.read_back import parts_read_back, reads_back
from brief.reading.texts import markup
from brief.reading.texts.formulas import FormulaError, read_formula
from brief.reading.texts.prose import MAX_DEPTH
from brief.reading.texts.raised_digits import raise_or_lower_digits

# The markers for strong words and emphasis, in the order in which they are tried.
_MARKERS = (("**", "*"), ("**", "_"), ("__", "*"))
_SCRIPT_TEXT = re.compile(r"[^\s~^\\]{1,60}")


@dataclass(slots=True)
class TextWriter:
    """Writes spans and parts, and reports what cannot be written unchanged."""

    report: LossReport

    def write_phrase(self, spans: Spans, location: SourceLocation, what: str) -> str:
        """Returns the markup of a text of one paragraph, such as a title or a cell; `what` names it in messages.

        Returns an empty string, and reports an error, if no markup reads back as the text.
        """
        plain = self._remove_prose_markup(spans, location, what)
        for markers in _MARKERS:
            source = write_inline(plain, markers, SPECIAL, None)
            if reads_back(source, plain, location):
                return source
        bare = tuple(replace(span, strong=False, emphasis=False) for span in plain)
        source = write_inline(join_spans(bare), _MARKERS[0], SPECIAL, None)
        if reads_back(source, bare, location):
            self.report.simplify(location, f"emphasis in {what} is not kept: '{extract_words(spans)}'")
            return source
        self._refuse(location, what, extract_words(spans))
        return ""

    def write_prose(self, parts: Sequence[tuple[Part, SourceLocation]]) -> str:
        """Returns the markup of a prose block of one or more parts; empty, with an error, if none reads back."""
        limited = [(_limit_depth(part, 0, self.report, location), location) for part, location in parts]
        writable, markers_of_parts = [], []
        for part, location in limited:
            writable_part, markers = self._choose_markers(part, location)
            writable.append(writable_part)
            markers_of_parts.append(markers)
        for markers in dict.fromkeys(markers_of_parts):
            source = ProseComposer(markers).write(writable)
            if parts_read_back(source, writable, limited[0][1]):
                return source
        bare = [_strip_formatting(part) for part in writable]
        source = ProseComposer(_MARKERS[0]).write(bare)
        if parts_read_back(source, bare, limited[0][1]):
            self.report.simplify(
                limited[0][1], "emphasis in a text is not kept, because its markers would be ambiguous"
            )
            return source
        self._refuse(limited[0][1], "a text", " ".join(map(extract_part_words, writable)))
        return ""

    def _choose_markers(self, part: Part, location: SourceLocation) -> tuple[Part, tuple[str, str]]:
        """Returns the part, and the markers with which it alone reads back unchanged.

        If there are none, it is the part without emphasis, or an empty paragraph, which is reported.
        """
        for markers in _MARKERS:
            if parts_read_back(ProseComposer(markers).write([part]), [part], location):
                return part, markers
        bare = _strip_formatting(part)
        if parts_read_back(ProseComposer(_MARKERS[0]).write([bare]), [bare], location):
            self.report.simplify(location, f"emphasis is not kept: '{extract_part_words(part)}'")
            return bare, _MARKERS[0]
        self._refuse(location, "a paragraph", extract_part_words(part))
        return ProseParagraph(()), _MARKERS[0]

    def _remove_prose_markup(self, spans: Spans, location: SourceLocation, what: str) -> Spans:
        """Returns the spans without the markup that only prose blocks allow, and reports what is lost."""
        supported: list[Span] = []
        for span in spans:
            match span.kind:
                case SpanForm.FOOTNOTE:
                    words = " ".join(map(extract_words, span.note))
                    self.report.omit(location, f"the footnote of {what}", words, "write it in the text itself")
                case SpanForm.BREAK:
                    supported.append(Span(" "))
                case SpanForm.FORMULA:
                    self.report.simplify(location, f"a formula in {what} is kept as code: '{span.text}'")
                    supported.append(Span(span.text, SpanForm.CODE))
                case SpanForm.SUPERSCRIPT | SpanForm.SUBSCRIPT if digits := raise_or_lower_digits(
                    span.text, is_raised=span.kind is SpanForm.SUPERSCRIPT
                ):
                    supported.append(replace(span, text=digits, kind=SpanForm.TEXT))
                case SpanForm.SUPERSCRIPT | SpanForm.SUBSCRIPT:
                    self.report.simplify(
                        location,
                        f"'{span.text}' in {what} is not kept as a superscript or subscript",
                        "write the Unicode character, such as ² or ₂, if there is one",
                    )
                    supported.append(replace(span, kind=SpanForm.TEXT))
                case _:
                    supported.append(span)
        return join_spans(supported)

    def _refuse(self, location: SourceLocation, what: str, words: str) -> None:
        self.report.sink.add_error(
            "import-unwritable",
            location,
            f"{what} cannot be written as content: '{words[:200]}'",
            "simplify its formatting in the document, or shorten it",
        )


def is_phrase(spans: Spans) -> bool:
    """Returns whether the spans are only text and code, which every text of one paragraph can contain."""
    return all(span.kind in (SpanForm.TEXT, SpanForm.CODE) for span in spans)


def remove_unsupported(spans: Spans, location: SourceLocation, report: LossReport) -> Spans:
    """Returns the spans without what content does not allow, and reports what is lost.

    These are links to other schemes or within the document, formulas that cannot be read, long superscripts and
    subscripts, and footnotes within footnotes.
    """
    supported: list[Span] = []
    for span in spans:
        if span.url and not _is_allowed_url(span.url):
            target = "within the document" if span.url.startswith("#") else f"to '{span.url}'"
            hint = "write [](#id) with the id of a block" if span.url.startswith("#") else "use https: or mailto:"
            report.simplify(location, f"the link {target} of '{span.text}' is not kept", hint)
            span = replace(span, url="")
        if span.kind is SpanForm.FORMULA:
            try:
                read_formula(span.text, is_display=False)
            except FormulaError as problem:
                report.simplify(location, f"the formula '{span.text}' is kept as code: {problem.message}", problem.hint)
                span = Span(span.text, SpanForm.CODE)
        elif span.kind in (SpanForm.SUPERSCRIPT, SpanForm.SUBSCRIPT) and not _SCRIPT_TEXT.fullmatch(span.text):
            report.simplify(location, f"'{span.text}' is not kept as a superscript or subscript")
            span = replace(span, kind=SpanForm.TEXT)
        elif span.kind is SpanForm.FOOTNOTE:
            paragraphs = [
                remove_unsupported(
                    tuple(each for each in paragraph if each.kind is not SpanForm.FOOTNOTE), location, report
                )
                for paragraph in span.note
            ]
            for inner in (inner for paragraph in span.note for inner in paragraph if inner.kind is SpanForm.FOOTNOTE):
                report.omit(location, "a footnote within a footnote", " ".join(map(extract_words, inner.note)))
            span = Span("", SpanForm.FOOTNOTE, note=tuple(filter(None, map(join_spans, paragraphs))))
            if not span.note:
                continue
        supported.append(span)
    return join_spans(supported)


def _is_allowed_url(url: str) -> bool:
    sink, here = DiagnosticSink(), SourceLocation("")
    runs = markup.parse(f"[a](<{URL_SPECIAL.sub(percent_encode, url)}>)", here, lambda _: here, sink)
    return not has_errors(sink.found) and not url.startswith("#") and len(runs) == 1


def _strip_formatting(part: Part) -> Part:
    """Returns the part without strong words and emphasis; its links and other forms remain."""
    return map_texts(part, lambda text: join_spans(tuple(replace(span, strong=False, emphasis=False) for span in text)))


def map_texts(part: Part, change: Callable[[Spans], Spans]) -> Part:
    """Returns the part with `change` applied to each of its texts, except code and formulas."""
    match part:
        case ProseList(is_ordered, start, entries):
            inner = tuple(tuple(map_texts(each, change) for each in entry) for entry in entries)
            return ProseList(is_ordered, start, inner)
        case ProseQuotation(parts):
            return ProseQuotation(tuple(map_texts(each, change) for each in parts))
        case ProseTable(aligns, heads, rows):
            return ProseTable(aligns, tuple(map(change, heads)), tuple(tuple(map(change, row)) for row in rows))
        case ProseCode() | ProseFormula():
            return part
        case ProseHeading(level, text):
            return ProseHeading(level, change(text))
        case ProseParagraph(text):
            return ProseParagraph(change(text))


def _limit_depth(part: Part, depth: int, report: LossReport, location: SourceLocation) -> Part:
    """Returns the part with lists and quotations nested no deeper than content allows, and reports those that are lost.

    `depth` is the number of lists and quotations around the part.
    """
    if not isinstance(part, ProseList | ProseQuotation):
        return part
    if depth + 1 >= MAX_DEPTH and any(isinstance(each, ProseList | ProseQuotation) for each in _list_inner_parts(part)):
        report.simplify(location, f"lists and quotations nested deeper than {MAX_DEPTH} levels are kept as paragraphs")
        if isinstance(part, ProseQuotation):
            return ProseQuotation(tuple(ProseParagraph(text) for text in list_texts(part.parts) if text))
        entries = tuple(tuple(ProseParagraph(text) for text in list_texts(entry) if text) for entry in part.entries)
        return ProseList(part.is_ordered, part.start, entries)
    if isinstance(part, ProseQuotation):
        return ProseQuotation(tuple(_limit_depth(each, depth + 1, report, location) for each in part.parts))
    inner = tuple(tuple(_limit_depth(each, depth + 1, report, location) for each in entry) for entry in part.entries)
    return ProseList(part.is_ordered, part.start, inner)


def _list_inner_parts(part: ProseList[Span] | ProseQuotation[Span]) -> Iterator[Part]:
    if isinstance(part, ProseQuotation):
        yield from part.parts
    else:
        for entry in part.entries:
            yield from entry
