"""`brief serve`: serves the web pages of a project, and its HTTP API."""

import ipaddress
import os
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import escape_controls

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command
@click.option(
    "-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Show only this audience; repeatable."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on (default: any free one).")
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", help="The address to listen on (default: only this machine)."
)
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Worker processes (default: one for each core).")
@click.option("--no-browser", is_flag=True, help="Print the address of the page without opening a browser.")
@click.option("--api", is_flag=True, help="Serve the HTTP API as well, below /api/.")
@click.option("--tokens", metavar="FILE", type=_FILE, help="The file of callers that 'brief token add' writes.")
@click.option(
    "--state", metavar="DIR", type=click.Path(path_type=Path), help="Where the API keeps packs and artifacts."
)
@options.cluster
@options.allowed
@click.option("--certificate", metavar="FILE", type=_FILE, help="Serve over TLS with this certificate (PEM).")
@click.option("--key", metavar="FILE", type=_FILE, help="The private key of the certificate (PEM).")
@click.option("--behind-proxy", is_flag=True, help="Serve other machines through a proxy that provides TLS.")
@click.option(
    "--name", "names", metavar="HOST", multiple=True, help="A host name by which clients reach the service; repeatable."
)
@options.pdf_engine
@options.project
def command(
    audiences: tuple[str, ...],
    port: int,
    host: str,
    jobs: int | None,
    no_browser: bool,
    api: bool,
    tokens: Path | None,
    state: Path | None,
    cluster: str | None,
    allowed: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    behind_proxy: bool,
    names: tuple[str, ...],
    pdf_engine: str,
    root: Path,
) -> None:
    """Show the project in a browser until you press Ctrl-C: choose variants, preview and download them.

    Each page load shows the files as they are on disk, or lists the errors in them. The live preview updates when
    you save a file (see docs/live-preview.md).

    With --api programs can request packs (see docs/http-api.md). Programs on this machine need no token; if
    the service listens on another address, --tokens says who may see what. With --cluster, their artifacts are rendered
    on a Dask cluster.
    """
    from brief.web.project import ApiSettings, ServeSettings, serve_project
    from brief.web.server import Certificate

    if (certificate is None) != (key is None):
        raise click.UsageError("give --certificate and --key together")
    if (tokens or state or cluster) and not api:
        raise click.UsageError("--tokens, --state and --cluster require --api")
    options.require_safe_cluster(cluster, allowed)
    if _is_reachable_by_others(host) or behind_proxy:
        if certificate is None and not behind_proxy:
            raise click.UsageError(
                f"other machines can reach '{host}': add --certificate and --key, or --behind-proxy if a proxy provides TLS"
            )
        if api and tokens is None:
            raise click.UsageError("other machines can reach the API: add --tokens (see 'brief token add')")
    serve_project(
        root,
        audiences,
        ServeSettings(
            host,
            port,
            allow_remote=True,
            open_browser=not no_browser,
            certificate=Certificate(certificate, key) if certificate and key else None,
            names=names,
            api=ApiSettings(tokens, state, cluster) if api else None,
        ),
        jobs=jobs or os.cpu_count() or 1,
        pdf_engine=pdf_engine,
        on_ready=lambda address: click.echo(f"{address}  (press Ctrl-C to stop)"),
        report=lambda problem: click.echo(escape_controls(f"brief: {problem}"), err=True),
    )


def _is_reachable_by_others(host: str) -> bool:
    """Returns whether other machines can reach the address; False for one that `server.run` refuses anyway."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)
