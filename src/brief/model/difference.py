"""What changed between two revisions of the content, or between two packs: plain data, ready for JSON."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from brief.model.access import Clearance
from brief.model.source_location import Place


class Change(enum.StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Mark(enum.StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Follow(enum.StrEnum):
    """How a text's locales went apart: the source's words changed alone, or a translation's did."""

    BEHIND = "behind"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that both revisions have, or one of them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one locale, old and new in one: without the added spans it is the old text, without the removed the new.

    `part` says which text of its record: "text", "row 2 cell 1". `locale` is "*" for a text written once for all.
    """

    part: str
    locale: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that is no text of any language; None where there was or is none."""

    part: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A theme, block, source, claim, term, audience, catalogue or the brief itself that differs.

    `kind` is that word; `detail` the kind of a block; `title` its opening words in the source locale. `renamed` is its
    old id, `moved` where it stood and stands. `audiences` are those that see it, before or after.
    """

    kind: str
    name: str
    change: Change
    place: Place
    title: str = ""
    detail: str = ""
    renamed: str | None = None
    moved: Setting | None = None
    wordings: tuple[Wording, ...] = ()
    settings: tuple[Setting, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A claim whose quantity differs, in the words of each locale; empty words where there was or is none.

    `blocks` print it now or printed it before; `themes` do so in their summary or takeaways. `derived` says that it
    changed because what it is computed from did.
    """

    claim: str
    place: Place
    old: Mapping[str, str]
    new: Mapping[str, str]
    derived: bool
    blocks: tuple[str, ...]
    themes: tuple[str, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """A text of which some locales changed and others did not."""

    follow: Follow
    kind: str
    name: str
    part: str
    place: Place
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One audience in one locale that reads otherwise than before. `blocks` are those that print other words.

    Where only numbering or the order differs, `blocks` is empty.
    """

    audience: str
    locale: str
    change: Change
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentDifference:
    """Two revisions of a brief. `old` and `new` name them; `clearance` is the highest of all that is shown here."""

    old: str
    new: str
    title: str
    source_locale: str
    clearance: Clearance
    records: tuple[Record, ...]
    figures: tuple[FigureChange, ...]
    unfollowed: tuple[Unfollowed, ...]
    editions: tuple[Edition, ...]
    unchanged_editions: int
    templates: tuple[Setting, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.records or self.figures or self.editions or self.templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChange:
    """One file of a pack. `cause` of a change is "inputs" where what shapes it differs, "bytes" where only the outcome does."""

    path: str
    change: Change
    cause: str
    old_bytes: int | None = None
    new_bytes: int | None = None
    old_pages: int | None = None
    new_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDifference:
    """Two packs by their manifests. `settings` are the brief and its date."""

    old: str
    new: str
    title: str
    settings: tuple[Setting, ...]
    versions: tuple[Setting, ...]
    fonts: tuple[Setting, ...]
    artifacts: tuple[ArtifactChange, ...]
    unchanged_artifacts: int

    @property
    def is_empty(self) -> bool:
        return not (self.settings or self.versions or self.fonts or self.artifacts)
