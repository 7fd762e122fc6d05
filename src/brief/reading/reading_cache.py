"""Keeps the results of reading files, for reading the project again, also in another process."""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from brief.model.diagnostics import Diagnostic

# The types in a record, in addition to those of the model.
_VALUES = {(kind.__module__, kind.__name__): kind for kind in (Decimal, date)}
_MODEL = "brief.model."


@dataclass(frozen=True, slots=True)
class CachedFile:
    """The record read from a file's bytes, its diagnostics, and whether a part of it could not be read.

    The other fields are what the record also depends on: the locales of the project, its clearances, and the keys that
    every record must state.
    """

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]
    is_whole: bool
    clearances: tuple[str, ...] = ()
    stated: frozenset[str] = frozenset()


ReadingCache = dict[tuple[str, type], CachedFile]


def dump_file(cached: CachedFile) -> bytes:
    """Serialises the result of reading one file."""
    made = io.BytesIO()
    _Pickler(made, protocol=5).dump(cached)
    return made.getvalue()


def load_file(data: bytes) -> CachedFile | None:
    """Returns what `dump_file` was given; None for bytes that name anything except types of the model."""
    try:
        loaded = _Unpickler(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, ValueError, TypeError, EOFError, AttributeError, ImportError, IndexError):
        return None
    return loaded if isinstance(loaded, CachedFile) else None


class _Pickler(pickle.Pickler):
    """Writes records as their type and the values of their fields, which is twice as fast as `pickle` alone."""

    def reducer_override(self, value: Any) -> Any:
        if not is_dataclass(value) or isinstance(value, type):
            return NotImplemented
        kind = type(value)
        return _restore, (kind, *(getattr(value, name) for name in _list_fields(kind)))


class _Unpickler(pickle.Unpickler):
    """Makes only records of the model: a pickle could otherwise call any function of the machine."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, _restore.__name__):
            return _restore
        if (module, name) == (__name__, CachedFile.__name__):
            return CachedFile
        if (module, name) in _VALUES:
            return _VALUES[module, name]
        if module.startswith(_MODEL) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not of the model")


@cache
def _list_fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _list_setters(kind: type) -> tuple[Callable[[object, object], None], ...]:
    return tuple(getattr(kind, name).__set__ for name in _list_fields(kind))


def _restore(kind: type, *values: object) -> object:
    """Makes a record from the values of its fields. Frozen records with slots can be filled by their descriptors alone."""
    made: object = object.__new__(kind)
    for fill, value in zip(_list_setters(kind), values, strict=True):
        fill(made, value)
    return made
