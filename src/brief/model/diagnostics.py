"""Diagnostics as data: one type for every problem that a user can cause, and the errors that carry them."""

import enum
import errno
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field
from typing import Any

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Severity(enum.StrEnum):
    """Whether a diagnostic stops a build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replaces the characters from `start` up to, but without, `end` of the source text with `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class TextFix:
    """The fix of one text: `text` is the location of its words in one locale.

    An `is_typographic` fix changes only punctuation and spaces, so that translations of the text remain valid.
    """

    text: SourceLocation
    replacements: tuple[Replacement, ...]
    is_typographic: bool = False


@dataclass(frozen=True, slots=True)
class RenameFix:
    """The fix of a file that is not read under its current name: `name` is the new path."""

    name: str


Fix = TextFix | RenameFix


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable `code`, its location, what is wrong, and in `hint` what to do, if that helps.

    `related` is a second location that explains the first, such as that of the other of two duplicates. `fix` is how a
    program can fix it, if there is exactly one way. `locale` is the only locale whose variants it concerns; None means
    any.
    """

    code: str
    message: str
    location: SourceLocation
    hint: str | None = None
    severity: Severity = Severity.ERROR
    related: SourceLocation | None = None
    fix: Fix | None = field(default=None, compare=False, repr=False)
    locale: str | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Returns the diagnostic without its fix and locale as plain data, in the form that `--format json` prints."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            **asdict(self.location),
            "message": self.message,
            "hint": self.hint,
            "related": asdict(self.related) if self.related else None,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Diagnostic":
        """Returns the diagnostic from which `to_json` made the record, without its fix."""
        return cls(
            code=record["code"],
            message=record["message"],
            location=SourceLocation(record["file"], record["line"], record["column"]),
            hint=record["hint"],
            severity=Severity(record["severity"]),
            related=SourceLocation(**record["related"]) if record["related"] else None,
        )


class BriefError(Exception):
    """Base of every error that `brief` raises on purpose.

    - ContentError: the input has errors; carries all of them (exit 1)
    - RequestError: a request names what the brief does not have (exit 2)
    - MachineError: a library, font or file system is missing or fails (exit 3)
    - OutputLockedError: another process is writing to the same place (exit 4)
    - WorkerError: a worker process failed (exit 5)
    """


class ContentError(BriefError):
    """Content, templates or a request have errors. `diagnostics` contains all of them, sorted by location."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = sort_diagnostics(diagnostics)
        super().__init__("\n".join(f"{d.location}: {d.severity}[{d.code}]: {d.message}" for d in self.diagnostics))

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Diagnostic, ...]]]:
        # Errors are pickled by workers, and rebuilt from their arguments.
        return type(self), (self.diagnostics,)


class RenderLimitError(ContentError):
    """A template exceeded the time or memory of a render; renders of other variants are likely to do so too."""


class RequestError(BriefError):
    """A request asks for an audience, a locale or a format that the brief does not have."""


class MachineError(BriefError):
    """The machine lacks something: a font, a shared library, disk space, a permission."""


class DiskFullError(MachineError):
    """The disk is full, or the user's share of it (quota), or a file would be larger than the user's may be."""


class OutputLockedError(BriefError):
    """Another process is writing to the same output folder, or is writing translations into the same project."""


class WorkerError(BriefError):
    """A worker process died or could not be reached."""


class WorkerTimeoutError(WorkerError):
    """A worker process was stopped because its task took longer than the limit."""


def make_write_error(what: str, problem: OSError, hint: str = "") -> MachineError:
    """Makes the error for a file or folder that cannot be written; `what` names it, `hint` says what to do."""
    kind = DiskFullError if problem.errno in _FULL else MachineError
    return kind(f"{what} cannot be written: {problem.strerror}{hint and f'; {hint}'}")


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics sorted by location, without duplicates."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.location, d.severity, d.code, d.message)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity is Severity.ERROR for d in diagnostics)
