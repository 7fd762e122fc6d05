"""Compares two authored records field by field, and finds every text and value that differs. The code is the same for
every kind of record.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from brief.model.access import Clearance
from brief.model.assets import VegaSpecification
from brief.model.brief import Avoided, ThemeChoice
from brief.model.difference import SettingChange
from brief.model.figures.quantity import Period
from brief.model.record import dataclass
from brief.model.source_location import Located
from brief.model.text import LocalisedText

# Fields that the comparison of a record leaves out: blocks, claims, terms and quantities are compared separately, records
# are paired by their ids, and locations are not content.
SKIPPED_FIELDS = frozenset({"location", "id", "blocks", "claims", "quantity", "terms"})

# What one entry of a field with several is called.
_PART_NAMES = {
    "also": "form",
    "annotations": "annotation",
    "categories": "category",
    "cells": "cell",
    "columns": "column",
    "datasets": "dataset",
    "events": "event",
    "items": "item",
    "labels": "label",
    "metrics": "metric",
    "rows": "row",
    "takeaways": "takeaway",
    "words": "words",
}
# A run of differing entries is paired by similarity, unless it has the same length in both records, or is longer than
# this: then entries are paired in order.
_MAX_COMPARED = 40
# Entries that are less similar (`SequenceMatcher.ratio`, from 0 to 1) are not paired.
_MIN_SIMILARITY = 0.4


@dataclass(frozen=True, slots=True)
class TextPair:
    """A text in both records, or in only one of them. `part` names the text within the record: `row 2 cell 1`."""

    part: str
    old: LocalisedText | None
    new: LocalisedText | None


FieldDifference = TextPair | SettingChange


def compare_specifications(old: VegaSpecification | None, new: VegaSpecification | None) -> Iterator[FieldDifference]:
    """Compares the localised texts of two specifications, and the digests of their JSON; yields nothing if one is missing."""
    if old is None or new is None:
        return
    # All other fields follow from the JSON.
    derived = {"name", "json", "data", "fields", "typed", "computed_fields"}
    yield from find_differences(old, new, SKIPPED_FIELDS | derived)
    if old.json != new.json:
        before, after = (sha256(side.json.encode()).hexdigest()[:12] for side in (old, new))
        yield SettingChange("specification", f"sha256 {before}", f"sha256 {after}")


def find_differences(old: Any, new: Any, skip: frozenset[str] = SKIPPED_FIELDS) -> Iterator[FieldDifference]:
    """Yields the texts and settings in which two records differ. If one record is None, yields every text of the other,
    and every setting that is not the default.

    `skip` names fields to leave out.
    """
    yield from _compare_records(old, new, "", skip)


def _compare_records(old: Any, new: Any, part: str, skip: frozenset[str]) -> Iterator[FieldDifference]:
    if old is not None and new is not None and getattr(old, "KIND", None) != getattr(new, "KIND", None):
        yield SettingChange(_join_path(part, "kind"), old.KIND, new.KIND)
    all_fields: dict[str, Field[Any]] = {f.name: f for side in (old, new) if side is not None for f in fields(side)}
    for name, field in all_fields.items():
        if name in skip:
            continue
        before, after = _get_field(old, field), _get_field(new, field)
        is_shorthand = name == getattr(new if new is not None else old, "SHORTHAND", None)
        # The name of a shorthand field is left out, unless it is a list: "item 3", not "item 3 text"; but "row 3 cell 1".
        is_unnamed = part and is_shorthand and not isinstance(before, tuple) and not isinstance(after, tuple)
        yield from _compare_values(before, after, part if is_unnamed else _join_path(part, name), skip)


def _get_field(side: Any, field: "Field[Any]") -> Any:
    """Returns the field's value. For a missing record, returns the default, so that defaults do not count as
    differences; None if the field has no default.
    """
    if side is not None and hasattr(side, field.name):
        return getattr(side, field.name)
    if field.default_factory is not MISSING:
        return field.default_factory()
    return None if field.default is MISSING or field.default == () else field.default


def _compare_values(old: Any, new: Any, part: str, skip: frozenset[str]) -> Iterator[FieldDifference]:
    if old == new:
        return
    sides = [side for side in (old, new) if side is not None]
    if all(isinstance(side, LocalisedText) for side in sides):
        yield TextPair(part, old, new)
    elif all(isinstance(side, tuple) and any(map(_is_compared_by_field, side)) for side in sides if side != ()):
        yield from _compare_sequences(old or (), new or (), part, skip)
    elif all(isinstance(side, Mapping) for side in sides):
        yield from _compare_mappings(old or {}, new or {}, part, skip)
    elif all(map(_is_compared_by_field, sides)):
        yield from _compare_records(old, new, part, skip)
    else:
        yield SettingChange(part, _format_scalar(old), _format_scalar(new))


def _is_compared_by_field(value: Any) -> bool:
    return isinstance(value, Located) and not isinstance(value, ThemeChoice | Avoided)


def _name_entry(part: str) -> str:
    """Returns the name of one entry of a list or mapping: `row` for `rows`, and `row 2 cell` for `row 2 cells`."""
    parent, _, field_name = part.rpartition(" ")
    return _join_path(parent, _PART_NAMES.get(field_name, field_name))


def _compare_mappings(
    old: Mapping[str, Any], new: Mapping[str, Any], part: str, skip: frozenset[str]
) -> Iterator[FieldDifference]:
    for key in dict.fromkeys((*new, *old)):
        entry = f"{_name_entry(part)} {key}"
        before, after = old.get(key), new.get(key)
        differences = list(_compare_values(before, after, entry, skip))
        if not differences and (before is None) != (after is None):
            # The entry is a record in which every setting is the default.
            before, after = (None if side is None else "default settings" for side in (before, after))
            differences = [SettingChange(entry, before, after)]
        yield from differences


def _compare_sequences(
    old: Sequence[Any], new: Sequence[Any], part: str, skip: frozenset[str]
) -> Iterator[FieldDifference]:
    name = _name_entry(part)
    for i, j in _align_sequences(old, new):
        number = (j if j is not None else i or 0) + 1
        before = old[i] if i is not None else None
        after = new[j] if j is not None else None
        yield from _compare_values(before, after, f"{name} {number}", skip)


def _align_sequences(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Yields pairs of indices, from 0, of entries that differ, with None for an entry without a counterpart.

    Entries are compared by their `repr`, which omits locations.
    """
    before, after = [repr(entry) for entry in old], [repr(entry) for entry in new]
    for operation, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        if j - i == m - k or max(j - i, m - k) > _MAX_COMPARED:
            shared = min(j - i, m - k)
            yield from ((i + n, k + n) for n in range(shared))
            yield from ((n, None) for n in range(i + shared, j))
            yield from ((None, n) for n in range(k + shared, m))
        else:
            yield from _align_by_similarity(before, after, range(i, j), range(k, m))


def _align_by_similarity(
    before: list[str], after: list[str], old: range, new: range
) -> Iterator[tuple[int | None, int | None]]:
    unpaired = list(old)
    for n in new:
        ratios = {o: SequenceMatcher(None, before[o], after[n], autojunk=False).quick_ratio() for o in unpaired}
        best = max(ratios, key=lambda o: ratios[o], default=None)
        if best is not None and ratios[best] >= _MIN_SIMILARITY:
            unpaired.remove(best)
            yield best, n
        else:
            yield None, n
    yield from ((o, None) for o in unpaired)


def _format_scalar(value: Any) -> str | None:
    match value:
        case None | ():
            return None
        case bool():
            return "yes" if value else "no"
        case Clearance():
            return value.name
        case enum.IntEnum():
            return value.name.lower()
        case enum.Enum():
            return str(value.value)
        case tuple():
            return ", ".join(str(_format_scalar(entry)) for entry in value)
        case ThemeChoice():
            return f"{value.theme} ({value.depth.name.lower()})" if value.depth is not None else str(value.theme)
        case Avoided():
            return f"{value.form} ({value.locale})" if value.locale else value.form
        case Period(start, end):
            return f"{start.notation}/{end.notation}" if end else start.notation
        case _:
            return str(value)


def _join_path(part: str, name: str) -> str:
    return f"{part} {name}" if part else name
