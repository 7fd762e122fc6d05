"""Packs with data for datasets, in real services: checked like a file, with the warnings of its rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from api_client import ApiClient, add_callers, serve_api
from projects import SEED, THEME, ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-data")]

NAME = "reader-survey/fleet"
DATASET = """\
datasets:
  - id: fleet
    clearance: public
    key: [route]
    columns:
      riders: {unit: count, header: Riders a year}
claims:
"""
ROWS: list[dict[str, Any]] = [{"route": "north", "riders": 4_321}, {"route": "south", "riders": 987_654}]


@pytest.fixture(scope="module", params=["a file", "no file"])
def clients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ApiClient]]:
    """Clients with and without full sight of a project whose dataset has a file, or that is complete only with data."""
    folder = tmp_path_factory.mktemp("data")
    project = ProjectCopy(folder / "project")
    file = ""
    if request.param == "a file":
        project.write("data/fleet.csv", "route,Riders a year\nnorth,1\nsouth,2\n")
        file = "    file: data/fleet.csv\n"
    project.replace(SEED, "claims:\n", DATASET.replace("    key:", f"{file}    key:"))
    project.write(THEME, project.read(THEME).replace("{reader-survey/riders-after}", f"{{{NAME}[north].riders}}"))
    tokens = folder / "tokens.json"
    known = add_callers(tokens, {"all": {"clearance": None, "datasets": [NAME]}, "press": {"datasets": [NAME]}})
    with serve_api(project.root, folder / "state", "--tokens", str(tokens)) as site:
        yield {name: ApiClient(site, token) for name, token in known.items()}


def build(client: ApiClient, rows: list[dict[str, Any]], audience: str = "public") -> dict[str, Any]:
    return client.built(audiences=[audience], locales=["en"], formats=["html"], data={NAME: rows})


def list_diagnostics(job: dict[str, Any]) -> list[dict[str, Any]]:
    """Lists what is reported, except that no one has accepted the project's translations."""
    return [found for found in job["diagnostics"] if found["code"] != "unreviewed-translation"]


def test_the_figures_of_the_request_print(clients: dict[str, ApiClient]) -> None:
    job = build(clients["all"], ROWS, "council")
    assert (job["state"], list_diagnostics(job)) == ("done", [])
    assert "4,321" in clients["all"].get(job["artifacts"][0]["url"]).text


@pytest.mark.parametrize("name", ["all", "press"])
def test_warnings_about_the_data_are_in_the_state_of_the_pack(clients: dict[str, ApiClient], name: str) -> None:
    job = build(clients[name], [*ROWS, {"route": "Total", "riders": 991_975}])
    (found,) = list_diagnostics(job)
    assert (job["state"], found["severity"], found["code"]) == ("done", "warning", "total-row")
    assert found["file"].startswith(f"data['{NAME}'] row 3")
    assert ("'Total'" in found["message"]) == (name == "all")
    # The artifact is known already; the warning is about the request.
    again = build(clients[name], [*ROWS, {"route": "Total", "riders": 991_975}])
    assert list_diagnostics(again) == [found]


def test_a_column_that_rows_name_differently_stops_the_pack(clients: dict[str, ApiClient]) -> None:
    job = build(clients["press"], [ROWS[0], {"route": "south", "Riders a year": 5}])
    assert (job["state"], job["artifacts"]) == ("failed", [])
    assert [found["code"] for found in job["diagnostics"]] == ["unknown-column"]
