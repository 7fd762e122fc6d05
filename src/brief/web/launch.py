"""Serves a page for one user under a secret address and opens it in their browser."""

import html
import secrets
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from brief.web import server

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def serve_page(
    make_app: "Callable[[str], ASGIApp]",
    host: str = server.LOOPBACK,
    port: int = 0,
    *,
    allow_remote: bool = False,
    certificate: server.Certificate | None = None,
    name: str | None = None,
    open_browser: bool,
    on_ready: Callable[[str], None],
) -> None:
    """Serves the application that `make_app` makes for a new secret until SIGINT or SIGTERM.

    The secret is not kept for the next start: after the end of this server, the program of another user may listen on its
    port, and would receive it from the pages that are still open.

    `on_ready` is called with the page's address, which ends with `/<secret>/`; no page is reachable without the secret.
    In that address, `name` replaces `host`.

    Raises:
        MachineError: as `server.run` does.
    """
    token = secrets.token_urlsafe(24)
    shown_host = name or (f"[{host}]" if ":" in host else host)
    scheme = "https" if certificate else "http"
    with tempfile.TemporaryDirectory(prefix="brief-") as folder:

        def announce(bound_port: int) -> None:
            address = f"{scheme}://{shown_host}:{bound_port}/{token}/"
            on_ready(address)
            if open_browser:
                _open(address, Path(folder))

        server.run(make_app(token), host, port, allow_remote=allow_remote, certificate=certificate, on_ready=announce)


def _open(address: str, folder: Path) -> None:
    """Opens the address through a file in `folder`, which only this user can read.

    The address must not be an argument of the browser's process, because every user can read those.
    """
    page = folder / "page.html"
    page.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={html.escape(address)}">', "utf-8")
    webbrowser.open(page.as_uri())
