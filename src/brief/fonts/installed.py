"""Which font families the machine has, as fontconfig sees them."""

import ctypes
from collections.abc import Iterable
from functools import lru_cache

from brief.fonts.fontconfig import InstalledFace, installed_faces
from brief.model.diagnostics import Diagnostic, MachineError, Severity
from brief.model.source_location import NOWHERE
from brief.templating.template_set import Faces

HAN_PACKAGE = "fonts-noto-cjk"
_SUBSETTER = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


def installed_families() -> frozenset[str]:
    """Every family name, in every language that the fonts give it.

    Raises:
        MachineError: there is no fontconfig.
    """
    return frozenset(installed_versions())


@lru_cache(maxsize=1)
def installed_versions() -> dict[str, str]:
    """The version of each family (`head.fontRevision`), as fontconfig lists them once a process.

    Raises:
        MachineError: there is no fontconfig.
    """
    return newest(installed_faces())


def newest(faces: Iterable[InstalledFace]) -> dict[str, str]:
    """The version of each family: its faces may differ, and the newest speaks for it."""
    found: dict[str, int] = {}
    for face in faces:
        for family in face.families:
            found[family] = max(found.get(family, 0), face.revision)
    return {family: f"{revision / 65536:.3f}" for family, revision in found.items()}


def require(faces: Faces, provided: frozenset[str]) -> None:
    """Sees to it that every family is installed or among those `provided` by other means.

    Raises:
        MachineError: naming the families that are missing and, for Noto's Han faces, the Debian package.
    """
    wanted = dict.fromkeys((*faces.serif, *faces.sans))
    missing = [family for family in wanted if family not in provided and family not in installed_families()]
    if missing:
        names = ", ".join(missing)
        advice = f"; on Debian: apt-get install {HAN_PACKAGE}" if any(" CJK " in family for family in missing) else ""
        raise MachineError(f"fonts are missing: {names}{advice}")


def advice() -> tuple[Diagnostic, ...]:
    """What would make printing faster on this machine."""
    if _load(_SUBSETTER) is not None:
        return ()
    message = "libharfbuzz-subset is not installed: PDFs with Chinese take more than twice as long"
    hint = "on Debian: apt-get install libharfbuzz-subset0"
    return (Diagnostic("slow-subsetter", message, NOWHERE, hint=hint, severity=Severity.WARNING),)


def _load(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
