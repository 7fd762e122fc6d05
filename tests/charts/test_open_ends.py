"""Values such as "more than 120" are visibly open-ended in every kind of chart, and in its alternative text."""

from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue
from chart_samples import LOOK, make_chart

from brief.charts.draw import draw_svg
from brief.model.blocks import ChartKind
from brief.model.figures.quantity import Qualifier, Quantity
from brief.resolve.charts import build_plot

KINDS = (
    ChartKind.BARS,
    ChartKind.STACKED,
    ChartKind.STACKED_100,
    ChartKind.LINE,
    ChartKind.AREA,
    ChartKind.SCATTER,
    ChartKind.DUMBBELL,
    ChartKind.SLOPE,
)


def rows(kind: ChartKind, qualifier: Qualifier) -> list[list[Quantity | None]]:
    def row(*values: int) -> list[Quantity | None]:
        return [Quantity(value=Decimal(value), unit="MW") for value in values]

    found = [row(120, 80)] if kind is ChartKind.BARS else [row(120, 80), row(95, 110)]
    found[0][0] = Quantity(value=Decimal(120), unit="MW", qualifier=qualifier)
    return found


def draw(kind: ChartKind, qualifier: Qualifier) -> str:
    quantities = rows(kind, qualifier)
    titles = [(f"Plant {number}",) * 3 for number in range(len(quantities))]
    return draw_svg(make_chart(kind, "en", [("2024",) * 3, ("2025",) * 3], titles, quantities), "en", LOOK)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ends", [(Qualifier.OVER, Qualifier.UNDER), (Qualifier.AT_LEAST, Qualifier.UP_TO)])
def test_an_open_end_has_a_mark_of_its_own(kind: ChartKind, ends: tuple[Qualifier, Qualifier]) -> None:
    plain, more, less = (draw(kind, qualifier) for qualifier in (Qualifier.EXACT, *ends))
    marks = [
        sum(svg.count(f"<{name} ") for name in ("path", "polygon", "polyline", "line")) for svg in (plain, more, less)
    ]
    assert marks[1] > marks[0]
    assert marks[2] > marks[0]
    assert more.replace("more than", "less than").replace("at least", "up to") != less


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("less than 3 MW", "more than 200 MW")),
        ("de", ("weniger als 3\u00a0MW", "mehr als 200\u00a0MW")),
        ("zh-Hant", ("不到3 MW", "超過200 MW")),
    ],
)
def test_the_alternative_text_keeps_ends_open(locale: str, said: tuple[str, str]) -> None:
    row: list[Quantity | None] = [
        Quantity(value=Decimal(200), unit="MW", qualifier=Qualifier.OVER),
        Quantity(value=Decimal(3), unit="MW", qualifier=Qualifier.UNDER),
        Quantity(value=Decimal(50), unit="MW", qualifier=Qualifier.OVER),
    ]
    assert build_plot([row], load_packaged_catalogue(locale)).extent == said
