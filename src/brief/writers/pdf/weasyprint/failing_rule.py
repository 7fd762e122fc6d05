"""Finds the rule of a set's own style sheet with which the layout fails.

The engine's own message names neither a file nor a rule, only something within the engine.
"""

from collections.abc import Callable

import tinycss2

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.style import StyleSheetRules

# The layout is repeated about once for each power of two of the number of rules.
_MAX_RULES = 2_000
_HINT = "write this rule in another way, or remove it"


def find_failing_rule(rules: StyleSheetRules, fails: Callable[[str], bool]) -> SourceLocation | None:
    """Returns the location of the first rule of the last file in `rules` with which the layout fails; None if it fails without
    the rules of this file.

    `fails` returns whether the layout fails with other rules.
    """
    before = rules.files[-1][1]
    lines = rules.text.splitlines(keepends=True)
    inherited, own = "".join(lines[:before]), "".join(lines[before:])
    starts = [
        (node.source_line, node.source_column)
        for node in tinycss2.parse_stylesheet(own, skip_comments=True, skip_whitespace=True)
    ][:_MAX_RULES]
    if not starts or fails(inherited):
        return None
    # With the rules before `low` it does not fail, with those before `high` it does.
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        if fails(inherited + _cut(own, starts[middle])):
            high = middle
        else:
            low = middle
    line, column = starts[high - 1]
    return rules.locate(before + line, column)


def describe_failure(error: Exception, location: SourceLocation) -> ContentError:
    """Returns the error for a layout that failed with `error` because of the rule at the location."""
    message = f"the layout fails with this rule: {type(error).__name__}: {error}".rstrip(": ")
    return ContentError([Diagnostic("renderer-failed", message, location, _HINT)])


def _cut(text: str, place: tuple[int, int]) -> str:
    """Returns the text before a line and column, counted from 1."""
    line, column = place
    lines = text.splitlines(keepends=True)
    return "".join(lines[: line - 1]) + lines[line - 1][: column - 1]
