"""Lays out the rows of a chart, one for each category: their heights and positions, and the division into parts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.charts.spread import spread_apart
from brief.charts.svg import Line, Mark, PixelPoint, TextLabel, measure_block
from brief.charts.text_metrics import measure_text, measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart

CATEGORY_WIDTH = 200.0
_CATEGORY_PART = 0.35
LABEL_GAP = 14.0
VALUE_GAP = 6.0
ROW_GAP = 12.0
_LEADER = 6.0
_BETWEEN = 8.0
_LINE = measure_block(("",), SMALL_SIZE)


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a category: the lines of its label and annotations, and its position."""

    index: int
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def place_rows(chart: Chart, inner: Sequence[float], shown: range, top: float) -> tuple[Row, ...]:
    """Returns the rows of the categories `shown`, from `top` down. `inner` has the height of the content of the row of
    every category, in pixels.
    """
    rows = []
    y = top + ROW_GAP / 2
    for index in shown:
        lines = wrap(chart.categories[index], _limit_category_width(chart), TEXT_SIZE)
        notes = wrap_notes(chart, index, _limit_category_width(chart))
        label_height = measure_block(lines, TEXT_SIZE) + (measure_block(notes, SMALL_SIZE) if notes else 0)
        rows.append(Row(index, lines, notes, y, max(inner[index], label_height)))
        y += rows[-1].height + ROW_GAP
    return tuple(rows)


def wrap_notes(chart: Chart, index: int, room: float) -> tuple[str, ...]:
    """Returns the lines of the annotations on a category and its points."""
    several = len(chart.series) > 1
    texts = []
    for each in chart.annotations:
        if each.category == index:
            titled = several and each.series is not None
            texts.append(f"{chart.series[each.series or 0].title}: {each.text}" if titled else each.text)
    return tuple(line for text in texts for line in wrap(text, room, SMALL_SIZE))


def find_rows_bottom(rows: Sequence[Row], top: float) -> float:
    return rows[-1].top + rows[-1].height if rows else top


def measure_categories(chart: Chart) -> float:
    """Returns the width of the category labels beside the bars, which is the same in all parts of a chart."""
    room = _limit_category_width(chart)
    names = measure_widest((line for each in chart.categories for line in wrap(each, room, TEXT_SIZE)), TEXT_SIZE)
    notes = [line for index in range(len(chart.categories)) for line in wrap_notes(chart, index, room)]
    return max(names, measure_widest(notes, SMALL_SIZE) if notes else 0.0)


def _limit_category_width(chart: Chart) -> float:
    return min(CATEGORY_WIDTH, chart.width * _CATEGORY_PART)


def draw_category_labels(rows: Iterable[Row], look: Look) -> list[TextLabel]:
    """Draws the category labels, each with its annotations below it."""
    labels = []
    for row in rows:
        beneath = measure_block(row.notes, SMALL_SIZE) if row.notes else 0.0
        labels.append(TextLabel(row.lines, 0, row.middle - beneath / 2, look.colours["ink"]))
        if row.notes:
            middle = row.middle + measure_block(row.lines, TEXT_SIZE) / 2
            labels.append(TextLabel(row.notes, 0, middle, look.colours["muted"], size=SMALL_SIZE))
    return labels


def split_rows(heights: Sequence[float], room: float) -> list[range]:
    """Divides the rows into as few runs of similar height as fit into `room`; a row that is higher has its own run."""
    runs = _fill(heights, room)
    low, high = 0.0, room
    while len(runs) > 1 and high - low > 1:
        candidate = _fill(heights, (low + high) / 2)
        if len(candidate) == len(runs):
            runs, high = candidate, (low + high) / 2
        else:
            low = (low + high) / 2
    return runs


@dataclass(frozen=True, slots=True)
class LabelsBeneath:
    """Labels in a line below a bar, with `middle` relative to the start of the line, the x of each label's position on
    the bar (`anchors`), and the height that they take below the bar.
    """

    labels: tuple[TextLabel, ...]
    anchors: tuple[float, ...]
    height: float

    def draw(self, bottom: float, rule: str) -> Iterator[Mark]:
        """Draws the labels, each joined to its position on the bar."""
        for label, anchor in zip(self.labels, self.anchors, strict=True):
            top = bottom + _LEADER + label.middle - _LINE / 2
            if top < bottom + _LEADER + 1:
                yield Line(PixelPoint(anchor, bottom), PixelPoint(label.x, top + 1), rule)
            else:
                yield Line(PixelPoint(anchor, bottom), PixelPoint(anchor, bottom + _LEADER - 2), rule)
            yield replace(label, middle=bottom + _LEADER + label.middle)


def place_labels_beneath(wanted: Sequence[tuple[float, str, str]], left: float, right: float) -> LabelsBeneath | None:
    """Places labels, given as x, text and colour, in a line, each as close to its x as possible. Returns None if they
    do not fit between `left` and `right`.

    The labels keep their order, so that each can be identified by its neighbours even if it had to move.
    """
    if not wanted:
        return LabelsBeneath((), (), 0.0)
    widths = [measure_text(text, SMALL_SIZE) + _BETWEEN for _, text, _ in wanted]
    if sum(widths) > right - left:
        return None
    middles = spread_apart([x for x, _, _ in wanted], widths, left, right)
    labels = tuple(
        TextLabel((text,), middle, _LINE / 2, colour, "center", SMALL_SIZE)
        for middle, (_, text, colour) in zip(middles, wanted, strict=True)
    )
    return LabelsBeneath(labels, tuple(x for x, _, _ in wanted), _LEADER + _LINE)


def _fill(heights: Sequence[float], room: float) -> list[range]:
    runs = []
    start, used = 0, 0.0
    for index, height in enumerate(heights):
        if index > start and used + height > room:
            runs.append(range(start, index))
            start, used = index, 0.0
        used += height
    return [*runs, range(start, len(heights))]
