"""Composes blocks: paragraphs and tables for each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from brief.model.blocks import Align, Tone
from brief.model.inline import Runs, Text, plain_text
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metric,
    Metrics,
    Paragraph,
    Quote,
    Table,
    Timeline,
)
from brief.resolve.columns import em_width, least_table_width
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.pictures import compose_drawing, compose_picture
from brief.writers.docx.body.tables import CELL_MARGINS, EM, build_table, build_table_gap, build_text_table
from brief.writers.docx.charts.native_charts import compose_native_chart
from brief.writers.docx.reference.styles import CALLOUTS, WordStyle
from brief.writers.ooxml.elements import Element

_METRICS_IN_A_ROW = 4
_METRIC_EM = 320
# A date in a timeline gets at most this part of the width.
_DATE_PART = 0.3
# This many categories fit side by side above their numbers; more are listed below each other.
_CATEGORIES_ACROSS = 6
_TONES = {Tone.NOTE: "Note", Tone.INSIGHT: "Insight", Tone.WARNING: "Warning", Tone.QUESTION: "Question"}


def compose_block(press: Composer, block: Block) -> list[Element]:
    """The block's heading and body as children of `w:body`, its anchor among them."""
    body = list(_compose_body(press, block))
    if block.heading is not None:
        heading = press.bookmarked(press.anchors.headings[block.id], press.runs(block.heading))
        return [press.paragraph(WordStyle.HEADING_2, *heading), *body]
    if block.label is None:
        _add_bookmark(press, press.anchors.blocks[block.id], body[0])
    return body


def _add_bookmark(press: Composer, name: str, element: Element) -> None:
    """Adds a bookmark at the start of the first paragraph of an element without a label."""
    paragraph = element if element.tag.endswith("}p") else next(element.iter("{*}p"))
    for position, mark in enumerate(press.bookmarked(name, ()), start=1):
        paragraph.insert(position, mark)


def _compose_body(press: Composer, block: Block) -> Iterator[Element]:
    match block:
        case Paragraph():
            yield press.paragraph(WordStyle.BODY, *press.runs(block.text))
        case ListBlock():
            yield from _compose_list(press, block)
        case Table():
            yield from _compose_table(press, block)
        case Chart():
            yield from _compose_chart(press, block)
        case Callout():
            yield from _compose_callout(press, block)
        case Quote():
            yield press.paragraph(WordStyle.QUOTE, *press.runs(block.text), keep_next=True)
            dash = "——" if press.language.is_chinese else "— "
            yield press.paragraph(WordStyle.QUOTE_SOURCE, *press.text(dash), *press.runs(block.attribution))
        case Timeline():
            yield from _compose_timeline(press, block)
        case Metrics():
            yield from _compose_metrics(press, block)
        case Figure():
            run = compose_picture(press, block.image, block.description)
            yield press.caption(block.label, block.id, block.title)
            yield press.paragraph(WordStyle.PICTURE, run, keep_next=block.note is not None)
            yield from _compose_note(press, block.note) if block.note else (build_table_gap(press),)
        case _:
            assert_never(block)


def _compose_list(press: Composer, block: ListBlock) -> Iterator[Element]:
    style = WordStyle.LIST_NUMBER if block.ordered else WordStyle.LIST_BULLET
    numbering = press.restarted_list() if block.ordered else None
    count = len(block.items)
    for at, item in enumerate(block.items):
        # No entry is left alone at the bottom or the top of a page.
        keep = count > 1 and at in (0, count - 2)
        yield press.paragraph(style, *press.runs(item), numbering=numbering, keep_next=keep)


def needs_landscape(press: Composer, block: Block) -> bool:
    """Whether a block is a table whose words fit only the width of a landscape page without being broken."""
    return isinstance(block, Table) and press.long_width > press.width < least_table_width(block) * EM


def _compose_table(press: Composer, block: Table) -> Iterator[Element]:
    yield press.caption(block.label, block.id, block.title)
    heads = [(column.title, column.align) for column in block.columns]
    title = plain_text(block.title)
    width = press.long_width if needs_landscape(press, block) else None
    yield build_text_table(press, heads, block.rows, title=title, keep_with_next=block.note is not None, width=width)
    yield from _compose_note(press, block.note) if block.note else (build_table_gap(press),)


def _compose_note(press: Composer, note: Runs | None) -> Iterator[Element]:
    if note:
        yield press.paragraph(WordStyle.TABLE_NOTE, *press.runs(note))


def _compose_chart(press: Composer, block: Chart) -> Iterator[Element]:
    """The drawing, and beneath it the same numbers as a table, for those who cannot see it or want to copy them."""
    from brief.charts import draw_svg, split_chart, take_part

    yield press.caption(block.label, block.id, block.title)
    for part in split_chart(block, press.look):
        run = compose_native_chart(press, block, part)
        if run is None:
            described = replace(block, description=take_part(block, part).description)
            svg = draw_svg(described, press.language.tag, press.look, part)
            run = compose_drawing(press, svg, described.description)
        yield press.paragraph(WordStyle.PICTURE, run, keep_next=part.number == part.count)
    yield press.paragraph(WordStyle.DATA_TITLE, *_compose_data_title(press, block), keep_next=True)
    yield _compose_data(press, block)
    note = (*block.citation, *((Text("\u2003"), *block.note) if block.note else ()))
    source = press.catalogue.get("Source: ", "chart")
    yield press.paragraph(WordStyle.TABLE_NOTE, *press.text(source), *press.runs(note))


def _compose_data_title(press: Composer, block: Chart) -> list[Element]:
    title = press.catalogue.get("Figures as a table")
    return press.text(f"{title} · {block.unit}" if block.unit else title)


def _compose_data(press: Composer, block: Chart) -> Element:
    """Few categories side by side, many below each other; the numbers are the localised words in either case."""
    from brief.charts import name_figure

    points = [
        [
            f"{series.title} ({series.unit})" if series.unit else series.title,
            *(name_figure(point, block, press.catalogue) for point in series.points),
        ]
        for series in block.series
    ]
    lines = [["", *block.categories], *points]
    if len(block.categories) > _CATEGORIES_ACROSS or len(block.series) > len(block.categories):
        lines = [list(line) for line in zip(*lines, strict=True)]
    cells = [[(Text(text),) if text else () for text in line] for line in lines]
    aligned = [Align.START] + [Align.END] * (len(cells[0]) - 1)
    heads: Sequence[tuple[Runs, Align]] = list(zip(cells[0], aligned, strict=True))
    title = plain_text(block.title)
    return build_text_table(press, heads, cells[1:], title=title, keep_with_next=True, style=WordStyle.DATA_TABLE)


def _compose_callout(press: Composer, block: Callout) -> Iterator[Element]:
    heading, text = CALLOUTS[block.tone]
    words = press.text(press.catalogue.get(_TONES[block.tone]))
    if block.title:
        words += [*press.text("\u2002"), *press.runs(block.title, RunFormat(WordStyle.CALLOUT_TITLE))]
    yield press.paragraph(heading, *words)
    yield press.paragraph(text, *press.runs(block.text))
    # Boxes with the same background merge unless a paragraph without background separates them.
    yield build_table_gap(press)


def _compose_timeline(press: Composer, block: Timeline) -> Iterator[Element]:
    yield press.caption(block.label, block.id, block.title)
    longest = max((em_width(event.when) for event in block.events), default=0.0)
    # An em more, because Word adds an eighth of an em between Han characters and digits.
    first = min(round((longest + 1) * EM + 2 * CELL_MARGINS), round(press.width * _DATE_PART))
    rows = [
        (
            (press.paragraph(WordStyle.EVENT_DATE, *press.text(event.when)),),
            (press.paragraph(WordStyle.EVENT_TEXT, *press.runs(event.text)),),
        )
        for event in block.events
    ]
    widths = (first, press.width - first)
    yield build_table(press, WordStyle.TIMELINE_TABLE, widths, rows, row_heads=True, title=plain_text(block.title))
    yield build_table_gap(press)


def _compose_metrics(press: Composer, block: Metrics) -> Iterator[Element]:
    """Headline numbers side by side: as many as fit without breaking a number, in rows of as equal length as possible."""
    count = len(block.metrics)
    widest = max((em_width(metric.value) for metric in block.metrics), default=1.0) * _METRIC_EM + CELL_MARGINS
    most = max(1, min(_METRICS_IN_A_ROW, int(press.width // widest)))
    across = -(-count // -(-count // most)) if count else 1
    rows = []
    for start in range(0, count, across):
        cells = [_compose_metric(press, metric) for metric in block.metrics[start : start + across]]
        rows.append([*cells, *((press.paragraph(WordStyle.METRIC_LABEL),) for _ in range(across - len(cells)))])
    yield build_table(press, WordStyle.METRICS_TABLE, [press.width // across] * across, rows)
    yield build_table_gap(press)


def _compose_metric(press: Composer, metric: Metric) -> tuple[Element, ...]:
    return (
        press.paragraph(WordStyle.METRIC_VALUE, *press.text(metric.value), keep_next=True),
        press.paragraph(WordStyle.METRIC_LABEL, *press.runs(metric.label)),
    )
