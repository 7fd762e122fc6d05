"""Queries a dataset for a block: selects and sorts its rows, and turns its cells into claims."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn

from brief.model.blocks import Label
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim
from brief.model.figures.dataset import DatasetTable, KeyType, TableRow
from brief.model.figures.nested_periods import find_nested
from brief.model.figures.quantity import Period, Quantity
from brief.model.inline import AuthoredRuns, ClaimValue, Text
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_script
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.reading.datasets import build_cell_claim, find_key_period
from brief.resolve import terms
from brief.resolve.datasets.conditions import ConditionError, meets, normalise_periods, sort_keys
from brief.resolve.figures.periods import find_bounds

# The number of values that a message names.
_MAX_NAMED = 3
_NO_SECONDS = ":00"
_WHOLE_MINUTES = re.compile(rf"(\d{{4}}-\d\d-\d\d[ T])?\d{{1,2}}:\d\d{_NO_SECONDS}")


class QueryError(ValueError):
    """The query of a block cannot be answered."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def raise_query_error(code: str, location: SourceLocation, message: str, hint: str) -> NoReturn:
    """Aborts the query of a block with a diagnostic.

    Raises:
        QueryError: always.
    """
    raise QueryError(Diagnostic(code, message, location, hint)) from None


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """A row, its joined key, and the values of its key columns by the names of the columns."""

    key: str
    values: Mapping[str, str]
    row: TableRow


class DatasetQuery:
    """The query of one block on one dataset.

    `name` is the name of the dataset, `source/dataset`. `cells` receives the cells that the block uses, as claims. If
    `is_checked`, the brief is complete, so an unknown name is an error; otherwise it is the selection of an audience, in
    which an unknown name may be withheld. `sink` receives diagnostics about the expanded block.
    """

    def __init__(
        self,
        brief: Brief,
        table: DatasetTable,
        name: str,
        cells: dict[str, Claim],
        sink: DiagnosticSink | None,
        *,
        is_checked: bool,
    ) -> None:
        self.brief = brief
        self.table = table
        self.name = name
        self.cells = cells
        self.sink = sink
        self.is_checked = is_checked
        self.columns = {column.name: index for index, column in enumerate(table.columns)}
        self._whole_minutes: dict[str, bool] = {}

    def has_column(self, column: Ref) -> bool:
        """Returns whether the dataset has the column.

        Raises:
            QueryError: it does not, and the brief is complete.
        """
        if column.name in self.columns or column.name in self.table.key:
            return True
        if self.is_checked:
            hint = suggest_name(column.name, (*self.table.key, *self.columns))
            message = f"dataset '{self.name}' has no column '{column}'"
            raise_query_error("unknown-column", column.location, message, hint)
        return False

    def select(
        self,
        where: Mapping[str, tuple[str, ...]],
        location: SourceLocation,
        rows_to_search: list[KeyedRow] | None = None,
    ) -> list[KeyedRow]:
        """Returns the rows that meet, for each column in `where`, at least one of its conditions, in the order of the file.

        `rows_to_search` has the rows to select from; by default, all rows.

        Raises:
            QueryError: a condition cannot be applied or, if the brief is complete, a column is unknown, no row meets all
                conditions, or no row meets one of several conditions on a column.
        """
        pairs = self.table.rows.items() if rows_to_search is None else [(row.key, row.row) for row in rows_to_search]
        rows = list(pairs)
        for name, conditions in where.items():
            if not self.has_column(Ref(name, location)):
                # The remaining rows would reveal values of a column that the audience may not see.
                return []
            if self.is_checked and len(conditions) > 1:
                self._require_matches(rows, name, conditions, location)
            is_met = self._make_test(name, conditions, location)
            rows = [(key, row) for key, row in rows if is_met(row)]
        if not rows and self.is_checked:
            message = f"no row of dataset '{self.name}' matches 'where:'"
            raise_query_error("bad-query", location, message, "compare its values with the values in the file")
        return [KeyedRow(key, dict(zip(self.table.key, row.key, strict=True)), row) for key, row in rows]

    def _require_matches(
        self, rows: list[tuple[str, TableRow]], name: str, conditions: tuple[str, ...], location: SourceLocation
    ) -> None:
        """Refuses a condition of a list that no row meets: the rows that meet the others would hide the mistake."""
        for condition in conditions:
            is_met = self._make_test(name, (condition,), location)
            if not any(is_met(row) for _, row in rows):
                message = f"no row of dataset '{self.name}' matches '{name}: {condition}'"
                raise_query_error("bad-query", location, message, "compare its values with the values in the file")

    def sort(self, rows: list[KeyedRow], order: str | None, location: SourceLocation) -> list[KeyedRow]:
        """Returns the rows sorted by the column `order`, or in descending order by `-column`; rows without a figure come
        last. Without `order`, the rows are unchanged; empty if the audience may not see the column.

        Raises:
            QueryError: the values cannot be ordered or, if the brief is complete, the column is unknown.
        """
        if not order:
            return rows
        column = order.removeprefix("-")
        if not self.has_column(Ref(column, location)):
            return []
        is_descending = order.startswith("-")
        if column not in self.columns:
            try:
                ordered = self.sort_values(column, {row.values[column] for row in rows})
            except ConditionError as problem:
                raise_query_error("bad-query", location, f"column '{column}': {problem}", problem.hint)
            ranks = {value: rank for rank, value in enumerate(ordered)}
            return sorted(rows, key=lambda row: ranks[row.values[column]], reverse=is_descending)
        figures = [row for row in rows if self.read_figure(row, column) is not None]
        figures.sort(key=lambda row: self.read_figure(row, column) or Decimal(0), reverse=is_descending)
        return figures + [row for row in rows if self.read_figure(row, column) is None]

    def sort_values(self, column: str, values: set[str]) -> list[str]:
        """Returns the values of a key column in order: periods by their first day, then by their last, others as
        `sort_keys` does.

        Raises:
            ConditionError: as `sort_keys` does.
        """
        if self.table.types.get(column) is not KeyType.PERIOD:
            return sort_keys(values)
        start = self.brief.settings.fiscal_year_start
        return sorted(values, key=lambda value: find_bounds(Period.parse(value).start_fiscal_years(start)))

    def read_figure(self, row: KeyedRow, column: str) -> Decimal | None:
        """Returns the figure of a row in a column of figures; None if the cell is empty."""
        return row.row.figures[self.columns[column]]

    def _make_test(
        self, name: str, conditions: tuple[str, ...], location: SourceLocation
    ) -> Callable[[TableRow], bool]:
        """Returns a function that tests whether a row's value in a column meets one of the conditions.

        Each distinct value is compared once, because a key column has few of them in many rows.
        """
        is_key = name in self.table.key
        index = self.table.key.index(name) if is_key else self.columns[name]
        if self.table.types.get(name) is KeyType.PERIOD:
            conditions = tuple(map(normalise_periods, conditions))
        results: dict[str | Decimal | None, bool] = {}

        def is_met(row: TableRow) -> bool:
            value = row.key[index] if is_key else row.figures[index]
            if value not in results:
                try:
                    results[value] = any(meets(value, condition) for condition in conditions)
                except ConditionError as problem:
                    raise_query_error("bad-query", location, f"column '{name}': {problem}", problem.hint)
            return results[value]

        return is_met

    def name_cell(self, row: KeyedRow, column: str) -> str:
        """Returns the name of a cell: `source/dataset[key].column`."""
        return f"{self.name}[{row.key}].{column}"

    def register_cell(self, row: KeyedRow, column: str) -> str:
        """Adds a cell with a figure to the cells that the block uses, and returns its name."""
        name = self.name_cell(row, column)
        self.add_cell(name)
        return name

    def add_cell(self, name: str) -> None:
        """Adds the cell of this name to the cells that the block uses, if it has a figure."""
        if name not in self.cells:
            claim = build_cell_claim(name, self.brief.datasets, self.brief.settings)
            if claim is not None:
                self.cells[name] = claim

    def format_key(
        self, column: str, row: KeyedRow, labels: tuple[Label, ...], location: SourceLocation
    ) -> LocalisedText:
        """Returns the text for a key value: its label, the period in the form of each locale, or the value itself."""
        value = row.values[column]
        label = next((label for label in labels if label.value == value), None)
        if label is not None:
            return label.text
        if self.is_period(column, row):
            cell = self.name_period(column, row)
            return self.make_text(lambda _: (ClaimValue(Ref(cell), "period", is_cited=False),), location)
        if labels and len(self.brief.locales) > 1 and self.is_checked and self.sink is not None:
            self.sink.add_warning(
                "missing-label",
                location,
                f"column '{column}' has no label for '{value}', so every language prints it as the file has it",
                f"add {{value: {value}, text: ...}} to 'labels'",
            )
        text = value.removesuffix(_NO_SECONDS) if self._has_whole_minutes(column) else value
        return self.make_text(lambda _: (Text(text),), location)

    def _has_whole_minutes(self, column: str) -> bool:
        """Returns whether every value of a key column is a time, and none has seconds."""
        if column not in self._whole_minutes:
            index = self.table.key.index(column)
            self._whole_minutes[column] = all(
                _WHOLE_MINUTES.fullmatch(row.key[index]) for row in self.table.rows.values()
            )
        return self._whole_minutes[column]

    def check_labels(
        self, column: str, labels: tuple[Label, ...], rows: Iterable[KeyedRow], location: SourceLocation
    ) -> None:
        """Warns about labels for values that no row has, which are usually misspelt, and about words without a label."""
        if not self.is_checked or self.sink is None:
            return
        if not labels:
            self._warn_about_words(column, rows, location, self.sink)
        index = self.table.key.index(column)
        values = {row.key[index] for row in self.table.rows.values()}
        for label in labels:
            if label.value not in values:
                message = f"a label is for '{label.value}', but no row of dataset '{self.name}' has it in '{column}'"
                self.sink.add_warning("unused-label", label.location, message, suggest_name(label.value, values))

    def _warn_about_words(
        self, column: str, rows: Iterable[KeyedRow], location: SourceLocation, sink: DiagnosticSink
    ) -> None:
        """Warns about a column without labels whose values are words, because they would print in the same language in
        every locale.
        """
        locales = {(get_primary_language(tag), find_script(tag)) for tag in self.brief.locales}
        if len(locales) < 2:
            return
        term_forms = terms.compile_forms(terms.list_all_forms(self.brief.glossary.terms))
        values = dict.fromkeys(row.values[column] for row in rows if not self.is_period(column, row))
        words = [value for value in values if terms.has_words(value, term_forms)]
        if words:
            examples = ", ".join(f"'{value}'" for value in words[:_MAX_NAMED])
            more = f" and {len(words) - _MAX_NAMED} more" if len(words) > _MAX_NAMED else ""
            sink.add_warning(
                "missing-label",
                location,
                f"column '{column}' has no labels, so that {examples}{more} print as they are in the file in every language",
                f"add labels: [{{value: {words[0]}, text: ...}}]; or, if the values are names, add them to content/glossary.yaml",
            )

    def name_period(self, column: str, row: KeyedRow) -> str:
        """Returns the name of a cell whose claim has the row's period; if no cell of the row has a figure, adds a claim
        with only the period.
        """
        for name in self.columns:
            if self.read_figure(row, name) is not None:
                return self.register_cell(row, name)
        name = self.name_cell(row, column)
        location = self.table.locate_cell(row.row, self.table.columns[0])
        period = Quantity(period=self.read_period(row), location=location)
        claim_id = Slug(name.partition("/")[2])
        self.cells[name] = Claim(id=claim_id, quantity=period, clearance=row.row.clearance, location=location)
        return name

    def is_period(self, column: str, row: KeyedRow) -> bool:
        """Returns whether the value of this key column is the row's period."""
        period = self.read_period(row)
        return period is not None and row.values[column] == period.start.notation

    def read_period(self, row: KeyedRow) -> Period | None:
        """Returns the period that a key column of the row contains; None if no key is a period."""
        return find_key_period(row.row, self.table, self.brief.settings.fiscal_year_start)

    def find_nested_rows(self, rows: Sequence[KeyedRow]) -> tuple[KeyedRow, KeyedRow] | None:
        """Returns a row and another one whose period is a part of its period; None if there are no such rows.

        Only rows with the same values in all other key columns are compared; a sum of both would count the shorter period
        twice.
        """
        for name in self.table.key:
            if not any(self.is_period(name, row) for row in rows):
                continue
            groups: dict[tuple[str, ...], list[tuple[date, date, KeyedRow]]] = {}
            for row in rows:
                if (days := self._find_days(row.values[name])) is not None:
                    others = tuple(value for key, value in row.values.items() if key != name)
                    groups.setdefault(others, []).append((*days, row))
            for group in groups.values():
                if (nested := find_nested(group)) is not None:
                    return nested
        return None

    def _find_days(self, text: str) -> tuple[date, date] | None:
        """Returns the first day of a period, and the day after its last one; None if the text is not a single period."""
        try:
            period = Period.parse(text).start_fiscal_years(self.brief.settings.fiscal_year_start)
            return None if period.end else (period.start.first_day, period.start.day_after)
        except ValueError:
            return None

    def make_text(self, runs: Callable[[str], AuthoredRuns], location: SourceLocation) -> LocalisedText:
        """Makes a text with the runs that `runs` returns for each locale."""
        phrases = {tag: Phrase("", runs(tag), location) for tag in self.brief.locales}
        return LocalisedText(phrases=phrases, location=location)
