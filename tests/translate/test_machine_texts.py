"""Texts that programs make fill gaps, pass the checks of an import, and count as accepted only when a person accepts them."""

import json
import sys
from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.model.diagnostics import RequestError
from brief.project.translations import Translations
from brief.translate.derive import Converter

LOCK = "content/translations.lock"
COUNCIL = "content/audiences/council.yaml"


@pytest.fixture
def accepted(project: ProjectCopy) -> ProjectCopy:
    assert project.run("translate", "accept").status == 0
    return project


def states(project: ProjectCopy, locale: str) -> dict[str, str]:
    plain = json.loads(project.run("translate", "status", "--json", "-l", locale).stdout)
    return {each["id"]: each["state"] for each in plain["locales"][locale]["to_do"]}


class TestDerive:
    def test_a_gap_is_filled_and_is_derived_until_it_is_accepted(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "zh-Hant: 有何變化}", "}".strip())
        accepted.replace(THEME, "变化何在, }", "变化何在}")
        ran = accepted.run("translate", "derive", "zh-Hant", "--from", "zh-Hans")
        assert (ran.status, ran.stdout) == (0, f"{THEME}: 1 'zh-Hant' text derived\n"), ran.stderr
        assert "zh-Hant: 變化何在" in accepted.read(THEME)
        assert states(accepted, "zh-Hant") == {"block/what-changed/heading": "derived"}
        assert ":derived" in accepted.read(LOCK)
        built = accepted.run("build", "-f", "html", "--jobs", "1")
        assert (built.status, built.stderr.count("error[derived-translation]")) == (1, 1)
        assert accepted.run("translate", "accept", "block/what-changed").status == 0
        assert states(accepted, "zh-Hant") == {}
        assert accepted.run("build", "-f", "html", "--jobs", "1").status == 0

    def test_a_text_derived_of_a_stale_one_is_stale(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "The cost is known and stable.", "The cost is known.")
        text = accepted.read(THEME)
        line = next(line for line in text.split("\n") if "zh-Hant: 成本" in line)
        accepted.write(THEME, text.replace(f"{line}\n", ""))
        assert accepted.run("translate", "derive", "zh-Hant", "--from", "zh-Hans").status == 0
        assert states(accepted, "zh-Hant") == {"theme/ridership/takeaways/3": "stale"}
        accepted.write(COUNCIL, accepted.read(COUNCIL) + "gates: {stale: mark, derived: stop}\n")
        built = accepted.run("build", "-f", "html", "-a", "council", "-l", "zh-Hant", "--jobs", "1")
        assert built.status == 1

    @pytest.mark.parametrize(
        ("source", "target", "text", "converted"),
        [
            ("zh-Hans", "zh-Hant", "软件、信息、网络与视频的质量", "軟體、資訊、網路與影片的品質"),
            ("zh-Hans", "zh-Hant", "头发、发布、理发店", "頭髮、發布、理髮店"),
            ("zh-Hans", "zh-Hant", "范先生与余女士谈范围", "范先生與余女士談範圍"),
            ("zh-Hans", "zh-Hant", "“智能手机”和‘打印机’", "「智慧型手機」和『印表機』"),
            ("zh-Hans", "zh-Hant", "OpenAI’s {a/发布} [@b/发布] `软件`", "OpenAI’s {a/发布} [@b/发布] `软件`"),
            ("zh-Hans", "zh-Hant", "[软件](https://example.org/软件)", "[軟體](https://example.org/软件)"),
            ("zh-Hans", "zh-Hant", "示例市公交集团", "範例市公車處"),
            ("zh-Hans", "zh-Hant", "平台用户的账户占三成", "平台用戶的帳戶占三成"),
            ("zh-Hans", "zh-Hant", "台湾的电视台、台风、柜台与台积电", "台灣的電視台、颱風、櫃檯與台積電"),
            ("zh-Hans", "zh-Hant", "臺北的舞台", "臺北的舞臺"),
            ("zh-Hans", "zh-Hant", "公布审核计划，了解合同与点击率", "公布審核計畫，了解合約與點擊率"),
            ("zh-Hans", "zh-Hant", "社交媒体营销与回流数据", "社群媒體行銷與回流資料"),
            ("zh-Hans", "zh-Hant-HK", "平台用户", "平台用户"),
            ("zh-Hant", "zh-Hans", "使用者與用戶的平台", "用户与用户的平台"),
            ("zh-Hant", "zh-Hans", "範例市公車處的「影片」品質", "示例市公交集团的“视频”质量"),
            ("zh-Hans", "zh-Hant", "市盈率、重症监护室与移动支付", "本益比、加護病房與行動支付"),
            ("zh-Hant", "zh-Hans", "本益比、加護病房與再生能源", "市盈率、重症监护病房与可再生能源"),
            ("zh-Hant", "zh-Hant-HK", "裡面的軟體與網路", "裏面的軟件與網絡"),
        ],
    )
    def test_words_are_those_of_the_region_and_of_the_glossary(
        self, starter: Project, source: str, target: str, text: str, converted: str
    ) -> None:
        with Converter(starter.brief, source, target) as converter:
            assert converter.convert(text) == converted

    def test_another_form_of_a_name_stays_another_form(self, briefing_project: Project) -> None:
        with Converter(briefing_project.brief, "zh-Hans", "zh-Hant") as converter:
            assert converter.convert("剪映（CapCut）") == "剪映（CapCut）"

    def test_the_briefing_s_own_names_keep_their_forms(self, briefing_project: Project) -> None:
        brief = briefing_project.brief
        with Converter(brief, "zh-Hans", "zh-Hant") as converter:
            for term in brief.glossary.terms:
                hans, hant = term.name.find_phrase("zh-Hans"), term.name.find_phrase("zh-Hant")
                assert hans is not None
                assert hant is not None
                if " " not in hans.source + hant.source:
                    assert converter.convert(hans.source) == hant.source

    def test_between_other_languages_nothing_is_derived(self, project: ProjectCopy) -> None:
        ran = project.run("translate", "derive", "zh-Hant", "--from", "en")
        assert (ran.status, "cannot be derived from en" in ran.stderr) == (2, True)
        assert project.run("translate", "derive", "en", "--from", "zh-Hans").status == 2
        assert project.run("translate", "derive", "zh-Hant", "--from", "fr").status == 2


class TestInherit:
    @pytest.fixture
    def hong_kong(self, accepted: ProjectCopy) -> ProjectCopy:
        accepted.replace(SETTINGS, "[en, zh-Hans, zh-Hant]", "[en, zh-Hans, zh-Hant, zh-Hant-HK]")
        return accepted

    def test_a_project_that_adds_hong_kong_has_no_error(self, hong_kong: ProjectCopy) -> None:
        assert hong_kong.check() == (0, [])
        assert states(hong_kong, "zh-Hant-HK") == {}
        page = hong_kong.page(locale="zh-Hant-HK")
        assert 'lang="zh-Hant-HK"' in page
        assert "有何變化" in page

    def test_what_differs_is_overridden_and_the_rest_inherited(self, hong_kong: ProjectCopy) -> None:
        hong_kong.replace(THEME, "zh-Hant: 有何變化}", "zh-Hant: 有何變化, zh-Hant-HK: 有乜轉變}")
        project = Project.load(hong_kong.root)
        inherited, own = project.make_variant("council", "zh-Hant"), project.make_variant("council", "zh-Hant-HK")
        assert "有乜轉變" in str(own.sections)
        assert "有乜轉變" not in str(inherited.sections)
        assert own.sections[0].takeaways == inherited.sections[0].takeaways

    def test_derived_are_the_texts_that_differ(self, hong_kong: ProjectCopy) -> None:
        assert hong_kong.run("translate", "derive", "zh-Hant-HK", "--from", "zh-Hant").status == 0
        found = states(hong_kong, "zh-Hant-HK")
        assert found
        assert set(found.values()) == {"derived"}
        assert len(found) < 10

    def test_a_stale_parent_is_reported_once_at_its_location(self, hong_kong: ProjectCopy) -> None:
        hong_kong.replace(THEME, "The cost is known and stable.", "The cost is known.")
        translations = Translations.load(hong_kong.root)
        stale = [each for each in translations.assess() if each.state == "stale"]
        assert [each.locale for each in stale] == ["zh-Hans", "zh-Hant", "zh-Hant-HK"]
        assert hong_kong.run("translate", "accept").status == 0
        assert hong_kong.check() == (0, [])

    def test_another_script_is_not_inherited(self, accepted: ProjectCopy) -> None:
        accepted.replace(SETTINGS, "[en, zh-Hans, zh-Hant]", "[en, zh-Hans, zh-Hant, zh-HK]")
        _, found = accepted.check()
        assert "missing-translation" in {each.code for each in found}


PROGRAM = """
import json, sys
asked = [json.loads(line) for line in sys.stdin]
json.dump(asked, open(sys.argv[1], "w"))
for each in asked:
    print(json.dumps({"id": each["id"], "target": ANSWER}))
"""


class TestDraft:
    @pytest.fixture
    def gaps(self, accepted: ProjectCopy) -> ProjectCopy:
        """A project with a missing text, and a stale one that prints a figure."""
        accepted.replace(THEME, "zh-Hans: 变化何在, ", "")
        accepted.replace(THEME, "Transport counted", "Transport has counted")
        return accepted

    def draft(self, project: ProjectCopy, answer: str, *more: str) -> tuple[int, str, list[dict[str, object]]]:
        program, told = project.root.parent / "program.py", project.root.parent / "told.json"
        program.write_text(PROGRAM.replace("ANSWER", answer))
        command = f"{sys.executable} {program} {told}"
        ran = project.run("translate", "draft", "-l", "zh-Hans", "--command", command, *more)
        return ran.status, ran.stderr, json.loads(told.read_text()) if told.exists() else []

    def test_a_program_gets_texts_with_their_context_and_its_answers_are_drafts(self, gaps: ProjectCopy) -> None:
        status, said, told = self.draft(gaps, '"草稿" + "".join(each["placeholders"])')
        assert status == 0, said
        assert [each["id"] for each in told] == ["block/what-changed/heading", "block/what-changed/text"]
        assert told[1]["placeholders"] == ["{reader-survey/riders-after}", "[](#riders-chart)"]
        assert told[1]["terms"] == [
            {"source": "Example City Transport", "target": ["示例市公交集团"], "never": ["ECT"]}
        ]
        assert (told[0]["source_locale"], told[0]["target_locale"]) == ("en", "zh-Hans")
        assert states(gaps, "zh-Hans") == dict.fromkeys((str(each["id"]) for each in told), "drafted")
        built = gaps.run("build", "-f", "html", "--jobs", "1")
        assert (built.status, built.stderr.count("error[drafted-translation]")) == (1, 2)
        gaps.write(COUNCIL, gaps.read(COUNCIL) + "gates: {drafted: mark}\n")
        assert gaps.page(locale="zh-Hans").count("〔译文草稿〕") == 2

    def test_an_import_of_the_unchanged_file_accepts_no_draft(self, gaps: ProjectCopy, tmp_path: Path) -> None:
        self.draft(gaps, '"草稿" + "".join(each["placeholders"])')
        for name in ("all.po", "all.xlf"):
            file = str(tmp_path / name)
            assert gaps.run("translate", "export", "-l", "zh-Hans", "--all", "-o", file).status == 0
            assert "2 skipped until reviewed" in gaps.run("translate", "import", file).stderr
        assert set(states(gaps, "zh-Hans").values()) == {"drafted"}

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ('"草稿"', "reference-mismatch"),
            ('"變化" + "".join(each["placeholders"])', "wrong-script"),
            ('each["source"]', "wrong-script"),
            ('"This is a cost." + "".join(each["placeholders"])', "wrong-script"),
            ('"草稿。It is a known cost." + "".join(each["placeholders"])', "wrong-script"),
            ('"ECT的变化" + "".join(each["placeholders"])', "avoided-form"),
            ('""', "draft-answer"),
            ("7", "draft-answer"),
            (r'"草稿\u202e" + "".join(each["placeholders"])', "bidi-control"),
            (r'"草稿\x07" + "".join(each["placeholders"])', "control-character"),
        ],
    )
    def test_an_answer_that_an_import_would_refuse_is_not_written(
        self, gaps: ProjectCopy, answer: str, code: str
    ) -> None:
        status, said, _ = self.draft(gaps, answer)
        assert (status, f"error[{code}]" in said) == (1, True)
        assert states(gaps, "zh-Hans")["block/what-changed/text"] == "stale"

    def test_nothing_is_reported_above_the_clearance(self, accepted: ProjectCopy) -> None:
        accepted.replace(THEME, "zh-Hans: 待决事项, ", "")
        status, said, told = self.draft(accepted, '"x"', "--clearance", "public")
        assert (status, told) == (0, [])
        assert "0 texts drafted" in said

    @pytest.mark.parametrize(
        ("command", "status", "words"),
        [
            ("/nowhere/program", 3, "cannot run"),
            ("false", 3, "exited with status 1; nothing was written"),
            ("", 2, "names no program"),
            ("'", 2, "No closing quotation"),
        ],
    )
    def test_a_program_that_fails_changes_nothing(
        self, gaps: ProjectCopy, command: str, status: int, words: str
    ) -> None:
        before = gaps.files()
        ran = gaps.run("translate", "draft", "-l", "zh-Hans", "--command", command)
        assert (ran.status, words in ran.stderr) == (status, True), ran.stderr
        assert gaps.files() == before

    def test_lines_that_are_no_answers_are_reported_and_the_others_used(self, gaps: ProjectCopy) -> None:
        script = gaps.root.parent / "answers.sh"
        script.write_text(
            '#!/bin/sh\ncat > /dev/null\necho nonsense\necho \'{"id": "x", "target": "y"}\'\n'
            'echo \'{"id": "block/what-changed/heading", "target": "变化"}\'\n'
        )
        ran = gaps.run("translate", "draft", "-l", "zh-Hans", "--command", f"sh {script}")
        assert ran.status == 1
        assert "'nonsense' is not an answer" in ran.stderr
        assert "'x' was not requested" in ran.stderr
        assert "no answer for 'block/what-changed/text'" in ran.stderr
        assert states(gaps, "zh-Hans") == {
            "block/what-changed/heading": "drafted",
            "block/what-changed/text": "stale",
        }


def test_a_converter_between_unrelated_locales_does_not_exist(starter: Project) -> None:
    with pytest.raises(RequestError, match="zh-Hans, zh-Hant and zh-Hant-HK"):
        Converter(starter.brief, "ja", "zh-Hant")
