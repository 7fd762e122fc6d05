"""Key columns of periods: 2026Q1 prints as each language writes a quarter, and is sorted by time."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from lxml import html

from brief import ContentError, Project
from brief.model.diagnostics import Diagnostic
from brief.reading.tables.key_periods import find_period_notation
from brief.reading.tables.sheets import convert_value

LOCALES = ["en", "zh-Hans", "zh-Hant", "de", "fr", "ja"]


def project(keys: list[str], declared: str, order: str = "quarter") -> Project:
    def every(text: str) -> str:
        return "{" + ", ".join(f"{locale}: {text}" for locale in LOCALES) + "}"

    return Project.from_content(
        {
            "content/brief.yaml": f"id: power\ntitle: {every('Power')}\npublisher: {every('Grid')}\ndate: 2026-07-01\nlocales: [{', '.join(LOCALES)}]\n"
            "source_locale: en\nthemes: [load]\naudiences: [public]\n",
            "content/audiences/public.yaml": f"id: public\ntitle: {every('Public')}\nclearance: public\ndepth: full\nthemes: [load]\n"
            "formats: [html]\ntemplate_set: base\n",
            "content/themes/load.yaml": f"id: load\ntitle: {every('Load')}\nsummary: {every('What the grid carries.')}\ntakeaways: []\nclearance: public\nblocks:\n"
            f"  - kind: table\n    id: quarters\n    title: {every('Load')}\n    from: grid/load\n"
            f"    columns: [{{column: quarter, title: {every('Quarter')}}}, {{column: energy, title: {every('Energy')}}}]\n"
            f"    order: {order}\n",
            "seeds/grid.yaml": "id: grid\ntitle: Load\npublisher: Grid\ndate: 2026-07-01\nclearance: public\nlanguage: en\n"
            f"datasets:\n  - id: load\n    file: data/load.csv\n    key: [quarter]\n    columns:\n      energy: GWh\n{declared}",
            "data/load.csv": "quarter,energy\n" + "".join(f"{key},{at + 1}\n" for at, key in enumerate(keys)),
        }
    )


def first_column(project: Project, locale: str) -> list[str]:
    pack = project.build(["public"], [locale], ["html"], jobs=1)
    (artifact,) = pack.artifacts
    rows: Any = html.fromstring(artifact.data.decode()).xpath("//table//tbody/tr")
    return [" ".join(row[0].text_content().split()) for row in rows]


def find_places(found: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """The diagnostics of periods; the texts of this project are the same in all languages, which is also reported."""
    return [(each.code, str(each.location)) for each in found if each.code == "key-period"]


PRINTED = {
    "en": ["Q4 2025", "Q1 2026", "Q2 2026"],
    "zh-Hans": ["2025年第四季度", "2026年第一季度", "2026年第二季度"],
    "zh-Hant": ["2025年第4季", "2026年第1季", "2026年第2季"],
}


def test_a_column_of_periods_prints_and_sorts_in_each_language() -> None:
    made = project(["Q1 2026", "2026Q2", "2025-Q4"], "      quarter: {type: period}\n")
    for locale in LOCALES:
        found = first_column(made, locale)
        assert [re.findall("20[0-9]{2}", text) for text in found] == [["2025"], ["2026"], ["2026"]]
        assert found == PRINTED.get(locale, found)
        assert found != ["2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize("keys", [["2026Q1", "2026Q2"], ["Q1 2026", "Q2 2026"], ["FY 2025", "FY 2026"]])
def test_keys_that_look_like_periods_are_not_guessed(keys: list[str]) -> None:
    plain = project(keys, "", "energy")
    assert find_places(plain.diagnostics) == [("key-period", "data/load.csv:2:1")]
    assert first_column(plain, "en") == keys
    named = project(keys, "      quarter: {type: text}\n", "energy")
    assert not find_places(named.diagnostics)


def test_conditions_name_periods_as_the_file_does() -> None:
    keys = ["Q3 2025", "Q4 2025", "Q1 2026"]
    conditions = ("'>= Q4 2025'", "[2025Q4, 2026-Q1]", "'> 2025-Q3'")
    for condition in conditions:
        made = project(keys, "      quarter: {type: period}\n", f"quarter\n    where: {{quarter: {condition}}}")
        assert first_column(made, "en") == ["Q4 2025", "Q1 2026"]
    with pytest.raises(ContentError) as raised:
        project(keys, "      quarter: {type: period}\n", "quarter\n    note: '{grid/load[Q1 2026].energy}'")
    (hint,) = [each.hint for each in raised.value.diagnostics if each.code == "unknown-cell"]
    assert hint == "did you mean '2026-Q1'?"


@pytest.mark.parametrize("keys", [["01.02.2026", "15.02.2026"], ["01/02/2026", "15/02/2026"], ["1-2-2026", "2-2-2026"]])
def test_days_that_print_alike_in_every_language_are_reported(keys: list[str]) -> None:
    """In English 01.02.2026 is read as 2 January."""
    plain = project(keys, "", "energy")
    assert find_places(plain.diagnostics) == [("key-period", "data/load.csv:2:1")]
    if "." in keys[0]:
        made = project(keys, "      quarter: {type: period}\n")
        assert first_column(made, "en") == ["1 February 2026", "15 February 2026"]
        assert first_column(made, "ja") == ["2026年2月1日", "2026年2月15日"]
    else:
        assert any("2026-03-09" in (each.hint or "") for each in plain.diagnostics if each.code == "key-period")


def test_a_value_that_is_no_period_is_refused() -> None:
    with pytest.raises(ContentError) as raised:
        project(["2026Q1", "Spring"], "      quarter: {type: period}\n")
    assert find_places(raised.value.diagnostics) == [("key-period", "data/load.csv:3:1")]


@pytest.mark.parametrize(
    ("written", "notation"),
    [
        ("2026Q1", "2026-Q1"),
        ("q1 2026", "2026-Q1"),
        ("2026 H2", "2026-H2"),
        ("FY 2025", "FY2025"),
        ("FY2025Q2", "FY2025-Q2"),
        ("2025/26", "2025/26"),
        ("2026W7", "2026-W07"),
        ("03/2026", "2026-03"),
        ("2026M3", "2026-03"),
        ("2026年3月", "2026-03"),
        ("2026", "2026"),
        ("2026-03-09", "2026-03-09"),
        ("T1 2026", "2026-Q1"),
        ("2T 2026", "2026-Q2"),
        ("3Q2026", "2026-Q3"),
        ("09.03.2026", "2026-03-09"),
        ("9. 3. 2026", "2026-03-09"),
        ("2026/03/09", "2026-03-09"),
        ("2026. 3. 9.", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("2026년 3월", "2026-03"),
        ("31.02.2026", None),
        ("09/03/2026", None),
        ("1.2026.3", None),
        ("H5 2026", None),
        ("13/2026", None),
        ("2026-13", None),
        ("2009/13", None),
        ("total", None),
        ("民國113年", "2024"),
        ("民國114年3月", "2025-03"),
        ("令和6年", "2024"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年", "2019"),
        # No era has these years.
        ("平成32年", None),
        ("令和0年", None),
        ("令和6年度", None),
    ],
)
def test_notations_of_periods(written: str, notation: str | None) -> None:
    assert find_period_notation(written) == notation


@pytest.mark.parametrize(
    ("keys", "printed"),
    [
        (["08:00:00", "09:30:00"], ["08:00", "09:30"]),
        (["08:00:00", "09:30:15"], ["08:00:00", "09:30:15"]),
        (["2026-07-01 08:00:00", "2026-07-01 09:00:00"], ["2026-07-01 08:00", "2026-07-01 09:00"]),
        (["12:00:00", "total"], ["12:00:00", "total"]),
    ],
)
def test_times_print_without_seconds_if_none_has_any(keys: list[str], printed: list[str]) -> None:
    assert first_column(project(keys, ""), "en") == printed


def test_times_of_a_workbook_keep_their_seconds() -> None:
    moments = [datetime(2026, 7, 1, 8, 0, 10), datetime(2026, 7, 1, 8, 0, 40), datetime(2026, 7, 1, 8, 1)]
    assert [convert_value(each) for each in moments] == [
        "2026-07-01 08:00:10",
        "2026-07-01 08:00:40",
        "2026-07-01 08:01",
    ]
