"""Draws timeline charts: a row for each event, with a mark at its period on a time axis, and its date and name beside
the mark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from brief.charts.canvas import (
    SMALL_SIZE,
    TEXT_SIZE,
    Drawing,
    ValueScale,
    draw_boxes,
    draw_dots,
    draw_rules,
    make_drawing,
)
from brief.charts.category_rows import wrap_notes
from brief.charts.legend import draw_heading
from brief.charts.series_style import choose_series_colour
from brief.charts.svg import PixelBox, TextAlign, TextLabel, measure_block
from brief.charts.text_metrics import measure_text, measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart, Point

# Half the width of a moment's mark, and the margin at either end of the scale.
_DOT = 5.0
_BAR = 8.0
_GAP = 9.0
_ROW_GAP = 11.0
_TICK_GAP = 4.0
_LABEL_WIDTH = 300.0
# If there is less space than this beside a mark, its words are placed below it.
_LEAST_ROOM = 150.0


@dataclass(frozen=True, slots=True)
class _Row:
    """The row of an event. `mark` is the box of a period, or the square around the dot of one that is too short for a
    box.
    """

    mark: PixelBox
    is_moment: bool
    labels: tuple[TextLabel, ...]
    bottom: float


def draw_timeline(chart: Chart, look: Look, shown: range) -> Drawing:
    """Draws the events in `shown`: periods as bars, and those too short for a bar as dots, below the labels of the time
    axis.
    """
    head = draw_heading(chart, look, legend=False)
    scale = ValueScale(float(chart.ticks[0].value or 0), float(chart.ticks[-1].value or 0), _DOT, chart.width - _DOT)
    ticks = list(_place_tick_labels(chart.ticks, scale, head.height, look))
    axis = head.height + (ticks[0].height if ticks else 0) + _TICK_GAP / 2
    rows: list[_Row] = []
    top = axis + _ROW_GAP
    for index in shown:
        category, point = chart.categories[index], chart.series[0].points[index]
        rows.append(_make_row(category, wrap_notes(chart, index, _LABEL_WIDTH), point, scale, top, look))
        top = rows[-1].bottom + _ROW_GAP
    bottom = (rows[-1].bottom if rows else axis) + _ROW_GAP / 2
    labels = [label for row in rows for label in row.labels]
    taken = [*(label.box for label in labels), *(row.mark for row in rows)]
    colour = choose_series_colour(look, 0)
    return make_drawing(
        bottom + 2,
        [
            *head.marks,
            *draw_rules(_split_tick_lines(chart.ticks, scale, head.height, bottom, taken), look.colours["rule"]),
            *draw_rules([(0, axis, chart.width, axis)], look.colours["muted"]),
            *draw_boxes((row.mark, colour) for row in rows if not row.is_moment),
            *draw_dots((row.mark for row in rows if row.is_moment), colour),
            *ticks,
            *labels,
        ],
    )


def measure_timeline_rows(chart: Chart, look: Look) -> list[float]:
    """Returns the height of every row with the gap after it."""
    head = draw_timeline(chart, look, range(0)).height
    rows = range(len(chart.categories))
    return [draw_timeline(chart, look, range(index, index + 1)).height - head for index in rows]


def _make_row(category: str, notes: tuple[str, ...], point: Point, scale: ValueScale, top: float, look: Look) -> _Row:
    """Places the texts of an event to the right of its mark; to the left, if there is more room; or below, if there is
    too little on both sides.
    """
    low, high = (
        scale.to_position(float((point.value or 0) if end is None else end)) for end in (point.low, point.high)
    )
    line = measure_block((point.text,), SMALL_SIZE)
    is_moment = high - low < 2 * _DOT
    half, height = (_DOT, _DOT) if is_moment else ((high - low) / 2, _BAR / 2)
    centre = (low + high) / 2
    mark = PixelBox(centre - half, top + line / 2 - height, centre + half, top + line / 2 + height)

    width = scale.end + _DOT
    before, after = mark.left - _GAP, width - mark.right - _GAP
    wanted = min(_LABEL_WIDTH, width, max(measure_text(category, TEXT_SIZE), measure_text(point.text, SMALL_SIZE)) + 1)
    if max(before, after) < min(wanted, _LEAST_ROOM, width / 2):
        labels = _place_texts(
            category, point.text, min(mark.left, width - wanted), "left", wanted, mark.bottom + 3, look
        )
    elif after >= min(wanted, before):
        labels = _place_texts(category, point.text, mark.right + _GAP, "left", min(after, _LABEL_WIDTH), top, look)
    else:
        labels = _place_texts(category, point.text, before, "right", min(before, _LABEL_WIDTH), top, look)
    if notes:
        event = labels[-1]
        note = TextLabel(notes, event.x, 0, look.colours["muted"], event.align, SMALL_SIZE)
        below = replace(note, middle=event.box.bottom + note.height / 2)
        return _Row(mark, is_moment, (*labels, below), below.box.bottom)
    return _Row(mark, is_moment, labels, labels[-1].box.bottom)


def _place_texts(
    category: str, when: str, x: float, align: TextAlign, width: float, top: float, look: Look
) -> tuple[TextLabel, TextLabel]:
    """Returns the labels of an event: its date, and below that its name."""
    date = TextLabel(wrap(when, width, SMALL_SIZE, figures=True), x, 0, look.colours["muted"], align, SMALL_SIZE)
    event = TextLabel(wrap(category, width, TEXT_SIZE), x, 0, look.colours["ink"], align)
    middle = top + date.height
    return replace(date, middle=top + date.height / 2), replace(event, middle=middle + event.height / 2)


def _place_tick_labels(ticks: Sequence[Point], scale: ValueScale, top: float, look: Look) -> Iterator[TextLabel]:
    """Yields each label to the right of its line, unless it would touch the label before it or cross the edge."""
    height = measure_block(("",), SMALL_SIZE)
    free = 0.0
    for tick in ticks:
        x = scale.to_position(float(tick.value or 0)) + _TICK_GAP
        end = x + measure_widest((tick.text,), SMALL_SIZE)
        if x >= free and end <= scale.end + _DOT:
            yield TextLabel((tick.text,), x, top + height / 2, look.colours["muted"], size=SMALL_SIZE)
            free = end + _TICK_GAP


def _split_tick_lines(
    ticks: Sequence[Point], scale: ValueScale, top: float, bottom: float, taken: Sequence[PixelBox]
) -> Iterator[tuple[float, float, float, float]]:
    """Yields the lines of the time axis as (x, y, x2, y2), with gaps at labels and marks."""
    for tick in ticks:
        x = scale.to_position(float(tick.value or 0))
        y = top
        for box in sorted((box for box in taken if box.left - 3 < x < box.right + 3), key=lambda box: box.top):
            if box.top > y:
                yield x, y, x, box.top
            y = max(y, box.bottom)
        if bottom > y:
            yield x, y, x, bottom
