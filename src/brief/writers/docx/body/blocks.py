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
from brief.resolve.columns import measure_ems
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.pictures import (
    FALLBACK_SCALE,
    compose_chart_drawing,
    compose_picture,
    compose_vega_drawing,
)
from brief.writers.docx.body.prose import compose_prose
from brief.writers.docx.body.tables import (
    CELL_MARGINS,
    EM,
    build_table,
    build_table_gap,
    build_text_table,
    needs_landscape,
)
from brief.writers.docx.charts.native_charts import compose_native_chart
from brief.writers.docx.reference.styles import CALLOUTS, WordStyle
from brief.writers.ooxml.elements import Element, build_alternate_content, qualify_name, word

_MAX_METRICS_IN_ROW = 4
# The width of an em of a headline number, in twentieths of a point.
_METRIC_EM = 320
# A date in a timeline gets at most this part of the width.
_MAX_DATE_SHARE = 0.3
# The height of a line in ems. The height, as a share of the page, up to which a callout is kept on one page.
_LINE_HEIGHT = 1.5
_MAX_KEPT_SHARE = 0.6
# The heights of a heading and of a caption with the space around them, in lines of a table.
_HEADING_LINES, _CAPTION_LINES = 2.2, 1.9
# This many categories fit side by side above their numbers; more are listed below each other.
_CATEGORIES_ACROSS = 6
# Kinds of charts in which Word draws a label at every number.
_LABELLED = (ChartKind.BARS, ChartKind.GROUPED_BARS)
_TONES = {Tone.NOTE: "Note", Tone.INSIGHT: "Insight", Tone.WARNING: "Warning", Tone.QUESTION: "Question"}


def compose_block(composer: Composer, block: Block, *, at_end: bool = False) -> list[Element]:
    """Composes the heading and the body of a block, with its bookmarks, as children of `w:body`. `at_end` says that no
    text follows the block in its section.
    """
    elements = list(_compose_body(composer, block, at_end=at_end))
    if block.heading is not None:
        heading = composer.add_bookmark(composer.anchors.headings[block.id], composer.compose_heading(block.heading))
        elements.insert(0, composer.compose_paragraph(WordStyle.HEADING_2, *heading))
    elif block.label is None:
        _add_bookmark(composer, composer.anchors.blocks[block.id], elements[0])
    return begin_page(composer, elements) if block.page_break else elements


def begin_page(composer: Composer, elements: list[Element]) -> list[Element]:
    """Returns the elements such that they start a page (ECMA-376 part 1, 17.3.1.23). Modifies the first paragraph; a
    table gets an empty paragraph before it.
    """
    first = elements[0] if elements[0].tag == qualify_name("w:p") else build_table_gap(composer)
    properties = first.find(qualify_name("w:pPr"))
    if properties is not None:
        before = [child for child in properties if child.tag in (qualify_name("w:pStyle"), qualify_name("w:keepNext"))]
        properties.insert(len(before), word("pageBreakBefore"))
    return elements if first is elements[0] else [first, *elements]


def _add_bookmark(composer: Composer, name: str, element: Element) -> None:
    """Adds an empty bookmark at the start of a paragraph, or of the first paragraph of a table."""
    paragraph = element if element.tag.endswith("}p") else next(element.iter("{*}p"))
    for position, tag in enumerate(composer.add_bookmark(name, ()), start=1):
        paragraph.insert(position, tag)


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
    for index, item in enumerate(block.items):
        # Avoids widows and orphans.
        keep = count > 1 and index in (0, count - 2)
        yield composer.compose_paragraph(style, *composer.compose_runs(item), numbering=numbering, keep_next=keep)


def _compose_table(composer: Composer, block: Table) -> Iterator[Element]:
    yield composer.compose_caption(block.label, block.id, block.title)
    headers = [(column.title, column.align) for column in block.columns]
    title = to_plain_text(block.title)
    width = composer.long_width if needs_landscape(composer, block) else None
    yield build_text_table(
        composer,
        headers,
        block.rows,
        title=title,
        keep_with_next=block.note is not None,
        width=width,
        groups=block.groups,
        spans=block.spans,
        totals=block.totals,
        lines_around=_HEADING_LINES * (block.heading is not None)
        + _CAPTION_LINES
        + _count_note_lines(composer, block.note),
    )
    yield from _compose_note(composer, block.note) if block.note else (build_table_gap(composer),)


def _count_note_lines(composer: Composer, note: Runs | None) -> float:
    return measure_ems(to_plain_text(note)) * EM / composer.width + 1 if note else 0.0


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
        # If a drawing were kept with a long table, much of the page before them could be empty; and if both did not fit
        # on one page, the title of the table would be alone.
        is_long = composer.look.is_landscape or len(listed) > _CATEGORIES_ACROSS
        keep = part.number == part.count and not (has_table and is_long)
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
        headers = [(column.title, column.align) for column in table.columns]
        yield build_text_table(
            composer, headers, table.rows, title=title, keep_with_next=True, style=WordStyle.DATA_TABLE
        )
        if table is not block.tables[-1]:
            yield build_table_gap(composer)
    yield _compose_source(composer, block)


def _compose_source(composer: Composer, block: Chart | Vega, pointer: str = "") -> Element:
    notes = (*((block.note,) if block.note else ()), *(((Text(pointer),),) if pointer else ()))
    content = (*block.citation, *(run for note in notes for run in (Text("\u2003"), *note)))
    label = composer.catalogue.get("Source: ", "chart")
    return composer.compose_paragraph(
        WordStyle.TABLE_NOTE, *composer.compose_text(label), *composer.compose_runs(content)
    )


def _compose_data_title(composer: Composer, block: Chart) -> list[Element]:
    title = composer.catalogue.get("Figures as a table")
    return composer.compose_text(f"{title} · {block.unit}" if block.unit else title)


def _compose_data(composer: Composer, block: Chart, indices: Sequence[int]) -> Element:
    """Builds a table of the figures, as printed, of the categories at `indices`. Few categories are columns; many, or
    fewer than there are series, are rows.
    """
    from brief.charts.text_alternative import format_figure, name_series

    figures = [
        [
            name_series(series, series.unit, composer.catalogue),
            *(format_figure(series.points[index], block, composer.catalogue) for index in indices),
        ]
        for series in block.series
    ]
    rows = [["", *(block.categories[index] for index in indices)], *figures]
    if len(indices) > _CATEGORIES_ACROSS or len(block.series) > len(indices):
        rows = [list(row) for row in zip(*rows, strict=True)]
    cells = [[(Text(text),) if text else () for text in row] for row in rows]
    alignments = [Align.START] + [Align.END] * (len(cells[0]) - 1)
    headers: Sequence[tuple[Runs, Align]] = list(zip(cells[0], alignments, strict=True))
    title = to_plain_text(block.title)
    return build_text_table(composer, headers, cells[1:], title=title, keep_with_next=True, style=WordStyle.DATA_TABLE)


def _compose_callout(composer: Composer, block: Callout) -> Iterator[Element]:
    heading_style, text_style = CALLOUTS[block.tone]
    heading_runs = composer.compose_text(composer.catalogue.get(_TONES[block.tone]))
    if block.title:
        heading_runs += [
            *composer.compose_text("\u2002"),
            *composer.compose_runs(block.title, RunFormat(WordStyle.CALLOUT_TITLE)),
        ]
    yield composer.compose_paragraph(heading_style, *heading_runs)
    # LibreOffice leaves the heading alone on a page if the lines of a text that is longer than a page are kept
    # together.
    lines = measure_ems(to_plain_text(block.text)) * EM / composer.width
    is_long = lines * EM * _LINE_HEIGHT > composer.height * _MAX_KEPT_SHARE
    yield composer.compose_paragraph(text_style, *composer.compose_runs(block.text), can_break=is_long)
    # Boxes with the same background merge unless a paragraph without background separates them.
    yield build_table_gap(composer)


def _compose_timeline(composer: Composer, block: Timeline) -> Iterator[Element]:
    yield composer.compose_caption(block.label, block.id, block.title)
    longest_date = max((measure_ems(event.when) for event in block.events), default=0.0)
    # One em is added, because Word inserts an eighth of an em between Han characters and digits.
    date_width = min(round((longest_date + 1) * EM + 2 * CELL_MARGINS), round(composer.width * _MAX_DATE_SHARE))
    for event in block.events:
        composer.keep_units(event.when)
    rows = [
        (
            (composer.compose_paragraph(WordStyle.EVENT_DATE, *composer.compose_text(event.when)),),
            (composer.compose_paragraph(WordStyle.EVENT_TEXT, *composer.compose_runs(event.text)),),
        )
        for event in block.events
    ]
    widths = (date_width, composer.width - date_width)
    yield build_table(
        composer, WordStyle.TIMELINE_TABLE, widths, rows, row_heads=True, title=to_plain_text(block.title)
    )
    yield build_table_gap(composer)


def _compose_metrics(composer: Composer, block: Metrics) -> Iterator[Element]:
    """Composes headline numbers side by side, in rows of nearly equal length: as many in a row as fit without being
    broken.
    """
    count = len(block.metrics)
    widest = max((measure_ems(metric.value) for metric in block.metrics), default=1.0) * _METRIC_EM + CELL_MARGINS
    max_columns = max(1, min(_MAX_METRICS_IN_ROW, int(composer.width // widest)))
    columns = -(-count // -(-count // max_columns)) if count else 1
    rows = []
    for start in range(0, count, columns):
        cells = [_compose_metric(composer, metric) for metric in block.metrics[start : start + columns]]
        rows.append(
            [*cells, *((composer.compose_paragraph(WordStyle.METRIC_LABEL),) for _ in range(columns - len(cells)))]
        )
    yield build_table(composer, WordStyle.METRICS_TABLE, [composer.width // columns] * columns, rows)
    yield build_table_gap(composer)


def _compose_metric(composer: Composer, metric: Metric) -> tuple[Element, ...]:
    return (
        composer.compose_paragraph(WordStyle.METRIC_VALUE, *composer.compose_text(metric.value), keep_next=True),
        composer.compose_paragraph(WordStyle.METRIC_LABEL, *composer.compose_runs(metric.label)),
    )
