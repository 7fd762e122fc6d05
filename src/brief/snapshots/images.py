"""Compares two pictures of a page, and draws where they differ."""

import io

from PIL import Image, ImageChops, ImageOps

from brief.model.record import dataclass
from brief.snapshots.settings import ImageTolerance

_PER_THOUSAND = 1000
_RED = (208, 28, 28)
_GREY, _PALE = (90, 90, 90), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class ImageDifference:
    """The old and new picture of a page as PNG; one may be missing.

    `share` is the part of the pixels that differ, from 0 to 1; it is 1 if the pictures cannot be compared.
    """

    page: int
    old: bytes | None
    new: bytes | None
    share: float = 1.0
    is_same_size: bool = True


def compare_images(
    page: int, old: bytes | None, new: bytes | None, tolerance: ImageTolerance
) -> ImageDifference | None:
    """Compares the pictures of a page; returns None if their difference is within the tolerance."""
    if old == new:
        return None
    if old is None or new is None:
        return ImageDifference(page, old, new)
    before, after = _decode(old), _decode(new)
    if before is None or after is None:
        return ImageDifference(page, old, new)
    if before.size != after.size:
        return ImageDifference(page, old, new, is_same_size=False)
    mask = _find_different_pixels(before, after, tolerance.colour_difference)
    share = mask.histogram()[255] / (before.width * before.height)
    return ImageDifference(page, old, new, share) if share * _PER_THOUSAND > tolerance.pixels_per_thousand else None


def draw_overlay(difference: ImageDifference, tolerance: ImageTolerance) -> bytes | None:
    """Draws both pages in grey with the differences in red, as PNG; None if a picture is missing or damaged."""
    before, after = (_decode(data) if data else None for data in (difference.old, difference.new))
    if before is None or after is None:
        return None
    size = (max(before.width, after.width), max(before.height, after.height))
    sheets = []
    for picture in (before, after):
        sheet = Image.new("RGB", size, _PALE)
        sheet.paste(picture)
        sheets.append(sheet)
    mask = _find_different_pixels(sheets[0], sheets[1], tolerance.colour_difference)
    # The darker of both pages, so that whatever was removed also shows.
    both = ImageChops.darker(sheets[0], sheets[1]).convert("L")
    grey = ImageOps.colorize(both, _GREY, _PALE)
    grey.paste(_RED, mask=mask)
    stream = io.BytesIO()
    grey.quantize(64, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _find_different_pixels(old: Image.Image, new: Image.Image, colour: int) -> Image.Image:
    """Makes a mask that is 255 for each pixel of which a channel differs by more than `colour`, and otherwise 0."""
    red, green, blue = ImageChops.difference(old, new).split()
    greatest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return greatest.point([255 if level > colour else 0 for level in range(256)])


def _decode(data: bytes) -> Image.Image | None:
    """Decodes a picture; returns None if it is not a valid PNG."""
    try:
        return Image.open(io.BytesIO(data), formats=("PNG",)).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
