"""Checks PNG and JPEG by their headers before anything decodes them, and refuses what engines would show differently."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """A refused picture: the code of its diagnostic, and a message that continues after its name."""

    def __init__(self, code: str, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of pixels that can be decoded. `converts` says that its colours or its direction must be converted."""

    media_type: str
    size: tuple[int, int]
    converts: bool


def check_raster(data: bytes) -> Raster:
    """Decodes a PNG or JPEG once.

    Raises:
        RasterRefusedError: it is neither, too large, damaged, or PDF and Word would show it differently.
    """
    with refuse_damaged(), warnings.catch_warnings():
        # Pillow's warnings on large or unusual pictures are reported as diagnostics instead.
        warnings.simplefilter("ignore")
        return _check(data)


@contextmanager
def refuse_damaged() -> Iterator[None]:
    """Makes Pillow refuse damaged pictures; WeasyPrint sets it, for the whole process, to accept them."""
    from PIL import ImageFile

    with _LOCK:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def require_acceptable_size(width: int, height: int) -> None:
    """Refuses a picture whose pixels would exhaust the memory, or that is a line; raises `RasterRefusedError`."""
    size = f"is {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        raise RasterRefusedError("image-too-large", f"{size}; the limit is {MAX_PIXELS:,} in all", "scale it down")
    if max(width, height) > _MAX_RATIO * min(width, height):
        raise RasterRefusedError("image-size", size, f"no side may be {_MAX_RATIO} times the other")


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
    # What Pillow raises on a broken file is not documented; any exception means that the file is damaged.
    except Exception:
        trouble, converts = ("is damaged", "export it again"), False
    if trouble is not None:
        raise RasterRefusedError("image-format", *trouble)
    return Raster(_MEDIA_TYPES[picture.format or ""], picture.size, converts)


def _find_problem(picture: "PillowImage", data: bytes) -> tuple[str, str] | None:
    """Finds properties that PDF and Word would display differently."""
    # Pillow keeps 8 of 16 bits.
    if picture.mode.startswith("I") or (data.startswith(_PNG) and data[_PNG_DEPTH] == 16):
        return "has 16 bits a channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    return None
