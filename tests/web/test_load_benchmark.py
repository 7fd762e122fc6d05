"""The benchmark of the API works with the present server, and finds no error."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ProjectCopy

SCRIPT = Path(__file__).parents[2] / "benchmarks/web_load.py"


@pytest.mark.slow
def test_clients_of_a_small_load_get_what_they_ask_for(project: ProjectCopy) -> None:
    options = ["--project", str(project.root), "--audience", "council", "--seconds", "2", "--clients", "3"]
    ended = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["errors"] == []
    assert found["answers"]["200"] > 0
