"""Decides where emphasis may begin and end, in scripts with and without spaces between words.

CommonMark (0.31.2, section 6.2) looks for spaces and punctuation beside a run of markers, so it does not make **「重点」**
bold between Han characters. Here, emphasis may also begin and end at Chinese, Japanese and Korean characters and their
punctuation, according to the amendment "CommonMark CJK-friendly emphasis" (specification 2, the flanking rules). The
braces of a placeholder count as such characters too, because a number is printed in its place.
"""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

MARKERS = "*_"
_BRACES = "{}"
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_EMOJI = range(0x1F000, 0x20000)


def emphasis_rule(state: "StateInline", silent: bool) -> bool:
    """Records a run of delimiters; markdown-it-py, of which this is an inline rule, pairs the runs afterwards.

    Returns whether there is a run at the current position, which it consumes.
    """
    from markdown_it.rules_inline.state_inline import Delimiter

    start, marker = state.pos, state.src[state.pos]
    if silent or marker not in MARKERS:
        return False
    stop = start
    while stop < state.posMax and state.src[stop] == marker:
        stop += 1
    opens, closes = classify_run(state.src, start, stop, marker)
    for _ in range(stop - start):
        state.push("text", "", 0).content = marker
        run = Delimiter(ord(marker), stop - start, len(state.tokens) - 1, end=-1, open=opens, close=closes)
        state.delimiters.append(run)
    state.pos = stop
    return True


def classify_run(text: str, start: int, stop: int, marker: str) -> tuple[bool, bool]:
    """Returns whether the run of markers at `text[start:stop]` can open emphasis, and whether it can close it."""
    before, after = _find_base_character(text[max(start - 2, 0) : start]), text[stop : stop + 1]
    is_left_flanking = _is_flanking(before, after)
    is_right_flanking = _is_flanking(after, before)
    if marker == "*":
        return is_left_flanking, is_right_flanking
    can_open = is_left_flanking and (not is_right_flanking or _is_punctuation(before))
    return can_open, is_right_flanking and (not is_left_flanking or _is_punctuation(after))


def _is_flanking(outside: str, inside: str) -> bool:
    """Returns whether a run between two characters flanks a word that begins or ends with the character `inside`.

    "" is the start or end of the text.
    """
    if not inside or inside.isspace():
        return False
    if not _is_punctuation(inside) or _is_unspaced(inside):
        return True
    return not outside or outside.isspace() or _is_punctuation(outside) or _is_unspaced(outside)


def _find_base_character(text: str) -> str:
    """Returns the last character, or the one before it if the last is a variation selector; "" if the text has no such character."""
    return text[-2:-1] if _SELECTOR.fullmatch(text[-1:]) else text[-1:]


def _is_punctuation(character: str) -> bool:
    """Returns whether the general category is P or S (CommonMark 0.31.2, section 2.1)."""
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _is_unspaced(character: str) -> bool:
    """Returns whether a character is of a script without spaces (according to its width, UAX #11), or a brace."""
    if not character or ord(character) in _EMOJI:
        return False
    return character in _BRACES or unicodedata.east_asian_width(character) in "WFH"
