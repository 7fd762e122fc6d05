"""The sizes of type in a PDF: few, none too small to read, and lines of English of a length that is read easily."""

from collections import Counter
from statistics import median

import pytest
from glyphs import glyphs, lines, words
from typesetting_rules import SCRIPTS, sheet
from variant_samples import every_block, sample, text

from brief.model.variant import Paragraph, Section
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

SIZES = (7, 8.25, 9.25, 10.25, 11.5, 17, 32)
# Texts of drawings are 11 and 12 pixels, and scaled with a drawing of 640 pixels to the width of the text.
DRAWN = (7.16, 7.81)
ENGLISH = (
    "The bus that leaves the bridge at ten carries nurses, cooks and a few late readers over the hill, and it is"
    " seldom full; whoever waits for it in winter knows the driver by name and the timetable by heart. "
)


def sizes(data: bytes) -> Counter[float]:
    return Counter(round(glyph.size, 2) for glyph in glyphs(data))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_chinese_page_has_no_other_sizes_than_seven(script: str) -> None:
    found = sizes(write(sheet(script), find_template_set("base")).data)
    assert found.keys() <= {*SIZES, *DRAWN}


@pytest.mark.parametrize("blocks", [every_block(), every_block()[:1]], ids=["full", "compact"])
def test_every_kind_of_block_is_set_in_seven_sizes(blocks: tuple[object, ...]) -> None:
    found = sizes(write(sample(blocks=blocks), find_template_set("base")).data)  # type: ignore[arg-type]
    assert len(found) >= 5
    assert found.keys() <= {*SIZES, *DRAWN}


@pytest.mark.parametrize("look", ["base", "board", "paper"])
def test_no_type_is_smaller_than_seven_points(look: str) -> None:
    assert min(sizes(write(sample(blocks=every_block()), find_template_set(look)).data)) >= 7


def test_a_line_of_english_has_66_to_72_characters() -> None:
    section = Section(
        id="s", number=1, title=text("S"), summary=text("Short."), takeaways=(),
        blocks=tuple(Paragraph(id=f"p{at}", text=text(ENGLISH * 4)) for at in range(3)),
    )  # fmt: skip
    variant = sample(blocks=section.blocks)
    found = lines(write(variant, find_template_set("base")).data)
    full = [len(words(line)) for line in found if round(line[0].size, 2) == 10.25 and len(line) > 55]
    assert len(full) > 15
    assert 66 <= median(full) <= 72
