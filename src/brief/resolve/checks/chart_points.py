"""Checks the points that a chart names (labelled claims, annotations), the sums of a waterfall chart, and the distances
between dates.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from brief.model.blocks import Chart, ChartKind
from brief.model.brief import Brief
from brief.model.chart_kinds import WITH_UPRIGHT_BARS
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.evidence import Claim, Source
from brief.model.figures.nested_periods import find_nested
from brief.model.figures.quantity import CalendarPeriod
from brief.model.figures.running_sums import find_disagreements
from brief.resolve.charts import find_category
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError
from brief.resolve.figures.shared_forms import choose_shared_scale

# Kinds of charts in which a single bar can be coloured.
_WITH_ACCENT_POINTS = (ChartKind.BARS, ChartKind.GROUPED_BARS, ChartKind.RANGE)
# Days that are at most this far apart count as consecutive working days, with a weekend or holidays between them.
_MAX_HOLIDAYS = 5
# Categories count as evenly spaced up to this ratio of their distances in days: months have from 28 to 31 days, and a
# day such as the last Friday of each month comes after 28 or 35.
_MAX_DISTANCE_RATIO = Decimal("1.35")


def check_named_points(block: Chart, sink: DiagnosticSink) -> None:
    """Reports claims that the chart does not draw, but names as labelled, projected, subtotals, accented or annotated.
    Also reports subtotals, accented points and upright bars in kinds of charts that cannot have them.
    """
    drawn = {ref.name for series in block.series for ref in series.drawn_claims}
    references = {
        "label_points": block.label_points,
        "projected_from": (block.projected_from,) if block.projected_from else (),
        "projected": block.projected,
        "subtotals": block.subtotals,
        "accent_points": block.accent_points,
        "annotations": tuple(annotation.point for annotation in block.annotations if annotation.point),
    }
    for key, refs in references.items():
        for ref in refs:
            if ref.name not in drawn:
                message = f"'{key}' names '{ref}', which chart '{block.id}' does not draw"
                sink.add_error("not-drawn", ref.location, message, suggest_name(ref.name, drawn))
    if block.subtotals and block.chart is not ChartKind.WATERFALL:
        message = f"'subtotals' belong to a waterfall chart, but '{block.id}' is a {block.chart} chart"
        sink.add_error("not-drawn", block.subtotals[0].location, message, "remove them, or write chart: waterfall")
    if block.accent_points and block.chart not in _WITH_ACCENT_POINTS:
        message = f"'accent_points' can only be used in a bar chart, but '{block.id}' is a {block.chart} chart"
        hint = f"remove them, or write {_name_kinds(_WITH_ACCENT_POINTS)}"
        sink.add_error("not-drawn", block.accent_points[0].location, message, hint)
    if block.upright and block.chart not in WITH_UPRIGHT_BARS:
        message = f"'upright' belongs to charts of bars, but '{block.id}' is a {block.chart} chart"
        sink.add_error("not-drawn", block.location, message, f"remove it, or write {_name_kinds(WITH_UPRIGHT_BARS)}")


def _name_kinds(kinds: Sequence[ChartKind]) -> str:
    *others, last = (f"chart: {kind}" for kind in kinds)
    return f"{', '.join(others)} or {last}"


def check_annotations(block: Chart, sink: DiagnosticSink) -> None:
    """Reports annotations that name neither a point nor a category, both, or a category that the chart does not draw."""
    for annotation in block.annotations:
        location = annotation.location
        if (annotation.point is None) == (annotation.category is None):
            message = f"an annotation of chart '{block.id}' must name either a point or a category, and not both"
            sink.add_error("bad-annotation", location, message, "write 'point: source/claim' or 'category: NAME'")
        elif annotation.category is not None and find_category(block, annotation.category) is None:
            known = [phrase.source for category in block.categories for phrase in category if phrase.source]
            if len(block.labels) == len(block.categories):
                known = [label.value for label in block.labels]
            message = (
                f"an annotation names the category '{annotation.category}', which chart '{block.id}' does not draw"
            )
            sink.add_error("not-drawn", location, message, suggest_name(annotation.category, known))


def check_running_sums(block: Chart, brief: Brief, sink: DiagnosticSink) -> None:
    """Reports totals of a waterfall chart that differ from the sum of the figures before them."""
    subtotals = {ref.name for ref in block.subtotals}
    for series in block.series:
        names = [ref.name for ref in series.claims]
        values = [value for name in names if (value := _find_value(name, brief)) is not None]
        # Problems of the claims themselves are reported elsewhere.
        if len(values) < len(names):
            return
        totals = [index for index, name in enumerate(names) if name in subtotals]
        # Figures are compared in the scale in which the chart prints them, because their last digit there determines how
        # precise the sum must be.
        scale = choose_shared_scale(values, brief.catalogues[str(brief.settings.source_locale)])
        factor = scale.factor if scale else Decimal(1)
        for start, end, reached in find_disagreements([value / factor for value in values], totals):
            changes = ", ".join(f"'{name}'" for name in names[start + 1 : end])
            sink.add_error(
                "waterfall-sum",
                series.claims[end].location,
                f"chart '{block.id}': '{names[start]}' and its changes {changes} come to {reached * factor:,f}, but"
                f" '{names[end]}' is {values[end]:,f}",
                "give the changes that are missing, or correct the figure that is wrong",
            )


def _find_value(name: str, brief: Brief) -> Decimal | None:
    """Returns the figure of a claim, or the middle of its range; None if the claim has no figure or cannot be computed."""
    try:
        quantity = derive.derive_quantity(brief, name) if name in brief.claims else None
    except DerivationError:
        return None
    ends = [end for end in (quantity.value, quantity.low, quantity.high) if end is not None] if quantity else []
    return sum(ends, Decimal(0)) / len(ends) if ends else None


def check_even_periods(block: Chart, brief: Brief, sink: DiagnosticSink) -> None:
    """Warns about a line or area chart with unevenly spaced periods, because it draws categories at equal distances.

    Also warns about periods that are out of order, or that are parts of others.
    """
    if block.chart not in (ChartKind.LINE, ChartKind.AREA):
        return
    claims = brief.claims
    category_periods = [_find_category_period(block, index, claims) for index in range(len(block.categories))]
    periods = [period for period in category_periods if period is not None]
    if len(periods) < max(3, len(category_periods)):
        return
    distances = _list_distances(periods)
    shortest, longest = min(distances), max(distances)
    nested = find_nested((period.first_day, period.day_after, period) for period in periods)
    if nested is not None:
        whole, part = (period.notation for period in nested)
        message = f"chart '{block.id}' draws {whole} beside {part}, which is a part of it"
        hint = "select periods of one length with 'where:', or write 'chart: bars'"
        sink.add_warning("uneven-periods", block.location, message, hint)
        return
    if shortest < 0 < longest:
        second = next(index for index, distance in enumerate(distances) if (distance < 0) != (distances[0] < 0))
        message = (
            f"chart '{block.id}' draws {periods[second + 1].notation} after {periods[second].notation}, out of order"
        )
        sink.add_warning(
            "uneven-periods",
            block.location,
            message,
            "put the periods into their order; rows of a dataset are sorted with 'order:'",
        )
        return
    if shortest > 0 and longest > shortest * _MAX_DISTANCE_RATIO and not (periods[0].day and longest <= _MAX_HOLIDAYS):
        near, far = distances.index(shortest), distances.index(longest)
        sink.add_warning(
            "uneven-periods",
            block.location,
            f"chart '{block.id}' draws its periods at equal distances, but {periods[far + 1].notation} is further from"
            f" {periods[far].notation} than {periods[near + 1].notation} from {periods[near].notation}",
            "add the periods between them (a missing figure is 'none', or an empty cell), or write 'chart: bars'",
        )


def _find_category_period(
    block: Chart, index: int, claims: Mapping[str, tuple[Source, Claim]]
) -> CalendarPeriod | None:
    """Returns the period of a category; None if its figures have different ones, or a time from one period to another."""
    names = {series.claims[index].name for series in block.series if index < len(series.claims)}
    quantities_of = (claims[name][1].quantity for name in names if name in claims)
    periods = {quantity.period for quantity in quantities_of if quantity is not None}
    period = periods.pop() if len(periods) == 1 else None
    return period.start if period is not None and period.end is None else None


def _list_distances(periods: Sequence[CalendarPeriod]) -> list[int]:
    """Returns the distance of each period from the previous one: in days for weeks and for dates on different days of the
    month, otherwise in months.
    """
    if any(period.week for period in periods) or len({period.day for period in periods}) > 1:
        return [(second.first_day - first.first_day).days for first, second in pairwise(periods)]
    return [second.first_month - first.first_month for first, second in pairwise(periods)]
