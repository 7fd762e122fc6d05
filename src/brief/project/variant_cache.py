"""Caches the variants of a project across edits: an edit changes only the variants that print the edited content."""

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

# As many as a large project has; the variants of a project with thousands of them must not fill the memory.
_MAX_VARIANTS = 100
# Records of which a variant prints only the texts in its own locale, and their fields. Other records, such as cells,
# categories and names, are compared in all locales.
_LOCALE_ONLY = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (Theme, Paragraph, Prose, ListBlock, Item, Callout, Quote)
}
_OTHER_FIELDS = tuple(field.name for field in fields(Brief) if field.name not in ("themes", "translations"))


class VariantCache:
    """The last variant of each audience in each locale, with the brief that it was made from.

    Has at most `_MAX_VARIANTS` of them. Threads may share it.
    """

    def __init__(self) -> None:
        self._cached: dict[tuple[str, str], tuple[Brief, Variant]] = {}

    def localise(self, selected: Brief, audience: str, locale: str) -> Variant:
        """Localises and typesets the `selected` brief of the audience, or returns the last variant if nothing that the
        locale prints has changed.
        """
        cached = self._cached.get((audience, locale))
        variant = (
            cached[1]
            if cached is not None and _would_print_alike(cached[0], selected, locale)
            else typeset(localise(selected, locale))
        )
        self._cached[audience, locale] = selected, variant
        while len(self._cached) > _MAX_VARIANTS:
            self._cached.pop(next(iter(self._cached), ("", "")), None)
        return variant


def _would_print_alike(old: Brief, new: Brief, locale: str) -> bool:
    """Returns whether two briefs differ only in texts that no variant in the locale prints."""
    old_gated, new_gated = (
        {text: translation for (text, tag), translation in brief.translations.items() if tag == locale}
        for brief in (old, new)
    )
    if not (
        all(are_identical(getattr(old, name), getattr(new, name)) for name in _OTHER_FIELDS)
        and are_identical(old_gated, new_gated)
    ):
        return False
    # A missing text is printed in another locale.
    if any(translation.state is TranslationState.MISSING for translation in old_gated.values()):
        return are_identical(old.themes, new.themes)
    return _are_alike(old.themes, new.themes, locale)


def _are_alike(old: Any, new: Any, locale: str) -> bool:
    """Returns whether a variant in the locale would print two values of briefs alike."""
    if old is new:
        return True
    kind = type(old)
    if kind is not type(new):
        return False
    if kind is dict:
        return _are_alike((*old, *old.values()), (*new, *new.values()), locale)
    if kind is tuple:
        return len(old) == len(new) and all(_are_alike(*pair, locale) for pair in zip(old, new, strict=True))
    if kind in _LOCALE_ONLY:
        return _are_alike(_LOCALE_ONLY[kind](old), _LOCALE_ONLY[kind](new), locale)
    if isinstance(old, LocalisedText) and old.location == new.location and _reads_alike(old, new, locale):
        return True
    return are_identical(old, new)


def _reads_alike(old: LocalisedText, new: LocalisedText, locale: str) -> bool:
    """Returns whether two texts have the same words in the locale, and the same references in the others."""
    phrase = old.find_phrase(locale)
    return (
        phrase is not None
        and phrase == new.find_phrase(locale)
        and old.is_same == new.is_same
        and _list_references(old) == _list_references(new)
    )


def _list_references(text: LocalisedText) -> list[tuple[object, ...]]:
    return [(tag, *walk.walk_run_references(phrase.runs)) for tag, phrase in text.phrases.items()]
