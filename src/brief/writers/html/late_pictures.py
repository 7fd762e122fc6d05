"""Keeps the bytes of pictures out of the page while templates run: a page with 400 of them would be copied ten times."""

import base64
import io
import re
from collections.abc import Iterable
from dataclasses import replace

from brief.model.assets import Image

# With a SHA-256 in hexadecimal: a multiple of three bytes, so that its Base64 form has no padding.
_PREFIX = b"picture "
_BEGINNING = base64.b64encode(_PREFIX[:6])
_PLACE = re.compile(rb";base64,(" + _BEGINNING + rb"[A-Za-z0-9+/]{88})")


def replace_by_digest(image: Image) -> Image:
    """Returns the picture with its digest instead of its bytes; `insert_pictures` reverses this in the page."""
    return replace(image, data=_make_place(image))


def insert_pictures(page: str, images: Iterable[Image]) -> bytes:
    """Encodes the page, with the bytes of the pictures in the places of their digests."""
    by_place = {base64.b64encode(_make_place(image)): image for image in images}
    written = page.encode()
    # Grows in place; a list of pieces and the joined page would take twice the memory of the pictures.
    finished, end = io.BytesIO(), 0
    for match in _PLACE.finditer(written) if by_place else ():
        if (image := by_place.get(match[1])) is not None:
            finished.write(written[end : match.start(1)])
            finished.write(base64.b64encode(image.data))
            end = match.end(1)
    finished.write(written[end:])
    return finished.getvalue()


def _make_place(image: Image) -> bytes:
    return _PREFIX + image.sha256.encode("ascii")
