"""Workers that crash, hang, use too much memory or return garbage: a failure affects only its own job."""

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

import misbehaving_jobs
import pytest
from processes import is_running, list_workers
from projects import ProjectCopy

from brief import ContentError, MachineError, Project, WorkerError
from brief.build import executors
from brief.build.render import Rendered
from brief.publish.verify import verify_pack
from brief.store import spool
from brief.workers.pool import WorkerPool
from brief.workers.worker import open_answer, run_call, write_call

DEATHS = ["kill_itself", "exits", "aborts"]


@pytest.mark.parametrize("how", DEATHS)
def test_work_is_done_once_more_when_its_worker_dies(tmp_path: Path, how: str) -> None:
    with WorkerPool(2) as workers:
        neighbours = [workers.submit(misbehaving_jobs.double, number, 0.05) for number in range(6)]
        unlucky = workers.submit(misbehaving_jobs.once, str(tmp_path / "died"), 21, how)
        assert unlucky.result(30) == 42
        assert [future.result(30) for future in neighbours] == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize(("how", "said"), [("kill_itself", "SIGKILL"), ("exits", "status 7"), ("aborts", "SIGABRT")])
def test_work_that_always_kills_is_given_up_after_the_second_time(tmp_path: Path, how: str, said: str) -> None:
    marker = tmp_path / "deaths"
    with WorkerPool(2) as workers:
        poison = workers.submit(misbehaving_jobs.each_time, str(marker), how)
        neighbours = [workers.submit(misbehaving_jobs.double, number) for number in range(6)]
        with pytest.raises(WorkerError, match=f"twice on the same task.*{said}"):
            poison.result(30)
        assert [future.result(30) for future in neighbours] == [0, 2, 4, 6, 8, 10]
    assert marker.read_text() == "xx"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other memory")
@pytest.mark.parametrize("copies", [True, False])
def test_a_thread_without_memory_to_begin_ends_its_worker_at_once(copies: bool) -> None:
    with WorkerPool(1) as workers:
        workers.start(1, copies=copies)
        with pytest.raises(WorkerError, match=r"out of memory|can't start new thread"):
            workers.submit(misbehaving_jobs.starts_thread_without_memory).result(30)
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


def test_a_call_goes_to_the_worker_that_was_busy_last() -> None:
    with WorkerPool(3) as workers:
        workers.start(3, copies=True)
        # All three are ready.
        together = [workers.submit(misbehaving_jobs.double, number, 0.3) for number in range(3)]
        assert [future.result(30) for future in together] == [0, 2, 4]
        found = set()
        for _ in range(6):
            time.sleep(0.1)
            found.add(workers.submit(misbehaving_jobs.pid).result(30))
        assert len(found) == 1
        # Calls that come together still go to all of them.
        together = [workers.submit(misbehaving_jobs.describe_pid, 0.5) for _ in range(3)]
        assert len({future.result(30) for future in together}) == 3


def test_an_exception_that_nothing_catches_ends_no_worker() -> None:
    with WorkerPool(1) as workers:
        before = workers.submit(misbehaving_jobs.pid).result(30)
        assert workers.submit(misbehaving_jobs.drops_a_failing_object).result(30) == "still here"
        assert workers.submit(misbehaving_jobs.pid).result(30) == before


@pytest.mark.parametrize("how", [misbehaving_jobs.sleeps, misbehaving_jobs.loops, misbehaving_jobs.loops_natively])
def test_work_that_hangs_is_ended_at_the_limit(how: Callable[[], Any]) -> None:
    with WorkerPool(2, seconds=2) as workers:
        # The time that a new interpreter needs counts, and is longer than the limit on a busy machine.
        workers.start(2, copies=True)
        hanging = workers.submit(how)
        neighbours = [workers.submit(misbehaving_jobs.double, number) for number in range(6)]
        # Half of the time that the work would take.
        with pytest.raises(WorkerError, match=r"longer than 2 seconds"):
            hanging.result(30)
        assert [future.result(30) for future in neighbours] == [0, 2, 4, 6, 8, 10]


def test_a_worker_is_replaced_after_so_many_calls() -> None:
    with WorkerPool(1, calls=3) as workers:
        processes = [workers.submit(os.getpid).result(20) for _ in range(7)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [3, 3, 1]


def test_a_worker_that_closes_its_connection_is_replaced() -> None:
    with WorkerPool(1) as workers:
        with pytest.raises(WorkerError, match="closed its connection"):
            workers.submit(misbehaving_jobs.closes_everything).result(30)
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


def test_a_stopped_worker_is_ended_at_the_limit() -> None:
    with WorkerPool(1, seconds=4) as workers:
        process = workers.submit(misbehaving_jobs.pid).result(30)
        while not workers._idle:
            time.sleep(0.01)
        os.kill(process, signal.SIGSTOP)
        with pytest.raises(WorkerError, match="longer than"):
            workers.submit(misbehaving_jobs.double, 4).result(30)
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


def test_a_worker_that_stops_after_its_answer_is_replaced() -> None:
    with WorkerPool(1, seconds=2) as workers:
        process = workers.submit(misbehaving_jobs.stops_when_it_collects).result(30)
        assert workers.submit(misbehaving_jobs.pid).result(30) != process


def test_objects_of_a_call_are_collected_after_its_answer() -> None:
    with WorkerPool(1) as workers:
        assert workers.submit(misbehaving_jobs.leaves_a_cycle).result(30) == (1, 1)
        assert workers.submit(misbehaving_jobs.count_cycles).result(30) == 0


ERRORS: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (misbehaving_jobs.wants_memory, WorkerError, "out of memory"),
    (misbehaving_jobs.answers_with_a_function, WorkerError, "pickle"),
    (misbehaving_jobs.raises_strangely, WorkerError, "LocalError: one"),
    (misbehaving_jobs.raises_the_end, WorkerError, "SystemExit: 5"),
    (misbehaving_jobs.raises_an_interrupt, WorkerError, "KeyboardInterrupt"),
    (misbehaving_jobs.recurses, WorkerError, "RecursionError"),
    (misbehaving_jobs.lacks_a_font, MachineError, "fonts are missing: Some Serif"),
    (misbehaving_jobs.finds_errors, ContentError, r"a.yaml:3:4: error\[some-code\]"),
]


@pytest.mark.parametrize(("work", "kind", "said"), ERRORS, ids=lambda one: getattr(one, "__name__", None))
def test_errors_cross_as_records(work: Callable[[], Any], kind: type[Exception], said: str) -> None:
    with WorkerPool(1, memory=2 << 30) as workers:
        with pytest.raises(kind, match=said):
            workers.submit(work).result(30)
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8


def test_work_that_cannot_be_sent_is_refused() -> None:
    with WorkerPool(1) as workers:
        with pytest.raises(WorkerError, match="cannot be pickled"):
            workers.submit(lambda: None).result(30)
        assert workers.submit(misbehaving_jobs.double, 4).result(30) == 8
    with pytest.raises(RuntimeError, match="shut down"):
        workers.submit(misbehaving_jobs.double, 4)


def test_leaving_by_an_error_ends_what_is_running() -> None:
    began = time.monotonic()
    futures: list[Future[int]] = []

    def interrupted() -> None:
        with WorkerPool(2) as workers:
            futures.extend(workers.submit(misbehaving_jobs.double, 1, 60) for _ in range(4))
            time.sleep(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 5
    assert all(future.done() for future in futures)


PARENT = """
import misbehaving_jobs, time
from brief.workers.pool import WorkerPool
from brief.workers.worker import open_answer, run_call, write_call
workers = WorkerPool(2)
print(*[workers.submit(misbehaving_jobs.pid).result() for _ in range(1)], flush=True)
for work in (misbehaving_jobs.{work},) * 2:
    workers.submit(work)
time.sleep(0.5)
print("busy", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("work", ["sleeps", "loops", "loops_natively"])
def test_workers_end_with_their_parent(work: str) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1] / "support"), *sys.path])}
    command = [sys.executable, "-c", PARENT.format(work=work)]
    parent = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    parent.stdout.readline()
    assert parent.stdout.readline() == b"busy\n"
    workers = list_workers(parent.pid)
    assert len(workers) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 2
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < until, "orphans"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_build_whose_worker_is_killed_comes_out_the_same(published: ProjectCopy) -> None:
    whole = verify_pack(published.root / "output/night-buses").digest
    published.accept_translations()
    build = published.start("build", "-f", "html", "--jobs", "2")
    while len(workers := list_workers(build.pid)) < 2:
        assert build.poll() is None
        time.sleep(0.005)
    time.sleep(0.3)
    os.kill(workers[0], signal.SIGKILL)
    out, err = build.communicate(timeout=60)
    assert (build.returncode, err) == (0, "brief: 6 rendered, 0 from the cache\n")
    assert len(out.split()) == 6
    verdict = verify_pack(published.root / "output/night-buses")
    assert (verdict.is_consistent, verdict.digest) == (True, whole)


@pytest.fixture(scope="module")
def loaded(starter: Project) -> Project:
    return starter


def _pages(project: Project, executor: Executor | None) -> list[bytes]:
    return [page.data for page in project.build(formats=["html"], jobs=1, executor=executor)]


def test_a_thread_pool_of_the_embedder_serves(loaded: Project) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert _pages(loaded, executor) == _pages(loaded, None)


class Refusing(Executor):
    def submit(self, *_: Any, **__: Any) -> Any:
        raise ValueError("not today")


class Cancelling(Executor):
    def submit(self, *_: Any, **__: Any) -> Any:
        future: Future[Any] = Future()
        future.cancel()
        return future


class Altering(Executor):
    """Gives back what was asked for, altered `times` times."""

    def __init__(self, alter: Callable[[Rendered], Any], times: int) -> None:
        self.alter, self.times = alter, times

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        future: Future[Any] = Future()
        result = fn(*args, **kwargs)
        if self.times:
            self.times -= 1
            result = self.alter(result)
        future.set_result(result)
        return future


def _shut_down() -> Executor:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    return executor


def _broken() -> Executor:
    executor = ProcessPoolExecutor(1)
    executor.submit(misbehaving_jobs.exits)
    time.sleep(0.5)
    return executor


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_shut_down, "the executor rejected the task"),
        (_broken, "worker process died|rejected the task"),
        (Refusing, "rejected the task: not today"),
        (Cancelling, "cancelled the work"),
    ],
)
def test_an_executor_that_fails_is_reported(loaded: Project, make: Callable[[], Executor], said: str) -> None:
    with pytest.raises(WorkerError, match=said):
        _pages(loaded, make())


def _cut(rendered: Rendered) -> Rendered:
    first, *others = rendered.artifacts
    return replace(rendered, artifacts=(replace(first, content=spool(first.data[:-1])), *others))


ALTERED: list[tuple[Callable[[Rendered], Any], str]] = [
    (_cut, "does not match its digest"),
    (lambda rendered: replace(rendered, artifacts=()), "do not match the request"),
    (lambda _: None, "NoneType"),
]


@pytest.mark.parametrize(("alter", "said"), ALTERED)
def test_a_corrupted_result_is_asked_for_again(loaded: Project, alter: Callable[[Rendered], Any], said: str) -> None:
    assert _pages(loaded, Altering(alter, 1)) == _pages(loaded, None)
    with pytest.raises(WorkerError, match=said):
        _pages(loaded, Altering(alter, 100))


def test_outcomes_come_as_they_are_done(loaded: Project) -> None:
    """What was done before a failure has been handed on, so that it can be kept."""
    tasks: list[executors.Task] = [
        (loaded.make_variant("public", locale), loaded.template_set, ("html",)) for locale in loaded.brief.locales
    ]

    class Failing(Altering):
        """Does two, and is gone."""

        taken = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            self.taken += 1
            if self.taken < 3:
                return super().submit(fn, *args, **kwargs)
            future: Future[Any] = Future()
            future.set_exception(WorkerError("the cluster is gone"))
            return future

    outcomes = executors.run_tasks(tasks, 1, Failing(lambda rendered: rendered, 0))
    next(outcomes)
    next(outcomes)
    with pytest.raises(WorkerError, match="the cluster is gone"):
        next(outcomes)


def test_workers_started_early_take_the_first_calls_and_no_more_than_were_asked_for() -> None:
    before = set(list_workers(os.getpid()))
    with WorkerPool(3) as workers:
        workers.start(2)
        until = time.monotonic() + 30
        while len(started := set(list_workers(os.getpid())) - before) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert {workers.submit(misbehaving_jobs.pid).result(30) for _ in range(4)} <= started
        assert set(list_workers(os.getpid())) - before == started
        assert [workers.submit(misbehaving_jobs.double, number).result(30) for number in range(4)] == [0, 2, 4, 6]


def test_workers_that_were_not_needed_are_ended(project: ProjectCopy) -> None:
    """The project turns out to have errors while they start."""
    project.replace("content/brief.yaml", "template_set: base", "template_set: nowhere")
    before = list_workers(os.getpid())
    assert project.run("build", "--jobs", "2").status == 1
    assert list_workers(os.getpid()) == before


def test_as_completed_works_with_the_pool() -> None:
    with WorkerPool(2) as workers:
        futures = [workers.submit(misbehaving_jobs.double, number) for number in range(20)]
        assert sorted(future.result() for future in as_completed(futures)) == [2 * number for number in range(20)]


def test_a_call_and_its_answer_are_copied_no_more_than_needed() -> None:
    """They contain all pictures of a document, in every worker and in the process that collects the answers."""
    data = os.urandom(10_000_000)
    call: list[bytes] = []
    write_call(call.append, bytes.upper, data)
    messages = iter([call.pop(0) for _ in range(len(call))])
    tracemalloc.start()
    sealed = run_call(messages)
    in_worker = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert open_answer(iter(sealed)).get_result() == data.upper()
    on_receipt = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert in_worker < 2.5 * len(data)
    assert on_receipt < 2.5 * len(data)
