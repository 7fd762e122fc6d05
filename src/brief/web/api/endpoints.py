"""The endpoints of the API. The routes and the OpenAPI description are both generated from `ENDPOINTS`."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.web.api.callers import Caller
from brief.web.api.file_response import make_file_response
from brief.web.api.job import JobSnapshot, TrackedJob
from brief.web.api.models import (
    AudienceOffer,
    BriefList,
    BriefOffer,
    BriefSummary,
    JobProgress,
    PackArtifact,
    PackJob,
    PackRequest,
)
from brief.web.api.pack_requests import list_datasets, list_formats
from brief.web.api.pack_service import PackService
from brief.web.api.problems import ProblemError, make_records
from brief.web.api.sources import Outline
from brief.writers.formats import FORMATS

Handler = Callable[["ApiEndpoints", Request], Awaitable[Response]]

_JSON = "application/json"
_ARTIFACTS = tuple(each.media_type for each in FORMATS.values())
_EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. `responses` maps each status to the record or the media types of its body.

    `body` is the record of the request. `problems` lists the kinds of problems with which it refuses requests, in
    addition to those that every path has. `headers` lists headers of its responses, and `links` the endpoints that take
    the id in the response.
    """

    method: str
    path: str
    name: str
    summary: str
    handler: Handler
    responses: Mapping[int, type | tuple[str, ...] | None]
    body: type | None = None
    problems: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class ApiEndpoints:
    """Answers requests that have passed the gate."""

    def __init__(self, service: PackService) -> None:
        self._service = service
        self._streams: Counter[str] = Counter()

    async def list_briefs(self, request: Request) -> Response:
        outline, caller = await self._read_outline(), _get_caller(request)
        brief = outline.brief
        summary = BriefSummary(
            str(brief.settings.id),
            _collect_titles(brief.settings.title, brief.locales),
            brief.settings.date.isoformat(),
            f"{_get_root(request)}/api/briefs/{quote(str(brief.settings.id), safe='')}",
        )
        return _respond_json(BriefList((summary,) if caller.list_audiences(brief) else ()))

    async def describe_brief(self, request: Request) -> Response:
        outline, caller = await self._read_outline(), _get_caller(request)
        brief = outline.brief
        audiences = caller.list_audiences(brief)
        if not audiences or request.path_params["brief"] != brief.settings.id:
            raise ProblemError("not-found")
        return _respond_json(
            BriefOffer(
                str(brief.settings.id),
                _collect_titles(brief.settings.title, brief.locales),
                brief.settings.date.isoformat(),
                tuple(
                    AudienceOffer(
                        name,
                        _collect_titles(brief.audiences[name].title, brief.locales),
                        tuple(ref.name for ref in brief.audiences[name].formats),
                    )
                    for name in audiences
                ),
                tuple(brief.locales),
                list_formats(brief, audiences),
                list_datasets(brief, caller),
            )
        )

    async def request_pack(self, request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != _JSON:
            raise ProblemError("wrong-media-type")
        body = await request.body()
        job = await asyncio.to_thread(self._service.submit, _get_caller(request), body)
        description = _describe_job(request, job.take_snapshot())
        return JSONResponse(asdict(description), 202, {"Location": description.url})

    async def show_pack(self, request: Request) -> Response:
        return _respond_json(_describe_job(request, (await self._find_job(request)).take_snapshot()))

    async def cancel_pack(self, request: Request) -> Response:
        await asyncio.to_thread(self._service.cancel, await self._find_job(request))
        return Response(status_code=204)

    async def follow_pack(self, request: Request) -> Response:
        job, caller = await self._find_job(request), _get_caller(request)
        if self._streams[caller.name] >= self._service.limits.streams:
            raise ProblemError("too-many-requests", headers={"Retry-After": "5"})
        return StreamingResponse(
            self._stream_events(request, job, caller), media_type=_EVENTS, headers={"X-Accel-Buffering": "no"}
        )

    async def send_artifact(self, request: Request) -> Response:
        digest, name = request.path_params["digest"], request.path_params["name"]
        await self._refresh_if_outdated()
        built = self._service.find_artifact(_get_caller(request), digest, name)
        if built is None:
            raise ProblemError("not-found")
        # Examining the project would block the event loop; the second call finds the remembered result.
        if not self._service.stopping.knows(built):
            await asyncio.to_thread(self._service.stopping.find, built)
        if stopping := self._service.stopping.find(built):
            sees_everything = _get_caller(request).sees_everything()
            records = make_records(stopping, sees_everything=sees_everything)
            raise ProblemError("stopped", "Request the pack again once the project builds it.", diagnostics=records)
        data = self._service.artifacts.get_cached(digest) or await asyncio.to_thread(
            self._service.artifacts.get, digest
        )
        if data is None:
            raise ProblemError("not-found")
        return make_file_response(request.headers, data, sha256=digest, media_type=built.artifact.media_type, name=name)

    async def describe_variants(self, request: Request) -> Response:
        from brief.writers.json.schema import build_schema

        return JSONResponse(build_schema(), media_type="application/schema+json")

    async def describe_api(self, request: Request) -> Response:
        from brief.web.api.openapi import build_openapi

        return JSONResponse(build_openapi(_get_root(request)))

    async def _read_outline(self) -> Outline:
        return await asyncio.to_thread(self._service.read_outline)

    async def _refresh_if_outdated(self) -> None:
        if self._service.is_outdated():
            await asyncio.to_thread(self._service.refresh)

    async def _find_job(self, request: Request) -> TrackedJob:
        await self._refresh_if_outdated()
        job = self._service.find(_get_caller(request), request.path_params["id"])
        if job is None:
            raise ProblemError("not-found")
        return job

    async def _stream_events(self, request: Request, job: TrackedJob, caller: Caller) -> AsyncIterator[str]:
        """Yields the state of a job as server-sent events (HTML standard, 9.2) until the job ends."""
        self._streams[caller.name] += 1
        try:
            async for snapshot in job.follow():
                if snapshot is None:
                    yield ": still there\n\n"
                    continue
                data = json.dumps(asdict(_describe_job(request, snapshot)), ensure_ascii=False)
                yield f"id: {snapshot.version}\nevent: {'end' if snapshot.is_final else 'progress'}\ndata: {data}\n\n"
        finally:
            self._streams[caller.name] -= 1


def _get_caller(request: Request) -> Caller:
    caller: Caller = request.scope["caller"]
    return caller


def _get_root(request: Request) -> str:
    """Returns the path under which the application is mounted, with which URLs in responses begin; no final slash."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _respond_json(record: object) -> Response:
    return JSONResponse(asdict(record))  # type: ignore[call-overload]  # a record of `models`


def _collect_titles(title: LocalisedText, locales: tuple[str, ...]) -> dict[str, str]:
    phrases = ((locale, title.find_phrase(locale)) for locale in locales)
    return {locale: str(phrase.source) for locale, phrase in phrases if phrase is not None}


def _describe_job(request: Request, snapshot: JobSnapshot) -> PackJob:
    record, root = snapshot.record, _get_root(request)
    artifacts = tuple(
        PackArtifact(
            audience=each.artifact.audience,
            locale=each.artifact.locale,
            format=each.artifact.format,
            name=each.artifact.name,
            media_type=each.artifact.media_type,
            bytes=each.size,
            sha256=each.artifact.sha256,
            pages=each.artifact.pages,
            url=f"{root}/artifacts/{each.artifact.sha256}/{quote(each.artifact.name, safe='')}",
        )
        for each in record.artifacts
    )
    return PackJob(
        id=record.id,
        url=f"{root}/api/packs/{record.id}",
        brief=snapshot.brief,
        state=record.state,
        accepted=datetime.fromtimestamp(record.accepted, UTC).isoformat(timespec="seconds"),
        audiences=_drop_duplicates(key.audience for key in record.planned),
        locales=_drop_duplicates(key.locale for key in record.planned),
        formats=_drop_duplicates(key.format for key in record.planned),
        progress=JobProgress(len(artifacts), len(record.planned)),
        artifacts=artifacts,
        diagnostics=make_records(record.diagnostics, sees_everything=_get_caller(request).sees_everything()),
        problem=record.problem,
    )


def _drop_duplicates(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET", "/api/briefs", "listBriefs", "List the briefs.", ApiEndpoints.list_briefs, {200: BriefList},
        problems=("invalid-content",),
    ),
    Endpoint(
        "GET", "/api/briefs/{brief}", "describeBrief", "Describe what can be requested from a brief.",
        ApiEndpoints.describe_brief, {200: BriefOffer}, problems=("not-found", "invalid-content"),
    ),
    Endpoint(
        "POST", "/api/packs", "requestPack", "Request a pack; it is built in the background.",
        ApiEndpoints.request_pack, {202: PackJob}, body=PackRequest, headers=("Location",),
        links=("showPack", "followPack", "cancelPack"),
        problems=(
            "bad-json", "body-too-late", "wrong-media-type", "invalid-pack-request", "too-many-jobs", "queue-full", "invalid-content",
            "disk-full",
        ),
    ),
    Endpoint(
        "GET", "/api/packs/{id}", "showPack", "Show the state of a pack.",
        ApiEndpoints.show_pack, {200: PackJob}, problems=("not-found",),
    ),
    Endpoint(
        "DELETE", "/api/packs/{id}", "cancelPack", "Cancel a pack; has no effect on a finished one.",
        ApiEndpoints.cancel_pack, {204: None}, problems=("not-found",),
    ),
    Endpoint(
        "GET", "/api/packs/{id}/events", "followPack",
        "Follow a pack: a `progress` event with its state after each change, then an `end` event.",
        ApiEndpoints.follow_pack, {200: (_EVENTS,)}, problems=("not-found",),
    ),
    Endpoint(
        "GET", "/artifacts/{digest}/{name}", "sendArtifact", "Send the bytes of an artifact from one of the caller's packs.",
        ApiEndpoints.send_artifact, {200: _ARTIFACTS, 206: _ARTIFACTS, 304: None},
        problems=("not-found", "stopped", "bad-range"), headers=("ETag", "Accept-Ranges", "Content-Disposition"),
    ),
    Endpoint(
        "GET", "/api/schemas/variant.json", "describeVariants", "Send the JSON Schema of the format `json`.",
        ApiEndpoints.describe_variants, {200: ("application/schema+json",)},
    ),
    Endpoint(
        "GET", "/api/openapi.json", "describeApi", "Send this description.", ApiEndpoints.describe_api, {200: (_JSON,)},
    ),
)  # fmt: skip
