"""A token endpoint (RFC 6749, 3.2) on loopback, with or without TLS, whose answers a test decides."""

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl

Form = dict[str, str]
# The status and the document that answer a form.
Answer = tuple[int, object]


class TokenEndpoint:
    """Records each form in `forms` and answers with what `answer` returns for it."""

    def __init__(self, answer: Callable[[Form], Answer], context: ssl.SSLContext | None = None) -> None:
        self.forms: list[Form] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                endpoint.forms.append(dict(parse_qsl(body)))
                status, document = answer(endpoint.forms[-1])
                data = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if context else "http"
        self.host = f"localhost:{self._server.server_address[1]}"
        self.url = f"{scheme}://{self.host}/token"

    def __enter__(self) -> "TokenEndpoint":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


def bearer(token: str, seconds: int = 3600, **more: object) -> Answer:
    """The answer that gives a token."""
    return 200, {"access_token": token, "token_type": "Bearer", "expires_in": seconds, **more}
