"""The queue of the API with real workers: turns, equal tasks, cancelled ones, limits."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from misbehaving_jobs import waits_for_file

from brief.model.diagnostics import WorkerError, WorkerTimeoutError
from brief.web.api.task_queue import QueuedJob, Task, TaskQueue
from brief.workers.pool import WorkerPool


class Outcomes:
    """Receives what comes of the tasks of a job."""

    def __init__(self, owner: str = "a") -> None:
        self.found: list[tuple[Any, Any, BaseException | None]] = []
        self.started = 0
        self.job = QueuedJob(owner, self.receive, self.start)

    def receive(self, task: Task, result: Any, error: BaseException | None) -> None:
        self.found.append((task.key, result, error))

    def start(self) -> None:
        self.started += 1


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    pool = WorkerPool(1, seconds=20)
    yield pool
    pool.abort()


def make_gated_task(key: object, folder: Path) -> Task:
    """A task that notes in `folder/calls` that it began, and waits for `folder/open`."""
    return Task(key, waits_for_file, (str(folder), str(key)))


def calls(folder: Path) -> list[str]:
    noted = folder / "calls"
    return noted.read_text().split() if noted.exists() else []


def test_owners_take_turns_and_jobs_of_one_are_done_in_their_order(workers: WorkerPool, tmp_path: Path) -> None:
    queue = TaskQueue(workers, 1)
    first, second, other = Outcomes("a"), Outcomes("a"), Outcomes("b")
    queue.add(first.job, [make_gated_task(f"a{number}", tmp_path) for number in range(4)])
    queue.add(second.job, [make_gated_task("later", tmp_path)])
    queue.add(other.job, [make_gated_task(f"b{number}", tmp_path) for number in range(2)])
    (tmp_path / "open").touch()
    until(lambda: len(first.found) + len(second.found) + len(other.found) == 7)
    assert calls(tmp_path) == ["a0", "a1", "b0", "a2", "b1", "a3", "later"]
    assert (first.started, second.started, other.started) == (1, 1, 1)


def test_equal_tasks_run_once_and_every_job_gets_the_result(workers: WorkerPool, tmp_path: Path) -> None:
    queue = TaskQueue(workers, 1)
    jobs = [Outcomes(f"owner {number}") for number in range(20)]
    for each in jobs:
        queue.add(each.job, [make_gated_task("same", tmp_path)])
    # Those that join a running task have started too, so that their time limits apply.
    assert [each.started for each in jobs] == [1] * len(jobs)
    (tmp_path / "open").touch()
    until(lambda: all(each.found for each in jobs))
    assert calls(tmp_path) == ["same"]
    assert {each.found[0][1] for each in jobs} == {"same"}


def test_a_task_that_another_job_waits_for_is_not_ended(workers: WorkerPool, tmp_path: Path) -> None:
    queue = TaskQueue(workers, 1)
    leaves, stays = Outcomes("a"), Outcomes("b")
    queue.add(leaves.job, [make_gated_task("same", tmp_path)])
    queue.add(stays.job, [make_gated_task("same", tmp_path)])
    until(lambda: calls(tmp_path))
    queue.drop(leaves.job)
    (tmp_path / "open").touch()
    until(lambda: stays.found)
    assert stays.found == [("same", "same", None)]
    assert (leaves.found, calls(tmp_path)) == ([], ["same"])


def test_work_that_no_one_waits_for_is_ended_and_its_slot_is_freed(workers: WorkerPool, tmp_path: Path) -> None:
    queue = TaskQueue(workers, 1)
    leaves, next_one = Outcomes("a"), Outcomes("b")
    queue.add(leaves.job, [make_gated_task("hangs", tmp_path)])
    until(lambda: calls(tmp_path))
    queue.add(next_one.job, [Task("quick", abs, (-1,))])
    began = time.monotonic()
    queue.drop(leaves.job)
    until(lambda: next_one.found)
    assert next_one.found == [("quick", 1, None)]
    assert time.monotonic() - began < 10
    assert (leaves.found, calls(tmp_path)) == ([], ["hangs"])


def test_failures_are_handed_to_the_job_and_the_next_task_runs(tmp_path: Path) -> None:
    pool = WorkerPool(1, seconds=3, memory=600 << 20)
    queue, job = TaskQueue(pool, 1), Outcomes()
    try:
        queue.add(
            job.job, [make_gated_task("late", tmp_path), Task("large", bytes, (2 << 30,)), Task("good", abs, (-2,))]
        )
        until(lambda: len(job.found) == 3)
    finally:
        pool.abort()
    errors = {key: error for key, _, error in job.found}
    assert isinstance(errors["late"], WorkerTimeoutError)
    assert isinstance(errors["large"], WorkerError)
    assert "out of memory" in str(errors["large"])
    assert job.found[-1] == ("good", 2, None)


def test_a_call_that_is_interrupted_fails_and_is_not_retried(workers: WorkerPool, tmp_path: Path) -> None:
    running, waiting = (workers.submit(waits_for_file, str(tmp_path), name) for name in ("one", "two"))
    until(lambda: calls(tmp_path))
    workers.interrupt(waiting)
    workers.interrupt(running)
    with pytest.raises(WorkerError, match="interrupted"):
        running.result(10)
    assert waiting.cancelled()
    (tmp_path / "open").touch()
    assert workers.submit(waits_for_file, str(tmp_path), "three").result(20) == "three"
    assert calls(tmp_path) == ["one", "three"]
    workers.interrupt(running)


def test_a_closed_queue_reports_no_failures(workers: WorkerPool, tmp_path: Path) -> None:
    queue, job = TaskQueue(workers, 1), Outcomes()
    queue.add(job.job, [make_gated_task("hangs", tmp_path), make_gated_task("next", tmp_path)])
    until(lambda: calls(tmp_path))
    queue.close()
    workers.abort()
    until(lambda: threading.active_count() >= 1 and not workers._workers)
    time.sleep(0.1)
    assert (job.found, calls(tmp_path)) == ([], ["hangs"])
