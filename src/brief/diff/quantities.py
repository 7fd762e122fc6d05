"""Quantities that differ between two revisions, in words, and where they are printed."""

from collections.abc import Iterator

from brief.diff.readers import Editions
from brief.model.brief import Brief
from brief.model.difference import FigureChange
from brief.model.evidence import Claim, Source
from brief.resolve import derive, walk
from brief.resolve.claim_words import figure_words

Found = tuple[Source, Claim]


def figures(old: Editions, new: Editions) -> tuple[FigureChange, ...]:
    """Every claim of both revisions whose quantity differs once it is worked out."""
    before, after = old.brief.claims, new.brief.claims
    return tuple(
        _figure(name, before[name], after[name], old, new)
        for name in after
        if name in before and derive.quantity(*before[name]) != derive.quantity(*after[name])
    )


def _figure(name: str, before: Found, after: Found, old: Editions, new: Editions) -> FigureChange:
    was, now = derive.quantity(*before), derive.quantity(*after)
    dated = (was.period if was else None) != (now.period if now else None)
    places = [*_printing(new.brief, name), *_printing(old.brief, name)]
    quantity = after[1].quantity
    return FigureChange(
        claim=name,
        place=quantity.place if quantity else after[1].place,
        old={tag: figure_words(was, old.brief.catalogues[tag], dated) for tag in old.brief.locales},
        new={tag: figure_words(now, new.brief.catalogues[tag], dated) for tag in new.brief.locales},
        derived=quantity is not None and quantity.derived is not None and quantity == before[1].quantity,
        blocks=tuple(dict.fromkeys(place for kind, place in places if kind == "block")),
        themes=tuple(dict.fromkeys(place for kind, place in places if kind == "theme")),
        audiences=tuple(dict.fromkeys((*new.printing(name), *old.printing(name)))),
    )


def _printing(brief: Brief, claim: str) -> Iterator[tuple[str, str]]:
    for name, theme in brief.themes.items():
        if any(ref.name == claim for ref in walk.printed_claims((theme.summary, theme.takeaways))):
            yield "theme", name
        for block in theme.blocks:
            if any(ref.name == claim for ref in walk.printed_claims(block)):
                yield "block", str(block.id)
