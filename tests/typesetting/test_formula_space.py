"""The space between Han characters and a formula is that beside Latin letters, with both engines."""

from dataclasses import replace

import pytest
from glyphs import glyphs
from variant_samples import sample, text

from brief.model.han import SCRIPT_GAP
from brief.model.prose import ProseParagraph
from brief.model.source_location import Ref
from brief.model.variant import Prose
from brief.reading.texts.formulas import read_formula
from brief.templating.formulas import mark_up_formula
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write
from brief.writers.pdf.typst.drawings import draw_inline_formula


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_a_formula_is_apart_from_han_characters(locale: str, engine: str) -> None:
    formula = read_formula("x", is_display=False)
    block = Prose(id="p", parts=(ProseParagraph((*text("丙甲"), formula, *text("乙丁"))),))
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    drawn = {glyph.text: glyph for glyph in glyphs(write(sample(locale, blocks=(block,)), template_set).data)}
    between = (drawn["乙"].left - drawn["甲"].right) / drawn["甲"].size
    width = draw_inline_formula(str(mark_up_formula(formula))).width
    assert between - width == pytest.approx(2 * SCRIPT_GAP, abs=0.03)
