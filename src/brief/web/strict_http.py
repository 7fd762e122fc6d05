"""Limits Hypercorn to HTTP/1.x without upgrades and obsolete line folding. Hypercorn is patched in this module only.

Hypercorn 0.18 uses HTTP/2 with every client that begins with the HTTP/2 preface or asks for `Upgrade: h2c`, and has no
setting against that. It then stops the timer that closes idle connections, so that such a client can keep its
connection open for ever without a request. No browser uses HTTP/2 without TLS (RFC 9113, 3.1), so nothing is lost by
refusing it.

A malformed request for a WebSocket stops the timer too. No page uses WebSockets, so the header `Upgrade` is ignored, as
RFC 9110, 7.8 allows.

A header line that continues on the next one is refused, as RFC 9112, 5.2 requires: a proxy that reads such line breaks
differently from h11 would see different headers. So is a body with two lengths (RFC 9112, 6.1), of which a proxy may choose the other.
"""

import re
from http import HTTPStatus
from typing import Any

import h11
import hypercorn.protocol
from hypercorn.protocol.h11 import H11Protocol

_END_OF_HEADER = re.compile(rb"\n\r?\n")
_FOLD = re.compile(rb"\n[ \t]")


class StrictConnection(h11.Connection):
    """Refuses obsolete line folding, two lengths of one body and the HTTP/2 preface, and drops the header `Upgrade`."""

    def next_event(self) -> Any:
        if self.their_state is h11.IDLE:
            received, _ = self.trailing_data
            if _FOLD.search(_END_OF_HEADER.split(received, maxsplit=1)[0]):
                raise h11.RemoteProtocolError("obsolete line folding", HTTPStatus.BAD_REQUEST)
        event = super().next_event()
        if isinstance(event, h11.Request) and event.http_version not in (b"1.0", b"1.1"):
            raise h11.RemoteProtocolError("only HTTP/1.x is spoken", HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        if isinstance(event, h11.Request):
            if {b"content-length", b"transfer-encoding"} <= {name for name, _ in event.headers}:
                raise h11.RemoteProtocolError("two lengths of one body", HTTPStatus.BAD_REQUEST)
            headers = [header for header in event.headers if header[0] != b"upgrade"]
            return h11.Request(
                method=event.method, target=event.target, headers=headers, http_version=event.http_version
            )
        return event


class StrictProtocol(H11Protocol):
    """HTTP/1.x with a `StrictConnection`."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.connection = StrictConnection(h11.SERVER, max_incomplete_event_size=self.config.h11_max_incomplete_size)


def require_strict_http() -> None:
    """Makes Hypercorn use `StrictProtocol` in this process."""
    hypercorn.protocol.H11Protocol = StrictProtocol  # type: ignore[attr-defined,assignment]
