"""What a template may leave out without a word of the content being lost: labels, counters, contents and their page numbers."""

from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy, Run, run_brief

BASE = Path(__file__).parents[2] / "templates/base"
NUMBERED = """  - kind: list
    id: steps
    clearance: public
    ordered: true
    items:
      - {en: Ask the riders., zh-Hans: 询问乘客。, zh-Hant: 詢問乘客。}
      - {en: Ask the drivers., zh-Hans: 询问司机。, zh-Hant: 詢問司機。}
  - kind: prose
    id: steps-in-prose
    clearance: public
    text:
      en: "1. Count the riders.\\n2. Count the buses."
      zh-Hans: "1. 统计乘客。\\n2. 统计车辆。"
      zh-Hant: "1. 統計乘客。\\n2. 統計車輛。"
"""
DETAILS = (BASE / "block/chart.html.j2").read_text("utf-8")
DETAILS = DETAILS[DETAILS.index("<details>") : DETAILS.index("</details>") + len("</details>")]

# What is left out: the part in set.yaml, the formats with their engine, the file of the set, what is replaced in it (nothing:
# the file extends that of the base), the code and a part of the message.
LABEL, SOURCE, NUMBER = (
    "the label 'Key takeaways' is missing",
    "the label 'Source:' is missing",
    "its number is missing",
)
LOST = "the contents do not list theme 'ridership'"
CASES = {
    "label": ("labels", ("html", "pdf"), "section.html.j2", '<p class="label">{{ _("Key takeaways") }}</p>', "", LABEL),
    "label-hidden": ("labels", ("html",), "screen.css", None, ".takeaways .label { display: none }", LABEL),
    "label-in-typst": ("labels", ("typst",), "typst/document.typ", 'label: c.words.at("Key takeaways"), sec', "sec", LABEL),
    "source": ("labels", ("html", "pdf"), "block/chart.html.j2", '{{ pgettext("chart", "Source: ") }}', "", SOURCE),
    "source-in-typst": ("labels", ("typst",), "typst/blocks.typ", 'c.words.at("Source: "); ', "", SOURCE),
    "numbers": ("list-numbers", ("html",), "screen.css", None, "main ol { list-style: none }", NUMBER),
    "numbers-of-items": ("list-numbers", ("html",), "screen.css", None, "main li { list-style-type: none }", NUMBER),
    "numbers-as-bullets": ("list-numbers", ("html", "pdf"), "block/list.html.j2", "block.ordered", "false", NUMBER),
    "numbers-on-paper": ("list-numbers", ("pdf",), "print.css", None, "main ol { list-style: none }", NUMBER),
    "numbers-in-typst": ("list-numbers", ("typst",), "typst/document.typ", 'str(number) + "."', '""', NUMBER),
    "contents": ("contents", ("html", "pdf"), "contents.html.j2", None, "{# none #}", LOST),
    "contents-in-typst": ("contents", ("typst",), "typst/document.typ", "    contents(c, v)\n", "", LOST),
    "pages": ("contents", ("pdf",), "print.css", None, '.contents li::after { content: "7" }', "[wrong-page-number]"),
    "pages-in-typst": ("contents", ("typst",), "typst/document.typ", "it.page()", '"7"', "[wrong-page-number]"),
    "no-pages": ("contents", ("pdf",), "print.css", None, ".contents li::after { content: none }", "have no page number"),
    "pages-of-exhibits": (
        "contents", ("pdf",), "print.css", None, '.exhibits li::after { content: "1" }', "say page 1 for Figure 1, which is on"
    ),
    "pages-too-low": (
        "contents", ("pdf",), "print.css", None,
        ".contents li::after { content: counter(page) }", "say page 2 for 'Who is who', which is on page",
    ),
    "figures": ("chart-figures", ("html",), "block/chart.html.j2", DETAILS, "", "of its figures is missing"),
}  # fmt: skip


def build(project: ProjectCopy, form: str, locale: str) -> Run:
    form, *engine = {"typst": ("pdf", "--pdf-engine", "typst")}.get(form, (form,))
    return project.run("build", "-a", "council", "-l", locale, "--draft", "--jobs", "1", "-f", form, *engine)


@pytest.mark.parametrize("name", CASES)
def test_what_a_template_leaves_out_stops_the_build_unless_its_set_says_so(project: ProjectCopy, name: str) -> None:
    part, forms, file, old, new, message = CASES[name]
    project.replace(THEME, "  - kind: callout\n", NUMBERED + "  - kind: callout\n")
    if old is None:
        text = new
    else:
        text = (BASE / file).read_text("utf-8").replace(old, new)
        assert text != (BASE / file).read_text("utf-8")
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write(f"templates/own/{file}", text + "\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    for form in forms:
        refused = build(project, form, "en")
        assert (refused.status, message in refused.stderr) == (1, True), refused.stderr
    project.write("templates/own/set.yaml", f"extends: base\nleaves_out: [{part}]\n")
    for form in forms:
        passed = build(project, form, "en")
        assert passed.status == 0, passed.stderr


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("form", ["html", "pdf", "typst", "docx"])
def test_numbered_lists_and_contents_of_our_own_sets_pass(project: ProjectCopy, form: str, locale: str) -> None:
    project.replace(THEME, "  - kind: callout\n", NUMBERED + "  - kind: callout\n")
    passed = build(project, form, locale)
    assert passed.status == 0, passed.stderr


def test_pages_that_a_set_counts_without_the_cover_are_right(project: ProjectCopy) -> None:
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write("templates/own/print.css", "@page :first { counter-increment: page 0 }\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    passed = build(project, "pdf", "en")
    assert passed.status == 0, passed.stderr


def test_a_part_that_no_set_may_leave_out_is_refused(project: ProjectCopy) -> None:
    project.write("templates/own/set.yaml", "extends: base\nleaves_out: [sources]\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    refused = build(project, "html", "en")
    assert refused.status == 1
    assert "contents, labels, chart-figures, list-numbers" in refused.stderr


@pytest.mark.parametrize("look", ["base", "board"])
def test_typst_gives_the_page_on_which_a_figure_floats(tmp_path: Path, look: str) -> None:
    """A high chart goes on to the next page, and the text after it comes before it."""
    made = run_brief("new", "p", "--starter", "quarterly", "-l", "es", "-l", "en", "--look", look, cwd=tmp_path)
    assert made.status == 0, made.stderr
    built = run_brief("build", "-f", "pdf", "--pdf-engine", "typst", "--jobs", "1", cwd=tmp_path / "p")
    assert built.status == 0, built.stderr
