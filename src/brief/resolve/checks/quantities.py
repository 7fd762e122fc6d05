"""Checks the quantities of claims: each must be complete and consistent, have a known unit and, if it is computed,
a meaningful result.
"""

from dataclasses import replace

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.evidence import Claim, Source
from brief.model.figures.quantity import Derived, Qualifier, Quantity
from brief.model.figures.units import PROJECT_UNITS
from brief.reading.layout import IncompleteFiles
from brief.resolve.checks.cells import warn_about_unlike_periods
from brief.resolve.checks.magnitudes import check_several
from brief.resolve.figures import derive, units
from brief.resolve.figures.operands import DerivationError

_LIMITS = (Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.UNDER, Qualifier.UP_TO)


def check_quantity(
    source: Source, claim: Claim, quantity: Quantity, brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink
) -> None:
    """Reports what is wrong with a quantity. Claims and cells that do not exist are reported elsewhere."""
    location = quantity.location
    if quantity.derived is not None:
        _check_unit(replace(quantity, unit=derive.find_unit(brief, f"{source.id}/{claim.id}")), brief, sink)
    else:
        _check_unit(quantity, brief, sink)
    if quantity.derived is not None:
        _check_derivation(source, claim, quantity.derived, brief, incomplete, sink)
    if quantity.derived is not None and (quantity.value, quantity.low, quantity.high) != (None, None, None):
        message = f"'{claim.id}' has both a number and 'derived', which computes one"
        sink.add_error("bad-quantity", location, message, "remove one of them")
    ends = (quantity.low is not None) + (quantity.high is not None)
    if quantity.value is not None and ends:
        message = "a quantity cannot have both a value and a range"
        sink.add_error("bad-quantity", location, message, "remove one of them")
    elif quantity.derived is None and ends == 1:
        present, missing = ("high", "low") if quantity.low is None else ("low", "high")
        message = f"a range needs 'low' and 'high', and this one has only '{present}'"
        sink.add_error("bad-quantity", location, message, f"add '{missing}', or write 'value'")
    elif not (ends or quantity.value is not None or quantity.derived is not None or quantity.period):
        hint = "give 'value', 'low' with 'high', 'derived' or 'period'"
        sink.add_error("bad-quantity", location, "the quantity is empty", hint)
    if quantity.low is not None and quantity.high is not None and quantity.low >= quantity.high:
        message = f"low {quantity.low} is not below high {quantity.high}"
        sink.add_error("bad-quantity", location, message, "swap them, or write 'value'")
    highest = quantity.value if quantity.value is not None else quantity.high
    if highest is not None and highest < 0 and quantity.qualifier in _LIMITS:
        message = f"'{quantity.qualifier}' of a negative figure may be of the figure or of its amount: more than −20 is a fall of less than 20"
        hint = "state the amount without its sign, and say in the text which way it goes: 'fell by {source/claim}'"
        sink.add_warning("negative-limit", location, message, hint)
    if quantity.qualifier is Qualifier.SEVERAL:
        check_several(quantity, sink)


def has_drawable_number(quantity: Quantity) -> bool:
    """Returns whether the quantity has a number that a chart can draw. With the qualifier `several`, as in "dozens", it has
    only an order of magnitude.
    """
    has_number = quantity.value is not None or quantity.low is not None or quantity.derived is not None
    return has_number and quantity.qualifier is not Qualifier.SEVERAL


def _check_unit(quantity: Quantity, brief: Brief, sink: DiagnosticSink) -> None:
    """Requires words for the unit in every locale; CLDR has some units only in some languages. A unit that the project declares
    without a locale is reported where it is declared.
    """
    catalogue = brief.catalogues.get(str(brief.settings.source_locale), Catalogue("en"))
    missing = [tag for tag, words in brief.catalogues.items() if not units.is_known(quantity.unit, words)]
    unknown = {units.find_unknown_part(quantity.unit, brief.catalogues[tag]) for tag in missing}
    if unknown and all(any(words.has(part, PROJECT_UNITS) for words in brief.catalogues.values()) for part in unknown):
        return
    if not units.is_known(quantity.unit, catalogue):
        hint = units.suggest_unit(quantity.unit, catalogue)
        part = units.find_unknown_part(quantity.unit, catalogue)
        context = f" in '{quantity.unit}'" if part != quantity.unit else ""
        sink.add_error("unknown-unit", quantity.location, f"unknown unit '{part}'{context}", hint)
    elif missing:
        message = f"the unit '{quantity.unit}' has no words in {', '.join(missing)}"
        sink.add_error("unknown-unit", quantity.location, message, "declare it in content/units.yaml")


def _check_derivation(
    source: Source, claim: Claim, derived: Derived, brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink
) -> None:
    """Reports a result that cannot be computed, or is disclosed without a reason, and warns about unlike periods. An error in
    an input is reported only at the input.
    """
    warn_about_unlike_periods(source, claim, derived, brief, sink)
    if derived.disclose is not None and not derived.disclose.strip():
        message = f"'{claim.id}' is disclosed without a reason"
        sink.add_error("bad-derivation", derived.location, message, "write the reason after 'disclose:'")
    name = f"{source.id}/{claim.id}"
    try:
        derive.compute_quantity(brief, name)
    except DerivationError as problem:
        if problem.claim == name and not problem.is_unknown and source.location.file not in incomplete.files:
            sink.add_error("bad-derivation", derived.location, str(problem))
