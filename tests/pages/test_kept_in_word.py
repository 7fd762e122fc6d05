"""What is kept together on a page in Word, as LibreOffice prints it: openings of themes, tables and charts."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from chart_samples import NAMES, make_chart, number_names, row
from page_balance import empty_feet
from readback import docx_parts, libreoffice_pdf, libreoffice_pdfs
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.blocks import ChartKind
from brief.model.variant import Block, Column, Metric, Metrics, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers import docx

# Margins of the base set in millimetres.
TOP, BOTTOM = 27, 25
MOST_EMPTY = 1 / 3
SENTENCE = "A sentence of some length about the buses of the town and who rides on them. "


def read_pages(data: bytes) -> list[str]:
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().split("\f")


@pytest.mark.slow
@pytest.mark.parametrize(("look", "length", "top", "bottom"), [("base", 4, TOP, BOTTOM), ("board", 0, 24, 20)])
@pytest.mark.parametrize("has_tiles", [False, True])
def test_an_opening_is_with_its_takeaways_and_text_in_word(
    look: str, length: int, top: float, bottom: float, has_tiles: bool, tmp_path: Path
) -> None:
    """Chapters begin at many heights. The takeaways are divided only between the first and the last one."""
    whole = sample("en").sections[0]
    tiles = Metrics(id="tiles", metrics=tuple(Metric(value=f"{at}00", label=text("beds")) for at in range(1, 4)))

    def compose(at: int) -> tuple[Block, ...]:
        body = Paragraph(id=f"p{at}", text=text(f"Text-{at:02}. {SENTENCE * (9 + 4 * at)}"))
        return (replace(tiles, id=f"t{at}"), body) if has_tiles else (body,)

    sections = tuple(
        replace(
            whole, id=f"s{at}", number=at, summary=text(f"Summary-{at:02}. {SENTENCE * length}"),
            takeaways=tuple(text(f"Takeaway-{at:02}-{part} {SENTENCE}") for part in range(3)),
            blocks=compose(at),
        )
        for at in range(1, 15)
    )  # fmt: skip
    data = docx.write(replace(sample("en"), sections=sections), find_template_set(look)).data
    shown = libreoffice_pdf(data, tmp_path)
    # The contents may take two pages.
    assert max(empty_feet(shown, top, bottom)[3:-1]) < 0.4
    pages = read_pages(shown)
    assert [at for at in range(1, 15) if not _share_page(pages, f"Summary-{at:02}.", f"Takeaway-{at:02}-0")] == []
    assert (
        has_tiles
        or [at for at in range(1, 15) if not _share_page(pages, f"Takeaway-{at:02}-2", f"Text-{at:02}.")] == []
    )


def _share_page(pages: list[str], *words: str) -> bool:
    return any(all(word in page for word in words) for page in pages)


@pytest.mark.slow
def test_a_table_with_a_heading_and_a_note_leaves_no_page_emptier_than_a_third_in_word(tmp_path: Path) -> None:
    """It begins at many heights. It is whole if all of it takes up to a third of a page."""
    columns = (Column(title=text("Stop"), align=Align.START), Column(title=text("Riders"), align=Align.END))
    table = Table(
        id="t", label="Table 1", heading=text("Heading"), title=text("Riders of the stops"), columns=columns,
        rows=tuple((text(f"Quay {at}"), text("12")) for at in range(11)), note=text("Of one week."),
    )  # fmt: skip
    after = Paragraph(id="q", text=text(SENTENCE * 30))
    files = [
        docx.write(
            sample("en", blocks=(Paragraph(id="p", text=text(SENTENCE * count)), table, after)),
            find_template_set("base"),
        ).data
        for count in range(4, 24, 2)
    ]
    for shown in libreoffice_pdfs(files, tmp_path):
        assert max(empty_feet(shown, TOP, BOTTOM)[1:-1]) <= MOST_EMPTY


@pytest.mark.parametrize(("look", "is_kept"), [("base", True), ("board", False)])
def test_a_chart_in_word_is_kept_with_its_table_on_high_pages_alone(look: str, is_kept: bool) -> None:
    chart = make_chart(ChartKind.LINE, "en", number_names(4), NAMES[:1], [row(*range(1, 5))])
    data = docx.write(sample("en", blocks=(chart,)), find_template_set(look)).data
    document = docx_parts(data)["word/document.xml"].decode()
    (drawing,) = (each for each in document.split("<w:p>") if "<wp:inline" in each)
    assert ("<w:keepNext/>" in drawing) == is_kept
