"""What `brief diff` finds between two states of a project."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy, run_brief

PUBLIC = "content/audiences/public.yaml"
CALLOUT = "  - kind: callout\n    id: council-view\n"


@pytest.fixture
def before(project: ProjectCopy, tmp_path: Path) -> Path:
    """The project as it was; `project` is then edited."""
    return Path(shutil.copytree(project.root, tmp_path / "before"))


def difference(before: Path, project: ProjectCopy) -> dict[str, Any]:
    ran = run_brief("diff", before, project.root, "--json", cwd=before.parent)
    assert (ran.status, ran.stderr) == (0, "")
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def records(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {record["name"]: record for record in found["records"]}


def mark_changes(wording: dict[str, Any]) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[span["mark"]].format(span["text"]) for span in wording["spans"])


def test_nothing_changed(before: Path, project: ProjectCopy) -> None:
    found = difference(before, project)
    assert not any(found[part] for part in ("records", "figures", "drifts", "variants"))
    assert found["unchanged_variants"] == 6
    assert run_brief("diff", before, project.root, cwd=before).stdout == "Nothing changed.\n"


def test_place_and_layout_of_the_yaml_do_not_count(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, "id: ridership\n", "# A remark.\n\nid:   ridership\n")
    assert not difference(before, project)["records"]


def test_a_zero_after_the_point_is_a_change(before: Path, project: ProjectCopy) -> None:
    project.replace(SEED, "value: 42_000_000,", "value: 42_000_000.0,")
    changed = difference(before, project)["figures"][0]
    assert (changed["claim"], changed["derived"]) == ("reader-survey/yearly-cost", False)
    assert changed["old"] != changed["new"]


def test_a_reworded_text_in_one_locale(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, "The trial has found its public.", "The trial has found a loyal public.")
    project.replace(THEME, "冬季偏长", "冬季过长")
    found = difference(before, project)
    (theme,) = found["records"]
    assert (theme["kind"], theme["name"], theme["change"]) == ("theme", "ridership", "changed")
    assert [(w["part"], w["locale"], mark_changes(w)) for w in theme["wordings"]] == [
        ("takeaway 1", "en", "The trial has found [-its-]{+a loyal+} public."),
        ("takeaway 2", "zh-Hans", "班次间隔{reader-survey/wait}，冬季[-偏-]{+过+}长。"),
    ]
    behind, alone = found["drifts"]
    assert (behind["drift"], behind["changed"], behind["unchanged"]) == ("behind", ["en"], ["zh-Hans", "zh-Hant"])
    assert (alone["drift"], alone["changed"], alone["unchanged"]) == ("alone", ["zh-Hans"], ["en", "zh-Hant"])
    assert behind["location"] == {"file": THEME, "line": 9, "column": 14}
    assert [(e["audience"], e["locale"]) for e in found["variants"]] == [
        ("public", "en"),
        ("public", "zh-Hans"),
        ("council", "en"),
        ("council", "zh-Hans"),
    ]


def test_a_figure_and_what_is_computed_from_it(before: Path, project: ProjectCopy) -> None:
    project.replace(SEED, "2_650_000", "2_710_000")
    found = difference(before, project)
    after, growth = found["figures"]
    assert not found["records"], "a figure is data: no text was edited"
    assert after["claim"] == "reader-survey/riders-after"
    assert after["old"] == {"en": "2.65 million", "zh-Hans": "265万", "zh-Hant": "265萬"}
    assert after["new"] == {"en": "2.71 million", "zh-Hans": "271万", "zh-Hant": "271萬"}
    assert after["blocks"] == ["headline", "what-changed", "riders-chart"]
    assert after["audiences"] == ["public", "council"]
    assert (growth["claim"], growth["derived"], growth["themes"]) == (
        "reader-survey/riders-growth",
        True,
        ["ridership"],
    )
    assert (growth["old"]["en"], growth["new"]["en"]) == ("47.2%", "50.6%")
    assert {variant["locale"] for variant in found["variants"]} == {"en", "zh-Hans", "zh-Hant"}


def test_a_period_that_was_corrected(before: Path, project: ProjectCopy) -> None:
    project.replace(SEED, "qualifier: about, period: 2025}", "qualifier: about, period: 2025-Q2}")
    (figure,) = difference(before, project)["figures"]
    assert figure["old"]["en"] == "about RMB 42 million (2025)"
    assert figure["new"]["en"] == "about RMB 42 million (Q2 2025)"


def test_blocks_added_removed_moved_and_renamed(before: Path, project: ProjectCopy) -> None:
    text = project.read(THEME)
    metrics, rest = text.split("  - kind: metrics\n")[1].split("  - kind: paragraph\n")
    paragraph, chart = rest.split("  - kind: chart\n")
    project.write(
        THEME,
        text.split("  - kind: metrics\n")[0]
        + f"  - kind: paragraph\n{paragraph}"
        + f"  - kind: metrics\n{metrics}"
        + "  - kind: list\n    id: next-steps\n    clearance: internal\n    items: [{en: Ask, zh-Hans: 问, zh-Hant: 問}]\n"
        + f"  - kind: chart\n{chart.split(CALLOUT)[0]}".replace("riders-chart", "riders-by-year"),
    )
    project.replace(THEME, "[](#riders-chart) shows", "[](#riders-by-year) shows")
    for rest_of in ("见", "見"):
        project.replace(THEME, f"{rest_of}[](#riders-chart)", f"{rest_of}[](#riders-by-year)")
    found = difference(before, project)
    by_name = records(found)
    assert by_name["council-view"]["change"] == "removed"
    assert by_name["council-view"]["audiences"] == ["council"]
    assert by_name["next-steps"]["change"] == "added"
    assert by_name["next-steps"]["audiences"] == []
    assert by_name["next-steps"]["settings"] == [{"part": "clearance", "old": None, "new": "internal"}]
    assert by_name["riders-by-year"]["renamed"] == "riders-chart"
    moved = [name for name, record in by_name.items() if record["moved"]]
    assert moved == ["what-changed"] or moved == ["headline"], "as few blocks as explain the order"
    assert found["clearance"] == "internal"


def test_a_row_put_in_between_is_one_change(before: Path, project: ProjectCopy) -> None:
    table = "  - kind: table\n    id: routes\n    title: Routes\n    columns: [Route, Buses]\n    rows:\n"
    rows = [f"      - [N{n}, '{n * 3}']\n" for n in range(1, 6)]
    for root, lines in (
        (before, rows),
        (project.root, [*rows[:2], "      - [N9, '7']\n", *rows[2:4], "      - [N5, '16']\n"]),
    ):
        path = root / THEME
        path.write_text(path.read_text("utf-8") + table + "".join(lines), "utf-8")
    routes = records(difference(before, project))["routes"]
    assert [(w["part"], mark_changes(w)) for w in routes["wordings"]] == [
        ("row 3 cell 1", "{+N9+}"),
        ("row 3 cell 2", "{+7+}"),
        ("row 6 cell 2", "[-15-]{+16+}"),
    ]


def test_audiences_sources_and_standing(before: Path, project: ProjectCopy) -> None:
    project.replace(PUBLIC, "depth: summary", "depth: full")
    project.replace(PUBLIC, "themes: [ridership]", "themes: [{theme: ridership, depth: standard}]")
    project.replace(
        SEED,
        "quantity: {low: 15, high: 20, unit: minute}",
        "quantity: {low: 15, high: 20, unit: minute}\n"
        "    standing: disputed\n    note: {en: Others say less., zh-Hans: 另有说法。, zh-Hant: 另有說法。}",
    )
    other = project.read(SEED).replace("id: reader-survey", "id: second-survey").replace("The longest", "A long")
    project.write("seeds/second-survey.yaml", other)
    by_name = records(difference(before, project))
    assert by_name["public"]["settings"] == [
        {"part": "depth", "old": "summary", "new": "full"},
        {"part": "themes", "old": "ridership", "new": "ridership (standard)"},
    ]
    assert by_name["reader-survey/wait"]["settings"] == [{"part": "standing", "old": "used", "new": "disputed"}]
    assert by_name["second-survey"]["change"] == "added"
    assert by_name["second-survey/wait"]["change"] == "added"


def test_a_locale_that_came_is_a_variant_that_came(before: Path, project: ProjectCopy) -> None:
    old = before / SETTINGS
    old.write_text(old.read_text("utf-8").replace("[en, zh-Hans, zh-Hant]", "[en, zh-Hans]"), "utf-8")
    for path in before.rglob("*.yaml"):
        lines = [line for line in path.read_text("utf-8").split("\n") if not line.strip().startswith("zh-Hant:")]
        path.write_text(re.sub(r", zh-Hant: [^}]*", "", "\n".join(lines)), "utf-8")
    found = difference(before, project)
    assert [(e["audience"], e["locale"], e["change"]) for e in found["variants"]] == [
        ("public", "zh-Hant", "added"),
        ("council", "zh-Hant", "added"),
    ]
    assert not found["drifts"]


def test_template_files_count(before: Path, project: ProjectCopy) -> None:
    project.write("templates/mine/set.yaml", "extends: base\n")
    (template,) = difference(before, project)["templates"]
    assert (template["part"], template["old"]) == ("templates/mine/set.yaml", None)


DATASET = """\
datasets:
  - id: nights
    file: data/nights.csv
    key: [night]
    columns: {riders: person}
"""


def test_the_columns_of_a_dataset_are_compared_one_by_one(project: ProjectCopy, tmp_path: Path) -> None:
    project.write("data/nights.csv", "night,riders,income,calls\nfriday,10,1.5,2\n")
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    before = Path(shutil.copytree(project.root, tmp_path / "before"))
    project.replace(
        SEED,
        "{riders: person}",
        "{riders: {unit: count, header: riders}, income: {unit: CNY, clearance: internal}, calls: count}",
    )
    found = difference(before, project)
    assert records(found)["reader-survey"]["settings"] == [
        {"part": "dataset 1 column riders", "old": "person", "new": "count"},
        {"part": "dataset 1 column riders header", "old": None, "new": "riders"},
        {"part": "dataset 1 column income", "old": "count", "new": "CNY"},
        {"part": "dataset 1 column income clearance", "old": "public", "new": "internal"},
        {"part": "dataset 1 column calls", "old": None, "new": "default settings"},
    ]
    # The name of a withheld column is shown.
    assert found["clearance"] == "internal"
