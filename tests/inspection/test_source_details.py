"""The author, publisher and date of each source are looked for where the source is printed."""

import re
from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy, Run

from brief.inspection.words.listed_details import FoundWords, ListedDetails, find_details

TEMPLATES = Path(__file__).parents[2] / "templates"
SOURCES, RUNS = (TEMPLATES / "base" / name for name in ("sources.html.j2", "runs.html.j2"))
SEED, CITED = "seeds/reader-survey.yaml", "[@second-survey/riders-after]"
DETAILS = "[source.author, source.publisher, source.date]"


@pytest.fixture
def project(project: ProjectCopy) -> ProjectCopy:
    """The starter, with an author and a second source of the same publisher, which the text cites."""
    seed = project.read(SEED).replace("publisher:", "author: {same: Ann Press}\npublisher:", 1)
    project.write(SEED, seed)
    second = seed.replace("id: reader-survey", "id: second-survey").replace(
        "en: How night buses are used", "en: What riders want"
    )
    project.write("seeds/second-survey.yaml", second.replace("date: 2026-05", "date: 2026-04"))
    text = project.read(THEME)
    project.write(
        THEME, re.sub(r"(The trial has found its public|试点已有稳定客源|試辦已有穩定客源)", rf"\1 {CITED}", text)
    )
    return project


def build_with(project: ProjectCopy, form: str, base: str = "base", **files: str) -> Run:
    project.write("templates/own/set.yaml", f"extends: {base}\n")
    for name, text in files.items():
        project.write(f"templates/own/{name}.html.j2", text)
    if "template_set: own" not in project.read(SETTINGS):
        project.replace(SETTINGS, "template_set: base", "template_set: own")
    return project.run("build", "-a", "council", "-l", "en", "--draft", "--jobs", "1", "-f", form)


def drop(template: Path, words: str) -> str:
    text = template.read_text("utf-8")
    assert words in text
    return text.replace(words, "")


@pytest.mark.parametrize(
    ("form", "dropped", "words"),
    [
        ("html", "<span>{{ source.publisher }}</span>", "Example City Transport"),
        ("pdf", "<span>{{ source.publisher }}</span>", "Example City Transport"),
        ("html", "<span>{{ source.author }}</span>", "Ann Press"),
        ("html", "<span>{{ source.date }}</span>", "May 2026"),
    ],
)
def test_a_detail_that_the_list_leaves_out_is_missed(project: ProjectCopy, form: str, dropped: str, words: str) -> None:
    ran = build_with(project, form, sources=drop(SOURCES, dropped))
    assert ran.status == 1
    assert re.search(rf"error\[missing-words\]: {form} .* of source \d, the words '{words}' are missing", ran.stderr)


@pytest.mark.parametrize("kept", ["[source.publisher, source.date]", "[source.author, source.date]"])
def test_a_detail_that_the_footnotes_leave_out_is_missed(project: ProjectCopy, kept: str) -> None:
    runs = RUNS.read_text("utf-8")
    ran = build_with(project, "pdf", "paper", runs=runs.replace(DETAILS, kept))
    assert (ran.status, "of the footnote of source 1, the words '" in ran.stderr) == (1, True)


def test_the_footnotes_of_a_sound_file_pass(project: ProjectCopy) -> None:
    assert build_with(project, "pdf", "paper").status == 0


def test_footnotes_that_are_left_out_are_missed(project: ProjectCopy) -> None:
    runs = RUNS.read_text("utf-8").replace("{%- if footnotes -%}", "{%- if false -%}")
    ran = build_with(project, "pdf", "paper", runs=runs)
    assert (ran.status, "of the footnote of source 1, the words 'How night buses" in ran.stderr) == (1, True)


def test_details_may_be_in_any_order(project: ProjectCopy) -> None:
    template = SOURCES.read_text("utf-8")
    title, author = (
        "<cite>{{ words(source.title) }}</cite>",
        "{%- if source.author %}<span>{{ source.author }}</span> {% endif -%}",
    )
    publisher = "<span>{{ source.publisher }}</span>"
    for moved in (
        template.replace(author, "").replace(title, f"{{{{ source.author }}}}. {title}"),
        template.replace(publisher, "").replace(title, f"{{{{ source.date }}}} {{{{ source.publisher }}}} {title}"),
        template.replace(author, "").replace("  </li>", "<p>{{ source.author }}</p></li>"),
        template.replace(publisher, "").replace("<ol>", "<h3>{{ sources[0].publisher }}</h3><ol>"),
    ):
        assert build_with(project, "html", sources=moved).status == 0


def test_the_publisher_of_the_brief_in_the_footer_is_not_that_of_a_source(project: ProjectCopy) -> None:
    project.write(SEED, project.read(SEED).replace("Example City Transport", "Example Research"))
    project.write(THEME, project.read(THEME).replace(f" {CITED}", ""))
    ran = build_with(project, "html", sources=drop(SOURCES, "<span>{{ source.publisher }}</span>"))
    assert (ran.status, "of source 1, the words 'Example Research' are missing" in ran.stderr) == (1, True)


TEXT = "whoiswhoacmesourcesatlasacme2025budgetacme2026\0acme"
SPANS = [FoundWords("block", 0, 8), FoundWords("1", 19, 24), FoundWords("2", 32, 38)]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (TEXT, set()),
        (TEXT.replace("atlasacme", "atlas----"), {("1", "acme")}),
        (TEXT.replace("budgetacme", "budget----"), {("2", "acme")}),
        (TEXT.replace("2025", "----"), {("1", "2025")}),
        (TEXT.replace("2025", "acme").replace("atlasacme", "atlas----"), {("1", "2025")}),
    ],
)
def test_details_are_those_of_their_own_entry(text: str, lost: set[tuple[str, str]]) -> None:
    details = {"1": ["acme", "2025"], "2": ["acme", "2026"]}
    assert find_details(details, "sources", SPANS, text).lost == lost


def test_an_author_who_is_the_publisher_may_be_named_once() -> None:
    text = "sourcesatlasacme2025"
    assert not find_details({"1": ["acme", "acme", "2025"]}, "sources", [FoundWords("1", 7, 12)], text).lost


@pytest.mark.parametrize(
    ("unmatched", "outside", "lost"),
    [
        ("atlas" + "." * 200 + "1atlasacme2025", "", None),
        ("1atlas----2025", "1atlasacme2025", None),
        ("acme" + "." * 200 + "atlas2025", "", "acme"),
        ("1atlas2025", "1atlas2025" + "." * 20 + "acme", "acme"),
        ("acme2025", "acme2025", "atlas"),
    ],
)
def test_words_of_a_footnote_are_together_somewhere(unmatched: str, outside: str, lost: str | None) -> None:
    assert ListedDetails(frozenset(), unmatched, outside).find_lost_in_note(("atlas", "acme", "2025")) == lost


def test_a_footnote_whose_words_are_taken_for_those_of_a_text_is_sound(project: ProjectCopy) -> None:
    project.write("templates/own/set.yaml", "extends: base\nreferences: footnotes\npdf_engine: typst\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    assert project.run("build", "-a", "council", "-l", "en", "--draft", "--jobs", "1", "-f", "pdf").status == 0
