"""Writes prose blocks as Markdown, with footnotes in GitHub's syntax."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from brief.model.align import Align
from brief.model.inline import Run, Runs, to_plain_text
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
)
from brief.resolve.prose import find_footnotes
from brief.writers.markdown.inline import write_heading, write_line, write_runs

_RULES = {Align.START: "---", Align.CENTER: ":---:", Align.END: "---:"}
_BLOCK_HEADING_LEVEL = 3


def write_prose(parts: ProseParts[Run]) -> Iterator[str]:
    """Yields each part, then the footnotes, without blank lines around them."""
    yield from map(_write_part, parts)
    for note in find_footnotes(parts):
        first, *others = note.paragraphs
        # Further paragraphs of a note are indented by four spaces.
        yield "\n\n    ".join((f"[^{note.label}]: {write_line(first)}", *map(write_line, others)))


def write_table(headers: Sequence[Runs], alignments: Sequence[Align], rows: Sequence[Sequence[Runs]]) -> str:
    """Returns a table of GitHub Flavored Markdown (4.10)."""
    rules = [_RULES[align] for align in alignments]
    lines = [[write_runs(header) for header in headers], rules, *([write_runs(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _write_part(part: ProsePart[Run]) -> str:
    match part:
        case ProseParagraph(text):
            return write_line(text)
        case ProseHeading(level, text):
            return write_heading(min(_BLOCK_HEADING_LEVEL + level, 6), write_runs(text))
        case ProseList():
            return _write_list(part)
        case ProseQuotation(parts):
            lines = "\n\n".join(map(_write_part, parts)).split("\n")
            return "\n".join(f"> {line}".rstrip() for line in lines)
        case ProseCode(text):
            return _write_code(to_plain_text(text))
        case ProseFormula(text):
            return write_runs(text)
        case ProseTable(alignments, headers, rows):
            return write_table(headers, alignments, rows)
        case _:
            assert_never(part)


def _write_list(part: ProseList[Run]) -> str:
    entries = []
    for number, entry in enumerate(part.entries, part.start):
        marker = f"{number}. " if part.is_ordered else "- "
        # The content of an entry is indented to the start of its text (CommonMark 0.31, 5.2).
        content = "\n\n".join(map(_write_part, entry)).replace("\n", "\n" + " " * len(marker))
        entries.append(marker + "\n".join(line.rstrip() for line in content.split("\n")))
    return "\n".join(entries)


def _write_code(text: str) -> str:
    """Returns a fenced code block whose fence is longer than any fence in it (CommonMark 0.31, 4.5)."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text.rstrip()}\n{fence}"
