"""Word files state the language and the fonts of every East Asian locale, with one that its users have to fall back on."""

import pytest

from brief.templating.template_set import find_template_set
from brief.writers.docx.reference.languages import Language


@pytest.mark.parametrize(
    ("locale", "tag", "face", "fallback"),
    [
        ("zh-Hans", "zh-CN", "Noto Serif CJK SC", "SimSun"),
        ("zh-Hant", "zh-TW", "Noto Serif CJK TC", "PMingLiU"),
        ("zh-Hant-HK", "zh-HK", "Noto Serif CJK HK", "PMingLiU"),
        ("ja", "ja-JP", "Noto Serif CJK JP", "MS Mincho"),
        ("ko", "ko-KR", "Noto Serif CJK KR", "Batang"),
    ],
)
def test_each_has_its_own(locale: str, tag: str, face: str, fallback: str) -> None:
    language = Language.from_locale(locale)
    _, east_asian = language.choose_faces(find_template_set("base").look.find_faces(locale), "serif")
    assert (language.east_asian, east_asian.name, east_asian.fallback) == (tag, face, fallback)
