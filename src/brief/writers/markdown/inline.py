"""Writes runs as inline Markdown, escaped so that no character of the text is read as markup."""

import re
import unicodedata
from typing import assert_never

from brief.model.inline import (
    Citation,
    Code,
    DigitPadding,
    Emphasis,
    Footnote,
    Formula,
    LineBreak,
    Link,
    Number,
    Reference,
    Run,
    Runs,
    ShiftedText,
    Strong,
    Text,
    to_plain_text,
)

# Characters that may begin or end inline markup (CommonMark 0.31, 2.4 and 6), a table cell (GFM 4.10) or a GitHub
# formula.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
_LINE_BREAKS = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
# What begins a block at the start of a line: headings, lists, rules, underlines of headings and definitions.
_LINE_START = re.compile(r"(?:(#{1,6}|[-+=]|\d{1,9}(?=[.)]))|(:))")
# Where number signs begin that Markdown would take for the end of a heading (CommonMark 0.31, 4.2).
_CLOSING_SEQUENCE = re.compile(r"(?<!\S)(?=#+\s*$)")
_URL_SPECIAL = re.compile(r"[\s<>\\()\[\]|`]")


def escape(text: str) -> str:
    """Joins the lines of the text, and escapes the characters that Markdown would take for markup."""
    return _SPECIAL.sub(r"\\\g<0>", _LINE_BREAKS.sub(" ", text))


def write_heading(level: int, markdown: str) -> str:
    """Returns a heading of the level with this inline Markdown, of which every character is printed."""
    return f"{'#' * level} " + _CLOSING_SEQUENCE.sub(r"\\", markdown)


def write_line(runs: Runs) -> str:
    """Returns the Markdown of a paragraph's runs, escaped so that it does not begin a heading, list or rule."""
    markdown = write_runs(runs).lstrip()
    match = _LINE_START.match(markdown)
    if match is None:
        return markdown
    if match[0].isdigit():
        return f"{match[0]}\\{markdown[match.end() :]}"
    return f"\\{markdown}"


def write_runs(runs: Runs) -> str:
    """Returns the Markdown of runs within a line."""
    texts = [to_plain_text((run,)) for run in runs]
    markdown = ""
    for index, run in enumerate(runs):
        before = "".join(texts[:index])[-1:]
        after = "".join(texts[index + 1 :])[:1]
        markdown += _write_run(run, before, after)
    return markdown


def _write_run(run: Run, before: str, after: str) -> str:
    match run:
        case Text(text) | Number(text):
            return escape(text)
        case Reference(_, text, name):
            return f"<sup>{escape(text)}</sup>" if name else escape(text)
        case Code(text):
            return _write_code(text)
        case Strong(children):
            return _wrap(children, before, after, "**", "strong")
        case Emphasis(children):
            return _wrap(children, before, after, "*", "em")
        case Link(url, children):
            target = _URL_SPECIAL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)
            return f"[{write_runs(children)}]({target})"
        case Citation(numbers):
            return f"\\[{', '.join(map(str, numbers))}\\]"
        case ShiftedText(text, is_raised):
            return f"<sup>{escape(text)}</sup>" if is_raised else f"<sub>{escape(text)}</sub>"
        case LineBreak():
            return "<br>"
        case Formula(tex, is_display=is_display):
            return f"$${tex}$$" if is_display else f"${tex}$"
        case Footnote(label=label):
            return f"[^{label}]"
        case DigitPadding():
            return ""
        case _:
            assert_never(run)


def _wrap(children: Runs, before: str, after: str, mark: str, tag: str) -> str:
    """Returns emphasised text between asterisks, if these are read as emphasis (CommonMark 0.31, 6.2), or else in a
    tag.

    Asterisks between a letter and punctuation, which are common in languages without spaces, are not read as emphasis.
    """
    text, inside = to_plain_text(children), write_runs(children)
    if not text:
        return inside
    is_read = (
        _flanks(before, text[0])
        and _flanks(after, text[-1])
        and not any(isinstance(child, Strong | Emphasis) for child in children)
        and before != "*" != after
    )
    return f"{mark}{inside}{mark}" if is_read else f"<{tag}>{inside}</{tag}>"


def _flanks(outside: str, inside: str) -> bool:
    """Returns whether a delimiter between the two characters can open or close emphasis towards `inside` (6.2)."""
    if inside.isspace():
        return False
    return not _is_punctuation(inside) or not outside or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _write_code(text: str) -> str:
    """Returns a code span whose delimiter is longer than any run of backticks in it (CommonMark 0.31, 6.1)."""
    text = _LINE_BREAKS.sub(" ", text)
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    # A pipe ends a table cell even in code unless it is escaped, but outside tables the backslash would be shown.
    if "|" in text:
        return f"<code>{escape(text)}</code>"
    return f"{fence}{padding}{text}{padding}{fence}"
