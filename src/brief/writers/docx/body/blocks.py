"""Composes blocks: paragraphs and tables for each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from brief.model.align import Align
from brief.model.blocks import ChartKind, Tone
from brief.model.inline import Runs, Text, to_plain_text
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metric,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Table,
    Timeline,
    Vega,
)
from brief.resolve.columns import measure_ems, measure_least_width
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.pictures import (
    FALLBACK_SCALE,
    compose_chart_drawing,
    compose_picture,
    compose_vega_drawing,
)
from brief.writers.docx.body.prose import compose_prose
from brief.writers.docx.body.tables import CELL_MARGINS, EM, build_table, build_table_gap, build_text_table
from brief.writers.docx.charts.native_charts import compose_native_chart
from brief.writers.docx.reference.styles import CALLOUTS, WordStyle
from brief.writers.ooxml.elements import Element, build_alternate_content, qualify_name, word

_METRICS_IN_A_ROW = 4
# The width of an em of a headline number, in twentieths of a point.
_METRIC_EM = 320
# A date in a timeline gets at most this part of the width.
_DATE_PART = 0.3
# The height of a line in ems, and the part of a page from which on a callout may be divided over pages.
_LINE = 1.5
_LONG_PART = 0.6
# This many categories fit side by side above their numbers; more are listed below each other.
_CATEGORIES_ACROSS = 6
# Kinds in which Word draws a label at every number.
_LABELLED = (ChartKind.BARS, ChartKind.GROUPED_BARS)
_TONES = {Tone.NOTE: "Note", Tone.INSIGHT: "Insight", Tone.WARNING: "Warning", Tone.QUESTION: "Question"}


def compose_block(composer: Composer, block: Block, *, at_end: bool = False) -> list[Element]:
    """Composes the block's heading and body as children of `w:body`, its anchor among them. No text follows a block that is
    `at_end` of its section.
    """
    made = list(_compose_body(composer, block, at_end=at_end))
    if block.heading is not None:
        heading = composer.add_bookmark(composer.anchors.headings[block.id], composer.compose_runs(block.heading))
        made.insert(0, composer.compose_paragraph(WordStyle.HEADING_2, *heading))
    elif block.label is None:
        _add_bookmark(composer, composer.anchors.blocks[block.id], made[0])
    return begin_page(composer, made) if block.page_break else made


def begin_page(composer: Composer, elements: list[Element]) -> list[Element]:
    """Returns the elements so that the first of them starts a page (17.3.1.23)."""
    first = elements[0] if elements[0].tag == qualify_name("w:p") else build_table_gap(composer)
    properties = first.find(qualify_name("w:pPr"))
    if properties is not None:
        kept = [each for each in properties if each.tag in (qualify_name("w:pStyle"), qualify_name("w:keepNext"))]
        properties.insert(len(kept), word("pageBreakBefore"))
    return elements if first is elements[0] else [first, *elements]


def _add_bookmark(composer: Composer, name: str, element: Element) -> None:
    """Adds a bookmark at the start of the first paragraph of an element without a label."""
    paragraph = element if element.tag.endswith("}p") else next(element.iter("{*}p"))
    for position, mark in enumerate(composer.add_bookmark(name, ()), start=1):
        paragraph.insert(position, mark)


def _compose_body(composer: Composer, block: Block, *, at_end: bool) -> Iterator[Element]:
    match block:
        case Paragraph():
            yield composer.compose_paragraph(WordStyle.BODY, *composer.compose_runs(block.text))
        case Prose():
            yield from compose_prose(composer, block)
        case ListBlock():
            yield from _compose_list(composer, block)
        case Table():
            yield from _compose_table(composer, block)
        case Chart():
            yield from _compose_chart(composer, block, at_end=at_end)
        case Callout():
            yield from _compose_callout(composer, block)
        case Quote():
            yield composer.compose_paragraph(WordStyle.QUOTE, *composer.compose_runs(block.text), keep_next=True)
            dash = "——" if composer.language.is_chinese else "— "
            yield composer.compose_paragraph(
                WordStyle.QUOTE_SOURCE, *composer.compose_text(dash), *composer.compose_runs(block.attribution)
            )
        case Timeline():
            yield from _compose_timeline(composer, block)
        case Metrics():
            yield from _compose_metrics(composer, block)
        case Figure():
            run = compose_picture(composer, block.image, block.description)
            yield composer.compose_caption(block.label, block.id, block.title)
            yield composer.compose_paragraph(WordStyle.PICTURE, run, keep_next=block.note is not None)
            yield from _compose_note(composer, block.note) if block.note else (build_table_gap(composer),)
        case Vega():
            yield from _compose_vega(composer, block)
        case _:
            assert_never(block)


def _compose_list(composer: Composer, block: ListBlock) -> Iterator[Element]:
    style = WordStyle.LIST_NUMBER if block.ordered else WordStyle.LIST_BULLET
    numbering = composer.restart_list() if block.ordered else None
    count = len(block.items)
    for at, item in enumerate(block.items):
        # Avoids widows and orphans.
        keep = count > 1 and at in (0, count - 2)
        yield composer.compose_paragraph(style, *composer.compose_runs(item), numbering=numbering, keep_next=keep)


def needs_landscape(composer: Composer, table: Table) -> bool:
    """Returns whether the words of a table fit only the width of a landscape page without being broken."""
    return composer.long_width > composer.width < measure_least_width(table) * EM


def _compose_table(composer: Composer, block: Table) -> Iterator[Element]:
    yield composer.compose_caption(block.label, block.id, block.title)
    heads = [(column.title, column.align) for column in block.columns]
    title = to_plain_text(block.title)
    width = composer.long_width if needs_landscape(composer, block) else None
    yield build_text_table(
        composer,
        heads,
        block.rows,
        title=title,
        keep_with_next=block.note is not None,
        width=width,
        groups=block.groups,
        spans=block.spans,
        totals=block.totals,
    )
    yield from _compose_note(composer, block.note) if block.note else (build_table_gap(composer),)


def _compose_note(composer: Composer, note: Runs | None) -> Iterator[Element]:
    if note:
        yield composer.compose_paragraph(WordStyle.TABLE_NOTE, *composer.compose_runs(note))


def _compose_chart(composer: Composer, block: Chart, *, at_end: bool) -> Iterator[Element]:
    """Yields the drawing and, below it, a table of the same numbers for readers who cannot see the drawing or want to
    copy them. A bar chart that Word draws has no table, because its labels and its workbook have each number. Of hundreds
    of points, the table lists the notable ones, and the alternative text all.
    """
    from brief.charts.draw import draw_svg
    from brief.charts.notable_points import find_notable_categories, has_many_points
    from brief.charts.parts import split_chart, take_part
    from brief.charts.text_alternative import describe_chart_data

    style = WordStyle.HERO_CAPTION if block.is_hero else WordStyle.CAPTION
    yield composer.compose_caption(block.label, block.id, block.title, style)
    has_table, is_native = block.chart_kind not in _LABELLED, True
    listed = list(range(len(block.categories)))
    if has_many_points(block):
        block = replace(block, description=describe_chart_data(block, composer.catalogue))
        listed = find_notable_categories(block)
    for part in split_chart(block, composer.look, ends_section=at_end):
        run = compose_native_chart(composer, block, part)
        described = replace(block, description=take_part(block, part).description)
        svg = draw_svg(described, composer.language.tag, composer.look, part)
        if run is None:
            has_table, is_native = True, False
            run = compose_chart_drawing(composer, svg, described.description)
        else:
            # LibreOffice loses the description of a chart that it draws itself.
            picture = compose_chart_drawing(composer, svg, described.description, scale=FALLBACK_SCALE)
            run = word("r", build_alternate_content(list(run), otherwise=list(picture)))
        # A drawing with a long table leaves much of the page before it empty, or does not fit on a page, and then the table's
        # title would be alone.
        keep = part.number == part.count and not (has_table and len(listed) > _CATEGORIES_ACROSS)
        yield composer.compose_paragraph(WordStyle.PICTURE, run, keep_next=keep)
    if has_table:
        yield composer.compose_paragraph(WordStyle.DATA_TITLE, *_compose_data_title(composer, block), keep_next=True)
        yield _compose_data(composer, block, listed)
    pointer = ""
    if len(listed) < len(block.categories):
        pattern = (
            "The table lists the labelled points; all {n} are in the data of the chart (“Edit Data”)."
            if is_native
            else "The table lists the labelled points; the description of the chart has all {n}."
        )
        pointer = composer.catalogue.get(pattern).replace("{n}", str(len(block.categories)))
    yield _compose_source(composer, block, pointer)


def _compose_vega(composer: Composer, block: Vega) -> Iterator[Element]:
    """Yields the drawing, and below it its figures as a table."""
    from brief.charts.vega.draw import draw_vega
    from brief.charts.vega.short_tables import shorten_tables

    block = shorten_tables(block, composer.catalogue)
    svg = draw_vega(block, composer.language.tag, composer.look)
    yield composer.compose_caption(block.label, block.id, block.title)
    yield composer.compose_paragraph(WordStyle.PICTURE, compose_vega_drawing(composer, svg, block), keep_next=True)
    yield composer.compose_paragraph(
        WordStyle.DATA_TITLE, *composer.compose_text(composer.catalogue.get("Figures as a table")), keep_next=True
    )
    title = to_plain_text(block.title)
    for table in block.tables:
        heads = [(column.title, column.align) for column in table.columns]
        yield build_text_table(
            composer, heads, table.rows, title=title, keep_with_next=True, style=WordStyle.DATA_TABLE
        )
        if table is not block.tables[-1]:
            yield build_table_gap(composer)
    yield _compose_source(composer, block)


def _compose_source(composer: Composer, block: Chart | Vega, pointer: str = "") -> Element:
    notes = (*((block.note,) if block.note else ()), *(((Text(pointer),),) if pointer else ()))
    note = (*block.citation, *(run for each in notes for run in (Text("\u2003"), *each)))
    source = composer.catalogue.get("Source: ", "chart")
    return composer.compose_paragraph(
        WordStyle.TABLE_NOTE, *composer.compose_text(source), *composer.compose_runs(note)
    )


def _compose_data_title(composer: Composer, block: Chart) -> list[Element]:
    title = composer.catalogue.get("Figures as a table")
    return composer.compose_text(f"{title} · {block.unit}" if block.unit else title)


def _compose_data(composer: Composer, block: Chart, listed: Sequence[int]) -> Element:
    """Lists the figures of some categories: few categories side by side, many one below the other; the numbers are the localised words in either case."""
    from brief.charts.text_alternative import format_figure, name_series

    points = [
        [
            name_series(series, series.unit, composer.catalogue),
            *(format_figure(series.points[at], block, composer.catalogue) for at in listed),
        ]
        for series in block.series
    ]
    lines = [["", *(block.categories[at] for at in listed)], *points]
    if len(listed) > _CATEGORIES_ACROSS or len(block.series) > len(listed):
        lines = [list(line) for line in zip(*lines, strict=True)]
    cells = [[(Text(text),) if text else () for text in line] for line in lines]
    aligned = [Align.START] + [Align.END] * (len(cells[0]) - 1)
    heads: Sequence[tuple[Runs, Align]] = list(zip(cells[0], aligned, strict=True))
    title = to_plain_text(block.title)
    return build_text_table(composer, heads, cells[1:], title=title, keep_with_next=True, style=WordStyle.DATA_TABLE)


def _compose_callout(composer: Composer, block: Callout) -> Iterator[Element]:
    heading, text = CALLOUTS[block.tone]
    words = composer.compose_text(composer.catalogue.get(_TONES[block.tone]))
    if block.title:
        words += [
            *composer.compose_text("\u2002"),
            *composer.compose_runs(block.title, RunFormat(WordStyle.CALLOUT_TITLE)),
        ]
    yield composer.compose_paragraph(heading, *words)
    # LibreOffice leaves the heading alone on a page if the lines of a text that is longer than a page are kept together.
    lines = measure_ems(to_plain_text(block.text)) * EM / composer.width
    is_long = lines * EM * _LINE > composer.height * _LONG_PART
    yield composer.compose_paragraph(text, *composer.compose_runs(block.text), can_break=is_long)
    # Boxes with the same background merge unless a paragraph without background separates them.
    yield build_table_gap(composer)


def _compose_timeline(composer: Composer, block: Timeline) -> Iterator[Element]:
    yield composer.compose_caption(block.label, block.id, block.title)
    longest = max((measure_ems(event.when) for event in block.events), default=0.0)
    # An em more, because Word adds an eighth of an em between Han characters and digits.
    first = min(round((longest + 1) * EM + 2 * CELL_MARGINS), round(composer.width * _DATE_PART))
    rows = [
        (
            (composer.compose_paragraph(WordStyle.EVENT_DATE, *composer.compose_text(event.when)),),
            (composer.compose_paragraph(WordStyle.EVENT_TEXT, *composer.compose_runs(event.text)),),
        )
        for event in block.events
    ]
    widths = (first, composer.width - first)
    yield build_table(
        composer, WordStyle.TIMELINE_TABLE, widths, rows, row_heads=True, title=to_plain_text(block.title)
    )
    yield build_table_gap(composer)


def _compose_metrics(composer: Composer, block: Metrics) -> Iterator[Element]:
    """Composes headline numbers side by side: as many as fit without breaking a number, in rows of as equal length as possible."""
    count = len(block.metrics)
    widest = max((measure_ems(metric.value) for metric in block.metrics), default=1.0) * _METRIC_EM + CELL_MARGINS
    max_columns = max(1, min(_METRICS_IN_A_ROW, int(composer.width // widest)))
    across = -(-count // -(-count // max_columns)) if count else 1
    rows = []
    for start in range(0, count, across):
        cells = [_compose_metric(composer, metric) for metric in block.metrics[start : start + across]]
        rows.append(
            [*cells, *((composer.compose_paragraph(WordStyle.METRIC_LABEL),) for _ in range(across - len(cells)))]
        )
    yield build_table(composer, WordStyle.METRICS_TABLE, [composer.width // across] * across, rows)
    yield build_table_gap(composer)


def _compose_metric(composer: Composer, metric: Metric) -> tuple[Element, ...]:
    return (
        composer.compose_paragraph(WordStyle.METRIC_VALUE, *composer.compose_text(metric.value), keep_next=True),
        composer.compose_paragraph(WordStyle.METRIC_LABEL, *composer.compose_runs(metric.label)),
    )
