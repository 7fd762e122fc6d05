"""The API as an ASGI application, to be served or mounted in another one."""

import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from brief.model.diagnostics import BriefError, ContentError, DiskFullError
from brief.web.api.callers import Caller, TokenFile
from brief.web.api.endpoints import ENDPOINTS, ApiEndpoints
from brief.web.api.gate import ApiGate
from brief.web.api.limits import Limits
from brief.web.api.pack_service import PackService, Report
from brief.web.api.problems import ProblemError, make_problem_response, make_records
from brief.web.api.sources import ProjectSource
from brief.workers.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Access = Caller | TokenFile


class PackApi:
    """The ASGI application of the API.

    The workers start with the first request, because a mounted application receives no lifespan events. They are
    `workers`, or else workers of its own. `close` stops them; without it, they end with the process. With `cluster`,
    the URL of a Dask scheduler, artifacts are rendered there. Unfinished pack requests are built after the next start.

    `source`, `folder` and `limits` are as for `PackService`, `hosts` as for `ApiGate`. `report` is called with a line
    for each failure.
    """

    def __init__(
        self,
        source: ProjectSource,
        folder: Path,
        access: Access,
        *,
        limits: Limits,
        hosts: Callable[[Scope], set[str]] | None,
        report: Report,
        workers: WorkerPool | None = None,
        cluster: str | None = None,
    ) -> None:
        self.service = PackService(source, folder, limits, report, workers, cluster)
        self._access = access
        self._report = report
        self._lock = threading.Lock()
        self._is_started = False
        endpoints = ApiEndpoints(self.service)
        paths = dict.fromkeys(endpoint.path for endpoint in ENDPOINTS)
        routes = [_make_route(path, endpoints) for path in paths]
        handlers = {
            ProblemError: _refuse,
            HTTPException: _refuse_http,
            ContentError: self._refuse_content,
            DiskFullError: self._refuse_full,
            Exception: self._fail,
        }
        application = Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)
        application.router.redirect_slashes = False
        self._inner: ASGIApp = application
        self._gate = ApiGate(application, self._identify, limits, hosts, report)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if not self._is_started:
            await run_in_threadpool(self.start)
        await self._gate(scope, receive, send)

    def start(self) -> None:
        """Starts the workers and resumes unfinished pack requests; does nothing if already started.

        Raises:
            MachineError: the folder cannot be written.
            OutputLockedError: another service uses the folder.
            WorkerError: the cluster cannot be reached, or its workers would make different files.
        """
        with self._lock:
            if not self._is_started:
                self.service.start(self._find_by_name)
                self._is_started = True

    def prepare_close(self) -> None:
        """Records nothing more; must be called before another owner of the workers stops them."""
        self.service.prepare_close()

    def close(self) -> None:
        """Stops the workers, also those that were passed to the constructor."""
        with self._lock:
            self._is_started = False
            self.service.close()

    def _identify(self, token: str | None) -> Caller | None:
        if isinstance(self._access, Caller):
            return self._access
        return None if token is None else self._access.find(token)

    def _find_by_name(self, name: str) -> Caller | None:
        callers = (self._access,) if isinstance(self._access, Caller) else self._access.list_callers()
        return next((caller for caller in callers if caller.name == name), None)

    @asynccontextmanager
    async def _lifespan(self, _: object) -> "AsyncIterator[None]":
        await run_in_threadpool(self.start)
        yield
        await run_in_threadpool(self.close)

    async def _refuse_content(self, request: Request, error: Exception) -> Response:
        caller: Caller = request.scope["caller"]
        diagnostics = error.diagnostics if isinstance(error, ContentError) else ()
        records = make_records(diagnostics, sees_everything=caller.sees_everything())
        return make_problem_response(ProblemError("invalid-content", diagnostics=records, headers={"Retry-After": "5"}))

    async def _refuse_full(self, request: Request, error: Exception) -> Response:
        self._report(str(error))
        caller: Caller = request.scope["caller"]
        # The message names a folder of the machine.
        detail = f"{error}." if caller.sees_everything() else ""
        return make_problem_response(ProblemError("disk-full", detail, headers={"Retry-After": "60"}))

    async def _fail(self, request: Request, error: Exception) -> Response:
        self._report(str(error) if isinstance(error, BriefError) else repr(error))
        return make_problem_response(ProblemError("failed", "The service failed; see its log for the reason."))


async def _refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for nothing else
    return make_problem_response(error)


async def _refuse_http(request: Request, error: Exception) -> Response:  # noqa: ARG001
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return make_problem_response(ProblemError("wrong-method" if status == 405 else "not-found", headers=headers))


def _make_route(path: str, endpoints: ApiEndpoints) -> Route:
    by_method = {endpoint.method: endpoint for endpoint in ENDPOINTS if endpoint.path == path}

    async def handle(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await by_method[method].handler(endpoints, request)

    return Route(path, handle, methods=list(by_method))
