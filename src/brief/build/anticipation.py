"""Begins to render variants before their build asks for them, while the content that they come from is still checked."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from brief.build import fingerprint
from brief.build.cache import LastRenders
from brief.build.cache_entries import find_artifact
from brief.build.executors import Task
from brief.build.render import Rendered, fingerprint_variant, render
from brief.store import open_default_store

# An audience, a locale and the formats.
_Key = tuple[str, str, tuple[str, ...]]


class Anticipation:
    """The renders that `executor` has begun before a build asks for them: at most one of each variant and format.

    A build gets the outcome of such a render only if it asks for the same inputs: a render is a pure function of them.
    `last` has artifacts that need not be rendered. Threads may share it.
    """

    def __init__(self, executor: Executor, last: LastRenders) -> None:
        self._executor = executor
        self._last = last
        self._lock = threading.Lock()
        self._begun: dict[_Key, tuple[str, Future[Rendered]]] = {}

    def begin(self, task: Task) -> None:
        """Begins to render a variant in one format, unless its artifact is known or an earlier render of it has not ended."""
        variant, template_set, formats = task
        (name,) = formats
        origin, store = fingerprint_variant(variant, template_set), open_default_store()
        if self._last.find(variant, name, origin):
            return
        if store and find_artifact(store, origin, name, fingerprint.fingerprint_machine()):
            return
        key = variant.audience, variant.locale, formats
        with self._lock:
            _, earlier = self._begun.get(key, ("", None))
            # Renders that no build asks for must not pile up while files are saved one after the other.
            if earlier is None or earlier.done():
                self._begun[key] = origin, self._executor.submit(render, *task)

    def take(self, task: Task) -> "Future[Rendered] | None":
        """Returns the render of this task if it has begun, and forgets it."""
        variant, template_set, formats = task
        key = variant.audience, variant.locale, formats
        with self._lock:
            origin, future = self._begun.get(key, ("", None))
        if future is None or origin != fingerprint_variant(variant, template_set):
            return None
        with self._lock:
            return future if self._begun.pop(key, None) is not None else None

    def wrap(self, executor: Executor) -> Executor:
        """Returns an executor that passes on to `executor` what has not begun."""
        return _AnticipatingExecutor(self, executor)


class _AnticipatingExecutor(Executor):
    def __init__(self, anticipation: Anticipation, executor: Executor) -> None:
        self._anticipation = anticipation
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        begun: Future[Any] | None = None
        if fn is render:
            variant, template_set, formats = args
            begun = self._anticipation.take((variant, template_set, formats))
        return begun or self._executor.submit(fn, *args, **kwargs)
