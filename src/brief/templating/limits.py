"""Limits of time and memory for every render, in any process or thread.

Workers have limits of their own, which end the process. A build of one file, `brief check` and the web service render in
their own process, which a template must not bring down: a render that exceeds a limit ends in a diagnostic.
"""

import ctypes
import threading
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from jinja2 import Environment, Template

# Seconds of processor time, and characters that a render may produce: the page, and the parts that it is made of.
SECONDS = 10.0
CHARACTERS = 500_000_000
# Templates that include, import or extend each other.
DEPTH = 50
# Characters or entries that one operator or filter may produce.
LARGEST = 1_000_000
# Seconds until the exception that stops a render is raised again: code that catches any exception may swallow it.
_REPEAT = 0.5


class TemplateLimitError(Exception):
    """A render exceeded a limit."""


class _OutOfTimeError(TemplateLimitError):
    """A render took too long. Raised from another thread, hence without arguments."""

    def __str__(self) -> str:
        return f"the template takes longer than {SECONDS:g} seconds"


class _Budget:
    """What remains of the limits of a render."""

    def __init__(self) -> None:
        self.characters = CHARACTERS
        self.templates: list[str] = []
        self.loaded: dict[str, Template] = {}


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limit_render() -> Iterator[None]:
    """Runs its body under the limits; raises TemplateLimitError in it as soon as it exceeds one."""
    token = _budget.set(_Budget())
    try:
        with _Watchdog():
            yield
    finally:
        _budget.reset(token)


def list_loaded() -> dict[str, Template]:
    """The templates of this render by name, which takes each as it was when the render first asked."""
    budget = _budget.get()
    return budget.loaded if budget is not None else {}


def spend(characters: int) -> None:
    """Counts the characters that a render produces.

    Raises:
        TemplateLimitError: they are more than a render may produce.
    """
    budget = _budget.get()
    if budget is not None:
        budget.characters -= characters
        if budget.characters < 0:
            raise _too_long()


def _too_long() -> TemplateLimitError:
    return TemplateLimitError(f"the template makes more than {CHARACTERS:,} characters")


def require_size(size: int) -> None:
    """Raises:
    TemplateLimitError: an operator or a filter would produce more than it may.
    """
    if size > LARGEST:
        raise TemplateLimitError(f"the template makes a value of {size:,} characters or entries; at most {LARGEST:,}")
    spend(size)


def join_chunks(chunks: Iterable[str]) -> str:
    """Jinja's `concat`, with its result counted before it is made."""
    budget = _budget.get() or _Budget()
    found = []
    for chunk in chunks:
        budget.characters -= len(chunk)
        if budget.characters < 0:
            raise _too_long()
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
            raise TemplateLimitError(f"templates include each other without end: {_format_chain(open_templates, name)}")
        open_templates.append(name)
        try:
            # In one piece: passed on piece by piece, the words of a page go through every template around them.
            made = join_chunks(render(*arguments))
        finally:
            open_templates.pop()
        yield made

    return limited


def _format_chain(open_templates: list[str], name: str) -> str:
    """The cycle that `name` closes, or, if it closes none, the last templates."""
    last = next((at for at in range(len(open_templates) - 1, -1, -1) if open_templates[at] == name), -3)
    return " -> ".join([*open_templates[last:], name])


class _Watchdog:
    """Raises an error in the thread that enters it once the thread has used up its time."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._raised = False
        self._clock = _thread_clock(self._thread)

    def __enter__(self) -> None:
        self._began = self._clock()
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
            except _OutOfTimeError:
                continue
            return

    def _watch(self) -> None:
        wait = SECONDS
        while not self._done.wait(wait):
            left = SECONDS - (self._clock() - self._began)
            if left > 0:
                # On a busy machine the thread had less processor time than this.
                wait = max(left, 0.01)
                continue
            with self._lock:
                if self._done.is_set():
                    return
                self._raised = True
                _raise_in_thread(self._thread, _OutOfTimeError)
            wait = _REPEAT


def _thread_clock(thread: int) -> Callable[[], float]:
    """The processor time of a thread; if the system does not count it, the wall clock."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(thread)
    return lambda: time.clock_gettime(clock)


def _raise_in_thread(thread: int, error: type[BaseException] | None) -> None:
    """Makes a thread raise an error at its next instruction; None cancels an error that it has not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)
