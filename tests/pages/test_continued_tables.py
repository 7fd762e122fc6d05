"""Tables and timelines on several pages: short ones are not divided, others have rows and a label on each page."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from catalogues import load_packaged_catalogue
from page_balance import empty_feet
from page_geometry import boxes, require_clear
from readback import libreoffice_pdfs
from variant_samples import LONG_INTRODUCTION, sample, text

from brief.inspection.extract.pdf_content import PdfContents
from brief.inspection.extract.pdf_structure import StructureTree
from brief.inspection.extract.pdf_words import read_pdf_words
from brief.model.align import Align
from brief.model.source_location import Ref
from brief.model.variant import Block, CellSpan, Column, Event, Metric, Metrics, Paragraph, Table, Timeline
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

SENTENCE = "A sentence of some length about the wards of the hospital and the beds in them. "
LABELS = {"en": ("Table 1", "Table 1 (continued)"), "zh-Hans": ("表1", "续表1"), "zh-Hant": ("表1", "表1（續）")}
# Margins of the looks in millimetres.
MARGINS = {"base": (27, 25), "board": (24, 20), "paper": (23, 22)}


def make_table(rows: int, label: str = "Table 1", words: int = 1) -> Table:
    columns = (Column(title=text("Ward"), align=Align.START), Column(title=text("Beds"), align=Align.END))
    return Table(
        id="wards",
        label=label,
        title=text("Wards and beds"),
        columns=columns,
        rows=tuple((text(" ".join([f"Ward-{at}"] * words)), text(f"{at + 100}")) for at in range(rows)),
        note=None,
    )


def make_timeline(events: int) -> Timeline:
    made = tuple(Event(when=f"{2000 + at}", text=text(f"Event-{at}")) for at in range(events))
    return Timeline(id="line", label="Figure 1", title=text("Dates"), events=made)


def paragraphs(name: str, count: int) -> list[Block]:
    return [Paragraph(id=f"{name}-{at}", text=text(SENTENCE * 4)) for at in range(count)]


def lay_out(*blocks: Block, locale: str = "en", look: str = "base") -> bytes:
    whole = sample(locale, blocks=tuple(blocks))
    catalogue = load_packaged_catalogue(locale)
    variant = replace(whole, terms=(), introduction=LONG_INTRODUCTION, catalogue=catalogue)
    return pdf.write(variant, find_template_set(look)).data


def list_pages(data: bytes, pattern: str) -> list[list[str]]:
    """Lists the words of each page that match, without the pages on which none does."""
    pages = [[word[0] for word in words if re.fullmatch(pattern, word[0])] for _, words in boxes(data)]
    return [page for page in pages if page]


@pytest.mark.parametrize("before", range(3, 9))
def test_a_short_table_is_on_one_page_and_leaves_no_page_emptier_than_a_third(before: int) -> None:
    data = lay_out(*paragraphs("a", before), make_table(7), *paragraphs("b", 8))
    assert len(list_pages(data, r"Ward-\d")) == 1
    assert max(empty_feet(data, *MARGINS["base"])[2:-1]) < 1 / 3


@pytest.mark.parametrize("before", range(3, 9))
def test_a_short_timeline_is_on_one_page(before: int) -> None:
    data = lay_out(*paragraphs("a", before), make_timeline(7), *paragraphs("b", 8))
    assert len(list_pages(data, r"Event-\d")) == 1
    assert max(empty_feet(data, *MARGINS["base"])[2:-1]) < 1 / 3


def test_a_short_table_is_divided_if_it_would_leave_a_page_largely_empty() -> None:
    """Its rows have many lines, and no text follows that could fill the page."""
    data = lay_out(*paragraphs("a", 3), make_table(8, words=40))
    assert [len(set(page)) for page in list_pages(data, r"Ward-\d")] in ([3, 5], [4, 4], [5, 3])
    assert max(empty_feet(data, *MARGINS["base"])[2:-1]) < 1 / 3


@pytest.mark.parametrize("look", MARGINS)
@pytest.mark.parametrize("locale", LABELS)
@pytest.mark.parametrize("before", [0, 2, 5])
def test_each_page_of_a_long_table_has_a_label_its_head_and_three_rows(look: str, locale: str, before: int) -> None:
    label, continued = LABELS[locale]
    data = lay_out(*paragraphs("a", before), make_table(60, label), *paragraphs("b", 3), locale=locale, look=look)
    require_clear(data)
    seen = 0
    for _, words in boxes(data):
        rows = [word for word in words if re.fullmatch(r"Ward-\d+", word[0])]
        if not rows:
            continue
        seen += 1
        assert len(rows) >= 3
        head = min(word[2] for word in words if word[0] == "Ward")
        assert head < min(row[2] for row in rows)
        above = " ".join(word[0] for word in words if word[4] <= head + 1)
        assert (continued in above) is (seen > 1)
        # Between the label and the head is nothing but a rule.
        line = max(word[4] for word in words if word[4] <= head + 1)
        assert seen == 1 or " ".join(word[0] for word in words if abs(word[4] - line) < 2) == continued
    assert seen > 1


def test_no_page_begins_with_the_last_row_alone_in_typst() -> None:
    """Also if a cell of the last rows takes both of them."""
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref("typst")))
    divided = 0
    for rows in range(24, 44):
        table = make_table(rows)
        spans = (CellSpan(row=rows - 2, column=0, rows=2),) if rows % 4 == 0 else ()
        whole = sample("en", blocks=(*paragraphs("a", 2), replace(table, spans=spans)))
        data = pdf.write(replace(whole, terms=(), introduction=LONG_INTRODUCTION), template_set).data
        require_clear(data)
        pages = list_pages(data, r"1\d\d")
        assert sum(map(len, pages)) == rows
        divided += len(pages) > 1
        assert len(pages[-1]) > 1, rows
    assert divided > 5


def test_each_page_of_a_long_timeline_has_a_label() -> None:
    data = lay_out(*paragraphs("a", 3), make_timeline(40))
    pages = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    with_events = [page for page in pages.split("\f") if "Event-" in page]
    assert [("Figure 1 (continued)" in page) for page in with_events] == [False] + [True] * (len(with_events) - 1)
    assert min(page.count("Event-") for page in with_events) >= 3


def test_the_label_of_a_further_page_is_not_read_aloud() -> None:
    data = lay_out(make_table(60))
    with pikepdf.open(io.BytesIO(data)) as found:
        words = read_pdf_words(found, PdfContents(), StructureTree.from_pdf(found)).text
    assert "Wards and beds" in words
    assert "(continued)" not in words


def test_a_row_that_leaves_no_room_for_the_label_loses_no_words() -> None:
    data = lay_out(make_table(3, words=2500))
    shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    assert [shown.count(f"Ward-{at}") for at in range(3)] == [2500] * 3


def make_tiles() -> Metrics:
    return Metrics(id="tiles", metrics=tuple(Metric(value=f"{at}00", label=text("beds")) for at in range(1, 4)))


def test_the_cover_of_the_board_set_is_one_page_in_word(tmp_path: Path) -> None:
    """Also with a day up to which sources were collected and a marking."""
    variant = replace(sample("en"), cut_off_text="Sources to 9 March 2026", introduction=LONG_INTRODUCTION)
    written = docx.write(variant, find_template_set("board")).data
    (shown,) = libreoffice_pdfs([written], tmp_path)
    first, second, *_ = (" ".join(word[0] for word in words) for _, words in boxes(shown))
    assert "Investors" in first
    assert "Internal" in first
    assert "Who asked what" in second
