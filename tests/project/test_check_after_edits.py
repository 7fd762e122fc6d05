"""After any chain of edits, a check that reuses what earlier ones found says the same as one that knows nothing.

`BRIEF_CHECK_EDITS` is the number of edits (12 by default).
"""

import os
import pickle
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy
from sample_projects import copy_sample_project

from brief import Project
from brief.model.diagnostics import Diagnostic
from brief.model.figures.dataset import Dataset
from brief.model.variant import Chart, Vega
from brief.project.check_cache import check_unless_known
from brief.project.checking import check_project
from brief.project.loading import read_and_check
from brief.project.saved_reading import SavedReading
from brief.reading.reading_cache import CachedFile, dump_file, load_file
from brief.resolve.localise import localise, localise_gated
from brief.resolve.select import select
from brief.store import open_default_store
from brief.writers.preflight import needs_only_charts, preflight

EDITS = int(os.environ.get("BRIEF_CHECK_EDITS", "12"))
# What the checks of style, wording, faces, references and syntax find, and what changes where they find it.
ADDED = (
    "髮展",
    "乾凈",
    "视频",
    "視頻",
    "，, ",
    '"so"',
    "  two",
    "5kWh",
    "\U0002a6d6",
    "{no/claim}",
    "[](#nothing)",
    "**bold",
    "一",
)
LINES = ("# A remark.", "no_such_key: 1", "explicit_clearance: true", "han_latin_spaces: true", "strict: true")


@pytest.fixture
def edited(project: ProjectCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectCopy:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path / "cache"))
    return project


def _describe(found: tuple[Diagnostic, ...]) -> list[dict[str, object]]:
    return [each.to_json() for each in found]


def _edit(project: ProjectCopy, chance: random.Random) -> str:
    """Makes one random edit of a content file, and returns what it was."""
    files = sorted(path for folder in ("content", "seeds") for path in (project.root / folder).rglob("*.yaml"))
    path = chance.choice(files)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            what, lines[at:at] = "a line more", [chance.choice(LINES) + "\n"]
        case 1:
            what, lines[at : at + 1] = "a line less", []
        case 2:
            what, lines[at:at] = "a line twice", [lines[at]]
        case _:
            word, place = chance.choice(ADDED), chance.randrange(len(lines[at]))
            what, lines[at] = f"{word!r} more", lines[at][:place] + word + lines[at][place:]
    path.write_text("".join(lines), "utf-8")
    return f"{path.name}:{at + 1}: {what}"


def test_a_check_after_edits_equals_one_without_a_cache(edited: ProjectCopy) -> None:
    chance = random.Random(7)  # noqa: S311  the same edits in each run
    first = {path: path.read_bytes() for path in edited.root.rglob("*.yaml")}
    codes, made = set[str](), list[str]()
    for number in range(EDITS):
        if number % 3 == 0:
            # Errors pile up otherwise, until a file has nothing left to check.
            for path, data in first.items():
                path.write_bytes(data)
        made.append(_edit(edited, chance))
        found = check_unless_known(edited.root)
        assert _describe(found) == _describe(check_project(edited.root)), made
        codes |= {each.code for each in found}
    assert len(codes) > 3, "the edits cause findings"


def _replace(name: str, old: str, new: str) -> Callable[[ProjectCopy], None]:
    return lambda project: project.write(name, project.read(name).replace(old, new))


def _rename(old: str, new: str) -> Callable[[ProjectCopy], None]:
    def rename(project: ProjectCopy) -> None:
        (project.root / old).rename(project.root / new)

    return rename


def _wear_look(project: ProjectCopy) -> None:
    project.write("templates/own/set.yaml", "extends: base\ncolours: {brand: '#ffd000'}\n")
    project.write(SETTINGS, project.read(SETTINGS).replace("template_set: base", "template_set: own"))


VEGA = "content/vega/riders.json"
_WORDS = "{en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}"
_DATA = f'[{{name: riders, columns: [{{column: v, title: {_WORDS}}}], rows: [["{{reader-survey/riders-after}}"]]}}]'
# One edit of each kind of file that a check reads, in this order; many depend on what an earlier one has made.
STEPS: Mapping[str, Callable[[ProjectCopy], None]] = {
    "a sentence": _replace(
        THEME,
        "- kind: callout",
        "- kind: paragraph\n    id: more\n    text: {en: So  it is., zh-Hans: 如此。, zh-Hant: 如此。}\n  - kind: callout",
    ),
    "a remark above charts": lambda project: project.write(THEME, "# A remark.\n" + project.read(THEME)),
    "the title of a chart": _replace(THEME, "{en: Riders a year,", "{en: 'Riders  a year, ECT',"),
    "that title again": _replace(THEME, "'Riders  a year, ECT'", "Riders a year"),
    "another drawing": lambda project: project.write(
        THEME,
        f"{project.read(THEME)}  - {{kind: vega, id: own, title: {_WORDS}, description: {_WORDS}, specification: riders.json, data: {_DATA}}}\n",
    ),
    "its specification": lambda project: project.write(
        VEGA, '{"data": {"name": "riders"}, "mark": "banana", "encoding": {"x": {"field": "v"}}}'
    ),
    "its mark": _replace(VEGA, "banana", "point"),
    "a value in a chart": _replace(SEED, "value: 2_650_000", "value: 2"),
    "a statement of a source": _replace(SEED, "zh-Hans: 试点首年", "zh-Hans: 試點首年"),
    "a term": _replace("content/glossary.yaml", "avoid: [ECT]", "avoid: [riders]"),
    "a form to avoid less": _replace("content/glossary.yaml", "avoid: [riders]", "avoid: [ECT]"),
    "a dataset": lambda project: project.write(
        SEED,
        f"{project.read(SEED).rstrip()}\ndatasets:\n  - id: routes\n    file: data/routes.csv\n    key: [route]\n    columns: {{riders: count}}\n",
    ),
    "its table": lambda project: project.write("data/routes.csv", "route,riders\nN1,5\nTotal,x\n"),
    "a cell": _replace("data/routes.csv", "Total,x", "N2,7"),
    "its digits": _replace("data/routes.csv", "N2,7", "N2,7.0"),
    "a warning about it": lambda project: project.write("data/routes.csv", "route,riders\nN1,5\nTotal,5\n"),
    "the warning allowed": _replace(SEED, "  - id: routes\n", "  - id: routes\n    allow: {total-row: never added}\n"),
    "digits of all figures": lambda project: project.write(
        SETTINGS, project.read(SETTINGS) + "figures: {significant: 2}\n"
    ),
    "a locale less": _replace(SETTINGS, "locales: [en, zh-Hans, zh-Hant]", "locales: [en, zh-Hans]"),
    "that locale": _replace(SETTINGS, "locales: [en, zh-Hans]", "locales: [en, zh-Hans, zh-Hant]"),
    "words of a catalogue": lambda project: project.write(
        "content/catalogues/zh-Hans.po", 'msgid ""\nmsgstr "Language: zh-Hans\\n"\n\nmsgid "Contnets"\nmsgstr "目录"\n'
    ),
    "a look": _wear_look,
    "a template": lambda project: project.write("templates/own/block/paragraph.html.j2", "{{ block.none_such }}"),
    "the template less": lambda project: (project.root / "templates/own/block/paragraph.html.j2").unlink(),
    "a source renamed": _rename(SEED, "seeds/readers.yaml"),
    "a source named as before": _rename("seeds/readers.yaml", SEED),
    "a theme renamed": _rename(THEME, "content/themes/riders.yaml"),
    "a theme named as before": _rename("content/themes/riders.yaml", THEME),
    "an audience less": lambda project: (project.root / "content/audiences/public.yaml").unlink(),
    "a glossary less": lambda project: (project.root / "content/glossary.yaml").unlink(),
    "a lockfile": lambda project: project.write("content/translations.lock", "not a lockfile\n"),
}


def test_a_check_after_an_edit_of_any_file_equals_one_without_a_cache(edited: ProjectCopy) -> None:
    for audience in ("public", "council"):
        # One format has all that the checks of charts and templates look at.
        edited.replace(f"content/audiences/{audience}.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    before, changed = check_unless_known(edited.root), set[str]()
    for what, change in STEPS.items():
        change(edited)
        found = check_unless_known(edited.root)
        assert _describe(found) == _describe(check_project(edited.root)), what
        if found != before:
            changed.add(what)
        before = found
    assert len(changed) > 18, "the edits cause findings"


def test_what_is_cached_depends_on_the_order_of_edits_in_no_way(edited: ProjectCopy) -> None:
    """The states between which a project goes back and forth keep their own results."""
    states = ("- kind: chart", "- kind: chart\n    allow: [ECT]", "# A remark.\n  - kind: chart")
    expected, text = [], edited.read(THEME)
    for state in states:
        edited.write(THEME, text.replace("- kind: chart", state))
        expected.append(_describe(check_project(edited.root)))
    for number in (0, 1, 2, 1, 0, 2, 0):
        edited.write(THEME, text.replace("- kind: chart", states[number]))
        assert _describe(check_unless_known(edited.root)) == expected[number]


@pytest.mark.parametrize("key", ["explicit_clearance: true", "clearances: [open, shut]"])
def test_a_setting_that_other_files_depend_on_is_seen(edited: ProjectCopy, key: str) -> None:
    """The other files have not changed, but what their records mean has."""
    edited.write("content/brief.yaml", edited.read("content/brief.yaml").replace("explicit_clearance: true\n", ""))
    before = check_unless_known(edited.root)
    edited.write("content/brief.yaml", edited.read("content/brief.yaml") + key + "\n")
    found = check_unless_known(edited.root)
    assert found != before
    assert _describe(found) == _describe(check_project(edited.root))


def test_only_the_edited_file_is_read_again(edited: ProjectCopy) -> None:
    store = open_default_store()
    check_project(edited.root, store)
    theme = "content/themes/ridership.yaml"
    edited.write(theme, "# A remark.\n" + edited.read(theme))
    kept = SavedReading.load(store, edited.root)
    read_and_check(edited.root, kept.cache)
    changed = {name for (name, kind), cached in kept.cache.items() if kept.loaded.get((name, kind)) is not cached}
    assert changed == {theme}


def test_an_unchanged_workbook_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path / "cache"))
    root = copy_sample_project("energy", tmp_path / "energy").root
    store = open_default_store()
    check_project(root, store)
    kept = SavedReading.load(store, root)
    brief, _ = read_and_check(root, kept.cache)
    assert brief is not None
    assert any(kind is Dataset for _, kind in kept.cache)
    assert all(kept.loaded.get(key) is cached for key, cached in kept.cache.items())
    without, _ = read_and_check(root)
    assert without is not None
    assert repr(brief.datasets) == repr(without.datasets)
    changed = next((root / "data").iterdir())
    changed.write_bytes(changed.read_bytes() + b" ")
    read_and_check(root, kept.cache)
    assert {kind for (name, kind), each in kept.cache.items() if kept.loaded.get((name, kind)) is not each} == {Dataset}


def test_a_kept_file_is_what_was_read(edited: ProjectCopy) -> None:
    kept = SavedReading(None, edited.root)
    read_and_check(edited.root, kept.cache)
    assert kept.cache
    for cached in kept.cache.values():
        assert load_file(dump_file(cached)) == cached
        assert repr(load_file(dump_file(cached))) == repr(cached), "with locations, which do not count as differences"


def test_a_kept_file_can_name_nothing_but_the_model(tmp_path: Path) -> None:
    class _Harm:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "harm",)

    for harmful in (_Harm(), CachedFile(b"", (), _Harm(), (), is_whole=True), os.sep, [Path]):
        assert load_file(pickle.dumps(harmful) if not isinstance(harmful, CachedFile) else dump_file(harmful)) is None
    assert load_file(b"no pickle") is None
    assert not (tmp_path / "harm").exists()


def test_what_stops_a_chart_is_found_without_the_rest_of_the_variant(tmp_path: Path) -> None:
    """Where templates are packaged, charts alone are localised for a check."""
    project = Project.load(copy_sample_project("finance", tmp_path / "finance").root)
    charts_seen = 0
    for name, audience in project.brief.audiences.items():
        cut, template_set = select(project.brief, name), project.get_template_set(name)
        formats = tuple(ref.name for ref in audience.formats)
        assert needs_only_charts(template_set, (*formats, "json", "md"))
        for locale in project.brief.locales:
            whole, charts = localise(cut, locale), localise_gated(cut, locale, only_charts=True)[0]
            drawn = [block for section in whole.sections for block in section.blocks if isinstance(block, Chart | Vega)]
            alone = [block for section in charts.sections for block in section.blocks]
            assert [(each.id, each.series) for each in alone if isinstance(each, Chart)] == [
                (each.id, each.series) for each in drawn if isinstance(each, Chart)
            ]
            assert len(alone) == len(drawn)
            charts_seen += len(alone)
            found, found_alone = (list(preflight(each, template_set, formats)) for each in (whole, charts))
            assert found_alone == found
    assert charts_seen
