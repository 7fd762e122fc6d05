"""Value and category axes with ticks, for charts with too many points to label each with its value."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from brief.charts.canvas import SMALL_SIZE, ValueScale, draw_rules, find_domain
from brief.charts.svg import Mark, TextLabel, measure_block
from brief.charts.text_metrics import measure_widest, wrap
from brief.model.appearance.look import Look
from brief.model.variant import Point

TICK_LABEL_OFFSET = 6.0
# The smallest gap between two neighbouring tick labels.
_MIN_LABEL_GAP = 14.0
_TICK_WIDTH = 90.0
_STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 24, 25, 30, 50, 52, 60, 100, 120, 200, 250, 500)
_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20|21)[0-9]{2}(?![0-9])")
_YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)
_MIN_TICKS = 3
# A day as authors write it in a key, and as a dataset's day is printed in each language.
_DAYS = tuple(
    map(
        re.compile,
        (
            r"(?P<month>[0-9]{4}-[0-9]{2})-(?P<day>[0-9]{2})",
            r"(?P<month>[0-9]{4}年[0-9]{1,2}月)(?P<day>[0-9]{1,2})日",
            r"(?P<month>[0-9]{4}년\s[0-9]{1,2}월)\s(?P<day>[0-9]{1,2})일",
            r"(?P<day>[0-9]{1,2})(?:\.|er|º)?\s(?P<month>[^0-9]+\s[0-9]{4})",
        ),
    )
)
_MONTH_NUMBER = re.compile(r"(?<=[-年\s])[0-9]{1,2}(?=[月월]?$)")
# A series that begins on this day of a month or earlier is taken to have the whole month, except for a weekend or a
# holiday.
_EARLY = 3
_MONTH_STEPS = (1, 2, 3, 6)


def measure_tick_labels(ticks: Sequence[Point]) -> float:
    """Returns the space that the labels left of a value axis need, with their gap."""
    return measure_widest((tick.text for tick in ticks), SMALL_SIZE) + TICK_LABEL_OFFSET if ticks else 0.0


def make_value_scale(ticks: Sequence[Point], values: Sequence[float], start: float, end: float) -> ValueScale:
    """Returns the scale from the first tick to the last or, without ticks, over the range of the values and zero."""
    if len(ticks) > 1:
        return ValueScale(float(ticks[0].value or 0), float(ticks[-1].value or 0), start, end)
    return ValueScale(*find_domain(values or [0.0], zero=True), start, end)


def draw_value_axis(ticks: Sequence[Point], scale: ValueScale, left: float, right: float, look: Look) -> list[Mark]:
    """Draws a horizontal line across the plot for each tick, with its number on the left.

    The base line (see `find_base_value`) is darker; without ticks, only that line is drawn.
    """
    ground = find_base_value(scale)
    marks: list[Mark] = []
    for tick in ticks:
        y = scale.to_position(float(tick.value or 0))
        colour = look.colours["muted" if float(tick.value or 0) == ground else "rule"]
        marks += draw_rules([(left, y, right, y)], colour)
        marks.append(TextLabel((tick.text,), left - TICK_LABEL_OFFSET, y, look.colours["muted"], "right", SMALL_SIZE))
    if not ticks:
        y = scale.to_position(ground)
        marks += draw_rules([(left, y, right, y)], look.colours["muted"])
    return marks


def find_base_value(scale: ValueScale) -> float:
    """Returns the value of the base line: zero if the scale includes it, otherwise the lowest value of the scale."""
    return 0.0 if scale.low <= 0 <= scale.high else scale.low


def choose_ticks(categories: Sequence[str], xs: Sequence[float], right: float) -> list[int]:
    """Chooses the categories to label below the plot, as many as fit: every nth one or, if they contain years, the
    years divisible by a round number.

    If a year has several categories, the first of them is labelled. Returns the indices of the categories.
    """
    for candidate in _list_candidates(categories):
        spans = [_find_tick_span(categories[index], xs[index], right) for index in candidate]
        if all(span[1] + _MIN_LABEL_GAP <= next_span[0] for span, next_span in pairwise(spans)):
            return candidate
    return []


def draw_category_axis(
    categories: Sequence[str], xs: Sequence[float], chosen: Sequence[int], top: float, right: float, look: Look
) -> tuple[list[Mark], float]:
    """Draws the labels of the chosen categories below the plot, each under a tick; also returns their lower edge."""
    marks: list[Mark] = []
    bottom = top
    for index in chosen:
        lines = wrap(categories[index], _TICK_WIDTH, SMALL_SIZE, figures=True)
        marks += draw_rules([(xs[index], top, xs[index], top + 4)], look.colours["muted"])
        height = measure_block(lines, SMALL_SIZE)
        middle = top + TICK_LABEL_OFFSET + height / 2
        x = sum(_find_tick_span(categories[index], xs[index], right)) / 2
        marks.append(TextLabel(lines, x, middle, look.colours["muted"], "center", SMALL_SIZE))
        bottom = max(bottom, top + TICK_LABEL_OFFSET + height)
    return marks, bottom


def _find_tick_span(category: str, x: float, right: float) -> tuple[float, float]:
    """Returns the extent of a tick label, which is centred on its tick except at the edges."""
    half = measure_widest(wrap(category, _TICK_WIDTH, SMALL_SIZE, figures=True), SMALL_SIZE) / 2
    middle = max(half, min(x, right - half))
    return middle - half, middle + half


def _list_candidates(categories: Sequence[str]) -> Iterator[list[int]]:
    """Yields sets of categories to label, in order of preference."""
    years = [int(match[0]) if (match := _YEAR.search(category)) else None for category in categories]
    known_years = [year for year in years if year is not None]
    firsts = [i for i, year in enumerate(years) if year is not None and (i == 0 or years[i - 1] != year)]
    if len(known_years) == len(years) and known_years == sorted(known_years) and len(firsts) >= _MIN_TICKS:
        if len(firsts) < len(years):
            # If the first year is incomplete, its first category is not the start of a year.
            firsts = firsts[1:] if len(firsts) > _MIN_TICKS and _is_partial(firsts) else firsts
        for step in _YEAR_STEPS:
            round_years = [i for i in firsts if (years[i] or 0) % step == 0]
            if len(round_years) > 1:
                yield round_years
    yield from _list_month_candidates(categories)
    for step in _STEPS:
        if step < len(categories) or step == 1:
            yield list(range(0, len(categories), step))
    yield [0, len(categories) - 1]
    yield [0]


def _list_month_candidates(categories: Sequence[str]) -> Iterator[list[int]]:
    """Yields sets for categories that are days: the earliest day in each month, then in every second, third and sixth
    month.
    """
    days = [next(filter(None, (pattern.fullmatch(category) for pattern in _DAYS)), None) for category in categories]
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days):
        return
    months = [day["month"] for day in known]
    firsts = [i for i, month in enumerate(months) if (months[i - 1] != month if i else int(known[0]["day"]) <= _EARLY)]
    numbers = [match and int(match[0]) for match in (_MONTH_NUMBER.search(months[i]) for i in firsts)]
    for step in _MONTH_STEPS:
        # The name of a month does not give its number; then the steps begin with the first month.
        chosen = [i for number, i in enumerate(firsts) if ((numbers[number] or number + 1) - 1) % step == 0]
        if len(chosen) >= _MIN_TICKS:
            yield chosen


def _is_partial(firsts: Sequence[int]) -> bool:
    return firsts[1] - firsts[0] < firsts[2] - firsts[1]
