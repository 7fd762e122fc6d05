"""Finds withheld figures that an audience can compute, such as the missing part of a visible total.

Four kinds of sums are known: claims that are `derived` from others, claims of one source that add up (or percentages that
make up 100), and tables and datasets of which a row or a column is the sum of the others.
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
# Round and small numbers add up by chance, and so do some among many.
_DIGITS, _SMALLEST_TOTAL, _MOST_PARTS, _MOST_CLAIMS = 2, 10, 5, 14
# The fewest figures: a total and two parts.
_FEWEST_FIGURES = 3
# The most figures with one unit, and the most ways to fill a year with them, that are tried.
_MOST_DATED, _MOST_CHAINS = 60, 400
_ALL_PERCENT = Decimal(100)
# One number, with a currency or a unit beside it: "CNY 1,200", "1 200 km".
_NUMBER = re.compile(r"(?:[A-Z]{3} ?|[$€£¥])?([-+\u2212]?\d[\d, \u00a0]*(?:\.\d+)?)(?: ?[^\W\d_]{1,8})?")


def check_arithmetic(brief: Brief, seen: Selections) -> list[Diagnostic]:
    """Warns about each claim, row and column that an audience may not see but can compute from what it sees."""
    sink = DiagnosticSink()
    for audience in brief.audiences:
        _check_audience(brief, seen[audience], audience, sink)
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
    """Yields a result that is withheld while all that it is computed from is not."""
    for name in brief.claims.keys() - seen.claims.keys():
        source, claim = brief.claims[name]
        inputs = [ref.name for ref in derive.list_inputs(source, claim)]
        if inputs and all(used in seen.claims for used in inputs):
            yield f"claim '{name}', which it may not see, from {_list_names(inputs)}, which it sees", claim.location


def _check_disclosed(brief: Brief, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields the only withheld input of a result that is disclosed."""
    for name, (source, claim) in brief.claims.items():
        derived = claim.quantity.derived if claim.quantity else None
        if derived is None or derived.disclose is None or name not in seen.claims:
            continue
        inputs = {cell for ref in derive.list_inputs(source, claim) for cell in _list_cells(brief, ref.name)}
        withheld = [used for used in inputs if not _is_seen(used, seen)]
        if len(withheld) == 1 and len(inputs) > 1:
            yield (
                f"'{withheld[0]}', which it may not see, from '{name}', which is disclosed, and from its other inputs",
                claim.location,
            )


def _list_cells(brief: Brief, name: str) -> Iterable[str]:
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
    """Yields each stated figure that is withheld although a total, and all its other parts from the same source, are
    visible.
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
                if unit == "percent" and len(values) >= _FEWEST_FIGURES and sum(values.values()) == _ALL_PERCENT:
                    if len(values) - len(visible) == 1:
                        others = _list_names(list(visible))
                        yield (
                            f"claim '{name}', which it may not see, by subtracting {others}, which it sees, from 100%",
                            brief.claims[name][1].location,
                        )
                    continue
                if found := _find_sum(values[name], visible):
                    total, parts = found
                    yield (
                        f"claim '{name}', which it may not see, by subtracting {_list_names(parts)} from '{total}',"
                        " which it sees",
                        brief.claims[name][1].location,
                    )
                elif addends := _find_parts(values[name], visible):
                    yield (
                        f"claim '{name}', which it may not see, by adding {_list_names(addends)}, which it sees",
                        brief.claims[name][1].location,
                    )


def _check_spans(brief: Brief, source: Source, seen: Brief) -> Iterator[tuple[str, SourceLocation]]:
    """Yields each figure of a quarter, half-year or month that is withheld although the figures of the year and of its
    other parts are visible.

    The parts must follow each other without a gap and have the same unit.
    """
    dated: dict[str, list[tuple[date, date, str, Decimal]]] = {}
    for claim in source.claims:
        quantity = claim.quantity
        if quantity is None or quantity.value is None or quantity.period is None or quantity.value <= 0:
            continue
        start, end = quantity.period.start, quantity.period.end or quantity.period.start
        found = (start.first_day, end.day_after, f"{source.id}/{claim.id}", quantity.value)
        dated.setdefault(quantity.unit, []).append(found)
    for figures in dated.values():
        if len(figures) > _MOST_DATED:
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
    """Yields the figures whose periods fill the time from `start` to `end` one after another, at most `_MOST_CHAINS` ways."""
    chains: list[tuple[date, tuple[tuple[date, date, str, Decimal], ...]]] = [(start, ())]
    for _ in range(_MOST_CHAINS):
        if not chains:
            return
        reached, chain = chains.pop()
        if reached == end:
            yield chain
            continue
        chains += [(each[1], (*chain, each)) for each in figures if each[0] == reached and each[1] <= end]


def _find_sum(part: Decimal, visible: Mapping[str, Decimal]) -> tuple[str, list[str]] | None:
    """Returns a visible total and the other parts of it that leave `part`."""
    if _count_digits(part) < _DIGITS or len(visible) > _MOST_CLAIMS:
        return None
    for total, value in visible.items():
        rest = value - part
        others = {name: each for name, each in visible.items() if name != total and each <= rest}
        if rest <= 0 or _count_digits(value) < _DIGITS:
            continue
        for number in range(1, min(_MOST_PARTS, len(others)) + 1):
            for parts in combinations(others, number):
                if sum(others[name] for name in parts) == rest:
                    return total, list(parts)
    return None


def _find_parts(whole: Decimal, visible: Mapping[str, Decimal]) -> list[str] | None:
    """Returns the visible parts of a withheld total: at least three of the source's others, since two add up by chance."""
    others = {name: each for name, each in visible.items() if each < whole}
    if _count_digits(whole) < _DIGITS or len(visible) > _MOST_CLAIMS:
        return None
    for number in range(_FEWEST_FIGURES, min(_MOST_PARTS, len(others)) + 1):
        for parts in combinations(others, number):
            if sum(others[name] for name in parts) == whole:
                return list(parts)
    return None


def _count_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _check_tables(brief: Brief, seen: Brief, audience: str) -> Iterator[tuple[str, SourceLocation]]:
    """Yields a row or column that is withheld while a total and all the others are not."""
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
    for what, records in kinds:
        withheld = [at for at, record in enumerate(records) if record.clearance > clearance]
        if len(withheld) != 1 or len(records) < _FEWEST_FIGURES:
            continue
        rows = [[_find_value(cell, brief) for cell in row.cells] for row in table.rows]
        lines = rows if what == "row" else list(zip(*rows, strict=True))
        other: Sequence[Row | Column] = table.columns if what == "row" else table.rows
        seen = [at for at, record in enumerate(other) if record.clearance <= clearance]
        if any(_has_total([line[at] for line in lines], withheld[0]) for at in seen):
            number = withheld[0] + 1
            yield (
                f"{what} {number} of table '{table.id}', which it may not see, by subtracting the other {what}s from the total",
                records[withheld[0]].location,
            )


def _has_total(values: Sequence[Decimal | None], withheld: int) -> bool:
    """Returns whether a visible figure is the sum of all the others, the withheld one with them."""
    numbers = [value for value in values if value is not None]
    if values[withheld] is None or len(numbers) < _FEWEST_FIGURES:
        return False
    whole = sum(numbers)
    return any(
        value is not None and at != withheld and value * 2 == whole and value >= _SMALLEST_TOTAL
        for at, value in enumerate(values)
    )


def _find_value(cell: LocalisedText, brief: Brief) -> Decimal | None:
    """Returns the figure that a cell is: one placeholder of a claim, or one number typed."""
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
