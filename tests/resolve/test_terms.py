"""Where a text names a term: as a whole word in Latin, anywhere in Han."""

import pytest

from brief.model.brief import Avoided, Term, TermKind
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Cite,
    ClaimValue,
    Code,
    CrossReference,
    Emphasis,
    Link,
    Strong,
    Text,
)
from brief.model.source_location import LocaleTag, Ref, Slug
from brief.model.text import LocalisedText, Phrase
from brief.resolve import terms


def text(**forms: str) -> LocalisedText:
    return LocalisedText(phrases={tag.replace("_", "-"): Phrase(form, (Text(form),)) for tag, form in forms.items()})


KLING = Term(
    id=Slug("kling"),
    kind=TermKind.MODEL,
    name=text(en="Kling", zh_Hans="可灵"),
    says=text(en="A model.", zh_Hans="一个模型。"),
    also=(text(en="Kling AI", zh_Hans="可灵AI"), text(en="", zh_Hans="")),
    avoid=(Avoided(form="KeLing"), Avoided(form="克林", locale=LocaleTag("zh-Hans")), Avoided(form="")),
)


@pytest.mark.parametrize(
    ("locale", "said", "is_named"),
    [
        ("en", "Kling leads.", True),
        ("en", "(Kling)", True),
        ("en", "Kling’s makers", True),
        ("en", "Klingon", False),
        ("en", "sparKling", False),
        ("en", "Kling2", False),
        ("en", "kling", False),
        ("zh-Hans", "快手的可灵领先", True),
        ("zh-Hans", "快手可灵AI视频", True),
        ("zh-Hans", "可靈", False),
        ("zh-Hant", "可灵 Kling", False),
        ("en", "", False),
    ],
)
def test_a_term_is_named_by_any_of_its_forms_in_the_locale(locale: str, said: str, is_named: bool) -> None:
    assert terms.mentions_term(KLING, locale, said) is is_named


def test_the_chosen_form_comes_first_and_empty_ones_never() -> None:
    assert list(terms.list_term_forms(KLING, "en")) == ["Kling", "Kling AI"]
    assert list(terms.list_term_forms(KLING, "zh-Hant")) == []


def test_a_form_is_avoided_everywhere_or_in_one_locale() -> None:
    assert list(terms.list_avoided_forms(KLING, "en")) == ["KeLing"]
    assert list(terms.list_avoided_forms(KLING, "zh-Hans")) == ["KeLing", "克林"]


def test_only_typed_words_count_as_text() -> None:
    runs: AuthoredRuns = (
        Text("a"),
        Strong[AuthoredRun]((Text("b"), Emphasis((Code("c"),)))),
        Link("https://kling.example", (Text("d"),)),
        ClaimValue(Ref("kling/x")),
        Cite(Ref("kling/y")),
        CrossReference(Ref("kling")),
    )
    assert terms.extract_typed_text(runs) == "abcd   "
