"""Reads the markup of imported texts, and compares it with the document that it was written from."""

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
    """Returns whether the markup `source` of one paragraph reads as the spans, apart from spaces."""
    sink = DiagnosticSink()
    runs = markup.parse(source, location, lambda _: location, sink)
    return not has_errors(sink.found) and _normalise_spans(flatten_runs(runs)) == _normalise_spans(spans)


def parts_read_back(source: str, parts: Sequence[Part], location: SourceLocation) -> bool:
    """Returns whether the markup `source` of a prose block reads as the parts, apart from spaces and heading levels."""
    sink = DiagnosticSink()
    if not source:
        return not any(map(extract_part_words, parts))
    read_parts = parse_prose(source, location, lambda: lambda _: location, sink)
    if has_errors(sink.found) or len(read_parts) != len(parts):
        return False
    return all(
        _normalise_part(read_part, flatten_runs) == _normalise_part(part, tuple)
        for read_part, part in zip(read_parts, parts, strict=True)
    )


def _normalise_part(part: "ProsePart[AuthoredRun] | Part", make_spans: Callable[..., Spans]) -> object:
    """Returns the structure of a part and its texts without spaces; `make_spans` makes spans of a text."""
    match part:
        case ProseList(is_ordered, start, entries):
            inner = tuple(tuple(_normalise_part(each, make_spans) for each in entry) for entry in entries)
            return "list", is_ordered, start if is_ordered else 1, inner
        case ProseQuotation(parts):
            return "quotation", tuple(_normalise_part(each, make_spans) for each in parts)
        case ProseTable(_, headers, rows):
            return "table", *(
                tuple(_normalise_spans(make_spans(cell), is_cell=True) for cell in row) for row in (headers, *rows)
            )
        case ProseCode(text):
            return "code", "".join(span.text for span in make_spans(text)).rstrip("\n")
        case ProseHeading(_, text):
            return "heading", _normalise_spans(make_spans(text))
        case ProseFormula(text):
            return "formula", "".join("".join(span.text for span in make_spans(text)).split())
        case ProseParagraph(text):
            return "paragraph", _normalise_spans(make_spans(text))


def _normalise_spans(spans: Spans, *, is_cell: bool = False) -> object:
    """Returns the text without spaces but with its formatting, for comparison."""
    pieces: list[tuple[object, ...]] = []
    for span in spans:
        if span.kind is SpanForm.FOOTNOTE:
            pieces.append(("note", tuple(_normalise_spans(paragraph) for paragraph in span.note)))
            continue
        if is_cell and span.kind is SpanForm.BREAK:
            continue
        text = unicodedata.normalize("NFC", "".join(span.text.split()))
        if not text and span.kind in (SpanForm.TEXT, SpanForm.CODE):
            continue
        # An address beyond ASCII may be encoded in several ways, so it is only compared whether there is one.
        url = unquote(span.url) if span.url.isascii() else "link"
        form = (span.kind, span.strong, span.emphasis, "link" if not url.isascii() else url)
        if pieces and pieces[-1][1:] == form and span.kind is not SpanForm.BREAK:
            pieces[-1] = (str(pieces[-1][0]) + text, *form)
        else:
            pieces.append((text, *form))
    return tuple(pieces)
