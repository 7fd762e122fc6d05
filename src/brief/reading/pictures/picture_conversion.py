"""Converts pictures that not every viewer of HTML, PDF and Word shows: WebP, AVIF, PDF, CMYK, and pictures that a tag
rotates.

Pillow and PDFium decode them in a sandbox. A PDF page becomes pixels even for PDF output: its fonts and colours may violate
PDF/A (ISO 19005-2, 6.2), and its text would not be part of the structure tree.
"""

import base64
import io
import json
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from brief.model.record import dataclass
from brief.reading.pictures.pdf_pages import draw_page, open_pdf
from brief.reading.pictures.raster_check import RasterRefusedError, refuse_damaged, require_acceptable_size
from brief.reading.pictures.sandbox import SandboxError, SandboxRefusedError, run_sandboxed

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from pypdfium2 import PdfPage

_PDF = re.compile(rb"%PDF-\d")
_PDF_WITHIN = 1024  # PDF Reference 1.7, implementation note 13: readers accept a header that begins in these bytes
# ISO/IEC 14496-12, 4.3: brands of the file type box.
_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"hevc": "HEIC",
    b"heif": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
}
# For photographs: visually lossless, at a third of the size of a PNG.
_JPEG_QUALITY = 92
_DOTS_PER_POINT = 300 / 72
_PIXELS_PER_POINT = 96 / 72
# The same limit as for the PNGs of drawings in Word.
_MOST_DRAWN_PIXELS = 10_000_000


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted picture: PNG, JPEG or SVG. `pages` is the number of pages in the original."""

    data: bytes
    pages: int = 1


def find_foreign_kind(data: bytes) -> str | None:
    """Returns a kind that must always be converted ("PDF", "WebP", "AVIF" or "HEIC"), or None for anything else."""
    if _PDF.search(data[:_PDF_WITHIN]):
        return "PDF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] != b"ftyp":
        return None
    # Some cameras name the kind only among the compatible brands.
    brands = [data[at : at + 4] for at in range(8, min(len(data), int.from_bytes(data[:4], "big"), 64), 4)]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    return "AVIF" if "AVIF" in kinds else kinds[0] if kinds else None


@lru_cache(maxsize=32)
def convert_picture(data: bytes, kind: str) -> Conversion:
    """Converts a picture of the `kind` that `find_foreign_kind` returned, or "raster" for PNG and JPEG.

    Raises:
        RasterRefusedError: the picture is damaged, too large, protected or animated, or cannot be converted.
    """
    if kind == "HEIC":
        raise RasterRefusedError("image-format", "is HEIC", "export it as JPEG")
    function = "_convert_pdf" if kind == "PDF" else "_convert_raster"
    try:
        result = run_sandboxed(f"{__name__}:{function}", data, kind)
    except SandboxRefusedError as refused:
        raise RasterRefusedError(*json.loads(str(refused))) from None
    except SandboxError as problem:
        reason = str(problem) + " to convert" if problem.timed_out else "cannot be converted"
        raise RasterRefusedError("image-format", reason, "export it as PNG") from None
    pages, _, converted = result.partition(b"\n")
    return Conversion(converted, int(pages))


def reads_avif() -> bool:
    """Returns whether the installed Pillow supports AVIF, as its wheels do since version 11.3."""
    from PIL import features

    return bool(features.check("avif"))


def _refuse(code: str, reason: str, hint: str) -> ValueError:
    return ValueError(json.dumps([code, reason, hint]))


def _convert_raster(data: bytes, kind: str) -> bytes:
    """Runs in the sandbox: returns an upright PNG or JPEG in RGB, with the colour profile of the original."""
    from PIL import Image, ImageOps

    if kind == "AVIF" and not reads_avif():
        raise _refuse("image-format", "is AVIF, which the installed Pillow cannot read", "export it as PNG")
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "AVIF"))
        require_acceptable_size(*picture.size)
        if getattr(picture, "n_frames", 1) > 1:
            raise _refuse("image-format", "is animated", "export one frame")
        lossy = picture.format in ("JPEG", "AVIF") or (picture.format == "WEBP" and b"VP8 " in data[12:512])
        with refuse_damaged():
            upright: PillowImage = ImageOps.exif_transpose(picture)
    except RasterRefusedError as refused:
        raise _refuse(refused.code, str(refused), refused.hint or "") from None
    except Image.DecompressionBombError:
        raise _refuse("image-too-large", "has too many pixels", "scale it down") from None
    # Pillow does not document what it raises for a broken file; the refusals above are our own ValueErrors.
    except Exception as problem:
        if problem.args and str(problem).startswith('["image-'):
            raise
        raise _refuse("image-format", "is damaged", "export it again") from None
    profile = upright.info.get("icc_profile")
    if upright.mode == "CMYK":
        upright, profile = _to_rgb(upright, profile), None
    buffer = io.BytesIO()
    if lossy and upright.mode in ("RGB", "L"):
        upright.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0, icc_profile=profile)
    else:
        upright.save(buffer, "PNG", icc_profile=profile)
    return b"1\n" + buffer.getvalue()


def _to_rgb(picture: "PillowImage", profile: bytes | None) -> "PillowImage":
    """Converts CMYK to sRGB by its profile or, without a profile, by the complement of each ink, as viewers do."""
    from PIL import ImageCms

    if profile:
        try:
            inks = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, inks, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _convert_pdf(data: bytes, _kind: str) -> bytes:
    """Runs in the sandbox: returns the first page as an SVG of the size of the page."""
    import pypdfium2

    try:
        with open_pdf(data) as document:
            return f"{len(document)}\n".encode() + _draw_pdf_page(document[0], data)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise _refuse("image-format", "is protected by a password", "save it without one") from None
        raise _refuse("image-format", "is damaged", "export it again") from None


def _draw_pdf_page(page: "PdfPage", data: bytes) -> bytes:
    width, height = page.get_size()
    size = [max(1, round(side * _PIXELS_PER_POINT)) for side in (width, height)]
    try:
        require_acceptable_size(*size)
    except RasterRefusedError as refused:
        raise _refuse(refused.code, str(refused), refused.hint or "") from None
    if _has_tiling(data):
        # PDFium fills such areas with a plain colour and loses the hatching.
        raise _refuse("image-format", "has hatched areas, which are not converted from PDF", "export it as SVG or PNG")
    scale = min(_DOTS_PER_POINT, math.sqrt(_MOST_DRAWN_PIXELS / (width * height)))
    buffer = io.BytesIO()
    draw_page(page, scale).save(buffer, "PNG", optimize=True)
    return wrap_pixels(buffer.getvalue(), size[0], size[1])


def _has_tiling(data: bytes) -> bool:
    """Returns whether the file has a tiling pattern (ISO 32000-1, 8.7.3)."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        return any(isinstance(each, pikepdf.Stream) and each.get("/PatternType") == 1 for each in document.objects)


def wrap_pixels(png: bytes, width: int, height: int) -> bytes:
    """Makes an SVG that shows a PNG at this size in CSS pixels, regardless of its number of pixels."""
    uri = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    # With any value except "auto", WeasyPrint does not request the interpolation that PDF/A forbids (ISO 19005-2, 6.2.8).
    image = f'<image width="{width}" height="{height}" image-rendering="optimizeQuality" xlink:href="{uri}"/>'
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f"<svg {namespaces} {box}>{image}</svg>".encode()
