"""Keeps accepted orders on disk, one file each, written before the order is acknowledged so that a restart loses none."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic, MachineError
from brief.publish.durable_files import make_folders, replace_file
from brief.web.api.models import JobStateName
from brief.web.api.orders import ArtifactKey
from brief.web.api.work import Built

_VERSION = 1
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class JobRecord:
    """An order as it was sent, its caller, and its state."""

    id: str
    caller: str
    accepted: float
    body: str
    planned: tuple[ArtifactKey, ...] = ()
    state: JobStateName = "queued"
    artifacts: tuple[Built, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    problem: str | None = None


class JobStore:
    """The job records in one folder, which only its owner can read, because orders can contain confidential data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            make_folders(folder)
            folder.chmod(0o700)
        except OSError as problem:
            raise MachineError(f"{folder} cannot be written: {problem.strerror}") from problem

    def write(self, record: JobRecord) -> None:
        """Writes a record durably: it is on disk when the call returns.

        Raises:
            MachineError: the folder cannot be written.
        """
        document = {
            "version": _VERSION,
            "id": record.id,
            "caller": record.caller,
            "accepted": record.accepted,
            "body": record.body,
            "planned": [[key.audience, key.locale, key.format] for key in record.planned],
            "state": record.state,
            "artifacts": [_to_json(built) for built in record.artifacts],
            "diagnostics": [each.to_json() for each in record.diagnostics],
            "problem": record.problem,
        }
        try:
            replace_file(self._make_path(record.id), json.dumps(document).encode(), _MODE)
        except OSError as problem:
            raise MachineError(f"{self._folder} cannot be written: {problem.strerror}") from problem

    def remove(self, id_: str) -> None:
        with suppress(OSError):
            self._make_path(id_).unlink()

    def read(self) -> Iterator[JobRecord]:
        """Yields every record, oldest first. Removes incomplete records, which were never acknowledged."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(_read_record(json.loads(path.read_bytes())))
            except (ValueError, KeyError, TypeError, OSError, RecursionError):
                path.unlink(missing_ok=True)
        yield from sorted(found, key=lambda record: record.accepted)

    def _make_path(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"


def get_time() -> float:
    """Returns the time of acceptance: seconds since 1970, in UTC."""
    return time.time()


def _to_json(built: Built) -> dict[str, Any]:
    record = asdict(built.artifact)
    del record["data"]
    return {**record, "size": built.size}


def _read_record(document: Mapping[str, Any]) -> JobRecord:
    if document["version"] != _VERSION:
        raise ValueError("another version")
    artifacts: Sequence[Mapping[str, Any]] = document["artifacts"]
    return JobRecord(
        document["id"],
        document["caller"],
        document["accepted"],
        document["body"],
        tuple(ArtifactKey(*names) for names in document["planned"]),
        document["state"],
        tuple(
            Built(Artifact(**{name: value for name, value in each.items() if name != "size"}, data=b""), each["size"])
            for each in artifacts
        ),
        tuple(map(Diagnostic.from_json, document["diagnostics"])),
        document["problem"],
    )
