"""Renders only what no earlier build has made from the same inputs."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from brief.build import fingerprint
from brief.build.cache_entries import find_artifact, keep_artifact
from brief.build.executors import Task
from brief.build.render import Rendered, fingerprint_variant
from brief.model.artifact import Artifact, Progress
from brief.model.diagnostics import ContentError
from brief.model.variant import Variant
from brief.store import Store, open_default_store

RunTasks = Callable[[list[Task]], Iterator[tuple[int, Rendered]]]

_MAX_BYTES = 100_000_000  # of the artifacts that are kept in memory


class LastRenders:
    """The last artifact of each variant and format in memory, for a program that renders the same variants again and
    again. Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], Rendered] = OrderedDict()
        self._bytes = 0

    def find(self, variant: Variant, format_name: str, origin: str) -> Rendered | None:
        """Returns the artifact if it was made from inputs with the digest `origin`."""
        with self._lock:
            kept = self._kept.get((variant.audience, variant.locale, format_name))
            return kept if kept is not None and kept.artifacts[0].inputs == origin else None

    def keep(self, rendered: Rendered) -> None:
        """Keeps the outcome of a task that has made one artifact."""
        (artifact,) = rendered.artifacts
        key = artifact.audience, artifact.locale, artifact.format
        with self._lock:
            if previous := self._kept.pop(key, None):
                self._bytes -= previous.artifacts[0].content.size
            self._kept[key] = replace(rendered, reused=1)
            self._bytes += artifact.content.size
            while self._bytes > _MAX_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].artifacts[0].content.size


def render_missing(
    tasks: Sequence[Task],
    run: RunTasks,
    store: Store | None,
    last: LastRenders | None = None,
    *,
    on_artifact: Callable[[Artifact], object],
) -> Iterator[tuple[int, Rendered]]:
    """Yields the index and the outcome of each task as soon as the task is finished.

    `run` gets one task for each artifact that is neither in `last` nor in the store. Raises as `run` does.

    `on_artifact` is called with every artifact as soon as it exists, which may be long before its task is
    finished. New artifacts are stored and added to `last`, unless a template has changed meanwhile: they may have been
    made from either version.
    """
    parts: list[dict[str, Rendered]] = [{} for _ in tasks]
    origins = [
        fingerprint_variant(variant, template_set) if store or last else "" for variant, template_set, _ in tasks
    ]
    # A process uses the fonts that were installed when it first listed them, so one digest is enough.
    machine = fingerprint.fingerprint_machine() if store else ""
    missing: list[tuple[int, str]] = []
    for index, (variant, _, formats) in enumerate(tasks):
        for name in formats:
            if last and (kept := last.find(variant, name, origins[index])):
                parts[index][name] = kept
                continue
            stored = find_artifact(store, origins[index], name, machine) if store else None
            if stored is None:
                missing.append((index, name))
            else:
                parts[index][name] = Rendered((stored[0],), stored[1], reused=1)
    set_digests = (
        {template_set: fingerprint.fingerprint_template_set(template_set) for _, template_set, _ in tasks}
        if missing
        else {}
    )
    # The workers start before `on_artifact` is called, because its work competes with handing out tasks.
    new_outcomes = (
        run([(tasks[index][0], tasks[index][1], (name,)) for index, name in missing]) if missing else iter(())
    )
    for cached in (rendered for part in parts for rendered in part.values()):
        for artifact in cached.artifacts:
            on_artifact(artifact)
    for index, (_, _, formats) in enumerate(tasks):
        if len(parts[index]) == len(formats):
            yield index, _merge_outcomes(parts[index], formats)
    for position, outcome in new_outcomes:
        index, name = missing[position]
        _, template_set, formats = tasks[index]
        for artifact in outcome.artifacts:
            on_artifact(artifact)
        if (store or last) and set_digests[template_set] == fingerprint.fingerprint_template_set(template_set):
            for artifact in outcome.artifacts:
                # A worker on another machine may run another release; its inputs then differ.
                if artifact.inputs != origins[index]:
                    continue
                if store:
                    keep_artifact(store, artifact, outcome.diagnostics, machine)
                if last:
                    last.keep(outcome)
        parts[index][name] = outcome
        if len(parts[index]) == len(formats):
            yield index, _merge_outcomes(parts[index], formats)
    if store and missing:
        store.prune()


def _merge_outcomes(parts: dict[str, Rendered], formats: tuple[str, ...]) -> Rendered:
    """Returns the outcome of a task from those of its formats."""
    outcomes = [parts[name] for name in formats]
    return Rendered(
        artifacts=tuple(artifact for outcome in outcomes for artifact in outcome.artifacts),
        diagnostics=tuple(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics),
        failed=any(outcome.failed for outcome in outcomes),
        reused=sum(outcome.reused for outcome in outcomes),
    )


def render_all(
    tasks: Sequence[Task],
    run: RunTasks,
    on_artifact: Callable[[Artifact], object] = lambda _: None,
    progress: Progress | None = None,
    last: LastRenders | None = None,
) -> list[Rendered]:
    """Renders the tasks as `render_missing` does, with the default store, and returns the outcomes in the order of tasks.

    `progress` is called with the numbers of finished tasks and of all tasks.

    Raises:
        ContentError: the errors of all tasks.
    """
    rendered: dict[int, Rendered] = {}
    for index, outcome in render_missing(tasks, run, open_default_store(), last, on_artifact=on_artifact):
        rendered[index] = outcome
        if progress is not None:
            progress(len(rendered), len(tasks))
    outcomes = [rendered[index] for index in range(len(tasks))]
    if any(outcome.failed for outcome in outcomes):
        raise ContentError(diagnostic for outcome in outcomes for diagnostic in outcome.diagnostics)
    return outcomes
