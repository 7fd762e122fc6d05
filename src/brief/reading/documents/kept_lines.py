"""Keeps the lines of paragraphs that are lists or line blocks of Pandoc, as a rule for markdown-it.

CommonMark numbers lists by digits only, and joins the lines of everything else (Pandoc's manual, "Extension: fancy_lists",
"Extension: line_blocks").
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from brief.reading.documents.grid_tables import DRAWN, JOINED

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_ENTRY = re.compile(r"\s*(\(?)([a-z]|[A-Z]|[ivx]+|[IVX]+|\d+|#|@[\w-]*)([.)])[ \t]+(?=\S)")
_VERSE = re.compile(r"\|(?: (?P<words>.*))?")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_LEAST_ENTRIES = 2


def keep_lines(state: "StateCore") -> None:
    """Ends the lines of paragraphs that are lists or line blocks with line breaks; `meta` of the token then says what
    to report.
    """
    for before, opening, token in zip([*state.tokens[:1], *state.tokens], state.tokens, state.tokens[1:], strict=False):
        if opening.type == "paragraph_open" and token.type == "inline":
            lines = token.content.split("\n")
            if verse := _read_line_block(lines):
                token.content = _join(verse, range(1, len(verse)))
                if any(line.startswith((" ", "\t")) for line in verse):
                    token.meta = {"lost": "the indents of a line block are not kept", "hint": None}
            elif DRAWN.search(token.content) or before.type == "hr":
                token.content = _join(lines, range(1, len(lines)))
                # The reader reports the rule.
                token.meta = {} if before.type == "hr" else JOINED
            elif _is_table(lines):
                token.content = _join(lines, range(1, len(lines)))
                token.meta = {
                    "lost": "a table without a line below its heads is kept as lines of text",
                    "hint": "write | --- | --- | below its heads",
                }
            elif entries := _find_entries(lines):
                token.content = _join(lines, entries)
                token.meta = {
                    "lost": f"a list whose entries are marked '{lines[entries[0]].split()[0]}' is kept as lines of text",
                    "hint": "number its entries 1., 2., 3., if no text refers to their marks",
                }


def _read_line_block(lines: Sequence[str]) -> list[str]:
    """Returns the lines without their bars; empty unless each line has a bar or continues the line before it."""
    verse: list[str] = []
    for line in lines:
        match = _VERSE.fullmatch(line)
        if match:
            verse.append(match["words"] or "")
        elif verse and line.startswith(" "):
            verse[-1] += f" {line.strip()}"
        else:
            return []
    return [] if _is_table(lines) else [line for line in verse if line.strip()]


def _is_table(lines: Sequence[str]) -> bool:
    rows = [line.strip() for line in lines]
    return len(rows) > 1 and all(len(row) > 1 and row.startswith("|") and row.endswith("|") for row in rows)


def _find_entries(lines: Sequence[str]) -> list[int]:
    """Returns the indices of the lines that begin an entry of a list: their marks have one form and count on from the
    first.
    """
    found: list[int] = []
    form = None
    for number, line in enumerate(lines):
        match = _ENTRY.match(line)
        if match is None or (match[1] and match[3] != ")"):
            continue
        is_next = _is_mark_of(match[2], len(found) + 1)
        if is_next and (form is None or (match[1], match[3]) == form):
            form = match[1], match[3]
            found.append(number)
    return found if len(found) >= _LEAST_ENTRIES else []


def _is_mark_of(mark: str, number: int) -> bool:
    """Returns whether the mark is the mark of the entry with this number."""
    if mark == "#" or mark.startswith("@"):
        return True
    wanted = {str(number), chr(ord("a") + number - 1), *_ROMAN[number - 1 : number]}
    return mark in wanted or (mark.isupper() and mark.lower() in wanted)


def _join(lines: Sequence[str], starts: Sequence[int]) -> str:
    """Joins lines, with a line break before each of the lines `starts`, unless it is within code."""
    text = lines[0]
    for number, line in enumerate(lines[1:], 1):
        is_kept = number in starts and not text.count("`") % 2 and not text.endswith(("\\", "  "))
        text += ("\\\n" if is_kept else "\n") + line
    return text
