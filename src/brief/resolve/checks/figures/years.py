"""Finds claims that are years but have the unit `count`, so that they print as 2,019."""

import re

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.figures.quantity import Qualifier
from brief.resolve.checks.figures.placeholders import Placeholders

_YEARS = range(1900, 2101)
# Words after which a number is a year if nothing is counted by it, and what follows such a number.
_BEFORE = re.compile(
    r"(?:^|\b)(?:in|since|until|year|im Jahr|Jahr|seit|en|depuis|desde|nel|dal|em|année|año|ano|anno)\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:$|[.,;:!?)]|(?:and|to|und|bis|et|y)\b)")
_YEAR_SIGN = re.compile(r"\s?[年년]")


def check_years(brief: Brief, placeholders: Placeholders) -> list[Diagnostic]:
    """Warns about each placeholder whose claim is a number of things, but which stands where a year does."""
    sink = DiagnosticSink()
    years = {
        name: stated.value
        for name, (_, claim) in brief.claims.items()
        if (stated := claim.quantity)
        and stated.unit == "count"
        and stated.value is not None
        and stated.value in _YEARS
        and stated.qualifier is Qualifier.EXACT
    }
    for placed in placeholders.by_locale.values() if years else ():
        for each in placed:
            name = each.run.claim.name
            if name not in years or each.run.part == "period":
                continue
            if _YEAR_SIGN.match(each.after) or (_BEFORE.search(each.before) and _AFTER.match(each.after)):
                message = f"{each.written} is a number of things, but is used as a year, and prints with a separator"
                hint = f"write 'period: {years[name]:f}' in the claim instead of 'value:'"
                sink.add_warning("year-as-count", each.run.claim.location, message, hint)
    return sink.found
