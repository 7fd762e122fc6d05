"""Content that does not fit a page as it is: nothing is cut off, printed over something else or left out."""

import io
import re

import pikepdf
import pytest
from page_geometry import boxes, require_clear
from readback import docx_body, libreoffice_pdfs, pdf_lines, pdf_text
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.inline import Link, Text
from brief.model.variant import Block, Column, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

LOOKS = ("base", "board", "paper")
HASH = "SHA256:" + "deadbeef" * 8
QUERY = "https://example.org/archive/?query=" + "x" * 200 + "&lang=en#end"
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
SENTENCES = [f"Sentence number {number} of a very long cell." for number in range(260)]


def table(columns: int, cell: str = "1,234,567", head: str = "Quarter {} revenue") -> Table:
    heads = [Column(title=text(head.format(number)), align=Align.END) for number in range(1, columns)]
    return Table(
        id="wide",
        title=text("By quarter"),
        note=None,
        columns=(Column(title=text("City"), align=Align.START), *heads),
        rows=tuple((text(f"Row {row}"), *(text(cell) for _ in heads)) for row in range(3)),
    )


def write_pdf(look: str, *blocks: Block) -> bytes:
    return pdf.write(sample(blocks=blocks), find_template_set(look)).data


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("columns", [6, 9, 11, 14, 20])
def test_figures_of_a_wide_table_stand_apart(look: str, columns: int) -> None:
    data = write_pdf(look, table(columns))
    require_clear(data)
    if columns <= 14:
        found = [word[0] for _, words in boxes(data) for word in words]
        assert found.count("1,234,567") == 3 * (columns - 1)


def test_a_table_that_fits_is_not_moved() -> None:
    sizes = {size for size, _ in boxes(write_pdf("base", table(5)))}
    assert len(sizes) == 1


def test_a_wide_table_has_a_landscape_page_of_its_own() -> None:
    data = write_pdf("base", Paragraph(id="a", text=text("Before.")), table(12), Paragraph(id="b", text=text("After.")))
    landscape = [[word[0] for word in words] for size, words in boxes(data) if size[0] > size[1]]
    assert len(landscape) == 1
    assert "1,234,567" in landscape[0]
    assert not {"Before.", "After."} & set(landscape[0])


@pytest.mark.parametrize("look", LOOKS)
def test_what_cannot_be_broken_is_broken_within_its_place_without_a_hyphen(look: str) -> None:
    links = Table(
        id="links",
        title=text("Links"),
        note=None,
        columns=(
            Column(title=text("n"), align=Align.START),
            Column(title=text("URL"), align=Align.START),
            Column(title=text("Value"), align=Align.END),
        ),
        rows=(
            (text("A"), (Link(QUERY, text("example.org/" + "a" * 90)),), text("12,345")),
            (text("B"), text(HASH), text("13")),
        ),
    )
    blocks = (
        Paragraph(id="address", text=(Text("See "), Link(QUERY, text(QUERY)), Text(" here."))),
        Paragraph(id="compound", heading=text(f"{COMPOUND} report"), text=text("Text.")),
        links,
    )
    data = write_pdf(look, *blocks)
    require_clear(data)
    whole = re.sub(r"\s", "", pdf_text(data))
    for token in (QUERY, COMPOUND):
        assert token in whole
    assert "-" not in "".join(re.findall(r"SHA256:[a-f0-9\s-]*", pdf_text(data)))
    assert len(re.findall("deadbeef", re.sub(r"[^a-z]", "", pdf_text(data)))) == 8


def tall() -> Table:
    return Table(
        id="tall",
        title=text("Comments"),
        note=None,
        columns=(Column(title=text("n"), align=Align.START), Column(title=text("Text"), align=Align.START)),
        rows=((text("a"), text(" ".join(SENTENCES))), (text("b"), text("A short one."))),
    )


@pytest.mark.parametrize("look", LOOKS)
def test_every_sentence_of_a_row_longer_than_a_page_is_printed(look: str) -> None:
    data = write_pdf(look, tall())
    require_clear(data)
    printed = " ".join(pdf_text(data).split())
    assert [sentence for sentence in SENTENCES if sentence not in printed][5:] == []


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """Word documents, and what LibreOffice prints of them: a long row in each look, and two wide tables."""
    base = find_template_set("base")
    wide = (Paragraph(id="a", text=text("Before.")), table(11), Paragraph(id="b", text=text("After.")))
    made = {look: docx.write(sample(blocks=(tall(),)), find_template_set(look)).data for look in LOOKS}
    made["wide"] = docx.write(sample(blocks=wide), base).data
    made["very wide"] = docx.write(sample(blocks=(table(13, "1,234,567.89"),)), base).data
    pdfs = libreoffice_pdfs(list(made.values()), tmp_path_factory.mktemp("office"))
    return dict(zip(made, zip(made.values(), pdfs, strict=True), strict=True))


@pytest.mark.parametrize("look", LOOKS)
def test_every_sentence_of_a_long_row_is_in_what_word_processors_show(
    printed: dict[str, tuple[bytes, bytes]], look: str
) -> None:
    made, pdf = printed[look]
    assert docx_body(made).count("w:cantSplit") == docx_body(made).count("<w:tr>") - 1
    shown = pdf_text(pdf)
    assert set(map(str, range(260))) <= set(shown.split())
    assert shown.split().count("Sentence") == len(SENTENCES)


def test_a_wide_table_has_landscape_pages_in_word(printed: dict[str, tuple[bytes, bytes]]) -> None:
    _, shown = printed["wide"]
    with pikepdf.open(io.BytesIO(shown)) as document:
        boxes_ = [[float(edge) for edge in page.mediabox] for page in document.pages]
    landscape = [at for at, box in enumerate(boxes_, start=1) if box[2] > box[3]]
    assert len(landscape) == 1
    text_there = "\n".join(pdf_lines(shown)[landscape[0] - 1])
    assert text_there.count("1,234,567") == 3 * 10
    assert "Before." not in text_there
    # Short text goes on below the table, rather than leave the landscape page half empty.
    assert "After." in text_there


def test_figures_of_a_very_wide_table_stay_whole_in_word(printed: dict[str, tuple[bytes, bytes]]) -> None:
    _, shown = printed["very wide"]
    assert pdf_text(shown).split().count("1,234,567.89") == 3 * 12
