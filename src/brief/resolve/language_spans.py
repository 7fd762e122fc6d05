"""Marks passages in a language other than the page's, so that they are spoken, hyphenated and drawn in their own
language.

WCAG 2.2, 3.1.2 requires this, with an exception for proper names and technical terms. In Chinese, one or two Latin words are
nearly always a name or a term, so only prose is marked: three consecutive words in lower case. Han characters in a page of
another language are marked as Chinese, because screen readers otherwise skip them or read them as Japanese. Japanese and
Korean are themselves written with Han characters: there a passage is Chinese only if it has a character that is not in the
national standard (JIS X 0208, KS X 1001).
"""

import re
from collections.abc import Collection, Iterator

from brief.model.han import IDEOGRAPHS, LATIN_LETTERS
from brief.model.inline import Text
from brief.model.scripts import CHINESE_SCRIPTS, can_encode, find_chinese_script, find_script
from brief.resolve.checks.wording import find_foreign_characters

_HAN = re.compile(f"[{IDEOGRAPHS}](?:[{IDEOGRAPHS}\u3001-\u301f\uff00-\uffee“”‘’…—· ]*[{IDEOGRAPHS}])?")
_LATIN = re.compile(f"[{LATIN_LETTERS}](?:[{LATIN_LETTERS}0-9 ,.;:!?%&()'’“”\"–—-]*[{LATIN_LETTERS}0-9])?")
# Codecs of the national standards, by ISO 15924 script. That of JIS X 0208 is Windows code page 932, which adds characters
# of names.
_HAN_STANDARDS = {"Jpan": "cp932", "Kore": "euc_kr"}
_PROSE = re.compile("(?<![A-Za-z])[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def split_by_language(text: str, locale: str, locales: Collection[str]) -> Iterator[Text]:
    """Splits a text into runs of one language each; `language` of a run is None if it is in the language of `locale`.

    `locales` lists the locales of the brief; the other language is one of them if possible.
    """
    start = 0
    for match in (_LATIN if find_script(locale) in CHINESE_SCRIPTS else _HAN).finditer(text):
        language = _detect_language(match[0], locale, locales)
        if language is not None:
            if start < match.start():
                yield Text(text[start : match.start()])
            yield Text(match[0], language)
            start = match.end()
    if start < len(text):
        yield Text(text[start:])


def _detect_language(passage: str, locale: str, locales: Collection[str]) -> str | None:
    """Returns the language of a passage in the other script, Latin or Han; None if it needs no mark."""
    if find_script(locale) in CHINESE_SCRIPTS:
        other_locale = next((tag for tag in locales if find_script(tag) not in CHINESE_SCRIPTS), None)
        return other_locale if _PROSE.search(passage) else None
    if (standard := _HAN_STANDARDS.get(find_script(locale) or "")) and can_encode(passage, standard):
        return None
    scripts = [name for name in ("Hans", "Hant") if not find_foreign_characters(passage, name)] or ["Hans"]
    return next((tag for tag in locales if find_chinese_script(tag) in scripts), f"zh-{scripts[0]}")
