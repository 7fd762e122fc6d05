"""Applies fixes to texts of a content file, and leaves every other byte unchanged."""

from collections.abc import Mapping, Sequence

import yaml

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Replacement, TextFix
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading import yaml_nodes
from brief.reading.edits.scalar_spans import ScalarSpans, find_scalars, locate_scalar
from brief.reading.edits.text_edits import TextEdit, apply_edits
from brief.reading.text_file import TextFile, decode_text
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class FixedFile:
    """The new bytes of a file, the fixes that were applied, and those that cannot be.

    A fix in neither list overlaps another one, or was not verified; it can be tried again on the new bytes.
    """

    data: bytes
    applied: tuple[TextFix, ...]
    failed: tuple[TextFix, ...]


def fix_file(name: str, data: bytes, fixes: Sequence[TextFix]) -> FixedFile:
    """Applies the fixes to the bytes of the file `name`, and verifies that the result reads as intended."""
    sink = DiagnosticSink()
    file = decode_text(name, data, sink)
    old = yaml_nodes.parse(file, sink) if file else None
    # If a part of the file is not YAML, the result cannot be verified.
    if file is None or old is None or sink.incomplete:
        return FixedFile(data, (), tuple(fixes))
    scalars = find_scalars(file)
    located = {fix.text: _locate(file, scalars, fix.text) for fix in fixes}
    failed = [fix for fix in fixes if located[fix.text] is None]
    applied, edits, replacements = _choose_edits(fixes, located)
    fixed = _apply_edits(data, file, old, edits, replacements, located)
    if fixed is not None:
        return FixedFile(fixed, tuple(applied), tuple(failed))
    # One of them makes the verification fail, so each is tried by itself.
    for fix in fixes if len(applied) > 1 else ():
        single = fix_file(name, data, [fix])
        if single.applied:
            return FixedFile(single.data, single.applied, tuple(failed))
    return FixedFile(data, (), tuple(fixes))


def _locate(
    file: TextFile, scalars: Mapping[SourceLocation, yaml.ScalarEvent], text: SourceLocation
) -> ScalarSpans | None:
    event = scalars.get(text)
    return locate_scalar(file, event) if event is not None else None


def _choose_edits(
    fixes: Sequence[TextFix], located: Mapping[SourceLocation, ScalarSpans | None]
) -> tuple[list[TextFix], list[TextEdit], dict[SourceLocation, list[Replacement]]]:
    """Returns the located fixes that do not overlap earlier ones, their edits, and their replacements by text."""
    applied: list[TextFix] = []
    edits: list[TextEdit] = []
    replacements: dict[SourceLocation, list[Replacement]] = {}
    for fix in fixes:
        spans = located[fix.text]
        if spans is None:
            continue
        new_edits = [
            TextEdit(*spans.find_span(each.start, each.end), spans.encode(each.new)) for each in fix.replacements
        ]
        if any(_touch(new, other) for new in new_edits for other in edits):
            continue
        applied.append(fix)
        edits += new_edits
        replacements.setdefault(fix.text, []).extend(fix.replacements)
    return applied, edits, replacements


def _touch(edit: TextEdit, other: TextEdit) -> bool:
    """Returns whether two edits overlap or are adjacent."""
    return edit.start <= other.end and other.start <= edit.end


def _apply_edits(
    data: bytes,
    file: TextFile,
    old: Node,
    edits: Sequence[TextEdit],
    replacements: Mapping[SourceLocation, Sequence[Replacement]],
    located: Mapping[SourceLocation, ScalarSpans | None],
) -> bytes | None:
    """Applies the edits; returns None if the result does not read as the texts with the replacements."""
    changed = apply_edits(data, file, edits)
    changed_file = decode_text(file.name, changed, DiagnosticSink())
    new = yaml_nodes.parse(changed_file, DiagnosticSink()) if changed_file else None
    expected = {
        text: apply_replacements(spans.value, replacements[text])
        for text, spans in located.items()
        if spans is not None and text in replacements
    }
    return changed if new is not None and _is_expected(old, new, expected) else None


def apply_replacements(text: str, replacements: Sequence[Replacement]) -> str:
    """Returns the text with the replacements, which must not overlap."""
    for replacement in sorted(replacements, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: replacement.start] + replacement.new + text[replacement.end :]
    return text


def _is_expected(old: Node, new: Node, expected: Mapping[SourceLocation, str]) -> bool:
    """Returns whether a node is the old one with the expected texts, by their old locations."""
    match old, new:
        case MappingNode(), MappingNode():
            return len(old.entries) == len(new.entries) and all(
                old_key.text == new_key.text and _is_expected(old_value, new_value, expected)
                for (old_key, old_value), (new_key, new_value) in zip(old.entries, new.entries, strict=True)
            )
        case SequenceNode(), SequenceNode():
            return len(old.items) == len(new.items) and all(
                _is_expected(old_item, new_item, expected)
                for old_item, new_item in zip(old.items, new.items, strict=True)
            )
        case ScalarNode(), ScalarNode():
            return new.text == expected.get(old.location, old.text)
        case _:
            return False
