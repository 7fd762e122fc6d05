"""JSON Schema (draft 2020-12) of frozen records as they are written to JSON, with every field present."""

import dataclasses
import enum
import inspect
import types
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_SCALARS: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    type(None): {"type": "null"},
}


class RecordSchema:
    """Builds schemas of types. It collects the schemas of records in `definitions`; references to them begin with
    `prefix`.

    `names` maps the names that annotations use to the records, for records that refer to each other by name.
    """

    def __init__(self, names: Mapping[str, Any] | None = None, prefix: str = "#/$defs/") -> None:
        self.names = dict(names or {})
        self.prefix = prefix
        self.definitions: dict[str, dict[str, Any]] = {}

    def get_name(self, record: type) -> str:
        """Returns the name of a record's definition."""
        return record.__name__

    def get_kind(self, record: type) -> str | None:
        """Returns the value of the record's key "kind"; None if it has no such key."""
        return None

    def get_omitted(self, record: type) -> frozenset[str]:
        """Returns the fields of a record that are not written."""
        return frozenset()

    def is_required(self, field: "dataclasses.Field[Any]") -> bool:
        """Returns whether the key is required."""
        return True

    def define(self, name: str, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Returns a reference to the definition, and builds the definition if it does not exist yet."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a record may contain itself
            self.definitions[name] = build()
        return {"$ref": f"{self.prefix}{name}"}

    def describe(self, hint: Any) -> dict[str, Any]:
        """Returns the schema of a value with this annotation.

        Raises:
            TypeError: values with this annotation cannot be written as JSON.
        """
        origin, arguments = get_origin(hint), get_args(hint)
        if hint in _SCALARS:
            return dict(_SCALARS[hint])
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.describe(argument) for argument in arguments]}
        if origin is tuple and arguments[1:] == (...,):
            return {"type": "array", "items": self.describe(arguments[0])}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.describe(arguments[1])}
        if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
            return {"enum": [member.value for member in hint]}
        record = origin or hint
        if dataclasses.is_dataclass(record) and isinstance(record, type):
            return self.define(self.get_name(record), lambda: self.describe_record(record))
        raise TypeError(f"{hint!r} cannot be written as JSON")

    def describe_record(self, record: type) -> dict[str, Any]:
        """Returns the schema of a record, without a reference."""
        hints = get_type_hints(record, self.names)
        kind, omitted = self.get_kind(record), self.get_omitted(record)
        properties: dict[str, Any] = {"kind": {"const": kind}} if kind else {}
        required = ["kind"] if kind else []
        for field in dataclasses.fields(record):
            if field.name in omitted:
                continue
            properties[field.name] = {**self.describe(hints[field.name]), **dict(field.metadata)}
            if self.is_required(field):
                required.append(field.name)
        schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        # The docstring of a dataclass defaults to its signature.
        doc = inspect.getdoc(record) or ""
        if doc and not doc.startswith(f"{record.__name__}("):
            return {"description": doc.split("\n\n")[0].replace("\n", " "), **schema}
        return schema
