"""Chinese text before a citation, checked against the positions of glyphs."""

import itertools
from dataclasses import replace

import pytest
from glyphs import glyphs, lines, words
from typesetting_rules import FILL, SCRIPTS
from variant_samples import LONG_INTRODUCTION, sample

from brief.model.align import Align
from brief.model.inline import Citation, Text
from brief.model.variant import Column, Paragraph, Table
from brief.resolve.typesetting import typeset
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

BODY_SIZE = 10.25


@pytest.fixture(scope="module", params=SCRIPTS)
def document(request: pytest.FixtureRequest) -> bytes:
    script = str(request.param)
    blocks = tuple(
        Paragraph(id=f"end-{length}", text=(Text(FILL[script] * length), Citation((1,)), Text("。")))
        for length in range(36, 46)
    )
    closing = Paragraph(id="closing", text=(Text(f"甲（{FILL[script]}）"), Citation((1,)), Text("乙")))
    return write(
        typeset(replace(sample(script, blocks=(*blocks, closing)), introduction=LONG_INTRODUCTION)),
        find_template_set("base"),
    ).data


def test_the_last_character_before_a_citation_is_not_alone_on_its_line(document: bytes) -> None:
    body = [line for line in lines(document) if abs(line[0].size - BODY_SIZE) < 0.1 and line[0].page > 2]
    ends = [words(line) for line in body if words(line).endswith("。")]
    assert len(ends) == 10
    assert not [end for end in ends if len(end.rstrip("。")) == 1]


def test_a_closing_mark_takes_half_a_square_before_a_citation(document: bytes) -> None:
    (room,) = (
        (right.left - left.left) / left.size
        for left, right in itertools.pairwise(glyphs(document))
        if left.text == "）" and right.text == "["
    )
    assert room == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("script", SCRIPTS)
def test_ragged_text_keeps_two_characters_on_the_line_of_a_citation(script: str) -> None:
    """Cells of many lengths, so that lines end everywhere before the citation."""
    texts = [(Text(FILL[script] * length), Citation((1,)), Text("其" * 6)) for length in range(40, 84)]
    column = Column(title=(Text("甲"),), align=Align.START)
    table = Table(
        id="t", label="1", title=(Text("乙"),), columns=(column,), rows=tuple((each,) for each in texts), note=None
    )
    shown = write(typeset(sample(script, blocks=(table,))), find_template_set("base")).data
    beside = [words(line) for line in lines(shown) if set(words(line)) == {FILL[script], "其"}]
    assert len(beside) > 10
    assert min(line.count(FILL[script]) for line in beside) == 2
