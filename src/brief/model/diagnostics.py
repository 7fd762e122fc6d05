"""Faults as data: one type for every fault that a person can cause, and the errors that carry them."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from brief.model.source_location import SourceLocation


class Severity(enum.StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: a stable `code`, where it stands, what is wrong, and where it helps what to do.

    `related` is a second place that explains the first (the other one of two duplicates).
    """

    code: str
    message: str
    location: SourceLocation
    hint: str | None = None
    severity: Severity = Severity.ERROR
    related: SourceLocation | None = None


class BriefError(Exception):
    """Base of every error that `brief` raises on purpose.

    - ContentError: the input has faults; carries all of them (exit 1)
    - OrderError: an order names what the brief does not have (exit 2)
    - MachineError: a library, font or file system does not serve (exit 3)
    - OutputLockedError: another process holds the output folder, or what it is to write (exit 4)
    - WorkerError: a worker process failed (exit 5)
    """


class ContentError(BriefError):
    """Content, templates or an order have faults. `diagnostics` holds all of them, in order of place."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = sort_diagnostics(diagnostics)
        super().__init__("\n".join(f"{d.location}: {d.severity}[{d.code}]: {d.message}" for d in self.diagnostics))

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Diagnostic, ...]]]:
        # Errors cross process borders, and are made again from what they were made of.
        return type(self), (self.diagnostics,)


class OrderError(BriefError):
    """An order asks for an audience, a locale or a format that the brief does not have."""


class MachineError(BriefError):
    """The machine lacks something: a font, a shared library, disk space, a permission."""


class OutputLockedError(BriefError):
    """Another process is writing to the same output folder, or translations to the same project."""


class WorkerError(BriefError):
    """A worker process died or could not be reached."""


class WorkerTimeoutError(WorkerError):
    """A worker process was ended because its work took longer than the limit."""


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, each one once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.location, d.severity, d.code, d.message)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity is Severity.ERROR for d in diagnostics)
