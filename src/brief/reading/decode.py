"""Placed nodes to the model's frozen records, by the records' own type hints; all faults at once.

The dataclasses of `brief.model` are the schema: a field is a key, a field without default is required, and
`SHORTHAND` names the field that a value stands for where it is not written as a mapping of the record's keys.
"""

import dataclasses
import enum
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from brief.model.diagnostic_sink import Faults, suggestion
from brief.model.locale import is_locale_tag
from brief.model.source_location import LocaleTag, Placed, Ref, Slug
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.reading import markup, values
from brief.reading.full_width import mistyped
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import Mapping as MappingNode
from brief.reading.yaml_nodes import Node, Scalar
from brief.reading.yaml_nodes import Sequence as SequenceNode

T = TypeVar("T")

MAX_TEXT_WITHOUT_LOCALES = 200

_BETWEEN_WORDS = re.compile("(?<=[a-z])(?=[A-Z])")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


class _Bad:
    """Stands for a value that could not be read; its fault is recorded."""


_BAD = _Bad()


def decode(
    node: MappingNode,
    record: type[T],
    file: TextFile,
    locales: tuple[str, ...],
    faults: Faults,
    stated: frozenset[str] = frozenset(),
) -> T | None:
    """The record that a file's root mapping holds, as far as it can be read; None where too little of it can.

    A text that cannot be read is empty. A block, claim or term that cannot be read is left out, and the file is named
    in `faults.unread`; so it is where a list or a date of a root record with an id had to be made up.

    `locales` are those that every text must have; the empty tuple while they are not known yet. `stated` are keys
    that every record with an id must be given even where they have a default.
    """
    decoder = _Decoder(file, locales, faults, stated)
    value = decoder.value(node, record)
    if isinstance(value, record):
        return value
    faults.unread.add(file.name)
    return None


@cache
def hints(record: type) -> Mapping[str, Any]:
    return get_type_hints(record)


@cache
def keys(record: type) -> Mapping[str, "dataclasses.Field[Any]"]:
    """The keys that a record may be written with, in order."""
    return {f.name: f for f in dataclasses.fields(record) if f.name != "place"}


def is_required(key: "dataclasses.Field[Any]") -> bool:
    return key.default is dataclasses.MISSING and key.default_factory is dataclasses.MISSING


def kinds(hint: Any) -> dict[str, type] | None:
    """The records of a union by their KIND, where the hint is one."""
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else ()
    found = {member.KIND: member for member in members if hasattr(member, "KIND")}
    return found or None


def optional(hint: Any) -> tuple[Any, bool]:
    """The hint without `| None`, and whether it had it."""
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        rest = [member for member in get_args(hint) if member is not type(None)]
        return (rest[0] if len(rest) == 1 else Union[tuple(rest)]), True  # noqa: UP007  # members known at run time only
    return hint, False


@dataclass(slots=True)
class _Decoder:
    file: TextFile
    locales: tuple[str, ...]
    faults: Faults
    stated: frozenset[str] = frozenset()
    subjects: list[str] = field(default_factory=list)

    def value(self, node: Node, hint: Any, required: bool = True) -> Any:
        hint, _ = optional(hint)
        if isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null"):
            self.faults.error("empty-value", node.place, "the key has no value", "give one, or remove the key")
            return _BAD
        if (by_kind := kinds(hint)) is not None:
            return self.block(node, by_kind)
        if hint is LocalisedText:
            return self.localised(node)
        if get_origin(hint) is tuple:
            return self.sequence(node, get_args(hint)[0], required)
        if get_origin(hint) is Mapping:
            return self.mapping(node, *get_args(hint))
        if isinstance(hint, type) and issubclass(hint, Placed):
            return self.record(node, hint)
        return self.scalar(node, hint)

    def record(self, node: Node, record: type, skip: frozenset[str] = frozenset()) -> Any:
        known = keys(record)
        shorthand = getattr(record, "SHORTHAND", None)
        if shorthand and not (isinstance(node, MappingNode) and any(key.text in known for key, _ in node.entries)):
            value = self.value(node, hints(record)[shorthand])
            return _BAD if value is _BAD else record(**{shorthand: value}, place=node.place)
        if not isinstance(node, MappingNode):
            wanted = [name for name, key in known.items() if is_required(key)] or known
            hint = _bracket_hint(node) or f"keys: {', '.join(wanted)}"
            self.faults.error("expected-mapping", node.place, f"expected a mapping, found {_held(node)}", hint)
            return _BAD
        is_root = not self.subjects and "id" in known
        self.subjects.append(_subject(record, node))
        read: dict[str, Any] = {}
        for key, value in node.entries:
            if key.text in skip:
                continue
            if key.text not in known:
                self.faults.error(
                    "unknown-key",
                    key.place,
                    f"{self.subjects[-1]} has no key '{key.text}'",
                    suggestion(key.text, known),
                )
            else:
                read[key.text] = self.value(value, hints(record)[key.text], is_required(known[key.text]))
        given = {key.text for key, _ in node.entries}
        for name, key_field in known.items():
            if name not in given and (is_required(key_field) or ("id" in known and name in self.stated)):
                self.faults.error("missing-key", node.place, f"{self.subjects[-1]} needs '{name}'", f"add '{name}:'")
                read[name] = _BAD
        self.subjects.pop()
        for name in [name for name, value in read.items() if value is _BAD]:
            read[name] = self.stand_in(hints(record)[name], is_root)
        return _BAD if any(value is _BAD for value in read.values()) else record(**read, place=node.place)

    def stand_in(self, hint: Any, is_root: bool) -> Any:
        """What stands for a value that cannot be read, so that what is beside it can be checked all the same."""
        hint, _ = optional(hint)
        if hint is LocalisedText:
            return LocalisedText(phrases={})
        if hint is Slug:
            return Slug("")
        if is_root and (hint is date or get_origin(hint) is tuple):
            self.faults.unread.add(self.file.name)
            return date.min if hint is date else ()
        return _BAD

    def block(self, node: Node, by_kind: Mapping[str, type]) -> Any:
        if not isinstance(node, MappingNode):
            self.faults.error(
                "expected-mapping", node.place, f"expected a block, found {_held(node)}", "start with 'kind:'"
            )
            return _BAD
        kind = next((value for key, value in node.entries if key.text == "kind"), None)
        if kind is None:
            self.faults.error("missing-key", node.place, "the block needs 'kind'", f"kinds: {', '.join(by_kind)}")
            return _BAD
        if not isinstance(kind, Scalar) or kind.text not in by_kind:
            name = kind.text if isinstance(kind, Scalar) else ""
            self.faults.error("unknown-kind", kind.place, f"there is no block kind '{name}'", suggestion(name, by_kind))
            return _BAD
        return self.record(node, by_kind[kind.text], frozenset({"kind"}))

    def sequence(self, node: Node, item: Any, required: bool) -> Any:
        if not isinstance(node, SequenceNode):
            hint = _bracket_hint(node) or "start each entry with '- '"
            self.faults.error("expected-list", node.place, f"expected a list, found {_held(node)}", hint)
            return _BAD
        read = [self.value(entry, item) for entry in node.items]
        if not read and item is Ref and not required:
            # Left out, such a list means "all" or "none of note"; whoever writes it empty may mean the contrary.
            self.faults.error("empty-list", node.place, "the list names nothing", "name something, or remove the key")
            return _BAD
        if any(value is _BAD for value in read) and _is_named(item):
            self.faults.unread.add(self.file.name)
            read = [value for value in read if value is not _BAD]
        return _BAD if any(value is _BAD for value in read) else tuple(read)

    def mapping(self, node: Node, key: Any, item: Any) -> Any:
        if not isinstance(node, MappingNode):
            hint = _bracket_hint(node) or "write {key: value}"
            self.faults.error("expected-mapping", node.place, f"expected a mapping, found {_held(node)}", hint)
            return _BAD
        read = [(self.scalar(name, key), self.value(entry, item)) for name, entry in node.entries]
        return _BAD if any(part is _BAD for pair in read for part in pair) else dict(read)

    def scalar(self, node: Node, hint: Any) -> Any:
        if not isinstance(node, Scalar):
            self.faults.error("expected-scalar", node.place, f"expected {_wanted(hint)}, found {_held(node)}")
            return _BAD
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return self.choice(node, hint)
        if hint is Ref:
            return Ref(node.text, node.place)
        try:
            return values.READERS[hint](node.text)
        except values.BadValueError as problem:
            self.faults.error(f"bad-{_name(hint)}", node.place, problem.message, problem.hint)
            if hint is not Slug:
                return _BAD
            # By which name others mean this record is anybody's guess.
            self.faults.unread.add(self.file.name)
            return Slug(node.text)

    def choice(self, node: Scalar, choices: type[enum.Enum]) -> Any:
        names = choice_names(choices)
        if node.text in names:
            return names[node.text]
        what = choices.__name__.lower()
        self.faults.error(
            f"unknown-{what}", node.place, f"there is no {what} '{node.text}'", suggestion(node.text, names)
        )
        return _BAD

    def localised(self, node: Node) -> Any:
        if isinstance(node, Scalar):
            if _HAN.search(node.text):
                self.faults.error(
                    "missing-translation",
                    node.place,
                    "a text without locales is printed in every one, and this one is Chinese",
                    "write {en: ..., zh-Hans: ..., zh-Hant: ...}",
                )
            elif len(node.text) > MAX_TEXT_WITHOUT_LOCALES and self.locales[1:]:
                self.faults.error(
                    "missing-translation",
                    node.place,
                    "a text without locales is printed in every one, and this one is prose",
                    "write one text a locale, as in {en: ..., zh-Hans: ...}",
                )
            return LocalisedText(phrases={EVERY_LOCALE: self.phrase(node)}, place=node.place)
        if not isinstance(node, MappingNode):
            self.faults.error(
                "expected-text", node.place, "expected a text, or texts by locale", "write {en: ..., zh-Hans: ...}"
            )
            return _BAD
        phrases: dict[str, Phrase] = {}
        for key, value in node.entries:
            self.locale_key(key)
            if not isinstance(value, Scalar):
                self.faults.error("expected-text", value.place, f"expected a text, found {_held(value)}")
            elif not value.text.strip():
                self.faults.warning("empty-translation", value.place, f"the {key.text} text is empty")
                phrases[key.text] = Phrase("", (), value.place)
            else:
                phrases[key.text] = self.phrase(value)
        given = {key.text for key, _ in node.entries}
        for locale in self.locales:
            if locale not in given:
                self.faults.error(
                    "missing-translation",
                    node.place,
                    f"no {locale} text for {self.subjects[-1] if self.subjects else 'this text'}",
                    f"add a {locale} text, or run 'brief translate export -l {locale}'",
                )
        return LocalisedText(phrases=phrases, place=node.place)

    def locale_key(self, key: Scalar) -> None:
        if key.text in self.locales or not self.locales:
            return
        if is_locale_tag(key.text) and key.text.casefold() not in {tag.casefold() for tag in self.locales}:
            self.faults.warning(
                "unused-locale", key.place, f"'{key.text}' is not among the brief's locales; the text is never printed"
            )
        else:
            self.faults.error(
                "unknown-locale",
                key.place,
                f"'{key.text}' is not a locale of the brief",
                suggestion(key.text, self.locales),
            )

    def phrase(self, node: Scalar) -> Phrase:
        locate = self.file.locator(self.file.offset(node.place), node.place)
        return Phrase(node.text, markup.parse(node.text, node.place, locate, self.faults), node.place)


def _is_named(hint: Any) -> bool:
    """Whether entries of this kind have ids, and so stand each for itself."""
    members = (kinds(hint) or {"": hint}).values()
    return all(dataclasses.is_dataclass(member) and "id" in keys(member) for member in members)


def choice_names(choices: type[enum.Enum]) -> dict[str, enum.Enum]:
    """How the members of an enumeration are written: text members by value, ordered ones by their name."""
    return {str(m.value) if isinstance(m.value, str) else m.name.lower(): m for m in choices}


def _name(hint: Any) -> str:
    return {Decimal: "number", int: "number", bool: "boolean", LocaleTag: "locale", Slug: "id"}.get(hint) or str(
        hint.__name__
    ).lower()


def _wanted(hint: Any) -> str:
    return {str: "a text", Ref: "a name"}.get(hint, f"a {_name(hint)}")


def _held(node: Node) -> str:
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case Scalar(text):
            return f"'{text[:40]}'"


def _bracket_hint(node: Node) -> str | None:
    found = mistyped(node.text) if isinstance(node, Scalar) and node.plain else None
    return found.hint if found else None


def _subject(record: type, node: MappingNode) -> str:
    what = "block" if hasattr(record, "KIND") else _BETWEEN_WORDS.sub(" ", record.__name__).lower()
    name = next((value.text for key, value in node.entries if key.text == "id" and isinstance(value, Scalar)), None)
    return f"{what} '{name}'" if name else f"the {what}"
