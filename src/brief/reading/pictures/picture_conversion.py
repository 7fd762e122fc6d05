"""Converts pictures that HTML, PDF and Word show differently: WebP, AVIF, PDF, CMYK, and those that a tag rotates.

Pillow and PDFium decode them in a sandbox. A PDF page becomes pixels even for PDF output: its fonts and colours may
violate PDF/A (ISO 19005-2, 6.2), and its text would not be part of the structure tree.
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
_PDF_HEADER_BYTES = 1024  # PDF Reference 1.7, implementation note 13: readers accept a header within these bytes
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
_MAX_DRAWN_PIXELS = 10_000_000


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted picture: PNG or JPEG, or an SVG of a PDF page. `pages` is the number of pages in the original."""

    data: bytes
    pages: int = 1


def find_foreign_kind(data: bytes) -> str | None:
    """Returns the kind of a picture that is always converted, "PDF", "WebP", "AVIF" or "HEIC", or None."""
    if _PDF.search(data[:_PDF_HEADER_BYTES]):
        return "PDF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] != b"ftyp":
        return None
    # Some cameras name the kind only among the compatible brands.
    brands = [data[start : start + 4] for start in range(8, min(len(data), int.from_bytes(data[:4], "big"), 64), 4)]
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
    """Returns whether the installed Pillow reads AVIF, as its wheels do since version 11.3."""
    from PIL import features

    return bool(features.check("avif"))


def _make_refusal(code: str, reason: str, hint: str) -> ValueError:
    """Returns an error from which `convert_picture` makes a `RasterRefusedError` outside the sandbox."""
    return ValueError(json.dumps([code, reason, hint]))


def _convert_raster(data: bytes, kind: str) -> bytes:
    """Runs in the sandbox: returns the number of pages and an upright PNG or JPEG that is not CMYK.

    A picture that was not CMYK keeps its colour profile.
    """
    from PIL import Image, ImageOps

    if kind == "AVIF" and not reads_avif():
        raise _make_refusal("image-format", "is AVIF, which the installed Pillow cannot read", "export it as PNG")
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "AVIF"))
        require_acceptable_size(*picture.size)
        if getattr(picture, "n_frames", 1) > 1:
            raise _make_refusal("image-format", "is animated", "export one frame")
        is_lossy = picture.format in ("JPEG", "AVIF") or (picture.format == "WEBP" and b"VP8 " in data[12:512])
        with refuse_damaged():
            upright: PillowImage = ImageOps.exif_transpose(picture)
    except RasterRefusedError as refused:
        raise _make_refusal(refused.code, str(refused), refused.hint or "") from None
    except Image.DecompressionBombError:
        raise _make_refusal("image-too-large", "has too many pixels", "scale it down") from None
    # Pillow does not document what it raises for a broken file; the refusals above are ValueErrors with JSON.
    except Exception as problem:
        if problem.args and str(problem).startswith('["image-'):
            raise
        raise _make_refusal("image-format", "is damaged", "export it again") from None
    profile = upright.info.get("icc_profile")
    if upright.mode == "CMYK":
        upright, profile = _convert_to_rgb(upright, profile), None
    buffer = io.BytesIO()
    if is_lossy and upright.mode in ("RGB", "L"):
        upright.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0, icc_profile=profile)
    else:
        upright.save(buffer, "PNG", icc_profile=profile)
    return b"1\n" + buffer.getvalue()


def _convert_to_rgb(picture: "PillowImage", profile: bytes | None) -> "PillowImage":
    """Converts CMYK to sRGB with its profile or, without a usable one, with the complement of each ink."""
    from PIL import ImageCms

    if profile:
        try:
            cmyk_profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, cmyk_profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _convert_pdf(data: bytes, _kind: str) -> bytes:
    """Runs in the sandbox: returns the number of pages, and the first page as an SVG of its size."""
    import pypdfium2

    try:
        with open_pdf(data) as document:
            return f"{len(document)}\n".encode() + _draw_pdf_page(document[0], data)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise _make_refusal("image-format", "is protected by a password", "save it without one") from None
        raise _make_refusal("image-format", "is damaged", "export it again") from None


def _draw_pdf_page(page: "PdfPage", data: bytes) -> bytes:
    width, height = page.get_size()
    size = [max(1, round(side * _PIXELS_PER_POINT)) for side in (width, height)]
    try:
        require_acceptable_size(*size)
    except RasterRefusedError as refused:
        raise _make_refusal(refused.code, str(refused), refused.hint or "") from None
    if _has_tiling(data):
        # PDFium fills such areas with a plain colour and loses the hatching.
        raise _make_refusal(
            "image-format", "has hatched areas, which are not converted from PDF", "export it as SVG or PNG"
        )
    scale = min(_DOTS_PER_POINT, math.sqrt(_MAX_DRAWN_PIXELS / (width * height)))
    buffer = io.BytesIO()
    draw_page(page, scale).save(buffer, "PNG", optimize=True)
    return wrap_pixels(buffer.getvalue(), size[0], size[1])


def _has_tiling(data: bytes) -> bool:
    """Returns whether the file has a tiling pattern (ISO 32000-1, 8.7.3)."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        return any(isinstance(item, pikepdf.Stream) and item.get("/PatternType") == 1 for item in document.objects)


def wrap_pixels(png: bytes, width: int, height: int) -> bytes:
    """Makes an SVG that shows a PNG at this size in CSS pixels, regardless of its number of pixels."""
    uri = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    # With any value except "auto", WeasyPrint does not request the interpolation that PDF/A forbids (ISO 19005-2, 6.2.8).
    image = f'<image width="{width}" height="{height}" image-rendering="optimizeQuality" xlink:href="{uri}"/>'
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f"<svg {namespaces} {box}>{image}</svg>".encode()
