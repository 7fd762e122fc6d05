"""Serves a web application until it is stopped: to this machine only, unless requested otherwise."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

if TYPE_CHECKING:
    from hypercorn.config import Config
    from starlette.types import ASGIApp

# Seconds that a connection may last without a complete request. A request is a few hundred bytes; a slower client
# blocks only its own connection.
_IDLE = 5
_GRACE = 1.0
# Seconds that an answer may wait for its client to receive more of it. Hypercorn itself sets no limit.
UNREAD = 60
_MOST_FILES = 65_536
LOOPBACK = "127.0.0.1"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its chain, and its private key, as PEM files."""

    file: Path
    key: Path


def run(
    app: "ASGIApp",
    host: str = LOOPBACK,
    port: int = 0,
    *,
    allow_remote: bool = False,
    certificate: Certificate | None = None,
    on_ready: Callable[[int], None],
) -> None:
    """Serves `app` until SIGINT or SIGTERM, which is then passed to the previous handler; over TLS with a `certificate`.

    `on_ready` is called with the port once the server listens; port 0 chooses a free one. `host` is an address of this
    machine, which other machines can reach only with `allow_remote`.

    Raises:
        MachineError: the extra `web` is not installed, `host` is not such an address, or the port is taken.
    """
    try:
        from hypercorn.asyncio import serve

        from brief.web.strict_http import require_strict_http
    except ImportError as problem:
        raise make_not_installed_error() from problem
    require_strict_http()
    _permit_connections()
    with _open_socket(host, port, allow_remote) as listener:
        config = _configure(listener, certificate)
        received: list[int] = []

        async def serve_until_signal() -> None:
            stopped = asyncio.Event()

            def stop(number: int) -> None:
                received.append(number)
                # Responses cancelled at shutdown are not errors; CPython 3.11 prints them as such.
                asyncio.get_running_loop().set_exception_handler(lambda *_: None)
                stopped.set()

            if threading.current_thread() is threading.main_thread():
                for number in _SIGNALS:
                    asyncio.get_running_loop().add_signal_handler(number, stop, number)
            on_ready(listener.getsockname()[1])
            await serve(app, config, shutdown_trigger=stopped.wait)  # type: ignore[arg-type]

        before = {number: signal.getsignal(number) for number in _SIGNALS}
        asyncio.run(serve_until_signal())
    if received:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.raise_signal(received[0])


def _permit_connections() -> None:
    """Permits as many open files as the system lets the process have, because each connection is one.

    At the usual 1,024, clients that send nothing could keep others out until they are disconnected.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # Some systems allow less than they say.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _configure(listener: socket.socket, certificate: Certificate | None) -> "Config":
    from hypercorn.config import Config

    config = Config()
    # Hypercorn closes what it is given.
    config.bind = [f"fd://{listener.dup().detach()}"]
    # Not `read_timeout`, which also disconnects clients that wait for a slow answer.
    config.keep_alive_timeout = _IDLE
    if certificate is not None:
        _use_certificate(config, certificate)
    # Unlimited: Hypercorn cannot close a connection whose queue is full of an unread body. Access control answers
    # before one could grow.
    config.max_app_queue_size = 0
    config.graceful_timeout = _GRACE
    config.include_server_header = False
    config.errorlog = None
    config.accesslog = None
    return config


def _use_certificate(config: "Config", certificate: Certificate) -> None:
    try:
        # Read here as well, so that a wrong file is reported before the first client comes.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.file, certificate.key)
    except (OSError, ssl.SSLError) as problem:
        raise MachineError(f"the certificate '{certificate.file}' with its key cannot be used: {problem}") from problem
    config.certfile, config.keyfile = str(certificate.file), str(certificate.key)
    # HTTP/2 has no limits of ours (see `strict_http`).
    config.alpn_protocols = ["http/1.1"]


def make_not_installed_error() -> MachineError:
    """Makes the error for a missing Starlette or Hypercorn."""
    return MachineError("the web page needs Starlette and Hypercorn: run pip install 'brief-press[web]'")


def _open_socket(host: str, port: int, allow_remote: bool) -> socket.socket:
    try:
        address = ipaddress.ip_address(host)
    except ValueError as problem:
        raise MachineError(f"'{host}' is not an address; use 127.0.0.1 or ::1") from problem
    if address.is_unspecified or address.is_multicast:
        raise MachineError(f"'{host}' means all interfaces; name the address by which other machines reach this one")
    if not address.is_loopback and not allow_remote:
        raise MachineError(f"other machines can reach '{host}'; use 127.0.0.1 or ::1")
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if address.version == 6 else socket.AF_INET, backlog=100
        )
    except (OSError, OverflowError) as problem:
        raise MachineError(
            f"cannot listen on port {port} of {host}: {problem}; choose another with --port"
        ) from problem
    # Connections inherit it (tcp(7)). Only Linux has it; elsewhere such a connection lasts as long as its reader.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD * 1000)
    return listener
