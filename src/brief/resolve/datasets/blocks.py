"""Expands tables and charts from datasets into blocks that name each cell.

The expansion for an audience uses only what it may see, so that nothing withheld is sorted, counted or summed.
"""

from dataclasses import replace

from brief.model.blocks import Block, Chart, Table, Vega
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.evidence import Claim
from brief.model.figures.dataset import DatasetTable
from brief.reading.layout import IncompleteFiles
from brief.resolve.datasets.charts import ChartQuery
from brief.resolve.datasets.query import QueryError
from brief.resolve.datasets.tables import TableQuery, UnscaledTableQuery
from brief.resolve.figures.units import is_known

_NO_FILES = IncompleteFiles()


def expand_dataset_blocks(
    brief: Brief,
    sink: DiagnosticSink | None = None,
    incomplete: IncompleteFiles = _NO_FILES,
    *,
    reports: DiagnosticSink | None = None,
) -> Brief:
    """Returns the brief, in which each block with `from` has the rows or series of its dataset, and with the cells that
    these name.

    With a `sink`, the brief is complete: blocks that cannot be expanded are reported and left unchanged, and `incomplete`
    says which names may be defined in files that could not be read. Without it, the brief was reduced to what an audience
    may see: blocks without rows are removed, and `reports` receives warnings about blocks that would mislead the
    audience, such as a chart of which it may see too few series.
    """
    expander = _Expander(brief, sink, incomplete, reports)
    themes = {}
    for name, theme in brief.themes.items():
        expanded = tuple(block for block in map(expander.expand_block, theme.blocks) if block is not None)
        themes[name] = theme if expanded == theme.blocks else replace(theme, blocks=expanded)
    if not expander.has_expanded:
        return brief
    return replace(brief, themes=themes, cells={**brief.cells, **expander.cells})


class _Expander:
    def __init__(
        self, brief: Brief, sink: DiagnosticSink | None, incomplete: IncompleteFiles, reports: DiagnosticSink | None
    ) -> None:
        self.brief = brief
        self.sink = sink
        self.incomplete = incomplete
        self.reports = reports or sink
        self.cells: dict[str, Claim] = {}
        self.unknown: dict[str, bool] = {}
        self.has_expanded = False

    def expand_vega(self, block: Vega) -> Block | None:
        """Returns the block with the rows that its specification draws. Returns None, and reports it, if the audience may
        not see every column.
        """
        parts = []
        for data in block.data:
            if data.from_ is None:
                parts.append(data)
                continue
            request = Table(
                id=block.id,
                title=block.title,
                columns=data.columns,
                rows=data.rows,
                from_=data.from_,
                where=data.where,
                order=data.order,
                top=data.top,
                location=data.location,
            )
            table = self.expand_block(request, is_unscaled=True)
            if not isinstance(table, Table) or len(table.columns) < len(data.columns):
                if self.reports is not None and self.sink is None:
                    self.reports.add_warning(
                        "chart-left-out",
                        block.location,
                        f"chart '{block.id}' is left out for audience '{next(iter(self.brief.audiences), '')}', which may not"
                        f" see all of its data from '{data.from_}'",
                        "give the block the clearance of its figures",
                    )
                return None if self.sink is None else block
            if table.from_ is not None:
                return block
            pairs = zip(table.columns, data.columns, strict=True)
            columns = tuple(replace(expanded, column=column.column) for expanded, column in pairs)
            parts.append(replace(data, columns=columns, rows=table.rows, from_=None, where={}, order=None, top=None))
        return replace(block, data=tuple(parts))

    def has_unknown_unit(self, name: str, table: DatasetTable) -> bool:
        """Returns whether a unit of the dataset is unknown, or has no words in one of the locales."""
        if name not in self.unknown:
            units, catalogues = {column.unit for column in table.columns}, self.brief.catalogues.values()
            self.unknown[name] = not all(is_known(unit, catalogue) for unit in units for catalogue in catalogues)
        return self.unknown[name]

    def expand_block(self, block: Block, *, is_unscaled: bool = False) -> Block | None:
        """Returns a block from a dataset with its figures, and any other block unchanged; None if an audience may see too
        little of it. With `is_unscaled`, the figures of a table stay in the unit of the dataset.
        """
        if isinstance(block, Vega):
            return self.expand_vega(block)
        if not isinstance(block, Table | Chart) or block.from_ is None:
            return block
        table = self.brief.datasets.get(block.from_.name)
        if table is None:
            if self.sink is None:
                # The audience may see nothing of the dataset.
                self.has_expanded = True
                return None
            if not self.incomplete.may_define("claim", block.from_.name):
                hint = suggest_name(block.from_.name, self.brief.datasets)
                self.sink.add_error("unknown-cell", block.from_.location, f"there is no dataset '{block.from_}'", hint)
            return block
        if self.has_unknown_unit(block.from_.name, table):
            # Another check reports the column; figures in such a unit cannot be written.
            self.has_expanded = True
            return None if self.sink is None else block
        self.has_expanded = True
        arguments = (self.brief, table, block.from_.name, self.cells, self.reports)
        is_checked = self.sink is not None
        try:
            if isinstance(block, Table):
                kind = UnscaledTableQuery if is_unscaled else TableQuery
                return kind(*arguments, is_checked=is_checked).make_table(block)
            return ChartQuery(*arguments, is_checked=is_checked).expand_chart(block)
        except QueryError as problem:
            if self.sink is None:
                return None
            self.sink.found.append(problem.diagnostic)
            return block
