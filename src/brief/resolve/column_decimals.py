"""Gives the figures of a table column the same decimals and grouping, so that 2.50% lines up with 2.25%."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from brief.model.align import Align
from brief.model.blocks import Table
from brief.model.brief import Brief
from brief.model.figures.units import canonicalise_unit
from brief.model.inline import Cite, ClaimValue
from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.figures.quantities import find_printed_decimals, needs_grouping
from brief.resolve.figures.scales import find_scale


@dataclass(frozen=True, slots=True)
class _PrintedFigure:
    """A figure that is alone in a cell, with the number of decimals that it would print by itself."""

    row: int
    run: ClaimValue
    decimals: int
    needs_grouping: bool


def align_column_decimals(table: Table, brief: Brief, locale: str) -> Table:
    """Pads every figure of a column to the most decimals in the column, and separates thousands in all of its figures
    if a figure needs that.

    Applies to right-aligned columns, cells that contain only a figure, and figures of one unit and one scale.
    """
    rows = [list(row.cells) for row in table.rows]
    for at, column in enumerate(table.columns):
        if column.align is not Align.END:
            continue
        for figures in _group_by_unit_and_scale([cells[at] for cells in rows], brief, locale):
            largest = max(figure.decimals for figure in figures)
            is_grouped = any(figure.needs_grouping for figure in figures)
            for figure in figures:
                if figure.decimals < largest or is_grouped:
                    run, cells = figure.run, rows[figure.row]
                    decimals = largest if figure.decimals < largest else run.decimals
                    alike = replace(run, decimals=decimals, is_grouped=is_grouped)
                    cells[at] = _replace_run(cells[at], run, alike, locale)
    changed = zip(table.rows, rows, strict=True)
    return replace(table, rows=tuple(replace(row, cells=tuple(cells)) for row, cells in changed))


def _group_by_unit_and_scale(
    cells: Sequence[LocalisedText], brief: Brief, locale: str
) -> Iterable[list[_PrintedFigure]]:
    """Finds the figures of a column that are alone in their cells, and groups them by unit and scale."""
    catalogue = brief.catalogues[locale]
    groups: dict[tuple[str, Decimal], list[_PrintedFigure]] = defaultdict(list)
    for row, cell in enumerate(cells):
        run = _find_only_figure(cell, locale)
        if run is None:
            continue
        quantity = resolve_quantity(run, brief)
        found = find_printed_decimals(quantity, catalogue, is_full=run.is_full)
        if found is not None:
            factor, decimals = found
            values = [] if quantity.value is None else [quantity.value]
            figure = _PrintedFigure(
                row, run, decimals, needs_grouping(values, find_scale(factor, catalogue), catalogue)
            )
            groups[canonicalise_unit(quantity.unit), factor].append(figure)
    return groups.values()


def _find_only_figure(cell: LocalisedText, locale: str) -> ClaimValue | None:
    phrase = cell.find_phrase(locale)
    runs = [run for run in phrase.runs if not isinstance(run, Cite)] if phrase else []
    run = runs[0] if len(runs) == 1 else None
    # The part `number` is a cell of a dataset, which has the scale and decimals of its column already.
    return run if isinstance(run, ClaimValue) and run.part not in ("period", "number") else None


def _replace_run(cell: LocalisedText, old: ClaimValue, new: ClaimValue, locale: str) -> LocalisedText:
    phrase = cell.find_phrase(locale)
    if phrase is None:
        return cell
    runs = tuple(new if run is old else run for run in phrase.runs)
    return replace(cell, phrases={**cell.phrases, locale: replace(phrase, runs=runs)})
