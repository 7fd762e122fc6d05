"""The web service: the pages of a project, the preview of mail, and the HTTP API."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brief.project.project import Project
    from brief.web.api.application import Access, PackApi
    from brief.web.api.limits import Limits


def app(
    project: "Project | str | Path",
    *,
    access: "Access",
    folder: str | Path | None = None,
    limits: "Limits | None" = None,
    hosts: tuple[str, ...] | None = None,
    report: Callable[[str], None] = lambda _: None,
    cluster: str | None = None,
) -> "PackApi":
    """Makes the HTTP API of a project as an ASGI application, to serve or to mount in another one.

    `project` is a folder, whose files are read again when they change, or a loaded project, which never changes.
    `access` says who may see what: a TokenFile, or one Caller for every request that the surrounding program lets
    through. `folder` keeps packs and artifacts across restarts; by default it is in the user's state folder. `hosts`
    lists the names by which clients may reach the service, in addition to the names of this machine; None leaves that
    check to the surrounding program. `report` is called with a line for each failure. `cluster` is the URL of a Dask
    scheduler, on whose workers artifacts are rendered.

    Raises:
        MachineError: the extra `web` is not installed.
    """
    from brief.project.project import Project
    from brief.web.server import make_not_installed_error

    try:
        from brief.web.api.application import PackApi
        from brief.web.api.gate import make_host_lister
    except ImportError as problem:
        raise make_not_installed_error() from problem
    from brief.web.api.limits import Limits
    from brief.web.api.sources import FolderSource, LoadedSource
    from brief.web.state_folder import find_state_folder

    root = project.root if isinstance(project, Project) else Path(project)
    return PackApi(
        LoadedSource(project) if isinstance(project, Project) else FolderSource(root),
        find_state_folder(root) if folder is None else Path(folder),
        access,
        limits=limits or Limits(),
        hosts=None if hosts is None else make_host_lister(hosts),
        report=report,
        cluster=cluster,
    )
