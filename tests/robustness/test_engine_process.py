"""A process that an engine keeps: it is replaced if it ended, and fails only its own task."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import brief
from brief.workers.engine_process import EngineEndedError, EngineLateError, EngineProcess

_ECHO = """
import json, os, sys, time
for line in sys.stdin:
    task = json.loads(line)
    if "sleep" in task:
        time.sleep(task["sleep"])
    if "die" in task:
        os.abort()
    data = b"made" * task.get("times", 1)
    sys.stdout.buffer.write(json.dumps({"pid": os.getpid(), "size": len(data)}).encode() + b"\\n" + data)
    sys.stdout.buffer.flush()
"""


def _pid(process: EngineProcess) -> int:
    return int(process.ask({}, 30)[0]["pid"])


def _start(tasks: int | None = None) -> EngineProcess:
    return EngineProcess("-c", _ECHO, tasks=tasks)


def test_one_process_does_all_tasks_and_ends_when_it_is_closed() -> None:
    process = _start()
    first = _pid(process)
    assert process.ask({"times": 100_000}, 30)[1] == b"made" * 100_000
    assert _pid(process) == first
    process.close()
    assert not Path(f"/proc/{first}").exists()
    assert _pid(process) != first
    process.close()


def test_it_is_replaced_after_so_many_tasks() -> None:
    process = _start(tasks=2)
    found = [_pid(process) for _ in range(5)]
    assert [found.count(each) for each in dict.fromkeys(found)] == [2, 2, 1]
    process.close()


def test_one_that_ended_while_it_was_idle_is_replaced() -> None:
    process = _start()
    first = _pid(process)
    os.kill(first, signal.SIGKILL)
    assert _pid(process) != first
    process.close()


def test_a_task_that_ends_it_twice_fails_and_the_next_is_done() -> None:
    process = _start()
    _pid(process)
    with pytest.raises(EngineEndedError):
        process.ask({"die": True}, 30)
    _pid(process)
    process.close()


def test_a_task_that_takes_too_long_is_not_tried_again() -> None:
    process = _start()
    _pid(process)
    began = time.monotonic()
    with pytest.raises(EngineLateError):
        process.ask({"sleep": 60}, 1)
    assert time.monotonic() - began < 20
    _pid(process)
    process.close()


def test_threads_get_their_own_answers() -> None:
    process = _start()
    found: dict[int, int] = {}

    def ask(times: int) -> None:
        found[times] = len(process.ask({"times": times}, 30)[1])

    threads = [threading.Thread(target=ask, args=(times,)) for times in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {times: 4 * times for times in range(1, 9)}
    process.close()


_COPY = """
import os, sys
from brief.workers.engine_process import EngineProcess

process = EngineProcess("-c", sys.argv[1])
first = process.ask({}, 30)[0]["pid"]
heard, told = os.pipe()
if not (copy := os.fork()):
    os.write(told, str(process.ask({}, 30)[0]["pid"]).encode())
    process.close()
    os._exit(0)
os.waitpid(copy, 0)
assert int(os.read(heard, 100)) != first
assert process.ask({}, 30)[0]["pid"] == first
process.close()
"""


def test_a_copy_of_the_process_starts_an_engine_of_its_own() -> None:
    source = str(Path(brief.__file__).parents[1])
    subprocess.run([sys.executable, "-c", _COPY, _ECHO], env={**os.environ, "PYTHONPATH": source}, check=True)
