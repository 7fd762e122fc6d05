"""Middleware of the API: refuses malformed requests, authenticates the caller and limits its request rate."""

import asyncio
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from brief.model.diagnostics import BriefError
from brief.model.record import dataclass
from brief.web.access_control import (
    HEADERS,
    HTTP_VERSIONS,
    MAX_PATH_LENGTH,
    add_headers,
    are_too_large,
    is_cross_site,
)
from brief.web.api.callers import Caller
from brief.web.api.limits import Limits
from brief.web.api.problems import ProblemError, make_problem_response

# Maps the token of a request (None if it has none, "" if it is no bearer token) to its caller, or to None to refuse it.
Identify = Callable[[str | None], Caller | None]

_MAX_BUCKETS = 10_000
# The burst of wrong tokens that one address may send, and the rate per second after that.
_WRONG_TOKENS = 20
_WRONG_TOKENS_RATE = 0.5
_HEADERS = {**HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}


@dataclass(slots=True)
class _Bucket:
    """`tokens` at the time `updated` (`time.monotonic`)."""

    tokens: float
    updated: float


class RateLimiter:
    """Token buckets by name: each has `burst` tokens and is refilled at `rate` tokens per second."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> float:
        """Takes a token and returns 0, or returns the seconds until one is available."""
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
            self._buckets.move_to_end(name)
            if len(self._buckets) > _MAX_BUCKETS:
                self._buckets.popitem(last=False)
            bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.updated) * self._rate)
            bucket.updated = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return (1 - bucket.tokens) / self._rate


class ApiGate:
    """Passes well-formed requests from known callers to `app`, with the caller in `scope["caller"]`.

    `hosts` returns the permitted values of `Host`, in lower case; None leaves that check, and that of the HTTP version,
    to the program that mounts the app.
    """

    def __init__(
        self,
        app: ASGIApp,
        identify: Identify,
        limits: Limits,
        hosts: Callable[[Scope], set[str]] | None,
        report: Callable[[str], None],
    ) -> None:
        self._app = app
        self._identify = identify
        self._limits = limits
        self._hosts = hosts
        self._report = report
        self._requests = RateLimiter(limits.requests, limits.burst)
        self._wrong_tokens = RateLimiter(_WRONG_TOKENS_RATE, _WRONG_TOKENS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        send_complete = _add_timing(add_headers(send, _HEADERS))
        try:
            self._check(scope)
            # This may read the token file, which blocks only briefly: the operating system caches the file.
            caller = self._find_caller(scope)
            body = await self._read_body(scope, receive)
        except ProblemError as error:
            await make_problem_response(error)(scope, receive, send_complete)
            return
        except BriefError as error:
            self._report(str(error))
            await make_problem_response(ProblemError("failed"))(scope, receive, send_complete)
            return

        async def replay_body() -> Message:
            nonlocal body
            if body is not None:
                message: Message = {"type": "http.request", "body": body, "more_body": False}
                body = None
                return message
            return await receive()

        await self._app({**scope, "caller": caller}, replay_body, send_complete)

    def _check(self, scope: Scope) -> None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if are_too_large(headers):
            raise ProblemError("headers-too-large")
        if self._hosts is not None and scope["http_version"] not in HTTP_VERSIONS:
            raise ProblemError("http-version")
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        if len(path) > MAX_PATH_LENGTH:
            raise ProblemError("path-too-long")
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        if len(hosts) != 1 or (self._hosts is not None and hosts[0] not in self._hosts(scope)):
            raise ProblemError("bad-request", "The Host header does not name this service.")
        if is_cross_site(dict(headers), hosts[0]):
            raise ProblemError("another-site")
        if any(name == b"transfer-encoding" for name, _ in headers):
            raise ProblemError("no-length")
        if _read_length(headers) > self._limits.body:
            raise ProblemError("body-too-large", f"The body may have at most {self._limits.body:,} bytes.")

    def _find_caller(self, scope: Scope) -> Caller:
        authorization = Request(scope).headers.get("authorization")
        token = None
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            token = token.strip() if scheme.lower() == "bearer" else ""
        caller = self._identify(token)
        if caller is None:
            address = str((scope.get("client") or ("",))[0])
            _limit_rate(self._wrong_tokens, address)
            raise ProblemError("no-token", headers={"WWW-Authenticate": 'Bearer realm="brief"'})
        _limit_rate(self._requests, caller.name)
        return caller

    async def _read_body(self, scope: Scope, receive: Receive) -> bytes | None:
        length = _read_length(scope["headers"])
        if not length:
            return b"" if scope["method"] == "POST" else None
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ProblemError("body-too-late")
                    body += message.get("body", b"")
                    # The server that runs this application need not enforce the length that the client announced.
                    if len(body) > min(length, self._limits.body):
                        raise ProblemError("body-too-large")
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise ProblemError("body-too-late") from None


def _add_timing(send: Send) -> Send:
    """Wraps `send` to add the time until the response began (W3C Server Timing), for monitoring."""
    began = time.perf_counter()

    async def send_with_timing(message: Message) -> None:
        if message["type"] == "http.response.start":
            spent = f"total;dur={(time.perf_counter() - began) * 1000:.1f}"
            message = {**message, "headers": [*message["headers"], (b"server-timing", spent.encode())]}
        await send(message)

    return send_with_timing


def _limit_rate(limiter: RateLimiter, name: str) -> None:
    wait = limiter.take(name)
    if wait:
        raise ProblemError("too-many-requests", headers={"Retry-After": str(max(1, round(wait)))})


def _read_length(headers: list[tuple[bytes, bytes]]) -> int:
    lengths = [value for name, value in headers if name == b"content-length"]
    if not lengths:
        return 0
    if len(set(lengths)) > 1 or not lengths[0].isdigit() or len(lengths[0]) > 15:
        raise ProblemError("bad-request", "The Content-Length must be one number of at most 15 digits.")
    return int(lengths[0])


def make_host_lister(names: tuple[str, ...]) -> Callable[[Scope], set[str]]:
    """Makes the function that lists the permitted values of `Host` for a request.

    These are the loopback names, the address that was reached and `names`, each with the port of the service. The port
    may be missing if it is the scheme's default, and always after one of the `names`.
    """

    def list_hosts(scope: Scope) -> set[str]:
        address, port = scope["server"]
        own = {"127.0.0.1", "localhost", "[::1]", f"[{address}]" if ":" in str(address) else str(address)}
        default = 443 if scope["scheme"] == "https" else 80
        permitted = {f"{name}:{port}" for name in own} | (own if port == default else set())
        # A proxy passes on the name from the original request, with or without the port of this service.
        return permitted | {name.lower() for name in names} | {f"{name.lower()}:{port}" for name in names}

    return list_hosts


def is_loopback(host: str) -> bool:
    """Returns whether only this machine can reach the address; False for anything that is not an IP address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
