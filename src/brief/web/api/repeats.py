"""Shortens long lists of diagnostics that are alike, because the service keeps those of thousands of packs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from brief.model.diagnostics import Diagnostic, Severity, sort_diagnostics

_KEPT = 100


def condense_repeats(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics sorted, of each code and severity in a file or a dataset the first hundred at most.

    If there are more, one more of them says how many are not listed.
    """
    ordered = sort_diagnostics(diagnostics)
    counts = Counter(map(_find_kind, ordered))
    seen: Counter[tuple[str, Severity, str]] = Counter()
    kept = []
    for each in ordered:
        kind = _find_kind(each)
        seen[kind] += 1
        if seen[kind] <= _KEPT:
            kept.append(each)
        elif seen[kind] == _KEPT + 1:
            omitted = counts[kind] - _KEPT
            message = f"{each.message} (and {omitted - 1:,} more that are not listed)" if omitted > 1 else each.message
            kept.append(replace(each, message=message))
    return tuple(kept)


def _find_kind(diagnostic: Diagnostic) -> tuple[str, Severity, str]:
    # The location of a record is, for example, data['operator/fleet'] row 1, column riders.
    return diagnostic.code, diagnostic.severity, diagnostic.location.file.partition("'] row ")[0]
