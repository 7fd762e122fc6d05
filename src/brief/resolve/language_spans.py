"""Marks passages in a language other than the page's, so that they are spoken, hyphenated and drawn as such.

WCAG 2.2, 3.1.2 asks for it, and makes an exception for proper names and technical terms. In Chinese a word or two of
Latin is nearly always one of those, so only prose counts: three consecutive words in lower case. Han characters in a page
of another language are marked as Chinese, because screen readers otherwise skip them or read them as Japanese.
"""

import re
from collections.abc import Collection, Iterator

from brief.model.han import IDEOGRAPHS
from brief.model.inline import Text
from brief.model.locale import primary_language
from brief.model.scripts import chinese_script
from brief.resolve.checks.wording import find_foreign_characters

_HAN = re.compile(f"[{IDEOGRAPHS}](?:[{IDEOGRAPHS}\u3001-\u301f\uff00-\uffee“”‘’…—· ]*[{IDEOGRAPHS}])?")
_LATIN_LETTER = "A-Za-z\u00c0-\u024f"
_LATIN = re.compile(f"[{_LATIN_LETTER}](?:[{_LATIN_LETTER}0-9 ,.;:!?%&()'’“”\"–—-]*[{_LATIN_LETTER}0-9])?")
_PROSE = re.compile("(?<![A-Za-z])[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def split_by_language(text: str, locale: str, locales: Collection[str]) -> Iterator[Text]:
    """Yields the text split into runs of one language each; those in a language other than `locale` name it.

    `locales` are those of the brief; the other language is one of them if possible.
    """
    start = 0
    for match in (_LATIN if primary_language(locale) == "zh" else _HAN).finditer(text):
        other = _detect_language(match[0], locale, locales)
        if other is not None:
            if start < match.start():
                yield Text(text[start : match.start()])
            yield Text(match[0], other)
            start = match.end()
    if start < len(text):
        yield Text(text[start:])


def _detect_language(passage: str, locale: str, locales: Collection[str]) -> str | None:
    if primary_language(locale) == "zh":
        spoken = next((tag for tag in locales if primary_language(tag) != "zh"), None)
        return spoken if _PROSE.search(passage) else None
    scripts = [name for name in ("Hans", "Hant") if not find_foreign_characters(passage, name)] or ["Hans"]
    return next((tag for tag in locales if chinese_script(tag) in scripts), f"zh-{scripts[0]}")
