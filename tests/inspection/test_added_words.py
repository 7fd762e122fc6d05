"""Words and figures that a template types among the texts are reported; those of the variant and the interface are not."""

import pytest
from projects import SETTINGS, ProjectCopy, Run

from brief.inspection.folding import squeeze
from brief.inspection.words.added_words import KnownWords, collect_known_words, find_added_words
from brief.templating.packaged import PACKAGED

BASE = PACKAGED[1] / "base"
KNOWN = (
    "Two lines carry half of all passengers at night.",
    "Fares cover 31.5% of what the buses cost, 1,250 a day.",
    "议会将在秋季决定试点是否继续，并公布票价收入。",
    "夜の利用者は増えた。",
    "심야 버스 이용객이 늘었다.",
    "2024",
    "2027",
)


def find(text: str, known: KnownWords | None = None) -> list[str]:
    lines = text.split("\n")
    found = find_added_words(known or collect_known_words(KNOWN), lines, squeeze, 0, len(squeeze(text)))
    return [words.written for words in found]


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Two lines carry half.\nOur Desk disagrees.\nFares cover 31.5%", "Our Desk disagrees"),
        ("Fares cover 37% of what the buses cost", "37%"),
        ("Fares cover 31% of what the buses cost", "31%"),
        ("1,250 a day, 1,260 at night", "1,260"),
        ("a day, 4.2 at night", "4.2"),
        ("议会将在秋季决定试点是否继续，请勿外传。", "请勿外传"),
        ("夜の利用者は増えた。お問い合わせください。", "お問い合わせください"),
        ("심야 버스 배포금지 이용객이", "배포금지"),
        ("Unverbindliche Vorschau", "Unverbindliche Vorschau"),
    ],
)
def test_words_and_figures_that_no_text_has_are_found(text: str, added: str) -> None:
    assert find(text) == [added]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(KNOWN),
        "TWO LINES CARRY half of all pas\u00adsen\u00adgers at night.",
        "Two lines carry half of all passen\ngers at night",
        "Two lines carry half of all pas- sengers at night",
        "Twolines carryhalf ofall",
        "20242027 2024,2027 2024, 2027",
        "1 12 123 Fares 1,250 1.",
        "秋季票价收入议会",
        "夜の利用",
    ],
)
def test_parts_and_repetitions_of_known_texts_are_not(text: str) -> None:
    assert find(text) == []


def test_only_words_between_the_offsets_are_found() -> None:
    known, lines = collect_known_words(KNOWN), ["Imprint", "Two lines", "Colophon"]
    assert [words.written for words in find_added_words(known, lines, squeeze, 7, 15)] == []
    assert [words.written for words in find_added_words(known, lines, squeeze, 7, 23)] == ["Colophon"]


def test_a_drawing_of_which_the_figures_are_unknown_may_have_others() -> None:
    assert find("Fares cover 37%", collect_known_words(KNOWN, has_all_figures=False)) == []


def use_own_callout(project: ProjectCopy, added: str) -> None:
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write("templates/own/block/callout.html.j2", (BASE / "block/callout.html.j2").read_text("utf-8") + added)
    project.replace(SETTINGS, "template_set: base", "template_set: own")


def build(project: ProjectCopy, form: str, locale: str) -> Run:
    return project.run("build", "-a", "council", "-l", locale, "--draft", "-f", form)


@pytest.mark.parametrize(("form", "locale"), [("html", "zh-Hans"), ("pdf", "en")])
def test_a_template_that_types_a_figure_stops_the_build(project: ProjectCopy, form: str, locale: str) -> None:
    use_own_callout(project, "<p>Our desk expects a fall of 37%.</p>")
    ran = build(project, form, locale)
    assert ran.status == 1
    assert f"error[added-words]: {form} of 'council' in '{locale}': the words 'desk expects" in ran.stderr
    assert "in or after block 'council-view'" in ran.stderr


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_label_of_a_catalogue_is_none(project: ProjectCopy, form: str) -> None:
    use_own_callout(project, '<p>{{ _("Back to contents above") }}</p>')
    assert build(project, form, "en").status == 0
