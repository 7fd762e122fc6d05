"""Units, currencies and powers of ten that are typed beside a placeholder, which prints its own."""

import pytest
from projects import THEME, ProjectCopy
from typed_beside import add_text, find_codes, find_typed

CLAIMS = """
  - id: share
    clearance: public
    says: {en: A share.}
    quantity: {value: 12, unit: percent}
  - id: price
    clearance: public
    says: {en: A price.}
    quantity: {value: 1_147_400, unit: EUR}
  - id: fare
    clearance: public
    says: {en: A fare.}
    quantity: {value: 45, unit: EUR/MWh}
  - id: trips
    clearance: public
    says: {en: Trips.}
    quantity: {value: 744_100, unit: count}
  - id: wards
    clearance: public
    says: {en: Wards.}
    quantity: {value: 250, unit: count}
  - id: way
    clearance: public
    says: {en: A distance.}
    quantity: {value: 12, unit: km}
  - id: wait-days
    clearance: public
    says: {en: A wait.}
    quantity: {value: 3, unit: day}
"""
REPEATED = [
    ("en", "It grew by {share}%.", "%"),
    ("en", "It grew by {share} percent.", "percent"),
    ("en", "It grew by {share} percentage points.", "percentage points"),
    ("en", "It cost EUR {price}.", "EUR"),
    ("en", "It cost €{price}.", "€"),
    ("en", "It cost {price} euros.", "euros"),
    ("en", "It cost {price} million.", "million"),
    ("en", "It cost **{price}** million.", "million"),
    ("en", "It cost EUR {fare}.", "EUR"),
    ("en", "There were {trips} thousand trips.", "thousand"),
    ("en", "It was {way} km long.", "km"),
    ("en", "They waited {wait-days} days.", "days"),
    ("en", "A {wait-days}-days wait.", "days"),
    ("zh-Hans", "增长{share}％。", "％"),
    ("zh-Hans", "价格为{price}元。", "元"),
    ("zh-Hans", "共{trips}万人次。", "万"),
    ("zh-Hans", "等候{wait-days}天。", "天"),
    ("zh-Hant", "價格為{price}歐元。", "歐元"),
    ("zh-Hant", "共{trips}萬人次。", "萬"),
]
SINGLE = [
    ("en", "It grew by {share}, {share} and {share}: percent."),
    ("en", "It grew by {share:bare} of the total."),
    ("en", "A {share} percentage-based fee."),
    ("en", "It cost {price} per ward."),
    ("en", "There were {wards} million users, as they say."),
    ("en", "There were {trips} thousands-strong trips."),
    ("en", "There were {trips} millionaires."),
    ("en", "It was {way} kmlong."),
    ("en", "In {wait-days} daylight."),
    ("en", "The EU {price} fund."),
    ("zh-Hans", "人民币{price}，{share}的人。"),
    ("zh-Hans", "{wards}万人次。"),
]


def find(project: ProjectCopy, locale: str, text: str) -> list[str]:
    for claim in ("share", "price", "fare", "trips", "wards", "way", "wait-days"):
        text = text.replace(f"{{{claim}", f"{{reader-survey/{claim}")
    add_text(project, CLAIMS, locale, text)
    return find_typed(project, "repeated-unit")


@pytest.mark.parametrize(("locale", "text", "typed"), REPEATED)
def test_what_a_placeholder_prints_is_not_typed_beside_it(
    project: ProjectCopy, locale: str, text: str, typed: str
) -> None:
    assert find(project, locale, text) == [typed]


@pytest.mark.parametrize(("locale", "text"), SINGLE)
def test_other_words_may_be_typed_beside_it(project: ProjectCopy, locale: str, text: str) -> None:
    assert find(project, locale, text) == []


@pytest.mark.parametrize(
    ("label", "typed"),
    [("thousand trips", ["thousand"]), ("trips", []), ("thousands of trips", []), ("万人次", ["万"])],
)
def test_the_label_of_a_tile_repeats_nothing(project: ProjectCopy, label: str, typed: list[str]) -> None:
    locale = "en" if label.isascii() else "zh-Hans"
    tile = f"  - kind: metrics\n    id: tiles\n    clearance: public\n    metrics:\n      - {{claim: reader-survey/trips, label: {{{locale}: '{label}'}}}}\n"
    project.write(THEME, project.read(THEME) + tile)
    assert find(project, "en", "Words.") == typed


def test_an_unknown_unit_is_reported_alone(project: ProjectCopy) -> None:
    unknown = CLAIMS.replace("unit: count", "unit: gizmo").replace("value: 744_100", "value: 744_100, qualifier: about")
    text = "About {reader-survey/trips} million gizmos, {reader-survey/wards} thousand."
    add_text(project, unknown, "en", text)
    assert find_codes(project) >= {"unknown-unit"}
