"""Numbers with their units, and names with their versions: on one line, and clean of what holds them there."""

import io
import subprocess

import pikepdf
import pytest
from variant_samples import sample

from brief.model.inline import Number, Text
from brief.model.variant import Block, Paragraph
from brief.resolve.typesetting import typeset
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

NUMBERS = {
    "en": ("Seedance 2.0", "RMB 2.5 million", "$0.25–0.40", "15 October 2025", "24/7", "5–10 seconds"),
    "zh-Hans": ("Sora 2.0", "1,300万亿元", "0.25～0.40美元", "30天", "2.5 PFLOPS", "第3季度"),
    "zh-Hant": ("Sora 2.0", "人民幣500元", "0.25～0.40美元", "30天", "2.5 PFLOPS", "第3季度"),
}
FILL = {"en": "i", "zh-Hans": "测", "zh-Hant": "測"}
LENGTHS = {"en": range(88, 132, 2), "zh-Hans": range(30, 44), "zh-Hant": range(30, 44)}


@pytest.fixture(scope="module", params=NUMBERS)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def document(locale: str) -> bytes:
    """Each number slides past the end of a line, so that somewhere every place in it would be one to break at."""
    blocks: list[Block] = [
        Paragraph(
            id=f"slide-{length}-{place}",
            heading=(Number(number),) if length == LENGTHS[locale][0] else (),
            text=(
                Text(FILL[locale] * length + (" " if locale == "en" else "")),
                Number(number),
                Text(" " + FILL[locale]),
            ),
        )
        for place, number in enumerate(NUMBERS[locale])
        for length in LENGTHS[locale]
    ]
    return write(typeset(sample(locale, blocks=tuple(blocks))), find_template_set("base")).data


def test_no_line_ends_within_a_number(document: bytes, locale: str) -> None:
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True)
    # Room between Han and Western text is read as a space.
    page = read.stdout.decode().replace(" ", "")
    assert {number: page.count(number.replace(" ", "")) for number in NUMBERS[locale]} == dict.fromkeys(
        NUMBERS[locale], len(LENGTHS[locale]) + 1
    )


def test_nothing_of_what_holds_a_number_together_is_left_in_the_outline(document: bytes, locale: str) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf, pdf.open_outline() as outline:
        (title,) = outline.root
        theme = title.children[0]
        assert [child.title for child in theme.children] == list(NUMBERS[locale])
