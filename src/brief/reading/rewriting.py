"""Rewrites texts of a content file, and leaves every other byte unchanged."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

import yaml

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.han import IDEOGRAPHS, KANA
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading import yaml_nodes
from brief.reading.edits.quoting import quote_scalar
from brief.reading.edits.text_edits import TextEdit, apply_edits
from brief.reading.text_file import TextFile, decode_text
from brief.reading.yaml_nodes import Node, ScalarNode

# Texts in scripts without spaces are written on one line, as authors do.
_UNSPACED = re.compile(f"[{KANA}{IDEOGRAPHS}]")
# A comment after the indicators of a block scalar.
_HEADER_COMMENT = re.compile(r"(?<=^[|>])([-+0-9]*)[ \t]+#.*")
# The width of lines in folded block scalars, and the length from which a text gets one.
_MAX_WIDTH = 110
_MIN_BLOCK_LENGTH = 80

_Loader = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The new text of one locale in the mapping of locales to texts at `location`.

    `preceding_locales` lists the locales after which a missing locale is inserted, the nearest last.
    """

    location: SourceLocation
    locale: str
    text: str
    preceding_locales: tuple[str, ...] = ()


class UnwritableError(Exception):
    """The texts of `rewrites` cannot be written without changing others, for example because of an alias."""

    def __init__(self, rewrites: Sequence[Rewrite]) -> None:
        super().__init__(", ".join(f"{rewrite.location}: {rewrite.locale}" for rewrite in rewrites))
        self.rewrites = tuple(rewrites)


def rewrite_file(name: str, data: bytes, rewrites: Sequence[Rewrite]) -> bytes:
    """Returns the bytes `data` of the content file `name` with `rewrites`, at most one for each mapping of locales.

    A value keeps its style if that can represent the text. The result is read by the content reader and compared with
    the original.

    Raises:
        UnwritableError: texts are used in several places, or the YAML around them cannot represent them; it has the
            rewrites that fail, or all if the file is not valid YAML.
    """
    sink = DiagnosticSink()
    file = decode_text(name, data, sink)
    old = yaml_nodes.parse(file, sink) if file else None
    # A file that is not entirely valid YAML was read only in part.
    if file is None or old is None or sink.incomplete:
        raise UnwritableError(rewrites)
    original = _OriginalFile(data, file, old, _find_mappings(file))
    changed = _try_rewrites(original, rewrites)
    if changed is None:
        raise UnwritableError(_find_failing(original, rewrites) or rewrites)
    return changed


def extend_list(name: str, data: bytes, key: str, entries: Sequence[str]) -> bytes | None:
    """Returns the file with `entries`, which are ids, added to the list of ids at its top-level key `key`.

    The list keeps its style. Returns None if there is no such list, or if the result does not read as intended.
    """
    file = decode_text(name, data, DiagnosticSink())
    root = yaml_nodes.parse(file, DiagnosticSink()) if file else None
    old_list = yaml_nodes.find_value(root, key)
    if file is None or root is None or not isinstance(old_list, yaml_nodes.SequenceNode):
        return None
    list_end = _find_list_end(file, old_list)
    if list_end is None:
        return None
    end, column = list_end
    if column is None:
        text = f"{', ' if old_list.items else ''}{', '.join(entries)}"
    else:
        text = "".join(f"\n{' ' * column}- {entry}" for entry in entries)
    changed = apply_edits(data, file, [TextEdit(end, end, text)])
    changed_file = decode_text(name, changed, DiagnosticSink())
    new = yaml_nodes.parse(changed_file, DiagnosticSink()) if changed_file else None
    new_entries = {name.text: value for name, value in new.entries} if new else {}
    new_list = new_entries.get(key)
    if not isinstance(new_list, yaml_nodes.SequenceNode) or [name.text for name, _ in root.entries] != [*new_entries]:
        return None
    added = [item.text if isinstance(item, ScalarNode) else "" for item in new_list.items[len(old_list.items) :]]
    old_items_remain = all(
        _is_expected(old_item, new_item, {}, Counter())
        for old_item, new_item in zip(old_list.items, new_list.items, strict=False)
    )
    return changed if added == list(entries) and old_items_remain else None


def _find_list_end(file: TextFile, sequence: yaml_nodes.SequenceNode) -> tuple[int, int | None] | None:
    """Returns the offset at which entries can be added to a list, and the column of its dashes, from 0.

    The column is None for a list in brackets. Returns None if there is no list at its location.
    """
    start = file.find_offset(sequence.location)
    depth = 0
    for event in yaml.parse(file.text, Loader=_Loader):
        mark = event.start_mark
        if not depth and isinstance(event, yaml.SequenceStartEvent) and mark is not None and mark.index == start:
            is_flow, depth, last = bool(event.flow_style), 1, start
        elif depth:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if not depth and is_flow:
                    closing = event.end_mark.index - 1 if event.end_mark else start
                    return len(file.text[:closing].rstrip(" ,\n")), None
            if not depth:
                return _find_line_end(file.text, last), sequence.location.column - 1
            if isinstance(event, yaml.ScalarEvent) and event.end_mark:
                last = event.end_mark.index
            elif isinstance(event, yaml.CollectionEndEvent) and event.end_mark:
                last = max(last, len(file.text[: event.end_mark.index].rstrip()))
    return None


def _find_failing(original: "_OriginalFile", rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """Returns the rewrites that fail by themselves, found by bisection."""
    if _try_rewrites(original, rewrites) is not None:
        return []
    if len(rewrites) == 1:
        return list(rewrites)
    half = len(rewrites) // 2
    return [rewrite for part in (rewrites[:half], rewrites[half:]) for rewrite in _find_failing(original, part)]


def _try_rewrites(original: "_OriginalFile", rewrites: Sequence[Rewrite]) -> bytes | None:
    """Applies the rewrites; returns None if the result does not read as intended."""
    edits = [_plan_edit(original.file, original.mappings, rewrite) for rewrite in rewrites]
    if None in edits:
        return None
    changed = apply_edits(original.data, original.file, [edit for edit in edits if edit is not None])
    occurrences: Counter[SourceLocation] = Counter()
    changed_file = decode_text(original.file.name, changed, DiagnosticSink())
    new = yaml_nodes.parse(changed_file, DiagnosticSink()) if changed_file else None
    rewrites_by_location = {rewrite.location: rewrite for rewrite in rewrites}
    if (
        new is None
        or not _is_expected(original.root, new, rewrites_by_location, occurrences)
        or any(occurrences[location] != 1 for location in rewrites_by_location)
    ):
        return None
    return changed


@dataclass(frozen=True, slots=True)
class _SourceValue:
    """The source of a value, at the offsets `start` to `end` in the file's text.

    `style` is | > ' " or empty, and `column` is that of its key, from 0.
    """

    start: int
    end: int
    style: str
    column: int


@dataclass(slots=True)
class _SourceMapping:
    """A mapping in the file: its values by key, or None for a value that is not a scalar, such as an alias.

    `is_flow` says that it is in braces.
    """

    is_flow: bool
    values: dict[str, _SourceValue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _OriginalFile:
    """The original file: its bytes, its text, its nodes, and the sources of its mappings by location."""

    data: bytes
    file: TextFile
    root: Node
    mappings: Mapping[SourceLocation, _SourceMapping]


def _find_mappings(file: TextFile) -> dict[SourceLocation, _SourceMapping]:
    """Returns every mapping of the file by location."""
    mappings: dict[SourceLocation, _SourceMapping] = {}
    # For each open collection: the mapping, or None for a list, and the key whose value comes next.
    open_collections: list[tuple[_SourceMapping | None, yaml.ScalarEvent | None]] = []
    for event in yaml.parse(file.text, Loader=_Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            open_collections.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        if open_collections and open_collections[-1][0] is not None:
            mapping, key = open_collections[-1]
            if key is None and isinstance(event, yaml.ScalarEvent):
                open_collections[-1] = mapping, event
                continue
            if key is not None and mapping is not None:
                mapping.values[key.value] = _locate_value(file, key, event)
            open_collections[-1] = mapping, None
        if isinstance(event, yaml.MappingStartEvent):
            mark = event.start_mark
            new_mapping = _SourceMapping(bool(event.flow_style))
            if mark is not None:
                mappings[SourceLocation(file.name, mark.line + 1, mark.column + 1)] = new_mapping
            open_collections.append((new_mapping, None))
        elif isinstance(event, yaml.SequenceStartEvent):
            open_collections.append((None, None))
    return mappings


def _locate_value(file: TextFile, key: yaml.ScalarEvent, event: yaml.NodeEvent) -> _SourceValue | None:
    if not isinstance(event, yaml.ScalarEvent) or not (event.start_mark and event.end_mark and key.start_mark):
        return None
    start, end = event.start_mark.index, event.end_mark.index
    # libyaml counts the line ends after a block as part of it.
    end = start + len(file.text[start:end].rstrip(" \t\n")) if event.style in ("|", ">") else end
    return _SourceValue(start, end, (event.style or "").strip(), key.start_mark.column)


def _plan_edit(file: TextFile, mappings: Mapping[SourceLocation, _SourceMapping], rewrite: Rewrite) -> TextEdit | None:
    """Returns the edit of a rewrite; None if the value is not a scalar, or if no style can represent the text."""
    mapping = mappings.get(rewrite.location)
    if mapping is None or not mapping.values:
        return None
    if rewrite.locale in mapping.values:
        old = mapping.values[rewrite.locale]
        if old is None:
            return None
        # A comment after the value would become part of a block scalar.
        is_last = not file.text[old.end : _find_line_end(file.text, old.end)].strip()
        value = _format_value(file.text[old.start : old.end], old, rewrite.text, mapping.is_flow, is_last)
        # An empty value is directly after the colon.
        space = " " if old.start == old.end else ""
        return None if value is None else TextEdit(old.start, old.end, space + value)
    neighbour = mapping.values[
        next((tag for tag in reversed(rewrite.preceding_locales) if tag in mapping.values), next(iter(mapping.values)))
    ]
    if neighbour is None:
        return None
    # A comment after the header of the neighbour does not apply to this value.
    neighbour_source = _HEADER_COMMENT.sub(r"\1", file.text[neighbour.start : neighbour.end], 1)
    value = _format_value(neighbour_source, neighbour, rewrite.text, mapping.is_flow)
    if value is None:
        return None
    if mapping.is_flow:
        return TextEdit(neighbour.end, neighbour.end, f", {rewrite.locale}: {value}")
    position = _find_line_end(file.text, neighbour.end)
    return TextEdit(position, position, f"\n{' ' * neighbour.column}{rewrite.locale}: {value}")


def _find_line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _format_value(source: str, model: _SourceValue, text: str, is_flow: bool, is_last: bool = True) -> str | None:
    """Returns a text in the style of the value `model` with that source, or else in the first one that reads unchanged.

    `is_last` says that nothing follows on its line. Returns None if there is no such style.
    """
    for candidate in _list_candidates(text, source, model, may_be_block=is_last and not is_flow):
        if _reads_as(candidate, text, model.column, is_flow):
            return candidate
    return None


def _list_candidates(text: str, source: str, model: _SourceValue, *, may_be_block: bool) -> Iterator[str]:
    """Yields the text in each style that may represent it, that of the value `model` first."""
    quoted = {"'": "'" + text.replace("'", "''") + "'", '"': quote_scalar(text)}
    if model.style in ("|", ">"):
        header, _, rest = source.partition("\n")
        first = next((line for line in rest.split("\n") if line.strip()), "")
        indent = len(first) - len(first.lstrip(" ")) or model.column + 2
        yield _format_block(text, header, indent)
    elif model.style:
        yield quoted[model.style]
    if may_be_block and ("\n" in text or len(text) > _MIN_BLOCK_LENGTH):
        yield _format_block(text, "|-" if "\n" in text else ">-", model.column + 2)
    if "\n" not in text:
        yield text
        yield quoted["'"]
    yield quoted['"']


def _format_block(text: str, header: str, indent: int) -> str:
    lines = text.split("\n")
    if header.startswith(">"):
        # A line break within a folded block is written as an empty line.
        lines = [line for number, part in enumerate(lines) for line in ([""] * (number > 0) + _wrap_text(part, indent))]
    return "\n".join([header, *(" " * indent + line if line else "" for line in lines)])


def _wrap_text(text: str, indent: int) -> list[str]:
    if _UNSPACED.search(text):
        return [text]
    return textwrap.wrap(text, max(_MAX_WIDTH - indent, 40), break_long_words=False, break_on_hyphens=False) or [""]


def _reads_as(candidate: str, text: str, column: int, is_flow: bool) -> bool:
    """Returns whether a candidate, as a value in a mapping, reads as the text."""
    yaml_text = f"{{k: {candidate}}}" if is_flow else f"{' ' * column}k: {candidate}\n"
    try:
        events = [event for event in yaml.parse(yaml_text, Loader=_Loader) if isinstance(event, yaml.NodeEvent)]
    except yaml.YAMLError:
        return False
    return len(events) == 3 and isinstance(events[2], yaml.ScalarEvent) and events[2].value.strip() == text


def _is_expected(
    old: Node, new: Node, rewrites_by_location: Mapping[SourceLocation, Rewrite], occurrences: Counter[SourceLocation]
) -> bool:
    """Returns whether the new tree equals the old one with the rewrites.

    Counts in `occurrences` how often each mapping occurs, by its old location. The other values of a rewritten mapping
    may differ in the empty lines at their end, which are not printed.
    """
    match old, new:
        case yaml_nodes.MappingNode(), yaml_nodes.MappingNode():
            rewrite = rewrites_by_location.get(old.location)
            occurrences[old.location] += 1
            old_values = {key.text: value for key, value in old.entries}
            new_values = {key.text: value for key, value in new.entries}
            if rewrite is not None:
                value = new_values.pop(rewrite.locale, None)
                old_values.pop(rewrite.locale, None)
                if not isinstance(value, ScalarNode) or value.text.strip() != rewrite.text:
                    return False
            return list(old_values) == list(new_values) and all(
                _is_expected(old_values[key], new_values[key], rewrites_by_location, occurrences)
                or (rewrite is not None and _strip_text(old_values[key]) == _strip_text(new_values[key]) is not None)
                for key in old_values
            )
        case yaml_nodes.SequenceNode(), yaml_nodes.SequenceNode():
            return len(old.items) == len(new.items) and all(
                _is_expected(old_item, new_item, rewrites_by_location, occurrences)
                for old_item, new_item in zip(old.items, new.items, strict=True)
            )
        case ScalarNode(), ScalarNode():
            return old.text == new.text
        case _:
            return False


def _strip_text(node: Node) -> str | None:
    return node.text.strip() if isinstance(node, ScalarNode) else None
