"""The parts of an imported document with their locations, in one form for all formats."""

import enum
from collections.abc import Sequence
from dataclasses import field, replace

from brief.model.align import Align
from brief.model.blocks import Tone
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Code,
    Emphasis,
    Footnote,
    Formula,
    LineBreak,
    Link,
    ShiftedText,
    Strong,
    Text,
)
from brief.model.prose import ProsePart, ProseTable, list_texts
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation


class SpanForm(enum.Enum):
    """The form of a piece of text."""

    TEXT = "text"
    CODE = "code"
    SUPERSCRIPT = "raised"
    SUBSCRIPT = "lowered"
    BREAK = "break"
    FORMULA = "formula"
    FOOTNOTE = "note"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with its formatting; `url` is the address that it links to, or empty.

    The text of a `FORMULA` is LaTeX. A `FOOTNOTE` has no text but paragraphs in `note`, and a `BREAK` has neither.
    """

    text: str
    kind: SpanForm = SpanForm.TEXT
    strong: bool = False
    emphasis: bool = False
    url: str = ""
    note: "tuple[tuple[Span, ...], ...]" = ()


Spans = tuple[Span, ...]
Part = ProsePart[Span]


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table of a document. A cell that is None is merged with the cell on its left.

    `groups` are the headers of groups of columns above the column headers, one for each column; empty without them.
    """

    headers: tuple[Spans | None, ...]
    rows: tuple[tuple[Spans | None, ...], ...]
    aligns: tuple[Align, ...]
    groups: tuple[Spans, ...] = ()


# Two header rows are a row of groups of columns above the row of column headers.
_GROUPED_HEADER_ROWS = 2


def make_table(
    rows: Sequence[tuple[Spans | None, ...]], aligns: tuple[Align, ...], header_rows: int = 1
) -> DocumentTable:
    """Makes a table from one or more rows, of which the first is the header row.

    If `header_rows` is 2 and there are more rows, the first row has the groups of columns and the second the headers.
    """
    if header_rows != _GROUPED_HEADER_ROWS or len(rows) <= _GROUPED_HEADER_ROWS:
        return DocumentTable(rows[0], tuple(rows[1:]), aligns)
    headers: list[Spans | None] = []
    groups: list[Spans] = []
    group: Spans = ()
    for upper, lower in zip(rows[0], rows[1], strict=True):
        group = group if upper is None else upper
        # A header without a group spans both rows: the lower cell is empty.
        spans_rows = lower == ()
        headers.append(group if spans_rows else lower)
        groups.append(() if spans_rows else group)
    return DocumentTable(tuple(headers), tuple(rows[2:]), aligns, tuple(groups) if any(groups) else ())


def make_plain_table(table: DocumentTable) -> ProseTable[Span]:
    """Makes a table within a text: the groups become the header row, and merged cells empty cells."""
    header, *rows = (tuple(cell or () for cell in row) for row in (table.groups, table.headers, *table.rows) if row)
    return ProseTable(table.aligns, header, tuple(rows))


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A picture of a document; `name` is its file name in the document."""

    name: str
    data: bytes = field(repr=False)
    description: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class DocumentCallout:
    """A paragraph set off from the text, such as a note or a warning."""

    tone: Tone
    text: Spans


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of the table or picture before or after it; if `is_of_table`, only of a table."""

    text: Spans
    is_of_table: bool = False


@dataclass(frozen=True, slots=True)
class DocumentHeading:
    """A heading of the document; `level` counts from 1."""

    level: int
    text: Spans


Content = Part | DocumentTable | DocumentPicture | DocumentCallout | Caption | DocumentHeading


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A part of the document and where it is; with `starts_page`, a page break comes before it."""

    content: Content
    location: SourceLocation
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document in reading order. `title` is empty if it has none."""

    title: Spans
    title_location: SourceLocation
    parts: tuple[DocumentPart, ...]


@dataclass(slots=True)
class LossReport:
    """Reports the parts of a document that have no counterpart in content, so that nothing is lost silently."""

    sink: DiagnosticSink

    def omit(self, location: SourceLocation, what: str, words: str = "", hint: str | None = None) -> None:
        """Reports that something was left out, and quotes all its words. The default hint is to add it by hand."""
        quoted = " ".join(words.split())
        message = f"{what} is left out" + (f": '{quoted}'" if quoted else "")
        self.sink.add_warning("import-omitted", location, message, hint or "add by hand what you need from it")

    def simplify(self, location: SourceLocation, message: str, hint: str | None = None) -> None:
        """Reports that words were kept in a simpler form; `message` is the whole message."""
        self.sink.add_warning("import-simplified", location, message, hint)

    def report_extra_header_rows(self, location: SourceLocation, number: int) -> None:
        """Reports a number of header rows that is too large, so that all but the first become rows of the table."""
        if number > _GROUPED_HEADER_ROWS:
            self.simplify(location, f"a table has {number} header rows; only the first is kept as a header row")

    def assume(self, location: SourceLocation, message: str, hint: str | None = None) -> None:
        """Reports an assumption about something that content needs and the document does not say."""
        self.sink.add_warning("import-assumed", location, message, hint)


def embolden(text: Spans) -> Spans:
    """Returns the spans in bold."""
    return tuple(replace(span, strong=True) for span in text)


def join_spans(spans: "Spans | list[Span]") -> Spans:
    """Joins adjacent spans with the same formatting, and strips spaces and line breaks at both ends."""
    joined: list[Span] = []
    for span in spans:
        if span.kind in (SpanForm.TEXT, SpanForm.CODE) and not span.text:
            continue
        is_joinable = joined and span.kind not in (SpanForm.FOOTNOTE, SpanForm.BREAK, SpanForm.FORMULA)
        if is_joinable and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    while joined and _is_blank(joined[0]):
        joined.pop(0)
    while joined and _is_blank(joined[-1]):
        joined.pop()
    if joined and joined[0].kind is SpanForm.TEXT:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
    if joined and joined[-1].kind is SpanForm.TEXT:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def _is_blank(span: Span) -> bool:
    return span.kind is SpanForm.BREAK or (span.kind is SpanForm.TEXT and not span.text.strip())


def extract_words(spans: Spans) -> str:
    """Returns the words of the spans, with the words of footnotes in brackets."""
    words = ""
    for span in spans:
        if span.kind is SpanForm.FOOTNOTE:
            words += f" [{' '.join(map(extract_words, span.note))}] "
        else:
            words += " " if span.kind is SpanForm.BREAK else span.text
    return " ".join(words.split())


def extract_part_words(part: Part) -> str:
    """Returns the words of every text of the part."""
    return " ".join(filter(None, map(extract_words, list_texts((part,)))))


def flatten_runs(runs: AuthoredRuns) -> Spans:
    """Returns the runs of a content text as spans, for comparison with those that it was written from."""
    spans: list[Span] = []
    for run in runs:
        _flatten(run, Span(""), spans)
    return tuple(spans)


def _flatten(run: AuthoredRun, format_: Span, spans: list[Span]) -> None:
    """Appends the spans of a run to `spans`, with the formatting of `format_`."""
    match run:
        case Text(text):
            spans.append(replace(format_, text=text))
        case Code(text):
            spans.append(replace(format_, text=text, kind=SpanForm.CODE))
        case ShiftedText(text, is_raised):
            spans.append(replace(format_, text=text, kind=SpanForm.SUPERSCRIPT if is_raised else SpanForm.SUBSCRIPT))
        case LineBreak():
            spans.append(Span("", SpanForm.BREAK))
        case Formula(tex):
            spans.append(Span(tex, SpanForm.FORMULA))
        case Footnote(paragraphs):
            spans.append(Span("", SpanForm.FOOTNOTE, note=tuple(map(flatten_runs, paragraphs))))
        case Strong(children) | Emphasis(children) | Link(_, children):
            inner = format_
            if isinstance(run, Link):
                inner = replace(format_, url=run.url)
            elif isinstance(run, Strong):
                inner = replace(format_, strong=True)
            else:
                inner = replace(format_, emphasis=True)
            for child in children:
                _flatten(child, inner, spans)
        case _:
            # Claims, citations and references do not occur in documents, so this is unequal to every span of one.
            spans.append(Span(repr(run), SpanForm.CODE))
