"""Sets dots and apostrophes within Latin words of a Chinese page as wide as Latin letters, in HTML and PDF.

Otherwise these marks are set in the Han face, in which they fill a square: that is right in 让·雷诺, and wrong in DALL·E.
"""

import re

from brief.model.han import LATIN_MARK

# Elements without text of the page: a drawing has its own elements for text; the title and the style sheet have none.
_SKIPPED_ELEMENT = r"<(?P<whole>svg|title|style)\b.*?</(?P=whole)>"
_PART = re.compile(rf"{_SKIPPED_ELEMENT}|<[^>]*>|{LATIN_MARK}", re.DOTALL)
# For PDF: the condensed faces of our Latin families have only these marks; a Han face that is used in their place is narrowed.
RULE = '.latin-mark { font-stretch: condensed; font-feature-settings: "pwid", "halt" }\n'


def wrap_latin_marks(markup: str) -> str:
    """Returns the page with each such mark in an element of the class `latin-mark`."""
    return _PART.sub(_wrap_mark, markup)


def _wrap_mark(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("<") else f'<span class="latin-mark">{found[0]}</span>'
