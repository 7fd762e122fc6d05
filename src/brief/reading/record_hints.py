"""Reads from the type hints of the model's records which keys a record has, and what each may contain."""

import dataclasses
import enum
import operator
import types
from collections.abc import Mapping
from functools import cache, reduce
from typing import Any, Union, get_args, get_origin, get_type_hints

from brief.model.text import BreakableText, LinedText, LocalisedText


@cache
def resolve_hints(record: type) -> Mapping[str, Any]:
    """Maps the key of each field of a record to its type hint."""
    return {name.removesuffix("_"): hint for name, hint in get_type_hints(record, include_extras=True).items()}


@cache
def list_record_keys(record: type) -> Mapping[str, "dataclasses.Field[Any]"]:
    """Returns the fields of a record by their key, in order. The key of a field such as `from_` has no `_`."""
    return {field.name.removesuffix("_"): field for field in dataclasses.fields(record) if field.name != "location"}


def is_required(key: "dataclasses.Field[Any]") -> bool:
    """Returns whether a record must have the key, because its field has no default."""
    return key.default is dataclasses.MISSING and key.default_factory is dataclasses.MISSING


def find_union_kinds(hint: Any) -> dict[str, type] | None:
    """Returns the record classes of a union by their KIND; None if the hint is not a union of such classes."""
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else ()
    kinds = {member.KIND: member for member in members if hasattr(member, "KIND")}
    return kinds or None


def split_optional(hint: Any) -> tuple[Any, bool]:
    """Returns the hint without `| None`, and whether it had that. `BreakableText` becomes the class `LinedText`."""
    if hint == BreakableText:
        return LinedText, False
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        rest = [member for member in get_args(hint) if member is not type(None)]
        return reduce(operator.or_, rest), True
    return hint, False


def list_choice_names(choices: type[enum.Enum]) -> dict[str, enum.Enum]:
    """Returns the members of an enumeration by how content writes them: the value of a text, and otherwise the name."""
    return {str(member.value) if isinstance(member.value, str) else member.name.lower(): member for member in choices}


def has_id(hint: Any) -> bool:
    """Returns whether values of this hint are records with ids, so that one can be left out without the others."""
    members = (find_union_kinds(hint) or {"": hint}).values()
    return all(dataclasses.is_dataclass(member) and "id" in list_record_keys(member) for member in members)


def is_text(hint: Any) -> bool:
    """Returns whether a value of this hint is a text in languages."""
    kind = split_optional(hint)[0]
    return isinstance(kind, type) and issubclass(kind, LocalisedText)
