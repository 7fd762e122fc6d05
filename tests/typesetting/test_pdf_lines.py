"""Rules of Chinese typesetting in PDF, each checked against the positions of glyphs."""

import io
import itertools
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import pikepdf
import pypdfium2
import pytest
from glyphs import Glyph, glyphs, lines, words
from PIL import Image, ImageChops, ImageStat
from typesetting_rules import FILL, MEETING, OPENED, REGIONAL, SCRIPTS, sheet

from brief.model.han import (
    CLOSING,
    CLOSING_QUOTES,
    IDEOGRAPHS,
    OPENING,
    OPENING_QUOTES,
    POINTS,
    SCRIPT_GAP,
    UNTRIMMED_MARKS,
)
from brief.model.inline import Number, Text
from brief.model.variant import Paragraph
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write
from brief.writers.pdf.weasyprint import line_setting

BODY_SIZE = 10.25
LEFT, RIGHT = 104.88, 521.58  # the text column of the base set, in points
NEAR = 0.35
REGION = {"zh-Hans": "SC", "zh-Hant": "TC"}
PICTURES = Path(__file__).parent / "pictures"


@pytest.fixture(scope="module", params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def document(script: str) -> bytes:
    written = write(sheet(script), find_template_set("base"))
    assert written.diagnostics == ()
    return written.data


@pytest.fixture(scope="module")
def text_lines(document: bytes) -> list[list[Glyph]]:
    """Lines of text in the size of the body."""
    return [line for line in lines(document) if abs(line[0].size - BODY_SIZE) < 0.1 and line[0].page > 2]


def line_of(text_lines: list[list[Glyph]], start: str) -> list[Glyph]:
    return next(line for line in text_lines if words(line).startswith(start))


def ems(left: Glyph, right: Glyph) -> float:
    """The white between two neighbours."""
    return (right.left - left.right) / left.size


def test_autospacing(text_lines: list[list[Glyph]]) -> None:
    line = line_of(text_lines, "用GPU算3亿元好")
    white = [ems(left, right) for left, right in itertools.pairwise(line)]
    meeting = [SCRIPT_GAP, 0, 0, SCRIPT_GAP, SCRIPT_GAP, SCRIPT_GAP, 0, 0]
    # Letters are kerned.
    assert white == pytest.approx(meeting, abs=0.025)
    assert [room for room, met in zip(white, meeting, strict=True) if met] == pytest.approx([SCRIPT_GAP] * 4, abs=0.005)


def test_a_space_that_was_typed_leaves_no_more_than_that(text_lines: list[list[Glyph]]) -> None:
    line = line_of(text_lines, "甲GPU乙3亿元丙")
    assert ems(line[0], line[1]) == pytest.approx(SCRIPT_GAP, abs=0.012)
    assert words(line).endswith("a 甲 b")


def test_no_room_is_left_where_a_line_ends(text_lines: list[list[Glyph]]) -> None:
    starting = [line for line in text_lines if re.match("[A-Z0-9]", words(line)) and len(line) > 20]
    assert starting
    assert all(line[0].left == pytest.approx(LEFT, abs=NEAR) for line in starting)


def test_full_lines_are_flush_without_rivers(text_lines: list[list[Glyph]], script: str) -> None:
    body = line_of(text_lines, {"zh-Hans": "视频模型", "zh-Hant": "影片模型"}[script])
    at = text_lines.index(body)
    paragraph = text_lines[at : at + 9]
    full = paragraph[: next(number for number, line in enumerate(paragraph) if line[-1].right < RIGHT - BODY_SIZE)]
    assert len(full) >= 6
    for line in full:
        halved = CLOSING + (POINTS if script == "zh-Hans" else "")
        end = line[-1].right - (0.5 * BODY_SIZE if line[-1].text in halved else 0)
        # The engine cuts each of the forty distances to a thousandth of an em.
        assert end == pytest.approx(RIGHT, abs=0.04 * BODY_SIZE), words(line)
        han = [
            ems(left, right)
            for left, right in itertools.pairwise(line)
            if re.fullmatch(f"[{IDEOGRAPHS}]{{2}}", left.text + right.text)
        ]
        assert max(han) < 0.1, words(line)


def test_marks_are_squeezed_before_han_is_opened(script: str) -> None:
    """Long numbers leave holes of every width; four marks in a line take up the characters that follow."""
    han = FILL[script]
    phrase = f"{han * 3}，{han * 5}、{han * 4}；{han * 4}，"
    texts = [
        (Text(f"{han * start}，{phrase}"), Number(f"{10**digits:,}亿元"), Text(f"{phrase * 3}{han}。"))
        for start in range(2, 12)
        for digits in (3, 9)
    ]
    blocks = tuple(Paragraph(id=f"p{at}", text=runs) for at, runs in enumerate(texts))
    whole = sheet(script)
    data = write(replace(whole, sections=(replace(whole.sections[0], blocks=blocks),)), find_template_set("base")).data
    found = [line for line in lines(data) if abs(line[0].size - BODY_SIZE) < 0.1 and words(line).count(han) > 20]
    full = [line for line in found if abs(line[-1].right - RIGHT) < 0.55 * BODY_SIZE]
    assert len(full) >= 40
    for line in full:
        for left, right in itertools.pairwise(line):
            assert ems(left, right) > -0.52, words(line)
    opened = [
        median(ems(left, right) for left, right in itertools.pairwise(line) if left.text == right.text == han)
        for line in full
    ]
    assert sum(white > 0.02 for white in opened) <= 0.1 * len(full)


def test_nothing_forbidden_starts_or_ends_a_line(text_lines: list[list[Glyph]]) -> None:
    assert len(text_lines) > 60
    for line in text_lines:
        assert line[0].text not in CLOSING + CLOSING_QUOTES + POINTS + UNTRIMMED_MARKS, words(line)
        assert line[-1].text not in OPENING + OPENING_QUOTES, words(line)


def test_a_number_and_its_unit_are_on_one_line(text_lines: list[list[Glyph]], script: str) -> None:
    page = "\n".join(words(line) for line in text_lines)
    slides = [line for line in text_lines if words(line).startswith(FILL[script] * 20)]
    assert len({len(line) for line in slides}) > 3
    assert page.count("2.5亿元") == 16
    assert page.count("30个") == 16
    assert page.count("Sora 2～") == 16


def test_dashes_and_ellipses_are_neither_divided_nor_opened(text_lines: list[list[Glyph]]) -> None:
    for pair in ("——", "……"):
        # The face may draw two dashes as one glyph.
        whole = [glyph for line in text_lines for glyph in line if glyph.text == pair]
        halves = [
            (left, right)
            for line in text_lines
            for left, right in itertools.pairwise(line)
            if left.text + right.text == pair
        ]
        assert len(whole) + len(halves) == 16 + 3
        assert all(ems(left, right) == pytest.approx(0, abs=0.01) for left, right in halves)


def test_marks_that_meet_share_a_square(text_lines: list[list[Glyph]], script: str) -> None:
    line = line_of(text_lines, MEETING[script])
    starts = [glyph.left / BODY_SIZE for glyph in line]
    wide = (line[-1].right - line[0].left) / BODY_SIZE
    squares = len(MEETING[script])
    # Hans: ：“ 。” ”（ ）、 、《 by halves. Hant: its points are in the middle and stay whole.
    assert squares - wide == pytest.approx({"zh-Hans": 2.5, "zh-Hant": 2.0}[script], abs=0.55)
    assert starts == sorted(starts)


def test_a_mark_that_opens_a_line_takes_half_a_square(text_lines: list[list[Glyph]], script: str) -> None:
    line = line_of(text_lines, OPENED[script])
    assert line[1].left - LEFT == pytest.approx(0.5 * BODY_SIZE, abs=NEAR)


def test_points_sit_where_the_script_wants_them(document: bytes, text_lines: list[list[Glyph]], script: str) -> None:
    mark = next(glyph for line in text_lines for glyph in line[:-1] if glyph.text == "，")
    ink = _ink(document, mark)
    if script == "zh-Hans":
        assert ink < 0.35, "at the left of its square"
    else:
        assert ink == pytest.approx(0.5, abs=0.08), "in the middle of its square"


def _ink(document: bytes, glyph: Glyph, resolution: int = 600) -> float:
    """The position of the middle of the ink in the glyph's square, from 0 at the left to 1."""
    page = str(glyph.page)
    command = ["pdftoppm", "-r", str(resolution), "-f", page, "-l", page, "-gray", "-"]
    with Image.open(
        io.BytesIO(subprocess.run(command, input=document, capture_output=True, check=True).stdout)
    ) as image:
        scale = resolution / 72
        foot = image.height - glyph.y * scale
        square = image.crop(
            (
                int(glyph.left * scale),
                int(foot - glyph.size * scale),
                int(glyph.right * scale),
                int(foot + 0.2 * glyph.size * scale),
            )
        )
        box = square.point(lambda level: 255 if level < 128 else 0).getbbox()
    assert box is not None
    return (box[0] + box[2]) / 2 / square.width


def test_the_last_character_is_not_alone(text_lines: list[list[Glyph]]) -> None:
    ends = [
        words(line) for line in text_lines if re.fullmatch(f"[{IDEOGRAPHS}][{POINTS}{UNTRIMMED_MARKS}]?", words(line))
    ]
    assert ends == []


def test_regional_glyphs_are_those_of_the_script_in_text_headings_charts_and_running_heads(
    document: bytes, script: str
) -> None:
    drawn = [glyph for glyph in glyphs(document) if re.search(f"[{IDEOGRAPHS}]", glyph.text)]
    assert {match[1] for glyph in drawn if (match := re.search("CJK-([A-Z]{2})", glyph.font))} == {REGION[script]}
    assert sum(glyph.text == "骨" for glyph in drawn) == 3


def test_regional_glyphs_differ_in_form() -> None:
    forms = [_regional(write(sheet(script), find_template_set("base")).data) for script in SCRIPTS]
    differing = [character for character, one, other in zip(REGIONAL, *forms, strict=True) if one != other]
    # Noto draws 直 alike for Hans and Hant, and otherwise for Japanese alone.
    assert "".join(differing) == REGIONAL.replace("直", "")


def _regional(document: bytes) -> list[bytes]:
    """The pictures of 骨 直 角 返 令, each cut out of the page and brought to one size."""
    line = next(line for line in lines(document) if words(line) == REGIONAL and abs(line[0].size - BODY_SIZE) < 0.1)
    page = str(line[0].page)
    command = ["pdftoppm", "-r", "300", "-f", page, "-l", page, "-gray", "-"]
    with Image.open(
        io.BytesIO(subprocess.run(command, input=document, capture_output=True, check=True).stdout)
    ) as image:
        scale = 300 / 72
        return [
            image.crop(
                (
                    int(g.left * scale),
                    int(image.height - (g.y + 0.9 * g.size) * scale),
                    int(g.left * scale) + 42,
                    int(image.height - (g.y + 0.9 * g.size) * scale) + 46,
                )
            ).tobytes()
            for g in line
        ]


def test_bookmarks_running_heads_and_title_have_no_marks_in_them(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf, pdf.open_outline() as outline:
        titles = [outline.root[0].title, *(child.title for item in outline.root for child in item.children)]
    assert not re.search("[\u200b\u2060\ufeff]", "".join(titles) + str(titles))
    taken = subprocess.run(["pdftotext", "-", "-"], input=document, capture_output=True, check=True).stdout.decode()
    assert not re.search("[\u200b\ufeff]", taken)


def test_figures_stand_on_the_decimal_point(document: bytes) -> None:
    found = {}
    for line in lines(document):
        match = re.search(r"(\d+)(\.\d+)?亿元$", words(line))
        if match and abs(line[-1].size - 8.25) < 0.1:
            found[match[0]] = line[match.end(1) - 1].right
    assert len(found) == 4
    assert max(found.values()) - min(found.values()) < 0.2, found


def test_emphasis_is_by_weight_and_upright(text_lines: list[list[Glyph]]) -> None:
    line = line_of(text_lines, "子丑寅")
    assert ["Bold" in glyph.font for glyph in line] == [False, True, True]
    assert not any(re.search("Ital|Obli", glyph.font) for glyph in line)


def test_what_may_be_copied_is_what_was_written(document: bytes, script: str) -> None:
    taken = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True).stdout
    squeezed = re.sub(r"[\s\u2060]", "", taken.decode())
    assert MEETING[script] in squeezed
    assert "用GPU算3亿元好" in squeezed


def _by_poppler(document: bytes, *options: str) -> str:
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=document, capture_output=True, check=True).stdout.decode()


def _by_pdfium(document: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document))


@pytest.mark.parametrize(
    "read", [_by_poppler, lambda document: _by_poppler(document, "-raw"), _by_pdfium], ids=["poppler", "raw", "pdfium"]
)
def test_words_of_both_scripts_are_found_whole(document: bytes, read: Callable[[bytes], str]) -> None:
    """A gap of a tenth of an em is a space to poppler and pdfminer, whether the line was stretched or not."""
    taken = re.sub("[\u2060\r\n]", "", read(document))
    for word in ("用GPU算", "3亿元", "10秒", "第3章", "30个", "2～3代"):
        spaced = " ?".join(map(re.escape, word))
        assert len(re.findall(word, taken)) == len(re.findall(spaced, taken)) >= 1, word


def test_lines_are_ragged_where_the_engine_is_not_the_one_that_is_known() -> None:
    assert line_setting.install_line_setting() is True
    assert line_setting.install_line_setting({"layout.inline.text_align": "context line width"}) is False
    assert line_setting.install_line_setting({"layout.inline.no_such_function": ""}) is False


def test_the_sheet_looks_as_it_did(document: bytes, script: str, request: pytest.FixtureRequest) -> None:
    """A page of rules at 50 dots an inch; a few odd pixels of another rasteriser are let pass."""
    command = ["pdftoppm", "-r", "50", "-f", "3", "-l", "3", "-gray", "-png", "-"]
    image = subprocess.run(command, input=document, capture_output=True, check=True).stdout
    kept = PICTURES / f"{script}.png"
    if request.config.getoption("update_snapshots"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(image)
    with Image.open(io.BytesIO(image)) as fresh, Image.open(kept) as old:
        assert fresh.size == old.size
        assert ImageStat.Stat(ImageChops.difference(fresh.convert("L"), old.convert("L"))).mean[0] < 1.0
