"""Checks blocks that draw a Vega-Lite specification: its data and fields exist, and its table fits on a page."""

from collections.abc import Iterator

from brief.model.blocks import Vega, VegaData
from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.vega import find_only_figure

# All figures are printed in a table below the chart.
_MAX_ROWS = 200


def check_specification(block: Vega, brief: Brief, sink: DiagnosticSink) -> None:
    """Reports data and fields of a specification that the block does not define, data that is malformed, and too many rows."""
    names = [str(data.name) for data in block.data]
    for index, data in enumerate(block.data):
        if str(data.name) in names[:index]:
            sink.add_error(
                "duplicate-entry",
                data.location,
                f"two lists of data of block '{block.id}' are named '{data.name}'",
                "rename one",
            )
        _check_data(block, data, brief, sink)
    rows = sum(len(data.rows) for data in block.data)
    if rows > _MAX_ROWS:
        message = f"chart '{block.id}' has {rows} rows, which are all printed in a table; the limit is {_MAX_ROWS}"
        sink.add_error("too-many-rows", block.location, message, "select some with 'where:' or 'top:'")
    specification = brief.specifications.get(block.specification.name)
    if specification is None:
        return
    for name in specification.data:
        if name not in names:
            message = f"the specification draws data '{name}', which block '{block.id}' does not give"
            sink.add_error("unknown-data", block.specification.location, message, suggest_name(name, names))
    fields = {column.column.name for data in block.data for column in data.columns if column.column}
    known = fields | {f"{name}_{end}" for name in fields for end in ("low", "high")}
    for name in specification.fields or ():
        if name not in known:
            message = f"the specification draws the field '{name}', which block '{block.id}' does not give"
            sink.add_error("unknown-data", block.specification.location, message, suggest_name(name, fields))


def _check_data(block: Vega, data: VegaData, brief: Brief, sink: DiagnosticSink) -> None:
    for column in data.columns:
        if column.column is None:
            message = f"a column of '{data.name}' in block '{block.id}' does not say which field it is"
            sink.add_error("bad-query", column.location, message, "add 'column:'")
    if data.from_ is None and (data.where or data.order or data.top):
        message = f"'{data.name}' in block '{block.id}' selects rows but names no dataset"
        sink.add_error("bad-query", data.location, message, "write from: source/dataset")
    elif data.from_ is None and not data.rows:
        message = f"'{data.name}' in block '{block.id}' has no rows"
        sink.add_error("empty-list", data.location, message, "add some, or write from: source/dataset")
    for index, column in enumerate(data.columns):
        units = {unit for row in data.rows for unit in _find_units(row.cells[index : index + 1], brief)}
        if len(units) > 1:
            message = f"a column of '{data.name}' in block '{block.id}' mixes {' and '.join(sorted(units))}"
            sink.add_error("mixed-units", column.location, message, "give each unit a column of its own")
    for row in data.rows:
        if len(row.cells) != len(data.columns):
            message = f"the row has {format_count(len(row.cells), 'cell')}, but its data has {format_count(len(data.columns), 'column')}"
            sink.add_error("row-length", row.location, message, "give every row one cell for each column")


def _find_units(cells: tuple[LocalisedText, ...], brief: Brief) -> Iterator[str]:
    """Yields the units of cells that contain nothing but a figure, which the specification gets as numbers."""
    for cell in cells:
        run = find_only_figure(cell, str(brief.settings.source_locale))
        if run is None or run.part == "period" or run.claim.name not in brief.claims:
            continue
        try:
            yield resolve_quantity(run, brief).unit
        except ValueError:
            continue  # Problems of the claim itself are reported elsewhere.
