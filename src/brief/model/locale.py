"""Locale tags (BCP 47, RFC 5646) and their fallback chain."""

import re
from collections.abc import Collection

# language ["-" script] ["-" region]: the part of RFC 5646 section 2.1 that names a publication's locale.
_TAG = re.compile(r"(?P<language>[a-z]{2,3})(-(?P<script>[A-Z][a-z]{3}))?(-(?P<region>[A-Z]{2}|[0-9]{3}))?")


def is_locale_tag(tag: str) -> bool:
    """Returns whether `tag` is written in the canonical case of RFC 5646 section 2.1.1: `en`, `zh-Hant`, `zh-Hant-HK`."""
    return _TAG.fullmatch(tag) is not None


def split_subtags(tag: str) -> tuple[str, str | None, str | None]:
    """Returns the language, script and region of a tag; any other text is taken as a language."""
    match = _TAG.fullmatch(tag)
    return (match["language"], match["script"], match["region"]) if match else (tag, None, None)


def list_locale_fallbacks(tag: str) -> tuple[str, ...]:
    """Returns the tag and its successively shorter prefixes (RFC 4647 section 3.4): `zh-Hant-HK`, `zh-Hant`, `zh`."""
    parts = tag.split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def find_best_locale(tag: str, available: Collection[str]) -> str | None:
    """Returns the first of `list_locale_fallbacks(tag)` that is available, or None."""
    return next((candidate for candidate in list_locale_fallbacks(tag) if candidate in available), None)


def get_primary_language(tag: str) -> str:
    """Returns the primary language subtag: `zh` of `zh-Hant-HK`."""
    return tag.split("-")[0]


def make_babel_identifier(tag: str) -> str:
    """Returns the tag as Babel writes it: `zh_Hant_HK`."""
    return tag.replace("-", "_")
