"""Emphasis in Japanese and Korean, whose scripts have no italics. `test_docx_lines.py` and `test_pdf_lines.py` test Chinese."""

from dataclasses import replace

import pytest
from lxml import etree
from readback import docx_parts, pdf_fonts
from variant_samples import sample, text

from brief.model.inline import Emphasis, Run, Text
from brief.model.source_location import Ref
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def make_stressed_variant(locale: str, *, is_stressed: bool = True) -> Variant:
    word = Text({"ja": "病棟の数え方", "ko": "병상의 수"}[locale])
    run: Run = Emphasis[Run]((word,)) if is_stressed else word
    variant = sample("en", blocks=(Paragraph(id="p", text=(*text("これは" if locale == "ja" else "이것은 "), run)),))
    return replace(variant, locale=locale)


@pytest.mark.parametrize("locale", ["ja", "ko"])
def test_emphasis_has_dots_and_is_never_slanted_in_word(locale: str) -> None:
    parts = docx_parts(docx.write(make_stressed_variant(locale), find_template_set("base")).data)
    for name in ("word/styles.xml", "word/document.xml"):
        assert not list(etree.fromstring(parts[name]).iter(f"{W}i"))
    assert {em.get(f"{W}val") for em in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}em")} == {"dot"}


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("locale", ["ja", "ko"])
def test_emphasis_is_bolder_in_pdf(locale: str, engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    plain, stress = (
        [
            name
            for name in pdf_fonts(pdf.write(make_stressed_variant(locale, is_stressed=each), template_set).data)
            if "Serif" in name
        ]
        for each in (False, True)
    )
    assert [name for name in plain if "Bold" in name] == []
    assert [name for name in stress if "CJK" in name and "Bold" in name]
    assert not [name for name in stress if "Oblique" in name]
