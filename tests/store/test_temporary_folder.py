"""Temporary folders are removed, those of killed processes by the next one, and no others."""

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
import pytest
import weasyprint.text.fonts
from projects import ProjectCopy

from brief import MachineError, Project
from brief.store import temporary_folder
from brief.store.temporary_folder import make_temporary_folder

HOLD = """
from brief.store.temporary_folder import make_temporary_folder
with make_temporary_folder() as folder:
    (folder / "a").write_text("a")
    print(folder, flush=True)
    input()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    monkeypatch.setattr(temporary_folder, "_cleared", set())
    return made


def start(place: Path) -> tuple["subprocess.Popen[str]", Path]:
    environment = {**os.environ, "TMPDIR": str(place), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    past = time.time() - 3600
    os.utime(folder, (past, past))
    return process, folder


def test_it_is_removed_afterwards(place: Path) -> None:
    with make_temporary_folder() as folder:
        (folder / "a").write_text("a")
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(place: Path) -> None:
    process, folder = start(place)
    with process:
        process.kill()
        process.wait()
        assert (folder / "a").exists()
        with make_temporary_folder():
            assert not folder.exists()


def test_what_another_process_uses_or_made_stays(place: Path) -> None:
    process, folder = start(place)
    others = place / "others"
    others.mkdir()
    (others / "kept").touch()
    (place / "brief-used-link").symlink_to(others)
    (place / "brief-used-file").touch()
    with process:
        with make_temporary_folder():
            assert (folder / "a").exists()
            assert (others / "kept").exists()
        process.communicate("\n")
    assert not folder.exists()


def test_a_place_that_cannot_be_written_to_is_reported(place: Path) -> None:
    place.rmdir()
    with pytest.raises(MachineError, match="TMPDIR"), make_temporary_folder():
        pass


def test_layouts_use_such_a_folder(place: Path, project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: str) -> str:
        raise AssertionError

    monkeypatch.setattr(weasyprint.text.fonts, "mkdtemp", fail)
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    pack = Project.load(project.root).build(["public"], ["en"], ["pdf"], jobs=1)
    with pikepdf.open(io.BytesIO(pack.artifacts[0].data)) as pdf:
        names = {
            str(each.BaseFont) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        }
    assert any("Source" in name for name in names), names
    assert list(place.glob("brief-used-*")) == []
