"""An SMTP session: verifies the server, logs in and sends one message after another (RFC 5321).

The few commands are implemented here, because Python's smtplib does not report whether the end of a message was sent,
retries a refused password with every other mechanism, and has no time limit for a server that sends a byte now and
then.
"""

import base64
import json
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field

from brief.mail.compose.outgoing import Outgoing
from brief.mail.send.delivery_status import DeliveryState, Outcome
from brief.mail.send.oauth import TokenSource, TokenUnavailableError
from brief.mail.send.server import Security, Server
from brief.mail.send.smtp_connection import (
    BadReplyError,
    ConnectionLostError,
    Deadline,
    Reply,
    SmtpConnection,
    connect,
    remove_controls,
)
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass
from brief.publish import failpoints

# Failpoints of a delivery at which tests kill the process.
CRASH_POINTS = ("session-open", "text-sent", "end-sent", "answer-read")

_END = b".\r\n"
_MAX_LINE = 998  # RFC 5322, 2.1.1, in bytes without CR LF
_UNADDRESSABLE = re.compile(r"[\s\x00-\x1f\x7f<>]")
# RFC 4954, 6: the server requires a login or rejects ours. 454, a temporary failure, is not included.
_LOGIN_CODES = (530, 534, 535, 538)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that each step may take in total, however often a byte arrives.

    `reply` and `final` are those of RFC 5321, 4.5.3.2. `final`, for the reply to the end of a message, must not be
    under ten minutes, because otherwise delivered messages often appear lost. `message` is for a message up to its end.
    """

    connect: float = 30
    reply: float = 300
    message: float = 1800
    final: float = 600
    quit: float = 5


DEFAULT_TIMEOUTS = Timeouts()


class ServerError(MachineError):
    """The server cannot be used, and retrying does not help: its identity is not verified, it rejects the login or
    offers none, it offers no encryption, or it is not an SMTP server."""


class UnavailableError(Exception):
    """The server cannot be reached or is busy; retrying later may help."""


@dataclass(slots=True)
class Session:
    """A session with a server.

    `extensions` maps the keywords that the server offers, in capitals, to their parameters. `secrets` are removed from
    the server's replies. `offered` counts the messages that were offered to the server, whatever it replied. `tokens`
    is set if the login uses OAuth 2.
    """

    connection: SmtpConnection
    timeouts: Timeouts
    extensions: dict[str, str]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    offered: int = 0
    open: bool = True
    tokens: TokenSource | None = field(default=None, repr=False)

    @property
    def size_limit(self) -> int | None:
        """The largest message in bytes, if the server states a limit (RFC 1870, 4: up to 20 digits, and 0 is no limit)."""
        declared = self.extensions.get("SIZE", "")
        return int(declared) or None if re.fullmatch("[0-9]{1,20}", declared) else None

    def is_usable(self) -> bool:
        """Returns whether the session can be used: the server has neither closed it nor announced that it will."""
        try:
            return self.open and not self.connection.has_unsolicited_data()
        except ConnectionLostError:
            return False

    def deliver(self, message: Outgoing, data: bytes, before_end: Callable[[], None]) -> Outcome:
        """Offers a message, whose bytes are `data`, to the server.

        `before_end` is called after everything but the end of the message has been sent without an error. If it
        raises, the message is not delivered; after it returns, the outcome may become unknown.

        Raises:
            ServerError: the server requires authentication; the message was not delivered.
        """
        if (reason := self._find_refusal(message, data)) is not None:
            return Outcome(DeliveryState.REFUSED, reason, by_server=False)
        self.offered += 1
        deadline = Deadline(self.timeouts.message)
        try:
            outcome = self._offer(message, data, deadline)
        except ConnectionLostError as loss:
            self.close()
            return Outcome(DeliveryState.DEFERRED, f"before the end of the message, {loss}")
        if outcome is not None:
            return outcome
        failpoints.pass_point("text-sent")
        before_end()
        try:
            final = Deadline(self.timeouts.final)
            self.connection.send(_END, final)
            failpoints.pass_point("end-sent")
            reply = self._read_reply(final)
        except ConnectionLostError as loss:
            self.close()
            return Outcome(DeliveryState.UNKNOWN, f"after the end of the message, {loss}")
        failpoints.pass_point("answer-read")
        return self._classify_final_reply(reply)

    def quit(self) -> None:
        """Sends QUIT, and closes the connection whatever the server replies."""
        if self.open:
            with suppress(ConnectionLostError):
                self.send_command("QUIT", Deadline(self.timeouts.quit))
            self.close()

    def close(self) -> None:
        """Closes the connection; a message whose end was not sent is not delivered (RFC 5321, 3.8)."""
        self.open = False
        self.connection.close()

    def send_command(self, line: str, deadline: Deadline | None = None) -> Reply:
        """Sends a line and reads the reply, within `deadline` and the limit for one reply."""
        step = deadline.cap(self.timeouts.reply) if deadline is not None else Deadline(self.timeouts.reply)
        self.connection.send(f"{line}\r\n".encode(), step)
        return self._read_reply(step)

    def _read_reply(self, deadline: Deadline) -> Reply:
        reply = self.connection.read_reply(deadline)
        text = reply.text
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return Reply(reply.code, text)

    def _offer(self, message: Outgoing, data: bytes, deadline: Deadline) -> Outcome | None:
        """Sends everything but the end of the message; returns the outcome if the server declines, or else None."""
        for command, expected in (
            (f"MAIL FROM:<{message.sender}>{self._make_parameters(message, data)}", 2),
            (f"RCPT TO:<{message.recipient}>", 2),
            ("DATA", 3),
        ):
            reply = self.send_command(command, deadline)
            if reply.reply_class != expected:
                return self._handle_refusal(reply)
        self.connection.send(_stuff_dots(data), deadline)
        if self.connection.has_unsolicited_data():
            # The server replied before the end of the message. Only a new connection can continue.
            reply = self._read_reply(deadline)
            self.close()
            return _classify_reply(reply)
        return None

    def _make_parameters(self, message: Outgoing, data: bytes) -> str:
        parameters = f" SIZE={len(data)}" if "SIZE" in self.extensions else ""
        if _is_international(message, data):
            parameters += " SMTPUTF8" + (" BODY=8BITMIME" if "8BITMIME" in self.extensions else "")
        return parameters

    def _find_refusal(self, message: Outgoing, data: bytes) -> str | None:
        """Returns why this message must not be offered to this server, or None."""
        for address in (message.sender, message.recipient):
            if not address or _UNADDRESSABLE.search(address):
                return "an address is empty, or contains characters that no SMTP command can carry"
        if not _is_well_formed(data):
            return "the message has bare line ends, NUL, or a line longer than 998 bytes (RFC 5322, 2.1.1; RFC 5321, 2.3.8)"
        if self.size_limit is not None and len(data) > self.size_limit:
            return f"the message has {len(data)} bytes; the server accepts {self.size_limit}"
        if _is_international(message, data) and "SMTPUTF8" not in self.extensions:
            return "the address or a header needs SMTPUTF8 (RFC 6531), which the server does not offer"
        return None

    def _handle_refusal(self, reply: Reply) -> Outcome:
        if reply.code in _LOGIN_CODES:
            self.close()
            if self.tokens is None or self.offered == 1:
                raise ServerError(f"the server requires authentication: {reply}")
            # The token has expired or was withdrawn since the login.
            self.tokens.discard()
            return Outcome(DeliveryState.DEFERRED, str(reply))
        if reply.code == 421 or reply.reply_class < 4 or not self._reset():
            self.close()
        return _classify_reply(reply)

    def _reset(self) -> bool:
        try:
            return self.send_command("RSET").reply_class == 2
        except ConnectionLostError:
            return False

    def _classify_final_reply(self, reply: Reply) -> Outcome:
        if reply.reply_class == 2:
            return Outcome(DeliveryState.ACCEPTED, str(reply))
        if reply.code == 421 or reply.reply_class < 4:
            self.close()
        if reply.reply_class < 4:
            return Outcome(DeliveryState.UNKNOWN, f"the server answered the end of the message with {reply}")
        return _classify_reply(reply)


def open_session(server: Server, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> Session:
    """Connects, encrypts with the method of the URL, and logs in; plain text is used only if the URL says so.

    Raises:
        ServerError: the server cannot be used, and retrying does not help.
        UnavailableError: the server cannot be reached or is busy; retrying later may help.
        MachineError: the file of certificates cannot be read, or the token endpoint refuses a token.
    """
    context = None if server.security is Security.NONE else server.make_tls_context()
    session: Session | None = None
    try:
        connection = connect(server.host, server.port, Deadline(timeouts.connect))
        session = Session(connection, timeouts, {}, _list_secrets(server), tokens=server.tokens)
        if context is not None and server.security is Security.TLS:
            _encrypt(session, server, context)
        _require_success(connection.read_reply(Deadline(timeouts.reply)), "sent the greeting", server)
        _greet(session, server)
        if context is not None and server.security is Security.STARTTLS:
            _start_tls(session, server, context)
        if server.user is not None:
            _log_in(session, server)
    except BadReplyError as problem:
        _close(session)
        raise ServerError(f"{server} is not an SMTP server: {problem}") from None
    except ConnectionLostError as problem:
        _close(session)
        raise UnavailableError(f"{server}: {problem}") from None
    except BaseException:
        _close(session)
        raise
    failpoints.pass_point("session-open")
    return session


def _close(session: Session | None) -> None:
    if session is not None:
        session.close()


def _list_secrets(server: Server) -> tuple[str, ...]:
    """Lists the secrets to remove from a server's reply before it is printed or recorded."""
    if server.user is None or not server.password:
        return ()
    return (server.password, _encode_base64(server.password), _encode_plain(server.user, server.password))


def _require_success(reply: Reply, event: str, server: Server) -> None:
    if reply.reply_class == 4:
        raise UnavailableError(f"{server} {event} {reply}")
    if reply.reply_class != 2:
        raise ServerError(f"{server} {event} {reply}")


def _greet(session: Session, server: Server) -> None:
    # RFC 5321, 4.1.3: an address literal, because the name of this machine is uncertain and would need a look-up.
    address = session.connection.local_address
    literal = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
    session.connection.send(f"EHLO {literal}\r\n".encode(), Deadline(session.timeouts.reply))
    lines = session.connection.read_reply_lines(Deadline(session.timeouts.reply))
    _require_success(lines[0], "answers EHLO with", server)
    words = [line.text.split(None, 1) for line in lines[1:]]
    session.extensions = {word[0].upper(): "".join(word[1:]) for word in words if word}


def _start_tls(session: Session, server: Server, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in session.extensions:
        raise ServerError(f"{server} does not offer STARTTLS; nothing was sent")
    _require_success(session.send_command("STARTTLS"), "answers STARTTLS with", server)
    if session.connection.has_buffered_data:
        # RFC 3207, 6: an attacker may inject replies before the server's identity is verified.
        raise ServerError(f"{server} continued in plain text after STARTTLS; nothing was sent")
    _encrypt(session, server, context)
    # RFC 3207, 4.2: discard what was learnt before TLS.
    _greet(session, server)


def _encrypt(session: Session, server: Server, context: ssl.SSLContext) -> None:
    try:
        session.connection.encrypt(context, server.host, Deadline(session.timeouts.reply))
    except ssl.SSLCertVerificationError as problem:
        raise ServerError(f"{server} could not be verified: {problem.verify_message}; nothing was sent") from None
    except ssl.SSLError as problem:
        reason = problem.reason or "the server ended it"
        raise ServerError(f"{server} failed the TLS handshake ({reason}); nothing was sent") from None


def _log_in(session: Session, server: Server) -> None:
    """Logs in with a token, PLAIN (RFC 4616) or LOGIN. A password is tried once: retries can lock the account."""
    user, password = server.user or "", server.password or ""
    offered = session.extensions.get("AUTH", "").upper().split()
    if server.tokens is not None:
        if "XOAUTH2" not in offered:
            raise ServerError(f"{server} does not offer AUTH XOAUTH2")
        reply = _log_in_by_token(session, user, server.tokens)
    elif "PLAIN" in offered:
        reply = session.send_command(f"AUTH PLAIN {_encode_plain(user, password)}")
    elif "LOGIN" in offered:
        reply = session.send_command("AUTH LOGIN")
        for word in (user, password):
            if reply.reply_class == 3:
                reply = session.send_command(_encode_base64(word))
    else:
        raise ServerError(
            f"{server} offers neither AUTH PLAIN nor AUTH LOGIN; to send without a login, remove the user from the"
            " URL of the server and add '--allow no-authentication'"
        )
    _require_success(reply, "refused the login with", server)


def _log_in_by_token(session: Session, user: str, tokens: TokenSource) -> Reply:
    """Logs in with XOAUTH2, as Google and Microsoft describe it; a token that is not accepted is replaced once."""
    reply = _offer_token(session, user, tokens)
    if reply.code in _LOGIN_CODES:
        # The token may have been withdrawn before it expired.
        tokens.discard()
        reply = _offer_token(session, user, tokens)
        if reply.code in _LOGIN_CODES:
            tokens.discard()
    return reply


def _offer_token(session: Session, user: str, tokens: TokenSource) -> Reply:
    try:
        token = tokens.get_token()
    except TokenUnavailableError as problem:
        raise UnavailableError(str(problem)) from None
    credential = _encode_base64(f"user={user}\1auth=Bearer {token}\1\1")
    session.secrets = (*session.secrets, token, credential)
    reply = session.send_command(f"AUTH XOAUTH2 {credential}")
    if reply.reply_class != 3:
        return reply
    # The reply is an error in JSON; the server replies finally to an empty line.
    reason = _describe_challenge(reply.text)
    last = session.send_command("")
    return Reply(last.code, f"{last.text} ({reason})") if reason else last


def _describe_challenge(text: str) -> str:
    """Describes the status and the scope in an XOAUTH2 error; returns "" if the error cannot be read."""
    try:
        error = json.loads(base64.b64decode(text, validate=True))
        details = [f"{name} {error[name]}" for name in ("status", "scope") if name in error]
    except (ValueError, TypeError, RecursionError):
        return ""
    return remove_controls(", ".join(details))[:200]


def _encode_plain(user: str, password: str) -> str:
    return _encode_base64(f"\0{user}\0{password}")


def _encode_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _classify_reply(reply: Reply) -> Outcome:
    """Classifies an unexpected reply: from 500 the message is refused, below it is deferred."""
    return Outcome(DeliveryState.REFUSED if reply.reply_class >= 5 else DeliveryState.DEFERRED, str(reply))


def _is_international(message: Outgoing, data: bytes) -> bool:
    return not (message.sender.isascii() and message.recipient.isascii() and data.isascii())


def _is_well_formed(data: bytes) -> bool:
    """Returns whether no line is too long, and there is no NUL and no bare CR or LF, which allow smuggling in another
    message (CVE-2023-51764).
    """
    lines = data.split(b"\r\n")
    is_whole = lines[-1] == b"" and b"\0" not in data and len(data) > 2
    return is_whole and data.count(b"\r") == data.count(b"\n") == len(lines) - 1 and max(map(len, lines)) <= _MAX_LINE


def _stuff_dots(data: bytes) -> bytes:
    """Doubles the dot at the start of a line, so that it does not end the message (RFC 5321, 4.5.2)."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
