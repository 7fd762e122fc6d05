"""Tables that a program gives are checked and printed as files are, from any library.

The libraries take over a second to import, which only the process that runs these tests needs to do.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import ContentError, Project
from brief.model.diagnostics import Diagnostic
from brief.model.inline import to_plain_text
from brief.model.variant import Table

DATASET = """\
datasets:
  - id: fleet
    key: [route]
    columns:
      riders: count
      income: {unit: CNY, clearance: internal}
claims:
"""
NAME = "reader-survey/fleet"
ROWS: list[dict[str, Any]] = [
    {"route": "north", "riders": 4_321, "income": 12.5},
    {"route": "south", "riders": 987_654, "income": None},
]


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def make_pandas(rows: list[dict[str, Any]]) -> object:
    import pandas as pd  # type: ignore[import-untyped]

    return pd.DataFrame(rows)


def make_polars(rows: list[dict[str, Any]]) -> object:
    import polars as pl

    return pl.DataFrame(rows)


def make_arrow(rows: list[dict[str, Any]]) -> object:
    import pyarrow as pa  # type: ignore[import-untyped]

    return pa.table(columns(rows))


MAKERS: Mapping[str, Callable[[list[dict[str, Any]]], object]] = {
    "records": list,
    "pandas": make_pandas,
    "polars": make_polars,
    "pyarrow": make_arrow,
}


@pytest.fixture
def fleet(project: ProjectCopy) -> ProjectCopy:
    """The starter, with a dataset without a file, one cell of which its text prints."""
    project.replace(SEED, "claims:\n", DATASET)
    project.write(THEME, project.read(THEME).replace("{reader-survey/riders-after}", f"{{{NAME}[north].riders}}"))
    return project


def problems(project: ProjectCopy, table: object, name: str = NAME) -> list[tuple[str, str, str]]:
    with pytest.raises(ContentError) as raised:
        Project.load(project.root, data={name: table})
    return [(found.code, str(found.location), found.message) for found in list_others(raised.value.diagnostics)]


def list_others(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """All but those of translations, which no one accepted."""
    return [found for found in diagnostics if found.code != "unreviewed-translation"]


@pytest.mark.parametrize("library", MAKERS)
def test_any_table_prints_as_the_same_figures(fleet: ProjectCopy, library: str) -> None:
    loaded = Project.load(fleet.root, data={NAME: MAKERS[library](ROWS)})
    table = loaded.brief.datasets[NAME]
    assert {key: row.figures for key, row in table.rows.items()} == {
        "north": (Decimal(4_321), Decimal("12.5")),
        "south": (Decimal(987_654), None),
    }
    assert "4,321" in repr(loaded.make_variant("council", "en"))


@pytest.mark.parametrize("library", MAKERS)
def test_a_cell_that_is_no_number_is_named(fleet: ProjectCopy, library: str) -> None:
    rows = [{**row, "riders": str(row["riders"])} for row in ROWS]
    rows[1]["riders"] = "n/a"
    assert problems(fleet, MAKERS[library](rows)) == [
        ("bad-number", f"data['{NAME}'] row 2, column riders", "'n/a' is not a number")
    ]


def test_keys_and_columns_are_checked(fleet: ProjectCopy) -> None:
    import pandas as pd

    ((code, place, message),) = problems(fleet, [*ROWS, ROWS[0]])
    assert (code, place) == ("dataset-key", f"data['{NAME}'] row 3, column route")
    assert "'north' is used twice" in message
    ((code, place, message),) = problems(fleet, pd.DataFrame(ROWS).rename(columns={"riders": "ridres"}))
    assert (code, place, message) == ("unknown-column", f"data['{NAME}']", f"data['{NAME}'] has no column 'riders'")
    assert [code for code, *_ in problems(fleet, [])] == ["empty-dataset"]


@pytest.mark.parametrize("header", ["riders", "Riders a year"])
def test_columns_are_named_by_their_ids_or_by_their_headers(fleet: ProjectCopy, header: str) -> None:
    fleet.replace(SEED, "riders: count", "riders: {unit: count, header: Riders a year}")
    rows = [{header if name == "riders" else name: value for name, value in row.items()} for row in ROWS]
    assert len(Project.load(fleet.root, data={NAME: rows}).brief.datasets[NAME].rows) == len(ROWS)


def test_a_column_with_two_names_is_refused(fleet: ProjectCopy) -> None:
    """Otherwise the rows that use the other name would lose their figures."""
    fleet.replace(SEED, "riders: count", "riders: {unit: count, header: Riders a year}")
    for other in ("riders", "riders a year"):
        rows = [{"route": "north", "Riders a year": 1, "income": 1}, {"route": "south", other: 2, "income": 1}]
        ((code, place, message),) = problems(fleet, rows)
        assert (code, place) == ("unknown-column", f"data['{NAME}']")
        assert message == f"data['{NAME}'] has 2 columns for 'riders': 'Riders a year', '{other}'"


def test_an_id_that_is_the_header_of_another_column_names_that_one(fleet: ProjectCopy) -> None:
    fleet.replace(SEED, "riders: count", "riders: {unit: count, header: Income}")
    fleet.replace(SEED, "income: {unit: CNY,", "income: {unit: CNY, header: riders,")
    rows = [{"route": "north", "riders": 12.5, "Income": 4_321}]
    table = Project.load(fleet.root, data={NAME: rows}).brief.datasets[NAME]
    assert table.rows["north"].figures == (Decimal(4_321), Decimal("12.5"))


@pytest.mark.parametrize("misspelt", ["rider", "ridres", "Riders ", "ＲＩＤＥＲＳ"])
def test_a_column_that_is_misspelt_in_one_row_is_refused(fleet: ProjectCopy, misspelt: str) -> None:
    rows = [ROWS[0], {misspelt if name == "riders" else name: cell for name, cell in ROWS[1].items()}]
    ((code, place, message),) = problems(fleet, rows)
    assert (code, misspelt.strip() in place or "columns for" in message) == ("unknown-column", True)


def test_other_columns_and_missing_figures_are_allowed(fleet: ProjectCopy) -> None:
    rows = [ROWS[0], {"route": "south", "remark": "closed", "riders-estimated": 5}, {"route": "west", 7: 1, "7": 2}]
    table = Project.load(fleet.root, data={NAME: rows}).brief.datasets[NAME]
    assert table.rows["south"].figures == (None, None)


def test_percentages_need_their_factor(fleet: ProjectCopy) -> None:
    fleet.replace(SEED, "riders: count", "riders: percent")
    assert [code for code, *_ in problems(fleet, ROWS)] == ["percent-factor"]


def test_what_no_source_declares_is_refused(fleet: ProjectCopy) -> None:
    with pytest.raises(ContentError) as raised:
        Project.load(fleet.root, data={NAME: ROWS, "reader-survey/fleets": ROWS})
    (found,) = list_others(raised.value.diagnostics)
    assert (found.code, found.hint) == ("unknown-dataset", f"did you mean '{NAME}'?")
    with pytest.raises(ContentError) as nameless:
        Project.load(fleet.root, data={NAME: ROWS, "routes": ROWS})
    assert [each.code for each in list_others(nameless.value.diagnostics)] == ["unknown-dataset"]


def test_without_file_and_data_the_dataset_is_named(fleet: ProjectCopy) -> None:
    status, found = fleet.check()
    assert status == 1
    assert [(each.code, each.file, each.message) for each in found] == [
        ("dataset-file", SEED, f"dataset '{NAME}' has no 'file:', and no data was given for it")
    ]


def test_an_unsupported_table_type_is_refused(fleet: ProjectCopy) -> None:
    import pandas as pd
    import polars as pl

    for table in ({"riders": [1]}, pl.DataFrame(ROWS).lazy(), [1], "text", None):
        with pytest.raises(TypeError, match="reader-survey/fleet"):
            Project.load(fleet.root, data={NAME: table})
    twice = pd.DataFrame([["north", 1, 2]], columns=["route", "riders", "riders"])
    with pytest.raises(TypeError, match="riders"):
        Project.load(fleet.root, data={NAME: twice})


TABLE = """\
blocks:
  - kind: table
    id: fleet
    depth: summary
    clearance: public
    title: {en: Fleet, zh-Hans: 车队, zh-Hant: 車隊}
    from: reader-survey/fleet
    columns:
      - {column: route, title: {en: Route, zh-Hans: 线路, zh-Hant: 路線}}
      - {column: riders, title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}}
"""


@pytest.mark.parametrize("key", ["Gas [MWh]", "[x]", "a].riders", "]", "[", "{", "route=north", "*", "a|b", "<b>"])
def test_a_key_may_have_any_visible_character(fleet: ProjectCopy, key: str) -> None:
    fleet.write(THEME, fleet.read(THEME).replace("blocks:\n", TABLE))
    rows = [*ROWS, {"route": key, "riders": 77, "income": 1}]
    project = Project.load(fleet.root, data={NAME: rows})
    for format_name in ("html", "docx"):
        project.build(["council"], ["en"], [format_name], jobs=1)
    tables = (
        block for section in project.make_variant("council", "en").sections for block in section.blocks
        if isinstance(block, Table)
    )  # fmt: skip
    printed = [[to_plain_text(cell) for cell in row] for table in tables for row in table.rows]
    assert [key, "77"] in printed


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("a\x07", "control-character"),
        ("\x00", "control-character"),
        ("\ufffe", "control-character"),
        ("a\u202eb", "bidi-control"),
        ("a\ud800", "surrogate"),
    ],
)
def test_a_key_that_formats_cannot_contain_is_refused(fleet: ProjectCopy, key: str, code: str) -> None:
    (found,) = problems(fleet, [*ROWS, {"route": key, "riders": 1, "income": 1}])
    assert found[:2] == (code, f"data['{NAME}'] row 3, column route")


def test_an_invisible_character_in_a_key_is_a_warning(fleet: ProjectCopy) -> None:
    loaded = Project.load(fleet.root, data={NAME: [*ROWS, {"route": "no\u200brth", "riders": 1, "income": 1}]})
    assert [found.code for found in list_others(loaded.diagnostics)] == ["invisible-character"]


@pytest.mark.parametrize(("others", "is_clear"), [("2.500", False), ("", False), ("2.5", True), ("0.250", True)])
@pytest.mark.parametrize("library", MAKERS)
def test_texts_whose_points_may_separate_thousands_are_refused(
    fleet: ProjectCopy, library: str, others: str, is_clear: bool
) -> None:
    rows = [{"route": "north", "riders": "1.234", "income": 1}, {"route": "south", "riders": others, "income": 1}]
    table = MAKERS[library](rows)
    if is_clear:
        Project.load(fleet.root, data={NAME: table})
        return
    assert [found[0] for found in problems(fleet, table)] == ["bad-number"]
    fleet.replace(SEED, "    key: [route]\n", '    decimal: ","\n    key: [route]\n')
    figures = Project.load(fleet.root, data={NAME: table}).brief.datasets[NAME].rows["north"].figures
    assert figures[0] == Decimal(1_234)


def test_numbers_with_three_decimals_are_clear(fleet: ProjectCopy) -> None:
    rows: list[dict[str, Any]] = [{"route": "north", "riders": Decimal("1.234"), "income": 1.234}]
    figures = Project.load(fleet.root, data={NAME: rows}).brief.datasets[NAME].rows["north"].figures
    assert figures == (Decimal("1.234"), Decimal("1.234"))


def test_figures_keep_the_digits_that_they_were_given_with(fleet: ProjectCopy) -> None:
    import numpy as np
    import polars as pl

    values = [Decimal("87.50"), 0.1 + 0.2, np.float32(7.2435), np.int64(12), float("nan")]
    rows = [{"route": str(n), "riders": 1, "income": value} for n, value in enumerate(values)]
    fleet.write(THEME, fleet.read(THEME).replace("[north]", "[0]"))
    table = Project.load(fleet.root, data={NAME: rows}).brief.datasets[NAME]
    shown = [str(row.figures[1]) for row in table.rows.values()]
    assert shown == ["87.50", "0.3", "7.2435", "12", "None"]
    single = pl.DataFrame({"route": ["0"], "riders": [1], "income": [7.2435]}, schema_overrides={"income": pl.Float32})
    table = Project.load(fleet.root, data={NAME: single}).brief.datasets[NAME]
    assert str(table.rows["0"].figures[1]) == "7.2435"


def test_numbers_of_few_bits_and_dates_in_nanoseconds_are_read_as_given(fleet: ProjectCopy) -> None:
    import numpy as np
    import pandas as pd

    fleet.write(THEME, fleet.read(THEME).replace("[north]", "[0]"))
    values = np.array([16_777_216, 12_345_678, 0.1], dtype="float32")
    halves = pd.DataFrame({"route": ["0", "1", "2"], "riders": values, "income": np.array([0.1, 2.5, 7.3], "float16")})
    rows = Project.load(fleet.root, data={NAME: halves}).brief.datasets[NAME].rows
    shown = {key: [f"{figure:f}" for figure in row.figures if figure is not None] for key, row in rows.items()}
    assert shown == {"0": ["16777216", "0.1"], "1": ["12345678", "2.5"], "2": ["0.1", "7.3"]}
    record = [{"route": np.datetime64("2026-03-02", "ns"), "riders": 1, "income": 2}]
    fleet.write(THEME, fleet.read(THEME).replace("[0]", "[2026-03-02]"))
    assert list(Project.load(fleet.root, data={NAME: record}).brief.datasets[NAME].rows) == ["2026-03-02"]


def test_data_takes_the_place_of_a_file_and_stays_as_it_was(fleet: ProjectCopy) -> None:
    fleet.replace(SEED, "    key: [route]", "    file: data/fleet.csv\n    key: [route]")
    fleet.write("data/fleet.csv", "route,riders,income\nnorth,11,1\n")
    rows = [dict(row) for row in ROWS]
    loaded = Project.load(fleet.root, data={NAME: rows})
    rows[0]["riders"] = 5
    assert "4,321" in repr(loaded.reload().make_variant("council", "en"))
    assert loaded.reload() == loaded


def test_a_changed_cell_changes_the_inputs_of_what_prints_it(fleet: ProjectCopy) -> None:
    def inputs(riders: int) -> str:
        rows = [{**ROWS[0], "riders": riders}]
        (artifact,) = Project.load(fleet.root, data={NAME: rows}).build(["council"], ["en"], ["html"], jobs=1)
        return artifact.inputs

    assert inputs(4_321) == inputs(4_321) != inputs(4_322)


def test_the_clearance_of_a_column_holds(fleet: ProjectCopy) -> None:
    fleet.write(THEME, fleet.read(THEME).replace("[north].riders", "[north].income"))
    found = problems(fleet, ROWS)
    assert found, "what the audience may not see must be reported"
    assert {code for code, *_ in found} == {"withheld-claim"}
