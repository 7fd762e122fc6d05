"""Refused requests: the table of problem types, and the exception that becomes the response."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from brief.model.diagnostics import Diagnostic
from brief.model.source_location import SourceLocation
from brief.reading.explanations import load_explanations
from brief.web.api.models import DiagnosticRecord, Problem, ProblemField

if TYPE_CHECKING:
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
# Each type with its status and title. The types are identifiers and need not be dereferenceable (RFC 9457, 3.1.1).
_TYPES: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request is not valid HTTP for this service"),
    "bad-json": (400, "The body is not JSON"),
    "no-token": (401, "A valid token is required"),
    "another-site": (403, "The request comes from a page of another site"),
    "not-found": (404, "There is nothing at this address"),
    "wrong-method": (405, "The address does not support this method"),
    "body-too-late": (408, "The body did not arrive in time"),
    "stopped": (409, "The project would not build this variant any more"),
    "no-length": (411, "A Content-Length header is required"),
    "body-too-large": (413, "The body is too large"),
    "path-too-long": (414, "The address is too long"),
    "wrong-media-type": (415, "The body must be application/json"),
    "bad-range": (416, "The range is not within the file"),
    "invalid-pack-request": (422, "The pack request has errors"),
    "too-many-requests": (429, "The caller sends too many requests"),
    "too-many-jobs": (429, "The caller has too many unfinished packs"),
    "headers-too-large": (431, "The headers are too large"),
    "failed": (500, "The service failed"),
    "queue-full": (503, "Too many packs are unfinished"),
    "invalid-content": (503, "The project has errors"),
    "http-version": (505, "The service requires HTTP/1.0 or HTTP/1.1"),
    "disk-full": (507, "The disk of the service is full"),
}
PROBLEM_STATUSES = {name: status for name, (status, _) in _TYPES.items()}


class ProblemError(Exception):
    """Refuses a request with the problem `kind`, one of `PROBLEM_STATUSES`."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        errors: Iterable[ProblemField] = (),
        diagnostics: Iterable[DiagnosticRecord] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        status, title = _TYPES[kind]
        self.problem = Problem(
            f"urn:brief:problem:{kind}", title, status, detail or f"{title}.", tuple(errors), tuple(diagnostics)
        )
        self.headers = dict(headers or {})
        super().__init__(self.problem.detail)


def make_problem_response(error: ProblemError) -> "Response":
    """Makes the response to a refused request."""
    from starlette.responses import JSONResponse

    return JSONResponse(asdict(error.problem), error.problem.status, error.headers, MEDIA_TYPE)


def make_records(diagnostics: Iterable[Diagnostic], *, sees_everything: bool) -> tuple[DiagnosticRecord, ...]:
    """Makes the records of the diagnostics that a caller may see.

    Diagnostics quote content. A caller that does not see everything gets only the diagnostics of its own data, with the
    general explanation of the code instead of the message, and no sign that there are others.
    """
    if sees_everything:
        visible = diagnostics
    else:
        explained = load_explanations()
        visible = (
            Diagnostic(each.code, explained[each.code].summary, _strip_column(each.location), severity=each.severity)
            for each in diagnostics
            if each.location.file.startswith("data['") and each.code in explained
        )
    return tuple(DiagnosticRecord(**each.to_json()) for each in visible)


def _strip_column(location: SourceLocation) -> SourceLocation:
    """Returns the dataset and row of a location in the caller's data, without the column, which may be withheld."""
    return SourceLocation(location.file.partition(", column")[0])
