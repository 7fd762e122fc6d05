"""All problems of a translated file are reported at once at their lines, and then nothing is written."""

import os
import re
from pathlib import Path

import pytest
from po_files import PO, bring_back, export_catalogue, fill
from projects import HERE, SETTINGS, THEME, ProjectCopy, run_brief

from brief.model.diagnostics import MachineError, OutputLockedError
from brief.project.translations import Translations
from brief.publish.durable_files import replace_all_files
from brief.publish.lock import open_lock

SUMMARY = '"首年客流增长{reader-survey/riders-growth}。候车时间仍是短板。"'
HEADING = 'msgctxt "block/what-changed/heading"\nmsgid "What changed"\nmsgstr "变化何在"\n'

# What a translator did to the file, the error, and words of what is said.
RETURNED_WITH_ERRORS = [
    ("msgctxt \"block/what-changed/heading\"\nmsgid \"What changed\"\nmsgstr ", f'msgctxt "block/what-change/heading"\nmsgid "What changed"\nmsgstr {HERE}', "unknown-text", "did you mean 'block/what-changed/heading'?"),
    (HEADING, f'msgid "What changed"\nmsgstr {HERE}"变化何在"\n', "unknown-text", "keep each msgctxt"),
    (HEADING, f'msgid "What changed"\nmsgid_plural "What changes"\nmsgstr[0] {HERE}"变化何在"\n', "unknown-text", "keep each msgctxt"),
    (HEADING, f'{HEADING}\n{HEADING.replace("msgstr ", f"msgstr {HERE}").replace("变化", "有何变化")}', "duplicate-entry", "translated twice"),
    ('msgid "What changed"\nmsgstr ', f'msgid "What has changed"\nmsgstr {HERE}', "stale-translation", "export again"),
    (SUMMARY, f'{HERE}"首年客流增长。候车时间仍是短板。"', "reference-mismatch", "lacks {reader-survey/riders-growth}"),
    (SUMMARY, f'{HERE}"首年客流增长{{reader-survey/riders-grwth}}。"', "reference-mismatch", "also has {reader-survey/riders-grwth}"),
    (SUMMARY, SUMMARY.replace("短板", f"短板{HERE}{{riders}}"), "bad-placeholder", "'{riders}' is not a placeholder"),
    (SUMMARY, SUMMARY.replace("短板", f"短板{HERE}![](x.png)"), "image-in-text", "content/assets/"),
    (SUMMARY, SUMMARY.replace("短板", f"短板{HERE}[@@@]"), "bad-citation", "does not name a claim"),
    (SUMMARY, HERE + SUMMARY.replace("。候", "。\\n\\n候"), "several-paragraphs", "one paragraph"),
    (SUMMARY, f"{HERE}{SUMMARY.replace('客流', '乘客變多')}", "wrong-script", "Traditional characters: 變"),
    (SUMMARY, f"{HERE}{SUMMARY.replace('客流', 'ECT客流')}", "avoided-form", "write '示例市公交集团'"),
    (SUMMARY, SUMMARY.replace("客流", f"客流{HERE}\x07"), "control-character", "U+0007"),
    (SUMMARY, SUMMARY.replace("客流", f"客流{HERE}\u202e"), "bidi-control", "U+202E"),
    ('"Language: zh_Hans\\n"', f'{HERE}"Language: fr\\n"', "unknown-locale", "known: zh-Hans, zh-Hant"),
    ('"Language: zh_Hans\\n"', f'{HERE}"Language: en\\n"', "unknown-locale", "not a target locale"),
    (HEADING, HEADING.replace("msgstr", f"{HERE}msgstrr"), "catalogue-syntax", "check the keyword"),
    (HEADING, HEADING.replace('在"', "在").replace("msgstr", f"{HERE}msgstr"), "catalogue-syntax", "the quotes"),
    (HEADING, f'{HEADING}{HERE}msgstr "有何变化"\n', "catalogue-syntax", "does not follow a msgid"),
]  # fmt: skip


@pytest.fixture
def returned(project: ProjectCopy) -> ProjectCopy:
    """A project with the file of its translations, in which one is new."""
    export_catalogue(project, "zh-Hans", "--all")
    project.write(PO, project.read(PO).replace("夜间公交一周年", "夜间公交的第一年"))
    return project


@pytest.mark.parametrize(("old", "new", "code", "says"), RETURNED_WITH_ERRORS)
def test_an_error_has_its_line_and_nothing_is_written(
    returned: ProjectCopy, old: str, new: str, code: str, says: str
) -> None:
    _, line, column = returned.replace(PO, old, new)
    before = returned.files()
    status, out, err = bring_back(returned)
    assert (status, out) == (1, "")
    assert (
        f"{returned.root / PO}:{line}:{column}: error[{code}]" in err or f"{PO}:{line}:{column}: error[{code}]" in err
    )
    assert says in err
    assert returned.files() == before


def test_all_errors_come_at_once(returned: ProjectCopy) -> None:
    text = returned.read(PO)
    for old, new in (
        ("变化何在", "變化何在"),
        ("{reader-survey/wait}，冬季", "冬季"),
        ("block/headline", "block/headlines"),
    ):
        text = text.replace(old, new)
    returned.write(PO, text)
    status, _, err = bring_back(returned)
    assert status == 1
    codes = ("wrong-script", "reference-mismatch", "unknown-text")
    assert [err.count(f"error[{code}]") for code in codes] == [1, 1, 2]
    assert err.endswith("brief: 4 errors, 0 warnings\n")


def test_a_file_without_a_known_locale_is_refused(returned: ProjectCopy) -> None:
    returned.replace(PO, '"Language: zh_Hans\\n"\n', "")
    status, _, err = bring_back(returned)
    assert status == 1
    assert f"{PO}:1:1: error[unknown-locale]: the header names no language" in err


def test_translations_under_the_name_of_another_language_are_refused(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hans, zh-Hant]", "zh-Hans, de]")
    export_catalogue(project, "zh-Hans", "--all")
    project.write(PO, project.read(PO).replace("Language: zh_Hans", "Language: de"))
    before = project.files()
    status, _, err = bring_back(project)
    assert (status, "error[wrong-script]: the 'de' text is in Chinese characters" in err) == (1, True)
    assert project.files() == before


def test_it_is_utf_8_or_nothing(returned: ProjectCopy) -> None:
    returned.write(PO, returned.read(PO).encode("gb18030"))
    status, _, err = bring_back(returned)
    assert status == 1
    assert "error[encoding]" in err
    assert "GB18030" in err


def test_a_text_that_changed_since_the_export_is_refused_with_both_places(returned: ProjectCopy) -> None:
    returned.replace(THEME, "en: The cost is known and stable.", "en: The cost is known.")
    status, _, err = bring_back(returned)
    assert status == 1
    assert "error[stale-translation]: the source text of 'theme/ridership/takeaways/3'" in err
    assert f"see also: {THEME}:14:9" in err


def test_odd_quotation_marks_cause_a_warning_and_are_written(returned: ProjectCopy) -> None:
    returned.replace(PO, 'msgstr "变化何在"', 'msgstr "「变化」何在"')
    status, _, err = bring_back(returned)
    assert status == 0
    assert "warning[quotation-marks]" in err
    assert "zh-Hans: 「变化」何在" in returned.read(THEME)


@pytest.mark.parametrize(
    "alias",
    [
        ("zh-Hans: &again 变化何在,", "{en: To be decided, zh-Hans: *again, zh-Hant: 待決事項}"),
        ("heading: &again {en: What changed, zh-Hans: 变化何在,", "*again"),
    ],
)
def test_a_text_repeated_by_an_alias_is_not_changed(project: ProjectCopy, alias: tuple[str, str]) -> None:
    first = "zh-Hans: 变化何在," if alias[0].startswith("zh") else "heading: {en: What changed, zh-Hans: 变化何在,"
    project.replace(THEME, first, alias[0])
    project.replace(THEME, "{en: To be decided, zh-Hans: 待决事项, zh-Hant: 待決事項}", alias[1])
    export_catalogue(project, "zh-Hans", "--all")
    text = project.read(PO)
    head, tail = text.split('msgctxt "block/what-changed/heading"')
    project.write(PO, f'{head}msgctxt "block/what-changed/heading"{tail.replace("变化何在", "有何变化", 1)}')
    before = project.files()
    status, _, err = bring_back(project)
    assert status == 1
    assert "error[unwritable-text]" in err
    assert project.files() == before


def test_each_text_that_cannot_be_written_is_reported_and_no_other(project: ProjectCopy) -> None:
    project.replace(THEME, "zh-Hans: 变化何在,", "zh-Hans: &first 变化何在,")
    project.replace(THEME, "zh-Hans: 待决事项,", "zh-Hans: *first,")
    project.replace(THEME, "zh-Hans: 年度乘客人次,", "zh-Hans: &second 年度乘客人次,")
    project.replace(THEME, "zh-Hans: 乘客,", "zh-Hans: *second,")
    catalog = export_catalogue(project, "zh-Hans", "--all")
    said = {"theme/ridership/title": "夜间客流在涨", "block/what-changed/heading": "有何变化"}
    fill(project, catalog, {**said, "block/riders-chart/title": "每年乘客人次"})
    status, _, err = bring_back(project)
    assert status == 1
    assert re.findall(r"^(\S+): error\[unwritable-text\]", err, re.M) == [f"{THEME}:27:14", f"{THEME}:34:12"]
    assert "replace the alias ('*name') with the text" in err


def test_a_file_beside_the_project_keeps_its_name_in_any_folder(returned: ProjectCopy) -> None:
    beside = returned.root.parent / "content"
    beside.mkdir()
    text = returned.read(PO).replace("变化何在", "變化何在").replace("夜间公交的第一年", "夜间公交的第一年 {riders}")
    (beside / PO).write_text(text, "utf-8")
    ran = run_brief("translate", "import", "-C", returned.root.name, f"content/{PO}", cwd=returned.root.parent)
    assert ran.status == 1
    assert set(re.findall(r"^(\S+?):\d+:\d+: error", ran.stderr, re.M)) == {f"content/{PO}"}
    assert 'msgstr "變化何在"' in ran.stderr


class TestAllOrNothing:
    def test_a_file_that_cannot_be_written_leaves_every_file_as_it_was(self, returned: ProjectCopy) -> None:
        returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
        in_the_way = returned.root / "content/themes/.ridership.yaml.new"
        in_the_way.mkdir()
        (in_the_way / "kept").touch()
        before = returned.files()
        status, out, err = bring_back(returned)
        assert (status, out) == (3, "")
        assert err.startswith("brief: nothing was written: ")
        assert returned.files() == before

    def test_a_file_that_changes_meanwhile_stops_them_all(self, tmp_path: Path) -> None:
        one, two, new = (tmp_path / name for name in ("one", "two", "new"))
        one.write_bytes(b"1")
        two.write_bytes(b"another hand was here")
        with pytest.raises(FileExistsError):
            replace_all_files({new: (b"", b"x"), one: (b"1", b"one"), two: (b"2", b"two")})
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
            "one": b"1",
            "two": b"another hand was here",
        }

    def test_what_somebody_types_meanwhile_is_not_written_over(self, returned: ProjectCopy) -> None:
        returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
        translations = Translations.load(returned.root)
        returned.write(THEME, f"# a remark\n{returned.read(THEME)}")
        before = returned.files()
        with pytest.raises(MachineError, match="changed since"):
            translations.import_file(returned.root / PO)
        assert returned.files() == before

    def test_killed_while_writing_it_leaves_the_old_files_and_can_be_done_again(self, returned: ProjectCopy) -> None:
        returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
        theme = returned.read(THEME)
        killed = returned.start(
            "translate", "import", os.fspath(returned.root / PO), env={"BRIEF_CRASH_AT": "file-written:2"}
        )
        killed.communicate()
        assert killed.returncode == 137
        assert returned.read(THEME) == theme
        assert bring_back(returned)[0] == 0
        assert returned.read(THEME) == theme.replace("变化何在", "有何变化")

    def test_of_two_at_once_the_second_is_refused_while_the_first_writes(self, returned: ProjectCopy) -> None:
        returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
        translations = Translations.load(returned.root)
        with open_lock(returned.root / "content/.translations.lock.lock"):
            before = returned.files()
            with pytest.raises(
                OutputLockedError, match=r"content is being written to by process .*nothing was written"
            ):
                translations.import_file(returned.root / PO)
            assert returned.files() == before
        translations.import_file(returned.root / PO)
        assert "有何变化" in returned.read(THEME)
        assert not list(returned.root.glob("content/**/.*"))
