"""What files were read as, kept for reading a project once more."""

from dataclasses import dataclass

from brief.model.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class CachedFile:
    """What a file of these bytes was read as, the diagnostics that were found in it, and whether they cost a part of it."""

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]
    is_whole: bool


ReadingCache = dict[tuple[str, type], CachedFile]
