"""Finds the versions of installed packages by the names of their folders.

A digest of them is part of every cached result, so that each command waits for it. `importlib.metadata` alone takes longer
to import than all of this, and parses a file of each package.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# What ends the name of a folder with metadata: those of wheels, and those of old installations, which may be files.
_SUFFIXES = (".dist-info", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")
_PYTHON = re.compile(r"-py\d(?:\.\d+)?$")


def find_versions(names: Iterable[str]) -> dict[str, str]:
    """Returns the version of each package by its name, as the name is given; "" for those that are not installed."""
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
    """Finds packages in the zip files on Python's path, such as those of a zipped application."""
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
    """Normalises the name of a package as PEP 503 says."""
    return _SEPARATORS.sub("-", name).lower()
