"""What pages print beside the words: marks of sources and notes, formulas, grades, labels and numbers."""

import pytest
from projects import SETTINGS, THEME, ProjectCopy

from brief.templating.packaged import PACKAGED

BASE = PACKAGED[1] / "base"
PROSE = """\
  - kind: prose
    id: method
    text:
      en: |
        The share is $s = \\frac{r}{n}$ of [all riders](https://example.org/riders).[^count]

        Every line has them.

        [^count]: Counted twice a year.
"""
MARKS = [
    ("html", "runs.html.j2", "{{ run.markup }}", "the formula 's = \\frac{r}{n}' is missing beside 'The share is"),
    (
        "pdf",
        "runs.html.j2",
        "{{ run.markup | drawn }}",
        "the formula 's = \\frac{r}{n}' is missing beside 'The share is",
    ),
    ("html", "runs.html.j2", "[{{ number }}]</a>", "the mark of source 1 is missing beside '"),
    ("pdf", "runs.html.j2", "&#8288;[{{ number }}]</a>", "the mark of source 1 is missing beside '"),
    (
        "html",
        "runs.html.j2",
        "{{ run.label }}</a></sup>",
        "the mark of note a is missing beside '",
    ),
    ("pdf", "runs.html.j2", '<span class="note-mark">&#8288;{{ run.label }}</span>', "the mark of note a is missing"),
    ("html", "runs.html.j2", ' href="{{ run.url }}"', "has no link to 'https://example.org/riders'"),
    ("pdf", "runs.html.j2", ' href="{{ run.url }}"', "has no link to 'https://example.org/riders'"),
    (
        "html",
        "runs.html.j2",
        '<span class="label">{{ block.label }}</span>',
        "the label 'Figure 1' is missing beside '",
    ),
    ("pdf", "runs.html.j2", '<span class="label">{{ block.label }}</span>', "the label 'Figure 1' is missing beside '"),
    (
        "html",
        "runs.html.j2",
        '<span class="title">{{ words(block.title) }}</span>',
        "of block 'riders-chart', the words",
    ),
    (
        "html",
        "screen.html.j2",
        "{{ audience_title }}",
        "of the audience's title, the words 'Council version' are missing",
    ),
    (
        "html",
        "screen.html.j2",
        "<h1>{{ title }}</h1>",
        "of the title, the words 'Night buses after one year' are missing",
    ),
    ("html", "section.html.j2", "{{ words(section.title) }}", "of theme 'ridership', the words 'More riders at night'"),
    (
        "html",
        "section.html.j2",
        "{{ section.letter or section.number }}",
        "of theme 'ridership', its number is missing",
    ),
    ("pdf", "section.html.j2", "{{ section.letter or section.number }}", "of theme 'ridership', its number is missing"),
    ("html", "sources.html.j2", "{{ source.number }}</span>", "of source 1, its number is missing beside '"),
    ("html", "terms.html.j2", "{{ term.kind }}", "is missing beside '"),
    ("html", "block/callout.html.j2", '{{ _("Question") }}', "the label 'Question' is missing beside 'To be decided'"),
    ("pdf", "block/callout.html.j2", '{{ _("Question") }}', "the label 'Question' is missing beside 'To be decided'"),
]


@pytest.mark.parametrize(("form", "name", "dropped", "said"), MARKS)
def test_a_template_that_drops_a_mark_stops_the_build(
    project: ProjectCopy, form: str, name: str, dropped: str, said: str
) -> None:
    template = (BASE / name).read_text("utf-8")
    assert dropped in template
    end = "" if dropped.startswith("<span") else dropped[len(dropped.rstrip("/abcdefghijklmnopqrstuvwxyz<>")) :]
    project.write(f"templates/own/{name}", template.replace(dropped, end))
    project.write("templates/own/set.yaml", "extends: base\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    project.replace(THEME, "blocks:\n", f"blocks:\n{PROSE}")
    ran = project.run("build", "-a", "council", "-l", "en", "-f", form, "--draft", "--jobs", "1")
    assert (ran.status, said in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize(("form", "dropped"), [("html", "{{ grade(loop.nextitem) }}"), ("pdf", "{{ grade(run) }}")])
def test_a_template_that_drops_the_grades_of_figures_stops_the_build(
    project: ProjectCopy, form: str, dropped: str
) -> None:
    council = "content/audiences/council.yaml"
    project.write(council, project.read(council) + "grades: figures\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    project.write("templates/own/set.yaml", "extends: base\n")
    arguments = ("build", "-a", "council", "-l", "en", "-f", form, "--draft", "--jobs", "1")
    assert project.run(*arguments).status == 0
    template = (BASE / "runs.html.j2").read_text("utf-8")
    assert dropped in template
    project.write("templates/own/runs.html.j2", template.replace(dropped, ""))
    ran = project.run(*arguments)
    assert (ran.status, "the grade B is missing beside '" in ran.stderr) == (1, True), ran.stderr
