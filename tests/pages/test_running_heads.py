"""The running head names the theme, or the list at the end, with which a page begins, and not the one that begins lower on it."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from variant_samples import sample, text

from brief.model.source_location import Ref
from brief.model.variant import Block, Paragraph, Section
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

SENTENCES = {
    "en": "A sentence of some length about the buses of the town. ",
    "zh-Hant": "這句話談鎮上的公車與乘客，長短適中。",
}
NAMES = ("First", "Second", "Third", "Fourth")
HEADING = re.compile(rf"\d +(?:{'|'.join(NAMES)})|Sources")


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("locale", SENTENCES)
def test_a_page_is_headed_by_what_it_begins_with(locale: str, engine: str, tmp_path: Path) -> None:
    def make_section(number: int, name: str) -> Section:
        blocks: tuple[Block, ...] = tuple(
            Paragraph(id=f"{name}-{index}", text=text(SENTENCES[locale] * 9)) for index in range(11)
        )
        return replace(plain.sections[0], id=name.lower(), number=number, title=text(name), blocks=blocks)

    plain = sample(locale)
    sections = tuple(make_section(number, name) for number, name in enumerate(NAMES, 1))
    variant = replace(plain, sections=sections, compact=False)
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    (tmp_path / "a.pdf").write_bytes(write(variant, template_set).data)
    shown = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True, text=True
    )
    pages = [page.strip().splitlines() for page in shown.stdout.split("\f") if page.strip()]
    heads: list[str] = []
    current, mixed = "", 0
    for page in pages[2:]:
        head, *lines = (line.strip() for line in page if line.strip())
        starts = [line.split()[-1] for line in lines if HEADING.fullmatch(line)]
        expected = starts[0] if starts and lines[0].endswith(starts[0]) else current
        mixed += bool(starts) and expected == current != ""
        if expected:
            heads.append(head)
            assert expected in head.split(), (head, expected)
        current = starts[-1] if starts else current
    assert len(heads) > 4
    assert mixed > 0
