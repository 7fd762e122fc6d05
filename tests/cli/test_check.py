"""`brief check`: every error at once, for people, for programs and for GitHub, and an exit status to go by."""

import base64
import json
from pathlib import Path

import pytest
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy, run_brief
from word_samples import png

COUNCIL = "content/audiences/council.yaml"
GLOSSARY = "content/glossary.yaml"
HANS = "content/catalogues/zh-Hans.po"


# A dozen errors of as many kinds, in six files.
FIGURE = f"""  - kind: figure
    id: route-map
    image: {HERE}map.png
    title: {{en: Map, zh-Hans: 线路图, zh-Hant: 路線圖}}
    description: {{en: The night routes., zh-Hans: 夜间线路。, zh-Hant: 夜間路線。}}
  - kind: callout"""
BREAKING = {
    COUNCIL: [
        ("themes: [ridership]", f"themes: [ridership, {HERE}costs]", "unknown-theme"),
        ("docx]", f"{HERE}dock]", "unknown-format"),
    ],
    SETTINGS: [("source_locale: en", f"source_locale: {HERE}fr", "unknown-locale")],
    HANS: [('msgid "Sources"', f'{HERE}msgid "Sources"', "missing-message")],
    GLOSSARY: [("avoid: [ECT]", f"owner: {HERE}city\n    avoid: [ECT]", "unknown-term")],
    THEME: [
        ("The trial has", f"The trial {HERE}![x](y.png) has", "image-in-text"),
        ("{en: What changed, zh-Hans: 变化何在,", f"{HERE}{{en: What changed,", "missing-translation"),
        ("en: Example City Transport counted", f"en: {HERE}ECT counted", "avoided-form"),
        ("  - kind: callout", FIGURE, "missing-image"),
        ("zh-Hant: 每年{reader-survey/yearly-cost}", f"zh-Hant: {HERE}每年", "reference-mismatch"),
    ],
    SEED: [
        ("{value: 42_000_000, unit: CNY,", f"{HERE}{{value: 42_000_000, unit: RMB,", "unknown-unit"),
        ("{low: 15, high: 20", f"{HERE}{{low: 25, high: 20", "bad-quantity"),
    ],
}


@pytest.fixture
def project(project: ProjectCopy) -> ProjectCopy:
    """A copy of the starter project whose translations are accepted, so that it has no warnings."""
    project.accept_translations()
    return project


def test_all_errors_of_all_files_come_at_once_in_order_of_place(published: ProjectCopy) -> None:
    published.write(HANS, 'msgid "Sources"\nmsgstr ""\n')
    wanted = []
    for name, edits in BREAKING.items():
        text = published.read(name)
        for old, new, _ in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        codes = [code for *_, code in edits]
        wanted += [(code, where) for code, where in zip(codes, find_marks(name, text), strict=True)]
        published.write(name, text.replace(HERE, ""))
    before = published.files()
    status, found = published.check()
    assert status == 1
    assert [(diagnostic.code, diagnostic.where) for diagnostic in found] == sorted(
        wanted, key=lambda diagnostic: diagnostic[1]
    )
    assert published.run("build", "--jobs", "1").status == 1
    assert published.files() == before


def find_marks(name: str, text: str) -> list[tuple[str, int, int]]:
    """The places that `HERE` marks; a mark takes no column itself."""
    pieces = text.split(HERE)
    starts = ["".join(pieces[: number + 1]).split("\n") for number in range(len(pieces) - 1)]
    return [(name, len(lines), len(lines[-1]) + 1) for lines in starts]


class TestLook:
    """What a build would meet in the template set is found without building."""

    @pytest.fixture
    def own(self, project: ProjectCopy) -> ProjectCopy:
        project.write("templates/mine/set.yaml", "extends: base\n")
        project.replace(SETTINGS, "template_set: base", "template_set: mine")
        return project

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("{{ block.titel }}", "template-undefined"),
            ("{{ variant.title }}", "template-undefined"),
            ("{{ block.text }}", "template-failed"),
            ('<img src="lost.png" alt="">', "forbidden-resource"),
            ('<img alt="" src="https://example.org/a.png">', "forbidden-resource"),
            ("{% if %}", "template-syntax"),
        ],
    )
    def test_a_template_error_has_its_line(self, own: ProjectCopy, line: str, code: str) -> None:
        own.write("templates/mine/block/paragraph.html.j2", f"<p>first</p>\n{line}\n")
        status, found = own.check()
        assert (status, {(diagnostic.code, diagnostic.where[:2]) for diagnostic in found}) == (
            1,
            {(code, ("templates/mine/block/paragraph.html.j2", 2))},
        )

    def test_a_picture_of_the_set_is_found(self, own: ProjectCopy) -> None:
        dot = png()
        own.write("templates/mine/art/dot.png", dot)
        for address in ("art/dot.png", "/art/dot.png", f"data:image/png;base64,{base64.b64encode(dot).decode()}"):
            own.write("templates/mine/block/paragraph.html.j2", f'<img src="{address}" alt="">\n')
            unread = [] if "/dot" in address else [("unused-file", "templates/mine/art/dot.png")]
            status, found = own.check()
            assert (status, [(each.code, each.file) for each in found]) == (0, unread)

    def test_a_picture_that_the_print_sheet_lacks_has_its_line(self, own: ProjectCopy) -> None:
        own.write("templates/mine/print.css", "p { color: red }\np { background: url(lost.png) }\n")
        assert [(diagnostic.code, diagnostic.where[:2]) for diagnostic in own.check()[1]] == [
            ("forbidden-resource", ("templates/mine/print.css", 2))
        ]

    def test_unsupported_css_causes_the_same_warning_as_a_build(self, own: ProjectCopy) -> None:
        own.write("templates/mine/print.css", "p { color: red }\np { colour: red }\n")
        where = "templates/mine/print.css:2:5: warning[style-ignored]: "
        assert own.run("check").stdout.startswith(where)
        assert own.run("check", "--strict").status == 1
        assert where in own.run("build", "-a", "public", "-l", "en", "-f", "pdf", "--jobs", "1").stderr

    def test_inspect_reports_each_rendering_problem_once(self, own: ProjectCopy) -> None:
        own.write("templates/mine/print.css", ":root { --x: 3 }\np { color: var(--x) }\np { colour: red }\n")
        for name in (COUNCIL, "content/audiences/public.yaml"):
            own.replace(name, "[html, pdf, docx]", "[pdf]" if name == COUNCIL else "[html]")
        status, found = own.check("--inspect")
        assert (status, sorted({diagnostic.line for diagnostic in found})) == (0, [2, 3])
        assert len([diagnostic for diagnostic in found if diagnostic.line == 3]) == 1
        assert own.check("--inspect", "--strict")[0] == 1

    def test_a_damaged_reference_document_is_found(self, own: ProjectCopy) -> None:
        own.write("templates/mine/reference.docx", "no zip")
        status, found = own.check()
        assert (status, [(diagnostic.code, diagnostic.file) for diagnostic in found]) == (
            1,
            [("template-damaged", "templates/mine/reference.docx")],
        )

    def test_a_style_sheet_that_is_not_utf_8_is_found(self, own: ProjectCopy) -> None:
        own.write("templates/mine/screen.css", "p { content: '夜间' }".encode("gb18030"))
        assert [(diagnostic.code, diagnostic.file) for diagnostic in own.check()[1]] == [
            ("template-encoding", "templates/mine/screen.css")
        ]

    def test_only_formats_that_are_published_count(self, own: ProjectCopy) -> None:
        own.write("templates/mine/reference.docx", "no zip")
        for name in (COUNCIL, "content/audiences/public.yaml"):
            own.replace(name, "[html, pdf, docx]", "[html, pdf]")
        assert own.check() == (0, [])


class TestText:
    def test_it_shows_the_line_with_a_caret_and_the_hint(self, project: ProjectCopy) -> None:
        project.replace(THEME, "kind: callout", "kind: calout")
        assert project.run("check").stdout == (
            "content/themes/ridership.yaml:44:11: error[unknown-kind]: unknown block kind 'calout'\n"
            "   |\n"
            "44 |   - kind: calout\n"
            "   |           ^ did you mean 'callout'?\n"
        )

    def test_the_caret_is_under_the_character_in_chinese(self, project: ProjectCopy) -> None:
        project.replace(THEME, "首年客流增长", "首年客流增长\ue000")
        lines = project.run("check").stdout.split("\n")
        before = "  zh-Hans: 首年客流增长"
        columns = len(before) + sum(character > "\u2e7f" for character in before)
        assert lines[3].partition("|")[2].index("^") == 1 + columns

    def test_an_error_of_two_places_shows_both(self, project: ProjectCopy) -> None:
        project.replace(THEME, "id: headline", "id: riders-chart")
        assert f"= see also: {THEME}:18:5" in project.run("check").stdout

    def test_it_shows_fifty_and_counts_the_rest_errors_first(self, project: ProjectCopy) -> None:
        project.replace(THEME, "en: The trial has found its public.", "en: A \ue000" + " {x}" * 60)
        for name in ("content/themes/a.yaml", "content/themes/b.yaml"):
            project.write(name, f"id: {Path(name).stem}\nx: 1\n")
        shown = project.run("check").stdout
        assert shown.count("error[") == 50
        assert "warning[" not in shown
        assert "more\n" in shown

    @pytest.mark.parametrize("hidden", ["\x1b]0;owned\x07", "\x1b[2J", "\u202e", "\x9b2J"])
    def test_nothing_in_a_file_reaches_the_terminal_as_a_command(self, project: ProjectCopy, hidden: str) -> None:
        project.replace(THEME, "The trial has", f"The {hidden} trial has")
        ran = project.run("check")
        assert ran.status == 1
        assert not set(ran.stdout + ran.stderr) & {"\x1b", "\x07", "\u202e", "\x9b"}

    def test_escaped_control_characters_do_not_reach_the_terminal(self, project: ProjectCopy) -> None:
        project.replace(THEME, "tone: question", 'tone: "\\e[2J"')
        assert "\x1b" not in project.run("check").stdout

    def test_a_long_line_is_cut_around_the_error(self, project: ProjectCopy) -> None:
        project.replace(THEME, "en: The trial has found its public.", f"en: {'long ' * 200}{{x}}")
        lines = project.run("check").stdout.split("\n")
        assert len(lines[2]) < 120
        assert "{x}" in lines[2]


class TestJson:
    def test_it_goes_to_standard_output_whole(self, project: ProjectCopy) -> None:
        project.replace(THEME, "id: headline", "id: riders-chart")
        ran = project.run("check", "--format", "json")
        (diagnostic,) = [each for each in json.loads(ran.stdout) if each["code"] == "duplicate-id"]
        assert diagnostic == {
            "code": "duplicate-id",
            "severity": "error",
            "file": THEME,
            "line": 32,
            "column": 5,
            "message": "the id 'riders-chart' is used twice in the brief",
            "hint": "ids are anchors and must differ",
            "related": {"file": THEME, "line": 18, "column": 5},
        }
        assert ran.stderr == ""

    def test_json_is_an_unlimited_list_even_if_empty(self, project: ProjectCopy) -> None:
        assert json.loads(project.run("check", "--format", "json").stdout) == []
        project.replace(THEME, "en: The trial has found its public.", "en: A" + " {x}" * 61)
        assert [each.code for each in project.check()[1]].count("bad-placeholder") == 61


class TestGitHub:
    def test_each_error_is_a_workflow_command(self, project: ProjectCopy) -> None:
        project.replace(THEME, "kind: callout", "kind: calout")
        assert project.run("check", "--format", "github").stdout.split("\n")[0] == (
            f"::error file={THEME},line=44,col=11,title=unknown-kind"
            "::unknown block kind 'calout' (did you mean 'callout'?)"
        )

    def test_levels_are_those_of_github(self, project: ProjectCopy) -> None:
        project.replace(THEME, "en: The trial has", "en: The cafe\u0301 \ue000 trial has")
        commands = project.run("check", "--format", "github", "--verbose").stdout
        assert "::warning file=" in commands
        assert "::notice file=" in commands

    def test_separators_in_a_value_are_escaped(self, project: ProjectCopy) -> None:
        project.write("content/themes/50%, a:b.yml", "id: x\n")
        assert "file=content/themes/50%25%2C a%3Ab.yml," in project.run("check", "--format", "github").stdout


class TestStatus:
    def test_a_sound_project_passes(self, project: ProjectCopy) -> None:
        ran = project.run("check")
        assert (ran.status, ran.stdout, ran.stderr) == (0, "", "brief: 0 errors, 0 warnings\n")

    def test_strict_takes_warnings_for_errors(self, project: ProjectCopy) -> None:
        project.replace(THEME, "The trial has", "The \ue000 trial has")
        project.run("translate", "accept")
        assert project.run("check").status == 0
        strict = project.run("check", "--strict")
        assert strict.status == 1
        assert "error[private-use]" in strict.stdout

    def test_a_note_is_never_an_error(self, project: ProjectCopy) -> None:
        project.replace(THEME, "The trial has", "The cafe\u0301 has")
        project.run("translate", "accept")
        assert project.run("check", "--strict", "--verbose").status == 0

    def test_a_folder_that_is_not_there_is_wrong_usage(self, tmp_path: Path) -> None:
        assert run_brief("check", "-C", "nowhere", cwd=tmp_path).status == 2

    def test_an_empty_folder_is_no_project(self, tmp_path: Path) -> None:
        ran = run_brief("check", cwd=tmp_path)
        assert ran.status == 1
        assert "brief new DIR" in ran.stdout

    @pytest.mark.parametrize("form", ["text", "json", "github"])
    def test_files_are_named_so_that_an_editor_opens_them(self, project: ProjectCopy, form: str) -> None:
        project.replace(THEME, "kind: callout", "kind: calout")
        project.replace(THEME, "id: headline", "id: riders-chart")
        inside = run_brief("check", "--format", form, cwd=project.root)
        outside = run_brief("check", "--format", form, "-C", "project", cwd=project.root.parent)
        below = run_brief("check", "--format", form, "-C", "..", cwd=project.root / "content")
        assert inside.stdout.count(THEME) > 1
        assert outside.stdout == inside.stdout.replace(THEME, f"project/{THEME}")
        assert below.stdout == inside.stdout.replace(THEME, THEME.removeprefix("content/"))

    def test_a_packaged_file_keeps_its_name(self, project: ProjectCopy) -> None:
        project.replace(SETTINGS, "zh-Hant]", "zh-Hant, ru]")
        outside = run_brief("check", "-C", "project", cwd=project.root.parent)
        assert "to templates/base/set.yaml" in outside.stdout

    @pytest.mark.parametrize("form", ["text", "json", "github"])
    def test_what_is_found_is_the_result_and_the_summary_is_not(self, project: ProjectCopy, form: str) -> None:
        project.replace(THEME, "kind: callout", "kind: calout")
        ran = project.run("check", "--format", form)
        assert "unknown-kind" in ran.stdout
        assert ran.stderr == ("" if form == "json" else "brief: 1 error, 0 warnings\n")

    def test_a_file_changed_between_two_checks_is_shown_as_it_is_now(self, project: ProjectCopy) -> None:
        project.replace(THEME, "kind: callout", "kind: calout")
        run_brief("check", cwd=project.root)
        project.replace(THEME, "kind: calout", "kind: callut")
        assert "44 |   - kind: callut" in run_brief("check", cwd=project.root).stdout
