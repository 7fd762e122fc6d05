"""The cells of a dataset print the same figures in texts, tables, charts and alternative texts, with the same digits."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.model.inline import to_plain_text
from brief.model.variant import Chart, Paragraph, Table

# How the cells are written, what the record says of the column, and what is printed everywhere.
COLUMNS = [
    (("3", "33.3", "0"), "{unit: kg}", ["3.0", "33.3", "0.0"]),
    (("3", "4", "5"), "{unit: kg}", ["3", "4", "5"]),
    (("19.9", "5", "-7"), "{unit: kg}", ["19.9", "5.0", "−7.0"]),
    # Zeros that would claim digits of which nothing is known.
    (("1250", "0.00042", "3"), "{unit: kg}", ["1,250", "0.00042", "3"]),
    (("3.75", "0.0437", "1"), "{unit: kg}", ["3.75", "0.0437", "1"]),
    (("0.333333333333333", "0.25", "12"), "{unit: kg}", ["0.333333333333333", "0.25", "12"]),
    (("33.333333", "5.1", "7.25"), "{unit: kg, decimals: 1}", ["33.3", "5.1", "7.3"]),
    (("0.04", "33.333333", "12.5"), "{unit: kg, decimals: 1}", ["about 0.0", "33.3", "12.5"]),
    (("0.5", "2.4", "3"), "{unit: kg, decimals: 0}", ["about 1", "about 2", "3"]),
]


def workbook(cells: tuple[str, ...], code: str) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, style = book.add_worksheet("Crop"), book.add_format({"num_format": code})
        for row, (name, value) in enumerate(zip(("place", "a", "b", "c"), ("crop", *cells), strict=True)):
            sheet.write(row, 0, name)
            sheet.write(row, 1, value if row == 0 else float(value), style)
    return stream.getvalue()


def print_everywhere(project: ProjectCopy, file: str, column: str) -> list[list[str]]:
    """Returns the figures of three cells in a text, a table, and the labels of a chart, and the extent of the chart."""
    declared = f"  - {{id: crops, file: {file}, key: [place], columns: {{crop: {column}}}}}\n"
    project.write(SEED, project.read(SEED).rstrip("\n") + "\ndatasets:\n" + declared)
    cells = " / ".join(f"{{reader-survey/crops[{place}].crop}}" for place in "abc")
    project.write(
        THEME,
        project.read(THEME).rstrip("\n")
        + f'\n  - {{kind: paragraph, id: cells, text: "{cells}"}}\n'
        + "  - {kind: table, id: rows, title: T, from: reader-survey/crops, columns: [{column: place, title: P},"
        + " {column: crop, title: C}]}\n"
        + "  - {kind: chart, id: bars, title: T, chart: bars, description: D., from: reader-survey/crops, category: place,"
        + " series: [{title: C, column: crop}]}\n",
    )
    blocks = Project.load(project.root).make_variant("council", "en").sections[0].blocks
    (text,) = [to_plain_text(block.text) for block in blocks if isinstance(block, Paragraph) and block.id == "cells"]
    (table,) = [block for block in blocks if isinstance(block, Table) and block.id == "rows"]
    (chart,) = [block for block in blocks if isinstance(block, Chart) and block.id == "bars"]
    return [
        [part.rsplit(" ", 1)[0].replace("About", "about") for part in text.partition("[")[0].split(" / ")],
        [to_plain_text(row[1]).replace("About", "about") for row in table.rows],
        [point.text for point in chart.series[0].points],
    ]


@pytest.mark.parametrize(("cells", "column", "printed"), COLUMNS)
def test_a_cell_of_a_csv_file_is_one_figure(
    tmp_path: Path, cells: tuple[str, ...], column: str, printed: list[str]
) -> None:
    project = ProjectCopy(tmp_path / "project")
    rows = "".join(f"{name},{cell}\n" for name, cell in zip("abc", cells, strict=True))
    project.write("data/crops.csv", f"place,crop\n{rows}")
    assert print_everywhere(project, "data/crops.csv", column) == [printed, printed, printed]


@pytest.mark.parametrize(
    ("cells", "code", "column", "printed"),
    [
        (("3", "4", "5"), "0.0", "{unit: kg}", ["3.0", "4.0", "5.0"]),
        (("3", "33.3", "5"), "General", "{unit: kg}", ["3.0", "33.3", "5.0"]),
        # The workbook shows less than it has, and the record does not say that it is to be rounded.
        (("3", "33.34", "5"), "0.0", "{unit: kg}", ["3.00", "33.34", "5.00"]),
        (("0.12", "0.333", "0.5"), "0.0%", "{unit: percent, factor: 100}", ["12.0", "33.3", "50.0"]),
        (("0.12", "0.33", "0.5"), "0.0%", "{unit: percent, factor: 100}", ["12.0", "33.0", "50.0"]),
        (("12.4", "7", "2.25"), "General", "{unit: kg, factor: 1000000}", ["12.40", "7.00", "2.25"]),
        # All money is shown with two decimals.
        (("0.333333333333333", "0.25", "12"), "General", "{unit: kg}", ["0.333333333333333", "0.25", "12"]),
        (("5000000", "6000000", "4000000"), "#,##0.00", "{unit: EUR}", ["5", "6", "4"]),
    ],
)
def test_a_cell_of_a_workbook_is_the_figure_that_it_shows(
    tmp_path: Path, cells: tuple[str, ...], code: str, column: str, printed: list[str]
) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("data/crops.xlsx", workbook(cells, code))
    text, *others = print_everywhere(project, "data/crops.xlsx", column)
    assert others == [printed, printed]
    assert [part.strip("€%").removesuffix(" million") for part in text] == printed or [
        part.partition("%")[0] for part in text
    ] == printed


def test_a_withheld_row_gives_no_digits_to_others(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("data/crops.csv", "place,crop\na,3\nb,4\nc,5\nd,6.75\n")
    withheld = "rows: [{where: {place: d}, clearance: internal}], "
    declared = f"{{id: crops, {withheld}file: data/crops.csv, key: [place], columns: {{crop: {{unit: kg}}}}}}"
    project.write(SEED, project.read(SEED).rstrip("\n") + f"\ndatasets:\n  - {declared}\n")
    table = Project.load(project.root).brief.datasets["reader-survey/crops"]
    (column,), rows = table.columns, table.rows.values()
    assert [str(column.pad_figure(row.figures[0], row.clearance)) for row in rows if row.figures[0]] == [
        "3",
        "4",
        "5",
        "6.75",
    ]


def test_zeros_of_a_column_are_no_digits_of_what_is_computed(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("data/crops.csv", "place,crop\na,1233.8\nb,1402.5\nc,261.9375\n")
    claim = 'quantity: {unit: percent, derived: {change: ["crops[b].crop", "crops[a].crop"]}}'
    declared = "{id: crops, file: data/crops.csv, key: [place], columns: {crop: {unit: kg}}}"
    project.write(
        SEED, project.read(SEED).rstrip("\n") + f"\n  - {{id: fall, says: S, {claim}}}\ndatasets:\n  - {declared}\n"
    )
    project.write(
        THEME, project.read(THEME).rstrip("\n") + '\n  - {kind: paragraph, id: cells, text: "{reader-survey/fall}"}\n'
    )
    blocks = Project.load(project.root).make_variant("council", "en").sections[0].blocks
    (text,) = [to_plain_text(block.text) for block in blocks if isinstance(block, Paragraph) and block.id == "cells"]
    assert text.startswith("−12.029%")


@pytest.mark.parametrize(
    ("cell", "column", "is_warned"),
    [
        ("0.333333333333333", "{unit: kg}", True),
        ("0.30000000000000004", "{unit: kg}", True),
        ("0.333333333333333", "{unit: kg, decimals: 2}", False),
        ("123456789012345", "{unit: kg}", False),
        ("0.33333333", "{unit: kg}", False),
    ],
)
def test_figures_that_a_program_computed_are_reported(tmp_path: Path, cell: str, column: str, is_warned: bool) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("data/crops.csv", f"place,crop\na,1.5\nb,{cell}\nc,2\n")
    print_everywhere(project, "data/crops.csv", column)
    found = [each for each in project.check()[1] if each.code == "unrounded-figures"]
    assert [("crops.csv:3" in each.message, "decimals:" in each.hint) for each in found] == [(True, True)] * is_warned
