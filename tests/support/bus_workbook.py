"""The workbook of the test project city-buses: 2,000 rows of 12 columns, the same in every run."""

import io
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import xlsxwriter
from projects import ProjectCopy

PROJECT = Path(__file__).parents[1] / "projects" / "city-buses"
HEADERS = (
    *("Route", "Month", "Depot", "Trips", "Riders", "Fares (CNY)", "Cost (CNY)", "Hours driven", "Mean delay"),
    *("On time", "Full", "Seats"),
)
FEW_ROUTES = 13
ROUTES = ("harbour-shuttle", *(f"route-{number:02}" for number in range(1, 80)))
MONTHS = tuple(date(2024 + month // 12, month % 12 + 1, 1) for month in range(3, 28))
# Where the table begins, counted from 0: B3.
TOP, LEFT = 2, 1

Row = tuple[str, date, str, int, int, float, float, float, float, float, float, int]


def bus_rows() -> Iterator[Row]:
    """Similar but distinct figures, with decimals that binary numbers do not represent exactly."""
    for at, (route, month) in enumerate((route, month) for route in ROUTES for month in MONTHS):
        seed = at * 7919 % 2003
        yield (
            *(route, month, f"Depot {at % 4}", 100 + seed, 2000 + 3 * seed, (1_000_01 + 400 * seed + at % 100) / 100),
            *(
                (1_100_03 + 397 * seed + at % 97) / 100,
                (1000 + seed) / 10,
                (11 + seed) / 100,
                (8_000 + seed % 1999) / 10_000,
            ),
            *((1 + seed % 999) / 1000, 20 + seed % 60),
        )


def bus_workbook(cells: dict[str, object] | None = None) -> bytes:
    """Makes the workbook; `cells` overrides cells of the sheet Monthly."""
    return _make(cells) if cells else _make_once(len(ROUTES))


def small_bus_workbook() -> bytes:
    """Makes the workbook with the rows of `FEW_ROUTES`, for tests of anything but many rows."""
    return _make_once(FEW_ROUTES)


@cache
def _make_once(routes: int) -> bytes:
    return _make({}, routes)


def _make(cells: dict[str, object], routes: int = len(ROUTES)) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Read me").write("A1", "The figures are in the other sheet.")
        sheet = book.add_worksheet("Monthly")
        month = book.add_format({"num_format": "mmm yyyy"})
        percent = book.add_format({"num_format": "0.0%"})
        sheet.write_row(TOP, LEFT, HEADERS)
        rows = (row for row in bus_rows() if row[0] in ROUTES[:routes])
        for number, row in enumerate(rows, TOP + 1):
            for column, value in enumerate(row, LEFT):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, month)
                else:
                    sheet.write(number, column, value, percent if isinstance(value, float) and value < 1 else None)
        for cell, written in cells.items():
            sheet.write(cell, written)
    return stream.getvalue()


def copy_bus_project(root: Path, workbook: bytes | None = None) -> ProjectCopy:
    """Makes a writable copy of the project with its workbook."""
    project = ProjectCopy(root, PROJECT)
    project.write("data/fleet.xlsx", bus_workbook() if workbook is None else workbook)
    return project
