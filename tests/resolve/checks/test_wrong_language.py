"""A text that is wholly in another script than its locale's is reported; quotations and names are not."""

import pytest
from expected_diagnostics import assert_accepted, assert_warned
from projects import THEME, ProjectCopy

from brief.resolve.checks.latin_prose import find_words_of_other_scripts

TERM = """\
  - id: vertical-farming
    kind: technique
    name: {en: vertical farming, zh-Hans: 垂直农业, zh-Hant: 垂直農業}
    says: {en: One., zh-Hans: 一。, zh-Hant: 其一。}
"""
HEADING = "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}"


@pytest.mark.parametrize(
    "words",
    [
        "What has changed here",
        "Costs *rose* and are stable now, in winter.",
        "This is a cost.",
        "spending in a year",
        "It is a known, stable cost.",
        "Costs rose.",
        "The cost",
        "vertical farming",
        "Les coûts sont stables.",
    ],
)
def test_english_in_the_place_of_chinese_is_reported(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: ▸{words!r}}}")
    assert_warned(project, "wrong-script", place, "the 'zh-Hant' text is in Latin letters")


@pytest.mark.parametrize(
    "words",
    [
        "GPT-4",
        "Deutsche Bahn",
        "“a sentence that somebody said”",
        "`a line of code`",
        "變化 in the first year",
        "Sora 2",
        "Kling AI and Runway",
        "GPT-4o mini",
        "Bank of England",
        "Lost in Translation",
        "Lehman Brothers Holdings Inc.",
        "*How night buses are used*",
        "《How night buses are used》",
        "kWh per CO2e",
        "見 Smith et al. (2020)。",
        "成本（the cost of a ride）已知。",
        "成本清楚。他說：「It is a known cost.」",
        "成本清楚。[How night buses are used](https://example.org/)",
    ],
)
def test_names_quotations_code_and_mixed_texts_are_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: {words!r}}}")
    assert "wrong-script" not in {each.code for each in project.check()[1]}


def test_the_title_of_a_source_may_be_in_its_own_language(project: ProjectCopy) -> None:
    title = "How night buses are used in the city"
    project.replace("seeds/reader-survey.yaml", "  zh-Hant: 夜間公車搭乘情況調查", f"  zh-Hant: {title}")
    assert_accepted(project)


@pytest.mark.parametrize("words", ["成本已知。It is a known cost.", "成本已知 It is a known cost."])
def test_a_sentence_in_latin_letters_within_a_text_is_reported(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: ▸{words!r}}}")
    expected = "the 'zh-Hant' text has a sentence in Latin letters: 'It is a known cost.'"
    assert_warned(project, "wrong-script", place, expected)


def test_a_name_of_the_glossary_may_be_in_small_letters(project: ProjectCopy) -> None:
    project.replace(THEME, HEADING, "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: vertical farming}")
    project.replace("content/glossary.yaml", "  - id:", f"{TERM}  - id:")
    assert "wrong-script" not in {each.code for each in project.check()[1]}


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-Hant", "비용은 안정적이다."),
        ("zh-Hans", "コストは高い"),
        ("en", "비용은 안정적이다."),
        ("en", "The cost is known. 成本保持稳定。"),
    ],
)
def test_words_of_another_language_are_reported(project: ProjectCopy, locale: str, words: str) -> None:
    texts = {"en": "What changed", "zh-Hans": "变化何在", "zh-Hant": "有何變化"} | {locale: f"▸{words!r}"}
    place = project.replace(THEME, HEADING, f"heading: {{{', '.join(map(': '.join, texts.items()))}}}")
    assert_warned(project, "wrong-script", place, f"the '{locale}' text has words of another language")


@pytest.mark.parametrize(
    ("script", "words", "is_foreign"),
    [
        ("Jpan", "成本清楚，且保持稳定。", True),
        ("Kore", "成本清楚，且保持稳定。", True),
        ("Jpan", "请看“のり”产品，价格保持稳定。", True),
        ("Jpan", "電力料金、経済産業省", False),
        ("Hant", "鬼滅の刃", False),
        ("Hans", "韩国人说“비용은 안정적이다”。", False),
        ("Latn", "Kling (可灵) is made by Kuaishou (快手).", False),
    ],
)
def test_only_prose_is_foreign(script: str, words: str, is_foreign: bool) -> None:
    assert bool(find_words_of_other_scripts(words, script, None)) == is_foreign


@pytest.mark.parametrize(
    "words", ["Higher risk", "Main Findings", "Key results", "Risks", "Next Steps", "Costs and benefits"]
)
def test_a_text_that_one_chinese_locale_leaves_in_english_is_reported(project: ProjectCopy, words: str) -> None:
    texts = f"heading: {{en: {words}, zh-Hans: 主要发现, zh-Hant: ▸{words}}}"
    place = project.replace(THEME, HEADING, texts)
    assert_warned(project, "same-translation", place, "the 'zh-Hant' text is word for word the 'en' one")


@pytest.mark.parametrize(
    "words",
    [
        *(
            "DeepSeek V3",
            "Goldman Sachs",
            "OpenAI",
            "“Main Findings”",
            "*Main Findings*",
            "《Main Findings》",
            "eBay",
            "Bank of England",
        ),
        *("vertical farming", "GPT-4o mini", "kWh", "Lehman Brothers"),
    ],
)
def test_a_name_that_one_chinese_locale_leaves_in_english_is_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f"heading: {{en: {words!r}, zh-Hans: 主要发现, zh-Hant: {words!r}}}")
    project.replace("content/glossary.yaml", "  - id:", f"{TERM}  - id:")
    assert "same-translation" not in {each.code for each in project.check()[1]}


@pytest.mark.parametrize(
    "words",
    [
        "成本 is known and stable。",
        "報告指出 costs are lower than expected，並無例外。",
        "結果 has not changed so far。",
    ],
)
def test_a_clause_in_latin_letters_within_a_sentence_is_reported(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: ▸{words!r}}}")
    assert_warned(project, "wrong-script", place, "the 'zh-Hant' text has a sentence in Latin letters: '")


@pytest.mark.parametrize(
    "words",
    [
        "成本（it is known and stable）已知。",
        "他說：「it is known and stable」。",
        "歌名是 *All is well that ends well*。",
        "見 Can Do Will 公司。",
    ],
)
def test_a_clause_that_is_quoted_is_not(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: {words!r}}}")
    assert "wrong-script" not in {each.code for each in project.check()[1]}


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        *(
            ("zh-Hant", "發明人「毕昇」的故事。"),
            ("zh-Hant", "《人民日报》的報導。"),
            ("zh-Hant", "他寫道：「试办已有稳定客源。」"),
        ),
        *(("zh-Hans", "发明人“畢昇”的故事。"), ("zh-Hans", "《聯合報》的报道。")),
    ],
)
def test_a_quotation_in_the_other_chinese_script_is_not_reported(project: ProjectCopy, locale: str, words: str) -> None:
    texts = {"en": "What changed", "zh-Hans": "变化何在", "zh-Hant": "有何變化", locale: words}
    project.replace(THEME, HEADING, "heading: {" + ", ".join(f"{tag}: {text!r}" for tag, text in texts.items()) + "}")
    assert "wrong-script" not in {each.code for each in project.check()[1]}


@pytest.mark.parametrize("words", ["發明人毕昇的故事。", "他寫道：「試辦已有稳定客源。」", "「故事」由毕昇所寫。"])
def test_what_is_in_the_other_script_without_marks_is_reported(project: ProjectCopy, words: str) -> None:
    place = project.replace(THEME, HEADING, f"heading: {{en: What changed, zh-Hans: 变化何在, zh-Hant: ▸{words!r}}}")
    assert_warned(project, "wrong-script", place, "the 'zh-Hant' text has Simplified characters: ")
