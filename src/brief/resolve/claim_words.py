"""Formats the figures of claims: what placeholders print, and figures that are distinctive enough to be searched for."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.figures.units import is_currency_code
from brief.model.inline import (
    AuthoredRuns,
    Cite,
    ClaimValue,
    Code,
    CrossReference,
    Emphasis,
    Formula,
    LineBreak,
    Link,
    ParagraphEnd,
    ShiftedText,
    Strong,
    Text,
)
from brief.resolve.figures import derive, periods, quantities
from brief.resolve.figures.bounds import reverse_qualifier
from brief.resolve.figures.rounding import round_quantity
from brief.resolve.figures.spelled import spell_number

# "70%" or "3 years" may describe anything. An amount of money with two significant digits, or any number with three,
# is taken to be specific to the claim.
_DISTINCTIVE_DIGITS, _DISTINCTIVE_DIGITS_OF_MONEY = 3, 2


def format_claim_value(run: ClaimValue, brief: Brief, catalogue: Catalogue) -> str:
    """Returns what a placeholder prints.

    Raises:
        KeyError: the brief has no such claim.
        ValueError: the claim has no quantity, or its quantity cannot be computed.
    """
    quantity = resolve_quantity(run, brief)
    # A zero that pads a rounded figure would be wrong where the figure has another digit.
    decimals = run.decimals if run.decimals and derive.is_exact(brief, run.claim.name, quantity) else None
    number = quantity.value if quantity.value is not None else quantity.low
    if (run.part == "period" or number is None) and quantity.period is not None:
        return periods.format_period(quantity.period, catalogue)
    if run.part == "number":
        text = quantities.format_column_number(
            Decimal(0) if number is None else number, run.scale, decimals or 0, catalogue, is_grouped=run.is_grouped
        )
        return quantities.apply_qualifier(quantity, text, catalogue)
    bare = run.part == "bare"
    if run.is_spelled and quantity.qualifier is not Qualifier.SEVERAL:
        text = spell_number(quantities.format_quantity(quantity, catalogue, bare=True), quantity, catalogue.locale)
        return text if bare else quantities.apply_qualifier(quantity, text, catalogue)
    return quantities.format_quantity(
        quantity, catalogue, bare=bare, is_full=run.is_full, decimals=decimals, is_grouped=run.is_grouped
    )


def resolve_quantity(run: ClaimValue, brief: Brief) -> Quantity:
    """Returns the quantity that a placeholder prints, with its modifiers applied: rounded, or without its sign.

    Raises:
        ValueError: as for `format_claim_value`.
    """
    name = run.claim.name
    if run.is_full:
        quantity = derive.derive_fully(brief, name)
    elif run.digits is not None:
        quantity = derive.derive_fully(brief, name)
        quantity = round_quantity(quantity, run.digits, is_derived=_is_derived(name, brief)) if quantity else None
    else:
        quantity = derive.derive_quantity(brief, name)
    if quantity is None:
        raise ValueError(f"{run.claim} has no quantity")
    return _drop_sign(quantity, is_derived=_is_derived(name, brief)) if run.is_absolute else quantity


def _is_derived(claim: str, brief: Brief) -> bool:
    stated = brief.claims[claim][1].quantity
    return stated is not None and stated.derived is not None


def _drop_sign(quantity: Quantity, *, is_derived: bool) -> Quantity:
    """Returns a quantity without its sign.

    If a computed change is more than −20, its amount is less than 20, so the qualifier is reversed. A source that states a
    figure qualifies its amount, so that qualifier stays.

    Raises:
        ValueError: the quantity is a range from below zero to above it.
    """
    if quantity.value is not None:
        is_turned = is_derived and quantity.value < 0
        qualifier = reverse_qualifier(quantity.qualifier) if is_turned else quantity.qualifier
        return replace(quantity, value=quantity.value.copy_abs(), qualifier=qualifier)
    if quantity.low is None or quantity.high is None or quantity.low >= 0:
        return quantity
    if quantity.high > 0:
        raise ValueError("a range from below zero to above it has no amount without a sign")
    return replace(quantity, low=quantity.high.copy_abs(), high=quantity.low.copy_abs())


def format_claim_figures(brief: Brief, claims: Collection[str], locale: str) -> Iterator[tuple[str, str]]:
    """Yields the name and the figure of each claim whose figure is distinctive, as the locale prints it ("RMB 250
    million").

    `claims` has names such as `source/claim`. A claim whose number is missing or cannot be computed has no figure.
    """
    for name in brief.claims:
        if name not in claims:
            continue
        try:
            quantity = derive.derive_quantity(brief, name)
            figure = quantities.format_quantity(quantity, brief.catalogues[locale], bare=True) if quantity else ""
        except ValueError:
            continue
        is_money = quantity is not None and is_currency_code(quantity.unit)
        min_digits = _DISTINCTIVE_DIGITS_OF_MONEY if is_money else _DISTINCTIVE_DIGITS
        if len(re.sub(r"\D", "", figure).strip("0")) >= min_digits:
            yield name, figure


def format_figure(quantity: Quantity | None, catalogue: Catalogue, dated: bool) -> str:
    """Formats the quantity as a variant prints it; with its period if `dated` is true or it has no number. Empty without a
    quantity.
    """
    if quantity is None:
        return ""
    period = periods.format_period(quantity.period, catalogue) if quantity.period else ""
    if quantity.value is None and quantity.low is None:
        return period
    amount = quantities.format_quantity(quantity, catalogue)
    if not (dated and period):
        return amount
    return catalogue.get("{figure} ({period})", "quantity").format(figure=amount, period=period)


def render_with_figures(runs: AuthoredRuns, brief: Brief, locale: str) -> str:
    """Returns the words of a text with its figures, for searches in printed texts. Citations are left out, and a
    cross-reference becomes a line break, because what it prints is not known here.
    """
    pieces = []
    for run in runs:
        match run:
            case Text(text) | Code(text) | ShiftedText(text) | Formula(text):
                pieces.append(text)
            case LineBreak() | ParagraphEnd():
                pieces.append("\n")
            case Strong(children) | Emphasis(children) | Link(_, children):
                pieces.append(render_with_figures(children, brief, locale))
            case ClaimValue():
                is_known = run.claim.name in brief.claims
                pieces.append(format_claim_value(run, brief, brief.catalogues[locale]) if is_known else "")
            case CrossReference():
                pieces.append("\n")
            case Cite():
                pass
    return "".join(pieces)
