"""Footnotes at the bottom of pages of PDFs."""

import re

import pytest
from readback import pdf_text
from variant_samples import sample, text
from weasyprint.layout import build

from brief.model.inline import Footnote, Text
from brief.model.variant import Block, Paragraph
from brief.templating.template_set import find_template_set
from brief.writers import pdf

NOTES = 30


def paragraphs() -> tuple[Block, ...]:
    """Five paragraphs with six sentences each; every sentence has a footnote."""
    said = [
        run
        for number in range(1, NOTES + 1)
        for run in (
            Text(f"Sentence {number} has a note."),
            Footnote((text(f"Note {number} says something of its own about that sentence."),), str(number)),
        )
    ]
    return tuple(Paragraph(id=f"p{at}", text=tuple(said[at : at + 12])) for at in range(0, len(said), 12))


@pytest.mark.parametrize("look", ["base", "paper"])
def test_many_footnotes_of_a_page_are_measured_few_times(look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original, calls = build.create_anonymous_boxes, 0

    def count(box: object) -> object:
        nonlocal calls
        calls += 1
        return original(box)

    # The engine calls it each time that it lays out the footnotes of a page.
    monkeypatch.setattr(build, "create_anonymous_boxes", count)
    printed = pdf_text(pdf.write(sample(blocks=paragraphs()), find_template_set(look)).data)
    assert [int(number) for number in re.findall(r"Note (\d+) says", printed)] == [*range(1, NOTES + 1)]
    assert calls < 20 * NOTES
