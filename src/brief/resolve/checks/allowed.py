"""Leaves out the warnings that a block allows, each with a reason of the author."""

from collections.abc import Iterable, Iterator

from brief.model.blocks import Block
from brief.model.brief import Brief, Theme
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, Severity
from brief.reading.explanations import load_explanations
from brief.resolve import walk

# The file, and the first and last line of a block.
_Lines = tuple[str, int, float]


def leave_out_allowed(brief: Brief, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Returns the diagnostics without the warnings that blocks allow; reports codes that are unknown, or allowed in vain."""
    kept = list(found)
    sink = DiagnosticSink()
    for theme in brief.themes.values():
        for block, lines in _list_blocks(theme):
            for code in block.allow:
                remaining = [each for each in kept if not _is_allowed(each, code, lines)]
                if code not in load_explanations():
                    hint = suggest_name(code, load_explanations())
                    sink.add_error("unknown-code", block.location, f"no diagnostic has the code '{code}'", hint)
                elif len(remaining) == len(kept):
                    message = f"block '{block.id}' allows '{code}', and nothing in it causes that warning"
                    sink.add_warning("unused-allow", block.location, message, f"remove '{code}' from 'allow'")
                kept = remaining
    return [*kept, *sink.found]


def _is_allowed(diagnostic: Diagnostic, code: str, lines: _Lines) -> bool:
    file, first, last = lines
    location = diagnostic.location
    is_inside = location.file == file and first <= location.line <= last
    return is_inside and diagnostic.code == code and diagnostic.severity is Severity.WARNING


def _list_blocks(theme: Theme) -> Iterator[tuple[Block, _Lines]]:
    """Yields the blocks that allow something, with their lines: those before the next block, or the next text of the theme."""
    if not any(block.allow for block in theme.blocks):
        return
    own = [theme.title, theme.summary, *theme.takeaways]
    starts = [block.location.line for block in theme.blocks]
    starts += [phrase.location.line for text in walk.walk_texts(tuple(own)) for phrase in text.phrases.values()]
    for block in theme.blocks:
        if block.allow:
            first = block.location.line
            last = min((line - 1 for line in starts if line > first), default=float("inf"))
            yield block, (block.location.file, first, last)
