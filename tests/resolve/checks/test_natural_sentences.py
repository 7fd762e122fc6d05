"""Sentences without a mistake cause no alarm, and words that meet are never changed."""

import pytest
from natural_sentences import HANS, HANT, TRAPS_HANS, TRAPS_HANT

from brief.resolve.checks.conversions import find_wrong_conversions
from brief.resolve.checks.regional import find_foreign_words


def find_alarms(text: str, script: str) -> list[str]:
    words = [each.word for each in find_foreign_words(text, f"zh-{script}")]
    return words + [text[max(0, at - 1) : at + 2] for at, _ in find_wrong_conversions(text, script)]


def test_there_are_enough_sentences() -> None:
    assert min(len(set(HANS)), len(set(HANT))) >= 100
    assert len(set(TRAPS_HANT)) >= 35
    assert len(set(TRAPS_HANS)) >= 25


@pytest.mark.parametrize(("script", "sentences"), [("Hans", HANS), ("Hant", HANT)])
def test_natural_sentences_cause_no_alarm(script: str, sentences: list[str]) -> None:
    assert {text: found for text in sentences if (found := find_alarms(text, script))} == {}


@pytest.mark.parametrize(("script", "sentences"), [("Hans", TRAPS_HANS), ("Hant", TRAPS_HANT)])
def test_words_that_meet_are_never_changed(script: str, sentences: list[str]) -> None:
    changed = {
        text: [each.word for each in find_foreign_words(text, f"zh-{script}") if each.is_sure]
        + [text[max(0, at - 1) : at + 2] for at, _ in find_wrong_conversions(text, script)]
        for text in sentences
    }
    assert {text: found for text, found in changed.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["中國、美國股市同比上漲，客戶端與操作系統升級，央行加息，利好消息，醫保支付，環比持平。"]
)
def test_words_of_the_mainland_are_found_in_texts_for_taiwan(text: str) -> None:
    found = {each.word: each.replacement for each in find_foreign_words(text, "zh-Hant") if each.is_sure}
    assert found.keys() >= {"同比", "環比", "加息", "客戶端", "操作系統", "醫保"}
    assert list(find_foreign_words(text, "zh-Hant-HK")) == []


def test_wrong_characters_of_words_are_found() -> None:
    text = "船只的取舍，存折與借口，復合材料。"
    assert [right for _, right in find_wrong_conversions(text, "Hant")] == list("隻捨摺藉複")
    text = "坏帐复盖率，水份与养份，重迭部分。"
    assert [right for _, right in find_wrong_conversions(text, "Hans")] == list("账覆分分叠")
