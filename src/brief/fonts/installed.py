"""The font families that are installed on this machine, according to fontconfig."""

import ctypes
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from brief.fonts.fontconfig import InstalledFace, list_installed_faces
from brief.fonts.system_packages import suggest_package
from brief.model.appearance.look import Faces
from brief.model.diagnostics import Diagnostic, MachineError, Severity
from brief.model.source_location import UNKNOWN_LOCATION

_SUBSETTER = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


def list_installed_families() -> frozenset[str]:
    """Returns the names of all families, in every language in which their fonts have one.

    Raises:
        MachineError: there is no fontconfig.
    """
    return frozenset(list_installed_versions())


@lru_cache(maxsize=1)
def list_installed_versions() -> dict[str, str]:
    """Maps each family name to its newest version (`head.fontRevision`, as in "2.004"); fonts are read once per
    process.

    Raises:
        MachineError: there is no fontconfig.
    """
    return find_newest_versions(list_installed_faces())


def find_newest_versions(faces: Iterable[InstalledFace]) -> dict[str, str]:
    """Maps each family name to the newest version among the faces of that family."""
    revisions: dict[str, int] = {}
    for face in faces:
        for family in face.families:
            revisions[family] = max(revisions.get(family, 0), face.revision)
    return {family: f"{revision / 65536:.3f}" for family, revision in revisions.items()}


def read_family(family: str) -> tuple[bytes, ...]:
    """Reads the files of a family, each once, in the order of their paths.

    Raises:
        MachineError: there is no fontconfig, or a file cannot be read.
    """
    files = dict.fromkeys(face.file for face in list_installed_faces() if family in face.families)
    try:
        return tuple(Path(file).read_bytes() for file in files)
    except OSError as problem:
        raise MachineError(f"the font '{family}' cannot be read: {problem}") from problem


def require_families(faces: Faces, provided: frozenset[str]) -> None:
    """Checks that every family is installed, or is in `provided`, which need not be installed.

    Raises:
        MachineError: families are missing. The message names them, and says how to install Noto's Han fonts if one of
            them is missing.
    """
    missing = [
        family for family in faces.families if family not in provided and family not in list_installed_families()
    ]
    if missing:
        names = ", ".join(missing)
        advice = f"; {suggest_package('han-faces')}" if any(" CJK " in family for family in missing) else ""
        raise MachineError(f"fonts are missing: {names}{advice}")


def check_subsetter() -> tuple[Diagnostic, ...]:
    """Returns a warning if the library is not installed with which WeasyPrint subsets fonts quickly."""
    if has_fast_subsetter():
        return ()
    message = "libharfbuzz-subset is not installed: PDFs with Chinese take more than twice as long"
    hint = suggest_package("harfbuzz-subset")
    return (Diagnostic("slow-subsetter", message, UNKNOWN_LOCATION, hint=hint, severity=Severity.WARNING),)


def has_fast_subsetter() -> bool:
    """Returns whether the library with which WeasyPrint subsets fonts quickly is installed."""
    return _load_library(_SUBSETTER) is not None


def _load_library(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
