"""`brief check --fix`: fixes every problem with exactly one fix, atomically."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import SETTINGS, THEME, ProjectCopy

from brief.model.diagnostics import TextFix
from brief.project.fixing import plan_fixes
from brief.project.loading import read_and_check
from brief.publish.journal import JOURNAL

GLOSSARY = "content/glossary.yaml"
EXAMPLES = int(os.environ.get("BRIEF_FUZZ_EXAMPLES", "12"))


TEXTS = {
    "en": "The cost is known and stable.",
    "zh-Hans": "成本清楚，且保持稳定。",
    "zh-Hant": "成本清楚，且維持穩定。",
}


def put(project: ProjectCopy, tag: str, words: str) -> None:
    """Writes the words in place of one text of the locale in the theme."""
    project.replace(THEME, f"{tag}: {TEXTS[tag]}\n", f"{tag}: {words}\n")


FIXED = [
    ("en", 'The "city" counted  riders', "The “city” counted riders"),
    ("en", """The 'cost' is "known\"""", "The ‘cost’ is “known”"),
    ("en", """The drivers' "pay" is 'low' now""", "The drivers’ “pay” is ‘low’ now"),
    ("en", "Each depot used 5kWh a day", "Each depot used 5 kWh a day"),
    ("zh-Hans", "每站用电7kW，相距5km，共20GB", "每站用电7 kW，相距5 km，共20 GB"),
    ("zh-Hant", "每站用電7.5kW與1,200kWh", "每站用電7.5 kW與1,200 kWh"),
    ("zh-Hans", "乘客增加,成本(每月)稳定", "乘客增加，成本（每月）稳定"),
    ("zh-Hans", '他们称之为"试点"', "他们称之为“试点”"),
    ("zh-Hans", "乘客增加  。成本，  《报告》说  （每月）稳定", "乘客增加。成本，《报告》说（每月）稳定"),
    ("zh-Hans", "网路与软体都已更新", "网络与软件都已更新"),
    ("zh-Hans", "设备乾燥，看著正常", "设备干燥，看着正常"),
    ("zh-Hant", "網絡質量與軟件都已更新", "網路品質與軟體都已更新"),
    ("zh-Hant", "“試點”的髮展", "「試點」的發展"),
    ("zh-Hant", "頭發、標簽與重復的詞匯", "頭髮、標籤與重複的詞彙"),
    ("zh-Hant", "乘客增加, 成本穩定!", "乘客增加，成本穩定！"),
    ("zh-Hant", "他說(真的)!成本不變?!當然", "他說（真的）！成本不變？！當然"),
]


@pytest.mark.parametrize(("tag", "wrong", "right"), FIXED)
def test_fixes(project: ProjectCopy, tag: str, wrong: str, right: str) -> None:
    put(project, tag, wrong)
    project.run("translate", "accept")
    before = project.read(THEME)
    ran = project.run("check", "--fix")
    # A number that is typed is no matter of style.
    assert (ran.status, set(re.findall(r"\[([a-z-]+)\]", ran.stdout)) - {"bare-figure", "number-mismatch"}) == (
        0,
        set(),
    )
    assert "brief: fixed" in ran.stderr
    assert project.read(THEME) == before.replace(wrong, right)


def test_fixes_a_full_stop_after_a_figure(project: ProjectCopy) -> None:
    right = "{reader-survey/riders-growth}。候车时间仍是短板。"
    project.replace(THEME, right, right.replace("。候", ".候"))
    assert project.run("check", "--fix").status == 0
    assert right in project.read(THEME)


LEFT = [
    ("en", 'Run `say "x"  y` in a 5G network'),
    ("en", 'A 12" pipe and a \\" mark, 5 kWh'),
    ("en", "The ''drivers'' pay'' is \"low\""),
    ("zh-Hans", "他写道“网路与软体”，见《软体杂志》"),
    ("zh-Hans", "`a,b`与https://example.org/a,b"),
    ("zh-Hant", "報告稱「信息繭房」"),
    ("zh-Hant", "質量守恆，乾坤，祕先生"),
    ("zh-Hans", "用H100、A100-80GB和A100 80GB训练7B模型，输出4K和1080p，经5G传送"),
    ("zh-Hant", "以H100與A100-80GB訓練7B模型，輸出4K與1080p，經5G傳送，長5公里"),
]


@pytest.mark.parametrize(("tag", "words"), LEFT)
def test_leaves_unchanged(project: ProjectCopy, tag: str, words: str) -> None:
    put(project, tag, f"'{words}'")
    before = project.files()
    ran = project.run("check", "--fix")
    assert "brief: nothing to fix" in ran.stderr
    assert project.files() == before


PROSE = """
          [{words}][r] and [there](https://example.org/a_(b) "In 5kWh")

              say  "x" 5kWh

          - {words}

                say  "y" 7kWh

          [r]: https://example.org/r "The  page"
"""


def test_it_leaves_indented_code_and_titles_of_links(project: ProjectCopy) -> None:
    words = {"en": "Here", "zh-Hans": "这里", "zh-Hant": "這裡"}
    texts = "".join(f"      {tag}: |-{PROSE.format(words=word)}" for tag, word in words.items())
    block = f"  - kind: prose\n    id: with-code\n    depth: summary\n    text:\n{texts}"
    project.write(THEME, project.read(THEME) + block)
    project.run("translate", "accept")
    before = project.files()
    ran = project.run("check", "--fix")
    assert (ran.stdout, ran.stderr) == ("", "brief: nothing to fix\nbrief: 0 errors, 0 warnings\n")
    assert project.files() == before


ENDS = {
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "mixed": lambda data: data.replace(b"\n", b"\r\n", 9),
    "no-end": lambda data: data.removesuffix(b"\n"),
    "crlf-no-end": lambda data: data.replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
    "bom": lambda data: b"\xef\xbb\xbf" + data,
}


@pytest.mark.parametrize("tool", [("git", "apply"), ("patch", "-p1", "--binary", "-s")])
@pytest.mark.parametrize("ends", ENDS)
def test_the_diff_of_a_dry_run_can_be_applied(project: ProjectCopy, ends: str, tool: tuple[str, ...]) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"there is no {tool[0]}")
    put(project, "zh-Hans", "乘客增加,成本稳定")
    path = project.root / THEME
    last = "  - {kind: paragraph, id: last, depth: summary, text: {en: Low  cost, zh-Hans: 成本低, zh-Hant: 成本低}}\n"
    path.write_bytes(ENDS[ends](path.read_bytes() + last.encode()))
    (project.root / GLOSSARY).rename(project.root / "content/glossary.yml")
    command = [sys.executable, "-m", "brief", "check", "--fix", "--dry-run"]
    diff = subprocess.run(command, cwd=project.root, capture_output=True, check=True).stdout
    applied = project.root.parent / "applied"
    shutil.copytree(project.root, applied)
    subprocess.run(tool, cwd=applied, input=diff, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"})
    assert project.run("check", "--fix").status == 0
    for name in (THEME, GLOSSARY):
        assert (applied / name).read_bytes() == (project.root / name).read_bytes()


def test_apostrophes_that_a_fix_makes_inconsistent_are_reported_at_once(project: ProjectCopy) -> None:
    put(project, "en", """'The city''s "known" cost'""")
    project.run("translate", "accept")
    first = {(each.file, each.code) for each in project.check()[1]}
    assert first == {(THEME, "straight-quotes"), ("seeds/reader-survey.yaml", "straight-quotes")}
    ran = project.run("check", "--fix")
    assert (ran.status, ran.stdout, "fixed 2 problems in" in ran.stderr) == (0, "", True)
    assert "two years’ figures" in project.read("seeds/reader-survey.yaml")


def test_a_dry_run_shows_a_diff_and_writes_nothing(project: ProjectCopy) -> None:
    put(project, "zh-Hans", "乘客增加,成本稳定")
    before = project.files()
    ran = project.run("check", "--fix", "--dry-run")
    assert ran.status == 0
    assert ran.stdout.startswith(f"--- a/{THEME}\n+++ b/{THEME}\n@@ ")
    changed = [line for line in ran.stdout.splitlines() if re.match(r"[-+][^-+]", line)]
    assert [line.strip("-+ ") for line in changed] == ["zh-Hans: 乘客增加,成本稳定", "zh-Hans: 乘客增加，成本稳定"]
    assert ran.stderr == "brief: would fix 1 problem in 1 file\n"
    assert project.files() == before


def test_a_file_with_an_error_of_syntax_is_left_and_that_is_reported(project: ProjectCopy) -> None:
    put(project, "zh-Hans", "乘客增加,成本稳定")
    project.replace(THEME, "tone: question", "tone: question: x")
    before = project.files()
    ran = project.run("check", "--fix")
    assert "not fixed[half-width-punctuation]" in ran.stderr
    assert "error[yaml-syntax]" in ran.stdout
    assert project.files() == before


def test_a_dry_run_without_fix_is_wrong_usage(project: ProjectCopy) -> None:
    assert project.run("check", "--dry-run").status == 2


def test_a_second_run_changes_nothing(project: ProjectCopy) -> None:
    for tag, wrong in (("en", FIXED[0][1]), ("zh-Hans", FIXED[2][1]), ("zh-Hant", FIXED[6][1])):
        put(project, tag, wrong)
    assert project.run("check", "--fix").status == 0
    after = project.files()
    ran = project.run("check", "--fix")
    assert "nothing to fix" in ran.stderr
    assert project.files() == after


def test_an_apostrophe_that_is_fixed_makes_the_others_wrong_which_are_fixed_too(project: ProjectCopy) -> None:
    put(project, "en", """It isn't "known" now.""")
    project.replace(THEME, "en: What changed,", "en: It's new,")
    project.run("translate", "accept")
    ran = project.run("check", "--fix")
    assert (ran.status, ran.stdout) == (0, "")
    assert "It isn’t “known” now." in project.read(THEME)
    assert "en: It’s new," in project.read(THEME)


def test_a_fix_that_uncovers_another_is_made_with_it(project: ProjectCopy) -> None:
    put(project, "zh-Hant", "'乘客說\"很好\",成本穩定'")
    ran = project.run("check", "--fix")
    assert (ran.status, "not fixed" in ran.stderr) == (0, False)
    assert "乘客說「很好」，成本穩定" in project.read(THEME)


class TestNames:
    @pytest.fixture
    def named(self, project: ProjectCopy) -> ProjectCopy:
        """The glossary avoids a form of a name."""
        assert "avoid: [ECT]" in project.read(GLOSSARY)
        return project

    def test_an_avoided_form_is_replaced(self, named: ProjectCopy) -> None:
        put(named, "en", "A report by ECT, and ECTs elsewhere")
        assert named.run("check", "--fix").status == 0
        assert "A report by Example City Transport, and ECTs elsewhere" in named.read(THEME)

    def test_one_in_a_quotation_is_reported_and_left(self, named: ProjectCopy) -> None:
        put(named, "en", "They wrote “ECT is late” twice")
        before = named.files()
        ran = named.run("check", "--fix")
        assert ran.status == 1
        assert "error[avoided-form]" in ran.stdout
        assert named.files() == before

    def test_a_form_with_two_replacements_is_not_fixed(self, named: ProjectCopy) -> None:
        glossary = named.read(GLOSSARY)
        other = "  - {id: other, kind: company, name: Other Transport, says: {same: O}, avoid: [ECT]}\n"
        named.write(GLOSSARY, glossary.rstrip("\n") + "\n" + other)
        put(named, "en", "A report by ECT")
        named.run("check", "--fix")
        assert "A report by ECT" in named.read(THEME)

    def test_a_longer_name_may_contain_an_avoided_form(self, named: ProjectCopy) -> None:
        glossary = named.read(GLOSSARY)
        other = "  - {id: other, kind: company, name: ECT Museum, says: {same: O}}\n"
        named.write(GLOSSARY, glossary.rstrip("\n") + "\n" + other)
        put(named, "en", "A show in the ECT Museum")
        assert "avoided-form" not in {each.code for each in named.check()[1]}


class TestFileNames:
    def test_a_file_is_renamed_if_it_is_read_then(self, project: ProjectCopy) -> None:
        glossary = project.read(GLOSSARY)
        (project.root / GLOSSARY).rename(project.root / "content/glossary.yml")
        shown = project.run("check", "--fix", "--dry-run").stdout
        assert (
            shown
            == f"diff --git a/content/glossary.yml b/{GLOSSARY}\nrename from content/glossary.yml\nrename to {GLOSSARY}\n"
        )
        ran = project.run("check", "--fix")
        assert (ran.status, project.read(GLOSSARY)) == (0, glossary)
        assert not (project.root / "content/glossary.yml").exists()

    def test_warnings_of_a_file_that_was_not_read_are_no_hindrance(self, project: ProjectCopy) -> None:
        glossary = project.read(GLOSSARY).replace("Runs the night routes", "Runs  the night routes, “by night”, by 5MW")
        (project.root / GLOSSARY).rename(project.root / "content/glossary.yml")
        project.write("content/glossary.yml", glossary)
        ran = project.run("check", "--fix")
        assert "not fixed" not in ran.stderr
        assert "Runs the night routes, “by night”, by 5 MW" in project.read(GLOSSARY)

    def test_a_file_that_would_bring_errors_keeps_its_name(self, project: ProjectCopy) -> None:
        (project.root / GLOSSARY).rename(project.root / "content/glossary.yml")
        text = project.read("content/glossary.yml")
        project.write("content/glossary.yml", text.replace("kind:", "kinds:", 1))
        before = project.files()
        ran = project.run("check", "--fix")
        assert "not fixed[unused-file]" in ran.stderr
        assert "it would cause" in ran.stderr
        assert project.files() == before

    def test_another_file_is_never_overwritten(self, project: ProjectCopy) -> None:
        project.write("content/glossary.yml", "terms: []\n")
        before = project.files()
        project.run("check", "--fix")
        assert project.files() == before

    def test_a_file_left_under_two_names_is_cleaned_up(self, project: ProjectCopy) -> None:
        project.write("content/glossary.yml", project.read(GLOSSARY))
        project.run("check", "--fix")
        assert not (project.root / "content/glossary.yml").exists()
        assert (project.root / GLOSSARY).exists()


class TestTranslations:
    @pytest.fixture
    def recorded(self, project: ProjectCopy) -> ProjectCopy:
        project.run("translate", "accept")
        return project

    def states(self, project: ProjectCopy) -> set[str]:
        return {each.code for each in project.check()[1]}

    def test_marks_leave_accepted_translations_accepted(self, recorded: ProjectCopy) -> None:
        put(recorded, "en", 'The "city" counted  riders')
        recorded.run("translate", "accept")
        ran = recorded.run("check", "--fix")
        assert "stay accepted: no word changed" in ran.stderr
        assert (ran.status, self.states(recorded)) == (0, set())

    def test_words_make_them_stale_and_that_is_reported(self, recorded: ProjectCopy) -> None:
        put(recorded, "en", "A report by ECT")
        recorded.run("translate", "accept")
        ran = recorded.run("check", "--fix")
        assert "so their translations are stale" in ran.stderr
        assert "stale-translation" in self.states(recorded)

    def test_a_stale_translation_stays_stale(self, recorded: ProjectCopy) -> None:
        put(recorded, "en", 'The "city" counted  riders')
        record = recorded.read("content/translations.lock")
        recorded.run("check", "--fix")
        assert recorded.read("content/translations.lock") == record
        assert "stale-translation" in self.states(recorded)


def test_a_file_changed_meanwhile_is_not_overwritten(project: ProjectCopy) -> None:
    put(project, "en", 'The "city" counted riders')
    fixes = plan_fixes(project.root)
    project.write(THEME, project.read(THEME) + "# late\n")
    before = project.files()
    with pytest.raises(Exception, match="changed since"):
        fixes.write()
    assert {name: data for name, data in project.files().items() if not name.endswith(".lock")} == {
        name: data for name, data in before.items() if not name.endswith(".lock")
    }
    assert not (project.root / JOURNAL).exists()


PIECES = st.lists(
    st.sampled_from(
        [
            "乘客",
            "成本",
            ",",
            ", ",
            "(",
            ")",
            '"',
            "“",
            "”",
            "「",
            "」",
            "网路",
            "信息",
            "質量",
            "乾燥",
            "ECT",
            "city's",
            "  ",
            " ",
            "5kWh",
            "`a,b`",
            "{reader-survey/wait}",
            "**重",
            "**",
            ".",
            "...",
            ":",
            "!",
            "髮展",
            "https://e.org/,a",
        ]
    ),
    min_size=1,
    max_size=12,
)


def list_changed_texts(before: Mapping[str, bytes | str], after: Mapping[str, bytes | str]) -> set[tuple[str, int]]:
    """The files and lines of texts that differ. A text of several lines begins a line above its words."""
    changed = set()
    for name, data in before.items():
        old, new = (each.decode() if isinstance(each, bytes) else each for each in (data, after[name]))
        lines = old.split("\n")
        for at, (one, other) in enumerate(zip(lines, new.split("\n"), strict=True)):
            if one != other:
                changed.add((name, at if lines[at - 1].endswith(("|-", ">-")) else at + 1))
    return changed


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=PIECES, tag=st.sampled_from(["en", "zh-Hans", "zh-Hant"]), style=st.sampled_from(["'", '"', "|", ">"]))
def test_fixing_twice_is_fixing_once_and_touches_one_text(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], tag: str, style: str
) -> None:
    project = ProjectCopy(tmp_path_factory.mktemp("fixed") / "project")
    words = "x" + "".join(pieces).strip() + "x"
    written = {
        "'": "'" + words.replace("'", "''") + "'",
        '"': '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"',
        "|": f"|-\n      {words}",
        ">": f">-\n      {words}",
    }[style]
    old = project.read(THEME)
    put(project, tag, written)
    typed = project.read(THEME)
    unfixed, found = project.files(), read_and_check(project.root)[1]
    reported = {each.fix.text for each in found if isinstance(each.fix, TextFix)}
    before, _, after = old.partition(f"{tag}: {TEXTS[tag]}\n")
    assert typed.startswith(before)
    planned = plan_fixes(project.root)
    planned.write()
    once = project.files()
    # Exactly what a check reports is changed.
    withdrawn = {each.diagnostic.fix.text for each in planned.withdrawn if isinstance(each.diagnostic.fix, TextFix)}
    changed = list_changed_texts(unfixed, once)
    assert changed <= {(each.file, each.line) for each in reported}
    assert {(each.file, each.line) for each in reported - withdrawn} <= changed
    fixed = project.read(THEME)
    # Around the one text, every byte of the file is the same.
    assert fixed.startswith(before)
    assert fixed.endswith(after)
    again = plan_fixes(project.root)
    assert (again.contents, again.fixed) == ({}, ())
    assert {name: data for name, data in once.items() if name != THEME} == {
        name: data for name, data in project.files().items() if name != THEME
    }


def test_a_project_without_settings_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert ProjectCopy(tmp_path / "other").root.exists()
    project = ProjectCopy(tmp_path / "p")
    (project.root / SETTINGS).unlink()
    assert project.run("check", "--fix").status == 1


def test_a_glossary_under_another_suffix_is_renamed_beside_forms_that_it_forbids(project: ProjectCopy) -> None:
    project.write("content/glossary.yml", project.read("content/glossary.yaml"))
    (project.root / "content/glossary.yaml").unlink()
    project.replace(THEME, "heading: {en: What changed,", "heading: {en: What  ECT changed,")
    ran = project.run("check", "--fix")
    assert (
        ran.status,
        (project.root / "content/glossary.yaml").exists(),
        (project.root / "content/glossary.yml").exists(),
    ) == (0, True, False)
    assert "heading: {en: What Example City Transport changed," in project.read(THEME), ran.stderr


def test_a_glossary_is_renamed_though_it_reveals_what_cannot_be_fixed(project: ProjectCopy) -> None:
    glossary = project.read("content/glossary.yaml").replace("avoid: [ECT]", "avoid: [ECT, buses]")
    project.write("content/glossary.yml", glossary)
    (project.root / "content/glossary.yaml").unlink()
    project.replace(THEME, "heading: {en: What changed,", "heading: {en: “ECT” changed,")
    ran = project.run("check", "--fix")
    assert (ran.status, (project.root / "content/glossary.yaml").exists()) == (1, True)
    assert "error[avoided-form]: 'ECT' must not be used in 'en'" in ran.stdout
