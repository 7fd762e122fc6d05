"""XLIFF out and in: nothing is lost, other programs open it, and nothing above a clearance is in it."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import THEME, ProjectCopy
from translate.storage import tbx, xliff2

from brief import Project
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.model.translation import TranslatableText, Translation, TranslationState
from brief.project.translations import Translations
from brief.reading.po_file import PoEntry
from brief.reading.text_file import make_text_file
from brief.reading.xliff_file import read_xliff
from brief.translate.context import Contexts
from brief.translate.placeholders import split_placeholders
from brief.translate.xliff_export import CORE, export_xliff

HERE = SourceLocation("content/themes/x.yaml", 1, 1)
PIECES = st.one_of(
    st.sampled_from(
        ["{agi-2025/wait}", "{a/b:round(3)}", "[@a/b]", "[](#chart)", "**", "*", "`", "&", "<b>", "]]>", "\n", " "]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff")
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join).map(str.strip)


@pytest.fixture(scope="module")
def contexts(starter: Project) -> Contexts:
    return Contexts(starter.brief, "zh-Hans")


def parse(data: bytes) -> tuple[str, tuple[PoEntry, ...]]:
    sink = DiagnosticSink()
    read = read_xliff(make_text_file("x.xlf", data.decode()), sink)
    assert read is not None, sink.found
    assert sink.found == []
    return read.locale, read.entries


@settings(max_examples=200, deadline=None)
@given(source=TEXTS.filter(bool), target=TEXTS)
def test_every_text_comes_back_as_it_went_out(starter: Project, contexts: Contexts, source: str, target: str) -> None:
    phrases = {"en": Phrase(source, (), HERE), "zh-Hans": Phrase(target, (), HERE)}
    text = TranslatableText("block/a/text", "theme a", "paragraph", LocalisedText(phrases=phrases, location=HERE))
    state = TranslationState.CURRENT if target else TranslationState.MISSING
    data = export_xliff(starter.brief, contexts, [Translation(text, "zh-Hans", state, HERE)], {})
    locale, (entry,) = parse(data)
    assert (locale, entry.context, entry.source, entry.translation) == ("zh-Hans", "block/a/text", source, target)


@given(text=TEXTS)
def test_pieces_make_up_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in split_placeholders(text)) == text


@pytest.mark.parametrize("suffix", ["po", "xlf", "xliff"])
def test_a_whole_project_goes_out_and_comes_back_unchanged(project: ProjectCopy, suffix: str) -> None:
    assert project.run("translate", "accept").status == 0
    before = project.files()
    file = str(project.root.parent / f"all.{suffix}")
    assert project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", file).status == 0
    assert (project.root / file).stat().st_mode & 0o777 == 0o600
    ran = project.run("translate", "import", file)
    assert (ran.status, ran.stdout) == (0, "")
    assert "0 written, 29 unchanged, 0 not translated yet" in ran.stderr
    assert project.files() == before


def test_our_whole_briefing_survives_the_round_trip(briefing_project: Project) -> None:
    translations = Translations.load(briefing_project.root)
    for locale in ("zh-Hans", "zh-Hant"):
        found = translations.list_to_translate(locale, everything=True)
        data = export_xliff(translations.brief, Contexts(translations.brief, locale), found, {})
        _, entries = parse(data)
        assert len(entries) == len(found) > 900
        for translation, entry in zip(found, entries, strict=True):
            phrases = translation.text.text.phrases
            assert entry.source == phrases["en"].source.strip()
            assert entry.translation == phrases[locale].source.strip()


def test_a_changed_target_is_written_into_the_content(project: ProjectCopy) -> None:
    project.run("translate", "accept")
    project.replace(THEME, "zh-Hans: 变化何在, ", "")
    file = project.root.parent / "todo.xlf"
    project.run("translate", "export", "-l", "zh-Hans", "-o", str(file))
    text = file.read_text("utf-8")
    assert "state=" not in text
    file.write_text(text.replace("What changed</source>", "What changed</source><target>有何变化</target>"), "utf-8")
    assert project.run("translate", "import", str(file)).status == 0
    assert "zh-Hans: 有何变化" in project.read(THEME)
    assert project.check() == (0, [])


def test_what_was_not_looked_at_stays_out(project: ProjectCopy) -> None:
    project.run("translate", "accept")
    project.replace(THEME, "The cost is known and stable.", "The cost is known.")
    file = project.root.parent / "todo.xlf"
    project.run("translate", "export", "-l", "zh-Hans", "-o", str(file))
    assert 'subState="brief:stale"' in file.read_text("utf-8")
    skipped = project.run("translate", "import", str(file)).stderr
    assert "'theme/ridership/takeaways/3' is not marked as translated and was skipped" in skipped
    assert "set its state to 'translated'" in skipped
    assert "1 skipped until reviewed" in skipped
    file.write_text(file.read_text("utf-8").replace(' state="initial" subState="brief:stale"', ' state="translated"'))
    assert "1 unchanged" in project.run("translate", "import", str(file)).stderr
    assert {text.code for text in project.check()[1]} == {"stale-translation"}


@pytest.mark.parametrize(
    ("state", "is_fuzzy"),
    [
        ("", False),
        (' state="translated"', False),
        (' state="reviewed"', False),
        (' state="final"', False),
        (' state="final" subState="tool:reviewed"', False),
        (' state="initial"', True),
        (' state="translated" subState="xlf:needs-review-translation"', True),
        (' state="translated" subState="tool:to-review"', True),
        (' state="reviewed" subState="tool:Rejected"', True),
        (' state="translated" subState="brief:stale"', True),
    ],
)
def test_a_text_that_its_file_says_is_to_be_reviewed_is_fuzzy(state: str, is_fuzzy: bool) -> None:
    segment = f"<segment{state}><source>a</source><target>b</target></segment>"
    unit = f'<file id="f"><unit id="u" name="block/a/text">{segment}</unit></file>'
    _, (entry,) = parse(f'<xliff xmlns="{CORE}" version="2.1" trgLang="zh-Hans">{unit}</xliff>'.encode())
    assert entry.is_fuzzy == is_fuzzy


def test_what_translate_toolkit_and_polib_save_comes_back(project: ProjectCopy) -> None:
    project.run("translate", "accept")
    file, po = (project.root.parent / name for name in ("all.xlf", "all.po"))
    for each in (file, po):
        assert project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", str(each)).status == 0
    before = project.files()
    store = xliff2.Xliff2File.parsefile(str(file))
    store.save()
    entries = polib.pofile(str(po))
    entries.save()
    for each in (file, po):
        assert "0 written, 29 unchanged" in project.run("translate", "import", str(each)).stderr
    assert project.files() == before
    (unit,) = (each for each in store.units if str(each.target) == "变化何在")
    unit.target = "有何变化"
    store.save()
    assert "1 written, 28 unchanged" in project.run("translate", "import", str(file)).stderr
    assert "zh-Hans: 有何变化" in project.read(THEME)
    (entry,) = (each for each in entries if each.msgstr == "变化何在")
    entry.flags.append("fuzzy")
    entries.save()
    ran = project.run("translate", "import", str(po))
    assert "0 written, 28 unchanged, 0 not translated yet, 1 skipped until reviewed" in ran.stderr
    assert project.check() == (0, [])


@pytest.mark.parametrize("tag", ["source", "target"])
def test_texts_outside_of_segments_are_refused(tag: str) -> None:
    sink = DiagnosticSink()
    unit = f'<file id="f"><unit id="u" name="block/a/text"><{tag}>a</{tag}></unit></file>'
    text = f'<xliff xmlns="{CORE}" version="2.1" srcLang="en" trgLang="zh-Hans">{unit}</xliff>'
    assert read_xliff(make_text_file("x.xlf", text), sink) is None
    (found,) = sink.found
    assert found.message == f"<{tag}> is not in a <segment>"


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "gbk", "utf-7", "UF-8", "hex"])
def test_a_file_is_read_as_it_was_decoded_whatever_it_declares(encoding: str) -> None:
    sink = DiagnosticSink()
    segment = "<segment><source>a</source><target>夜间公交é</target></segment>"
    unit = f'<file id="f"><unit id="u" name="block/a/text">{segment}</unit></file>'
    head = f"<?xml version='1.0' encoding='{encoding}'?>"
    text = f'{head}<xliff xmlns="{CORE}" version="2.1" srcLang="en" trgLang="zh-Hans">{unit}</xliff>'
    read = read_xliff(make_text_file("x.xlf", text), sink)
    assert read is not None
    assert [entry.translation for entry in read.entries] == ["夜间公交é"]
    assert sink.found == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('dataRef="d1"', 'dataRef="d9"', "xliff-syntax"),
        ("</xliff>", "", "xliff-syntax"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE x [<!ENTITY e 'e'>]>", "xliff-syntax"),
        ("urn:oasis:names:tc:xliff:document:2.0", "urn:oasis:names:tc:xliff:document:1.2", "xliff-syntax"),
        ('<segment id="s1"', '<segments id="s1"', "xliff-syntax"),
        ("</source>", '<cp hex="D800"/></source>', "xliff-syntax"),
        ("</source>", '<cp hex="+1"/></source>', "xliff-syntax"),
        ("counted ", "reckoned ", "stale-translation"),
        ("示例市公交集团统计", "示例市公交集团&#x202E;统计", "bidi-control"),
        ('name="block/what-changed/text"', 'name="block/what-chnged/text"', "unknown-text"),
    ],
)
def test_a_damaged_file_is_refused_at_its_line(project: ProjectCopy, old: str, new: str, code: str) -> None:
    file = project.root.parent / "all.xlf"
    project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", str(file))
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    before = project.files()
    ran = project.run("translate", "import", str(file))
    assert (ran.status, f"error[{code}]" in ran.stderr) == (1, True), ran.stderr
    assert re.search(rf"all\.xlf:\d+:\d+: error\[{code}\]", ran.stderr)
    assert project.files() == before


def test_translate_toolkit_and_polib_open_what_we_write(project: ProjectCopy) -> None:
    folder = project.root.parent
    for name in ("all.xlf", "all.po", "terms.tbx"):
        assert project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", str(folder / name)).status == 0
    store = xliff2.Xliff2File.parsefile(str(folder / "all.xlf"))
    units = {unit.getid(): unit for unit in store.units}
    assert len(store.units) == 29
    (unit,) = (each for name, each in units.items() if "block.what-changed.text" in name)
    assert "Example City Transport counted" in str(unit.source)
    assert "示例市公交集团统计" in str(unit.target)
    entries = polib.pofile(str(folder / "all.po"))
    assert len(entries) == 29
    assert entries.percent_translated() == 100
    glossary = tbx.tbxfile.parsefile(str(folder / "terms.tbx"))
    assert [(str(each.source), str(each.target)) for each in glossary.units] == [
        ("Example City Transport", "示例市公交集团")
    ]


def test_figures_and_names_go_along(project: ProjectCopy) -> None:
    file = project.root.parent / "all.xlf"
    project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", str(file))
    root = ET.fromstring(file.read_bytes())  # noqa: S314  # written by us
    unit = root.find(f".//{{{CORE}}}unit[@name='block/what-changed/text']")
    assert unit is not None
    ph = unit.find(f".//{{{CORE}}}source/{{{CORE}}}ph")
    assert ph is not None
    assert ph.get("disp") == "{reader-survey/riders-after}"
    assert "万" in str(ph.get("equiv"))
    gls = "{urn:oasis:names:tc:xliff:glossary:2.0}"
    assert unit.findtext(f".//{gls}term") == "Example City Transport"
    assert unit.findtext(f".//{gls}translation") == "示例市公交集团"
    notes = [note.text for note in unit.iter(f"{{{CORE}}}note")]
    assert "Example City Transport: never ECT" in notes


@pytest.mark.parametrize("suffix", ["po", "xlf"])
def test_an_outside_translator_sees_nothing_above_the_clearance(project: ProjectCopy, suffix: str) -> None:
    file = project.root.parent / f"public.{suffix}"
    ran = project.run("translate", "export", "-l", "zh-Hans", "--all", "--clearance", "public", "-o", str(file))
    assert ran.status == 0, ran.stderr
    text = file.read_text("utf-8")
    for withheld in ("council-view", "To be decided", "For council members", "Council version", "read by council"):
        assert withheld not in text
    for seen in ("What changed", "Public version", "Example City Transport"):
        assert seen in text
    ran = project.run("translate", "export", "-l", "zh-Hans", "--clearance", "secret")
    assert (ran.status, "there is no clearance 'secret'" in ran.stderr) == (2, True)


@pytest.mark.parametrize("name", ["x.txt", "x", "x.po.bak", "x.yaml"])
def test_a_name_that_says_no_format_is_refused(project: ProjectCopy, name: str, tmp_path: Path) -> None:
    ran = project.run("translate", "export", "-l", "zh-Hans", "-o", str(tmp_path / name))
    assert (ran.status, "its name must end in .po, .xlf, .xliff, .tbx" in ran.stderr) == (2, True)
    assert not (tmp_path / name).exists()
    (tmp_path / name).write_text("x")
    ran = project.run("translate", "import", str(tmp_path / name))
    assert (ran.status, "its name must end in .po, .xlf, .xliff" in ran.stderr) == (2, True)
