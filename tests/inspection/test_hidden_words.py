"""Words that a style sheet hides are missed as if the template had dropped them."""

import re
from dataclasses import replace

import pytest
from projects import SETTINGS, ProjectCopy, Run
from readback import docx_parts, zip_parts

from brief import Pack, Project
from brief.inspection.documents import inspect_document
from brief.inspection.expected import expect_document
from brief.inspection.extract.blocks import read_html
from brief.inspection.extract.formats import ExtractedArtifact
from brief.store import spool

HIDING = [
    "display: none",
    "visibility: hidden",
    "opacity: 0",
    "font-size: 0",
    "position: absolute; left: -9999px",
    "position: absolute; top: -200rem",
    "text-indent: -9999px; overflow: hidden",
    "content-visibility: hidden",
    "position: absolute; clip: rect(0 0 0 0)",
    "clip-path: inset(50%)",
    "color: transparent",
    "color: var(--paper); background: var(--paper)",
    "height: 0; overflow: hidden",
    "transform: scale(0)",
    "color: #ffffff; background: #fff",
    "color: rgb(254, 254, 254); background-color: #fff",
]


def build_with(project: ProjectCopy, form: str, rules: str) -> Run:
    name = "screen.css" if form == "html" else "print.css"
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write(f"templates/own/{name}", rules)
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    return project.run("build", "-a", "council", "-l", "en", "--draft", "--jobs", "1", "-f", form)


@pytest.mark.parametrize("hiding", HIDING)
def test_words_that_a_screen_style_sheet_hides_are_missing(project: ProjectCopy, hiding: str) -> None:
    ran = build_with(project, "html", f".callout .text {{ {hiding} }}\n")
    assert (ran.status, "of block 'council-view', the words 'Whether" in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize(
    "hiding",
    [
        *("display: none", "visibility: hidden", "opacity: 0", "font-size: 0", "position: absolute; left: -9999px"),
        *(
            "text-indent: -9999px",
            "color: transparent",
            "color: white; background: #fff",
            "color: #fdfdfd; background: white",
            "height: 0; overflow: hidden",
            "max-height: 2mm; overflow: hidden",
            "text-indent: 400mm; white-space: nowrap; overflow: clip",
        ),
    ],
)
def test_words_that_a_print_style_sheet_hides_are_missing(project: ProjectCopy, hiding: str) -> None:
    ran = build_with(project, "pdf", f".callout .text {{ {hiding} }}\n")
    assert (ran.status, "of block 'council-view', the words 'Whether" in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        (".callout { background: none !important } .callout .text { color: #fff }", 1),
        (".callout { background: #123456 !important } .callout .text { color: #123456 }", 1),
        (".callout { background: #123456 !important } .callout .text { color: #fff }", 0),
        (".callout .text { color: #fff; background: linear-gradient(red, blue) }", 0),
        ("aside { height: 12mm; overflow: hidden }", 1),
        # The number of a theme is in the margin beside it.
        ("section { overflow: hidden }", 1),
        ("section section { overflow: hidden }", 0),
        ("html { overflow: hidden }", 0),
        ("aside, .callout { overflow: hidden; padding: 0 }", 0),
        ("aside { height: 2mm; overflow: hidden } aside > * { position: absolute }", 0),
        (".callout .text { position: relative; color: #fff } .callout { background: navy }", 0),
        (".callout::before { content: ''; position: absolute; background: navy } .callout .text { color: #fff }", 0),
        ("th { color: #fff } tr { background: navy }", 0),
    ],
)
def test_words_in_the_colour_behind_them_or_cut_off_are_missing_on_paper(
    project: ProjectCopy, rules: str, status: int
) -> None:
    ran = build_with(project, "pdf", f"{rules}\n")
    assert ran.status == status, ran.stderr


@pytest.mark.parametrize(
    "rules",
    [
        "@media screen { .callout .text { display: none } }",
        "@media (min-width: 40rem) { .callout .text { display: none } }",
        "@media screen and (max-width: 34rem) { .callout .text { display: none } }",
        "@media print { .callout .text { display: none } }",
        ".callout { .text { display: none } }",
        ".callout { & > .text { display: none } }",
        ":root { --shown: none } .callout .text { display: var(--shown) }",
        ".callout { background: #222 !important } .callout .text { color: #222222 }",
        ".callout { background: none !important } .callout .text { color: #fff }",
        "@media print { .callout { background: white } .callout .text { color: white } }",
        "@supports (display: grid) { aside > :last-child { DISPLAY: NONE !important } } aside > p { display: block }",
    ],
)
def test_rules_that_hide_words_count_where_they_apply(project: ProjectCopy, rules: str) -> None:
    ran = build_with(project, "html", f"{rules}\n")
    assert (ran.status, "of block 'council-view', the words 'Whether" in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize(
    "rules",
    [
        ".callout .text { display: none } .callout p { display: block !important }",
        ".callout .text:hover { opacity: 0 }",
        ".callout .text::before { content: 'x'; visibility: hidden }",
        ".callout { visibility: hidden } .callout p { visibility: visible }",
        ".callout { font-size: 0 } .callout p { font-size: 1rem }",
        ".callout .text { left: -9999px; opacity: 0.9; color: #0000 } .callout .text { color: black }",
        "@media (hover: none) { .callout .text { display: none } }",
        ".skip, .callout .none { display: none }",
        ".callout { background: #123456 !important } .callout .text { color: #fff }",
        ".callout .text { color: #fff; background: linear-gradient(red, blue) }",
        ".callout { background-image: url(data:,x) } .callout .text { color: #fff }",
        ".callout { position: relative } .callout::before { content: ''; background: navy } .callout .text { color: #fff }",
        ".callout { background: navy } .callout .text { position: absolute; color: #fff }",
        ".callout { color: #fff; background: #fff } .callout > * { background: #222 } .callout p { color: #eee }",
        "@media (prefers-color-scheme: dark) { .callout .text { color: #fff; background: #fff } }",
        ".callout .text { height: 0 }",
    ],
)
def test_words_that_readers_see_are_not_missing(project: ProjectCopy, rules: str) -> None:
    ran = build_with(project, "html", f"{rules}\n")
    assert ran.status == 0, ran.stderr


@pytest.mark.parametrize(
    ("hiding", "codes"),
    [
        ("<w:vanish/>", ["missing-words"]),
        ('<w:vanish w:val="0"/>', []),
        ('<w:color w:val="FFFFFF"/>', ["missing-words"]),
        ('<w:color w:val="fefeff"/><w:shd w:val="clear" w:fill="FFFFFF"/>', ["missing-words"]),
        ('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="123456"/>', []),
        ('<w:color w:val="auto"/>', []),
        ('<w:sz w:val="2"/>', ["missing-words"]),
        ('<w:sz w:val="16"/>', []),
    ],
)
@pytest.mark.parametrize("is_inherited", [False, True])
def test_a_style_of_word_that_hides_its_words_is_reported(
    starter: Project, starter_pack: Pack, hiding: str, codes: list[str], is_inherited: bool
) -> None:
    artifact = starter_pack["council", "en", "docx"]
    parts = docx_parts(artifact.data)
    used = re.search(rb'<w:pStyle w:val="([^"]+)"', parts["word/document.xml"])
    assert used is not None
    styles = parts["word/styles.xml"]
    begin = styles.rindex(b"<w:style ", 0, styles.index(b'w:styleId="' + used[1] + b'"'))
    end = styles.index(b"</w:style>", begin)
    rules = f"<w:rPr>{hiding}</w:rPr>".encode()
    based = b'<w:basedOn w:val="Hiding"/>' if is_inherited else rules
    style = b'<w:style w:type="paragraph" w:styleId="' + used[1] + b'"><w:name w:val="x"/>' + based + b"</w:style>"
    hiding_style = b'<w:style w:type="paragraph" w:styleId="Hiding"><w:name w:val="h"/>' + rules + b"</w:style>"
    parts["word/styles.xml"] = styles[:begin] + style + (hiding_style if is_inherited else b"") + styles[end + 10 :]
    changed = replace(artifact, content=spool(zip_parts(parts)))
    variant, look = starter.make_variant(artifact.audience, artifact.locale), starter.template_set.look
    extracted = ExtractedArtifact(changed)
    assert list(extracted.read_parts())
    found = inspect_document(changed, expect_document(variant, look), extracted, look)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    "before",
    [
        '@import "other.css";',
        "/* ends with } */",
        'a[title="}"] {color: red}',
        "p:not([title='{']) {color: red}",
        ".a\\{ {color: red}",
        "a {background: url(data:text/plain;base64,e30=)}",
        "@media print {a {color: red} b {color: red}}",
        "@layer one, two;",
        ":root {--text: {a; b}}",
        'a {content: "unfinished\n} b {color: red}',
    ],
)
def test_a_rule_hides_whatever_is_before_it(before: str) -> None:
    page = (
        f"<html><head><style>{before}\n.hidden {{display: none}}</style></head><body><p class=hidden>Words</p></body>"
    )
    assert [block.text for block in read_html(page.encode()).blocks if block.kind == "p"] == []


def test_a_rule_that_ends_in_no_bracket_hides_nothing() -> None:
    page = "<html><head><style>b; .hidden {display: none}</style></head><body><p class=hidden>Words</p></body>"
    assert [block.text for block in read_html(page.encode()).blocks if block.kind == "p"] == ["Words"]
