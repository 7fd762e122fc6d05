"""Expands charts from datasets: their categories and series become lists of named cells."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from brief.model.blocks import NO_FIGURE, Chart, ChartKind, Label, Series
from brief.model.chart_kinds import CHART_KINDS, find_count_problem
from brief.model.figures.dataset import split_cell_name
from brief.model.figures.running_sums import find_disagreements
from brief.model.record import dataclass
from brief.model.source_location import Ref
from brief.resolve.datasets.query import DatasetQuery, KeyedRow, raise_query_error


@dataclass(frozen=True, slots=True)
class _Selection:
    """A series, and the rows that it draws, by the key of their category; some rows may have no figure."""

    series: Series
    column: Ref
    rows: dict[str, KeyedRow]


class ChartQuery(DatasetQuery):
    """Makes the categories and series of a chart from a dataset."""

    def expand_chart(self, block: Chart) -> Chart | None:
        """Returns the chart with its figures, or None if the audience may see too few of them.

        A category is drawn if any series has a row for it; a series without a row or a figure for it has a gap there.
        """
        if block.categories:
            message = f"block '{block.id}' has both 'from' and 'categories'"
            raise_query_error("bad-query", block.location, message, "remove one of them")
        if block.category is None or block.category.name not in self.table.key:
            hint = f"write category: {' or '.join(self.table.key)}"
            raise_query_error("bad-query", block.location, f"block '{block.id}' needs a key column as 'category'", hint)
        category = block.category.name
        visible = [series for series in block.series if self.may_see_column(block, series)]
        chart_rows = self.select(block.where, block.location) if visible else []
        selections = [self.select_series(series, category, chart_rows) for series in visible]
        rows = self.arrange(block, selections)
        categories = [row.values[category] for row in rows]
        if not self.is_checked:
            # The title of a series may name what is withheld, so it is removed with the figures.
            selections = [each for each in selections if any(self.has_figure(each, value) for value in categories)]
            if self.report_losses(block, len(selections), len(rows)):
                return None
        series = tuple(self.make_series(selection, categories) for selection in selections)
        projected_from = block.projected_from
        self.check_labels(category, block.labels, rows, block.location)
        if not self.is_checked:
            projected_from = self.find_projection(block, rows, series)
            if problem := self.find_misreading(block, series, projected_from):
                self.report_left_out(block, problem)
                return None
        return replace(
            block,
            categories=tuple(self.format_key(category, row, block.labels, block.location) for row in rows),
            series=series,
            projected_from=projected_from,
            from_=None,
            category=None,
            labels=tuple(self.label_categories(block, category, rows)) if block.annotations else (),
            where={},
            order=None,
            top=None,
        )

    def may_see_column(self, block: Chart, series: Series) -> bool:
        """Returns whether the audience may see the column of a series.

        Raises:
            QueryError: the series names no column, or one without figures.
        """
        if series.column is None or series.claims:
            message = f"a series of block '{block.id}' does not say which column of the dataset it shows"
            raise_query_error("bad-query", series.location, message, "write 'column:', and no claims")
        if not self.has_column(series.column):
            return False
        if series.column.name not in self.columns:
            message = f"column '{series.column}' of dataset '{self.name}' names rows, and has no figures"
            raise_query_error("bad-query", series.location, message, f"write one of {', '.join(self.columns)}")
        return True

    def select_series(self, series: Series, category: str, chart_rows: list[KeyedRow]) -> _Selection:
        """Selects the rows of a series from the rows of the chart.

        Raises:
            QueryError: several rows have the same category.
        """
        rows: dict[str, KeyedRow] = {}
        for row in self.select(series.where, series.location, chart_rows):
            if row.values[category] in rows:
                message = f"several rows have the category '{row.values[category]}'"
                raise_query_error("bad-query", series.location, message, "select one with 'where:'")
            rows[row.values[category]] = row
        return _Selection(series, series.column or Ref(""), rows)

    def arrange(self, block: Chart, selections: list[_Selection]) -> list[KeyedRow]:
        """Returns a row for each category, in the requested order and up to the requested number.

        Each category is sorted by its row in the first series that has it. Without `order`, categories keep the order
        of the file; a category that only a later series has follows the category that precedes it in that series.
        """
        names: list[str] = []
        for selection in selections:
            _insert_missing(names, selection.rows)
        first_rows = [next(each.rows[name] for each in selections if name in each.rows) for name in names]
        return self.sort(first_rows, block.order, block.location)[: block.top]

    def label_categories(self, block: Chart, category: str, rows: list[KeyedRow]) -> Iterator[Label]:
        """Yields a label for each category: its key, by which annotations refer to it, and its text."""
        for row in rows:
            text = self.format_key(category, row, block.labels, block.location)
            yield Label(value=row.values[category], text=text, location=block.location)

    def has_figure(self, selection: _Selection, value: str) -> bool:
        row = selection.rows.get(value)
        return row is not None and self.read_figure(row, selection.column.name) is not None

    def make_series(self, selection: _Selection, categories: Iterable[str]) -> Series:
        column = selection.column
        claims = tuple(
            Ref(self.register_cell(selection.rows[value], column.name), column.location)
            if self.has_figure(selection, value)
            else Ref(NO_FIGURE, column.location)
            for value in categories
        )
        return replace(selection.series, claims=claims, column=None, where={})

    def report_losses(self, block: Chart, series: int, categories: int) -> bool:
        """Returns whether an audience sees too few series or categories for the chart to be drawn. Reports this, and sums
        that lack some of their parts.
        """
        if not series or not categories:
            return True
        audience = next(iter(self.brief.audiences), "")
        problem = find_count_problem(block.chart, series, categories)
        if problem is not None:
            self.report_left_out(block, f"a chart of kind '{block.chart}' {problem}")
        elif CHART_KINDS[block.chart].adds_up and series < len(block.series) and self.sink is not None:
            report = self.sink.add_error if CHART_KINDS[block.chart].is_share else self.sink.add_warning
            report(
                "incomplete-whole",
                block.location,
                f"audience '{audience}' sees {series} of the {len(block.series)} series of chart '{block.id}', whose sum"
                " could be mistaken for the total",
                "give the block the clearance of its figures, or write chart: grouped-bars",
            )
        return problem is not None

    def report_left_out(self, block: Chart, problem: str) -> None:
        if self.sink is not None:
            audience = next(iter(self.brief.audiences), "")
            self.sink.add_warning(
                "chart-left-out",
                block.location,
                f"chart '{block.id}' is left out for audience '{audience}': {problem}",
                "give the block the clearance of its figures, or draw another kind of chart for this audience",
            )

    def find_projection(self, block: Chart, rows: list[KeyedRow], series: tuple[Series, ...]) -> Ref | None:
        """Returns the claim from which on figures are projections. If the audience does not see that of the block, returns the
        first one that it sees in the same or a later category; if it sees no such claim, returns that of the block.
        """
        if block.projected_from is None or any(block.projected_from in each.claims for each in series):
            return block.projected_from
        parts = split_cell_name(block.projected_from.name)
        indices = (index for index, row in enumerate(rows) if parts and (self.name, row.key) == parts[:2])
        start = next(indices, len(rows))
        later = (each.claims[index] for index in range(start, len(rows)) for each in series)
        return next((claim for claim in later if claim.name != NO_FIGURE), block.projected_from)

    def find_misreading(self, block: Chart, series: tuple[Series, ...], projected_from: Ref | None) -> str | None:
        """Returns why the audience would misread the chart, of which it does not see everything; None if it would not."""
        if projected_from is not None and not any(projected_from in each.claims for each in series):
            return "it may not see where the projections begin"
        if block.chart is ChartKind.WATERFALL and self.table.is_partial:
            subtotals = {ref.name for ref in block.subtotals}
            for each in series:
                quantities = [self.cells[claim.name].quantity for claim in each.drawn_claims]
                values = [quantity.value for quantity in quantities if quantity and quantity.value is not None]
                totals = [index for index, claim in enumerate(each.drawn_claims) if claim.name in subtotals]
                if any(find_disagreements(values, totals)):
                    return "without the withheld figures, the changes do not add up to the end"
        return None


def _insert_missing(names: list[str], more: Iterable[str]) -> None:
    """Inserts the names of `more` that `names` lacks into it, each after its predecessor in `more`."""
    index = 0
    for name in more:
        if name in names:
            index = names.index(name) + 1
        else:
            names.insert(index, name)
            index += 1
