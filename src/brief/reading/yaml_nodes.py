"""Parses the part of YAML that content needs into located nodes, and reports the rest.

libyaml parses the events. Nodes are composed here, because PyYAML's composer loses duplicate keys and locations,
resolves `no` and `1.10` to other values, and fails on deep nesting. Scalars remain text until they are decoded into a
record.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import field, replace
from typing import NoReturn

import yaml

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import SAME
from brief.reading.text_file import (
    LINE_SEPARATORS,
    TextFile,
    find_invisible,
    find_suspects,
    is_blank,
    report_invisible,
    report_suspect,
)
from brief.reading.texts.full_width import find_mistyped, split_mistyped_key
from brief.reading.yaml_recovery import LostKeys, recover_text

MAX_DEPTH = 40
MAX_NODES = 600_000
# The number of nodes to which aliases may expand: enough to reuse texts, but too few for an expansion attack.
MAX_ALIASED = 100_000

_COMMENT = re.compile(r"[ \t]+#")

_Loader = getattr(yaml, "CLoader", yaml.Loader)

# Hints, by patterns in the messages of libyaml; the first that matches is used.
_HINTS = (
    (re.compile(r"\\t|tab", re.I), "indent with spaces; YAML allows no tabs"),
    (re.compile("escape|Unicode character"), "write the character itself, or as \\U0001F600"),
    (re.compile("mapping values are not allowed"), "quote the text if it contains ': '"),
    (re.compile("document start"), "a content file contains one document; remove the '...'"),
    (re.compile("alias"), "quote text that starts with *"),
    (re.compile("anchor"), "quote text that starts with &"),
    (re.compile("tag"), "quote text that starts with !"),
    (re.compile("expected ',' or|flow"), "close the bracket or brace; quote text that contains , [ ] { or }"),
    (re.compile("quoted scalar"), "close the quote"),
    (re.compile("expected key|indicator|block"), "check the indentation; quote text that starts with { or ["),
    (re.compile("cannot start any token"), "quote the text"),
)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """The text of a scalar in NFC; `plain` if not quoted and no block. An empty plain scalar is a missing value."""

    text: str
    location: SourceLocation
    plain: bool = True
    size: int = 1
    # The location of a comment after a plain scalar, which the author may have meant as part of the text.
    comment: SourceLocation | None = None
    # The location after its last character, which ends a search for a piece of the text.
    end: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A YAML sequence; `size` is the number of nodes in it, including itself."""

    items: "tuple[Node, ...]"
    location: SourceLocation
    size: int = 1


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A YAML mapping; its keys are unique in NFC.

    `lost` has the keys whose values are not valid YAML, and "" for keys that are themselves unknown.
    """

    entries: "tuple[tuple[ScalarNode, Node], ...]"
    location: SourceLocation
    size: int = 1
    lost: frozenset[str] = frozenset()


Node = ScalarNode | SequenceNode | MappingNode


def find_value(node: Node | None, key: str) -> Node | None:
    """Returns the value at a key of a mapping; None if there is none, or if the node is not a mapping."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.entries if name.text == key), None)


def parse(file: TextFile, sink: DiagnosticSink) -> MappingNode | None:
    """Parses the mapping in a content file; None if it contains no mapping, with the reason in `sink`.

    If a part of the file is not valid YAML, that is reported, the file is added to `sink.incomplete`, and the rest is
    returned.
    """
    composer = _Composer(file, sink)
    diagnostics_before = len(sink.found)
    try:
        root = composer.compose_document()
    except _UnreadableError:
        return None
    except yaml.MarkedYAMLError as problem:
        # Diagnostics up to this point will be reported again for the rest.
        del sink.found[diagnostics_before:]
        if "maximum nesting depth" in (problem.problem or "") and problem.problem_mark is not None:
            # From libyaml 0.2.6 on, which looks ahead beyond the limit of this module.
            mark = problem.problem_mark
            location = SourceLocation(file.name, mark.line + 1, mark.column + 1)
            sink.add_error("too-deep", location, f"nested deeper than {MAX_DEPTH} levels")
            return None
        sink.found.append(_diagnose_syntax(problem, file))
        return _parse_rest(file, sink)
    except yaml.YAMLError as problem:
        sink.add_error("yaml-syntax", SourceLocation(file.name, 1, 1), str(problem).splitlines()[0])
        return None
    if not isinstance(root, MappingNode):
        location = root.location if root else SourceLocation(file.name, 1, 1)
        if isinstance(root, ScalarNode) and (diagnostic := _diagnose_mistyped(file, location.line)) is not None:
            sink.found.append(diagnostic)
            return None
        kind = "nothing" if root is None else "a list" if isinstance(root, SequenceNode) else "a bare text"
        sink.add_error(
            "expected-mapping",
            location,
            f"expected a mapping, found {kind}",
            "start with a key, as in 'id: ...'",
        )
        return None
    return root


def _parse_rest(file: TextFile, sink: DiagnosticSink) -> MappingNode | None:
    """Parses the valid parts of a file that is not all valid YAML; returns None if there are none."""
    sink.incomplete.add(file.name)
    recovered = recover_text(file)
    if recovered is None:
        return None
    reported = {(diagnostic.location.line, diagnostic.code) for diagnostic in sink.found}
    # The first has been reported already, because it ended the parsing of the whole file.
    for problem in recovered.problems[1:]:
        diagnostic = _diagnose_syntax(problem, file)
        if problem.problem_mark is not None and (diagnostic.location.line, diagnostic.code) not in reported:
            sink.found.append(diagnostic)
    composer = _Composer(recovered.file, sink, is_partial=True, lost=recovered.lost_within)
    try:
        root = composer.compose_document()
    except (_UnreadableError, yaml.YAMLError):
        return None
    return replace(root, lost=recovered.lost) if isinstance(root, MappingNode) else None


class _UnreadableError(Exception):
    """Reading this file cannot continue; the diagnostic is already recorded."""


@dataclass(slots=True)
class _Composer:
    """Composes the nodes of a file. `nodes` and `aliased` count the nodes, and those to which aliases expand."""

    file: TextFile
    sink: DiagnosticSink
    nodes: int = 0
    aliased: int = 0
    anchors: dict[str, tuple[Node, SourceLocation]] = field(default_factory=dict)
    used_anchors: set[str] = field(default_factory=set)
    events: Iterator[yaml.Event] = field(default_factory=lambda: iter(()))
    # Parts of the file were removed, which may have had the anchor of an alias or the alias of an anchor.
    is_partial: bool = False
    lost: LostKeys = field(default_factory=dict)

    def compose_document(self) -> Node | None:
        self.events = yaml.parse(self.file.text, Loader=_Loader)
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("several-documents", event, "a content file contains one document", "remove the '---'")
            elif isinstance(event, yaml.NodeEvent):
                root = self.compose_node(event, 0)
        for name, (_, location) in self.anchors.items():
            if name not in self.used_anchors and not self.is_partial:
                self.sink.add_error(
                    "unused-anchor", location, f"anchor '&{name}' is never used", "quote text that has a &"
                )
        if isinstance(root, ScalarNode) and root.plain and not root.text:
            return None
        return root

    def compose_node(self, event: yaml.NodeEvent, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("too-deep", event, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self.compose_alias(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("too-many-nodes", event, f"the file has more than {MAX_NODES:,} entries", "split it")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.refuse("yaml-tag", event, f"tags such as '{tag}' are not used in content", "remove the tag")
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self.compose_scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.compose_sequence(event, depth)
        else:
            node = self.compose_mapping(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.locate(event))
        return node

    def compose_scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        location = self.locate(event)
        value = event.value
        if suspects := find_suspects(value):
            for character in suspects:
                # `decode_text` has checked the characters of the file; others were written as escapes.
                if character not in self.file.text:
                    report_suspect(character, location, self.sink)
            value = value.translate(LINE_SEPARATORS)
        for characters in find_invisible(value) if event.style == '"' else ():
            if characters not in self.file.text:
                report_invisible(characters, location, self.sink)
        text = unicodedata.normalize("NFC", value)
        if text != value:
            self.sink.add_note("normalised", location, "the text was not in Unicode normal form C; it is read as NFC")
        mark = event.end_mark
        end = SourceLocation(self.file.name, mark.line + 1, mark.column + 1) if mark else None
        return ScalarNode(text, location, plain=not event.style, comment=self.find_comment_after(event), end=end)

    def find_comment_after(self, event: yaml.ScalarEvent) -> SourceLocation | None:
        """Returns the location of the comment after a plain scalar on its line; None without one."""
        mark = event.end_mark
        if event.style or not event.value or mark is None or mark.line >= len(self.file.line_starts):
            return None
        start = self.file.line_starts[mark.line] + mark.column
        # libyaml may include the spaces after a scalar.
        while start > 0 and self.file.text[start - 1] in " \t":
            start -= 1
        match = _COMMENT.match(self.file.text, start)
        return self.file.locate(match.end() - 1) if match else None

    def compose_sequence(self, event: yaml.SequenceStartEvent, depth: int) -> SequenceNode:
        items = []
        while not isinstance(item_event := next(self.events), yaml.SequenceEndEvent):
            item = self.compose_node(_require_node(item_event), depth + 1)
            if event.flow_style and isinstance(item, ScalarNode) and item.plain and "，" in item.text:
                self.sink.add_warning(
                    "full-width-comma",
                    item.location,
                    f"'{item.text[:40]}' is one entry, because the full-width comma does not separate entries",
                    "write an ASCII comma, or quote the text",
                )
            items.append(item)
        return SequenceNode(tuple(items), self.locate(event), 1 + sum(item.size for item in items))

    def compose_mapping(self, event: yaml.Event, depth: int) -> MappingNode:
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        size = 1
        while not isinstance(key_event := next(self.events), yaml.MappingEndEvent):
            key = self.compose_node(_require_node(key_event), depth + 1)
            value = self.compose_node(_require_node(next(self.events)), depth + 1)
            size += key.size + value.size
            key, value = self.repair_entry(key, value)
            if not isinstance(key, ScalarNode) or not key.text:
                self.sink.add_error("bad-key", key.location, "a key must be plain text, not a list or mapping")
            elif key.text == "<<" and key.plain:
                self.sink.add_error(
                    "merge-key", key.location, "merge keys ('<<') are not used in content", "repeat the keys"
                )
            elif key.text in entries:
                first = entries[key.text][0].location
                self.sink.add_error(
                    "duplicate-key",
                    key.location,
                    f"'{key.text}' is given twice",
                    "remove one of the two",
                    related=first,
                )
            else:
                entries[key.text] = (key, value)
        location = self.locate(event)
        lost = self.lost.get((location.line, location.column), frozenset())
        return MappingNode(tuple(entries.values()), location, size, lost)

    def repair_entry(self, key: Node, value: Node) -> tuple[Node, Node]:
        """Returns the entry that an author meant by `{en：Title}`, and reports its colon; other entries unchanged."""
        is_empty = isinstance(value, ScalarNode) and value.plain and not value.text
        split = split_mistyped_key(key.text) if is_empty and isinstance(key, ScalarNode) and key.plain else None
        if split is None:
            return key, value
        location = SourceLocation(key.location.file, key.location.line, key.location.column + len(split[0]))
        self.sink.add_error(
            "full-width-colon", location, "a full-width colon does not end a key", "write an ASCII colon and a space"
        )
        return ScalarNode(split[0], key.location), ScalarNode(split[1], location)

    def compose_alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor is None or event.anchor not in self.anchors:
            if self.is_partial:
                raise _UnreadableError
            self.refuse("unknown-alias", event, f"'*{event.anchor}' has no anchor", "quote text that starts with *")
        self.used_anchors.add(event.anchor)
        node = self.anchors[event.anchor][0]
        self.aliased += node.size
        if self.aliased > MAX_ALIASED:
            self.refuse("too-many-nodes", event, f"aliases expand to more than {MAX_ALIASED:,} nodes", "write it out")
        return node

    def locate(self, event: yaml.Event) -> SourceLocation:
        mark = event.start_mark
        assert mark is not None  # noqa: S101  # libyaml marks every event
        return SourceLocation(self.file.name, mark.line + 1, mark.column + 1)

    def refuse(self, code: str, event: yaml.Event, message: str, hint: str | None = None) -> NoReturn:
        """Reports an error and stops the reading of the file."""
        self.sink.add_error(code, self.locate(event), message, hint)
        raise _UnreadableError


def _require_node(event: yaml.Event) -> yaml.NodeEvent:
    assert isinstance(event, yaml.NodeEvent)  # noqa: S101  # a collection contains only nodes
    return event


def _diagnose_syntax(problem: yaml.MarkedYAMLError, file: TextFile) -> Diagnostic:
    """Returns the diagnostic of a problem of libyaml, or of the full-width character that caused it."""
    context = problem.context or ""
    # libyaml reports an unclosed quote at the end of the file; the useful location is its beginning.
    uses_context = re.search("alias|anchor", context) or re.search(
        "end of stream|document indicator", problem.problem or ""
    )
    mark = (problem.context_mark if uses_context else None) or problem.problem_mark or problem.context_mark
    location = SourceLocation(file.name, mark.line + 1, mark.column + 1) if mark else SourceLocation(file.name, 1, 1)
    for line in dict.fromkeys(each.line + 1 for each in (problem.context_mark, problem.problem_mark) if each):
        # libyaml reports a key without a colon, or text in place of an entry, on the next line.
        diagnostic = _diagnose_mistyped(file, line) or _diagnose_mistyped(file, line - 1)
        if diagnostic is not None:
            return diagnostic
    message = str(problem.problem or context)
    return Diagnostic("yaml-syntax", message, location, _find_hint(f"{message} {context}", file, location))


def _diagnose_mistyped(file: TextFile, line: int) -> Diagnostic | None:
    """Returns the diagnostic of the first full-width character in a line, counted from 1; None without one."""
    lines = file.text.split("\n")
    mistyped = find_mistyped(lines[line - 1]) if 0 < line <= len(lines) else None
    if mistyped is None:
        return None
    location = SourceLocation(file.name, line, mistyped.column + 1)
    return Diagnostic("yaml-syntax", mistyped.message, location, mistyped.hint)


def _find_hint(message: str, file: TextFile, location: SourceLocation) -> str | None:
    line = file.text.split("\n")[location.line - 1] if location.line <= len(file.line_starts) else ""
    if "\t" in line[: location.column]:
        return _HINTS[0][1]
    return next((hint for pattern, hint in _HINTS if pattern.search(message)), None)


def find_blank_text(node: Node) -> ScalarNode | None:
    """Returns the text of a value that has one for all locales, if it is in quotes and nothing of it is visible."""
    if isinstance(node, MappingNode) and [key.text for key, _ in node.entries] == [SAME]:
        node = node.entries[0][1]
    return node if isinstance(node, ScalarNode) and not node.plain and is_blank(node.text) else None
