"""What the header of a column states about its figures."""

from decimal import Decimal

import pytest

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.reading.tables.dataset_reader import read_table

STATED = [
    ("Income (EUR million)", "EUR", "error"),
    ("Income (Mio. €)", "EUR", "error"),
    ("Income, EUR million", "EUR", "error"),
    ("Umsatz in Mio. Euro", "EUR", "error"),
    ("收入（万元）", "CNY", "error"),
    ("收入（億元）", "TWD", "error"),
    ("收入（元）", "TWD", None),
    ("收入（亿欧元）", "EUR", "error"),
    ("Freight (1,000 t)", "t", "error"),
    ("Trips (thousands)", "count", "error"),
    ("Trips (million)", "person", "error"),
    ("Income (USD)", "EUR", "warning"),
    ("Power (MW)", "kW", "warning"),
    ("Income (EUR)", "EUR", None),
    ("Income (€)", "EUR", None),
    ("Income ($)", "CAD", None),
    ("Price (EUR/MWh)", "EUR/MWh", None),
    ("Price (EUR)", "EUR/MWh", None),
    ("Growth (%)", "percentage-point", None),
    ("Freight (1,000 t)", "kt", None),
    ("Income (net)", "EUR", None),
    ("Share in the total", "percent", None),
    ("Income (kWh)", "count", None),
]


def find_problems(
    header: str, unit: str, factor: Decimal | None = None, cells: tuple[str, ...] = ("12", "345")
) -> list[str]:
    column = DatasetColumn(unit=unit, header=header, factor=factor)
    dataset = Dataset(
        id=Slug("income"), file="data/income.csv", key=(Ref("route"),), columns={Slug("income"): column},
        location=SourceLocation("seeds/ledger.yaml", 4, 5),
    )  # fmt: skip
    rows = "".join(f"{number};{cell}\n" for number, cell in enumerate(cells))
    sink = DiagnosticSink()
    read_table(dataset, f"route;{header}\n{rows}".encode(), sink)
    return [f"{each.severity.value} {each.code}" for each in sink.found]


@pytest.mark.parametrize(("header", "unit", "severity"), STATED)
def test_a_header_and_its_unit_agree(header: str, unit: str, severity: str | None) -> None:
    assert find_problems(header, unit) == ([f"{severity} header-unit"] if severity else [])
    assert find_problems(header, unit, Decimal(1)) == []


@pytest.mark.parametrize(
    ("header", "cells", "is_reported"),
    [
        ("Founded", ("1998", "2004"), True),
        ("Baujahr", ("1998",), True),
        ("建成年份", ("1998", ""), True),
        ("Trips", ("1998", "2004"), False),
        ("Trips", ("1998", "2004", "1999", "2010", "2020"), True),
        ("Trips", ("1998", "2004", "1999", "2010", "204"), False),
        ("Founded", ("1998", "12"), False),
        ("Founded", ("",), False),
    ],
)
def test_years_are_no_numbers_of_things(header: str, cells: tuple[str, ...], is_reported: bool) -> None:
    assert find_problems(header, "count", cells=cells) == (["warning year-as-count"] if is_reported else [])
    assert find_problems(header, "EUR", cells=cells) == []
