"""Gives the figures of a table column the same decimals and grouping, so that 2.50% lines up with 2.25%."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from brief.model.align import Align
from brief.model.blocks import Table
from brief.model.brief import Brief
from brief.model.figures.quantity import Qualifier
from brief.model.figures.units import canonicalise_unit
from brief.model.inline import Cite, ClaimValue
from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.figures.quantities import choose_printed_scale
from brief.resolve.figures.scales import NumberScale
from brief.resolve.figures.shared_forms import count_shared_decimals, needs_grouping


@dataclass(frozen=True, slots=True)
class _PrintedFigure:
    """A figure that is alone in a cell."""

    row: int
    run: ClaimValue
    value: Decimal


def align_column_decimals(table: Table, brief: Brief, locale: str) -> Table:
    """Pads every figure of a column to the most decimals in the column, and separates thousands in all of its figures
    if a figure needs that.

    Applies to right-aligned columns, cells that contain only a figure, and figures of one unit and one scale.
    """
    rows = [list(row.cells) for row in table.rows]
    catalogue = brief.catalogues[locale]
    for at, column in enumerate(table.columns):
        if column.align is not Align.END:
            continue
        for (unit, scale), figures in _group_by_unit_and_scale([cells[at] for cells in rows], brief, locale).items():
            values = [figure.value for figure in figures]
            decimals = count_shared_decimals(values, unit, scale)
            is_grouped = needs_grouping(values, scale, catalogue)
            for figure in figures if decimals or is_grouped else ():
                alike = replace(figure.run, decimals=decimals or None, is_grouped=is_grouped)
                rows[figure.row][at] = _replace_run(rows[figure.row][at], figure.run, alike, locale)
    changed = zip(table.rows, rows, strict=True)
    return replace(table, rows=tuple(replace(row, cells=tuple(cells)) for row, cells in changed))


def _group_by_unit_and_scale(
    cells: Sequence[LocalisedText], brief: Brief, locale: str
) -> dict[tuple[str, NumberScale], list[_PrintedFigure]]:
    """Finds the figures of a column that are alone in their cells, and groups those with one unit and one scale."""
    groups: dict[tuple[str, NumberScale], list[_PrintedFigure]] = defaultdict(list)
    for row, cell in enumerate(cells):
        run = _find_only_figure(cell, locale)
        if run is None:
            continue
        quantity = resolve_quantity(run, brief)
        if quantity.value is None or quantity.qualifier is Qualifier.SEVERAL:
            continue
        scale = choose_printed_scale(quantity.value, quantity.unit, brief.catalogues[locale], is_full=run.is_full)
        figure = _PrintedFigure(row, run, quantity.value)
        groups[canonicalise_unit(quantity.unit), scale].append(figure)
    return groups


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
