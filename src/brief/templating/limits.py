"""Limits of time and memory for every render, in any process or thread.

Workers have limits of their own, which end the process. A build of one file, `brief check` and the web service render
in their own process, which a template must not crash: a render that exceeds a limit ends in a diagnostic.
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

# A template set may lower these: seconds of processor time, and megabytes by which the process may grow meanwhile.
DEFAULT = RenderLimits()
# The fewest bytes that an entry of a list takes with its content, which is at least a small number.
_ENTRY_BYTES = 40
# Templates that include, import or extend each other.
DEPTH = 50
# Characters or entries that one operator or filter may produce.
LARGEST = 1_000_000
# Seconds between two checks of memory usage.
_CHECK_INTERVAL = 0.05
# Seconds until the exception that stops a render is raised again: code that catches any exception may swallow it.
_RAISE_INTERVAL = 0.5
_NESTING = (list, tuple, dict)
_MEGABYTE = 1_000_000
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class TemplateLimitError(Exception):
    """A render exceeded a limit."""


class _StoppedError(TemplateLimitError):
    """Raised from another thread, hence a class for each message and without arguments."""

    message = ""

    def __str__(self) -> str:
        return self.message


class _Budget:
    """What remains of the limits of a render."""

    def __init__(self, limits: RenderLimits) -> None:
        self.limits = limits
        self.bytes = limits.megabytes * _MEGABYTE
        self.templates: list[str] = []
        self.loaded: dict[str, Template] = {}


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limit_render(limits: RenderLimits | None = None) -> Iterator[None]:
    """Runs its body under the limits; raises TemplateLimitError in it as soon as it exceeds one."""
    limits = limits or DEFAULT
    token = _budget.set(_Budget(limits))
    try:
        with _Watchdog(limits):
            yield
    finally:
        _budget.reset(token)


def list_loaded() -> dict[str, Template]:
    """Returns the templates of this render by name, each in the version that was first loaded."""
    budget = _budget.get()
    return budget.loaded if budget is not None else {}


def count_output(characters: int, *, entries: bool = False) -> None:
    """Counts the characters that a render produces, or the entries of lists.

    Raises:
        TemplateLimitError: they take more memory than a render may.
    """
    budget = _budget.get()
    if budget is not None:
        budget.bytes -= characters * (_ENTRY_BYTES if entries else 1)
        if budget.bytes < 0:
            raise TemplateLimitError(_describe_memory(budget.limits))


def require_size(size: int, *, entries: bool = False) -> None:
    """Counts a value that an operator or a filter is about to produce.

    Raises:
        TemplateLimitError: it would be larger than `LARGEST`, or take more memory than a render may.
    """
    if size > LARGEST:
        raise TemplateLimitError(
            f"the template creates a value of {size:,} characters or entries; the limit is {LARGEST:,}"
        )
    count_output(size, entries=entries)


def require_small_tree(value: Any) -> Any:
    """Returns the list or mapping if its number of nested entries is within the limit, counting repeated ones each
    time.

    Lists that contain others several times can have exponentially many entries, and a comparison of them cannot be
    interrupted.

    Raises:
        TemplateLimitError: there are too many.
    """
    left, open_values = LARGEST, [value]
    while open_values:
        found = open_values.pop()
        left -= len(found)
        if left < 0:
            raise TemplateLimitError(f"the template creates a list with more than {LARGEST:,} entries in total")
        values = found.values() if isinstance(found, dict) else found
        open_values += [each for each in values if isinstance(each, _NESTING)]
    return value


def join_chunks(chunks: Iterable[str]) -> str:
    """Replaces Jinja's `concat`, and counts the result before it is made.

    Raises:
        TemplateLimitError: the result takes more memory than a render may.
    """
    budget = _budget.get() or _Budget(DEFAULT)
    found = []
    for chunk in chunks:
        budget.bytes -= len(chunk)
        if budget.bytes < 0:
            raise TemplateLimitError(_describe_memory(budget.limits))
        found.append(chunk)
    return "".join(found)


class LimitedTemplate(Template):
    """A template whose depth of nesting is limited."""

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> "Template":
        made = super()._from_namespace(environment, namespace, globals)
        made.root_render_func = _limit_depth(made.root_render_func, made.name or "")
        return made


def _limit_depth(render: Callable[..., Iterator[str]], name: str) -> Callable[..., Iterator[str]]:
    def limited(*arguments: Any) -> Iterator[str]:
        budget = _budget.get()
        open_templates = budget.templates if budget is not None else []
        if len(open_templates) >= DEPTH:
            raise TemplateLimitError(f"templates include each other in a loop: {_format_chain(open_templates, name)}")
        open_templates.append(name)
        try:
            # In one piece: passed on piece by piece, the words of a page go through every template around them.
            made = join_chunks(render(*arguments))
        finally:
            open_templates.pop()
        yield made

    return limited


def _format_chain(open_templates: list[str], name: str) -> str:
    """Formats the include cycle that `name` closes or, if it closes none, the last templates."""
    last = next((at for at in range(len(open_templates) - 1, -1, -1) if open_templates[at] == name), -3)
    return " -> ".join([*open_templates[last:], name])


class _Watchdog:
    """Raises an error in the thread that enters it once the thread exceeds its limit of time or of memory."""

    def __init__(self, limits: RenderLimits) -> None:
        self._limits = limits
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._raised = False
        self._clock = _make_thread_clock(self._thread)

    def __enter__(self) -> None:
        self._began = self._clock()
        self._size = _read_resident()
        threading.Thread(target=self._watch, daemon=True, name="template-limit").start()

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
        wait = _CHECK_INTERVAL
        while not self._done.wait(wait):
            message = self._find_excess()
            if not message:
                continue
            with self._lock:
                if self._done.is_set():
                    return
                self._raised = True
                _raise_in_thread(self._thread, type("Stopped", (_StoppedError,), {"message": message}))
            wait = _RAISE_INTERVAL

    def _find_excess(self) -> str:
        # On a busy machine, CPU time can be much less than wall-clock time.
        if self._clock() - self._began > self._limits.seconds:
            return f"the template takes longer than {self._limits.seconds:g} seconds"
        # Other threads may have grown the process; but a template that must stop for them is rare, and can be run again.
        if _read_resident() - self._size > self._limits.megabytes * _MEGABYTE:
            return _describe_memory(self._limits)
        return ""


def _describe_memory(limits: RenderLimits) -> str:
    return f"the template takes more than {limits.megabytes} megabytes"


def _read_resident() -> int:
    """Returns the memory that this process uses, in bytes; 0 if the system does not report it."""
    try:
        with open("/proc/self/statm", "rb") as opened:  # noqa: PTH123 - many times a second
            return int(opened.read().split()[1]) * _PAGE_BYTES
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
