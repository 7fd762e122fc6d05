"""The page of `brief mail preview`: the messages of a plan as recipients will see them, before they are sent."""

import html
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brief.model.catalogue import Catalogue
from brief.model.diagnostics import MachineError
from brief.templating.plain import Plain
from brief.templating.sandbox import render
from brief.templating.template_set import find_template_set
from brief.web.application import make_application
from brief.web.launch import serve_page
from brief.web.messages import Mailbox, PreviewMessage, decode_part, get_part_name, get_part_type
from brief.web.responses import PAGE, STYLE, format_size, make_not_found_error, make_response
from brief.writers.html import build_screen_stylesheet

if TYPE_CHECKING:
    from email.message import MIMEPart

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

_LIST, _MESSAGE = "preview/list.html.j2", "preview/message.html.j2"
_STYLES = ("screen.css", "preview/page.css")
_PER_PAGE = 50
_WIDTHS = ("window", "desktop", "phone")
_CATALOGUE = Catalogue("en")
_CID = re.compile(r"cid:([^\"'\s)>]+)", re.I)

_COMMON_POLICY = "base-uri 'none'; form-action 'none'"
# The pages load their style sheet and show a message in a frame, in which external links do not work.
_PAGE_POLICY = f"default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; {_COMMON_POLICY}"
# A message is shown as in mail programs: without scripts and network access, with its pictures inlined.
_BODY_POLICY = f"sandbox; default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; {_COMMON_POLICY}"


def serve_messages(
    folder: Path,
    port: int = 0,
    open_browser: bool = True,
    *,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves the `.eml` files of a folder to this machine's user until SIGINT or SIGTERM.

    `on_ready` is called with the page's address, which contains a secret that keeps out other users of the machine.

    Raises:
        MachineError: there are no messages, the extra `web` is not installed, or the port is taken.
    """
    mailbox = Mailbox(folder)
    serve_page(lambda token: app(mailbox, token=token), port=port, open_browser=open_browser, on_ready=on_ready)


def app(messages: Sequence[PreviewMessage], *, token: str) -> "ASGIApp":
    """Makes the application, with its pages below `/<token>/`.

    Raises:
        MachineError: the extra `web` is not installed.
    """
    pages = _Pages(messages)
    return make_application(
        {
            "/": pages.show_list,
            "/style.css": pages.send_stylesheet,
            "/{number:int}": pages.show_message,
            "/{number:int}/body": pages.send_body,
            "/{number:int}/files/{file:int}": pages.send_file,
        },
        token,
        handlers={MachineError: _respond_unreadable},
    )


class _Pages:
    """Responds to requests. Messages are numbered from 1, and so are the files of each message."""

    def __init__(self, messages: Sequence[PreviewMessage]) -> None:
        self.messages = messages
        self.entries: dict[int, dict[str, Plain]] = {}
        self.template_set = find_template_set("base")
        self.css = build_screen_stylesheet("en", self.template_set, *_STYLES)

    def show_list(self, request: "Request") -> "Response":
        last = max(1, -(-len(self.messages) // _PER_PAGE))
        page = min(_parse_number(request.query_params.get("page")), last)
        start = (page - 1) * _PER_PAGE
        context: dict[str, Plain] = {
            "title": _CATALOGUE.get("Messages"),
            "count": len(self.messages),
            "page": page,
            "last": last,
            "messages": [
                self._describe_message(number)
                for number in range(start + 1, min(start + _PER_PAGE, len(self.messages)) + 1)
            ],
        }
        return self._render_page(request, _LIST, context)

    def _describe_message(self, number: int) -> dict[str, Plain]:
        """Returns the list entry of a message, cached because the message may be large."""
        if number not in self.entries:
            try:
                self.entries[number] = _describe_message(number, self.messages[number - 1]) | {"problem": None}
            except MachineError as problem:
                self.entries[number] = {"number": number, "problem": str(problem)}
        return self.entries[number]

    def show_message(self, request: "Request") -> "Response":
        number, message = self._find_message(request)
        view = "text" if message.html is None or request.query_params.get("view") == "text" else "html"
        context: dict[str, Plain] = {
            **_describe_message(number, message),
            "title": message.subject or _CATALOGUE.get("(no subject)"),
            "count": len(self.messages),
            "headers": [[name, value] for name, value in message.headers],
            "view": view,
            "width": width if (width := request.query_params.get("width", "")) in _WIDTHS else _WIDTHS[0],
            "has_html": message.html is not None,
            "text": message.text,
            "files": [{"number": each, **_describe_file(file)} for each, file in enumerate(message.attachments, 1)],
        }
        return self._render_page(request, _MESSAGE, context)

    def send_body(self, request: "Request") -> "Response":
        _, message = self._find_message(request)
        if message.html is None:
            raise make_not_found_error()
        body = _CID.sub(lambda reference: _embed_picture(message, reference), message.html)
        return make_response(request, body.encode(), PAGE, policy=_BODY_POLICY)

    def send_file(self, request: "Request") -> "Response":
        _, message = self._find_message(request)
        number = int(request.path_params["file"])
        if not 1 <= number <= len(message.attachments):
            raise make_not_found_error()
        file = message.attachments[number - 1]
        return make_response(request, decode_part(file), get_part_type(file), name=get_part_name(file))

    def send_stylesheet(self, request: "Request") -> "Response":
        return make_response(request, self.css.encode(), STYLE)

    def _find_message(self, request: "Request") -> tuple[int, PreviewMessage]:
        number = int(request.path_params["number"])
        if not 1 <= number <= len(self.messages):
            raise make_not_found_error()
        return number, self.messages[number - 1]

    def _render_page(self, request: "Request", template: str, context: dict[str, Plain]) -> "Response":
        page = render(self.template_set, template, context, _CATALOGUE)
        return make_response(request, page.encode(), PAGE, policy=_PAGE_POLICY)


def _describe_message(number: int, message: PreviewMessage) -> dict[str, Plain]:
    return {
        "number": number,
        "name": message.name,
        "address": message.address,
        "subject": message.subject or _CATALOGUE.get("(no subject)"),
        "language": message.language or "en",
        "variant": message.variant,
        "attachments": [_describe_file(file) for file in message.attachments],
    }


def _describe_file(file: "MIMEPart") -> dict[str, Plain]:
    return {"name": get_part_name(file), "size": format_size(len(decode_part(file)))}


def _embed_picture(message: PreviewMessage, reference: "re.Match[str]") -> str:
    """Returns the picture at a `cid:` URL as a `data:` URL, or the `cid:` URL if there is no such picture."""
    picture = message.pictures.get(html.unescape(reference[1]))
    if picture is None or not get_part_type(picture).startswith("image/"):
        return reference[0]
    return f"data:{get_part_type(picture)};base64,{b64encode(decode_part(picture)).decode()}"


def _parse_number(text: str | None) -> int:
    """Returns the number of a page; 1 if it is missing or not a number from 1 to 999,999."""
    return int(text) if text and re.fullmatch("[1-9][0-9]{0,5}", text) else 1


def _respond_unreadable(_: "Request", problem: Exception) -> "Response":
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(f"{problem}\n", 500)
