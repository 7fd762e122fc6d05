"""Checks PNG and JPEG files by their headers before decoding, and refuses files that engines would show differently."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from brief.model.record import dataclass

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_PIXELS = 40_000_000
_MAX_RATIO = 50
# ISO/IEC 15948, 5.2 and 11.2.2: the signature, and the position of the bit depth.
_PNG, _PNG_DEPTH = b"\x89PNG\r\n\x1a\n", 24
_LOCK = threading.Lock()
EXIF_ORIENTATION = 0x0112
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class RasterRefusedError(ValueError):
    """Refuses a picture: the code of the diagnostic, and a message that continues after the name of the picture."""

    def __init__(self, code: str, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of pixels that can be decoded. `converts` is set if its colours or orientation must be converted."""

    media_type: str
    size: tuple[int, int]
    converts: bool


def check_raster(data: bytes) -> Raster:
    """Decodes a PNG or JPEG once.

    Raises:
        RasterRefusedError: the file is neither, too large or damaged, or PDF and Word would show it differently.
    """
    with refuse_damaged(), warnings.catch_warnings():
        # Pillow's warnings on large or unusual pictures are reported as diagnostics instead.
        warnings.simplefilter("ignore")
        return _check(data)


@contextmanager
def refuse_damaged() -> Iterator[None]:
    """Makes Pillow refuse truncated pictures; WeasyPrint makes it accept them, for the whole process."""
    from PIL import ImageFile

    with _LOCK:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def require_acceptable_size(width: int, height: int) -> None:
    """Refuses pictures that would exhaust the memory or are extremely narrow.

    Raises:
        RasterRefusedError: the size is not acceptable.
    """
    size = f"is {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        raise RasterRefusedError(
            "image-too-large", f"{size}; the limit is {MAX_PIXELS:,} pixels in total", "scale it down"
        )
    if max(width, height) > _MAX_RATIO * min(width, height):
        raise RasterRefusedError("image-size", size, f"no side may be more than {_MAX_RATIO} times the other")


def _check(data: bytes) -> Raster:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        picture = Pillow.open(io.BytesIO(data), formats=tuple(_MEDIA_TYPES))
    except Pillow.DecompressionBombError:
        raise RasterRefusedError("image-too-large", f"has more than {MAX_PIXELS:,} pixels", "scale it down") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        reason = "is neither PNG, JPEG, WebP, AVIF, SVG nor PDF"
        raise RasterRefusedError("image-format", reason, "export it as PNG") from None
    require_acceptable_size(*picture.size)
    try:
        trouble = _find_problem(picture, data)
        converts = picture.mode == "CMYK" or picture.getexif().get(EXIF_ORIENTATION, 1) != 1
        picture.load()
    # Pillow does not document what it raises for a broken file; any exception means that the file is damaged.
    except Exception:
        trouble, converts = ("is damaged", "export it again"), False
    if trouble is not None:
        raise RasterRefusedError("image-format", *trouble)
    return Raster(_MEDIA_TYPES[picture.format or ""], picture.size, converts)


def _find_problem(picture: "PillowImage", data: bytes) -> tuple[str, str] | None:
    """Finds properties that PDF and Word would display differently."""
    # Pillow reduces 16 bits to 8.
    if picture.mode.startswith("I") or (data.startswith(_PNG) and data[_PNG_DEPTH] == 16):
        return "has 16 bits per channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    return None
