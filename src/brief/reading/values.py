"""Parses scalars into numbers, dates, periods and names. Every `parse_*` raises BadValueError with the reason."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from brief.model.figures.quantity import Period
from brief.model.han import IDEOGRAPH
from brief.model.locale import is_locale_tag
from brief.model.source_location import DecimalPlaces, Doi, LocaleTag, Reason, Sha256, Slug, Url

MAX_NUMBER_LENGTH = 30
# CLDR has no compact form for figures above a thousand trillion. Below a millionth, a smaller unit reads better.
LARGEST_FIGURE, SMALLEST_FIGURE = Decimal("1e15"), Decimal("1e-6")
_MAX_INTEGER = 999_999
_MIN_REASON_LENGTH = 8

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Anchors that the templates and the writers set themselves.
_RESERVED_ID = re.compile(
    r"content|contents|sources|who-is-who|changes|source-\d+|footnote-([a-z])\1*(-mark)?|.*-(title|caption|chart-title)"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+)", re.IGNORECASE)
_ENCODED_CONTROL = re.compile("%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
_URL_CHARACTERS = re.compile(r"[!#-;=?-\[\]_a-z~]+")
_MAX_URL_LENGTH = 2_000
_SAFE_IN_URL = "!#$%&'()*+,-./:;=?@[]_~"
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})")
_NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
# Common notations that are not accepted, each with a hint how to write the figure.
_ALMOST_NUMBERS = (
    (re.compile(r"\u2212[0-9._]+"), "write a hyphen for the minus sign, as in -3.5"),
    (re.compile(r"[+-]?[0-9.]+\s*[%％]"), "write the number alone, and unit: percent"),
    (re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f'][0-9]{3})+(\.[0-9]+)?"), "group digits with '_', as in 250_000_000"),
    (re.compile(r"[0-9]+:[0-9]{2}(:[0-9]{2})?"), "write durations in one unit: 42:15 is 42.25, with unit: minute"),
    (
        re.compile(r"[<>≤≥~≈]\s*[0-9.]+"),
        "write the number alone, with qualifier: under, over, at-least, up-to or about",
    ),
)


class BadValueError(ValueError):
    """A text is not a value of the expected type; `hint` says what to write, or is None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


def parse_number(text: str) -> Decimal:
    """Parses 0, or a figure from a millionth to a thousand trillion, in ASCII digits.

    `_` may group digits, as in `250_000_000`.
    """
    half_width = unicodedata.normalize("NFKC", text)
    if half_width != text and _NUMBER.fullmatch(half_width):
        raise BadValueError(f"'{text}' has full-width digits", f"write {half_width}")
    if "," in text and _NUMBER.fullmatch(text.replace(",", "")):
        raise BadValueError(f"'{text}' has commas", f"write {text.replace(',', '_')}")
    if not _NUMBER.fullmatch(text):
        hint = next((hint for notation, hint in _ALMOST_NUMBERS if notation.fullmatch(text)), None)
        raise BadValueError(f"'{shorten(text)}' is not a number", hint or "write digits, as in 250_000_000 or 66.67")
    if len(text) > MAX_NUMBER_LENGTH:
        raise BadValueError(f"the number has {len(text)} characters; the limit is {MAX_NUMBER_LENGTH}")
    value = Decimal(text.replace("_", ""))
    if value and not SMALLEST_FIGURE <= abs(value) <= LARGEST_FIGURE:
        raise BadValueError(
            f"'{text}' is out of range", "state it in another unit, from 0.000001 to 1_000_000_000_000_000"
        )
    return value


def parse_positive_integer(text: str) -> int:
    """Parses a whole number from 1 to 999,999, in ASCII digits."""
    value = parse_number(text)
    if value != value.to_integral_value() or not 1 <= value <= _MAX_INTEGER:
        raise BadValueError(
            f"'{shorten(text)}' is not a whole number from 1 to {_MAX_INTEGER}", "write a number, as in 12"
        )
    return int(value)


def parse_decimal_places(text: str) -> DecimalPlaces:
    """Parses a number of decimal places, from 0 to 9."""
    if not re.fullmatch("[0-9]", text):
        raise BadValueError(f"'{shorten(text)}' is not a number of decimal places", "write a digit from 0 to 9")
    return DecimalPlaces(int(text))


def parse_boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadValueError(f"'{shorten(text)}' is neither true nor false", "write true or false")
    return text == "true"


def parse_date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadValueError(f"'{shorten(text)}' is not a date", "write it as 2026-03-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValueError(f"the date '{text}' does not exist", "check the day and the month") from None


def parse_date_time(text: str) -> datetime:
    """Parses a date and time with a zone (RFC 3339, 5.6); seconds may be left out."""
    if not _DATE_TIME.fullmatch(text):
        zone = "add the zone: " if _DATE_TIME.fullmatch(f"{text}Z") else ""
        hint = f"{zone}write it as 2026-03-31T09:00+08:00, or with Z for UTC"
        raise BadValueError(f"'{shorten(text)}' is not a date and time with a zone", hint)
    try:
        date_time = datetime.fromisoformat(text)
        date_time.astimezone(UTC)  # times in the first and last hours of the calendar have no equivalent in UTC
    except (ValueError, OverflowError):
        raise BadValueError(
            f"there is no such date and time as {text}", "check the day, the hour and the zone"
        ) from None
    return date_time


def parse_period(text: str) -> Period:
    try:
        span = Period.parse(text)
    except ValueError:
        raise BadValueError(
            f"'{shorten(text)}' is not a period",
            "write 2025, 2025-Q2, 2025-04, 2025-W12, 2026-03-09, 2024-early, FY2025, 2025/26, or two as A/B",
        ) from None
    for period in (span.start, span.end):
        if period is not None and period.month is not None and period.day is not None:
            parse_date(f"{period.year:04}-{period.month:02}-{period.day:02}")
    if span.end is not None and span.end.day_after <= span.start.first_day:
        raise BadValueError(f"'{text}' ends before it starts", "write the earlier date first")
    return span


def is_slug(text: str) -> bool:
    """Returns whether the text is an id: lower-case ASCII letters, digits and single hyphens."""
    return _SLUG.fullmatch(text) is not None


def is_reserved_id(text: str) -> bool:
    """Returns whether variants use an id as an anchor themselves, so that no theme or block can have it."""
    return _RESERVED_ID.fullmatch(text) is not None


def parse_slug(text: str) -> Slug:
    if not is_slug(text):
        raise BadValueError(f"'{text[:60]}' is not an id", "use lower-case letters, digits and single hyphens")
    return Slug(text)


def parse_sha256(text: str) -> Sha256:
    if not _SHA256.fullmatch(text):
        raise BadValueError("a SHA-256 has 64 hexadecimal digits", "run 'sha256sum' on the original")
    return Sha256(text)


def parse_url(text: str) -> Url:
    """Parses a web address (RFC 3986) with http or https and a host.

    It must have no user name, and only ASCII characters, so that every format can contain it.
    """
    try:
        parts = urlsplit(text)
        has_valid_port = parts.port is None or parts.port > 0
    except ValueError:
        raise BadValueError(f"'{shorten(text)}' is not a web address", "write it as https://example.org/page") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not has_valid_port:
        raise BadValueError(f"'{shorten(text)}' is not a web address", "write it as https://example.org/page")
    if parts.username is not None or parts.password is not None:
        raise BadValueError(
            "the web address contains a user name, which every reader would see",
            "remove the user name, the password and the '@'",
        )
    if len(text) > _MAX_URL_LENGTH:
        raise BadValueError(f"the web address has {len(text)} characters, more than {_MAX_URL_LENGTH}", "shorten it")
    if not _URL_CHARACTERS.fullmatch(text):
        if not parts.netloc.isascii():
            hint = "write the host name in its ASCII form (Punycode), which begins with xn--"
        else:
            hint = f"write {quote(text, safe=_SAFE_IN_URL)}"
        raise BadValueError(f"'{shorten(text)}' has characters that are not allowed in a web address", hint)
    if _ENCODED_CONTROL.search(text):
        raise BadValueError("the web address contains an encoded control character", "remove it")
    return Url(text)


def parse_doi(text: str) -> Doi:
    """Parses a DOI (ISO 26324), with or without `doi:` or the address of its resolver before it."""
    match = _DOI.fullmatch(text)
    if match is None:
        raise BadValueError(f"'{shorten(text)}' is not a DOI", "write it as 10.1000/182")
    return Doi(match[1])


def parse_locale_tag(text: str) -> LocaleTag:
    if not is_locale_tag(text):
        raise BadValueError(f"'{text[:60]}' is not a locale tag", suggest_locale_tag(text))
    return LocaleTag(text)


CHINESE_TAG_HINT = "write zh-Hans or zh-Hant, which name the script; a region may follow, as in zh-Hant-HK"


def suggest_locale_tag(text: str) -> str:
    """Returns a hint for an invalid locale tag: the corrected tag if only its separators or case are wrong."""
    parts = re.split("[-_]", text)
    if parts[0].lower() == "zh" and not any(len(part) == 4 for part in parts):
        return CHINESE_TAG_HINT
    # RFC 5646, 2.1.1: scripts are capitalised, regions upper case.
    cased = "-".join([parts[0].lower(), *(part.title() if len(part) == 4 else part.upper() for part in parts[1:])])
    return f"did you mean '{cased}'?" if is_locale_tag(cased) else "write it as in BCP 47: en, zh-Hant, zh-Hant-HK"


def parse_reason(text: str) -> Reason:
    """Parses a reason of at least 8 characters, of which an ideograph counts twice; "yes" would not help a reviewer."""
    if len(text.strip()) + len(IDEOGRAPH.findall(text)) < _MIN_REASON_LENGTH:
        raise BadValueError(
            f"'{text.strip()}' is not a reason", "explain in a few words why it is acceptable in this case"
        )
    return Reason(text)


# The parser of a record's field, by its type.
PARSERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    bool: parse_boolean,
    int: parse_positive_integer,
    DecimalPlaces: parse_decimal_places,
    Decimal: parse_number,
    date: parse_date,
    datetime: parse_date_time,
    Period: parse_period,
    Slug: parse_slug,
    Sha256: parse_sha256,
    Url: parse_url,
    Doi: parse_doi,
    LocaleTag: parse_locale_tag,
    Reason: parse_reason,
}


def shorten(text: str) -> str:
    """Returns a text of at most 40 characters, for quoting in a message."""
    return text if len(text) <= 40 else text[:39] + "…"
