"""Serves a web application until a signal arrives; only this machine can reach it, unless requested otherwise."""

import asyncio
import contextlib
import errno
import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

if TYPE_CHECKING:
    from hypercorn.config import Config
    from starlette.types import ASGIApp

# How long a connection may last without a complete request. A request is a few hundred bytes; a slower client blocks
# only its own connection.
_IDLE_SECONDS = 5
# How many seconds a client may take to answer the end of TLS (RFC 8446, 6.1); the default of asyncio is 30.
_TLS_END_SECONDS = 1.0
_GRACE_SECONDS = 1.0  # for responses under way when the server stops
# How long a response may wait for its client to receive more of it. Hypercorn itself sets no limit.
UNREAD_SECONDS = 60
_MAX_FILES = 65_536
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

    `on_ready` is called with the port once the server listens; port 0 chooses a free one. `host` is an IP address of
    this machine. Without `allow_remote`, it must be a loopback address.

    Raises:
        MachineError: the extra `web` is not installed, `host` is not such an address, the port cannot be used, or the
            certificate cannot.
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
            asyncio.get_running_loop().set_exception_handler(_report_unless_connection_failed)

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

        previous_handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        asyncio.run(serve_until_signal())
    if received:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
        signal.raise_signal(received[0])


def _report_unless_connection_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Reports an exception of the event loop as asyncio does, unless it only says that a connection failed.

    Clients can make connections fail at will, and so fill a log, or a pipe that is not read, which would stop the service.
    """
    problem = context.get("exception")
    if isinstance(problem, BaseExceptionGroup):
        problem = problem.split(OSError)[1]
        is_failed_connection = problem is None
    else:
        is_failed_connection = isinstance(problem, OSError)
    if not is_failed_connection:
        loop.default_exception_handler(context)


def _permit_connections() -> None:
    """Raises the limit on open files, because each connection is one.

    At the usual limit of 1,024, clients that send nothing could keep others out until they are disconnected.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, _MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < limit:
        # Some systems refuse values below the hard limit that they report.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def _configure(listener: socket.socket, certificate: Certificate | None) -> "Config":
    from hypercorn.config import Config

    config = Config()
    # A duplicate, because Hypercorn closes the descriptor that it gets.
    config.bind = [f"fd://{listener.dup().detach()}"]
    # Not `read_timeout`, which also disconnects clients that wait for a slow answer.
    config.keep_alive_timeout = _IDLE_SECONDS
    if certificate is not None:
        _use_certificate(config, certificate)
    # Unlimited: Hypercorn cannot close a connection whose queue is full of an unread body. No queue grows, because
    # access control refuses such a request at once.
    config.max_app_queue_size = 0
    config.graceful_timeout = _GRACE_SECONDS
    config.include_server_header = False
    config.errorlog = None
    config.accesslog = None
    return config


def _use_certificate(config: "Config", certificate: Certificate) -> None:
    try:
        # Read here as well, so that an unusable file is reported before the first client connects.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.file, certificate.key)
    except (OSError, ssl.SSLError) as problem:
        raise MachineError(f"the certificate '{certificate.file}' with its key cannot be used: {problem}") from problem
    config.certfile, config.keyfile = str(certificate.file), str(certificate.key)
    config.ssl_handshake_timeout = _IDLE_SECONDS
    # Hypercorn has no option for this limit.
    asyncio.constants.SSL_SHUTDOWN_TIMEOUT = _TLS_END_SECONDS  # type: ignore[misc]
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
    if address.is_unspecified:
        raise MachineError(f"'{host}' means all interfaces; name the address by which other machines reach this one")
    if address.is_multicast:
        raise MachineError(f"'{host}' is a multicast address; name the address by which other machines reach this one")
    if not address.is_loopback and not allow_remote:
        raise MachineError(f"other machines can reach '{host}'; use 127.0.0.1 or ::1")
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if address.version == 6 else socket.AF_INET, backlog=100
        )
    except (OSError, OverflowError) as problem:
        is_foreign = isinstance(problem, OSError) and problem.errno == errno.EADDRNOTAVAIL
        fix = "name an address of this machine" if is_foreign else "choose another port with --port"
        raise MachineError(f"cannot listen on port {port} of '{host}': {problem}; {fix}") from problem
    # Connections inherit this option (tcp(7)). Only Linux has it; elsewhere, a connection lasts as long as its client.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    return listener
