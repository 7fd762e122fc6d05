"""Finds withheld figures that an audience can compute, such as the missing part of a visible total.

It knows these kinds of sums:

- claims that are `derived` from others,
- claims of one source that add up, or percentages that add up to 100,
- tables and datasets in which a row or a column is the sum of the others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from brief.model.access import Clearance
from brief.model.blocks import Column, Row, Table
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Source
from brief.model.figures.dataset import split_cell_name
from brief.model.inline import ClaimValue, Text
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.datasets.remainders import find_remainders
from brief.resolve.datasets.selections import SelectionError, is_selection, select_cells
from brief.resolve.figures import derive
from brief.resolve.select import Selections

CODE = "withheld-arithmetic"
_HINT = "raise the clearance of another part as well, or lower the clearance of this part"
# Small and round numbers add up by chance, and so do some of many numbers: totals and parts need this many significant
# digits, and totals of tables this value; no more parts, and no more claims, are tried.
_MIN_DIGITS, _MIN_TOTAL, _MAX_PARTS, _MAX_CLAIMS = 2, 10, 5, 14
# A total and two parts.
_MIN_FIGURES = 3
# How many dated figures with one unit, and how many ways to fill a period with them, are tried.
_MAX_DATED, _MAX_CHAINS = 60, 400
_ALL_PERCENT = Decimal(100)
# One number, with a currency or a unit beside it: "CNY 1,200", "1 200 km".
_NUMBER = re.compile(r"(?:[A-Z]{3} ?|[$€£¥])?([-+\u2212]?\d[\d, \u00a0]*(?:\.\d+)?)(?: ?[^\W\d_]{1,8})?")


def check_arithmetic(brief: Brief, selections: Selections) -> list[Diagnostic]:
    """Warns about each claim, row and column that an audience may not see but can compute from what it sees."""
    sink = DiagnosticSink()
    for audience in brief.audiences:
        _check_audience(brief, selections[audience], audience, sink)
    return sink.found


def _check_audience(brief: Brief, seen: Brief, audience: str, sink: DiagnosticSink) -> None:
    reported: set[str] = set()
    for message, location in (
        *_check_derived(brief, seen),
        *_check_disclosed(brief, seen),
        *_check_sources(brief, seen),
        *_check_tables(brief, seen, audience),
        *find_remainders(brief, seen),
    ):
        if message not in reported:
            reported.add(message)
            sink.add_warning(CODE, location, f"audience '{audience}' can compute {message}", _HINT)


def _check_derived(brief: Brief, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields each withheld result of which all inputs are visible."""
    for name in brief.claims.keys() - seen.claims.keys():
        source, claim = brief.claims[name]
        inputs = [ref.name for ref in derive.list_inputs(source, claim)]
        if inputs and all(input_name in seen.claims for input_name in inputs):
            yield f"claim '{name}', which it may not see, from {_list_names(inputs)}, which it sees", claim.location


def _check_disclosed(brief: Brief, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields the withheld input of each disclosed result of which all other inputs are visible."""
    for name, (source, claim) in brief.claims.items():
        derived = claim.quantity.derived if claim.quantity else None
        if derived is None or derived.disclose is None or name not in seen.claims:
            continue
        inputs = {cell for ref in derive.list_inputs(source, claim) for cell in _list_cells(brief, ref.name)}
        withheld = [input_name for input_name in inputs if not _is_seen(input_name, seen)]
        if len(withheld) == 1 and len(inputs) > 1:
            yield (
                f"'{withheld[0]}', which it may not see, from '{name}', which is disclosed, and from its other inputs",
                claim.location,
            )


def _list_cells(brief: Brief, name: str) -> Iterable[str]:
    """Returns the cells of a selection that have figures, or any other name alone."""
    if not is_selection(brief, name):
        return (name,)
    try:
        return select_cells(brief, name).figures
    except SelectionError:
        return ()


def _is_seen(name: str, seen: Brief) -> bool:
    cell = split_cell_name(name)
    if cell is None:
        return name in seen.claims
    table = seen.datasets.get(cell[0])
    return table is not None and cell[1] in table.rows and any(column.name == cell[2] for column in table.columns)


def _check_sources(brief: Brief, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields each withheld figure of a source that follows from its visible ones: a part of a total with all other parts,
    the rest of 100%, a total of visible parts, or a part of a period (see `_check_spans`).
    """
    for source in brief.sources.values():
        groups: dict[tuple[str, str], dict[str, Decimal]] = {}
        for claim in source.claims:
            quantity = claim.quantity
            if quantity is not None and quantity.value is not None and quantity.value > 0:
                group = groups.setdefault((quantity.unit, str(quantity.period)), {})
                group[f"{source.id}/{claim.id}"] = quantity.value
        yield from _check_spans(brief, source, seen)
        for (unit, _), values in groups.items():
            visible = {name: value for name, value in values.items() if name in seen.claims}
            for name in values.keys() - visible.keys():
                if unit == "percent" and len(values) >= _MIN_FIGURES and sum(values.values()) == _ALL_PERCENT:
                    if len(values) - len(visible) == 1:
                        others = _list_names(list(visible))
                        yield (
                            f"claim '{name}', which it may not see, by subtracting {others}, which it sees, from 100%",
                            brief.claims[name][1].location,
                        )
                    continue
                if equation := _find_total(values[name], visible):
                    total, parts = equation
                    yield (
                        f"claim '{name}', which it may not see, by subtracting {_list_names(parts)} from '{total}',"
                        " which it sees",
                        brief.claims[name][1].location,
                    )
                elif addends := _find_addends(values[name], visible):
                    yield (
                        f"claim '{name}', which it may not see, by adding {_list_names(addends)}, which it sees",
                        brief.claims[name][1].location,
                    )


def _check_spans(brief: Brief, source: Source, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields each withheld figure that follows from the figure of a period, such as a year, and the figures of its parts,
    such as quarters, if it is the only one of them that is withheld.

    The parts must follow each other without a gap and have the same unit.
    """
    dated: dict[str, list[tuple[date, date, str, Decimal]]] = {}
    for claim in source.claims:
        quantity = claim.quantity
        if quantity is None or quantity.value is None or quantity.period is None or quantity.value <= 0:
            continue
        start, end = quantity.period.start, quantity.period.end or quantity.period.start
        figure = (start.first_day, end.day_after, f"{source.id}/{claim.id}", quantity.value)
        dated.setdefault(quantity.unit, []).append(figure)
    for figures in dated.values():
        if len(figures) > _MAX_DATED:
            continue
        for first, after, total, value in figures:
            inside = [each for each in figures if first <= each[0] and each[1] <= after and each[:2] != (first, after)]
            for parts in _list_chains(inside, first, after):
                names = [total, *(name for *_, name, _ in parts)]
                withheld = [name for name in names if name not in seen.claims]
                if len(withheld) == 1 and sum(each[3] for each in parts) == value:
                    others = _list_names([name for name in names if name != withheld[0]])
                    message = f"claim '{withheld[0]}', which it may not see, from {others}, which it sees"
                    yield message, brief.claims[withheld[0]][1].location


def _list_chains(
    figures: Sequence[tuple[date, date, str, Decimal]], start: date, end: date
) -> Iterator[tuple[tuple[date, date, str, Decimal], ...]]:
    """Yields the sequences of figures whose periods fill the time from `start` up to `end` without a gap. Gives up after
    `_MAX_CHAINS` steps. A figure is its first day, the day after its last, its name and its value.
    """
    chains: list[tuple[date, tuple[tuple[date, date, str, Decimal], ...]]] = [(start, ())]
    for _ in range(_MAX_CHAINS):
        if not chains:
            return
        day, chain = chains.pop()
        if day == end:
            yield chain
            continue
        chains += [(figure[1], (*chain, figure)) for figure in figures if figure[0] == day and figure[1] <= end]


def _find_total(part: Decimal, visible: Mapping[str, Decimal]) -> tuple[str, list[str]] | None:
    """Returns the name of a visible total, and the names of the visible parts which, subtracted from it, leave `part`; None
    if there are none.
    """
    if _count_digits(part) < _MIN_DIGITS or len(visible) > _MAX_CLAIMS:
        return None
    for total, value in visible.items():
        rest = value - part
        others = {name: figure for name, figure in visible.items() if name != total and figure <= rest}
        if rest <= 0 or _count_digits(value) < _MIN_DIGITS:
            continue
        for number in range(1, min(_MAX_PARTS, len(others)) + 1):
            for parts in combinations(others, number):
                if sum(others[name] for name in parts) == rest:
                    return total, list(parts)
    return None


def _find_addends(total: Decimal, visible: Mapping[str, Decimal]) -> list[str] | None:
    """Returns the names of visible figures that add up to a withheld total; None if there are none. Two figures may add up
    by chance, so at least three are needed.
    """
    others = {name: figure for name, figure in visible.items() if figure < total}
    if _count_digits(total) < _MIN_DIGITS or len(visible) > _MAX_CLAIMS:
        return None
    for number in range(_MIN_FIGURES, min(_MAX_PARTS, len(others)) + 1):
        for parts in combinations(others, number):
            if sum(others[name] for name in parts) == total:
                return list(parts)
    return None


def _count_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _check_tables(brief: Brief, seen: Brief, audience: str) -> Iterator[tuple[str, SourceLocation]]:
    """Yields each withheld row or column of a table in which a total and all others are visible."""
    clearance = brief.audiences[audience].clearance
    visible = {block.id for theme in seen.themes.values() for block in theme.blocks if isinstance(block, Table)}
    for theme in brief.themes.values():
        for block in theme.blocks:
            if isinstance(block, Table) and block.id in visible:
                yield from _check_table(brief, block, clearance)


def _check_table(brief: Brief, table: Table, clearance: Clearance) -> Iterator[tuple[str, SourceLocation]]:
    if any(len(row.cells) != len(table.columns) for row in table.rows):
        return
    kinds: tuple[tuple[str, Sequence[Row | Column]], ...] = (("row", table.rows), ("column", table.columns))
    for kind, records in kinds:
        withheld = [index for index, record in enumerate(records) if record.clearance > clearance]
        if len(withheld) != 1 or len(records) < _MIN_FIGURES:
            continue
        rows = [[_find_value(cell, brief) for cell in row.cells] for row in table.rows]
        lines = rows if kind == "row" else list(zip(*rows, strict=True))
        crossing: Sequence[Row | Column] = table.columns if kind == "row" else table.rows
        visible = [index for index, record in enumerate(crossing) if record.clearance <= clearance]
        if any(_has_total([line[index] for line in lines], withheld[0]) for index in visible):
            number = withheld[0] + 1
            yield (
                f"{kind} {number} of table '{table.id}', which it may not see, by subtracting the other {kind}s from the total",
                records[withheld[0]].location,
            )


def _has_total(values: Sequence[Decimal | None], withheld: int) -> bool:
    """Returns whether a visible figure is the sum of all others, including the withheld one. `withheld` is its index."""
    numbers = [value for value in values if value is not None]
    if values[withheld] is None or len(numbers) < _MIN_FIGURES:
        return False
    total = sum(numbers)
    return any(
        value is not None and index != withheld and value * 2 == total and value >= _MIN_TOTAL
        for index, value in enumerate(values)
    )


def _find_value(cell: LocalisedText, brief: Brief) -> Decimal | None:
    """Returns the figure of a cell that consists of one placeholder or one typed number; None for any other cell."""
    phrase = cell.find_phrase(str(brief.settings.source_locale))
    runs = [run for run in phrase.runs if not (isinstance(run, Text) and not run.text.strip())] if phrase else []
    match runs:
        case [ClaimValue() as value] if value.claim.name in brief.claims:
            try:
                quantity = resolve_quantity(value, brief)
            except ValueError:
                return None
            return quantity.value
        case [Text(text)] if match := _NUMBER.fullmatch(text.strip().rstrip("%")):
            digits = re.sub("[, \u00a0]", "", match[1]).replace("\u2212", "-")
            return Decimal(digits)
        case _:
            return None


def _list_names(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return " and ".join((", ".join(quoted[:-1]), quoted[-1])) if len(quoted) > 1 else quoted[0]
