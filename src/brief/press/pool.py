"""Running jobs: in this process, on a pool of worker processes, or on any executor that an embedder brings."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, get_context

from brief.model.diagnostics import WorkerError
from brief.model.variant import Variant
from brief.press.render import Rendered, render
from brief.templating.template_set import TemplateSet

_PRELOADED = ("brief.press.render", "brief.writers.html", "brief.writers.pdf", "brief.writers.docx", "uharfbuzz")

Task = tuple[Variant, TemplateSet, tuple[str, ...]]


def run(tasks: list[Task], jobs: int, executor: Executor | None = None) -> Iterator[tuple[int, Rendered]]:
    """Renders every task and yields its index and outcome as they are done.

    Raises:
        WorkerError: a worker process died.
    """
    if executor is not None:
        yield from _submitted(executor, tasks)
    elif jobs <= 1 or len(tasks) == 1:
        for index, task in enumerate(tasks):
            yield index, render(*task)
    else:
        start_server()
        with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("forkserver")) as pool:
            yield from _submitted(pool, tasks)


def start_server() -> None:
    """Starts the server that forks workers, which goes on to import the engines while this process does other work.

    A server, because forking this process could copy locks that another thread holds.
    """
    forkserver.set_forkserver_preload(list(_PRELOADED))
    forkserver.ensure_running()


def _submitted(executor: Executor, tasks: list[Task]) -> Iterator[tuple[int, Rendered]]:
    # The longest first, so that no worker is left alone with one at the end.
    order = sorted(range(len(tasks)), key=lambda index: -_effort(tasks[index]))
    futures = {executor.submit(render, *tasks[index]): index for index in order}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool as problem:
        raise WorkerError("a worker process died; run with --jobs 1 to see why") from problem


def _effort(task: Task) -> int:
    """Roughly how long a task takes: pages laid out cost ten times as much as the same text in another format."""
    variant, _, formats = task
    length = sum(1 + len(section.blocks) for section in variant.sections)
    return length * sum(10 if name == "pdf" else 1 for name in formats)
