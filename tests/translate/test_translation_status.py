"""`brief translate status` and `accept`: what is missing, what is stale, and how it comes to be current."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from projects import SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.build.fingerprint import fingerprint_inputs
from brief.project.translations import Translations

LOCK = "content/translations.lock"
TEXT = "block/council-view/text"


@pytest.fixture
def accepted(project: ProjectCopy) -> ProjectCopy:
    """The starter project with all of its translations accepted."""
    assert project.run("translate", "accept").status == 0
    return project


def status(project: ProjectCopy, *options: str) -> dict[str, Any]:
    ran = project.run("translate", "status", "--json", *options)
    assert ran.status == 0, ran.stderr
    locales: dict[str, Any] = json.loads(ran.stdout)["locales"]
    return locales


def to_do(project: ProjectCopy, locale: str = "zh-Hans") -> dict[str, str]:
    return {text["id"]: text["state"] for text in status(project)[locale]["to_do"]}


class TestStatus:
    def test_what_was_never_accepted_is_unreviewed_and_not_stale(self, project: ProjectCopy) -> None:
        found = status(project)
        for locale in ("zh-Hans", "zh-Hant"):
            assert (found[locale]["missing"], found[locale]["stale"]) == (0, 0)
            assert found[locale]["unreviewed"] == found[locale]["texts"] > 0
        assert found["en"]["to_do"] == []
        assert "then run 'brief translate accept'" in project.run("translate", "status").stderr

    def test_a_changed_source_text_makes_its_translations_stale(self, accepted: ProjectCopy) -> None:
        assert to_do(accepted) == {}
        accepted.replace(THEME, "should also pay for shorter waits", "should pay for shorter waits")
        assert to_do(accepted, "zh-Hans") == to_do(accepted, "zh-Hant") == {TEXT: "stale"}

    def test_a_changed_translation_makes_nothing_stale(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "是否应同时用于缩短候车时间。", "是否也应用于缩短候车时间。")
        assert to_do(accepted) == {}

    def test_other_line_breaks_in_a_source_text_change_nothing(self, accepted: ProjectCopy) -> None:
        accepted.replace(
            THEME,
            "en: Whether {reader-survey/yearly-cost} a",
            "en: |\n        Whether {reader-survey/yearly-cost}\n        a",
        )
        assert to_do(accepted) == {}

    def test_a_missing_text_has_its_location_and_counts_for_its_theme(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "zh-Hans: 变化何在, ", "")
        found = status(accepted)["zh-Hans"]
        counted = found["chapters"]["theme ridership"]
        assert {state: counted[state] for state in ("missing", "stale", "derived", "drafted", "unreviewed")} == {
            "missing": 1,
            "stale": 0,
            "derived": 0,
            "drafted": 0,
            "unreviewed": 0,
        }
        assert counted["words"] - counted["words_done"] == 2
        assert [(t["id"], t["state"], t["file"], t["line"], t["column"]) for t in found["to_do"]] == [
            ("block/what-changed/heading", "missing", THEME, 27, 14)
        ]

    def test_an_empty_text_is_missing(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "zh-Hans: 变化何在,", 'zh-Hans: "",')
        assert to_do(accepted) == {"block/what-changed/heading": "missing"}

    def test_for_people_it_names_each_place_and_counts(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "zh-Hans: 变化何在, ", "")
        accepted.replace(THEME, "The cost is known and stable.", "The cost is known.")
        ran = accepted.run("translate", "status", "-l", "zh-Hans")
        assert (ran.status, ran.stderr) == (0, "")
        assert ran.stdout == (
            "zh-Hans: 96% of 152 words, 27 of 29 texts; 1 missing, 1 stale\n"
            "  theme ridership: 91% of 69 words, 12 of 14 texts; 1 missing, 1 stale\n"
            "  audience public: 95% of 75 words, 14 of 15 texts; 1 stale\n"
            "  audience council: 94% of 107 words, 21 of 23 texts; 1 missing, 1 stale\n"
            "  content/themes/ridership.yaml:15:14: stale theme/ridership/takeaways/3 “The cost is known.”\n"
            "  content/themes/ridership.yaml:27:14: missing block/what-changed/heading “What changed”\n"
        )

    def test_a_text_for_every_locale_is_nobodys_to_translate(self, project: ProjectCopy) -> None:
        project.replace(THEME, "{en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}", "BRT")
        assert "block/riders-chart/series/1/title" not in to_do(project)

    def test_a_file_that_cannot_be_read_is_reported_and_nothing_is_counted(self, project: ProjectCopy) -> None:
        project.write(THEME, "id: [")
        ran = project.run("translate", "status")
        assert (ran.status, ran.stdout) == (1, "")
        assert f"{THEME}:" in ran.stderr

    def test_two_records_of_one_id_are_reported(self, project: ProjectCopy) -> None:
        project.replace(THEME, "id: council-view", "id: what-changed")
        ran = project.run("translate", "status")
        assert ran.status == 1
        assert "error[duplicate-id]: two texts are called 'block/what-changed/text'" in ran.stderr

    def test_another_locale_is_a_wrong_usage(self, project: ProjectCopy) -> None:
        ran = project.run("translate", "status", "-l", "zh-hans")
        assert ran.status == 2
        assert "did you mean 'zh-Hans'?" in ran.stderr

    def test_check_reports_a_stale_translation_at_its_location(self, accepted: ProjectCopy) -> None:
        assert accepted.check() == (0, [])
        accepted.replace(THEME, "The cost is known and stable.", "The cost is known.")
        code, found = accepted.check()
        assert code == 1
        assert [(f.code, f.severity, f.where) for f in found] == [
            ("stale-translation", "error", (THEME, 15, 14)),
            ("stale-translation", "error", (THEME, 16, 14)),
        ]
        assert "'brief translate accept -l zh-Hans theme/ridership/takeaways/3'" in found[0].hint


class TestAccept:
    def test_it_takes_one_locale_and_one_record(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "should also pay for shorter waits", "should pay for shorter waits")
        accepted.replace(THEME, "The cost is known and stable.", "The cost is known.")
        assert (
            accepted.run("translate", "accept", "-l", "zh-Hant", "block/council-view").stdout == "zh-Hant: 1 accepted\n"
        )
        assert to_do(accepted, "zh-Hant") == {"theme/ridership/takeaways/3": "stale"}
        assert to_do(accepted, "zh-Hans") == {"theme/ridership/takeaways/3": "stale", TEXT: "stale"}

    def test_one_line_changes_with_one_text(self, accepted: ProjectCopy) -> None:
        before = accepted.read(LOCK).splitlines()
        accepted.replace(THEME, "should also pay for shorter waits", "should pay for shorter waits")
        accepted.run("translate", "accept")
        after = accepted.read(LOCK).splitlines()
        assert before[1:] == sorted(before[1:])
        assert [one for one, other in zip(before, after, strict=True) if one != other] == [
            next(line for line in before if line.startswith(f"{TEXT} "))
        ]

    def test_a_second_time_changes_nothing(self, accepted: ProjectCopy) -> None:
        before = accepted.files()
        ran = accepted.run("translate", "accept")
        assert (ran.status, ran.stdout) == (0, "")
        assert accepted.files() == before

    def test_texts_and_locales_that_are_gone_leave_the_record(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "id: council-view", "id: to-decide")
        accepted.replace(SETTINGS, "zh-Hans, zh-Hant]", "zh-Hans]")
        accepted.run("translate", "accept")
        assert "block/council-view" not in accepted.read(LOCK)
        assert "zh-Hant:" not in accepted.read(LOCK)
        assert "block/to-decide/text zh-Hans:" in accepted.read(LOCK)

    def test_a_missing_text_is_not_accepted(self, project: ProjectCopy) -> None:
        project.replace(THEME, "zh-Hans: 变化何在, ", "")
        project.run("translate", "accept")
        assert to_do(project) == {"block/what-changed/heading": "missing"}

    def test_an_unknown_text_is_a_wrong_usage(self, accepted: ProjectCopy) -> None:
        ran = accepted.run("translate", "accept", "block/council-vew/text")
        assert ran.status == 2
        assert f"did you mean '{TEXT}'?" in ran.stderr

    def test_a_record_that_cannot_be_written_says_so(self, project: ProjectCopy) -> None:
        (project.root / LOCK).mkdir()
        ran = project.run("translate", "accept")
        assert ran.status == 1
        assert f"{LOCK}: error[unreadable-file]" in ran.stderr


class TestRecord:
    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("<<<<<<< HEAD", "keep the lines of both sides"),
            ("block/what-changed/text", "this line is malformed: expected an id and digests"),
            ("block/what-changed/text zh-Hans:12", "this line is malformed: expected an id and digests"),
            ("brief/title zh-Hans:0123456789abcdef", "'brief/title' is recorded twice"),
        ],
    )
    def test_a_bad_line_is_reported_with_its_location(self, accepted: ProjectCopy, line: str, says: str) -> None:
        lines = accepted.read(LOCK).splitlines()
        accepted.write(LOCK, "\n".join([*lines, line]) + "\n")
        for command in (("translate", "status"), ("check",)):
            ran = accepted.run(*command)
            assert ran.status == 1
            said = ran.stdout + ran.stderr
            assert f"{LOCK}:{len(lines) + 1}:1: error[bad-translation-record]" in said
            assert says in said

    def test_it_shapes_no_artifact(self, project: ProjectCopy) -> None:
        def digests() -> list[str]:
            loaded = Project.load(project.root)
            return [
                fingerprint_inputs(loaded.make_variant(a, "zh-Hant"), loaded.template_set, {})
                for a in ("public", "council")
            ]

        before = digests()
        project.run("translate", "accept")
        assert (project.root / LOCK).exists()
        assert digests() == before


def test_two_branches_that_accept_different_texts_merge(accepted: ProjectCopy) -> None:
    def git(*args: str) -> None:
        name = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *name, *args], cwd=accepted.root, check=True, capture_output=True)

    git("init")
    git("add", "-A")
    git("commit", "-m", "start")
    for branch, old, new in (
        ("one", "The cost is known and stable.", "The cost is known."),
        ("two", "en: Night buses after one year", "en: Night buses one year on"),
    ):
        git("checkout", "-b", branch, "main")
        accepted.replace(THEME if branch == "one" else SETTINGS, old, new)
        accepted.run("translate", "accept")
        git("commit", "-am", branch)
    git("merge", "--no-edit", "one")
    assert to_do(accepted) == to_do(accepted, "zh-Hant") == {}


def test_the_briefing_of_this_repository_has_current_translations() -> None:
    found = Translations.load(Path(__file__).parents[2]).assess()
    behind = [f"{t.location}: {t.text.id} {t.locale} {t.state}" for t in found if t.state != "current"]
    assert behind == [], "look at these translations, then run 'brief translate accept'"


def test_an_emptied_record_is_not_taken_for_none(accepted: ProjectCopy) -> None:
    """Stale translations would become unreviewed, and the check would pass."""
    accepted.write(LOCK, "")
    for command in (("check",), ("translate", "status")):
        ran = accepted.run(*command)
        assert ran.status == 1
        assert f"{LOCK}:1:1: error[bad-translation-record]: the file is empty" in ran.stdout + ran.stderr
    (accepted.root / LOCK).unlink()
    assert accepted.run("check").status == 0
