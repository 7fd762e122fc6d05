"""A caller of low clearance learns nothing: over all endpoints, what it may not see answers as what was never there.

BRIEF_API_CASES is the number of requests that are tried.
"""

import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_client import ApiClient, add_callers, serve_api
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import ProjectCopy
from running_server import Served

from brief.web.api.endpoints import ENDPOINTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-privacy")]

CASES = int(os.environ.get("BRIEF_API_CASES", "60"))
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Range": "bytes=0-9"},
    {"Range": "bytes=99999999-"},
    {"Range": "bytes=0-9", "If-Range": '"another"'},
    {"If-None-Match": "*"},
    {"Accept": "text/html"},
    {"Last-Event-ID": "1"},
)
METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS")


@dataclass(frozen=True)
class Watched:
    """A service in which others have requested things, and a client that may see little of it.

    `secrets` are by what they are: each name that exists but is withheld, beside one of the same shape that does not exist.
    """

    client: ApiClient
    secrets: dict[str, list[tuple[str, str]]]
    words: tuple[str, ...]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """The service and the tokens of its callers, by their names."""
    folder = tmp_path_factory.mktemp("privacy")
    project = ProjectCopy(folder / "project")
    for name, formats in (("council", "[docx, json, md]"), ("public", "[md]")):
        path = f"content/audiences/{name}.yaml"
        project.write(path, re.sub(r"formats: \[.*\]", f"formats: {formats}", project.read(path)))
    tokens = add_callers(
        folder / "tokens.json",
        {"desk": {"clearance": "internal"}, "press": {}, "stranger": {"audiences": ["nothing-of-ours"]}},
    )
    with serve_api(project.root, folder / "state", "--tokens", str(folder / "tokens.json")) as site:
        yield site, tokens


@pytest.fixture(scope="module", params=["press", "stranger"])
def watched(request: pytest.FixtureRequest, service: tuple[Served, dict[str, str]]) -> Watched:
    site, tokens = service
    desk = ApiClient(site, tokens["desk"])
    offer = desk.get("/api/briefs/night-buses").json()
    job = desk.built(locales=["en"])
    assert job["state"] == "done"
    council = next(each for each in offer["audiences"] if each["id"] == "council")
    is_press = request.param == "press"
    secrets = {
        "id": [(job["id"], job["id"][::-1])],
        "digest": [(each["sha256"], each["sha256"][::-1]) for each in job["artifacts"]],
        "name": [(each["name"], "x" + each["name"][1:]) for each in job["artifacts"]],
        "audience": [("council", "caption"), *([] if is_press else [("public", "pablic")])],
        "format": [("docx", "doxc"), ("json", "jsno")],
        "brief": [("night-bosses", "night-bisons")] if is_press else [("night-buses", "night-bosses")],
        "dataset": [("reader-survey/riders", "reader-survex/riders")],
    }
    words = (job["id"], *council["title"].values(), "council", *(each["sha256"] for each in job["artifacts"]))
    return Watched(ApiClient(site, tokens[request.param]), secrets, words)


@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_is_withheld_answers_as_what_was_never_there(watched: Watched, data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(ENDPOINTS))
    method = data.draw(st.sampled_from((endpoint.method, *METHODS)))
    headers = dict(data.draw(st.sampled_from(HEADERS)))
    real, unreal = endpoint.path, endpoint.path
    for what in ("brief", "id", "digest", "name"):
        if f"{{{what}}}" in endpoint.path:
            one, other = data.draw(st.sampled_from(watched.secrets[what]))
            real, unreal = real.replace(f"{{{what}}}", one), unreal.replace(f"{{{what}}}", other)
    asked: dict[str, Any] | None = None
    other_asked: dict[str, Any] | None = None
    if endpoint.body is not None:
        asked, other_asked = draw_pack_requests(watched, data)
    first, second = (
        ask(watched.client, method, path, headers, body) for path, body in ((real, asked), (unreal, other_asked))
    )
    # The pointer of a dataset has its name, which the caller itself has sent.
    told = second.content
    for one, other in watched.secrets["dataset"]:
        told = told.replace(json_pointer(other), json_pointer(one))
    assert (first.status_code, first.content) == (second.status_code, told)
    assert headers_of(first) == headers_of(second)
    text = first.content.decode("utf-8", "replace") + str(first.headers)
    assert not [word for word in watched.words if word in text]


def draw_pack_requests(watched: Watched, data: st.DataObject) -> tuple[dict[str, Any], dict[str, Any]]:
    """A pack request that names something that is withheld, and the same with a name that does not exist."""
    real: dict[str, Any] = {"brief": "night-buses"}
    unreal = dict(real)
    kinds = data.draw(st.sets(st.sampled_from(("audience", "format", "dataset")), min_size=1))
    for kind in kinds:
        one, other = data.draw(st.sampled_from(watched.secrets[kind]))
        if kind == "dataset":
            real["data"], unreal["data"] = {one: []}, {other: []}
        else:
            beside = data.draw(st.sampled_from(([], ["md"] if kind == "format" else ["public"])))
            real[f"{kind}s"], unreal[f"{kind}s"] = [*beside, one], [*beside, other]
    return real, unreal


def json_pointer(name: str) -> bytes:
    return name.replace("/", "~1").encode()


def ask(
    client: ApiClient, method: str, path: str, headers: dict[str, str], asked: dict[str, Any] | None
) -> httpx.Response:
    content = json.dumps(asked).encode() if asked is not None and method == "POST" else None
    if content:
        headers = {**headers, "Content-Type": "application/json"}
    while True:
        answer = client.http.request(method, path, headers=headers, content=content)
        if answer.status_code != 429:
            return answer
        time.sleep(1)


def headers_of(answer: httpx.Response) -> dict[str, str]:
    # A connection is closed after its thousandth request.
    varying = ("date", "server-timing", "connection")
    return {name: value for name, value in answer.headers.items() if name not in varying}


def test_listings_name_and_count_only_what_may_be_seen(watched: Watched) -> None:
    briefs = watched.client.get("/api/briefs").json()["briefs"]
    if not briefs:
        return
    offer = watched.client.get(briefs[0]["url"]).json()
    assert [each["id"] for each in offer["audiences"]] == ["public"]
    assert (offer["formats"], offer["datasets"]) == (["md"], [])
    job = watched.client.built()
    assert (job["progress"]["total"], {each["audience"] for each in job["artifacts"]}) == (3, {"public"})
    for each in job["artifacts"]:
        sent = watched.client.get(each["url"]).text
        assert not [word for word in watched.words if word in sent and not word.isascii()]


def test_files_of_the_service_are_for_its_user_alone(watched: Watched, service: tuple[Served, dict[str, str]]) -> None:
    assert watched.words
    arguments = service[0].process.args
    assert isinstance(arguments, list)
    state = Path(arguments[arguments.index("--state") + 1])
    files = list(state.rglob("*"))
    assert len(files) > 10
    for path in files:
        is_open = path.stat().st_mode & 0o077
        assert not is_open or path.parent.stat().st_mode & 0o077 == 0, path
