"""Writes spans and parts as the markup of content, escaped so that every character is read as itself."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import field
from itertools import groupby

from brief.model.align import Align
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProseQuotation,
    ProseTable,
)
from brief.model.record import dataclass
from brief.reading.documents.document import Part, Span, SpanForm, Spans, join_spans

SPECIAL = re.compile(r"[\\`*\[\]{]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~~")
_PROSE_SPECIAL = re.compile(r"[\\`*\[\]{~^$|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_LINE_START = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-{3,}|:(?=\s)|\|)|(\d{1,9})(?=[.)](?:\s|$))")
# Where number signs begin that Markdown would take for the end of a heading (CommonMark 0.31, 4.2).
_CLOSING_SEQUENCE = re.compile(r"(?<!\S)(?=#+$)")
URL_SPECIAL = re.compile(r"[\s<>\\()\[\]|`{}\"']")


def percent_encode(match: re.Match[str]) -> str:
    """Percent-encodes the characters of a match for a URL."""
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def write_inline(
    spans: Spans,
    markers: tuple[str, str],
    special: re.Pattern[str],
    write_note: Callable[[Span], str] | None,
    *,
    is_cell: bool = False,
) -> str:
    """Returns the markup of a text, with its `special` characters escaped.

    `markers` are those for strong words and for emphasis. `write_note` returns the reference to a footnote; without it,
    footnotes are left out. `is_cell` says that the text is a cell of a table.
    """
    markup = ""
    for url, linked in groupby(spans, key=lambda span: span.url):
        text = ""
        for is_strong, strong in groupby(linked, key=lambda span: span.strong and span.kind is not SpanForm.FOOTNOTE):
            inner = ""
            for is_emphasis, group in groupby(
                strong, key=lambda span: span.emphasis and span.kind is not SpanForm.FOOTNOTE
            ):
                piece = "".join(_write_span(span, special, write_note, is_cell) for span in group)
                inner += _wrap(piece, markers[1] if is_emphasis else "")
            text += _wrap(inner, markers[0] if is_strong else "")
        markup += f"[{text}](<{URL_SPECIAL.sub(percent_encode, url)}>)" if url else text
    return _guard_start(" ".join(markup.split(" ")).strip())


def _wrap(text: str, marker: str) -> str:
    """Returns the text between two markers; spaces at its ends stay outside of them."""
    inner = text.strip()
    if not inner or not marker:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{marker}{inner}{marker}{after}"


def _write_span(span: Span, special: re.Pattern[str], write_note: Callable[[Span], str] | None, is_cell: bool) -> str:
    match span.kind:
        case SpanForm.TEXT:
            return special.sub(r"\\\g<0>", re.sub(r"[\n\t\r]+", " ", span.text)).replace("\\~~", "\\~\\~")
        case SpanForm.CODE:
            text = " ".join(span.text.split("\n"))
            longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
            padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
            code = f"{'`' * (longest + 1)}{padding}{text}{padding}{'`' * (longest + 1)}"
            # A pipe ends a cell even within code (GFM 4.10); elsewhere a backslash within code would be shown.
            return code.replace("|", "\\|") if is_cell else code
        case SpanForm.SUPERSCRIPT:
            return f"^{span.text}^"
        case SpanForm.SUBSCRIPT:
            return f"~{span.text}~"
        case SpanForm.BREAK:
            return "\\\n"
        case SpanForm.FORMULA:
            return f"${span.text}$"
        case SpanForm.FOOTNOTE:
            return write_note(span) if write_note else ""


def _guard_start(text: str) -> str:
    """Escapes characters that would begin a block at the start of a line."""
    return "\n".join(
        _LINE_START.sub(_escape_start, line, 1) if _LINE_START.match(line) else line for line in text.split("\n")
    )


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[2]}\\" if match[2] else f"\\{match[0]}"


@dataclass(slots=True)
class ProseComposer:
    """Writes the parts of one prose block as CommonMark, with its footnotes, which `notes` collects, at the end."""

    markers: tuple[str, str]
    notes: list[Span] = field(default_factory=list)

    def write(self, parts: Sequence[Part]) -> str:
        """Returns the markup of the parts in NFC."""
        body = self._write_parts(parts)
        notes = []
        for number, note in enumerate(self.notes, 1):
            paragraphs = (self._write_inline(paragraph) for paragraph in note.note)
            notes.append(f"[^{number}]: " + "\n\n    ".join(each.replace("\n", "\n    ") for each in paragraphs))
        return unicodedata.normalize("NFC", "\n\n".join(filter(None, (body, *notes))))

    def _write_parts(self, parts: Sequence[Part]) -> str:
        written: list[str] = []
        previous: Part | None = None
        is_alternate = False
        for part in parts:
            # Adjacent lists with the same markers would be one list (CommonMark 0.31, 5.3).
            is_alternate = (
                isinstance(part, ProseList)
                and isinstance(previous, ProseList)
                and part.is_ordered == previous.is_ordered
                and not is_alternate
            )
            written.append(self._write_part(part, is_alternate))
            previous = part
        return "\n\n".join(filter(None, written))

    def _write_part(self, part: Part, is_alternate: bool) -> str:
        match part:
            case ProseParagraph(text):
                return self._write_inline(text)
            case ProseHeading(level, text):
                heading = self._write_inline(text).replace("\n", " ")
                return f"{'#' * level} " + _CLOSING_SEQUENCE.sub(r"\\", heading)
            case ProseList():
                return self._write_list(part, is_alternate)
            case ProseQuotation(parts):
                return "\n".join(f"> {line}".rstrip() for line in self._write_parts(parts).split("\n"))
            case ProseCode(text):
                code = "".join(span.text for span in text)
                fence = "`" * max(3, 1 + max((len(ticks) for ticks in re.findall("`+", code)), default=0))
                return f"{fence}\n{code}\n{fence}"
            case ProseFormula(text):
                return f"$$\n{''.join(span.text for span in text)}\n$$"
            case ProseTable(aligns, headers, rows):
                delimiters = [{Align.END: "---:", Align.CENTER: ":---:"}.get(align, "---") for align in aligns]
                lines = [
                    [self._write_cell(header) for header in headers],
                    delimiters,
                    *([self._write_cell(cell) for cell in row] for row in rows),
                ]
                return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _write_list(self, part: ProseList[Span], is_alternate: bool) -> str:
        entries = []
        for number, entry in enumerate(part.entries, part.start):
            marker = f"{number}{')' if is_alternate else '.'} " if part.is_ordered else ("* " if is_alternate else "- ")
            inner = self._write_parts(entry).replace("\n", "\n" + " " * len(marker))
            entries.append(marker + "\n".join(line.rstrip() for line in inner.split("\n")))
        is_loose = any(len(entry) > 1 and not isinstance(entry[-1], ProseList) for entry in part.entries)
        return ("\n\n" if is_loose else "\n").join(entries)

    def _write_inline(self, text: Spans) -> str:
        return write_inline(text, self.markers, _PROSE_SPECIAL, self._add_note)

    def _write_cell(self, text: Spans) -> str:
        spans = tuple(Span(" ") if span.kind is SpanForm.BREAK else span for span in text)
        return write_inline(join_spans(spans), self.markers, _PROSE_SPECIAL, self._add_note, is_cell=True)

    def _add_note(self, span: Span) -> str:
        """Adds a footnote and returns the reference to it."""
        self.notes.append(span)
        return f"[^{len(self.notes)}]"
