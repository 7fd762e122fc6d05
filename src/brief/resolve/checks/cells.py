"""Checks datasets and computed figures: names of cells, units and digits of columns, and doubtful inputs."""

from decimal import Decimal

from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import split_cell_name
from brief.model.figures.quantity import Derived, Period, Quantity
from brief.model.source_location import Ref, Slug
from brief.model.text import LocalisedText
from brief.reading.layout import IncompleteFiles
from brief.reading.tables.key_periods import find_period_notation
from brief.resolve.datasets.averages import find_average_name
from brief.resolve.datasets.selections import SelectionError, select_cells
from brief.resolve.figures.derive import find_unit, list_inputs

# Periods count as equally long up to this ratio of their days: months have from 28 to 31 days, and a quarter has three times
# the days of a month.
_MAX_LENGTH_RATIO = 1.15
# A floating-point number has at least as many.
_MIN_COMPUTED_DIGITS = 15


def make_column_claims(source: Source) -> list[tuple[Claim, Quantity]]:
    """Makes a claim, with its quantity, for each column of figures of a source's datasets, so that the unit of the column
    is checked like that of a claim.
    """
    columns = (
        (f"{dataset.id}.{name}", column)
        for dataset in source.datasets
        for name, column in dataset.columns.items()
        if name not in {ref.name for ref in dataset.key}
    )
    claims = []
    for name, column in columns:
        quantity = Quantity(value=Decimal(1), unit=column.unit, location=column.location)
        claims.append((Claim(id=Slug(name), says=LocalisedText(phrases={}), quantity=quantity), quantity))
    return claims


def warn_about_long_figures(source: Source, brief: Brief, sink: DiagnosticSink) -> None:
    """Warns about each column with a figure of so many digits that a program must have computed it, if neither `decimals`
    nor the settings of the brief round it.
    """
    if brief.settings.figures.significant is not None:
        return
    for dataset in source.datasets:
        table = brief.datasets.get(f"{source.id}/{dataset.id}")
        for index, column in enumerate(table.columns if table else ()):
            if table is None or column.decimals is not None:
                continue
            rows = (row for row in table.rows.values() if (figure := row.figures[index]) and _is_long(figure))
            if (row := next(rows, None)) is not None:
                message = f"column '{column.name}' has figures that a program computed, such as {row.figures[index]} in {table.locate_cell(row, column)}"
                location = dataset.columns[Slug(column.name)].location
                sink.add_warning(
                    "unrounded-figures", location, message, "say with 'decimals:' in the column how many decimals print"
                )


def _is_long(figure: Decimal) -> bool:
    digits = figure.as_tuple().digits
    return len(digits) >= _MIN_COMPUTED_DIGITS and figure != figure.to_integral_value()


def report_selection(ref: Ref, claim: Claim, brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink) -> None:
    """Reports why a selection of cells has no figures, and warns about sums of averages and about rows without a figure."""
    try:
        selected = select_cells(brief, ref.name)
    except SelectionError as problem:
        dataset = ref.name.partition("[")[0]
        if dataset in brief.datasets or not incomplete.may_define("claim", ref.name):
            hint = problem.hint or suggest_name(dataset, brief.datasets)
            sink.add_error(problem.code, ref.location, f"'{ref}': {problem}", hint)
        return
    if claim.quantity and claim.quantity.derived and claim.quantity.derived.sum:
        _warn_about_added_averages(ref, sink)
    if selected.empty and claim.note is None:
        rows = len(selected.figures) + len(selected.empty)
        message = f"'{ref}' leaves out {len(selected.empty)} of {rows} rows without a figure, '{selected.empty[0]}' among them"
        hint = "select rows with a figure, or explain it in the 'note:' of the claim"
        sink.add_warning("incomplete-total", ref.location, message, hint)


def _warn_about_added_averages(ref: Ref, sink: DiagnosticSink) -> None:
    """Warns about the sum of a column whose name suggests averages, prices or rates."""
    column = ref.name.rpartition(".")[2]
    if find_average_name([column]):
        message = f"'{ref}' adds up column '{column}', whose name suggests averages, prices or rates"
        sink.add_warning("doubtful-total", ref.location, message, "write 'mean', or add up another column")


def report_unknown_cell(ref: Ref, brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink) -> None:
    """Reports why `source/dataset[key].column` names no figure: its dataset, key, column or value is missing."""
    parts = split_cell_name(ref.name)
    if parts is None:
        hint = "write source/dataset[key].column"
        sink.add_error("unknown-cell", ref.location, f"'{ref}' is not the name of a cell", hint)
        return
    dataset, key, column = parts
    table = brief.datasets.get(dataset)
    if table is None:
        if not incomplete.may_define("claim", ref.name):
            hint = suggest_name(dataset, brief.datasets)
            sink.add_error("unknown-cell", ref.location, f"unknown dataset '{dataset}'", hint)
        return
    columns = [table_column.name for table_column in table.columns]
    row = table.rows.get(key)
    if row is None:
        # As written in the file, with Q1 2026 instead of 2026-Q1, the key would be nearer to the names of other rows.
        normalised = ",".join(find_period_notation(part) or part for part in key.split(","))
        hint = f"did you mean '{normalised}'?" if normalised in table.rows else suggest_name(key, table.rows)
        if key.count(",") != len(table.key) - 1:
            hint = f"give {' and '.join(table.key)}, as in [{next(iter(table.rows), '')}]"
        sink.add_error("unknown-cell", ref.location, f"dataset '{dataset}' has no row '{key}'", hint)
    if column not in columns:
        hint = suggest_name(column, columns)
        sink.add_error("unknown-cell", ref.location, f"dataset '{dataset}' has no column of figures '{column}'", hint)
    elif row is not None:
        location = table.locate_cell(row, table.columns[columns.index(column)])
        sink.add_error(
            "unknown-cell", ref.location, f"the cell '{ref}' is empty: {location}", "enter a figure, or name another"
        )


def warn_about_unlike_periods(
    source: Source, claim: Claim, derived: Derived, brief: Brief, sink: DiagnosticSink
) -> None:
    """Warns about a comparison of figures for periods of different lengths, such as a year and a quarter, unless the
    claim has a note.
    """
    lengths: list[tuple[int, Ref]] = []
    units = set()
    for ref in list_inputs(source, claim):
        quantity = brief.claims[ref.name][1].quantity if ref.name in brief.claims else None
        if quantity and quantity.period and (days := _count_days(quantity.period)):
            lengths.append((days, ref))
            units.add(find_unit(brief, ref.name))
    is_compared = derived.change or derived.cagr or derived.difference or (derived.ratio and len(units) == 1)
    if not is_compared or not lengths or claim.note is not None:
        return
    short, long = (choose(lengths, key=lambda length: length[0]) for choose in (min, max))
    if long[0] > _MAX_LENGTH_RATIO * short[0]:
        message = f"'{claim.id}' compares '{long[1]}', which is for {format_count(long[0], 'day')}, with '{short[1]}', which is for {short[0]}"
        hint = "compare periods of the same length, or say in the 'note:' of the claim why these can be compared"
        sink.add_warning("unlike-periods", derived.location, message, hint)


def _count_days(period: Period) -> int:
    """Returns the length of a period in days; 0 if it begins or ends vaguely, such as in early 2025."""
    end = period.end or period.start
    return 0 if period.start.part or end.part else (end.day_after - period.start.first_day).days
