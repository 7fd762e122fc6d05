"""`brief import` writes records that say what was guessed, or nothing at all."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from projects import SETTINGS, THEME, ProjectCopy

from brief import Project

BIB = r"""@string{jt = {Journal of Transit}}
@article{Müller2024,
  title = {The {N}ight Bus \& {\"u}ber 50% *more* {\_}riders [sic]},
  author = {M{\"u}ller, Anna and Li, Wei},
  journal = jt, year = 2024, month = mar,
  doi = {https://doi.org/10.1234/abc}, url = {https://example.org/a_b?x=1%202}
}
@inproceedings{part, title = "Part " # jt # { CO$_2$}, author = {Li, Wei and others}, crossref = {Whole}}
@proceedings{whole, title = {Proceedings}, publisher = {Press}, year = 2023, editor = {Ng, Ed}, url = {https://example.org/whole}}
@online{site, title = {A page}, date = {2025-11-02}, organization = {City}}
@misc{bare, title = {No date}, year = {in press}}
"""
CSL = [
    {
        "id": "Li 2025",
        "type": "article-journal",
        "title": "Buses at night",
        "author": [{"family": "Li", "given": "Wei"}, {"literal": "City of X"}],
        "issued": {"date-parts": [[2025, 3, 9]]},
        "container-title": "Transit",
        "publisher": "Press",
        "DOI": "10.1234/x",
        "URL": "https://example.org/公交",
    }
]
CELLS: list[list[str | date | float]] = [
    ["City", "Month", "Energy (kWh)", "Fares (CNY)", "On time (%)", "Use (kWh/100 km)", "Rate (zorkmid)", "Remarks"],
    ["Shenzhen", date(2026, 3, 1), 120.5, 4_000, 0.97, 81.2, 3, "a"],
    ["Shenzhen", date(2026, 4, 1), 99, 4_100, 0.95, 80, 4, "a"],
    ["Xi'an", date(2026, 3, 1), 20, 900, 0.9, 79, 5, ""],
]


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Read me")
        sheet = book.add_worksheet("Monthly")
        month = book.add_format({"num_format": "mmm yyyy"})
        for row, cells in enumerate(CELLS):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, month)
                else:
                    sheet.write(row, column, value)
    return stream.getvalue()


def fill_in(project: ProjectCopy, name: str) -> None:
    """Writes what the record asks for."""
    text = project.read(name).replace("publisher:\n", "publisher: City\n").replace("date:\n", "date: 2026\n")
    text = text.replace("unit: ,", "unit: count,")
    project.write(name, text)


def test_a_sheet_becomes_a_dataset_that_loads(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "fleet.xlsx").write_bytes(workbook())
    ran = project.run("import", str(tmp_path / "fleet.xlsx"), "--as", "operator", "--sheet", "Monthly")
    assert (ran.status, ran.stdout) == (0, "seeds/operator.yaml\ndata/fleet.xlsx\n"), ran.stderr
    assert "fleet.xlsx!Monthly!H1: warning[import-omitted]: column 'Remarks' contains no figures" in ran.stderr
    text = project.read("seeds/operator.yaml")
    (dataset,) = yaml.safe_load(text)["datasets"]
    assert (dataset["file"], dataset["sheet"], dataset["key"]) == ("data/fleet.xlsx", "Monthly", ["city", "month"])
    units = {name: column.get("unit") for name, column in dataset["columns"].items()}
    assert units == {
        "city": None,
        "month": None,
        "energy": "kWh",
        "fares": "CNY",
        "on-time": "percent",
        "use": "kWh/100 km",
        "rate": None,
    }
    assert dataset["columns"]["on-time"]["factor"] == 100
    assert "# unit guessed from the header: kWh\n" in text
    assert '# unknown unit "zorkmid" in the header: write a known unit or count, and a factor if necessary\n' in text
    assert '# omitted: contains no figures: "Remarks"\n' in text
    # What only a person knows is asked for, and not made up.
    status, found = project.check()
    assert status == 1
    assert {(each.code, each.file) for each in found} == {("empty-value", "seeds/operator.yaml")}
    fill_in(project, "seeds/operator.yaml")
    project.write(
        THEME, project.read(THEME).replace("{reader-survey/riders-after}", "{operator/data[Xi'an,2026-03].on-time}")
    )
    loaded = Project.load(project.root)
    (cell,) = loaded.brief.cells.values()
    assert cell.quantity is not None
    assert (cell.quantity.value, cell.quantity.unit) == (Decimal(90), "percent")
    assert "Number(text='90" in repr(loaded.make_variant("council", "en"))


@pytest.mark.parametrize(
    ("header", "unit", "factor"),
    [
        ("Wait (days)", "day", 1),
        ("Dauer (Stunden)", "hour", 1),
        ("Output (GWh)", "GWh", 1),
        ("Price (€/MWh)", "EUR/MWh", 1),
        ("Price (USD per tonne)", "USD/tonne", 1),
        ("Revenue (EUR m)", "EUR", 1_000_000),
        ("Revenue (€m)", "EUR", 1_000_000),
        ("Kosten (k€)", "EUR", 1_000),
        ("Assets ($bn)", "USD", 1_000_000_000),
        ("Length (m)", "m", 1),
        ("营业收入（亿元）", "CNY", 100_000_000),
        ("单价（元/千瓦时）", "CNY/kWh", 1),
        ("營業收入（億元）", None, 100_000_000),
        ("收入（元）", None, 1),
        ("電價（元/度）", None, 1),
        ("營業收入（億港元）", "HKD", 100_000_000),
        ("产量（万吨）", "t", 10_000),
        ("売上高（百万円）", "JPY", 1_000_000),
        ("Visitors (000s)", "count", 1_000),
        ("Margin (pp)", "pp", 1),
        ("CA (M€)", "EUR", 1_000_000),
        ("Dette (Md€)", "EUR", 1_000_000_000),
        ("Recettes (millions d’euros)", "EUR", 1_000_000),
        ("Habitants (milliers)", "count", 1_000),
        ("Gasto (miles de euros)", "EUR", 1_000),
        ("PIB (mil millones de euros)", "EUR", 1_000_000_000),
        ("매출 (억원)", "KRW", 100_000_000),
        ("관객 (만 명)", "person", 10_000),
        ("수출 (백만 달러)", "USD", 1_000_000),
        ("예산 (조원)", "KRW", 1_000_000_000_000),
        ("Distance (nautical miles)", "nmi", 1),
        ("航速（节）", "kn", 1),
        ("TEU", "TEU", 1),
        ("Days", "day", 1),
        ("DWT", "count", 1),
        ("Rate (per 100,000 people)", "count/100000 people", 1),
        ("Ziffer (je 100.000 Einwohner)", "count/100000 person", 1),
        ("发病率（每10万人）", "count/100000 person", 1),
        ("Taux (pour 1 000 habitants)", "count/1000 person", 1),
        ("10万人当たり患者数", "count/100000 person", 1),
        ("罹患率（人口10万人当たり）", "count/100000 person", 1),
        ("10만 명당 발생률", "count/100000 person", 1),
        ("每10萬人口死亡數", "count/100000 person", 1),
        ("line", "count", 1),
    ],
)
def test_units_and_multiples_of_headers_are_recognised(
    project: ProjectCopy, tmp_path: Path, header: str, unit: str | None, factor: int
) -> None:
    (tmp_path / "sheet.csv").write_text(f"Place;{header}\nNorth;12\nSouth;7\n", "utf-8")
    assert project.run("import", str(tmp_path / "sheet.csv"), "--as", "sheet").status == 0
    (dataset,) = yaml.safe_load(project.read("seeds/sheet.yaml"))["datasets"]
    (column,) = [column for column in dataset["columns"].values() if "unit" in column]
    assert (column["unit"], column.get("factor", 1)) == (unit, factor)


def test_amounts_with_their_currency_are_figures_to_be_corrected(project: ProjectCopy, tmp_path: Path) -> None:
    rows = "Jahr;Umsatz\n2023;1.234,50 €\n2024;(987,50)\n"
    (tmp_path / "sales.csv").write_text(rows, "utf-8")
    assert project.run("import", str(tmp_path / "sales.csv"), "--as", "sales").status == 0
    text = project.read("seeds/sales.yaml")
    (dataset,) = yaml.safe_load(text)["datasets"]
    assert dataset["key"] == ["jahr"]
    assert '# cells such as "1.234,50 €" are no numbers: correct or empty them in the file\n' in text
    fill_in(project, "seeds/sales.yaml")
    _, found = project.check()
    assert {(each.code, each.line) for each in found} >= {("bad-number", 2), ("bad-number", 3)}


def test_a_table_below_a_title_is_imported_by_its_range(project: ProjectCopy, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, share = book.add_worksheet("Debt"), book.add_format({"num_format": "0.0%"})
        sheet.merge_range(0, 0, 0, 2, "Public debt")
        sheet.write_row(2, 0, ["Country", "Debt (% of GDP)", "Change (pp)"])
        for row, (country, debt, change) in enumerate((("A", 0.68, 0.004), ("B", 1.1, -0.02)), 3):
            sheet.write(row, 0, country)
            sheet.write(row, 1, debt, share)
            sheet.write(row, 2, change, share)
        sheet.write(6, 0, "Source: Eurostat")
    (tmp_path / "debt.xlsx").write_bytes(stream.getvalue())
    ran = project.run("import", str(tmp_path / "debt.xlsx"), "--as", "debt")
    assert (ran.status, "--range A3:F20" in ran.stderr) == (1, True)
    ran = project.run("import", str(tmp_path / "debt.xlsx"), "--as", "debt", "--range", "A3:C5")
    assert ran.status == 0, ran.stderr
    fill_in(project, "seeds/debt.yaml")
    rows = Project.load(project.root).brief.datasets["debt/data"].rows
    assert {key: [str(figure) for figure in row.figures] for key, row in rows.items()} == {
        "A": ["68", "0.4"],
        "B": ["110", "-2"],
    }


def test_names_that_are_merged_down_to_the_first_row_name_their_columns(project: ProjectCopy, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Prices")
        sheet.merge_range(0, 0, 1, 0, "Zone")
        sheet.merge_range(0, 1, 1, 1, "Monat")
        sheet.merge_range(0, 2, 0, 3, "Preis")
        sheet.write_row(1, 2, ["Mittel (€/MWh)", "Minimum (€/MWh)"])
        sheet.write_row(2, 0, ["DE", "2026-01", 89.31, -2.5])
        sheet.write_row(3, 0, ["DE", "2026-02", 75.2, -12.53])
    (tmp_path / "prices.xlsx").write_bytes(stream.getvalue())
    ran = project.run("import", str(tmp_path / "prices.xlsx"), "--as", "prices", "--range", "A2:D4")
    assert (ran.status, "merged-cells" in ran.stderr) == (0, False), ran.stderr
    (dataset,) = yaml.safe_load(project.read("seeds/prices.yaml"))["datasets"]
    assert (dataset["key"], [*dataset["columns"]]) == (["zone", "monat"], ["zone", "monat", "mittel", "minimum"])


@pytest.mark.parametrize("header", ["Ano", "Mês", "Anno", "年月", "年別", "四半期", "연월"])
def test_a_column_of_times_is_a_key_in_every_language(project: ProjectCopy, tmp_path: Path, header: str) -> None:
    (tmp_path / "sheet.csv").write_text(f"Line;{header};Sum\nBlue;2024;12\nBlue;2025;7\n", "utf-8")
    assert project.run("import", str(tmp_path / "sheet.csv"), "--as", "sheet").status == 0
    (dataset,) = yaml.safe_load(project.read("seeds/sheet.yaml"))["datasets"]
    assert len(dataset["key"]) == 2


def test_every_column_that_is_left_out_is_reported(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text("Stadt;Notiz;Schüler;\nUlm;neu;12;x\nBonn;neu;13;\n", "utf-8")
    ran = project.run("import", str(tmp_path / "pupils.csv"), "--as", "pupils")
    assert ran.status == 0, ran.stderr
    assert "import-omitted]: column 'Notiz' contains no figures, and is left out" in ran.stderr
    assert "import-omitted]: a column has cells, but no name in the first row, and is left out" in ran.stderr
    assert ran.stderr.endswith("brief: 0 errors, 2 warnings\n")


def test_a_column_with_some_figures_is_said_to_have_some(project: ProjectCopy, tmp_path: Path) -> None:
    table = "Region,Year,Deaths,Rate\nNorth,2024,842,1.2e1\nSouth,2024,<5,9.8\nWest,2024,17*,3E-4\n"
    (tmp_path / "health.csv").write_text(table, "utf-8")
    ran = project.run("import", str(tmp_path / "health.csv"), "--as", "health")
    assert ran.status == 0, ran.stderr
    assert "column 'Deaths' contains numbers in 1 of its 3 cells, and others such as \"<5\"" in ran.stderr
    assert "column 'Year' contains periods, which the rows do not need as names" in ran.stderr
    assert 'rate: {unit: "count", header: "Rate"}' in (project.root / "seeds/health.yaml").read_text("utf-8")


def test_a_table_as_csv_with_decimal_commas(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "energy.csv").write_text("Jahr;Verbrauch (MWh);Anteil (%)\n2024;1,5;12\n2025;2,25;13\n", "utf-8")
    ran = project.run("import", str(tmp_path / "energy.csv"), "--as", "energy")
    assert ran.status == 0, ran.stderr
    fill_in(project, "seeds/energy.yaml")
    table = Project.load(project.root).brief.datasets["energy/data"]
    assert table.key == ("jahr",)
    assert {key: [str(figure) for figure in row.figures] for key, row in table.rows.items()} == {
        "2024": ["1.5", "12"],
        "2025": ["2.25", "13"],
    }


@pytest.mark.parametrize(
    ("cells", "decimal", "read"),
    [
        # Of interest rates a program of a German or French office may write all with three decimals.
        ("A;0,125\nB;2,875\n", ",", ["0.125", "2.875"]),
        # Groups of France, Switzerland and India.
        ("A;1 234,5\nB;2\u202f345\u202f678,5\n", ",", ["1234.5", "2345678.5"]),
        ("A;1'234'567.5\nB;2\u2019345.5\n", ".", ["1234567.5", "2345.5"]),
        ("A;12,34,567\nB;3,125\n", ".", ["1234567", "3125"]),
        ("A;1.234,125\nB;2,875\n", ",", ["1234.125", "2.875"]),
        ("A;3,125\nB;2,875\n", None, []),
        ("A;3,125\nB;1,234,567\n", ".", ["3125", "1234567"]),
        ("A;3,125\nB;1.5\n", ".", ["3125", "1.5"]),
        ('A,"3,125"\nB,"2,875"\n', ".", ["3125", "2875"]),
    ],
)
def test_a_comma_before_three_digits_is_read_as_the_other_cells_show(
    project: ProjectCopy, tmp_path: Path, cells: str, decimal: str | None, read: list[str]
) -> None:
    (tmp_path / "rates.csv").write_text(f"Bank{cells[1]}Rate\n{cells}", "utf-8")
    assert project.run("import", str(tmp_path / "rates.csv"), "--as", "rates").status == 0
    text = project.read("seeds/rates.yaml")
    assert yaml.safe_load(text)["datasets"][0]["decimal"] == decimal
    if decimal is None:
        assert (
            """# the cells do not show whether "3,125" is 3.125 (write ",") or 3125 (write ".")\n    decimal:\n"""
            in text
        )
        assert ("empty-value", "seeds/rates.yaml") in {(each.code, each.file) for each in project.check()[1]}
    else:
        fill_in(project, "seeds/rates.yaml")
        rows = Project.load(project.root).brief.datasets["rates/data"].rows.values()
        assert [str(figure) for row in rows for figure in row.figures] == read


def test_a_table_of_thousands_with_marks_among_its_figures(project: ProjectCopy, tmp_path: Path) -> None:
    table = (
        'City;Output (in 1.000 t);Sales (Mio. €);Share\n"Köln, Bonn";1.234,5;1,5;12,5 %\nUlm;1.987;-;3 %\nAu;3;2;n/a\n'
    )
    (tmp_path / "output.csv").write_text(table, "utf-8")
    ran = project.run("import", str(tmp_path / "output.csv"), "--as", "output")
    assert ran.status == 0, ran.stderr
    fill_in(project, "seeds/output.yaml")
    # What is no figure is named by its line, and not left out.
    _, found = project.check()
    assert [(each.code, each.line) for each in found] == [("bad-number", 3), ("bad-number", 4)]
    (project.root / "data/output.csv").write_text(table.replace("-", "").replace("n/a", ""), "utf-8")
    rows = Project.load(project.root).brief.datasets["output/data"].rows
    assert {key: [figure and f"{figure:f}" for figure in row.figures] for key, row in rows.items()} == {
        "Köln,Bonn": ["1234500", "1500000", "12.5"],
        "Ulm": ["1987000", None, "3"],
        "Au": ["3000", "2000000", None],
    }


def test_references_become_records(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(BIB, "utf-8")
    ran = project.run("import", str(tmp_path / "refs.bib"))
    assert (ran.status, ran.stdout.split()) == (
        0,
        [f"seeds/{n}.yaml" for n in ("muller2024", "part", "whole", "site", "bare")],
    ), ran.stderr
    record = yaml.safe_load(project.read("seeds/muller2024.yaml"))
    assert record["author"] == "Anna Müller, Wei Li"
    assert (record["publisher"], str(record["date"])) == ("Journal of Transit", "2024-03")
    assert (record["doi"], record["url"]) == ("10.1234/abc", "https://example.org/a_b?x=1%202")
    part = yaml.safe_load(project.read("seeds/part.yaml"))
    assert (part["title"], part["author"]) == ("Part Journal of Transit CO₂", "Wei Li, et al.")
    assert (part["publisher"], part["date"], part.get("url")) == ("Proceedings", 2023, None)
    _, found = project.check()
    assert {(each.code, each.file) for each in found} == {("empty-value", "seeds/bare.yaml")}
    assert len(found) == 2
    fill_in(project, "seeds/bare.yaml")
    project.write(
        "seeds/muller2024.yaml", project.read("seeds/muller2024.yaml") + "claims:\n  - {id: all, says: All.}\n"
    )
    project.write(THEME, project.read(THEME).replace("[@reader-survey/", "[@muller2024/all] [@reader-survey/"))
    titles = [source.title for source in Project.load(project.root).brief.sources.values() if source.id == "muller2024"]
    (phrase,) = titles[0].phrases.values()
    assert "".join(getattr(run, "text", "?") for run in phrase.runs) == "The Night Bus & über 50% *more* _riders [sic]"


def test_records_state_their_clearance(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@book{one, title = {One}, publisher = {P}, year = 2024}", "utf-8")
    (tmp_path / "more.csv").write_text("City;Riders\nUlm;5\n", "utf-8")
    assert project.run("import", str(tmp_path / "refs.bib"), "--clearance", "secret").status == 2
    assert project.run("import", str(tmp_path / "refs.bib"), "--clearance", "internal").status == 0
    assert yaml.safe_load(project.read("seeds/one.yaml"))["clearance"] == "internal"
    project.write(SETTINGS, project.read(SETTINGS) + "explicit_clearance: true\n")
    assert project.run("import", str(tmp_path / "more.csv"), "--as", "more").status == 0
    assert "\nclearance:\n" in project.read("seeds/more.yaml")
    # Of its dataset too, which would otherwise be reported only after the rest is filled in.
    assert "\n    clearance:\n" in project.read("seeds/more.yaml")
    (tmp_path / "last.csv").write_text("City;Riders\nUlm;5\n", "utf-8")
    assert project.run("import", str(tmp_path / "last.csv"), "--as", "last", "--clearance", "client").status == 0
    assert yaml.safe_load(project.read("seeds/last.yaml"))["datasets"][0]["clearance"] == "client"


def test_references_as_csl_json(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "refs.json").write_text(json.dumps(CSL), "utf-8")
    ran = project.run("import", str(tmp_path / "refs.json"))
    assert (ran.status, ran.stdout) == (0, "seeds/li-2025.yaml\n"), ran.stderr
    record = yaml.safe_load(project.read("seeds/li-2025.yaml"))
    assert (record["publisher"], record["author"], record["date"]) == ("Transit", "Wei Li, City of X", date(2025, 3, 9))
    assert record["url"] == "https://example.org/%E5%85%AC%E4%BA%A4"
    assert project.check()[0] == 0


def test_names_and_languages_of_references_are_as_their_language_has_them(project: ProjectCopy, tmp_path: Path) -> None:
    entries = [
        {"id": "kim", "type": "book", "title": "항만", "author": [{"family": "김", "given": "철수"}]},
        {"id": "li", "type": "book", "title": "電力市場報告", "author": [{"family": "李", "given": "明"}]},
        {"id": "smith", "type": "book", "title": "電力の市場", "author": [{"family": "スミス", "given": "ジョン"}]},
        {"id": "us", "type": "book", "title": "A <i>title</i> of CO<sub>2</sub>", "language": "en-US"},
    ]
    (tmp_path / "refs.json").write_text(json.dumps(entries), "utf-8")
    (tmp_path / "more.bib").write_text(
        "@misc{bank, title={Data}, howpublished={\\url{https://example.org/?a=1&b=2}}, langid={ngerman}}\n"
        "@misc{plain, title={More}, howpublished={\\url{www.example.org}}, note={In: https://example.org/b}}\n",
        "utf-8",
    )
    for name in ("refs.json", "more.bib"):
        ran = project.run("import", str(tmp_path / name))
        assert ran.status == 0, ran.stderr
    read = {
        name: yaml.safe_load(project.read(f"seeds/{name}.yaml"))
        for name in ("kim", "li", "smith", "us", "bank", "plain")
    }
    assert [read[name].get("author") for name in read] == ["김철수", "李明", "ジョン・スミス", None, None, None]
    assert [read[name]["language"] for name in read] == ["ko", "zh-Hant", "ja", "en", "de", "en"]
    assert read["us"]["title"] == "A title of CO₂"
    assert [read[name].get("url") for name in ("bank", "plain")] == [
        "https://example.org/?a=1&b=2",
        "https://example.org/b",
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.bib", BIB + "@foo{other, title={A}}\n", "unknown-entry"),
        ("a.bib", BIB + "@misc{Site, title={A}}\n", "import-collision"),
        ("a.bib", BIB + "@misc{reader-survey, title={A}}\n", "import-collision"),
        ("a.bib", BIB + "@misc{x, title={A}, title={B}}\n", "bibliography"),
        ("a.bib", BIB + "@misc{x, title={A\n", "bibliography"),
        ("a.bib", BIB + "@misc{x, title={A}, url={ftp://a.org}}\n", "bad-url"),
        ("a.bib", BIB + "@misc{x, title={A}, doi={nonsense}}\n", "bad-doi"),
        ("a.bib", BIB + "@misc{公交, title={A}}\n", "bad-id"),
        ("a.bib", "% nothing\n", "bibliography"),
        ("a.json", "[{", "bibliography"),
        ("a.json", "[3]", "bibliography"),
        ("a.json", "[" * 100_000, "bibliography"),
        ("a.json", "[" + "1" * 5_000 + "]", "bibliography"),
        ("a.json", '[{"id": "a", "type": "thing"}]', "unknown-entry"),
    ],
)
def test_where_anything_is_wrong_nothing_is_written(
    project: ProjectCopy, tmp_path: Path, name: str, content: str, code: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    before = project.files()
    ran = project.run("import", str(tmp_path / name))
    assert ran.status == 1
    assert f"error[{code}]" in ran.stderr + ran.stdout
    assert project.files() == before


def test_nothing_is_overwritten(project: ProjectCopy, tmp_path: Path) -> None:
    table = tmp_path / "fleet.csv"
    table.write_text("city,riders\na,1\n", "utf-8")
    project.write("data/fleet.csv", "another\n")
    before = project.files()
    for source in ("reader-survey", "fresh"):
        ran = project.run("import", str(table), "--as", source)
        assert (ran.status, "import-collision" in ran.stderr + ran.stdout) == (1, True)
    assert project.files() == before
    # The same file may already exist.
    project.write("data/fleet.csv", table.read_bytes())
    assert project.run("import", str(table), "--as", "fresh").stdout == "seeds/fresh.yaml\n"


def test_a_disk_that_fails_leaves_nothing(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(BIB, "utf-8")
    before = project.files()
    # A dangling link is no file that exists, and still cannot be written over.
    (project.root / "seeds/site.yaml").symlink_to(tmp_path / "nowhere")
    ran = project.run("import", str(tmp_path / "refs.bib"))
    assert ran.status == 3
    assert "seeds/site.yaml" in ran.stderr
    (project.root / "seeds/site.yaml").unlink()
    assert project.files() == before


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.csv", ()),
        ("a.bib", ("--as", "x")),
        ("a.csv", ("--as", "x", "--sheet", "s")),
        ("a.csv", ("--as", "Not an id")),
        ("a.odt", ()),
        ("a.csv", ("--as", "x", "-l", "en")),
    ],
)
def test_wrong_usage(project: ProjectCopy, tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    (tmp_path / name).write_text("a,b\nx,1\n", "utf-8")
    assert project.run("import", str(tmp_path / name), *options).status == 2


def test_a_table_without_figures_or_with_several_sheets_is_refused(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\nx,y\n", "utf-8")
    # A title above the row that names the columns.
    (tmp_path / "c.csv").write_text("Report\n\na,b\nx,1\n", "utf-8")
    (tmp_path / "b.xlsx").write_bytes(workbook())
    for name, code in (("a.csv", "empty-dataset"), ("c.csv", "empty-dataset"), ("b.xlsx", "unknown-sheet")):
        ran = project.run("import", str(tmp_path / name), "--as", "x")
        assert (ran.status, f"error[{code}]" in ran.stderr + ran.stdout) == (1, True)
    assert "name one with --sheet" in ran.stderr
