"""A scripted mail server: at each point of a session it gives any answer, or none."""

import enum
import re
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType

from brief.mail.send.server import Security, Server


class Fault(enum.Enum):
    DROP = "drop"
    RST = "reset"
    HANG = "hang"
    SLOW = "a byte now and then"


Step = bytes | Fault
# What the server does at a point: a constant, or a function of the line and its number there.
Script = Step | Callable[[bytes, int], Step]

USUAL: dict[str, Script] = {
    "greeting": b"220 ready\r\n",
    "EHLO": b"250-scripted\r\n250-SIZE 20000000\r\n250-8BITMIME\r\n250 HELP\r\n",
    "MAIL": b"250 2.1.0 ok\r\n",
    "RCPT": b"250 2.1.5 ok\r\n",
    "DATA": b"354 go on\r\n",
    "end": b"250 2.0.0 queued\r\n",
    "RSET": b"250 2.0.0 ok\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
    "STARTTLS": b"220 2.0.0 go on\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
}


@dataclass(frozen=True)
class Received:
    """A message whose end arrived and that the server did not decline; it counts as delivered."""

    recipient: str
    data: bytes


class ScriptedServer:
    """Follows `script` at the points that it names, and the protocol elsewhere. "text" is the middle of a message."""

    def __init__(self, script: Mapping[str, Script] | None = None, context: ssl.SSLContext | None = None) -> None:
        self._script = {**USUAL, **(script or {})}
        self._context = context
        self.received: list[Received] = []
        self.commands: list[bytes] = []
        self.connections = 0
        self._seen: dict[str, int] = defaultdict(int)
        self._over = threading.Event()
        self._sessions: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def server(self) -> Server:
        return Server(Security.NONE, "127.0.0.1", self.port)

    @property
    def recipients(self) -> list[str]:
        return [message.recipient for message in self.received]

    def wait_until_idle(self) -> None:
        """Waits until all sessions have ended, so that everything that clients sent has been received."""
        for session in self._sessions:
            session.join(30)
            assert not session.is_alive()

    def __enter__(self) -> "ScriptedServer":
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._over.set()
        # Closing alone leaves the thread in `accept`, which would take one more connection.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            session = threading.Thread(target=self._serve, args=(connected,), daemon=True)
            self._sessions.append(session)
            session.start()

    def _serve(self, connected: socket.socket) -> None:
        try:
            self._talk(connected)
        except (EOFError, OSError):
            pass
        finally:
            connected.close()

    def _talk(self, connected: socket.socket) -> None:
        self._do(connected, "greeting", b"")
        lines = connected.makefile("rb")
        recipient = ""
        while line := lines.readline():
            self.commands.append(line.strip())
            verb = line[:4].decode("latin-1").upper().strip()
            verb = {"STAR": "STARTTLS"}.get(verb, verb)
            if verb == "RCPT" and (match := re.search(rb"<(.*)>", line)):
                recipient = match[1].decode()
            answer = self._do(connected, verb, line)
            if verb == "STARTTLS" and answer[:3] == b"220" and self._context is not None:
                connected = self._context.wrap_socket(connected, server_side=True)
                lines = connected.makefile("rb")
            elif verb == "DATA" and answer[:3] == b"354":
                if "text" in self._script:
                    lines.readline()
                    self._do(connected, "text", line)
                text = []
                while (line := lines.readline()) != b".\r\n":
                    if not line:
                        raise EOFError
                    text.append(line)
                self._take(connected, recipient, text)

    def _take(self, connected: socket.socket, recipient: str, text: list[bytes]) -> None:
        step = self._step("end", recipient.encode())
        if not (isinstance(step, bytes) and step[:1] in (b"4", b"5", b"9")):
            whole = b"".join(line[1:] if line.startswith(b".") else line for line in text)
            self.received.append(Received(recipient, whole))
        self._perform(connected, step)

    def _step(self, point: str, line: bytes) -> Step:
        script = self._script.get(point, b"502 5.5.1 no such command\r\n")
        number, self._seen[point] = self._seen[point], self._seen[point] + 1
        return script(line, number) if callable(script) else script

    def _do(self, connected: socket.socket, point: str, line: bytes) -> bytes:
        step = self._step(point, line)
        self._perform(connected, step)
        return step if isinstance(step, bytes) else b""

    def _perform(self, connected: socket.socket, step: Step) -> None:
        if isinstance(step, bytes):
            connected.sendall(step)
        elif step is Fault.SLOW:
            while not self._over.wait(0.05):
                connected.sendall(b"2")
        else:
            if step is Fault.HANG:
                self._over.wait()
            if step is Fault.RST:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connected.close()
            raise EOFError
