"""`brief check --format sarif`: a log of SARIF 2.1.0, in which every result has a rule, a level and a region."""

import json
from typing import Any

import pytest
from projects import THEME, ProjectCopy

from brief.reading.explanations import load_explanations


@pytest.fixture
def project(project: ProjectCopy) -> ProjectCopy:
    """A copy of the starter project whose translations are accepted, so that it has no warnings."""
    project.accept_translations()
    return project


def sarif(project: ProjectCopy, *args: str) -> dict[str, Any]:
    ran = project.run("check", "--format", "sarif", *args)
    assert ran.stderr == ""
    log: dict[str, Any] = json.loads(ran.stdout)
    return log


def test_of_nothing_it_is_a_log_without_results(project: ProjectCopy) -> None:
    log = sarif(project)
    # SARIF 2.1.0, 3.13 and 3.14: what a log and a run must have. 3.18: a tool has a driver with a name.
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"]["name"] == "brief"
    assert run["tool"]["driver"]["rules"] == []


def test_each_diagnostic_is_a_result_with_its_rule_and_region(project: ProjectCopy) -> None:
    project.replace(THEME, "kind: callout", "kind: calout")
    project.replace(THEME, "zh-Hans: 成本清楚，且保持稳定。", "zh-Hans: 成本清楚,且保持稳定。")
    project.write("content/themes/50% 漢字.yml", "id: x\n")
    (run,) = sarif(project)["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = project.check()[1]
    assert len(run["results"]) == len(found) == 3
    for result, diagnostic in zip(run["results"], found, strict=True):
        # 3.27.5: the id of a result is that of the rule at its index.
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.code
        assert result["level"] == diagnostic.severity
        assert result["message"]["text"].startswith(diagnostic.message)
        (location,) = result["locations"]
        region = location["physicalLocation"].get("region")
        wanted = {"startLine": diagnostic.line, "startColumn": diagnostic.column} if diagnostic.line else None
        assert region == wanted
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    # 3.4.3: a URI as in RFC 3986.
    assert "content/themes/50%25%20%E6%BC%A2%E5%AD%97.yml" in uris
    assert all(uri.isascii() for uri in uris)
    assert run["columnKind"] == "unicodeCodePoints"


def test_rules_have_the_text_of_explanations_once_each(project: ProjectCopy) -> None:
    project.replace(THEME, "The cost is known and stable.", 'The "cost" is "known".')
    project.replace(THEME, "The trial has found its public.", 'The "trial".')
    project.run("translate", "accept")
    (run,) = sarif(project)["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    explanation = load_explanations()["straight-quotes"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("straight-quotes", explanation.summary)
    assert rule["help"]["text"].startswith(explanation.fix)
    assert [result["ruleIndex"] for result in run["results"]] == [0, 0]


def test_a_second_location_is_a_related_one(project: ProjectCopy) -> None:
    project.replace(THEME, "id: headline", "id: riders-chart")
    (result,) = [each for each in sarif(project)["runs"][0]["results"] if each["ruleId"] == "duplicate-id"]
    related = result["relatedLocations"][0]["physicalLocation"]
    assert related["region"] == {"startLine": 18, "startColumn": 5}


def test_strict_warnings_are_errors(project: ProjectCopy) -> None:
    project.replace(THEME, "The cost is known and stable.", 'The "cost" is "known".')
    project.run("translate", "accept")
    assert [each["level"] for each in sarif(project, "--strict")["runs"][0]["results"]] == ["error"]
