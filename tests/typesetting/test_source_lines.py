"""Lines of the list of sources: none ends with the dot between two details of a source."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from readback import libreoffice_pdf
from variant_samples import sample, text

from brief.model.source_location import Ref
from brief.model.variant import Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx
from brief.writers.pdf import write

WORD = {"en": "bus ", "zh-Hans": "车"}


def sources_of_many_lengths(locale: str) -> Variant:
    """Titles of many lengths, so that the lines end everywhere in the details."""
    whole = sample(locale, blocks=())
    sources = tuple(
        replace(
            whole.sources[0],
            number=number,
            anchor=f"source-{number}",
            title=text(WORD[locale] * (8 + number)),
            author="A. Writer" if locale == "en" else "大娱乐家",
            publisher="Town Gazette" if locale == "en" else "网易号",
            date="March 2026" if locale == "en" else "2026年3月",
            notes=(),
        )
        for number in range(1, 41)
    )
    return replace(whole, sources=sources)


def count_dots_at_ends(data: bytes) -> tuple[int, int]:
    """Returns how many details have a dot before them, and how many of the dots end a line."""
    command = ["pdftotext", "-raw", "-", "-"]
    shown = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    return len(re.findall("·\\s*(?:March|2026)", shown)), len(re.findall("·\\s*\n", shown))


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_no_line_of_a_pdf_ends_with_a_dot(engine: str, locale: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    dots, at_ends = count_dots_at_ends(write(sources_of_many_lengths(locale), template_set).data)
    assert dots >= 40
    assert at_ends == 0


def test_no_line_of_a_word_file_ends_with_a_dot(tmp_path: Path) -> None:
    written = docx.write(sources_of_many_lengths("en"), find_template_set("base"))
    assert count_dots_at_ends(libreoffice_pdf(written.data, tmp_path))[1] == 0
