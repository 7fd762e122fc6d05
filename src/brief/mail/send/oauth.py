"""Gets access tokens for a mail server that requires OAuth 2.0 (RFC 6749) instead of a password.

This uses only the standard library, because all that is needed is to post one form. The libraries bring browser flows
and an HTTP client with its own certificates (Authlib; oauthlib with requests), or support a single provider (MSAL).
"""

import enum
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from brief.mail.send.smtp_connection import remove_controls
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

TIMEOUT_SECONDS = 30.0
# A token is not used in these last seconds before it expires, so that it is still valid when the server checks it.
_EXPIRY_MARGIN = 60.0
_MAX_LIFETIME = 24 * 3600.0
_MAX_RESPONSE_BYTES = 64 * 1024
# The characters of a bearer token (RFC 6750, 2.1).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
# RFC 6749, 5.2.
_ERROR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}")


class Grant(enum.StrEnum):
    """The grant type: on behalf of the program itself (RFC 6749, 4.4), or of a person who has consented (6)."""

    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  (the name of a grant)


class TokenRefusedError(MachineError):
    """The token endpoint refuses, cannot be verified or gives no usable response; trying again does not help."""


class TokenUnavailableError(Exception):
    """The token endpoint cannot be reached or is busy; trying again later may help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """A registered client. `url` is the token endpoint; `ca` is a file of certificates to trust instead of the system's."""

    url: str
    client_id: str
    grant: Grant
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    scope: str | None = None
    ca: str | None = None


class TokenSource:
    """Supplies the access tokens of a client; each is used until shortly before it expires.

    If the endpoint replaces the refresh token (RFC 6749, 6), `store` is called with the new one. If there is no
    `store`, or it fails, the new refresh token is used until the program ends and is then lost; `unsaved_because` is
    the reason. `timeout` is in seconds.
    """

    def __init__(
        self,
        client: OAuthClient,
        store: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._timeout = timeout
        self._refresh_token = client.refresh_token
        self._token: str | None = None
        self._expiry = 0.0
        self.unsaved_because: str | None = None

    def __repr__(self) -> str:
        return f"TokenSource({self._client!r})"

    def get_token(self) -> str:
        """Returns a valid token, and requests a new one if necessary.

        Raises:
            TokenRefusedError: the endpoint refuses, cannot be verified, or its response is not usable.
            TokenUnavailableError: the endpoint cannot be reached or is busy.
            MachineError: the file of certificates cannot be used.
        """
        if self._token is None or self._clock() >= self._expiry:
            self._token = self._request_token()
        return self._token

    def discard(self) -> None:
        """Discards a token that a server did not accept, so that the next call requests a new one."""
        self._token = None

    def _request_token(self) -> str:
        requested_at = self._clock()
        status, answer = self._post(urlencode(self._make_form()))
        if status == 429 or status >= 500:
            raise TokenUnavailableError(f"the token endpoint {self._host} responds with {status}")
        document = _parse(answer)
        if status != 200:
            raise TokenRefusedError(
                f"the token endpoint {self._host} refuses: {self._describe_error(status, document)}"
            )
        token, kind = document.get("access_token"), document.get("token_type")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
            raise TokenRefusedError(f"the token endpoint {self._host} did not return a bearer token")
        self._expiry = requested_at + max(0.0, _read_lifetime(document) - _EXPIRY_MARGIN)
        replacement = document.get("refresh_token")
        if isinstance(replacement, str) and replacement and replacement != self._refresh_token:
            self._refresh_token = replacement
            self.unsaved_because = self._save(replacement)
        return token

    def _save(self, refresh_token: str) -> str | None:
        """Saves a new refresh token; returns why it cannot be saved, or None."""
        if self._store is None:
            return "the old one is not from the keyring"
        try:
            self._store(refresh_token)
        except MachineError as problem:
            # The old token may no longer be valid, so ending the run would lose both.
            return str(problem)
        return None

    def _make_form(self) -> dict[str, str]:
        # The secret is sent in the form, as providers document, although RFC 6749, 2.3.1, prefers an Authorization header.
        form = {
            "grant_type": str(self._client.grant),
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "refresh_token": self._refresh_token if self._client.grant is Grant.REFRESH_TOKEN else None,
            "scope": self._client.scope,
        }
        return {name: value for name, value in form.items() if value is not None}

    @property
    def _host(self) -> str:
        return urlsplit(self._client.url).netloc

    def _post(self, form: str) -> tuple[int, bytes]:
        """Posts the form once. Redirects are not followed, because the secret would be sent along."""
        split = urlsplit(self._client.url)
        connection = self._connect(split.scheme, split.hostname or "", split.port)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        end = time.monotonic() + self._timeout
        # The timeout of a socket starts again with each byte.
        timer = threading.Timer(self._timeout, lambda: _shut_down(socket_))
        timer.daemon = True
        try:
            connection.connect()
            socket_ = connection.sock
            timer.start()
            connection.request("POST", split.path + (f"?{split.query}" if split.query else ""), form, headers)
            response = connection.getresponse()
            answer = response.read(_MAX_RESPONSE_BYTES + 1)
        except ssl.SSLCertVerificationError as problem:
            message = f"the token endpoint {self._host} could not be verified: {problem.verify_message}"
            raise TokenRefusedError(f"{message}; no secret was sent") from None
        except (OSError, http.client.HTTPException) as problem:
            reason = getattr(problem, "strerror", None) or type(problem).__name__
            failure = f"cannot be reached: {reason}"
        else:
            failure = ""
        finally:
            timer.cancel()
            connection.close()
        if time.monotonic() > end:
            failure = f"takes longer than {self._timeout:g} s"
        if failure:
            raise TokenUnavailableError(f"the token endpoint {self._host} {failure}")
        if len(answer) > _MAX_RESPONSE_BYTES:
            raise TokenRefusedError(f"the response of the token endpoint {self._host} is too long")
        return response.status, answer

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        try:
            context = ssl.create_default_context(cafile=self._client.ca)
        except OSError as problem:
            reason = "contains no certificate" if isinstance(problem, ssl.SSLError) else problem.strerror
            raise MachineError(f"the certificates of the token endpoint, {self._client.ca}: {reason}") from None
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)

    def _describe_error(self, status: int, document: Mapping[str, Any]) -> str:
        """Returns the error that the endpoint reports, without any secrets that it may repeat."""
        parts = [str(document.get(name, "")) for name in ("error", "error_description")]
        text = ": ".join(part for part in parts if part) or str(status)
        if _ERROR.fullmatch(parts[0]) is None:
            text = str(status)
        for secret in (self._client.client_secret, self._refresh_token):
            # The endpoint may also repeat it in the encoding of the form.
            for spelling in (secret, quote_plus(secret)) if secret else ():
                text = text.replace(spelling, "***")
        return remove_controls(text)[:300]


def _shut_down(socket_: socket.socket) -> None:
    """Ends calls in another thread that wait for the connection."""
    with suppress(OSError):
        # Not the method of SSLSocket, which forgets its TLS connection while the other thread uses it.
        socket.socket.shutdown(socket_, socket.SHUT_RDWR)


def _read_lifetime(document: Mapping[str, Any]) -> float:
    """Returns the seconds for which a token is valid; 0 if they are not stated (RFC 6749, 5.1), so it is used once."""
    try:
        seconds = float(str(document.get("expires_in")))
    except ValueError:
        return 0.0
    return min(seconds, _MAX_LIFETIME) if seconds > 0 else 0.0


def _parse(answer: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
