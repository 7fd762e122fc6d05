"""Keeps the results of reading files, for reading the project again."""

from dataclasses import dataclass

from brief.model.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class CachedFile:
    """The record read from a file's bytes, its diagnostics, and whether a part of it could not be read."""

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]
    is_whole: bool
    clearances: tuple[str, ...] = ()


ReadingCache = dict[tuple[str, type], CachedFile]
