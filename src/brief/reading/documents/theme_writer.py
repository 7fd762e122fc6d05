"""Writes the YAML of imported themes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

import yaml

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.edits.quoting import quote_scalar

_ORIGIN = re.compile(r"# Imported from (\".*\") by `brief import( --into)?`\.")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """The markup of a text in one locale, its location in the document, and its texts in other locales of the project."""

    markup: str
    location: SourceLocation
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A scalar that is written in double quotes."""

    text: str


Field: TypeAlias = "str | bool | ImportedText | QuotedText | Sequence[Field] | Mapping[str, Field]"


@dataclass(frozen=True, slots=True)
class ImportedTheme:
    """A theme as the fields of its file, in their order; `location` is that of its title in the document."""

    id: str
    fields: Mapping[str, Field]
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Origin:
    """The document that a theme was imported from; `is_whole` says that the theme has all of the document."""

    document: str
    is_whole: bool = False

    @property
    def line(self) -> str:
        """The first line of the theme file, a comment in which the next import finds the document."""
        option = " --into" if self.is_whole else ""
        return f"# Imported from {quote_scalar(self.document)} by `brief import{option}`."


def write_theme(theme: ImportedTheme, locale: str, origin: Origin) -> str:
    """Returns the content of a theme's file, with its texts in one locale."""
    lines = [origin.line, *_write_mapping(theme.fields, 0, locale)]
    return "\n".join(lines) + "\n"


def write_entry(entry: Field, indent: int, locale: str) -> str:
    """Returns the lines of an entry of a list whose dashes are at the column `indent`, from 0."""
    return "".join(f"{line}\n" for line in _write_list([entry], indent, locale))


def write_field(key: str, value: Field, indent: int, locale: str) -> str:
    """Returns the lines of a key and its value in a mapping at the column `indent`, from 0."""
    return "".join(f"{line}\n" for line in _write_mapping({key: value}, indent, locale))


def find_origin(text: str) -> Origin | None:
    """Returns the origin that the first three lines of a theme file name; None if it was written by hand."""
    for line in text.split("\n")[:3]:
        match = _ORIGIN.fullmatch(line.strip())
        if match:
            try:
                return Origin(str(json.loads(match[1])), bool(match[2]))
            except json.JSONDecodeError:
                return None
    return None


def _write_mapping(fields: Mapping[str, Field], indent: int, locale: str) -> Iterator[str]:
    space = " " * indent
    for key, value in fields.items():
        match value:
            case bool():
                yield f"{space}{key}: {'true' if value else 'false'}"
            case str():
                yield f"{space}{key}: {_write_scalar(value)}"
            case QuotedText(text):
                yield f"{space}{key}: {quote_scalar(text)}"
            case ImportedText():
                yield from _write_text(f"{space}{key}:", value, indent, locale)
            case Mapping() if not value:
                yield f"{space}{key}: {{}}"
            case Mapping():
                yield f"{space}{key}:"
                yield from _write_mapping(value, indent + 2, locale)
            case _ if not value:
                yield f"{space}{key}: []"
            case _:
                yield f"{space}{key}:"
                yield from _write_list(value, indent + 2, locale)


def _write_list(items: Sequence[Field], indent: int, locale: str) -> Iterator[str]:
    for item in items:
        match item:
            case ImportedText():
                written = list(_write_text("", item, indent + 2, locale))
            case QuotedText(text):
                written = [quote_scalar(text)]
            case bool() | str():
                written = [f" {_write_scalar(str(item))}"]
            case Mapping():
                written = list(_write_mapping(item, indent + 2, locale)) or ["{}"]
            case _:
                written = list(_write_list(item, indent + 2, locale)) or ["[]"]
        first = written[0].strip()
        yield f"{' ' * indent}- {first}"
        yield from written[1:]


def _write_text(prefix: str, text: ImportedText, indent: int, locale: str) -> Iterator[str]:
    """Yields the lines of a text after `prefix`: a single line if it is short, otherwise lines below its locales."""
    texts = {locale: text.markup, **text.translations}
    if all("\n" not in markup and len(markup) <= 60 for markup in texts.values()):
        written = ", ".join(f"{name}: {_write_scalar(markup, is_flow=True)}" for name, markup in texts.items())
        yield f"{prefix} {{{written}}}"
        return
    if prefix:
        yield prefix
        indent += 2
    space = " " * indent
    for name, markup in texts.items():
        if "\n" not in markup:
            yield f"{space}{name}: {_write_scalar(markup)}"
            continue
        yield f"{space}{name}: |-"
        yield from (f"{space}  {line}" if line else "" for line in markup.split("\n"))


def _write_scalar(text: str, *, is_flow: bool = False) -> str:
    """Returns a scalar unquoted if YAML reads it as the same text, otherwise in double quotes."""
    field = f"{{k: {text}}}" if is_flow else f"k: {text}"
    try:
        # Composed, not loaded, because a loader would read `no` as false (YAML 1.1); content reads it as text.
        mapping = yaml.compose(field, Loader=_Loader)
        value = mapping.value[0][1] if isinstance(mapping, yaml.MappingNode) and len(mapping.value) == 1 else None
        is_plain = isinstance(value, yaml.ScalarNode) and value.value == text and not value.style
    except yaml.YAMLError:
        is_plain = False
    is_null = text in ("", "~", "null")
    return text if is_plain and not is_null and "#" not in text else quote_scalar(text)
