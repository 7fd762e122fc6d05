"""Pages beside wide tables: short text between two of them is on a landscape page, and no page before one is half empty."""

from dataclasses import replace
from pathlib import Path

import pytest
from page_balance import empty_feet
from page_geometry import boxes, require_clear
from readback import libreoffice_pdf
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.source_location import Ref
from brief.model.variant import Block, Column, Paragraph, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

SENTENCE = "A sentence of some length about the buses of the town and who rides on them. "
PORTRAIT_TEXT = 147 / 25.4 * 72


def wide(name: str) -> Table:
    columns = (
        Column(title=text("City"), align=Align.START),
        *(Column(title=text(f"Quarter {at} revenue"), align=Align.END) for at in range(11)),
    )
    rows = tuple((text("Town"), *(text("1,234,567") for _ in range(11))) for _ in range(6))
    return Table(id=name, label=name, title=text(name), columns=columns, rows=rows, note=None)


def words(count: int, heading: str = "") -> Paragraph:
    name = f"p{count}{heading}"
    return Paragraph(id=name, text=text(SENTENCE * count), heading=text(heading) if heading else None)


def of(*blocks: Block) -> Variant:
    return sample("en", blocks=blocks)


def write_pdf(variant: Variant, look: str, engine: str) -> bytes:
    found = find_template_set(look)
    return pdf.write(variant, replace(found, look=replace(found.look, pdf_engine=Ref(engine)))).data


def require_between(data: bytes, heading: str) -> None:
    """The heading and its text are on a landscape page with a table, and no wider than on other pages."""
    require_clear(data)
    (found,) = (page for page in boxes(data) if heading in {word for word, *_ in page[1]})
    size, shown = found
    assert size[0] > size[1]
    assert "1,234,567" in {word for word, *_ in shown}
    lines = [word for word in shown if len(word[0]) > 3 and word[0] in SENTENCE]
    assert max(word[3] for word in lines) - min(word[1] for word in lines) <= PORTRAIT_TEXT + 1


@pytest.mark.parametrize(("look", "engine"), [("base", "weasyprint"), ("base", "typst"), ("paper", "weasyprint")])
def test_short_text_between_two_wide_tables_is_on_their_pages(look: str, engine: str) -> None:
    data = write_pdf(of(words(10), wide("One"), words(5, "Between"), wide("Two"), words(20)), look, engine)
    require_between(data, "Between")
    turned = [size[0] > size[1] for size, _ in boxes(data)]
    # No other page is between theirs, and what is after them is on pages of its own kind.
    start = turned.index(True)
    assert all(turned[start : start + turned.count(True)])
    assert turned.count(True) <= 2
    assert not turned[-1]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_figures_of_a_wide_table_are_apart_on_a_board(engine: str) -> None:
    data = write_pdf(of(wide("One")), "board", engine)
    require_clear(data)
    assert [word for _, shown in boxes(data) for word, *_ in shown].count("1,234,567") == 66


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_long_text_between_two_wide_tables_has_a_page_of_its_own(engine: str) -> None:
    data = write_pdf(of(wide("One"), words(40, "Between"), wide("Two")), "base", engine)
    (size,) = (size for size, shown in boxes(data) if "Between" in {word for word, *_ in shown})
    assert size[0] < size[1]


@pytest.mark.slow
def test_short_text_between_two_wide_tables_is_on_their_pages_in_word(tmp_path: Path) -> None:
    variant = of(words(10), wide("One"), words(5, "Between"), wide("Two"), words(20))
    require_between(libreoffice_pdf(docx.write(variant, find_template_set("base")).data, tmp_path), "Between")


@pytest.mark.parametrize("before", [4, 10, 14])
def test_text_after_a_wide_table_fills_the_page_before_it(before: int) -> None:
    shown = (wide("One"), wide("Two"))
    data = write_pdf(of(words(before), *shown, words(6, "After"), words(12), words(8), words(9)), "base", "weasyprint")
    sizes = [size[0] > size[1] for size, _ in boxes(data)]
    filled = empty_feet(data, 27, 25)[sizes.index(True) - 1]
    assert filled < 1 / 3
    # What begins before the tables ends there.
    after = next(at for at, is_turned in enumerate(sizes) if at > sizes.index(True) and not is_turned)
    starts = {word for word, *_ in boxes(data)[after][1] if word[0].isupper()}
    assert "A" in starts


def test_a_page_break_before_a_wide_table_makes_no_empty_page() -> None:
    data = write_pdf(of(words(10), replace(wide("One"), page_break=True), words(9)), "base", "weasyprint")
    assert all(len(shown) > 20 for _, shown in boxes(data)[2:4])


@pytest.mark.slow
@pytest.mark.parametrize("months", [9, 12, 14])
def test_no_figure_of_a_wide_table_is_broken_in_word(months: int, tmp_path: Path) -> None:
    """The face is one that stands in for ours, and is wider; totals are bold."""
    columns = tuple(Column(title=text(f"M{at}"), align=Align.END) for at in range(months))
    columns = (
        Column(title=text("Airline"), align=Align.START),
        Column(title=text("Route"), align=Align.START),
        *columns,
    )
    rows = tuple((text(name), text("DUB to FRA"), *(text("900,002") for _ in range(months))) for name in "ABCD")
    table = Table(id="t", label="t", title=text("Seats"), columns=columns, rows=rows, note=None, totals=(3,))
    shown = libreoffice_pdf(docx.write(of(table), find_template_set("base")).data, tmp_path)
    require_clear(shown)
    assert [word for _, page in boxes(shown) for word, *_ in page].count("900,002") == 4 * months
