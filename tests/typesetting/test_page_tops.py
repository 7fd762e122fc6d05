"""A theme that opens a page has one rule above its heading: that of the running head."""

import io
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest
from glyphs import lines, words
from PIL import Image
from variant_samples import sample, text

from brief.model.source_location import Ref
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.pdf import write

_DOTS_PER_MM = 10
# Titles of the second and the third theme.
SECOND, THIRD = "The second theme", "The third theme"


def themes(*, page_break: bool) -> Variant:
    """Three themes. The second begins at the top of a page for want of room, and the third at the top of a page only if
    `page_break` says so.
    """
    sentence = "A sentence of some length about buses. "
    one = sample(blocks=(Paragraph(id="a", text=text(sentence * 30)),))
    first = one.sections[0]
    blocks = tuple(Paragraph(id=f"b{number}", text=text(sentence * 19)) for number in range(4))
    second = replace(first, id="second", number=2, title=text(SECOND), blocks=blocks)
    third = replace(first, id="third", number=3, title=text(THIRD), page_break=page_break, blocks=())
    return replace(one, sections=(first, second, third), terms=(), sources=())


def by_engine(engine: str, template_set: str) -> TemplateSet:
    found = find_template_set(template_set)
    return replace(found, look=replace(found.look, pdf_engine=Ref(engine)))


def rules_above(data: bytes, title: str) -> list[float]:
    """Returns how many millimetres the rules near the heading of a theme are above its base line."""
    # The contents list it first.
    *_, heading = (line for line in lines(data) if title in words(line) and line[0].size > 14)
    number, base = heading[0].page, heading[0].y
    command = ["pdftoppm", "-r", str(25.4 * _DOTS_PER_MM), "-gray", "-f", str(number), "-l", str(number), "-"]
    with Image.open(io.BytesIO(subprocess.run(command, input=data, capture_output=True, check=True).stdout)) as page:
        bottom = page.height - round(base / 72 * 25.4 * _DOTS_PER_MM)
        column = page.crop((120 * _DOTS_PER_MM, 0, 120 * _DOTS_PER_MM + 1, bottom)).tobytes()[::-1]
    dark = [level < 250 for level in column[: 24 * _DOTS_PER_MM]]
    return [y / _DOTS_PER_MM for y, (below, here) in enumerate(pairwise(dark)) if here and not below]


@pytest.mark.parametrize("template_set", ["base", "board"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_theme_at_the_top_of_a_page_has_the_rule_of_the_running_head_alone(engine: str, template_set: str) -> None:
    data = write(themes(page_break=True), by_engine(engine, template_set)).data
    assert len(rules_above(data, THIRD)) == 1
    # On the low pages of `board`, the second theme begins further down.
    if template_set == "base":
        assert rules_above(data, SECOND) == pytest.approx(rules_above(data, THIRD), abs=0.1)


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_theme_further_down_has_its_own_rule(engine: str) -> None:
    data = write(themes(page_break=False), by_engine(engine, "base")).data
    assert len(rules_above(data, THIRD)) == 1
