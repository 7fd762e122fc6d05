"""Resolves the parts of a prose block: each paragraph, heading and cell as a text of its own."""

from collections.abc import Callable, Iterator
from string import ascii_lowercase
from typing import assert_never

from brief.model.inline import AuthoredRun, AuthoredRuns, Footnote, Run, Runs
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProsePart,
    ProseParts,
    ProseQuotation,
    ProseTable,
    list_texts,
)
from brief.resolve.citations import strip_citations


def resolve_parts(parts: ProseParts[AuthoredRun], resolve: Callable[[AuthoredRuns], Runs]) -> ProseParts[Run]:
    """The parts with their runs resolved by `resolve`, in reading order. Headings have no citation marks."""
    return tuple(_resolve_part(part, resolve) for part in parts)


def _resolve_part(part: ProsePart[AuthoredRun], resolve: Callable[[AuthoredRuns], Runs]) -> ProsePart[Run]:
    match part:
        case ProseParagraph(text):
            return ProseParagraph(resolve(text))
        case ProseHeading(level, text):
            return ProseHeading(level, strip_citations(resolve(text)))
        case ProseCode(text):
            return ProseCode(resolve(text))
        case ProseFormula(text):
            return ProseFormula(resolve(text))
        case ProseList(is_ordered, start, entries):
            return ProseList(is_ordered, start, tuple(resolve_parts(entry, resolve) for entry in entries))
        case ProseQuotation(parts):
            return ProseQuotation(resolve_parts(parts, resolve))
        case ProseTable(aligns, heads, rows):
            return ProseTable(aligns, tuple(map(resolve, heads)), tuple(tuple(map(resolve, row)) for row in rows))
        case other:
            assert_never(other)


def find_footnotes(parts: ProseParts[Run]) -> Iterator[Footnote[Run]]:
    """The footnotes of the parts in the order of their marks."""
    return (run for text in list_texts(parts) for run in text if isinstance(run, Footnote))


def format_note_letter(number: int) -> str:
    """The mark of the footnote `number`: a to z, then aa, bb and so on, as word processors count."""
    rounds, letter = divmod(number - 1, len(ascii_lowercase))
    return ascii_lowercase[letter] * (rounds + 1)
