"""The first pages: contents are not torn, a marking is not divided, and style sheets are published without comments."""

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from glyphs import lines, words
from page_geometry import boxes
from readback import libreoffice_pdf, libreoffice_pdfs
from variant_samples import sample, text, write_set

from brief.model.source_location import Ref
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx, html, pdf


def test_contents_of_a_board_with_five_themes_are_on_one_page() -> None:
    whole = sample("en", blocks=(Paragraph(id="p", text=text("Words.")),))
    (section,) = whole.sections
    sections = tuple(
        replace(section, id=f"s{at}", number=at, title=text(f"Theme {at}"), finding=text("What was found, in a line."))
        for at in range(1, 6)
    )
    introduction = text("This briefing starts with what was asked, and by whom. " * 8)
    variant = replace(whole, sections=sections, introduction=introduction, compact=False)
    pages = read_pages(pdf.write(variant, find_template_set("board")).data)
    (contents,) = (page for page in pages if "Contents" in page)
    assert all(f"Theme {at}" in contents for at in range(1, 6))
    assert "Sources" in contents


@pytest.mark.parametrize(
    ("look", "engine"), [("base", "weasyprint"), ("base", "typst"), ("board", "weasyprint"), ("board", "typst")]
)
def test_a_theme_begins_below_short_contents(look: str, engine: str) -> None:
    found = find_template_set(look)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    variant = one_theme("Riders board at night. " * 60)
    pages = read_pages(pdf.write(variant, template_set).data)
    assert "Contents" in pages[1]
    assert "boardatnight" in pages[1].replace(" ", "")


@pytest.mark.slow
def test_a_theme_begins_below_short_contents_in_word(tmp_path: Path) -> None:
    variant = one_theme("Riders board at night. " * 60)
    made = docx.write(variant, find_template_set("base")).data
    pages = read_pages(libreoffice_pdf(made, tmp_path))
    assert "Contents" in pages[1]
    assert "boardatnight" in pages[1].replace(" ", "")


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_theme_begins_a_page_after_contents_that_fill_one(engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    introduction = text("This briefing says what was asked, and by whom. " * 45)
    variant = replace(one_theme("Riders."), introduction=introduction)
    pages = read_pages(pdf.write(variant, template_set).data)
    assert "Riders" not in pages[1]


@pytest.mark.parametrize("marking", ["Internal", "Internal: not for circulation outside the firm and its advisers"])
def test_a_marking_on_a_compact_cover_is_on_one_line(marking: str) -> None:
    variant = replace(
        sample("en", marking=marking, blocks=(Paragraph(id="p", text=text("Words.")),)),
        compact=True, cut_off_text="Sources to 9 March 2026",
    )  # fmt: skip
    data = pdf.write(variant, find_template_set("base")).data
    assert any(marking.replace(" ", "") in words(line).replace(" ", "") for line in lines(data))


def test_style_sheets_are_published_without_comments(tmp_path: Path) -> None:
    rules = """/* Ours alone. */
.a { color: red; /* why
it is red */ margin: 1px/**/2px }
/*! Licence: free. */
.b::before { content: "/* printed */" }
"""
    template_set = write_set(tmp_path, files={"screen.css": rules})
    page = html.write(sample("en"), template_set).data.decode()
    style = page.split("<style>")[1].split("</style>")[0]
    assert "Ours" not in style
    assert "it is red" not in style
    assert "margin: 1px/**/2px" in style
    assert "/*! Licence: free. */" in style
    assert 'content: "/* printed */"' in style
    assert style.count("/*") == 3


def one_theme(words: str) -> Variant:
    return replace(sample("en", blocks=(Paragraph(id="p", text=text(words)),)), compact=False)


def read_pages(data: bytes) -> list[str]:
    return [
        "".join(words(line) + "\n" for line in page) for _, page in groupby(lines(data), key=lambda line: line[0].page)
    ]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize(("look", "top"), [("base", 52), ("board", 38)])
@pytest.mark.parametrize(
    ("locale", "title"),
    [("en", "Emergency admissions and their causes " * 8), ("zh-Hans", "急诊入院及其原因，" * 22)],
    ids=["en", "zh-Hans"],
)
def test_a_long_title_is_within_the_band_of_the_cover(
    look: str, top: float, engine: str, locale: str, title: str
) -> None:
    """Its letters are white: above the band they could not be seen."""
    found = find_template_set(look)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    data = pdf.write(replace(sample(locale), title=title.strip()), template_set).data
    shown = [line for line in lines(data) if line[0].page == 1]
    highest = max(line[0].y for line in shown if words(line).replace(" ", "")[:4] in ("Emer", "急诊入院", "admi"))
    (_, height), _ = boxes(data)[0]
    assert height - highest > (top + 3) / 25.4 * 72


@pytest.mark.slow
@pytest.mark.parametrize(("look", "top", "bottom"), [("base", 52, 217), ("board", 38, 146)])
def test_a_long_title_is_whole_on_the_cover_in_word(look: str, top: float, bottom: float, tmp_path: Path) -> None:
    """Rows of a fixed height cut off the words that do not fit."""
    titles = {
        "en": "Emergency admissions and their causes " * 5,
        "zh-Hant": "區域電車路網養護情形，" * 9,
        "zh-Hans": "急诊入院及其原因，" * 22,
    }
    variants = [
        replace(
            sample(locale), title=f"Begin {title}end", subtitle=f"Sub {title[:90]} last", publisher="Institute " * 12
        )
        for locale, title in titles.items()
    ]
    written = [docx.write(variant, find_template_set(look)).data for variant in variants]
    for shown in libreoffice_pdfs(written, tmp_path):
        _, found = boxes(shown)[0]
        edges = [
            (word[2], word[4]) for word in found if word[0].startswith(("Begin", "Sub")) or word[0].endswith("last")
        ]
        assert len(edges) == 3
        millimetre = 72 / 25.4
        assert all(top * millimetre < above < below < bottom * millimetre for above, below in edges)
        assert all(below < top * millimetre for word, _, _, _, below in found if word == "Institute")


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("look", ["base", "board"])
def test_a_long_publisher_is_within_the_cover_and_beside_the_page_number(look: str, engine: str) -> None:
    found = find_template_set(look)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    publisher = (
        "Northern Office for the Observation of Public Undertakings and of all Their Undertakings in Every Turnpike"
    )
    data = pdf.write(replace(sample("en"), publisher=publisher), template_set).data
    ((width, _), cover), (_, second), *_ = boxes(data)
    assert [word for word, *_ in cover].count("Turnpike") == 1
    assert max(right for _, _, _, right, _ in cover) < width - 30
    at = [word for word, *_ in second].index("Page")
    assert len({round(top) for _, _, top, _, _ in second[at : at + 4]}) == 1
