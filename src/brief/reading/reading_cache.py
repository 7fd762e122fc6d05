"""Keeps and serialises the results of reading files, so that a project is read faster, also by other processes."""

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass

# Types that a record may contain in addition to the model's own.
_VALUE_TYPES = {(kind.__module__, kind.__name__): kind for kind in (Decimal, date)}
_MODEL = "brief.model."
# Types whose values are equal only if they are identical, unlike those of Decimal.
_COMPARABLE_TYPES = frozenset((str, bytes, int, bool, date))


@dataclass(frozen=True, slots=True)
class CachedFile:
    """The result of reading a file: its bytes (of a dataset the digest), the record, and its diagnostics `found`.

    `is_whole` says that all of the file could be read. The record also depends on the other fields: the locales of the
    project, the names of its clearances, and the keys that every record must have.
    """

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]
    is_whole: bool
    clearances: tuple[str, ...] = ()
    required_keys: frozenset[str] = frozenset()


# By the path of the file, or the name of the dataset, and the class of its record.
ReadingCache = dict[tuple[str, type], CachedFile]


def dump_file(cached: CachedFile) -> bytes:
    """Serialises the result of reading one file, for `load_file`."""
    return dump_record(cached)


def dump_record(record: object) -> bytes:
    """Serialises a record of the model with its locations, which its `repr` does not have."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=5).dump(record)
    return buffer.getvalue()


def are_identical(first: object, second: object) -> bool:
    """Returns whether two values of the model are identical in every digit and every location.

    Equality is not enough, because 1.5 equals 1.50, and locations are ignored. Most parts are quickly compared, because
    they are the same objects after an edit.
    """
    if first is second:
        return True
    kind: type = type(first)
    if kind is not type(second):
        return False
    if kind in _COMPARABLE_TYPES:
        return first == second
    first_parts, second_parts = _list_parts(first), _list_parts(second)
    if first_parts is None or second_parts is None:
        return dump_record(first) == dump_record(second)
    return len(first_parts) == len(second_parts) and all(map(are_identical, first_parts, second_parts))


def _list_parts(value: Any) -> tuple[object, ...] | None:
    """Returns the fields of a record, the items of a tuple, or the keys and values of a dict; None for other values."""
    if isinstance(value, dict):
        return (*value, *value.values())
    if isinstance(value, tuple):
        return value
    get_values = _find_getter(type(value))  # type: ignore[arg-type]  # every class is hashable
    return None if get_values is None else get_values(value)


def load_file(data: bytes) -> CachedFile | None:
    """Returns the result that `dump_file` serialised; None if the bytes are damaged, or name other types."""
    try:
        loaded = _Unpickler(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, ImportError, IndexError):
        return None
    return loaded if isinstance(loaded, CachedFile) else None


class _Pickler(pickle.Pickler):
    """Serialises records as their type and the values of their fields, in half the time of `pickle` alone."""

    def reducer_override(self, value: Any) -> Any:
        kind: type = type(value)
        # Python 3.11.0 to 3.11.3 pickle a member as a call of getattr(), which `_Unpickler` refuses.
        if isinstance(value, Enum):
            return kind, (value.value,)
        get_values = _find_getter(kind)
        return NotImplemented if get_values is None else (kind, get_values(value))


class _Unpickler(pickle.Unpickler):
    """Makes only records of the model, because a pickle could otherwise call any function."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, CachedFile.__name__):
            return _make_restorer(CachedFile)
        if (module, name) in _VALUE_TYPES:
            return _VALUE_TYPES[module, name]
        if module.startswith(_MODEL) and "." not in name:
            kind = super().find_class(module, name)
            if isinstance(kind, type) and kind.__module__ == module:
                return _make_restorer(kind) if is_dataclass(kind) else kind
        raise pickle.UnpicklingError(f"{module}.{name} is not a type of the model")


@cache
def _find_getter(kind: type) -> Callable[[object], tuple[object, ...]] | None:
    """Returns a function that returns the values of a record's fields; None if the type is not that of a record."""
    if not is_dataclass(kind):
        return None
    names = tuple(field.name for field in fields(kind))
    # For one name, `attrgetter` returns the value itself.
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


@cache
def _make_restorer(kind: type) -> Callable[..., object]:
    """Returns a function that makes a record from the values of its fields.

    It sets the fields with the descriptors of the class, because frozen records refuse assignments.
    """
    new = object.__new__
    setters = tuple(getattr(kind, field.name).__set__ for field in fields(kind))
    count = len(setters)

    def restore(*values: object) -> object:
        if len(values) != count:
            raise pickle.UnpicklingError(f"{kind.__name__} has {count} fields, not {len(values)}")
        record: object = new(kind)
        for set_field, value in zip(setters, values, strict=False):
            set_field(record, value)
        return record

    return restore
