"""`brief new`: every starter is a project without problems, in the locales and for the audiences that were chosen."""

import json
import os
import pty
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from projects import Run, run_brief

from brief import Project
from brief.project.checking import check_project
from brief.project.new_project import DEFAULT_LOCALES, LOCALES, STARTERS
from brief.reading.schema import FILES


def new(folder: Path, *options: str) -> Run:
    return run_brief("new", folder, *options, cwd=folder.parent)


_CHOICES = [
    (name, locales, audiences)
    for name, starter in STARTERS.items()
    for locales, audiences in [(("zh-Hant", "en"), starter.audiences[1:]), (DEFAULT_LOCALES, starter.audiences)]
]


@pytest.mark.parametrize(("name", "locales", "audiences"), _CHOICES)
def test_a_starter_has_no_problems_in_any_choice(
    tmp_path: Path, name: str, locales: tuple[str, ...], audiences: tuple[str, ...]
) -> None:
    folder = tmp_path / "project"
    chosen = [*(f"-l{each}" for each in locales), *(f"-a{each}" for each in audiences)]
    assert new(folder, "--starter", name, *chosen).status == 0
    checked = run_brief("check", "--format", "json", cwd=folder)
    assert (checked.status, json.loads(checked.stdout)) == (0, [])
    brief = Project.load(folder).brief
    assert (tuple(brief.locales), tuple(brief.audiences)) == (locales, audiences)
    listed = (folder / "recipients.csv").read_text("utf-8").splitlines()[1:]
    assert {tuple(row.split(",")[2:]) for row in listed} <= set(product(audiences, locales))


@pytest.mark.parametrize("name", STARTERS)
def test_a_new_project_reports_what_has_neither_clearance_nor_claim(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "project"
    assert new(folder, "--starter", name, "-l", "en").status == 0
    theme = min((folder / "content/themes").iterdir())
    stated = "  - kind: paragraph\n    id: stated\n    text: {en: Trust has grown.}\n"
    theme.write_text(theme.read_text("utf-8") + stated, "utf-8")
    assert "missing-key" in run_brief("check", cwd=folder).stdout
    theme.write_text(theme.read_text("utf-8") + "    clearance: public\n", "utf-8")
    found = json.loads(run_brief("check", "--format", "json", cwd=folder).stdout)
    assert "unsupported-block" in [each["code"] for each in found]


def test_its_own_title_and_name_are_printed(tmp_path: Path) -> None:
    folder = tmp_path / "fleet-2026"
    titles = ["--title", "Fleet: a review", "--title", "zh-Hans=车队：回顾"]
    chosen = ["-l", "en", "-l", "zh-Hans", "--look", "board", "--starter", "one-page"]
    assert new(folder, *titles, *chosen).status == 0
    built = run_brief("build", "-f", "html", cwd=folder)
    assert built.status == 0, built.stderr
    page = (folder / "output/fleet-2026/owners/fleet-2026.owners.zh-Hans.html").read_text("utf-8")
    assert "车队：回顾" in page
    assert "Fleet" not in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-l", "en,zh-Hans"], "is not one locale; write -l en -l zh-Hans"),
        (["-l", "it"], "have no texts in 'it'; they have en, zh-Hans, zh-Hant"),
        (["-a", "board"], "has no audience 'board'; it has public, council"),
        (["--title", "Mine"], "add --title zh-Hans=TITLE"),
        (["--title", "zh-Hant=我的", "-l", "en"], "the title is in 'zh-Hant', which is not a locale of the project"),
    ],
)
def test_a_choice_that_it_does_not_have_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    ran = new(tmp_path / "project", *options)
    assert (ran.status, said in ran.stderr) == (2, True), ran.stderr
    assert not (tmp_path / "project").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert new(tmp_path).status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_editors_find_the_schema_of_every_content_file(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    new(folder, "--starter", "quarterly")
    assert {path.stem for path in (folder / ".schema").iterdir()} == set(FILES)
    files = [*folder.rglob("content/**/*.yaml"), *folder.rglob("seeds/*.yaml")]
    titles = {}
    for file in files:
        first, _, _ = file.read_text("utf-8").partition("\n")
        schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        titles[file.stem] = json.loads(schema.read_text("utf-8"))["title"].removeprefix("brief: ")
    of_themes, of_audiences = (
        dict.fromkeys(("results", "districts"), "theme"),
        dict.fromkeys(("public", "board"), "audience"),
    )
    assert titles == {"brief": "brief", "ledger": "source"} | of_themes | of_audiences


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "brief", "new", str(tmp_path / "project")]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "dumb"})
    os.close(theirs)
    os.write(ours, b"quarterly\nzh-Hant, en\nboard\nn\n\n")
    assert process.wait(60) == 0
    os.close(ours)
    brief = Project.load(tmp_path / "project").brief
    assert (tuple(brief.locales), tuple(brief.audiences)) == (("zh-Hant", "en"), ("board",))
    assert brief.settings.source_locale == "zh-Hant"


@pytest.mark.parametrize(("starter", "locale"), list(product(STARTERS, LOCALES)))
def test_each_starter_is_complete_in_each_locale(tmp_path: Path, starter: str, locale: str) -> None:
    folder = tmp_path / "new"
    assert new(folder, "--starter", starter, "-l", locale).status == 0
    assert check_project(folder) == ()
    assert (folder / "recipients.csv").read_text("utf-8").count(f",{locale}\n") == 1


def test_the_first_edit_of_a_source_text_says_what_is_stale_and_what_to_type(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    assert new(folder, "--starter", "one-page", "-l", "en", "-l", "zh-Hans", "-l", "ja").status == 0
    theme = folder / "content/themes/flats.yaml"
    theme.write_text(theme.read_text("utf-8").replace("A heat pump cut", "A heat pump will cut", 1), "utf-8")
    built = run_brief("build", "-f", "html", cwd=folder)
    assert (built.status, built.stderr.count("error[stale-translation]")) == (1, 2)
    for locale in ("zh-Hans", "ja"):
        command = f"brief translate accept -l {locale} theme/flats/summary"
        assert f"review it, then run '{command}'" in built.stderr
        assert run_brief(*command.split()[1:], cwd=folder).status == 0
    assert run_brief("build", "-f", "html", "--strict", cwd=folder).status == 0


def test_new_texts_in_all_languages_are_a_warning_until_they_are_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    assert new(folder, "--starter", "one-page", "-l", "en", "-l", "zh-Hans").status == 0
    theme = folder / "content/themes/flats.yaml"
    block = "  - {kind: paragraph, id: next, clearance: public, depth: summary, judgement: true, text: {en: Next., zh-Hans: 下一步。}}\n"
    theme.write_text(theme.read_text("utf-8") + block, "utf-8")
    built = run_brief("build", "-f", "html", cwd=folder)
    assert (built.status, built.stderr.count("warning[")) == (0, 1)
    assert "1 'zh-Hans' text was never accepted" in built.stderr
    assert run_brief("translate", "accept", "-l", "zh-Hans", cwd=folder).status == 0
    assert "warning[" not in run_brief("build", "-f", "html", cwd=folder).stderr


def test_a_title_with_a_mistake_is_reported_and_not_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    titles = ("--title", "en=Costs in {braces", "--title", "zh-Hans=成本")
    assert new(folder, "-l", "en", "-l", "zh-Hans", *titles).status == 0
    assert run_brief("check", cwd=folder).status == 1
