"""The same project gives the same bytes, whatever surrounds the build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief.press.verify import verify

HERE = Path(__file__).with_name("surroundings")

SURROUNDINGS: dict[str, dict[str, str]] = {
    "time zone west": {"TZ": "Pacific/Niue"},
    "time zone east": {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
    "language": {"LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "2", "LANGUAGE": "zh_TW:de"},
    "home": {"HOME": "/nonexistent", "USER": "nobody", "LOGNAME": "nobody"},
    "ten years on": {"TEST_CLOCK": "3650"},
    "ten years back": {"TEST_CLOCK": "-3650"},
    "order of files": {"TEST_SHUFFLE": "7", "PYTHONHASHSEED": "77"},
    "an epoch": {"SOURCE_DATE_EPOCH": "86400"},
    "columns": {"COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"},
}


def _built(project: Path, folder: Path, env: dict[str, str], jobs: int = 2, umask: int = 0o022) -> dict[str, bytes]:
    path = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    order = ["build", "--zip", "--jobs", str(jobs), "-C", os.path.relpath(project, folder), "-o", "made"]
    ran = subprocess.run(
        [sys.executable, "-c", "from brief.cli import main; main()", *order],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), **env},
        cwd=folder,
        umask=umask,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.returncode, ran.stderr) == (0, "brief: 18 printed, 0 from the cache\n")
    pack = folder / "made/night-buses"
    assert verify(pack).is_consistent
    return {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("expected")
    files = _built(ProjectCopy(folder / "project").root, folder, {}, jobs=1)
    assert len(files) == 18 + 2 + 1
    return files


def _assert_same(found: dict[str, bytes], expected: dict[str, bytes], tmp_path: Path) -> None:
    assert set(found) == set(expected)
    differing = [name for name in found if found[name] != expected[name]]
    for name in differing[:1]:
        if shutil.which("diffoscope"):
            for side, data in (("expected", expected[name]), ("found", found[name])):
                (tmp_path / f"{side}-{Path(name).name}").write_bytes(data)
            sides = [str(tmp_path / f"{side}-{Path(name).name}") for side in ("expected", "found")]
            subprocess.run(["diffoscope", *sides])
    assert differing == []


def test_the_surroundings_are_really_others() -> None:
    script = "import os, time, datetime; print(os.listdir('/'), time.time(), datetime.date.today())"
    env = {**os.environ, "PYTHONPATH": str(HERE), "TEST_CLOCK": "-3650", "TEST_SHUFFLE": "7"}
    plain, changed = (
        subprocess.run([sys.executable, "-c", script], env=one, capture_output=True, text=True, check=True).stdout
        for one in (os.environ, env)
    )
    assert plain.partition("]")[0] != changed.partition("]")[0]
    assert int(plain.split()[-1][:4]) - int(changed.split()[-1][:4]) in (9, 10)


@pytest.mark.slow
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_surroundings_do_not_show(tmp_path: Path, expected: dict[str, bytes], surroundings: str) -> None:
    project = ProjectCopy(tmp_path / "elsewhere" / surroundings.replace(" ", "-"))
    (tmp_path / "from").mkdir()
    found = _built(project.root, tmp_path / "from", SURROUNDINGS[surroundings], umask=0o077)
    _assert_same(found, expected, tmp_path)
