"""Native names of languages."""

from functools import cache

from brief.model.locale import babel_identifier


@cache
def native_language_name(tag: str) -> str:
    """The locale's name in its own words (CLDR): `English`, `简体中文`; with the region's name if the tag has a region."""
    from babel import Locale

    locale = Locale.parse(babel_identifier(tag))
    written = "_".join(part for part in (locale.language, locale.script) if part)
    name: str = locale.languages.get(written) or locale.get_display_name() or tag
    return f"{name} ({locale.territories[locale.territory]})" if locale.territory else name
