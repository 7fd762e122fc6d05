"""Datasets with gaps: a series without a figure for a category has a gap there, and the others keep theirs."""

from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import ContentError, Project
from brief.model.inline import to_plain_text
from brief.model.variant import Chart, Table

# Coal has no row for February, gas no figure for March, and what wind gave in April is withheld.
POWER = """\
fuel,month,output,plants
coal,2026-01,120,4
gas,2026-01,80,3
wind,2026-01,40,12
gas,2026-02,70,3
wind,2026-02,55,12
coal,2026-03,110,4
gas,2026-03,,3
wind,2026-03,60,13
coal,2026-04,100,4
gas,2026-04,90,3
wind,2026-04,45,14
peat,2026-04,7,1
"""
DATASET = """\
datasets:
  - id: power
    file: data/power.csv
    key: [fuel, month]
    columns:
      output: MWh
      plants: {unit: count, clearance: client}
    rows:
      - {where: {fuel: wind, month: 2026-04}, clearance: client}
      - {where: {fuel: peat}, clearance: client}
"""
SAID = "title: {en: Power, zh-Hans: 电力, zh-Hant: 電力}\n    description: {en: By fuel., zh-Hans: 按燃料。, zh-Hant: 按燃料。}"
FUELS = ("coal", "gas", "wind")


def chart(kind: str, fuels: tuple[str, ...] = FUELS, extra: str = "") -> str:
    series = "".join(f"      - {{title: {fuel}, column: output, where: {{fuel: {fuel}}}}}\n" for fuel in fuels)
    return (
        f"  - kind: chart\n    id: mix\n    {SAID}\n    chart: {kind}\n    from: reader-survey/power\n"
        f"    category: month\n{extra}    series:\n{series}"
    )


def table(extra: str = "", first: str = "month") -> str:
    head = "{en: X, zh-Hans: 甲, zh-Hant: 甲}"
    return (
        f"  - kind: table\n    id: rows\n    title: {head}\n    from: reader-survey/power\n    columns:\n"
        f"      - {{column: {first}, title: {head}}}\n      - {{column: output, title: {head}}}\n{extra}"
    )


def project_with(root: Path, block: str, formats: str = "html") -> ProjectCopy:
    project = ProjectCopy(root / "project")
    project.replace("content/audiences/public.yaml", "depth: summary", "depth: standard")
    for audience in ("public", "council"):
        project.replace(f"content/audiences/{audience}.yaml", "[html, pdf, docx]", f"[{formats}]")
    project.write("data/power.csv", POWER)
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + block)
    return project


def read_points(project: ProjectCopy, audience: str) -> dict[str, dict[str, str]]:
    """What each series of the chart says for each category."""
    variant = Project.load(project.root).make_variant(audience, "en")
    blocks = variant.sections[0].blocks
    (found,) = [block for block in blocks if isinstance(block, Chart) and block.id == "mix"]
    months = [category.split()[0] for category in found.categories]
    return {
        series.title: dict(zip(months, (point.text for point in series.points), strict=True)) for series in found.series
    }


def cells(project: ProjectCopy, audience: str) -> list[list[str]]:
    blocks = Project.load(project.root).make_variant(audience, "en").sections[0].blocks
    (found,) = [block for block in blocks if isinstance(block, Table) and block.id == "rows"]
    return [[to_plain_text(cell) for cell in row] for row in found.rows]


@pytest.mark.parametrize(("audience", "april"), [("public", "no figure"), ("council", "45")])
@pytest.mark.parametrize("kind", ["grouped-bars", "line", "stacked"])
def test_a_series_without_a_figure_has_a_gap_and_the_others_keep_theirs(
    tmp_path: Path, kind: str, audience: str, april: str
) -> None:
    project = project_with(tmp_path, chart(kind))
    assert not [found for found in project.check()[1] if found.severity == "error"]
    assert read_points(project, audience) == {
        "coal": {"January": "120", "February": "no figure", "March": "110", "April": "100"},
        "gas": {"January": "80", "February": "70", "March": "no figure", "April": "90"},
        "wind": {"January": "40", "February": "55", "March": "60", "April": april},
    }


YEARS = """\
  - id: years
    file: data/years.csv
    key: [year]
    columns: {seen: MWh, hidden: {unit: MWh, clearance: client}}
    rows: [{where: {year: "2028"}, clearance: client}]
"""


@pytest.mark.parametrize(("start", "seen"), [("2027", [False, False, True]), ("2028", None)])
def test_projections_stay_so_for_who_may_not_see_where_they_begin(
    tmp_path: Path, start: str, seen: list[bool] | None
) -> None:
    block = (
        f"  - kind: chart\n    id: mix\n    {SAID}\n    chart: line\n    from: reader-survey/years\n    category: year\n"
        f"    projected_from: 'reader-survey/years[{start}].hidden'\n"
        "    series:\n      - {title: one, column: seen}\n      - {title: two, column: hidden}\n"
    )
    project = project_with(tmp_path, block)
    project.write(SEED, project.read(SEED) + YEARS)
    project.write("data/years.csv", "year,seen,hidden\n2025,11,21\n2026,12,22\n2027,13,23\n2028,14,24\n")
    blocks = Project.load(project.root).make_variant("public", "en").sections[0].blocks
    found = [block for block in blocks if isinstance(block, Chart) and block.id == "mix"]
    marked = [[point.is_projected for point in each.series[0].points] for each in found]
    assert marked == ([seen] if seen else [])
    assert ("chart-left-out" in {each.code for each in project.check()[1]}) is (seen is None)


def test_a_waterfall_without_a_withheld_change_is_left_out(tmp_path: Path) -> None:
    block = (
        f"  - kind: chart\n    id: mix\n    {SAID}\n    chart: waterfall\n    from: reader-survey/years\n    category: year\n"
        "    series: [{title: one, column: seen}]\n"
    )
    project = project_with(tmp_path, block, formats="md")
    project.write(SEED, project.read(SEED) + YEARS)
    project.write("data/years.csv", "year,seen,hidden\n2026,100,1\n2027,20,1\n2028,-37,1\n2029,83,1\n")
    assert "chart-left-out" in {each.code for each in project.check()[1]}
    blocks = Project.load(project.root).make_variant("public", "en").sections[0].blocks
    assert "mix" not in {block.id for block in blocks}


def test_a_total_is_rounded_as_the_project_rounds(tmp_path: Path) -> None:
    project = project_with(tmp_path, table("    where: {fuel: coal}\n    total: sum\n"))
    project.replace("content/brief.yaml", "publisher:", "figures: {significant: 1}\npublisher:")
    assert [row[1] for row in cells(project, "public")] == ["About 100", "About 100", "100", "About 300"]


def test_a_single_line_has_a_gap_where_its_cell_is_empty(tmp_path: Path) -> None:
    project = project_with(tmp_path, chart("line", ("gas",)))
    assert read_points(project, "public")["gas"]["March"] == "no figure"


def test_top_counts_the_categories_of_all_series(tmp_path: Path) -> None:
    project = project_with(tmp_path, chart("grouped-bars", ("coal", "gas"), "    order: -output\n    top: 3\n"))
    assert read_points(project, "public") == {
        "coal": {"January": "120", "March": "110", "April": "100"},
        "gas": {"January": "80", "March": "no figure", "April": "90"},
    }


def test_a_series_that_is_withheld_is_left_out_and_the_others_keep_theirs(tmp_path: Path) -> None:
    project = project_with(tmp_path, chart("grouped-bars", ("coal", "peat")))
    assert read_points(project, "public") == {
        "coal": {"January": "120", "March": "110", "April": "100"},
    }
    assert read_points(project, "council")["peat"] == {
        "January": "no figure",
        "March": "no figure",
        "April": "7",
    }


@pytest.mark.parametrize(
    ("block", "code", "severity"),
    [
        (chart("stacked-100"), "incomplete-whole", "error"),
        (chart("area", extra='    where: {month: "<= 2026-03"}\n'), "incomplete-whole", "error"),
        (
            chart("stacked-100", (*FUELS, "peat"), "    where: {month: 2026-01}\n").replace(
                "where: {fuel: peat}", "where: {fuel: peat, month: 2026-04}"
            ),
            "incomplete-whole",
            "error",
        ),
        (chart("stacked", ("coal", "gas", "peat")), "incomplete-whole", "warning"),
        (chart("stacked", ("coal", "peat")), "chart-left-out", "warning"),
        (chart("line", extra='    where: {month: ["2026-01", "2026-02", "2026-04"]}\n'), "uneven-periods", "warning"),
        (table("    where: {fuel: gas}\n    total: sum\n"), "incomplete-total", "warning"),
        (table("    total: sum\n", first="output"), "bad-query", "error"),
        (table("    where: {fuel: gas, month: 2026-03}\n"), "bad-query", "error"),
    ],
    ids=[
        "share",
        "areas",
        "withheld-share",
        "withheld-part",
        "too-few",
        "distance",
        "total",
        "unnamed-total",
        "no-figure",
    ],
)
def test_what_a_gap_makes_wrong_is_reported(tmp_path: Path, block: str, code: str, severity: str) -> None:
    _, found = project_with(tmp_path, block).check()
    reported = [each for each in found if each.code == code]
    assert reported
    assert {each.severity for each in reported} == {severity}
    assert {each.file for each in reported} == {THEME}


def test_a_total_of_what_an_audience_sees_says_so(tmp_path: Path) -> None:
    project = project_with(tmp_path, table("    where: {month: 2026-04}\n    total: sum\n"))
    assert cells(project, "council")[-1] == ["Total", "242"]
    assert cells(project, "public")[-1] == ["Total of the rows shown", "190"]


def test_a_note_explains_a_total_without_some_rows(tmp_path: Path) -> None:
    note = "    note: {en: March is not known., zh-Hans: 三月不详。, zh-Hant: 三月不詳。}\n"
    project = project_with(tmp_path, table("    where: {fuel: gas}\n    total: sum\n" + note))
    assert "incomplete-total" not in {found.code for found in project.check()[1]}
    assert cells(project, "public")[-1] == ["Total of the rows shown", "240"]


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_shares_of_an_incomplete_whole_are_refused_by_every_format(tmp_path: Path, form: str) -> None:
    loaded = Project.load(project_with(tmp_path, chart("stacked-100"), form).root)
    with pytest.raises(ContentError) as refused:
        loaded.build(jobs=1, audiences=("public",), locales=("en",))
    assert {found.code for found in refused.value.diagnostics} == {"incomplete-whole"}


def test_a_month_without_any_figure_prints_as_a_month(tmp_path: Path) -> None:
    project = project_with(tmp_path, table("    where: {fuel: gas}\n"))
    assert ["March 2026", "–"] in cells(project, "public")


def test_a_gap_within_a_series_is_no_missing_period(tmp_path: Path) -> None:
    assert "uneven-periods" not in {found.code for found in project_with(tmp_path, chart("line")).check()[1]}


def test_every_chart_that_cannot_be_drawn_is_reported_at_once(tmp_path: Path) -> None:
    block = chart("stacked-100", extra="    where: {month: 2026-01}\n")
    project = project_with(tmp_path, block + block.replace("id: mix", "id: other"))
    project.write("data/power.csv", POWER.replace(",120,", ",-120,"))
    found = [each for each in project.check()[1] if each.code == "negative-share"]
    assert {each.message.split(":")[0] for each in found} == {"chart 'mix'", "chart 'other'"}


def test_values_without_labels_and_labels_without_values_are_reported(tmp_path: Path) -> None:
    labels = "labels: [{value: coal, text: {en: Coal, zh-Hans: 煤, zh-Hant: 煤}}, {value: gsa, text: {same: Gas}}]"
    block = table("    where: {month: 2026-04}\n", first="fuel").replace("column: fuel,", f"column: fuel, {labels},")
    found = project_with(tmp_path, block).check()[1]
    lacking = [each.message.split("'")[3] for each in found if each.code == "missing-label"]
    assert sorted(lacking) == ["gas", "peat", "wind"]
    (unused,) = [each for each in found if each.code == "unused-label"]
    assert "'gsa'" in unused.message
    assert unused.hint == "did you mean 'gas'?"


def test_words_of_a_column_without_labels_are_reported_once(tmp_path: Path) -> None:
    block = table("    where: {month: 2026-04}\n", first="fuel")
    (found,) = [each for each in project_with(tmp_path, block).check()[1] if each.code == "missing-label"]
    assert "'coal', " in found.message
    assert found.message.endswith("print as they are in the file in every language")


@pytest.mark.parametrize(
    ("value", "is_reported"), [("GAS", False), ("route-07", False), ("煤", True), ("old bus", True), ("Solar", True)]
)
def test_codes_need_no_label(tmp_path: Path, value: str, is_reported: bool) -> None:
    block = table(f"    where: {{month: 2026-04, fuel: {value}}}\n", first="fuel")
    project = project_with(tmp_path, block)
    project.write("data/power.csv", POWER.replace("coal", value))
    assert {each.code for each in project.check()[1]} == ({"missing-label"} if is_reported else set())
