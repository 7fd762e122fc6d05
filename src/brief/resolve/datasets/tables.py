"""Expands tables from datasets: their rows and columns become named cells."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile

from brief.model.align import Align
from brief.model.blocks import Column, Row, Table, Total
from brief.model.brief import Brief
from brief.model.figures.quantity import Quantity
from brief.model.inline import AuthoredRun, AuthoredRuns, Cite, ClaimValue, Text
from brief.model.source_location import Ref, Slug
from brief.model.text import LocalisedText, Phrase
from brief.reading.tables.written_units import find_multiple, find_stated_unit, find_unit
from brief.resolve.datasets.averages import find_average_name
from brief.resolve.datasets.query import DatasetQuery, KeyedRow, raise_query_error
from brief.resolve.figures import quantities, scales, shared_forms
from brief.resolve.figures.rounding import choose_mean_precision, round_as_requested
from brief.resolve.figures.units import is_additive
from brief.resolve.tables import SPANNED

_EMPTY = "–"
_TOTALS = {
    Total.SUM: ("Total", "Total of the rows shown"),
    Total.MEAN: ("Mean", "Mean of the rows shown"),
}


class TableQuery(DatasetQuery):
    """Makes the columns and rows of a table from a dataset, in a scale such as millions that suits each column."""

    def make_table(self, block: Table) -> Table | None:
        """Returns the table with its cells, or None if the audience may see none of their figures.

        Raises:
            QueryError: a field of the block is wrong or, if the brief is complete, there is no figure.
        """
        self.check_fields(block)
        columns = [column for column in block.columns if column.column and self.has_column(column.column)]
        rows = self.sort(self.select(block.where, block.location), block.order, block.location)[: block.top]
        figures = [
            (column.column.name, column) for column in columns if column.column and column.column.name in self.columns
        ]
        if not any(self.read_figure(row, name) is not None for row in rows for name, _ in figures):
            if self.is_checked:
                message = f"the rows of block '{block.id}' have no figure"
                raise_query_error(
                    "bad-query", block.location, message, "select others with 'where:', or show other columns"
                )
            return None
        if block.total and self.is_checked:
            self.check_total(block, rows, figures)
        keys = list(takewhile(lambda column: column.column and column.column.name in self.table.key, columns))
        pairs = [
            self.make_column(column, rows, block, is_first=index == 0, is_spanned=0 < index < len(keys))
            for index, column in enumerate(columns)
        ]
        table_columns, cells = [column for column, _ in pairs], [texts for _, texts in pairs]
        # The title cites the source of the dataset, by any of its cells.
        cited_cell = next(cell for cell in self.cells if cell.startswith(f"{self.name}["))

        def compose_title(tag: str) -> AuthoredRuns:
            phrase = block.title.find_phrase(tag)
            return (*(phrase.runs if phrase else ()), Cite(Ref(cited_cell)))

        return replace(
            block,
            title=self.make_text(compose_title, block.title.location),
            columns=tuple(table_columns),
            rows=tuple(
                Row(cells=tuple(row), location=block.location, total=block.total is not None and index == len(rows))
                for index, row in enumerate(zip(*cells, strict=True))
            ),
            from_=None,
            where={},
            order=None,
            top=None,
            total=None,
        )

    def check_fields(self, block: Table) -> None:
        """Checks that the block has no rows of its own, and that each column names a column of the dataset.

        Raises:
            QueryError: it does not.
        """
        if block.rows:
            message = f"block '{block.id}' has both 'from' and 'rows'"
            raise_query_error("bad-query", block.location, message, "remove one of them")
        for column in block.columns:
            if column.column is None:
                message = f"a column of block '{block.id}' does not say which column of the dataset it shows"
                raise_query_error("bad-query", column.location, message, "add 'column:'")

    def check_total(self, block: Table, rows: list[KeyedRow], figures: Sequence[tuple[str, Column]]) -> None:
        """Checks that there is room for the label of the total in the first column, and warns about sums of averages and
        about totals that leave out rows without saying so in a note.

        `figures` lists the columns with figures, each after the name of the dataset's column.

        Raises:
            QueryError: the first column has figures, or the table has a total and the period of a row is a part of that of
                another.
        """
        first = block.columns[0]
        if first.column and first.column.name in self.columns:
            message = f"the first column of block '{block.id}' has figures, so its last row would have no name"
            raise_query_error(
                "bad-query", first.location, message, f"begin with a column of {' or '.join(self.table.key)}"
            )
        has_total = any(column.total for _, column in figures)
        if has_total and (nested := self.find_nested_rows(rows)) is not None:
            whole, part = (row.key for row in nested)
            message = f"the {block.total} of block '{block.id}' counts row '{part}' twice, because row '{whole}' contains its period"
            raise_query_error("overlapping-total", block.location, message, "select rows of one length with 'where:'")
        for name, column in figures:
            if not column.total:
                continue
            if block.total is Total.SUM:
                if not is_additive(self.table.columns[self.columns[name]].unit):
                    continue
                self.warn_about_sums_of_averages(column, name)
            empty = [row.key for row in rows if self.read_figure(row, name) is None]
            if empty and len(empty) < len(rows) and block.note is None and self.sink is not None:
                self.sink.add_warning(
                    "incomplete-total",
                    block.location,
                    f"the {block.total} of column '{name}' leaves out {len(empty)} of {len(rows)} rows without a"
                    f" figure, '{empty[0]}' among them",
                    "leave them out with 'where:', or explain it in 'note:'",
                )

    def warn_about_sums_of_averages(self, column: Column, name: str) -> None:
        """Warns if the name or a title of a summed column suggests averages, prices or rates."""
        titles = (phrase.source for phrase in column.title.phrases.values())
        if self.sink is not None and (average_name := find_average_name((name, *titles))):
            message = f"the last row adds up column '{average_name}', whose name suggests averages, prices or rates"
            hint = "write 'total: false' in the column, or 'total: mean' in the table"
            self.sink.add_warning("doubtful-total", column.location, message, hint)

    def warn_about_typed_unit(self, column: Column, unit: str) -> None:
        """Warns if a title states the unit of its figures, which the header adds, or a multiple of it."""
        for tag, phrase in column.title.phrases.items():
            stated = find_stated_unit(phrase.source)
            catalogue = self.brief.catalogues.get(tag)
            if not stated or catalogue is None or self.sink is None or not (find_unit(stated) or find_multiple(stated)):
                continue
            if label := quantities.format_unit_label(unit, scales.UNSCALED, catalogue):
                message = f"'{stated}' is typed in the title of a column, which adds its own unit, such as '{label}'"
                hint = "remove it; the unit and the size of the figures are those of the dataset"
                self.sink.add_warning("repeated-unit", phrase.location, message, hint)

    def make_column(
        self, column: Column, rows: list[KeyedRow], block: Table, *, is_first: bool, is_spanned: bool
    ) -> tuple[Column, list[LocalisedText]]:
        """Returns the column, with the unit in its header, and its cells. `is_spanned` says that the label of the total,
        which is in the first column, also spans this column.
        """
        name = column.column.name if column.column else ""
        if name in self.table.key:
            self.check_labels(name, column.labels, rows, column.location)
            texts = [self.format_key(name, row, column.labels, column.location) for row in rows]
            if block.total:
                phrase = Phrase(SPANNED if is_spanned else "", (Text(""),), block.location)
                no_label = LocalisedText(phrases=dict.fromkeys(self.brief.locales, phrase), location=block.location)
                texts.append(self.make_total_label(block) if is_first else no_label)
            return replace(column, column=None, labels=()), texts
        names = [self.register_cell(row, name) for row in rows if self.read_figure(row, name) is not None]
        unit = self.table.columns[self.columns[name]].unit
        self.warn_about_typed_unit(column, unit)
        total = self.add_total(block, name, unit, names) if column.total else None
        aligned = [*names, *([total] if total and block.total is Total.SUM else ())]
        mean = total if block.total is Total.MEAN else None
        forms = {tag: self.choose_form(aligned, mean, unit, tag) for tag in self.brief.locales}

        def make_cell(cell: str | None) -> LocalisedText:
            return self.make_text(
                lambda tag: (self.make_number(cell, *forms[tag]) if cell else Text(_EMPTY),), column.location
            )

        with_figures = set(names)
        cells = [make_cell(cell if (cell := self.name_cell(row, name)) in with_figures else None) for row in rows]
        if block.total:
            cells.append(make_cell(total))

        def compose_header(tag: str) -> AuthoredRuns:
            phrase = column.title.find_phrase(tag)
            factor, *_ = forms[tag]
            runs = phrase.runs if phrase else ()
            label = quantities.format_unit_label(unit, _find_scale(factor, self.brief, tag), self.brief.catalogues[tag])
            if label:
                pattern = self.brief.catalogues[tag].get("{title} ({unit})", "table")
                before, _, after = pattern.replace("{unit}", label).partition("{title}")
                runs = (*((Text(before),) if before else ()), *runs, Text(after))
            return runs

        title = self.make_text(compose_header, column.title.location)
        return replace(column, title=title, align=Align.END, column=None, labels=()), cells

    def choose_form(self, names: list[str], mean: str | None, unit: str, tag: str) -> tuple[int, int, bool]:
        """Returns the factor of the scale and the decimals of a column in one locale, and whether it separates thousands.

        `names` are the cells, and `mean` is the cell of their mean, if the table has one, which may have more decimals.
        """
        values = self.round_values(names)
        (total,) = self.round_values([mean]) if mean else (None,)
        scale, decimals = shared_forms.choose_column_scale(values, unit, self.brief.catalogues[tag], total)
        return int(scale.factor), decimals, shared_forms.needs_grouping(values, scale, self.brief.catalogues[tag])

    def round_values(self, names: list[str]) -> list[Decimal]:
        """Returns the figures of cells as they print."""
        stated = [quantity for name in names if (quantity := self.cells[name].quantity)]
        rounded = map(round_as_requested, stated)
        return [quantity.value for quantity in rounded if quantity.value is not None]

    def make_number(self, cell: str, scale: int, decimals: int, is_grouped: bool) -> AuthoredRun:
        return ClaimValue(Ref(cell), "number", scale=scale, decimals=decimals, is_grouped=is_grouped, is_cited=False)

    def add_total(self, block: Table, column: str, unit: str, names: list[str]) -> str | None:
        """Adds the cell of a total to the cells, and returns its name; None if there is no total, or such figures cannot be
        added.
        """
        if block.total is None or not names or (block.total is Total.SUM and not is_additive(unit)):
            return None
        stated = [self.cells[name].quantity for name in names]
        values = [quantity.value for quantity in stated if quantity and quantity.value is not None]
        value = sum(values, Decimal(0))
        if block.total is Total.MEAN:
            step = Decimal(1).scaleb(-choose_mean_precision(values, unit))
            value = (value / len(values)).quantize(step, ROUND_HALF_UP)
        name = f"{self.name}[{block.total} of {block.id}].{column}"
        first = self.cells[names[0]]
        clearance = max(self.cells[cell].clearance for cell in names)
        decimals = self.table.columns[self.columns[column]].decimals
        digits = self.brief.settings.figures.significant if decimals is None else None
        quantity = Quantity(value=value, unit=unit, digits=digits, decimals=decimals, location=block.location)
        self.cells[name] = replace(first, id=Slug(name.partition("/")[2]), quantity=quantity, clearance=clearance)
        return name

    def make_total_label(self, block: Table) -> LocalisedText:
        # If an audience may not see all rows, its total is not that of the whole dataset either.
        message = _TOTALS[block.total or Total.SUM][block.top is not None or self.table.is_partial]
        return self.make_text(lambda tag: (Text(self.brief.catalogues[tag].get(message, "table")),), block.location)


class UnscaledTableQuery(TableQuery):
    """Makes the columns and rows of a table with unscaled figures, in the unit of the dataset."""

    def choose_form(self, names: list[str], mean: str | None, unit: str, tag: str) -> tuple[int, int, bool]:
        values = self.round_values(names)
        decimals = shared_forms.count_shared_decimals(values, unit, scales.UNSCALED)
        return 1, decimals, shared_forms.needs_grouping(values, scales.UNSCALED, self.brief.catalogues[tag])


def _find_scale(factor: int, brief: Brief, tag: str) -> scales.NumberScale:
    return scales.find_scale(Decimal(factor), brief.catalogues[tag])
