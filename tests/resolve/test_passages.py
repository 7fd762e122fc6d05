"""Which words of a page are in another language, and in which."""

import pytest

from brief.model.inline import Text
from brief.resolve.language_spans import split_by_language

LOCALES = ("en", "zh-Hans", "zh-Hant")


def languages(text: str, locale: str, locales: tuple[str, ...] = LOCALES) -> list[tuple[str, str]]:
    return [(run.text, run.language) for run in split_by_language(text, locale, locales) if run.language]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jimeng (即梦) is a product.", [("即梦", "zh-Hans")]),
        ("Jimeng (即夢) is a product.", [("即夢", "zh-Hant")]),
        # Written alike in both scripts: the brief's first Chinese locale.
        ("The word 算力, and 大模型.", [("算力", "zh-Hans"), ("大模型", "zh-Hans")]),
        ("As the report says, “谁的生意做得成，谁就赢了”.", [("谁的生意做得成，谁就赢了", "zh-Hans")]),
        ("No Chinese at all.", []),
    ],
)
def test_han_characters_in_an_english_page_are_chinese(text: str, found: list[tuple[str, str]]) -> None:
    assert languages(text, "en") == found
    assert "".join(run.text for run in split_by_language(text, "en", LOCALES)) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ja", "支店の利益率は前年より増えた。中国と台湾、渡邊・髙島・々の値。"),
        ("ko", "美·中 정상회담에서 社說 발표"),
        ("yue-Hant-HK", "呢份報告嘅數字冇錯"),
    ],
)
def test_han_characters_of_the_page_s_own_language_are_not_chinese(locale: str, text: str) -> None:
    assert languages(text, locale, (locale, *LOCALES)) == []


@pytest.mark.parametrize(
    ("locale", "text", "found"),
    [
        ("ja", "快手（クアイショウ）と华为（ファーウェイ）。", [("华为", "zh-Hans")]),
        ("ko", "그는 “谁的生意做得成，谁就赢了”라고 말했다.", [("谁的生意做得成，谁就赢了", "zh-Hans")]),
    ],
)
def test_simplified_chinese_in_a_japanese_or_korean_page_is_marked(
    locale: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert languages(text, locale, (locale, *LOCALES)) == found


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(
    "name", ["Sora 2", "Ben Thompson", "Artificial Analysis", "Seedance 2.0 API", "iPhone 17 Pro Max"]
)
def test_names_in_a_chinese_page_belong_to_no_language(locale: str, name: str) -> None:
    """WCAG 2.2, 3.1.2: proper names and technical terms are excepted."""
    assert languages(f"由{name}所做", locale) == []


def test_prose_in_a_chinese_page_is_in_the_brief_s_other_language() -> None:
    text = "他说：“Nobody will ever pay for this, OpenAI included.” 此话不假，Sora 2亦然。"
    assert languages(text, "zh-Hans") == [("Nobody will ever pay for this, OpenAI included", "en")]
    assert languages(text, "zh-Hans", ("zh-Hans", "fr")) == [("Nobody will ever pay for this, OpenAI included", "fr")]
    assert languages(text, "zh-Hans", ("zh-Hans", "zh-Hant")) == []


def test_a_text_of_one_language_stays_one_run() -> None:
    assert list(split_by_language("All of it.", "en", LOCALES)) == [Text("All of it.")]
