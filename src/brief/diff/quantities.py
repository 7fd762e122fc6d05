"""Finds quantities that differ between two revisions, how they print, and where."""

from collections.abc import Iterator

from brief.diff.readers import BriefVariants
from brief.model.brief import Brief
from brief.model.difference import QuantityChange
from brief.model.evidence import Claim, Source
from brief.resolve import walk
from brief.resolve.claim_words import format_figure
from brief.resolve.figures import derive

SourcedClaim = tuple[Source, Claim]


def compare_quantities(old: BriefVariants, new: BriefVariants) -> tuple[QuantityChange, ...]:
    """Returns the change of every claim of both revisions whose quantity differs. A derived quantity is computed first."""
    before, after = old.brief.claims, new.brief.claims
    return tuple(
        _compare_claim(name, before[name], after[name], old, new)
        for name in after
        if name in before and _describe_quantity(old.brief, name) != _describe_quantity(new.brief, name)
    )


def _describe_quantity(brief: Brief, claim: str) -> str:
    """Returns the `repr` of a quantity: as numbers 1.5 and 1.50 are equal, but they print differently."""
    return repr(derive.derive_quantity(brief, claim))


def _compare_claim(
    name: str, before: SourcedClaim, after: SourcedClaim, old: BriefVariants, new: BriefVariants
) -> QuantityChange:
    was, now = derive.derive_quantity(old.brief, name), derive.derive_quantity(new.brief, name)
    with_period = (was.period if was else None) != (now.period if now else None)
    locations = [*_find_printing_blocks(new.brief, name), *_find_printing_blocks(old.brief, name)]
    quantity = after[1].quantity
    return QuantityChange(
        claim=name,
        location=quantity.location if quantity else after[1].location,
        old={tag: format_figure(was, old.brief.catalogues[tag], with_period) for tag in old.brief.locales},
        new={tag: format_figure(now, new.brief.catalogues[tag], with_period) for tag in new.brief.locales},
        derived=quantity is not None and quantity.derived is not None and quantity == before[1].quantity,
        blocks=tuple(dict.fromkeys(location for kind, location in locations if kind == "block")),
        themes=tuple(dict.fromkeys(location for kind, location in locations if kind == "theme")),
        audiences=tuple(dict.fromkeys((*new.find_audiences_printing(name), *old.find_audiences_printing(name)))),
    )


def _find_printing_blocks(brief: Brief, claim: str) -> Iterator[tuple[str, str]]:
    """Yields ("theme", id) for each theme whose opening prints the claim, and ("block", id) for each such block."""
    for name, theme in brief.themes.items():
        if any(ref.name == claim for ref in walk.walk_printed_claims(theme.opening)):
            yield "theme", name
        for block in theme.blocks:
            if any(ref.name == claim for ref in walk.walk_printed_claims(block)):
                yield "block", str(block.id)
