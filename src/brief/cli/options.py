"""Options that several commands share, and functions that load the project."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from brief.model.access import Clearance
    from brief.model.brief import Brief
    from brief.project.project import Project
    from brief.project.translations import Translations


def _recover(_context: click.Context, _option: click.Parameter, root: Path) -> Path:
    """Finishes or undoes an interrupted import in the project folder, and returns the folder."""
    from brief.publish.journal import recover

    recovery = recover(root, lambda holder: click.echo(f"brief: waiting for {holder}", err=True))
    if recovery is not None:
        click.echo(f"brief: {recovery.describe()}", err=True)
    return root


project = click.option(
    "-C",
    "root",
    metavar="PROJECT",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    callback=_recover,
    help="The project folder (default: the current directory).",
)
audiences = click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Only this audience; repeatable."
)
locales = click.option(
    "-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable."
)
formats = click.option(
    "-f", "--format", "formats", metavar="FORMAT", multiple=True, help="Only this format; repeatable."
)
pdf_engine = click.option(
    "--pdf-engine",
    metavar="ENGINE",
    default="",
    help="Lay out PDFs with this engine, such as typst (default: the engine that the template set names).",
)
output = click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("output"),
    help="The folder of the packs (default: output/).",
)


_PLAIN_TEXT = "plain-text"


def _check_scheduler(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    """Returns the URL; raises BadParameter if it is not the URL of a Dask scheduler."""
    from brief.build.cluster_address import is_scheduler_address

    if url is not None and not is_scheduler_address(url):
        raise click.BadParameter("write it as tcp://HOST:8786")
    return url


cluster = click.option(
    "--cluster", metavar="URL", callback=_check_scheduler, help="Build on the Dask cluster with this scheduler."
)
allowed = click.option(
    "--allow",
    "allowed",
    type=click.Choice([_PLAIN_TEXT]),
    multiple=True,
    help="Permit sending content to another machine unencrypted.",
)


def require_safe_cluster(url: str | None, allowed: tuple[str, ...]) -> None:
    """Raises UsageError for a cluster to which content would be sent unencrypted, unless that is allowed."""
    from brief.build.cluster_address import exposes_content

    if url is not None and exposes_content(url) and _PLAIN_TEXT not in allowed:
        raise click.UsageError(
            f"'{url}' would send content, also content withheld from some readers, to another machine unencrypted: "
            f"use tls://, or add --allow {_PLAIN_TEXT} on a network that you alone use"
        )


clearance = click.option(
    "--clearance",
    metavar="CLEARANCE",
    help="Export only texts, figures and names that a reader with this clearance may see.",
)


def find_clearance(brief: "Brief", name: str | None) -> "Clearance | None":
    """Returns the clearance of that name, or None if `name` is None.

    Raises:
        RequestError: the brief has no such clearance.
    """
    from brief.model.diagnostic_sink import suggest_name
    from brief.model.diagnostics import RequestError

    clearances = {each.name: each for each in brief.settings.known_clearances}
    if name is not None and name not in clearances:
        raise RequestError(f"there is no clearance '{name}': {suggest_name(name, clearances)}")
    return clearances[name] if name is not None else None


def load_project(root: Path) -> "Project":
    """Loads the project at `root`; if it has errors, prints them and exits with status 1."""
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.model.diagnostics import ContentError
    from brief.project.project import Project

    try:
        return Project.load(root)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)


def load_translations(root: Path) -> "Translations":
    """Loads the translations of the project at `root`; if a file cannot be read, prints why and exits with status 1."""
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.model.diagnostics import ContentError
    from brief.project.translations import Translations

    try:
        return Translations.load(root)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
