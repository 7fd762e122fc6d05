"""Serves the API of a project in a process of its own, and asks it things."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from running_server import Served, serve_project

from brief.web.api.callers import TokenFile, make_caller


class ApiClient:
    """A client with a caller's token, or without one."""

    def __init__(self, site: Served, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers=headers, trust_env=False, timeout=60)
        self.site = site

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def request_pack(self, **names: Any) -> httpx.Response:
        return self.http.post("/api/packs", json={"brief": "night-buses", **names})

    def finished(self, job: Mapping[str, Any], seconds: float = 60) -> dict[str, Any]:
        """Waits for the end of a job."""
        ends = time.monotonic() + seconds
        while True:
            shown: dict[str, Any] = self.get(job["url"]).json()
            if shown["state"] not in ("queued", "running"):
                return shown
            assert time.monotonic() < ends, shown
            time.sleep(0.05)

    def built(self, **names: Any) -> dict[str, Any]:
        """Requests a pack and returns the finished job."""
        accepted = self.request_pack(**names)
        assert accepted.status_code == 202, accepted.text
        return self.finished(accepted.json())


def add_callers(path: Path, callers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Adds callers to a token file and returns their tokens by name."""
    file = TokenFile(path)
    return {name: file.add(make_caller(name, **may)) for name, may in callers.items()}


@contextmanager
def serve_api(root: Path, state: Path, *options: str, **settings: str) -> Iterator[Served]:
    """The page and the API of a project, by the command line."""
    with serve_project(root, "--api", "--state", str(state), *options, **settings) as site:
        yield site
