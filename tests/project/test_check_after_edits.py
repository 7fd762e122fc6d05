"""After any chain of edits, a check that reuses what earlier ones found says the same as one that knows nothing.

`BRIEF_CHECK_EDITS` is the number of edits (12 by default).
"""

import os
import pickle
import random
from pathlib import Path

import pytest
from projects import ProjectCopy
from sample_projects import copy_sample_project

from brief import Project
from brief.model.diagnostics import Diagnostic
from brief.model.variant import Chart, Vega
from brief.project.check_cache import check_unless_known
from brief.project.checking import check_project
from brief.project.kept_reading import KeptReading
from brief.project.loading import read_and_check
from brief.reading.reading_cache import CachedFile, dump_file, load_file
from brief.resolve.localise import localise, localise_gated
from brief.resolve.select import select
from brief.store import default_store
from brief.writers.preflight import checks_charts_alone, preflight

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
    store = default_store()
    check_project(edited.root, store)
    theme = "content/themes/ridership.yaml"
    edited.write(theme, "# A remark.\n" + edited.read(theme))
    kept = KeptReading.load(store, edited.root)
    read_and_check(edited.root, kept.records)
    changed = {name for (name, kind), cached in kept.records.items() if kept.loaded.get((name, kind)) is not cached}
    assert changed == {theme}


def test_a_kept_file_is_what_was_read(edited: ProjectCopy) -> None:
    kept = KeptReading(None, edited.root)
    read_and_check(edited.root, kept.records)
    assert kept.records
    for cached in kept.records.values():
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
        cut, template_set = select(project.brief, name), project.template_set_for(name)
        formats = tuple(ref.name for ref in audience.formats)
        assert checks_charts_alone(template_set, formats)
        for locale in project.brief.locales:
            whole, charts = localise(cut, locale), localise_gated(cut, locale, charts_alone=True)[0]
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
