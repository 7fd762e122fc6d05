"""How audiences handle stale and missing translations: the build stops, marks it, or leaves it out."""

import asyncio
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from expected_diagnostics import assert_refused
from mail_plans import Mailing, row, write_list
from projects import SETTINGS, THEME, ProjectCopy, run_brief
from readback import docx_body, html_text, pdf_text
from sample_projects import copy_sample_project

from brief import Pack, Project
from brief.model.artifact import BuildSelection
from brief.model.brief import Brief, Gate, Gates
from brief.model.diagnostics import ContentError
from brief.model.inline import Footnote, Text
from brief.model.prose import ProseParagraph
from brief.model.translation import Translation, TranslationState
from brief.model.variant import Prose
from brief.project.gating import find_gated_texts
from brief.project.publication import require_current_pack
from brief.resolve.gates import MARKS, report_gated
from brief.resolve.localise import localise_gated
from brief.resolve.select import select
from brief.translate.state import collect_translatable
from brief.web.build_service import BuildService
from brief.workers.pool import WorkerPool

COUNCIL, PUBLIC = "content/audiences/council.yaml", "content/audiences/public.yaml"
LOCK = "content/translations.lock"
TAKEAWAY = "The cost is known and stable."
MARK = "〔译文未更新〕"


@pytest.fixture
def accepted(project: ProjectCopy) -> ProjectCopy:
    """The starter project with all of its translations accepted."""
    assert project.run("translate", "accept").status == 0
    return project


@pytest.fixture
def stale(accepted: ProjectCopy) -> ProjectCopy:
    """The same after an edit of an English takeaway, which every audience reads."""
    accepted.replace(THEME, TAKEAWAY, "The cost is known.")
    return accepted


def gate(project: ProjectCopy, audience: str, gates: str) -> None:
    project.write(audience, project.read(audience) + f"gates: {gates}\n")


def words(project: ProjectCopy, audience: str, locale: str) -> dict[str, str]:
    """What the artifacts of a variant print, by format."""
    pack = Project.load(project.root).build([audience], [locale], jobs=1)
    readers = {"html": html_text, "pdf": pdf_text, "docx": docx_body}
    return {each.format: re.sub(r"\s", "", readers[each.format](each.data)) for each in pack}


class TestStop:
    def test_a_stale_text_stops_the_build_with_its_location(self, stale: ProjectCopy) -> None:
        built = stale.run("build", "--jobs", "1")
        assert built.status == 1
        for line, locale in ((15, "zh-Hans"), (16, "zh-Hant")):
            message = f"the source text has changed since this '{locale}' text was accepted"
            assert (
                f"{THEME}:{line}:14: error[stale-translation]: {message}; it stops the variants of audiences 'public', 'council'"
                in built.stderr
            )
        assert "2 errors" in built.stderr
        assert not (stale.root / "output").exists()

    def test_the_source_language_is_built_all_the_same(self, stale: ProjectCopy) -> None:
        assert stale.run("build", "-l", "en", "-f", "html", "--jobs", "1").status == 0

    def test_only_the_locales_that_are_built_are_warned_about(self, project: ProjectCopy) -> None:
        project.write(THEME, re.sub(r"\n +zh-Hant: [^\n]+", "", project.read(THEME), count=1))
        warned = {
            locale: project.run("build", "-l", locale, "-f", "html", "--jobs", "1", "--draft").stderr
            for locale in ("en", "zh-Hans", "zh-Hant")
        }
        assert "translation]" not in warned["en"]
        assert re.findall(r"\[(.*-translation)\]: .*(zh-Han.)", warned["zh-Hans"]) == [
            ("unreviewed-translation", "zh-Hans")
        ]
        assert "error[missing-translation]" in warned["zh-Hant"]
        assert "zh-Hans" not in warned["zh-Hant"]
        everything = project.run("check").stdout
        assert all(f"[{code}-translation]" in everything for code in ("unreviewed", "missing"))

    def test_check_says_what_the_build_will_do(self, stale: ProjectCopy) -> None:
        status, found = stale.check()
        assert status == 1
        assert [(each.code, each.severity) for each in found] == [("stale-translation", "error")] * 2

    def test_what_no_variant_prints_stops_nothing_and_is_a_warning(self, accepted: ProjectCopy) -> None:
        # What a claim says is printed only where it is contested.
        seed = "seeds/reader-survey.yaml"
        text = accepted.read(seed)
        said = re.search(r"says:.*?en: *([A-Z][^,\n]+)", text, re.DOTALL)
        assert said is not None
        accepted.write(seed, text.replace(said[1], said[1] + " indeed", 1))
        status, found = accepted.check()
        assert (status, {(each.code, each.severity) for each in found}) == (0, {("stale-translation", "warning")})
        assert accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0

    def test_a_damaged_record_ends_the_build(self, accepted: ProjectCopy) -> None:
        accepted.write(LOCK, accepted.read(LOCK) + "<<<<<<< ours\n")
        built = accepted.run("build", "--jobs", "1")
        assert (built.status, "bad-translation-record" in built.stderr) == (1, True)

    @pytest.mark.parametrize(
        ("origin", "code"), [("derived", "derived-translation"), ("drafted", "drafted-translation")]
    )
    def test_a_machine_s_text_stops_too(self, accepted: ProjectCopy, origin: str, code: str) -> None:
        lock = re.sub(r"(?m)^(block/council-view/text .*zh-Hant:[0-9a-f]{16})$", rf"\1:{origin}", accepted.read(LOCK))
        accepted.write(LOCK, lock)
        built = accepted.run("build", "--jobs", "1")
        assert (built.status, built.stderr.count(f"error[{code}]")) == (1, 1)
        assert "it stops the variant of audience 'council'" in built.stderr

    @pytest.mark.parametrize(
        ("origin", "made"), [("derived", "converted from another locale"), ("drafted", "drafted by a program")]
    )
    def test_a_machine_s_text_whose_source_changed_is_not_said_to_be_accepted(
        self, stale: ProjectCopy, origin: str, made: str
    ) -> None:
        name = "theme/ridership/takeaways/3"
        lock = re.sub(rf"(?m)^({name} .*zh-Hant:[0-9a-f]{{16}})$", rf"\1:{origin}", stale.read(LOCK))
        stale.write(LOCK, lock)
        built = stale.run("build", "-l", "zh-Hant", "-f", "html", "--jobs", "1")
        assert f"the source text has changed since this 'zh-Hant' text was {made}" in built.stderr


class TestUnreviewed:
    def test_a_project_that_has_accepted_nothing_is_not_warned(self, project: ProjectCopy) -> None:
        assert project.check() == (0, [])

    def test_texts_that_were_added_and_not_accepted_are_reported_once_for_each_locale(
        self, accepted: ProjectCopy
    ) -> None:
        added = "  - {en: Fares rose., zh-Hans: 票价上涨。, zh-Hant: 票價調漲。}\n"
        accepted.replace(THEME, "blocks:\n", added + "blocks:\n")
        status, found = accepted.check()
        assert (status, [(each.code, each.severity) for each in found]) == (
            0,
            [("unreviewed-translation", "warning")] * 2,
        )
        assert "1 'zh-Hans' text was never accepted" in accepted.run("check").stdout
        built = accepted.run("build", "-l", "en", "-f", "html", "--strict", "--jobs", "1")
        assert (built.status, built.stderr.count("error[unreviewed-translation]")) == (1, 2)
        assert accepted.run("translate", "accept").status == 0
        assert accepted.check() == (0, [])

    def test_a_locale_of_which_nothing_was_accepted_is_one_warning(self, project: ProjectCopy) -> None:
        assert project.run("translate", "accept", "-l", "zh-Hans").status == 0
        (found,) = project.check()[1]
        assert (found.code, found.message.split(":")[0]) == (
            "unreviewed-translation",
            "29 'zh-Hant' texts were never accepted",
        )


class TestMark:
    def test_a_stale_text_bears_its_mark_in_every_format(self, stale: ProjectCopy) -> None:
        gate(stale, COUNCIL, "{stale: mark}")
        printed = words(stale, "council", "zh-Hans")
        assert {form: text.count(MARK) for form, text in printed.items()} == dict.fromkeys(("html", "pdf", "docx"), 1)
        built = stale.run("build", "-a", "council", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
        assert (built.status, built.stderr.count("audience 'council' gets it with a mark")) == (0, 1)
        with pytest.raises(ContentError, match="it stops the variant of audience 'public'"):
            Project.load(stale.root).build(["public"], ["zh-Hans"], ["html"], jobs=1)

    def test_a_missing_text_prints_in_the_source_language(self, project: ProjectCopy) -> None:
        project.replace(THEME, "zh-Hans: 变化何在, ", "")
        assert project.run("build", "--jobs", "1").status == 1
        gate(project, COUNCIL, "{missing: mark}")
        gate(project, PUBLIC, "{missing: mark}")
        built = project.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
        assert (built.status, built.stderr.count("[missing-translation]")) == (0, 1)
        assert "it with a mark" in built.stderr
        status, found = project.check()
        assert (status, [(each.code, each.severity) for each in found]) == (0, [("missing-translation", "warning")])
        variant = Project.load(project.root).make_variant("council", "zh-Hans")
        (heading,) = (block.heading for block in variant.sections[0].blocks if block.id == "what-changed")
        assert heading is not None
        assert heading == (Text("What changed", "en"), Text("〔未翻译〕"))

    def test_long_text_bears_its_mark_in_a_paragraph_of_its_own(self, project: ProjectCopy) -> None:
        block = '  - {kind: prose, id: long, clearance: public, text: {en: "One[^n]\\n\\n[^n]: Two"}}\n'
        project.write(THEME, project.read(THEME) + block)
        for audience in (COUNCIL, PUBLIC):
            gate(project, audience, "{missing: mark}")
        variant = Project.load(project.root).make_variant("council", "zh-Hans")
        (found,) = (block for block in variant.sections[0].blocks if block.id == "long")
        assert isinstance(found, Prose)
        first, mark = found.parts
        assert isinstance(first, ProseParagraph)
        assert first.text == (Text("One", "en"), Footnote(((Text("Two", "en"),),), "a"))
        assert mark == ProseParagraph((Text("〔未翻译〕"),))

    def test_a_chart_bears_the_mark_of_its_series_in_its_title(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "{en: Riders, zh-Hans: 乘客", "{en: Passengers, zh-Hans: 乘客")
        gate(accepted, COUNCIL, "{stale: mark}")
        variant = Project.load(accepted.root).make_variant("council", "zh-Hans")
        (chart,) = (block for section in variant.sections for block in section.blocks if block.id == "riders-chart")
        assert chart.series[0].title == "乘客"  # type: ignore[union-attr]
        assert MARK in str(chart.title)  # type: ignore[union-attr]

    def test_a_derived_text_that_is_stale_obeys_both_gates(self) -> None:
        gates = Gates(stale=Gate.MARK, derived=Gate.STOP)
        assert gates.find_strictest((TranslationState.STALE, TranslationState.DERIVED)) is Gate.STOP
        assert gates.find_strictest((TranslationState.STALE,)) is Gate.MARK
        assert gates.find_strictest((TranslationState.CURRENT,)) is None

    def test_every_locale_of_ours_has_words_for_every_mark(self, starter: Project) -> None:
        for locale, catalogue in starter.brief.catalogues.items():
            assert locale == "en" or all(catalogue.has(mark, "translation") for mark in MARKS.values())


class TestWithoutRecord:
    def test_a_project_that_stops_on_unreviewed_texts_stops_if_the_record_is_gone(self, stale: ProjectCopy) -> None:
        (stale.root / LOCK).unlink()
        assert stale.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0
        stale.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [unreviewed-translation]\n")
        built = stale.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
        assert (built.status, built.stderr.count("error[unreviewed-translation]")) == (1, 2)
        stale.run("translate", "accept")
        assert stale.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0


class TestOmit:
    def test_an_entry_goes_and_the_others_stay(self, stale: ProjectCopy) -> None:
        before = Project.load(stale.root).make_variant("council", "en").sections[0]
        gate(stale, COUNCIL, "{stale: omit}")
        project = Project.load(stale.root)
        assert len(project.make_variant("council", "zh-Hans").sections[0].takeaways) == len(before.takeaways) - 1
        assert project.make_variant("council", "en").sections[0].takeaways == before.takeaways
        pack = project.build(["council"], ["zh-Hans"], ["html"], jobs=1)
        assert [(each.code, each.severity) for each in pack.diagnostics if "council" in each.message] == [
            ("stale-translation", "warning")
        ]
        assert "audience 'council' does not get it" in pack.diagnostics[0].message

    def test_a_block_goes_but_not_if_another_refers_to_it(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "should also pay for shorter waits", "should pay for shorter waits")
        gate(accepted, COUNCIL, "{stale: omit}")
        blocks = {
            block.id for block in Project.load(accepted.root).make_variant("council", "zh-Hans").sections[0].blocks
        }
        assert "council-view" not in blocks
        accepted.replace(THEME, "{en: Riders, zh-Hans: 乘客", "{en: Passengers, zh-Hans: 乘客")
        with pytest.raises(ContentError, match="it stops the variant of audience 'council'"):
            Project.load(accepted.root).build(["council"], ["zh-Hans"], ["html"], jobs=1)

    def test_a_source_text_in_the_place_of_a_missing_one_keeps_what_it_refers_to(self, accepted: ProjectCopy) -> None:
        text = re.sub(r"\n +zh-Hans: 每年[^\n]*", "", accepted.read(THEME)).replace(
            "shorter waits.", "this: [](#what-changed)."
        )
        text = text.replace("en: Whether {", "en: >-\n        Whether {").replace(
            "候車時間。", "候車時間，見[](#what-changed)。"
        )
        accepted.write(THEME, text.replace("{en: What changed,", "{en: What has changed,"))
        gate(accepted, COUNCIL, "{missing: mark, stale: omit}")
        with pytest.raises(ContentError, match=r"it stops the variants? of audiences? .*council'") as stopped:
            Project.load(accepted.root).build(["council"], ["zh-Hans"], ["html"], jobs=1)
        assert {each.code for each in stopped.value.diagnostics} == {"stale-translation"}

    def test_a_reference_to_a_missing_heading_prints_the_source_s(self, project: ProjectCopy) -> None:
        project.replace(THEME, "{en: What changed, zh-Hans: 变化何在,", "{en: What changed,")
        text = project.read(THEME).replace("[](#riders-chart)", "[](#what-changed)")
        project.write(THEME, text)
        for audience in (COUNCIL, PUBLIC):
            gate(project, audience, "{missing: mark}")
        assert "“What changed”" in str(Project.load(project.root).make_variant("council", "zh-Hans"))

    def test_what_cannot_be_left_out_stops(self, accepted: ProjectCopy) -> None:
        accepted.replace(COUNCIL, "{en: For council members,", "{en: For members of the council,")
        gate(accepted, COUNCIL, "{stale: omit}")
        with pytest.raises(ContentError, match=r"council\.yaml.*stale-translation") as stopped:
            Project.load(accepted.root).build(["council"], ["zh-Hans"], ["html"], jobs=1)
        assert "to mark it: it cannot be left out" in str(stopped.value.diagnostics[0].hint)


class TestAfterTheBuild:
    @pytest.fixture
    def built(self, accepted: ProjectCopy) -> ProjectCopy:
        assert accepted.run("build", "-f", "html", "--jobs", "1").status == 0
        return accepted

    def test_approve_refuses_a_pack_whose_project_stops_now(self, built: ProjectCopy) -> None:
        pack = str(built.root / "output" / "night-buses")
        built.replace(THEME, TAKEAWAY, "The cost is known.")
        refused = built.run("approve", pack)
        assert (refused.status, refused.stderr.count("error[stale-translation]")) == (1, 2)
        assert not list((built.root / "output").glob("*.approval.json"))
        built.run("translate", "accept")
        assert built.run("approve", pack).status == 0

    def test_a_pack_that_was_moved_away_is_approved_as_it_was_built(self, built: ProjectCopy, tmp_path: Path) -> None:
        elsewhere = tmp_path / "a" / "b" / "c" / "night-buses"
        shutil.copytree((built.root / "output" / "night-buses").resolve(), elsewhere)
        built.replace(THEME, TAKEAWAY, "The cost is known.")
        assert run_brief("approve", elsewhere, cwd=tmp_path).status == 0
        assert run_brief("approve", elsewhere, "-C", built.root, cwd=tmp_path).status == 1

    def test_translations_that_were_never_accepted_are_a_warning_for_each_locale(self, project: ProjectCopy) -> None:
        built = project.run("build", "-f", "html", "-l", "en", "-l", "zh-Hans", "--jobs", "1")
        checked = project.run("check")
        approved = project.run("approve", "output/night-buses")
        for ran, count in ((built, 1), (checked, 2), (approved, 1)):
            said = ran.stdout + ran.stderr
            assert (ran.status, said.count("warning[unreviewed-translation]")) == (0, count)
            assert "'zh-Hans' texts were never accepted" in said
        project.run("translate", "accept")
        assert project.run("approve", "output/night-buses").stderr == ""
        assert project.run("check").stdout == ""

    def test_where_some_were_accepted_approving_warns_of_the_others(self, project: ProjectCopy) -> None:
        assert project.run("translate", "accept", "block/what-changed").status == 0
        assert project.run("build", "-f", "html", "--jobs", "1").status == 0
        assert project.run("approve", "output/night-buses").stderr.count("warning[unreviewed-translation]") == 2

    @pytest.mark.parametrize("setting", ["", "strict: true", "stop_on: [unreviewed-translation]"])
    def test_they_stop_a_strict_build(self, project: ProjectCopy, setting: str) -> None:
        project.replace(SETTINGS, "template_set: base\n", f"template_set: base\n{setting}\n")
        built = project.run("build", "-f", "html", "--jobs", "1", *([] if setting else ["--strict"]))
        assert (built.status, built.stderr.count("error[unreviewed-translation]")) == (1, 2)
        assert not (project.root / "output").exists()

    def test_a_project_in_one_language_has_nothing_to_accept(self, tmp_path: Path) -> None:
        assert run_brief("new", "one", "-l", "de", cwd=tmp_path).status == 0
        assert not (tmp_path / "one" / LOCK).exists()
        assert run_brief("check", "-C", "one", cwd=tmp_path).stdout == ""

    def test_mail_is_neither_planned_nor_sent(self, built: ProjectCopy) -> None:
        mailing = Mailing.of(built)
        people = write_list(row("ann@example.org", locale="zh-Hans"))
        assert mailing.plan(people).status == 0
        built.replace(THEME, TAKEAWAY, "The cost is known.")
        sent = run_brief("mail", "send", "plan.json", cwd=mailing.folder)
        assert (sent.status, sent.stderr.count("error[stale-translation]")) == (1, 2)
        again = mailing.plan(people)
        assert (again.status, "error[stale-translation]" in again.stderr) == (1, True)
        assert mailing.plan(write_list(row("ann@example.org", locale="en"))).status == 0

    @pytest.mark.parametrize("action", ["mark", "omit"])
    def test_a_pack_without_the_mark_is_approved_and_sent_with_warnings(
        self, accepted: ProjectCopy, action: str
    ) -> None:
        for audience in (COUNCIL, PUBLIC):
            gate(accepted, audience, f"{{stale: {action}}}")
        assert accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0
        mailing = Mailing.of(accepted)
        assert mailing.plan(write_list(row("ann@example.org", locale="zh-Hans"))).status == 0
        pack = str(accepted.root / "output" / "night-buses")
        assert accepted.run("approve", pack).stderr == ""
        accepted.replace(THEME, TAKEAWAY, "The cost is known.")
        sent = run_brief("mail", "send", "plan.json", cwd=mailing.folder)
        for run in (accepted.run("approve", pack), sent):
            assert run.stderr.count("warning[stale-translation]") == 1
            assert "the pack's 'council.zh-Hans' was made from other content" in run.stderr
        accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
        again = accepted.run("approve", pack)
        assert (again.status, "pack-outdated" in again.stderr) == (0, False)

    def test_a_dry_run_writes_no_message_of_a_stopped_pack(self, accepted: ProjectCopy) -> None:
        assert accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0
        mailing = Mailing.of(accepted)
        assert mailing.plan(write_list(row("ann@example.org", locale="zh-Hans"))).status == 0
        accepted.replace(THEME, TAKEAWAY, "The cost is known.")
        tried = run_brief("mail", "send", "plan.json", "--dry-run", "letters", cwd=mailing.folder)
        assert (tried.status, "error[stale-translation]" in tried.stderr) == (1, True)
        assert not (mailing.folder / "letters").exists()


STRICT = ("strict: true", "stop_on: [unused-file, missing-glyph]")


class TestStrictAfterTheBuild:
    """The project stops on warnings since its pack was built."""

    @pytest.fixture
    def mailing(self, project: ProjectCopy) -> Mailing:
        project.accept_translations()
        project.write("content/themes/spare.yaml", "id: spare\n")
        assert project.run("build", "-f", "html", "--jobs", "1").status == 0
        return Mailing.of(project)

    @pytest.mark.parametrize("setting", STRICT)
    def test_the_pack_is_neither_approved_nor_planned_nor_sent(self, mailing: Mailing, setting: str) -> None:
        people = write_list(row("ann@example.org"))
        assert mailing.plan(people).status == 0
        mailing.project.replace(SETTINGS, "template_set: base\n", f"template_set: base\n{setting}\n")
        refused = {
            "build": mailing.project.run("build", "-f", "html", "--jobs", "1"),
            "build --zip": mailing.project.run("build", "-f", "html", "--zip", "--jobs", "1"),
            "approve": mailing.project.run("approve", str(mailing.project.root / "output" / "night-buses")),
            "mail send": run_brief("mail", "send", "plan.json", cwd=mailing.folder),
            "mail send --dry-run": run_brief("mail", "send", "plan.json", "--dry-run", "letters", cwd=mailing.folder),
            "mail plan": mailing.plan(people),
            "mail plan --dry-run": mailing.plan(people, "--dry-run", "letters"),
        }
        wrong = {
            name: run for name, run in refused.items() if run.status != 1 or "error[unused-file]" not in run.stderr
        }
        assert not wrong
        assert not (mailing.folder / "letters").exists()
        (mailing.project.root / "content/themes/spare.yaml").unlink()
        assert mailing.plan(people).status == 0

    def test_a_warning_of_an_unlisted_code_stops_nothing(self, mailing: Mailing) -> None:
        mailing.project.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [wrong-script]\n")
        assert mailing.plan(write_list(row("ann@example.org"))).status == 0

    def test_what_only_a_check_finds_stops_the_pages_of_the_service_too(self, project: ProjectCopy) -> None:
        project.replace(THEME, TAKEAWAY, "The cost is known and stable \U00013000.")
        project.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [missing-glyph]\n")
        with pytest.raises(ContentError, match="missing-glyph"):
            Project.load(project.root).build(["public"], ["en"], ["html"], jobs=1)

    def test_the_manifest_keeps_the_warnings_of_the_build(self, accepted: ProjectCopy) -> None:
        for audience in (COUNCIL, PUBLIC):
            gate(accepted, audience, "{stale: mark}")
        before = accepted.read(THEME)
        accepted.replace(THEME, TAKEAWAY, "The cost is known.")
        assert accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1").status == 0
        pack = str(accepted.root / "output" / "night-buses")
        assert json.loads((Path(pack) / "manifest.json").read_text())["warnings"] == ["stale-translation"]
        # The project has no stale text any more, but the pack has.
        accepted.write(THEME, before)
        assert accepted.run("approve", pack).status == 0
        accepted.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [stale-translation]\n")
        refused = accepted.run("approve", pack)
        assert (refused.status, refused.stderr.count("error[stopped-pack]")) == (1, 1)
        with pytest.raises(ContentError, match=r"\[stopped-pack\]"):
            require_current_pack(Path(pack))
        accepted.run("build", "-l", "zh-Hans", "-f", "html", "--jobs", "1")
        assert accepted.run("approve", pack).status == 0

    @pytest.mark.parametrize(("later", "status"), [("stop", 1), ("mark", 0), ("omit", 0)])
    def test_a_gate_that_changed_since_applies(self, accepted: ProjectCopy, later: str, status: int) -> None:
        for audience in (COUNCIL, PUBLIC):
            gate(accepted, audience, "{stale: mark}")
        accepted.replace(THEME, TAKEAWAY, "The cost is known.")
        assert accepted.run("build", "-f", "html", "--jobs", "1").status == 0
        mailing = Mailing.of(accepted)
        people = write_list(row("ann@example.org", locale="zh-Hans"))
        assert mailing.plan(people).status == 0
        accepted.replace(COUNCIL, "{stale: mark}", f"{{stale: {later}}}")
        dry = ("mail", "send", "plan.json", "--dry-run", "letters")
        for run in (
            accepted.run("approve", str(accepted.root / "output" / "night-buses")),
            run_brief(*dry, cwd=mailing.folder),
            mailing.plan(people),
        ):
            assert run.status == status
            assert "stale-translation" in run.stderr
            assert status == 1 or ("pack-outdated" in run.stderr) == (later == "omit")
        if later == "stop":
            assert mailing.plan(write_list(row("bob@example.org", audience="public", locale="zh-Hans"))).status == 0


class TestOutdatedPack:
    """The project is sound, but would build something else now."""

    @pytest.fixture
    def mailing(self, accepted: ProjectCopy) -> Mailing:
        assert accepted.run("build", "-f", "html", "--jobs", "1").status == 0
        return Mailing.of(accepted)

    def test_approve_and_send_say_so(self, mailing: Mailing) -> None:
        assert mailing.plan(write_list(row("ann@example.org"))).status == 0
        pack = str(mailing.project.root / "output" / "night-buses")
        assert "pack-outdated" not in mailing.project.run("approve", pack).stderr
        mailing.project.replace(THEME, TAKEAWAY, "The cost is known.")
        assert mailing.project.run("translate", "accept").status == 0
        for run in (
            mailing.project.run("approve", pack),
            run_brief("mail", "send", "plan.json", "--dry-run", "letters", cwd=mailing.folder),
        ):
            assert (run.status, run.stderr.count("warning[pack-outdated]")) == (0, 2)
            assert "the pack's 'council.en' was made from other content" in run.stderr

    def test_a_pack_by_the_other_engine_is_not_outdated(self, accepted: ProjectCopy) -> None:
        options = ("-l", "en", "-a", "council", "-f", "pdf", "--pdf-engine", "typst", "--jobs", "1")
        assert accepted.run("build", *options).status == 0
        assert accepted.run("approve", str(accepted.root / "output" / "night-buses")).stderr == ""


class TestStrict:
    def test_warnings_stop_a_strict_build(self, project: ProjectCopy) -> None:
        project.write("content/themes/spare.yaml", "id: spare\n")
        assert project.run("build", "-l", "en", "-f", "html", "--jobs", "1").status == 0
        built = project.run("build", "-l", "en", "-f", "html", "--jobs", "1", "--strict")
        assert (built.status, "error[unused-file]" in built.stderr) == (1, True)
        project.replace(SETTINGS, "template_set: base\n", "template_set: base\nstrict: true\n")
        assert project.run("build", "-l", "en", "-f", "html", "--jobs", "1").status == 1
        assert project.check()[0] == 1
        with pytest.raises(ContentError, match="unused-file"):
            Project.load(project.root).build(["public"], ["en"], ["html"], jobs=1)

    def test_a_project_lists_what_stops_it(self, project: ProjectCopy) -> None:
        project.write("content/themes/spare.yaml", "id: spare\n")
        project.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [wrong-script]\n")
        assert project.run("build", "-l", "en", "-f", "html", "--jobs", "1").status == 0
        project.replace(SETTINGS, "[wrong-script]", "[wrong-script, unused-file]")
        built = project.run("build", "-l", "en", "-f", "html", "--jobs", "1")
        assert (built.status, "error[unused-file]" in built.stderr) == (1, True)

    def test_a_misspelt_code_would_stop_nothing(self, project: ProjectCopy) -> None:
        place = project.replace(SETTINGS, "template_set: base\n", "template_set: base\nstop_on: [▸unused-fil]\n")
        assert_refused(project, "unknown-code", place, "did you mean 'unused-file'?")

    def test_a_gate_is_one_of_three(self, project: ProjectCopy) -> None:
        gate(project, COUNCIL, "{stale: ▸warn}")
        place = project.mark(COUNCIL, project.read(COUNCIL))
        assert_refused(project, "unknown-gate", place, "stop, mark, omit")


def test_the_web_service_refuses_what_a_gate_stops(stale: ProjectCopy) -> None:
    service = BuildService(stale.root, WorkerPool(1), 1)

    async def ask(locale: str) -> Pack:
        return await service.build_pack(await service.get_current(), BuildSelection(("council",), (locale,), ("html",)))

    try:
        with pytest.raises(ContentError, match="it stops the variant of audience 'council'"):
            asyncio.run(ask("zh-Hans"))
    finally:
        service.close()


@pytest.fixture(scope="module")
def sample_briefs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Brief]:
    folder = tmp_path_factory.mktemp("samples")
    return {name: Project.load(copy_sample_project(name, folder / name).root).brief for name in ("energy", "finance")}


@pytest.mark.parametrize("gates", [Gates(), Gates(stale=Gate.MARK), Gates(stale=Gate.OMIT)])
@pytest.mark.parametrize("chapters", [("theme", "brief", "audiences"), ("theme", "glossary", "sources", "brief")])
@pytest.mark.parametrize("name", ["energy", "finance"])
def test_what_gates_decide_is_known_without_localising(
    name: str, chapters: tuple[str, ...], gates: Gates, sample_briefs: Mapping[str, Brief]
) -> None:
    """The findings are those of localising every variant in full."""
    brief = sample_briefs[name]
    texts, _ = collect_translatable(brief)
    stale = {
        (text.text.location, locale): Translation(text, locale, TranslationState.STALE, text.text.location)
        for text in texts.values()
        for locale in brief.locales[1:]
        if text.chapter.startswith(chapters)
    }
    audiences = {each: replace(audience, gates=gates) for each, audience in brief.audiences.items()}
    brief = replace(brief, translations=stale, audiences=audiences)
    variants = [(audience, locale) for audience in brief.audiences for locale in brief.locales]
    localised = report_gated((each, localise_gated(select(brief, each), locale)[1]) for each, locale in variants)
    found = find_gated_texts(brief, variants)
    assert len(found) > 10
    assert sorted(map(str, found)) == sorted(map(str, localised))


class TestRemedies:
    """A hint offers only what the audience's file can ask for."""

    @pytest.mark.parametrize(
        ("old", "new", "remedy"),
        [
            (TAKEAWAY, "The cost is known.", "to mark or omit it"),
            ("title: {en: Night buses", "title: {en: Late buses", "to mark it: it cannot be left out"),
        ],
    )
    def test_leaving_out_is_offered_where_it_can_be_done(
        self, accepted: ProjectCopy, old: str, new: str, remedy: str
    ) -> None:
        name = THEME if old in accepted.read(THEME) else SETTINGS
        accepted.write(name, accepted.read(name).replace(old, new, 1))
        _, found = accepted.check()
        stopped = [each for each in found if each.code == "stale-translation"]
        assert len(stopped) == 2
        assert all(each.hint.endswith(f"; or set 'gates' in the audience's file {remedy}") for each in stopped)

    def test_a_block_to_which_a_text_refers_cannot_be_left_out(self, accepted: ProjectCopy) -> None:
        block = "  - kind: paragraph\n    id: odd\n    text: {en: 'One.', zh-Hans: 一。, zh-Hant: 一。}\n    depth: summary\n"
        accepted.write(THEME, accepted.read(THEME) + block + "    heading: {en: Odd, zh-Hans: 奇, zh-Hant: 奇}\n")
        assert accepted.run("translate", "accept").status == 0
        accepted.write(THEME, accepted.read(THEME).replace("'One.'", "'Two.'"))
        assert {each.hint.rpartition("file ")[2] for each in accepted.check()[1]} == {"to mark or omit it"}
        referring = (
            "  - kind: paragraph\n    id: even\n    depth: summary\n"
            "    text: {en: 'See [](#odd).', zh-Hans: '见[](#odd)。', zh-Hant: '見[](#odd)。'}\n"
        )
        accepted.write(THEME, accepted.read(THEME) + referring)
        stale = [each for each in accepted.check()[1] if each.code == "stale-translation"]
        assert {each.hint.rpartition("file ")[2] for each in stale} == {"to mark it: it cannot be left out"}

    def test_a_text_without_words_in_the_source_language_can_only_be_left_out(self, accepted: ProjectCopy) -> None:
        text = accepted.read(THEME)
        accepted.write(THEME, text.replace(f"  - en: {TAKEAWAY}\n", "  - en: ''\n", 1))
        hints = {each.hint for each in accepted.check()[1] if each.severity == "error"}
        assert hints
        assert not [hint for hint in hints if "to mark" in hint]
