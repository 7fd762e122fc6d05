"""Lists the installed fonts by calling fontconfig's C library.

Pango needs the library, so it is present wherever WeasyPrint runs. The program `fc-list` is in a package of its own,
takes as long (about 15 ms), and writes text that would have to be parsed.
"""

import ctypes
from functools import lru_cache

from brief.fonts.system_packages import suggest_package
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll")
_MATCH = 0  # FcResultMatch
_FACE_INDEX = 0xFFFF  # the upper half of an index numbers the instances of a variable font


@dataclass(frozen=True, slots=True, order=True)
class InstalledFace:
    """One face of a font file. `index` is its number in the file, counted from 0; `families` are the names that the
    font gives its family, in any language; `revision` is `head.fontRevision`, a 16.16 fixed-point number.
    """

    file: str
    index: int
    families: tuple[str, ...]
    revision: int = 0


@lru_cache(maxsize=1)
def list_installed_faces() -> tuple[InstalledFace, ...]:
    """Lists every face that is installed, in order of file; listed once per process.

    Raises:
        MachineError: fontconfig is not installed.
    """
    library = _load_library()
    pattern, properties = library.FcPatternCreate(), library.FcObjectSetCreate()
    for name in (b"family", b"file", b"index", b"fontversion"):
        library.FcObjectSetAdd(properties, name)
    fonts = library.FcFontList(None, pattern, properties).contents
    faces = set()
    for font in fonts.fonts[: fonts.nfont]:
        index = _read_integer(library, font, b"index") & _FACE_INDEX
        families, revision = _read_strings(library, font, b"family"), _read_integer(library, font, b"fontversion")
        faces |= {InstalledFace(file, index, families, revision) for file in _read_strings(library, font, b"file")}
    return tuple(sorted(faces))


class _FontSet(ctypes.Structure):
    """FcFontSet of fontconfig.h."""

    _fields_ = (
        ("nfont", ctypes.c_int),
        ("sfont", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    )


def _load_library() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        library.FcPatternCreate.restype = pointer
        library.FcObjectSetCreate.restype = pointer
        library.FcObjectSetAdd.argtypes = [pointer, text]
        library.FcFontList.restype = ctypes.POINTER(_FontSet)
        library.FcFontList.argtypes = [pointer, pointer, pointer]
        library.FcPatternGetString.argtypes = [pointer, text, number, ctypes.POINTER(text)]
        library.FcPatternGetInteger.argtypes = [pointer, text, number, ctypes.POINTER(number)]
        return library
    raise MachineError(f"fontconfig is not installed; {suggest_package('fontconfig')}")


def _read_integer(library: ctypes.CDLL, font: int, name: bytes) -> int:
    value = ctypes.c_int(0)
    library.FcPatternGetInteger(font, name, 0, ctypes.byref(value))
    return value.value


def _read_strings(library: ctypes.CDLL, font: int, name: bytes) -> tuple[str, ...]:
    strings: list[str] = []
    value = ctypes.c_char_p()
    while library.FcPatternGetString(font, name, len(strings), ctypes.byref(value)) == _MATCH:
        strings.append((value.value or b"").decode("utf-8", "surrogateescape"))
    return tuple(strings)
