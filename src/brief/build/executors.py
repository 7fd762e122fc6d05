"""Runs tasks in this process, on a pool of worker processes, or on an executor that the caller provides."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from queue import SimpleQueue

from brief.build.render import Rendered, render
from brief.model.diagnostics import BriefError, MachineError, WorkerError
from brief.model.variant import Variant
from brief.store.spooled_bytes import digest_content
from brief.templating.template_set import TemplateSet
from brief.workers.pool import WorkerPool
from brief.writers.formats import FORMATS, list_preloaded_modules

Task = tuple[Variant, TemplateSet, tuple[str, ...]]

_ATTEMPTS = 2
# How many workers start before it is known how much there is to do.
_EARLY_WORKERS = 2
# What starting another worker costs, in the unit of `_estimate_effort`.
_START_EFFORT = 300


def list_worker_imports(formats: Iterable[str] = (), pdf_engine: str = "") -> tuple[str, ...]:
    """Lists the modules that a worker imports when it starts, so that its first task does not have to. The parameters are
    those of `list_preloaded_modules`.
    """
    return ("brief.build.render", *list_preloaded_modules(formats, pdf_engine))


class _BuildPool(WorkerPool):
    """A pool of workers that belongs to one build, which may restrict it and shut it down. An executor that the caller
    provides is never restricted or shut down.
    """


@contextmanager
def start_workers_early(
    jobs: int, limit: int | None, formats: tuple[str, ...], pdf_engine: str = "", *, expects_few: bool = False
) -> Iterator[Executor | None]:
    """Starts workers that import the writers' modules while this process still reads the project; yields None if this
    process will render everything itself.

    `limit` is the greatest number of tasks; None if it is not known. `formats` lists the formats of the tasks; empty
    means any format. `pdf_engine` names the engine of all PDFs, if that is known. With `expects_few`, few tasks are expected, because most artifacts are in the cache.
    """
    if jobs <= 1 or limit == 1:
        yield None
        return
    with _BuildPool(jobs, preload=list_worker_imports(formats, pdf_engine)) as workers:
        # Copies of this process need not import the modules that it has imported.
        workers.start(1 if expects_few else _EARLY_WORKERS, copies=True)
        yield workers


def run_tasks(tasks: list[Task], jobs: int, executor: Executor | None = None) -> Iterator[tuple[int, Rendered]]:
    """Renders every task, and yields its index and outcome when it is finished, in any order.

    `jobs` is the number of worker processes; with 1, this process renders. If an `executor` is given, it renders instead.
    It is not shut down, unless it is the pool of `start_workers_early`: that is limited to the workers that the tasks need, and
    shut down after the last task.

    Raises:
        WorkerError: a task crashed, timed out or returned a wrong result, or the executor failed.
        MachineError: the machine lacks something that a task needs.
    """
    if executor is not None:
        return _submit_tasks(executor, tasks)
    if jobs <= 1 or len(tasks) == 1:
        return ((index, render(*task)) for index, task in enumerate(tasks))
    return _run_on_workers(tasks, jobs)


def _run_on_workers(tasks: list[Task], jobs: int) -> Iterator[tuple[int, Rendered]]:
    formats = dict.fromkeys(name for _, _, names in tasks for name in names)
    pdf_engine = tasks[0][1].look.pdf_engine.name
    with _BuildPool(min(jobs, len(tasks)), preload=list_worker_imports(formats, pdf_engine)) as pool:
        yield from _submit_tasks(pool, tasks)


def _submit_tasks(executor: Executor, tasks: list[Task]) -> Iterator[tuple[int, Rendered]]:
    """Returns an iterator over the outcomes in the order of completion.

    The first tasks are submitted now, not when the iterator is first advanced.
    """
    if isinstance(executor, _BuildPool):
        executor.restrict(_count_worthwhile_workers(tasks))
    # Tasks that make only HTML come first, so that this process can inspect it while others run; then the longest tasks, so that none runs alone at the end.
    waiting = deque(
        sorted(range(len(tasks)), key=lambda index: (tasks[index][2] != ("html",), -_estimate_effort(tasks[index])))
    )
    # A cluster gets only a few tasks for each of its threads at a time, so that its scheduler does not keep a hundred thousand in memory.
    max_pending: int = getattr(executor, "max_pending", len(tasks))
    # `as_completed` would wait for ever for a future that an executor cancelled while shutting down.
    done: SimpleQueue[Future[Rendered]] = SimpleQueue()
    futures: dict[Future[Rendered], int] = {}
    attempts = dict.fromkeys(waiting, 1)

    def hand_out() -> None:
        while waiting and len(futures) < max_pending:
            index = waiting.popleft()
            futures[_submit(executor, tasks[index], done)] = index

    def give_up() -> None:
        # After a failure the remaining tasks are not awaited; the caller's executor is not shut down.
        for future in futures:
            future.cancel()

    def await_outcomes() -> Iterator[tuple[int, Rendered]]:
        try:
            while futures:
                future = done.get()
                index = futures.pop(future)
                outcome = _read_result(future, tasks[index])
                problem = find_outcome_problem(outcome, tasks[index])
                if problem is None:
                    yield index, outcome
                elif attempts[index] < _ATTEMPTS:
                    attempts[index] += 1
                    waiting.appendleft(index)
                else:
                    raise WorkerError(f"{_name_task(tasks[index])}: a worker returned a wrong result: {problem}")
                hand_out()
            if isinstance(executor, _BuildPool):
                # Idle workers keep memory while this process inspects the last files.
                executor.shutdown(wait=False)
        finally:
            give_up()

    try:
        hand_out()
    except BaseException:
        give_up()
        raise
    return await_outcomes()


def _submit(executor: Executor, task: Task, done: "SimpleQueue[Future[Rendered]]") -> "Future[Rendered]":
    try:
        future = executor.submit(render, *task)
    except BriefError:
        raise
    except Exception as problem:
        raise WorkerError(
            f"{_name_task(task)}: the executor rejected the task: {str(problem) or type(problem).__name__}"
        ) from problem
    future.add_done_callback(done.put)
    return future


def _read_result(future: "Future[Rendered]", task: Task) -> Rendered:
    """Returns the outcome of a task. A WorkerError names the audience, locale and formats of the task."""
    try:
        return future.result()
    except (WorkerError, MachineError) as problem:
        # The class is kept because the web service answers a time-out and a crash differently.
        raise type(problem)(f"{_name_task(task)}: {problem}") from problem
    except BriefError:
        raise
    except BrokenExecutor as problem:
        raise WorkerError(
            f"{_name_task(task)}: a worker process of the executor died; build without an executor, with jobs=1, to see why"
        ) from problem
    except CancelledError as problem:
        raise WorkerError(f"{_name_task(task)}: the executor cancelled the work") from problem
    except Exception as problem:
        raise WorkerError(f"{_name_task(task)}: a worker failed: {type(problem).__name__}: {problem}") from problem


def _name_task(task: Task) -> str:
    variant, _, formats = task
    return f"audience '{variant.audience}', locale '{variant.locale}', format {', '.join(map(repr, formats))}"


def find_outcome_problem(outcome: object, task: Task) -> str | None:
    """Returns what is wrong with an outcome from another process; None if it reports a failure, or is
    complete and belongs to the task.
    """
    variant, _, formats = task
    if not isinstance(outcome, Rendered):
        return f"it is of the type {type(outcome).__name__}"
    if outcome.failed:
        return None
    variants = [(artifact.audience, artifact.locale, artifact.format) for artifact in outcome.artifacts]
    if variants != [(variant.audience, variant.locale, name) for name in formats]:
        return "the artifacts do not match the request"
    for artifact in outcome.artifacts:
        if digest_content(artifact.content) != artifact.sha256:
            return f"{artifact.name} does not match its digest"
    return None


def _count_worthwhile_workers(tasks: list[Task]) -> int:
    """Returns how many workers are worth starting: one for the longest task, and one for each full `_START_EFFORT` of
    the others.
    """
    efforts = [_estimate_effort(task) for task in tasks]
    return 1 + (sum(efforts) - max(efforts, default=0)) // _START_EFFORT


def _estimate_effort(task: Task) -> int:
    """Estimates how long a task takes, in a unit of its own, from the number of blocks and the cost of the formats."""
    variant, _, formats = task
    length = sum(1 + len(section.blocks) for section in variant.sections)
    return length * sum(FORMATS[name].cost for name in formats)
