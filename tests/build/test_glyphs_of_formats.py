"""Characters that no font has, in builds without a PDF."""

import pytest
from projects import SETTINGS, THEME, ProjectCopy


@pytest.fixture
def boxed(project: ProjectCopy) -> ProjectCopy:
    """A project whose Simplified Chinese has a hieroglyph, for which no font of its faces has a glyph."""
    project.replace(THEME, "成本清楚，且保持稳定。", "成本清楚\U00013000。")
    return project


@pytest.mark.parametrize("form", ["html", "docx"])
def test_they_are_reported_where_they_are_typed(boxed: ProjectCopy, form: str) -> None:
    # The second build comes from the cache.
    for _ in range(2):
        built = boxed.run("build", "-l", "zh-Hans", "-f", form, "--jobs", "1")
        assert built.status == 0
        assert f"{THEME}:15:18: warning[missing-glyph]: no font for 'zh-Hans' has U+13000" in built.stderr


def test_neither_other_locales_nor_formats_for_programs_are_warned_of(boxed: ProjectCopy) -> None:
    for options in (("-l", "en", "-f", "html"), ("-l", "zh-Hans", "-f", "md")):
        built = boxed.run("build", "--draft", "--jobs", "1", *options)
        assert "missing-glyph" not in built.stderr


def test_a_project_may_stop_on_them(boxed: ProjectCopy) -> None:
    boxed.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [missing-glyph]\n")
    built = boxed.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
    assert (built.status, "error[missing-glyph]" in built.stderr) == (1, True)


def test_texts_that_the_audience_does_not_see_are_not_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "en: Whether {", "en: \U00013000 whether {")
    built = project.run("build", "-a", "public", "-l", "en", "-f", "html", "--jobs", "1")
    assert (built.status, "missing-glyph" in built.stderr) == (0, False)
    built = project.run("build", "-a", "council", "-l", "en", "-f", "html", "--draft", "--jobs", "1")
    assert (built.status, "missing-glyph" in built.stderr) == (0, True)
