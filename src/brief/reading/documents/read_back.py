"""Reads written texts back, and compares them with the document that they were written from."""

import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import unquote

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
)
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import Part, SpanForm, Spans, extract_part_words, flatten_runs
from brief.reading.texts import markup
from brief.reading.texts.prose import parse_prose


def reads_back(source: str, spans: Spans, location: SourceLocation) -> bool:
    """Returns whether the text of a paragraph reads back as the spans."""
    sink = DiagnosticSink()
    runs = markup.parse(source, location, lambda _: location, sink)
    return not has_errors(sink.found) and _normalise_spans(flatten_runs(runs)) == _normalise_spans(spans)


def parts_read_back(source: str, parts: Sequence[Part], location: SourceLocation) -> bool:
    """Returns whether the text of a prose block reads back as the parts."""
    sink = DiagnosticSink()
    if not source:
        return not any(map(extract_part_words, parts))
    read = parse_prose(source, location, lambda: lambda _: location, sink)
    if has_errors(sink.found) or len(read) != len(parts):
        return False
    return all(
        _normalise_part(one, flatten_runs) == _normalise_part(other, tuple)
        for one, other in zip(read, parts, strict=True)
    )


def _normalise_part(part: "ProsePart[AuthoredRun] | Part", spans: Callable[..., Spans]) -> object:
    """Returns the structure of a part and its texts without spaces, for comparison."""
    match part:
        case ProseList(is_ordered, start, entries):
            inner = tuple(tuple(_normalise_part(each, spans) for each in entry) for entry in entries)
            return "list", is_ordered, start if is_ordered else 1, inner
        case ProseQuotation(parts):
            return "quotation", tuple(_normalise_part(each, spans) for each in parts)
        case ProseTable(_, heads, rows):
            return "table", *(
                tuple(_normalise_spans(spans(cell), is_cell=True) for cell in row) for row in (heads, *rows)
            )
        case ProseCode(text):
            return "code", "".join(span.text for span in spans(text)).rstrip("\n")
        case ProseHeading(_, text):
            return "heading", _normalise_spans(spans(text))
        case ProseFormula(text):
            return "formula", "".join("".join(span.text for span in spans(text)).split())
        case ProseParagraph(text):
            return "paragraph", _normalise_spans(spans(text))


def _normalise_spans(spans: Spans, *, is_cell: bool = False) -> object:
    """Returns the text without spaces but with its formatting, for comparison."""
    found: list[tuple[object, ...]] = []
    for span in spans:
        if span.kind is SpanForm.FOOTNOTE:
            found.append(("note", tuple(_normalise_spans(paragraph) for paragraph in span.note)))
            continue
        if is_cell and span.kind is SpanForm.BREAK:
            continue
        text = unicodedata.normalize("NFC", "".join(span.text.split()))
        if not text and span.kind in (SpanForm.TEXT, SpanForm.CODE):
            continue
        url = unquote(span.url) if span.url.isascii() else "link"
        form = (span.kind, span.strong, span.emphasis, "link" if not url.isascii() else url)
        if found and found[-1][1:] == form and span.kind is not SpanForm.BREAK:
            found[-1] = (str(found[-1][0]) + text, *form)
        else:
            found.append((text, *form))
    return tuple(found)
