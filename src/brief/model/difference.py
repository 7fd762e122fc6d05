"""What changed between two revisions of the content, or between two packs: plain data, ready for JSON."""

import enum
from collections.abc import Mapping

from brief.model.access import Clearance
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation


class Change(enum.StrEnum):
    """What happened to a record between two revisions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class SpanKind(enum.StrEnum):
    """Which of two texts contain a span: both, only the old one, or only the new one."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class DriftKind(enum.StrEnum):
    """How the locales of a text diverged: only the words of the source changed, or only the words of a translation."""

    BEHIND = "behind"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class WordingSpan:
    """A span of text that both revisions contain, or only one of them."""

    mark: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class WordingChange:
    """One text in one locale. `spans` without the added ones are the old text; without the removed ones, the new text.

    `part` names the text within its record: "text", "row 2 cell 1". `locale` is "*" for a text written once for all.
    """

    part: str
    locale: str
    spans: tuple[WordingSpan, ...]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A value that is not text in any language; `old` or `new` is None if there was or is no value."""

    part: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """A difference in a theme, block, source, claim, dataset, term, audience, catalogue or the brief itself.

    `kind` is one of these words, `detail` the kind of a block, and `title` the record's opening words in the source
    locale. `renamed` is its old id, `moved` its old and new position. `audiences` lists the audiences that see it,
    before or after.
    """

    kind: str
    name: str
    change: Change
    location: SourceLocation
    title: str = ""
    detail: str = ""
    renamed: str | None = None
    moved: SettingChange | None = None
    wordings: tuple[WordingChange, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityChange:
    """A claim whose quantity differs. `old` and `new` map locales to the quantity in words; empty if there was or is no
    quantity.

    `blocks` lists the blocks that print it now or printed it before, and `themes` the themes that do so in their
    summary or takeaways. `derived` says that it changed because a figure that it is computed from changed.
    """

    claim: str
    location: SourceLocation
    old: Mapping[str, str]
    new: Mapping[str, str]
    derived: bool
    blocks: tuple[str, ...]
    themes: tuple[str, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleDrift:
    """A text that changed in some locales and not in others. `part` names it within its record, `location` is that of a
    locale that is behind or, if only a translation changed, of that translation.
    """

    drift: DriftKind
    kind: str
    name: str
    part: str
    location: SourceLocation
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDifference:
    """A variant that was added, removed or changed. `blocks` lists the blocks of a changed variant whose words differ; it
    is empty if the difference is elsewhere, or only in numbering or order.
    """

    audience: str
    locale: str
    change: Change
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentDifference:
    """The difference of two revisions of a brief, which `old` and `new` describe. `clearance` is the highest clearance of
    everything in it.
    """

    old: str
    new: str
    title: str
    source_locale: str
    clearance: Clearance
    records: tuple[RecordChange, ...]
    figures: tuple[QuantityChange, ...]
    drifts: tuple[LocaleDrift, ...]
    variants: tuple[VariantDifference, ...]
    unchanged_variants: int
    templates: tuple[SettingChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.records or self.figures or self.variants or self.templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChange:
    """One file of a pack. `cause` is "inputs" if what the file depends on changed, "bytes" if only the result did."""

    path: str
    change: Change
    cause: str
    old_bytes: int | None = None
    new_bytes: int | None = None
    old_pages: int | None = None
    new_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDifference:
    """The difference of two packs, according to their manifests. `settings` has changes of the brief's id and its date."""

    old: str
    new: str
    title: str
    settings: tuple[SettingChange, ...]
    versions: tuple[SettingChange, ...]
    fonts: tuple[SettingChange, ...]
    artifacts: tuple[ArtifactChange, ...]
    unchanged_artifacts: int

    @property
    def is_empty(self) -> bool:
        return not (self.settings or self.versions or self.fonts or self.artifacts)
