"""Preserves the line breaks of Pandoc's lists and line blocks, with a core rule for markdown-it.

CommonMark numbers lists with digits only (0.31.2, 5.2), and reads other lists (Pandoc's manual, "Extension:
fancy_lists") and line blocks ("Extension: line_blocks") as paragraphs.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from brief.reading.documents.grid_tables import GRID_BORDER, MERGED_CELLS_NOTICE

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_ENTRY = re.compile(r"\s*(\(?)([a-z]|[A-Z]|[ivx]+|[IVX]+|\d+|#|@[\w-]*)([.)])[ \t]+(?=\S)")
_LINE_BLOCK_LINE = re.compile(r"\|(?: (?P<text>.*))?")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_MIN_ENTRIES = 2


def keep_lines(state: "StateCore") -> None:
    """Inserts line breaks into the paragraphs that are lists, line blocks or tables of Pandoc, in place.

    Paragraphs after a thematic break may be the rows of such a table. Sets `meta["lost"]` and `meta["hint"]` of the
    inline token to the message and the hint to report, if there is something to report.
    """
    # The first token has none before it, and therefore precedes itself.
    for before, opening, token in zip([*state.tokens[:1], *state.tokens], state.tokens, state.tokens[1:], strict=False):
        if opening.type == "paragraph_open" and token.type == "inline":
            lines = token.content.split("\n")
            if block_lines := _read_line_block(lines):
                token.content = _join(block_lines, range(1, len(block_lines)))
                if any(line.startswith((" ", "\t")) for line in block_lines):
                    token.meta = {"lost": "the indentation of a line block is not kept", "hint": None}
            elif GRID_BORDER.search(token.content) or before.type == "hr":
                token.content = _join(lines, range(1, len(lines)))
                # The reader reports the thematic break.
                token.meta = {} if before.type == "hr" else MERGED_CELLS_NOTICE
            elif _is_table(lines):
                token.content = _join(lines, range(1, len(lines)))
                token.meta = {
                    "lost": "a table without a delimiter row is kept as lines of text",
                    "hint": "write a row such as | --- | --- | below its header row",
                }
            elif entries := _find_entries(lines):
                token.content = _join(lines, entries)
                token.meta = {
                    "lost": f"a list whose entries are marked '{lines[entries[0]].split()[0]}' is kept as lines of text",
                    "hint": "number its entries 1., 2., 3., unless a text refers to their markers",
                }


def _read_line_block(lines: Sequence[str]) -> list[str]:
    """Returns the lines of a line block without their bars, and without empty lines.

    Returns an empty list unless each line begins with a bar or continues the line before it, and if it is a table.
    """
    block_lines: list[str] = []
    for line in lines:
        match = _LINE_BLOCK_LINE.fullmatch(line)
        if match:
            block_lines.append(match["text"] or "")
        elif block_lines and line.startswith(" "):
            block_lines[-1] += f" {line.strip()}"
        else:
            return []
    return [] if _is_table(lines) else [line for line in block_lines if line.strip()]


def _is_table(lines: Sequence[str]) -> bool:
    rows = [line.strip() for line in lines]
    return len(rows) > 1 and all(len(row) > 1 and row.startswith("|") and row.endswith("|") for row in rows)


def _find_entries(lines: Sequence[str]) -> list[int]:
    """Returns the indices of the lines that begin an entry of a list; empty if there are fewer than two.

    Their markers have the same parentheses or dots, and count from 1, a, A, i or I without a gap.
    """
    entries: list[int] = []
    delimiters = None
    for index, line in enumerate(lines):
        match = _ENTRY.match(line)
        if match is None or (match[1] and match[3] != ")"):
            continue
        is_next = _is_marker_of(match[2], len(entries) + 1)
        if is_next and (delimiters is None or (match[1], match[3]) == delimiters):
            delimiters = match[1], match[3]
            entries.append(index)
    return entries if len(entries) >= _MIN_ENTRIES else []


def _is_marker_of(marker: str, number: int) -> bool:
    """Returns whether a marker, such as 3, c, iii, # or @label, can mark the entry `number`, counted from 1."""
    if marker == "#" or marker.startswith("@"):
        return True
    markers = {str(number), chr(ord("a") + number - 1), *_ROMAN[number - 1 : number]}
    return marker in markers or (marker.isupper() and marker.lower() in markers)


def _join(lines: Sequence[str], starts: Sequence[int]) -> str:
    """Joins lines, with a hard line break before those with the indices `starts`, except within code."""
    text = lines[0]
    for index, line in enumerate(lines[1:], 1):
        needs_break = index in starts and not text.count("`") % 2 and not text.endswith(("\\", "  "))
        text += ("\\\n" if needs_break else "\n") + line
    return text
