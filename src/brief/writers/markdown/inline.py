"""Runs as inline Markdown: every character of the text is read as itself, whatever it means to Markdown."""

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
    Script,
    Strong,
    Text,
    plain_text,
)

# What may begin or end markup within a line (CommonMark 0.31, 2.4 and 6), in a table (GFM 4.10), or in the formulas of GitHub.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$]")
_LINE_BREAKS = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
# What begins a block where it stands first in a line: headings, lists, rules, quotes and underlines of headings.
_LINE_START = re.compile(r"(?:(#{1,6}|[-+=]|\d{1,9}(?=[.)]))|(:))")
_URL_SPECIAL = re.compile(r"[\s<>\\()\[\]|`]")


def escape(text: str) -> str:
    """The text on one line, with backslashes before the characters that Markdown would take as markup."""
    return _SPECIAL.sub(r"\\\g<0>", _LINE_BREAKS.sub(" ", text))


def write_line(runs: Runs) -> str:
    """The runs as the start of a paragraph, which no list, heading or rule begins by accident."""
    written = write_runs(runs).lstrip()
    match = _LINE_START.match(written)
    if match is None:
        return written
    if match[0].isdigit():
        return f"{match[0]}\\{written[match.end() :]}"
    return f"\\{written}"


def write_runs(runs: Runs) -> str:
    """The runs within a line."""
    texts = [plain_text((run,)) for run in runs]
    written = ""
    for at, run in enumerate(runs):
        before = "".join(texts[:at])[-1:]
        after = "".join(texts[at + 1 :])[:1]
        written += _write_run(run, before, after)
    return written


def _write_run(run: Run, before: str, after: str) -> str:
    match run:
        case Text(text) | Number(text) | Reference(_, text):
            return escape(text)
        case Code(text):
            return _write_code(text)
        case Strong(children):
            return _wrap(children, before, after, "**", "strong")
        case Emphasis(children):
            return _wrap(children, before, after, "*", "em")
        case Link(url, children):
            target = _URL_SPECIAL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
            return f"[{write_runs(children)}]({target})"
        case Citation(numbers):
            return f"\\[{', '.join(map(str, numbers))}\\]"
        case Script(text, is_raised):
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
    """Emphasis by asterisks where these are read as such (CommonMark 0.31, 6.2), and by a tag elsewhere.

    They are not beside a letter if punctuation stands inside, which is usual where a language writes no spaces.
    """
    text, inside = plain_text(children), write_runs(children)
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
    if inside.isspace():
        return False
    return not _is_punctuation(inside) or not outside or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _write_code(text: str) -> str:
    """A code span: its fence is longer than any row of backticks in it (CommonMark 0.31, 6.1)."""
    text = _LINE_BREAKS.sub(" ", text)
    longest = max((len(row) for row in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    # A pipe ends a cell even in code, unless a backslash stands before it; outside tables this backslash would be shown.
    if "|" in text:
        return f"<code>{escape(text)}</code>"
    return f"{fence}{padding}{text}{padding}{fence}"
