"""Lines of the list of sources: none ends with the dot between two details of a source, and none divides a name."""

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


def read_lines(data: bytes) -> str:
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def assert_lines_end_between_details(shown: str, locale: str) -> None:
    assert len(re.findall("[·・]\\s*(?:March|2026)", shown)) >= 40
    assert not re.findall("[·・]\\s*\n", shown)
    for name in ("A. Writer", "Town Gazette") if locale == "en" else ("大娱乐家", "网易号"):
        assert shown.count(name) == 40


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_no_line_of_a_pdf_divides_a_name_or_ends_with_a_dot(engine: str, locale: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    shown = read_lines(write(sources_of_many_lengths(locale), template_set).data)
    assert_lines_end_between_details(shown, locale)


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_no_line_of_a_word_file_divides_a_name_or_ends_with_a_dot(locale: str, tmp_path: Path) -> None:
    written = docx.write(sources_of_many_lengths(locale), find_template_set("base"))
    assert_lines_end_between_details(read_lines(libreoffice_pdf(written.data, tmp_path)), locale)
