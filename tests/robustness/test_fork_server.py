"""Workers that a fork server starts: they are as new interpreters, and neither they nor the server outlive their starter."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import misbehaving_jobs
import pytest
from processes import is_running, list_fork_servers, list_workers

from brief.workers.fork_server import ForkServerError, find_server
from brief.workers.pool import WorkerPool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")


def _server_of(pid: int) -> int:
    (server,) = list_fork_servers(pid)
    return server


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_modules_are_imported_once() -> None:
    with WorkerPool(2, preload=("brief.build.render",)) as workers:
        found = [workers.submit(misbehaving_jobs.describe_imports, "brief.build.render").result(30) for _ in range(1)]
    with WorkerPool(2) as workers:
        found.append(workers.submit(misbehaving_jobs.describe_imports, "brief.build.render").result(30))
    assert [imported for imported, _ in found] == [True, True]
    assert found[1][1] < 0.2, "seconds of processor time"


def test_a_worker_has_what_its_starter_has_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def ask() -> tuple[str, str | None, int]:
        with WorkerPool(1) as workers:
            return workers.submit(misbehaving_jobs.describe_surroundings, "ASKED_FOR").result(30)

    first = ask()
    assert first[:2] == (os.getcwd(), None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKED_FOR", "now: größer")
    second = ask()
    assert second == (str(tmp_path), "now: größer", first[2])
    assert capfd.readouterr().out == f"in {first[0]}\nin {tmp_path}\n"
    monkeypatch.delenv("ASKED_FOR")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert ask()[1] is None
    assert ask()[2] != first[2], "what is read at the start needs another server"


def test_a_worker_is_started_where_the_folder_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with WorkerPool(1) as workers:
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


def test_a_killed_server_is_replaced_and_its_workers_go_on() -> None:
    with WorkerPool(2) as workers:
        busy = workers.submit(misbehaving_jobs.double, 1, 1.5)
        worker = workers.submit(os.getpid).result(30)
        server = _server_of(os.getpid())
        assert _parent_of(worker) == server
        os.kill(server, signal.SIGKILL)
        assert busy.result(30) == 2
        with WorkerPool(1) as others:
            assert _parent_of(others.submit(os.getpid).result(30)) == _server_of(os.getpid()) != server


def test_without_a_server_workers_are_interpreters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment does not fit in a message."""
    monkeypatch.setenv("LARGE", "x" * 100_000)
    monkeypatch.setenv("LARGER", "x" * 100_000)
    with pytest.raises(ForkServerError):
        find_server().start_worker(("0",))
    with WorkerPool(1) as workers:
        assert _parent_of(workers.submit(os.getpid).result(30)) == os.getpid()


def test_a_module_that_starts_a_thread_makes_workers_interpreters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with WorkerPool(1, preload=("threaded",)) as workers:
        process = workers.submit(os.getpid).result(30)
        assert _parent_of(process) == _server_of(os.getpid())
        assert b"brief.workers.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


_PARENT = """
import misbehaving_jobs, time
from brief.workers.pool import WorkerPool
workers = WorkerPool(2)
workers.submit(misbehaving_jobs.{work})
workers.submit(misbehaving_jobs.pid).result()
print("busy", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("work", ["sleeps", "loops_natively"])
def test_a_server_ends_with_its_starter(work: str) -> None:
    support = str(Path(misbehaving_jobs.__file__).parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([support, *sys.path])}
    command = [sys.executable, "-c", _PARENT.format(work=work)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"busy\n"
        started = [_server_of(parent.pid), *list_workers(parent.pid)]
        assert len(started) == 3
        parent.kill()
    late = time.monotonic() + 10
    while any(is_running(pid) for pid in started):
        assert time.monotonic() < late, "orphans"
        time.sleep(0.02)
