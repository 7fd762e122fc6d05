"""Rules of `print.css` that are common, and legal, print: the text is complete and read in its order, or the build stops."""

import pytest
from page_geometry import boxes
from projects import SETTINGS, THEME, ProjectCopy, Run
from readback import pdf_text


def build(project: ProjectCopy, rules: str, look: str = "base") -> Run:
    """Builds PDFs with a template set of the project's own that extends `look` with these rules."""
    project.write("templates/own/set.yaml", f"extends: {look}\n")
    project.write("templates/own/print.css", f"{rules}\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    return project.run("build", "-a", "council", "-l", "en", "--draft", "-f", "pdf")


@pytest.mark.parametrize("look", ["base", "board", "paper"])
@pytest.mark.parametrize(
    "rules",
    [
        ".callout { float: right; width: 45% }",
        ".callout { float: left; break-inside: auto }",
        ".callout, figure, .metrics { float: left; width: 45% }",
        "section > p { float: right; width: 45% }",
        "section { column-count: 2 }",
        "section { display: grid; grid-template-columns: 1fr 1fr }",
        "@page { size: A5 }",
        "@page { size: A4 landscape }",
        "@page { margin: 70mm 60mm }",
    ],
)
def test_common_styles_of_print_pass(project: ProjectCopy, look: str, rules: str) -> None:
    """In `base`, the callout is at the end of a page, so that a part of what floats is on the next one."""
    if (look, rules) == ("paper", "section { column-count: 2 }"):
        # Columns within those of `paper` are laid out over and over: with the callout, ten times as long.
        project.write(THEME, project.read(THEME).partition("  - kind: callout\n")[0])
    ran = build(project, rules, look)
    assert ran.status == 0, ran.stderr


@pytest.mark.parametrize("look", ["base", "board"])
@pytest.mark.parametrize("rules", ["", "@page { size: A5 }"])
def test_the_subtitle_is_below_the_title_on_the_cover(project: ProjectCopy, look: str, rules: str) -> None:
    settings = project.read(SETTINGS)
    project.write(SETTINGS, f"{settings}\nsubtitle: {{en: Waiting, zh-Hans: 候车, zh-Hant: 候車}}\n")
    ran = build(project, rules, look)
    assert ran.status == 0, ran.stderr
    (file,) = project.root.glob("drafts/**/*.pdf")
    _, words = boxes(file.read_bytes())[0]
    title, subtitle = (next(word for word in words if word[0] == text) for text in ("year", "Waiting"))
    assert subtitle[2] > title[4] - 1


def test_blocks_as_words_of_a_line_are_laid_out(project: ProjectCopy) -> None:
    ran = build(project, "section > * { display: inline-block; width: 100% }")
    assert ran.status == 0, ran.stderr


def test_a_long_block_that_floats_over_pages_is_read_as_one(project: ProjectCopy) -> None:
    long = " ".join(f"Sentence {number} of the view is here." for number in range(250))
    project.replace(
        THEME, "Whether {reader-survey/yearly-cost} a year", f"{long} Whether {{reader-survey/yearly-cost}} a year"
    )
    ran = build(project, ".callout { float: right; width: 45% }")
    assert "words-out-of-order" not in ran.stderr
    assert "missing-words" not in ran.stderr


def test_a_callout_that_floats_is_kept_whole(project: ProjectCopy) -> None:
    ran = build(project, ".callout { float: right; width: 45% }")
    assert ran.status == 0, ran.stderr
    (file,) = project.root.glob("drafts/**/*.pdf")
    (page,) = [text for text in pdf_text(file.read_bytes()).split("\n----\n") if "To be decided" in text]
    assert "Question" in page
