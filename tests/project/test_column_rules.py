"""What a dataset says that a column may contain binds a file, a table of a program and a request alike."""

import csv
import io
import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from projects import SEED, ProjectCopy

from brief import ContentError, Project
from brief.model.diagnostics import Severity
from brief.web import app
from brief.web.api.callers import Caller
from brief.web.api.limits import Limits

NAME = "reader-survey/fleet"
ALL_RULES = "minimum: 0, maximum: 1000, whole: true, required: true"
# The rules, a figure of the second row, and the words of the error; none if the figure is accepted.
CASES: Mapping[str, tuple[str, Any, str | None]] = {
    "an empty cell without rules": ("", None, None),
    "a negative count without rules": ("", -5, None),
    "half a count without rules": ("", 1.5, None),
    "an empty cell": ("required: true", None, "is empty"),
    "an empty cell beside a minimum": ("minimum: 0", None, None),
    "a negative count": ("minimum: 0", -5, "is below the minimum of the column, 0"),
    "the minimum": ("minimum: 0", 0, None),
    "too many": ("maximum: 10", 10.5, "is above the maximum of the column, 10"),
    "the maximum": ("maximum: 10", 10, None),
    "half a count": ("whole: true", 1.5, "is not whole"),
    "a whole number": ("whole: true", -7, None),
    "all rules": (ALL_RULES, 1000, None),
    "thousandths of a percentage": ("unit: percent, factor: 100, whole: true", 0.125, "is not whole"),
    "a percentage after its factor": ("unit: percent, factor: 100, minimum: 1, maximum: 50", 0.5, None),
    "a percentage as a fraction": ("unit: percent, factor: 100, minimum: 1", 0.005, "is below the minimum"),
}


def declare(project: ProjectCopy, rules: str, file: str) -> None:
    column = rules if rules.startswith("unit") else f"unit: count{rules and ', '}{rules}"
    lines = [
        "datasets:",
        "  - id: fleet",
        "    clearance: public",
        *([f"    file: {file}"] if file else []),
        "    key: [route]",
        f"    columns: {{riders: {{{column}}}}}",
        "claims:\n",
    ]
    project.replace(SEED, "claims:\n", "\n".join(lines))


def make_rows(figure: Any) -> list[dict[str, Any]]:
    first = 0.25 if isinstance(figure, float) and figure < 1 else 3
    return [{"route": "north", "riders": first}, {"route": "south", "riders": figure}]


def list_errors(load: Callable[[], object]) -> list[tuple[str, str]]:
    try:
        load()
    except ContentError as error:
        return [(each.code, each.message) for each in error.diagnostics if each.severity is Severity.ERROR]
    return []


def load_csv(project: ProjectCopy, rules: str, figure: Any) -> Callable[[], object]:
    declare(project, rules, "data/fleet.csv")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([("route", "riders"), *(tuple(row.values()) for row in make_rows(figure))])
    project.write("data/fleet.csv", text.getvalue())
    return lambda: Project.load(project.root)


def load_workbook(project: ProjectCopy, rules: str, figure: Any) -> Callable[[], object]:
    declare(project, rules, "data/fleet.xlsx")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Fleet")
        for number, row in enumerate([("route", "riders"), *(tuple(row.values()) for row in make_rows(figure))]):
            sheet.write_row(number, 0, row)
    project.write("data/fleet.xlsx", stream.getvalue())
    return lambda: Project.load(project.root)


def load_records(project: ProjectCopy, rules: str, figure: Any) -> Callable[[], object]:
    declare(project, rules, "")
    return lambda: Project.load(project.root, data={NAME: make_rows(figure)})


def load_frame(project: ProjectCopy, rules: str, figure: Any) -> Callable[[], object]:
    import polars as pl

    declare(project, rules, "")
    return lambda: Project.load(project.root, data={NAME: pl.DataFrame(make_rows(figure))})


LOADERS = {"csv": load_csv, "xlsx": load_workbook, "records": load_records, "frame": load_frame}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", LOADERS)
def test_files_and_tables_of_programs_get_the_same_verdict(project: ProjectCopy, kind: str, case: str) -> None:
    rules, figure, message = CASES[case]
    errors = list_errors(LOADERS[kind](project, rules, figure))
    if message is None:
        assert errors == []
    else:
        ((code, found),) = errors
        assert (code, message in found) == ("column-rule", True), found


@pytest.mark.parametrize("figure", [None, -5, 1.5, 1001])
def test_a_request_gets_the_verdict_of_a_file(project: ProjectCopy, tmp_path: Path, figure: Any) -> None:
    expected = list_errors(load_records(project, ALL_RULES, figure))
    caller = Caller("local")
    api = app(project.root, access=caller, folder=tmp_path / "state", limits=Limits(slots=1))
    api.start()
    try:
        body = {"brief": "night-buses", "audiences": ["public"], "locales": ["en"], "data": {NAME: make_rows(figure)}}
        job = api.service.submit(caller, json.dumps(body).encode())
        ends = time.monotonic() + 60
        while not job.is_final:
            assert time.monotonic() < ends
            time.sleep(0.02)
    finally:
        api.close()
    assert job.record.state == "failed"
    (found,) = (each for each in job.record.diagnostics if each.severity is Severity.ERROR)
    assert [(found.code, found.message)] == expected
    assert found.location.file == f"data['{NAME}'] row 2, column riders"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("minimum: 10, maximum: 5", "the minimum of column 'riders' is above its maximum: 10, 5"),
        ("minimum: 0.5, maximum: 0.25", "0.5, 0.25"),
    ],
)
def test_rules_that_no_figure_can_keep_are_reported_without_a_row(
    project: ProjectCopy, rules: str, message: str
) -> None:
    errors = list_errors(load_csv(project, rules, None))
    assert any(code == "column-rule" and message in found for code, found in errors), errors


@pytest.mark.parametrize("rule", ["minimum: 1", "maximum: 9", "whole: true", "required: true"])
def test_a_key_column_has_no_rules(project: ProjectCopy, rule: str) -> None:
    load = load_csv(project, "", 4)
    project.replace(SEED, "columns: {riders:", f"columns: {{route: {{{rule}}}, riders:")
    ((code, message),) = list_errors(load)
    assert (code, "is in 'key:'" in message) == ("column-rule", True)


def test_a_changed_rule_is_checked_again(project: ProjectCopy) -> None:
    loaded = load_csv(project, "minimum: -10", -5)()
    assert isinstance(loaded, Project)
    project.replace(SEED, "minimum: -10", "minimum: 0")
    ((code, _),) = list_errors(loaded.reload)
    assert code == "column-rule"


def test_digits_are_compared_exactly(project: ProjectCopy) -> None:
    declare(project, "maximum: 0.3", "")
    rows = [{"route": "north", "riders": Decimal("0.3")}, {"route": "south", "riders": Decimal("0.30000001")}]
    ((_, message),) = list_errors(lambda: Project.load(project.root, data={NAME: rows}))
    assert message == "'0.30000001' is above the maximum of the column, 0.3"
