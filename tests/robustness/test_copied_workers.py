"""Workers that are copies of the starting process: they die, end and fail as new interpreters do."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import is_running

ROOT = Path(__file__).parents[2]
_PREPARE = """
import os, signal, sys, threading, time
import misbehaving_jobs
from brief.model.diagnostics import WorkerError
from brief.workers.pool import WorkerPool

def list_commands(pool):
    return {open(f"/proc/{pid}/cmdline").read() for pid in (pool.submit(os.getpid).result(30) for _ in range(4))}

own = open("/proc/self/cmdline").read()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")


def _start(script: str) -> "subprocess.Popen[str]":
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests/support")))
    return subprocess.Popen(
        [sys.executable, "-c", _PREPARE + script],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )


def _run(script: str) -> str:
    with _start(script) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said.strip()


def test_workers_are_copies_of_a_process_with_one_thread() -> None:
    assert _run("with WorkerPool(2) as pool: pool.start(2, copies=True); print(list_commands(pool) == {own})") == "True"


def test_workers_are_new_interpreters_if_the_process_has_threads() -> None:
    script = """
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
with WorkerPool(2) as pool:
    pool.start(2, copies=True)
    print(own in list_commands(pool))
"""
    assert _run(script) == "False"


def test_a_copy_that_dies_is_replaced(tmp_path: Path) -> None:
    script = f"""
with WorkerPool(1) as pool:
    pool.start(1, copies=True)
    print(pool.submit(misbehaving_jobs.once, {str(tmp_path / "died")!r}, 21, "kill_itself").result(30))
"""
    assert _run(script) == "42"


def test_the_end_of_a_copy_is_described(tmp_path: Path) -> None:
    script = f"""
with WorkerPool(1) as pool:
    pool.start(1, copies=True)
    try:
        pool.submit(misbehaving_jobs.each_time, {str(tmp_path / "deaths")!r}, "exits").result(30)
    except WorkerError as error:
        print(error)
"""
    assert "status 7" in _run(script)


def test_copies_end_with_the_process_that_started_them() -> None:
    script = """
pool = WorkerPool(2)
pool.start(2, copies=True)
found = {pool.submit(os.getpid).result(30)}
for _ in range(2):
    pool.submit(time.sleep, 60)
from processes import list_fork_servers, list_workers
print(*list_fork_servers(os.getpid()), *list_workers(os.getpid()), flush=True)
time.sleep(60)
"""
    with _start(script) as process:
        assert process.stdout is not None
        copies = [int(pid) for pid in process.stdout.readline().split()]
        process.send_signal(signal.SIGKILL)
    assert len(copies) == 3
    late = time.monotonic() + 10
    while any(is_running(pid) for pid in copies) and time.monotonic() < late:
        time.sleep(0.05)
    assert not [pid for pid in copies if is_running(pid)]
