"""Renders only what no earlier build has made from the same inputs."""

from collections.abc import Callable, Iterator, Sequence

from brief.build import fingerprint
from brief.build.cache_entries import find_artifact, keep_artifact
from brief.build.executors import Task
from brief.build.render import Rendered, fingerprint_variant
from brief.model.artifact import Artifact
from brief.store import Store

RunTasks = Callable[[list[Task]], Iterator[tuple[int, Rendered]]]


def render_missing(
    tasks: Sequence[Task], run: RunTasks, store: Store | None, *, on_artifact: Callable[[Artifact], object]
) -> Iterator[tuple[int, Rendered]]:
    """Yields the index and the outcome of each task as soon as the task is finished.

    `run` gets one task for each artifact that is not in the store. Raises as `run` does.

    `on_artifact` is called with every artifact as soon as it exists, which may be long before its task is
    finished. New artifacts are stored, unless a template has changed meanwhile: they may have been made from either
    version.
    """
    parts: list[dict[str, Rendered]] = [{} for _ in tasks]
    origins = [fingerprint_variant(variant, template_set) if store else "" for variant, template_set, _ in tasks]
    # A process uses the fonts that were installed when it first listed them, so one digest is enough.
    machine = fingerprint.fingerprint_machine() if store else ""
    missing: list[tuple[int, str]] = []
    for index, (_, _, formats) in enumerate(tasks):
        for name in formats:
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
        if store and set_digests[template_set] == fingerprint.fingerprint_template_set(template_set):
            for artifact in outcome.artifacts:
                # A worker on another machine may run another release; its inputs then differ.
                if artifact.inputs == origins[index]:
                    keep_artifact(store, artifact, outcome.diagnostics, machine)
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
