"""Reports charts that cannot be drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Chart


class UndrawableError(Exception):
    """A chart would mislead, or its labels do not fit. `code`, `message` and `hint` are those of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint


def create_no_room_error(what: str, hint: str) -> UndrawableError:
    """Returns the error for labels, named by `what`, that do not fit without overlapping."""
    return UndrawableError("chart-labels", f"there is no room for {what}", hint)


@contextmanager
def report_undrawable(chart: Chart) -> Iterator[None]:
    """Turns an UndrawableError in the body of the `with` statement into a diagnostic at the chart's location.

    Raises:
        ContentError: the chart cannot be drawn.
    """
    try:
        yield
    except UndrawableError as problem:
        message, code = f"chart '{chart.id}': {problem.message}", problem.code
        raise ContentError([Diagnostic(code, message, chart.location, problem.hint)]) from None
