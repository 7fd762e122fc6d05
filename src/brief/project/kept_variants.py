"""Keeps the variants of a project over edits: an edit changes only the variants that print what was edited."""

from dataclasses import fields
from operator import attrgetter
from typing import Any

from brief.model.blocks import Callout, Item, ListBlock, Paragraph, Prose, Quote
from brief.model.brief import Brief, Theme
from brief.model.text import LocalisedText
from brief.model.translation import TranslationState
from brief.model.variant import Variant
from brief.reading.reading_cache import are_identical
from brief.resolve import walk
from brief.resolve.localise import localise
from brief.resolve.typesetting import typeset

# As many variants as a large project has; a project with thousands of them must not fill the memory.
_MOST_VARIANTS = 100
# Records of which a variant prints only the texts in its own locale. The forms of a cell, of a category or of a name are
# compared in all locales.
_PLAIN = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (Theme, Paragraph, Prose, ListBlock, Item, Callout, Quote)
}
_OTHER_FIELDS = tuple(field.name for field in fields(Brief) if field.name not in ("themes", "translations"))


class KeptVariants:
    """The last variant of each audience in each locale, with what it was made from. Threads may share it."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[Brief, Variant]] = {}

    def localise(self, selected: Brief, audience: str, locale: str) -> Variant:
        """Localises and typesets the `selected` brief of the audience, or returns the last variant if nothing that the
        locale prints has changed.
        """
        known = self._made.get((audience, locale))
        made = (
            known[1]
            if known is not None and _print_alike(known[0], selected, locale)
            else typeset(localise(selected, locale))
        )
        self._made[audience, locale] = selected, made
        while len(self._made) > _MOST_VARIANTS:
            self._made.pop(next(iter(self._made), ("", "")), None)
        return made


def _print_alike(one: Brief, other: Brief, locale: str) -> bool:
    """Returns whether the only differences of two briefs are words that no variant in the locale prints."""
    gated, others = (
        {text: found for (text, tag), found in brief.translations.items() if tag == locale} for brief in (one, other)
    )
    if not (
        all(are_identical(getattr(one, name), getattr(other, name)) for name in _OTHER_FIELDS)
        and are_identical(gated, others)
    ):
        return False
    # In the place of missing words, those of another locale are printed.
    if any(found.state is TranslationState.MISSING for found in gated.values()):
        return are_identical(one.themes, other.themes)
    return _are_alike(one.themes, other.themes, locale)


def _are_alike(one: Any, other: Any, locale: str) -> bool:
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        return _are_alike((*one, *one.values()), (*other, *other.values()), locale)
    if kind is tuple:
        return len(one) == len(other) and all(_are_alike(*both, locale) for both in zip(one, other, strict=True))
    if kind in _PLAIN:
        return _are_alike(_PLAIN[kind](one), _PLAIN[kind](other), locale)
    if isinstance(one, LocalisedText) and one.location == other.location and _reads_alike(one, other, locale):
        return True
    return are_identical(one, other)


def _reads_alike(one: LocalisedText, other: LocalisedText, locale: str) -> bool:
    """Returns whether two texts have the same words in the locale, and the same references in the others."""
    phrase = one.find_phrase(locale)
    return (
        phrase is not None
        and phrase == other.find_phrase(locale)
        and one.is_same == other.is_same
        and _list_references(one) == _list_references(other)
    )


def _list_references(text: LocalisedText) -> list[tuple[object, ...]]:
    return [(tag, *walk.walk_run_references(phrase.runs)) for tag, phrase in text.phrases.items()]
