"""Sends bytes to an SMTP server and reads its replies. Each step has a deadline, so that a slow server cannot block a
run.
"""

import re
import socket
import ssl
import time

from brief.model.record import dataclass

# RFC 5321, 4.5.3.1.5, allows 512 bytes per line; servers that explain a refusal send longer lines, and several.
MAX_REPLY_BYTES = 32 * 1024
_CHUNK = 64 * 1024
_LINE = re.compile(rb"(\d{3})(?:([ -])(.*))?\Z", re.DOTALL)


class ConnectionLostError(Exception):
    """The connection is gone or no longer usable: closed, reset, silent past the deadline, or out of sync."""


class BadReplyError(ConnectionLostError):
    """The server sent something that is not an SMTP reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply, or one line of it (RFC 5321, 4.2)."""

    code: int
    text: str

    @property
    def reply_class(self) -> int:
        """The first digit of the code: 2 done, 3 continue, 4 refused for now, 5 refused for good."""
        return self.code // 100

    def __str__(self) -> str:
        return f"{self.code:03} {self.text}".rstrip()


class Deadline:
    """The time at which a step must have ended, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def cap(self, seconds: float) -> "Deadline":
        """Returns the earlier of this deadline and the one `seconds` from now."""
        other = Deadline(seconds)
        return other if other._end < self._end else self

    def require_time(self) -> float:
        """Returns the seconds remaining.

        Raises:
            ConnectionLostError: there are none.
        """
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise self.make_error()
        return remaining

    def make_error(self) -> "ConnectionLostError":
        """Makes the error to raise after the deadline."""
        return ConnectionLostError(f"the server took longer than {self._seconds:g} s")


class SmtpConnection:
    """A connection to a server. Every method raises ConnectionLostError once the connection is lost."""

    def __init__(self, socket_: socket.socket) -> None:
        self._socket = socket_
        self._buffer = bytearray()
        # The end of a message is small and sent separately; it must not wait until the rest is acknowledged.
        socket_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def local_address(self) -> str:
        return str(self._socket.getsockname()[0])

    @property
    def has_buffered_data(self) -> bool:
        """Whether data was received that has not been read as a reply."""
        return bool(self._buffer)

    def encrypt(self, context: ssl.SSLContext, host: str, deadline: Deadline) -> None:
        """Switches to TLS and verifies that the server is `host`.

        Raises:
            ssl.SSLError: the server's identity cannot be verified, or the TLS handshake fails.
        """
        try:
            self._socket.settimeout(deadline.require_time())
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as problem:
            raise ConnectionLostError("the server closed the connection") from problem
        except ssl.SSLError:  # which is an OSError
            raise
        except OSError as problem:
            raise _make_lost_error(problem, deadline) from problem

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Sends all of the data."""
        remaining = memoryview(data)
        try:
            while remaining:
                self._socket.settimeout(deadline.require_time())
                remaining = remaining[self._socket.send(remaining[:_CHUNK]) :]
        except OSError as problem:
            raise _make_lost_error(problem, deadline) from problem

    def read_reply(self, deadline: Deadline) -> Reply:
        """Reads the next reply and joins its lines with spaces.

        Raises:
            BadReplyError: the server sent something that is not an SMTP reply, or a reply that is too long.
        """
        lines = self.read_reply_lines(deadline)
        return Reply(lines[0].code, " ".join(line.text for line in lines if line.text))

    def read_reply_lines(self, deadline: Deadline) -> tuple[Reply, ...]:
        """Reads the next reply, and returns each of its lines (RFC 5321, 4.2.1); raises as `read_reply` does."""
        lines: list[Reply] = []
        length = 0
        while length <= MAX_REPLY_BYTES:
            line = self._read_line(deadline)
            length += len(line)
            match = _LINE.match(line)
            if match is None:
                raise BadReplyError("the server sent something that is not an SMTP reply")
            lines.append(Reply(int(match[1]), remove_controls((match[3] or b"").decode(errors="replace").strip())))
            if lines[-1].code != lines[0].code:
                raise BadReplyError("the lines of the server's reply have different codes")
            if match[2] != b"-":
                return tuple(lines)
        raise BadReplyError("the server's reply is too long")

    def has_unsolicited_data(self) -> bool:
        """Returns whether the server has sent data that is not a reply to a command. Does not wait."""
        if self._buffer:
            return True
        try:
            self._socket.settimeout(0)
            self._receive()
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        except OSError as problem:
            raise ConnectionLostError(f"the connection was lost: {problem.strerror or problem}") from problem
        return bool(self._buffer)

    def close(self) -> None:
        """Closes the connection without sending anything."""
        self._socket.close()

    def _read_line(self, deadline: Deadline) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_REPLY_BYTES:
                raise BadReplyError("the server's reply is too long")
            try:
                self._socket.settimeout(deadline.require_time())
                self._receive()
            except OSError as problem:
                raise _make_lost_error(problem, deadline) from problem
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        return line

    def _receive(self) -> None:
        data = self._socket.recv(_CHUNK)
        if not data:
            raise ConnectionLostError("the server closed the connection")
        self._buffer += data


def remove_controls(text: str) -> str:
    """Replaces unprintable characters in a server's text with U+FFFD, because it is printed to a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def connect(host: str, port: int, deadline: Deadline) -> SmtpConnection:
    """Connects to the first address of `host` that accepts a connection.

    The addresses share the time, so that one that does not answer leaves time for the others.

    Raises:
        ConnectionLostError: no address accepts a connection, or the name cannot be resolved.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as problem:
        raise ConnectionLostError(f"the name {host} cannot be resolved ({problem.strerror})") from problem
    lost = ConnectionLostError(f"the name {host} has no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        share = deadline.cap(deadline.require_time() / (len(addresses) - number))
        try:
            socket_ = socket.socket(family, kind, protocol)
        except OSError as problem:
            lost = _make_lost_error(problem, deadline)
            continue
        try:
            socket_.settimeout(share.require_time())
            socket_.connect(address)
            return SmtpConnection(socket_)
        except OSError as problem:
            socket_.close()
            lost = _make_lost_error(problem, share)
    raise lost


def _make_lost_error(problem: OSError, deadline: Deadline) -> ConnectionLostError:
    if isinstance(problem, TimeoutError):
        return deadline.make_error()
    return ConnectionLostError(f"the connection was lost: {problem.strerror or problem}")
