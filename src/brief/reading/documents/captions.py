"""Captions of tables and pictures: their labels, which `brief` generates itself, and the words after them."""

import re
from dataclasses import replace

from brief.reading.documents.document import Spans, join_spans

# A longer word precedes any shorter word that it begins with.
_LABEL_WORD = (
    r"illustration|graphique|abbildung|diagramm|exhibit|tabelle|tableau|tabella|gráfico|figure|figura|table|tabla|chart"
    r"|abb\.|fig\.|tab\.|附表|附图|图表|圖表|表|图|圖"
)
_LABEL = re.compile(rf"(?:{_LABEL_WORD})\s*\d+(?:[.\-–]\d+)*\s*[:：.、|—–-]?\s*", re.IGNORECASE)
_SEPARATORS = ":：.、|—–-"
_HAN_LABEL = re.compile(r"[附图圖表]+\s*\d+(?:[.\-–]\d+)*\s")
_MOST_SPANS = 6
_LONGEST_LINE = 150
_PANDOC_MARK = re.compile(r"(?:Table)?:\s+")


def split_label(spans: Spans) -> tuple[str, Spans]:
    """Splits a caption into its label, such as `Table 3:`, which may be empty, and the words after it."""
    text = "".join(span.text for span in spans)
    match = _LABEL.match(text)
    if match is None:
        return "", spans
    return match[0].strip(), _drop_characters(spans, match.end())


def read_table_caption(spans: Spans) -> Spans | None:
    """Returns the words of a table caption in the syntax of Pandoc (`: Words`, `Table: Words`), or None."""
    match = _PANDOC_MARK.match(spans[0].text) if spans else None
    return _drop_characters(spans, match.end()) if match else None


def looks_like_caption(spans: Spans) -> bool:
    """Returns whether a paragraph begins with a label in bold, as in many Markdown files, or is one short labelled line."""
    label, rest = split_label(spans)
    if not label or not rest or len(spans) > _MOST_SPANS:
        return False
    if spans[0].strong or spans[0].emphasis:
        return True
    line = "".join(span.text for span in spans)
    # "表1 显示" has a space only in captions; "Table 1 shows" begins a sentence.
    has_gap = label[-1] in _SEPARATORS or bool(_HAN_LABEL.match(line))
    return has_gap and len(line) <= _LONGEST_LINE and not re.search(r"[。！？；]|[.!?] ", line[len(label) :])


def _drop_characters(spans: Spans, count: int) -> Spans:
    kept = list(spans)
    while kept and count >= len(kept[0].text):
        count -= len(kept.pop(0).text)
    if kept and count:
        kept[0] = replace(kept[0], text=kept[0].text[count:])
    return join_spans(kept)
