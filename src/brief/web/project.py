"""Serves the web page of a project, and its API."""

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
    from starlette.types import ASGIApp, Receive, Scope, Send

_WORK_MODULE = "brief.web.api.work"
# How paths of the API begin; paths of the pages begin with the secret.
_API_PATHS = ("/api/", "/artifacts/")


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The settings of the API. Without a file of `tokens`, everyone who reaches the service may see what the
    page shows.

    `folder` is where the API keeps its state; if None, it is the project's state folder.
    `cluster` is the URL of a Dask scheduler, on whose workers artifacts are rendered.
    """

    tokens: Path | None = None
    folder: Path | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to serve the page; `allow_remote` permits a `host` that other machines can reach.

    `names` lists the names by which other machines reach the page. Port 0 means any free port. With `certificate` the
    page is served over TLS; with `api` the API is served as well.
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
    serving: Serving = Serving(),  # noqa: B008  # frozen
    *,
    jobs: int,
    pdf_engine: str = "",
    on_ready: Callable[[str], None] = lambda _: None,
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves the page of the project at `root` until SIGINT or SIGTERM. If `audiences` are named, it offers only those.

    `on_ready` is called with the page's address, which contains a secret; `report` with one line for each failure, and
    for each unknown audience or clearance in the file of tokens.
    `jobs` variants are built at once. `pdf_engine` is as for `Project.load`.

    Raises:
        RequestError: the brief does not have one of the audiences.
        MachineError: the extra `web` is not installed, or the page cannot be served at that address.
        OutputLockedError: another service uses the folder of the API.
        WorkerError: the cluster cannot be reached, or its workers would make different files.
    """
    tokens = TokenFile(serving.api.tokens) if serving.api and serving.api.tokens else None
    _check_names(root, audiences, tokens, report)
    limits = replace(Limits(), slots=jobs)
    # The page and the API share these workers, so that together they use at most `jobs` processes on this machine.
    workers = WorkerPool(
        jobs, seconds=limits.variant_seconds, memory=limits.memory, preload=(_WORK_MODULE, *list_worker_imports())
    )
    service = BuildService(root, workers, jobs, granted=audiences, pdf_engine=pdf_engine)
    with ExitStack() as closing:

        def make_app(token: str) -> "ASGIApp":
            builds = find_state_folder(root) / "page-builds"
            pages = app(service, token=token, folder=builds, names=serving.names, report=report)
            if serving.api is None:
                return pages
            # After the pages, which say how to install the extra `web` if that is missing.
            from brief.web.api.application import PackApi
            from brief.web.api.gate import list_own_hosts

            access = tokens or Caller("local", audiences or None)
            api = PackApi(
                FolderSource(root, pdf_engine),
                serving.api.folder or find_state_folder(root),
                access,
                limits=limits,
                hosts=list_own_hosts(serving.names),
                report=report,
                workers=workers,
                cluster=serving.api.cluster,
            )
            api.start()
            closing.callback(api.close)
            return _join(pages, api)

        serve_page(
            make_app,
            serving.host,
            serving.port,
            allow_remote=serving.allow_remote,
            certificate=serving.certificate,
            name=serving.names[0] if serving.names else None,
            open_browser=serving.open_browser,
            on_ready=on_ready,
        )


def _join(pages: "ASGIApp", api: "ASGIApp") -> "ASGIApp":
    async def route(scope: "Scope", receive: "Receive", send: "Send") -> None:
        is_of_api = scope["type"] == "http" and scope["path"].startswith(_API_PATHS)
        await (api if is_of_api else pages)(scope, receive, send)

    return route


def _check_names(
    root: Path, audiences: tuple[str, ...], tokens: TokenFile | None, report: Callable[[str], None]
) -> None:
    """Refuses `audiences` that the project does not have, and reports unknown names in `tokens`."""
    if not audiences and tokens is None:
        return
    try:
        brief = Project.load(root).brief
    except ContentError:
        # The page shows these diagnostics itself, and an audience that does not exist gives access to nothing.
        return
    if audiences:
        choose_names("audience", audiences, brief.audiences)
    for caller in tokens.list_callers() if tokens else ():
        for problem in caller.list_unknown_names(brief):
            report(problem)
