"""Makes responses: bytes with their headers, or 304 if the browser has them already."""

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PAGE = "text/html; charset=utf-8"
STYLE = "text/css; charset=utf-8"


def make_response(
    request: "Request",
    data: bytes,
    media_type: str,
    *,
    policy: str | None = None,
    name: str | None = None,
    is_saved: bool = True,
    language: str | None = None,
    status: int = 200,
) -> "Response":
    """Makes a response with the bytes, or with status 304 if the browser has them already (RFC 9110, 13.1.2).

    `policy` is the page's Content-Security-Policy, `language` its Content-Language. With a `name`, the browser
    downloads the file under that name; if `is_saved` is false, it shows the file, and suggests the name if the user
    saves it.
    """
    from starlette.responses import Response

    headers = {}
    if policy:
        headers["Content-Security-Policy"] = policy
    if name is not None:
        # RFC 6266, 4.2 and 4.3; all other characters are percent-encoded.
        kind = "attachment" if is_saved else "inline"
        headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    if language:
        headers["Content-Language"] = language
    if status == 200:
        headers["ETag"] = tag = f'"{sha256(data).hexdigest()[:32]}"'
        if matches_tag(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
    response = Response(data, status, headers)
    response.headers["Content-Type"] = media_type
    return response


def matches_tag(condition: str, tag: str) -> bool:
    """Returns whether the value of an If-None-Match header names the entity tag (RFC 9110, 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in condition.split(",")]
    return tag in tags or tags == ["*"]


def make_not_found_error() -> Exception:
    """Makes the exception that becomes the response 404 Not Found."""
    from starlette.exceptions import HTTPException

    return HTTPException(404)


def respond_not_found(*_: object) -> "Response":
    """Makes the response to a request for an unknown address, which is the same for all of them."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("404 Not Found\n", 404)


def format_size(count: int) -> str:
    """Formats a file's size in kB or MB, which are powers of ten."""
    return f"{count / 1_000_000:,.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000)):,} kB"
