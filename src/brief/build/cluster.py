"""Runs tasks on many machines with Dask `distributed`, after comparing its workers with this machine."""

import logging
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from typing import Any, cast
from uuid import uuid4

from brief.build.remote import (
    PackedSet,
    WorkerRequirements,
    describe_machine,
    digest_description,
    pack_task,
    run_received_task,
)
from brief.model.diagnostics import MachineError, WorkerError
from brief.model.record import dataclass
from brief.templating.template_set import TemplateSet
from brief.workers.pool import SECONDS
from brief.workers.worker import DamagedAnswerError, open_answer

CONNECT_SECONDS = 10.0
# How often Dask runs a task again after it failed on a worker. For workers that die, Dask has a limit of its own.
_RETRIES = 2
# Unfinished tasks for each thread of the cluster: enough that no thread is idle, and few enough that the scheduler does
# not take much memory.
_PENDING_PER_THREAD = 4
_LOGGERS = ("distributed", "tornado", "asyncio")
_LOST = "the cluster is lost: its scheduler stopped"


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """What another process of this machine needs to send tasks to a cluster that has already received the template
    sets.

    `expected` maps the name of each template set to what its tasks require of the machine that runs them.
    """

    url: str
    expected: Mapping[str, WorkerRequirements]


class ClusterExecutor(Executor):
    """Renders on a cluster: `submit` ignores its function, and always runs `render` with its arguments.

    `max_pending` is the number of unfinished tasks that the cluster should have at a time.
    """

    def __init__(self, client: Any, access: ClusterAccess) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False, retries=_RETRIES)
        self.access = access

    @property
    def is_connected(self) -> bool:
        return str(self._client.status) == "running"

    def disconnect(self) -> None:
        with suppress(Exception):
            self._client.close(timeout=2)

    @property
    def max_pending(self) -> int:
        with _explain_loss():
            threads: int = sum(self._client.nthreads().values())
        return _PENDING_PER_THREAD * max(1, threads)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        variant, template_set, formats = args
        outer: Future[Any] = Future()
        outer.set_running_or_notify_cancel()
        packed = pack_task(variant, formats)
        with _explain_loss():
            inner = self._executor.submit(run_received_task, packed, self.access.expected[template_set.name])
        inner.add_done_callback(lambda done: _settle(outer, done))
        return outer


@contextmanager
def connect_cluster(
    url: str, template_sets: Collection[TemplateSet], locales: tuple[str, ...], seconds: float = SECONDS
) -> Iterator[ClusterExecutor]:
    """Sends the template sets to the workers of the cluster whose scheduler is at `url` (`tcp://host:8786`), and yields
    an executor for tasks that use them. Removes the sets from the workers at the end. `seconds` is the time limit of a
    task.

    Raises:
        MachineError: `distributed` is not installed.
        WorkerError: the scheduler cannot be reached, stops meanwhile, has no workers, or a worker differs from this machine in
            versions or fonts; then the message contains a table of the differences.
    """
    client = _connect(url)
    from brief.build.cluster_plugin import TemplateSetOnWorkers

    serialised = {
        template_set.name: PackedSet.from_template_set(template_set).serialise() for template_set in template_sets
    }
    plugins = {f"brief-set-{uuid4().hex}": TemplateSetOnWorkers(*packed) for packed in serialised.values()}
    try:
        families = _list_families(template_sets, locales)
        here = describe_machine(families)
        require_matching_workers(here, _describe_workers(client, families))
        for name, plugin in plugins.items():
            with _explain_loss():
                client.register_plugin(plugin, name=name)
        machine = digest_description(here)
        expected = {
            name: WorkerRequirements(families, machine, digest, seconds) for name, (digest, _) in serialised.items()
        }
        yield ClusterExecutor(client, ClusterAccess(url, expected))
    finally:
        for name in plugins:
            with suppress(Exception):
                client.unregister_worker_plugin(name)
        with suppress(Exception):
            client.close(timeout=2)


def join_cluster(access: ClusterAccess) -> ClusterExecutor:
    """Returns an executor on a cluster that another process has sent the template sets to.

    That process must stay connected: the sets are removed when it disconnects.

    Raises:
        MachineError: `distributed` is not installed.
        WorkerError: the scheduler cannot be reached.
    """
    return ClusterExecutor(_connect(access.url), access)


def _connect(url: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise MachineError("--cluster needs Dask: pip install 'distributed>=2026.1'") from None
    _silence_loggers()
    try:
        return cast(Any, Client)(url, timeout=CONNECT_SECONDS, set_as_default=False)
    # Dask raises TypeError for `tls://` without certificates in its settings.
    except (OSError, ValueError, RuntimeError, TypeError) as problem:
        raise WorkerError(f"cannot reach a cluster at {url}: {problem}") from problem


@contextmanager
def _explain_loss() -> Iterator[None]:
    """Raises a WorkerError for what Dask raises when its scheduler is gone: a closed connection, a time-out, or a client
    that has stopped.
    """
    try:
        yield
    except (OSError, RuntimeError, CancelledError) as problem:
        raise WorkerError(f"{_LOST} ({problem})") from problem


def _silence_loggers() -> None:
    """Silences the logs of Dask and its libraries: problems are raised as errors of `brief`."""
    for name in (*_LOGGERS, *logging.root.manager.loggerDict):
        # Each logger of Dask has its own level, so silencing their common parent is not enough.
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def require_matching_workers(here: dict[str, str], there: dict[str, dict[str, str]]) -> None:
    """Checks that every worker has the versions and fonts of this machine, and so makes the same bytes.

    `here` is the description of this machine, and `there` that of each worker, by its address.

    Raises:
        WorkerError: there are no workers, or a worker differs; then the message contains a table of the differences.
    """
    if not there:
        raise WorkerError("the cluster has no workers; start one with 'dask worker'")
    rows = [("worker", "what", "here", "there")]
    for address, description in sorted(there.items()):
        for component in sorted({*here, *description}):
            pair = here.get(component, "-"), description.get(component, "-")
            if pair[0] != pair[1]:
                rows.append((address, component, *pair))
    if len(rows) > 1:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        table = "\n".join(f"  {line.rstrip()}" for line in lines)
        raise WorkerError(f"the cluster's workers differ from this machine:\n{table}")


def _describe_workers(client: Any, families: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Returns the description of each worker by its address; of one that fails, its error as the version of brief."""
    try:
        answers = client.run(describe_machine, families, on_error="return")
    except Exception as problem:
        raise WorkerError(f"the versions of the cluster's workers cannot be read: {problem}") from problem
    return {
        address: answer if isinstance(answer, dict) else {"brief": f"{type(answer).__name__}: {answer}"}
        for address, answer in cast(dict[str, object], answers).items()
    }


def _list_families(template_sets: Collection[TemplateSet], locales: tuple[str, ...]) -> tuple[str, ...]:
    faces = [template_set.look.find_faces(locale) for template_set in template_sets for locale in locales]
    return tuple(dict.fromkeys(family for face in faces for family in face.families))


def _settle(outer: "Future[Any]", done: "Future[list[bytes]]") -> None:
    """Settles the caller's future with the worker's answer.

    For a damaged answer, the result is the error: the caller checks each result, and submits the task again.
    """
    try:
        outer.set_result(open_answer(iter(done.result())).get_result())
    except DamagedAnswerError as damaged:
        outer.set_result(damaged)
    except WorkerError as problem:
        outer.set_exception(problem)
    except CancelledError:
        outer.set_exception(WorkerError(f"{_LOST}, or dropped the task"))
    except Exception as problem:
        outer.set_exception(problem)
