"""A server with many addresses holds us no longer than one with a single one, and is reached by any that answers."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from brief.mail.send.smtp_connection import ConnectionLostError, Deadline, connect

SILENT = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
HOST = "mail.example.org"


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which 127.0.0.1 answers, and each address of `SILENT` never: as many wait there as are let wait."""
    with ExitStack() as opened:
        answering = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        number: int = answering.getsockname()[1]
        for address in SILENT:
            opened.enter_context(socket.create_server((address, number), backlog=0))
            for _ in range(3):
                waiting = opened.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex((address, number))
        time.sleep(0.05)
        yield number


def resolve_host_to(patch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Has the name of the host stand for these addresses."""

    def found(host: str, port: int, **_: object) -> list[object]:
        assert host == HOST
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    patch.setattr(socket, "getaddrinfo", found)


def test_silent_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolve_host_to(monkeypatch, *SILENT)
    start = time.monotonic()
    with pytest.raises(ConnectionLostError, match=r"took longer than 0\.3 s"):
        connect(HOST, port, Deadline(0.3))
    assert time.monotonic() - start < 0.6


def test_one_that_answers_behind_one_that_does_not_is_reached(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolve_host_to(monkeypatch, SILENT[0], "127.0.0.1")
    wire = connect(HOST, port, Deadline(0.6))
    assert wire.local_address == "127.0.0.1"
    wire.close()


def test_the_reason_of_the_last_failed_connection_is_reported(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolve_host_to(monkeypatch, "127.0.0.5", "127.0.0.6")
    with pytest.raises(ConnectionLostError, match="refused"):
        connect(HOST, port, Deadline(5))


def test_a_name_without_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_host_to(monkeypatch)
    with pytest.raises(ConnectionLostError, match="no address"):
        connect(HOST, 25, Deadline(5))
