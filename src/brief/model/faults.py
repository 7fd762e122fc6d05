"""Collecting faults: nobody who reads or checks stops at the first one."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from brief.model.diagnostics import Diagnostic, Severity
from brief.model.place import Place


@dataclass(slots=True)
class Faults:
    """Where readers and checks leave what they find, and the files of which something could not be read."""

    found: list[Diagnostic] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def error(
        self, code: str, place: Place, message: str, hint: str | None = None, related: Place | None = None
    ) -> None:
        self.found.append(Diagnostic(code, message, place, hint, Severity.ERROR, related))

    def warning(
        self, code: str, place: Place, message: str, hint: str | None = None, related: Place | None = None
    ) -> None:
        self.found.append(Diagnostic(code, message, place, hint, Severity.WARNING, related))

    def note(self, code: str, place: Place, message: str) -> None:
        self.found.append(Diagnostic(code, message, place, None, Severity.NOTE))


def suggestion(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: the nearest known one, also when it differs in case or width only, else all of them."""
    names = sorted(known)
    folded = {_fold(candidate): candidate for candidate in names}
    near = difflib.get_close_matches(_fold(name), folded, 1, cutoff=0.6)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    return f"known: {', '.join(names[:12])}" if names else "none is defined"


def _fold(name: str) -> str:
    # NFKC makes full-width letters ordinary ones; it is used for comparing only, never for text.
    return unicodedata.normalize("NFKC", name).casefold()
