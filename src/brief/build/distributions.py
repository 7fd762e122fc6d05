"""Finds the versions of installed packages from the names of their metadata folders.

Every command computes a cache key that includes these versions, so this must be fast. It takes 3 ms; importing
`importlib.metadata` alone takes 27 ms, and it parses a METADATA file for each package.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# Suffixes of metadata folders: `.dist-info` for wheels; `.egg-info`, which may be a file, for older installations.
_SUFFIXES = (".dist-info", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")
_PYTHON_TAG = re.compile(r"-py\d(?:\.\d+)?$")


def find_versions(names: Iterable[str]) -> dict[str, str]:
    """Maps each name, as given, to the version of that package, or to "" if it is not installed."""
    installed: dict[str, str] = {}
    for name, version in _walk_installed():
        installed.setdefault(name, version)  # Python imports the first
    versions = {name: installed.get(_normalise(name), "") for name in names}
    versions.update(_find_in_archives([name for name, version in versions.items() if not version]))
    return versions


def _walk_installed() -> Iterator[tuple[str, str]]:
    """Yields the normalised name and the version of each package, in the order of `sys.path`."""
    for folder in sys.path:
        try:
            names = [each.name for each in Path(folder).iterdir()]
        except OSError:
            continue
        for each in names:
            if each.endswith(_SUFFIXES):
                name, _, version = _PYTHON_TAG.sub("", each.rpartition(".")[0]).partition("-")
                if version:
                    yield _normalise(name), version


def _find_in_archives(names: Iterable[str]) -> Mapping[str, str]:
    """Maps the names of packages in zip files on `sys.path`, such as a zipped application, to their versions.

    Omits names that are not found; returns an empty mapping if `sys.path` has no files.
    """
    if not any(Path(each).is_file() for each in sys.path):
        return {}
    from importlib import metadata

    versions = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _normalise(name: str) -> str:
    """Normalises the name of a package (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()
