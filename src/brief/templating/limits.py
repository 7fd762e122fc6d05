"""Limits of time and memory for every render, in any process or thread.

Workers have limits of their own, which end the worker. But a build of one file, `brief check` and the web service
render without workers, in a process that must not end because of a template. These limits end only the render, with an
error that is reported as a diagnostic.
"""

import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from jinja2 import Environment, Template

from brief.model.appearance.look import RenderLimits
from brief.model.counts import format_count

# Seconds of processor time, and megabytes of memory; a template set may lower both.
DEFAULT = RenderLimits()
# Bytes counted for each entry of a list: about what its reference and a small number take.
_ENTRY_BYTES = 40
# Levels to which templates may be nested that include, import or extend others.
MAX_NESTING = 50
# Characters or entries in the largest value that one operator or filter may produce.
MAX_SIZE = 1_000_000
# Seconds between two checks of time and memory.
_CHECK_INTERVAL = 0.05
# Seconds until the exception that stops a render is raised again: code that catches every exception may have caught it.
_RAISE_INTERVAL = 0.5
_CONTAINERS = (list, tuple, dict)
_MEGABYTE = 1_000_000
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class TemplateLimitError(Exception):
    """A render exceeded a limit."""


class _StoppedError(TemplateLimitError):
    """The error that the watchdog raises in the thread of the render.

    Another thread can be given only a class, which it raises without arguments; so each message has its own subclass.
    """

    message = ""

    def __str__(self) -> str:
        return self.message


class _Budget:
    """The state of one render: its limits, the bytes that it may still take, the names of the templates that are being
    rendered, and all templates that it has loaded.
    """

    def __init__(self, limits: RenderLimits) -> None:
        self.limits = limits
        self.bytes = limits.megabytes * _MEGABYTE
        self.templates: list[str] = []
        self.loaded: dict[str, Template] = {}


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limit_render(limits: RenderLimits | None = None) -> Iterator[None]:
    """Limits the render in the body of the `with` statement. If it exceeds a limit, TemplateLimitError is raised there."""
    limits = limits or DEFAULT
    token = _budget.set(_Budget(limits))
    try:
        with _Watchdog(limits):
            yield
    finally:
        _budget.reset(token)


def get_loaded_templates() -> dict[str, Template]:
    """Returns the templates that this render has loaded, by name; outside a render, an empty mapping.

    The caller adds what it loads, so that a template stays the same throughout a render.
    """
    budget = _budget.get()
    return budget.loaded if budget is not None else {}


def count_output(characters: int, *, entries: bool = False) -> None:
    """Counts characters that a render produces or, with `entries`, entries of lists, towards its limit of memory.

    Raises:
        TemplateLimitError: they take more memory than a render may.
    """
    budget = _budget.get()
    if budget is not None:
        budget.bytes -= characters * (_ENTRY_BYTES if entries else 1)
        if budget.bytes < 0:
            raise TemplateLimitError(_describe_memory(budget.limits))


def require_size(size: int, *, entries: bool = False) -> None:
    """Checks and counts the size of a value that an operator or a filter is about to produce.

    Raises:
        TemplateLimitError: it would be larger than `MAX_SIZE`, or take more memory than a render may.
    """
    if size > MAX_SIZE:
        raise TemplateLimitError(
            f"the template creates a value of {size:,} characters or entries; the limit is {MAX_SIZE:,}"
        )
    count_output(size, entries=entries)


def require_small_tree(value: Any) -> Any:
    """Returns the value, a list or a mapping, if it has at most `MAX_SIZE` entries, nested ones included.

    The entries of a list that occurs several times are counted each time: such a value can have exponentially many
    entries, and a comparison with it cannot be interrupted.

    Raises:
        TemplateLimitError: there are too many.
    """
    remaining, open_values = MAX_SIZE, [value]
    while open_values:
        container = open_values.pop()
        remaining -= len(container)
        if remaining < 0:
            raise TemplateLimitError(f"the template creates a list with more than {MAX_SIZE:,} entries in total")
        values = container.values() if isinstance(container, dict) else container
        open_values += [entry for entry in values if isinstance(entry, _CONTAINERS)]
    return value


def join_chunks(chunks: Iterable[str]) -> str:
    """Joins the chunks; replaces Jinja's `concat`. Counts them towards the limit of memory before it joins them.

    Raises:
        TemplateLimitError: the result takes more memory than a render may.
    """
    budget = _budget.get() or _Budget(DEFAULT)
    counted = []
    for chunk in chunks:
        budget.bytes -= len(chunk)
        if budget.bytes < 0:
            raise TemplateLimitError(_describe_memory(budget.limits))
        counted.append(chunk)
    return "".join(counted)


class LimitedTemplate(Template):
    """A template whose depth of nesting is limited."""

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> "Template":
        template = super()._from_namespace(environment, namespace, globals)
        template.root_render_func = _limit_depth(template.root_render_func, template.name or "")
        return template


def _limit_depth(render: Callable[..., Iterator[str]], name: str) -> Callable[..., Iterator[str]]:
    def render_limited(*arguments: Any) -> Iterator[str]:
        budget = _budget.get()
        open_templates = budget.templates if budget is not None else []
        if len(open_templates) >= MAX_NESTING:
            raise TemplateLimitError(
                f"templates are nested more than {MAX_NESTING} levels deep: {_format_chain(open_templates, name)}"
            )
        open_templates.append(name)
        try:
            # In one piece, because each piece would pass through every template around this one.
            output = join_chunks(render(*arguments))
        finally:
            open_templates.pop()
        yield output

    return render_limited


def _format_chain(open_templates: list[str], name: str) -> str:
    """Formats the loop of templates that ends with `name` or, without such a loop, the last three templates and `name`."""
    start = next((index for index in range(len(open_templates) - 1, -1, -1) if open_templates[index] == name), -3)
    return " -> ".join([*open_templates[start:], name])


class _Watchdog:
    """Raises an error in the thread that created it if that thread takes too much time or the process grows too much."""

    def __init__(self, limits: RenderLimits) -> None:
        self._limits = limits
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._begun, self._done = threading.Event(), threading.Event()
        self._raised = False
        self._clock = _make_thread_clock(self._thread)

    def __enter__(self) -> None:
        threading.Thread(target=self._watch, daemon=True, name="template-limit").start()
        # Only now, because an error that arrived while the thread starts would leave it running: nothing would end it.
        self._size = _read_resident()
        self._began = self._clock()
        self._begun.set()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        while True:
            # The error may be raised here, after the work is done.
            try:
                with self._lock:
                    self._done.set()
                if self._raised:
                    _raise_in_thread(self._thread, None)
            except _StoppedError:
                continue
            return

    def _watch(self) -> None:
        self._begun.wait()
        wait = _CHECK_INTERVAL
        while not self._done.wait(wait):
            message = self._find_excess()
            if not message:
                continue
            with self._lock:
                if self._done.is_set():
                    return
                self._raised = True
                stopped: Any = type("Stopped", (_StoppedError,), {"message": message})
                _raise_in_thread(self._thread, stopped)
            wait = _RAISE_INTERVAL

    def _find_excess(self) -> str:
        # Processor time if possible: wall-clock time also passes while a busy machine runs other processes.
        if self._clock() - self._began > self._limits.seconds:
            return f"the template takes longer than {format_count(self._limits.seconds, 'second')}"
        # The memory of the whole process: a render may be stopped because of other threads, but that is rare, and it
        # can be run again.
        if _read_resident() - self._size > self._limits.megabytes * _MEGABYTE:
            return _describe_memory(self._limits)
        return ""


def _describe_memory(limits: RenderLimits) -> str:
    return f"the template takes more than {format_count(limits.megabytes, 'megabyte')}"


def _read_resident() -> int:
    """Returns the memory that this process uses, in bytes; 0 if the system does not report it."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - many times a second
            return int(file.read().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _make_thread_clock(thread: int) -> Callable[[], float]:
    """Returns a clock of the thread's processor time, or the wall clock if the system does not count it."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(thread)
    return lambda: time.clock_gettime(clock)


def _raise_in_thread(thread: int, error: type[BaseException] | None) -> None:
    """Makes a thread raise an error at its next instruction; None cancels an error that it has not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)
