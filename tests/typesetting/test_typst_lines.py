"""Rules of Chinese typesetting in PDF by Typst, each checked against the positions of glyphs."""

import itertools
import re
from dataclasses import replace

import pytest
from glyphs import Glyph, lines
from glyphs import words as drawn_words
from typesetting_rules import BODY, SCRIPTS, sheet
from variant_samples import sample, text

from brief.model.han import (
    CLOSING,
    CLOSING_QUOTES,
    OPENING,
    OPENING_QUOTES,
    POINTS,
    SCRIPT_GAP,
    UNTRIMMED_MARKS,
    WORD_JOINER,
)
from brief.model.source_location import Ref
from brief.model.variant import Metric, Metrics
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

BODY_SIZE = 10.25
RIGHT = 521.58  # of the text column of the base set, in points
_HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module", params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def text_lines(script: str) -> list[list[Glyph]]:
    """Lines of text in the size of the body, without joiners, which are not drawn."""
    base = find_template_set("base")
    written = write(sheet(script), replace(base, look=replace(base.look, pdf_engine=Ref("typst"))))
    assert written.diagnostics == ()
    found = [line for line in lines(written.data) if abs(line[0].size - BODY_SIZE) < 0.1 and line[0].page > 2]
    return [[glyph for glyph in line if glyph.text != WORD_JOINER] for line in found]


def words(line: list[Glyph]) -> str:
    return drawn_words(line).replace(WORD_JOINER, "")


def ems(left: Glyph, right: Glyph) -> float:
    """The white between two neighbours."""
    return (right.left - left.right) / left.size


def test_autospacing(text_lines: list[list[Glyph]]) -> None:
    line = next(line for line in text_lines if words(line).startswith("用GPU算3亿元好"))
    white = [ems(left, right) for left, right in itertools.pairwise(line)]
    assert white[:4] == pytest.approx([SCRIPT_GAP, 0, 0, SCRIPT_GAP], abs=0.025)
    assert white[4:6] == pytest.approx([SCRIPT_GAP, SCRIPT_GAP], abs=0.025)


def test_titles_names_and_headline_numbers_have_the_space_between_scripts(script: str) -> None:
    base = find_template_set("base")
    metrics = Metrics(id="m", metrics=(Metric(value="超7亿元", label=text("标签")),))
    plain = sample(script, blocks=(metrics,))
    terms = (replace(plain.terms[0], name="乙Beta"),)
    variant = replace(
        plain, title="甲Alpha", subtitle="丙Gamma", audience_title="丁Delta", terms=terms, publisher="戊Epsilon"
    )
    drawn = lines(write(variant, replace(base, look=replace(base.look, pdf_engine=Ref("typst")))).data)
    # The title is in the running heads too, which are small.
    for start, size in (("甲A", 20), ("乙B", 0), ("丙G", 0), ("丁D", 0), ("超7", 10)):
        line = next(line for line in drawn if words(line).startswith(start) and line[0].size > size)
        assert ems(*line[:2]) == pytest.approx(SCRIPT_GAP, abs=0.03), start
    foot = next(line for line in drawn if words(line).startswith("戊E") and line[0].size < 9)
    assert ems(*foot[:2]) == pytest.approx(SCRIPT_GAP, abs=0.03)


def test_nothing_forbidden_starts_or_ends_a_line(text_lines: list[list[Glyph]]) -> None:
    forbidden_first = CLOSING + CLOSING_QUOTES + POINTS + UNTRIMMED_MARKS + "～"
    forbidden_last = OPENING + OPENING_QUOTES
    for line in map(words, text_lines):
        assert line[0] not in forbidden_first, line
        assert line[-1] not in forbidden_last, line


def test_a_number_and_its_unit_are_on_one_line(text_lines: list[list[Glyph]]) -> None:
    text = "\n".join(map(words, text_lines))
    assert text.count("2.5亿元") == 16
    assert text.count("30个") == 16


def test_full_lines_are_flush_and_hardly_opened(text_lines: list[list[Glyph]], script: str) -> None:
    start = next(at for at, line in enumerate(text_lines) if words(line).startswith(BODY[script][:4]))
    body = list(itertools.takewhile(lambda line: not words(line).startswith("骨"), text_lines[start:]))
    full = body[:-1]
    assert len(full) >= 6
    for line in full:
        # A mark at the end of a line gives up white of its own: half of its square at the right in Hans.
        over = BODY_SIZE / 2 if line[-1].text in POINTS + CLOSING + CLOSING_QUOTES else 0
        assert RIGHT - 0.4 <= line[-1].right <= RIGHT + 0.4 + over, words(line)
        white = sorted(ems(a, b) for a, b in itertools.pairwise(line) if _HAN.match(a.text) and _HAN.match(b.text))
        assert white[len(white) // 2] < 0.02, words(line)


def test_no_paragraph_ends_in_a_single_character(text_lines: list[list[Glyph]]) -> None:
    assert all(len(line) > 1 for line in text_lines)
