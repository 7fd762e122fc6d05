"""Serving a project's page to its editor."""

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
    """Where the page is served: `to_others` where `host` is an address that other machines reach."""

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
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves the page of the project at `root` until SIGINT or SIGTERM; of these `audiences` alone, where any are named.

    `ready` is told the page's address, which holds a secret; `tell` what fails meanwhile, a line each. `jobs` editions are
    made at once.

    Raises:
        OrderError: the brief has no such audience.
        MachineError: the extra `web` is not installed, or the page cannot be served there.
    """
    _require(root, audiences)
    editions = BuildService(root, WorkerPool(jobs, preload=PRELOADED), jobs, granted=audiences)
    serve_page(
        lambda token: app(editions, token=token, tell=tell),
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
        # The page says what is wrong; an audience that there is not gets nothing.
        return
    choose_names("audience", audiences, brief.audiences)
