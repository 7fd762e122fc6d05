"""Inspects an artifact's bytes for anything that its audience may not see.

`select` takes withheld content out before any template runs. The inspection does not trust it, nor the writers, nor the
template set: it divides the authored brief again into what the audience may see and what it may not, takes the artifact
apart, and looks for the latter everywhere in it. What is looked for, and what is not, `brief.inspection.search` says.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from brief.inspection.extract import Part, extract_parts
from brief.inspection.extract.part import join_strings
from brief.inspection.folding import squeeze
from brief.inspection.search import AudienceSearch
from brief.model.artifact import Artifact
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.resolve.withheld import SourceString, SourceStrings, WithheldKind
from brief.templating.template_set import TemplateSet

WITHHELD_TEXT = "withheld-text"


class Inspector:
    """Inspects the artifacts of a brief; caches the search of each audience and the files without findings.

    `template_set_of` says which template set an audience's variants use.
    """

    def __init__(self, brief: Brief, template_set_of: Callable[[str], TemplateSet]) -> None:
        self.template_set_of = template_set_of
        self.searches: dict[str, AudienceSearch] = {}
        self.authored = SourceStrings.of(brief)
        self._clean: set[tuple[str, str, bytes]] = set()

    def inspect_variant(self, variant: Variant) -> tuple[Diagnostic, ...]:
        """Inspects a variant's own strings."""
        name = f"{variant.brief}.{variant.audience}.{variant.locale}"
        return self._find(variant.audience, name, [Part(name, join_strings(_walk_strings(variant)))])

    def inspect_texts(self, audience: str, name: str, words: str) -> tuple[Diagnostic, ...]:
        """Inspects words that the audience is to read."""
        return self._find(audience, name, [Part(name, words)])

    def inspect_parts(self, audience: str, name: str, parts: Iterable[Part]) -> tuple[Diagnostic, ...]:
        """Inspects parts of the file `name`, of which the others were inspected before."""
        return self._find(audience, name, parts)

    def is_open(self, audience: str, words: str) -> bool:
        """Returns whether the audience may see these words, because they stand in a text that it may see."""
        squeezed = squeeze(words)
        return bool(squeezed) and squeezed in self._search(audience).known()

    def inspect_artifact(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        """Inspects an artifact's bytes and its name."""
        return self.inspect_bytes(artifact.audience, artifact.name, artifact.data)

    def fingerprint(self, audience: str) -> str:
        """Digest of everything that affects the findings in an artifact of the audience, except the program."""
        return self._search(audience).fingerprint()

    def inspect_bytes(self, audience: str, name: str, data: bytes) -> tuple[Diagnostic, ...]:
        """Inspects any file for an audience. A file without findings is not inspected again."""
        key = audience, name, hashlib.sha256(data).digest()
        if key in self._clean:
            return ()
        diagnostics = self._find(audience, name, (Part("the file's name", code=name), *extract_parts(name, data)))
        if not diagnostics:
            self._clean.add(key)
        return diagnostics

    def _search(self, audience: str) -> AudienceSearch:
        search = self.searches.get(audience)
        if search is None:
            search = self.searches[audience] = AudienceSearch(self.authored, audience, self.template_set_of(audience))
        return search

    def _find(self, audience: str, name: str, found: Iterable[Part]) -> tuple[Diagnostic, ...]:
        search = self._search(audience)
        # One diagnostic per location in the content.
        locations: dict[tuple[str, SourceLocation], tuple[SourceString, str]] = {}
        for part in found:
            for source_string in search.find(part):
                locations.setdefault((source_string.kind, source_string.location), (source_string, part.name))
        return sort_diagnostics(
            Diagnostic(
                WITHHELD_TEXT,
                f"audience '{audience}' may not see this {source_string.kind.value}, but it is in {where}"
                + (f" ({name})" if name not in where else ""),
                source_string.location,
                "remove it from the template set, its pictures or the catalogues"
                + (_ALLOW if source_string.kind is not WithheldKind.PICTURE and not source_string.is_allowed else ""),
            )
            for source_string, where in locations.values()
        )


_ALLOW = "; if it is a coincidence, add 'allow_in_output: REASON' to this item"


def _walk_strings(value: Any) -> Iterator[str]:
    """Yields every string of plain data or records, except the interface words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _walk_strings(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name != "catalogue":
                yield from _walk_strings(getattr(value, name))
