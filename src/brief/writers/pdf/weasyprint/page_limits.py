"""Ends a layout on pages that hold no text, or with more pages than a reader could want.

Otherwise a style sheet with pages of a millimetre, or with text larger than a page, would be laid out for minutes, each word on a
page of its own.
"""

import re
from typing import Any

import weasyprint.layout.page
from weasyprint.layout.page import make_page

from brief.model.diagnostics import ContentError, Diagnostic
from brief.templating.style import StyleSheetRules

MAX_PAGES = 5_000
# The shortest side of the area for text, in millimetres.
MIN_SIDE = 10
_PIXELS_PER_MILLIMETRE = 96 / 25.4
_PAGE_RULE = re.compile(r"@page\b")


class PageLimitError(Exception):
    """The layout exceeds a limit; the message says which."""


def limit_pages() -> None:
    """Replaces the engine's function that lays out a page."""
    weasyprint.layout.page.make_page = _make_page


def locate_limit(error: PageLimitError, rules: StyleSheetRules) -> ContentError:
    """Returns the error for a layout that exceeds a limit: at the last rule for pages in the set's own style sheet, or at the
    beginning of that file.
    """
    before = rules.files[-1][1]
    lines = rules.text.splitlines()[before:]
    own = [number for number, line in enumerate(lines, 1) if _PAGE_RULE.search(line)]
    location = rules.locate(before + (own[-1] if own else 1))
    return ContentError(
        [Diagnostic("page-limit", str(error), location, "correct the sizes of pages, margins and text")]
    )


def _make_page(context: Any, root_box: Any, page_type: Any, resume_at: Any, page_number: int, page_state: Any) -> Any:
    if page_number > MAX_PAGES:
        raise PageLimitError(f"the layout has more than {MAX_PAGES:,} pages")
    made = make_page(context, root_box, page_type, resume_at, page_number, page_state)
    width, height = (side / _PIXELS_PER_MILLIMETRE for side in (made[0].width, made[0].height))
    if min(width, height) < MIN_SIDE:
        raise PageLimitError(
            f"page {page_number} leaves {width:.1f} × {height:.1f} mm for text; at least {MIN_SIDE} × {MIN_SIDE} mm are needed"
        )
    return made
