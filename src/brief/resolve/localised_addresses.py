"""Decides whether two web addresses lead to the same page, perhaps in two languages.

Sites name the language in the host (`fr.example.org`), in a part of the path (`/fr/report`), in a file's name (`report_fr.pdf`)
or in a parameter (`?lang=fr`). Where they do, the rest of the address may be translated too.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

# Tags and words by which sites name languages, and the countries whose sites are in one.
_LANGUAGE = re.compile(
    r"(?:en|zh|ja|jp|ko|kr|de|fr|es|it|pt|ru|ar|cn|tw|hk|uk|us|gb|ca|ch|at|be|mx|br|sc|tc|chs|cht|eng|zho|chi|jpn|kor|deu|ger|fra|fre|spa"
    r"|english|chinese|japanese|korean|german|french|spanish|intl|global|international)"
    r"(?:[-_](?:hans|hant|[a-z]{2}|[0-9]{3}))*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[._-]+")
# Beside the domain of a country or without one: example.co.uk, example.co.jp and example.com.
_GENERIC = re.compile("co|com|org|net|gov|gob|gouv|ac|edu|go|or|ne")


@lru_cache(maxsize=5_000)
def _split_language(address: str) -> tuple[str, str, bool]:
    """Returns the site of an address, the rest of it, and whether a language is named in it; both without the language."""
    parts = urlsplit(address)
    labels = [label for label in (parts.hostname or "").split(".") if label != "www"]
    own = [label for label in labels if not _LANGUAGE.fullmatch(label)]
    names_language = len(own) < len(labels)
    site = own
    if len(own) < len(labels):
        site = [label for label in own if not _GENERIC.fullmatch(label)] or own
    segments = [segment for segment in parts.path.split("/") if segment]
    kept = [segment for segment in segments if not _LANGUAGE.fullmatch(segment)]
    names_language |= len(kept) < len(segments)
    if kept:
        pieces = _SEPARATORS.split(kept[-1])
        left = [pieces[0], *(piece for piece in pieces[1:] if not _LANGUAGE.fullmatch(piece))]
        names_language |= len(left) < len(pieces)
        kept[-1] = "-".join(left)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    others = [(key, value) for key, value in parameters if not _LANGUAGE.fullmatch(value)]
    names_language |= len(others) < len(parameters)
    rest = "/".join((*kept, *(f"{key}={value}" for key, value in sorted(others))))
    return f"{parts.username or ''}@{'.'.join(site)}", rest, names_language


def lead_to_same_page(one: str, other: str) -> bool:
    """Returns whether the addresses differ at most in the language. On one site, of which both addresses or their pages name a
    language, the rest may differ too. A difference of `http` or `www.`, or of a last slash, does not count.
    """
    (site, rest, names_language), (other_site, other_rest, other_names) = map(_split_language, (one, other))
    if site != other_site and f"{site}.com" != other_site and site != f"{other_site}.com":
        return False
    return rest == other_rest or (names_language and other_names) or (not rest and not other_rest)


def find_other_addresses(addresses: Sequence[str], known: Sequence[str]) -> list[str]:
    """Returns the addresses that lead to no page of `known`."""
    return [each for each in addresses if not any(each == other or lead_to_same_page(each, other) for other in known)]
