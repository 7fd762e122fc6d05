"""Which font families the machine has, as fontconfig sees them."""

import ctypes
import ctypes.util
from functools import lru_cache

from brief.model.diagnostics import Diagnostic, MachineError, Severity
from brief.model.place import NOWHERE
from brief.templating.template_set import Faces

HAN_PACKAGE = "fonts-noto-cjk"
_FONTCONFIG = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")
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
    library = _load(_FONTCONFIG)
    if library is None:
        raise MachineError("fontconfig is not installed; on Debian: apt-get install libpangoft2-1.0-0")
    for name in ("FcPatternCreate", "FcObjectSetCreate"):
        getattr(library, name).restype = ctypes.c_void_p
    library.FcFontList.restype = ctypes.POINTER(_FontSet)
    library.FcFontList.argtypes = [ctypes.c_void_p] * 3
    library.FcObjectSetAdd.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    library.FcPatternGetString.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_char_p),
    ]
    library.FcPatternGetInteger.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_int),
    ]
    pattern = library.FcPatternCreate()
    objects = library.FcObjectSetCreate()
    library.FcObjectSetAdd(objects, b"family")
    library.FcObjectSetAdd(objects, b"fontversion")
    fonts = library.FcFontList(None, pattern, objects)
    found: dict[str, str] = {}
    for index in range(fonts.contents.nfont):
        revision = ctypes.c_int(0)
        library.FcPatternGetInteger(fonts.contents.fonts[index], b"fontversion", 0, ctypes.byref(revision))
        value, number = ctypes.c_char_p(), 0
        # FcResultMatch is 0: there is a family of this number.
        while library.FcPatternGetString(fonts.contents.fonts[index], b"family", number, ctypes.byref(value)) == 0:
            family = (value.value or b"").decode("utf-8", "replace")
            # A 16.16 fixed-point number; the styles of a family may differ, and the newest speaks for it.
            found[family] = max(found.get(family, ""), f"{revision.value / 65536:.3f}")
            number += 1
    return found


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
    message = "libharfbuzz-subset is not installed: PDFs with Chinese take some thirty times as long"
    hint = "on Debian: apt-get install libharfbuzz-subset0"
    return (Diagnostic("slow-subsetter", message, NOWHERE, hint=hint, severity=Severity.WARNING),)


class _FontSet(ctypes.Structure):
    """FcFontSet of fontconfig.h."""

    _fields_ = (
        ("nfont", ctypes.c_int),
        ("sfont", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )


def _load(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
