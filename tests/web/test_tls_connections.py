"""Connections over TLS: HTTP/2 is not offered, and a client that is silent, slow or floods the service is disconnected."""

import os
import re
import select
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import h2.config
import h2.connection
import httpx
import pytest
import trustme
from api_client import add_callers
from projects import ProjectCopy
from running_server import Served, serve_project
from test_slow_clients import BEGINNINGS, CLOSED_WITHIN, PREFACE, SETTINGS, read_to_end, trickle

from brief.web.api.limits import Limits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-tls")]

# The headers of a frame of HTTP/2 (RFC 9113, 4.1).
PING, HEADERS, CONTINUATION, RESET, WINDOW = 6, 1, 9, 3, 8
_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass(frozen=True)
class TlsSite:
    """A service with a certificate, and what a client needs to reach it."""

    served: Served
    token: str
    context: ssl.SSLContext

    def connect(self, *protocols: str) -> ssl.SSLSocket:
        if protocols:
            self.context.set_alpn_protocols(protocols)
        return self.context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.served.port)), server_hostname="briefs.example.org"
        )

    def request(self, *headers: str, method: str = "GET", path: str = "/api/briefs") -> bytes:
        lines = (
            f"Host: briefs.example.org:{self.served.port}",
            f"Authorization: Bearer {self.token}",
            *headers,
            "",
            "",
        )
        return "\r\n".join((f"{method} {path} HTTP/1.1", *lines)).encode()

    def require_service(self) -> None:
        """Checks that others are still answered."""
        with self.connect() as connection:
            connection.sendall(self.request("Connection: close"))
            assert read_to_end(connection, time.monotonic() + 20).startswith(b"HTTP/1.1 200")

    def read_memory(self) -> int:
        pages = int(Path(f"/proc/{self.served.process.pid}/statm").read_text().split()[1])
        return pages * 4096

    def count_connections(self) -> int:
        folder = Path(f"/proc/{self.served.process.pid}/fd")
        return sum("socket" in str(each.readlink()) for each in folder.iterdir() if each.is_symlink())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsSite]:
    folder = tmp_path_factory.mktemp("tls")
    project = ProjectCopy(folder / "project")
    authority = trustme.CA()
    issued = authority.issue_cert("briefs.example.org", "127.0.0.1")
    (folder / "certificate.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    (folder / "key.pem").write_bytes(issued.private_key_pem.bytes())
    tokens = add_callers(folder / "tokens.json", {"desk": {"clearance": "internal"}})
    options = ("--certificate", str(folder / "certificate.pem"), "--key", str(folder / "key.pem"))
    api = ("--api", "--tokens", str(folder / "tokens.json"), "--state", str(folder / "state"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with serve_project(project.root, *options, "--name", "briefs.example.org", *api) as served:
        yield TlsSite(served, tokens["desk"], context)


def make_frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3) + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def test_http_2_is_not_offered(site: TlsSite) -> None:
    with site.connect("h2", "http/1.1") as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
    with httpx.Client(verify=site.context, http2=True, trust_env=False) as client:
        headers = {"Host": f"briefs.example.org:{site.served.port}", "Authorization": f"Bearer {site.token}"}
        answer = client.get(f"https://127.0.0.1:{site.served.port}/api/briefs", headers=headers)
    assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")


def test_a_client_that_offers_only_http_2_agrees_on_nothing(site: TlsSite) -> None:
    with site.connect("h2") as connection:
        assert connection.selected_alpn_protocol() is None
        start_http_2(connection)
        assert read_to_end(connection, time.monotonic() + CLOSED_WITHIN).startswith(b"HTTP/1.1 505")
    site.context.set_alpn_protocols(["http/1.1"])


def start_http_2(connection: ssl.SSLSocket) -> h2.connection.H2Connection:
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    connection.sendall(client.data_to_send())
    return client


FLOODS = {
    "settings": SETTINGS * 5_000,
    "pings": make_frame(PING, 0, 0, b"12345678") * 5_000,
    "window updates": make_frame(WINDOW, 0, 0, b"\0\0\0\1") * 5_000,
    "rapid resets": b"".join(
        make_frame(HEADERS, 5, stream, b"\x82\x86\x84") + make_frame(RESET, 0, stream, b"\0\0\0\x08")
        for stream in range(1, 8_001, 2)
    ),
    "continuations without an end": make_frame(HEADERS, 0, 1, b"\x82\x86\x84")
    + make_frame(CONTINUATION, 0, 1, b"\x40\x01a\x7f\x80\x01" + b"x" * 255) * 5_000,
    "a header of a megabyte": make_frame(HEADERS, 0, 1, b"\x40\x01a" + b"\x7f\x80\x80\x40" + b"x" * 1_000_000),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_frames_of_http_2_end_the_connection(site: TlsSite, flood: bytes) -> None:
    before = site.read_memory()
    for answer in send_from_several(site, flood):
        assert answer.startswith(b"HTTP/1.1 505") or answer == b""
    site.require_service()
    assert site.read_memory() < before + 50_000_000


def send_from_several(site: TlsSite, flood: bytes) -> list[bytes]:
    """Sends the frames over five connections at once, also after the server has ended them, and returns the answers."""
    ends = time.monotonic() + CLOSED_WITHIN
    with ThreadPoolExecutor(5) as threads:

        def send(connection: ssl.SSLSocket) -> bytes:
            start_http_2(connection)
            answer = exchange(connection, flood, ends)
            connection.close()
            return answer

        connections = [site.connect() for _ in range(5)]
        return list(threads.map(send, connections))


def exchange(connection: ssl.SSLSocket, data: bytes, ends: float, *, size: int = 16_384, pause: float = 0) -> bytes:
    """Sends and reads by turns until the server ends the connection: two threads may not use one (SSL_read(3)).

    Sends `size` bytes at a time, and waits for `pause` seconds after each time.

    Raises:
        TimeoutError: the server has not ended it.
    """
    connection.setblocking(False)
    answer, left, resumes = b"", data, 0.0
    while (now := time.monotonic()) < ends:
        is_sending = bool(left) and now >= resumes
        select.select([connection], [connection] if is_sending else [], [], 0.05)
        try:
            if is_sending:
                left = left[connection.send(left[:size]) :]
                resumes = now + pause
        except _WAITING:
            pass
        except OSError:
            # The server reads no more; it may have answered before.
            left = b""
        try:
            piece = connection.recv(65_536)
        except _WAITING:
            continue
        except OSError:
            return answer
        if not piece:
            return answer
        answer += piece
    raise TimeoutError


def test_a_connection_that_fails_prints_nothing(site: TlsSite) -> None:
    """Otherwise a client could fill the log, and stop a service whose messages no one reads."""
    for _ in range(10):
        send_from_several(site, FLOODS["pings"])
    site.require_service()
    printed = site.served.process.stderr
    assert select.select([printed], [], [], 0)[0] == [], os.read(printed.fileno(), 3_000).decode()


def test_connections_that_begin_and_say_no_more_are_closed(site: TlsSite) -> None:
    """Before, during and after the handshake."""
    hello = make_client_hello(site.context)
    plain = [b"", hello[:5], hello[:-1], hello, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", PREFACE + SETTINGS]
    opened: list[socket.socket] = []
    for data in plain:
        opened.append(socket.create_connection(("127.0.0.1", site.served.port)))
        opened[-1].sendall(data)
    for data in BEGINNINGS.values():
        opened.append(site.connect())
        opened[-1].sendall(data)
    ends = time.monotonic() + CLOSED_WITHIN
    site.require_service()
    for connection in opened:
        read_to_end(connection, ends)
        connection.close()


def make_client_hello(context: ssl.SSLContext) -> bytes:
    sent = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="briefs.example.org")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return sent.read()


def test_a_client_that_ignores_the_end_is_cut_off(site: TlsSite) -> None:
    """It neither closes nor reads, so that it never answers the end of TLS."""
    # By then the connections of other tests are closed.
    time.sleep(CLOSED_WITHIN)
    before = site.count_connections()
    opened = [site.connect() for _ in range(10)]
    assert site.count_connections() >= before + 10
    ends = time.monotonic() + CLOSED_WITHIN + 2
    while site.count_connections() > before:
        assert time.monotonic() < ends, "the connections are still held"
        time.sleep(0.2)
    for connection in opened:
        connection.close()


def test_a_request_that_comes_a_byte_at_a_time_is_cut_off(site: TlsSite) -> None:
    began = time.monotonic()
    with site.connect() as connection, pytest.raises((BrokenPipeError, ConnectionResetError, ssl.SSLError)):
        trickle(connection, site.request("X: " + "y" * 200))
    assert time.monotonic() - began < CLOSED_WITHIN + 2


BODIES = {
    "announced and never sent": (("Content-Length: 1000",), b"", b"408"),
    "a byte at a time": (("Content-Length: 1000",), b"{" * 1000, b"408"),
    "in chunks": (("Transfer-Encoding: chunked",), b"1\r\n{\r\n" * 100, b"411"),
    "two lengths": (("Content-Length: 4", "Transfer-Encoding: chunked"), b"", b"400"),
}


def test_bodies_that_do_not_come_are_not_awaited(site: TlsSite) -> None:
    with ThreadPoolExecutor(len(BODIES)) as threads:

        def answer(headers: tuple[str, ...], slow: bytes) -> bytes:
            with site.connect() as connection:
                connection.sendall(site.request(*headers, method="POST", path="/api/packs"))
                ends = time.monotonic() + Limits().body_seconds + CLOSED_WITHIN
                return exchange(connection, slow, ends, size=1, pause=0.1)

        began = {name: threads.submit(answer, headers, slow) for name, (headers, slow, _) in BODIES.items()}
        statuses = {name: re.findall(rb"HTTP/1\.1 (\d+)", awaited.result()) for name, awaited in began.items()}
    assert statuses == {name: [status] for name, (_, _, status) in BODIES.items()}
    site.require_service()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("X: a\r\n b", b"400"),
        ("X: a\r\n\tb", b"400"),
        ("X: " + "y" * 1_000_000, b"431"),
        ("\r\n".join(f"X-{number}: y" for number in range(50_000)), b"431"),
    ],
    ids=["a fold", "a fold with a tab", "a long header", "many headers"],
)
def test_headers_that_are_folded_or_too_long_are_refused(site: TlsSite, header: str, status: bytes) -> None:
    with site.connect() as connection:
        answer = exchange(connection, site.request(header), time.monotonic() + CLOSED_WITHIN)
    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) in ([status], [])
    site.require_service()


def test_only_current_versions_of_tls_are_spoken(site: TlsSite) -> None:
    for version in ("-tls1", "-tls1_1"):
        ran = connect_with_openssl(site, version, "-cipher", "DEFAULT@SECLEVEL=0")
        assert ran.returncode != 0, version
    assert connect_with_openssl(site, "-tls1_2").returncode == 0
    # Renegotiation would cost the server more than the client; it is not answered.
    began = time.monotonic()
    asked = connect_with_openssl(site, "-tls1_2", data=b"R\n")
    assert b"RENEGOTIATING" in asked.stdout + asked.stderr
    assert b"HTTP/1.1" not in asked.stdout
    assert time.monotonic() - began < CLOSED_WITHIN


def connect_with_openssl(site: TlsSite, *options: str, data: bytes = b"Q\n") -> subprocess.CompletedProcess[bytes]:
    address = f"127.0.0.1:{site.served.port}"
    return subprocess.run(
        ["openssl", "s_client", "-connect", address, *options], input=data, capture_output=True, timeout=30, check=False
    )
