"""The parts of a document with their locations, independent of the format that it is read from."""

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
    """A piece of text with its formatting. A `FOOTNOTE` has paragraphs; the text of a `FORMULA` is LaTeX."""

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
    """A table of a document. A cell that is None is covered by the cell on its left; `groups` are the headers above the
    `heads`.
    """

    heads: tuple[Spans | None, ...]
    rows: tuple[tuple[Spans | None, ...], ...]
    aligns: tuple[Align, ...]
    groups: tuple[Spans, ...] = ()


# A head may have a second row, above it, with the groups of columns.
_GROUPED_HEAD_ROWS = 2


def make_table(
    rows: Sequence[tuple[Spans | None, ...]], aligns: tuple[Align, ...], head_rows: int = 1
) -> DocumentTable:
    """Makes a table of all its rows. Of two head rows, the upper one has the groups of columns."""
    if head_rows != _GROUPED_HEAD_ROWS or len(rows) <= _GROUPED_HEAD_ROWS:
        return DocumentTable(rows[0], tuple(rows[1:]), aligns)
    heads: list[Spans | None] = []
    groups: list[Spans] = []
    above: Spans = ()
    for upper, lower in zip(rows[0], rows[1], strict=True):
        above = above if upper is None else upper
        is_joined = lower == ()
        heads.append(above if is_joined else lower)
        groups.append(() if is_joined else above)
    return DocumentTable(tuple(heads), tuple(rows[2:]), aligns, tuple(groups) if any(groups) else ())


def make_plain_table(table: DocumentTable) -> ProseTable[Span]:
    """Makes a table within a text, which has one head row and no joined cells."""
    head, *rows = (tuple(cell or () for cell in row) for row in (table.groups, table.heads, *table.rows) if row)
    return ProseTable(table.aligns, head, tuple(rows))


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A picture of a document; `name` is the name of its file there."""

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
    """The caption of the table or picture before or after it."""

    text: Spans


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
        """Reports that something was left out, and quotes all its words."""
        quoted = " ".join(words.split())
        message = f"{what} is left out" + (f": '{quoted}'" if quoted else "")
        self.sink.add_warning("import-omitted", location, message, hint or "add by hand what you need from it")

    def simplify(self, location: SourceLocation, message: str, hint: str | None = None) -> None:
        """Reports that words were kept without their formatting."""
        self.sink.add_warning("import-simplified", location, message, hint)

    def check_head_rows(self, location: SourceLocation, number: int) -> None:
        """Reports the head rows that become rows of the table."""
        if number > _GROUPED_HEAD_ROWS:
            self.simplify(location, f"a table has {number} head rows; only the first is kept as heads")

    def assume(self, location: SourceLocation, message: str, hint: str | None = None) -> None:
        """Reports an assumption about something that content needs and the document does not say."""
        self.sink.add_warning("import-assumed", location, message, hint)


def embolden(text: Spans) -> Spans:
    """Returns the text in bold."""
    return tuple(replace(span, strong=True) for span in text)


def join_spans(spans: "Spans | list[Span]") -> Spans:
    """Joins adjacent spans with the same formatting, and strips spaces at both ends."""
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
    """Returns the spans of a content text that was read back."""
    found: list[Span] = []
    for run in runs:
        _flatten(run, Span(""), found)
    return tuple(found)


def _flatten(run: AuthoredRun, form: Span, found: list[Span]) -> None:
    match run:
        case Text(text):
            found.append(replace(form, text=text))
        case Code(text):
            found.append(replace(form, text=text, kind=SpanForm.CODE))
        case ShiftedText(text, is_raised):
            found.append(replace(form, text=text, kind=SpanForm.SUPERSCRIPT if is_raised else SpanForm.SUBSCRIPT))
        case LineBreak():
            found.append(Span("", SpanForm.BREAK))
        case Formula(tex):
            found.append(Span(tex, SpanForm.FORMULA))
        case Footnote(paragraphs):
            found.append(Span("", SpanForm.FOOTNOTE, note=tuple(map(flatten_runs, paragraphs))))
        case Strong(children) | Emphasis(children) | Link(_, children):
            inner = form
            if isinstance(run, Link):
                inner = replace(form, url=run.url)
            elif isinstance(run, Strong):
                inner = replace(form, strong=True)
            else:
                inner = replace(form, emphasis=True)
            for child in children:
                _flatten(child, inner, found)
        case _:
            # Claims, citations and references do not occur in documents, so this is unequal to every span of one.
            found.append(Span(repr(run), SpanForm.CODE))
