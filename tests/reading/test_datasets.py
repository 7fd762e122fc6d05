"""Datasets: what is read of CSV files and workbooks, and where what cannot be read is reported."""

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
import xlsxwriter
import yaml
from bus_workbook import PROJECT, bus_workbook, small_bus_workbook
from jsonschema import Draft202012Validator
from projects import SEED, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn, DatasetTable
from brief.model.source_location import UNKNOWN_LOCATION, Ref, Slug, SourceLocation
from brief.reading.schema import build_schema
from brief.reading.tables import sheets
from brief.reading.tables.dataset_reader import read_table
from brief.reading.tables.workbook import read_first_sheet
from brief.reading.tables.written_numbers import suggest_number

PLAIN = "route,month,riders,income\n7,2026-03,1200,0.1\n12,2026-03,,87.50\n"


def dataset(file: str = "data/fleet.csv", **given: object) -> Dataset:
    columns = {Slug("riders"): DatasetColumn(), Slug("income"): DatasetColumn(unit="CNY")}
    wanted = {"key": (Ref("route"), Ref("month")), "columns": columns, **given}
    return Dataset(id=Slug("fleet"), file=file, **wanted)  # type: ignore[arg-type]  # as the test gives them


def read(data: bytes | str, described: Dataset | None = None) -> tuple[DatasetTable | None, DiagnosticSink]:
    sink = DiagnosticSink()
    return read_table(described or dataset(), data.encode() if isinstance(data, str) else data, sink), sink


def figures(table: DatasetTable | None) -> dict[str, list[str | None]]:
    assert table is not None
    return {key: [None if f is None else str(f) for f in row.figures] for key, row in table.rows.items()}


def workbook(cells: Mapping[str, object], merged: str = "", hidden: bool = False) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Monthly")
        for cell, value in cells.items():
            if isinstance(value, tuple):
                sheet.write_formula(cell, value[0], None, value[1])
            else:
                sheet.write(cell, value)
        if merged:
            sheet.merge_range(merged, "7")
        if hidden:
            book.add_worksheet("Front").activate()
            sheet.hide()
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=|\r\n" + PLAIN.replace(",", "|").replace("\n", "\r\n"),
        PLAIN.replace("7,2026", '"7","2026').replace("-03,1200", '-03",1200'),
        "\n" + PLAIN + "\n,,,\n",
    ],
)
def test_every_way_of_writing_csv_gives_the_figures_as_written(data: str) -> None:
    table, sink = read(data)
    assert figures(table) == {"7,2026-03": ["1200", "0.1"], "12,2026-03": [None, "87.50"]}
    assert not sink.found


def test_a_decimal_comma_is_read_where_the_record_says_so() -> None:
    german = PLAIN.replace(",", ";").replace(".", ",")
    table, _ = read(german, dataset(decimal=","))
    assert figures(table)["12,2026-03"] == [None, "87.50"]
    assert [found.code for found in read(german)[1].found] == ["bad-number", "bad-number"]


@pytest.mark.parametrize(
    ("cell", "cure"),
    [
        ("42:15", "42:15 is 42.25 minutes"),
        ("1:38:07", "1:30:00 is 1.5 hours"),
        ("<5", "qualifier: under"),
        ("≥ 0.3", "qualifier: under"),
        ("11.7–13.4", "two columns"),
        ("-2 to 3", "two columns"),
        ("3-5 min", "two columns"),
        ("7'30\"", "42:15 is 42.25 minutes"),
        ("7 min 30 s", "42:15 is 42.25 minutes"),
        ("7分30秒", "42:15 is 42.25 minutes"),
        ("5 ± 0.3", "into other columns"),
        ("5.2 (4.1–6.3)", "into other columns"),
        ("7.5 min", "write 7.5, and the unit"),
        ("n.s.", "or leave the cell empty"),
    ],
)
def test_a_cell_with_something_like_a_figure_gets_its_own_cure(cell: str, cure: str) -> None:
    _, sink = read(PLAIN.replace("1200", cell, 1))
    (found,) = sink.found
    assert (found.code, cure in (found.hint or "")) == ("bad-number", True)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_other_encodings_are_refused_with_the_cure(encoding: str) -> None:
    table, sink = read(("城市," + PLAIN).encode(encoding))
    assert table is None
    (found,) = sink.found
    assert found.code == "encoding"
    assert found.hint is not None
    assert "UTF-8" in found.hint


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("1200", "n/a", 2, "in column 'riders', 'n/a' is not a number"),
        ("1200", '"1,200"', 2, "in column 'riders', '1,200' is not a number"),
        ("87.50", "87%", 3, "in column 'income', '87%' is not a number"),
        ("87.50", "1e20", 3, "'1e20' is out of range"),
        ("12,2026", "7,2026", 3, "the key '7,2026-03' is used twice"),
        ("12,2026", ",2026", 3, "the key column 'route' is empty"),
        ("0.1", '0"1', 2, ""),
    ],
)
def test_a_bad_line_of_csv_is_named(old: str, new: str, line: int, message: str) -> None:
    table, sink = read(PLAIN.replace(old, new, 1))
    found = sink.found[0]
    if table is not None:
        pytest.fail(f"{new} was read as {table}")
    assert found.location == SourceLocation("data/fleet.csv", line, 1)
    assert message in found.message


def test_a_missing_column_is_reported_with_what_it_may_be_called() -> None:
    _, sink = read(PLAIN.replace("riders", "ridders"))
    assert [(found.code, found.hint) for found in sink.found] == [("unknown-column", "did you mean 'ridders'?")]


def test_a_workbook_gives_what_its_cells_show() -> None:
    data = workbook(
        {"A1": "route", "B1": "month", "C1": "riders", "D1": "income"}
        | {"A2": 7, "B2": "2026-03", "C2": ("=600*2", 1200), "D2": 0.1 + 0.2}
    )
    table, sink = read(data, dataset("data/fleet.xlsx"))
    assert figures(table) == {"7,2026-03": ["1200", "0.3"]}
    assert not sink.found


def test_an_open_document_gives_what_its_cells_hold() -> None:
    texts = (f'<c office:value-type="string"><text:p>{text}</text:p></c>' for text in ("route", "month", "riders"))
    values = (
        '<c office:value-type="string"><text:p>7</text:p></c>',
        '<c office:value-type="date" office:date-value="2026-03-01"/>',
    )
    figure = '<c table:formula="of:=600*2" office:value-type="float" office:value="1200.1"/>'
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in (texts, (*values, figure)))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='Monthly'>"
        f"{rows.replace('<c', '<table:table-cell').replace('</c>', '</table:table-cell>')}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content.encode()}
        for name, part in parts.items():
            archive.writestr(name, part)
    table, sink = read(stream.getvalue(), dataset("data/fleet.ods", columns={Slug("riders"): DatasetColumn()}))
    assert not sink.found
    assert figures(table) == {"7,2026-03": ["1200.1"]}


def test_a_bad_cell_of_a_workbook_is_named_by_sheet_and_cell(project: ProjectCopy) -> None:
    add_dataset(project, bus_workbook({"F17": "n/a", "F20": True}))
    status, found = project.check()
    assert status == 1
    assert [(f.file, f.message) for f in found] == [
        ("data/fleet.xlsx!Monthly!F17", "'n/a' is not a number"),
        ("data/fleet.xlsx!Monthly!F20", "'TRUE' is not a number"),
    ]
    assert "data/fleet.xlsx!Monthly!F17: error[bad-number]: 'n/a' is not a number" in project.run("check").stdout


def test_merged_cells_and_hidden_sheets_are_reported() -> None:
    cells = {"A1": "route", "B1": "month", "C1": "riders", "D1": "income", "B2": "2026-03", "C2": 5}
    described = dataset("data/fleet.xlsx", sheet="Monthly")
    table, sink = read(workbook({**cells, "B3": "2026-04"}, merged="A2:A3", hidden=True), described)
    assert table is None
    assert [(str(found.location), found.code, found.severity) for found in sink.found] == [
        ("data/fleet.xlsx!Monthly", "hidden-sheet", "warning"),
        ("data/fleet.xlsx!Monthly!A2", "merged-cells", "warning"),
        ("data/fleet.xlsx!Monthly!A3", "dataset-key", "error"),
    ]


def test_a_range_limits_what_is_read() -> None:
    cells = {"B3": "route", "C3": "month", "D3": "riders", "E3": "income", "B4": "7", "C4": "2026-03", "D4": 5, "E4": 6}
    noisy = {**cells, "A1": "Title", "B6": "Total", "D6": "all"}
    table, sink = read(workbook(noisy), dataset("data/fleet.xlsx", range="B3:E4"))
    assert not sink.found
    assert table is not None
    assert table.locate_cell(table.rows["7,2026-03"], table.columns[1]) == SourceLocation("data/fleet.xlsx!Monthly!E4")
    _, sink = read(workbook(noisy), dataset("data/fleet.xlsx", range="3B:E4"))
    assert [found.code for found in sink.found] == ["bad-range"]


def test_a_percentage_of_a_workbook_says_how_it_is_stored() -> None:
    data = workbook({"A1": "route", "B1": "punctual", "A2": "7", "B2": 0.123})
    for factor, shown in ((None, None), (Decimal(100), "12.300"), (Decimal(1), "0.123")):
        columns = {Slug("punctual"): DatasetColumn(unit="percent", factor=factor)}
        table, sink = read(data, dataset("data/fleet.xlsx", key=(Ref("route"),), columns=columns))
        if shown is None:
            assert [found.code for found in sink.found] == ["percent-factor"]
        else:
            assert table is not None
            assert table.rows["7"].figures == (Decimal(shown),)


@pytest.mark.parametrize(
    ("cells", "is_clear"),
    [
        (("0.45", "0.3"), False),
        (("-0,45", ""), False),
        (("0.05", "1"), False),
        (("0.45", "3.2"), True),
        (("0.45%", "0.3 %"), True),
        (("0", "1"), True),
    ],
)
def test_small_percentages_of_a_csv_file_say_how_they_are_stored(cells: tuple[str, str], is_clear: bool) -> None:
    text = "route;punctual\n7;{}\n12;{}\n".format(*cells)
    for factor in (None, Decimal(1), Decimal(100)):
        columns = {Slug("punctual"): DatasetColumn(unit="percent", factor=factor)}
        table, sink = read(text, dataset(key=(Ref("route"),), columns=columns, decimal="," if "," in text else "."))
        if factor is None and not is_clear:
            assert [(found.code, found.location.line) for found in sink.found] == [("percent-factor", 2)]
        elif not (factor == 100 and "%" in text):
            assert table is not None
    points = {Slug("punctual"): DatasetColumn(unit="percentage-point")}
    text = text.replace("%", "")
    assert read(text, dataset(key=(Ref("route"),), columns=points, decimal="," if "," in text else "."))[0] is not None


@pytest.mark.parametrize(
    ("file", "data", "code"),
    [
        ("fleet.csv", PLAIN, "dataset-file"),
        ("data/../seeds/fleet.csv", PLAIN, "dataset-file"),
        ("data/fleet.txt", PLAIN, "dataset-file"),
        ("data/none.csv", None, "dataset-file"),
        ("data/fleet.xlsx", "PK", "bad-workbook"),
        ("data/fleet.xlsx", small_bus_workbook(), "unknown-sheet"),
        ("data/fleet.csv", "", "empty-dataset"),
    ],
    # A workbook holds the time at which it was made, and every worker must name the tests alike.
    ids=["beside", "outside", "suffix", "missing", "bad-workbook", "unknown-sheet", "empty-dataset"],
)
def test_a_file_that_cannot_be_used_is_refused(
    project: ProjectCopy, file: str, data: str | bytes | None, code: str
) -> None:
    add_dataset(project, data, file, sheet=None)
    status, found = project.check()
    assert status == 1
    # A file outside of data/ is one that nothing reads, too.
    assert [f.code for f in found if f.code != "unused-file"] == [code]


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        (
            "reader-survey/fleeet[route-07,2026-03].riders",
            "unknown dataset 'reader-survey/fleeet'",
            "reader-survey/fleet",
        ),
        ("reader-survey/fleet[rout-07,2026-03].riders", "no row 'rout-07,2026-03'", "route-07,2026-03"),
        ("reader-survey/fleet[route-07,2026-03].rider", "no column of figures 'rider'", "riders"),
        (
            "reader-survey/fleet[route-07].riders",
            "no row 'route-07'",
            "give route and month, as in [harbour-shuttle,2024-04]",
        ),
    ],
)
@pytest.mark.parametrize("form", ["{%s}", "[@%s]"])
def test_a_cell_that_does_not_exist_is_reported_with_the_nearest(
    project: ProjectCopy, cell: str, message: str, hint: str, form: str
) -> None:
    add_dataset(project, small_bus_workbook())
    old = "Example City Transport counted"
    where = project.replace(THEME, old, "▸".join((f"{old} ", form % cell)))
    _, found = project.check()
    unknown = [f for f in found if f.code == "unknown-cell"]
    assert [f.where for f in unknown] == [where]
    assert message in unknown[0].message
    assert hint in unknown[0].hint


def test_an_empty_cell_is_not_printed(project: ProjectCopy) -> None:
    data = PLAIN.replace("route,month", "Route,Month").replace("income", "fares")
    add_dataset(project, data, "data/fleet.csv", sheet=None)
    project.replace(THEME, "Transport counted", "Transport counted {reader-survey/fleet[12,2026-03].riders}")
    _, found = project.check()
    assert "the cell 'reader-survey/fleet[12,2026-03].riders' is empty: data/fleet.csv:3:1" in [
        f.message for f in found
    ]


def test_an_unknown_unit_of_a_column_is_reported(project: ProjectCopy) -> None:
    add_dataset(project, small_bus_workbook())
    project.replace(SEED, "riders: count", "riders: furlongs")
    _, found = project.check()
    assert [(f.code, f.file) for f in found] == [("unknown-unit", SEED)]


@pytest.mark.parametrize("kind", ["table", "chart"])
def test_an_unknown_unit_of_a_column_in_a_block_is_reported(project: ProjectCopy, kind: str) -> None:
    add_dataset(project, small_bus_workbook())
    project.replace(SEED, "riders: count", "riders: furlongs")
    words = "{en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}"
    shown = f"columns: [{{column: route, title: {words}}}, {{column: riders, title: {words}}}]"
    if kind == "chart":
        shown = f"chart: bars, category: route, series: [{{column: riders, title: {words}}}]"
    block = f"  - {{kind: {kind}, id: lines, title: {words}, from: reader-survey/fleet, where: {{month: 2026-03}}, {shown}}}\n"
    if kind == "chart":
        block = block.replace("from:", f"description: {words}, from:")
    project.write(THEME, project.read(THEME).rstrip("\n") + f"\n{block}")
    _, found = project.check()
    assert [(f.code, f.file) for f in found if f.severity == "error"] == [("unknown-unit", SEED)]


def test_locales_that_print_other_cells_are_reported(project: ProjectCopy) -> None:
    add_dataset(project, small_bus_workbook())
    name = "reader-survey/fleet[route-07,2026-03].riders"
    project.replace(THEME, "Example City Transport counted", f"Example City Transport counted {{{name}}} and")
    _, found = project.check()
    assert [f.code for f in found] == ["reference-mismatch", "reference-mismatch"]
    assert f"lacks {{{name}}}" in found[0].message


def add_dataset(
    project: ProjectCopy, data: str | bytes | None, file: str = "data/fleet.xlsx", sheet: str | None = "Monthly"
) -> None:
    """Gives the source of the starter a dataset."""
    lines = ["datasets:", "  - id: fleet", f"    file: {file}", *([f"    sheet: {sheet}"] if sheet else [])]
    lines += ["    key: [route, month]", "    columns:", "      riders: count"]
    project.write(SEED, project.read(SEED) + "\n".join(lines) + "\n")
    if data is not None:
        project.write(file, data)


def test_the_schema_knows_datasets() -> None:
    node = yaml.safe_load((PROJECT / "seeds/bus-ledger.yaml").read_text("utf-8"))
    schema = Draft202012Validator(build_schema("source"))
    assert schema.is_valid(node)
    node["datasets"][0]["shet"] = "Monthly"
    assert not schema.is_valid(node)


ERRORS = {"=1/0": "#DIV/0!", "=NA()": "#N/A", "=A1+B9:C9": "#VALUE!", "=Old!A1": "#REF!", "=SPIL()": "#NAME?"}


@pytest.mark.parametrize("formula", ERRORS)
def test_a_failed_formula_is_no_empty_cell(formula: str) -> None:
    table, sink = read(workbook({**SHEET, "C3": (formula, ERRORS[formula])}), dataset("data/fleet.xlsx"))
    assert table is None
    (found,) = sink.found
    assert (str(found.location), found.code) == ("data/fleet.xlsx!Monthly!C3", "bad-number")
    assert found.message == f"'{ERRORS[formula]}' is not a number"


def test_a_failed_formula_that_names_a_row_is_refused() -> None:
    table, sink = read(workbook({**SHEET, "A3": ("=1/0", "#DIV/0!")}), dataset("data/fleet.xlsx"))
    assert table is None
    assert [(str(found.location), found.code) for found in sink.found] == [
        ("data/fleet.xlsx!Monthly!A3", "dataset-key")
    ]


@pytest.mark.parametrize("result", [0, ""])
def test_a_formula_that_no_program_has_calculated_is_refused(result: object) -> None:
    """Libraries that write workbooks do not calculate; their formulas have no result, or zero."""
    table, sink = read(workbook({**SHEET, "D3": ("=C3*2", result)}), dataset("data/fleet.xlsx"))
    assert table is None
    (found,) = sink.found
    assert str(found.location) == "data/fleet.xlsx!Monthly!D3"
    assert (found.message, found.hint) == (
        "the cell contains a formula without a result",
        "open the workbook in a spreadsheet program, and save it",
    )


def test_a_zero_that_was_calculated_is_read() -> None:
    data = _change_part(workbook({**SHEET, "D3": ("=C3*0", 0)}), "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    table, sink = read(data, dataset("data/fleet.xlsx"))
    assert figures(table)["12,2026-03"] == ["90", "0"]
    assert not sink.found


def test_hidden_rows_and_columns_are_reported() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Monthly")
        for cell, value in {**SHEET, "E1": "own", "E2": 1, "E3": 2}.items():
            sheet.write(cell, value)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.set_column("D:E", None, None, {"hidden": True})
    table, sink = read(stream.getvalue(), dataset("data/fleet.xlsx"))
    assert len(figures(table)) == 2
    assert [(found.code, str(found.location), found.message) for found in sink.found] == [
        ("hidden-cells", "data/fleet.xlsx!Monthly", "row 3 is hidden, and read like all others"),
        ("hidden-cells", "data/fleet.xlsx!Monthly", "column D is hidden, and read like all others"),
    ]


def test_an_open_document_reports_errors_and_hidden_rows() -> None:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'

    def text(said: str, **more: str) -> str:
        given = "".join(f' {key.replace("_", ":")}="{value}"' for key, value in more.items())
        return f'<table:table-cell office:value-type="string"{given}><text:p>{said}</text:p></table:table-cell>'

    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    failed = text("#DIV/0!", table_formula="of:=1/0", office_string="")
    rows = (
        "<table:table-row>" + text("route") + text("riders") + "</table:table-row>",
        '<table:table-row table:visibility="filter">' + text("7") + number.format(5) + "</table:table-row>",
        "<table:table-row>" + text("8") + failed.replace("office:string", "office:string-value") + "</table:table-row>",
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Front"><table:table-row table:visibility="collapse">{text("x")}</table:table-row>'
        f'</table:table><table:table table:name="Monthly">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
        )
        archive.writestr("content.xml", content)
    described = dataset(
        "data/fleet.ods", sheet="Monthly", key=(Ref("route"),), columns={Slug("riders"): DatasetColumn()}
    )
    table, sink = read(stream.getvalue(), described)
    assert table is None
    assert [(found.code, str(found.location)) for found in sink.found] == [
        ("hidden-cells", "data/fleet.ods!Monthly"),
        ("bad-number", "data/fleet.ods!Monthly!B3"),
    ]


def _change_part(workbook: bytes, name: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(stream, "w") as after:
        for entry in before.infolist():
            held = before.read(entry)
            if entry.filename == name:
                assert old in held
                held = held.replace(old, new)
            after.writestr(entry.filename, held)
    return stream.getvalue()


SHEET = {
    **dict(zip(("A1", "B1", "C1", "D1"), ("route", "month", "riders", "income"), strict=True)),
    **dict(zip(("A2", "B2", "C2", "D2"), (7, "2026-03", 1200, 0.5), strict=True)),
    **dict(zip(("A3", "B3", "C3", "D3"), (12, "2026-03", 90, 87.5), strict=True)),
}

# A figure as a file may hold it, the decimal mark that the record names, and what is read; None is refused.
WRITTEN = [
    ("1234.5", None, "1234.5"),
    ("\u22121234.5", None, "-1234.5"),
    ("1,234.5", None, None),
    ("1,234.5", ".", "1234.5"),
    ("1,234,567.50", ".", "1234567.50"),
    ("12,34.5", ".", None),
    ("1 234.5", ".", "1234.5"),
    ("1\u00a0234.5", ".", "1234.5"),
    ("1\u202f234\u202f567", ".", "1234567"),
    ("1'234.5", ".", "1234.5"),
    ("1\u2019234", None, "1234"),
    ("1'234'567.80", None, "1234567.80"),
    ("-1'234.5", None, "-1234.5"),
    ("1'234\u2019567", None, None),
    ("1'23", None, None),
    ("1'234,5", None, None),
    ("1'234,5", ",", "1234.5"),
    ("12,34,567", None, "1234567"),
    ("\u22121,00,000.5", None, "-100000.5"),
    ("12,34,567.8", ".", "1234567.8"),
    ("12,34,567", ",", None),
    ("12,34,56", ".", None),
    ("123,45,678", None, None),
    ("0,12,345", ".", None),
    ("1.234,5", ",", "1234.5"),
    ("1.234", ",", "1234"),
    ("1.2345", ",", None),
    ("-2,50", ",", "-2.50"),
    ("1.234.567", ",", "1234567"),
    ("1.234 567", ",", None),
    ("1,2,3", ",", None),
    ("0,125", ".", None),
    ("-0.250", ",", None),
    ("01,234.5", ".", None),
    ("(5)", None, None),
    ("12%", None, None),
    ("n/a", None, None),
    ("-", None, None),
    ("TRUE", None, None),
    ("\uff11\uff12", None, None),
    ("#DIV/0!", None, None),
    ("0x1F", None, None),
    ("NaN", None, None),
    (".5", ".", None),
    ("5,", ",", None),
]


@pytest.mark.parametrize(("text", "decimal", "wanted"), WRITTEN)
def test_a_figure_is_read_as_its_file_means_it_or_refused(text: str, decimal: str | None, wanted: str | None) -> None:
    table, sink = read(PLAIN.replace(",", "\t").replace("0.1", "1").replace("87.50", text), dataset(decimal=decimal))
    if wanted is None:
        assert table is None
        assert {found.code for found in sink.found} == {"bad-number"}
        assert all(found.hint and "in column" in found.message for found in sink.found)
    else:
        assert figures(table)["12,2026-03"][1] == wanted
        assert not sink.found


@pytest.mark.parametrize(
    ("cells", "is_clear"),
    [(("1.234", "2.500"), False), (("1.234", "2.5"), True), (("0.125", "0.250"), True), (("12.345.678", "1"), False)],
)
def test_points_that_may_separate_thousands_are_refused(cells: tuple[str, str], is_clear: bool) -> None:
    """A program whose decimal mark is the comma separates columns by semicolons, and may separate thousands by points."""
    text = "route;month;riders;income\n7;2026-03;1;{}\n12;2026-03;2;{}\n".format(*cells)
    table, sink = read(text)
    assert (table is not None) is is_clear
    if not is_clear:
        assert sink.found[0].hint == 'write decimal: "," if points separate thousands, otherwise decimal: "."'
        assert read(text, dataset(decimal=","))[0] is not None
    assert read(text.replace(";", ","))[0] is not None or "." in cells[0][3:]


@pytest.mark.parametrize(
    ("cells", "is_clear"),
    [
        (("412300", "431.600"), False),
        (("-412300", "431.600"), False),
        (("412300", "431.6"), True),
        (("412300", "0.600"), True),
        (("4123", "431600"), True),
        (("412", "431.600"), True),
        (("1.085", "1.102"), True),
    ],
)
def test_points_beside_thousands_without_separators_are_refused(cells: tuple[str, str], is_clear: bool) -> None:
    """Among 412300 and the like, 431.600 may be a thousand times as much."""
    text = "route,month,riders,income\n7,2026-03,1,{}\n12,2026-03,2,{}\n".format(*cells)
    table, sink = read(text)
    assert (table is not None) is is_clear
    if not is_clear:
        assert [(found.code, found.location.line) for found in sink.found] == [("bad-number", 3)]
        assert read(text, dataset(decimal="."))[0] is not None


@pytest.mark.parametrize("name", ["Total", "TOTAL:", "Summe", "合计", "合計", "総計", "Sous-total"])
def test_a_row_that_adds_up_others_is_reported(name: str) -> None:
    table, sink = read(PLAIN + f"{name},2026-03,1200,87.60\n")
    assert table is not None
    assert [(found.code, found.severity, found.location.line) for found in sink.found] == [("total-row", "warning", 4)]


@pytest.mark.parametrize(
    "name", ["Source: office", "* provisional", "Quelle: Amt", "¹ estimated", "注：初步数字", "(Note: x)"]
)
def test_a_note_below_a_table_is_reported(name: str) -> None:
    table, sink = read(PLAIN + f"{name},2026-03,,\n")
    assert table is not None
    assert [(found.code, found.severity, found.location.line) for found in sink.found] == [("note-row", "warning", 4)]


@pytest.mark.parametrize(
    "row", ["Source: office,2026-03,5,", "Notting Hill,2026-03,,", "Sources of the Rhine,2026-03,,"]
)
def test_a_row_with_a_figure_or_another_name_is_no_note(row: str) -> None:
    assert not read(PLAIN + f"{row}\n")[1].found


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    """A comma within a figure without quotes would cut the figure."""
    table, sink = read(PLAIN.replace("1200", "1,200"))
    assert table is None
    assert [(found.code, found.location.line) for found in sink.found] == [("ragged-row", 2)]


@pytest.mark.parametrize("cell", ["12,5 %", "12,5%", "12,5\u00a0%", "12,5"])
def test_a_percent_sign_is_read_in_a_column_of_percentages(cell: str) -> None:
    text = f"route;month;riders;income\n7;2026-03;1;{cell}\n"
    percent = {Slug("riders"): DatasetColumn(), Slug("income"): DatasetColumn(unit="percent")}
    table, sink = read(text, dataset(decimal=",", columns=percent))
    assert figures(table) == {"7,2026-03": ["1", "12.5"]}
    assert not sink.found
    # In any other column, the sign belongs to no unit.
    assert (read(text, dataset(decimal=","))[0] is None) is ("%" in cell)


def test_a_value_of_a_key_may_hold_a_comma() -> None:
    table, _ = read('route,month,riders,income\n"Quay, north",2026-03,1200,1\n')
    assert table is not None
    assert {key: row.key for key, row in table.rows.items()} == {"Quay,north,2026-03": ("Quay, north", "2026-03")}


def damage(data: bytes, how: str) -> bytes:
    """Changes the entry of the first sheet, which no other part of the archive needs."""
    name = b"xl/worksheets/sheet1.xml"
    local, central = data.index(name) - 30, data.rindex(name) - 46
    changed = bytearray(data)
    match how:
        case "a wrong checksum":
            changed[local + 14] ^= 1
            changed[central + 16] ^= 1
        case "damaged data":
            changed[local + 30 + len(name) + 4] ^= 0xFF
        case "encrypted":
            changed[local + 6] |= 1
            changed[central + 8] |= 1
        case "an unknown compression":
            changed[local + 8] = changed[central + 10] = 99
        case "a newer version":
            changed[central + 6] = 99
    return bytes(changed)


DAMAGES = ("a wrong checksum", "damaged data", "encrypted", "an unknown compression", "a newer version")


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_workbook_is_refused(how: str) -> None:
    data = damage(workbook({"A1": "city", "A2": "shenzhen"}), how)
    for read_sheet in (
        lambda sink: sheets.read_workbook("a.xlsx", data, None, None, UNKNOWN_LOCATION, sink),
        lambda sink: read_first_sheet("a.xlsx", data, sink),
    ):
        sink = DiagnosticSink()
        assert read_sheet(sink) is None
        assert [each.severity for each in sink.found] == ["error"]


def place_cells(*places: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Monthly")
        for place in places:
            sheet.write(place, "a")
    return buffer.getvalue()


OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def open_document(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {OPEN}><office:body><office:spreadsheet><table:table table:name='A'>{rows}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


CELL = '<table:table-cell office:value-type="string"{}><text:p>a</text:p></table:table-cell>'
GAP = '<table:table-cell table:number-columns-repeated="16380"/>'
# On each of them the library that reads workbooks hangs, or takes all memory.
TOO_FAR: dict[str, Callable[[], bytes]] = {
    "the last cell of a sheet": lambda: place_cells("A1", "XFD1048576"),
    "a row and a column that meet nowhere": lambda: place_cells("A1048576", "XFD1"),
    "a far cell of an open document": lambda: open_document(
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
        f"<table:table-row>{GAP}{CELL.format('')}</table:table-row>"
    ),
    "an unknown encoding": lambda: open_document("").replace(
        b"<office:document-content", b"<?xml version='1.0' encoding='UF-8'?><office:document-content"
    ),
    "a tag that is closed by another": lambda: open_document(
        f"<table:table-row>{CELL.format('')}</table:table-row>".replace("</text:p>", "</text:q>")
    ),
}


@pytest.mark.parametrize("make", TOO_FAR.values(), ids=TOO_FAR)
def test_a_sheet_that_extends_too_far_is_refused_at_once(make: Callable[[], bytes]) -> None:
    data = make()
    for read_sheet in (
        lambda sink: sheets.read_workbook("a.xlsx", data, None, None, UNKNOWN_LOCATION, sink),
        lambda sink: read_first_sheet("a.xlsx", data, sink),
    ):
        sink, began = DiagnosticSink(), time.process_time()
        assert read_sheet(sink) is None
        assert [each.severity for each in sink.found] == ["error"]
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: place_cells("A1", "A70000", "Z1"),
        lambda: open_document(
            f"<table:table-row>{CELL.format('')}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="1048575">{GAP}</table:table-row>'
        ),
    ],
    ids=["a long sheet", "an open document with empty rows to the end"],
)
def test_a_sheet_with_gaps_is_read(make: Callable[[], bytes]) -> None:
    sink = DiagnosticSink()
    assert sheets.read_workbook("a.xlsx", make(), None, None, UNKNOWN_LOCATION, sink) is not None


@pytest.mark.parametrize(
    ("text", "mark"), [("60.1 p", "p"), ("12.4(e)", "(e)"), ("22.1²", "²"), ("-3*", "*"), ("7 s", "s")]
)
def test_a_marked_figure_is_to_be_explained_in_a_note(text: str, mark: str) -> None:
    hint = suggest_number(text, None) or ""
    assert f"explain a mark such as '{mark}' in 'note:'" in hint
    assert hint.startswith(f"write {text.removesuffix(mark).strip()};")


@pytest.mark.parametrize("text", ["7.5 min", "5.2 (4.1–6.3)", "<5", "(3.5)"])
def test_a_unit_or_an_interval_is_no_mark(text: str) -> None:
    assert "mark" not in (suggest_number(text, None) or "mark")
