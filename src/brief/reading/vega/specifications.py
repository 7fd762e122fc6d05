"""Reads Vega-Lite specifications and their localised texts; refuses any that contain figures or load resources."""

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
from brief.reading.vega.localised_words import ObjectPlace, locate_objects

MAX_BYTES = 256 * 1024
_MOST_LEVELS = 40
_ROLES = tuple(role.value for role in Role)
# The permitted keys of a data object; any other key contains figures or loads them.
_DATA_KEYS = {"name", "format", "sequence", "graticule", "sphere"}
_TEXT_KEYS = ("title", "subtitle", "text")
_LETTER = re.compile(r"[^\W\d_]")
_LOADING_KEYS = {"url", "href", "usermeta"}
# Transforms whose results have default names.
_DEFAULT_NAMES = {"fold": ("key", "value"), "density": ("value", "density"), "quantile": ("prob", "value")}


class _RefusedError(ValueError):
    """A specification that is refused. The message continues a sentence that begins with its name; `hint` says what to do."""

    def __init__(self, message: str, hint: str, code: str = "bad-specification") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def read_specification(
    root: Path, ref: Ref, locales: tuple[str, ...], sink: DiagnosticSink, replacements: Mapping[str, bytes]
) -> VegaSpecification | None:
    """Reads a specification of the project; returns None if it cannot be used, and reports the reason to `sink`.

    `replacements` maps paths of files to bytes that are read instead.
    """
    path, pure = root / VEGA / ref.name, PurePosixPath(ref.name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in ref.name or path.is_symlink():
        sink.add_error("missing-specification", ref.location, f"'{ref}' is not a file in {VEGA}/", "name a file there")
        return None
    if not path.is_file() or describe_special(path) is not None:
        files = (root / VEGA).rglob("*.json")
        known = [file.relative_to(root / VEGA).as_posix() for file in files if not is_hidden_or_backup(file.name)]
        hint = suggest_name(ref.name, known) if known else f"put it into {VEGA}/"
        sink.add_error("missing-specification", ref.location, f"there is no file {VEGA}/{ref}", hint)
        return None
    name = f"{VEGA}/{ref.name}"
    try:
        data = replacements.get(name)
        if data is None:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _RefusedError(f"has more than {MAX_BYTES:,} bytes", "give its data in the block's 'data:'")
        text = _decode(data)
        return _SpecificationReader(name, locales, sink, locate_objects(name, text)).read(ref.name, _parse(text))
    except json.JSONDecodeError as problem:
        location = SourceLocation(name, problem.lineno, problem.colno)
        sink.add_error("bad-specification", location, f"is not JSON: {problem.msg}", "correct it, or export it again")
    except _RefusedError as problem:
        code = problem.code
        sink.add_error(code, SourceLocation(name), f"the specification {problem}", problem.hint)
    except OSError as problem:
        sink.add_error("missing-specification", ref.location, f"{name} cannot be read: {problem.strerror}")
    return None


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _RefusedError("is not UTF-8", "save it as UTF-8") from None


def _parse(text: str) -> dict[str, Any]:
    def refuse_constant(text: str) -> None:
        raise _RefusedError(f"has {text}, which is not a JSON number", "write a number")

    def join(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise _RefusedError(f"has the key '{twice}' twice in one object", "remove one")
        return dict(pairs)

    try:
        read = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=join)
    except RecursionError:
        raise _RefusedError(f"is nested deeper than {_MOST_LEVELS} levels", "simplify it") from None
    except ValueError as problem:
        # Python reads no number of more than 4,300 digits.
        if isinstance(problem, json.JSONDecodeError | _RefusedError):
            raise
        raise _RefusedError("has a number of too many digits", "round it") from None
    if not isinstance(read, dict):
        raise _RefusedError("is not a JSON object", 'begin with {"mark": ...}')
    if "/vega/" in str(read.get("$schema", "")):
        raise _RefusedError("is for Vega, not Vega-Lite", "use the Vega-Lite specification from which it was compiled")
    return read


@dataclass(slots=True)
class _SpecificationReader:
    file: str
    locales: tuple[str, ...]
    sink: DiagnosticSink
    # The positions of its objects, in the order in which they are read.
    places: Sequence[ObjectPlace]
    objects_read: int = 0
    # The fields of figures that transforms compute.
    computed: frozenset[str] = frozenset()
    typed: list[TypedFigure] = field(default_factory=list)
    words: list[LocalisedText] = field(default_factory=list)
    data: list[str] = field(default_factory=list)

    def read(self, name: str, parsed: dict[str, Any]) -> VegaSpecification:
        if "datasets" in parsed:
            raise _RefusedError("contains figures in 'datasets'", "give them in the block's 'data:'")
        if rounded := find_rounded_text(parsed):
            message = f"prints figures that it rounds: '{rounded[:60]}'"
            raise _RefusedError(
                message, "print the figures as they are; 'decimals:' of a column or a claim rounds them"
            )
        self.computed = frozenset(list_computed_fields(parsed))
        rewritten = self.read_value(parsed, "", 0)
        if not self.data:
            raise _RefusedError(
                "names no data", 'write "data": {"name": "NAME"}, and define NAME in \'data:\' of the block'
            )
        return VegaSpecification(
            name=name,
            json=json.dumps(rewritten, ensure_ascii=False, sort_keys=True),
            words=tuple(self.words),
            data=tuple(dict.fromkeys(self.data)),
            fields=_list_fields(parsed),
            typed=tuple(self.typed),
            computed_fields=tuple(dict.fromkeys(_list_made_fields(parsed))),
            location=SourceLocation(self.file),
        )

    def read_value(self, value: Any, key: str, level: int) -> Any:
        if level > _MOST_LEVELS:
            raise _RefusedError(f"is nested deeper than {_MOST_LEVELS} levels", "simplify it")
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
        location = self.places[self.objects_read].location
        self.objects_read += 1
        if self.is_words(value):
            return {"$words": self.add_words(value, location)}
        if set(value) == {"colour"}:
            if value["colour"] not in _ROLES:
                message = f"names the colour '{value['colour']}', which is not a role"
                raise _RefusedError(message, suggest_name(str(value["colour"]), _ROLES))
            return {"$colour": value["colour"]}
        for name in _LOADING_KEYS & set(value):
            raise _RefusedError(f"has '{name}', which can load or link to something", "remove it")
        if key == "data":
            self.check_data(value)
        elif hiding := find_hiding_format(value, self.computed):
            message = f"has the format '{hiding}', which hides digits of figures or is not that of the language"
            hint = "remove it: figures are printed with all their digits, in the way of each language; ',.10~f' and formats of dates are possible"
            raise _RefusedError(message, hint)
        self.typed += [TypedFigure(text, is_number, location) for text, is_number in list_typed_figures(value, key)]
        # What is printed may be below "value" or "condition".
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

    def is_words(self, value: Mapping[str, Any]) -> bool:
        """Returns whether an object is a localised text: all its keys are locale tags, at least one of them of the
        brief.
        """
        texts = all(is_locale_tag(tag) and isinstance(text, str) for tag, text in value.items())
        return bool(value) and texts and any(tag in self.locales for tag in value)

    def add_words(self, value: Mapping[str, str], location: SourceLocation) -> int:
        for locale in self.locales:
            if not (value.get(locale) or value.get(find_parent_locale(locale), "")).strip():
                source_text = value.get(self.locales[0]) or next(iter(value.values()))
                self.sink.add_error(
                    "missing-translation",
                    location,
                    f"the specification has no '{locale}' text beside '{source_text[:60]}'",
                    f"add a text in '{locale}', or run 'brief translate export -l {locale}'",
                )
        read = {*self.locales, *map(find_parent_locale, self.locales)}
        phrases = {
            tag: Phrase(text, (Text(text),), location) for tag, text in value.items() if tag in read and text.strip()
        }
        self.words.append(LocalisedText(phrases=phrases, location=location))
        return len(self.words) - 1


def _list_made_fields(parsed: dict[str, Any]) -> Iterator[str]:
    """Yields the fields that are the results of transforms."""
    for record in _walk(parsed):
        for name, results in _DEFAULT_NAMES.items():
            yield from results if name in record else ()
        given = record.get("as")
        yield from [given] if isinstance(given, str) else given if isinstance(given, list) else []


def _list_fields(parsed: dict[str, Any]) -> tuple[str, ...] | None:
    """Lists the fields that are drawn and not computed by a transform; None if a transform makes fields of unknown names."""
    drawn: dict[str, None] = {}
    made = set(_list_made_fields(parsed))
    for record in _walk(parsed):
        if "pivot" in record or "flatten" in record or "impute" in record:
            return None
        for results in record.get("groupby", []), record.get("field", []):
            names = [results] if isinstance(results, str) else results if isinstance(results, list) else []
            drawn.update(dict.fromkeys(name for name in names if isinstance(name, str)))
    return tuple(name for name in drawn if name not in made)


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each)
