"""An artifact is not sent any more once the project would not build it: a gate, or a warning on which it stops."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import ApiClient, add_callers, serve_api
from projects import SETTINGS, THEME, ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api")]

PAGE = {"audiences": ["public"], "locales": ["zh-Hans"], "formats": ["html"]}


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return ProjectCopy(tmp_path / "project")


@pytest.fixture
def client(project: ProjectCopy, tmp_path: Path) -> Iterator[ApiClient]:
    with serve_api(project.root, tmp_path / "state") as site:
        yield ApiClient(site)


def wait_for(client: ApiClient, url: str, status: int) -> dict[str, Any]:
    """Waits until the service has read the changed project."""
    for _ in range(100):
        answer = client.get(url)
        if answer.status_code == status:
            return answer.json() if status != 200 else {}
        time.sleep(0.1)
    raise AssertionError(answer.status_code)


def test_a_stale_text_stops_what_was_built_before(project: ProjectCopy, client: ApiClient) -> None:
    assert project.run("translate", "accept").status == 0
    (made,) = client.built(**PAGE)["artifacts"]
    wait_for(client, made["url"], 200)
    project.replace(THEME, "en: The cost is known and stable.", "en: The cost is not known.")
    problem = wait_for(client, made["url"], 409)
    assert problem["type"] == "urn:brief:problem:stopped"
    codes = [each["code"] for each in problem["diagnostics"]]
    assert codes == ["stale-translation"]
    assert client.built(**PAGE)["state"] == "failed"
    project.replace(THEME, "en: The cost is not known.", "en: The cost is known and stable.")
    wait_for(client, made["url"], 200)


def test_a_project_that_became_strict_stops_what_was_built_with_a_warning(
    project: ProjectCopy, client: ApiClient
) -> None:
    project.replace(THEME, "en: The cost is known and stable.", "en: The  cost is known and stable.")
    (made,) = client.built(**PAGE)["artifacts"]
    wait_for(client, made["url"], 200)
    project.write(SETTINGS, project.read(SETTINGS) + "strict: true\n")
    assert wait_for(client, made["url"], 409)["diagnostics"]


def test_a_caller_from_whom_anything_is_withheld_learns_no_reason(project: ProjectCopy, tmp_path: Path) -> None:
    tokens = add_callers(tmp_path / "tokens.json", {"press": {"clearance": "public"}})
    with serve_api(project.root, tmp_path / "state", "--tokens", str(tmp_path / "tokens.json")) as site:
        client = ApiClient(site, tokens["press"])
        (made,) = client.built(**PAGE)["artifacts"]
        project.replace(THEME, "en: The cost is known and stable.", "en: The  cost is known and stable.")
        project.write(SETTINGS, project.read(SETTINGS) + "strict: true\n")
        assert wait_for(client, made["url"], 409)["diagnostics"] == []
