"""Blocks as authored: the pieces of a theme, one type for each kind.

A block kind is added here and in `variant.py`; the type checker then names every place that has to handle it.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar

from brief.model.access import Clearance, Depth
from brief.model.source_location import Located, Ref, Slug
from brief.model.text import LocalisedText


class ChartKind(enum.StrEnum):
    BARS = "bars"
    GROUPED_BARS = "grouped-bars"
    LINE = "line"
    SLOPE = "slope"
    RANGE = "range"
    TIMELINE = "timeline"


class Tone(enum.StrEnum):
    """What a callout is for."""

    NOTE = "note"
    INSIGHT = "insight"
    WARNING = "warning"
    QUESTION = "question"


class Align(enum.StrEnum):
    START = "start"
    END = "end"
    CENTER = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBase(Located):
    """The fields of every block. `heading` belongs to the block, so that no heading is left without its text.

    If `audiences` is empty, every audience whose clearance and depth suffice sees the block.
    """

    id: Slug
    heading: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    depth: Depth = Depth.STANDARD
    audiences: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(BlockBase):
    KIND: ClassVar = "paragraph"
    text: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Located):
    """One entry of a list. Written as a bare text where it needs no clearance."""

    SHORTHAND: ClassVar = "text"
    text: LocalisedText
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock(BlockBase):
    KIND: ClassVar = "list"
    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Located):
    """A table column. `align: end` is for figures. Written as a bare title where it needs nothing else."""

    SHORTHAND: ClassVar = "title"
    title: LocalisedText
    align: Align = Align.START
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Located):
    """A table row with one cell for each column. Written as a bare list where it needs no clearance."""

    SHORTHAND: ClassVar = "cells"
    cells: tuple[LocalisedText, ...]
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(BlockBase):
    KIND: ClassVar = "table"
    title: LocalisedText
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: LocalisedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Located):
    """One line or set of bars: a claim with a quantity for each category."""

    title: LocalisedText
    claims: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(BlockBase):
    """Numbers drawn from claims, or on a timeline their periods.

    `description` says in a sentence what the chart shows, for those who do not see it.
    """

    KIND: ClassVar = "chart"
    title: LocalisedText
    chart: ChartKind
    description: LocalisedText
    categories: tuple[LocalisedText, ...]
    series: tuple[Series, ...]
    note: LocalisedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout(BlockBase):
    KIND: ClassVar = "callout"
    tone: Tone = Tone.NOTE
    title: LocalisedText | None = None
    text: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(BlockBase):
    KIND: ClassVar = "quote"
    text: LocalisedText
    attribution: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Located):
    """A point on a timeline, dated by a claim's period, which it also cites."""

    claim: Ref
    text: LocalisedText
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(BlockBase):
    KIND: ClassVar = "timeline"
    title: LocalisedText
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Located):
    """A headline number: a claim's quantity with a label of a few words."""

    claim: Ref
    label: LocalisedText
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics(BlockBase):
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


Block = Paragraph | ListBlock | Table | Chart | Callout | Quote | Timeline | Metrics | Figure
