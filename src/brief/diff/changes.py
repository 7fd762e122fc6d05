"""Adds to a variant a list of what changed since an earlier revision.

Both revisions are compared as one audience may see them, so nothing that is withheld can appear. Removed texts are
never printed, because they may have been withdrawn. An old figure is printed only if its claim is visible and printed
in both revisions.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from brief.diff.alignment import SKIPPED_FIELDS, FieldDifference, TextPair, compare_specifications, find_differences
from brief.model import variant as resolved
from brief.model.blocks import Block, Vega
from brief.model.brief import Brief, Theme
from brief.model.catalogue import Catalogue
from brief.model.inline import Number, Reference, Run, Runs, Strong, Text, to_plain_text
from brief.model.variant import Changes, Variant
from brief.resolve import walk
from brief.resolve.citations import strip_citations
from brief.resolve.claim_words import format_figure
from brief.resolve.figures import derive, periods

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# Readers who see a block in both revisions do not care who else sees it, at which depth, or what the checks permit it.
_UNREPORTED = SKIPPED_FIELDS | {"clearance", "depth", "audiences", "allow", "allow_in_output", "judgement"}
_CONTEXT = "changes"


def add_changes(variant: Variant, new: Brief, old: Brief) -> Variant:
    """Returns the variant with a list of its changes.

    `new` and `old` are the brief's two revisions, each with only what the variant's audience may see.
    If nothing has changed that a reader would notice, or the locale is new, the variant is returned unchanged.
    """
    if variant.locale not in old.locales:
        return variant
    entries = tuple(_ChangeWriter(variant, new, old).list_entries())
    if not entries:
        return variant
    catalogue = variant.catalogue
    old_date = old.settings.date
    if old_date < new.settings.date:
        pattern = catalogue.get("What changed since {date}", _CONTEXT)
        title = pattern.format(date=periods.format_day(old_date, catalogue))
    else:
        title = catalogue.get("What changed", _CONTEXT)
    return replace(variant, changes=Changes(title=title, entries=entries))


class _ChangeWriter:
    def __init__(self, variant: Variant, new: Brief, old: Brief) -> None:
        self.variant = variant
        self.catalogue = variant.catalogue
        self.new = new
        self.old = old
        self.earlier_blocks = _find_earlier_blocks(old, new)
        self.printed_before = {ref.name for ref in walk.walk_printed_claims(tuple(old.themes.values()))}
        self.reported: set[str] = set()

    def list_entries(self) -> Iterator[Runs]:
        """Yields one paragraph for each section that differs, in the order of the sections."""
        for section in self.variant.sections:
            theme = self.new.themes[section.id]
            earlier = self.old.themes.get(section.id)
            changes = list(self.list_changes(section, theme, earlier)) if earlier else [self.get_message("new section")]
            if changes:
                title = (Reference(section.id, to_plain_text(strip_citations(section.title))),)
                phrase = self.join_messages("{first}; {second}", changes)
                yield self.fill_message("{theme}: {changes}", theme=(Strong(title),), changes=phrase)

    def list_changes(self, section: resolved.Section, theme: Theme, earlier: Theme) -> Iterator[Runs]:
        names = dict(self.name_blocks(section))
        summary: Runs = (Reference(section.id, self.catalogue.get("summary", _CONTEXT)),)
        takeaways: Runs = (Reference(section.id, self.catalogue.get("Key takeaways")),)
        parts: list[tuple[object, Runs]] = [((theme.finding, theme.summary), summary), (theme.takeaways, takeaways)]
        parts += [(block, names[str(block.id)]) for block in theme.blocks]
        for part, name in parts:
            yield from self.list_figures(part, name)
        added = [names[str(block.id)] for block in theme.blocks if block.id not in self.earlier_blocks]
        old_opening, opening = (earlier.finding, earlier.summary), (theme.finding, theme.summary)
        revised = [summary] if self.has_changed(old_opening, opening) else []
        revised += [takeaways] if self.has_changed(earlier.takeaways, theme.takeaways) else []
        revised += [names[str(block.id)] for block in theme.blocks if self.is_revised(block)]
        for pattern, links in (("new: {what}", added), ("revised: {what}", revised)):
            if links:
                yield self.fill_message(
                    pattern, what=self.join_messages("{first}, {second}", list(dict.fromkeys(links)))
                )

    def name_blocks(self, section: resolved.Section) -> Iterator[tuple[str, Runs]]:
        """Yields the id of each block, and a link to it whose text is its label or, without one, its heading or title.

        Without any of these, metrics are called "headline figures". Any other block has the link to the last heading
        before it, or to the section, called its "opening".
        """
        name: Runs = (Reference(section.id, self.catalogue.get("opening", _CONTEXT)),)
        for block in section.blocks:
            title = block.heading or getattr(block, "title", None)
            if block.label is not None:
                yield block.id, (Reference(block.id, block.label),)
                continue
            if title:
                quoted = self.catalogue.get("“{heading}”", _CONTEXT).format(heading=to_plain_text(title))
                name = (Reference(block.id, quoted),)
            if isinstance(block, resolved.Metrics) and not title:
                yield block.id, (Reference(block.id, self.catalogue.get("headline figures", _CONTEXT)),)
            else:
                yield block.id, name

    def list_figures(self, part: object, name: Runs) -> Iterator[Runs]:
        """Yields a message for each changed figure in the part that both revisions print; a figure that was reported
        before is left out.
        """
        for ref in walk.walk_printed_claims(part):
            is_in_both = ref.name in self.new.claims and ref.name in self.old.claims
            if ref.name in self.reported or not is_in_both or ref.name not in self.printed_before:
                continue
            quantities = derive.derive_quantity(self.old, ref.name), derive.derive_quantity(self.new, ref.name)
            if quantities[0] == quantities[1] or None in quantities:
                continue
            with_period = len({quantity.period for quantity in quantities if quantity}) > 1
            old, new = (format_figure(quantity, self.catalogue, with_period) for quantity in quantities)
            if old and new and old != new:
                self.reported.add(ref.name)
                yield self.fill_message(
                    "{old} is now {new} ({what})", what=name, old=(Number(old),), new=(Number(new),)
                )

    def is_revised(self, block: Block) -> bool:
        earlier = self.earlier_blocks.get(str(block.id))
        return earlier is not None and any(
            self.is_reworded(difference) if isinstance(difference, TextPair) else True
            for difference in (
                *find_differences(earlier, block, _UNREPORTED),
                *self.compare_specification(earlier, block),
            )
        )

    def compare_specification(self, earlier: Block, block: Block) -> Iterator[FieldDifference]:
        """Yields how the Vega-Lite specification that the block draws now differs from the file of the same name in the
        old revision; nothing if there was none.
        """
        if isinstance(earlier, Vega) and isinstance(block, Vega):
            sides = (side.specifications.get(block.specification.name) for side in (self.old, self.new))
            yield from compare_specifications(*sides)

    def has_changed(self, old: object, new: object) -> bool:
        """Returns whether the texts of a part of a theme have changed in this locale."""
        before, after = (
            [text.find_phrase(self.variant.locale) for text in walk.walk_texts(side)] for side in (old, new)
        )
        return before != after

    def is_reworded(self, pair: TextPair) -> bool:
        sides = (side.find_phrase(self.variant.locale) if side else None for side in (pair.old, pair.new))
        before, after = (phrase.runs if phrase else None for phrase in sides)
        return before != after

    def get_message(self, message: str) -> Runs:
        return (Text(self.catalogue.get(message, _CONTEXT)),)

    def fill_message(self, pattern: str, **parts: Runs) -> Runs:
        return _fill_pattern(self.catalogue, pattern, parts)

    def join_messages(self, pattern: str, parts: list[Runs]) -> Runs:
        first, *rest = parts
        for part in rest:
            first = self.fill_message(pattern, first=first, second=part)
        return first


def _find_earlier_blocks(old: Brief, new: Brief) -> dict[str, Block]:
    """Maps the current id of each block to its earlier form, if it has one.

    A block counts as the same under a new id if it has no other change that would be reported.
    """
    before, now = (
        {str(block.id): block for theme in side.themes.values() for block in theme.blocks} for side in (old, new)
    )
    earlier = {name: before[name] for name in now if name in before}
    gone = [block for name, block in before.items() if name not in earlier]
    for name, block in now.items():
        same = next((other for other in gone if name not in earlier and _is_same(other, block)), None)
        if same is not None:
            gone.remove(same)
            earlier[name] = same
    return earlier


def _is_same(old: Block, new: Block) -> bool:
    return type(old) is type(new) and not any(find_differences(old, new, _UNREPORTED))


def _fill_pattern(catalogue: Catalogue, pattern: str, parts: dict[str, Runs]) -> Runs:
    """Translates a message, and fills its placeholders with the runs that `parts` has under their names."""
    runs: list[Run] = []
    for n, piece in enumerate(_PLACEHOLDER.split(catalogue.get(pattern, _CONTEXT))):
        if n % 2:  # `split` puts the names of placeholders at odd indices
            runs += parts[piece]
        elif piece:
            runs.append(Text(piece))
    return tuple(runs)
