"""Marks passages in a language other than the page's, so that they are spoken, hyphenated and drawn in their own
language.

WCAG 2.2, 3.1.2 asks for it, and makes an exception for proper names and technical terms. In Chinese a word or two of
Latin is nearly always one of those, so only prose counts: three consecutive words in lower case. Han characters in a page
of another language are marked as Chinese, because screen readers otherwise skip them or read them as Japanese. Japanese and
Korean are written with Han characters themselves: there only a passage with a character that the national standard (JIS X
0208, KS X 1001) does not have is Chinese.
"""

import re
from collections.abc import Collection, Iterator

from brief.model.han import IDEOGRAPHS, LATIN_LETTERS
from brief.model.inline import Text
from brief.model.scripts import CHINESE_SCRIPTS, can_encode, find_chinese_script, find_script
from brief.resolve.checks.wording import find_foreign_characters

_HAN = re.compile(f"[{IDEOGRAPHS}](?:[{IDEOGRAPHS}\u3001-\u301f\uff00-\uffee“”‘’…—· ]*[{IDEOGRAPHS}])?")
_LATIN = re.compile(f"[{LATIN_LETTERS}](?:[{LATIN_LETTERS}0-9 ,.;:!?%&()'’“”\"–—-]*[{LATIN_LETTERS}0-9])?")
# Codecs of the national standards (for JIS X 0208, with the added names of Windows code page 932), by the script of ISO 15924 that has Han characters in it.
_HAN_STANDARDS = {"Jpan": "cp932", "Kore": "euc_kr"}
_PROSE = re.compile("(?<![A-Za-z])[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def split_by_language(text: str, locale: str, locales: Collection[str]) -> Iterator[Text]:
    """Yields the text split into runs of one language each; a run in a language other than `locale` names that
    language.

    `locales` lists the locales of the brief; the other language is one of them if possible.
    """
    start = 0
    for match in (_LATIN if find_script(locale) in CHINESE_SCRIPTS else _HAN).finditer(text):
        other = _detect_language(match[0], locale, locales)
        if other is not None:
            if start < match.start():
                yield Text(text[start : match.start()])
            yield Text(match[0], other)
            start = match.end()
    if start < len(text):
        yield Text(text[start:])


def _detect_language(passage: str, locale: str, locales: Collection[str]) -> str | None:
    if find_script(locale) in CHINESE_SCRIPTS:
        spoken = next((tag for tag in locales if find_script(tag) not in CHINESE_SCRIPTS), None)
        return spoken if _PROSE.search(passage) else None
    if (standard := _HAN_STANDARDS.get(find_script(locale) or "")) and can_encode(passage, standard):
        return None
    scripts = [name for name in ("Hans", "Hant") if not find_foreign_characters(passage, name)] or ["Hans"]
    return next((tag for tag in locales if find_chinese_script(tag) in scripts), f"zh-{scripts[0]}")
