"""Text in columns, as LibreOffice prints the Word documents of `paper`."""

from pathlib import Path

import pytest
from page_geometry import boxes
from readback import libreoffice_pdfs
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.inline import Citation
from brief.model.variant import Column, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers import docx

SENTENCE = {
    "en": "A sentence of some length about the wards of the hospital and the beds in them. ",
    "zh-Hans": "这句话讲医院的病房和床位，长短适中。",
}


@pytest.mark.slow
def test_columns_are_balanced_before_a_table_with_a_footnote(tmp_path: Path) -> None:
    files = []
    for locale, sentence in SENTENCE.items():
        table = Table(
            id="t", label="Table 1", title=text("Beds"), columns=(Column(title=text("Ward"), align=Align.START),),
            rows=tuple((text(f"{at}"),) for at in range(8)), note=(*text("From"), Citation((1,), introduced=(1,))),
        )  # fmt: skip
        blocks = (Paragraph(id="p", text=text(sentence * 14)), table, Paragraph(id="q", text=text(sentence * 40)))
        files.append(docx.write(sample(locale, blocks=blocks), find_template_set("paper")).data)
    for shown, sentence in zip(libreoffice_pdfs(files, tmp_path), SENTENCE.values(), strict=True):
        size, page = boxes(shown)[0]
        top = next(box[2] for box in page if box[0].startswith(sentence[:8].split()[0]) and box[4] - box[2] < 20)
        beside = [box for box in page if box[1] > size[0] / 2 and top - 1 < box[2] < top + 100]
        assert len(beside) > 3


@pytest.mark.slow
def test_no_word_is_divided_in_a_table_whose_style_has_larger_type(tmp_path: Path) -> None:
    """The tables of `board` have 11.5 points; columns as wide as 9 points need divided short heads (Cre/w)."""
    heads = ["Part", "Owner", "Interval", "Method", "Limit", "Instrument", "Night-time", "Crew", "Report", "Remark"]
    table = Table(
        id="t", label="Table 1", title=text("Inspections"), note=None,
        columns=tuple(Column(title=text(head), align=Align.START) for head in heads),
        rows=tuple(tuple(text(words) for words in row) for row in (
            ("Rack", "Track office", "Weekly", "Walk and gauge", "2 mm", "Feeler gauge", "Night", "3", "Form A", "After frost, daily"),
            ("Overhead line", "Power office", "Quarterly", "Camera run", "5 mm", "Wire camera", "Day", "4", "Form C", "Wind limits apply"),
        )),
    )  # fmt: skip
    data = docx.write(sample("en", blocks=(table,)), find_template_set("board")).data
    (shown,) = libreoffice_pdfs([data], tmp_path)
    words = {word for _, page in boxes(shown) for word, *_ in page}
    assert {*heads, "Quarterly", "Weekly"} - {"Night-time"} <= words
