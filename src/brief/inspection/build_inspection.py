"""Inspects every artifact of a build while workers still write the others."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from brief.inspection.documents import inspect_document
from brief.inspection.leaks import Inspector
from brief.inspection.passages import Passage, list_passages
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.variant import Variant
from brief.store import Store, digest

_CLEAN = b"clean"


class BuildInspection:
    """Inspects artifacts of every format in full, in a thread beside the build: for withheld content, and as documents.

    `variants` are those that the artifacts are written from. An artifact without findings is recorded in the store, so
    that later builds skip it; the record applies to the same bytes, the same inputs, the same withheld content and the same
    `program`, which is a digest. Leaving the context cancels inspections that have not begun.
    """

    def __init__(self, inspector: Inspector, store: Store | None, program: str, variants: Iterable[Variant]) -> None:
        self._variants = {(variant.audience, variant.locale): variant for variant in variants}
        self._passages: dict[tuple[str, str], tuple[Passage, ...]] = {}
        self._program = program
        self._inspector = inspector
        self._store = store
        self._thread = ThreadPoolExecutor(1)
        self._inspections: list[Future[tuple[Diagnostic, ...]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, artifact: Artifact) -> None:
        """Inspects the artifact as soon as the ones before it are done."""
        try:
            inspection = self._thread.submit(self._inspect, artifact)
        except RuntimeError:
            # Python starts no thread once the main thread has ended.
            inspection = Future()
            inspection.set_result(self._inspect(artifact))
        self._inspections.append(inspection)

    def collect_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Waits for every inspection and returns what they found."""
        return sort_diagnostics(found for inspection in self._inspections for found in inspection.result())

    def _inspect(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        if self._store is None:
            return self._find(artifact)
        searched = self._inspector.fingerprint(artifact.audience)
        key = digest("inspection", self._program, searched, artifact.name, artifact.sha256, artifact.inputs)
        if self._store.get(key) == _CLEAN:
            return ()
        found = self._find(artifact)
        if not found:
            self._store.put(key, _CLEAN)
        return found

    def _find(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        key = artifact.audience, artifact.locale
        variant = self._variants[key]
        if key not in self._passages:
            self._passages[key] = tuple(list_passages(variant))
        return (*self._inspector.inspect_artifact(artifact), *inspect_document(artifact, variant, self._passages[key]))
