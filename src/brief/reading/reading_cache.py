"""Keeps the results of reading files, for reading the project again, also in another process."""

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
_VALUES = {(kind.__module__, kind.__name__): kind for kind in (Decimal, date)}
_MODEL = "brief.model."
# Values that are equal only if they are written alike.
_COMPARABLE = frozenset((str, bytes, int, bool, date))


@dataclass(frozen=True, slots=True)
class CachedFile:
    """What was read from a file: the bytes (of a dataset only their digest), the record, its diagnostics, and whether all of
    it could be read.

    The record also depends on the other fields: the locales of the project, its clearances, and the keys that
    every record must state.
    """

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]
    is_whole: bool
    clearances: tuple[str, ...] = ()
    required_keys: frozenset[str] = frozenset()


ReadingCache = dict[tuple[str, type], CachedFile]


def dump_file(cached: CachedFile) -> bytes:
    """Serialises the result of reading one file."""
    return dump_record(cached)


def dump_record(record: object) -> bytes:
    """Serialises a record of the model with its locations, which its `repr` does not have."""
    made = io.BytesIO()
    _Pickler(made, protocol=5).dump(record)
    return made.getvalue()


def are_identical(one: object, other: object) -> bool:
    """Returns whether two records of the model are the same, including every digit and every location.

    Equality is not enough: 1.5 equals 1.50, and it ignores locations. After an edit, nearly all parts are the same objects.
    """
    if one is other:
        return True
    kind: type = type(one)
    if kind is not type(other):
        return False
    if kind in _COMPARABLE:
        return one == other
    parts, others = _list_parts(one), _list_parts(other)
    if parts is None or others is None:
        return dump_record(one) == dump_record(other)
    return len(parts) == len(others) and all(map(are_identical, parts, others))


def _list_parts(value: Any) -> tuple[object, ...] | None:
    """Returns the parts of a value in their order: fields, entries, or keys and values; None if it is something else."""
    if isinstance(value, dict):
        return (*value, *value.values())
    if isinstance(value, tuple):
        return value
    get_values = _find_getter(type(value))  # type: ignore[arg-type]  # of every class, the hash is its identity
    return None if get_values is None else get_values(value)


def load_file(data: bytes) -> CachedFile | None:
    """Returns the file that `dump_file` wrote; None if the bytes name anything but types of the model."""
    try:
        loaded = _Unpickler(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, ImportError, IndexError):
        return None
    return loaded if isinstance(loaded, CachedFile) else None


class _Pickler(pickle.Pickler):
    """Writes records as their type and the values of their fields, which is twice as fast as `pickle` alone."""

    def reducer_override(self, value: Any) -> Any:
        kind: type = type(value)
        # Python 3.11.0 to 3.11.3 pickle a member by a call of getattr(), which is not read back.
        if isinstance(value, Enum):
            return kind, (value.value,)
        get_values = _find_getter(kind)
        return NotImplemented if get_values is None else (kind, get_values(value))


class _Unpickler(pickle.Unpickler):
    """Makes only records of the model: a pickle could otherwise call any function of the machine."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, CachedFile.__name__):
            return _make_restorer(CachedFile)
        if (module, name) in _VALUES:
            return _VALUES[module, name]
        if module.startswith(_MODEL) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return _make_restorer(found) if is_dataclass(found) else found
        raise pickle.UnpicklingError(f"{module}.{name} is not of the model")


@cache
def _find_getter(kind: type) -> Callable[[object], tuple[object, ...]] | None:
    """Returns a function that lists the values of a record's fields; None if the object is not a record."""
    if not is_dataclass(kind):
        return None
    names = tuple(field.name for field in fields(kind))
    # For one name, `attrgetter` returns the value itself.
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


@cache
def _make_restorer(kind: type) -> Callable[..., object]:
    """Returns a function that makes a record from the values of its fields.

    Frozen records with slots can be filled by their descriptors alone.
    """
    new = object.__new__
    setters = tuple(getattr(kind, field.name).__set__ for field in fields(kind))
    count = len(setters)

    def restore(*values: object) -> object:
        if len(values) != count:
            raise pickle.UnpicklingError(f"{kind.__name__} has {count} fields, not {len(values)}")
        made: object = new(kind)
        for fill, value in zip(setters, values, strict=False):
            fill(made, value)
        return made

    return restore
