"""Charts that Word draws itself: the figures, words and looks of our own drawing, and a workbook to edit them in."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from chart_samples import plain
from lxml import etree
from projects import ProjectCopy
from readback import docx_parts, leave_out_fallbacks, libreoffice_pdf, pdf_text
from variant_samples import sample, text

from brief import Project
from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.series_style import choose_series_colour
from brief.charts.svg import PixelBox
from brief.inspection.leaks import Inspector
from brief.model.blocks import ChartKind
from brief.model.variant import Chart, Point, Series
from brief.templating.template_set import find_template_set
from brief.writers import pdf
from brief.writers.docx import write
from brief.writers.docx.charts.chart_figures import format_ticks

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHART, BOOK = "word/charts/chart1.xml", "word/embeddings/chart1.xlsx"

WORDS = {
    "en": (["about 1,250", "up to 3.5", "−2"], "US$ billion", ("2024", "2025"), ("Kling", "Hailuo AI", "Vidu")),
    "zh-Hans": (["约1250", "最多3.5", "−2"], "亿美元", ("2024年", "2025年"), ("可灵", "海螺AI", "Vidu")),
    "zh-Hant": (["約1250", "最多3.5", "−2"], "億美元", ("2024年", "2025年"), ("可靈", "海螺AI", "Vidu")),
}
VALUES = ("1250", "3.5", "-2")
everywhere = pytest.mark.parametrize("locale", WORDS)


def chart(kind: ChartKind = ChartKind.GROUPED_BARS, locale: str = "en") -> Chart:
    """Two series, with the first locale's numbers in words as the localiser writes them."""
    texts, unit, years, names = WORDS[locale]
    points = tuple(Point(value=Decimal(value), text=text) for value, text in zip(VALUES, texts, strict=True))
    if kind is ChartKind.LINE:
        points = tuple(Point(value=Decimal(at), text=f"{at}") for at in (1, 5, 9))
    other = tuple(replace(point, value=Decimal(at), text=f"{at}") for at, point in enumerate(points, 20))
    return Chart(
        id="budgets",
        label=None,
        title=text("Budgets"),
        chart_kind=kind,
        description="Grouped bar chart.",
        unit=unit,
        categories=names,
        series=(Series(title=years[0], points=points), Series(title=years[1], points=other)),
        citation=(),
        note=None,
    )


def pdf_word_boxes(data: bytes) -> list[list[tuple[str, PixelBox]]]:
    """For each page the words and the boxes of their letters, in points, without a fifth of a line above and below."""
    command = ["pdftotext", "-bbox", "-", "-"]
    pages = subprocess.run(command, input=data, check=True, capture_output=True).stdout
    found = []
    for page in etree.fromstring(pages).iter("{*}page"):
        boxes = []
        for word in page.iter("{*}word"):
            left, top, right, bottom = (float(word.get(name, "")) for name in ("xMin", "yMin", "xMax", "yMax"))
            air = (bottom - top) / 5
            boxes.append((word.text or "", PixelBox(left, top + air, right, bottom - air)))
        found.append(boxes)
    return found


def write_parts(drawn: Chart, locale: str = "en") -> dict[str, bytes]:
    return docx_parts(write(sample(locale, blocks=(drawn,)), find_template_set("base")).data)


def format_as_excel(value: str, code: str) -> str:
    """What Excel shows: literals in quotes, digits by the code, and the second section for what is negative."""
    positive, _, negative = code.partition(";")
    chosen, number = (negative, abs(Decimal(value))) if negative and Decimal(value) < 0 else (positive, Decimal(value))
    digits = re.sub(r'"[^"]*"', "", chosen)
    decimals = len(digits.partition(".")[2])
    shown = f"{number:,.{decimals}f}" if "," in digits else f"{number:.{decimals}f}"
    return re.sub(r"[#,0.]+", shown, re.sub(r'"([^"]*)"', r"\1", chosen), count=1)


def read_text(element: etree._Element | None) -> str:
    """All text in an element; none in none."""
    return "" if element is None else str(element.xpath("string()"))


def first(element: etree._Element, path: str, tag: str, attribute: str) -> str:
    """The attribute of the first element `tag` at or below the path."""
    found = element.find(path)
    assert found is not None
    return next(found.iter(tag)).get(attribute, "")


def workbook(parts: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """The value and the format code of each cell in the embedded workbook."""
    with zipfile.ZipFile(io.BytesIO(parts[BOOK])) as archive:
        sheet, strings, styles = (
            etree.fromstring(archive.read(f"xl/{name}.xml"))
            for name in ("worksheets/sheet1", "sharedStrings", "styles")
        )
    shared = [read_text(item) for item in strings]
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iter(f"{S}numFmt")}
    built_in = {"0": "General", "1": "0", "3": "#,##0"}
    formats = [each.get("numFmtId", "") for each in next(styles.iter(f"{S}cellXfs"))]
    found = {}
    for cell in sheet.iter(f"{S}c"):
        value = read_text(cell)
        style = formats[int(cell.get("s", "0"))]
        shown = shared[int(value)] if cell.get("t") == "s" else value
        found[cell.get("r", "")] = (shown, codes.get(style) or built_in[style])
    return found


@everywhere
def test_it_shows_the_words_of_the_drawing(locale: str) -> None:
    drawn = chart(locale=locale)
    root = etree.fromstring(write_parts(drawn, locale)[CHART])
    assert "".join(read_text(run) for run in root.iter(f"{A}t")) == drawn.unit
    for series, element in zip(drawn.series, root.iter(f"{C}ser"), strict=True):
        values = [value.text or "" for value in element.iterfind(f"{C}val/{C}numRef/{C}numCache/{C}pt/{C}v")]
        codes = [
            first(label, f"{C}numFmt", f"{C}numFmt", "formatCode") for label in element.iterfind(f"{C}dLbls/{C}dLbl")
        ]
        assert [format_as_excel(*pair) for pair in zip(values, codes, strict=True)] == [
            point.text for point in series.points
        ]
        assert read_text(element.find(f"{C}tx")).endswith(series.title)
        names = [value.text for value in element.iterfind(f"{C}cat/{C}strRef/{C}strCache/{C}pt/{C}v")]
        assert names == list(drawn.categories)


@everywhere
def test_the_workbook_holds_the_same_figures(locale: str) -> None:
    drawn = chart(locale=locale)
    cells = workbook(write_parts(drawn, locale))
    assert [cells[f"A{row}"][0] for row in (1, 2, 3, 4)] == [drawn.unit, *drawn.categories]
    for column, series in zip("BC", drawn.series, strict=True):
        assert cells[f"{column}1"][0] == series.title
        assert [format_as_excel(*cells[f"{column}{row}"]) for row in (2, 3, 4)] == [
            point.text for point in series.points
        ]


@everywhere
def test_it_has_the_faces_language_and_colours_of_the_look(locale: str) -> None:
    root = etree.fromstring(write_parts(chart(locale=locale), locale)[CHART])
    faces = find_template_set("base").look.find_faces(locale).sans
    assert {face.get("typeface") for face in root.iter(f"{A}ea")} == {faces[1]}
    assert {face.get("typeface") for face in root.iter(f"{A}latin")} == {faces[0]}
    tags = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
    assert {run.get("lang") for run in root.iter(f"{A}defRPr", f"{A}rPr")} == {tags[locale]}
    fills = [first(series, f"{C}spPr", f"{A}srgbClr", "val") for series in root.iter(f"{C}ser")]
    look = find_template_set("base").look
    assert [f"#{fill}".lower() for fill in fills] == [choose_series_colour(look, 0), choose_series_colour(look, 1)]


def test_one_coloured_bar_leaves_the_rest_grey() -> None:
    drawn = chart()
    years = drawn.series
    points = (*years[1].points[:2], replace(years[1].points[2], is_accent=True))
    look = find_template_set("base").look
    marked = replace(drawn, series=(years[0], replace(years[1], points=points)))
    plain_bars, coloured = etree.fromstring(write_parts(marked)[CHART]).iter(f"{C}ser")
    assert plain_bars.find(f"{C}dPt") is None
    (single,) = coloured.iterfind(f"{C}dPt")
    assert first(single, f"{C}idx", f"{C}idx", "val") == "2"
    assert f"#{first(single, f'{C}spPr', f'{A}srgbClr', 'val')}".lower() == choose_series_colour(look, 0)
    for series in (plain_bars, coloured):
        colour = first(series, f"{C}spPr", f"{A}srgbClr", "val")
        parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
        assert max(parts) - min(parts) < 30


def test_the_main_exhibit_has_a_caption_of_its_own_style() -> None:
    for is_hero in (True, False):
        document = etree.fromstring(write_parts(replace(chart(), is_hero=is_hero))["word/document.xml"])
        styles = {each.get(f"{W}val") for each in document.iter(f"{W}pStyle")}
        assert ("HeroCaption" in styles, "Caption" in styles) == (is_hero, not is_hero)


def test_it_is_described_and_bound_to_its_workbook() -> None:
    parts = write_parts(chart())
    document = etree.fromstring(parts["word/document.xml"])
    assert "Grouped bar chart." in {each.get("descr") for each in document.iter("{*}docPr")}
    types = parts["[Content_Types].xml"].decode()
    assert "drawingml.chart+xml" in types
    assert "spreadsheetml.sheet" in types
    assert b"embeddings/chart1.xlsx" in parts["word/charts/_rels/chart1.xml.rels"]
    assert b"charts/chart1.xml" in parts["word/_rels/document.xml.rels"]


@everywhere
@pytest.mark.parametrize("kind", ChartKind)
def test_kinds_that_word_has_are_its_own_and_others_stay_pictures(kind: ChartKind, locale: str) -> None:
    drawn = chart(kind, locale) if kind is ChartKind.LINE else plain(kind, locale)
    is_short = locale == "en" or kind not in (ChartKind.BARS, ChartKind.GROUPED_BARS)
    if is_short:
        assert (CHART in write_parts(drawn, locale)) == (CHART_DRAWINGS[kind].locate is not None)


@pytest.mark.parametrize("kind", [ChartKind.STACKED, ChartKind.STACKED_100, ChartKind.AREA, ChartKind.SCATTER])
def test_every_figure_of_a_native_chart_is_in_it_and_in_its_workbook(kind: ChartKind) -> None:
    drawn = plain(kind, "en")
    parts = write_parts(drawn)
    root, cells = etree.fromstring(parts[CHART]), workbook(parts)
    groupings = {ChartKind.STACKED: "stacked", ChartKind.STACKED_100: "percentStacked", ChartKind.AREA: "stacked"}
    if kind in groupings:
        assert first(root, f".//{C}grouping", f"{C}grouping", "val") == groupings[kind]
    cached = [
        [value.text for value in numbers.iterfind(f"{C}numCache/{C}pt/{C}v")] for numbers in root.iter(f"{C}numRef")
    ]
    for column, (series, numbers) in enumerate(zip(drawn.series, cached, strict=True)):
        letter = "BCDE"[column]
        assert [Decimal(number or "") for number in numbers] == [point.value for point in series.points]
        assert [format_as_excel(*cells[f"{letter}{row}"]) for row in range(2, len(numbers) + 2)] == [
            point.text for point in series.points
        ]


def test_what_is_taller_than_a_page_is_several_charts_on_one_scale() -> None:
    names = tuple(f"Route {at}" for at in range(60))
    drawn = replace(chart(ChartKind.BARS), categories=names, series=(wide(chart().series[0], 60),))
    parts = write_parts(drawn)
    roots = [
        etree.fromstring(data)
        for name, data in sorted(parts.items())
        if re.fullmatch(r"word/charts/chart\d+.xml", name)
    ]
    assert len(roots) > 1
    found = [value.text for root in roots for value in root.iterfind(f".//{C}cat/{C}strRef/{C}strCache/{C}pt/{C}v")]
    assert sorted(found, key=names.index) == list(names)
    assert len({first(root, f".//{C}valAx", f"{C}max", "val") for root in roots}) == 1
    heights = [int(extent.get("cy", "0")) for extent in etree.fromstring(parts["word/document.xml"]).iter("{*}extent")]
    assert max(heights) <= 9600 * 635


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_every_row_of_a_tall_chart_is_on_a_page(form: str, tmp_path: Path) -> None:
    names = tuple(f"Route-{at}x" for at in range(60))
    drawn = replace(chart(ChartKind.BARS), categories=names, series=(wide(chart().series[0], 60),))
    variant, template_set = sample("en", blocks=(drawn,)), find_template_set("base")
    if form == "pdf":
        pages = pdf_word_boxes(pdf.write(variant, template_set).data)
    else:
        pages = pdf_word_boxes(libreoffice_pdf(leave_out_fallbacks(write(variant, template_set).data), tmp_path))
    found = [
        word for boxes in pages for word, box in boxes if word.startswith("Route-") and 0 < box.top < box.bottom < 842
    ]
    assert found[: len(names)] == list(names)


def test_labels_with_a_scale_of_their_own_are_words() -> None:
    points = (
        Point(value=Decimal(1_500_000_000_000), text="1.5 trillion"),
        Point(value=Decimal(350), text="350"),
        Point(value=Decimal("-2.5"), text="\u22122,5"),
    )
    drawn = replace(chart(ChartKind.BARS), series=(Series(title="A", points=points),))
    parts = write_parts(drawn)
    labels = {read_text(each.find(f"{C}tx")) for each in etree.fromstring(parts[CHART]).iter(f"{C}dLbl")}
    assert labels == {"1.5 trillion", "", "\u22122,5"}
    assert [workbook(parts)[f"B{row}"][0] for row in (2, 3, 4)] == ["1500000000000", "350", "-2.5"]


@pytest.mark.parametrize(
    "change",
    [
        lambda chart: {"categories": ("一个很长的分类名称，在一行里无论如何也放不下，必须折行", *chart.categories[1:])},
        lambda chart: {"series": (with_text(chart.series[0], "from 5 to 12"), chart.series[1])},
        lambda chart: {"series": (with_text(chart.series[0], "none"), chart.series[1])},
    ],
    ids=["a long Chinese name", "a range", "no number"],
)
def test_what_word_would_set_otherwise_stays_a_picture(change: object) -> None:
    drawn = chart()
    assert callable(change)
    assert CHART not in write_parts(replace(drawn, **change(drawn)))


def with_text(series: Series, words: str) -> Series:
    first, *rest = series.points
    return replace(series, points=(replace(first, text=words), *rest))


def wide(series: Series, count: int) -> Series:
    return replace(series, points=tuple(Point(value=Decimal(at), text=f"{at}") for at in range(count)))


def test_words_that_look_like_formulas_stay_words() -> None:
    cells = workbook(write_parts(replace(chart(), categories=("=1+1", "@sum", "https://example.org"))))
    assert [cells[f"A{row}"][0] for row in (2, 3, 4)] == ["=1+1", "@sum", "https://example.org"]


def test_the_proof_reads_chart_and_workbook(project: ProjectCopy) -> None:
    """A chart that only the council may see, and a figure that only it may know, are found in either part."""
    seed, theme = "seeds/reader-survey.yaml", "content/themes/ridership.yaml"
    claim = "  - id: stops\n    says: Stops.\n    clearance: client\n    quantity: {value: 48213, unit: count}\n"
    project.write(seed, project.read(seed).rstrip() + "\n" + claim)
    hidden = (
        "  - kind: chart\n    id: stops\n    clearance: client\n    title: T\n    chart: bars\n    description: D\n"
        '    categories: ["Every stop of the night network", "B"]\n'
        "    series: [{title: Stops, claims: [reader-survey/stops, reader-survey/stops]}]\n"
    )
    project.write(theme, project.read(theme).rstrip() + "\n" + hidden)
    loaded = Project.load(project.root)
    pack = loaded.build(["council"], ["en"], ["docx"], jobs=1)
    parts = docx_parts(pack["council", "en", "docx"].data)
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    for name in ("word/charts/chart2.xml", "word/embeddings/chart2.xlsx"):
        found = {diagnostic.location.file for diagnostic in inspector.inspect_bytes("public", name, parts[name])}
        assert found == {seed, theme}, name
        assert not inspector.inspect_bytes("council", name, parts[name])


@pytest.mark.slow
def test_libreoffice_draws_every_word_and_none_over_another(tmp_path: Path) -> None:
    kinds = (ChartKind.BARS, ChartKind.GROUPED_BARS, ChartKind.LINE)
    drawn = [replace(chart(kind, "zh-Hans"), id=kind.value) for kind in kinds]
    drawn[0] = replace(drawn[0], series=drawn[0].series[:1])
    written = write(sample("zh-Hans", blocks=tuple(drawn)), find_template_set("base")).data
    page = libreoffice_pdf(leave_out_fallbacks(written), tmp_path)
    printed = re.sub(r"\s", "", pdf_text(page))
    for each in drawn:
        for words in (each.unit, *each.categories, *(point.text for series in each.series for point in series.points)):
            assert words in printed
    for boxes in pdf_word_boxes(page):
        for (one, first), (other, second) in combinations(boxes, 2):
            assert not first.overlaps(second), f"{one!r} over {other!r}"


@everywhere
@pytest.mark.parametrize("gap", [None, 150], ids=["drawn by Word", "a picture"])
def test_of_hundreds_of_points_the_table_has_the_notable_ones(locale: str, gap: int | None) -> None:
    values = [Decimal(at * 37 % 101) for at in range(300)]
    points = tuple(
        Point(value=None, text="none") if at == gap else Point(value=value, text=str(value), is_labelled=at == 77)
        for at, value in enumerate(values)
    )
    drawn = chart(ChartKind.LINE, locale)
    ticks = tuple(Point(value=Decimal(at), text=str(at)) for at in (0, 50, 100, 150))
    drawn = replace(
        drawn,
        categories=tuple(f"d{at}" for at in range(300)),
        series=(replace(drawn.series[0], points=points),),
        ticks=ticks,
    )
    parts = write_parts(drawn, locale)
    document = etree.fromstring(parts["word/document.xml"])
    cells = [read_text(cell) for cell in document.iter(f"{W}tc")]
    assert "d150" not in cells
    assert len(cells) <= 20
    assert {"d0", "d77", "d299"} <= set(cells)
    place = (
        "all 300 are in the data of the chart (“Edit Data”)"
        if gap is None
        else "the description of the chart has all 300"
    )
    assert place in read_text(document)
    (described,) = {each.get("descr", "") for each in document.iter("{*}docPr")}
    for at, point in enumerate(points):
        assert f"d{at}: {point.text}" in described or f"d{at}：{point.text}" in described
    if gap is None:
        assert workbook(parts)["B301"][0] == str(values[299])


def test_of_fifty_points_the_table_has_all() -> None:
    drawn = chart(ChartKind.LINE)
    points = tuple(Point(value=Decimal(at), text=str(at)) for at in range(50))
    drawn = replace(
        drawn,
        categories=tuple(f"d{at}" for at in range(50)),
        series=(replace(drawn.series[0], points=points),),
        ticks=tuple(Point(value=Decimal(at), text=str(at)) for at in (0, 20, 40, 60)),
    )
    document = etree.fromstring(write_parts(drawn)["word/document.xml"])
    assert {f"d{at}" for at in range(50)} <= {read_text(cell) for cell in document.iter(f"{W}tc")}
    assert "Edit Data" not in read_text(document)


def make_ticks(*texts: str) -> tuple[Point, ...]:
    return tuple(Point(value=Decimal(re.sub("[^0-9]", "", text) or 0), text=text) for text in texts)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("0", "500", "1.000"), '[<1000]0;[<1000000]0"."000;0"."000"."000'),
        (("0", "1\u202f000", "1\u202f000\u202f000"), '[<1000]0;[<1000000]0"\u202f"000;0"\u202f"000"\u202f"000'),
        (("0 €", "1.000 €"), '[<1000]0" €";[<1000000]0"."000" €";0"."000"."000" €"'),
        (("0", "1,000"), "#,##0"),
        # Spanish groups five digits and more.
        (("0", "5000", "10.000"), None),
        (("0", "1.000 Tsd.", "2.000"), None),
        (("0", "1.000.000.000"), None),
        (("0", "0,5"), None),
    ],
)
def test_an_axis_groups_its_digits_as_the_page_does(texts: tuple[str, ...], code: str | None) -> None:
    assert format_ticks(make_ticks(*texts)) == code


@pytest.mark.slow
def test_libreoffice_draws_an_axis_with_points_between_groups(tmp_path: Path) -> None:
    drawn = replace(chart(ChartKind.LINE), ticks=make_ticks("0", "1.000", "2.000", "3.000"))
    points = tuple(Point(value=Decimal(at * 40), text=f"{at * 40:,}".replace(",", ".")) for at in range(70))
    names = tuple(f"d{at}" for at in range(70))
    drawn = replace(drawn, categories=names, series=(replace(drawn.series[0], points=points),))
    assert CHART in write_parts(drawn)
    written = write(sample("en", blocks=(drawn,)), find_template_set("base")).data
    shown = pdf_text(libreoffice_pdf(leave_out_fallbacks(written), tmp_path))
    assert "2.000" in shown
    assert "2,000" not in shown
