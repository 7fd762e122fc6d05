"""Collects diagnostics, so that reading and checking do not stop at the first one."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import field

from brief.model.diagnostics import Diagnostic, Fix, Severity
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

_MAX_LISTED = 12


@dataclass(slots=True)
class DiagnosticSink:
    """The diagnostics of readers and checks, and the files that could not be read completely."""

    found: list[Diagnostic] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)

    def add_error(
        self,
        code: str,
        location: SourceLocation,
        message: str,
        hint: str | None = None,
        related: SourceLocation | None = None,
        fix: Fix | None = None,
        locale: str | None = None,
    ) -> None:
        """Adds an error. `hint` says what to do, `related` is a second location, and `fix` a possible correction;
        `locale` is the only one that it concerns.
        """
        self.found.append(Diagnostic(code, message, location, hint, Severity.ERROR, related, fix, locale))

    def add_warning(
        self,
        code: str,
        location: SourceLocation,
        message: str,
        hint: str | None = None,
        related: SourceLocation | None = None,
        fix: Fix | None = None,
    ) -> None:
        """Adds a warning, as `add_error` does an error."""
        self.found.append(Diagnostic(code, message, location, hint, Severity.WARNING, related, fix))

    def add_note(self, code: str, location: SourceLocation, message: str) -> None:
        """Adds a note, which needs no action."""
        self.found.append(Diagnostic(code, message, location, None, Severity.NOTE))


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Makes a hint for a misspelt name: the nearest known one, or else the first twelve known ones in alphabetical order.
    Case and width do not count.
    """
    names = sorted(known)
    near = find_nearest_name(name, names)
    if near is not None:
        return f"did you mean '{near}'?"
    more = f", … and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return f"known: {', '.join(names[:_MAX_LISTED])}{more}" if names else "none is defined"


def find_nearest_name(name: str, known: Iterable[str], min_similarity: float = 0.6) -> str | None:
    """Returns the known name that a misspelt name most likely means; None if no known name is similar enough.

    `min_similarity` is from 0 to 1 (`difflib.get_close_matches`).
    """
    folded = {_fold(candidate): candidate for candidate in sorted(known)}
    near = difflib.get_close_matches(_fold(name), folded, 1, cutoff=min_similarity)
    return folded[near[0]] if near else None


def _fold(name: str) -> str:
    # NFKC makes full-width letters ordinary ones; it is used for comparing only, never for text.
    return unicodedata.normalize("NFKC", name).casefold()
