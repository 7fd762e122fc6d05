"""Makes tables of exact figures from the rows of sheets: checks keys, columns and units, and reports each bad cell."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from brief.model.access import Clearance
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, find_nearest_name, suggest_name
from brief.model.diagnostics import has_errors
from brief.model.figures.dataset import (
    Dataset,
    DatasetTable,
    KeyType,
    TableColumn,
    TableRow,
    WithheldRows,
    normalise_key,
)
from brief.model.figures.shared_digits import extend_to_place, find_shared_place
from brief.model.record import dataclass
from brief.model.source_location import Slug, SourceLocation
from brief.reading.tables import sheets
from brief.reading.tables.cell_format_checks import check_cell_formats
from brief.reading.tables.column_figures import ColumnReader, format_cell, get_cell
from brief.reading.tables.decimal_marks import check_decimal_mark
from brief.reading.tables.frames import GivenTable
from brief.reading.tables.header_units import check_header_units
from brief.reading.tables.key_periods import find_period_notation, is_day_or_month_first, looks_like_other_notation
from brief.reading.tables.workbook_parts import ERRORS, UNCALCULATED, describe_hidden, get_column_letters
from brief.reading.text_file import report_harmful_characters

WORKBOOKS = (".xlsx", ".ods")
# Keys of a row that adds up others, so that a sum of the column would count them twice.
_TOTAL_ROW = re.compile(
    r"(sub|grand )?totals?|sum|(zwischen|gesamt)?summe|(ins)?gesamt|sous-total|total général|ensemble|総?合?計|小計|"
    r"[合总小]计|總計",
    re.IGNORECASE,
)
# Notes below a table, which would otherwise be read as its rows.
_NOTE_ROW = re.compile(
    r"[*†‡§¹²³].*|\(?(sources?|notes?|quellen?|anmerkung(en)?|hinweis|fuentes?|notas?|remarque)\s?[.:：].*"
    r"|[(（]?(资料来源|資料來源|数据来源|來源|来源|出典|出所|備考|[注註주]|출처|자료)\s?[:：].*",
    re.IGNORECASE,
)


def read_table(dataset: Dataset, data: bytes, sink: DiagnosticSink) -> DatasetTable | None:
    """Reads the figures in the bytes of the dataset's file; None if there is an error, which is in `sink`."""
    before = len(sink.found)
    file = dataset.file or ""
    if PurePosixPath(file).suffix.lower() in WORKBOOKS:
        sheet = sheets.read_workbook(file, data, dataset.sheet, dataset.range, dataset.location, sink)
    elif dataset.sheet is not None or dataset.range is not None:
        message = f"a CSV file has no {'sheet' if dataset.sheet is not None else 'range'}"
        sink.add_error("dataset-file", dataset.location, message, "remove the key")
        return None
    else:
        headers = {column.header or str(name) for name, column in dataset.columns.items()}
        headers |= {ref.name for ref in dataset.key}
        sheet = sheets.read_csv(file, data, frozenset(header.casefold() for header in headers), sink)
    table = _TableReader(dataset, sheet, sink).read_table() if sheet else None
    return None if has_errors(sink.found[before:]) else table


def read_given_table(dataset: Dataset, given: GivenTable, sink: DiagnosticSink) -> DatasetTable | None:
    """Reads the figures of a table that a program gives, with the same checks; None if there is an error, in `sink`."""
    before = len(sink.found)
    table = _TableReader(dataset, given.sheet, sink).read_table()
    return None if has_errors(sink.found[before:]) else table


@dataclass(slots=True)
class _TableReader:
    """Reads one sheet. Positions are those of columns in its rows, from 0; numbers are those of rows in the file."""

    dataset: Dataset
    sheet: sheets.Sheet
    sink: DiagnosticSink

    def read_table(self) -> DatasetTable | None:
        dataset, sheet = self.dataset, self.sheet
        if dataset.decimal not in (None, ".", ","):
            message = f"'{dataset.decimal}' is not a decimal mark"
            self.sink.add_error("dataset-file", dataset.location, message, 'write decimal: "." or decimal: ","')
            return None
        keys = {ref.name for ref in dataset.key}
        figures = [name for name in dataset.columns if name not in keys]
        if not sheet.rows or not keys or not figures:
            what = "the sheet is empty" if not sheet.rows else "a dataset needs 'key:', and columns of figures"
            self.sink.add_error("empty-dataset", dataset.location, what, "its first row names the columns")
            return None
        candidates = {ref.name: self.find_column(ref.name) for ref in dataset.key}
        candidates.update((name, self.find_column(name)) for name in figures)
        positions = {name: position for name, position in candidates.items() if position is not None}
        if len(positions) < len(candidates):
            return None
        if self.sheet.is_given:
            self.report_misspelt(positions)
        types = self.read_types(figures)
        positions_of_figures = {str(name): positions[name] for name in figures}
        for check in (check_cell_formats, check_header_units, check_decimal_mark):
            check(dataset, sheet, positions_of_figures, self.sink)
        self.report_hidden(positions)
        figures_and_places = [
            ColumnReader(dataset, name, sheet, positions[name], self.sink).read_figures() for name in figures
        ]
        rows = self.read_rows(positions, figures, [values for values, _ in figures_and_places])
        columns = tuple(
            TableColumn(
                str(name),
                dataset.columns[name].unit,
                get_column_letters(sheet.first_column + positions[name]) if sheet.is_workbook else "",
                dataset.columns[name].clearance,
                dataset.columns[name].decimals,
                self.find_places(values, places, rows),
            )
            for name, (values, places) in zip(figures, figures_and_places, strict=True)
        )
        key = tuple(ref.name for ref in dataset.key)
        self.report_other_notations(positions, types)
        return DatasetTable(sheet.file, key, columns, rows, sheet.is_given, types=types)

    def find_places(
        self, figures: Sequence[Decimal | None], places: Sequence[int | None], rows: Mapping[str, TableRow]
    ) -> dict[Clearance, int]:
        """Returns, for each clearance of a row, the decimal place to which its figures and those of lower ones print.

        Omits a clearance whose figures share no place. `places` has the place of the last digit of each figure.
        """
        clearances = {row.number: row.clearance for row in rows.values()}
        shown = [
            (clearance, extend_to_place(figure, place))
            for (number, _), figure, place in zip(self.sheet.rows[1:], figures, places, strict=True)
            if figure is not None and place is not None and (clearance := clearances.get(number)) is not None
        ]
        shared_places = {
            clearance: find_shared_place(figure for other, figure in shown if other <= clearance)
            for clearance in {clearance for clearance, _ in shown}
        }
        return {clearance: place for clearance, place in shared_places.items() if place is not None}

    def read_types(self, figures: list[Slug]) -> dict[str, KeyType]:
        """Returns the declared types of key columns. Reports types of other columns, and a second column of periods."""
        declared = [(name, column) for name, column in self.dataset.columns.items() if column.type is not None]
        for name, column in declared:
            if name in figures:
                message = f"column '{name}' has a type, but is not in 'key:'"
                self.sink.add_error(
                    "key-period", column.location, message, "remove 'type:', or add the column to 'key:'"
                )
        types = {str(name): column.type for name, column in declared if column.type is not None and name not in figures}
        periods = [name for name, type_ in types.items() if type_ is KeyType.PERIOD]
        if len(periods) > 1:
            message = f"columns '{periods[0]}' and '{periods[1]}' are both periods, but a row can have only one"
            self.sink.add_error("key-period", self.dataset.location, message, "write type: text for one of them")
        return types

    def report_other_notations(self, positions: Mapping[str, int], types: Mapping[str, KeyType]) -> None:
        """Warns about keys such as 2026Q1, which print unchanged in every language unless their type is period."""
        for ref in self.dataset.key:
            texts = [format_cell(get_cell(row, positions[ref.name])) for _, row in self.sheet.rows[1:]]
            if ref.name in types or not texts:
                continue
            is_unclear = all(map(is_day_or_month_first, texts))
            if is_unclear or all(map(looks_like_other_notation, texts)):
                message = f"the keys of column '{ref}', such as '{texts[0]}', look like periods, but print unchanged"
                hint = f"write {ref}: {{type: period}} below 'columns:', or type: text if they are names"
                if is_unclear:
                    message += ", and the day or the month may be first"
                    hint = f"write them as 2026-03-09 in the file, or {ref}: {{type: text}} below 'columns:' if they are names"
                self.sink.add_warning(
                    "key-period", self.sheet.locate(self.sheet.rows[1][0], positions[ref.name]), message, hint
                )

    def find_column(self, name: str) -> int | None:
        """Returns the position of a column by its header; None if there is not exactly one, which is reported.

        Tables of programs may also name it by its id.
        """
        number, cells = self.sheet.rows[0]
        column = self.dataset.columns.get(Slug(name))
        expected = self.get_header(name)
        headers = [unicodedata.normalize("NFC", format_cell(cell)) for cell in cells]
        if self.sheet.is_given:
            matches = self.find_given_column(name, headers)
        else:
            matches = [position for position, text in enumerate(headers) if text == expected]
            if not matches:
                folded = expected.casefold()
                matches = [position for position, text in enumerate(headers) if text.casefold() == folded]
        declared = column.location if column else self.dataset.location
        location = SourceLocation(self.sheet.file) if self.sheet.is_given else declared
        if not matches:
            in_row = "" if self.sheet.is_given else f" in row {number}"
            message = f"{self.sheet.file} has no column '{expected}'{in_row}"
            self.sink.add_error(
                "unknown-column", location, message, suggest_name(expected, [text for text in headers if text])
            )
        elif len(matches) > 1 and self.sheet.is_given:
            names = ", ".join(f"'{headers[position]}'" for position in matches)
            message = f"{self.sheet.file} has {len(matches)} columns for '{name}': {names}"
            self.sink.add_error("unknown-column", location, message, "use one name in all rows, and rename the others")
        elif len(matches) > 1:
            message = f"{self.sheet.file} has {len(matches)} columns '{expected}' in row {number}"
            self.sink.add_error("unknown-column", location, message, "rename one of them")
        return matches[0] if len(matches) == 1 else None

    def find_given_column(self, name: str, headers: Sequence[str]) -> list[int]:
        """Returns all positions that name a column by its header or id, except those with another column's header.

        Records may name a column differently from row to row; each position then has some of the figures.
        """
        expected = self.get_header(name)
        names: set[str] = {*self.dataset.columns, *(ref.name for ref in self.dataset.key)}
        other_headers = {self.get_header(other) for other in names if other != name} - {expected}
        return [
            position
            for position, text in enumerate(headers)
            if (text.casefold() == expected.casefold() or text == name) and text not in other_headers
        ]

    def get_header(self, name: str) -> str:
        """Returns the declared header of a column, or else its id, in NFC."""
        column = self.dataset.columns.get(Slug(name))
        return unicodedata.normalize("NFC", column.header if column and column.header else name)

    def report_misspelt(self, positions: Mapping[str, int]) -> None:
        """Reports a key of records that is similar to a column which these records lack."""
        columns = {spelling: name for name in positions for spelling in (name, self.get_header(name))}
        for position, cell in enumerate(self.sheet.rows[0][1]):
            similar = (
                None if position in positions.values() else find_nearest_name(text := format_cell(cell), columns, 0.8)
            )
            # A name of another length, such as riders-estimated, is another column.
            if similar is None or abs(len(similar) - len(text)) > 1:
                continue
            filled = [(number, cells) for number, cells in self.sheet.rows[1:] if get_cell(cells, position) != ""]
            if filled and all(get_cell(cells, positions[columns[similar]]) == "" for _, cells in filled):
                message = f"the dataset has no column '{text}', and the row has no '{similar}'"
                self.sink.add_error(
                    "unknown-column", self.sheet.locate(filled[0][0], position), message, f"did you mean '{similar}'?"
                )

    def report_hidden(self, positions: Mapping[str, int]) -> None:
        """Warns about hidden rows and columns, whose figures are read like all others."""
        rows = [number for number, _ in self.sheet.rows if _is_within(number - 1, self.sheet.parts.hidden_rows)]
        columns = [
            get_column_letters(self.sheet.first_column + position)
            for position in sorted(positions.values())
            if _is_within(self.sheet.first_column + position, self.sheet.parts.hidden_columns)
        ]
        for kind, names in (("row", [str(number) for number in rows]), ("column", columns)):
            if names:
                message, hint = describe_hidden(kind, names)
                self.sink.add_warning(
                    "hidden-cells",
                    SourceLocation(self.sheet.file),
                    f"{message}, and read like all others",
                    f"{hint}; to use some rows, write 'where:'",
                )

    def report_total_or_note(self, key: Mapping[str, str], number: int, position: int, *, has_figures: bool) -> None:
        """Warns about a row that seems to be a total or a note. `position` is that of its first key column."""
        location, range_above = self.sheet.locate(number, position), "limit 'range:' to the rows above"
        if total := next((value for value in key.values() if _TOTAL_ROW.fullmatch(value.strip(" :："))), None):
            message = f"the row '{total}' seems to add up others, and would count twice in a sum of its column"
            hint = f"delete the row, or {range_above}; 'total: sum' adds such a row to a table"
            self.sink.add_warning("total-row", location, message, hint)
        elif not has_figures and (note := next((value for value in key.values() if _NOTE_ROW.fullmatch(value)), None)):
            message = f"the row '{note}' has no figures and seems to be a note, but would be a row of tables and charts"
            hint = f"delete the row, or {range_above}" if self.sheet.is_workbook else "delete the row"
            self.sink.add_warning("note-row", location, message, hint)

    def read_rows(
        self, positions: Mapping[str, int], figures: list[Slug], columns: Sequence[list[Decimal | None]]
    ) -> dict[str, TableRow]:
        """Returns the rows by their keys, joined with commas; `columns` has the values of each column of `figures`."""
        rows: dict[str, TableRow] = {}
        numbered_rows = self.sheet.rows[1:]
        months = {
            ref.name
            for ref in self.dataset.key
            if all(_is_first_of_month(get_cell(row, positions[ref.name])) for _, row in numbered_rows)
        }
        conditions_of_rules = [(rule, self.read_conditions(rule)) for rule in self.dataset.rows]
        keys: list[Mapping[str, str]] = []
        first_key = positions[self.dataset.key[0].name]
        for (number, cells), values in zip(numbered_rows, zip(*columns, strict=True), strict=True):
            self.check_length(number, cells)
            key, printed = self.read_key(number, cells, positions, months)
            keys.append(key)
            joined = ",".join(key.values())
            if joined in rows and all(key.values()):
                other = self.sheet.locate(rows[joined].number, first_key)
                message, hint = f"the key '{joined}' is used twice", "add a column to 'key:'"
                self.sink.add_error("dataset-key", self.sheet.locate(number, first_key), message, hint, other)
            clearances = (rule.clearance for rule, conditions in conditions_of_rules if _matches(key, conditions))
            has_figures = any(get_cell(cells, positions[name]) != "" for name in figures)
            self.report_total_or_note(key, number, first_key, has_figures=has_figures)
            rows.setdefault(joined, TableRow(number, printed, values, max(clearances, default=Clearance.PUBLIC)))
        for rule, conditions in conditions_of_rules:
            if not conditions or not any(_matches(key, conditions) for key in keys):
                listed = ", ".join(f"{name}: {value}" for name, value in conditions.items())
                message = f"no row of dataset '{self.dataset.id}' has {{{listed}}}, so the rule withholds nothing"
                self.sink.add_error("dataset-key", rule.location, message, "name values of key columns")
        return rows

    def read_conditions(self, rule: WithheldRows) -> dict[str, str]:
        """Returns the key values that a rule applies to, by column; periods in the notation of the project."""
        return {
            str(name): (find_period_notation(ref.name) if self.is_period(name) else None) or ref.name
            for name, ref in rule.where.items()
        }

    def is_period(self, name: str) -> bool:
        """Returns whether a column has the type period."""
        column = self.dataset.columns.get(Slug(name))
        return column is not None and column.type is KeyType.PERIOD

    def check_length(self, number: int, cells: tuple[sheets.CellValue, ...]) -> None:
        """Reports a row of a CSV file with fewer or more cells than the first row names columns."""
        width = max((count for count, cell in enumerate(self.sheet.rows[0][1], 1) if cell), default=0)
        if self.sheet.delimiter and (len(cells) < width or any(cells[width:])):
            message = f"the row has {format_count(len(cells), 'cell')}, and the first row names {format_count(width, 'column')}"
            hint = "put a cell that contains the separator in double quotes, and leave a cell without a value empty"
            self.sink.add_error("ragged-row", self.sheet.locate(number, 0), message, hint)

    def read_key(
        self, number: int, cells: tuple[sheets.CellValue, ...], positions: Mapping[str, int], months: Container[str]
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """Returns the key of a row twice: by column, normalised for comparison, and as the tuple of its printed values.

        Dates in the columns `months` are months. Reports values that are missing, failed formulas or no periods.
        """
        key, printed = {}, []
        for ref in self.dataset.key:
            position = positions[ref.name]
            location = self.sheet.locate(number, position)
            text = self.format_key(number, position, get_cell(cells, position), is_month=ref.name in months)
            # The characters of a CSV file were checked when it was decoded.
            if not self.sheet.delimiter:
                report_harmful_characters(text, location, self.sink)
            if not text or _is_failed_formula(text):
                what = f"contains {text}" if text else "is empty"
                self.sink.add_error("dataset-key", location, f"the key column '{ref}' {what}", "fill the cell")
            elif self.is_period(ref.name):
                notation = find_period_notation(text)
                if notation is None:
                    message = f"'{text}' in column '{ref}' is not a period"
                    hint = "write it as 2026, 2026-Q1, 2026-03 or FY2026, or write type: text"
                    self.sink.add_error("key-period", location, message, hint)
                text = notation or text
            key[ref.name] = normalise_key(text)
            printed.append(unicodedata.normalize("NFC", text.strip()))
        return key, tuple(printed)

    def format_key(self, number: int, position: int, value: sheets.CellValue, *, is_month: bool) -> str:
        """Returns the text of a key cell; a date that the workbook shows as a month or year becomes one."""
        cell_format = self.sheet.get_format(number, position)
        if isinstance(value, date) and cell_format is not None and cell_format.is_year:
            return f"{value:%Y}"
        if isinstance(value, date) and (is_month or (cell_format is not None and cell_format.is_month)):
            return f"{value:%Y-%m}"
        return format_cell(value)


def _is_first_of_month(value: sheets.CellValue) -> bool:
    return isinstance(value, date) and value.day == 1


def _is_failed_formula(text: str) -> bool:
    return text == UNCALCULATED or ERRORS.fullmatch(text) is not None


def _matches(key: Mapping[str, str], conditions: Mapping[str, str]) -> bool:
    return all(key.get(name) == normalise_key(value) for name, value in conditions.items())


def _is_within(index: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= index <= last for first, last in ranges)
