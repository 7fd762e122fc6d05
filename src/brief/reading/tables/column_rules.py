"""Checks the rules that a dataset states for the figures of a column."""

from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn


def check_column_rules(dataset: Dataset, sink: DiagnosticSink) -> None:
    """Reports rules that no figure can keep, and rules of key columns, which have no figures."""
    keys = {ref.name for ref in dataset.key}
    for name, column in dataset.columns.items():
        if str(name) in keys and _has_rules(column):
            message = (
                f"column '{name}' is in 'key:', where 'minimum:', 'maximum:', 'whole:' and 'required:' have no effect"
            )
            sink.add_error("column-rule", column.location, message, "remove them; a key column is never empty")
        elif column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
            message = f"the minimum of column '{name}' is above its maximum: {column.minimum:f}, {column.maximum:f}"
            sink.add_error("column-rule", column.location, message, "exchange them")


def find_broken_rule(column: DatasetColumn, figure: Decimal | None) -> str:
    """Returns the rule that a figure breaks, as the end of a sentence; empty if it keeps all. None is an empty cell."""
    if figure is None:
        return "is empty, but the column has 'required: true'" if column.required else ""
    if column.whole and figure != figure.to_integral_value():
        return "is not whole, but the column has 'whole: true'"
    if column.minimum is not None and figure < column.minimum:
        return f"is below the minimum of the column, {column.minimum:f}"
    if column.maximum is not None and figure > column.maximum:
        return f"is above the maximum of the column, {column.maximum:f}"
    return ""


def _has_rules(column: DatasetColumn) -> bool:
    return column.minimum is not None or column.maximum is not None or column.whole or column.required
