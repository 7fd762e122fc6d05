"""Out to translators and back: what they wrote is what is read, and no other byte of the content changes."""

import contextlib
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from po_files import PO, bring_back, export_catalogue, fill, messages
from projects import SETTINGS, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.source_location import UNKNOWN_LOCATION
from brief.project.translations import Translations
from brief.reading.catalogue import TEMPLATE
from brief.reading.text_file import find_suspects
from brief.reading.texts import markup
from brief.resolve.checks.latin_prose import find_latin_prose
from brief.translate.state import get_stripped_text

REFERENCE = re.compile(r"\{[^}]*\}|\[@[^\]]*\]|\[\]\([^)]*\)")
# The same content as the starter's first takeaway and heading, as untidily as YAML allows.
UNTIDY = (
    (
        "    zh-Hans: 试点已有稳定客源。\n",
        "    # for the translator\n    zh-Hans: >-   # folded\n\n      试点已有\n      稳定客源。\n\n\n",
    ),
    ("zh-Hans: 变化何在, ", '"zh-Hans":   "变化\\u4f55在"  , '),
    ("      zh-Hans: 客流由", "      zh-Hans: |4+\n            客流由"),
    (
        "      zh-Hans: 示例市公交集团统计的客流为{reader-survey/riders-after}人次，见",
        "      zh-Hans: 示例市公交集团统计的客流为{reader-survey/riders-after}人次，\n\n        见",
    ),
    (
        "{en: To be decided, zh-Hans: 待决事项, zh-Hant: 待決事項}",
        "{\n      en: To be decided,   # the heading\n      zh-Hans:\n        '待决''事项',\n      zh-Hant: 待決事項 }  # end",
    ),
)

_PIECES = st.sampled_from(
    [": ", " #", "- ", "'", '"', "\\\\", ", ", "? ", "|", ">", "&a ", "*a ", "%", "@", "`", "---", "...", "!x", "~", "null", "\n", "\t", "\r\n", "  ", "\\{", "\\[", "\\]", "**bold**", "`code`", "一二三", "，。", "“引”", "e\u0301", "\u00a0", "\u2028", "\U0001f600"]
)  # fmt: skip
# Han has its own check; brackets and braces are markup.
_LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Lo"]), max_size=12)
_WORDS = st.lists(_PIECES | _LETTERS, min_size=1, max_size=14).map("".join)


def is_text(words: str) -> bool:
    """Whether it is words of one paragraph: no references, and nothing that is refused in any text."""
    sink = DiagnosticSink()
    # References may precede them.
    markup.parse(as_read(f"before {words}"), UNKNOWN_LOCATION, lambda _: UNKNOWN_LOCATION, sink)
    refused = has_errors(sink.found) or "ECT" in words or find_suspects(words.replace("\u2028", ""))
    bare = words.replace("\\{", "").replace("\\[", "").replace("\\]", "")
    return bool(words.strip()) and not refused and not set("{}[]<｛｝") & set(bare)


def as_read(words: str) -> str:
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\u2028", " ")).strip()


def values(text: str, locale: str) -> Iterator[tuple[int, int]]:
    """The positions of a locale's values in a YAML file."""
    before = ""
    for event in yaml.parse(text, Loader=yaml.CLoader):
        if isinstance(event, yaml.ScalarEvent):
            if before == locale and event.start_mark and event.end_mark:
                start, end = event.start_mark.index, event.end_mark.index
                yield start, start + len(text[start:end].rstrip())
            before = event.value


def beside(data: bytes, locale: str) -> str:
    """The file with a dot in place of each value of the locale."""
    text, rest, at = data.decode(), "", 0
    for start, end in values(text, locale):
        rest, at = rest + text[at:start] + "·", end
    return rest + text[at:]


class Sandbox:
    """A project that is put back before each example."""

    def __init__(self, project: ProjectCopy) -> None:
        self.project = project
        theme = project.read(THEME)
        for old, new in UNTIDY:
            assert theme.count(old) == 1, old
            theme = theme.replace(old, new)
        project.write(THEME, theme)
        self.first = {name: data for name, data in project.files().items() if isinstance(data, bytes)}
        self.catalog = export_catalogue(project, "zh-Hans", "--all")

    def reset(self, newline: str) -> None:
        for name, data in self.first.items():
            self.project.write(name, data.replace(b"\n", newline.encode()) if name.endswith("yaml") else data)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(ProjectCopy(tmp_path_factory.mktemp("translated") / "project"))


def is_chinese_text(said: str) -> bool:
    """Whether words may be a text, and are no sentence in Latin letters, which an import refuses."""
    return is_text(said) and find_latin_prose(said, None) is None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data(), newline=st.sampled_from(["\n", "\r\n"]), width=st.sampled_from([0, 30, 76]))
def test_what_translators_wrote_is_read_and_nothing_else_changes(
    sandbox: Sandbox, data: st.DataObject, newline: str, width: int
) -> None:
    project = sandbox.project
    sandbox.reset(newline)
    given_words = {
        name: " ".join([*REFERENCE.findall(str(message.id)), data.draw(_WORDS.filter(is_chinese_text))])
        for name, message in messages(sandbox.catalog).items()
    }
    before = Translations.load(project.root)
    done = before.import_file(fill(project, sandbox.catalog, given_words, width))
    after = Translations.load(project.root)
    assert {name: get_stripped_text(text, "zh-Hans") for name, text in after.texts.items()} == {
        name: as_read(said) for name, said in given_words.items()
    }
    assert len(done.written) + len(done.unchanged) == len(given_words)
    for locale in ("en", "zh-Hant"):
        assert {name: get_stripped_text(text, locale) for name, text in after.texts.items()} == {
            name: get_stripped_text(text, locale) for name, text in before.texts.items()
        }
    for name, old in sandbox.first.items():
        if name.endswith(".yaml"):
            old = old.replace(b"\n", newline.encode())
            now = (project.root / name).read_bytes()
            assert beside(now, "zh-Hans") == beside(old, "zh-Hans"), name
            assert (b"\r\n" in now, b"\n" in now.replace(b"\r\n", b"")) == (newline == "\r\n", newline == "\n")
    assert {t.state for t in after.assess(["zh-Hans"])} == {"current"}


class TestExport:
    def test_the_same_project_gives_the_same_bytes(self, project: ProjectCopy) -> None:
        one, two = (Translations.load(project.root).export("zh-Hant", everything=True) for _ in range(2))
        assert one == two

    def test_it_holds_what_is_missing_or_stale_alone(self, project: ProjectCopy) -> None:
        project.run("translate", "accept")
        assert messages(export_catalogue(project)) == {}
        project.replace(THEME, "zh-Hans: 变化何在, ", "")
        project.replace(THEME, "The cost is known and stable.", "The cost is known.")
        found = messages(export_catalogue(project))
        assert [(m.context, m.id, m.string, m.fuzzy) for m in found.values()] == [
            ("theme/ridership/takeaways/3", "The cost is known.", "成本清楚，且保持稳定。", True),
            ("block/what-changed/heading", "What changed", "", False),
        ]

    def test_an_entry_says_what_a_translator_must_know(self, project: ProjectCopy) -> None:
        export_catalogue(project, "zh-Hant", "--all")
        entries = project.read(PO).split("\n\n")
        assert next(entry for entry in entries if "block/what-changed/text" in entry).splitlines() == [
            "#. paragraph in theme ridership; read by council",
            "#. {reader-survey/riders-after} prints: 265萬",
            "#. name: Example City Transport = 範例市公車處 (never: ECT)",
            "#: content/themes/ridership.yaml:31",
            'msgctxt "block/what-changed/text"',
            'msgid "Example City Transport counted {reader-survey/riders-after} riders, as [](#riders-chart) shows."',
            'msgstr "範例市公車處統計的乘客為{reader-survey/riders-after}人次，見[](#riders-chart)。"',
        ]

    def test_its_header_is_complete(self, project: ProjectCopy) -> None:
        header = dict(export_catalogue(project, "zh-Hant", "--all").mime_headers)
        assert header["Language"] == "zh_Hant"
        assert header["Content-Type"] == "text/plain; charset=utf-8"
        assert header["Project-Id-Version"] == "night-buses 2026-06-30"
        assert header["PO-Revision-Date"] == "2026-06-30 00:00+0000"
        assert header["Plural-Forms"] == "nplurals=1; plural=0;"

    def test_a_stale_entry_has_the_source_text_that_was_translated_where_git_knows_it(
        self, project: ProjectCopy
    ) -> None:
        def commit() -> None:
            who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
            for args in (["init"], ["add", "-A"], [*who, "commit", "-m", "accepted"]):
                subprocess.run(["git", *args], cwd=project.root, check=True, capture_output=True)

        project.run("translate", "accept")
        commit()
        project.replace(THEME, "The cost is known and stable.", 'The cost is "known".')
        project.replace(SETTINGS, "en: Example Research", "en: Example Institute")
        project.run("translate", "accept", "brief/publisher")
        commit()
        assert messages(export_catalogue(project)).keys() == {"theme/ridership/takeaways/3"}
        assert (
            '#, fuzzy\n#| msgid "The cost is known and stable."\nmsgctxt "theme/ridership/takeaways/3"\n'
            'msgid "The cost is \\"known\\"."\nmsgstr "成本清楚，且保持稳定。"\n'
        ) in project.read(PO)
        export_catalogue(project, "zh-Hans", "--clearance", "public")
        assert "stable" not in project.read(PO)

    def test_it_goes_to_standard_output(self, project: ProjectCopy) -> None:
        ran = project.run("translate", "export", "-l", "zh-Hant", "--all")
        export_catalogue(project, "zh-Hant", "--all")
        assert (ran.status, ran.stdout) == (0, project.read(PO))

    def test_a_link_to_a_file_stays_one(self, project: ProjectCopy) -> None:
        (project.root / "link.po").symlink_to(PO)
        export_catalogue(project, "zh-Hant", "--all")
        before = project.read(PO)
        project.write(PO, "earlier")
        ran = project.run("translate", "export", "-l", "zh-Hant", "--all", "-o", str(project.root / "link.po"))
        assert ran.status == 0
        assert (project.root / "link.po").is_symlink()
        assert project.read(PO) == before

    def test_a_link_to_standard_output_prints_it_and_nothing_else(self, project: ProjectCopy, tmp_path: Path) -> None:
        stdout = tmp_path / "stdout"
        stdout.symlink_to("/proc/self/fd/1")
        ran = project.start("translate", "export", "-l", "zh-Hant", "--all", "-o", str(stdout))
        out, _ = ran.communicate()
        export_catalogue(project, "zh-Hant", "--all")
        assert (ran.returncode, out) == (0, project.read(PO))
        assert stdout.is_symlink()

    @pytest.mark.parametrize(("locale", "says"), [("en", "source texts"), ("zh-HK", "did you mean 'zh-H")])
    def test_another_locale_is_a_wrong_usage(self, project: ProjectCopy, locale: str, says: str) -> None:
        ran = project.run("translate", "export", "-l", locale)
        assert ran.status == 2
        assert says in ran.stderr

    def test_the_error_of_a_missing_text_names_the_command(self, project: ProjectCopy) -> None:
        project.replace(THEME, "zh-Hans: 变化何在, ", "")
        assert "'brief translate export -l zh-Hans'" in project.check()[1][0].hint


class TestImport:
    def test_a_missing_text_is_set_beside_the_others(self, project: ProjectCopy) -> None:
        theme = project.read(THEME)
        shorter = theme.replace("zh-Hans: 变化何在, ", "").replace("    zh-Hans: 试点已有稳定客源。\n", "")
        shorter = shorter.replace("en: Ridership grew", "en: >-  # lead\n    Ridership grew")
        shorter = re.sub(r"  zh-Hans: 首年客流增长.*\n", "", shorter)
        project.write(THEME, shorter)
        project.run("translate", "accept")
        said = {
            "block/what-changed/heading": "变化何在",
            "theme/ridership/takeaways/1": "试点已有稳定客源。",
            "theme/ridership/summary": "首年客流增长{reader-survey/riders-growth}。候车时间仍是短板。",
        }
        fill(project, export_catalogue(project), said)
        status, out, err = bring_back(project)
        assert (status, out) == (0, f"{THEME}: 3 'zh-Hans' texts written\n"), err
        assert project.read(THEME) == theme.replace("en: Ridership grew", "en: >-  # lead\n    Ridership grew").replace(
            "  zh-Hans: 首年客流增长", "  zh-Hans: >-\n    首年客流增长"
        )
        assert project.check() == (0, [])

    @pytest.mark.parametrize(
        ("empty", "filled"),
        [
            ('zh-Hans: ""', 'zh-Hans: "试点客源稳定。"'),
            ("zh-Hans:", "zh-Hans: 试点客源稳定。"),
            ("zh-Hans:   # later", "zh-Hans: 试点客源稳定。   # later"),
        ],
    )
    def test_an_empty_text_is_filled_in(self, project: ProjectCopy, empty: str, filled: str) -> None:
        theme = project.read(THEME)
        project.replace(THEME, "zh-Hans: 试点已有稳定客源。", empty)
        fill(project, export_catalogue(project), {"theme/ridership/takeaways/1": "试点客源稳定。"})
        assert bring_back(project)[0] == 0
        assert project.read(THEME) == theme.replace("zh-Hans: 试点已有稳定客源。", filled)

    def test_the_last_line_of_a_file_needs_no_end(self, project: ProjectCopy) -> None:
        theme = project.read(THEME)
        lines = theme.rstrip("\n").split("\n")
        project.write(THEME, "\n".join(lines[:-1]))
        fill(project, export_catalogue(project, "zh-Hant"), {"block/council-view/text": lines[-1].partition(": ")[2]})
        assert bring_back(project)[0] == 0
        assert project.read(THEME) == "\n".join(lines)

    def test_a_comment_stays_behind_a_text_that_grows_long(self, project: ProjectCopy) -> None:
        project.replace(THEME, "zh-Hans: 试点已有稳定客源。", "zh-Hans: 试点已有稳定客源。  # ask Li")
        theme, said = project.read(THEME), "试点已有稳定客源。" * 10
        fill(project, export_catalogue(project, "zh-Hans", "--all"), {"theme/ridership/takeaways/1": said})
        status, _, err = bring_back(project)
        assert status == 0, err
        assert project.read(THEME) == theme.replace("试点已有稳定客源。", said)

    @pytest.mark.parametrize(("header", "end"), [("|", ""), ("|", "\n"), ("|+", "\n\n\n"), (">+", "\n\n")])
    def test_a_missing_text_is_set_behind_a_block_however_that_ends(
        self, project: ProjectCopy, header: str, end: str
    ) -> None:
        first, _, last = project.read(THEME).rstrip("\n").rpartition("\n")
        first, _, neighbour = first.rpartition("\n")
        key, _, words_there = neighbour.partition(": ")
        block = f"{first}\n{key}: {header}\n{' ' * 8}{words_there}"
        project.write(THEME, block + end)
        said = last.partition(": ")[2]
        fill(project, export_catalogue(project, "zh-Hant"), {"block/council-view/text": said})
        status, _, err = bring_back(project)
        assert status == 0, err
        assert project.read(THEME) == f"{block}\n      zh-Hant: {header}\n{' ' * 8}{said}{end}"

    def test_a_byte_order_mark_stays(self, project: ProjectCopy) -> None:
        theme = project.read(THEME)
        project.write(THEME, "\ufeff" + theme)
        fill(project, export_catalogue(project, "zh-Hans", "--all"), {"block/what-changed/heading": "有何变化"})
        assert bring_back(project)[0] == 0
        assert project.read(THEME) == "\ufeff" + theme.replace("变化何在", "有何变化")

    def test_what_has_not_changed_is_accepted_and_no_content_file_is_touched(self, project: ProjectCopy) -> None:
        before = project.files("content/themes") | project.files("seeds")
        export_catalogue(project, "zh-Hans", "--all")
        assert bring_back(project) == (0, "", "brief: 0 written, 29 unchanged, 0 not translated yet\n")
        assert project.files("content/themes") | project.files("seeds") == before
        states = {t.locale: t.state for t in Translations.load(project.root).assess()}
        assert states == {"en": "current", "zh-Hans": "current", "zh-Hant": "unreviewed"}

    def test_a_fuzzy_entry_is_left_out_and_reported(self, project: ProjectCopy) -> None:
        catalog = export_catalogue(project, "zh-Hans", "--all")
        fill(project, catalog, {})
        text = project.read(PO).replace('msgctxt "brief/title"', '#, fuzzy\nmsgctxt "brief/title"')
        project.write(PO, text.replace("夜间公交一周年", "夜间公交"))
        status, out, err = bring_back(project)
        assert (status, out) == (0, "")
        line = text.split("\n").index('msgid "Night buses after one year"') + 2
        assert f"{PO}:{line}:8: note[fuzzy-translation]: 'brief/title' is marked fuzzy and was skipped" in err
        assert "clear the fuzzy flag in your editor, and import again" in err
        assert err.endswith("28 unchanged, 0 not translated yet, 1 skipped until reviewed\n")

    @pytest.mark.parametrize("where", [(), ("-o", PO)])
    def test_an_export_of_nothing_says_how_to_have_every_text(
        self, project: ProjectCopy, where: tuple[str, ...]
    ) -> None:
        with contextlib.chdir(project.root):
            ran = project.run("translate", "export", "-l", "zh-Hans", *where)
        assert (ran.status, ran.stderr) == (
            0,
            "brief: no 'zh-Hans' text is missing or stale; --all writes every text\n",
        )

    @pytest.mark.parametrize("catalogue", ["none", "of no words", "of some words"])
    def test_texts_are_translated_before_the_interface_words_are(self, project: ProjectCopy, catalogue: str) -> None:
        project.replace(SETTINGS, "locales: [en, zh-Hans, zh-Hant]", "locales: [en, zh-Hans, zh-Hant, sv]")
        if catalogue != "none":
            words = "Källor" if catalogue == "of some words" else ""
            project.write(
                "content/catalogues/sv.po", f'{TEMPLATE.read_text("utf-8")}\nmsgid "Figure"\nmsgstr "{words}"\n'
            )
        first = project.run("translate", "status", "-l", "sv").stdout.partition("\n")[0]
        assert first.endswith("0 of 29 texts; 29 missing")
        fill(project, export_catalogue(project, "sv"), {"block/what-changed/heading": "Vad som ändrats"})
        assert "#. {reader-survey/wait} prints in en: 15–20 minutes\n" in project.read(PO)
        assert bring_back(project)[:2] == (0, f"{THEME}: 1 'sv' text written\n")
        assert project.run("translate", "accept", "-l", "sv").status == 0
        first = project.run("translate", "status", "-l", "sv").stdout.partition("\n")[0]
        assert first.endswith("1 of 29 texts; 28 missing")

    def test_other_errors_of_a_catalogue_still_count(self, project: ProjectCopy) -> None:
        project.write("content/catalogues/zh-Hans.po", 'mgsid "Sources"\n')
        ran = project.run("translate", "export", "-l", "zh-Hant")
        assert (ran.status, ran.stdout) == (1, "")
        assert "catalogue-syntax" in ran.stderr

    def test_another_name_of_the_locale_will_do(self, project: ProjectCopy) -> None:
        export_catalogue(project, "zh-Hant", "--all")
        project.write(
            PO, project.read(PO).replace("Language: zh_Hant", "Language: zh_TW").replace("夜間公車一週年", "夜間公車")
        )
        assert bring_back(project)[1] == f"{SETTINGS}: 1 'zh-Hant' text written\n"

    def test_the_mode_of_a_file_and_a_link_to_it_stay(self, project: ProjectCopy, tmp_path: Path) -> None:
        real = project.root / "ridership.real"
        (project.root / THEME).rename(real)
        (project.root / THEME).symlink_to(real)
        real.chmod(0o640)
        fill(project, export_catalogue(project, "zh-Hans", "--all"), {"block/what-changed/heading": "有何变化"})
        assert bring_back(project)[0] == 0
        assert (project.root / THEME).is_symlink()
        assert real.stat().st_mode & 0o777 == 0o640
        assert "有何变化" in real.read_text("utf-8")
