"""A real mail server (aiosmtpd) on loopback, with encryption and logins, that keeps what it receives."""

import asyncio
import base64
import json
import ssl
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from brief.mail.send.server import Security, Server

USER, PASSWORD = "newsroom@example.org", "correct horse: battery/staple@5%"


class ReceivingServer:
    """Accepts mail by STARTTLS, or by TLS from the first byte, from clients that know `PASSWORD`.

    With `accepts_token`, also by XOAUTH2. `received` holds each recipient and the result of `keep` for the message's bytes; `logins` every attempt.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        security: Security = Security.STARTTLS,
        keep: Callable[[bytes], Any] = bytes,
        accepts_token: Callable[[str], bool] | None = None,
        **settings: Any,
    ) -> None:
        self.received: list[tuple[str, Any]] = []
        self.logins: list[tuple[str, str]] = []
        self._security = security
        self._keep = keep
        self._accepts_token = accepts_token
        self._context = context if security is Security.TLS else None
        self._settings: dict[str, Any] = {"hostname": "receiver", "auth_required": True, "authenticator": self._admit}
        if security is Security.STARTTLS:
            self._settings |= {"tls_context": context, "require_starttls": True}
        else:
            # aiosmtpd does not know that the connection is already encrypted, and warns.
            self._settings |= {"auth_require_tls": False}
        if accepts_token is not None:
            self.auth_XOAUTH2 = self._admit_by_token  # aiosmtpd offers each mechanism that has such a method
        self._settings |= settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def server(self, password: str = PASSWORD, host: str = "localhost", ca: str | None = None) -> Server:
        return Server(self._security, host, self._port, USER, password, ca)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert envelope.original_content is not None
        (recipient,) = envelope.rcpt_tos
        self.received.append((recipient, self._keep(envelope.original_content)))
        return "250 2.0.0 kept"

    def _admit(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        login = (data.login.decode(), data.password.decode())
        self.logins.append(login)
        # Not handled: it is the server that says 535.
        return AuthResult(success=login == (USER, PASSWORD), handled=False)

    async def _admit_by_token(self, server: SMTP, args: list[str]) -> AuthResult:
        """XOAUTH2 as Google has it: an error in JSON, which the client answers with an empty line, and then 535."""
        words = base64.b64decode(args[1]).decode().split("\1")
        token = words[1].removeprefix("auth=Bearer ")
        self.logins.append((words[0].removeprefix("user="), token))
        assert self._accepts_token is not None
        if words[0] == f"user={USER}" and words[2:] == ["", ""] and self._accepts_token(token):
            return AuthResult(success=True)
        error = json.dumps({"status": "401", "schemes": "bearer", "scope": "https://mail.example.org/"})
        await server.challenge_auth(error)
        return AuthResult(success=False, handled=False)

    async def _listen(self) -> int:
        def session() -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return SMTP(self, loop=self._loop, **self._settings)

        self._listener = await self._loop.create_server(session, "127.0.0.1", 0, ssl=self._context)
        return int(self._listener.sockets[0].getsockname()[1])

    def __enter__(self) -> "ReceivingServer":
        self._thread.start()
        self._port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        async def end() -> None:
            self._listener.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
