"""Tables and charts from datasets: their rows, columns and series as blocks that name cells, one by one.

This is done with what one audience may see, so that nothing withheld is sorted, counted or summed. What cannot be done
is reported where a sink is given; the block is then left as it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from brief.model.align import Align
from brief.model.blocks import Block, Chart, Column, Label, Row, Series, Table, Total
from brief.model.brief import Brief
from brief.model.dataset import DatasetTable, TableRow
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim
from brief.model.inline import AuthoredRun, AuthoredRuns, Cite, ClaimValue, Strong, Text
from brief.model.quantity import Quantity
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.model.units import split_quotient
from brief.reading.datasets import build_cell_claim, find_key_period
from brief.reading.layout import UnreadFiles
from brief.resolve import quantities
from brief.resolve.rounding import round_quantity

_CONDITION = re.compile(r"(?P<sign>>=|<=|!=|=|>|<)?\s*(?P<value>.*)", re.DOTALL)
_EMPTY = "–"
# Of such figures a sum says nothing; their cells in a row of sums stay empty.
_NOT_SUMMED = ("percent", "permille", "percentage-point", "basis-point", "times", "°C", "℃", "°F", "K", "degree", "°")
_TOTALS = {
    Total.SUM: ("Total", "Total of the rows shown"),
    Total.MEAN: ("Mean", "Mean of the rows shown"),
}
_COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
}
_NO_FILES = UnreadFiles()


class _QueryError(ValueError):
    """What a block asks of a dataset cannot be given."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def refuse(code: str, location: SourceLocation, message: str, hint: str) -> NoReturn:
    """Ends the query of a block with a diagnostic."""
    raise _QueryError(Diagnostic(code, message, location, hint)) from None


def expand_dataset_blocks(brief: Brief, sink: DiagnosticSink | None = None, unread: UnreadFiles = _NO_FILES) -> Brief:
    """The brief, in which each block with `from` has the rows or series of its dataset, and the cells that they name.

    A block of which no row is left is left out.
    """
    expander = _Expander(brief, sink, unread)
    themes = {}
    for name, theme in brief.themes.items():
        expanded = tuple(block for block in map(expander.block, theme.blocks) if block is not None)
        themes[name] = theme if expanded == theme.blocks else replace(theme, blocks=expanded)
    if not expander.has_expanded:
        return brief
    return replace(brief, themes=themes, cells={**brief.cells, **expander.cells})


@dataclass(frozen=True, slots=True)
class _KeyedRow:
    """A row with the values of its key columns."""

    key: str
    values: Mapping[str, str]
    row: TableRow


class _Expander:
    def __init__(self, brief: Brief, sink: DiagnosticSink | None, unread: UnreadFiles) -> None:
        self.brief = brief
        self.sink = sink
        self.unread = unread
        self.cells: dict[str, Claim] = {}
        self.has_expanded = False

    def block(self, block: Block) -> Block | None:
        if not isinstance(block, Table | Chart) or block.from_ is None:
            return block
        table = self.brief.datasets.get(block.from_.name)
        if table is None:
            if self.sink is None:
                # The audience may see nothing of the dataset.
                self.has_expanded = True
                return None
            if not self.unread.may_hold("claim", block.from_.name):
                hint = suggest_name(block.from_.name, self.brief.datasets)
                self.sink.error("unknown-cell", block.from_.location, f"there is no dataset '{block.from_}'", hint)
            return block
        self.has_expanded = True
        query = _Query(self.brief, table, block.from_.name, self.cells, is_checked=self.sink is not None)
        try:
            return query.table(block) if isinstance(block, Table) else query.chart(block)
        except _QueryError as problem:
            if self.sink is None:
                return None
            self.sink.found.append(problem.diagnostic)
            return block


class _Query:
    def __init__(
        self, brief: Brief, table: DatasetTable, name: str, cells: dict[str, Claim], *, is_checked: bool
    ) -> None:
        self.brief = brief
        self.data = table
        self.name = name
        self.cells = cells
        self.is_checked = is_checked
        self.columns = {column.name: at for at, column in enumerate(table.columns)}

    def table(self, block: Table) -> Table | None:
        if block.rows:
            message = f"block '{block.id}' has 'from' and rows of its own"
            refuse("bad-query", block.location, message, "remove one of them")
        for column in block.columns:
            if column.column is None:
                message = f"a column of block '{block.id}' does not say which column of the dataset it shows"
                refuse("bad-query", column.location, message, "add 'column:'")
        columns = [column for column in block.columns if column.column and self.is_seen(column.column)]
        rows = self.select(block.where, block.order, block.top, block.location)
        if not rows or not any(column.column and column.column.name in self.columns for column in columns):
            return None
        made = [self.column(column, rows, block) for column in columns]
        heads, cells = [head for head, _ in made], [texts for _, texts in made]
        cited = next(cell for cell in self.cells if cell.startswith(f"{self.name}["))

        def title(tag: str) -> AuthoredRuns:
            said = block.title.phrase(tag)
            return (*(said.runs if said else ()), Cite(Ref(cited)))

        return replace(
            block,
            title=self.text(title, block.title.location),
            columns=tuple(heads),
            rows=tuple(Row(cells=tuple(row), location=block.location) for row in zip(*cells, strict=True)),
            from_=None,
            where={},
            order=None,
            top=None,
            total=None,
        )

    def chart(self, block: Chart) -> Chart | None:
        if block.categories:
            message = f"block '{block.id}' has 'from' and categories of its own"
            refuse("bad-query", block.location, message, "remove one of them")
        if block.category is None or block.category.name not in self.data.key:
            hint = f"write category: {' or '.join(self.data.key)}"
            refuse("bad-query", block.location, f"block '{block.id}' needs a key column as 'category'", hint)
        category, found = block.category.name, []
        for series in block.series:
            if series.column is None or series.claims:
                message = f"a series of block '{block.id}' does not say which column of the dataset it shows"
                refuse("bad-query", series.location, message, "write 'column:', and no claims")
            if not self.is_seen(series.column):
                continue
            where = {**block.where, **series.where}
            rows = self.select(where, block.order, block.top, series.location)
            values = [row.values[category] for row in rows]
            if len(set(values)) < len(values):
                twice = next(value for value in values if values.count(value) > 1)
                message = f"several rows have the category '{twice}'"
                refuse("bad-query", series.location, message, "select one with 'where:'")
            at = self.columns[series.column.name]
            found.append((series, {row.values[category]: row for row in rows if row.row.figures[at] is not None}))
        shared = [value for value in (found[0][1] if found else ()) if all(value in rows for _, rows in found)]
        if self.is_checked and any(len(rows) > len(shared) for _, rows in found):
            lacking = next(v for _, rows in found for v in rows if v not in shared)
            message = f"not every series of block '{block.id}' has a figure for '{lacking}'"
            refuse("bad-query", block.location, message, "leave the row out with 'where:'")
        if not shared:
            return None
        return replace(
            block,
            categories=tuple(
                self.key_text(category, found[0][1][value], block.labels, block.location) for value in shared
            ),
            series=tuple(self.series(series, [rows[value] for value in shared]) for series, rows in found),
            from_=None,
            category=None,
            labels=(),
            where={},
            order=None,
            top=None,
        )

    def series(self, series: Series, rows: list[_KeyedRow]) -> Series:
        column = series.column or Ref("")
        claims = tuple(Ref(self.cell(row, column.name), column.location) for row in rows)
        return replace(series, claims=claims, column=None, where={})

    def is_seen(self, column: Ref) -> bool:
        """Whether the dataset has the column; in the whole brief it must."""
        if column.name in self.columns or column.name in self.data.key:
            return True
        if self.is_checked:
            known = suggest_name(column.name, (*self.data.key, *self.columns))
            message = f"dataset '{self.name}' has no column '{column}'"
            refuse("unknown-column", column.location, message, known)
        return False

    def select(
        self, where: Mapping[str, str], order: str | None, top: int | None, location: SourceLocation
    ) -> list[_KeyedRow]:
        rows = [self.keyed(key, row) for key, row in self.data.rows.items()]
        for name, condition in where.items():
            if self.is_seen(Ref(name, location)):
                rows = [row for row in rows if self.fits(row, name, condition, location)]
            else:
                # A condition on what the audience may not see would show in the rows that are left.
                return []
        if not rows and self.is_checked:
            message = f"no row of dataset '{self.name}' fits 'where:'"
            refuse("bad-query", location, message, "compare its values with those of the file")
        if order:
            column = order.removeprefix("-")
            if not self.is_seen(Ref(column, location)):
                return []
            is_descending = order.startswith("-")
            if column in self.columns:
                at = self.columns[column]
                figures = [row for row in rows if row.row.figures[at] is not None]
                figures.sort(key=lambda row: row.row.figures[at] or Decimal(0), reverse=is_descending)
                rows = figures + [row for row in rows if row.row.figures[at] is None]
            else:
                rows.sort(key=lambda row: row.values[column], reverse=is_descending)
        return rows[:top]

    def keyed(self, key: str, row: TableRow) -> _KeyedRow:
        parts = key.split(",", len(self.data.key) - 1)
        return _KeyedRow(key, dict(zip(self.data.key, parts, strict=True)), row)

    def fits(self, row: _KeyedRow, name: str, condition: str, location: SourceLocation) -> bool:
        match = _CONDITION.fullmatch(condition.strip())
        sign, value = (match["sign"] or "=", match["value"].strip()) if match else ("=", condition)
        if name in row.values:
            held = row.values[name]
            return _COMPARISONS[sign]((held > value) - (held < value))
        figure = row.row.figures[self.columns[name]]
        try:
            wanted = Decimal(value)
        except InvalidOperation:
            message = f"'{value}' is not a number, and column '{name}' has figures"
            refuse("bad-query", location, message, 'write {column: ">= 1000"}')
        return figure is not None and _COMPARISONS[sign]((figure > wanted) - (figure < wanted))

    def column(self, column: Column, rows: list[_KeyedRow], block: Table) -> tuple[Column, list[LocalisedText]]:
        """The column with the unit in its head, and its cells."""
        name = column.column.name if column.column else ""
        if name in self.data.key:
            texts = [self.key_text(name, row, column.labels, column.location) for row in rows]
            is_first = column is block.columns[0]
            if block.total:
                texts.append(self.total_label(block) if is_first else self.text(lambda _: (Text(""),), block.location))
            return replace(column, column=None, labels=()), texts
        names = [self.cell(row, name) for row in rows if row.row.figures[self.columns[name]] is not None]
        unit = self.data.columns[self.columns[name]].unit
        total = self.total(block, name, unit, names)
        shown = [*names, *([total] if total and block.total is Total.SUM else ())]
        forms = {tag: self.form(shown, unit, tag) for tag in self.brief.locales}

        def figure(cell: str | None) -> LocalisedText:
            return self.text(lambda tag: (self.number(cell, *forms[tag]) if cell else Text(_EMPTY),), column.location)

        known = set(names)
        cells = [figure(cell if (cell := self.cell_name(row, name)) in known else None) for row in rows]
        if block.total:
            last = figure(total)
            phrases = {tag: replace(said, runs=(Strong(said.runs),)) for tag, said in last.phrases.items()}
            cells.append(replace(last, phrases=phrases))

        def head(tag: str) -> AuthoredRuns:
            said = column.title.phrase(tag)
            factor, _ = forms[tag]
            runs = said.runs if said else ()
            label = quantities.unit_label(unit, _scale(factor, self.brief, tag), self.brief.catalogues[tag])
            if label:
                pattern = self.brief.catalogues[tag].get("{title} ({unit})", "table")
                before, _, after = pattern.replace("{unit}", label).partition("{title}")
                runs = (*((Text(before),) if before else ()), *runs, Text(after))
            return runs

        title = self.text(head, column.title.location)
        return replace(column, title=title, align=Align.END, column=None, labels=()), cells

    def form(self, names: list[str], unit: str, tag: str) -> tuple[int, int]:
        """The scale and the decimals of a column in one locale."""
        stated = [quantity for name in names if (quantity := self.cells[name].quantity)]
        rounded = [round_quantity(quantity, quantity.digits) if quantity.digits else quantity for quantity in stated]
        values = [quantity.value for quantity in rounded if quantity.value is not None]
        scale, decimals = quantities.choose_column_scale(values, unit, self.brief.catalogues[tag])
        return int(scale.factor), decimals

    def number(self, cell: str, scale: int, decimals: int) -> AuthoredRun:
        return ClaimValue(Ref(cell), "number", scale=scale, decimals=decimals, is_cited=False)

    def total(self, block: Table, column: str, unit: str, names: list[str]) -> str | None:
        """The name of the cell of a total, which is added to the cells; None if there is no total of such figures."""
        if block.total is None or not names or (block.total is Total.SUM and _is_not_summed(unit)):
            return None
        stated = [self.cells[name].quantity for name in names]
        values = [quantity.value for quantity in stated if quantity and quantity.value is not None]
        value = sum(values, Decimal(0))
        if block.total is Total.MEAN:
            decimals = max(-int(figure.as_tuple().exponent) for figure in values)
            # The mean of whole numbers has one decimal.
            value = (value / len(values)).quantize(Decimal(1).scaleb(-max(1, decimals)))
        name = f"{self.name}[{block.total} of {block.id}].{column}"
        first = self.cells[names[0]]
        clearance = max(self.cells[cell].clearance for cell in names)
        quantity = Quantity(value=value, unit=unit, location=block.location)
        self.cells[name] = replace(first, id=Slug(name.partition("/")[2]), quantity=quantity, clearance=clearance)
        return name

    def total_label(self, block: Table) -> LocalisedText:
        words = _TOTALS[block.total or Total.SUM][block.top is not None]
        return self.text(lambda tag: (Strong((Text(self.brief.catalogues[tag].get(words, "table")),)),), block.location)

    def cell_name(self, row: _KeyedRow, column: str) -> str:
        return f"{self.name}[{row.key}].{column}"

    def cell(self, row: _KeyedRow, column: str) -> str:
        """The name of a cell with a figure, which is added to the cells."""
        name = self.cell_name(row, column)
        self.add_cell(name)
        return name

    def add_cell(self, name: str) -> None:
        if name not in self.cells:
            claim = build_cell_claim(name, self.brief.datasets, self.brief.settings.figures.significant)
            if claim is not None:
                self.cells[name] = claim

    def key_text(
        self, column: str, row: _KeyedRow, labels: tuple[Label, ...], location: SourceLocation
    ) -> LocalisedText:
        """The words for a value of a key: its label, a period as each locale writes it, or the value itself."""
        value = row.values[column]
        label = next((label for label in labels if label.value == value), None)
        if label is not None:
            return label.text
        cell = next(
            (self.cell_name(row, name) for name, at in self.columns.items() if row.row.figures[at] is not None), ""
        )
        if cell and self.is_period(column, row):
            self.add_cell(cell)
            return self.text(lambda _: (ClaimValue(Ref(cell), "period", is_cited=False),), location)
        return self.text(lambda _: (Text(value),), location)

    def is_period(self, column: str, row: _KeyedRow) -> bool:
        """Whether the key column is the one whose value names the row's period."""
        period = find_key_period(row.key, self.data)
        return period is not None and row.values[column] == period.start.notation

    def text(self, runs: Callable[[str], AuthoredRuns], location: SourceLocation) -> LocalisedText:
        phrases = {tag: Phrase("", runs(tag), location) for tag in self.brief.locales}
        return LocalisedText(phrases=phrases, location=location)


def _is_not_summed(unit: str) -> bool:
    return unit in _NOT_SUMMED or split_quotient(unit) is not None


def _scale(factor: int, brief: Brief, tag: str) -> quantities.NumberScale:
    return quantities.find_scale(Decimal(factor), brief.catalogues[tag])
