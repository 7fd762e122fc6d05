"""Inspects every artifact of a build while workers still write the others."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import Self

from brief.inspection.documents import inspect_document
from brief.inspection.expected import ExpectedDocument, expect_document
from brief.inspection.extract import Part
from brief.inspection.extract.formats import ExtractedArtifact
from brief.inspection.leaks import Inspector
from brief.inspection.verdicts import KeptVerdicts
from brief.inspection.words.added_words import KnownWords, collect_known_words, walk_strings
from brief.model.artifact import Artifact
from brief.model.catalogue import CONTEXT_SEPARATOR
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.variant import Variant, Vega
from brief.reading.catalogue import list_required_messages
from brief.store import Store, digest
from brief.templating.messages import list_messages
from brief.templating.template_set import TemplateSet

_SOUND = b"sound"
# The parts of an artifact with more characters are not stored.
_MAX_KEPT_CHARACTERS = 3_000_000


class BuildInspection:
    """Inspects artifacts of every format in full, in one thread beside the build: for withheld content, and as
    documents.

    `variants` has the variants that the artifacts are written from. An artifact without findings is recorded in the
    store, so that later builds skip it. Both records apply to the same bytes and the same `program`, which is a digest:

    - as a document, to the same inputs;
    - for withheld content, to the searches that `brief.inspection.verdicts` describes.

    Leaving the context cancels inspections that have not begun.
    """

    def __init__(self, inspector: Inspector, store: Store | None, program: str, variants: Iterable[Variant]) -> None:
        self._variants = {(variant.audience, variant.locale): variant for variant in variants}
        self._audiences = tuple(dict.fromkeys(audience for audience, _ in self._variants))
        self._expected: dict[tuple[str, str], ExpectedDocument] = {}
        # Whether the template set of an audience has own files.
        self._has_own: dict[str, bool] = {}
        self._program = program
        self._inspector = inspector
        self._store = store
        self._verdicts = KeptVerdicts(store, program) if store is not None else None
        self._thread = ThreadPoolExecutor(1)
        self._inspections: list[Future[tuple[Diagnostic, ...]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, artifact: Artifact) -> None:
        """Queues the artifact for inspection; inspects it now if no thread can be started."""
        try:
            inspection = self._thread.submit(self._inspect, artifact)
        except RuntimeError:
            # Python starts no thread once the main thread has ended.
            inspection = Future()
            inspection.set_result(self._inspect(artifact))
        self._inspections.append(inspection)

    def collect_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Waits for every inspection and returns what they found."""
        return sort_diagnostics(diagnostic for inspection in self._inspections for diagnostic in inspection.result())

    def _inspect(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        search = self._inspector.get_search(artifact.audience)
        document_key = digest("inspection", "document", self._program, artifact.name, artifact.sha256, artifact.inputs)
        is_sound = self._store is not None and self._store.get(document_key) == _SOUND
        is_clean = self._verdicts is not None and self._verdicts.is_still_clean(artifact, search)
        if is_sound and is_clean:
            return ()
        extracted = ExtractedArtifact(artifact)
        stored_parts: list[Part] = []
        parts = _collect(extracted.read_parts(), stored_parts)
        diagnostics: tuple[Diagnostic, ...] = ()
        if not is_clean:
            self._inspector.prepare(artifact.audience, self._audiences)
            with search.visible.record() as used:
                diagnostics = self._inspector.inspect_artifact(artifact, parts)
            # The search does not read a file that it has searched before; the parts are needed below.
            deque(parts, maxlen=0)
            if self._verdicts is not None and not diagnostics:
                self._verdicts.keep_clean(artifact, search, used)
                if stored_parts:
                    self._verdicts.keep_parts(artifact, stored_parts)
        if not is_sound:
            deque(parts, maxlen=0)
            look = self._inspector.get_template_set(artifact.audience).look
            document_problems = inspect_document(artifact, self._get_expected(artifact), extracted, look)
            if self._store is not None and not document_problems:
                self._store.put(document_key, _SOUND)
            diagnostics += document_problems
        return diagnostics

    def _get_expected(self, artifact: Artifact) -> ExpectedDocument:
        key = artifact.audience, artifact.locale
        if key not in self._expected:
            variant = self._variants[key]
            template_set = self._inspector.get_template_set(artifact.audience)
            expected = self._expected[key] = expect_document(variant, template_set.look)
            if artifact.audience not in self._has_own:
                self._has_own[artifact.audience] = template_set.has_own("*")
            if self._has_own[artifact.audience]:
                expected.pieces.known_words = _collect_known_words(expected, template_set)
        return self._expected[key]


def _collect_known_words(expected: ExpectedDocument, template_set: TemplateSet) -> KnownWords:
    """Collects the words of a variant, and those of the interface, which English pages print as they are in the templates."""
    required = (key.rpartition(CONTEXT_SEPARATOR)[2] for key in list_required_messages())
    variant = expected.variant
    written = (piece.written for piece in expected.pieces)
    texts = chain(walk_strings(variant), written, required, list_messages(template_set))
    has_vega = any(isinstance(block, Vega) for section in variant.sections for block in section.blocks)
    return collect_known_words(texts, has_all_figures=not has_vega)


def _collect(parts: Iterator[Part], stored: list[Part]) -> Iterator[Part]:
    """Passes the parts on, and adds them to `stored`; empties `stored` if reading them again would cost less than
    storing them.
    """
    size = 0
    for part in parts:
        size += len(part.words) + len(part.code)
        if size <= _MAX_KEPT_CHARACTERS:
            stored.append(part)
        else:
            stored.clear()
        yield part
