"""Computes chart data from claims: one scale for the whole chart, each value in words, and the extent of the axes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, chain, pairwise

from brief.model import blocks
from brief.model.blocks import ChartKind
from brief.model.catalogue import Catalogue
from brief.model.chart_kinds import CHART_KINDS, WITH_UPRIGHT_BARS
from brief.model.figures.quantity import CalendarPeriod, Period, Qualifier, Quantity
from brief.model.record import dataclass
from brief.model.variant import Annotation, OpenEnd, Point, Series
from brief.resolve.figures import periods, quantities, shared_forms
from brief.resolve.figures.scales import NumberScale
from brief.resolve.figures.ticks import divide_time, divide_values

# If the values differ by less than this share of the greatest, the axis of a line or scatter chart begins above zero.
_MAX_SPREAD_OFF_ZERO = Decimal("0.35")
# With this many periods, bars are upright by default.
_FEW_PERIODS = range(3, 9)
_OPEN_ENDS = {
    Qualifier.OVER: OpenEnd.ABOVE,
    Qualifier.AT_LEAST: OpenEnd.ABOVE,
    Qualifier.UNDER: OpenEnd.BELOW,
    Qualifier.UP_TO: OpenEnd.BELOW,
}

Rows = Sequence[Sequence[Quantity | None]]
# For each quantity, whether it is exact and was not rounded.
Exact = Sequence[Sequence[bool]]


@dataclass(frozen=True, slots=True)
class Plot:
    """The figures of a chart: `points` has one row per series and one point per category. `extent` has the lowest and
    the highest value as text.

    If each series has an axis of its own, `extents`, `units` and `axes` have the extent, the unit and the ticks of each.
    `period` is the period of the values as text; empty if some values have none.
    """

    points: tuple[tuple[Point, ...], ...]
    extent: tuple[str, str]
    unit: str = ""
    ticks: tuple[Point, ...] = ()
    units: tuple[str, ...] = ()
    axes: tuple[tuple[Point, ...], ...] = ()
    extents: tuple[tuple[str, str], ...] = ()
    period: str = ""


def build_chart_plot(block: blocks.Chart, rows: Rows, catalogue: Catalogue, exact: Exact | None = None) -> Plot:
    """Computes the figures of a chart from the quantities of its claims, with one row for each series. Without `exact`, all
    quantities are exact.

    Raises:
        ValueError: a quantity has no number.
    """
    needs = CHART_KINDS[block.chart]
    if needs.is_dated:
        return build_timeline_plot(
            [[quantity.period for quantity in row if quantity and quantity.period] for row in rows], catalogue
        )
    exact = exact or [[True] * len(row) for row in rows]
    if needs.own_units:
        plots = [build_plot([row], catalogue, block.chart, [are]) for row, are in zip(rows, exact, strict=True)]
        chart_plot = Plot(
            points=tuple(plot.points[0] for plot in plots),
            extent=plots[-1].extent,
            units=tuple(plot.unit for plot in plots),
            axes=tuple(plot.ticks for plot in plots),
            extents=tuple(plot.extent for plot in plots),
            period=_format_covered_period(rows, catalogue),
        )
    else:
        chart_plot = build_plot(rows, catalogue, block.chart, exact)
    return replace(chart_plot, points=tuple(_mark_points(block, chart_plot.points)))


def build_plot(rows: Rows, catalogue: Catalogue, kind: ChartKind = ChartKind.BARS, exact: Exact | None = None) -> Plot:
    """Scales the quantities of a chart, which must be in one unit, and computes its ticks; None means a missing figure.

    All labels use one scale if each can print in it with every digit and few decimals: US$1,200 million beside
    US$4 million. Otherwise each label states its own scale: 1.5 trillion beside 350. As in a column of a table, exact
    figures of one scale are padded to the same number of decimals; `exact` says which ones are exact, by default all.

    Raises:
        ValueError: a quantity has no number.
    """
    exact = exact or [[True] * len(row) for row in rows]
    figures = [quantity for row in rows for quantity in row if quantity]
    ends = [end for quantity in figures for end in _find_bounds(quantity)]
    unit = figures[0].unit if figures else "count"
    scale = shared_forms.choose_shared_scale(ends, catalogue, unit)
    printed = [end for quantity in figures for end in quantities.pad_range(quantity, scale)]
    stated: list[Quantity] = []
    unpadded: list[Quantity] = []
    for quantity, is_exact in zip(chain.from_iterable(rows), chain.from_iterable(exact), strict=True):
        if quantity:
            (stated if is_exact and quantity.qualifier is Qualifier.EXACT else unpadded).append(quantity)
    decimals = shared_forms.count_decimals_by_scale(stated, unpadded, scale, catalogue)
    tick_values = list(_list_value_ticks(rows, scale, kind))
    in_full = [_scale_up(value, scale) for value in tick_values]
    is_grouped = shared_forms.needs_grouping([*ends, *in_full], scale, catalogue)
    points = tuple(
        tuple(
            _build_point(quantity, scale, catalogue, decimals if is_exact else {}, is_grouped=is_grouped)
            for quantity, is_exact in zip(row, are_exact, strict=True)
        )
        for row, are_exact in zip(rows, exact, strict=True)
    )
    is_full = scale is not None and scale.factor == 1
    padded = {quantity.value for quantity in stated}

    def count_zeros(end: Decimal) -> int | None:
        printed_scale = quantities.choose_printed_scale(end, unit, catalogue, is_full=is_full, shared=scale)
        return decimals.get(printed_scale.factor) if end in padded else None

    least, greatest = (
        quantities.format_quantity(
            Quantity(value=end, unit=unit, qualifier=qualifier),
            catalogue,
            is_full=is_full,
            decimals=count_zeros(end),
            is_grouped=is_grouped,
            shared=scale,
        )
        for end, qualifier in (
            _qualify_end(rows, min(printed, default=Decimal(0)), OpenEnd.BELOW),
            _qualify_end(rows, max(printed, default=Decimal(0)), OpenEnd.ABOVE),
        )
    )
    return Plot(
        points,
        (least, greatest),
        quantities.format_unit_label(unit, scale, catalogue),
        ticks=tuple(
            Point(value=value, text=quantities.format_number(full, scale, catalogue, is_grouped=is_grouped))
            for value, full in zip(tick_values, in_full, strict=True)
        ),
        period=_format_covered_period(rows, catalogue),
    )


def build_timeline_plot(rows: Sequence[Sequence[Period]], catalogue: Catalogue) -> Plot:
    """Computes the positions of periods on a time scale, in days, and its ticks.

    Raises:
        ValueError: there are no periods.
    """
    points = tuple(tuple(_make_period_point(period, catalogue) for period in row) for row in rows)
    all_periods = [period for row in rows for period in row]
    first = min(periods.find_bounds(period)[0] for period in all_periods)
    end = max(periods.find_bounds(period)[1] for period in all_periods)
    ticks = tuple(_build_tick(period, catalogue) for period in divide_time(first, end))
    span = _format_span(all_periods, catalogue)
    return Plot(points, (span, span), ticks=ticks)


def build_series(block: blocks.Chart, titles: Sequence[str], plot: Plot) -> tuple[Series, ...]:
    """Returns the series of a chart with their localised titles and the figures of its plot."""
    count = len(titles)
    return tuple(
        Series(title=title, points=points, unit=unit, ticks=ticks, is_accent=series.accent)
        for series, title, points, unit, ticks in zip(
            block.series, titles, plot.points, plot.units or ("",) * count, plot.axes or ((),) * count, strict=True
        )
    )


def are_few_periods(kind: ChartKind, categories: Sequence[str], rows: Rows) -> bool:
    """Returns whether the bars of a chart show a few consecutive periods, which readers expect side by side.

    All figures of a category must have the same period, and its text must contain the last two digits of the year:
    otherwise the categories are something else.
    """
    if kind not in WITH_UPRIGHT_BARS or len(categories) not in _FEW_PERIODS:
        return False
    by_category = [{figure.period for figure in column if figure} for column in zip(*rows, strict=True)]
    category_periods = [period for shared in by_category if len(shared) == 1 for period in shared if period]
    return (
        len(category_periods) == len(categories)
        and all(period.start.first_day < later.start.first_day for period, later in pairwise(category_periods))
        and all(
            f"{period.start.year % 100:02}" in name for period, name in zip(category_periods, categories, strict=True)
        )
    )


def find_category(block: blocks.Chart, name: str) -> int | None:
    """Returns the index of a category, found by the value of its key in a chart from a dataset, otherwise by its text in
    any language; None if the chart has no such category.
    """
    if len(block.labels) == len(block.categories):
        names = [{label.value} for label in block.labels]
    else:
        names = [{phrase.source for phrase in category} for category in block.categories]
    return next((index for index, names_of_category in enumerate(names) if name in names_of_category), None)


def locate_annotation(block: blocks.Chart, annotation: blocks.Annotation) -> tuple[int, int | None] | None:
    """Returns the indices of an annotation's category and of the series of its point; None if the chart does not draw
    them.
    """
    if annotation.point is not None:
        for number, series in enumerate(block.series):
            if annotation.point in series.claims:
                return series.claims.index(annotation.point), number
        return None
    index = find_category(block, annotation.category or "")
    return None if index is None else (index, None)


def build_annotations(
    block: blocks.Chart,
    texts: Sequence[str],
    categories: Sequence[str],
    titles: Sequence[str],
    catalogue: Catalogue,
) -> tuple[Annotation, ...]:
    """Returns the annotations of a chart with their localised `texts`, except at points that the audience does not see.

    `categories` and `titles` are the localised texts of the categories and the series.
    """
    annotations = []
    for annotation, text in zip(block.annotations, texts, strict=True):
        position = locate_annotation(block, annotation)
        if position is None:
            continue
        category, series = position
        about = categories[category]
        if series is not None and len(titles) > 1:
            about = catalogue.get(", ", "list").join((about, titles[series]))
        sentence = catalogue.get("{category}: {value}", "chart").format(category=about, value=text)
        annotations.append(Annotation(category=category, series=series, text=text, sentence=sentence))
    return tuple(annotations)


def _mark_points(block: blocks.Chart, rows: Sequence[Sequence[Point]]) -> Iterator[tuple[Point, ...]]:
    """Yields the points of each series, marked as labelled, projected, total or accent as the block asks."""
    labelled, totals, projected, accents = (
        {ref.name for ref in refs}
        for refs in (block.label_points, block.subtotals, block.projected, block.accent_points)
    )
    starts = [
        series.claims.index(block.projected_from)
        for series in block.series
        if block.projected_from and block.projected_from in series.claims
    ]
    start = min(starts, default=None)
    for series, row in zip(block.series, rows, strict=True):
        yield tuple(
            replace(
                point,
                is_labelled=ref.name in labelled,
                is_projected=point.value is not None
                and (ref.name in projected or (start is not None and index >= start)),
                is_total=ref.name in totals,
                is_accent=ref.name in accents,
            )
            for index, (ref, point) in enumerate(zip(series.claims, row, strict=True))
        )


def _format_covered_period(rows: Rows, catalogue: Catalogue) -> str:
    """Formats the period that covers all quantities, or both if there are two with time between them; empty if one of the
    quantities has no period.
    """
    all_periods = [quantity.period for row in rows for quantity in row if quantity is not None]
    stated = [period for period in all_periods if period is not None]
    if not stated or len(stated) != len(all_periods):
        return ""
    distinct = sorted(set(stated), key=lambda period: period.start.first_day)
    if len(distinct) == 2 and (distinct[0].end or distinct[0].start).day_after < distinct[1].start.first_day:
        return catalogue.get(", ", "list").join(periods.format_period(period, catalogue) for period in distinct)
    return _format_span(stated, catalogue)


def _format_span(all_periods: Sequence[Period], catalogue: Catalogue) -> str:
    """Formats the span from the earliest beginning to the latest end.

    Of two periods with the same beginning or end, the longer one counts.
    """
    starts = [(period.start.first_day, -_count_days(period.start), period.start) for period in all_periods]
    ends = [(end.day_after, _count_days(end), end) for end in (period.end or period.start for period in all_periods)]
    first = min(starts, key=lambda start: start[:2])[2]
    last = max(ends, key=lambda end: end[:2])[2]
    return periods.format_period(Period(first, None if first == last else last), catalogue)


def _count_days(period: CalendarPeriod) -> int:
    return (period.day_after - period.first_day).days


def _make_period_point(period: Period, catalogue: Catalogue) -> Point:
    low, high = (Decimal(day.toordinal()) for day in periods.find_bounds(period))
    return Point(value=(low + high) / 2, text=periods.format_period(period, catalogue), low=low, high=high)


def _build_tick(period: CalendarPeriod, catalogue: Catalogue) -> Point:
    first, _ = periods.find_bounds(Period(period))
    return Point(value=Decimal(first.toordinal()), text=periods.format_period(Period(period), catalogue))


def _list_value_ticks(rows: Rows, scale: NumberScale | None, kind: ChartKind) -> Iterator[Decimal]:
    """Yields round numbers, in the scale, that enclose the values; nothing for kinds of charts without a value axis."""
    if kind not in (ChartKind.LINE, ChartKind.AREA, ChartKind.SCATTER):
        return
    heights = [[_find_height(quantity, scale) if quantity else None for quantity in row] for row in rows]
    values = [height for row in heights for height in row if height is not None]
    if kind is ChartKind.AREA:
        values = [
            top
            for column in zip(*heights, strict=True)
            for top in accumulate(height or Decimal(0) for height in column)
        ]
    if not values:
        return
    low, high = Decimal(min(values)), Decimal(max(values))
    is_narrow = low > 0 and high - low < high * _MAX_SPREAD_OFF_ZERO
    if not is_narrow or CHART_KINDS[kind].from_zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    yield from divide_values(low, high)


def _scale_up(value: Decimal, scale: NumberScale | None) -> Decimal:
    """Returns a number of the value axis without its scale: 2,000,000 for 2 in millions."""
    if scale is not None:
        return value * scale.factor
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _find_height(quantity: Quantity, scale: NumberScale | None) -> Decimal:
    """Returns the number to draw, in the scale; the middle of a range."""
    low, high = _find_bounds(quantity)
    return (low + high) / 2 / (scale.factor if scale else 1)


def _find_bounds(quantity: Quantity) -> tuple[Decimal, Decimal]:
    if quantity.value is not None:
        return quantity.value, quantity.value
    if quantity.low is not None and quantity.high is not None:
        return quantity.low, quantity.high
    raise ValueError("a chart draws numbers, but one of its claims has none")


def _qualify_end(rows: Rows, end: Decimal, side: OpenEnd) -> tuple[Decimal, Qualifier]:
    """Returns `end`, which is the least or the greatest value, with its qualifier.

    Several figures may have this value: one whose true value may be beyond it counts first, then an exact one.
    """
    qualifiers = [
        quantity.qualifier
        for row in rows
        for quantity in row
        if quantity and end in (quantity.value, quantity.low, quantity.high)
    ]
    beyond = [qualifier for qualifier in qualifiers if _OPEN_ENDS.get(qualifier) is side]
    if beyond or Qualifier.EXACT in qualifiers:
        return end, next(iter(beyond), Qualifier.EXACT)
    return end, next(iter(qualifiers), Qualifier.EXACT)


def _build_point(
    quantity: Quantity | None,
    scale: NumberScale | None,
    catalogue: Catalogue,
    decimals: Mapping[Decimal, int],
    *,
    is_grouped: bool,
) -> Point:
    if quantity is None:
        return Point(value=None, text=catalogue.get("no figure", "chart"))
    low, high = _find_bounds(quantity)
    factor = scale.factor if scale else 1
    return Point(
        value=_find_height(quantity, scale),
        text=quantities.format_label(quantity, scale, catalogue, decimals=decimals, is_grouped=is_grouped),
        low=low / factor,
        high=high / factor,
        open_end=_OPEN_ENDS.get(quantity.qualifier),
    )
