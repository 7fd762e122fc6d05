"""Reads Vega-Lite specifications and their localised texts; refuses those that contain figures or load something."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import Any

from brief.model.appearance.brand import Role
from brief.model.assets import TypedFigure, VegaSpecification
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.inline import Text
from brief.model.locale import is_locale_tag
from brief.model.record import dataclass
from brief.model.scripts import find_parent_locale
from brief.model.source_location import Ref, SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.reading.layout import VEGA, is_hidden_or_backup
from brief.reading.special_files import describe_special
from brief.reading.vega.figure_rules import (
    find_hiding_format,
    find_rounded_text,
    list_computed_fields,
    list_typed_figures,
)
from brief.reading.vega.localised_words import LocatedObject, locate_objects

MAX_BYTES = 256 * 1024
_MAX_LEVELS = 40
_ROLES = tuple(role.value for role in Role)
# The permitted keys of a data object; all others contain figures or load them.
_DATA_KEYS = {"name", "format", "sequence", "graticule", "sphere"}
_TEXT_KEYS = ("title", "subtitle", "text")
_LETTER = re.compile(r"[^\W\d_]")
# Keys whose values are loaded, linked to, or unknown metadata.
_LOADING_KEYS = {"url", "href", "usermeta"}
# Transforms whose results have default names.
_DEFAULT_NAMES = {"fold": ("key", "value"), "density": ("value", "density"), "quantile": ("prob", "value")}


class _RefusedError(ValueError):
    """A specification is refused. The message is a predicate that follows "the specification"."""

    def __init__(self, message: str, hint: str, code: str = "bad-specification") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def read_specification(
    root: Path, ref: Ref, locales: tuple[str, ...], sink: DiagnosticSink, replacements: Mapping[str, bytes]
) -> VegaSpecification | None:
    """Reads the specification `ref` of the project in `root`; None if it cannot be used, with the reason in `sink`.

    `locales` are those of the brief, the source locale first. `replacements` maps paths of files, relative to `root`,
    to bytes that are read instead.
    """
    path, relative_path = root / VEGA / ref.name, PurePosixPath(ref.name)
    if relative_path.is_absolute() or ".." in relative_path.parts or "\\" in ref.name or path.is_symlink():
        sink.add_error("missing-specification", ref.location, f"'{ref}' is not a file in {VEGA}/", "name a file there")
        return None
    if not path.is_file() or describe_special(path) is not None:
        paths = (root / VEGA).rglob("*.json")
        known = [other.relative_to(root / VEGA).as_posix() for other in paths if not is_hidden_or_backup(other.name)]
        hint = suggest_name(ref.name, known) if known else f"put it into {VEGA}/"
        sink.add_error("missing-specification", ref.location, f"there is no file {VEGA}/{ref}", hint)
        return None
    name = f"{VEGA}/{ref.name}"
    try:
        data = replacements.get(name)
        if data is None:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _RefusedError(f"has more than {MAX_BYTES:,} bytes", "give its data in the block's 'data:'")
        text = _decode(data)
        return _SpecificationReader(name, locales, sink, locate_objects(name, text)).read(ref.name, _parse(text))
    except json.JSONDecodeError as problem:
        location = SourceLocation(name, problem.lineno, problem.colno)
        sink.add_error(
            "bad-specification",
            location,
            f"the specification is not JSON: {problem.msg}",
            "correct it, or export it again",
        )
    except _RefusedError as problem:
        code = problem.code
        sink.add_error(code, SourceLocation(name), f"the specification {problem}", problem.hint)
    except OSError as problem:
        sink.add_error("missing-specification", ref.location, f"{name} cannot be read: {problem.strerror}")
    return None


def _decode(data: bytes) -> str:
    """Decodes UTF-8, with or without a byte-order mark; raises _RefusedError if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _RefusedError("is not UTF-8", "save it as UTF-8") from None


def _parse(text: str) -> dict[str, Any]:
    """Parses a specification.

    Raises:
        json.JSONDecodeError: it is not JSON.
        _RefusedError: it is not an object for Vega-Lite, or has values that parsers of JSON read differently.
    """

    def refuse_constant(text: str) -> None:
        raise _RefusedError(f"has {text}, which is not a JSON number", "write a number")

    def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            duplicate = next(name for name in names if names.count(name) > 1)
            raise _RefusedError(f"has the key '{duplicate}' twice in one object", "remove one")
        return dict(pairs)

    try:
        parsed = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=make_object)
    except RecursionError:
        raise _RefusedError(f"is nested deeper than {_MAX_LEVELS} levels", "simplify it") from None
    except ValueError as problem:
        # Python reads no integer of more than 4,300 digits.
        if isinstance(problem, json.JSONDecodeError | _RefusedError):
            raise
        raise _RefusedError("has a number of too many digits", "round it") from None
    if not isinstance(parsed, dict):
        raise _RefusedError("is not a JSON object", 'begin with {"mark": ...}')
    if "/vega/" in str(parsed.get("$schema", "")):
        raise _RefusedError("is for Vega, not Vega-Lite", "use the Vega-Lite specification from which it was compiled")
    return parsed


@dataclass(slots=True)
class _SpecificationReader:
    """Reads one specification; `texts` collects its localised texts, and `data` the names of its data sets."""

    file: str
    locales: tuple[str, ...]
    sink: DiagnosticSink
    # Its objects in the order in which they are read.
    objects: Sequence[LocatedObject]
    objects_read: int = 0
    # The fields of figures that transforms compute.
    computed_fields: frozenset[str] = frozenset()
    typed_figures: list[TypedFigure] = field(default_factory=list)
    texts: list[LocalisedText] = field(default_factory=list)
    data: list[str] = field(default_factory=list)

    def read(self, name: str, parsed: dict[str, Any]) -> VegaSpecification:
        if "datasets" in parsed:
            raise _RefusedError("contains figures in 'datasets'", "give them in the block's 'data:'")
        if rounded := find_rounded_text(parsed):
            message = f"prints figures that it rounds: '{rounded[:60]}'"
            raise _RefusedError(
                message, "print the figures as they are; 'decimals:' of a column or a claim rounds them"
            )
        self.computed_fields = frozenset(list_computed_fields(parsed))
        rewritten = self.read_value(parsed, "", 0)
        if not self.data:
            raise _RefusedError(
                "names no data", 'write "data": {"name": "NAME"}, and define NAME in \'data:\' of the block'
            )
        return VegaSpecification(
            name=name,
            json=json.dumps(rewritten, ensure_ascii=False, sort_keys=True),
            words=tuple(self.texts),
            data=tuple(dict.fromkeys(self.data)),
            fields=_list_fields(parsed),
            typed=tuple(self.typed_figures),
            computed_fields=tuple(dict.fromkeys(_list_transformed_fields(parsed))),
            location=SourceLocation(self.file),
        )

    def read_value(self, value: Any, key: str, level: int) -> Any:
        """Returns the value of `key` with its texts and colours replaced; `level` is the number of values around it.

        Raises:
            _RefusedError: the value cannot be used.
        """
        if level > _MAX_LEVELS:
            raise _RefusedError(f"is nested deeper than {_MAX_LEVELS} levels", "simplify it")
        if isinstance(value, list):
            return [self.read_value(each, key, level + 1) for each in value]
        if isinstance(value, str):
            if key in _TEXT_KEYS and len(self.locales) > 1 and _LETTER.search(value):
                raise _RefusedError(
                    f"has the {key} '{value[:60]}' in every language",
                    "write " + json.dumps(dict.fromkeys(self.locales, "...")),
                    "missing-translation",
                )
            if (key == "mark" or key == "type") and value == "image":
                raise _RefusedError("uses image marks, which load files", "use a block of kind 'figure'")
            return value
        return self.read_object(value, key, level) if isinstance(value, dict) else value

    def read_object(self, value: dict[str, Any], key: str, level: int) -> Any:
        location = self.objects[self.objects_read].location
        self.objects_read += 1
        if self.is_localised_text(value):
            return {"$words": self.add_text(value, location)}
        if set(value) == {"colour"}:
            if value["colour"] not in _ROLES:
                message = f"names the colour '{value['colour']}', which is not a role"
                raise _RefusedError(message, suggest_name(str(value["colour"]), _ROLES))
            return {"$colour": value["colour"]}
        for name in _LOADING_KEYS & set(value):
            raise _RefusedError(f"has '{name}', which can load or link to something", "remove it")
        if key == "data":
            self.check_data(value)
        elif hiding := find_hiding_format(value, self.computed_fields):
            message = f"has the format '{hiding}', which hides digits of figures or is not localised"
            hint = (
                "remove it, because figures print with all their digits in the format of each language; "
                "',.10~f' and formats of dates are allowed"
            )
            raise _RefusedError(message, hint)
        self.typed_figures += [
            TypedFigure(text, is_number, location) for text, is_number in list_typed_figures(value, key)
        ]
        # Printed values may be below "value" or "condition".
        return {
            name: self.read_value(
                each, key if name in ("value", "condition") and key in _TEXT_KEYS else name, level + 1
            )
            for name, each in value.items()
        }

    def check_data(self, value: Mapping[str, Any]) -> None:
        for name in set(value) - _DATA_KEYS:
            message = f"contains or loads figures: 'data' with '{name}'"
            raise _RefusedError(message, 'write "data": {"name": "NAME"}, and define NAME in \'data:\' of the block')
        if "name" in value:
            self.data.append(str(value["name"]))

    def is_localised_text(self, value: Mapping[str, Any]) -> bool:
        """Returns whether an object maps locale tags to strings, with at least one locale of the brief."""
        has_only_texts = all(is_locale_tag(tag) and isinstance(text, str) for tag, text in value.items())
        return bool(value) and has_only_texts and any(tag in self.locales for tag in value)

    def add_text(self, value: Mapping[str, str], location: SourceLocation) -> int:
        """Adds a localised text and returns its index; reports the locales in which it is missing."""
        for locale in self.locales:
            if not (value.get(locale) or value.get(find_parent_locale(locale), "")).strip():
                source_text = value.get(self.locales[0]) or next(iter(value.values()))
                self.sink.add_error(
                    "missing-translation",
                    location,
                    f"the specification has no '{locale}' text beside '{source_text[:60]}'",
                    f"add a text in '{locale}', or run 'brief translate export -l {locale}'",
                    locale=locale,
                )
        used_locales = {*self.locales, *map(find_parent_locale, self.locales)}
        phrases = {
            tag: Phrase(text, (Text(text),), location)
            for tag, text in value.items()
            if tag in used_locales and text.strip()
        }
        self.texts.append(LocalisedText(phrases=phrases, location=location))
        return len(self.texts) - 1


def _list_transformed_fields(parsed: dict[str, Any]) -> Iterator[str]:
    """Yields the names of the fields that transforms make."""
    for record in _walk(parsed):
        for name, results in _DEFAULT_NAMES.items():
            yield from results if name in record else ()
        names = record.get("as")
        yield from [names] if isinstance(names, str) else names if isinstance(names, list) else []


def _list_fields(parsed: dict[str, Any]) -> tuple[str, ...] | None:
    """Returns the fields of the data that are drawn; None if a transform makes fields whose names are not known."""
    drawn: dict[str, None] = {}
    transformed = set(_list_transformed_fields(parsed))
    for record in _walk(parsed):
        if "pivot" in record or "flatten" in record or "impute" in record:
            return None
        for value in record.get("groupby", []), record.get("field", []):
            names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
            drawn.update(dict.fromkeys(name for name in names if isinstance(name, str)))
    return tuple(name for name in drawn if name not in transformed)


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yields every object within a JSON value, outer ones first."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each)
