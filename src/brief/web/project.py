"""Serves the web page of a project."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from brief.build.executors import PRELOADED
from brief.build.plan import choose_names
from brief.model.diagnostics import ContentError
from brief.project.project import Project
from brief.web import server
from brief.web.build_service import BuildService
from brief.web.launch import serve_page
from brief.web.pages import app
from brief.workers.pool import WorkerPool


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to serve the page; `to_others` permits a `host` that other machines can reach."""

    host: str = server.LOOPBACK
    port: int = 0
    to_others: bool = False
    open_browser: bool = True


def serve_project(
    root: Path,
    audiences: tuple[str, ...] = (),
    serving: Serving = Serving(),
    *,
    jobs: int,
    ready: Callable[[str], None] = lambda _: None,
    report: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves the page of the project at `root` until SIGINT or SIGTERM, limited to `audiences` if any are named.

    `ready` is called with the page's address, which contains a secret; `report` with one line for each failure. `jobs`
    variants are built at once.

    Raises:
        OrderError: the brief does not have one of the audiences.
        MachineError: the extra `web` is not installed, or the page cannot be served there.
    """
    _require(root, audiences)
    service = BuildService(root, WorkerPool(jobs, preload=PRELOADED), jobs, granted=audiences)
    serve_page(
        lambda token: app(service, token=token, report=report),
        serving.host,
        serving.port,
        to_others=serving.to_others,
        open_browser=serving.open_browser,
        ready=ready,
    )


def _require(root: Path, audiences: tuple[str, ...]) -> None:
    if not audiences:
        return
    try:
        brief = Project.load(root).brief
    except ContentError:
        # The page shows the diagnostics; an audience that does not exist is offered nothing.
        return
    choose_names("audience", audiences, brief.audiences)
