"""The records of requests and responses, from which the JSON and its description in OpenAPI are generated.

The first paragraph of each docstring is the description of its record in the OpenAPI document.
"""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

JobStateName = Literal["queued", "running", "done", "failed", "cancelled"]
FINAL_STATES: tuple[JobStateName, ...] = ("done", "failed", "cancelled")
# A number in a body is a decimal, so that it keeps the digits that were sent.
Cell = str | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class BriefSummary:
    """A brief in which the caller may see something."""

    id: str
    title: Mapping[str, str]
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class BriefList:
    """The briefs in which the caller may see something."""

    briefs: tuple[BriefSummary, ...]


@dataclass(frozen=True, slots=True)
class AudienceOffer:
    """An audience that the caller may request, with its title by locale."""

    id: str
    title: Mapping[str, str]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefOffer:
    """What the caller may request. `datasets` lists the datasets for which the caller may send data."""

    id: str
    title: Mapping[str, str]
    date: str
    audiences: tuple[AudienceOffer, ...]
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What a pack is to contain. A list that is left out or empty means everything that the caller may see.

    `data` maps dataset names (`source/dataset`) to lists of records, which are checked like a file.
    """

    brief: str
    audiences: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    data: Mapping[str, tuple[Mapping[str, Cell], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiagnosticRecord:
    """A problem in the content or in the data of the pack request. `related` is a second location, such as that of the
    other of two duplicates.
    """

    code: str
    severity: Literal["error", "warning", "note"]
    file: str
    line: int
    column: int
    message: str
    hint: str | None
    related: SourceLocation | None


@dataclass(frozen=True, slots=True)
class PackArtifact:
    """A finished artifact; `url` is the address of its bytes."""

    audience: str
    locale: str
    format: str
    name: str
    media_type: str
    bytes: int
    sha256: str
    pages: int | None
    url: str


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The number of finished artifacts, and of all."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PackJob:
    """A requested pack and its state. `problem` says why it failed."""

    id: str
    url: str
    brief: str
    state: JobStateName
    accepted: str
    audiences: tuple[str, ...]
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    progress: JobProgress
    artifacts: tuple[PackArtifact, ...]
    diagnostics: tuple[DiagnosticRecord, ...]
    problem: str | None


@dataclass(frozen=True, slots=True)
class ProblemField:
    """What is wrong with one value in the body; `pointer` locates the value (RFC 6901)."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ProblemField, ...] = ()
    diagnostics: tuple[DiagnosticRecord, ...] = ()
