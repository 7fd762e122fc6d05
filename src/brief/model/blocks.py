"""Blocks as authored: the pieces of a theme, one type for each kind.

A block kind is added here and in `variant.py`; the type checker then names every `match` that has to handle it.
`src/brief/README.md` lists the places that it does not cover.
"""

import enum
from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from brief.model.access import Clearance, Depth
from brief.model.align import Align
from brief.model.record import dataclass
from brief.model.source_location import Located, Reason, Ref, Slug
from brief.model.text import BreakableText, LocalisedText, ProseText

# The value in a series for a category without a figure.
NO_FIGURE = "none"


class ChartKind(enum.StrEnum):
    """How a chart draws its figures. `brief.model.chart_kinds` has the name of each kind and the data that it needs."""

    BARS = "bars"
    GROUPED_BARS = "grouped-bars"
    STACKED = "stacked"
    STACKED_100 = "stacked-100"
    LINE = "line"
    AREA = "area"
    SCATTER = "scatter"
    DUMBBELL = "dumbbell"
    WATERFALL = "waterfall"
    SLOPE = "slope"
    RANGE = "range"
    TIMELINE = "timeline"


class Tone(enum.StrEnum):
    """What a callout is for."""

    NOTE = "note"
    INSIGHT = "insight"
    WARNING = "warning"
    QUESTION = "question"


class PageBreak(enum.StrEnum):
    """A page break, in formats that have pages."""

    BEFORE = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBase(Located):
    """The fields of every block. `heading` belongs to the block, so that no heading is left without its text.

    `page_break: before` begins a page with the block. If `audiences` is empty, every audience whose clearance and depth
    suffice sees the block.

    `judgement` says that the block is our own view, which needs no claim. `allow` has the codes of warnings that are not
    reported for its texts, each with the reason.
    """

    id: Slug
    heading: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    depth: Depth = Depth.STANDARD
    audiences: tuple[Ref, ...] = ()
    page_break: PageBreak | None = None
    judgement: bool = False
    allow: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(BlockBase):
    """A paragraph of running text."""

    KIND: ClassVar = "paragraph"
    text: BreakableText


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(BlockBase):
    """Several paragraphs of CommonMark, with headings on levels below the block's heading, lists, tables, footnotes and
    formulas.
    """

    KIND: ClassVar = "prose"
    text: ProseText


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Located):
    """One entry of a list. May be written as a plain text if it needs no clearance."""

    SHORTHAND: ClassVar = "text"
    text: BreakableText
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock(BlockBase):
    """A list of bullets, or of numbers if `ordered`. Each item has a clearance of its own."""

    KIND: ClassVar = "list"
    items: tuple[Item, ...]
    ordered: bool = False


class Total(enum.StrEnum):
    """What the last row of a table from a dataset contains."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Located):
    """The words to print for one value of a key column: a route's name for `route-07`."""

    value: str
    text: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Located):
    """A table column. `align: end` is for figures. May be written as a plain title if it needs nothing else.

    Adjacent columns with the same `group` have it above them, in a second header row. With `merge`, equal cells that
    follow each other become one; with `cite_in_head`, the sources of all cells are cited once, in the header.

    In a table from a dataset, `column` is the dataset's column that it shows; `labels` are words for values of a key. With
    `total: false`, the last row has no total of the column.
    """

    SHORTHAND: ClassVar = "title"
    title: LocalisedText
    align: Align = Align.START
    clearance: Clearance = Clearance.PUBLIC
    group: LocalisedText | None = None
    merge: bool = False
    cite_in_head: bool = False
    column: Ref | None = None
    labels: tuple[Label, ...] = ()
    total: bool = True
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Located):
    """A table row with one cell for each column. May be written as a plain list if it needs nothing else.

    A cell that is only `<` is merged with the cell on its left. A row with `total` is marked as the sum of rows above.
    """

    SHORTHAND: ClassVar = "cells"
    cells: tuple[BreakableText, ...]
    total: bool = False
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(BlockBase):
    """Rows of cells as written, or rows of the dataset `from`: `source/dataset`.

    In a table from a dataset, `where` selects rows by the values of columns (`month: 2026-03`, `income: ">= 1000"`,
    `route: ["7", "12"]`), `order` names the column to sort by (`-income` for the largest first), `top` says how many
    rows are shown, and `total` adds a last row.
    """

    KIND: ClassVar = "table"
    title: LocalisedText
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    from_: Ref | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str | None = None
    top: int | None = None
    total: Total | None = None
    note: LocalisedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Located):
    """One line or set of bars: for each category a claim with a quantity, or `none` if there is no figure.

    In a chart from a dataset, `column` names the figures instead, and `where` selects rows of this series only. With
    `accent` the series is emphasised, and series without it are grey.
    """

    title: LocalisedText
    claims: tuple[Ref, ...] = ()
    column: Ref | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accent: bool = False

    @property
    def drawn_claims(self) -> tuple[Ref, ...]:
        """The claims, without the categories that have no figure."""
        return tuple(ref for ref in self.claims if ref.name != NO_FIGURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Located):
    """Words on a chart, at the point of a claim or at a category. `category` is its text or, in a chart from a dataset, the
    value of its key.
    """

    point: Ref | None = None
    category: str | None = None
    text: LocalisedText
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(BlockBase):
    """Numbers drawn from claims or from the dataset `from`, or on a timeline the periods of claims.

    `description` says in a sentence what the chart shows, for readers who do not see it. `measure` says above the chart
    what is counted, if there are several series. `label_points` names claims whose points are labelled on a line of
    many points. From the category of the claim `projected_from` on, all figures are projections, and so are the figures
    of the claims in `projected`. In a waterfall chart the claims in `subtotals` are drawn from zero, and checked
    against the changes. Bars of claims in `accent_points` are coloured, and all others are grey.

    `hero` says that the chart is the main exhibit of its theme, with a larger title and thicker bars. With
    `upright: true`, bars are vertical if all texts have room; with `false`, they are horizontal. By default only the bars
    of a few periods are vertical.

    In a chart from a dataset, the key column `category` gives the categories; the other options are as in a table.
    """

    KIND: ClassVar = "chart"
    title: LocalisedText
    chart: ChartKind
    description: LocalisedText
    categories: tuple[LocalisedText, ...] = ()
    series: tuple[Series, ...]
    measure: LocalisedText | None = None
    label_points: tuple[Ref, ...] = ()
    projected_from: Ref | None = None
    projected: tuple[Ref, ...] = ()
    subtotals: tuple[Ref, ...] = ()
    accent_points: tuple[Ref, ...] = ()
    hero: bool = False
    upright: bool | None = None
    annotations: tuple[Annotation, ...] = ()
    from_: Ref | None = None
    category: Ref | None = None
    labels: tuple[Label, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str | None = None
    top: int | None = None
    note: LocalisedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout(BlockBase):
    """A framed remark. `tone` decides its colour and label; `title` is None if the label is enough."""

    KIND: ClassVar = "callout"
    tone: Tone = Tone.NOTE
    title: LocalisedText | None = None
    text: BreakableText


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(BlockBase):
    """A quotation, and who said or wrote it."""

    KIND: ClassVar = "quote"
    text: BreakableText
    attribution: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Located):
    """A point on a timeline, dated by a claim's period, which it also cites."""

    claim: Ref
    text: BreakableText
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(BlockBase):
    """Dated events, from top to bottom."""

    KIND: ClassVar = "timeline"
    title: LocalisedText
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Located):
    """A headline number: a claim's quantity with a label of a few words."""

    claim: Ref
    label: LocalisedText
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(BlockBase):
    """Headline figures in a row of tiles."""

    KIND: ClassVar = "metrics"
    depth: Depth = Depth.SUMMARY
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(BlockBase):
    """A picture from the content's `assets/` folder."""

    KIND: ClassVar = "figure"
    image: Ref
    title: LocalisedText
    description: LocalisedText
    note: LocalisedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VegaData(Located):
    """Rows that a Vega-Lite specification draws; `name` is the name of its data set.

    Each of the `columns` names its field in `column`. The rows are written, with claims as placeholders, or selected
    from the dataset `from` as in a table.
    """

    name: Slug
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    from_: Ref | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str | None = None
    top: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vega(BlockBase):
    """A chart of claims and datasets, drawn from a Vega-Lite specification, which is a file in the content's `vega/` folder.

    `description` says in a sentence what the chart shows, for readers who do not see it.
    """

    KIND: ClassVar = "vega"
    title: LocalisedText
    specification: Ref
    description: LocalisedText
    data: tuple[VegaData, ...]
    note: LocalisedText | None = None


Block = Paragraph | Prose | ListBlock | Table | Chart | Callout | Quote | Timeline | Metrics | Figure | Vega
