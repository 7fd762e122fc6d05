"""A missing text stops the variants that would print it, and no others."""

import asyncio
import re

import pytest
from mail_plans import Mailing, row, write_list
from projects import SETTINGS, THEME, ProjectCopy, run_brief

from brief import Project
from brief.model.artifact import BuildSelection
from brief.model.diagnostics import ContentError
from brief.model.inline import Text, to_plain_text
from brief.web.build_service import BuildService
from brief.workers.pool import WorkerPool

COUNCIL, PUBLIC = "content/audiences/council.yaml", "content/audiences/public.yaml"
GLOSSARY, SEED = "content/glossary.yaml", "seeds/reader-survey.yaml"
MARK = "〔尚未翻譯〕"
# A text that both audiences read, and one that only the council reads.
SHARED, COUNCIL_ONLY = "zh-Hant: 成本清楚，且維持穩定。", ", zh-Hant: 待決事項"


def gate(project: ProjectCopy, audience: str, action: str) -> None:
    project.write(audience, project.read(audience) + f"gates: {{missing: {action}}}\n")


def build(project: ProjectCopy, audience: str, locale: str, *options: str) -> tuple[int, str]:
    ran = project.run("build", "-a", audience, "-l", locale, "-f", "html", "--replace", "--jobs", "1", *options)
    return ran.status, ran.stderr


class TestGatesOfEachAudience:
    def test_the_audience_that_marks_gets_its_mark_although_another_stops(self, project: ProjectCopy) -> None:
        project.replace(THEME, SHARED, "")
        gate(project, PUBLIC, "mark")
        status, said = build(project, "public", "zh-Hant")
        assert (status, said.count("audience 'public' gets it with a mark")) == (0, 1)
        (page,) = (project.root / "output").rglob("*.public.zh-Hant.html")
        assert re.search(f'<span lang="en">The cost is known and stable.</span>\\s*{MARK}', page.read_text("utf-8"))
        status, said = build(project, "council", "zh-Hant")
        assert (status, "it stops the variant of audience 'council'" in said) == (1, True)

    @pytest.mark.parametrize("action", ["stop", "mark"])
    def test_a_text_that_an_audience_does_not_print_does_not_stop_it(self, project: ProjectCopy, action: str) -> None:
        project.replace(THEME, COUNCIL_ONLY, "")
        gate(project, PUBLIC, action)
        assert build(project, "public", "zh-Hant")[0] == 0
        assert build(project, "council", "zh-Hant")[0] == 1

    def test_other_locales_are_built(self, project: ProjectCopy) -> None:
        project.replace(THEME, SHARED, "")
        for locale in ("en", "zh-Hans"):
            status, said = build(project, "council", locale)
            assert (status, said.count("warning[missing-translation]")) == (0, 0)

    def test_check_says_which_audiences_stop(self, project: ProjectCopy) -> None:
        project.replace(THEME, SHARED, "")
        gate(project, PUBLIC, "mark")
        ran = project.run("check")
        assert (ran.status, ran.stdout.count("[missing-translation]")) == (1, 1)
        assert "error[missing-translation]: no 'zh-Hant' text for theme/ridership/takeaways/3; " in ran.stdout
        assert "it stops the variant of audience 'council'" in ran.stdout

    def test_a_text_that_no_variant_prints_is_a_warning(self, project: ProjectCopy) -> None:
        project.replace(SEED, "\n      zh-Hant: 試辦每年的支出。", "")
        status, found = project.check()
        assert (status, [(each.code, each.severity) for each in found]) == (0, [("missing-translation", "warning")])
        assert build(project, "council", "zh-Hant")[0] == 0

    @pytest.mark.parametrize("place", [THEME, SETTINGS])
    def test_beside_other_errors_it_is_an_error_to_those_who_may_read_it(
        self, project: ProjectCopy, place: str
    ) -> None:
        project.replace(THEME, SHARED, "")
        # One is found in reading, the other by the checks.
        if place == SETTINGS:
            project.replace(SETTINGS, "date: 2026-06-30", "date: 2026-06-31")
        else:
            project.replace(THEME, " riders, as [](#riders-chart)", " riders, as [](#riders)")
        _, found = project.check()
        assert ("missing-translation", "error") in {(each.code, each.severity) for each in found}
        with pytest.raises(ContentError) as stopped:
            Project.load(project.root)
        assert "missing-translation" in {each.code for each in stopped.value.diagnostics if each.severity == "error"}

    def test_strict_projects_and_builds_stop_everywhere(self, project: ProjectCopy) -> None:
        project.replace(THEME, SHARED, "")
        gate(project, PUBLIC, "mark")
        assert build(project, "public", "zh-Hant", "--strict")[0] == 1
        for setting in ("stop_on: [missing-translation]\n", "strict: true\n"):
            settings = project.read(SETTINGS)
            project.write(SETTINGS, settings + setting)
            for locale in ("en", "zh-Hant"):
                status, said = build(project, "public", locale)
                assert (status, "error[missing-translation]" in said) == (1, True)
            project.write(SETTINGS, settings)

    def test_a_text_without_a_source_text_cannot_be_marked(self, project: ProjectCopy) -> None:
        project.replace(THEME, "en: The cost is known and stable.", "")
        for audience in (COUNCIL, PUBLIC):
            gate(project, audience, "mark")
        status, said = build(project, "public", "en")
        assert (status, "it cannot be marked: the source language has no text" in said) == (1, True)
        assert build(project, "public", "zh-Hans")[0] == 0


class TestAfterTheBuild:
    @pytest.fixture
    def lacking(self, project: ProjectCopy) -> ProjectCopy:
        """A project that was built before a text went missing at which the council stops, but not the public."""
        gate(project, PUBLIC, "mark")
        assert project.run("build", "-l", "zh-Hant", "-f", "html", "--jobs", "1").status == 0
        return project

    def test_what_was_built_is_neither_approved_nor_mailed(self, lacking: ProjectCopy) -> None:
        mailing = Mailing.of(lacking)
        people = write_list(row("ann@example.org", locale="zh-Hant"))
        assert mailing.plan(people).status == 0
        lacking.replace(THEME, SHARED, "")
        pack = str(lacking.root / "output" / "night-buses")
        sent = run_brief("mail", "send", "plan.json", cwd=mailing.folder)
        for ran in (lacking.run("approve", pack), sent, mailing.plan(people)):
            assert (ran.status, "it stops the variant of audience 'council'" in ran.stderr) == (1, True)

    def test_what_marks_it_is_built_approved_and_mailed_with_a_warning(self, lacking: ProjectCopy) -> None:
        lacking.replace(THEME, SHARED, "")
        assert build(lacking, "public", "zh-Hant")[0] == 0
        approved = lacking.run("approve", str(lacking.root / "output" / "night-buses"))
        assert (approved.status, approved.stderr.count("audience 'public' gets it with a mark")) == (0, 1)

    def test_the_web_service_builds_only_what_does_not_stop(self, lacking: ProjectCopy) -> None:
        lacking.replace(THEME, SHARED, "")
        service = BuildService(lacking.root, WorkerPool(1), 1)

        async def ask(audience: str, locale: str) -> int:
            project = await service.get_current()
            return len([*await service.build_pack(project, BuildSelection((audience,), (locale,), ("html",)))])

        try:
            assert asyncio.run(ask("council", "en")) == 1
            with pytest.raises(ContentError, match="it stops the variant of audience 'council'"):
                asyncio.run(ask("council", "zh-Hant"))
        finally:
            service.close()


class TestWhatIsPrinted:
    @pytest.mark.parametrize("action", ["stop", "mark"])
    def test_a_name_that_is_missing_does_not_vanish_from_who_is_who(self, project: ProjectCopy, action: str) -> None:
        project.replace(GLOSSARY, ", zh-Hant: 範例市公車處", "")
        gate(project, COUNCIL, action)
        status, said = build(project, "council", "zh-Hant")
        assert (status, said.count("no 'zh-Hant' text for term/example-city-transport/name")) == (action == "stop", 1)
        variant = Project.load(project.root).make_variant("council", "zh-Hant")
        assert [term.name for term in variant.terms] == [f"Example City Transport{MARK}"]
        assert variant.terms[0].mentions == (1,)

    @pytest.mark.parametrize("empty", ["zh-Hant: ''", ""])
    def test_a_page_that_only_its_author_sees_shows_the_source_text(self, project: ProjectCopy, empty: str) -> None:
        project.replace(THEME, SHARED, empty)
        variant = Project.load(project.root).make_variant("council", "zh-Hant")
        assert variant.sections[0].takeaways[2] == (Text("The cost is known and stable.", "en"), Text(MARK))

    def test_the_mark_of_a_source_s_title_is_not_in_the_source_s_language(self, project: ProjectCopy) -> None:
        project.replace(SEED, "\n  zh-Hant: 夜間公車搭乘情況調查", "")
        (source,) = Project.load(project.root).make_variant("council", "zh-Hant").sources
        assert source.title == (Text("How night buses are used", "en"), Text(MARK))

    @pytest.mark.parametrize("empty", ["zh-Hant: ''", ""])
    def test_it_follows_the_source_text_in_the_next_variant(self, project: ProjectCopy, empty: str) -> None:
        project.replace(THEME, SHARED, empty)
        gate(project, COUNCIL, "mark")
        loaded = Project.load(project.root)
        loaded.make_variant("council", "zh-Hant")
        project.replace(THEME, "The cost is known and stable.", "The cost is high.")
        takeaway = loaded.reload().make_variant("council", "zh-Hant").sections[0].takeaways[2]
        assert to_plain_text(takeaway) == f"The cost is high.{MARK}"


@pytest.mark.parametrize("audience", ["council", "public"])
def test_a_locale_of_which_nothing_is_written_does_not_stop_the_others(project: ProjectCopy, audience: str) -> None:
    for file in (THEME, SETTINGS, COUNCIL, PUBLIC, GLOSSARY, SEED):
        project.write(file, re.sub(r"(?m)^ *zh-Hant: .*\n|, zh-Hant: [^\n}]*", "", project.read(file)))
    assert build(project, audience, "en")[0] == 0
    status, said = build(project, audience, "zh-Hant")
    assert (status, said.count("error[missing-translation]") > 10) == (1, True)
