"""Compares two revisions of a brief: what was added, removed, moved or reworded, and which audiences see it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from brief.diff.alignment import FieldDifference, TextPair, compare_specifications, find_differences
from brief.diff.dataset_cells import compare_tables
from brief.diff.quantities import compare_quantities
from brief.diff.readers import BriefVariants, compare_variants
from brief.diff.text_diff import diff_text
from brief.model.access import Clearance
from brief.model.blocks import Block, Vega
from brief.model.blocks import Figure as Picture
from brief.model.brief import Brief
from brief.model.catalogue import CONTEXT_SEPARATOR
from brief.model.difference import (
    Change,
    ContentDifference,
    DriftKind,
    LocaleDrift,
    RecordChange,
    SettingChange,
    WordingChange,
)
from brief.model.source_location import Located, SourceLocation
from brief.model.text import EVERY_LOCALE, LocalisedText
from brief.resolve import walk


def compare_briefs(
    old: Brief, new: Brief, names: tuple[str, str] = ("old", "new"), templates: tuple[SettingChange, ...] = ()
) -> ContentDifference:
    """Compares `old` with `new`, both of which must have passed the checks.

    `names` describes the old and the new revision; `templates` lists the template files that differ, by path and digest.
    """
    both = BriefVariants(old), BriefVariants(new)
    comparison = _Comparison(old, new, *both)
    records = tuple(comparison.list_records())
    changed, unchanged = compare_variants(*both)
    differing_figures = compare_quantities(*both)
    return ContentDifference(
        old=names[0],
        new=names[1],
        title=_take_opening_words(new.settings.title, str(new.settings.source_locale)),
        source_locale=comparison.source_locale,
        clearance=max(
            [comparison.clearance, *(comparison.find_claim_clearance(figure.claim) for figure in differing_figures)]
        ),
        records=records,
        figures=differing_figures,
        drifts=tuple(comparison.drifts),
        variants=changed,
        unchanged_variants=unchanged,
        templates=templates,
    )


class _Comparison:
    def __init__(self, old: Brief, new: Brief, old_variants: BriefVariants, new_variants: BriefVariants) -> None:
        self.old = old
        self.new = new
        self.old_variants = old_variants
        self.new_variants = new_variants
        self.source_locale = str(new.settings.source_locale)
        self.clearance = Clearance.PUBLIC
        self.drifts: list[LocaleDrift] = []

    def list_records(self) -> Iterator[RecordChange]:
        yield from self.compare_kind(
            "brief", *({str(self.new.settings.id): brief.settings} for brief in (self.old, self.new))
        )
        yield from self.compare_kind("audience", self.old.audiences, self.new.audiences)
        yield from self.compare_themes()
        yield from self.compare_kind("source", self.old.sources, self.new.sources)
        yield from self.compare_kind("claim", _index_claims(self.old), _index_claims(self.new))
        yield from self.compare_datasets()
        yield from self.compare_kind("term", _index_terms(self.old), _index_terms(self.new))
        yield from self.compare_catalogues()

    def compare_kind(self, kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[RecordChange]:
        for name in dict.fromkeys((*new, *old)):
            record = self.compare_record(kind, name, old.get(name), new.get(name))
            if record is not None:
                yield record

    def compare_datasets(self) -> Iterator[RecordChange]:
        """Yields each dataset with cells that differ. A dataset that was added or removed is a change of its source's
        record instead.
        """
        for name, table in self.new.datasets.items():
            before = self.old.datasets.get(name)
            if before is None:
                continue
            # Not skipped if the rows are equal: Decimal("1.5") and Decimal("1.50") are, too, but print differently.
            changes = compare_tables(before, table)
            if not changes.cells:
                continue
            source = name.partition("/")[0]
            self.clearance = max(
                [
                    self.clearance,
                    changes.clearance,
                    *(brief.sources[source].clearance for brief in (self.old, self.new)),
                ]
            )
            yield RecordChange(
                kind="dataset",
                name=name,
                change=Change.CHANGED,
                location=SourceLocation(table.file),
                settings=changes.cells,
                audiences=tuple(self.new_variants.list_audiences("source", source)),
            )

    def compare_themes(self) -> Iterator[RecordChange]:
        """Yields the change of each theme, followed by the changes of its blocks, and of its old blocks that no theme has
        any more.

        Blocks are matched by id across themes.
        """
        old, new = _index_blocks(self.old), _index_blocks(self.new)
        renamed = _find_renamed(old, new)
        old_ids = {name: renamed.get(name, name) for name in new}
        matched = set(old_ids.values())
        moved = _find_moved(self.old, self.new, old_ids)
        for theme in dict.fromkeys((*self.new.themes, *self.old.themes)):
            record = self.compare_record("theme", theme, self.old.themes.get(theme), self.new.themes.get(theme))
            if record is not None:
                yield record
            present = [name for name, (home, _) in new.items() if home == theme]
            gone = [name for name, (home, _) in old.items() if home == theme and name not in matched]
            for name in present:
                _, block = new[name]
                before = old.get(old_ids[name])
                record = self.compare_record("block", name, before[1] if before else None, block)
                if record is None and (name in moved or name in renamed):
                    record = self.make_record_change("block", name, block, Change.CHANGED)
                if record is not None:
                    yield replace(record, moved=moved.get(name), renamed=renamed.get(name))
            for name in gone:
                record = self.compare_record("block", name, old[name][1], None)
                if record is not None:
                    yield record

    def compare_record(self, kind: str, name: str, old: Any, new: Any) -> RecordChange | None:
        """Returns the change of a record, of which one revision may be None; None if nothing changed. Also records drifts,
        and raises `self.clearance` to that of the record.
        """
        file_differences = (*self.compare_pictures(old, new), *self.compare_specifications(old, new))
        if old == new and not file_differences:
            return None
        wordings, settings = list[WordingChange](), list[SettingChange]()
        for difference in (*file_differences, *find_differences(old, new)):
            if isinstance(difference, SettingChange):
                # Settings of a new record are not changes from a default.
                settings.append(replace(difference, old=None) if old is None else difference)
            else:
                wordings += _compare_wordings(difference)
                self.record_drift(kind, name, difference)
        change = Change.ADDED if old is None else Change.REMOVED if new is None else Change.CHANGED
        if change is Change.CHANGED and not (wordings or settings):
            return None
        record = self.make_record_change(kind, name, new if new is not None else old, change)
        self.clearance = max(
            self.clearance, self.find_home_clearance(kind, name), *map(_find_highest_clearance, (old, new))
        )
        return replace(record, wordings=tuple(wordings), settings=tuple(settings))

    def make_record_change(self, kind: str, name: str, value: Any, change: Change) -> RecordChange:
        """Makes the change of a record, as yet without the wordings and settings that changed."""
        audiences = dict.fromkeys(
            (*self.new_variants.list_audiences(kind, name), *self.old_variants.list_audiences(kind, name))
        )
        return RecordChange(
            kind=kind,
            name=name,
            change=change,
            location=value.location,
            title=self.find_title(value, change),
            detail=getattr(value, "KIND", ""),
            audiences=tuple(audiences),
        )

    def find_home_clearance(self, kind: str, name: str) -> Clearance:
        """Returns the clearance of the theme of a block, or of the source of a claim: the higher one of old and new."""
        homes: list[Any] = []
        for brief in (self.old, self.new):
            if kind == "block":
                homes += [theme for theme in brief.themes.values() if any(block.id == name for block in theme.blocks)]
            elif kind == "claim" and (source := brief.sources.get(name.partition("/")[0])) is not None:
                homes.append(source)
        return max((home.clearance for home in homes), default=Clearance.PUBLIC)

    def find_claim_clearance(self, name: str) -> Clearance:
        """Returns the highest clearance of a claim and its source, old and new.

        Raises:
            ValueError: neither revision has the claim.
        """
        pairs = [pair for brief in (self.old, self.new) if (pair := brief.claims.get(name)) is not None]
        return max(max(source.clearance, claim.clearance) for source, claim in pairs)

    def find_title(self, value: Any, change: Change) -> str:
        """Returns the first words of a record's title, heading, name or statement; for a removed record that has none of
        these, the first words of its first text.
        """
        for name in ("title", "heading", "name", "says"):
            text = getattr(value, name, None)
            if isinstance(text, LocalisedText):
                return _take_opening_words(text, self.source_locale)
        texts = walk.walk_texts(value) if change is Change.REMOVED else ()
        return next((_take_opening_words(text, self.source_locale) for text in texts), "")

    def compare_pictures(self, old: Any, new: Any) -> tuple[SettingChange, ...]:
        """Compares the bytes of the pictures of two figure blocks, whatever their names."""
        if not (isinstance(old, Picture) and isinstance(new, Picture)):
            return ()
        before, after = self.old.images.get(old.image.name), self.new.images.get(new.image.name)
        if before is None or after is None or before.sha256 == after.sha256:
            return ()
        return (SettingChange("picture", f"sha256 {before.sha256[:12]}", f"sha256 {after.sha256[:12]}"),)

    def compare_specifications(self, old: Any, new: Any) -> tuple[FieldDifference, ...]:
        """Compares specifications of the same name: their localised texts as texts, and their JSON by digest."""
        if not (isinstance(old, Vega) and isinstance(new, Vega)) or old.specification.name != new.specification.name:
            return ()
        name = new.specification.name
        return tuple(compare_specifications(self.old.specifications.get(name), self.new.specifications.get(name)))

    def record_drift(self, kind: str, name: str, pair: TextPair) -> None:
        """Records a text that changed in the source locale but not in another, or in another but not in the source
        locale.
        """
        if pair.old is None or pair.new is None:
            return
        shared = [tag for tag in pair.new.phrases if tag in pair.old.phrases and tag != EVERY_LOCALE]
        changed = tuple(tag for tag in shared if pair.old.phrases[tag] != pair.new.phrases[tag])
        unchanged = tuple(tag for tag in shared if tag not in changed)
        if not changed or not unchanged:
            return
        is_behind = self.source_locale in changed
        if not is_behind and self.source_locale not in unchanged:
            return
        self.drifts.append(
            LocaleDrift(
                drift=DriftKind.BEHIND if is_behind else DriftKind.ALONE,
                kind=kind,
                name=name,
                part=pair.part,
                location=next(pair.new.phrases[tag].location for tag in (unchanged if is_behind else changed)),
                changed=changed,
                unchanged=unchanged,
            )
        )

    def compare_catalogues(self) -> Iterator[RecordChange]:
        for locale in dict.fromkeys((*self.new.catalogues, *self.old.catalogues)):
            old, new = self.old.catalogues.get(locale), self.new.catalogues.get(locale)
            before, after = (dict(side.messages) if side else {} for side in (old, new))
            wordings = tuple(
                WordingChange(key.replace(CONTEXT_SEPARATOR, ": "), locale, diff_text(*sides))
                for key in dict.fromkeys((*after, *before))
                if (sides := (" | ".join(before.get(key, ())), " | ".join(after.get(key, ()))))[0] != sides[1]
            )
            # A locale that was added or removed is already reported as a setting.
            if wordings and old is not None and new is not None:
                location = SourceLocation(f"content/catalogues/{locale}.po")
                yield RecordChange(
                    kind="catalogue", name=locale, change=Change.CHANGED, location=location, wordings=wordings
                )


def _compare_wordings(pair: TextPair) -> Iterator[WordingChange]:
    old, new = pair.old, pair.new
    tags = dict.fromkeys((*(new.phrases if new else ()), *(old.phrases if old else ())))
    # If one side has a text for every locale and the other has one per locale, they are compared locale by locale.
    locales = [tag for tag in tags if tag != EVERY_LOCALE] or [EVERY_LOCALE]
    for tag in locales:
        before, after = (side.find_phrase(tag) if side else None for side in (old, new))
        if before is None or after is None or before.runs != after.runs:
            spans = diff_text(before.source.strip() if before else "", after.source.strip() if after else "")
            if spans:
                yield WordingChange(pair.part, tag, spans)


def _find_highest_clearance(value: Any) -> Clearance:
    """Returns the highest clearance of a record and of everything in it."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple):
        return max(map(_find_highest_clearance, value), default=Clearance.PUBLIC)
    if not isinstance(value, Located):
        return Clearance.PUBLIC
    own: Clearance = getattr(value, "clearance", Clearance.PUBLIC)
    return max(
        own,
        *(_find_highest_clearance(getattr(value, field.name)) for field in fields(value) if field.name != "location"),
    )


def _take_opening_words(text: LocalisedText, locale: str) -> str:
    """Returns at most 60 characters of the text in the locale, or else in its first locale; empty if it has none."""
    phrase = text.find_phrase(locale) or next(iter(text), None)
    source = " ".join(phrase.source.split()) if phrase else ""
    return source if len(source) <= 60 else source[:59] + "…"


def _index_claims(brief: Brief) -> dict[str, Any]:
    return {name: claim for name, (_, claim) in brief.claims.items()}


def _index_terms(brief: Brief) -> dict[str, Any]:
    return {str(term.id): term for term in brief.glossary.terms}


def _index_blocks(brief: Brief) -> dict[str, tuple[str, Block]]:
    return {str(block.id): (name, block) for name, theme in brief.themes.items() for block in theme.blocks}


def _find_renamed(old: Mapping[str, tuple[str, Block]], new: Mapping[str, tuple[str, Block]]) -> dict[str, str]:
    """Maps new ids to old ids, for blocks of which only the id, and perhaps the theme or position, changed."""
    gone = {name: block for name, (_, block) in old.items() if name not in new}
    renamed: dict[str, str] = {}
    for name, (_, block) in new.items():
        if name not in old:
            same = next((other for other, was in gone.items() if replace(was, id=block.id) == block), None)
            if same is not None:
                renamed[name] = same
                del gone[same]
    return renamed


def _find_moved(old: Brief, new: Brief, old_ids: Mapping[str, str]) -> dict[str, SettingChange]:
    """Maps the new id of each block that moved to its old and new position: blocks that are in another theme now, and the
    fewest blocks whose moves explain the new order within a theme. `old_ids` maps new ids to old ids.
    """
    before, after = _index_blocks(old), _index_blocks(new)
    moved = {}
    for theme_id, theme in new.themes.items():
        indices = {name: index for index, name in enumerate(_list_block_ids(old, theme_id))}
        stayed = [str(block.id) for block in theme.blocks if old_ids[str(block.id)] in indices]
        in_order = {stayed[i] for i in _find_longest_increasing([indices[old_ids[name]] for name in stayed])}
        for block in theme.blocks:
            name = str(block.id)
            was = before.get(old_ids[name])
            if was is not None and name not in in_order:
                positions = (
                    _describe_position(old, old_ids[name], was[0]),
                    _describe_position(new, name, after[name][0]),
                )
                moved[name] = SettingChange("place", *positions)
    return moved


def _list_block_ids(brief: Brief, theme_id: str) -> list[str]:
    theme = brief.themes.get(theme_id)
    return [str(block.id) for block in theme.blocks] if theme else []


def _describe_position(brief: Brief, name: str, theme_id: str) -> str:
    ids = _list_block_ids(brief, theme_id)
    index = ids.index(name)
    return f"{theme_id}, after {ids[index - 1]}" if index else f"{theme_id}, first"


def _find_longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Returns the indices of a longest increasing subsequence (patience sorting)."""
    tops: list[int] = []
    top_indices: list[int] = []
    predecessors: list[int | None] = []
    for index, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        predecessors.append(top_indices[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(number)
            top_indices.append(index)
        else:
            tops[pile], top_indices[pile] = number, index
    chain = []
    last = top_indices[-1] if top_indices else None
    while last is not None:
        chain.append(last)
        last = predecessors[last]
    return chain[::-1]
