"""Requests that schemathesis makes from the OpenAPI description: none makes the service fail.

BRIEF_API_EXAMPLES is the number of examples for each operation and phase.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from api_client import ApiClient, serve_api
from projects import ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-fuzz")]

EXAMPLES = os.environ.get("BRIEF_API_EXAMPLES", "3")
# A valid pack request names what the project has, which the description does not tell. DELETE cancels a pack, whose state
# can still be read.
NOT_CHECKED = "positive_data_acceptance,use_after_free"


def test_no_request_makes_the_service_fail(project: ProjectCopy, tmp_path: Path) -> None:
    with serve_api(project.root, tmp_path / "state") as site:
        client = ApiClient(site)
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{site.port}/api/openapi.json"]
        options = ["--max-examples", EXAMPLES, "--exclude-checks", NOT_CHECKED, "--seed", "1", "--rate-limit", "45/s"]
        report = tmp_path / "report.ndjson"
        options += ["--report-ndjson-path", str(report), "--no-color"]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "SCHEMATHESIS_HOOKS": "api_fuzz_hooks"}
        ran = subprocess.run(
            [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert client.get("/api/briefs").status_code == 200
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "Tested: " in ran.stdout
    statuses = {*re.findall(r'"status_code":\s*(\d+)', report.read_text("utf-8"))}
    # Packs were built and read, not only refused.
    assert {"200", "202", "404", "422"} <= statuses
