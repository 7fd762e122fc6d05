"""Why a chart cannot be drawn as it is meant, for its author to read."""


class UndrawableError(Exception):
    """A chart would mislead, or its words lie over one another. `code` is that of the diagnostic, `hint` its cure."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint


def labels_do_not_fit(what: str, hint: str) -> UndrawableError:
    """The error of labels that find no place clear of one another."""
    return UndrawableError("chart-labels", f"{what} cannot be set without lying over one another", hint)
