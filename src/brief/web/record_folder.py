"""Keeps JSON records in a folder, each in its own file, so that they survive a restart."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from brief.publish.durable_files import make_folders, replace_file

_MODE = 0o600

T = TypeVar("T")


class RecordFolder:
    """A folder of records, which only its owner can read, because they can contain confidential data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Makes the folder, which only its owner can open. Raises OSError."""
        make_folders(self.folder)
        self.folder.chmod(0o700)

    def write(self, id_: str, document: dict[str, Any]) -> None:
        """Writes a record durably: it is on disk when the call returns. Raises OSError."""
        replace_file(self._make_path(id_), json.dumps(document).encode(), _MODE)

    def remove(self, id_: str) -> None:
        """Removes a record; does nothing if that is not possible."""
        with suppress(OSError):
            self._make_path(id_).unlink()

    def read(
        self,
        parse: Callable[[Any], T],
        handle_unreadable: Callable[[Path], None],
        *,
        order: Callable[[T], float] | None = None,
    ) -> Iterator[T]:
        """Yields the result of `parse` for each JSON document, sorted by `order` or else by file name.

        Calls `handle_unreadable` instead with the path of a file that cannot be read, is not JSON, or for which `parse`
        raises ValueError, KeyError or TypeError. Removes what interrupted calls of `write` left, so nothing else may
        use the folder.
        """
        for path in self.folder.glob(".*.json.new"):
            with suppress(OSError):
                path.unlink()
        paths = sorted(self.folder.glob("*.json"))
        if order is not None:
            # Read twice, because all records at once may take gigabytes of memory.
            places = [(order(record), path) for path in paths for record in _read_file(path, parse, handle_unreadable)]
            paths = [path for _, path in sorted(places)]
        for path in paths:
            yield from _read_file(path, parse, handle_unreadable)

    def _make_path(self, id_: str) -> Path:
        return self.folder / f"{id_}.json"


def _read_file(path: Path, parse: Callable[[Any], T], handle_unreadable: Callable[[Path], None]) -> Iterator[T]:
    """Yields the record in the file, unless it is unreadable."""
    try:
        record = parse(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        handle_unreadable(path)
    else:
        yield record
