"""Labels, tables, alternative texts and workbooks of charts have the figures of their claims, read from the files of each format."""

import io
import re
import zipfile

import pytest
from projects import SEED, THEME, ProjectCopy
from readback import docx_outline, html_text, pdf_text

from brief import Pack, Project

CLAIMS = {
    "span": "low: 10_000, high: 2_500_000, unit: EUR",
    "few": "low: 1, high: 2_500_000, unit: person",
    "much": "value: 1250, unit: g",
    "trace": "value: 0.00042, unit: g",
    "share": "value: 3.75, unit: percent",
    "little": "value: 0.0437, unit: percent",
    "third": "value: 0.333333333333333, unit: times",
    "half": "value: 0.5, unit: times",
}
CHARTS = {
    "range": ["span"],
    "ranges": ["few"],
    "grams": ["much", "trace"],
    "shares": ["share", "little"],
    "ratios": ["third", "half"],
}
# In each language: the labels of the charts, and what their alternative texts say.
PRINTED = {
    "en": (
        ["10,000 to 2.5 million", "1–2,500,000", "1,250", "0.00042", "3.75", "0.0437", "0.333333333333333", "0.5"],
        ["€10,000 to €2.5 million", "1 person to 2.5 million people", "0.00042 g to 1,250 g", "0.0437% to 3.75%"],
    ),
    "zh-Hans": (
        ["1至250", "1至2,500,000", "1250", "0.00042", "3.75", "0.0437", "0.333333333333333", "0.5"],
        ["1万欧元至250万欧元", "1人至250万人", "0.00042克至1250克", "0.0437%至3.75%"],
    ),
    "zh-Hant": (
        ["1至250", "1至2,500,000", "1250", "0.00042", "3.75", "0.0437", "0.333333333333333", "0.5"],
        ["1萬歐元至250萬歐元", "1人至250萬人", "0.00042公克至1250公克", "0.0437%至3.75%"],
    ),
}
FALSE = ["1,250.0", "1250.0", "3.7500", "0.500", "10,000–2.5"]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    project = ProjectCopy(tmp_path_factory.mktemp("labels") / "project")
    says = "{en: F., zh-Hans: 事。, zh-Hant: 事。}"
    project.write(
        SEED,
        project.read(SEED).rstrip("\n")
        + "".join(f"\n  - {{id: {name}, says: {says}, quantity: {{{each}}}}}" for name, each in CLAIMS.items())
        + "\n",
    )
    blocks = ""
    for name, claims in CHARTS.items():
        title = f"{{en: About {name}, zh-Hans: 图表{'甲' * len(name)}, zh-Hant: 圖表{'甲' * len(name)}}}"
        names = ", ".join(f"{{en: Row {at}, zh-Hans: 行{at}, zh-Hant: 列{at}}}" for at, _ in enumerate(claims))
        drawn = ", ".join(f"reader-survey/{claim}" for claim in claims)
        kind = "range" if name.startswith("range") else "bars"
        blocks += (
            f"  - {{kind: chart, id: c-{name}, chart: {kind}, title: {title}, description: {title}, categories: [{names}],"
            f" series: [{{title: {title}, claims: [{drawn}]}}]}}\n"
        )
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + blocks)
    return Project.load(project.root).build(["council"], list(PRINTED), ["html", "pdf", "docx"], jobs=1)


@pytest.mark.parametrize("locale", PRINTED)
def test_every_format_prints_the_figures_of_the_claims(pack: Pack, locale: str) -> None:
    labels, extents = PRINTED[locale]
    page = pack["council", locale, "html"].data.decode()
    word = pack["council", locale, "docx"].data
    with zipfile.ZipFile(io.BytesIO(word)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    document = parts["word/document.xml"].decode()
    texts = {
        "html": html_text(page.encode()) + " ".join(re.findall("<text[^>]*>([^<]*)<", page)),
        "pdf": pdf_text(pack["council", locale, "pdf"].data),
        "docx": docx_outline(word) + " ".join(re.findall('descr="([^"]*)"', document)),
    }
    for form, text in texts.items():
        plain = text.replace("\u2060", "").replace("\u00a0", " ")
        assert not [each for each in FALSE if each in plain], form
        if form != "docx":
            assert [each for each in labels if each not in plain] == [], form
    for alternative in extents:
        assert alternative in page.replace("\u00a0", " "), alternative
        assert alternative in document.replace("\u00a0", " "), alternative


@pytest.mark.parametrize("locale", PRINTED)
def test_workbooks_have_the_figures_and_their_digits(pack: Pack, locale: str) -> None:
    with zipfile.ZipFile(io.BytesIO(pack["council", locale, "docx"].data)) as opened:
        books = [opened.read(name) for name in opened.namelist() if name.endswith(".xlsx")]
        charts = [opened.read(name).decode() for name in opened.namelist() if re.search(r"charts/chart\d+\.xml$", name)]
    cells: list[float] = []
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as sheets:
            sheet = sheets.read("xl/worksheets/sheet1.xml").decode()
        cells += [float(each) for each in re.findall("<v>([-0-9.Ee]+)</v>", sheet)]
    for value in (1250, 0.00042, 3.75, 0.0437, 0.333333333333333, 0.5):
        assert value in cells
    shown = {}
    for chart in charts:
        for code, value in re.findall(r'<c:pt idx="\d+" formatCode="([^"]*)"><c:v>([^<]*)</c:v>', chart):
            shown[float(value)] = len(code.partition(";")[0].partition(".")[2].rstrip('"'))
    assert {value: decimals for value, decimals in shown.items() if value in (3.75, 0.0437, 0.00042, 0.5)} == {
        3.75: 2,
        0.0437: 4,
        0.00042: 5,
        0.5: 1,
    }
