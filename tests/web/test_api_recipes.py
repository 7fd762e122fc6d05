"""The snippets of docs/http-api.md, each run as it is printed there, and a project that threads share."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_client import add_callers
from projects import ProjectCopy

from brief import Pack, Project
from brief.web import app
from brief.web.api.endpoints import ENDPOINTS
from brief.web.api.limits import Limits
from brief.web.api.problems import PROBLEM_STATUSES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-recipes")]

PAGE = (Path(__file__).parents[2] / "docs/http-api.md").read_text("utf-8")
SNIPPETS = dict(re.findall(r"^```python (\w+)\n(.*?)^```$", PAGE, re.M | re.S))


@pytest.fixture
def folder(project: ProjectCopy) -> Iterator[Path]:
    """A folder with a project, in which a snippet is run."""
    with chdir(project.root.parent):
        yield project.root.parent


def run_snippet(name: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": name}
    exec(compile(SNIPPETS[name], f"docs/http-api.md: {name}", "exec"), names)  # noqa: S102 - our own page
    return names


def ask(application: Callable[..., Any], path: str, **headers: str) -> list[httpx.Response]:
    """Requests a page and fetches it, as a client of a service under `path` does; returns the answers."""

    async def asking() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://site.example", headers=headers) as client:
            listed = await client.get(f"{path}/api/briefs")
            described = await client.get(listed.json()["briefs"][0]["url"])
            wanted = {"brief": "night-buses", "audiences": ["public"], "locales": ["en"], "formats": ["html"]}
            accepted = await client.post(f"{path}/api/packs", json=wanted)
            assert accepted.headers["location"].startswith(f"{path}/api/packs/")
            events = await client.get(f"{accepted.headers['location']}/events")
            shown = await client.get(accepted.headers["location"])
            sent = await client.get(shown.json()["artifacts"][0]["url"])
            unknown = await client.get(f"{path}/api/nothing")
            return [listed, described, accepted, events, shown, sent, unknown]

    return asyncio.run(asking())


@pytest.mark.parametrize("name", ["starlette", "fastapi", "django"])
def test_the_app_is_mounted_under_a_path(
    name: str, folder: Path, starter_pack: Pack, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
    headers = {}
    if name == "fastapi":
        headers["Authorization"] = f"Bearer {add_callers(folder / 'tokens.json', {'site': {}})['site']}"
    if name == "django":
        from django.conf import settings  # type: ignore[import-untyped]

        settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="test_api_recipes", SECRET_KEY="x")  # noqa: S106 - it signs nothing
    names = run_snippet(name)
    try:
        answers = ask(names["application"], "/briefs", **headers)
    finally:
        (names["briefs"] if "briefs" in names else next(_list_mounted(names["application"]))).close()
    assert [answer.status_code for answer in answers] == [200, 200, 202, 200, 200, 200, 404]
    assert [each["id"] for each in answers[1].json()["audiences"]] == ["public"]
    assert answers[5].content == starter_pack["public", "en", "html"].data
    assert "event: end" in answers[3].text


# Of Django: the site around the app has no pages.
urlpatterns: list[object] = []


def _list_mounted(application: Any) -> Iterator[Any]:
    for route in getattr(application, "routes", ()):
        if getattr(route, "path", "") == "/briefs":
            yield route.app


def test_a_job_queue_keeps_the_packs_of_earlier_tasks(folder: Path, shared_cache: Path) -> None:
    """A real worker forks the processes that run the tasks; its messages are files instead of entries in Redis."""
    (folder / "tasks.py").write_text(SNIPPETS["celery"], "utf-8")
    (folder / "messages").mkdir()
    settings = {
        "broker_url": "filesystem://",
        "result_backend": (folder / "messages").as_uri(),
        "broker_transport_options": dict.fromkeys(("data_folder_in", "data_folder_out"), str(folder / "messages")),
    }
    (folder / "worker.py").write_text(f"from tasks import queue\nqueue.conf.update({settings!r})\n", "utf-8")
    ask = "build.delay(*each).get(timeout=60)"
    locales = ["en", "zh-Hans"]
    wanted = [("public", locale, "html") for locale in locales]
    program = f"import worker\nfrom tasks import build\nfor each in {wanted}: print({ask})"
    environment = {**os.environ, "BRIEF_CACHE_DIR": str(shared_cache)}
    options = ["-A", "worker", "worker", "--concurrency=2", "--loglevel=ERROR"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", *options],
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        asked = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=150
        )
    finally:
        worker.terminate()
        worker.wait(30)
    for locale, pack in zip(locales, asked.stdout.split(), strict=True):
        assert list((folder / pack).rglob(f"*.{locale}.html"))


def test_a_site_sends_what_its_audience_may_see(folder: Path, starter_pack: Pack) -> None:
    client = run_snippet("flask")["site"].test_client()
    answer = client.get("/briefing/en.html")
    assert (answer.status_code, answer.data) == (200, starter_pack["public", "en", "html"].data)
    assert client.get("/briefing/fr.html").status_code == 404
    assert folder


def test_a_notebook_shows_links(folder: Path) -> None:
    assert 'download="night-buses.public.en.html"' in run_snippet("notebook")["pack"]._repr_html_()
    assert folder


def test_threads_share_a_project(starter: Project) -> None:
    wanted = [("public", "html"), ("council", "html"), ("council", "docx"), ("public", "docx")] * 2
    with ThreadPoolExecutor(8) as threads:
        packs = list(threads.map(lambda each: starter.build([each[0]], ["en"], [each[1]], jobs=1), wanted))
    for (audience, form), pack in zip(wanted, packs, strict=True):
        assert len(pack) == 1
        alone = starter.build([audience], ["en"], [form], jobs=1)
        assert pack[audience, "en", form].sha256 == alone[audience, "en", form].sha256


def test_the_page_names_every_address_and_the_defaults() -> None:
    shown = [f"`{each.method} {each.path.replace('{brief}', '{id}')}`" for each in ENDPOINTS]
    assert [address for address in shown if address not in PAGE] == [], "describe them in docs/http-api.md"
    limits = Limits()
    assert f"{limits.jobs}, {limits.jobs_of_caller}" in PAGE
    assert f"{limits.seconds:g} s, {limits.variant_seconds:g} s" in PAGE
    assert f"{limits.requests:g} per second, {limits.burst} at once" in PAGE
    assert PROBLEM_STATUSES["queue-full"] == 503
    assert SNIPPETS.keys() == {"starlette", "fastapi", "django", "celery", "flask", "notebook"}
    assert callable(app)
