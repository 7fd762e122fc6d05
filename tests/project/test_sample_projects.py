"""The projects energy and finance: every figure of every format is that of the data, read back by the test's own reader.

Their figures are made up. What a unit is called in each language is listed here as it was read by eye.
"""

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import snapshots
import yaml
from docx import Document
from figure_reader import agrees, read_back
from lxml import html
from projects import ProjectCopy
from readback import html_main, pdf_lines, pdf_text
from sample_projects import ENERGY, FINANCE, copy_sample_project, energy_rows, finance_rows
from syrupy.assertion import SnapshotAssertion

from brief import Project
from brief.model.figures.quantity import Quantity

Files = dict[tuple[str, str, str, str], bytes]
LOCALES = {"energy": ("en", "de", "zh-Hant"), "finance": ("en", "zh-Hans", "ja")}
FORMATS = ("html", "pdf", "docx")
CASES = [(name, locale, form) for name, locales in LOCALES.items() for locale in locales for form in FORMATS]

# The words with a figure of each unit; … is in the place of the figure.
UNITS = {
    "energy": {
        "MWh": "MWh MWh MWh", "kWh": "kWh kWh 千瓦小時", "GWh": "GWh GWh GWh", "TWh": "TWh TWh TWh",
        "MW": "MW MW MW", "GW": "GW GW GW", "kW": "kW kW 千瓦", "EUR/MWh": "€ €/MWh 歐元/MWh",
        "CNY/kWh": "RMB CNY/kWh 人民幣", "TWD": "NT$ TWD 新台幣", "EUR": "€ € 歐元", "CNY": "RMB CNY 人民幣",
        "percent": "% % %", "percentage-point": "percentage\u00a0point Prozentpunkt 個百分點", "permille": "‰ ‰ ‰",
        "°C": "°C °C °C", "V": "V V 伏特", "Hz": "Hz Hz 赫茲", "m3": "m³ m³ 立方公尺", "bar": "bar bar 巴",
        "km": "km km 公里", "km2": "km² km² 平方公里", "t": "t t 公噸", "tCO2": "tCO₂ tCO₂ tCO₂",
        "kWh/person": "kWh/person kWh/Person 千瓦小時/人", "minute": "minutes Minuten 分鐘", "person": "p Person 人",
        "year": "years Jahre 年", "turbine": "turbine Wind 座風機", "GJ": "GJ GJ GJ",
    },
    "finance": {
        "USD": "US$ 美元 米ドル", "USD/share": "/share 美元/股 1株当たり…米ドル", "JPY/share": "/share 日元/股 1株当たり…円",
        "basis-point": "basis\u00a0point 个基点 ベーシスポイント", "percent": "% % %",
        "percentage-point": "percentage\u00a0point 个百分点 ポイント", "times": "times 倍 倍", "CNY": "RMB 元 人民元",
        "TWD": "NT$ 新台币 台湾ドル", "EUR": "€ 欧元 ユーロ", "JPY": "¥ 日元 円", "HKD": "HK$ 港元 香港ドル",
        "GBP": "£ 英镑 ポンド", "permille": "‰ ‰ ‰", "person": "p 人 人", "USD/person": "US$ 美元/人 1人当たり…米ドル",
        "branch": "branch 家网点 支店", "count": "  ", "EUR/m2": "€ 欧元/平方米 1平方メートル当たり…ユーロ",
        "m2": "m² 平方米 平方メートル", "year": "years 年 年", "day": "days 天 日", "month": "months 个月 か月",
        "t": "t 吨 トン", "MW": "MW 兆瓦 メガワット", "TB": "TB TB テラバイト",
    },
}  # fmt: skip
QUALIFIERS = {
    "about": {"en": "about", "de": "etwa", "zh-Hant": "約", "zh-Hans": "约", "ja": "約"},
    "over": {"en": "more than", "de": "mehr als", "zh-Hant": "超過", "zh-Hans": "超过", "ja": "超"},
    "under": {"en": "less than", "de": "weniger als", "zh-Hant": "不到", "zh-Hans": "不到", "ja": "未満"},
    "nearly": {"en": "nearly", "de": "fast", "zh-Hant": "近", "zh-Hans": "近", "ja": "近く"},
    "up-to": {"en": "up to", "de": "bis zu", "zh-Hant": "最多", "zh-Hans": "最多", "ja": "最大"},
}


@dataclass(frozen=True)
class Stated:
    """A claim as its file states it."""

    source: str
    label: dict[str, str]
    quantity: dict[str, str]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ProjectCopy]:
    folder = tmp_path_factory.mktemp("samples")
    return {name: copy_sample_project(name, folder / name) for name in LOCALES}


@pytest.fixture(scope="module")
def packs(copies: dict[str, ProjectCopy]) -> Files:
    """The bytes by project, audience, locale and format; the board's are built for the screen and for Word."""
    found: Files = {}
    for name, copy in copies.items():
        loaded = Project.load(copy.root)
        for pack in (
            loaded.build(audiences=("reader",), jobs=1),
            loaded.build(audiences=("board",), formats=("html", "docx"), jobs=1),
        ):
            found |= {(name, a.audience, a.locale, a.format): a.data for a in pack.artifacts}
    return found


@cache
def read_claims(name: str, root: Path) -> tuple[Stated, ...]:
    """The 60 claims that the tables print, by PyYAML."""
    theme = {"energy": "plants", "finance": "results"}[name]
    labels: dict[str, dict[str, str]] = {}
    for block in yaml.load((root / f"content/themes/{theme}.yaml").read_text("utf-8"), yaml.BaseLoader)["blocks"]:  # noqa: S506
        labels |= {cell.strip("{}"): label for label, cell in block["rows"]}
    found = []
    for path in sorted((root / "seeds").glob("*.yaml")):
        seed = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
        for claim in seed["claims"]:
            key = f"{seed['id']}/{claim['id']}"
            if key in labels:
                found.append(Stated(seed["id"], labels[key], claim["quantity"]))
    return tuple(found)


def table_rows(data: bytes, form: str) -> list[list[str]]:
    """The cells of all tables, without marks of citations."""
    if form == "docx":
        tables = Document(io.BytesIO(data)).tables
        rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
        return [[re.sub(r"\[[0-9, ]+\]", "", text).replace("\u2060", "") for text in row] for row in rows]
    page: Any = html.fromstring(html_main(data))
    for mark in page.xpath("//sup | //a[starts-with(@href, '#source-') and not(ancestor::sup)]"):
        mark.drop_tree()
    return [[text for cell in row.xpath("./th|./td") for text in cell_texts(cell)] for row in page.xpath("//tr")]


def cell_texts(cell: Any) -> list[str]:
    """The text of a cell, once for each column that it spans."""
    text = re.sub(r"[ \n]+", " ", cell.text_content().replace("\u2060", "")).strip()
    return [text] * int(cell.get("colspan", 1))


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u2060\u00ad]", "", text)


def as_quantity(record: dict[str, str]) -> Quantity:
    value, low, high = (Decimal(record[end]) if end in record else None for end in ("value", "low", "high"))
    return Quantity(value=value, low=low, high=high)


def unit_words(name: str, unit: str, locale: str) -> str:
    return UNITS[name][unit].split(" ")[LOCALES[name].index(locale)].replace("\u00a0", " ")


def test_sixty_claims_have_25_units_and_more(copies: dict[str, ProjectCopy]) -> None:
    for name, copy in copies.items():
        claims = read_claims(name, copy.root)
        assert len(claims) == 60
        assert len({claim.source for claim in claims}) == 5
        assert len({claim.quantity["unit"] for claim in claims}) >= 25
        assert {claim.quantity["unit"] for claim in claims} <= UNITS[name].keys()


@pytest.mark.parametrize(("name", "locale", "form"), [case for case in CASES if case[2] != "pdf"])
def test_every_claim_prints_its_figure(
    copies: dict[str, ProjectCopy], packs: Files, name: str, locale: str, form: str
) -> None:
    rows = table_rows(packs[name, "reader", locale, form], form)
    printed = [(row[0], row[1]) for row in rows if len(row) == 2]
    claims = read_claims(name, copies[name].root)
    wanted: dict[str, list[dict[str, str]]] = {}
    for claim in claims:
        wanted.setdefault(claim.label[locale], []).append(claim.quantity)
    read = [row for row in printed if row[0] in wanted]
    assert len(read) == len(claims)
    for label, text in read:
        fits = [record for record in wanted[label] if agrees(text, as_quantity(record), locale)]
        assert fits, (label, text)
        record = fits[0]
        wanted[label].remove(record)
        words = unit_words(name, record["unit"], locale).split("…")
        assert all(each in text.replace("\u00a0", " ") for each in words), (label, text, record)
        said = QUALIFIERS.get(record.get("qualifier", ""), {}).get(locale, "")
        assert said.casefold() in text.casefold(), (label, text, record)
    assert not any(wanted.values())


@pytest.mark.parametrize(("name", "locale"), [(name, locale) for name, locale, form in CASES if form == "pdf"])
def test_the_pdf_prints_what_the_page_does(packs: Files, name: str, locale: str) -> None:
    page = table_rows(packs[name, "reader", locale, "html"], "html")
    data = packs[name, "reader", locale, "pdf"]
    lines = [squeeze(line) for page_lines in pdf_lines(data) for line in page_lines]
    two = [row for row in page if len(row) == 2]
    assert len(two) >= 60
    assert not [row for row in two if not any(line.startswith(squeeze(row[0] + row[1])) for line in lines)]
    text = squeeze(pdf_text(data))
    assert not [cell for row in page for cell in row if re.fullmatch("−?[0-9.,]+", cell) and cell not in text]


WORKBOOKS = {
    "energy": (ENERGY, energy_rows, "Output (MWh)", -1, "Cost (EUR)"),
    "finance": (FINANCE, finance_rows, "Profit", 1, "Bonus"),
}


def largest_rows(name: str, *, withheld: bool) -> list[tuple[Any, ...]]:
    """The eight rows of May 2026 that the table asks for."""
    headers, rows, column, sign, _ = WORKBOOKS[name]
    at = headers.index(column)
    may = [row for row in rows() if f"{row[1]:%Y-%m}" == "2026-05" and (withheld or not str(row[0]).endswith("-100"))]
    chosen: list[tuple[Any, ...]] = [row for row in may if name == "energy" or float(str(row[at])) < 0]
    return sorted(chosen, key=lambda row: sign * row[at])[:8]


def format_cell(name: str, header: str, value: object) -> Decimal:
    """What a cell of the workbook prints: growth is stored as a part and printed in percent."""
    number = Decimal(str(value))
    return 100 * number if (name, header) == ("finance", "Growth") else number


@pytest.mark.parametrize("audience", ["reader", "board"])
@pytest.mark.parametrize(("name", "locale", "form"), [case for case in CASES if case[2] != "pdf"])
def test_the_table_of_the_workbook_prints_its_cells(
    packs: Files, name: str, locale: str, form: str, audience: str
) -> None:
    headers, _, _, _, secret = WORKBOOKS[name]
    kept = [at for at, header in enumerate(headers) if audience == "board" or header != secret]
    rows = [row for row in table_rows(packs[name, audience, locale, form], form) if len(row) == len(kept)]
    # The heads of this table name units; the table of a chart's figures may be as wide.
    start = next(at for at, row in enumerate(rows) if re.search(r"[(（]", row[2]))
    head, *body, last = rows[start : start + 10]
    wanted = largest_rows(name, withheld=audience == "board")
    assert [row[0] for row in body] == [row[0] for row in wanted]
    for at, column in enumerate(kept[2:], 2):
        figures = [format_cell(name, headers[column], row[column]) for row in wanted]
        assert [read_back(row[at], locale) for row in body] == [[figure] for figure in figures], head[at]
        point = "," if locale == "de" else "."
        assert len({len(row[at].rpartition(point)[2]) if point in row[at] else 0 for row in body}) == 1
        if last[at] == "–":
            assert headers[column] in ("Price (EUR/MWh)", "Outdoors (°C)")
        elif name == "energy":
            assert read_back(last[at], locale) == [sum(figures)]
        else:
            (mean,) = read_back(last[at], locale)
            assert abs(mean - sum(figures, Decimal(0)) / 8) <= Decimal("0.05")


@pytest.mark.parametrize(("name", "locale", "form"), CASES)
def test_what_is_computed_from_cells_is_right(packs: Files, name: str, locale: str, form: str) -> None:
    data = packs[name, "reader", locale, form]
    if form == "pdf":
        text = pdf_text(data)
    elif form == "docx":
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    else:
        page: Any = html.fromstring(html_main(data))
        text = page.text_content()
    printed = read_back(re.sub(r"(?<=[0-9])[ \n](?=[万亿億萬年])|\u2060", "", text), locale)
    headers, rows, *_ = WORKBOOKS[name]
    cells = {
        (row[0], f"{row[1]:%Y-%m}", header): Decimal(str(row[at]))
        for row in rows()
        for at, header in enumerate(headers)
        if at > 1
    }
    if name == "energy":
        first, second = (cells[meter, "2026-05", "Output (MWh)"] for meter in ("m-001", "m-002"))
        worth = first * cells["m-001", "2026-05", "Price (EUR/MWh)"]
        wanted = [first + second, round(worth, 2), Decimal("43.5")]
    else:
        before, after, other = (
            cells[key]
            for key in (
                ("b-001", "2026-04", "Revenue"),
                ("b-001", "2026-05", "Revenue"),
                ("b-002", "2026-05", "Revenue"),
            )
        )
        wanted = [
            Decimal("40e6"),
            Decimal("12.5e6"),
            Decimal("52.5e6"),
            round(100 * after / other, 1),
            round(100 * (after - before) / before, 1),
        ]
    assert [figure for figure in wanted if figure not in printed] == []


@pytest.mark.parametrize("name", LOCALES)
def test_what_only_the_board_may_see_is_in_no_file_of_the_reader(packs: Files, name: str) -> None:
    headers, _, _, _, secret = WORKBOOKS[name]
    costs = [Decimal(str(row[headers.index(secret)])) for row in largest_rows(name, withheld=True)]
    for locale in LOCALES[name]:
        for form in ("html", "docx"):
            for audience in ("reader", "board"):
                cells = [cell for row in table_rows(packs[name, audience, locale, form], form) for cell in row]
                numbers = {number for cell in cells for number in read_back(cell, locale)}
                assert bool(numbers & set(costs)) is (audience == "board")
                assert any(cell.endswith("-100") for cell in cells) is False or audience == "board"


def test_a_reader_learns_that_the_figures_are_illustrative(packs: Files) -> None:
    told = {
        "en": "illustrative sample data",
        "de": "erfundene Beispieldaten",
        "zh-Hant": "虛構的示範資料",
        "zh-Hans": "虚构的示例数据",
        "ja": "架空の見本",
    }
    for name, locales in LOCALES.items():
        for locale in locales:
            assert told[locale] in packs[name, "reader", locale, "html"].decode()
            assert squeeze(told[locale]) in squeeze(pdf_text(packs[name, "reader", locale, "pdf"]))


@pytest.mark.parametrize(("name", "locale"), [("energy", "de"), ("finance", "ja")])
def test_the_pages_are_as_they_were_last_read(
    packs: Files, name: str, locale: str, snapshot: SnapshotAssertion
) -> None:
    assert html_main(packs[name, "reader", locale, "html"]) == snapshot(extension_class=snapshots.Html)
    assert pdf_text(packs[name, "reader", locale, "pdf"]) + "\n" == snapshot(extension_class=snapshots.Plain)
