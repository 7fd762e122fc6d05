"""Checks the structure of tables, the order of appendices, that locales are written from left to right, and finds content
that no variant prints, or not the variant of an audience that it names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from brief.model import blocks
from brief.model.access import Clearance, Depth
from brief.model.blocks import Block
from brief.model.brief import Audience, Brief, Settings, Theme
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.scripts import RIGHT_TO_LEFT_SCRIPTS, find_script
from brief.model.source_location import Located
from brief.reading.layout import AUDIENCES, SETTINGS, IncompleteFiles
from brief.resolve.select import select
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


def report_unprinted(brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink) -> None:
    """Warns about themes, blocks and parts of blocks that no variant prints, and about audiences that a block names and
    that do not see it. Says nothing if the file of an audience could not be read completely.
    """
    if SETTINGS in incomplete.files or incomplete.contains_any(AUDIENCES):
        return
    listed = {choice.theme.name for audience in brief.audiences.values() for choice in audience.themes}
    for ref in brief.settings.themes:
        if ref.name in brief.themes and ref.name not in listed:
            message = f"no audience reads theme '{ref}', so it is never printed"
            sink.add_warning("unread-theme", ref.location, message, "list it under 'themes:' of an audience")
    selections = {name: select(brief, name) for name in brief.audiences}
    for name, theme in brief.themes.items():
        readers = [audience for audience, selected in selections.items() if name in selected.themes]
        # A theme that no audience reads has been reported already.
        if theme.location.file in incomplete.files or not readers:
            continue
        _report_items(theme, "takeaways of theme", [brief.audiences[reader] for reader in readers], sink)
        seen = {reader: {str(block.id) for block in selections[reader].themes[name].blocks} for reader in readers}
        for block in theme.blocks:
            if not _lacks_its_dataset(block):
                _report_block(block, theme, brief.audiences, seen, sink)


def _report_block(
    block: Block, theme: Theme, audiences: Mapping[str, Audience], seen: Mapping[str, set[str]], sink: DiagnosticSink
) -> None:
    """`seen` has the ids of the blocks that each audience sees, for the audiences that read the theme."""
    viewers = [audiences[name] for name, ids in seen.items() if block.id in ids]
    if not viewers:
        message = f"no audience sees block '{block.id}', so it is never printed"
        hint = "compare its clearance, depth and audiences with those of the audiences that read the theme"
        sink.add_warning("unread-block", block.location, message, hint)
        return
    for ref in block.audiences:
        audience = audiences.get(ref.name)
        if audience is None or audience in viewers:
            continue
        if (reason := _explain_absence(block, theme, audience)) is not None:
            sink.add_warning(
                "unread-by-audience",
                ref.location,
                f"block '{block.id}' names audience '{ref}', which does not see it: {reason}",
                "change that, or remove the audience here",
                related=audience.location,
            )
    _report_items(block, "block", viewers, sink)


def _explain_absence(block: Block, theme: Theme, audience: Audience) -> str | None:
    """Returns why an audience does not see a block that names it; None if the reason was reported with the audience."""
    choice = next((choice for choice in audience.themes if choice.theme.name == theme.id), None)
    if choice is None:
        return f"it does not read theme '{theme.id}'"
    if theme.clearance > audience.clearance:
        return None
    if block.clearance > audience.clearance:
        return f"its clearance is {audience.clearance.name}, and that of the block {block.clearance.name}"
    depth: Depth = audience.depth if choice.depth is None else choice.depth
    if block.depth > depth:
        return f"its depth is {depth.name.lower()}, and that of the block {block.depth.name.lower()}"
    return "all that is in the block is above its clearance"


def _report_items(record: Theme | Block, kind: str, viewers: list[Audience], sink: DiagnosticSink) -> None:
    """Warns about the parts of a record that are above the clearance of all who see the record."""
    highest = max(audience.clearance for audience in viewers)
    for clearance, part in _list_parts(record):
        if clearance > highest:
            sink.add_warning(
                "unread-item",
                part.location,
                f"this part of the {kind} '{record.id}' is never printed: its clearance is {clearance.name}, and no"
                f" audience that sees the {'theme' if isinstance(record, Theme) else 'block'} has more than {highest.name}",
                "compare its clearance with those of the audiences, or remove it",
            )


def _list_parts(record: Theme | Block) -> Iterator[tuple[Clearance, Located]]:
    """Yields the parts that have a clearance of their own, such as takeaways, items and columns. Rows of a dataset have
    the clearance of their cells.
    """
    for field in fields(record):
        values = getattr(record, field.name)
        is_of_dataset = field.name == "rows" and getattr(record, "from_", None) is not None
        # Blocks have checks of their own.
        if isinstance(values, tuple) and field.name != "blocks" and not is_of_dataset:
            for value in values:
                clearance = getattr(value, "clearance", None)
                if clearance is not None:
                    yield clearance, value


def _lacks_its_dataset(block: Block) -> bool:
    """Returns whether a block from a dataset could not be expanded, which the expansion has reported."""
    if isinstance(block, blocks.Vega):
        return any(data.from_ is not None for data in block.data)
    return isinstance(block, blocks.Table | blocks.Chart) and block.from_ is not None
