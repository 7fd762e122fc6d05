"""Responds with the bytes of a file: all of them, a range, or none if the client already has them."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from brief.web.api.problems import ProblemError
from brief.web.responses import matches_tag

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def make_file_response(headers: Mapping[str, str], data: bytes, *, sha256: str, media_type: str, name: str) -> Response:
    """Makes the response to a request with `headers` for the file `data`, whose digest is its entity tag.

    A request for one range gets that range (RFC 9110, 14.2). Requests for several ranges, for an invalid range, or for a
    range of another version of the file (13.1.5) get the whole file.

    Raises:
        ProblemError: the range contains no byte of the file.
    """
    tag = f'"{sha256}"'
    response_headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        # RFC 6266, 4.1 and 4.3. Browsers save the file instead of showing it: a project's page must not run in this origin.
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }
    if matches_tag(headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=response_headers)
    part = None
    if headers.get("if-range", tag) == tag:
        part = _find_part(headers.get("range", ""), len(data))
    if part is None:
        return Response(data, 200, response_headers, media_type)
    first, last = part
    response_headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, response_headers, media_type)


def _find_part(header: str, size: int) -> tuple[int, int] | None:
    """Returns the first and last position, from 0, in the value of a Range header; None for the whole file."""
    match = _RANGE.fullmatch(header.strip().replace(" ", ""))
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first = int(match[1])
        last = min(int(match[2]), size - 1) if match[2] else size - 1
        if match[2] and int(match[2]) < first:
            return None
    if first > last or first >= size:
        raise ProblemError("bad-range", headers={"Content-Range": f"bytes */{size}"})
    return first, last
