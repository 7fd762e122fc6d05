"""The table of scripts against CLDR, and what is asked of it."""

import pytest
from babel.core import get_global
from babel.localedata import locale_identifiers

from brief.model.locale import split_subtags
from brief.model.scripts import CHINESE_SCRIPTS, find_chinese_script, find_han_region, find_script
from brief.resolve.figures.locale_data import add_likely_subtags
from brief.writers.docx.reference.languages import SCRIPTS

LANGUAGES = sorted({name.split("_")[0] for name in locale_identifiers()})


def test_every_language_of_cldr_is_in_the_table() -> None:
    likely = get_global("likely_subtags")
    assert {tag: find_script(tag) for tag in LANGUAGES} == {tag: likely[tag].split("_")[1] for tag in LANGUAGES}


def test_every_region_with_a_script_of_its_own_is_in_the_table() -> None:
    regions = [name for name in get_global("likely_subtags") if name.split("_")[0] in LANGUAGES]
    tags = [name.replace("_", "-") for name in regions if name.count("_") == 1]
    wrong = {tag: find_script(tag) for tag in tags if find_script(tag) != split_subtags(add_likely_subtags(tag))[1]}
    assert len(tags) > 50
    assert wrong == {}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *(("zh", "Hans"), ("zh-SG", "Hans"), ("zh-TW", "Hant"), ("zh-MO", "Hant"), ("zh-Hant-CN", "Hant")),
        *(("zh-Cyrl", None), ("ja", None), ("yue", None), ("en", None), ("not a tag", None)),
    ],
)
def test_chinese_has_two_scripts(tag: str, expected: str | None) -> None:
    assert find_chinese_script(tag) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *(("zh-Hant", "TW"), ("zh-Hant-HK", "HK"), ("zh-SG", "SG"), ("yue", "HK"), ("ja", "JP"), ("ko-KP", "KP")),
        *(("ru", None), ("pt-BR", None), ("en-GB", None), ("de-AT", None), ("zh-Latn-CN", None)),
    ],
)
def test_forms_of_han_characters_follow_the_region(tag: str, expected: str | None) -> None:
    assert find_han_region(tag) == expected


def test_word_knows_every_script_with_han_characters() -> None:
    with_han = {*CHINESE_SCRIPTS, *(name for tag in LANGUAGES if find_han_region(tag) and (name := find_script(tag)))}
    assert set(SCRIPTS) == {"Latn", *with_han}
