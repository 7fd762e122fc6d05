"""Number formats of cells: a workbook stores 12.5% as 0.125, and only the format says so."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
import yaml
from projects import ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn, DatasetTable
from brief.model.source_location import Ref, Slug
from brief.reading.tables.dataset_reader import read_table
from brief.reading.tables.number_formats import CellFormat, infer_ods_format, parse_format


def workbook(formats: dict[str, tuple[str, ...]], rows: list[dict[str, object]]) -> bytes:
    """A sheet whose columns are named by the keys of `formats`, which has the formats of their cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Monthly")
        for column, (name, codes) in enumerate(formats.items()):
            sheet.write(0, column, name)
            styles = [book.add_format({"num_format": code}) if code else None for code in codes]
            for number, row in enumerate(rows):
                sheet.write(number + 1, column, row[name], styles[number % len(styles)])
    return stream.getvalue()


ROWS: list[dict[str, object]] = [
    {"Line": "7", "Month": date(2026, 3, 31), "Late": 0.125, "Fares": 87.5, "Cost": 12.0, "Aid": 3.0},
    {"Line": "12", "Month": date(2026, 4, 30), "Late": 0.0437, "Fares": 90.0, "Cost": 13.5, "Aid": 4.0},
]
FORMATS: dict[str, tuple[str, ...]] = {
    "Line": ("",),
    "Month": ("mmm yyyy",),
    "Late": ("0.0%",),
    "Fares": ("[$€-407] #,##0.00",),
    "Cost": ('"$"#,##0.00',),
    "Aid": ("General",),
}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("General", None),
        ("@", None),
        ("0.00E+00", None),
        ("# ?/?", None),
        ("#,##0.00", CellFormat(decimals=2)),
        ('0.0"%"', CellFormat(affix="%", decimals=1)),
        ('#,##0" kWh"', CellFormat(affix="kWh")),
        ('#,##0.0,," MIO"', CellFormat(affix="MIO", decimals=1, divisor=1_000_000)),
        ("#,##0,\\ [$€-407]", CellFormat(currency="EUR", divisor=1_000)),
        ('[>=1000000]0.0,,"M";0', CellFormat(affix="M", decimals=1, divisor=1_000_000)),
        ("mm:ss", None),
        ("yyyy-mm-dd", None),
        ("0.0%", CellFormat(is_percent=True, decimals=1)),
        ("[Red]0%;-0%", CellFormat(is_percent=True)),
        ("#,##0.00 [$€-1]", CellFormat(currency="EUR", decimals=2)),
        ("[$$-409]#,##0", CellFormat(currency="USD")),
        ("[$¥-804]#,##0", CellFormat(currency="CNY")),
        ('#,##0\\ "CNY"', CellFormat(currency="CNY")),
        ('"$"#,##0.00', CellFormat(ambiguous_sign="$", decimals=2)),
        ('#,##0.0"元"', CellFormat(ambiguous_sign="元", decimals=1)),
        ('#,##0"億元"', CellFormat(ambiguous_sign="元", affix="億")),
        ('#,##0"百万美元"', CellFormat(currency="USD", affix="百万")),
        ('#,##0.0" Mio. €"', CellFormat(currency="EUR", affix="Mio.", decimals=1)),
        ('"$"0.0,,"M"', CellFormat(ambiguous_sign="$", affix="M", decimals=1, divisor=1_000_000)),
        ('#,##0"美元"', CellFormat(currency="USD")),
        ("[$-409]mmm yyyy;@", CellFormat(is_month=True)),
        ('yyyy"年"m"月"', CellFormat(is_month=True)),
        ("yyyy", CellFormat(is_year=True)),
    ],
)
def test_a_format_code_says_what_a_figure_is(code: str, said: CellFormat | None) -> None:
    assert parse_format(code) == said


def test_an_import_takes_units_factor_and_decimals_from_formats(project: ProjectCopy) -> None:
    path = project.root.parent / "late.xlsx"
    path.write_bytes(workbook(FORMATS, ROWS))
    ran = project.run("import", str(path), "--as", "operator")
    assert ran.status == 0, ran.stderr
    text = project.read("seeds/operator.yaml")
    (described,) = yaml.safe_load(text)["datasets"]
    columns = described["columns"]
    assert columns["late"] == {"unit": "percent", "header": "Late", "factor": 100, "decimals": 1}
    assert columns["fares"] == {"unit": "EUR", "header": "Fares", "decimals": 2}
    assert (columns["cost"]["unit"], columns["aid"]["unit"]) == (None, "count")
    assert 'shown with "$", a sign of several currencies: state the unit' in text


def test_an_import_asks_where_only_some_cells_are_percentages(project: ProjectCopy) -> None:
    path = project.root.parent / "late.xlsx"
    path.write_bytes(workbook({**FORMATS, "Late": ("0.0%", "General")}, ROWS))
    assert project.run("import", str(path), "--as", "operator").status == 0
    text = project.read("seeds/operator.yaml")
    assert "only some of the cells are shown as percentages" in text
    assert "factor" not in yaml.safe_load(text)["datasets"][0]["columns"]["late"]


@pytest.mark.parametrize(
    ("header", "formats", "column", "comment"),
    [
        ("Debt (€m)", ("#,##0.0,,",), {"unit": "EUR"}, "shown divided by 1,000,000, and stored in full"),
        ("Debt (€m)", ("#,##0.0,",), {"unit": "EUR", "factor": 1000}, "shown divided by 1,000, and stored in full"),
        ("Debt (€m)", ("#,##0.0,,", "0"), {"unit": "EUR", "factor": None}, "write one factor for all stored numbers"),
        ("Debt (€m)", ("0.0",), {"unit": "EUR", "factor": 1000000}, "unit and factor guessed from the header"),
        (
            "Debt (€m)",
            ("[$€-407] 0.00",),
            {"unit": "EUR", "factor": 1000000},
            "unit and factor guessed from the header",
        ),
        ("Debt (USD)", ("[$€-407] 0",), {"unit": None}, "the header says USD, but cells are shown in EUR"),
        ("Debt", ("[$€-407] 0", "[$$-409] 0"), {"unit": None}, 'with "EUR" and "USD": give each currency a column'),
        ("Debt", ("[$€-407] 0", "0"), {"unit": "EUR", "decimals": 0}, "guessed from the format of the cells: EUR"),
        ("Debt", ("0.0",), {"unit": "count", "decimals": 1}, "decimals from the format of the cells"),
        ("Debt", ("0.000",), {"unit": "count"}, "because the header states none"),
        ("Debt", ('0.00"%"',), {"unit": "percent", "factor": 1}, "the stored number with a percent sign"),
        ("Debt (%)", ('0.00"%"',), {"unit": "percent", "factor": 1}, "the stored number with a percent sign"),
        ("Debt", ('#,##0.00" MWh"',), {"unit": "MWh"}, "guessed from the format of the cells: MWh"),
        ("Debt", ('#,##0.00" MWh"', "0.00"), {"unit": None}, 'shown with "MWh": write the unit or count'),
        (
            "Debt",
            ('0.0" Mio. €"',),
            {"unit": "EUR", "factor": 1_000_000},
            'the format of the cells: "EUR" and "Mio."',
        ),
        ("Debt", ('0.0,," Mio. €"',), {"unit": "EUR"}, "shown divided by 1,000,000, and stored in full"),
        ("Debt", ('0.0" Mio. €"', '0.0" €"'), {"unit": None}, 'with "EUR" and "Mio.": write the unit, and a factor'),
        ("Debt", ('0.0," kW"',), {"unit": None}, 'shown with "kW": write the unit or count, and a factor'),
        ("Debt", ('0.00" Stk"',), {"unit": None}, 'shown with "Stk": write the unit or count'),
    ],
)
def test_an_import_reads_what_formats_add_to_a_header(
    project: ProjectCopy, header: str, formats: tuple[str, ...], column: dict[str, object], comment: str
) -> None:
    rows: list[dict[str, object]] = [{"City": "Ulm", header: 12345678.25}, {"City": "Au", header: 2345678.5}]
    path = project.root.parent / "debt.xlsx"
    path.write_bytes(workbook({"City": ("",), header: formats}, rows))
    assert project.run("import", str(path), "--as", "operator").status == 0
    text = project.read("seeds/operator.yaml")
    assert yaml.safe_load(text)["datasets"][0]["columns"]["debt"] == {"header": header} | column
    assert comment in text


def read(data: bytes, column: DatasetColumn, file: str = "data/a.xlsx") -> tuple[DatasetTable | None, DiagnosticSink]:
    sink = DiagnosticSink()
    described = Dataset(id=Slug("a"), file=file, key=(Ref("Line"), Ref("Month")), columns={Slug("late"): column})
    return read_table(described, data, sink), sink


@pytest.mark.parametrize(
    ("column", "formats", "found"),
    [
        (DatasetColumn(unit="percent", factor=Decimal(100)), ("0.0%",), []),
        (DatasetColumn(unit="percent", factor=Decimal(1)), ("0.0%",), [("error", "data/a.xlsx!Monthly!C2")]),
        (DatasetColumn(), ("0.0%",), [("warning", "data/a.xlsx!Monthly!C2")]),
        (DatasetColumn(unit="percent", factor=Decimal(100)), ("0%", ""), [("warning", "data/a.xlsx!Monthly!C3")]),
        (DatasetColumn(unit="percent", factor=Decimal(1)), ("0.0",), []),
        (DatasetColumn(unit="percent", factor=Decimal(1)), ('0.0"%"',), []),
        (DatasetColumn(unit="percent", factor=Decimal(100)), ('0.0"%"',), [("error", "data/a.xlsx!Monthly!C2")]),
    ],
)
def test_a_format_that_contradicts_the_column_is_reported(
    column: DatasetColumn, formats: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    table, sink = read(workbook({**FORMATS, "Late": formats}, ROWS), column)
    assert [(str(each.severity), str(each.location)) for each in sink.found] == found
    assert {each.code for each in sink.found} <= {"percent-factor"}
    assert (table is None) == any(severity == "error" for severity, _ in found)


@pytest.mark.parametrize(
    ("column", "code", "is_reported"),
    [
        (DatasetColumn(unit="EUR"), "[$€-407] 0.00", False),
        (DatasetColumn(unit="EUR/km"), "[$€-407] 0.00", False),
        (DatasetColumn(unit="USD"), "[$€-407] 0.00", True),
        (DatasetColumn(), "[$€-407] 0.00", True),
        (DatasetColumn(unit="EUR"), "0.0,,", False),
        (DatasetColumn(unit="EUR", factor=Decimal(1_000_000)), "0.0,,", True),
        (DatasetColumn(unit="EUR", factor=Decimal(1_000_000)), "0.0", False),
        (DatasetColumn(unit="EUR"), '0.0" Mio. €"', True),
        (DatasetColumn(unit="EUR", factor=Decimal(1_000_000)), '0.0" Mio. €"', False),
        (DatasetColumn(unit="EUR"), '0.0,," Mio. €"', False),
        (DatasetColumn(unit="EUR"), '0.0" m"', True),
        (DatasetColumn(unit="TWD", factor=Decimal(100_000_000)), '0.0"億元"', False),
        (DatasetColumn(unit="TWD"), '0.0"億元"', True),
        (DatasetColumn(unit="person"), '0.0" Mio."', True),
        (DatasetColumn(unit="kWh"), '0.0" MWh"', True),
        (DatasetColumn(unit="kWh", factor=Decimal(1_000)), '0.0" MWh"', False),
        (DatasetColumn(unit="kWh", factor=Decimal(1_000)), '0.0" kWh"', True),
        (DatasetColumn(unit="kilowatt-hour"), '0.0" kWh"', False),
        (DatasetColumn(unit="kWh/km"), '0.0" kWh"', False),
        (DatasetColumn(unit="tCO2e"), '0.0" t"', False),
        (DatasetColumn(unit="m2"), '0.0" m²"', False),
        (DatasetColumn(unit="percentage-point", factor=Decimal(1)), '0.0" pp"', False),
        (DatasetColumn(), '0.0" MWh"', True),
        (DatasetColumn(unit="kW"), '0.0," kW"', True),
        (DatasetColumn(unit="W"), '0.0," kW"', False),
        (DatasetColumn(unit="patient"), '0"名"', False),
        (DatasetColumn(unit="kWh"), '0" Stk"', False),
    ],
)
def test_cells_shown_in_another_unit_or_in_millions_are_reported(
    column: DatasetColumn, code: str, *, is_reported: bool
) -> None:
    table, sink = read(workbook({**FORMATS, "Late": (code,)}, ROWS), column)
    assert table is not None
    assert [(each.code, str(each.location)) for each in sink.found] == (
        [("cell-format", "data/a.xlsx!Monthly!C2")] if is_reported else []
    )


@pytest.mark.parametrize(
    ("kind", "value", "shown", "said"),
    [
        ("currency", "1234", "1,234 €", CellFormat(currency="EUR")),
        ("currency", "1.234", "1,234 €", CellFormat(currency="EUR", decimals=3)),
        ("currency", "12345678", "12,3 €", CellFormat(currency="EUR", decimals=1, divisor=1_000_000)),
        ("float", "1234567", "1.235", CellFormat(divisor=1_000)),
        ("float", "1234567", "1 234 567", None),
        ("float", "0.5", "0,50", CellFormat(decimals=2)),
        ("float", "12.3", "12,3 MWh", CellFormat(affix="MWh", decimals=1)),
        ("float", "-1200", "−1 200 km²", CellFormat(affix="km²")),
        ("float", "12.3", "(12.3 kg)", CellFormat(affix="kg", decimals=1)),
        ("float", "12300000", "12,3 Mio.", CellFormat(affix="Mio.", decimals=1, divisor=1_000_000)),
        ("float", "12.5", "12.5 m2", CellFormat(affix="m2", decimals=1)),
        ("float", "12.5", "EUR 12.50", CellFormat(affix="EUR", decimals=2)),
        ("float", "12.5", "12.50 EUR", CellFormat(affix="EUR", decimals=2)),
        ("float", "12", "第12号", CellFormat(affix="第 号")),
        ("float", "1200", "1.20E+03", None),
        ("float", "0.5", "1/2", None),
        ("float", "1.5", "1 1/2", None),
        ("currency", "12.3", "12,3 Mio. €", CellFormat(currency="EUR", affix="Mio.", decimals=1)),
        ("percentage", "0.1235", "12,4 %", CellFormat(is_percent=True, decimals=1)),
        ("float", "", "", None),
        ("date", "2026-01-31", "01/2026", CellFormat(is_month=True)),
        ("date", "2026-01-31", "janv. 2026", CellFormat(is_month=True)),
        ("date", "2026-01-31", "Jan 26", CellFormat(is_month=True)),
        ("date", "2026-01-31", "2026年1月", CellFormat(is_month=True)),
        ("date", "2026-01-31", "2026", CellFormat(is_year=True)),
        ("date", "2026-01-31", "31. Januar 2026", None),
        ("date", "2026-01-31", "31 janv.", None),
        ("date", "2026-01-31", "2026年1月31日", None),
    ],
)
def test_an_ods_cell_says_what_is_beside_its_number_and_by_what_it_is_divided(
    kind: str, value: str, shown: str, said: CellFormat | None
) -> None:
    assert infer_ods_format(kind, value, "EUR" if kind == "currency" else "", shown) == said


def test_a_date_shown_as_a_month_is_a_month() -> None:
    table, sink = read(workbook(FORMATS, ROWS), DatasetColumn(unit="percent", factor=Decimal(100)))
    assert not sink.found
    assert table is not None
    assert list(table.rows) == ["7,2026-03", "12,2026-04"]
    assert [row.figures[0] for row in table.rows.values()] == [Decimal("12.5"), Decimal("4.37")]


@pytest.mark.parametrize(
    ("cell", "column", "found"),
    [
        ("percentage 0.125 12,5 %", DatasetColumn(unit="percent", factor=Decimal(1)), "percent-factor"),
        ("float 12.5 12,5 MWh", DatasetColumn(unit="kWh"), "cell-format"),
        ("float 12.5 12,5 Mio. €", DatasetColumn(unit="EUR"), "cell-format"),
    ],
)
def test_an_ods_cell_says_what_it_shows(cell: str, column: DatasetColumn, found: str) -> None:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    texts = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    kind, stored, shown = cell.split(maxsplit=2)
    written = f'<table:table-cell office:value-type="{kind}" office:value="{stored}"><text:p>{shown}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cells}</table:table-row>"
        for cells in (
            "".join(map(texts.format, ("Line", "Month", "Late"))),
            "".join(map(texts.format, ("7", "2026-03"))) + written,
        )
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Monthly">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    _, sink = read(stream.getvalue(), column, "data/a.ods")
    assert [(each.code, str(each.location)) for each in sink.found] == [(found, "data/a.ods!Monthly!C2")]


@pytest.mark.parametrize("shown", ["hh:mm:ss", "[h]:mm:ss", "mm:ss.0", '[m] "min"', "h:mm AM/PM"])
@pytest.mark.parametrize("days", [0.0, 450 / 86400, 450.5 / 86400, 1.0, 1.5])
def test_a_duration_in_a_cell_is_refused_with_the_cure(shown: str, days: float) -> None:
    data = workbook({"stop": ("",), "wait": (shown,)}, [{"stop": "Harbour", "wait": days}])
    described = Dataset(
        id=Slug("waits"), file="data/a.xlsx", key=(Ref("stop"),), columns={Slug("wait"): DatasetColumn(unit="minute")}
    )
    sink = DiagnosticSink()
    assert read_table(described, data, sink) is None
    (found,) = sink.found
    assert (found.code, str(found.location)) == ("bad-number", "data/a.xlsx!Monthly!B2")
    assert "write durations in one unit" in (found.hint or "")
