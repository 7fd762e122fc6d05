"""The page numbers in the contents of Word files, as LibreOffice fills them in."""

import re
from itertools import pairwise, product
from pathlib import Path

import pytest
from readback import libreoffice_pdfs, pdf_lines
from sample_projects import copy_sample_project

from brief import Project
from brief.model.inline import to_plain_text
from brief.templating.template_set import find_template_set
from brief.writers.docx import write

CASES = list(product(("en", "zh-Hans", "zh-Hant"), ("base", "board", "paper")))


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.xdist_group("libreoffice")
def test_libreoffice_fills_in_the_page_of_every_theme_list_and_exhibit(tmp_path: Path) -> None:
    project = Project.load(copy_sample_project("energy", tmp_path / "energy").root)
    audience = next(iter(project.brief.audiences))
    variants = {locale: project.make_variant(audience, locale) for locale in project.brief.locales}
    cases = [(locale, name) for locale, name in CASES if locale in variants]
    assert len(cases) >= 6
    documents = [write(variants[locale], find_template_set(name)).data for locale, name in cases]
    checked = 0
    for (locale, name), data in zip(cases, libreoffice_pdfs(documents, tmp_path), strict=True):
        variant, lines = variants[locale], [list(map(squash, page)) for page in pdf_lines(data)]
        words = variant.catalogue.get
        entries = [f"{section.ordinal}{to_plain_text(section.title)}" for section in variant.sections]
        entries += [words("Who is who")] if variant.terms else []
        entries += [words("Sources")] if variant.sources else []
        if not find_template_set(name).look.has_footnotes:
            entries += [f"{each.label}{each.title}" for each in variant.list_exhibits()]
        pages = list(map("".join, lines))
        start = next(at for at, page in enumerate(pages) if words("Contents") in page)
        listed = [line for page in lines[start : start + 3] for line in page]
        for entry in map(squash, entries):
            # A long title is on two lines, and the number on the second.
            lengthened = [*listed, *map("".join, pairwise(listed))]
            ends = (re.search(rf"(?:^|\D){re.escape(entry)}(\d+)$", line) for line in lengthened)
            printed = next((found[1] for found in ends if found), "")
            assert printed in [str(at) for at, page in enumerate(pages, 1) if entry in page], (locale, name, entry)
            checked += 1
    assert checked > 40
