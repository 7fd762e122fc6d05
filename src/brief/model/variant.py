"""A variant: one audience in one locale, resolved. Every format is written from this tree and nothing else.

Text is inline runs, numbers are words, citations and labels are numbered, and nothing withheld is left.
"""

import enum
from dataclasses import field
from decimal import Decimal
from typing import ClassVar, NamedTuple

from brief.model.align import Align
from brief.model.assets import Image
from brief.model.blocks import ChartKind, Tone
from brief.model.catalogue import Catalogue
from brief.model.inline import PrintedQuantity, Run, Runs, to_plain_text
from brief.model.prose import ProseParts
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBase:
    """What all blocks have: an anchor (`id`), and for the kinds that are numbered a `label`, such as "Table 2" in the locale.

    A block with `page_break` begins a page.
    """

    id: str
    heading: Runs | None = None
    label: str | None = None
    page_break: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(BlockBase):
    """A paragraph of running text."""

    KIND: ClassVar = "paragraph"
    text: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(BlockBase):
    """Long text: paragraphs, headings, lists, quotations, code and tables, in order."""

    KIND: ClassVar = "prose"
    parts: ProseParts[Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock(BlockBase):
    """A list of bullets, or of numbers if `ordered`; the items that the audience may see."""

    KIND: ClassVar = "list"
    ordered: bool
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The header of a column of a table, and how its cells are aligned."""

    title: Runs
    align: Align


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpan:
    """A cell that takes several rows or columns. The cells that it covers are empty."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadGroup:
    """A header above the headers of `columns` adjacent columns, of which `column` is the first; without a title nothing
    is printed there.
    """

    column: int
    columns: int
    title: Runs | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(BlockBase):
    """Every row has one cell for each column; the first column is the header of its row.

    `groups` covers all columns, or is empty. `totals` lists the rows, counted from 0, that sum up others.
    """

    KIND: ClassVar = "table"
    title: Runs
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    note: Runs | None
    groups: tuple[HeadGroup, ...] = ()
    spans: tuple[CellSpan, ...] = ()
    totals: tuple[int, ...] = ()


class OpenEnd(enum.StrEnum):
    """On which side of a number the true value lies."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A drawn number in the chart's unit, and the same number in words. `low` and `high` bound a range.

    `value` is None where there is no figure. `open_end` says that the true value lies above the number or below it
    ("more than 200"), `is_labelled` that the author wants the number beside its point, `is_total` that it is a
    subtotal of a waterfall, and `is_accent` that its bar is coloured and all others are grey.

    On a timeline numbers are days, of which 1 January of the year 1 is the first (`datetime.date.toordinal`), and a
    period lasts from its first day to the day after its last.
    """

    value: Decimal | None
    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    open_end: OpenEnd | None = None
    is_projected: bool = False
    is_labelled: bool = False
    is_total: bool = False
    is_accent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One point for each of the chart's categories, in their order.

    `unit` is the unit of this series alone, and `ticks` divide its axis; only in a scatter chart, whose series differ
    in both.
    """

    title: str
    points: tuple[Point, ...]
    unit: str = ""
    ticks: tuple[Point, ...] = ()
    is_accent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Words at a category, or at the point of one series there. `sentence` is a sentence with these words and what they
    are about.
    """

    category: int
    series: int | None
    text: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(BlockBase):
    """A chart of figures. `unit` is the unit of every value ("US$ billion", "亿美元"); empty for bare counts and on a
    timeline.

    `subtitle` says above the chart what is drawn: measure, unit and period. `description` is its alternative text: its
    kind, extent and title, and what the author says it shows. `is_hero` marks the main exhibit of its theme, and
    `is_upright` bars that are side by side if their texts have room. `ticks`
    divide the scale of a timeline, and the value axis of lines with many points. `projection` is what projected figures
    are called, and `location` is where the author wrote the chart. It is drawn `width` CSS pixels wide: 640 of them are
    169 mm, the text column of an A4 page.
    """

    KIND: ClassVar = "chart"
    title: Runs
    chart_kind: ChartKind
    description: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    subtitle: str = ""
    ticks: tuple[Point, ...] = ()
    projection: str = ""
    annotations: tuple[Annotation, ...] = ()
    is_hero: bool = False
    is_upright: bool = False
    width: int = 640
    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)
    citation: Runs
    note: Runs | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout(BlockBase):
    """A framed remark with its tone; `title` is None if the tone alone labels it."""

    KIND: ClassVar = "callout"
    tone: Tone
    title: Runs | None
    text: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(BlockBase):
    """A quotation, and who said or wrote it."""

    KIND: ClassVar = "quote"
    text: Runs
    attribution: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event. `when` is its period as the locale writes it."""

    when: str
    text: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(BlockBase):
    """Dated events, from top to bottom."""

    KIND: ClassVar = "timeline"
    title: Runs
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A headline figure with its unit, as the locale writes it and as data, and what it measures."""

    value: str
    quantity: PrintedQuantity | None = None
    label: Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(BlockBase):
    """Headline figures in a row of tiles."""

    KIND: ClassVar = "metrics"
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(BlockBase):
    """A picture with its title. `description` is its alternative text; `note`, if any, is printed below it."""

    KIND: ClassVar = "figure"
    image: Image
    title: Runs
    description: str
    note: Runs | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vega(BlockBase):
    """A chart drawn from a Vega-Lite specification. `specification` is JSON that includes the data and words; its colours
    are names of roles.

    `formats` is JSON too: how numbers and dates are written. `tables` has the figures that the chart draws, and
    `location` is where the author wrote the block.
    """

    KIND: ClassVar = "vega"
    title: Runs
    description: str
    specification: str
    formats: str
    tables: tuple[Table, ...]
    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)
    citation: Runs
    note: Runs | None


Block = Paragraph | Prose | ListBlock | Table | Chart | Callout | Quote | Timeline | Metrics | Figure | Vega


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A theme as this audience reads it. `id` is the anchor, `number` counts from 1; an appendix shows its `letter` instead."""

    id: str
    number: int
    title: Runs
    finding: Runs | None = None
    summary: Runs
    takeaways: tuple[Runs, ...]
    blocks: tuple[Block, ...]
    letter: str = ""
    page_break: bool = False

    @property
    def ordinal(self) -> str:
        return self.letter or str(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One line of the source list. `notes`, on its evidence, are printed below it.

    `language` is the language of the document. `links` has lines with links to the document and to the passages that the
    variant draws on.
    """

    number: int
    anchor: str
    title: Runs
    publisher: str
    author: str | None
    date: str
    language: str
    notes: tuple[Runs, ...]
    links: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """One line of "Who is who". `mentions` has the numbers of the sections that name the term."""

    id: str
    kind: str
    name: str
    owner: str | None
    says: Runs
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs from an earlier variant: a title, and one paragraph for each section that differs."""

    title: str
    entries: tuple[Runs, ...]


NumberedBlock = Table | Chart | Timeline | Figure | Vega


class Exhibit(NamedTuple):
    """One line of the list of tables and figures; `id` is the anchor of the block."""

    id: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What one audience reads in one locale. `date` is ISO 8601, `date_text` its localised form.

    `cut_off_text` says up to which day the sources were collected, in words ready to print.

    `changes` is None unless it was requested and something changed. `rounding` says how figures of sources are rounded, if
    the project rounds them all.
    """

    brief: str
    audience: str
    locale: str
    title: str
    subtitle: str | None
    publisher: str
    audience_title: str
    marking: str | None
    date: str
    date_text: str
    cut_off_text: str | None = None
    introduction: Runs | None
    sections: tuple[Section, ...]
    terms: tuple[TermEntry, ...]
    sources: tuple[SourceEntry, ...]
    template_set: str
    catalogue: Catalogue = field(repr=False)
    changes: Changes | None = None
    compact: bool | None = None
    rounding: str = ""

    def list_exhibits(self) -> tuple[Exhibit, ...]:
        """Returns the tables and figures in reading order."""
        return tuple(
            Exhibit(block.id, block.label, to_plain_text(block.title))
            for section in self.sections
            for block in section.blocks
            if isinstance(block, NumberedBlock) and block.label
        )

    @property
    def is_compact(self) -> bool:
        """Whether the variant has no cover page and no contents, and no theme starts a page.

        Unless the audience sets `compact`, a variant is compact if it has at most as many blocks as sections, not counting
        headline figures.
        """
        if self.compact is not None:
            return self.compact
        count = sum(not isinstance(block, Metrics) for section in self.sections for block in section.blocks)
        return count <= len(self.sections)
