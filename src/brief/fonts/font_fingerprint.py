"""A description of this machine's fonts, which changes whenever documents might look different."""

import ctypes
import glob
from functools import cache
from pathlib import Path

from brief.fonts.fontconfig import list_installed_faces

_TEXT_LIBRARIES = {
    "pango": (("libpango-1.0.so.0", "libpango-1.0.0.dylib"), "pango_version"),
    "harfbuzz": (("libharfbuzz.so.0", "libharfbuzz.0.dylib"), "hb_version_string"),
    "harfbuzz-subset": (("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), None),
    "fontconfig": (("libfontconfig.so.1", "libfontconfig.1.dylib"), "FcGetVersion"),
}
_CONFIGURATION = ("/etc/fonts", "~/.config/fontconfig")


@cache
def list_text_libraries() -> dict[str, str]:
    """Maps the name of each shared library that shapes text to its version, or to "" if it is missing."""
    return {name: _read_version(files, function) for name, (files, function) in _TEXT_LIBRARIES.items()}


def fingerprint_installed_fonts() -> str:
    """Returns a text that lists every installed font file, their folders, and every file of fontconfig's settings, with
    size and modification time.

    A character that no named family has may be drawn with any installed font, so all of them count.

    Raises:
        MachineError: there is no fontconfig.
    """
    files = dict.fromkeys(face.file for face in list_installed_faces())
    # The time of a folder reveals a font that was added after this process listed them.
    folders = dict.fromkeys(str(Path(file).parent) for file in files)
    settings = (path for folder in _CONFIGURATION for path in _list_settings(Path(folder).expanduser()))
    return "\n".join(_fingerprint_file(file) for file in (*files, *folders, *settings))


def _list_settings(folder: Path) -> list[str]:
    """Lists the settings below a folder; none if it may not be read: then fontconfig does not read them either."""
    # `Path.rglob` raises an error if the folder is in one that may not be entered.
    names = glob.iglob("**/*.conf", root_dir=folder, recursive=True, include_hidden=True)  # noqa: PTH207
    return sorted(str(folder / name) for name in names)


def _fingerprint_file(file: str) -> str:
    try:
        status = Path(file).stat()
    except OSError:
        return f"{file} gone"
    return f"{file} {status.st_size} {status.st_mtime_ns}"


def _read_version(files: tuple[str, ...], function: str | None) -> str:
    for file in files:
        try:
            library = ctypes.CDLL(file)
        except OSError:
            continue
        if function is None:
            return "present"
        call = getattr(library, function)
        call.restype = ctypes.c_char_p if function.endswith("string") else ctypes.c_int
        value = call()
        return value.decode() if isinstance(value, bytes) else str(value)
    return ""
