"""Keeps the variants of a project over edits: an edit changes those of the audiences that are shown it, and no others."""

from brief.model.brief import Brief
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.resolve.localise import localise
from brief.resolve.typesetting import typeset

# As many as a large project has, so that those of a project with thousands do not fill the memory.
_MOST_VARIANTS = 100

_Places = tuple[SourceLocation, ...]


class KeptVariants:
    """The last variant of each audience in each locale, with what it was made from. Threads may share it."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[Brief, _Places, Variant]] = {}

    def localise(self, cut: Brief, audience: str, locale: str) -> Variant:
        """Localises and typesets what `select` leaves for the audience, unless it has not changed."""
        # Equality ignores where things are, but a variant says it of its blocks.
        places = _list_places(cut)
        known = self._made.get((audience, locale))
        if known is not None and known[1] == places and known[0] == cut:
            return known[2]
        made = typeset(localise(cut, locale))
        self._made[audience, locale] = cut, places, made
        while len(self._made) > _MOST_VARIANTS:
            self._made.pop(next(iter(self._made), ("", "")), None)
        return made


def _list_places(cut: Brief) -> _Places:
    return tuple(block.location for theme in cut.themes.values() for block in theme.blocks)
