"""Two builds into one folder: one at a time, and the lock ends with its holder."""

import fcntl
import os
import random
import re
import signal
import socket
import time
from hashlib import sha256
from pathlib import Path

import pytest
from crash_oracle import RUNS, Build, assert_clean, assert_recovers, state_of
from processes import list_workers
from projects import ProjectCopy
from publisher_process import BRIEF, pack

from brief import MachineError, OutputLockedError
from brief.publish import lock
from brief.publish.network_filesystem import find_filesystem_type
from brief.publish.output import reserve
from brief.publish.verify import verify_pack


def test_the_second_says_who_builds(project: ProjectCopy) -> None:
    with reserve(project.root / "output", "night-buses"):
        ran = project.run("build", "--jobs", "1")
    assert ran.status == 4
    assert f"process {os.getpid()} on {socket.gethostname()}" in ran.stderr
    assert list((project.root / "output").iterdir() if (project.root / "output").exists() else ()) == []


def test_the_second_waits_when_asked(published: ProjectCopy) -> None:
    with reserve(published.root / "output", "night-buses"):
        build = published.start("build", "--wait", "-f", "html", "--jobs", "1")
        assert build.stderr is not None
        assert f"waiting for process {os.getpid()}" in build.stderr.readline()
        time.sleep(0.3)
        assert build.poll() is None
    assert build.wait(60) == 0


def test_a_killed_build_frees_the_lock_while_its_workers_live(published: ProjectCopy) -> None:
    build = published.start("build", "--jobs", "2")
    lock_file = published.root / "output/.night-buses.lock"
    while not (lock_file.exists() and list_workers(build.pid)):
        assert build.poll() is None
        time.sleep(0.01)
    build.kill()
    build.wait()
    with reserve(published.root / "output", "night-buses"):
        pass


@pytest.mark.parametrize("seed", range(RUNS // 5))
def test_builds_race(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    builds = []
    for state in (1, 3, 5):
        builds.append(Build(tmp_path, state, times=4))
        time.sleep(chance.uniform(0, 0.03))
    if chance.random() < 0.3:
        builds[1].kill()
    done, statuses = set(), set()
    for build in builds:
        status, states, said = build.end()
        assert status in (0, 4, -signal.SIGKILL), said
        if status == 4:
            assert re.search(r"written to by (process \d+ on |another process)", said)
        done |= set(states)
        statuses.add(status)
    # A killed build may have switched the link and not yet said so.
    assert state_of(tmp_path) in done | {None, 3, 4}
    if statuses <= {0, 4}:
        assert state_of(tmp_path) in done
        assert_clean(tmp_path)
    assert_recovers(tmp_path)


def test_a_reader_never_sees_half_a_pack(tmp_path: Path) -> None:
    pack(1).write(tmp_path)
    endless = Build(tmp_path, 1, times=0)
    endless.wait_for_a_pack()
    digests = {sha256(pack(state).make_manifest()).hexdigest() for state in (1, 2)}
    seen: list[str] = []
    until = time.monotonic() + 1
    while time.monotonic() < until or set(seen) != digests:
        verdict = verify_pack(tmp_path / BRIEF)
        assert verdict.is_consistent, verdict.diagnostics
        seen.append(verdict.digest)
    endless.kill()
    endless.end()
    assert set(seen) == digests


def test_the_lock_file_goes_with_the_lock(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with lock.open_lock(path):
        with pytest.raises(OutputLockedError, match=f"process {os.getpid()}"), lock.open_lock(path):
            pass
        assert path.exists()
    assert not path.exists()


def test_locks_that_do_not_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    with pytest.raises(MachineError, match="locks do not work"), reserve(tmp_path, BRIEF):
        pass


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(MachineError, match="does not support locks"), reserve(tmp_path, BRIEF):
        pass


def test_a_file_system_without_links_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "symlink", forbidden)
    with pytest.raises(MachineError, match="Operation not permitted"), reserve(tmp_path, BRIEF):
        pass


def test_a_network_file_system_is_known_by_its_mount() -> None:
    table = (
        "22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "30 22 0:45 / /srv/my\\040files rw,relatime shared:9 - nfs4 server:/export rw,vers=4.2\n"
        "31 30 0:46 / /srv/my\\040files/local rw - tmpfs none rw\n"
    )
    assert find_filesystem_type(Path("/srv/my files/output"), table) == "nfs4"
    assert find_filesystem_type(Path("/srv/my files/local/output"), table) == "tmpfs"
    assert find_filesystem_type(Path("/home"), table) == "ext4"
    assert find_filesystem_type(Path("/home"), "") == ""
