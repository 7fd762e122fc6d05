"""Words such as "about" that are typed beside a placeholder, which prints the qualifier of its claim."""

import pytest
from projects import ProjectCopy
from typed_beside import add_text, find_typed

CLAIM = """
  - id: {id}
    clearance: public
    says: {{en: A number.}}
    quantity: {{value: 500, unit: count, qualifier: {qualifier}}}
"""
REPEATED = [
    ("en", "About {about} riders.", "about"),
    ("en", "Roughly **{about}** riders.", "roughly"),
    ("en", "At least {over} riders.", "at least"),
    ("en", "{about} or so rode.", "or so"),
    ("en", "Up to {up-to} rode.", "up to"),
    ("zh-Hans", "约{about}人。", "约"),
    ("zh-Hans", "大约{about}人。", "大约"),
    ("zh-Hans", "{about}人左右。", ""),
    ("zh-Hans", "{about}左右。", "左右"),
    ("zh-Hant", "超過{over}人。", "超過"),
]
SINGLE = [
    ("en", "About {about:bare} riders."),
    ("en", "About {exact} riders."),
    ("en", "Spread over {about} days."),
    ("en", "A roundabout {about}."),
    ("en", "They know about it; {about} rode."),
    ("zh-Hans", "节约{about}人次。"),
    ("zh-Hans", "最近{about}人。"),
]


def find(project: ProjectCopy, locale: str, text: str) -> list[str]:
    claims = "".join(CLAIM.format(id=f"q-{name}", qualifier=name) for name in ("about", "over", "up-to", "exact"))
    add_text(project, claims, locale, text.replace("{", "{reader-survey/q-"))
    return find_typed(project, "repeated-qualifier")


@pytest.mark.parametrize(("locale", "text", "typed"), REPEATED)
def test_a_qualifier_is_not_typed_beside_its_figure(project: ProjectCopy, locale: str, text: str, typed: str) -> None:
    assert find(project, locale, text) == ([typed] if typed else [])


@pytest.mark.parametrize(("locale", "text"), SINGLE)
def test_other_words_may_be_typed_beside_it(project: ProjectCopy, locale: str, text: str) -> None:
    assert find(project, locale, text) == []
