"""Writes the text of a document as texts of content, and reads each back to be sure that it says the same.

A text that does not read back as it was is written without formatting, which is reported; one that still does not is an
error. So whatever escaping misses, content never says something else than the document.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from urllib.parse import unquote

from brief.model.align import Align
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.inline import AuthoredRun
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProsePart,
    ProseQuotation,
    ProseTable,
    list_texts,
)
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import (
    LossReport,
    Part,
    Span,
    SpanKind,
    Spans,
    flatten_runs,
    join_spans,
    part_words,
    plain_words,
)
from brief.reading.texts import markup
from brief.reading.texts.formulas import FormulaError, read_formula
from brief.reading.texts.prose import MAX_DEPTH, parse_prose

_SPECIAL = re.compile(r"[\\`*\[\]{]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~~")
_PROSE_SPECIAL = re.compile(r"[\\`*\[\]{~^$|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_LINE_START = re.compile(r"(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-{3,}|:(?=\s)|\|)|(\d{1,9})(?=[.)](?:\s|$))")
_URL_SPECIAL = re.compile(r"[\s<>\\()\[\]|`{}\"']")
# The markers of strong words and of emphasis, in the order in which they are tried.
_MARKERS = (("**", "*"), ("**", "_"), ("__", "*"))
_SHORT = re.compile(r"[^\s~^\\]{1,60}")


@dataclass(slots=True)
class TextWriter:
    """Writes spans and parts; what cannot be written as it is, is reported."""

    report: LossReport

    def phrase(self, spans: Spans, location: SourceLocation, what: str) -> str:
        """Writes a text of one paragraph, such as a title or a cell; `what` names it in messages."""
        plain = self._without_prose_markup(spans, location, what)
        for markers in _MARKERS:
            source = _write_inline(plain, markers, _SPECIAL, None)
            if _reads_back(source, plain, location):
                return source
        bare = tuple(replace(span, strong=False, emphasis=False) for span in plain)
        source = _write_inline(join_spans(bare), _MARKERS[0], _SPECIAL, None)
        if _reads_back(source, bare, location):
            self.report.simplify(location, f"emphasis in {what} is not kept: '{plain_words(spans)}'")
            return source
        self._refuse(location, what, plain_words(spans))
        return ""

    def prose(self, parts: Sequence[tuple[Part, SourceLocation]]) -> str:
        """Writes the text of a prose block."""
        limited = [(_limit_depth(part, 0, self.report, location), location) for part, location in parts]
        whole, kept = [], []
        for part, location in limited:
            form = self._find_form(part, location)
            kept.append(form)
            whole.append(form[0])
        for markers in dict.fromkeys(form[1] for form in kept):
            source = _ProseText(markers).write(whole)
            if _parts_read_back(source, whole, limited[0][1]):
                return source
        bare = [_strip_formatting(part) for part in whole]
        source = _ProseText(_MARKERS[0]).write(bare)
        if _parts_read_back(source, bare, limited[0][1]):
            self.report.simplify(
                limited[0][1], "emphasis in a text is not kept, because its markers would be ambiguous"
            )
            return source
        self._refuse(limited[0][1], "a text", " ".join(map(part_words, whole)))
        return ""

    def _find_form(self, part: Part, location: SourceLocation) -> tuple[Part, tuple[str, str]]:
        """The part as it can be written alone, and its markers."""
        for markers in _MARKERS:
            if _parts_read_back(_ProseText(markers).write([part]), [part], location):
                return part, markers
        bare = _strip_formatting(part)
        if _parts_read_back(_ProseText(_MARKERS[0]).write([bare]), [bare], location):
            self.report.simplify(location, f"emphasis is not kept: '{part_words(part)}'")
            return bare, _MARKERS[0]
        self._refuse(location, "a paragraph", part_words(part))
        return ProseParagraph(()), _MARKERS[0]

    def _without_prose_markup(self, spans: Spans, location: SourceLocation, what: str) -> Spans:
        """The spans without what only prose blocks can hold."""
        kept: list[Span] = []
        for span in spans:
            match span.kind:
                case SpanKind.NOTE:
                    words = " ".join(map(plain_words, span.note))
                    self.report.omit(location, f"the footnote of {what}", words, "say it in the text")
                case SpanKind.BREAK:
                    kept.append(Span(" "))
                case SpanKind.FORMULA:
                    self.report.simplify(location, f"a formula in {what} is kept as code: '{span.text}'")
                    kept.append(Span(span.text, SpanKind.CODE))
                case SpanKind.RAISED | SpanKind.LOWERED:
                    self.report.simplify(
                        location,
                        f"'{span.text}' in {what} is no longer raised or lowered",
                        "write the Unicode character, such as ² or ₂, if there is one",
                    )
                    kept.append(replace(span, kind=SpanKind.TEXT))
                case _:
                    kept.append(span)
        return join_spans(kept)

    def _refuse(self, location: SourceLocation, what: str, words: str) -> None:
        self.report.sink.error(
            "import-unwritable",
            location,
            f"{what} cannot be written as content: '{words[:200]}'",
            "simplify its formatting in the document, or shorten it",
        )


def is_phrase(spans: Spans) -> bool:
    """Whether a text of one paragraph can hold the spans."""
    return all(span.kind in (SpanKind.TEXT, SpanKind.CODE) for span in spans)


def check_spans(spans: Spans, location: SourceLocation, report: LossReport) -> Spans:
    """Returns the spans without links and formulas that content cannot have, each of which is reported."""
    checked: list[Span] = []
    for span in spans:
        if span.url and not _is_link(span.url):
            where = "within the document" if span.url.startswith("#") else f"to '{span.url}'"
            hint = "write [](#id) with the id of a block" if span.url.startswith("#") else "use https: or mailto:"
            report.simplify(location, f"the link {where} of '{span.text}' is not kept", hint)
            span = replace(span, url="")
        if span.kind is SpanKind.FORMULA:
            try:
                read_formula(span.text, is_display=False)
            except FormulaError as problem:
                report.simplify(location, f"the formula '{span.text}' is kept as code: {problem.message}", problem.hint)
                span = Span(span.text, SpanKind.CODE)
        elif span.kind in (SpanKind.RAISED, SpanKind.LOWERED) and not _SHORT.fullmatch(span.text):
            report.simplify(location, f"'{span.text}' is no longer raised or lowered")
            span = replace(span, kind=SpanKind.TEXT)
        elif span.kind is SpanKind.NOTE:
            flat = [
                check_spans(tuple(each for each in paragraph if each.kind is not SpanKind.NOTE), location, report)
                for paragraph in span.note
            ]
            for each in (each for paragraph in span.note for each in paragraph if each.kind is SpanKind.NOTE):
                report.omit(location, "a footnote of a footnote", " ".join(map(plain_words, each.note)))
            span = Span("", SpanKind.NOTE, note=tuple(filter(None, map(join_spans, flat))))
            if not span.note:
                continue
        checked.append(span)
    return join_spans(checked)


def _is_link(url: str) -> bool:
    sink, here = DiagnosticSink(), SourceLocation("")
    runs = markup.parse(f"[a](<{_URL_SPECIAL.sub(_percent, url)}>)", here, lambda _: here, sink)
    return not has_errors(sink.found) and not url.startswith("#") and len(runs) == 1


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _write_inline(
    spans: Spans, markers: tuple[str, str], special: re.Pattern[str], note: Callable[[Span], str] | None
) -> str:
    written = ""
    for url, linked in groupby(spans, key=lambda span: span.url):
        text = ""
        for is_strong, strong in groupby(linked, key=lambda span: span.strong and span.kind is not SpanKind.NOTE):
            inner = ""
            for is_emphasis, group in groupby(
                strong, key=lambda span: span.emphasis and span.kind is not SpanKind.NOTE
            ):
                piece = "".join(_write_span(span, special, note) for span in group)
                inner += _mark(piece, markers[1] if is_emphasis else "")
            text += _mark(inner, markers[0] if is_strong else "")
        written += f"[{text}](<{_URL_SPECIAL.sub(_percent, url)}>)" if url else text
    return _guard_start(" ".join(written.split(" ")).strip())


def _mark(text: str, marker: str) -> str:
    """Puts the markers around the words, not around the spaces at their ends."""
    inner = text.strip()
    if not inner or not marker:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{marker}{inner}{marker}{after}"


def _write_span(span: Span, special: re.Pattern[str], note: Callable[[Span], str] | None) -> str:
    match span.kind:
        case SpanKind.TEXT:
            return special.sub(r"\\\g<0>", re.sub(r"[\n\t\r]+", " ", span.text)).replace("\\~~", "\\~\\~")
        case SpanKind.CODE:
            text = " ".join(span.text.split("\n"))
            longest = max((len(row) for row in re.findall("`+", text)), default=0)
            padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
            code = f"{'`' * (longest + 1)}{padding}{text}{padding}{'`' * (longest + 1)}"
            return code.replace("|", "\\|") if special is _CELL_SPECIAL else code
        case SpanKind.RAISED:
            return f"^{span.text}^"
        case SpanKind.LOWERED:
            return f"~{span.text}~"
        case SpanKind.BREAK:
            return "\\\n"
        case SpanKind.FORMULA:
            return f"${span.text}$"
        case SpanKind.NOTE:
            return note(span) if note else ""


# A pipe ends a cell even within code (GFM 4.10); elsewhere a backslash within code would be shown.
_CELL_SPECIAL = re.compile(_PROSE_SPECIAL.pattern)


def _guard_start(text: str) -> str:
    """Escapes what would begin a block at the start of each line."""
    return "\n".join(
        _LINE_START.sub(_escape_start, line, 1) if _LINE_START.match(line) else line for line in text.split("\n")
    )


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[2]}\\" if match[2] else f"\\{match[0]}"


@dataclass(slots=True)
class _ProseText:
    """Writes parts as the CommonMark of a prose block, with its footnotes at the end."""

    markers: tuple[str, str]
    notes: list[Span] = field(default_factory=list)

    def write(self, parts: Sequence[Part]) -> str:
        written = self._parts(parts)
        notes = []
        for number, note in enumerate(self.notes, 1):
            paragraphs = (self._inline(paragraph) for paragraph in note.note)
            notes.append(f"[^{number}]: " + "\n\n    ".join(each.replace("\n", "\n    ") for each in paragraphs))
        return unicodedata.normalize("NFC", "\n\n".join(filter(None, (written, *notes))))

    def _parts(self, parts: Sequence[Part]) -> str:
        written: list[str] = []
        before: Part | None = None
        is_alternate = False
        for part in parts:
            # Neighbouring lists with the same marks would be one list (CommonMark 0.31, 5.3).
            is_alternate = (
                isinstance(part, ProseList)
                and isinstance(before, ProseList)
                and part.is_ordered == before.is_ordered
                and not is_alternate
            )
            written.append(self._part(part, is_alternate))
            before = part
        return "\n\n".join(filter(None, written))

    def _part(self, part: Part, is_alternate: bool) -> str:
        match part:
            case ProseParagraph(text):
                return self._inline(text)
            case ProseHeading(level, text):
                return f"{'#' * level} {self._inline(text).replace(chr(10), ' ')}"
            case ProseList():
                return self._list(part, is_alternate)
            case ProseQuotation(parts):
                return "\n".join(f"> {line}".rstrip() for line in self._parts(parts).split("\n"))
            case ProseCode(text):
                code = "".join(span.text for span in text)
                fence = "`" * max(3, 1 + max((len(row) for row in re.findall("`+", code)), default=0))
                return f"{fence}\n{code}\n{fence}"
            case ProseFormula(text):
                return f"$$\n{''.join(span.text for span in text)}\n$$"
            case ProseTable(aligns, heads, rows):
                rules = [{Align.END: "---:", Align.CENTER: ":---:"}.get(align, "---") for align in aligns]
                lines = [
                    [self._cell(head) for head in heads],
                    rules,
                    *([self._cell(cell) for cell in row] for row in rows),
                ]
                return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _list(self, part: ProseList[Span], is_alternate: bool) -> str:
        entries = []
        for number, entry in enumerate(part.entries, part.start):
            mark = f"{number}{')' if is_alternate else '.'} " if part.is_ordered else ("* " if is_alternate else "- ")
            inner = self._parts(entry).replace("\n", "\n" + " " * len(mark))
            entries.append(mark + "\n".join(line.rstrip() for line in inner.split("\n")))
        is_loose = any(len(entry) > 1 and not isinstance(entry[-1], ProseList) for entry in part.entries)
        return ("\n\n" if is_loose else "\n").join(entries)

    def _inline(self, text: Spans) -> str:
        return _write_inline(text, self.markers, _PROSE_SPECIAL, self._note)

    def _cell(self, text: Spans) -> str:
        kept = tuple(Span(" ") if span.kind is SpanKind.BREAK else span for span in text)
        return _write_inline(join_spans(kept), self.markers, _CELL_SPECIAL, self._note)

    def _note(self, span: Span) -> str:
        self.notes.append(span)
        return f"[^{len(self.notes)}]"


def _reads_back(source: str, spans: Spans, location: SourceLocation) -> bool:
    sink = DiagnosticSink()
    runs = markup.parse(source, location, lambda _: location, sink)
    return not has_errors(sink.found) and _comparable(flatten_runs(runs)) == _comparable(spans)


def _parts_read_back(source: str, parts: Sequence[Part], location: SourceLocation) -> bool:
    sink = DiagnosticSink()
    if not source:
        return not any(map(part_words, parts))
    read = parse_prose(source, location, lambda: lambda _: location, sink)
    if has_errors(sink.found) or len(read) != len(parts):
        return False
    return all(_shape(one, flatten_runs) == _shape(other, tuple) for one, other in zip(read, parts, strict=True))


def _shape(part: "ProsePart[AuthoredRun] | Part", spans: Callable[..., Spans]) -> object:
    """What is compared of a part: its structure and its texts without spaces."""
    match part:
        case ProseList(is_ordered, start, entries):
            inner = tuple(tuple(_shape(each, spans) for each in entry) for entry in entries)
            return "list", is_ordered, start if is_ordered else 1, inner
        case ProseQuotation(parts):
            return "quotation", tuple(_shape(each, spans) for each in parts)
        case ProseTable(_, heads, rows):
            return "table", *(tuple(_comparable(spans(cell), is_cell=True) for cell in row) for row in (heads, *rows))
        case ProseCode(text):
            return "code", "".join(span.text for span in spans(text)).rstrip("\n")
        case ProseHeading(_, text):
            return "heading", _comparable(spans(text))
        case ProseFormula(text):
            return "formula", "".join("".join(span.text for span in spans(text)).split())
        case ProseParagraph(text):
            return "paragraph", _comparable(spans(text))


def _comparable(spans: Spans, *, is_cell: bool = False) -> object:
    """The text without spaces, with its formatting."""
    found: list[tuple[object, ...]] = []
    for span in spans:
        if span.kind is SpanKind.NOTE:
            found.append(("note", tuple(_comparable(paragraph) for paragraph in span.note)))
            continue
        if is_cell and span.kind is SpanKind.BREAK:
            continue
        text = unicodedata.normalize("NFC", "".join(span.text.split()))
        if not text and span.kind in (SpanKind.TEXT, SpanKind.CODE):
            continue
        url = unquote(span.url) if span.url.isascii() else "link"
        form = (span.kind, span.strong, span.emphasis, "link" if not url.isascii() else url)
        if found and found[-1][1:] == form and span.kind is not SpanKind.BREAK:
            found[-1] = (str(found[-1][0]) + text, *form)
        else:
            found.append((text, *form))
    return tuple(found)


def _strip_formatting(part: Part) -> Part:
    return map_texts(part, lambda text: join_spans(tuple(replace(span, strong=False, emphasis=False) for span in text)))


def map_texts(part: Part, change: Callable[[Spans], Spans]) -> Part:
    """The part with each of its texts changed; code is left as it is."""
    match part:
        case ProseList(is_ordered, start, entries):
            inner = tuple(tuple(map_texts(each, change) for each in entry) for entry in entries)
            return ProseList(is_ordered, start, inner)
        case ProseQuotation(parts):
            return ProseQuotation(tuple(map_texts(each, change) for each in parts))
        case ProseTable(aligns, heads, rows):
            return ProseTable(aligns, tuple(map(change, heads)), tuple(tuple(map(change, row)) for row in rows))
        case ProseCode() | ProseFormula():
            return part
        case ProseHeading(level, text):
            return ProseHeading(level, change(text))
        case ProseParagraph(text):
            return ProseParagraph(change(text))


def _limit_depth(part: Part, depth: int, report: LossReport, location: SourceLocation) -> Part:
    """The part with lists and quotations nested no deeper than content can have them."""
    if not isinstance(part, ProseList | ProseQuotation):
        return part
    if depth + 1 >= MAX_DEPTH and any(isinstance(each, ProseList | ProseQuotation) for each in _inner(part)):
        report.simplify(location, f"lists nested deeper than {MAX_DEPTH} levels are kept as paragraphs")
        if isinstance(part, ProseQuotation):
            return ProseQuotation(tuple(ProseParagraph(text) for text in list_texts(part.parts) if text))
        entries = tuple(tuple(ProseParagraph(text) for text in list_texts(entry) if text) for entry in part.entries)
        return ProseList(part.is_ordered, part.start, entries)
    if isinstance(part, ProseQuotation):
        return ProseQuotation(tuple(_limit_depth(each, depth + 1, report, location) for each in part.parts))
    inner = tuple(tuple(_limit_depth(each, depth + 1, report, location) for each in entry) for entry in part.entries)
    return ProseList(part.is_ordered, part.start, inner)


def _inner(part: ProseList[Span] | ProseQuotation[Span]) -> Iterator[Part]:
    if isinstance(part, ProseQuotation):
        yield from part.parts
    else:
        for entry in part.entries:
            yield from entry
