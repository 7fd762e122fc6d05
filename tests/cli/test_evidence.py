"""`brief evidence`: each claim with its figure as variants print it, where it is used, and what contradicts it."""

import json

from projects import SEED, ProjectCopy


def test_it_shows_the_figure_of_each_claim_as_it_is_printed(project: ProjectCopy) -> None:
    shown = project.run("evidence").stdout
    assert "  figure: about RMB 42 million (2025) | 约4200万元（2025年）" in shown
    assert "  figure: 47.2%\n" in shown, "what reads the same everywhere is shown once"
    lines = json.loads(project.run("evidence", "--json").stdout)
    figures = {line["claim"]: line["figure"] for line in lines}
    assert figures["reader-survey/wait"] == {"en": "15–20 minutes", "zh-Hans": "15至20分钟", "zh-Hant": "15至20分鐘"}


def test_a_claim_without_a_quantity_has_no_figure(project: ProjectCopy) -> None:
    project.replace(SEED, "    quantity: {low: 15, high: 20, unit: minute}\n", "")
    text = project.read("content/themes/ridership.yaml")
    project.write("content/themes/ridership.yaml", text.replace("{reader-survey/wait}", "[@reader-survey/wait]"))
    (line,) = [line for line in json.loads(project.run("evidence", "--json").stdout) if line["claim"].endswith("/wait")]
    assert (line["figure"], line["used_in"]) == ({}, ["ridership"])
