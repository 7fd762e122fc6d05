"""Checks the structure of tables, the order of appendices, and that locales are written from left to right."""

from brief.model import blocks
from brief.model.brief import Audience, Brief, Settings
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.scripts import RIGHT_TO_LEFT_SCRIPTS, find_script
from brief.resolve.tables import SPANNED, is_spanned


def report_locales(settings: Settings, sink: DiagnosticSink) -> None:
    """Reports locales that are written from right to left."""
    for locale in settings.locales:
        if find_script(locale.name) in RIGHT_TO_LEFT_SCRIPTS:
            message = f"locale '{locale}' is written from right to left, which is not supported"
            sink.add_error("right-to-left", locale.location, message, "remove it")


def report_appendix_order(audience: Audience, brief: Brief, sink: DiagnosticSink) -> None:
    """Reports themes that an audience reads after an appendix."""
    has_appendix = False
    for choice in audience.themes:
        theme = brief.themes.get(choice.theme.name)
        if has_appendix and theme is not None and not theme.appendix:
            message = f"theme '{choice.theme}' follows an appendix"
            sink.add_error("appendix-order", choice.theme.location, message, "list appendices last")
        has_appendix |= theme is not None and theme.appendix


def report_rows(block: blocks.Table, sink: DiagnosticSink) -> None:
    """Reports cells with `<` that cannot be merged, and rows of the wrong length."""
    _report_spanned_cells(block, sink)
    _report_row_lengths(block, sink)


def _report_spanned_cells(block: blocks.Table, sink: DiagnosticSink) -> None:
    """Reports each cell with `<` that has no cell to its left, has words in a language, or is in a column of another
    clearance than the cell to its left.
    """
    for row in block.rows:
        for index, (cell, column) in enumerate(zip(row.cells, block.columns, strict=False)):
            if not is_spanned(cell):
                continue
            if index == 0:
                message, hint = (
                    "'<' in the first column has no cell to its left to merge with",
                    "write its words",
                )
            elif any(phrase.source.strip() != SPANNED for phrase in cell):
                message = "a cell is '<' in one language and has words in another, which would not be printed"
                hint = "write '<' alone, for all languages"
            elif column.clearance != block.columns[index - 1].clearance:
                message = "a cell with '<' spans columns of different clearance"
                hint = "give both columns the same clearance, or write the words in both cells"
            else:
                continue
            sink.add_error("spanned-cell", cell.location, message, hint)


def _report_row_lengths(block: blocks.Table, sink: DiagnosticSink) -> None:
    """Reports rows that do not have exactly one cell for each column."""
    for row in block.rows:
        if len(row.cells) != len(block.columns):
            sink.add_error(
                "row-length",
                row.location,
                f"the row has {format_count(len(row.cells), 'cell')}, the table {format_count(len(block.columns), 'column')}",
                "give every row one cell for each column",
            )
