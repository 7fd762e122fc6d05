"""Annotations, subtotals and projections of single values: drawn without overlap, read aloud, and checked."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from chart_samples import LOOK, make_chart, parse_svg
from projects import SEED, THEME, ProjectCopy
from test_geometry import text_boxes

from brief import Project
from brief.charts.draw import draw_svg
from brief.charts.text_alternative import describe_chart_data
from brief.model.blocks import ChartKind
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Quantity
from brief.model.variant import Annotation, Chart
from brief.model.variant import Chart as ResolvedChart

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
OUTAGE = "Outage of the second unit after the flood"


def chart(kind: ChartKind, rows: list[list[int]], *notes: tuple[int, int | None, str]) -> Chart:
    quantities = [[Quantity(value=Decimal(value), unit="MWh") for value in row] for row in rows]
    names = [(MONTHS[at],) * 3 for at in range(len(rows[0]))]
    titles = [(f"Plant {number}",) * 3 for number in range(len(rows))]
    made = make_chart(kind, "en", names, titles, [list(row) for row in quantities])
    annotations = tuple(
        Annotation(category=at, series=series, text=text, sentence=f"{MONTHS[at]}: {text}")
        for at, series, text in notes
    )
    return replace(made, annotations=annotations)


ONE = [[120, 90, 45, 80, 130, 150]]
TWO = [[120, 90, 45, 80, 130, 150], [60, 65, 70, 72, 75, 90]]
KINDS = [
    (ChartKind.BARS, ONE), (ChartKind.GROUPED_BARS, TWO), (ChartKind.STACKED, TWO), (ChartKind.STACKED_100, TWO),
    (ChartKind.LINE, ONE), (ChartKind.LINE, TWO), (ChartKind.AREA, ONE), (ChartKind.AREA, TWO),
    (ChartKind.DUMBBELL, TWO), (ChartKind.SCATTER, TWO), (ChartKind.SLOPE, [[120, 90], [60, 65]]),
    (ChartKind.RANGE, ONE), (ChartKind.WATERFALL, [[120, -30, -45, 45]]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "rows"), KINDS, ids=[f"{kind}-{len(rows)}" for kind, rows in KINDS])
@pytest.mark.parametrize("series", [None, 0])
def test_annotations_stand_clear_of_other_words(kind: ChartKind, rows: list[list[int]], series: int | None) -> None:
    made = chart(kind, rows, (1, series, OUTAGE), (len(rows[0]) - 1, series, "A wet year"))
    boxes = text_boxes(draw_svg(made, "en", LOOK))
    drawn = " ".join(line for line, _ in boxes).replace(" ", "")
    assert OUTAGE.replace(" ", "") in drawn
    assert "Awetyear" in drawn
    for at, (line, box) in enumerate(boxes):
        for other, taken in boxes[:at]:
            assert not box.overlaps(taken), (line, other)


def test_a_way_to_and_from_a_projected_point_is_dashed() -> None:
    made = chart(ChartKind.LINE, ONE)
    points = tuple(replace(point, is_projected=at == 2) for at, point in enumerate(made.series[0].points))
    made = replace(made, projection="projection", series=(replace(made.series[0], points=points),))
    svg = parse_svg(draw_svg(made, "en", LOOK))
    dashes = [node.get("stroke-dasharray") for node in svg.iter("{http://www.w3.org/2000/svg}path")]
    dashes += [node.get("stroke-dasharray") for node in svg.iter("{http://www.w3.org/2000/svg}polyline")]
    assert sum(dash is not None for dash in dashes) == 1
    assert "(projection)" in describe_chart_data(made, Catalogue("en"))


CLAIMS = {"open": 100, "wind": 40, "coal": -60, "half": 80, "sun": 25, "close": 105}
WATERFALL = """\
  - kind: chart
    id: bridge
    depth: summary
    title: {en: Bridge, zh-Hans: 桥, zh-Hant: 橋}
    chart: waterfall
    description: {en: Steps., zh-Hans: 逐步。, zh-Hant: 逐步。}
    categories: ["2024", {en: Wind, zh-Hans: 风, zh-Hant: 風}, {en: Coal, zh-Hans: 煤, zh-Hant: 煤}, "Q2", "S", "2025"]
    series:
      - title: {en: Output, zh-Hans: 发电, zh-Hant: 發電}
        claims: [CLAIMS]
    subtotals: [reader-survey/half]
    projected: [reader-survey/sun]
    annotations:
      - {category: Coal, text: {en: Closed in May, zh-Hans: 五月关闭, zh-Hant: 五月關閉}}
      - point: reader-survey/sun
        clearance: client
        text: {en: Not public, zh-Hans: 不公开, zh-Hant: 不公開}
"""


def bridge(root: Path, **changed: int) -> ProjectCopy:
    project = ProjectCopy(root / "project")
    claims = "".join(
        f"  - id: {name}\n    says: {{en: It., zh-Hans: 它。, zh-Hant: 它。}}\n    quantity: {{value: {value}, unit: GWh}}\n"
        for name, value in (CLAIMS | changed).items()
    )
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims)
    names = ", ".join(f"reader-survey/{name}" for name in CLAIMS)
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + WATERFALL.replace("CLAIMS", names))
    for audience in ("public", "council"):
        project.replace(f"content/audiences/{audience}.yaml", "[html, pdf, docx]", "[html]")
    return project


def resolve_chart(project: ProjectCopy, audience: str, locale: str) -> ResolvedChart:
    blocks = Project.load(project.root).make_variant(audience, locale).sections[0].blocks
    return next(block for block in blocks if isinstance(block, ResolvedChart) and block.id == "bridge")


def test_a_waterfall_has_subtotals_projections_and_annotations(tmp_path: Path) -> None:
    project = bridge(tmp_path)
    assert not [found for found in project.check()[1] if found.severity == "error"]
    made = resolve_chart(project, "public", "zh-Hans")
    assert [point.is_total for point in made.series[0].points] == [False, False, False, True, False, False]
    assert [point.is_projected for point in made.series[0].points] == [False] * 4 + [True, False]
    assert made.description.endswith("逐步。煤：五月关闭")
    assert len(resolve_chart(project, "council", "zh-Hans").annotations) == 2
    svg = draw_svg(made, "en", LOOK)
    bars = [box for _, box in text_boxes(svg)]
    assert bars
    assert "五月关闭" in svg


@pytest.mark.parametrize(
    ("name", "value", "said"), [("half", 70, "'reader-survey/half' is 70"), ("sun", 20, "'reader-survey/close' is 105")]
)
def test_a_subtotal_that_the_changes_do_not_come_to_is_refused(
    tmp_path: Path, name: str, value: int, said: str
) -> None:
    _, found = bridge(tmp_path, **{name: value}).check()
    errors = [each for each in found if each.severity == "error"]
    assert {(error.code, error.file) for error in errors} == {("waterfall-sum", THEME)}
    assert said in errors[0].message
    assert "'reader-survey/" in errors[0].message.split(" come to ")[0]


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("category: Coal", "category: Cola", "not-drawn", "did you mean 'Coal'?"),
        ("      - {category: Coal, text", "      - {text", "bad-annotation", "write 'point:"),
        ("point: reader-survey/sun", "point: reader-survey/sum", "not-drawn", "did you mean 'reader-survey/sun'?"),
        ("projected: [reader-survey/sun]", "projected: [reader-survey/sum]", "not-drawn", "did you mean"),
        ("chart: waterfall", "chart: bars", "not-drawn", "write chart: waterfall"),
        ("subtotals: [", "accent_points: [reader-survey/half]\n    subtotals: [", "not-drawn", "write chart: bars,"),
    ],
)  # fmt: skip
def test_names_of_points_that_are_not_drawn_are_refused(
    tmp_path: Path, old: str, new: str, code: str, hint: str
) -> None:
    project = bridge(tmp_path)
    project.replace(THEME, old, new)
    _, found = project.check()
    errors = [each for each in found if each.severity == "error"]
    assert {each.code for each in errors} == {code}
    assert any(hint in each.hint for each in errors)
