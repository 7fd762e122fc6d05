"""Converts pictures that not every reader of HTML, PDF and Word shows: WebP, AVIF, PDF, CMYK, and those turned by a tag.

They are decoded in a sandbox, by Pillow and PDFium. A PDF becomes pixels, for PDF output too: the fonts and colours of
somebody else's page are what PDF/A (ISO 19005-2, 6.2) refuses, and its words would have no place in the structure.
"""

import base64
import io
import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from brief.reading.pictures.raster_check import RasterRefusedError, refuse_damaged, require_acceptable_size
from brief.reading.pictures.sandbox import SandboxError, SandboxRefusedError, run_sandboxed

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

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
# For photographs: no difference can be seen, at a third of the bytes of a PNG.
_JPEG_QUALITY = 92
_DOTS_PER_POINT = 300 / 72
_PIXELS_PER_POINT = 96 / 72
# As many as the PNG of a drawing in Word may have.
_MOST_DRAWN_PIXELS = 10_000_000


@dataclass(frozen=True, slots=True)
class Conversion:
    """A PNG, JPEG or SVG. `pages` is the number of pages that the original has."""

    data: bytes
    pages: int = 1


def find_foreign_kind(data: bytes) -> str | None:
    """What must be converted whatever it holds: "PDF", "WebP", "AVIF" or "HEIC"; None for anything else."""
    if _PDF.search(data[:_PDF_WITHIN]):
        return "PDF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] != b"ftyp":
        return None
    # Files of other cameras name their kind among the compatible brands only.
    brands = [data[at : at + 4] for at in range(8, min(len(data), int.from_bytes(data[:4], "big"), 64), 4)]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    return "AVIF" if "AVIF" in kinds else kinds[0] if kinds else None


@lru_cache(maxsize=32)
def convert_picture(data: bytes, kind: str) -> Conversion:
    """Converts a picture of the `kind` that `find_foreign_kind` found, or "raster" for PNG and JPEG.

    Raises:
        RasterRefusedError: it is damaged, too large, protected or animated, or cannot be converted.
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
    """Whether the installed Pillow was built with AVIF; its wheels are since 11.3."""
    from PIL import features

    return bool(features.check("avif"))


def _refuse(code: str, reason: str, hint: str) -> ValueError:
    return ValueError(json.dumps([code, reason, hint]))


def _convert_raster(data: bytes, kind: str) -> bytes:
    """In the sandbox: a PNG or JPEG in RGB, the right way up, with the colour profile of the original."""
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
    # What Pillow raises on a broken file is not documented; what is refused above is a ValueError of ours.
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
    """From CMYK by its profile to sRGB; without one as every viewer does, by the complement of each ink."""
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
    """In the sandbox: the first page, in an SVG of the page's size."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        page = document[0]
        width, height = page.get_size()
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise _refuse("image-format", "is protected by a password", "save it without one") from None
        raise _refuse("image-format", "is damaged", "export it again") from None
    size = [max(1, round(side * _PIXELS_PER_POINT)) for side in (width, height)]
    try:
        require_acceptable_size(*size)
    except RasterRefusedError as refused:
        raise _refuse(refused.code, str(refused), refused.hint or "") from None
    if _has_tiling(data):
        # PDFium fills such areas with their first colour, without their lines.
        raise _refuse("image-format", "has hatched areas, which are not converted from PDF", "export it as SVG or PNG")
    scale = min(_DOTS_PER_POINT, math.sqrt(_MOST_DRAWN_PIXELS / (width * height)))
    buffer = io.BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(buffer, "PNG", optimize=True)
    return f"{pages}\n".encode() + wrap_pixels(buffer.getvalue(), size[0], size[1])


def _has_tiling(data: bytes) -> bool:
    """Whether the file has a tiling pattern (ISO 32000-1, 8.7.3)."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        return any(isinstance(each, pikepdf.Stream) and each.get("/PatternType") == 1 for each in document.objects)


def wrap_pixels(png: bytes, width: int, height: int) -> bytes:
    """An SVG that shows a PNG at this size in CSS pixels, in every engine, whatever number of pixels it has."""
    uri = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    # With any value but "auto" WeasyPrint does not ask for the smoothing that PDF/A forbids (ISO 19005-2, 6.2.8).
    image = f'<image width="{width}" height="{height}" image-rendering="optimizeQuality" xlink:href="{uri}"/>'
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f"<svg {namespaces} {box}>{image}</svg>".encode()
