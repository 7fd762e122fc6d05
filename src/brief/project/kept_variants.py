"""Keeps the variants of a project over edits: an edit changes those of the audiences that are shown it, and no others."""

from brief.model.brief import Brief
from brief.model.variant import Variant
from brief.reading.reading_cache import are_identical
from brief.resolve.localise import localise
from brief.resolve.typesetting import typeset

# As many as a large project has, so that those of a project with thousands do not fill the memory.
_MOST_VARIANTS = 100


class KeptVariants:
    """The last variant of each audience in each locale, with what it was made from. Threads may share it."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[Brief, Variant]] = {}

    def localise(self, cut: Brief, audience: str, locale: str) -> Variant:
        """Localises and typesets what `select` leaves for the audience, unless it has not changed."""
        known = self._made.get((audience, locale))
        if known is not None and are_identical(known[0], cut):
            return known[1]
        made = typeset(localise(cut, locale))
        self._made[audience, locale] = cut, made
        while len(self._made) > _MOST_VARIANTS:
            self._made.pop(next(iter(self._made), ("", "")), None)
        return made
