"""YAML to placed nodes: the part of YAML that content needs, and a clear fault for the rest.

The events are libyaml's; the composing is ours, because the library's own composer loses duplicate keys and places,
resolves `no` and `1.10` to other values, and breaks on deep nesting. Scalars stay text until a schema types them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from brief.model.diagnostic_sink import Faults
from brief.model.diagnostics import Diagnostic
from brief.model.source_location import Place
from brief.reading.full_width import mistyped, mistyped_key
from brief.reading.text_file import TextFile, judge, suspects

MAX_DEPTH = 40
MAX_NODES = 600_000
# What aliases may expand to beyond what is typed: enough to say a text twice, not for a bomb.
MAX_ALIASED = 100_000

_Loader = getattr(yaml, "CLoader", yaml.Loader)

# What libyaml says, and what a writer should do about it.
_HINTS = (
    (re.compile(r"\\t|tab", re.I), "indent with spaces; YAML allows no tabs"),
    (re.compile("escape|Unicode character"), "write the character itself, or as \\U0001F600"),
    (re.compile("mapping values are not allowed"), "quote the text if it contains ': '"),
    (re.compile("document start"), "a content file holds one document; remove the '...'"),
    (re.compile("alias"), "quote text that starts with *"),
    (re.compile("anchor"), "quote text that starts with &"),
    (re.compile("tag"), "quote text that starts with !"),
    (re.compile("expected ',' or|flow"), "close the bracket or brace; quote text that contains , [ ] { or }"),
    (re.compile("quoted scalar"), "close the quote"),
    (re.compile("expected key|indicator|block"), "check the indentation; quote text that starts with { or ["),
    (re.compile("cannot start any token"), "quote the text"),
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as typed; `plain` where it stood without quotes. An empty plain scalar is a value left out."""

    text: str
    place: Place
    plain: bool = True
    size: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    items: "tuple[Node, ...]"
    place: Place
    size: int = 1


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys are unique after NFC normalisation."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    place: Place
    size: int = 1


Node = Scalar | Sequence | Mapping


def parse(file: TextFile, faults: Faults) -> Mapping | None:
    """The one mapping that a content file holds; None where there is none, with the reason in `faults`."""
    composer = _Composer(file, faults)
    try:
        root = composer.document()
    except _Refused:
        return None
    except yaml.MarkedYAMLError as problem:
        faults.found.append(_syntax_fault(problem, file))
        return None
    except yaml.YAMLError as problem:
        faults.error("yaml-syntax", Place(file.name, 1, 1), str(problem).splitlines()[0])
        return None
    if not isinstance(root, Mapping):
        place = root.place if root else Place(file.name, 1, 1)
        if isinstance(root, Scalar) and (found := _mistyped(file, place.line)) is not None:
            faults.found.append(found)
            return None
        held = "nothing" if root is None else "a list" if isinstance(root, Sequence) else "a bare text"
        faults.error(
            "expected-mapping", place, f"expected a mapping, the file holds {held}", "start with a key, as in 'id: ...'"
        )
        return None
    return root


class _Refused(Exception):
    """Reading this file cannot go on; the fault is recorded already."""


@dataclass(slots=True)
class _Composer:
    file: TextFile
    faults: Faults
    nodes: int = 0
    aliased: int = 0
    anchors: dict[str, tuple[Node, Place]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    events: Iterator[yaml.Event] = field(default_factory=lambda: iter(()))

    def document(self) -> Node | None:
        self.events = yaml.parse(self.file.text, Loader=_Loader)
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("several-documents", event, "a content file holds one document", "remove the '---'")
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, 0)
        for name, (_, place) in self.anchors.items():
            if name not in self.used:
                self.faults.error("unused-anchor", place, f"anchor '&{name}' is never used", "quote text that has a &")
        if isinstance(root, Scalar) and root.plain and not root.text:
            return None
        return root

    def node(self, event: yaml.NodeEvent, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("too-deep", event, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("too-many-nodes", event, f"the file has more than {MAX_NODES:,} entries", "split it")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.refuse("yaml-tag", event, f"tags such as '{tag}' are not used in content", "remove the tag")
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.mapping(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.at(event))
        return node

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        place = self.at(event)
        for character in suspects(event.value):
            # What stands in the file as it is was judged there; this one was written as an escape.
            if character not in self.file.text:
                judge(character, place, self.faults)
        text = unicodedata.normalize("NFC", event.value)
        if text != event.value:
            self.faults.note("normalised", place, "the text was not in Unicode normal form C; it is read as NFC")
        return Scalar(text, place, plain=not event.style)

    def sequence(self, event: yaml.SequenceStartEvent, depth: int) -> Sequence:
        items = []
        while not isinstance(following := next(self.events), yaml.SequenceEndEvent):
            item = self.node(_node_event(following), depth + 1)
            if event.flow_style and isinstance(item, Scalar) and item.plain and "，" in item.text:
                self.faults.warning(
                    "full-width-comma",
                    item.place,
                    f"'{item.text[:40]}' is one entry of the list, for ，does not divide entries",
                    "write an ASCII comma, or quote the text",
                )
            items.append(item)
        return Sequence(tuple(items), self.at(event), 1 + sum(item.size for item in items))

    def mapping(self, event: yaml.Event, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        while not isinstance(following := next(self.events), yaml.MappingEndEvent):
            key = self.node(_node_event(following), depth + 1)
            value = self.node(_node_event(next(self.events)), depth + 1)
            size += key.size + value.size
            key, value = self.meant(key, value)
            if not isinstance(key, Scalar) or not key.text:
                self.faults.error("bad-key", key.place, "a key must be a text")
            elif key.text == "<<" and key.plain:
                self.faults.error(
                    "merge-key", key.place, "merge keys ('<<') are not used in content", "repeat the keys"
                )
            elif key.text in entries:
                first = entries[key.text][0].place
                self.faults.error(
                    "duplicate-key",
                    key.place,
                    f"'{key.text}' is given twice",
                    "remove one of the two",
                    related=first,
                )
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), self.at(event), size)

    def meant(self, key: Node, value: Node) -> tuple[Node, Node]:
        """The entry that an author meant who typed a full-width colon in `{en：Title}`."""
        is_empty = isinstance(value, Scalar) and value.plain and not value.text
        split = mistyped_key(key.text) if is_empty and isinstance(key, Scalar) and key.plain else None
        if split is None:
            return key, value
        place = Place(key.place.file, key.place.line, key.place.column + len(split[0]))
        self.faults.error(
            "full-width-colon", place, "a full-width colon ends no key", "write an ASCII colon and a space"
        )
        return Scalar(split[0], key.place), Scalar(split[1], place)

    def alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor is None or event.anchor not in self.anchors:
            self.refuse("unknown-alias", event, f"'*{event.anchor}' has no anchor", "quote text that starts with *")
        self.used.add(event.anchor)
        node = self.anchors[event.anchor][0]
        self.aliased += node.size
        if self.aliased > MAX_ALIASED:
            self.refuse("too-many-nodes", event, f"aliases expand to more than {MAX_ALIASED:,} nodes", "write it out")
        return node

    def at(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # noqa: S101  # libyaml marks every event
        return Place(self.file.name, mark.line + 1, mark.column + 1)

    def refuse(self, code: str, event: yaml.Event, message: str, hint: str | None = None) -> NoReturn:
        self.faults.error(code, self.at(event), message, hint)
        raise _Refused


def _node_event(event: yaml.Event) -> yaml.NodeEvent:
    assert isinstance(event, yaml.NodeEvent)  # noqa: S101  # between the ends of a collection stand nodes only
    return event


def _syntax_fault(problem: yaml.MarkedYAMLError, file: TextFile) -> Diagnostic:
    context = problem.context or ""
    # A quote that is never closed is noticed at the end of the file; what helps is where it opens.
    opens = re.search("alias|anchor", context) or re.search("end of stream|document indicator", problem.problem or "")
    mark = (problem.context_mark if opens else None) or problem.problem_mark or problem.context_mark
    place = Place(file.name, mark.line + 1, mark.column + 1) if mark else Place(file.name, 1, 1)
    for line in dict.fromkeys(m.line + 1 for m in (problem.context_mark, problem.problem_mark) if m):
        # YAML notices a key without an end on the line that follows, and text in place of an entry too.
        found = _mistyped(file, line) or _mistyped(file, line - 1)
        if found is not None:
            return found
    message = str(problem.problem or context)
    return Diagnostic("yaml-syntax", message, place, _hint(f"{message} {context}", file, place))


def _mistyped(file: TextFile, line: int) -> Diagnostic | None:
    lines = file.text.split("\n")
    found = mistyped(lines[line - 1]) if 0 < line <= len(lines) else None
    if found is None:
        return None
    return Diagnostic("yaml-syntax", found.message, Place(file.name, line, found.column + 1), found.hint)


def _hint(message: str, file: TextFile, place: Place) -> str | None:
    line = file.text.split("\n")[place.line - 1] if place.line <= len(file.line_starts) else ""
    if "\t" in line[: place.column]:
        return _HINTS[0][1]
    return next((hint for pattern, hint in _HINTS if pattern.search(message)), None)
