"""Inspects an artifact's bytes for anything that its audience may not see.

`select` removes withheld content before any template runs. The inspection trusts neither `select`, nor the writers, nor
the template set: it computes again what the audience may not see, extracts every string of the artifact, and searches
these for the withheld content. `brief.inspection.search` defines the search.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cached_property
from itertools import chain
from typing import Any

from brief.inspection.extract import Part, extract_parts
from brief.inspection.extract.formats import ExtractedArtifact
from brief.inspection.extract.part import join_strings
from brief.inspection.folding import fold_words, keep_letters
from brief.inspection.han_variants import fold_variants, squeeze_variants
from brief.inspection.search import AudienceSearch
from brief.inspection.seeds import KeptSeeds, SeedTables
from brief.model.artifact import Artifact
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.resolve.withheld import SourceString, SourceStrings, WithheldKind
from brief.store.spooled_bytes import digest_content
from brief.templating.template_set import TemplateSet

WITHHELD_TEXT = "withheld-text"
_ALLOW = "; if it is a coincidence, add 'allow_in_output: REASON' to this item"


class Inspector:
    """Inspects the artifacts of a brief; caches the search of each audience and the files without findings.

    `get_template_set` returns the template set that an audience's variants use. `kept` has the tables that an inspector
    of an earlier state of the project prepared; they are updated.
    """

    def __init__(
        self, brief: Brief, get_template_set: Callable[[str], TemplateSet], kept: KeptSeeds | None = None
    ) -> None:
        self.get_template_set = get_template_set
        self.searches: dict[str, AudienceSearch] = {}
        kept = kept or KeptSeeds()
        self._has_kept = bool(kept.tables)
        self._tables = SeedTables(kept)
        self._brief = brief
        self._clean: dict[tuple[str, str, str], Set[int]] = {}

    @cached_property
    def source_strings(self) -> SourceStrings:
        """The strings of the brief, collected when the first file is inspected."""
        return SourceStrings.from_brief(self._brief)

    def inspect_variant(self, variant: Variant) -> tuple[Diagnostic, ...]:
        """Inspects a variant's own strings."""
        name = f"{variant.brief}.{variant.audience}.{variant.locale}"
        return self._search_parts(variant.audience, name, [Part(name, join_strings(_walk_strings(variant)))])

    def inspect_texts(self, audience: str, name: str, words: str) -> tuple[Diagnostic, ...]:
        """Inspects words of a known place that the audience is to read."""
        return self._search_parts(audience, name, [Part(name, words)], is_located=True)

    def inspect_parts(self, audience: str, name: str, parts: Iterable[Part]) -> tuple[Diagnostic, ...]:
        """Inspects some parts of the file `name`; the others were inspected before."""
        return self._search_parts(audience, name, parts)

    def may_see(self, audience: str, words: str) -> bool:
        """Returns whether a text that the audience may see contains these words; False for words without letters or
        signs.
        """
        squeezed = squeeze_variants(words)
        return bool(squeezed) and self.get_search(audience).visible.has_squeezed(squeezed)

    def inspect_artifact(self, artifact: Artifact, parts: Iterable[Part] | None = None) -> tuple[Diagnostic, ...]:
        """Inspects an artifact's bytes and its name; `parts` has its parts if they were already extracted."""
        artifact_parts = ExtractedArtifact(artifact).read_parts() if parts is None else parts
        return self._inspect(artifact.audience, artifact.name, digest_content(artifact.content), artifact_parts)

    def inspect_bytes(self, audience: str, name: str, data: bytes) -> tuple[Diagnostic, ...]:
        """Inspects any file for an audience."""
        return self._inspect(audience, name, hashlib.sha256(data).hexdigest(), extract_parts(name, data))

    def _inspect(self, audience: str, name: str, digest: str, parts: Iterable[Part]) -> tuple[Diagnostic, ...]:
        """Inspects a file, unless a file of the same digest and name had no findings."""
        key = audience, name, digest
        visible = self.get_search(audience).visible
        if key in self._clean:
            visible.use(self._clean[key])
            return ()
        with visible.record() as used:
            diagnostics = self._search_parts(audience, name, chain([make_name_part(name)], parts))
        if not diagnostics:
            self._clean[key] = used
        return diagnostics

    def get_search(self, audience: str) -> AudienceSearch:
        """Returns the search of an audience."""
        search = self.searches.get(audience)
        if search is None:
            template_set = self.get_template_set(audience)
            search = self.searches[audience] = AudienceSearch(self.source_strings, audience, template_set, self._tables)
        return search

    def prepare(self, audience: str, others: Iterable[str]) -> None:
        """Prepares the search of an audience, and those of `others` that may follow.

        Preparing them together takes less time than one after the other. With tables of an earlier state, only the one
        is prepared, because after an edit few others follow.
        """
        for each in (audience,) if self._has_kept else (audience, *others):
            self.get_search(each).prepare()

    def _search_parts(
        self, audience: str, name: str, parts: Iterable[Part], *, is_located: bool = False
    ) -> tuple[Diagnostic, ...]:
        """Searches parts of a file, and reports each item with the locations at which it is typed in the content.

        With `is_located`, the caller reports the location itself, and none is looked for.
        """
        search = self.get_search(audience)
        # One diagnostic per location in the content.
        locations: dict[tuple[str, SourceLocation], tuple[SourceString, str]] = {}
        for part in parts:
            for source_string in _drop_other_scripts(search.find(part), part):
                locations.setdefault((source_string.kind, source_string.location), (source_string, part.name))
        typed = {} if is_located else search.find_typed_locations({item for item, _ in locations.values()})
        return sort_diagnostics(
            _describe(audience, item, where if name in where else f"{where} ({name})", typed.get(item, ()))
            for item, where in locations.values()
        )


def _drop_other_scripts(found: Iterable[SourceString], part: Part) -> list[SourceString]:
    """Leaves out the items that differ from another found one only in the Chinese script, and less resemble the part."""
    groups: dict[tuple[str, str], dict[str, list[SourceString]]] = {}
    for item in dict.fromkeys(found):
        letters = keep_letters(fold_words(item.text))
        groups.setdefault((item.kind, fold_variants(letters)), {}).setdefault(letters, []).append(item)

    def count_shared(letters: str) -> int:
        return sum(letter in part.words or letter in part.code for letter in letters)

    # Of equals, the first remains.
    return [item for forms in groups.values() for item in forms[max(forms, key=count_shared)]]


def _describe(audience: str, item: SourceString, where: str, typed: tuple[SourceLocation, ...]) -> Diagnostic:
    """Makes the diagnostic of an item in a file. `typed` has the locations of the texts that contain it, together if there
    are several; empty if it comes from elsewhere.
    """
    message = f"audience '{audience}' may not see this {item.kind.value}, but it is in {where}"
    hint = "remove it from the template set, its pictures or the catalogues"
    locations = ", ".join(map(str, typed))
    if len(typed) > 1:
        message += f"; it is divided among the texts at {locations}"
        hint = "remove it there, or give one of these texts the clearance of this item"
    elif typed:
        message += f"; it is typed at {locations}"
        hint = "remove it there, or give that text the clearance of this item"
    if item.kind is not WithheldKind.PICTURE and not item.is_allowed:
        hint += _ALLOW
    return Diagnostic(WITHHELD_TEXT, message, item.location, hint)


def make_name_part(name: str) -> Part:
    """Returns the name of a file as a part of it."""
    return Part("the file's name", code=name)


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
