"""Formulas on pages: as MathML on the screen, and as drawings on paper, because PDF engines do not support MathML."""

import re
from functools import lru_cache
from html import escape

from markupsafe import Markup

from brief.model.inline import Formula

# Units of a drawing per em, fine enough for its numbers, which have few decimals.
_EM = 100
_ANNOTATED_MATH = re.compile(r"(<math[^>]*>)<semantics>(.*)<annotation[^>]*>([^<]*)</annotation></semantics></math>")
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)" viewBox="(-?[\d.]+ -?[\d.]+ [\d.]+ [\d.]+)">')


def mark_up_formula(formula: Formula) -> Markup:
    """Returns the formula as MathML Core, annotated with its LaTeX source (MathML 4, 6.1)."""
    opening, rest = formula.mathml.split(">", 1)
    row = rest.removesuffix("</math>")
    source = f'<annotation encoding="application/x-tex">{escape(formula.tex, quote=False)}</annotation>'
    return Markup(f"{opening}><semantics>{row}{source}</semantics></math>")  # noqa: S704


@lru_cache(maxsize=256)
def draw_formula(markup: str) -> Markup:
    """Returns the formula that `mark_up_formula` marked up as inline SVG, on the baseline of the text and in the text's
    size. The LaTeX is its text alternative.

    Raises:
        ValueError: `markup` is something else.
    """
    from ziamath.config import config
    from ziamath.zmath import Math

    match = _ANNOTATED_MATH.fullmatch(markup)
    if match is None:
        raise ValueError("only the markup of a formula can be drawn")

    # Each sign is drawn as a separate path, because `<symbol>` elements would need ids that are unique on the page.
    config.svg2 = False
    drawn = Math(f"{match[1]}{match[2]}</math>", size=_EM)
    svg = drawn.svg()
    size = _SIZE.match(svg)
    if size is None:
        raise AssertionError(svg[:200])
    left, top, width, height = (float(number) for number in size[3].split())
    depth = max(0.0, top + height) / _EM
    attributes = (
        f'class="formula" role="img" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'style="width: {width / _EM:.4f}em; height: {height / _EM:.4f}em; vertical-align: -{depth:.4f}em"'
    )
    paths = svg[size.end() :]
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><desc>{match[3]}</desc>'
    return Markup(start + paths)  # noqa: S704
