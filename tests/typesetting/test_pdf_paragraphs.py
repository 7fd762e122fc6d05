"""Whole paragraphs of Chinese with names, numbers, marks and citations: how evenly their lines are set, by the positions of glyphs."""

import random
import re
import subprocess
from dataclasses import replace

import pytest
from glyphs import lines, words
from page_balance import LineMeasure, measure_chinese_lines
from typesetting_rules import SCRIPTS, sheet

from brief.model.han import CLOSING, POINTS
from brief.model.inline import Citation, Number, Run, Runs, Strong, Text, to_plain_text
from brief.model.variant import Paragraph
from brief.resolve.typesetting import typeset
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

SIZE, LEFT, RIGHT = 10.25, 104.88, 521.58
HAN = {
    "zh-Hans": "这家公司去年在国内推出新的视频模型以后成本已经下降而用户付费仍然不多平台因此改用广告来补贴创作者的算力",
    "zh-Hant": "這家公司去年在國內推出新的影片模型以後成本已經下降而用戶付費仍然不多平台因此改用廣告來補貼創作者的算力",
}
NAMES = ("Sora", "Seedance 2.0", "MagicAnimate", "GPU", "AI", "HunyuanVideo 1.5", "Runway")
NUMBERS = ("2024年6月", "323亿美元", "66.67%", "3至5年", "1,300万")


def make_paragraph(chance: random.Random, locale: str) -> Runs:
    """A paragraph of two to seven sentences."""
    runs: list[Run] = []
    for sentence in range(chance.randint(2, 7)):
        for clause in range(chance.randint(1, 3)):
            start = chance.randint(0, 30)
            words = HAN[locale][start : start + chance.randint(4, 13)]
            runs.append(Text(("，" if clause else "") + words))
            if chance.random() < 0.3:
                runs.append(Text(chance.choice(NAMES)))
                runs.append(Text(HAN[locale][start : start + 3]))
            if chance.random() < 0.2:
                runs.append(Number(chance.choice(NUMBERS)))
                runs.append(Text(HAN[locale][start + 1 : start + 4]))
        if chance.random() < 0.2:
            runs.append(Strong((Text(HAN[locale][:4]),)))
        if chance.random() < 0.4:
            runs.append(Citation((1 + sentence % 2,)))
        runs.append(Text("。"))
    return tuple(runs)


@pytest.fixture(scope="module", params=SCRIPTS)
def written(request: pytest.FixtureRequest) -> tuple[str, list[Runs], bytes]:
    locale = str(request.param)
    chance = random.Random(7)  # noqa: S311
    paragraphs = [make_paragraph(chance, locale) for _ in range(60)]
    whole = sheet(locale)
    blocks = tuple(Paragraph(id=f"p{at}", text=runs) for at, runs in enumerate(paragraphs))
    variant = typeset(replace(whole, sections=(replace(whole.sections[0], blocks=blocks),)))
    return locale, paragraphs, write(variant, find_template_set("base")).data


@pytest.fixture(scope="module")
def measured(written: tuple[str, list[Runs], bytes]) -> LineMeasure:
    return measure_chinese_lines(written[2], SIZE, LEFT, RIGHT)


def test_lines_are_set_evenly(measured: LineMeasure) -> None:
    assert measured.full > 90
    assert measured.over_3 == 0
    assert measured.over_2 < 0.12
    assert measured.holes < 0.05


def test_no_line_is_longer_than_the_others(written: tuple[str, list[Runs], bytes]) -> None:
    """Also where a line ends in a mark after a citation, and where the last line of a paragraph is squeezed."""
    text_lines = [line for line in lines(written[2]) if abs(line[0].size - SIZE) < 0.1 and line[0].page > 1]
    assert len(text_lines) > 150
    hanging = {words(line): line[-1].right - RIGHT for line in text_lines if line[-1].right > RIGHT + 0.1 * SIZE}
    assert {
        line: over for line, over in hanging.items() if over > 0.54 * SIZE or line[-1] not in CLOSING + POINTS
    } == {}


def test_no_space_in_a_name_looks_like_two(written: tuple[str, list[Runs], bytes]) -> None:
    spaces = [
        (after.left - before.right) / space.size
        for line in lines(written[2])
        for before, space, after in zip(line, line[1:], line[2:], strict=False)
        if space.text == " " and before.text.isascii() and after.text.isdigit() and abs(space.size - SIZE) < 0.1
    ]
    assert len(spaces) > 20
    assert max(spaces) < 0.42


def test_no_last_line_has_fewer_than_three_characters(measured: LineMeasure) -> None:
    assert measured.runts == 0


def test_words_are_copied_as_they_were_written(written: tuple[str, list[Runs], bytes]) -> None:
    """Nothing that breaks or joins lines is in the text that programs take from the file."""
    _, paragraphs, data = written
    # Without the heads and feet of pages.
    command = ["pdftotext", "-raw", "-x", "0", "-y", "72", "-W", "595", "-H", "700", "-", "-"]
    taken = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    assert not re.search("[\u200b\u2028\ufeff]", taken)
    copied = re.sub(r"[\s\u2060]", "", taken)
    copied = re.sub(r"\[\d+\]", "", copied)
    for runs in paragraphs:
        words = re.sub(r"\s", "", to_plain_text(tuple(run for run in runs if not isinstance(run, Citation))))
        assert words in copied
