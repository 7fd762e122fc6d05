"""What an audience may not see changes nothing of what it sees: no number, order, axis, count, name or mark.

Each withheld item is added to a project; the variants of the audiences that may not see it, from which alone files are made, stay
as they were.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.model.diagnostics import has_errors

LOCALES = ("en", "zh-Hans", "zh-Hant")


def say(text: str) -> str:
    return f"{{en: {text}, zh-Hans: 某事, zh-Hant: 某事}}"


# Every kind of block with parts that have a clearance. `HERE` is where a withheld one is added.
OWN = f"""\
  - kind: list
    id: own-list
    clearance: public
    items:
      # item
      - text: {say("One point.")}
        clearance: public
  - kind: table
    id: own-table
    clearance: public
    title: {say("Own table")}
    columns:
      # column
      - {{title: {say("Name")}, clearance: public}}
      - {{title: {say("Riders")}, clearance: public, align: end}}
    rows:
      # row
      - {{cells: [{say("Before")}, "{{reader-survey/riders-before}}"], clearance: public}}
      - {{cells: [{say("After")}, "{{reader-survey/riders-after}}"], clearance: public}}
  - kind: timeline
    id: own-timeline
    clearance: public
    title: {say("Own timeline")}
    events:
      # event
      - {{claim: reader-survey/riders-before, text: {say("Earlier.")}, clearance: public}}
  - kind: metrics
    id: own-metrics
    clearance: public
    metrics:
      # metric
      - {{claim: reader-survey/wait, label: {say("waiting")}, clearance: public}}
  - kind: table
    id: from-dataset
    clearance: public
    title: {say("Fleet")}
    from: reader-survey/fleet
    order: -riders
    total: sum
    columns:
      - {{column: route, title: {say("Route")}, clearance: public}}
      - {{column: riders, title: {say("Riders")}, clearance: public}}
      - {{column: cost, title: {say("Cost")}, clearance: public}}
  - kind: chart
    id: fleet-chart
    clearance: public
    title: {say("Fleet drawn")}
    chart: line
    description: {say("A line.")}
    from: reader-survey/fleet
    category: route
    annotations:
      # annotation
      - {{category: east, text: {say("Most.")}, clearance: public}}
    series:
      - {{title: {say("Riders")}, column: riders}}
      # series
"""
DATASET = """\
datasets:
  - id: fleet
    file: data/fleet.csv
    clearance: public
    key: [route]
    columns:
      riders: {unit: count, clearance: public}
      cost: {unit: CNY, clearance: internal}
      staff: {unit: count, clearance: internal}
    rows:
      - {where: {route: hidden}, clearance: internal}
      - {where: {route: zz}, clearance: internal}
"""
FLEET = "route,riders,cost,staff\neast,1210,300,8\nhidden,999,2,9\nwest,840,210,7\nzz,1,1,1\n"
WITHHELD_CLAIM = f"""\
  - id: withheld
    clearance: internal
    says: {say("What nobody is told.")}
    quantity: {{value: 9_876_543_210, unit: count, period: 2019}}
    contradicts: [reader-survey/riders-before]
    note: {say("They differ.")}
"""
WITHHELD_SOURCE = f"""\
id: aaa-first
title: {say("An older report")}
publisher: {say("A rival")}
date: 2027-01
language: en
clearance: internal
claims:
  - id: more
    clearance: internal
    says: {say("More.")}
    quantity: {{value: 1, unit: count, period: 2024}}
    corroborates: [reader-survey/riders-before]
"""

Change = Callable[[ProjectCopy], object]


def put(file: str, before: str, text: str) -> Change:
    """Puts a text before the first place where the file has `before`."""
    return lambda project: project.replace(file, before, text + before)


def block(text: str) -> Change:
    return put(THEME, "  - kind: metrics\n    id: headline\n", text)


def write(file: str, text: str) -> Change:
    return lambda project: project.write(file, text)


def both(*changes: Change) -> Change:
    def make(project: ProjectCopy) -> None:
        for change in changes:
            change(project)

    return make


NUMBERED = f"""\
  - kind: table
    id: withheld-table
    clearance: internal
    title: {say("A withheld table")}
    columns: [{{title: {say("Only")}, clearance: internal}}]
    rows: [{{cells: ["{{reader-survey/withheld}}"], clearance: internal}}]
  - kind: chart
    id: withheld-chart
    clearance: internal
    title: {say("A withheld chart")}
    chart: bars
    description: {say("A withheld one.")}
    categories: ["2019"]
    series: [{{title: {say("W")}, claims: [reader-survey/withheld]}}]
  - kind: paragraph
    id: withheld-paragraph
    clearance: internal
    text: {{same: "[@reader-survey/withheld]"}}
"""
OTHER_THEME = f"""\
id: aside
title: {say("Aside")}
summary: {say("An aside.")}
clearance: internal
takeaways: []
blocks:
{NUMBERED}"""
SPIES = """\
id: spies
title: {en: For us alone, zh-Hans: 内部版, zh-Hant: 內部版}
clearance: internal
depth: full
themes: [ridership]
formats: [html]
marking: {en: Ours, zh-Hans: 我们, zh-Hant: 我們}
"""
CLAIM = put(SEED, "  - id: riders-before\n", WITHHELD_CLAIM)
CHANGES: dict[str, Change] = {
    "claim": CLAIM,
    "source": write("seeds/aaa-first.yaml", WITHHELD_SOURCE),
    "blocks with numbers": both(CLAIM, block(NUMBERED)),
    "takeaway": put(THEME, "  - en: The trial has", f"  - text: {say('Withheld.')}\n    clearance: internal\n"),
    "item": put(THEME, "      # item\n", f"      - {{text: {say('Withheld.')}, clearance: internal}}\n"),
    "row": put(
        THEME,
        "      # row\n",
        f'      - {{cells: [{say("Secret")}, "{{reader-survey/yearly-cost}}"], clearance: internal}}\n',
    ),
    "event": put(
        THEME,
        "      # event\n",
        f"      - {{claim: reader-survey/riders-after, text: {say('Withheld.')}, clearance: internal}}\n",
    ),
    "metric": put(
        THEME,
        "      # metric\n",
        f"      - {{claim: reader-survey/yearly-cost, label: {say('withheld')}, clearance: internal}}\n",
    ),
    "annotation": put(
        THEME, "      # annotation\n", f"      - {{category: hidden, text: {say('Withheld.')}, clearance: internal}}\n"
    ),
    "series": put(THEME, "      # series\n", f"      - {{title: {say('Staff')}, column: staff}}\n"),
    "term": put(
        "content/glossary.yaml",
        "  - id: example-city",
        f"  - {{id: aardvark, kind: institution, clearance: internal, name: {{en: Aardvark, zh-Hans: 土豚, zh-Hant: 土豚}}, says: {say('A rival.')}}}\n",
    ),
    "theme": both(
        CLAIM,
        write("content/themes/aside.yaml", OTHER_THEME),
        lambda project: project.replace(SETTINGS, "themes: [ridership]", "themes: [aside, ridership]"),
        lambda project: project.replace(
            "content/audiences/council.yaml", "themes: [ridership]", "themes: [aside, ridership]"
        ),
        lambda project: project.replace(
            "content/audiences/public.yaml", "themes: [ridership]", "themes: [aside, ridership]"
        ),
    ),
    "audience": both(
        write("content/audiences/spies.yaml", SPIES),
        lambda project: project.replace(SETTINGS, "audiences: [public", "audiences: [spies, public"),
    ),
    "first, last and greatest rows": write(
        "data/fleet.csv",
        FLEET.replace("hidden,999,2,9\n", "").replace("\neast", "\nhidden,99999999,7,9\neast"),
    ),
    "other figures of withheld cells": write(
        "data/fleet.csv", FLEET.replace("hidden,999,2", "hidden,-0.0001,123456789").replace("300", "1e9")
    ),
    "no figures of withheld cells": write(
        "data/fleet.csv", FLEET.replace("hidden,999,2", "hidden,,").replace("300", "")
    ),
}


def make(folder: Path) -> ProjectCopy:
    """A project with all kinds of parts, in which both audiences read everything at full depth."""
    project = ProjectCopy(folder)
    project.write(THEME, project.read(THEME) + OWN)
    project.write("data/fleet.csv", FLEET)
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    public = "content/audiences/public.yaml"
    project.write(public, project.read(public).replace("depth: summary", "depth: full"))
    for name in ("public", "council"):
        path = f"content/audiences/{name}.yaml"
        project.write(path, project.read(path).replace("[html, pdf, docx]", "[html, docx, json, md]"))
    return project


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.load(make(tmp_path_factory.mktemp("before") / "project").root)
    assert not has_errors(project.diagnostics)
    return project


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_withheld_item_changes_no_variant(tmp_path: Path, before: Project, change: Change) -> None:
    copy = make(tmp_path / "project")
    change(copy)
    after = Project.load(copy.root)
    assert not has_errors(after.diagnostics)
    for audience in ("public", "council"):
        for locale in LOCALES:
            assert after.make_variant(audience, locale) == before.make_variant(audience, locale)


def test_the_same_item_that_they_may_see_changes_variants(tmp_path: Path, before: Project) -> None:
    copy = make(tmp_path / "project")
    put(THEME, "      # item\n", f"      - {{text: {say('Withheld.')}, clearance: client}}\n")(copy)
    after = Project.load(copy.root)
    assert after.make_variant("public", "en") == before.make_variant("public", "en")
    assert after.make_variant("council", "en") != before.make_variant("council", "en")
