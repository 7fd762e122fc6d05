"""Rewrites some texts of a content file and leaves every other byte unchanged."""

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
_HEADER_COMMENT = re.compile(r"(?<=^[|>])([-+0-9]*)[ \t]+#.*")
_WIDTH = 110
_BLOCK_THRESHOLD = 80

_Loader = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The words of one locale for the text at the location `text`, a mapping of locales to words.

    `preceding_locales` lists the locales after which a missing locale is inserted, the nearest last.
    """

    text: SourceLocation
    locale: str
    words: str
    preceding_locales: tuple[str, ...] = ()


class UnwritableError(Exception):
    """Some texts cannot be written without changing others, for example because an alias uses a text twice."""

    def __init__(self, rewrites: Sequence[Rewrite]) -> None:
        super().__init__(", ".join(f"{rewrite.text}: {rewrite.locale}" for rewrite in rewrites))
        self.rewrites = tuple(rewrites)


def rewrite_file(name: str, data: bytes, rewrites: Sequence[Rewrite]) -> bytes:
    """Applies `rewrites`, at most one for each text, to the bytes of the content file `name`.

    A value keeps its style if that can represent the words. The result is read back by the content reader and
    compared with the original.

    Raises:
        UnwritableError: texts are used in several places, or the YAML around them cannot represent the words; lists
            all of them.
    """
    sink = DiagnosticSink()
    file = decode_text(name, data, sink)
    old = yaml_nodes.parse(file, sink) if file else None
    # Of a file that is not entirely valid YAML, only a part was read.
    if file is None or old is None or sink.incomplete:
        raise UnwritableError(rewrites)
    before = _OriginalFile(data, file, old, _find_typed_texts(file))
    changed = _try_rewrites(before, rewrites)
    if changed is None:
        raise UnwritableError(_find_failing(before, rewrites) or rewrites)
    return changed


def extend_list(name: str, data: bytes, key: str, entries: Sequence[str]) -> bytes | None:
    """Returns the file with ids added to a list of ids at its top, in the style of that list; None if that cannot be
    done safely.
    """
    file = decode_text(name, data, DiagnosticSink())
    root = yaml_nodes.parse(file, DiagnosticSink()) if file else None
    listed = next((value for each, value in root.entries if each.text == key), None) if root else None
    if file is None or root is None or not isinstance(listed, yaml_nodes.SequenceNode):
        return None
    place = _find_list_end(file, listed)
    if place is None:
        return None
    end, column = place
    if column is None:
        text = f"{', ' if listed.items else ''}{', '.join(entries)}"
    else:
        text = "".join(f"\n{' ' * column}- {entry}" for entry in entries)
    changed = apply_edits(data, file, [TextEdit(end, end, text)])
    again = decode_text(name, changed, DiagnosticSink())
    new = yaml_nodes.parse(again, DiagnosticSink()) if again else None
    after = {each.text: value for each, value in new.entries} if new else {}
    extended = after.get(key)
    if not isinstance(extended, yaml_nodes.SequenceNode) or [each.text for each, _ in root.entries] != [*after]:
        return None
    added = [item.text if isinstance(item, ScalarNode) else "" for item in extended.items[len(listed.items) :]]
    kept = zip(listed.items, extended.items, strict=False)
    return (
        changed if added == list(entries) and all(_agrees(one, other, {}, Counter()) for one, other in kept) else None
    )


def _find_list_end(file: TextFile, listed: yaml_nodes.SequenceNode) -> tuple[int, int | None] | None:
    """Returns the offset at which entries can be added to a list, and the column of its dashes, which is None
    for a list in brackets; None if there is no such list.
    """
    start = file.find_offset(listed.location)
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
                return _find_line_end(file.text, last), listed.location.column - 1
            if isinstance(event, yaml.ScalarEvent) and event.end_mark:
                last = event.end_mark.index
            elif isinstance(event, yaml.CollectionEndEvent) and event.end_mark:
                last = max(last, len(file.text[: event.end_mark.index].rstrip()))
    return None


def _find_failing(before: "_OriginalFile", rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """Finds the rewrites that fail on their own, by bisection."""
    if _try_rewrites(before, rewrites) is not None:
        return []
    if len(rewrites) == 1:
        return list(rewrites)
    half = len(rewrites) // 2
    return [rewrite for part in (rewrites[:half], rewrites[half:]) for rewrite in _find_failing(before, part)]


def _try_rewrites(before: "_OriginalFile", rewrites: Sequence[Rewrite]) -> bytes | None:
    """Applies these rewrites; returns None if the result does not read back as intended."""
    edits = [_plan_edit(before.file, before.typed, rewrite) for rewrite in rewrites]
    if None in edits:
        return None
    changed = apply_edits(before.data, before.file, [edit for edit in edits if edit is not None])
    met: Counter[SourceLocation] = Counter()
    again = decode_text(before.file.name, changed, DiagnosticSink())
    new = yaml_nodes.parse(again, DiagnosticSink()) if again else None
    rewrites_by_text = {rewrite.text: rewrite for rewrite in rewrites}
    if (
        new is None
        or not _agrees(before.root, new, rewrites_by_text, met)
        or any(met[text] != 1 for text in rewrites_by_text)
    ):
        return None
    return changed


@dataclass(frozen=True, slots=True)
class _SourceValue:
    """A value as typed in the file, from `start` to `end`; `style` is | > ' " or empty. `column` is the column of its
    key.
    """

    start: int
    end: int
    style: str
    column: int


@dataclass(slots=True)
class _SourceText:
    """The values of a text, keyed by locale; None for a value that is not a scalar, such as an alias. `is_flow` says
    that the text is in braces.
    """

    is_flow: bool
    values: dict[str, _SourceValue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _OriginalFile:
    """The original file: its bytes, its text, its nodes, and how its texts are typed, by location."""

    data: bytes
    file: TextFile
    root: Node
    typed: Mapping[SourceLocation, _SourceText]


def _find_typed_texts(file: TextFile) -> dict[SourceLocation, _SourceText]:
    """Returns every mapping of the file with its scalar values, by location."""
    found: dict[SourceLocation, _SourceText] = {}
    # For each open collection: its text, if it is a mapping, and the key whose value comes next.
    open_: list[tuple[_SourceText | None, yaml.ScalarEvent | None]] = []
    for event in yaml.parse(file.text, Loader=_Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            open_.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        if open_ and open_[-1][0] is not None:
            text, key = open_[-1]
            if key is None and isinstance(event, yaml.ScalarEvent):
                open_[-1] = text, event
                continue
            if key is not None and text is not None:
                text.values[key.value] = _locate_value(file, key, event)
            open_[-1] = text, None
        if isinstance(event, yaml.MappingStartEvent):
            mark = event.start_mark
            started = _SourceText(bool(event.flow_style))
            if mark is not None:
                found[SourceLocation(file.name, mark.line + 1, mark.column + 1)] = started
            open_.append((started, None))
        elif isinstance(event, yaml.SequenceStartEvent):
            open_.append((None, None))
    return found


def _locate_value(file: TextFile, key: yaml.ScalarEvent, event: yaml.NodeEvent) -> _SourceValue | None:
    if not isinstance(event, yaml.ScalarEvent) or not (event.start_mark and event.end_mark and key.start_mark):
        return None
    start, end = event.start_mark.index, event.end_mark.index
    # libyaml counts the line ends after a block as part of it.
    end = start + len(file.text[start:end].rstrip(" \t\n")) if event.style in ("|", ">") else end
    return _SourceValue(start, end, (event.style or "").strip(), key.start_mark.column)


def _plan_edit(file: TextFile, typed: Mapping[SourceLocation, _SourceText], rewrite: Rewrite) -> TextEdit | None:
    """Plans the edit; None if the value is no scalar, or no style can represent the words."""
    text = typed.get(rewrite.text)
    if text is None or not text.values:
        return None
    if rewrite.locale in text.values:
        old = text.values[rewrite.locale]
        if old is None:
            return None
        # A comment after the value would become part of a block scalar.
        is_last = not file.text[old.end : _find_line_end(file.text, old.end)].strip()
        value = _format_value(file.text[old.start : old.end], old, rewrite.words, text.is_flow, is_last)
        # An empty value is directly after the colon.
        space = " " if old.start == old.end else ""
        return None if value is None else TextEdit(old.start, old.end, space + value)
    neighbour = text.values[
        next((tag for tag in reversed(rewrite.preceding_locales) if tag in text.values), next(iter(text.values)))
    ]
    if neighbour is None:
        return None
    # A comment on a neighbour's header does not apply to this one.
    like = _HEADER_COMMENT.sub(r"\1", file.text[neighbour.start : neighbour.end], 1)
    value = _format_value(like, neighbour, rewrite.words, text.is_flow)
    if value is None:
        return None
    if text.is_flow:
        return TextEdit(neighbour.end, neighbour.end, f", {rewrite.locale}: {value}")
    at = _find_line_end(file.text, neighbour.end)
    return TextEdit(at, at, f"\n{' ' * neighbour.column}{rewrite.locale}: {value}")


def _find_line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _format_value(old: str, like: _SourceValue, words: str, is_flow: bool, is_last: bool = True) -> str | None:
    """Formats the words in the style of the value `like`, whose source is `old`, or in the first style that reads back unchanged.

    `is_last` says whether nothing follows on its line.
    """
    for candidate in _list_candidates(words, old, like, may_be_block=is_last and not is_flow):
        if _reads_as(candidate, words, like.column, is_flow):
            return candidate
    return None


def _list_candidates(words: str, old: str, like: _SourceValue, *, may_be_block: bool) -> Iterator[str]:
    quoted = {"'": "'" + words.replace("'", "''") + "'", '"': quote_scalar(words)}
    if like.style in ("|", ">"):
        header, _, rest = old.partition("\n")
        first = next((line for line in rest.split("\n") if line.strip()), "")
        indent = len(first) - len(first.lstrip(" ")) or like.column + 2
        yield _format_block(words, header, indent)
    elif like.style:
        yield quoted[like.style]
    if may_be_block and ("\n" in words or len(words) > _BLOCK_THRESHOLD):
        yield _format_block(words, "|-" if "\n" in words else ">-", like.column + 2)
    if "\n" not in words:
        yield words
        yield quoted["'"]
    yield quoted['"']


def _format_block(words: str, header: str, indent: int) -> str:
    lines = words.split("\n")
    if header.startswith(">"):
        # A line break within a folded block is written as an empty line.
        lines = [
            line for number, part in enumerate(lines) for line in ([""] * (number > 0) + _wrap_words(part, indent))
        ]
    return "\n".join([header, *(" " * indent + line if line else "" for line in lines)])


def _wrap_words(words: str, indent: int) -> list[str]:
    if _UNSPACED.search(words):
        return [words]
    return textwrap.wrap(words, max(_WIDTH - indent, 40), break_long_words=False, break_on_hyphens=False) or [""]


def _reads_as(candidate: str, words: str, column: int, is_flow: bool) -> bool:
    alone = f"{{k: {candidate}}}" if is_flow else f"{' ' * column}k: {candidate}\n"
    try:
        events = [event for event in yaml.parse(alone, Loader=_Loader) if isinstance(event, yaml.NodeEvent)]
    except yaml.YAMLError:
        return False
    return len(events) == 3 and isinstance(events[2], yaml.ScalarEvent) and events[2].value.strip() == words


def _agrees(
    old: Node, new: Node, rewrites_by_text: Mapping[SourceLocation, Rewrite], met: Counter[SourceLocation]
) -> bool:
    """Returns whether the new tree equals the old one with the rewrites applied. `met` counts how often each was found.

    The other values of a rewritten text may differ in the empty lines at their end, which are not printed.
    """
    match old, new:
        case yaml_nodes.MappingNode(), yaml_nodes.MappingNode():
            rewrite = rewrites_by_text.get(old.location)
            met[old.location] += 1
            before = {key.text: value for key, value in old.entries}
            after = {key.text: value for key, value in new.entries}
            if rewrite is not None:
                value = after.pop(rewrite.locale, None)
                before.pop(rewrite.locale, None)
                if not isinstance(value, ScalarNode) or value.text.strip() != rewrite.words:
                    return False
            return list(before) == list(after) and all(
                _agrees(before[key], after[key], rewrites_by_text, met)
                or (rewrite is not None and _strip_text(before[key]) == _strip_text(after[key]) is not None)
                for key in before
            )
        case yaml_nodes.SequenceNode(), yaml_nodes.SequenceNode():
            return len(old.items) == len(new.items) and all(
                _agrees(one, other, rewrites_by_text, met) for one, other in zip(old.items, new.items, strict=True)
            )
        case ScalarNode(), ScalarNode():
            return old.text == new.text
        case _:
            return False


def _strip_text(node: Node) -> str | None:
    return node.text.strip() if isinstance(node, ScalarNode) else None
