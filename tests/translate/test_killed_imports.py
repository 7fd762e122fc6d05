"""An import that dies at any moment is all or nothing: the next command finishes or undoes it, and says so."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from po_files import PO, export_catalogue
from projects import SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.model.diagnostics import MachineError
from brief.project.source_import import import_bibliography
from brief.project.translations import Translations
from brief.publish import failpoints
from brief.publish.journal import CRASH_POINTS, JOURNAL, LOCK, recover
from brief.publish.lock import open_lock
from brief.reading.layout import TRANSLATIONS

FILES = (SETTINGS, THEME, TRANSLATIONS)
# The journal is made first, then a temporary file for each file; a file is replaced three times.
TEMPORARY = range(1, len(FILES) + 2)
UNDONE = [
    *(f"{name}:{n}" for n in TEMPORARY for name in ("file-made", "file-written")),
    "journal-written:1",
]
FINISHED = [f"file-replaced:{n + 1}" for n in range(len(FILES))]
COMMANDS = [("list",), ("translate", "status"), ("evidence",)]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A project with the file of its translations, by which three files change."""
    project = ProjectCopy(tmp_path_factory.mktemp("import") / "project")
    export_catalogue(project, "zh-Hans", "--all")
    text = project.read(PO)
    for old, new in (("夜间公交一周年", "夜间公交的第一年"), ('msgstr "变化何在"', 'msgstr "有何变化"')):
        assert old in text
        text = text.replace(old, new)
    project.write(PO, text)
    return project


@pytest.fixture
def copy(returned: ProjectCopy, tmp_path: Path) -> ProjectCopy:
    return ProjectCopy(tmp_path / "project", returned.root)


def kill_at(act: Callable[[], object], point: str) -> int:
    """The exit status of a process that does this and dies at the point."""
    child = os.fork()
    if child == 0:
        try:
            failpoints.set_failpoint(point)
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def content(project: ProjectCopy) -> dict[str, bytes | str]:
    """The files, without the lock that the last process left, which no process holds."""
    return {name: data for name, data in project.files().items() if not name.endswith(".lock.lock")}


@pytest.fixture(scope="module")
def imported(returned: ProjectCopy, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | str]:
    """The files as they are after an import that nothing interrupts."""
    project = ProjectCopy(tmp_path_factory.mktemp("imported") / "project", returned.root)
    before = project.files()
    Translations.load(project.root).import_file(project.root / PO)
    after = project.files()
    assert {name for name in after if after[name] != before.get(name)} == set(FILES)
    return after


@pytest.mark.parametrize("point", [*UNDONE, *FINISHED, "journal-removed:1"])
def test_a_killed_import_is_all_or_nothing_for_the_next_command(
    copy: ProjectCopy, imported: dict[str, bytes | str], point: str
) -> None:
    before = copy.files()
    translations = Translations.load(copy.root)
    assert kill_at(lambda: translations.import_file(copy.root / PO), point) == failpoints.KILLED
    command = COMMANDS[len(point) % len(COMMANDS)]
    ran = copy.run(*command)
    assert content(copy) == (before if point in UNDONE else imported)
    assert ran.status == 0
    if point in UNDONE:
        assert "an interrupted import was undone" in ran.stderr
    elif point in FINISHED:
        assert f"was finished: 3 files written ({', '.join(sorted(FILES))})" in ran.stderr
    assert recover(copy.root) is None


@pytest.mark.parametrize("again", ["file-written:1", "file-replaced:1", "journal-removed:1"])
def test_what_finishes_it_may_die_too(copy: ProjectCopy, imported: dict[str, bytes | str], again: str) -> None:
    translations = Translations.load(copy.root)
    assert kill_at(lambda: translations.import_file(copy.root / PO), "file-replaced:1") == failpoints.KILLED
    assert kill_at(lambda: recover(copy.root), again) in (failpoints.KILLED, 0)
    Project.load(copy.root)
    assert content(copy) == imported


def test_the_library_finishes_it_and_warns(copy: ProjectCopy, imported: dict[str, bytes | str]) -> None:
    translations = Translations.load(copy.root)
    kill_at(lambda: translations.import_file(copy.root / PO), "file-replaced:2")
    (found,) = [each for each in Project.load(copy.root).diagnostics if each.code == "interrupted-import"]
    assert "was finished: 3 files" in found.message
    assert content(copy) == imported


def test_the_library_warns_of_one_that_ended_earlier(copy: ProjectCopy, imported: dict[str, bytes | str]) -> None:
    translations = Translations.load(copy.root)
    kill_at(lambda: translations.import_file(copy.root / PO), "file-replaced:1")
    assert [each.code for each in Project.load(copy.root).diagnostics] == [
        "interrupted-import",
        "unreviewed-translation",
    ]
    assert content(copy) == imported


def test_what_was_edited_since_is_not_written_over(copy: ProjectCopy) -> None:
    translations = Translations.load(copy.root)
    kill_at(lambda: translations.import_file(copy.root / PO), "file-replaced:1")
    copy.write(THEME, f"# a remark\n{copy.read(THEME)}")
    edited = content(copy)
    ran = copy.run("list")
    assert ran.status == 3
    assert f"an import was interrupted, and {THEME} changed since" in ran.stderr
    assert content(copy) == edited


def test_an_edit_before_any_file_was_replaced_stays(copy: ProjectCopy) -> None:
    translations = Translations.load(copy.root)
    kill_at(lambda: translations.import_file(copy.root / PO), "file-written:3")
    copy.write(THEME, f"# a remark\n{copy.read(THEME)}")
    kept = copy.read(THEME)
    assert "was undone and nothing was written; import again" in copy.run("list").stderr
    assert copy.read(THEME) == kept
    assert not list(copy.root.glob("content/**/.*"))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"form": "brief journal 2", "files": []}).encode(),
        json.dumps({"form": "brief journal 1", "files": [{"path": "../outside", "old": "", "new": "eA=="}]}).encode(),
        json.dumps({"form": "brief journal 1", "files": [{"path": "/etc/passwd", "old": "", "new": "eA=="}]}).encode(),
        json.dumps({"form": "brief journal 1", "files": [{"path": "link/x", "old": "", "new": "eA=="}]}).encode(),
        json.dumps({"form": "brief journal 1", "files": [{"path": THEME, "old": "!", "new": None}]}).encode(),
    ],
)  # fmt: skip
def test_a_foreign_journal_writes_nothing(project: ProjectCopy, tmp_path: Path, written: bytes) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project.root / "link").symlink_to(tmp_path / "elsewhere")
    project.write(JOURNAL, written)
    before = project.files()
    with pytest.raises(MachineError, match="is damaged"):
        recover(project.root)
    assert project.files() == before
    assert not (tmp_path / "outside").exists()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_command_waits_for_an_import_that_is_under_way(copy: ProjectCopy, imported: dict[str, bytes | str]) -> None:
    translations = Translations.load(copy.root)
    kill_at(lambda: translations.import_file(copy.root / PO), "file-replaced:1")
    with hold_lock(copy.root):
        waiting: list[str] = []

        def stop(holder: str) -> None:
            waiting.append(holder)
            raise InterruptedError

        with pytest.raises(MachineError):
            recover(copy.root, stop)
    assert waiting[0].startswith("process ")
    recover(copy.root)
    assert content(copy) == imported


def test_the_lock_of_a_killed_import_goes_with_the_next_command(copy: ProjectCopy) -> None:
    """Also if it died before it wrote, or after it had finished."""
    lock = copy.root / LOCK
    lock.touch()
    before = content(copy)
    assert copy.run("list").status == 0
    assert not lock.exists()
    with hold_lock(copy.root):
        copy.run("list")
        assert lock.exists()
    lock.touch(0o400)
    assert copy.run("list").status == 0
    assert content(copy) == before


@contextmanager
def hold_lock(root: Path) -> Iterator[None]:
    with open_lock(root / LOCK):
        yield


@pytest.mark.parametrize("point", ["file-written:2", "file-replaced:1"])
def test_an_import_of_sources_is_all_or_nothing_too(project: ProjectCopy, point: str) -> None:
    project.write("a.bib", "@book{one, title={One}, year=2020}\n@book{two, title={Two}, year=2021}\n")
    assert kill_at(lambda: import_bibliography(project.root, project.root / "a.bib"), point) == failpoints.KILLED
    project.run("list")
    names = sorted(path.name for path in (project.root / "seeds").iterdir())
    made = ["one.yaml", "reader-survey.yaml", "two.yaml"]
    assert names == (made if "replaced" in point else ["reader-survey.yaml"])


def test_the_points_are_those_that_are_passed(copy: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(failpoints, "pass_point", passed.append)
    Translations.load(copy.root).import_file(copy.root / PO)
    assert set(passed) == {*CRASH_POINTS, "file-made", "file-written"}
    assert (passed.count("file-made"), passed.count("file-replaced")) == (len(TEMPORARY), len(FILES))
