"""Chooses plural forms by CLDR's rules (Unicode Technical Standard 35, part 3, "Language Plural Rules")."""

from decimal import Decimal
from functools import cache

from babel import Locale

from brief.model.locale import make_babel_identifier

Count = Decimal | int

_ORDER = ("zero", "one", "two", "few", "many", "other")


@cache
def list_plural_categories(locale: str) -> tuple[str, ...]:
    """Returns the plural categories of a locale, in the order of the forms in its catalogue."""
    tags = {*Locale.parse(make_babel_identifier(locale)).plural_form.tags, "other"}
    return tuple(tag for tag in _ORDER if tag in tags)


def find_plural_category(count: Count, locale: str, *, scaled: bool = False) -> str:
    """Returns the plural category of a count.

    `scaled` says that the number ends in the word for a million or the like. It then has the category `many` in every
    language with this category: there the word counts as a noun, with a genitive after it (French: 2 millions d'euros;
    Polish: 2 miliony ton). Other languages write the plural (German: 1 Mio. Personen).
    """
    if scaled:
        return "many" if "many" in list_plural_categories(locale) else "other"
    return str(Locale.parse(make_babel_identifier(locale)).plural_form(abs(Decimal(count))))


def find_plural_index(count: Count, locale: str, *, scaled: bool = False) -> int:
    """Returns the index of the locale's plural form for a count, in the order of its catalogue."""
    return list_plural_categories(locale).index(find_plural_category(count, locale, scaled=scaled))
