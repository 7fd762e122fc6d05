"""Pack requests over an orderly end of the service, whose pages and API share the workers."""

import signal
import time
from pathlib import Path

import pytest
from api_client import ApiClient, serve_api
from projects import ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-stops")]


@pytest.mark.parametrize("delay", [0.0, 0.4])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_pack_requests_are_built_after_the_service_was_stopped(
    project: ProjectCopy, tmp_path: Path, stop: signal.Signals, delay: float
) -> None:
    with serve_api(project.root, tmp_path / "state", BRIEF_CACHE_DIR="off") as site:
        accepted = [ApiClient(site).request_pack(audiences=[name]).json() for name in ("public", "council")]
        time.sleep(delay)
        site.process.send_signal(stop)
        site.process.wait()
    with serve_api(project.root, tmp_path / "state", BRIEF_CACHE_DIR="off") as site:
        assert [ApiClient(site).finished(job)["state"] for job in accepted] == ["done", "done"]
