"""Keeps the bytes of pictures out of a page while templates run, because the page is copied about ten times."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from brief.model.assets import Image
from brief.model.variant import Figure, Variant

# A placeholder is this and a SHA-256 in hexadecimal: 72 bytes, so that its Base64 form has 96 characters and no
# padding.
_PREFIX = b"picture "
# Of the prefix, only whole groups of three bytes have a Base64 form that does not depend on what follows.
_BEGINNING = base64.b64encode(_PREFIX[:6])
_PLACEHOLDER = re.compile(rb";base64,(" + _BEGINNING + rb"[A-Za-z0-9+/]{88})")
_ADDRESS = re.compile(rf"data:[a-z0-9.+/-]+;base64,({_BEGINNING.decode()}[A-Za-z0-9+/]{{88}})")


def list_pictures(variant: Variant) -> tuple[Image, ...]:
    """Returns the pictures of the variant's figures in reading order."""
    blocks = (block for section in variant.sections for block in section.blocks)
    return tuple(block.image for block in blocks if isinstance(block, Figure))


def replace_by_digest(image: Image) -> Image:
    """Returns the picture with its digest instead of its bytes. In the page, `insert_pictures` replaces the digest with
    the bytes, or `address_pictures` with an address.
    """
    return replace(image, data=_make_placeholder(image))


def insert_pictures(page: str, images: Iterable[Image]) -> Iterator[bytes]:
    """Yields the page in UTF-8, in pieces, with the bytes of the pictures in place of their digests."""
    by_placeholder = _index(images)
    data = page.encode()
    end = 0
    for match in _PLACEHOLDER.finditer(data) if by_placeholder else ():
        if (image := by_placeholder.get(match[1])) is not None:
            yield data[end : match.start(1)]
            yield base64.b64encode(image.data)
            end = match.end(1)
    yield data[end:]


def address_pictures(page: str, images: Iterable[Image], make_url: Callable[[Image], str]) -> str:
    """Returns the page with the address of each picture in place of the data: URI with its digest."""
    by_placeholder = _index(images)

    def replace_address(match: re.Match[str]) -> str:
        image = by_placeholder.get(match[1].encode())
        return match[0] if image is None else make_url(image)

    return _ADDRESS.sub(replace_address, page) if by_placeholder else page


def _index(images: Iterable[Image]) -> dict[bytes, Image]:
    return {base64.b64encode(_make_placeholder(image)): image for image in images}


def _make_placeholder(image: Image) -> bytes:
    return _PREFIX + image.sha256.encode("ascii")
