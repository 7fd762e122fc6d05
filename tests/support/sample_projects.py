"""The test projects energy and finance: illustrative data of 60 claims and a workbook of 2,000 rows each."""

import io
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import xlsxwriter
from projects import ProjectCopy

PROJECTS = Path(__file__).parents[1] / "projects"
MONTHS = tuple(date(2024 + month // 12, month % 12 + 1, 1) for month in range(9, 29))
Row = tuple[str | date | int | float, ...]

ENERGY = ("Meter", "Month", "Output (MWh)", "Lost (kWh)", "Price (EUR/MWh)", "Cost (EUR)", "Outdoors (°C)")
FINANCE = ("Branch", "Month", "Revenue", "Profit", "Staff", "Growth", "Bonus")


def energy_rows() -> Iterator[Row]:
    """Meters and months; prices and temperatures fall below zero."""
    for at, (meter, month) in enumerate((meter, month) for meter in range(1, 101) for month in MONTHS):
        seed = at * 7919 % 2003
        output, price = (1_000_00 + 137 * seed) / 100, (seed % 400 - 60) / 4
        yield (f"m-{meter:03}", month, output, 500 + 7 * seed, price, (50_000 + 311 * seed) / 100, seed % 45 - 12)


def finance_rows() -> Iterator[Row]:
    """Branches and months; every third profit is a loss."""
    for at, (branch, month) in enumerate((branch, month) for branch in range(1, 101) for month in MONTHS):
        seed = at * 6421 % 2003
        profit = (-1 if seed % 3 == 0 else 1) * (1_000 + 59 * seed)
        growth = (seed % 500 - 150) / 1000
        yield (f"b-{branch:03}", month, 250_000 + 431 * seed, profit, 5 + seed % 90, growth, 900 + 13 * seed)


def copy_sample_project(name: str, root: Path) -> ProjectCopy:
    """A writable copy of `energy` or `finance` with its workbook."""
    project = ProjectCopy(root, PROJECTS / name)
    if name == "energy":
        project.write("data/meters.xlsx", _energy_workbook())
    else:
        project.write("data/branches.xlsx", _finance_workbook())
    return project


@cache
def _energy_workbook() -> bytes:
    return _workbook("Meters", ENERGY, energy_rows())


@cache
def _finance_workbook() -> bytes:
    return _workbook("Branches", FINANCE, finance_rows())


def _workbook(sheet: str, headers: tuple[str, ...], rows: Iterator[Row]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        month = book.add_format({"num_format": "mmm yyyy"})
        page.write_row(0, 0, headers)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, value, month)
                else:
                    page.write(number, column, value)
    return stream.getvalue()
