"""Builds that die at any moment: the output is the whole old pack or the whole new one, and the next build works."""

import random
import signal
import time
from pathlib import Path

import pytest
from oracle import RUNS, assert_recovers, start, state_of
from projects import ProjectCopy
from publisher import FILES, pack

from brief.press import crash
from brief.press.verify import verify

# How often a build of the publisher's pack passes a point.
PASSED = {"file-made": FILES + 1, "file-written": FILES + 1}
NEW = {"link-switched", "switch-synced", "cleared", "released"}


@pytest.mark.parametrize("point", [f"{name}:{n + 1}" for name in crash.POINTS for n in range(PASSED.get(name, 1))])
@pytest.mark.parametrize("before", [None, 1])
def test_killed_at_a_named_point(tmp_path: Path, point: str, before: int | None) -> None:
    if before is not None:
        pack(before).write(tmp_path)
    build = start(tmp_path, 2, env={"BRIEF_CRASH_AT": point})
    assert build.wait(60) == crash.KILLED, build.communicate()
    assert state_of(tmp_path) == (2 if point.partition(":")[0] in NEW else before)
    assert_recovers(tmp_path)


def test_every_point_is_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(crash, "point", passed.append)
    pack(1).write(tmp_path)
    assert set(passed) == set(crash.POINTS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RUNS))
def test_killed_at_a_random_moment(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pack(1).write(tmp_path)
    endless = start(tmp_path, 1, times=0)
    assert endless.stdout is not None
    endless.stdout.readline()
    time.sleep(chance.uniform(0, 0.15))
    endless.send_signal(signal.SIGKILL)
    endless.wait(60)
    endless.communicate()
    assert state_of(tmp_path) in (1, 2)
    assert_recovers(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("end", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("seed", range(3))
def test_an_interrupted_command_leaves_nothing(published: ProjectCopy, end: int, status: int, seed: int) -> None:
    before = published.files("output")
    build = published.start("build", "--jobs", "2")
    time.sleep(random.Random(seed).uniform(0.5, 3.5))
    build.send_signal(end)
    began = time.monotonic()
    assert build.wait(60) in (status, 0)
    assert time.monotonic() - began < 5
    if build.returncode:
        assert published.files("output") == before
    else:
        assert verify(published.root / "output/night-buses").is_consistent
