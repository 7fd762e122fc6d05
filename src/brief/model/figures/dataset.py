"""Datasets: tables of figures that belong to a source, as authored and as read."""

import enum
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import ClassVar

from brief.model.access import Clearance
from brief.model.figures.shared_digits import extend_to_place
from brief.model.record import dataclass
from brief.model.source_location import DecimalPlaces, Located, Reason, Ref, Slug, SourceLocation

# The key may contain brackets, such as "Gas [MWh]"; the names of the dataset and the column cannot.
_CELL = re.compile(r"(?P<dataset>[^/\[\]]+/[^/\[\]]+)\[(?P<key>.*)\]\.(?P<column>[^\[\]]+)", re.DOTALL)
_AROUND_COMMA = re.compile(r"\s*,\s*")


class KeyType(enum.StrEnum):
    """The type of a key column's values. Without one, a value is a period if it is written like one, otherwise a text."""

    PERIOD = "period"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetColumn(Located):
    """A column of a dataset. May be written as a plain unit if it needs nothing else.

    `header` is the text of its first cell, if that is not the name of the column. The figures of the file are multiplied
    by `factor`: 100 if a workbook stores 12.3% as 0.123. They print with `decimals` digits after the point, by default
    with as many as the most exact figure has; computed figures, such as totals, print all their decimals. `type` is for
    key columns: in a column of periods, `2026Q1` and `Q1 2026` become `2026-Q1`, and print in each language's form.
    A figure below `minimum` or above `maximum`, after `factor`, is an error, and so is one with decimals if `whole` is
    true, and an empty cell if `required` is true.
    """

    SHORTHAND: ClassVar = "unit"
    unit: str = "count"
    header: str | None = None
    factor: Decimal | None = None
    decimals: DecimalPlaces | None = None
    type: KeyType | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = False
    required: bool = False
    clearance: Clearance = Clearance.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldRows(Located):
    """Rows of a dataset that need a clearance: the rows whose key columns have the values in `where`."""

    where: Mapping[Slug, Ref]
    clearance: Clearance


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset(Located):
    """A table of figures in a file below `data/`: CSV, XLSX or ODS.

    Without `file`, a program gives the table: `Project.load(path, data={"source/dataset": frame})`. The first row of a
    file names the columns, and the values of the `key` columns name each row. `range` is the part of the sheet that
    contains it, as in B3:H203; `decimal` is the decimal mark of a CSV file, and of figures that a workbook or a program
    has as texts, by default a point. If you state it, the other mark, spaces and apostrophes may separate thousands. `allow` has the
    codes of warnings that are not reported for the dataset or its file, each with the reason.
    """

    id: Slug
    file: str | None = None
    sheet: str | None = None
    range: str | None = None
    decimal: str | None = None
    key: tuple[Ref, ...]
    columns: Mapping[Slug, DatasetColumn]
    rows: tuple[WithheldRows, ...] = ()
    clearance: Clearance = Clearance.PUBLIC
    allow: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of figures as read. `letter` is its name in a workbook, and empty for a CSV file.

    `places` says to which decimal place figures print, as a power of ten: -1 for 3 beside 33.3. It has one place for each
    clearance of rows, shared by all rows with at most that clearance. It is empty if all figures are whole, and has no
    place for figures that differ too much to share one.
    """

    name: str
    unit: str
    letter: str
    clearance: Clearance
    decimals: DecimalPlaces | None = None
    places: Mapping[Clearance, int] = field(default_factory=dict)

    def pad_figure(self, figure: Decimal, clearance: Clearance) -> Decimal:
        """Returns a figure with as many decimals as the other figures of the column, if they differ little: 3.0 beside 33.3,
        but 1,250 beside 0.00042. `clearance` is that of its row.

        Rows that need a higher clearance add no zeros, which would show how exact their figures are.
        """
        place = self.places.get(clearance)
        return figure if place is None else extend_to_place(figure, place)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as read: its number in the file, the values of its key, and a figure or None for each column of the table.

    A value may contain a comma, so that the joined key cannot be divided into its values again.
    """

    number: int
    key: tuple[str, ...]
    figures: tuple[Decimal | None, ...]
    clearance: Clearance


@dataclass(frozen=True, slots=True)
class DatasetTable:
    """The figures of a dataset. Rows are keyed by the joined values of the key columns: `shenzhen,2026-03`.

    `file` names the file and, in a workbook, its sheet, as diagnostics print them. `is_given` says that a program passed
    the table, and `is_partial` that rows which an audience may not see are left out. `types` maps key columns to their
    declared types.
    """

    file: str
    key: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    rows: Mapping[str, TableRow] = field(repr=False)
    is_given: bool = False
    is_partial: bool = False
    types: Mapping[str, KeyType] = field(default_factory=dict)

    def locate_cell(self, row: TableRow, column: TableColumn) -> SourceLocation:
        """Returns the location of the figure: `data/fleet.xlsx!Monthly!D17`, or a line of a CSV file."""
        if column.letter:
            return SourceLocation(f"{self.file}!{column.letter}{row.number}")
        if self.is_given:
            return SourceLocation(f"{self.file} row {row.number}, column {column.name}")
        return SourceLocation(self.file, row.number, 1)

    def get_cell_clearance(self, row: TableRow, column: TableColumn) -> Clearance:
        """Returns the clearance of a cell: the higher of the clearances of its row and its column."""
        return max(row.clearance, column.clearance)


def normalise_key(text: str) -> str:
    """Returns the joined key of a row as tables store it: in NFC, without space at its ends or around commas."""
    return _AROUND_COMMA.sub(",", unicodedata.normalize("NFC", text.strip()))


def split_cell_name(name: str) -> tuple[str, str, str] | None:
    """Returns the dataset, key and column of `source/dataset[key].column`; None if the name is not the name of a cell."""
    match = _CELL.fullmatch(name)
    return (match["dataset"], normalise_key(match["key"]), match["column"]) if match else None


def normalise_cell_name(name: str) -> str:
    """Returns a cell's name with its key as tables store it; any other name is unchanged."""
    parts = split_cell_name(name)
    return f"{parts[0]}[{parts[1]}].{parts[2]}" if parts else name
