"""Text goes on where a chart, picture or table does not fit on its page, which is not left empty below."""

import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import PIL.Image
import pytest
from glyphs import lines, words
from page_balance import empty_feet
from variant_samples import LONG_INTRODUCTION, sample, text

from brief.inspection.extract.pdf_content import PdfContents
from brief.inspection.extract.pdf_structure import StructureTree
from brief.inspection.extract.pdf_words import read_pdf_words
from brief.model.align import Align
from brief.model.assets import Image
from brief.model.blocks import Tone
from brief.model.variant import Block, Callout, Column, Figure, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

# Margins of the base set in millimetres.
TOP, BOTTOM = 27, 25
SENTENCE = "A sentence of some length about the buses of the town and who rides on them. "


def lay_out(*blocks: Block) -> tuple[bytes, str]:
    """Returns the file, and its words in the order in which they are read aloud."""
    whole = sample("en", blocks=blocks)
    variant = replace(whole, terms=(), introduction=LONG_INTRODUCTION)
    data = write(variant, find_template_set("base")).data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return data, re.sub(r"\s+", " ", read_pdf_words(pdf, PdfContents(), StructureTree.from_pdf(pdf)).text)


def paragraph(name: str, sentences: int, heading: str | None = None) -> Paragraph:
    shown = text(heading) if heading else None
    return Paragraph(id=name, heading=shown, text=text(f"Start of {name}. " + SENTENCE * sentences))


def square() -> Image:
    """Makes a picture of 106 mm in width and height."""
    drawn = io.BytesIO()
    PIL.Image.new("RGB", (400, 400), "#a03020").save(drawn, "PNG")
    return Image("square.png", "image/png", 400, 400, "0" * 64, drawn.getvalue())


PICTURE = Figure(
    id="picture", label="Figure 1", image=square(), title=text("The square"), description="Red", note=None
)  # fmt: skip


def test_text_fills_the_page_on_which_a_picture_does_not_fit() -> None:
    """The second heading stays with its paragraph."""
    data, words = lay_out(
        paragraph("a", 20), PICTURE, paragraph("b", 6), paragraph("c", 20, "The heading"), paragraph("d", 30)
    )
    feet = empty_feet(data, TOP, BOTTOM)[2:-1]
    assert feet
    assert max(feet) < 0.15
    shown = read_pages(data)
    page = next(at for at, shown_words in enumerate(shown) if "The square" in shown_words and at > 1)
    assert "Start of b" in shown[page - 1]
    assert ("The heading" in shown[page - 1]) is ("Start of c" in shown[page - 1])
    # Read aloud, the picture is where its author put it.
    order = ["Start of a", "The square", "Start of b", "The heading", "Start of c", "Start of d"]
    places = [words.rindex(each) for each in order]
    assert places == sorted(places)


def test_a_picture_stays_before_text_that_does_not_fit_either() -> None:
    box = Callout(id="box", tone=Tone.NOTE, title=None, text=text("Start of box. " + SENTENCE * 18))
    data, _ = lay_out(paragraph("a", 20), PICTURE, box, paragraph("b", 4))
    shown = "".join(read_pages(data)[2:])
    assert shown.index("The square") < shown.index("Start of box")


def test_pictures_that_follow_each_other_keep_their_order_behind_text() -> None:
    data, words = lay_out(
        paragraph("a", 20), PICTURE, replace(PICTURE, id="second", title=text("The other")), paragraph("b", 4)
    )
    shown = "".join(read_pages(data)[2:])
    assert shown.index("Start of b") < shown.index("The square") < shown.index("The other")
    assert words.rindex("The square") < words.rindex("The other") < words.rindex("Start of b")


def test_a_fourth_picture_does_not_move_behind_text() -> None:
    others = (replace(PICTURE, id=f"p{at}", title=text(f"Picture-{at}")) for at in range(3))
    data, _ = lay_out(paragraph("a", 20), PICTURE, *others, paragraph("b", 4))
    shown = "".join(read_pages(data)[2:])
    assert shown.index("The square") < shown.index("Picture-0") < shown.index("Start of b")


def read_pages(data: bytes) -> list[str]:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().split("\f")


def table(rows: int) -> Table:
    columns = tuple(Column(title=text(each), align=Align.START) for each in ("Risk", "Who bears it", "Sign"))
    cells = tuple((text(f"Row-{at}"), text("The town"), text("Full buses")) for at in range(rows))
    return Table(id="risks", label="Table 1", title=text("Risks"), columns=columns, rows=cells, note=text("Our view."))


def test_a_short_table_that_is_a_little_too_high_is_set_densely_and_not_divided() -> None:
    """Its heading and the table would leave nearly a third of the page empty."""
    blocks = replace(table(7), heading=text("All risks")), paragraph("c", 30, "One by one")
    data, _ = lay_out(paragraph("a", 18), *blocks)
    shown = read_pages(data)
    assert [page.count("Row-") for page in shown if "Row-" in page] == [7]
    assert empty_feet(data, TOP, BOTTOM)[2] < 0.1
    # A table that fits keeps its space.
    spaced, _ = lay_out(paragraph("a", 12), *blocks)
    assert measure_rows(spaced) == pytest.approx(1.2 * measure_rows(data), rel=0.1)


def measure_rows(data: bytes) -> float:
    """Returns the distance between two rows of a table, in points."""
    first, second = (line[0].y for line in lines(data) if words(line).startswith(("Row-0", "Row-1")))
    return first - second
