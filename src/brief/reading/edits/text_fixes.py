"""Fixes texts of a content file at the exact characters, and leaves every other byte unchanged."""

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
    """The new bytes of a file, the fixes that were made, and the fixes whose characters could not be located.

    A fix that overlaps an earlier one is in neither list.
    """

    data: bytes
    made: tuple[TextFix, ...]
    failed: tuple[TextFix, ...]


def fix_file(name: str, data: bytes, fixes: Sequence[TextFix]) -> FixedFile:
    """Applies the fixes to the bytes of the file `name`, then reads the result back and verifies it."""
    sink = DiagnosticSink()
    file = decode_text(name, data, sink)
    old = yaml_nodes.parse(file, sink) if file else None
    # If another part of the file is not YAML, the result cannot be verified.
    if file is None or old is None or sink.incomplete:
        return FixedFile(data, (), tuple(fixes))
    scalars = find_scalars(file)
    located = {fix.text: _locate(file, scalars, fix.text) for fix in fixes}
    failed = [fix for fix in fixes if located[fix.text] is None]
    made, edits, chosen = _choose_edits(fixes, located)
    fixed = _apply_edits(data, file, old, edits, chosen, located)
    if fixed is not None:
        return FixedFile(fixed, tuple(made), tuple(failed))
    # One of them fails the verification, so each is tried by itself.
    for fix in fixes if len(made) > 1 else ():
        alone = fix_file(name, data, [fix])
        if alone.made:
            return FixedFile(alone.data, alone.made, tuple(failed))
    return FixedFile(data, (), tuple(fixes))


def _locate(
    file: TextFile, scalars: Mapping[SourceLocation, yaml.ScalarEvent], text: SourceLocation
) -> ScalarSpans | None:
    event = scalars.get(text)
    return locate_scalar(file, event) if event is not None else None


def _choose_edits(
    fixes: Sequence[TextFix], located: Mapping[SourceLocation, ScalarSpans | None]
) -> tuple[list[TextFix], list[TextEdit], dict[SourceLocation, list[Replacement]]]:
    """Returns the fixes that do not overlap, their edits, and their replacements by text."""
    made: list[TextFix] = []
    edits: list[TextEdit] = []
    chosen: dict[SourceLocation, list[Replacement]] = {}
    for fix in fixes:
        spans = located[fix.text]
        if spans is None:
            continue
        wanted = [TextEdit(*spans.find_span(each.start, each.end), spans.encode(each.new)) for each in fix.replacements]
        if any(_touch(one, other) for one in wanted for other in edits):
            continue
        made.append(fix)
        edits += wanted
        chosen.setdefault(fix.text, []).extend(fix.replacements)
    return made, edits, chosen


def _touch(one: TextEdit, other: TextEdit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _apply_edits(
    data: bytes,
    file: TextFile,
    old: Node,
    edits: Sequence[TextEdit],
    chosen: Mapping[SourceLocation, Sequence[Replacement]],
    located: Mapping[SourceLocation, ScalarSpans | None],
) -> bytes | None:
    """Applies the edits; returns None if the result does not read back as the texts with the replacements."""
    changed = apply_edits(data, file, edits)
    again = decode_text(file.name, changed, DiagnosticSink())
    new = yaml_nodes.parse(again, DiagnosticSink()) if again else None
    expected = {
        text: replace_in(spans.value, chosen[text])
        for text, spans in located.items()
        if spans is not None and text in chosen
    }
    return changed if new is not None and _agrees(old, new, expected) else None


def replace_in(words: str, replacements: Sequence[Replacement]) -> str:
    """Returns the words with the replacements."""
    for each in sorted(replacements, key=lambda each: (each.start, each.end), reverse=True):
        words = words[: each.start] + each.new + words[each.end :]
    return words


def _agrees(old: Node, new: Node, expected: Mapping[SourceLocation, str]) -> bool:
    match old, new:
        case MappingNode(), MappingNode():
            return len(old.entries) == len(new.entries) and all(
                key.text == again.text and _agrees(value, other, expected)
                for (key, value), (again, other) in zip(old.entries, new.entries, strict=True)
            )
        case SequenceNode(), SequenceNode():
            return len(old.items) == len(new.items) and all(
                _agrees(one, other, expected) for one, other in zip(old.items, new.items, strict=True)
            )
        case ScalarNode(), ScalarNode():
            return new.text == expected.get(old.location, old.text)
        case _:
            return False
