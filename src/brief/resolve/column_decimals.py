"""Gives the figures of a table column the same decimals and grouping, so that 2.50% lines up with 2.25%."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from brief.model.align import Align
from brief.model.blocks import Table
from brief.model.brief import Brief
from brief.model.figures.units import canonicalise_unit
from brief.model.inline import Cite, ClaimValue
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.figures.quantities import find_printed_decimals, needs_grouping
from brief.resolve.figures.scales import find_scale


def align_column_decimals(table: Table, brief: Brief, locale: str) -> Table:
    """Pads every figure of a column to the most decimals in it, and uses thousands separators in all if one needs them.

    Applies to right-aligned columns, cells that contain only a figure, and figures of one unit and one scale.
    """
    rows = [list(row.cells) for row in table.rows]
    for at, column in enumerate(table.columns):
        if column.align is not Align.END:
            continue
        by_unit_and_scale: dict[tuple[str, Decimal], list[tuple[int, ClaimValue, int]]] = defaultdict(list)
        separated: set[tuple[str, Decimal]] = set()
        for number, cells in enumerate(rows):
            run = _find_only_figure(cells[at], locale)
            if run is None:
                continue
            quantity = resolve_quantity(run, brief)
            found = find_printed_decimals(quantity, brief.catalogues[locale], is_full=run.is_full)
            if found is not None:
                factor, decimals = found
                # Texts and charts print 1.5 million, of a whole number that may have no more known digits.
                if factor > 1 and quantity.value is not None and quantity.value.as_tuple().exponent == 0:
                    continue
                unit_and_scale = canonicalise_unit(quantity.unit), factor
                by_unit_and_scale[unit_and_scale].append((number, run, decimals))
                scale = find_scale(factor, brief.catalogues[locale])
                if quantity.value is not None and needs_grouping([quantity.value], scale, brief.catalogues[locale]):
                    separated.add(unit_and_scale)
        for unit_and_scale, figures in by_unit_and_scale.items():
            largest = max(decimals for _, _, decimals in figures)
            is_grouped = unit_and_scale in separated
            for number, run, decimals in figures:
                if decimals < largest or is_grouped:
                    alike = replace(
                        run, decimals=largest if decimals < largest else run.decimals, is_grouped=is_grouped
                    )
                    rows[number][at] = _replace_run(rows[number][at], run, alike, locale)
    changed = zip(table.rows, rows, strict=True)
    return replace(table, rows=tuple(replace(row, cells=tuple(cells)) for row, cells in changed))


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
