"""Requests that the pages refuse, over a socket: requests that no browser of its reader would make."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from projects import ProjectCopy
from running_server import Served, serve_project

from brief.model.diagnostics import MachineError
from brief.web.server import run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("refusals")]

ELSEWHERE = "https://evil.example"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The starter project, of which only the public variant is granted."""
    project = ProjectCopy(tmp_path_factory.mktemp("refusals") / "project")
    with serve_project(project.root, "--audience", "public") as running:
        yield running


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, trust_env=False) as opened:
        yield opened


class TestHosts:
    @pytest.mark.parametrize(
        "host", ["evil.com", "evil.com:{}", "127.0.0.1.evil.com:{}", "127.0.0.1", "127.0.0.1:1", ""]
    )
    def test_another_host(self, client: httpx.Client, site: Served, host: str) -> None:
        assert client.get("en/", headers={"Host": host.format(site.port)}).status_code == 400

    @pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "[::1]:{}"])
    def test_a_name_of_this_machine(self, client: httpx.Client, site: Served, host: str) -> None:
        assert client.get("en/", headers={"Host": host.format(site.port)}).status_code == 200

    def test_no_host_and_two(self, site: Served) -> None:
        own = f"Host: 127.0.0.1:{site.port}\r\n"
        for version, hosts in (("1.0", ""), ("1.1", ""), ("1.1", own + "Host: evil.com\r\n"), ("1.1", own + own)):
            answer = site.raw(f"GET {site.path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n".encode())
            assert answer.startswith(b"HTTP/1.1 400"), (version, hosts)

    @pytest.mark.parametrize(("host", "shown"), [("::1", "[::1]"), ("127.0.0.2", "127.0.0.2")])
    def test_another_address_that_it_listens_on(self, project: ProjectCopy, host: str, shown: str) -> None:
        with serve_project(project.root, "--host", host) as site:
            assert site.address.startswith(f"http://{shown}:{site.port}/")
            assert httpx.get(site.address + "en/", trust_env=False, timeout=60).status_code == 200

    def test_it_listens_to_this_machine_alone(self, site: Served) -> None:
        # proc_pid_net(5): the local address of every socket, in hexadecimal and backwards.
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        assert {fields[1] for fields in sockets if fields[1].endswith(f":{site.port:04X}")} == {
            f"0100007F:{site.port:04X}"
        }
        for host in ("192.0.2.1", "example.org", ""):
            with pytest.raises(MachineError, match="use 127"):
                run(lambda *_: None, host, on_ready=lambda _: None)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("host", "problem"),
        [
            ("0.0.0.0", "means all interfaces"),  # noqa: S104
            ("::", "means all interfaces"),
            ("224.0.0.1", "is a multicast address"),
            ("example.org", "is not an address"),
        ],
    )
    def test_no_single_address_is_not_served(self, project: ProjectCopy, host: str, problem: str) -> None:
        ran = project.run("serve", "--no-browser", "--host", host)
        assert (ran.status, ran.stdout) == (3, "")
        assert f"brief: '{host}' {problem}" in ran.stderr

    def test_the_address_of_another_machine_names_the_fix(self) -> None:
        with pytest.raises(MachineError, match="name an address of this machine"):
            run(lambda *_: None, "192.0.2.1", allow_remote=True, on_ready=lambda _: None)  # type: ignore[arg-type]

    def test_a_taken_port_names_the_fix(self, site: Served) -> None:
        with pytest.raises(MachineError, match="choose another port with --port"):
            run(lambda *_: None, port=site.port, on_ready=lambda _: None)  # type: ignore[arg-type]


class TestOtherSites:
    """A page from elsewhere that knew the address, secret included, would still get nothing."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": ELSEWHERE, "Content-Type": "text/plain"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "GET"])
    def test_a_request_of_theirs(self, client: httpx.Client, method: str, headers: dict[str, str]) -> None:
        assert client.request(method, "en/", headers=headers).status_code == 403

    def test_asking_first_whether_it_may(self, client: httpx.Client) -> None:
        headers = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
        answer = client.options("en/", headers=headers)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]

    def test_a_link_may_lead_here(self, client: httpx.Client) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert client.get("en/", headers=headers).status_code == 200


class TestMethods:
    @pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "PUT", "DELETE", "BREW"])
    def test_nothing_but_reading(self, client: httpx.Client, method: str) -> None:
        answer = client.request(method, "en/")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")

    @pytest.mark.parametrize("path", ["en/", "en/public/en/html/file"])
    def test_head_is_get_without_the_page(self, client: httpx.Client, path: str) -> None:
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


class TestPaths:
    def test_without_the_secret_there_is_nothing(self, site: Served) -> None:
        root = site.address.removesuffix(site.path)
        for path in ("/", "/en/", "/en/style.css", site.path[:-2] + "/", f"/x{site.path}", site.path.upper()):
            answer = httpx.get(root + path, trust_env=False)
            assert (answer.status_code, answer.text) == (404, "404 Not Found\n")

    @pytest.mark.parametrize(
        "path",
        [
            "pt/",
            "en",
            "en/public/en",
            "en/public/en/pdf/",
            "en/public/en/exe",
            "en/public/fr/pdf",
            "en/nobody/en/pdf",
            "en/?audience=nobody",
            "en/zip?format=exe",
            "en/zip?audience=pdf",
            "en/?audience=en",
            "pt/public/en/html/file",
            "../",
            "en/../../etc/passwd",
            "en/public/en/html/../../../../../etc/passwd",
            "%2e%2e%2fetc",
            "..%5c",
            "%00",
            "/etc",
            "%ff",
            "%0d%0aSet-Cookie:%20a=b",
            "en/?audience=%0d%0aSet-Cookie:%20a=b",
            "<script>alert(1)</script>",
            "en/?locale=<script>alert(1)</script>",
        ],
    )
    def test_one_that_leads_nowhere(self, site: Served, path: str) -> None:
        request = f"GET {site.path}{path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n\r\n"
        answer = site.raw(request.encode())
        assert re.match(rb"HTTP/1\.1 40[04]", answer)
        headers, _, page = answer.partition(b"\r\n\r\n")
        assert b"cookie" not in headers.lower()
        assert b"<script" not in page
        assert b"Traceback" not in answer

    def test_an_audience_that_was_not_granted_is_as_one_that_there_is_not(self, client: httpx.Client) -> None:
        for path in ("en/{}/en/pdf", "en/{}/en/html/file", "en/?audience={}", "en/zip?audience={}"):
            kept, absent = (client.get(path.format(name)) for name in ("council", "nobody"))
            assert (kept.status_code, absent.status_code) == (404, 404)
            assert kept.text.replace("council", "…") == absent.text.replace("nobody", "…")


class TestSizes:
    def test_a_path_or_headers_too_long(self, client: httpx.Client) -> None:
        assert client.get("a" * 5000).status_code == 414
        assert client.get("en/", headers={"X": "a" * 40_000}).status_code in (400, 431)
        assert client.get("en/", headers=[(f"X-{n}", "a") for n in range(1000)]).status_code in (400, 431)
        assert client.get("en/").status_code == 200

    def test_ten_thousand_ranges(self, client: httpx.Client) -> None:
        ranges = ",".join(f"{n}-{n}" for n in range(1000))
        answer = client.get("en/public/en/html/file", headers={"Range": f"bytes={ranges}"})
        assert (answer.status_code, answer.content[:15]) == (200, b"<!DOCTYPE html>")
        ranges = ",".join(f"{n}-{n}" for n in range(10_000))
        assert client.get("en/", headers={"Range": f"bytes={ranges}"}).status_code in (400, 431)

    def test_another_protocol(self, site: Served) -> None:
        with (
            httpx.Client(http1=False, http2=True, trust_env=False) as client,
            pytest.raises(httpx.RemoteProtocolError),
        ):
            client.get(site.address + "en/")
        assert site.raw(b"GET / HTTP/2.0\r\n\r\n").startswith(b"HTTP/1.1 505")

    def test_bytes_that_are_no_path(self, site: Served, client: httpx.Client) -> None:
        site.raw(b"GET " + site.path.encode() + b"\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n")
        site.raw(b"\x16\x03\x01 not http at all\r\n\r\n")
        site.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert client.get("en/").status_code == 200

    @pytest.mark.parametrize("is_chunked", [True, False])
    @pytest.mark.parametrize(("method", "status"), [("POST", 405), ("GET", 413)])
    def test_a_body_is_neither_waited_for_nor_kept(
        self, site: Served, client: httpx.Client, method: str, status: int, is_chunked: bool
    ) -> None:
        before = resident(site)
        length = {} if is_chunked else {"Content-Length": str(800 * 65_536)}
        # It may be answered, and the connection closed, while we go on.
        with contextlib.suppress(httpx.WriteError, httpx.ReadError):
            answer = client.request(method, "en/", content=(b"x" * 65_536 for _ in range(800)), headers=length)
            assert answer.status_code == status
        assert client.get("en/").status_code == 200
        assert resident(site) - before < 15_000

    def test_half_open_connections_delay_no_one_and_are_closed(self, site: Served, client: httpx.Client) -> None:
        slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(120)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert client.get("en/").status_code == 200
        began = time.monotonic()
        for connection in slow:
            connection.settimeout(max(0.1, 10 - (time.monotonic() - began)))
            while connection.recv(4096):
                pass
            connection.close()


def resident(site: Served) -> int:
    """The most memory that the server has had, in kB (proc_pid_status(5))."""
    status = Path(f"/proc/{site.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]
