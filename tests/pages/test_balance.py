"""Pages of our own briefing and of chapters of many lengths: no page is half empty, and Chinese lines are set evenly."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from chart_samples import NAMES, make_chart, number_names, row
from glyphs import glyphs
from page_balance import empty_feet, measure_chinese_lines
from page_geometry import require_clear
from readback import libreoffice_pdfs
from variant_samples import sample, text

from brief import Pack
from brief.charts.parts import split_chart
from brief.inspection.documents import inspect_document
from brief.inspection.expected import expect_document
from brief.inspection.extract.formats import ExtractedArtifact
from brief.model.artifact import Artifact
from brief.model.blocks import ChartKind, Tone
from brief.model.inline import Code, Link
from brief.model.source_location import Ref
from brief.model.variant import Block, Callout, ListBlock, Metric, Metrics, Paragraph, Section, Variant
from brief.store import spool
from brief.templating.template_set import find_template_set
from brief.writers import docx
from brief.writers.pdf import write
from brief.writers.pdf.weasyprint import keeping

# Margins of the base set in millimetres, and its column of text in points.
TOP, BOTTOM = 27, 25
LEFT, RIGHT, BODY = 104.88, 521.58, 10.25
MOST_EMPTY = 1 / 3
SENTENCE = {
    "en": "A sentence of some length about the buses of the town and who rides on them. ",
    "zh-Hans": "这句话讲镇上的公交车和乘客，长短适中。",
}


@pytest.mark.xdist_group("briefing")
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("audience", ["investor", "policy", "engineering"])
def test_no_page_of_our_briefing_but_the_last_is_emptier_than_a_third(
    briefing: Pack, audience: str, locale: str
) -> None:
    feet = empty_feet(briefing[audience, locale, "pdf"].data, TOP, BOTTOM)
    assert [(page, round(foot, 2)) for page, foot in enumerate(feet[:-1], 1) if foot > MOST_EMPTY] == []


@pytest.mark.xdist_group("briefing")
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("audience", ["investor", "policy", "engineering"])
def test_chinese_lines_of_our_briefing_are_set_evenly(briefing: Pack, audience: str, locale: str) -> None:
    measured = measure_chinese_lines(briefing[audience, locale, "pdf"].data, BODY, LEFT, RIGHT)
    assert measured.full > 60
    assert measured.runts == 0
    assert measured.over_2 < 0.1
    assert measured.over_3 == 0
    assert measured.holes < 0.07


def test_a_source_with_a_long_address_is_not_divided_and_leaves_no_page_nearly_empty() -> None:
    """The list of sources begins lower on its page each time."""
    address = "https://example.org/" + "a-long-name-of-a-report/" * 18
    ends = set()
    for count in (20, 24, 30):
        whole = sample("en", blocks=(Paragraph(id="a", text=text(SENTENCE["en"] * count)),))
        sources = tuple(
            replace(
                whole.sources[0], number=at, anchor=f"source-{at}", title=text(f"Entry {at}"), notes=(),
                links=((Link(address, (Code(address),)),),),
            )
            for at in range(1, 6)
        )  # fmt: skip
        data = write(replace(whole, sources=sources, terms=()), find_template_set("base")).data
        feet = empty_feet(data, TOP, BOTTOM)
        assert max(feet[:-1]) <= MOST_EMPTY, (count, feet)
        shown = [re.sub(r"\s", "", page) for page in read_pages(data)]
        # Four lines hold an address only together.
        assert sum(page.count(address) for page in shown) == len(sources), count
        titled = [page.count("·36Kr") for page in shown if "·36Kr" in page]
        assert titled[-1] >= 2, count
        ends.add(tuple(titled))
    assert len(ends) == 3


def read_pages(data: bytes) -> list[str]:
    command = ["pdftotext", "-raw", "-", "-"]
    read = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    return read.split("\f")


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
@pytest.mark.parametrize(("look", "top", "bottom"), [("base", TOP, BOTTOM), ("board", 24, 20)])
def test_chapters_of_many_lengths_leave_no_page_half_empty_and_no_takeaways_divided(
    look: str, top: float, bottom: float, locale: str, engine: str
) -> None:
    def words(count: int) -> str:
        return SENTENCE[locale] * count

    sections = tuple(
        Section(
            id=f"s{at}", number=at, title=text(f"{at}"), summary=text(words(4)),
            takeaways=tuple(text(f"Takeaway-{at}. {words(2 if look == 'base' else 1)}") for _ in range(3)),
            blocks=(
                Paragraph(id=f"a{at}", heading=text("H"), text=text(words(9 + 4 * at))),
                Callout(id=f"c{at}", tone=Tone.NOTE, title=None, text=text(words(3))),
                Paragraph(id=f"b{at}", heading=text("H"), text=text(words(6 + 3 * at))),
            ),
        )
        for at in range(1, 15)
    )  # fmt: skip
    found = find_template_set(look)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    data = write(replace(sample(locale), sections=sections), template_set).data
    feet = empty_feet(data, top, bottom)
    # The contents of a short list are a page of their own.
    inner = [round(foot, 2) for foot in feet[2:-1]]
    assert len(inner) > 4
    assert max(inner) <= MOST_EMPTY, inner
    shown = [re.sub(r"\W", "", page) for page in read_pages(data)]
    divided = [
        at
        for at in range(1, 15)
        if 3 not in {page.count(f"Takeaway{at}") - page.count(f"Takeaway{at}0") for page in shown}
    ]
    assert divided == []


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_low_opening_of_a_chapter_is_on_one_page(engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    for count in range(20, 32, 2):
        opening = replace(
            sample("en").sections[0], id="b", number=2, title=text("The second"), summary=text(SENTENCE["en"] * 3),
            takeaways=tuple(text(f"Takeaway. {SENTENCE['en']}") for _ in range(2)), blocks=(),
        )  # fmt: skip
        first = sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE["en"] * count)),))
        data = write(replace(first, sections=(*first.sections, opening)), template_set).data
        (page,) = (each for each in read_pages(data) if "Takeaway." in each)
        assert "The second" in page, count
        assert page.count("Takeaway.") == 2, count


def test_an_opening_that_is_a_little_too_high_for_its_page_is_set_more_densely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would begin the next page. Nothing of it is over anything else."""

    def find_page(count: int) -> int:
        second = replace(
            sample("en").sections[0], id="b", number=2, title=text("The second"), summary=text(SENTENCE["en"] * 5),
            takeaways=tuple(text(f"Takeaway. {SENTENCE['en'] * 2}") for _ in range(6)), blocks=(),
        )  # fmt: skip
        first = sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE["en"] * count)),))
        data = write(replace(first, sections=(*first.sections, second)), find_template_set("base")).data
        require_clear(data)
        (page,) = (at for at, shown in enumerate(read_pages(data)) if "Takeaway." in shown)
        assert read_pages(data)[page].count("Takeaway.") == 6
        assert "The second" in read_pages(data)[page]
        return page

    counts = (14, 15, 16, 18)
    dense = [find_page(count) for count in counts]
    monkeypatch.setattr(keeping, "_lay_out_tightly", lambda _, laid_out: laid_out)
    spacious = [find_page(count) for count in counts]
    assert (dense[0], dense[-1]) == (spacious[0], spacious[-1])
    assert dense[1:3] == [spacious[0]] * 2
    assert spacious[1:3] == [spacious[-1]] * 2


def low_openings(count: int) -> Variant:
    """Two themes, the second of which begins at a height that depends on `count`."""
    after = Paragraph(id="q", text=text(f"Aftertext. {SENTENCE['en'] * 8}"))
    first = sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE["en"] * count)),))
    second = replace(first.sections[0], id="b", number=2, title=text("The second"), blocks=(after,))
    return replace(first, sections=(*first.sections, second))


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_an_opening_is_on_the_page_of_the_text_after_it(engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    moved = set()
    for count in range(24, 38, 2):
        data = write(low_openings(count), template_set).data
        pages = read_pages(data)
        (at,) = (at for at, each in enumerate(pages) if "Aftertext." in each)
        assert "Costs fall." in pages[at], count
        assert "The second" in pages[at], count
        assert max(empty_feet(data, TOP, BOTTOM)[2:-1], default=0) <= MOST_EMPTY, count
        moved.add(at)
    assert len(moved) > 1


@pytest.mark.slow
def test_an_opening_is_on_the_page_of_the_text_after_it_in_word(tmp_path: Path) -> None:
    found = find_template_set("base")
    files = [docx.write(low_openings(count), found).data for count in range(16, 40, 3)]
    moved = set()
    for shown in libreoffice_pdfs(files, tmp_path):
        pages = read_pages(shown)
        (at,) = (at for at, each in enumerate(pages) if "Aftertext." in each)
        assert "Costs fall." in pages[at]
        moved.add(at)
    assert len(moved) > 1


@pytest.mark.slow
def test_the_table_of_a_tall_chart_is_on_the_page_of_its_title_in_word(tmp_path: Path) -> None:
    chart = make_chart(ChartKind.BARS, "en", number_names(30), NAMES[:1], [row(*range(1, 31))])
    found = find_template_set("base")
    # Otherwise the chart would be divided into parts that Word draws with their numbers.
    after = Paragraph(id="after", text=text(SENTENCE["en"]))
    files = [
        docx.write(
            sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE["en"] * count)), chart, after)), found
        ).data
        for count in (10, 30)
    ]
    for shown in libreoffice_pdfs(files, tmp_path):
        (page,) = (page for page in read_pages(shown) if "Figures as a table" in page)
        assert "Series 1" in page.partition("Figures as a table")[2]


def test_a_list_is_on_the_page_of_its_callout() -> None:
    """The callout ends lower on its page each time."""
    note = Callout(id="c", tone=Tone.NOTE, title=text("Noted"), text=text(SENTENCE["en"] * 4))
    points = ListBlock(id="l", ordered=False, items=tuple(text(f"Point {at}. {SENTENCE['en']}") for at in range(4)))
    moved = set()
    for count in range(1, 20, 3):
        before = Paragraph(id="p", text=text(SENTENCE["en"] * count))
        heading = Paragraph(id="h", heading=text("Heading"), text=text(SENTENCE["en"]))
        data = write(sample("en", blocks=(before, heading, note, points)), find_template_set("base")).data
        pages = read_pages(data)
        (page,) = (at for at, each in enumerate(pages) if "Noted" in each)
        assert "Point 0." in pages[page], count
        assert max(empty_feet(data, TOP, BOTTOM)[:-1]) <= MOST_EMPTY, count
        moved.add(page)
    assert len(moved) > 1


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_takeaways_longer_than_a_page_are_divided(engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    whole = sample("en")
    takeaways = tuple(text(f"Takeaway-{at:02}. {SENTENCE['en'] * 2}") for at in range(60))
    variant = replace(whole, sections=(replace(whole.sections[0], takeaways=takeaways), *whole.sections[1:]))
    data = write(variant, template_set).data
    assert max(empty_feet(data, TOP, BOTTOM)[2:-1]) <= MOST_EMPTY
    assert set(re.findall(r"Takeaway-\d\d", "\n".join(read_pages(data)))) == {f"Takeaway-{at:02}" for at in range(60)}


@pytest.mark.parametrize("name", ["base", "board", "paper"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_tall_chart_leaves_no_page_emptier_than_a_third(name: str, engine: str) -> None:
    if (name, engine) == ("paper", "typst"):
        pytest.skip("the set has no look for this engine")
    found = find_template_set(name)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    top, bottom = {"base": (TOP, BOTTOM), "board": (24, 20), "paper": (23, 22)}[name]
    for count in (40, 120):
        chart = make_chart(ChartKind.BARS, "en", number_names(count), NAMES[:1], [row(*range(1, count + 1))])
        paragraphs: tuple[Block, ...] = tuple(Paragraph(id=f"p{at}", text=text(SENTENCE["en"] * 5)) for at in range(13))
        data = write(sample("en", blocks=(*paragraphs[:5], chart, *paragraphs[5:])), template_set).data
        assert max(empty_feet(data, top, bottom)[:-1]) <= MOST_EMPTY, count
        shown = set(re.findall(r"Series \d+", "\n".join(read_pages(data))))
        assert shown >= set(chart.categories)


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_text_goes_on_before_a_chart_of_a_page_in_typst(locale: str) -> None:
    """Charts after it, of any height, keep their order, and the structure that of the content."""
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref("typst")))
    charts = [
        replace(
            make_chart(ChartKind.BARS, locale, number_names(count), NAMES[:1], [row(*range(1, count + 1))]),
            id=f"chart-{at}", label=f"Figure {at}", title=text(f"Exhibit {at}"),
        )
        for at, count in enumerate((30, 3, 60), 1)
    ]  # fmt: skip
    for before in (1, 3, 5):
        paragraphs: tuple[Block, ...] = tuple(
            Paragraph(id=f"p{at}", text=text(SENTENCE[locale] * 5)) for at in range(before + 24)
        )
        first, second, third = (paragraphs[at : at + 8] for at in (before, before + 8, before + 16))
        blocks: tuple[Block, ...] = (*paragraphs[:before], charts[0], *first, charts[1], *second, charts[2], *third)
        variant = sample(locale, blocks=blocks)
        data = write(variant, template_set).data
        assert max(empty_feet(data, TOP, BOTTOM)[:-1]) <= MOST_EMPTY, before
        captions = re.findall(r"(?m)^Figure \d Exhibit (\d)$", "\n".join(read_pages(data)[2:]))
        assert captions == ["1", "2", "3"], before
        artifact = Artifact(
            name="race.pdf", audience="", locale=locale, format="pdf",
            media_type="", sha256="", inputs="", content=spool(data),
        )  # fmt: skip
        extracted = ExtractedArtifact(artifact)
        assert list(extracted.read_parts())
        assert (
            inspect_document(artifact, expect_document(variant, template_set.look), extracted, template_set.look) == ()
        )


@pytest.mark.parametrize(("name", "count"), [("base", 30), ("board", 3)])
def test_an_exhibit_with_a_heading_stays_below_it_in_typst(name: str, count: int) -> None:
    found = find_template_set(name)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref("typst")))
    chart = make_chart(ChartKind.BARS, "en", number_names(count), NAMES[:1], [row(*range(1, count + 1))])
    headed = replace(chart, heading=text("Heading"), label="Figure 1", title=text("Exhibit"))
    for before in range(1, 6):
        paragraphs: tuple[Block, ...] = tuple(
            Paragraph(id=f"p{at}", text=text(SENTENCE["en"] * 5)) for at in range(before + 8)
        )
        data = write(sample("en", blocks=(*paragraphs[:before], headed, *paragraphs[before:])), template_set).data
        assert re.findall(r"(?m)^Heading\nFigure 1 Exhibit$", "\n".join(read_pages(data))) != [], before


@pytest.mark.parametrize("name", ["base", "board", "paper"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_theme_that_ends_with_a_tall_chart_leaves_no_page_emptier_than_a_third(name: str, engine: str) -> None:
    if (name, engine) == ("paper", "typst"):
        pytest.skip("the set has no look for this engine")
    found = find_template_set(name)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    top, bottom = {"base": (TOP, BOTTOM), "board": (24, 20), "paper": (23, 22)}[name]
    chart = make_chart(ChartKind.BARS, "en", number_names(30), NAMES[:1], [row(*range(1, 31))])
    for before in (1, 3, 5):
        paragraphs: tuple[Block, ...] = tuple(
            Paragraph(id=f"p{at}", text=text(SENTENCE["en"] * 5)) for at in range(before)
        )
        first = sample("en", blocks=(*paragraphs, chart))
        second = replace(
            first.sections[0], id="b", number=2, blocks=(Paragraph(id="q", text=text(SENTENCE["en"] * 30)),)
        )
        data = write(replace(first, sections=(*first.sections, second)), template_set).data
        assert max(empty_feet(data, top, bottom)[1:-1]) <= MOST_EMPTY, before
        assert set(re.findall(r"Series \d+", "\n".join(read_pages(data)))) >= set(chart.categories)


@pytest.mark.parametrize("name", ["base", "paper"])
def test_a_chart_that_fits_a_page_is_not_divided(name: str) -> None:
    chart = make_chart(ChartKind.BARS, "en", number_names(30), NAMES[:1], [row(*range(1, 31))])
    assert len(split_chart(chart, find_template_set(name).look)) == 1
    assert len(split_chart(replace(chart, note=text(SENTENCE["en"] * 5)), find_template_set(name).look)) > 1


@pytest.mark.parametrize("points", [4, 6, 8])
def test_a_chart_is_set_smaller_rather_than_leave_a_low_page_empty(points: int) -> None:
    """Its smallest words still have seven points."""
    quantities = [row(*range(1, points + 1)), row(*range(2, points + 2))]
    chart = make_chart(ChartKind.LINE, "en", number_names(points), NAMES[:2], quantities)
    tiles = Metrics(id="tiles", metrics=tuple(Metric(value=f"{at}00", label=text("beds")) for at in range(1, 4)))
    box = Callout(id="box", tone=Tone.NOTE, title=None, text=text(SENTENCE["en"]))
    introduction = text(SENTENCE["en"] * 30)
    variant = replace(sample("en", blocks=(tiles, chart, box)), terms=(), introduction=introduction)
    data = write(variant, find_template_set("board")).data
    assert max(empty_feet(data, 24, 20)[2:-1], default=0.0) < 1 / 3
    assert min(glyph.size for glyph in glyphs(data)) >= 7 - 0.05


@pytest.mark.slow
def test_a_chart_is_below_text_although_its_table_does_not_fit_in_word(tmp_path: Path) -> None:
    quantities = [row(*range(1, 10)), row(*range(2, 11))]
    chart = make_chart(ChartKind.LINE, "en", number_names(9), NAMES[:2], quantities)
    before = Paragraph(id="p", text=text(SENTENCE["en"] * 30))
    made = docx.write(sample("en", blocks=(before, chart)), find_template_set("base")).data
    (shown,) = libreoffice_pdfs([made], tmp_path)
    assert max(empty_feet(shown, TOP, BOTTOM)[2:-1], default=0.0) < 1 / 3
