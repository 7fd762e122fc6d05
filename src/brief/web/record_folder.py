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

    def read(self, parse: Callable[[Any], T], handle_unreadable: Callable[[Path], None]) -> Iterator[T]:
        """Yields the result of `parse` for each JSON document.

        Calls `handle_unreadable` instead with the path of a file that cannot be read, is not JSON, or for which `parse`
        raises ValueError, KeyError or TypeError.
        """
        for path in sorted(self.folder.glob("*.json")):
            try:
                record = parse(json.loads(path.read_bytes()))
            except (ValueError, KeyError, TypeError, OSError, RecursionError):
                handle_unreadable(path)
            else:
                yield record

    def _make_path(self, id_: str) -> Path:
        return self.folder / f"{id_}.json"
