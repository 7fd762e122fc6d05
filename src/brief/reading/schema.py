"""Builds JSON Schema (draft 2020-12) for content files from the records that the decoder fills.

Pydantic and msgspec are not used, because they build schemas only of records that their own decoders fill. These do not
know the file, line and column of a value, which every diagnostic names.
"""

import dataclasses
import enum
import inspect
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from brief.model.access import DEFAULT_CLEARANCES, Clearance
from brief.model.appearance.brand import Brand, SetSettings
from brief.model.brief import Audience, Glossary, Settings, Theme
from brief.model.evidence import Source
from brief.model.figures.declared_units import DeclaredUnits
from brief.model.figures.quantity import Period
from brief.model.recipient import RecipientList
from brief.model.source_location import DecimalPlaces, Doi, LocaleTag, Located, Reason, Ref, Sha256, Slug, Url
from brief.model.text import SAME, LocalisedText
from brief.reading.record_hints import (
    find_union_kinds,
    is_required,
    list_choice_names,
    list_record_keys,
    resolve_hints,
    split_optional,
)

# The record in each kind of file.
FILES: Mapping[str, type] = {
    "brief": Settings,
    "theme": Theme,
    "audience": Audience,
    "glossary": Glossary,
    "units": DeclaredUnits,
    "source": Source,
    "recipients": RecipientList,
    "set": SetSettings,
    "brand": Brand,
}

_LOCALE_PATTERN = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
_TEXT = {
    "description": "Inline Markdown by locale; a bare text, or one under 'same', applies to every locale.",
    "oneOf": [
        {"type": ["string", "number", "boolean"]},
        {
            "type": "object",
            "properties": {SAME: {"type": ["string", "number", "boolean"]}},
            "patternProperties": {_LOCALE_PATTERN: {"type": "string"}},
            "additionalProperties": False,
        },
    ],
}
_SCALARS: Mapping[Any, dict[str, Any]] = {
    # A project may define others in `clearances`.
    Clearance: {
        "title": "clearance",
        "anyOf": [
            {"enum": [clearance.name for clearance in DEFAULT_CLEARANCES]},
            {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        ],
    },
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 1},
    Decimal: {
        "title": "number",
        "oneOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?[0-9][0-9_]*(\.[0-9]+)?$"}],
    },
    date: {"title": "date", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    datetime: {
        "title": "date and time",
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    },
    Period: {
        "title": "period",
        "oneOf": [{"type": "integer"}, {"type": "string"}],
        "description": "2025, 2025-Q2, 2025-04, 2024-early, A/B",
    },
    DecimalPlaces: {"title": "number of decimals", "type": "integer", "minimum": 0, "maximum": 9},
    Slug: {"title": "id", "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    Sha256: {"title": "SHA-256", "type": "string", "pattern": "^[0-9a-f]{64}$"},
    Url: {"title": "address", "type": "string", "pattern": "^https?://[^@\\s]+$", "maxLength": 2000},
    Doi: {
        "title": "DOI",
        "type": "string",
        "pattern": r"^(doi:\s*|https?://(dx\.)?doi\.org/)?10\.[0-9]{4,9}(\.[0-9]+)*/\S+$",
    },
    LocaleTag: {"title": "locale", "type": "string", "pattern": _LOCALE_PATTERN},
    Reason: {"title": "reason", "type": "string", "minLength": 8},
    Ref: {"title": "name", "type": "string"},
}


def build_schema(file: str) -> dict[str, Any]:
    """Builds the schema of a kind of file, which is a key of `FILES`."""
    definitions: dict[str, Any] = {}
    root = _describe_type(FILES[file], definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"brief: {file}",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _describe_type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of values of a type; adds the schemas of the records that it names to `definitions`."""
    hint, _ = split_optional(hint)
    if (by_kind := find_union_kinds(hint)) is not None:
        return {"oneOf": [_build_reference(record, definitions) for record in by_kind.values()]}
    if isinstance(hint, type) and issubclass(hint, LocalisedText):
        definitions["text"] = _TEXT
        return {"$ref": "#/$defs/text"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _describe_type(get_args(hint)[0], definitions)}
    if get_origin(hint) is Mapping:
        names, values = (_describe_type(part, definitions) for part in get_args(hint))
        if values.get("type") == "array":
            values = {"oneOf": [values["items"], values]}
        return {"type": "object", "propertyNames": names, "additionalProperties": values}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": sorted(list_choice_names(hint))}
    if isinstance(hint, type) and issubclass(hint, Located):
        return _build_reference(hint, definitions)
    return dict(_SCALARS[hint])


def _build_reference(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    name = getattr(record, "KIND", record.__name__.lower())
    if name not in definitions:
        definitions[name] = {}  # a record may contain itself
        definitions[name] = _build_record(record, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _build_record(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": {"const": record.KIND}} if hasattr(record, "KIND") else {}
    properties |= {
        name: _add_default(key, _describe_type(resolve_hints(record)[name], definitions))
        for name, key in list_record_keys(record).items()
    }
    required = ["kind"] if hasattr(record, "KIND") else []
    required += [name for name, key in list_record_keys(record).items() if is_required(key)]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    # The docstring of a dataclass without one is its signature, which does not help authors.
    doc = inspect.getdoc(record) or ""
    if doc and not doc.startswith(f"{record.__name__}("):
        schema["description"] = "\n\n".join(paragraph.replace("\n", " ") for paragraph in doc.split("\n\n"))
    shorthand = getattr(record, "SHORTHAND", None)
    if shorthand is None:
        return schema
    return {"anyOf": [_describe_type(resolve_hints(record)[shorthand], definitions), schema]}


def _add_default(key: "dataclasses.Field[Any]", schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(key.default, enum.Enum):
        names = {member: name for name, member in list_choice_names(type(key.default)).items()}
        return {**schema, "default": names[key.default]}
    if isinstance(key.default, Clearance):
        return {**schema, "default": key.default.name}
    if isinstance(key.default, Ref):
        return {**schema, "default": key.default.name}
    if isinstance(key.default, str | bool):
        return {**schema, "default": key.default}
    return schema
