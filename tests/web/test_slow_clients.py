"""Connections over which no whole request comes, or in a form that is not HTTP/1.x: closed, in every protocol."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from api_client import serve_api
from projects import ProjectCopy
from running_server import Served, serve_project

import brief
from brief.web.api.limits import Limits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("refusals")]

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = b"\0\0\0\x04\0\0\0\0\0"
# 5 seconds without a request, and what a busy machine needs.
CLOSED_WITHIN = 9.0

BEGINNINGS = {
    "nothing": b"",
    "half a request line": b"GET /",
    "half a header": b"GET / HTTP/1.1\r\nHost: ",
    "half an HTTP/2 preface": PREFACE[:10],
    "an HTTP/2 preface": PREFACE,
    "an HTTP/2 preface and settings": PREFACE + SETTINGS,
    "an HTTP/2 preface and pings": PREFACE + SETTINGS + b"\0\0\x08\x06\0\0\0\0\0" + b"12345678",
    "the beginning of TLS": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    project = ProjectCopy(tmp_path_factory.mktemp("slow") / "project")
    with serve_project(project.root, "--audience", "public") as running:
        yield running


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, trust_env=False) as opened:
        yield opened


def connect(site: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port))


def read_to_end(connection: socket.socket, ends: float) -> bytes:
    """What comes until the server closes; fails if it does not by then."""
    found = b""
    while True:
        connection.settimeout(max(0.1, ends - time.monotonic()))
        try:
            piece = connection.recv(65_536)
        except ConnectionResetError:
            return found
        if not piece:
            return found
        found += piece


def trickle(connection: socket.socket, data: bytes) -> None:
    for number in range(len(data)):
        connection.sendall(data[number : number + 1])
        time.sleep(0.1)


def request(site: Served, path: str = "en/", extra: bytes = b"") -> bytes:
    return f"GET {site.path}{path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n".encode() + extra + b"\r\n"


def test_connections_that_begin_and_say_no_more_are_closed(site: Served, client: httpx.Client) -> None:
    pairs = [(connect(site), data) for data in BEGINNINGS.values() for _ in range(10)]
    ends = time.monotonic() + CLOSED_WITHIN
    for connection, data in pairs:
        connection.sendall(data)
    assert client.get("en/").status_code == 200
    for connection, _ in pairs:
        read_to_end(connection, ends)
        connection.close()


def test_a_request_that_comes_a_byte_at_a_time_is_cut_off(site: Served, client: httpx.Client) -> None:
    whole = request(site, extra=b"X: " + b"y" * 200 + b"\r\n")
    began = time.monotonic()
    with connect(site) as connection:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            trickle(connection, whole)
        assert time.monotonic() - began < CLOSED_WITHIN
    assert client.get("en/").status_code == 200


def test_a_connection_that_has_had_its_answer_is_closed_when_it_goes_quiet(site: Served) -> None:
    with connect(site) as connection:
        connection.sendall(request(site))
        answer = read_to_end(connection, time.monotonic() + CLOSED_WITHIN)
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("data", [PREFACE, PREFACE + SETTINGS, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"])
def test_http_2_is_answered_once_in_http_1(site: Served, data: bytes) -> None:
    answer = site.raw(data)
    assert answer.startswith(b"HTTP/1.1 505")
    assert answer.count(b"HTTP/") == 1


def test_a_change_to_http_2_is_not_made(site: Served) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    answer = site.raw(request(site, extra=upgrade))
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "extra",
    [
        b"",
        b"Sec-WebSocket-Version: 13\r\n",
        b"Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    ],
    ids=["nothing else", "no key", "no version of it", "sound"],
)
def test_a_change_to_a_web_socket_is_not_made(site: Served, extra: bytes) -> None:
    with connect(site) as connection:
        connection.sendall(request(site, extra=b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + extra))
        answer = read_to_end(connection, time.monotonic() + CLOSED_WITHIN)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "folded",
    [
        b"X: a\r\n b\r\n",
        b"X: a\r\n\tb\r\n",
        b"X: a\n b\r\n",
        b"X: a\r\n \r\n",
        b" X: a\r\n",
        b"Origin: http://127.0.0.1\r\n .evil.example\r\n",
        b"X: a\r\nY: b\r\n c\r\nZ: d\r\n",
    ],
)
def test_a_header_that_goes_on_in_the_next_line_is_refused(site: Served, folded: bytes) -> None:
    answer = site.raw(request(site, extra=folded))
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_body_with_two_lengths_is_refused(site: Served) -> None:
    answer = site.raw(request(site, extra=b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_fold_that_comes_in_two_packets_is_refused(site: Served) -> None:
    with connect(site) as connection:
        whole = request(site, extra=b"X: a\r\n b\r\n")
        cut = whole.index(b"\n b") + 1
        connection.sendall(whole[:cut])
        time.sleep(0.2)
        connection.sendall(whole[cut:])
        assert read_to_end(connection, time.monotonic() + CLOSED_WITHIN).startswith(b"HTTP/1.1 400")


def test_a_second_request_on_one_connection_is_held_to_the_same(site: Served) -> None:
    with connect(site) as connection:
        connection.sendall(request(site) + request(site) + request(site, extra=b"X: a\r\n b\r\n"))
        answer = read_to_end(connection, time.monotonic() + CLOSED_WITHIN)
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    assert statuses == [b"200", b"200", b"400"]


@pytest.mark.parametrize("extra", [b"X: a  b\r\n", b"X:\r\n", b"X: \t a\r\n"])
def test_spaces_within_a_line_are_no_fold(site: Served, extra: bytes) -> None:
    assert site.raw(request(site, extra=extra)).startswith(b"HTTP/1.1 200")


def post(length: int | None, *headers: bytes) -> bytes:
    lengths = () if length is None else (b"Content-Length: %d" % length,)
    return b"\r\n".join((b"POST /api/packs HTTP/1.1", b"Host: 127.0.0.1:%d", *lengths, *headers, b"", b""))


# What is sent at once, what follows in single bytes, and the status of the answer.
BODIES = {
    "announced and never sent": (post(1000), b"", b"408"),
    "half of one": (post(1000) + b"{" * 500, b"", b"408"),
    "a byte at a time": (post(1000), b"{" * 1000, b"408"),
    "asked for first": (post(1000, b"Expect: 100-continue"), b"", b"408"),
    "in chunks": (post(None, b"Transfer-Encoding: chunked"), b"1\r\n{\r\n" * 100, b"411"),
    "a fold behind the last chunk": (
        post(None, b"Transfer-Encoding: chunked") + b"0\r\nX: a\r\n b\r\n\r\n",
        b"",
        b"411",
    ),
    "two lengths": (post(4, b"Content-Length: 5"), b"", b"400"),
    "a length and chunks": (post(4, b"Transfer-Encoding: chunked"), b"", b"400"),
}


def test_bodies_that_do_not_come_are_not_awaited(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    with serve_api(project.root, tmp_path / "state") as api, ThreadPoolExecutor(2 * len(BODIES)) as threads:

        def answer(first: bytes, slow: bytes) -> bytes:
            with connect(api) as connection:
                connection.sendall(first.replace(b"127.0.0.1:%d", b"127.0.0.1:%d" % api.port))
                sending = threads.submit(send_slowly, connection, slow)
                found = read_to_end(connection, time.monotonic() + Limits().body_seconds + CLOSED_WITHIN)
                sending.result()
                return found

        began = {name: threads.submit(answer, first, slow) for name, (first, slow, _) in BODIES.items()}
        answers = {name: awaited.result().replace(b"HTTP/1.1 100 \r\n", b"") for name, awaited in began.items()}
        assert httpx.get(f"http://127.0.0.1:{api.port}/api/briefs", trust_env=False).status_code == 200
    statuses = {name: re.findall(rb"HTTP/1\.1 (\d+)", found) for name, found in answers.items()}
    assert statuses == {name: [status] for name, (_, _, status) in BODIES.items()}


def send_slowly(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        trickle(connection, data)


# An application whose answer is larger than any buffer on the way, for readers who get 2 seconds instead of a minute.
_LARGE = """
from brief.web import server

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 100_000_000})

server.UNREAD_SECONDS = 2
server.run(app, on_ready=lambda port: print(port, flush=True))
"""


def test_a_reader_who_does_not_read_the_answer_is_cut_off() -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(brief.__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-c", _LARGE], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        descriptors = Path(f"/proc/{process.pid}/fd")
        before = len(list(descriptors.iterdir()))
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            time.sleep(0.5)
            assert len(list(descriptors.iterdir())) == before + 1
            ends = time.monotonic() + 20
            while len(list(descriptors.iterdir())) > before:
                assert time.monotonic() < ends, "the connection is still held"
                time.sleep(0.1)
        # A client that reads, even slowly, gets all of it.
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            size = 0
            while piece := connection.recv(1 << 20):
                size += len(piece)
                if size < 20_000_000:
                    time.sleep(0.05)
        assert size > 100_000_000
        process.terminate()


def test_more_silent_clients_than_a_process_may_usually_have_keep_nobody_out(tmp_path: Path) -> None:
    import resource

    project = ProjectCopy(tmp_path / "project")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        running = serve_project(project.root, "--audience", "public")
        site = running.__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with contextlib.ExitStack() as opened:
        opened.push(running)
        for _ in range(200):
            opened.enter_context(connect(site)).sendall(b"GET / HTTP/1.1\r\n")
        assert site.raw(request(site, extra=b"Connection: close\r\n"), timeout=4).startswith(b"HTTP/1.1 200")
