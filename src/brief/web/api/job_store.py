"""Stores accepted pack requests on disk, each in a file. It is written before the request is acknowledged, so that a
restart loses none.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic, make_write_error
from brief.model.record import dataclass
from brief.store import spool
from brief.web.api.models import FINAL_STATES, JobStateName
from brief.web.api.pack_requests import ArtifactKey
from brief.web.api.work import BuiltArtifact
from brief.web.record_folder import RecordFolder

_VERSION = 1


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A pack request with its state. `caller` is the caller's name, `body` the JSON that was sent.

    `accepted` is in seconds since 1970, UTC. `planned` lists the artifacts that it asks for, in the order of the brief.
    """

    id: str
    caller: str
    accepted: float
    body: str
    planned: tuple[ArtifactKey, ...] = ()
    state: JobStateName = "queued"
    artifacts: tuple[BuiltArtifact, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    problem: str | None = None


class JobStore:
    """The job records in one folder."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder, which only its owner can open.

        Raises:
            MachineError: the folder cannot be written.
        """
        self._records = RecordFolder(folder)
        try:
            self._records.make()
        except OSError as problem:
            raise make_write_error(str(folder), problem) from problem

    def write(self, record: JobRecord) -> None:
        """Writes a record durably: it is on disk when the call returns.

        Raises:
            DiskFullError: the disk is full.
            MachineError: the folder cannot be written for another reason.
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
            self._records.write(record.id, document)
        except OSError as problem:
            raise make_write_error(str(self._records.folder), problem) from problem

    def remove(self, id_: str) -> None:
        self._records.remove(id_)

    def read(self, report: Callable[[str], None]) -> Iterator[JobRecord]:
        """Yields every record, oldest first.

        Renames each file that is not a valid record to `*.unreadable`, and reports it, because a pack request that was
        accepted is lost with it.
        """

        def set_aside(path: Path) -> None:
            unreadable = path.with_name(f"{path.name}.unreadable")
            try:
                path.replace(unreadable)
            except OSError:
                unreadable = path
            report(f"{unreadable} cannot be read; the pack request in it is not built")

        yield from self._records.read(_read_record, set_aside, order=lambda record: record.accepted)


def get_time() -> float:
    """Returns the current time in seconds since 1970, UTC."""
    return time.time()


def _to_json(built: BuiltArtifact) -> dict[str, Any]:
    record = {each.name: getattr(built.artifact, each.name) for each in fields(Artifact) if each.name != "content"}
    return {**record, "size": built.size}


def _read_record(document: Mapping[str, Any]) -> JobRecord:
    if document["version"] != _VERSION:
        if document["state"] in FINAL_STATES:
            raise ValueError("another version")
        # Another version of brief accepted it: plan it again from the body.
        return JobRecord(document["id"], document["caller"], document["accepted"], document["body"], ())
    artifacts: Sequence[Mapping[str, Any]] = document["artifacts"]
    return JobRecord(
        document["id"],
        document["caller"],
        document["accepted"],
        document["body"],
        tuple(ArtifactKey(*names) for names in document["planned"]),
        document["state"],
        tuple(
            BuiltArtifact(
                Artifact(**{name: value for name, value in each.items() if name != "size"}, content=spool()),
                each["size"],
            )
            for each in artifacts
        ),
        tuple(map(Diagnostic.from_json, document["diagnostics"])),
        document["problem"],
    )
