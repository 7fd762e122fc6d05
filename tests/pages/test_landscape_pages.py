"""Pages beside wide tables: short text between two of them is on a landscape page, and no page before one is half empty."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from page_balance import empty_feet
from page_geometry import boxes, require_clear
from readback import docx_parts, libreoffice_pdf, libreoffice_pdfs, pdf_structure
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.inline import Footnote, Run
from brief.model.prose import ProseParagraph
from brief.model.source_location import Ref
from brief.model.variant import Block, Column, ListBlock, Paragraph, Prose, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf
from brief.writers.docx.body.page_meter import make_meters
from brief.writers.ooxml.elements import qualify_name
from brief.writers.pdf.typst.landscape import place_around_tables

SENTENCE = "A sentence of some length about the buses of the town and who rides on them. "
PORTRAIT_TEXT = 147 / 25.4 * 72
PAPER_TEXT = 170 / 25.4 * 72


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


def require_between(data: bytes, heading: str, width: float = PORTRAIT_TEXT) -> None:
    """The heading and its text are on a landscape page with a table, and no wider than on other pages."""
    require_clear(data)
    (found,) = (page for page in boxes(data) if heading in {word for word, *_ in page[1]})
    size, shown = found
    assert size[0] > size[1]
    assert "1,234,567" in {word for word, *_ in shown}
    lines = [word for word in shown if len(word[0]) > 3 and word[0] in SENTENCE]
    assert max(word[3] for word in lines) - min(word[1] for word in lines) <= width + 1


@pytest.mark.parametrize(("look", "engine"), [("base", "weasyprint"), ("base", "typst"), ("paper", "weasyprint")])
def test_short_text_between_two_wide_tables_is_on_their_pages(look: str, engine: str) -> None:
    # Typst would begin the text on the page before, if there were room.
    before = (words(10),) if engine == "weasyprint" else (words(13), words(14), words(31))
    data = write_pdf(of(*before, wide("One"), words(5, "Between"), wide("Two"), words(20)), look, engine)
    require_between(data, "Between", PAPER_TEXT if look == "paper" else PORTRAIT_TEXT)
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


@pytest.mark.slow
def test_short_text_after_a_wide_table_is_on_its_page_in_word(tmp_path: Path) -> None:
    variant = of(words(11), words(5), wide("One"), words(6, "Below"), words(20, "Later"))
    shown = libreoffice_pdf(docx.write(variant, find_template_set("base")).data, tmp_path)
    require_between(shown, "Below")
    (size,) = (size for size, page in boxes(shown) if "Later" in {word for word, *_ in page})
    assert size[0] < size[1]


@pytest.mark.parametrize(("look", "engine"), [("base", "weasyprint"), ("base", "typst"), ("paper", "weasyprint")])
def test_text_after_a_short_wide_table_begins_on_its_page(look: str, engine: str) -> None:
    """The page before is too full for the text. What follows is as wide as on other pages, and the next theme is on one of those."""
    before = {"weasyprint": (13, 14, 24), "typst": (13, 14, 31)}[engine] if look == "base" else (13, 14, 2)
    whole = of(*map(words, before), wide("One"), words(4, "Below"), words(9), words(17))
    second = replace(whole.sections[0], id="b", number=2, title=text("Another"), blocks=(wide("Two"),))
    third = replace(second, id="c", number=3, title=text("Opening"), blocks=(words(3),))
    data = write_pdf(replace(whole, sections=(*whole.sections, second, third)), look, engine)
    require_between(data, "Below", PAPER_TEXT if look == "paper" else PORTRAIT_TEXT)
    by_word = {word: size[0] > size[1] for size, shown in boxes(data) for word, *_ in shown}
    assert not by_word["Opening"]


@pytest.mark.parametrize("lengths", [(3, 9, 2, 7), (14, 1, 30, 5), (9, 12, 12, 12)])
def test_pages_with_many_wide_tables_settle_in_typst(lengths: tuple[int, ...]) -> None:
    """Each place of tables depends on those before. An unsettled document would be refused."""
    blocks: list[Block] = []
    for at, count in enumerate(lengths * 2):
        blocks.extend((words(count, f"Text-{at}"), words(count + 3, f"More-{at}"), wide(f"Table-{at}")))
    data = write_pdf(of(*blocks, words(4)), "base", "typst")
    require_clear(data)
    shown = [word for _, page in boxes(data) for word, *_ in page]
    starts = [word for word in shown if word.startswith("Text-")]
    assert starts == [f"Text-{at}" for at in range(len(starts))]
    assert shown.count("1,234,567") == 66 * len(starts)


def test_blocks_that_do_not_fit_beside_a_wide_table_are_taken_back() -> None:
    """What a layout reports does not hold after a change before it."""
    reports = [
        [{"at": 0, "part": "before", "count": 2, "over": False}, {"at": 0, "part": "below", "count": 9, "over": False}],
        [{"at": 0, "part": "before", "count": 0, "over": True}, {"at": 0, "part": "below", "count": 9, "over": False}],
        [{"at": 0, "part": "before", "count": 0, "over": False}, {"at": 0, "part": "below", "count": 1, "over": False}],
        [{"at": 0, "part": "before", "count": 0, "over": False}, {"at": 0, "part": "below", "count": 0, "over": False}],
    ]
    tried: list[object] = []

    def lay_out(placed: bytes) -> Sequence[Mapping[str, object]]:
        tried.append(json.loads(placed))
        return reports[len(tried) - 1]

    settled = json.loads(place_around_tables(lay_out))
    assert tried == [[], [{"before": 2}], [{"before": 1}], [{"before": 1, "below": 1}]]
    assert settled == [{"before": 1, "below": 1}]


@pytest.mark.parametrize("before", [4, 10])
def test_a_long_text_after_a_wide_table_begins_before_it_and_goes_on_after_it(before: int) -> None:
    """Each sentence is printed once, and the paragraph is one element, after the table, for a screen reader."""
    numbered = " ".join(f"Sentence number-{at} is about the buses of the town." for at in range(60))
    long = Paragraph(id="long", text=text(numbered))
    data = write_pdf(of(words(before), wide("One"), long, words(9)), "base", "weasyprint")
    sizes = [size[0] > size[1] for size, _ in boxes(data)]
    turned = sizes.index(True)
    shown = [[word for word, *_ in page if word.startswith("number-")] for _, page in boxes(data)]
    assert shown[turned - 1][0] == "number-0"
    assert [word for page in shown for word in page] == [f"number-{at}" for at in range(60)]
    assert empty_feet(data, 27, 25)[turned - 1] < 1 / 3
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kinds = [element for element in pdf_structure(pdf) if element.S in ("/Table", "/P")]
        at = next(at for at, element in enumerate(kinds) if element.S == "/Table")
        assert len({line.Pg.objgen for line in kinds[at + 1].K}) > 1


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
@pytest.mark.parametrize(("look", "margins"), [("base", (27, 25)), ("paper", (23, 22))])
def test_text_after_a_wide_table_fills_the_page_before_it_in_word(
    look: str, margins: tuple[int, int], tmp_path: Path
) -> None:
    """With a face that stands in for ours, and is wider. Nothing is lost, and captions keep their order."""
    short = Table(
        id="short", label="Table 2", title=text("Short"), columns=(Column(title=text("Stop"), align=Align.START),),
        rows=((text("Quay"),),) * 3, note=None,
    )  # fmt: skip
    after = (short, words(7, "Below"), words(5), words(8), words(6), words(9))
    lengths = (2, 5, 8, 10, 13, 16)
    files = [
        docx.write(of(words(count), words(count // 2), wide("Table 1"), *after), find_template_set(look)).data
        for count in lengths
    ]
    for count, shown in zip(lengths, libreoffice_pdfs(files, tmp_path), strict=True):
        require_clear(shown)
        pages = [[word for word, *_ in page] for _, page in boxes(shown)]
        assert sum(page.count("sentence") for page in pages) == count + count // 2 + 35
        turned = [size[0] > size[1] for size, _ in boxes(shown)].index(True)
        assert empty_feet(shown, *margins)[turned - 1] < 1 / 3, count
        flat = [word for page in pages for word in page]
        assert flat.index("1,234,567") < flat.index("Quay")


@pytest.mark.parametrize("last", ["note", "break", "tables"])
def test_text_that_must_stay_behind_a_wide_table_does(last: str) -> None:
    """An author's footnotes are counted in their order, and an author's page break is where it is written."""
    note = Footnote[Run](paragraphs=(text("Counted"),))
    columns, row = wide("x").columns[:2], (text("Stays"), text("1"))
    small: list[Block] = [replace(wide(f"Small-{at}"), columns=columns, rows=(row,)) for at in range(3)]
    small.append(words(9))
    broken: Block = replace(words(9, "Stays"), page_break=True)
    stays: dict[str, tuple[Block, ...]] = {
        "note": (Prose(id="n", parts=(ProseParagraph((*text("Stays behind."), note)),)), words(9)),
        "break": (broken,),
        "tables": tuple(small),
    }
    table = replace(wide("One"), note=(*text("Noted"), note)) if last == "note" else wide("One")
    document = docx_parts(docx.write(of(words(4), table, *stays[last]), find_template_set("base")).data)[
        "word/document.xml"
    ].decode()
    assert document.index("1,234,567") < document.index("Stays")


@pytest.mark.slow
@pytest.mark.parametrize(("months", "head"), [(9, "Commitments"), (12, "Memoranda"), (14, "M")])
def test_no_word_or_figure_of_a_wide_table_is_broken_in_word(months: int, head: str, tmp_path: Path) -> None:
    """The face is one that stands in for ours, and is wider; heads and totals are bold."""
    columns = tuple(Column(title=text(head), align=Align.END) for _ in range(months))
    columns = (
        Column(title=text("Airline"), align=Align.START),
        Column(title=text("Route"), align=Align.START),
        *columns,
    )
    rows = tuple((text(name), text("DUB to FRA"), *(text("900,002") for _ in range(months))) for name in "ABCD")
    table = Table(id="t", label="t", title=text("Seats"), columns=columns, rows=rows, note=None, totals=(3,))
    shown = libreoffice_pdf(docx.write(of(table), find_template_set("base")).data, tmp_path)
    require_clear(shown)
    found = [word for _, page in boxes(shown) for word, *_ in page]
    assert found.count("900,002") == 4 * months
    assert found.count(head) == months


@pytest.mark.slow
@pytest.mark.parametrize("look", ["base", "paper"])
def test_a_short_table_after_a_wide_one_is_on_its_page_in_word(look: str, tmp_path: Path) -> None:
    columns = (Column(title=text("Stop"), align=Align.START), Column(title=text("Riders"), align=Align.END))
    files = []
    for rows in (4, 30):
        short = Table(
            id="short", label="Table 2", title=text("Short"), columns=columns,
            rows=tuple((text("Quay-below"), text("12")) for _ in range(rows)), note=text("Of one week."),
        )  # fmt: skip
        files.append(docx.write(of(words(10), wide("One"), short, words(20, "Later")), find_template_set(look)).data)
    below, too_long = libreoffice_pdfs(files, tmp_path)
    require_clear(below)
    places = [
        {word: (at, size[0] > size[1]) for at, (size, page) in enumerate(boxes(shown)) for word, *_ in page}
        for shown in (below, too_long)
    ]
    assert places[0]["Quay-below"] == places[0]["1,234,567"]
    assert not places[0]["Later"][1]
    assert not places[1]["Quay-below"][1]


@pytest.mark.parametrize(("columns", "is_turned"), [(6, False), (8, False), (11, True)])
def test_a_table_in_word_is_smaller_before_its_page_is_turned(columns: int, is_turned: bool) -> None:
    heads = tuple(Column(title=text("Rides"), align=Align.END) for _ in range(columns))
    rows = (tuple(text("1,234,567") for _ in heads),) * 3
    table = Table(id="t", label="t", title=text("Rides"), columns=heads, rows=rows, note=None)
    document = docx_parts(docx.write(of(words(3), table, words(3)), find_template_set("base")).data)[
        "word/document.xml"
    ]
    assert (b'w:orient="landscape"' in document) == is_turned
    sizes = {int(size) for size in re.findall(rb'<w:sz w:val="(\d+)"/>', document)}
    assert min(sizes, default=18) >= 14


def test_the_rows_of_narrow_columns_are_measured_as_low_as_they_are() -> None:
    """The padding of their cells is narrow. Each row is one line in every font."""
    names = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September")
    columns = (
        Column(title=text("Bahnhof"), align=Align.START),
        *(Column(title=text(name), align=Align.END) for name in names),
    )
    rows = tuple((text("Verzweigungshalt"), *(text("9,991") for _ in names)) for _ in range(9))
    table = Table(id="t", label="t", title=text("Verspätung"), columns=columns, rows=rows, note=None)
    document = Document(io.BytesIO(docx.write(of(words(1), table), find_template_set("base")).data))
    (element,) = (
        each for each in document.element.body.iter(qualify_name("w:tbl")) if "9,991" in "".join(each.itertext())
    )
    assert element.find(f".//{qualify_name('w:tblCellMar')}") is not None
    for meter in make_meters(document.styles.element, 13_000):
        assert meter.measure([element], 8334) <= 10 * 400


def test_text_with_a_note_is_before_a_wide_table_without_notes() -> None:
    note = Footnote[Run](paragraphs=(text("Counted"),))
    moved = Prose(id="n", parts=(ProseParagraph((*text(f"Moves. {SENTENCE * 11}"), note)),))
    document = docx_parts(docx.write(of(words(4), wide("One"), moved, words(9)), find_template_set("base")).data)[
        "word/document.xml"
    ].decode()
    assert document.index("Moves") < document.index("1,234,567")


@pytest.mark.slow
def test_a_long_list_begins_below_a_wide_table_in_word(tmp_path: Path) -> None:
    points = ListBlock(id="l", ordered=False, items=tuple(text(f"Point-{at:02} {SENTENCE * 2}") for at in range(40)))
    variant = of(words(9), replace(wide("One"), page_break=True), points, words(9, "Later"))
    shown = libreoffice_pdf(docx.write(variant, find_template_set("base")).data, tmp_path)
    require_clear(shown)
    turned = [
        [word for word, *_ in page if word.startswith("Point-")] for size, page in boxes(shown) if size[0] > size[1]
    ]
    assert len(turned) == 1
    assert 2 <= len(turned[0]) < 40
    found = [word for _, page in boxes(shown) for word, *_ in page if word.startswith("Point-")]
    assert found == [f"Point-{at:02}" for at in range(40)]
