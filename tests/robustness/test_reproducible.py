"""The same project gives the same bytes in any environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief import Pack
from brief.publish.archive import add_archives
from brief.publish.verify import verify_pack

HERE = Path(__file__).with_name("surroundings")

# Each differs from this process in all that it names at once.
SURROUNDINGS: dict[str, dict[str, str]] = {
    "west, ten years on": {
        "TZ": "Pacific/Niue",
        "LANG": "tr_TR.UTF-8",
        "LANGUAGE": "zh_TW:de",
        "HOME": "/nonexistent",
        "USER": "nobody",
        "LOGNAME": "nobody",
        "PYTHONHASHSEED": "1",
        "TEST_CLOCK": "3650",
        "COLUMNS": "20",
    },
    "east, ten years back": {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "TEST_CLOCK": "-3650",
        "TEST_SHUFFLE": "7",
        "SOURCE_DATE_EPOCH": "86400",
        "TERM": "dumb",
        "NO_COLOR": "1",
    },
}


def _build(project: Path, folder: Path, env: dict[str, str]) -> dict[str, bytes]:
    path = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH", "")])]
    order = ["build", "--zip", "--jobs", "2", "-C", os.path.relpath(project, folder), "-o", "made"]
    ran = subprocess.run(
        [sys.executable, "-c", "from brief.cli import main; main()", *order],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), **env},
        cwd=folder,
        umask=0o077,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.returncode, ran.stderr) == (0, "brief: 18 rendered, 0 from the cache\n")
    pack = folder / "made/night-buses"
    assert verify_pack(pack).is_consistent
    return {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


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
def test_surroundings_do_not_show(tmp_path: Path, starter_pack: Pack, surroundings: str) -> None:
    whole = add_archives(starter_pack)
    expected = {**whole.list_files(), "manifest.json": whole.make_manifest()}
    assert len(expected) == 18 + 2 + 1
    project = ProjectCopy(tmp_path / "elsewhere" / surroundings.replace(" ", "-"))
    project.accept_translations()
    (tmp_path / "from").mkdir()
    _assert_same(_build(project.root, tmp_path / "from", SURROUNDINGS[surroundings]), expected, tmp_path)
