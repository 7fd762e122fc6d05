"""`brief serve`: the web page of a project."""

import ipaddress
import os
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import printable


@click.command
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Offer only this audience; repeatable."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on (default: any free one).")
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", help="The address to listen on (default: only this machine)."
)
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@click.option("--no-browser", is_flag=True, help="Print the address of the page without opening a browser.")
@options.project
def command(audiences: tuple[str, ...], port: int, host: str, jobs: int | None, no_browser: bool, root: Path) -> None:
    """Show the project in a browser until you press Ctrl-C: choose variants, preview and download them.

    Each page load shows the files as they are on disk, or lists the errors in them.
    """
    from brief.web.project import Serving, serve_project

    if not _is_loopback(host):
        click.echo(
            "brief: anyone on the network who knows the page's address can read it; the connection is not encrypted",
            err=True,
        )
    serve_project(
        root,
        audiences,
        Serving(host, port, to_others=True, open_browser=not no_browser),
        jobs=jobs or os.cpu_count() or 1,
        ready=lambda address: click.echo(f"{address}  (Ctrl-C ends)"),
        report=lambda problem: click.echo(printable(f"brief: {problem}"), err=True),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True  # no address: it is refused, not served
