"""Gives the figures of a table column the same form, so that 2.50% lines up with 2.25%: all or none of them in a scale such
as 万, with the same number of decimals, and with or without separators between thousands.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from brief.model.align import Align
from brief.model.blocks import Table
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier
from brief.model.figures.units import canonicalise_unit
from brief.model.inline import Cite, ClaimValue
from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.figures.derive import is_exact
from brief.resolve.figures.quantities import choose_printed_scale
from brief.resolve.figures.scales import UNSCALED, NumberScale
from brief.resolve.figures.shared_forms import choose_shared_scale, count_shared_decimals, needs_grouping

# A column with a figure of this amount or more is not printed in full: it would have too many digits.
_MAX_IN_FULL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _PrintedFigure:
    """A figure that is alone in a cell of `row`, counted from 0, and the scale in which it prints. `run` is its placeholder."""

    row: int
    run: ClaimValue
    value: Decimal
    scale: NumberScale
    is_full: bool
    is_exact: bool


def align_column_decimals(table: Table, brief: Brief, locale: str) -> Table:
    """Returns the table with figures of the same form in each right-aligned column:

    - If some figures would print in a scale and others not, all print in full: 900,000 beside 900,001, not 90万.
    - All figures have as many decimals as the one with the most.
    - All separate thousands if one does.

    Only cells that contain nothing but a figure are changed, and only figures of one unit and scale get the same form.
    """
    rows = [list(row.cells) for row in table.rows]
    catalogue = brief.catalogues[locale]
    for index, column in enumerate(table.columns):
        if column.align is not Align.END:
            continue
        column_cells = [cells[index] for cells in rows]
        for (unit, scale), figures in _group_by_unit_and_scale(column_cells, brief, locale).items():
            values = [figure.value for figure in figures]
            exact, others = (
                [figure.value for figure in figures if figure.is_exact is are_exact] for are_exact in (True, False)
            )
            decimals = count_shared_decimals(exact, unit, scale, others)
            is_grouped = needs_grouping(values, scale, catalogue)
            for figure in figures:
                run = replace(figure.run, is_full=figure.is_full)
                if decimals or is_grouped:
                    run = replace(run, decimals=decimals or None, is_grouped=is_grouped)
                if run != figure.run:
                    rows[figure.row][index] = _replace_run(rows[figure.row][index], figure.run, run, locale)
    changed = zip(table.rows, rows, strict=True)
    return replace(table, rows=tuple(replace(row, cells=tuple(cells)) for row, cells in changed))


def _group_by_unit_and_scale(
    cells: Sequence[LocalisedText], brief: Brief, locale: str
) -> dict[tuple[str, NumberScale], list[_PrintedFigure]]:
    """Finds the figures of a column that are alone in their cells, and groups those with one unit and one scale."""
    by_unit: dict[str, list[_PrintedFigure]] = defaultdict(list)
    for row, cell in enumerate(cells):
        run = _find_only_figure(cell, locale)
        if run is None:
            continue
        quantity = resolve_quantity(run, brief)
        if quantity.value is None or quantity.qualifier is Qualifier.SEVERAL:
            continue
        scale = choose_printed_scale(quantity.value, quantity.unit, brief.catalogues[locale], is_full=run.is_full)
        has_known_digits = run.claim.name in brief.claims and is_exact(brief, run.claim.name, quantity)
        figure = _PrintedFigure(row, run, quantity.value, scale, run.is_full, has_known_digits)
        by_unit[canonicalise_unit(quantity.unit)].append(figure)
    groups: dict[tuple[str, NumberScale], list[_PrintedFigure]] = defaultdict(list)
    for unit, figures in by_unit.items():
        is_mixed = _mixes_scales(unit, figures, brief.catalogues[locale])
        for figure in figures:
            printed = replace(figure, scale=UNSCALED, is_full=True) if is_mixed else figure
            groups[unit, printed.scale].append(printed)
    return groups


def _mixes_scales(unit: str, figures: Sequence[_PrintedFigure], catalogue: Catalogue) -> bool:
    """Returns whether some figures print in a scale and others without one, although all can print in full.

    They can if all figures together would print without a scale, or if a figure without a scale is as large as the smallest
    scale in use, and no figure is too large.
    """
    factors = {figure.scale.factor for figure in figures}
    if len(factors) < 2 or UNSCALED.factor not in factors:
        return False
    smallest = min(factor for factor in factors if factor != UNSCALED.factor)
    values = [figure.value for figure in figures]
    has_large_unscaled = any(
        figure.scale.factor == UNSCALED.factor and abs(figure.value) >= smallest for figure in figures
    )
    if choose_shared_scale(values, catalogue, unit) == UNSCALED:
        return True
    return has_large_unscaled and max(map(abs, values)) < _MAX_IN_FULL


def _find_only_figure(cell: LocalisedText, locale: str) -> ClaimValue | None:
    phrase = cell.find_phrase(locale)
    runs = [run for run in phrase.runs if not isinstance(run, Cite)] if phrase else []
    run = runs[0] if len(runs) == 1 else None
    # The part `number` is a cell of a dataset, which already has the scale and decimals of its column.
    return run if isinstance(run, ClaimValue) and run.part not in ("period", "number") else None


def _replace_run(cell: LocalisedText, old: ClaimValue, new: ClaimValue, locale: str) -> LocalisedText:
    phrase = cell.find_phrase(locale)
    if phrase is None:
        return cell
    runs = tuple(new if run is old else run for run in phrase.runs)
    return replace(cell, phrases={**cell.phrases, locale: replace(phrase, runs=runs)})
