"""Estimates whether the front matter fills a page, so that the first theme should begin on a new one."""

from math import ceil

from brief.model.inline import Runs, to_plain_text
from brief.model.variant import Variant
from brief.resolve.columns import measure_ems

# With fewer lines of text than this, more than a third of a page is empty.
_MIN_LINES = 27
# The estimated length of a line of an A4 page.
_LINE_EMS = 40.0
# Heights in lines of text: of a heading, of an entry in the contents, of the finding below it, and of an exhibit in
# their list.
_HEADING_LINES = 3.0
_ENTRY_LINES, _FINDING_LINES, _EXHIBIT_LINES = 1.6, 0.8, 0.9
# The height of a line of the introduction, which is larger than other text, and the space after a paragraph.
_LINE, _GAP = 1.1, 1


def fills_front_page(variant: Variant, *, lists_exhibits: bool) -> bool:
    """Estimates whether the introduction, the changes and the contents fill at least two thirds of a page.
    `lists_exhibits` says that tables and figures are listed, too.
    """
    entries = len(variant.sections) + bool(variant.terms) + bool(variant.sources)
    exhibits = len(variant.list_exhibits()) if lists_exhibits else 0
    texts = (variant.introduction or (), *(variant.changes.entries if variant.changes else ()))
    lines = _HEADING_LINES + _ENTRY_LINES * entries + sum(map(_count_lines, texts))
    lines += _FINDING_LINES * sum(section.finding is not None for section in variant.sections)
    if exhibits:
        lines += _HEADING_LINES + _EXHIBIT_LINES * exhibits
    return lines >= _MIN_LINES


def _count_lines(text: Runs) -> float:
    return _LINE * ceil(measure_ems(to_plain_text(text)) / _LINE_EMS) + _GAP if text else 0.0
