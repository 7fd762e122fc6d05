"""Running heads of landscape pages in Word reach the margin of these pages, and those of other pages their own."""

import subprocess

import pytest
from lxml import etree
from readback import libreoffice_pdfs
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.variant import Column, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers.docx import write

MARKING = "Confidential"
# The top of the text and the right margin of each set, in points.
MARGINS = {"base": (76, 73.7), "paper": (65, 56.7)}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Text around a wide table, in each set, as LibreOffice prints it."""
    heads = tuple(Column(title=text(f"Quarterly revenue {number}"), align=Align.END) for number in range(12))
    rows = (tuple(text("1,234,567") for _ in heads),) * 2
    wide = Table(id="wide", label="Table 9", title=text("Wide"), columns=heads, rows=rows, note=None)
    around = [Paragraph(id=each, text=text("Words around the table. " * 200)) for each in ("before", "after")]
    made = sample(blocks=(around[0], wide, around[1]), marking=MARKING)
    documents = [write(made, find_template_set(name)).data for name in MARGINS]
    return dict(zip(MARGINS, libreoffice_pdfs(documents, tmp_path_factory.mktemp("office")), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", MARGINS)
def test_running_heads_reach_the_margin_of_each_page(printed: dict[str, bytes], name: str) -> None:
    command = ["pdftotext", "-bbox", "-", "-"]
    drawn = subprocess.run(command, input=printed[name], check=True, capture_output=True).stdout
    top, margin = MARGINS[name]
    gaps = []
    for page in etree.fromstring(drawn).iter("{*}page"):
        width, height = float(page.get("width", "")), float(page.get("height", ""))
        for word in page.iter("{*}word"):
            if word.text == MARKING and float(word.get("yMin", "")) < top:
                gaps.append((width > height, round(width - margin - float(word.get("xMax", "")))))
    assert {turned for turned, _ in gaps} == {True, False}
    assert gaps[-1][0] is False
    assert {gap for _, gap in gaps} == {0}
