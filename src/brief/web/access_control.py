"""Access control for every page: refuses requests that its user would not make in a browser.

Any program on the machine can request a page on the loopback address, and so can any web site through the browser (DNS
rebinding). So the `Host` must be ours, the request must not come from another site's page, the path must start with a
secret that only the user knows, and only GET and HEAD are accepted, without a body.
"""

import hmac
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_Headers = list[tuple[bytes, bytes]]

_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
HTTP_VERSIONS = ("1.0", "1.1")
_METHODS = ("GET", "HEAD")
MAX_PATH_LENGTH = 2_048
_MAX_HEADERS = 100
_MAX_HEADER_BYTES = 16_384  # of all headers together

# For responses that do not set these headers themselves. Their pages can load nothing, and the address, which contains
# the secret, is not sent as a referrer.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class AccessControl:
    """Passes requests whose path starts with the secret `token` to `app`, without the token; refuses all others.

    `names` lists further names of this server, such as the names in its certificate or of a proxy.
    """

    def __init__(self, app: ASGIApp, token: str, names: tuple[str, ...] = ()) -> None:
        self.names = names
        self.app = app
        self.root = f"/{token}"
        self.token = token.encode("ascii")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope, receive, add_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._find_refusal(scope)
        if refusal is not None:
            headers = {"Allow": ", ".join(_METHODS)} if refusal is HTTPStatus.METHOD_NOT_ALLOWED else None
            # The answer repeats nothing from the request, and is the same for everyone.
            response = PlainTextResponse(f"{refusal.value} {refusal.phrase}\n", refusal, headers)
            await response(scope, receive, send)
            return
        await self.app({**scope, "path": scope["path"].removeprefix(self.root), "root_path": ""}, receive, send)

    def _find_refusal(self, scope: Scope) -> HTTPStatus | None:
        headers: _Headers = scope["headers"]
        if are_too_large(headers):
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        # In HTTP/2, a body need not be announced by a header. `strict_http` refuses HTTP/2; another server might not.
        if scope["http_version"] not in HTTP_VERSIONS:
            return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
        hosts = [value for name, value in headers if name == b"host"]
        if hosts not in _list_hosts(scope, self.names):
            return HTTPStatus.BAD_REQUEST
        if is_cross_site(dict(headers), hosts[0].decode("ascii")):
            return HTTPStatus.FORBIDDEN
        if scope["method"] not in _METHODS:
            return HTTPStatus.METHOD_NOT_ALLOWED
        if any(
            name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers
        ):
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        if len(path) > MAX_PATH_LENGTH:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        # The raw path is checked: no page has a path that needs encoding, so only a probe sends one.
        first, _, rest = path.partition(b"?")[0].removeprefix(b"/").partition(b"/")
        if not hmac.compare_digest(first, self.token) or b"%" in rest or b"\\" in rest or b"//" in rest:
            return HTTPStatus.NOT_FOUND
        return None


def _list_hosts(scope: Scope, further_names: tuple[str, ...]) -> list[list[bytes]]:
    """Lists the accepted values of `Host`, each as the only one of its request.

    These are the loopback names, the address that was reached and the `further_names`, each with this server's port.
    The port may be missing if it is the scheme's default, and always after a further name, because a proxy may use
    another port.
    """
    address, port = scope["server"]
    names = (*_LOOPBACK_NAMES, f"[{address}]" if ":" in address else address)
    default = 443 if scope.get("scheme") == "https" else 80
    hosts = (
        [f"{name}:{port}" for name in (*names, *further_names)]
        + [name for name in names if port == default]
        + [*further_names]
    )
    return [[host.encode()] for host in hosts]


def are_too_large(headers: _Headers) -> bool:
    """Returns whether a request has too many headers, or too many bytes of them."""
    return len(headers) > _MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > _MAX_HEADER_BYTES


def is_cross_site(headers: Mapping[bytes, bytes], host: str) -> bool:
    """Returns whether a page of an origin other than `host` caused the request.

    See the Fetch standard, 3.2, and W3C Fetch Metadata. Other hosts and ports of the same site count as other origins.
    Following a link is permitted.
    """
    origin = headers.get(b"origin")
    if origin is not None and origin.decode("latin-1").lower() not in (f"http://{host}", f"https://{host}"):
        return True
    follows_a_link = headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"
    return headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site") and not follows_a_link


def add_headers(send: Send, defaults: Mapping[str, str] = HEADERS) -> Send:
    """Wraps `send` to add those of the `defaults` that a response does not set itself."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in defaults.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
