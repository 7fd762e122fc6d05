"""Recognises captions of tables and pictures, and removes their labels, which `brief` generates itself."""

import re
from dataclasses import replace

from brief.reading.documents.document import Spans, join_spans

# A word comes before those that it begins with, because the first alternative that matches is taken.
_LABEL_WORD = (
    r"illustration|graphique|abbildung|diagramm|exhibit|tabelle|tableau|tabella|gráfico|figure|figura|table|tabla|chart"
    r"|abb\.|fig\.|tab\.|附表|附图|图表|圖表|表|图|圖"
)
_LABEL = re.compile(rf"(?:{_LABEL_WORD})\s*\d+(?:[.\-–]\d+)*\s*[:：.、|—–-]?\s*", re.IGNORECASE)
_SEPARATORS = ":：.、|—–-"
_HAN_LABEL = re.compile(r"[附图圖表]+\s*\d+(?:[.\-–]\d+)*\s")
_MAX_SPANS = 6
_MAX_LINE_LENGTH = 150
_PANDOC_LABEL = re.compile(r"(?:Table)?:\s+")


def split_label(spans: Spans) -> tuple[str, Spans]:
    """Splits a caption into its label, such as `Table 3:`, and the spans after it; the label may be empty."""
    text = "".join(span.text for span in spans)
    match = _LABEL.match(text)
    if match is None:
        return "", spans
    return match[0].strip(), _drop_characters(spans, match.end())


def read_table_caption(spans: Spans) -> Spans | None:
    """Returns the words of a table caption in Pandoc's syntax (`: Words`, `Table: Words`); None if it is not one."""
    match = _PANDOC_LABEL.match(spans[0].text) if spans else None
    return _drop_characters(spans, match.end()) if match else None


def looks_like_caption(spans: Spans) -> bool:
    """Returns whether a paragraph begins with a label in bold or italics, or is a short line with a label."""
    label, rest = split_label(spans)
    if not label or not rest or len(spans) > _MAX_SPANS:
        return False
    if spans[0].strong or spans[0].emphasis:
        return True
    line = "".join(span.text for span in spans)
    # "表1 显示" has a space only in captions; "Table 1 shows" begins a sentence.
    has_gap = label[-1] in _SEPARATORS or bool(_HAN_LABEL.match(line))
    return has_gap and len(line) <= _MAX_LINE_LENGTH and not re.search(r"[。！？；]|[.!?] ", line[len(label) :])


def _drop_characters(spans: Spans, count: int) -> Spans:
    """Returns the spans without their first `count` characters."""
    rest = list(spans)
    while rest and count >= len(rest[0].text):
        count -= len(rest.pop(0).text)
    if rest and count:
        rest[0] = replace(rest[0], text=rest[0].text[count:])
    return join_spans(rest)
