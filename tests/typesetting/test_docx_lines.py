"""Rules of Chinese typesetting in Word: what the file says, and what LibreOffice makes of it.

Word itself does not run here. What it alone heeds is asserted on the file.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from glyphs import Glyph, lines, words
from lxml import etree
from readback import docx_parts, libreoffice_pdfs, pdf_lines
from typesetting_rules import FILL, MEETING, SCRIPTS, sheet

from brief.model.align import Align
from brief.model.han import CLOSING, OPENING, POINTS
from brief.model.inline import Citation, Number, Runs, Text
from brief.model.variant import Block, Column, Paragraph, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers.docx import write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BASE = find_template_set("base")
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


@pytest.fixture(scope="module", params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def parts(script: str) -> dict[str, bytes]:
    return docx_parts(write(sheet(script), find_template_set("base")).data)


def make_cited_lines(script: str) -> Variant:
    """Every length of line before the mark of a citation, in Han alone and after a number."""
    sentences: list[Runs] = [(Text(FILL[script] * at), Citation((1,)), Text("。")) for at in range(30, 80)]
    sentences += [(Text(FILL[script] * at), Number("30个"), Citation((1,)), Text("。")) for at in range(30, 80)]
    return sheet_of(script, *(Paragraph(id=f"p{at}", text=runs) for at, runs in enumerate(sentences)))


def make_name_list(script: str) -> Variant:
    """A list of Latin names in a narrow cell."""
    names = "豆包、Seedance、Seedream、MagicVideo、MagicAnimate；豆包"
    columns = tuple(Column(title=(Text("字"),), align=Align.START) for _ in range(4))
    row = ((Text("字字字字字字字字"),), (Text(names),), (Text("字" * 30),), (Text("字" * 30),))
    return sheet_of(script, Table(id="t", title=(Text("字"),), columns=columns, rows=(row,), note=None))


def sheet_of(script: str, *blocks: Block) -> Variant:
    whole = sheet(script)
    return replace(whole, sections=(replace(whole.sections[0], blocks=blocks),))


DOCUMENTS: dict[str, Callable[[str], Variant]] = {"sheet": sheet, "cited": make_cited_lines, "listed": make_name_list}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """Each of `DOCUMENTS` in each script, as LibreOffice prints it."""
    made = {(name, script): write(make(script), _BASE).data for name, make in DOCUMENTS.items() for script in SCRIPTS}
    pdfs = libreoffice_pdfs(list(made.values()), tmp_path_factory.mktemp("libreoffice"))
    return dict(zip(made, pdfs, strict=True))


@pytest.fixture(scope="module")
def text_lines(script: str, printed: dict[tuple[str, str], bytes]) -> list[list[Glyph]]:
    """The document's lines as LibreOffice prints them."""
    return lines(printed["sheet", script])


class TestFile:
    def test_word_is_given_what_starts_and_ends_no_line(self, parts: dict[str, bytes], script: str) -> None:
        settings = etree.fromstring(parts["word/settings.xml"])
        (first,) = settings.iter(f"{W}noLineBreaksBefore")
        (last,) = settings.iter(f"{W}noLineBreaksAfter")
        region = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}[script]
        assert first.get(f"{W}lang") == last.get(f"{W}lang") == region
        assert set(CLOSING + POINTS + "～—…") <= set(first.get(f"{W}val", ""))
        assert set(OPENING) <= set(last.get(f"{W}val", ""))
        # The units of the document's own numbers are joined to them by the same list.
        assert set("亿元个") <= set(first.get(f"{W}val", ""))

    def test_punctuation_is_compressed_and_room_left_beside_latin(self, parts: dict[str, bytes]) -> None:
        settings = etree.fromstring(parts["word/settings.xml"])
        (control,) = settings.iter(f"{W}characterSpacingControl")
        assert control.get(f"{W}val") == "compressPunctuation"
        (defaults,) = etree.fromstring(parts["word/styles.xml"]).iter(f"{W}pPrDefault")
        on = {element.tag.removeprefix(W) for element in defaults.iter() if element.get(f"{W}val", "1") == "1"}
        assert {"kinsoku", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN"} <= on

    def test_emphasis_is_by_dots_and_never_slanted(self, parts: dict[str, bytes]) -> None:
        for name in ("word/styles.xml", "word/document.xml"):
            root = etree.fromstring(parts[name])
            assert not list(root.iter(f"{W}i"))
        assert {em.get(f"{W}val") for em in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}em")} == {"underDot"}

    def test_figures_in_columns_are_of_one_width(self, parts: dict[str, bytes]) -> None:
        styles = etree.fromstring(parts["word/styles.xml"])
        style = next(s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == "TableFigure")
        assert [spacing.get(f"{W14}val") for spacing in style.iter(f"{W14}numSpacing")] == ["tabular"]

    def test_a_break_is_allowed_between_latin_names_in_cells_alone(self, script: str) -> None:
        body = docx_parts(write(make_name_list(script), _BASE).data)["word/document.xml"].decode()
        assert body.count("\u200b") == 4
        prose = replace(make_name_list(script).sections[0], blocks=(Paragraph(id="p", text=(Text("豆包、Seedance"),)),))
        said = docx_parts(write(replace(sheet(script), sections=(prose,)), _BASE).data)["word/document.xml"].decode()
        assert "\u200b" not in said

    def test_no_invisible_character_is_in_the_text_but_before_citations(self, parts: dict[str, bytes]) -> None:
        body = etree.fromstring(parts["word/document.xml"])
        said = "".join(text.text or "" for text in body.iter(f"{W}t"))
        assert "3亿元" in said
        assert "\ufeff[" in said
        assert not re.search("[\u200b-\u200f\u2060]|\ufeff(?!\\[)", said)


@pytest.mark.slow
@pytest.mark.xdist_group("libreoffice")
class TestLibreOffice:
    def test_space_is_added_between_han_and_latin(self, text_lines: list[list[Glyph]]) -> None:
        line = next(line for line in text_lines if words(line).startswith("用GPU算3亿元好"))
        meeting = [(line[0], line[1]), (line[3], line[4]), (line[4], line[5]), (line[5], line[6])]
        for left, right in meeting:
            assert 0.1 < (right.left - left.right) / left.size < 0.3, left.text + right.text

    def test_no_line_starts_with_what_may_not(self, text_lines: list[list[Glyph]]) -> None:
        starts = {words(line)[:1] for line in text_lines}
        assert not starts & set("，。、；：！？）》」』”’")

    def test_no_line_starts_with_a_citation(self, script: str, printed: dict[tuple[str, str], bytes]) -> None:
        shown = pdf_lines(printed["cited", script])
        marked = [line for page in shown for line in page if "[1]" in line]
        assert len(marked) >= 100
        assert [line for line in marked if line.strip().startswith(("[", "\ufeff"))] == []

    def test_full_lines_are_flush(self, text_lines: list[list[Glyph]], script: str) -> None:
        full = [line for line in text_lines if words(line).startswith(FILL[script] * 20)]
        assert len(full) >= 32
        # By the rounded widths in its PDFs, a line of Han alone ends a little early.
        assert max(line[-1].right for line in full) - min(line[-1].right for line in full) < 0.25 * full[0][0].size

    @pytest.mark.xfail(strict=True, reason="LibreOffice 7.4 sets marks that meet in whole squares")
    def test_marks_that_meet_share_a_square(self, text_lines: list[list[Glyph]], script: str) -> None:
        (line,) = (line for line in text_lines if words(line) == MEETING[script])
        assert line[-1].right - line[0].left < (len(line) - 1) * line[0].size

    @pytest.mark.xfail(
        strict=True, reason="LibreOffice 7.4 reads neither the document's own lists nor U+2060 between Han"
    )
    def test_a_number_and_its_unit_are_on_one_line(self, text_lines: list[list[Glyph]], script: str) -> None:
        assert FILL[script] * 20 in "".join(words(line) for line in text_lines)
        assert not {words(line)[:1] for line in text_lines} & set("亿元")


@pytest.mark.slow
@pytest.mark.xdist_group("libreoffice")
def test_a_list_of_latin_names_in_a_cell_breaks_between_them(
    script: str, printed: dict[tuple[str, str], bytes]
) -> None:
    shown = pdf_lines(printed["listed", script])
    parts = [part for page in shown for line in page for part in re.split(r"\s{2,}", line.strip())]
    for name in ("Seedance", "Seedream", "MagicVideo", "MagicAnimate"):
        assert any(name in part for part in parts), name
    # A character alone on its line, and a mark that begins one, are what LibreOffice makes of the list by itself.
    assert [part for part in parts if part in set("豆包") or part.startswith("、")] == []
