"""Tables and computed figures from a European CSV file: commas in names, percent signs, ordering and rounding of means."""

from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.model.inline import to_plain_text
from brief.model.variant import Paragraph, Table

CSV = """Stadt;Linie;Monat;Strom;Anteil
"Köln, Bonn";Linie 12;2025-11;1.234,5;12,5 %
"Köln, Bonn";Linie 7;2025-12;2.234,5;11,2 %
Ulm;Linie 7;2025-11;987,1;0 %
Ulm;Linie 101;2025-11;0,9;2,3 %
"""
DATASET = """
datasets:
  - id: grid
    file: data/grid.csv
    decimal: ","
    key: [stadt, linie, monat]
    columns:
      strom: {unit: MWh}
      anteil: {unit: percent}
"""
CLAIMS = """  - {id: november, says: S, quantity: {unit: MWh, derived: {sum: ["grid[monat=2025-11].strom"]}}}
  - {id: ulm, says: S, quantity: {unit: percent, derived: {mean: ["grid[stadt=Ulm].anteil"]}}}
"""
BLOCKS = """
  - kind: table
    id: grid
    title: T
    from: reader-survey/grid
    columns:
      - {column: stadt, title: S, labels: [{value: Ulm, text: {same: Ulm on the Danube}}]}
      - {column: linie, title: L}
      - {column: monat, title: M}
      - {column: strom, title: E}
      - {column: anteil, title: A}
    where: {linie: ">= Linie 7"}
    order: linie
    total: mean
  - kind: paragraph
    id: cells
    text: "{reader-survey/grid[Köln, Bonn,Linie 7,2025-12].strom}, {reader-survey/november}, {reader-survey/ulm}"
"""


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = ProjectCopy(tmp_path_factory.mktemp("grid") / "project")
    project.write("data/grid.csv", CSV)
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + CLAIMS + DATASET)
    project.write(THEME, project.read(THEME).rstrip("\n") + BLOCKS)
    return project.root


def test_rows_keep_their_names_and_their_order(grid: Path) -> None:
    blocks = Project.load(grid).make_variant("council", "en").sections[0].blocks
    (table,) = [block for block in blocks if isinstance(block, Table) and block.id == "grid"]
    assert [[to_plain_text(cell) for cell in row] for row in table.rows] == [
        ["Köln, Bonn", "Linie 7", "December 2025", "2,234.5", "11.2"],
        ["Ulm on the Danube", "Linie 7", "November 2025", "987.1", "0.0"],
        ["Köln, Bonn", "Linie 12", "November 2025", "1,234.5", "12.5"],
        ["Ulm on the Danube", "Linie 101", "November 2025", "0.9", "2.3"],
        # 1,114.25 is rounded up, as computed claims are.
        ["Mean", "", "", "1,114.3", "6.5"],
    ]


def test_a_selection_finds_rows_whose_names_have_commas(grid: Path) -> None:
    blocks = Project.load(grid).make_variant("council", "en").sections[0].blocks
    (text,) = [to_plain_text(block.text) for block in blocks if isinstance(block, Paragraph) and block.id == "cells"]
    assert text.startswith("2,234.5 MWh, 2,222.5 MWh, 1.2%")


def test_figures_in_millions_keep_the_zeros_of_the_file(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("data/budget.csv", "place;budget\nNorth;12,40\nSouth;10,00\nEast;7\n")
    columns = "{budget: {unit: EUR, factor: 1000000}}"
    project.write(
        SEED,
        project.read(SEED).rstrip("\n")
        + "\ndatasets:\n  - {id: money, clearance: public, file: data/budget.csv, decimal: ',', key: [place],"
        + f" columns: {columns}}}\n",
    )
    cells = [f"{{reader-survey/money[{place}].budget}}" for place in ("North", "South", "East")]
    text = f"{', '.join(cells)}, {{reader-survey/money[North].budget:full}}"
    project.write(THEME, project.read(THEME).rstrip("\n") + f'\n  - {{kind: paragraph, id: cells, text: "{text}"}}\n')
    blocks = Project.load(project.root).make_variant("council", "en").sections[0].blocks
    (printed,) = [to_plain_text(block.text) for block in blocks if isinstance(block, Paragraph) and block.id == "cells"]
    assert printed.startswith("€12.40 million, €10.00 million, €7.00 million, €12,400,000")
