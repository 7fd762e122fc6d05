"""Templates without end, through the API: the server stays, and its caller gets the template's file and line."""

from collections.abc import Iterator

import pytest
from api_client import ApiClient, serve_api
from projects import SETTINGS, ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-templates")]

METRICS = "templates/house/block/metrics.html.j2"
OTHER = "templates/house/block/other.html.j2"
LOOP = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
TEMPLATES = {
    "a loop": (f"\n\n{LOOP}\n", METRICS, 3, "longer than"),
    "a large value": ('\n{{ "a"|center(10**9) }}\n', METRICS, 2, "above 100,000"),
    "a product": ('{{ "a" * 10**9 }}\n', METRICS, 1, "the limit is"),
    "a cycle": ('\n{% include "block/other.html.j2" %}\n', OTHER, 2, "metrics.html.j2 -> block/other.html.j2"),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", METRICS, 1, "without end"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ProjectCopy, ApiClient]]:
    folder = tmp_path_factory.mktemp("templates")
    project = ProjectCopy(folder / "project")
    project.write("templates/house/set.yaml", "extends: base\nlimits: {seconds: 1}\n")
    project.write(OTHER, '\n{% include "block/metrics.html.j2" %}\n')
    project.replace(SETTINGS, "template_set: base", "template_set: house")
    project.write(METRICS, "")
    with serve_api(project.root, folder / "state", BRIEF_CACHE_DIR=str(folder / "cache")) as site:
        yield project, ApiClient(site)


@pytest.mark.parametrize("case", TEMPLATES.values(), ids=TEMPLATES)
def test_the_caller_gets_file_and_line(served: tuple[ProjectCopy, ApiClient], case: tuple[str, str, int, str]) -> None:
    project, client = served
    template, file, line, message = case
    project.write(METRICS, template)
    job = client.built(audiences=["public"], locales=["en"], formats=["html"])
    assert job["state"] == "failed"
    (found,) = job["diagnostics"]
    assert (found["code"], found["file"], found["line"]) == ("template-failed", file, line)
    assert message in found["message"]
    # The page shows the same, and the server goes on.
    page = client.http.get(f"{client.site.address}en/public/en/html/file")
    assert page.status_code == 422
    assert f"{file}:{line}" in page.text
    assert client.get("/api/briefs").status_code == 200
