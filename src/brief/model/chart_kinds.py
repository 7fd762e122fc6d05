"""The table of chart kinds: their names, and the data that they need. The table in `brief.charts.kinds` draws them."""

from collections.abc import Mapping

from brief.model.blocks import ChartKind
from brief.model.record import dataclass

# This many series can be distinguished by colour, pattern, shape and dash, whatever colours a template set has.
MAX_SERIES = 12
_NUMBER_WORDS = {1: "one", 2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class ChartKindSpec:
    """A kind of chart. `name` is its English name in alternative texts, and the message id in the context `chart`.

    `series` and `categories` have the smallest and the largest permitted number of each, or None without a limit; `hint`
    says what to do if there are more or fewer. With `is_dated`, the chart draws periods; with `own_units`, each series has its own unit. With
    `from_zero`, it compares lengths or areas, so that its axis must include zero. With `adds_up`, the series are parts
    of a whole; with `is_share`, they are shares of it, and none may be missing.
    """

    name: str
    series: tuple[int, int] = (1, MAX_SERIES)
    categories: tuple[int, int | None] = (1, None)
    hint: str = ""
    is_dated: bool = False
    own_units: bool = False
    from_zero: bool = True
    adds_up: bool = False
    is_share: bool = False


CHART_KINDS: Mapping[ChartKind, ChartKindSpec] = {
    ChartKind.BARS: ChartKindSpec("Bar chart", series=(1, 1), hint="write chart: grouped-bars"),
    ChartKind.GROUPED_BARS: ChartKindSpec("Grouped bar chart"),
    ChartKind.STACKED: ChartKindSpec(
        "Stacked bar chart", series=(2, MAX_SERIES), hint="write chart: bars", adds_up=True
    ),
    ChartKind.STACKED_100: ChartKindSpec(
        "100% stacked bar chart", series=(2, MAX_SERIES), hint="write chart: bars", adds_up=True, is_share=True
    ),
    ChartKind.LINE: ChartKindSpec("Line chart", from_zero=False),
    ChartKind.AREA: ChartKindSpec("Area chart", categories=(2, None), hint="write chart: bars", adds_up=True),
    ChartKind.SCATTER: ChartKindSpec(
        "Scatter chart",
        series=(2, 2),
        hint="give one series for the horizontal axis, then one for the vertical axis",
        own_units=True,
        from_zero=False,
    ),
    ChartKind.DUMBBELL: ChartKindSpec(
        "Dumbbell chart", series=(2, MAX_SERIES), hint="write chart: bars", from_zero=False
    ),
    ChartKind.WATERFALL: ChartKindSpec(
        "Waterfall chart",
        series=(1, 1),
        categories=(3, None),
        hint="give one series: the figure at the start, its changes, and the figure at the end",
    ),
    ChartKind.SLOPE: ChartKindSpec("Slope chart", categories=(2, 2), hint="write chart: line", from_zero=False),
    ChartKind.RANGE: ChartKindSpec("Range chart"),
    ChartKind.TIMELINE: ChartKindSpec(
        "Timeline", series=(1, 1), hint="put the events into one series, one category each", is_dated=True
    ),
}


def find_count_problem(kind: ChartKind, series: int, categories: int) -> str | None:
    """Returns what is wrong with the numbers of series and categories; None if they are permitted.

    The text is a predicate, such as "has two series, not 1". A number of 0 is permitted: other checks report it.
    """
    needs = CHART_KINDS[kind]
    for number, (smallest, largest), singular, plural in (
        (series, needs.series, "series", "series"),
        (categories, needs.categories, "category", "categories"),
    ):
        if number and (number < smallest or (largest is not None and number > largest)):
            if smallest == largest:
                permitted = f"{_NUMBER_WORDS.get(smallest, smallest)} {singular if smallest == 1 else plural}"
            elif number < smallest:
                permitted = f"at least {_NUMBER_WORDS.get(smallest, smallest)} {plural}"
            else:
                permitted = f"at most {largest} {plural}"
            return f"has {permitted}, not {number}"
    return None


# The kinds whose bars may be upright.
WITH_UPRIGHT_BARS = (ChartKind.BARS, ChartKind.GROUPED_BARS, ChartKind.STACKED, ChartKind.STACKED_100)
