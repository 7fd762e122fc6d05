"""Sets dots and apostrophes within Latin words of a Chinese page as wide as Latin letters, in HTML and PDF.

Otherwise these marks are set in the Han font, in which they fill an em: that is right in 让·雷诺, and wrong in DALL·E.
"""

import re

from brief.model.han import LATIN_MARK

# Elements in which no `<span>` may be: the text of a drawing, of the title and of the style sheet.
_SKIPPED_ELEMENT = r"<(?P<whole>svg|title|style)\b.*?</(?P=whole)>"
_PART = re.compile(rf"{_SKIPPED_ELEMENT}|<[^>]*>|{LATIN_MARK}", re.DOTALL)
# For PDF: the condensed faces of our Latin families have only these marks. If a Han font is used instead, its marks are
# narrowed.
RULE = '.latin-mark { font-stretch: condensed; font-feature-settings: "pwid", "halt" }\n'


def wrap_latin_marks(markup: str) -> str:
    """Returns the page with each such mark in an element of the class `latin-mark`."""
    return _PART.sub(_wrap_mark, markup)


def _wrap_mark(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("<") else f'<span class="latin-mark">{match[0]}</span>'
