"""The HTTP API of the starter project, by a real server: what programs list, request, follow, cancel and fetch."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from api_client import ApiClient, add_callers, serve_api
from projects import THEME, ProjectCopy
from running_server import Served

from brief import Pack
from brief.web.api.endpoints import ENDPOINTS, ApiEndpoints
from brief.web.api.openapi import build_openapi

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api")]

CALLERS: dict[str, dict[str, Any]] = {
    "desk": {"clearance": "all", "datasets": ["operator/fleet"]},
    "press": {"clearance": "public"},
    "partner": {"clearance": "internal", "audiences": ["public", "board"]},
    "stranger": {"clearance": "internal", "audiences": ["nothing-of-ours"]},
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    project = ProjectCopy(tmp_path_factory.mktemp("api") / "project")
    for name in ("council", "public"):
        path = f"content/audiences/{name}.yaml"
        project.write(path, re.sub(r"formats: \[.*\]", "formats: [html, pdf, docx, json, md]", project.read(path)))
    return project


@pytest.fixture(scope="module")
def local(copy: ProjectCopy, shared_cache: Path, starter_pack: Pack) -> Iterator[ApiClient]:  # noqa: ARG001 - made before
    """The service on loopback, which needs no token."""
    with serve_api(copy.root, copy.root.parent / "local", BRIEF_CACHE_DIR=str(shared_cache)) as site:
        yield ApiClient(site)


@pytest.fixture(scope="module")
def guarded(copy: ProjectCopy, shared_cache: Path, starter_pack: Pack) -> Iterator[tuple[Served, dict[str, str]]]:  # noqa: ARG001
    """The service with tokens, and the tokens by the names of their callers."""
    file = copy.root.parent / "tokens.json"
    tokens = add_callers(file, CALLERS)
    options = ("--tokens", str(file))
    with serve_api(copy.root, copy.root.parent / "guarded", *options, BRIEF_CACHE_DIR=str(shared_cache)) as site:
        yield site, tokens


@pytest.fixture(scope="module")
def artifact(local: ApiClient) -> dict[str, Any]:
    """A page that was requested."""
    (made,) = local.built(audiences=["public"], locales=["en"], formats=["html"])["artifacts"]
    return dict(made)


def clients(guarded: tuple[Served, dict[str, str]]) -> dict[str, ApiClient]:
    site, tokens = guarded
    return {name: ApiClient(site, token) for name, token in tokens.items()}


class TestListing:
    def test_a_brief_says_what_can_be_requested(self, local: ApiClient) -> None:
        (listed,) = local.get("/api/briefs").json()["briefs"]
        assert listed["id"] == "night-buses"
        brief = local.get(listed["url"]).json()
        assert [each["id"] for each in brief["audiences"]] == ["public", "council"]
        assert brief["locales"] == ["en", "zh-Hans", "zh-Hant"]
        assert brief["formats"] == ["html", "pdf", "docx", "json", "md"]
        assert brief["title"]["zh-Hant"]

    def test_the_description_is_of_the_code(self, local: ApiClient) -> None:
        served = local.get("/api/openapi.json").json()
        assert served == json.loads(json.dumps(build_openapi()))
        assert served["openapi"] == "3.1.0"
        assert {(path, method.upper()) for path, methods in served["paths"].items() for method in methods} == {
            (endpoint.path, endpoint.method) for endpoint in ENDPOINTS
        }

    def test_every_method_for_an_endpoint_is_in_the_table(self) -> None:
        methods = {name for name, value in vars(ApiEndpoints).items() if callable(value) and not name.startswith("_")}
        assert methods == {endpoint.handler.__name__ for endpoint in ENDPOINTS}, "each method has a row in ENDPOINTS"

    def test_answers_are_what_the_description_says(self, local: ApiClient) -> None:
        described = local.get("/api/openapi.json").json()
        job = local.built(audiences=["public"], locales=["en"], formats=["json"])
        parts = {"{brief}": "night-buses", "{id}": job["id"]}
        gets = [
            (answer.__name__, local.get(re.sub(r"\{\w+\}", lambda found: parts[found[0]], endpoint.path)).json())
            for endpoint in ENDPOINTS
            if endpoint.method == "GET" and isinstance(answer := endpoint.responses[200], type)
        ]
        assert {"BriefList", "BriefOffer", "PackJob"} <= {record for record, _ in gets}
        for record, answer in (*gets, ("Problem", local.request_pack(locales=["fr"]).json())):
            schema = {"$ref": f"#/components/schemas/{record}", "components": described["components"]}
            jsonschema.Draft202012Validator(schema).validate(answer)


class TestPackRequests:
    def test_artifacts_are_those_that_a_build_writes(self, local: ApiClient, starter_pack: Pack) -> None:
        job = local.built(audiences=["public"], locales=["en", "zh-Hans"], formats=["html", "pdf", "docx"])
        assert (job["state"], job["progress"]) == ("done", {"done": 6, "total": 6})
        for each in job["artifacts"]:
            built = starter_pack[each["audience"], each["locale"], each["format"]]
            sent = local.get(each["url"])
            assert sent.content == built.data
            assert (each["sha256"], each["name"], each["pages"]) == (built.sha256, built.name, built.pages)
            assert sent.headers["content-type"].partition(";")[0] == built.media_type
            assert sent.headers["content-disposition"] == f"attachment; filename*=UTF-8''{built.name}"

    def test_the_variant_as_data_is_valid(self, local: ApiClient) -> None:
        job = local.built(audiences=["council"], locales=["zh-Hant"], formats=["json", "md"])
        written = {each["format"]: local.get(each["url"]) for each in job["artifacts"]}
        jsonschema.Draft202012Validator(local.get("/api/schemas/variant.json").json()).validate(written["json"].json())
        assert written["md"].text.startswith("# ")

    def test_a_pack_request_without_names_is_all_that_there_is(self, local: ApiClient) -> None:
        job = local.request_pack(formats=["md"]).json()
        assert (job["audiences"], job["locales"]) == (["public", "council"], ["en", "zh-Hans", "zh-Hant"])
        assert local.finished(job)["progress"]["done"] == 6

    def test_events_tell_of_progress_until_the_end(self, local: ApiClient) -> None:
        job = local.request_pack(audiences=["council"], formats=["json"]).json()
        with local.http.stream("GET", f"{job['url']}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            events = "".join(stream.iter_text()).strip().split("\n\n")
        read = [dict(line.split(": ", 1) for line in event.split("\n")) for event in events]
        done = [json.loads(event["data"])["progress"]["done"] for event in read]
        assert done == sorted(done)
        assert [event["event"] for event in read][-1] == "end"
        assert json.loads(read[-1]["data"]) == local.get(job["url"]).json()

    def test_errors_of_a_pack_request_come_all_at_once_with_their_place(self, local: ApiClient) -> None:
        refused = local.request_pack(audiences=["public", "counsil"], locales=["fr"], more=1)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/more"]
        refused = local.request_pack(audiences=["public", "counsil"], locales=["fr"])
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/audiences/1", "/locales/0"]

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "The body is not JSON: Expecting value"),
            (b"{", "The body is not JSON: Expecting property name"),
            (b"\xff", "The body is not UTF-8."),
            (b'{"brief": NaN}', "NaN is not a JSON number"),
            (b'{"brief": "a", "brief": "b"}', "The body cannot be read: an object repeats a key."),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"brief": "\\ud800"}', "half of a surrogate pair"),
            (b'{"brief": ' + b"9" * 5_000 + b"}", "The body cannot be read: a number has more than 200 characters."),
            (b'{"brief": 1e999999999}', "The body cannot be read: a number is too large or too small."),
        ],
        ids=range(9),
    )
    def test_what_is_no_json(self, local: ApiClient, body: bytes, reason: str) -> None:
        refused = local.http.post("/api/packs", content=body, headers={"Content-Type": "application/json"})
        assert (refused.status_code, refused.json()["type"]) == (400, "urn:brief:problem:bad-json")
        assert reason in refused.json()["detail"]

    def test_a_job_that_is_cancelled_ends(self, local: ApiClient, copy: ProjectCopy) -> None:
        theme = copy.read(THEME)
        # New words, so that nothing was made before.
        copy.write(THEME, theme.replace("the weak point", "a weak point"))
        try:
            job = local.request_pack(formats=["pdf"]).json()
            assert local.http.delete(job["url"]).status_code == 204
            shown = local.finished(job)
            assert (shown["state"], shown["problem"]) == ("cancelled", None)
            assert local.http.delete(job["url"]).status_code == 204
        finally:
            copy.write(THEME, theme)

    def test_errors_of_the_project_are_reported_with_their_place(self, local: ApiClient, copy: ProjectCopy) -> None:
        theme = copy.read(THEME)
        copy.write(THEME, theme.replace("reader-survey/riders-growth", "reader-survey/riders-grwth"))
        try:
            refused = local.request_pack()
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert any(each["file"] == THEME for each in refused.json()["diagnostics"])
        finally:
            copy.write(THEME, theme)

    def test_a_text_that_a_gate_stops_is_not_made(self, local: ApiClient, copy: ProjectCopy) -> None:
        theme, audience = copy.read(THEME), "content/audiences/public.yaml"
        settings = copy.read(audience)
        assert copy.run("translate", "accept").status == 0
        copy.write(audience, settings + "gates: {stale: stop}\n")
        copy.write(THEME, theme.replace("The cost is known and stable.", "The cost is known."))
        try:
            job = local.finished(local.request_pack(audiences=["public"], locales=["zh-Hans"], formats=["html"]).json())
            assert (job["state"], job["artifacts"]) == ("failed", [])
            (stopped,) = job["diagnostics"]
            assert (stopped["code"], stopped["file"], stopped["severity"]) == ("stale-translation", THEME, "error")
        finally:
            copy.write(THEME, theme)
            copy.write(audience, settings)
            (copy.root / "content/translations.lock").unlink()


class TestFiles:
    def test_a_file_that_the_client_has_is_not_sent_again(self, local: ApiClient, artifact: dict[str, Any]) -> None:
        tag = local.get(artifact["url"]).headers["etag"]
        assert tag == f'"{artifact["sha256"]}"'
        for condition in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            kept = local.get(artifact["url"], If_None_Match=condition)
            assert (kept.status_code, kept.content) == (304, b"")
        assert local.get(artifact["url"], If_None_Match='"x"').status_code == 200

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-999999999", 5, None)],
    )
    def test_a_part(self, local: ApiClient, artifact: dict[str, Any], asked: str, first: int, last: int | None) -> None:
        whole = local.get(artifact["url"]).content
        part = local.get(artifact["url"], Range=asked)
        end = len(whole) if last is None else last + 1
        assert (part.status_code, part.content) == (206, whole[first:end])
        assert sha256(whole).hexdigest() == artifact["sha256"]
        begins = first if first >= 0 else len(whole) + first
        assert part.headers["content-range"] == f"bytes {begins}-{end - 1}/{len(whole)}"

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ("bytes=99999999-", 416), ("bytes=-0", 416), ("bytes=9-5", 200), ("bytes=0-1,3-4", 200), ("lines=1-2", 200),
            ("bytes=" + ",".join(f"{at}-{at}" for at in range(1_500)), 200),
        ],
        ids=range(6),
    )  # fmt: skip
    def test_other_ranges(self, local: ApiClient, artifact: dict[str, Any], asked: str, status: int) -> None:
        answer = local.get(artifact["url"], Range=asked)
        assert answer.status_code == status
        assert len(answer.content) == artifact["bytes"] or answer.json()["status"] == 416

    def test_a_part_of_another_version(self, local: ApiClient, artifact: dict[str, Any]) -> None:
        assert local.get(artifact["url"], Range="bytes=0-1", If_Range='"old"').status_code == 200

    def test_a_header_alone(self, local: ApiClient, artifact: dict[str, Any]) -> None:
        answer = local.http.head(artifact["url"])
        assert (answer.status_code, answer.content, answer.headers["content-length"]) == (
            200,
            b"",
            str(artifact["bytes"]),
        )


class TestCallers:
    def test_without_a_valid_token_there_is_nothing(self, guarded: tuple[Served, dict[str, str]]) -> None:
        site, tokens = guarded
        for token in (None, "", "x", tokens["desk"][:-1], "brief_" + "a" * 43):
            refused = ApiClient(site, token).get("/api/briefs")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="brief"')

    def test_each_caller_sees_its_audiences_up_to_its_clearance(self, guarded: tuple[Served, dict[str, str]]) -> None:
        seen = {
            name: [each["id"] for each in client.get("/api/briefs/night-buses").json().get("audiences", [])]
            for name, client in clients(guarded).items()
        }
        assert seen == {"desk": ["public", "council"], "press": ["public"], "partner": ["public"], "stranger": []}
        assert clients(guarded)["stranger"].get("/api/briefs").json() == {"briefs": []}

    def test_what_may_not_be_seen_is_as_what_does_not_exist(self, guarded: tuple[Served, dict[str, str]]) -> None:
        desk, press = clients(guarded)["desk"], clients(guarded)["press"]
        job = desk.built(audiences=["public", "council"], locales=["en"], formats=["json"])
        job_of_none, artifact = "/api/packs/" + "A" * 24, job["artifacts"][0]
        # A name of the same length, so that no two answers differ in anything but what was asked.
        assert bodies(press.request_pack(audiences=["council"])) == bodies(press.request_pack(audiences=["caption"]))
        assert bodies(press.get(job["url"])) == bodies(press.get(job_of_none))
        assert bodies(press.http.delete(job["url"])) == bodies(press.http.delete(job_of_none))
        assert bodies(press.get(f"{job['url']}/events")) == bodies(press.get(f"{job_of_none}/events"))
        for each in job["artifacts"]:
            # Not even a public one that another caller requested: whose it is would tell that it was built.
            assert bodies(press.get(each["url"])) == bodies(press.get("/artifacts/" + "0" * 64 + "/x"))
        assert bodies(press.get(artifact["url"].replace(artifact["name"], "x"))) == bodies(press.get("/api/nothing"))
        assert bodies(clients(guarded)["stranger"].get("/api/briefs/night-buses")) == bodies(press.get("/api/briefs/x"))
        unnamed = press.built(formats=["json"], locales=["en"])
        assert (unnamed["audiences"], unnamed["progress"]["total"]) == (["public"], 1)

    def test_diagnostics_that_quote_content_are_for_those_who_see_all(
        self, guarded: tuple[Served, dict[str, str]], copy: ProjectCopy
    ) -> None:
        theme = copy.read(THEME)
        copy.write(THEME, theme.replace("reader-survey/riders-growth", "reader-survey/riders-grwth"))
        try:
            told = {name: client.request_pack().json()["diagnostics"] for name, client in clients(guarded).items()}
        finally:
            copy.write(THEME, theme)
        assert told["desk"]
        assert told["press"] == told["partner"] == told["stranger"] == []

    def test_a_token_that_is_revoked_is_refused_at_once(
        self, guarded: tuple[Served, dict[str, str]], copy: ProjectCopy
    ) -> None:
        file = str(copy.root.parent / "tokens.json")
        added = copy_run("token", "add", "guest", "--clearance", "client", "--tokens", file)
        guest = ApiClient(guarded[0], added.strip())
        assert guest.get("/api/briefs").status_code == 200
        assert "guest: every audience, cleared for client" in copy_run("token", "list", "--tokens", file)
        copy_run("token", "revoke", "guest", "--tokens", file)
        assert guest.get("/api/briefs").status_code == 401

    def test_the_file_holds_no_token_and_only_its_owner_reads_it(
        self, guarded: tuple[Served, dict[str, str]], copy: ProjectCopy
    ) -> None:
        file = copy.root.parent / "tokens.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not [token for token in guarded[1].values() if token in file.read_text()]
        file.chmod(0o644)
        try:
            assert "chmod 600" in copy_run("token", "list", "--tokens", str(file), status=3)
        finally:
            file.chmod(0o600)


def bodies(answer: httpx.Response) -> tuple[int, bytes]:
    return answer.status_code, answer.content


def copy_run(*arguments: str, status: int = 0) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", "from brief.cli import main; main()", *arguments],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == status, ran.stderr
    return ran.stdout if status == 0 else ran.stderr


class TestRefusals:
    @pytest.mark.parametrize("host", ["evil.com", "127.0.0.1.evil.com:{}", "127.0.0.1:1", ""])
    def test_another_host(self, local: ApiClient, host: str) -> None:
        assert local.get("/api/briefs", Host=host.format(local.site.port)).status_code == 400

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        ],
        ids=range(3),
    )
    def test_a_page_of_another_site(self, local: ApiClient, headers: dict[str, str]) -> None:
        refused = local.get("/api/briefs", **headers)
        assert refused.status_code == 403
        assert not [name for name in refused.headers if name.startswith("access-control")]

    def test_a_form_of_another_site_is_no_pack_request(self, local: ApiClient) -> None:
        refused = local.http.post(
            "/api/packs", content=b'{"brief": "night-buses"}', headers={"Content-Type": "text/plain"}
        )
        assert refused.status_code == 415

    def test_bodies_have_a_length_and_a_limit(self, local: ApiClient) -> None:
        assert local.http.post("/api/packs", content=iter([b"{}"])).status_code == 411
        # The server closes a connection whose body it does not read, so the next request needs a new one.
        refused = httpx.post(f"{local.http.base_url}/api/packs", content=b" " * 2_000_001, trust_env=False)
        assert refused.status_code == 413
        raw = f"POST /api/packs HTTP/1.1\r\nHost: 127.0.0.1:{local.site.port}\r\nContent-Length: 50000000\r\n\r\n"
        assert local.site.raw(raw.encode()).startswith(b"HTTP/1.1 413")
        # What has no meaning is read up to the limit, and ignored (RFC 9110, 9.3.1).
        assert local.http.request("GET", "/api/briefs", content=b"x").status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/api/../etc",
            "/api/%2e%2e/etc",
            "/api/..%5c",
            "/api/%00",
            "/api//briefs",
            "/api/%ff",
            "/api/" + "x" * 1_900,
            "/artifacts/%2e%2e/x",
        ],
        ids=range(8),
    )
    def test_other_paths(self, local: ApiClient, path: str) -> None:
        raw = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{local.site.port}\r\nConnection: close\r\n\r\n"
        assert local.site.raw(raw.encode()).startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "BREW"])
    def test_other_methods(self, local: ApiClient, method: str) -> None:
        refused = local.http.request(method, "/api/packs/x")
        assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "DELETE"})

    def test_every_answer_has_the_headers_of_a_service_without_pages(self, local: ApiClient) -> None:
        for path in ("/api/briefs", "/api/nothing", "/api/openapi.json"):
            headers = local.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "private, no-cache"
            assert "server" not in headers

    def test_a_caller_that_asks_too_often(self, guarded: tuple[Served, dict[str, str]]) -> None:
        press, desk = clients(guarded)["press"], clients(guarded)["desk"]
        statuses = [press.get("/api/nothing").status_code for _ in range(400)]
        assert set(statuses) <= {404, 429}
        limited = [answer for answer in (press.get("/api/nothing") for _ in range(50)) if answer.status_code == 429]
        assert 429 not in statuses or all(int(answer.headers["retry-after"]) >= 1 for answer in limited)
        assert desk.get("/api/briefs").status_code == 200


class TestAddresses:
    def test_others_are_served_over_tls_or_behind_a_proxy(self, copy: ProjectCopy) -> None:
        for options, said in (
            (("--host", "192.0.2.1"), "add --certificate and --key, or --behind-proxy"),
            (("--host", "192.0.2.1", "--behind-proxy", "--api"), "add --tokens"),
            (("--behind-proxy", "--api"), "add --tokens"),
            (("--tokens", str(copy.root.parent / "tokens.json")), "require --api"),
        ):
            ran = copy.run("serve", "--no-browser", *options)
            assert ran.status == 2
            assert said in ran.stderr
