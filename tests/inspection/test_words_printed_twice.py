"""A template that prints a text of the variant once more is reported; what formats repeat on purpose is not."""

import re

import pytest
from projects import SETTINGS, THEME, ProjectCopy, Run

from brief.inspection.words.passages import Passage
from brief.inspection.words.pieces import list_pieces
from brief.inspection.words.repeated_words import find_repeated_runs, index_runs
from brief.inspection.words.same_words import ReadingText, compare_words
from brief.model.artifact import Artifact
from brief.store import spool
from brief.templating.packaged import PACKAGED

BASE = PACKAGED[1] / "base"
ARTIFACT = Artifact(
    name="a.html", audience="public", locale="en", format="html", media_type="", sha256="", inputs="", content=spool(b"")
)  # fmt: skip
FIRST = "Two lines carry half of all passengers at night."
SECOND = "The council decides in the autumn whether the trial goes on."
THIRD = "Fares cover a third of what the buses cost."
CHINESE = "议会将在秋季决定试点是否继续，并公布票价收入。"


def compare(passages: tuple[Passage, ...], text: str) -> list[str]:
    pieces = list_pieces(passages)
    found = compare_words(ARTIFACT, pieces, ReadingText(text), may_repeat=lambda letters: letters in "thewaittime")
    return [diagnostic.code for diagnostic in found]


def make(*texts: str, may_repeat: bool = False) -> tuple[Passage, ...]:
    return tuple(
        Passage(f"block '{number}'", (text,), "paragraph", may_repeat=may_repeat) for number, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST} {FIRST} {SECOND} {THIRD} {CHINESE}",
        f"{FIRST} {SECOND} {THIRD} {CHINESE} {FIRST}",
        f"{SECOND} {FIRST} {SECOND} {THIRD} {CHINESE}",
        f"{FIRST} {SECOND} {THIRD} {CHINESE} autumn whether the trial goes on",
        f"{FIRST} {SECOND.upper()} {THIRD} {CHINESE} THE COUNCIL DECIDES IN THE AUTUMN",
        f"{CHINESE[:14]} {FIRST} {SECOND} {THIRD} {CHINESE}",
        f"{FIRST} {SECOND} Teaser: {THIRD[:30]} … {THIRD} {CHINESE}",
    ],
)
def test_words_that_are_printed_once_more_are_reported(text: str) -> None:
    assert compare(make(FIRST, SECOND, THIRD, CHINESE), text) == ["repeated-words"]


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST} {SECOND} {THIRD} {CHINESE}",
        f"Contents 1 2 3 {FIRST} Figure 1 {SECOND} Source: 3 {THIRD} {CHINESE} whether the trial",
        f"{FIRST} {SECOND} {THIRD} {CHINESE} 秋季决定试点",
    ],
)
def test_labels_and_short_words_between_are_not(text: str) -> None:
    assert compare(make(FIRST, SECOND, THIRD, CHINESE), text) == []


def test_a_text_that_two_blocks_have_is_printed_twice() -> None:
    assert compare(make(FIRST, SECOND, FIRST), f"{FIRST} {SECOND} {FIRST}") == []
    assert compare(make(FIRST, SECOND, FIRST), f"{FIRST} {FIRST} {SECOND} {FIRST}") == ["repeated-words"]


def test_titles_and_words_that_another_text_has_may_be_repeated() -> None:
    assert compare((*make(FIRST, may_repeat=True), *make(SECOND)), f"{FIRST} {FIRST} {SECOND}") == []
    assert compare((*make(SECOND), *make(SECOND, may_repeat=True)), f"{SECOND} {SECOND} {SECOND}") == []


def test_every_run_that_is_long_enough_is_found_wherever_it_begins() -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123456789"
    index = index_runs([text])
    for start in range(len(text) - 24):
        (run,) = find_repeated_runs(index, [], f"--{text[start : start + 24]}--")
        assert run.letters == text[start : start + 24]
    assert list(find_repeated_runs(index, [], f"-{text[:23]}-")) == []


def use_own_set(project: ProjectCopy, name: str, text: str) -> None:
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write(f"templates/own/{name}", text)
    project.replace(SETTINGS, "template_set: base", "template_set: own")


def build(project: ProjectCopy, form: str, locale: str = "en") -> Run:
    return project.run("build", "-a", "council", "-l", locale, "--draft", "-f", form)


@pytest.mark.parametrize(("form", "locale"), [("html", "en"), ("pdf", "zh-Hant")])
def test_a_template_that_prints_a_block_twice_stops_the_build(project: ProjectCopy, form: str, locale: str) -> None:
    template = (BASE / "block/callout.html.j2").read_text("utf-8")
    use_own_set(project, "block/callout.html.j2", template + re.sub(r' id="[^"]*"', "", template))
    ran = build(project, form, locale)
    assert ran.status == 1
    assert (
        f"error[repeated-words]: {form} of 'council' in '{locale}': of block 'council-view', the words '" in ran.stderr
    )
    assert "correct 'block/callout.html.j2' of the template set" in ran.stderr


def test_a_copy_for_narrow_screens_that_is_hidden_on_wide_ones_is_no_repetition(project: ProjectCopy) -> None:
    template = (BASE / "block/callout.html.j2").read_text("utf-8")
    copy = re.sub(r' id="[^"]*"', "", template).replace("<aside ", '<aside style="display: none" ', 1)
    assert copy != template
    use_own_set(project, "block/callout.html.j2", template + copy)
    assert build(project, "html").status == 0


def test_a_summary_on_a_page_of_its_own_is_no_repetition(project: ProjectCopy) -> None:
    assert "summary:" in project.read(THEME)
    template = (BASE / "screen.html.j2").read_text("utf-8")
    overview = (
        "<section>{% for section in sections %}{{ section.summary|map(attribute='text')|join }}{% endfor %}</section>"
    )
    assert "<main" in template
    use_own_set(project, "screen.html.j2", re.sub(r"(<main[^>]*>)", rf"\1{overview}", template, count=1))
    ran = build(project, "html")
    assert "repeated-words" not in ran.stderr
