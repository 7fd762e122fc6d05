"""Finds the versions of installed packages from the names of their metadata folders.

Every cache key includes a digest of them, so every command waits for it. `importlib.metadata` alone takes longer to
import than all of this, and parses a file of each package.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# Suffixes of metadata folders: `.dist-info` for wheels, and `.egg-info` for older installations, where it may be a
# file.
_SUFFIXES = (".dist-info", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")
_PYTHON = re.compile(r"-py\d(?:\.\d+)?$")


def find_versions(names: Iterable[str]) -> dict[str, str]:
    """Maps each name, as given, to the version of that package, or to "" if it is not installed."""
    installed: dict[str, str] = {}
    for name, version in _list_installed():
        installed.setdefault(name, version)  # Python imports the first
    wanted = {name: installed.get(_normalise(name), "") for name in names}
    wanted.update(_find_in_archives([name for name, version in wanted.items() if not version]))
    return wanted


def _list_installed() -> Iterator[tuple[str, str]]:
    """Yields the normalised name and the version of each package, in the order in which Python searches folders."""
    for folder in sys.path:
        try:
            found = [each.name for each in Path(folder).iterdir()]
        except OSError:
            continue
        for each in found:
            if each.endswith(_SUFFIXES):
                name, _, version = _PYTHON.sub("", each.rpartition(".")[0]).partition("-")
                if version:
                    yield _normalise(name), version


def _find_in_archives(names: Iterable[str]) -> Mapping[str, str]:
    """Finds versions of packages in zip files on Python's path, such as a zipped application; omits the others."""
    if not any(Path(each).is_file() for each in sys.path):
        return {}
    from importlib import metadata

    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _normalise(name: str) -> str:
    """Normalises the name of a package (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()
