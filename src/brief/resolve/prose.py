"""Resolves the parts of a prose block, and assigns letters to footnotes and appendices."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import count
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
from brief.model.variant import Section
from brief.resolve.citations import strip_citations


def resolve_parts(parts: ProseParts[AuthoredRun], resolve: Callable[[AuthoredRuns], Runs]) -> ProseParts[Run]:
    """Resolves the runs of all parts with `resolve`, in reading order. Citation marks are removed from headings."""
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
    """Yields the footnotes of the parts in the order of their marks."""
    return (run for text in list_texts(parts) for run in text if isinstance(run, Footnote))


def format_note_letter(number: int) -> str:
    """Formats the mark of footnote `number`: a to z, then aa, bb and so on, as in word processors."""
    rounds, letter = divmod(number - 1, len(ascii_lowercase))
    return ascii_lowercase[letter] * (rounds + 1)


def assign_appendix_letters(sections: tuple[Section, ...], appendices: Collection[str]) -> tuple[Section, ...]:
    """Returns the sections with letters for those whose ids are in `appendices`: A, B and so on in every locale."""
    letters = (format_note_letter(number).upper() for number in count(1))
    return tuple(
        replace(section, letter=next(letters)) if section.id in appendices else section for section in sections
    )
