"""Decodes located nodes into the model's frozen records by their type hints, and reports all problems at once.

The dataclasses of `brief.model` are the schema: a field is a key, and a field without default is required. `SHORTHAND`
names the field that receives a value that is not a mapping with keys of the record.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Any, TypeVar, get_args, get_origin

from brief.model.access import DEFAULT_CLEARANCES, Clearance
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.figures.dataset import normalise_cell_name
from brief.model.han import IDEOGRAPH
from brief.model.locale import is_locale_tag
from brief.model.record import dataclass
from brief.model.scripts import find_parent_locale
from brief.model.source_location import LocaleTag, Located, Ref, Slug, SourceLocation
from brief.model.text import EVERY_LOCALE, SAME, LocalisedText, Phrase
from brief.reading import values
from brief.reading.descriptions import (
    BETWEEN_WORDS,
    choose_verb_form,
    describe_expected,
    describe_node,
    describe_subject,
    describe_type,
    find_bracket_hint,
)
from brief.reading.record_hints import (
    find_union_kinds,
    has_id,
    is_required,
    is_text,
    list_choice_names,
    list_record_keys,
    resolve_hints,
    split_optional,
)
from brief.reading.text_file import TextFile, is_blank
from brief.reading.texts.prose import read_phrase
from brief.reading.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, find_blank_text, find_value

T = TypeVar("T")

MAX_TEXT_WITHOUT_LOCALES = 200

_DIGITS = re.compile("[0-9]+")


class _Bad:
    """The type of `_BAD`, which marks a value that cannot be read; its diagnostic is already recorded."""


_BAD = _Bad()


def decode(
    node: MappingNode,
    record: type[T],
    file: TextFile,
    locales: tuple[str, ...],
    sink: DiagnosticSink,
    required_keys: frozenset[str] = frozenset(),
    clearances: tuple[Clearance, ...] = DEFAULT_CLEARANCES,
) -> T | None:
    """Decodes a file's root mapping into a record, as far as it can be read; None if too little can be read.

    A text that cannot be read is empty. A block, claim or term that cannot be read is left out, and a list, date or
    locale of a root record with an id gets a stand-in; the file is then added to `sink.incomplete`.

    `locales` lists the locales that every text must have, or is empty if they are not known yet. `required_keys` lists
    keys that every record with an id must have, even if they have defaults. `clearances` are those of the project.
    """
    decoder = _Decoder(file, locales, sink, required_keys, clearances)
    value = decoder.decode_value(node, record)
    if isinstance(value, record):
        return value
    sink.incomplete.add(file.name)
    return None


@dataclass(slots=True)
class _Decoder:
    file: TextFile
    locales: tuple[str, ...]
    sink: DiagnosticSink
    required_keys: frozenset[str] = frozenset()
    clearances: tuple[Clearance, ...] = DEFAULT_CLEARANCES
    subjects: list[str] = field(default_factory=list)

    def decode_value(self, node: Node, hint: Any, required: bool = True) -> Any:
        hint, _ = split_optional(hint)
        if isinstance(node, ScalarNode) and node.plain and node.text in ("", "~", "null"):
            self.sink.add_error("empty-value", node.location, "the key has no value", "give one, or remove the key")
            return _BAD
        if (by_kind := find_union_kinds(hint)) is not None:
            return self.decode_block(node, by_kind)
        if is_text(hint):
            return self.decode_localised(node, hint)
        if get_origin(hint) is tuple:
            return self.decode_sequence(node, get_args(hint)[0], required)
        if get_origin(hint) is Mapping:
            return self.decode_mapping(node, *get_args(hint))
        if isinstance(hint, type) and issubclass(hint, Located):
            return self.decode_record(node, hint)
        return self.decode_scalar(node, hint)

    def decode_record(self, node: Node, record: type, skip: frozenset[str] = frozenset()) -> Any:
        known = list_record_keys(record)
        shorthand = getattr(record, "SHORTHAND", None)
        if shorthand and not (isinstance(node, MappingNode) and any(key.text in known for key, _ in node.entries)):
            value = self.decode_value(node, resolve_hints(record)[shorthand])
            return _BAD if value is _BAD else record(**{shorthand: value}, location=node.location)
        if not isinstance(node, MappingNode):
            candidates = [name for name, key in known.items() if is_required(key)] or known
            hint = find_bracket_hint(node) or f"keys: {', '.join(candidates)}"
            self.sink.add_error(
                "expected-mapping", node.location, f"expected a mapping, found {describe_node(node)}", hint
            )
            return _BAD
        is_root = not self.subjects and "id" in known
        self.subjects.append(describe_subject(record, node))
        fields: dict[str, Any] = {}
        for key, value in node.entries:
            if key.text in skip:
                continue
            if key.text not in known:
                self.sink.add_error(
                    "unknown-key",
                    key.location,
                    f"{self.subjects[-1]} {choose_verb_form(self.subjects[-1], 'has', 'have')} no key '{key.text}'",
                    suggest_name(key.text, known),
                )
            else:
                hint = resolve_hints(record)[key.text]
                if (blank := find_blank_text(value)) and is_text(hint) and key.text != shorthand:
                    self.sink.add_error(
                        "empty-value", blank.location, "the text is empty", "write it, or remove the key"
                    )
                fields[key.text] = self.decode_value(value, hint, is_required(known[key.text]))
        self.add_missing_keys(node, known, fields)
        self.subjects.pop()
        for name in [name for name, value in fields.items() if value is _BAD]:
            fields[name] = self.make_stand_in(resolve_hints(record)[name], is_root)
        return (
            _BAD
            if any(value is _BAD for value in fields.values())
            else record(**{known[name].name: value for name, value in fields.items()}, location=node.location)
        )

    def add_missing_keys(self, node: MappingNode, known: Mapping[str, Any], fields: dict[str, Any]) -> None:
        """Adds `_BAD` to `fields` for each required key without a value; reports those that cannot be in lost lines."""
        present = {key.text for key, _ in node.entries}
        lost = set(known) if "" in node.lost else node.lost
        for name, key_field in known.items():
            is_needed = is_required(key_field) or ("id" in known and name in self.required_keys)
            if name in present or not is_needed:
                continue
            fields[name] = _BAD
            if name not in lost:
                needs = f"{self.subjects[-1]} {choose_verb_form(self.subjects[-1], 'needs', 'need')} '{name}'"
                self.sink.add_error("missing-key", node.location, needs, f"add '{name}:'")

    def make_stand_in(self, hint: Any, is_root: bool) -> Any:
        """Returns a stand-in for a value that cannot be read, so that its record can be checked, or `_BAD`."""
        hint = split_optional(hint)[0]
        if isinstance(hint, type) and issubclass(hint, LocalisedText):
            return hint(phrases={})
        if hint is Slug:
            return Slug("")
        stand_in = date.min if hint is date else self.locales[0] if hint is LocaleTag and self.locales else ()
        if is_root and (stand_in or get_origin(hint) is tuple):
            self.sink.incomplete.add(self.file.name)
            return stand_in
        return _BAD

    def decode_block(self, node: Node, by_kind: Mapping[str, type]) -> Any:
        if not isinstance(node, MappingNode):
            message = f"expected a block, found {describe_node(node)}"
            self.sink.add_error("expected-mapping", node.location, message, "start with 'kind:'")
            return _BAD
        kind = find_value(node, "kind")
        if kind is None:
            if not node.lost & {"kind", ""}:
                hint = f"kinds: {', '.join(by_kind)}"
                self.sink.add_error("missing-key", node.location, "the block needs 'kind'", hint)
            return _BAD
        if not isinstance(kind, ScalarNode) or kind.text not in by_kind:
            name = kind.text if isinstance(kind, ScalarNode) else ""
            self.sink.add_error(
                "unknown-kind", kind.location, f"unknown block kind '{name}'", suggest_name(name, by_kind)
            )
            return _BAD
        return self.decode_record(node, by_kind[kind.text], frozenset({"kind"}))

    def decode_sequence(self, node: Node, item: Any, required: bool) -> Any:
        if not isinstance(node, SequenceNode):
            hint = find_bracket_hint(node) or "start each entry with '- '"
            self.sink.add_error("expected-list", node.location, f"expected a list, found {describe_node(node)}", hint)
            return _BAD
        items = [self.decode_value(entry, item) for entry in node.items]
        # An entry with lost parts is decoded only to report its other problems.
        items = [value for value, entry in zip(items, node.items, strict=True) if not getattr(entry, "lost", None)]
        if not node.items and item is Ref and not required:
            # Without the key, the list means "all" or "nothing special"; an author who writes it empty may mean "none".
            self.sink.add_error("empty-list", node.location, "the list is empty", "add an entry, or remove the key")
            return _BAD
        if any(value is _BAD for value in items) and has_id(item):
            self.sink.incomplete.add(self.file.name)
            items = [value for value in items if value is not _BAD]
        return _BAD if any(value is _BAD for value in items) else tuple(items)

    def decode_mapping(self, node: Node, key: Any, item: Any) -> Any:
        if not isinstance(node, MappingNode):
            hint = find_bracket_hint(node) or "write {key: value}"
            self.sink.add_error(
                "expected-mapping", node.location, f"expected a mapping, found {describe_node(node)}", hint
            )
            return _BAD
        pairs = [
            (self.decode_scalar(name, key), self.decode_one_or_several(entry, item)) for name, entry in node.entries
        ]
        return _BAD if any(part is _BAD for pair in pairs for part in pair) else dict(pairs)

    def decode_one_or_several(self, node: Node, hint: Any) -> Any:
        """Decodes a value of a mapping; for a list with a single entry, that may be written alone."""
        if get_origin(hint) is not tuple or isinstance(node, SequenceNode):
            return self.decode_value(node, hint)
        value = self.decode_value(node, get_args(hint)[0])
        return value if value is _BAD else (value,)

    def decode_scalar(self, node: Node, hint: Any) -> Any:
        if not isinstance(node, ScalarNode):
            self.sink.add_error(
                "expected-scalar", node.location, f"expected {describe_expected(hint)}, found {describe_node(node)}"
            )
            return _BAD
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return self.decode_choice(node, hint)
        if hint is Clearance:
            return self.decode_clearance(node)
        if hint is Ref:
            return Ref(normalise_cell_name(node.text), node.location)
        try:
            return values.PARSERS[hint](node.text)
        except values.BadValueError as problem:
            self.sink.add_error(f"bad-{describe_type(hint)}", node.location, problem.message, problem.hint)
            if hint is not Slug:
                return _BAD
            # The id that other records use for this one is unknown.
            self.sink.incomplete.add(self.file.name)
            return Slug(node.text)

    def decode_choice(self, node: ScalarNode, choices: type[enum.Enum]) -> Any:
        names = list_choice_names(choices)
        if node.text in names:
            return names[node.text]
        what = choices.__name__.lower()
        words = BETWEEN_WORDS.sub(" ", choices.__name__).lower()
        known = f"known {words.split()[-1]}s: {', '.join(names)}"
        message = f"unknown {words} '{node.text}'; {known}"
        self.sink.add_error(f"unknown-{what}", node.location, message, suggest_name(node.text, names))
        return _BAD

    def decode_clearance(self, node: ScalarNode) -> Any:
        """Returns the clearance of that name; a misspelt name is an error, because a default could be too wide."""
        known = {clearance.name: clearance for clearance in self.clearances}
        if node.text in known:
            return known[node.text]
        if not known:
            # The project's list has an error, so its clearances are unknown.
            return _BAD
        message = f"unknown clearance '{node.text}'; known clearances: {', '.join(known)}"
        self.sink.add_error("unknown-clearance", node.location, message, suggest_name(node.text, known))
        return _BAD

    def _find_only_language(self) -> str | None:
        """Returns the first locale if all others of the project inherit from it, otherwise None."""
        first = self.locales[0] if self.locales else None
        is_only = all(find_parent_locale(locale) == first for locale in self.locales[1:])
        return first if is_only else None

    def decode_localised(self, node: Node, kind: type[LocalisedText]) -> Any:
        if isinstance(node, ScalarNode):
            only_language = self._find_only_language()
            if only_language is not None:
                return kind(phrases={only_language: self.decode_phrase(node, kind)}, location=node.location)
            if IDEOGRAPH.search(node.text):
                locales = self.locales or ("en", "zh-Hans", "zh-Hant")
                self.sink.add_error(
                    "missing-translation",
                    node.location,
                    "a text without locales is printed in every language, but this text has Chinese characters",
                    f"write {{{', '.join(f'{locale}: ...' for locale in locales)}}},"
                    " or {same: ...} if it is the same in every language",
                )
            elif len(node.text) > MAX_TEXT_WITHOUT_LOCALES and self.locales:
                example = ", ".join(f"{locale}: ..." for locale in list(self.locales)[:2])
                self.sink.add_error(
                    "missing-translation",
                    node.location,
                    "a text without locales is printed in every language, but this text is prose",
                    f"write one text per locale, as in {{{example}}}",
                )
            return kind(phrases={EVERY_LOCALE: self.decode_phrase(node, kind)}, location=node.location)
        if not isinstance(node, MappingNode):
            self.sink.add_error(
                "expected-text", node.location, "expected a text, or texts by locale", "write {en: ..., zh-Hans: ...}"
            )
            return _BAD
        if [key.text for key, _ in node.entries] == [SAME] and isinstance(node.entries[0][1], ScalarNode):
            phrase = self.decode_phrase(node.entries[0][1], kind)
            return kind(phrases={EVERY_LOCALE: phrase}, is_same=True, location=node.location)
        phrases: dict[str, Phrase] = {}
        for key, value in node.entries:
            if isinstance(value, ScalarNode) and value.plain and not value.text and not is_locale_tag(key.text):
                # In braces, a comma ends the text before it.
                message = f"'{key.text}' is not a locale of the brief, and has no text"
                hint = "put the text before it in quotes if its comma belongs to the text"
                self.sink.add_error("unknown-locale", key.location, message, hint)
                continue
            self.check_locale(key)
            if not isinstance(value, ScalarNode):
                self.sink.add_error("expected-text", value.location, f"expected a text, found {describe_node(value)}")
            elif is_blank(value.text):
                self.sink.add_warning("empty-translation", value.location, f"the '{key.text}' text is empty")
                phrases[key.text] = Phrase("", (), value.location)
            else:
                phrases[key.text] = self.decode_phrase(value, kind)
        present = {key.text for key, _ in node.entries} | (set(self.locales) if "" in node.lost else node.lost)
        for locale in self.locales:
            if locale not in present and find_parent_locale(locale) not in present:
                message = f"no '{locale}' text for {self.subjects[-1] if self.subjects else 'this text'}"
                hint = f"add a text in '{locale}', or run 'brief translate export -l {locale}'"
                self.sink.add_error("missing-translation", node.location, message, hint, locale=locale)
        return kind(phrases=phrases, location=node.location)

    def check_locale(self, key: ScalarNode) -> None:
        if key.text in self.locales or not self.locales or key.text in map(find_parent_locale, self.locales):
            return
        if is_locale_tag(key.text) and key.text.casefold() not in {tag.casefold() for tag in self.locales}:
            self.sink.add_warning(
                "unused-locale",
                key.location,
                f"'{key.text}' is not among the brief's locales; the text is never printed",
                f"remove the text, or add '{key.text}' to 'locales' in content/brief.yaml",
            )
        else:
            self.sink.add_error(
                "unknown-locale",
                key.location,
                f"'{key.text}' is not a locale of the brief",
                suggest_name(key.text, self.locales),
            )

    def decode_phrase(self, node: ScalarNode, kind: type[LocalisedText]) -> Phrase:
        if node.comment is not None:
            self.sink.add_warning(
                "comment-after-text",
                node.comment,
                "the text after # is a comment and is not printed",
                "quote the whole text if # belongs to it; move a comment to a line of its own",
            )
        start = self.file.find_offset(node.location)
        end = self.find_end(node)
        phrase = read_phrase(
            kind, node.text, node.location, lambda: self.file.make_locator(start, node.location, end), self.sink
        )
        if not _DIGITS.search(node.text):
            return phrase
        # Takes a tenth of the time of `replace`, which matters for thousands of texts.
        return Phrase(
            phrase.source, phrase.runs, phrase.location, phrase.parts, tuple(self.locate_numbers(node.text, start, end))
        )

    def find_end(self, node: ScalarNode) -> int:
        file_end = len(self.file.text)
        # The end of a block scalar may be on a line after the last one.
        if node.end is None or node.end.line > len(self.file.line_starts):
            return file_end
        return min(self.file.find_offset(node.end), file_end)

    def locate_numbers(self, text: str, start: int, end: int) -> Iterator[SourceLocation]:
        """Yields the locations of the runs of digits in a text, whose source is between two offsets of the file. Digits
        of escapes and indicators of YAML between them are skipped.
        """
        candidates = _DIGITS.finditer(self.file.text, start, end)
        for number in _DIGITS.findall(text):
            match = next((candidate for candidate in candidates if candidate[0] == number), None)
            if match is None:
                return
            yield self.file.locate(match.start())
