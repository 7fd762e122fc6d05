"""Finds which audiences see a record of a brief, and which variants differ between two revisions."""

from collections.abc import Iterator
from typing import Any

from brief.model.brief import Brief
from brief.model.difference import Change, VariantDifference
from brief.model.variant import Variant
from brief.resolve import walk
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.resolve.walk import collect_printed_words


class BriefVariants:
    """All variants of a brief, and for each audience its selection: the brief reduced to what the audience may see.

    Each is computed only once.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.selections = {audience: select(brief, audience) for audience in brief.audiences}
        self.variants = {
            (audience, locale): localise(selected, locale)
            for audience, selected in self.selections.items()
            for locale in brief.locales
        }
        self._seen = {audience: set(self._list_seen_records(audience)) for audience in self.selections}

    def list_audiences(self, kind: str, name: str) -> Iterator[str]:
        """Yields the audiences that see the record, in the brief's order; every audience sees a record of the kind
        "brief".
        """
        for audience, seen in self._seen.items():
            if kind == "brief" or (kind, name) in seen:
                yield audience

    def find_audiences_printing(self, claim: str) -> Iterator[str]:
        """Yields the audiences whose variants print or draw the claim's quantity or period; citing it is not enough."""
        for audience, selected in self.selections.items():
            if any(ref.name == claim for ref in walk.walk_printed_claims(_list_records(selected))):
                yield audience

    def _list_seen_records(self, audience: str) -> Iterator[tuple[str, str]]:
        """Yields the kind and the name of each record that the audience sees."""
        selected = self.selections[audience]
        yield "audience", audience
        for name, theme in selected.themes.items():
            yield "theme", name
            yield from (("block", str(block.id)) for block in theme.blocks)
        for ref in walk.walk_claims(_list_records(selected)):
            yield "claim", ref.name
            yield "source", ref.name.partition("/")[0]
        for variant in (self.variants[audience, locale] for locale in self.brief.locales):
            yield from (("term", term.id) for term in variant.terms)


def compare_variants(old: BriefVariants, new: BriefVariants) -> tuple[tuple[VariantDifference, ...], int]:
    """Returns the variants that were added, removed or changed, and the number of unchanged ones."""
    differences = []
    for audience, locale in dict.fromkeys((*new.variants, *old.variants)):
        before, after = old.variants.get((audience, locale)), new.variants.get((audience, locale))
        if before is None or after is None:
            change = Change.ADDED if before is None else Change.REMOVED
            differences.append(VariantDifference(audience=audience, locale=locale, change=change))
        elif before != after:
            blocks = tuple(_find_changed_blocks(before, after))
            difference = VariantDifference(audience=audience, locale=locale, change=Change.CHANGED, blocks=blocks)
            differences.append(difference)
    return tuple(differences), len({*old.variants, *new.variants}) - len(differences)


def _list_records(selected: Brief) -> tuple[Any, ...]:
    """Lists the themes and audiences of a selection, but not its sources and terms, which may be unused."""
    return (*selected.themes.values(), *selected.audiences.values())


def _find_changed_blocks(old: Variant, new: Variant) -> Iterator[str]:
    before, after = _index_printed_words(old), _index_printed_words(new)
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            yield name


def _index_printed_words(variant: Variant) -> dict[str, tuple[str, ...]]:
    return {block.id: collect_printed_words(block) for section in variant.sections for block in section.blocks}
