"""Builds that die at any moment: the output is the whole old pack or the whole new one, and the next build works."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import publisher_process
import pytest
from crash_oracle import RUNS, Build, assert_recovers, state_of
from projects import THEME, ProjectCopy
from publisher_process import FILES, pack

from brief import Project
from brief.publish import failpoints
from brief.publish.verify import verify_pack

# How often a build of the publisher's pack passes a point.
PASSED = {"file-made": FILES + 1, "file-written": FILES + 1}
NEW = {"link-switched", "switch-synced", "cleared", "released"}


@pytest.mark.parametrize(
    "point", [f"{name}:{n + 1}" for name in failpoints.BUILD_POINTS for n in range(PASSED.get(name, 1))]
)
@pytest.mark.parametrize("before", [None, 1])
def test_killed_at_a_named_point(tmp_path: Path, point: str, before: int | None) -> None:
    if before is not None:
        pack(before).write(tmp_path)
    status, _, said = Build(tmp_path, 2, crash_at=point).end()
    assert status == failpoints.KILLED, said
    assert state_of(tmp_path) == (2 if point.partition(":")[0] in NEW else before)
    assert_recovers(tmp_path)


def test_the_environment_names_the_point(tmp_path: Path) -> None:
    command = [sys.executable, publisher_process.__file__, str(tmp_path), "2"]
    assert subprocess.run(command, env={**os.environ, "BRIEF_CRASH_AT": "link-made"}).returncode == failpoints.KILLED
    assert state_of(tmp_path) is None
    assert_recovers(tmp_path)


def test_every_point_is_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(failpoints, "pass_point", passed.append)
    pack(1).write(tmp_path)
    assert set(passed) == set(failpoints.BUILD_POINTS)


@pytest.mark.parametrize("seed", range(RUNS))
def test_killed_at_a_random_moment(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pack(1).write(tmp_path)
    endless = Build(tmp_path, 1, times=0)
    endless.wait_for_a_pack()
    time.sleep(chance.uniform(0, 0.15))
    endless.kill()
    assert endless.end()[0] == -signal.SIGKILL
    assert state_of(tmp_path) in (1, 2)
    assert_recovers(tmp_path)


@pytest.mark.parametrize("part", range(2))
def test_a_whole_build_killed_at_a_random_moment(
    project: ProjectCopy, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pack is the whole old one or the whole new one, nothing is left half-written, and the next build is right."""
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    output, chance = project.root / "output", random.Random(part)
    loaded = [Project.load(project.root)]
    project.replace(THEME, "The cost is known and stable.", "The cost is known.")
    loaded.append(Project.load(project.root))
    packs = [each.build(["public"], ["en"], ["html", "docx"], jobs=1).make_manifest() for each in loaded]
    loaded[0].build(["public"], ["en"], ["html", "docx"], jobs=1).write(output)
    seconds = 1.0
    for number in range(RUNS // 25):
        child = os.fork()
        if child == 0:
            try:
                loaded[1 - number % 2].build(["public"], ["en"], ["html", "docx"], jobs=1).write(output)
            finally:
                os._exit(0)
        began = time.monotonic()
        time.sleep(chance.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        # As long as a build takes on this machine at this time, so that its end is met as often as its beginning.
        has_ended = os.waitpid(child, 0)[1] == 0
        seconds = max(time.monotonic() - began, 0.05) if has_ended else min(seconds * 1.05, 10)
        assert verify_pack(output / "night-buses").is_consistent
        assert (output / "night-buses/manifest.json").read_bytes() in packs
    for each, wanted in zip(loaded, packs, strict=True):
        each.build(["public"], ["en"], ["html", "docx"], jobs=1).write(output)
        assert (output / "night-buses/manifest.json").read_bytes() == wanted
        others = set(os.listdir(output)) - {"night-buses", os.readlink(output / "night-buses")}
        assert len(others) <= 1, others
        assert all(verify_pack(output / earlier).is_consistent for earlier in others)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "status", "after"), [(signal.SIGINT, 130, 0.6), (signal.SIGINT, 130, 1.8), (signal.SIGTERM, 143, 1.2)]
)
def test_an_interrupted_command_leaves_nothing(published: ProjectCopy, end: int, status: int, after: float) -> None:
    before = published.files("output")
    build = published.start("build", "--jobs", "2")
    time.sleep(after)
    build.send_signal(end)
    began = time.monotonic()
    assert build.wait(60) in (status, 0)
    assert time.monotonic() - began < 10
    if build.returncode:
        assert published.files("output") == before
    else:
        assert verify_pack(published.root / "output/night-buses").is_consistent
