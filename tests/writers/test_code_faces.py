"""Code has a monospaced face in PDFs, whatever the set, the engine and the locale."""

import re
from dataclasses import replace

import pytest
from readback import pdf_fonts
from variant_samples import sample

from brief.model.inline import Code, Text
from brief.model.prose import ProseCode
from brief.model.source_location import Ref
from brief.model.variant import Paragraph, Prose
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

LINE = Paragraph(id="p", text=(Text("Run "), Code("brief check"), Text(" first.")))
LINES = Prose(id="q", parts=(ProseCode((Code("for bus in fleet:\n    print(bus)"),)),))


@pytest.mark.parametrize(
    ("name", "engine"), [("base", "weasyprint"), ("base", "typst"), ("board", "typst"), ("paper", "weasyprint")]
)
@pytest.mark.parametrize("block", [LINE, LINES], ids=["in a line", "in lines of its own"])
@pytest.mark.parametrize(("locale", "region"), [("en", "sc"), ("zh-Hant", "tc")])
def test_code_is_monospaced(name: str, engine: str, block: Paragraph | Prose, locale: str, region: str) -> None:
    template_set = find_template_set(name)
    template_set = replace(template_set, look=replace(template_set.look, pdf_engine=Ref(engine)))
    fonts = pdf_fonts(write(sample(locale, blocks=(block,)), template_set).data)
    mono = [font for font in fonts if "Mono" in font]
    assert mono, fonts
    assert all(re.search(f"CJK-?{region}", font, re.IGNORECASE) for font in mono), fonts
    plain = pdf_fonts(write(sample(locale, blocks=(Paragraph(id="p", text=(Text("Run."),)),)), template_set).data)
    assert not [font for font in plain if "Mono" in font]
