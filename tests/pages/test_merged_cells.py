"""Merged cells of many rows: their words are on every page that has one of their rows, in every format."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from page_balance import empty_feet
from page_geometry import boxes, require_clear
from readback import docx_parts
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.inline import Citation, Footnote, Runs, Text
from brief.model.source_location import Ref
from brief.model.variant import CellSpan, Column, Paragraph, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf
from brief.writers.merged_cells import divide_merged_cells

SENTENCE = "A sentence of some length about the wards of the hospital and who waits there. "
MARGINS = {"base": (27, 25), "board": (24, 20), "paper": (23, 22)}
# Rows of each region and of each ward within it.
REGIONS, WARDS = (3, 40, 7, 25), 4


def hospital() -> Table:
    """A table with cells merged in two columns: the second's are within the first's."""
    rows: list[tuple[Runs, ...]] = []
    spans: list[CellSpan] = []
    for region, count in enumerate(REGIONS):
        spans.append(CellSpan(row=len(rows), column=0, rows=count))
        for at in range(count):
            if at % WARDS == 0 and count - at > 1:
                spans.append(CellSpan(row=len(rows), column=1, rows=min(WARDS, count - at)))
            names = (f"Region-{region}" if at == 0 else "", f"Ward-{region}-{at // WARDS}" if at % WARDS == 0 else "")
            rows.append((*map(text, names), text(f"Bed-{region}-{at:02}"), text("1,200")))
    heads = (("Region", Align.START), ("Ward", Align.START), ("Bed", Align.START), ("Days", Align.END))
    return Table(
        id="beds", label="Table 1", title=text("Beds"), note=None, rows=tuple(rows), spans=tuple(spans),
        columns=tuple(Column(title=text(title), align=align) for title, align in heads),
    )  # fmt: skip


def variant(before: int) -> Variant:
    return sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE * before)), hospital()))


def require_labels(data: bytes) -> None:
    """Each page with a bed has the names of its region and ward, beside or above it, and all beds are in order."""
    require_clear(data)
    found = []
    for _, words in boxes(data):
        heights = {word: top for word, _, top, *_ in reversed(words)}
        for bed in (word for word, *_ in words if word.startswith("Bed-")):
            _, region, number = bed.split("-")
            for label in (f"Region-{region}", f"Ward-{region}-{int(number) // WARDS}"):
                assert heights.get(label, float("inf")) <= heights[bed] + 1, (bed, label)
            found.append(bed)
    assert found == [f"Bed-{region}-{at:02}" for region, count in enumerate(REGIONS) for at in range(count)]


def looks() -> Iterator[tuple[str, str]]:
    yield from (("base", "weasyprint"), ("base", "typst"), ("board", "weasyprint"), ("board", "typst"))
    yield "paper", "weasyprint"


@pytest.mark.parametrize(("look", "engine"), [*looks()])
def test_the_words_of_a_merged_cell_are_on_the_page_of_each_of_its_rows(look: str, engine: str) -> None:
    found = find_template_set(look)
    for before in (1, 14, 22):
        data = pdf.write(variant(before), replace(found, look=replace(found.look, pdf_engine=Ref(engine)))).data
        require_labels(data)
        assert max(empty_feet(data, *MARGINS[look])[1:-1], default=0) <= 1 / 3, before
    words = [word for _, page in boxes(data) for word, *_ in page]
    # A short one is whole.
    assert words.count("Region-0") == 1
    assert "(continued)" in words


def test_the_rows_of_a_merged_cell_stay_together_in_word() -> None:
    """LibreOffice does not obey this; in Word rows whose paragraphs are kept with the next are on one page."""
    parts = docx_parts(docx.write(variant(14), find_template_set("base")).data)
    rows = re.findall(r"<w:tr>.*?</w:tr>", parts["word/document.xml"].decode(), re.DOTALL)
    beds = [row for row in rows if "Bed-" in row]
    labels = [re.findall(r"Region-\d(?: \(continued\))?", re.sub("<[^>]*>", "", row)) for row in beds]
    assert len(beds) == sum(REGIONS)
    assert labels[3] == ["Region-1"]
    assert labels.count(["Region-1 (continued)"]) == 4
    for row, following in pairwise(beds):
        # The first cell of the row after goes on.
        if "<w:vMerge/>" in following.partition("</w:tc>")[0]:
            assert "<w:keepNext/>" in row


def test_cells_that_overlap_by_steps_do_not_hold_a_whole_table_together() -> None:
    rows = [[text("A"), text("B"), text("C")] for _ in range(60)]
    spans = [
        *(CellSpan(row=at, column=0, rows=6) for at in range(0, 60, 6)),
        *(CellSpan(row=at, column=1, rows=6) for at in range(3, 57, 6)),
    ]
    divided = divide_merged_cells(rows, spans, (8, 8, 8), 9, sample("en").catalogue)
    runs = re.findall("k*", "".join("k" if at in divided.kept else "." for at in range(60)))
    assert max(map(len, runs)) < 9
    covered = {(row, span.column) for span in divided.spans for row in range(span.row, span.row + span.rows)}
    assert covered == {(at, 0) for at in range(60)} | {(at, 1) for at in range(3, 57)}


def test_a_source_is_cited_and_a_note_printed_once() -> None:
    label = (Text("North"), Citation((1,)), Footnote((text("Counted twice."),), "a"))
    rows = [[label if at == 0 else (), text("x")] for at in range(30)]
    divided = divide_merged_cells(rows, (CellSpan(row=0, column=0, rows=30),), (8, 8), 9, sample("zh-Hans").catalogue)
    assert divided.rows[0][0] == label
    assert [row[0] for row in divided.rows if row[0]][1:] == [(Text("North"), Text(" (continued)"))] * 3
