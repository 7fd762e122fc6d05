"""Records unfinished builds of visitors on disk, so that a restarted server continues them."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from brief.model.artifact import BuildSelection
from brief.model.diagnostics import BriefError
from brief.model.record import dataclass
from brief.publish.lock import open_lock
from brief.web.record_folder import RecordFolder

_VERSION = 1
_ID = re.compile(r"[\w-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """An unfinished build: one step for each variant."""

    id: str
    steps: tuple[BuildSelection, ...]


class BuildRecords:
    """The records in one folder.

    A record contains nothing that is not in the project, and losing it only costs the work of starting the build again.
    A server that cannot use the folder works without records: the folder may not be writable, or another server of the
    project may use it.
    """

    def __init__(self, folder: Path) -> None:
        self._records = RecordFolder(folder)
        self._resources = ExitStack()
        self._is_open = False

    def open(self) -> None:
        """Makes the folder and locks it until `close`, unless it is not writable or locked already."""
        with suppress(OSError, BriefError):
            self._records.make()
            self._resources.enter_context(open_lock(self._records.folder / "lock"))
            self._is_open = True

    def close(self) -> None:
        """Unlocks the folder; the records stay on disk."""
        self._is_open = False
        self._resources.close()

    def write(self, record: BuildRecord) -> None:
        """Writes a record durably: it is on disk when the call returns. Does nothing if that is not possible."""
        steps = [
            {"audiences": step.audiences, "locales": step.locales, "formats": step.formats} for step in record.steps
        ]
        if self._is_open:
            with suppress(OSError):
                self._records.write(record.id, {"version": _VERSION, "id": record.id, "steps": steps})

    def remove(self, id_: str) -> None:
        """Removes the record of a build that has ended."""
        if self._is_open:
            self._records.remove(id_)

    def read(self) -> Iterator[BuildRecord]:
        """Yields every record, and removes those that cannot be read."""
        if self._is_open:
            yield from self._records.read(_read_record, _remove)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _read_record(document: dict[str, object]) -> BuildRecord:
    name, steps = document["id"], document["steps"]
    if document["version"] != _VERSION or not isinstance(name, str) or not _ID.fullmatch(name):
        raise ValueError("not a record of this version")
    if not isinstance(steps, list) or not steps:
        raise ValueError("no steps")
    return BuildRecord(name, tuple(_read_step(step) for step in steps))


def _read_step(step: dict[str, list[str]]) -> BuildSelection:
    (audience,), (locale,), formats = step["audiences"], step["locales"], step["formats"]
    if not formats:
        raise ValueError("no formats")
    return BuildSelection((audience,), (locale,), tuple(formats))
