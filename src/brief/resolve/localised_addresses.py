"""Decides whether two web addresses lead to the same page, perhaps in two languages.

Sites name the language in the host (`fr.example.org`), in a part of the path (`/fr/report`), in a file's name (`report_fr.pdf`)
or in a parameter (`?lang=fr`). Where they do, the rest of the address may be translated too.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from brief.model.record import dataclass

# Tags and words with which sites name a language, or a country that has its own site.
_LANGUAGE = re.compile(
    r"(?:en|zh|ja|jp|ko|kr|de|fr|es|it|pt|ru|ar|cn|tw|hk|uk|us|gb|ca|ch|at|be|mx|br|sc|tc|chs|cht|eng|zho|chi|jpn|kor|deu|ger|fra|fre|spa"
    r"|english|chinese|japanese|korean|german|french|spanish|intl|global|international)"
    r"(?:[-_](?:hans|hant|[a-z]{2}|[0-9]{3}))*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[._-]+")
# Labels beside the domain of a country, or instead of one: example.co.uk, example.co.jp and example.com.
_GENERIC = re.compile("co|com|org|net|gov|gob|gouv|ac|edu|go|or|ne")
_PORT = re.compile(":[0-9]+$")


@dataclass(frozen=True, slots=True)
class _Address:
    """An address without the languages that it names: its host with the user and the port, and its path with the parameters."""

    site: str
    page: str
    languages: tuple[str, ...]


@lru_cache(maxsize=5_000)
def _split_languages(address: str) -> _Address:
    parts = urlsplit(address)
    languages: list[str] = []

    def drop_languages(texts: Sequence[str]) -> list[str]:
        """Returns the texts that do not name a language, and adds the others to `languages`."""
        languages.extend(text.lower() for text in texts if _LANGUAGE.fullmatch(text))
        return [text for text in texts if not _LANGUAGE.fullmatch(text)]

    labels = [label for label in (parts.hostname or "").split(".") if label != "www"]
    host = drop_languages(labels)
    if len(host) < len(labels):
        host = [label for label in host if not _GENERIC.fullmatch(label)] or host
    path = drop_languages([segment for segment in parts.path.split("/") if segment])
    if path:
        first, *others = _SEPARATORS.split(path[-1])
        path[-1] = "-".join((first, *drop_languages(others)))
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    languages.extend(value.lower() for _, value in parameters if _LANGUAGE.fullmatch(value))
    remaining = sorted(f"{key}={value}" for key, value in parameters if not _LANGUAGE.fullmatch(value))
    port = _PORT.search(parts.netloc)
    site = f"{parts.username or ''}@{'.'.join(host)}{port[0] if port else ''}"
    return _Address(site, "/".join((*path, *remaining)), tuple(languages))


def lead_to_same_page(one: str, other: str) -> bool:
    """Returns whether two addresses may lead to the same page, perhaps in two languages.

    - They must be on one site. `http` or `https`, `www.`, the domain of a country instead of `.com`, a final slash and the
      part after `#` do not matter.
    - If they name different languages, their paths and parameters may differ, because sites translate these.
    - Otherwise, all but the name of a language must be the same.

    Raises:
        ValueError: an address is not a URL, as with an unclosed bracket around the host.
    """
    first, second = map(_split_languages, (one, other))
    if first.site != second.site and f"{first.site}.com" != second.site and first.site != f"{second.site}.com":
        return False
    has_two_languages = first.languages and second.languages and first.languages != second.languages
    return first.page == second.page or bool(has_two_languages)


def find_other_addresses(addresses: Sequence[str], known: Sequence[str]) -> list[str]:
    """Returns the addresses that lead to no page of `known`, in order.

    Raises:
        ValueError: as `lead_to_same_page`.
    """
    return [each for each in addresses if not any(each == other or lead_to_same_page(each, other) for other in known)]
