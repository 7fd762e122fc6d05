"""Words claims: what a placeholder prints, and which figures are distinctive enough to be searched for."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Source
from brief.model.inline import ClaimValue
from brief.model.quantity import Quantity
from brief.resolve import derive, periods, quantities
from brief.resolve.rounding import round_quantity

# "70%" or "3 years" may describe anything. An amount of money with two significant digits, or any number with three,
# is taken to be specific to the claim.
_SIGNIFICANT, _SIGNIFICANT_MONEY = 3, 2
_MONEY = re.compile("[A-Z]{3}")


def format_claim_value(run: ClaimValue, source: Source, claim: Claim, catalogue: Catalogue) -> str:
    """Formats what a placeholder prints of a claim.

    Raises:
        ValueError: the claim has no quantity, or one that cannot be worked out.
    """
    quantity = claim_quantity(run, source, claim)
    number = quantity.value if quantity.value is not None else quantity.low
    if (run.part == "period" or number is None) and quantity.period is not None:
        return periods.format_period(quantity.period, catalogue)
    bare = run.part == "bare"
    return quantities.format_quantity(quantity, catalogue, bare=bare, is_full=run.is_full, decimals=run.decimals)


def claim_quantity(run: ClaimValue, source: Source, claim: Claim) -> Quantity:
    """Returns the quantity that a placeholder prints, rounded or unsigned as its modifiers say.

    Raises:
        ValueError: as for `format_claim_value`.
    """
    if run.is_full:
        quantity = derive.derive_fully(source, claim)
    elif run.digits is not None:
        is_derived = claim.quantity is not None and claim.quantity.derived is not None
        quantity = derive.derive_fully(source, claim)
        quantity = round_quantity(quantity, run.digits, is_derived=is_derived) if quantity else None
    else:
        quantity = derive.derive_quantity(source, claim)
    if quantity is None:
        raise ValueError(f"{run.claim} has no quantity")
    return _drop_sign(quantity) if run.is_absolute else quantity


def _drop_sign(quantity: Quantity) -> Quantity:
    if quantity.value is not None:
        return replace(quantity, value=abs(quantity.value))
    if quantity.low is None or quantity.high is None or quantity.low >= 0:
        return quantity
    if quantity.high > 0:
        raise ValueError("a range that spans zero cannot be printed without its sign")
    return replace(quantity, low=abs(quantity.high), high=abs(quantity.low))


def format_claim_figures(brief: Brief, claims: Collection[str], locale: str) -> Iterator[tuple[str, str]]:
    """The claims, each with its figure as the locale prints it ("RMB 250 million"), if that figure is distinctive.

    Claims are named `source/claim`. A claim without a number, or with a number that cannot be worked out, has none.
    """
    for name, (source, claim) in brief.claims.items():
        if name not in claims:
            continue
        try:
            quantity = derive.derive_quantity(source, claim)
            words = quantities.format_quantity(quantity, brief.catalogues[locale], bare=True) if quantity else ""
        except ValueError:
            continue
        wanted = _SIGNIFICANT_MONEY if quantity and _MONEY.fullmatch(quantity.unit) else _SIGNIFICANT
        if len(re.sub(r"\D", "", words).strip("0")) >= wanted:
            yield name, words


def format_figure(quantity: Quantity | None, catalogue: Catalogue, dated: bool) -> str:
    """Formats the quantity as a variant prints it, with its period if that changed or if there is nothing else."""
    if quantity is None:
        return ""
    period = periods.format_period(quantity.period, catalogue) if quantity.period else ""
    if quantity.value is None and quantity.low is None:
        return period
    said = quantities.format_quantity(quantity, catalogue)
    if not (dated and period):
        return said
    return catalogue.get("{figure} ({period})", "quantity").format(figure=said, period=period)
