"""Mends texts of a content file at the exact characters, and leaves every other byte unchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Replacement, TextFix
from brief.model.source_location import SourceLocation
from brief.reading import yaml_nodes
from brief.reading.edits.scalar_spans import ScalarSpans, find_scalars, locate_scalar
from brief.reading.edits.text_edits import TextEdit, apply_edits
from brief.reading.text_file import TextFile, decode_text
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class MendedFile:
    """The new bytes of a file, the fixes that were made, and those whose characters could not be found for certain.

    A fix that would change the same characters as one before it is in neither list.
    """

    data: bytes
    made: tuple[TextFix, ...]
    failed: tuple[TextFix, ...]


def mend_file(name: str, data: bytes, fixes: Sequence[TextFix]) -> MendedFile:
    """Makes the fixes in the bytes of the file `name`. The result is read back and compared with what it should be."""
    sink = DiagnosticSink()
    file = decode_text(name, data, sink)
    old = yaml_nodes.parse(file, sink) if file else None
    # Where something else is no YAML, the rest cannot be read back for certain.
    if file is None or old is None or sink.unread:
        return MendedFile(data, (), tuple(fixes))
    scalars = find_scalars(file)
    located = {fix.text: _locate(file, scalars, fix.text) for fix in fixes}
    failed = [fix for fix in fixes if located[fix.text] is None]
    made, edits, chosen = _choose(fixes, located)
    mended = _make(data, file, old, edits, chosen, located)
    if mended is not None:
        return MendedFile(mended, tuple(made), tuple(failed))
    # One of them does not read back; each is then tried by itself.
    for fix in fixes if len(made) > 1 else ():
        alone = mend_file(name, data, [fix])
        if alone.made:
            return MendedFile(alone.data, alone.made, tuple(failed))
    return MendedFile(data, (), tuple(fixes))


def _locate(
    file: TextFile, scalars: Mapping[SourceLocation, yaml.ScalarEvent], text: SourceLocation
) -> ScalarSpans | None:
    event = scalars.get(text)
    return locate_scalar(file, event) if event is not None else None


def _choose(
    fixes: Sequence[TextFix], located: Mapping[SourceLocation, ScalarSpans | None]
) -> tuple[list[TextFix], list[TextEdit], dict[SourceLocation, list[Replacement]]]:
    """The fixes that do not meet, their edits, and their replacements by text."""
    made: list[TextFix] = []
    edits: list[TextEdit] = []
    chosen: dict[SourceLocation, list[Replacement]] = {}
    for fix in fixes:
        spans = located[fix.text]
        if spans is None:
            continue
        wanted = [TextEdit(*spans.span(each.start, each.end), spans.encode(each.right)) for each in fix.replacements]
        if any(_meet(one, other) for one in wanted for other in edits):
            continue
        made.append(fix)
        edits += wanted
        chosen.setdefault(fix.text, []).extend(fix.replacements)
    return made, edits, chosen


def _meet(one: TextEdit, other: TextEdit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _make(
    data: bytes,
    file: TextFile,
    old: Node,
    edits: Sequence[TextEdit],
    chosen: Mapping[SourceLocation, Sequence[Replacement]],
    located: Mapping[SourceLocation, ScalarSpans | None],
) -> bytes | None:
    """Makes the edits; None if the result reads back as anything but the same texts with the replacements."""
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
    """The words with the replacements made."""
    for each in sorted(replacements, key=lambda each: (each.start, each.end), reverse=True):
        words = words[: each.start] + each.right + words[each.end :]
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
