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
    """Serves the application that `make_app` returns for a new secret, below `/secret/`, until SIGINT or SIGTERM.

    `on_ready` is called with the page's address, which contains the secret; no page is reachable without it. `name`
    takes the place of `host` in it.

    Raises:
        MachineError: as `server.run` does.
    """
    token = secrets.token_urlsafe(24)
    shown = name or (f"[{host}]" if ":" in host else host)
    scheme = "https" if certificate else "http"
    with tempfile.TemporaryDirectory(prefix="brief-") as folder:

        def announce(taken_port: int) -> None:
            address = f"{scheme}://{shown}:{taken_port}/{token}/"
            on_ready(address)
            if open_browser:
                _open(address, Path(folder))

        server.run(make_app(token), host, port, allow_remote=allow_remote, certificate=certificate, on_ready=announce)


def _open(address: str, folder: Path) -> None:
    """Opens the address through a file that only this user can read; every user can read a browser's arguments."""
    page = folder / "page.html"
    page.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={html.escape(address)}">', "utf-8")
    webbrowser.open(page.as_uri())
