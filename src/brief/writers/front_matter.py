"""Chooses whether the first theme begins a page, or follows the table of contents on the same page because that is
short.
"""

from math import ceil

from brief.model.inline import Runs, to_plain_text
from brief.model.variant import Variant
from brief.resolve.columns import measure_ems

# A page with fewer lines of text than this is a third empty.
_LEAST_LINES = 27
# The estimated length of a line of an A4 page.
_LINE_EMS = 40.0
# The lines of text that a heading, an entry, the finding below it, and an exhibit take.
_HEADING = 3.0
_ENTRY, _FINDING, _EXHIBIT = 1.6, 0.8, 0.9


def fills_front_page(variant: Variant, *, lists_exhibits: bool) -> bool:
    """Returns whether the introduction and the contents fill two thirds of a page of their own, or more than one page."""
    entries = len(variant.sections) + bool(variant.terms) + bool(variant.sources)
    exhibits = len(variant.list_exhibits()) if lists_exhibits else 0
    texts = (variant.introduction or (), *(variant.changes.entries if variant.changes else ()))
    lines = _HEADING + _ENTRY * entries + sum(map(_count_lines, texts))
    lines += _FINDING * sum(section.finding is not None for section in variant.sections)
    if exhibits:
        lines += _HEADING + _EXHIBIT * exhibits
    return lines >= _LEAST_LINES


def _count_lines(text: Runs) -> float:
    return 1.1 * ceil(measure_ems(to_plain_text(text)) / _LINE_EMS) + 1 if text else 0.0
