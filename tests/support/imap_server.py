"""A real IMAP server (pymap) behind TLS on loopback, whose one mailbox holds the messages of a test."""

import imaplib
import select
import socket
import ssl
import subprocess
import sys
import threading
import time
from types import TracebackType

USER, PASSWORD = "briefings@example.org", "correct horse: battery/staple@5%"
_RUN = "from pymap.main import main; main()"


class ImapServer:
    """The server; `port` is that of TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._plain_port = int(free.getsockname()[1])

    def add(self, *messages: bytes) -> None:
        """Puts messages into the mailbox."""
        with self._connected() as connection:
            for message in messages:
                assert connection.append("INBOX", "", None, message.replace(b"\n", b"\r\n"))[0] == "OK"

    def flags(self) -> list[bytes]:
        """The flags of every message."""
        with self._connected() as connection:
            connection.select("INBOX", readonly=True)
            _, found = connection.fetch("1:*", "(FLAGS)")
            return [flags for flags in found if isinstance(flags, bytes)]

    def clear(self) -> None:
        with self._connected() as connection:
            connection.select("INBOX")
            connection.store("1:*", "+FLAGS", "\\Deleted")
            connection.expunge()

    def _connected(self) -> imaplib.IMAP4:
        connection = imaplib.IMAP4("127.0.0.1", self._plain_port)
        connection.login(USER, PASSWORD)
        return connection

    def _listen(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=(connected,), daemon=True).start()

    def _forward(self, connected: socket.socket) -> None:
        try:
            outside = self._context.wrap_socket(connected, server_side=True)
        except OSError:
            # The client did not trust us.
            connected.close()
            return
        inside = socket.create_connection(("127.0.0.1", self._plain_port))
        with outside, inside:
            while True:
                ready = [outside] if outside.pending() else select.select([outside, inside], [], [])[0]
                for one, other in ((outside, inside), (inside, outside)):
                    if one in ready:
                        data = one.recv(65536)
                        if not data:
                            return
                        other.sendall(data)

    def __enter__(self) -> "ImapServer":
        options = ["--host", "127.0.0.1", "--port", str(self._plain_port), "--no-tls", "dict", "--demo-data"]
        login = ["--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen([sys.executable, "-c", _RUN, *options, *login], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while True:
            try:
                self.clear()
                break
            except OSError:
                assert self._process.poll() is None, "the IMAP server ended"
                assert time.monotonic() < end, "the IMAP server does not answer"
                time.sleep(0.1)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._process.kill()
        self._process.wait()
