"""Serves the web pages of a project, and its API."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from brief.build.executors import list_worker_imports
from brief.build.plan import choose_names
from brief.model.diagnostics import ContentError
from brief.model.record import dataclass
from brief.project.project import Project
from brief.web import server
from brief.web.api.callers import Caller, TokenFile
from brief.web.api.limits import Limits
from brief.web.api.sources import FolderSource
from brief.web.build_service import BuildService
from brief.web.launch import serve_page
from brief.web.pages import app
from brief.web.state_folder import find_state_folder
from brief.workers.pool import WorkerPool

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from brief.web.api.application import PackApi

_WORK_MODULE = "brief.web.api.work"
# How paths of the API begin; paths of the pages begin with the secret.
_API_PATHS = ("/api/", "/artifacts/")


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The settings of the API. Without a file of `tokens`, everyone who reaches the service may see what the
    pages show.

    `folder` is where the API keeps its state; if None, it is the project's state folder.
    `cluster` is the URL of a Dask scheduler, on whose workers artifacts are rendered.
    """

    tokens: Path | None = None
    folder: Path | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where and how to serve the pages; `allow_remote` permits a `host` that other machines can reach.

    `names` lists the names by which other machines reach the server; the first one is shown in its address. Port 0
    means any free port. With `certificate` the pages are served over TLS; with `api` the API is served as well.
    """

    host: str = server.LOOPBACK
    port: int = 0
    allow_remote: bool = False
    open_browser: bool = True
    certificate: server.Certificate | None = None
    names: tuple[str, ...] = ()
    api: ApiSettings | None = None


def serve_project(
    root: Path,
    audiences: tuple[str, ...] = (),
    settings: ServeSettings = ServeSettings(),  # noqa: B008  # frozen
    *,
    jobs: int,
    pdf_engine: str = "",
    on_ready: Callable[[str], None] = lambda _: None,
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves the pages of the project at `root` until SIGINT or SIGTERM, for all audiences if none are named.

    `on_ready` is called with the address of the first page, which contains a secret. `report` is called with a line for
    each failure, and for each unknown audience or clearance in the file of tokens. `jobs` variants are built at once.
    `pdf_engine` is as for `Project.load`.

    Raises:
        RequestError: the brief does not have one of the audiences.
        MachineError: the extra `web` is not installed, or the pages cannot be served at that address.
        OutputLockedError: another service uses the folder of the API.
        WorkerError: the cluster cannot be reached, or its workers would make different files.
    """
    tokens = TokenFile(settings.api.tokens) if settings.api and settings.api.tokens else None
    _check_names(root, audiences, tokens, report)
    limits = replace(Limits(), slots=jobs)
    # The pages and the API share these workers, so that together they use at most `jobs` processes on this machine.
    workers = WorkerPool(
        jobs,
        seconds=limits.variant_seconds,
        memory=limits.memory,
        preload=(_WORK_MODULE, *list_worker_imports(pdf_engine=pdf_engine)),
    )
    service = BuildService(root, workers, jobs, granted=audiences, pdf_engine=pdf_engine)
    with ExitStack() as resources:

        def make_app(token: str) -> "ASGIApp":
            builds = find_state_folder(root) / "page-builds"
            pages = app(service, token=token, folder=builds, names=settings.names, report=report)
            if settings.api is None:
                return pages
            # Imported after the pages are made: if the extra `web` is missing, `app` reports how to install it.
            from brief.web.api.application import PackApi
            from brief.web.api.gate import make_host_lister

            access = tokens or Caller("local", audiences or None)
            api = PackApi(
                FolderSource(root, pdf_engine),
                settings.api.folder or find_state_folder(root),
                access,
                limits=limits,
                hosts=make_host_lister(settings.names),
                report=report,
                workers=workers,
                cluster=settings.api.cluster,
            )
            api.start()
            resources.callback(api.close)
            return _route_by_path(pages, api)

        serve_page(
            make_app,
            settings.host,
            settings.port,
            allow_remote=settings.allow_remote,
            certificate=settings.certificate,
            name=settings.names[0] if settings.names else None,
            open_browser=settings.open_browser,
            on_ready=on_ready,
        )


def _route_by_path(pages: "ASGIApp", api: "PackApi") -> "ASGIApp":
    """Passes requests to the pages or to the API. At the end, the pages stop the workers that both share."""

    async def route(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def receive_event() -> "Message":
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                api.prepare_close()
            return message

        if scope["type"] == "lifespan":
            await pages(scope, receive_event, send)
            return
        is_of_api = scope["type"] == "http" and scope["path"].startswith(_API_PATHS)
        await (api if is_of_api else pages)(scope, receive, send)

    return route


def _check_names(
    root: Path, audiences: tuple[str, ...], tokens: TokenFile | None, report: Callable[[str], None]
) -> None:
    """Raises RequestError for `audiences` that the project does not have, and reports unknown names in `tokens`."""
    if not audiences and tokens is None:
        return
    try:
        brief = Project.load(root).brief
    except ContentError:
        # The first page shows these diagnostics, and an audience that does not exist gives access to nothing.
        return
    if audiences:
        choose_names("audience", audiences, brief.audiences)
    for caller in tokens.list_callers() if tokens else ():
        for problem in caller.list_unknown_names(brief):
            report(problem)
