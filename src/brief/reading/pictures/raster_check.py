"""Checks PNG and JPEG files; refuses those that are damaged, too large, or shown differently by PDF and Word."""

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
    """A picture is refused. The message is a predicate that follows its name; `code` is that of the diagnostic."""

    def __init__(self, code: str, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Raster:
    """A PNG or JPEG that can be decoded; `size` is its width and height in pixels.

    `needs_conversion` says that it is CMYK, or that a tag rotates it.
    """

    media_type: str
    size: tuple[int, int]
    needs_conversion: bool


def check_raster(data: bytes) -> Raster:
    """Returns the properties of a PNG or JPEG, after decoding all of it.

    Raises:
        RasterRefusedError: the file is neither, too large, too narrow or damaged, or PDF and Word would show it
            differently.
    """
    with refuse_damaged(), warnings.catch_warnings():
        # Pillow's warnings on large or unusual pictures are reported as diagnostics instead.
        warnings.simplefilter("ignore")
        return _check(data)


@contextmanager
def refuse_damaged() -> Iterator[None]:
    """Makes Pillow refuse truncated pictures, which WeasyPrint makes it accept in the whole process. Threads wait."""
    from PIL import ImageFile

    with _LOCK:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def require_acceptable_size(width: int, height: int) -> None:
    """Checks a size in pixels.

    Raises:
        RasterRefusedError: it has more than `MAX_PIXELS` pixels, or one side is more than 50 times the other.
    """
    size = f"is {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        raise _make_size_error(f"{size}; the limit is {MAX_PIXELS:,} pixels in total")
    if max(width, height) > _MAX_RATIO * min(width, height):
        raise RasterRefusedError("image-size", size, f"crop it: no side may be more than {_MAX_RATIO} times the other")


def require_acceptable_pixels(data: bytes) -> None:
    """Checks the size of a picture of pixels (of its first frame) as its header states it, without decoding it.

    Data that is not such a picture passes.

    Raises:
        RasterRefusedError: it has more than `MAX_PIXELS` pixels.
    """
    from PIL import Image as Pillow

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Pillow.open(io.BytesIO(data)) as picture:
                width, height = picture.size
        except Pillow.DecompressionBombError:
            raise _make_size_error() from None
        # Pillow does not document what it raises for a broken file.
        except Exception:
            return
    if width * height > MAX_PIXELS:
        raise _make_size_error(f"is {width} x {height} pixels; the limit is {MAX_PIXELS:,} pixels in total")


def _make_size_error(reason: str = f"has more than {MAX_PIXELS:,} pixels") -> RasterRefusedError:
    return RasterRefusedError("image-too-large", reason, "scale it down")


def _check(data: bytes) -> Raster:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        picture = Pillow.open(io.BytesIO(data), formats=tuple(_MEDIA_TYPES))
    except Pillow.DecompressionBombError:
        raise _make_size_error() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        reason = "is neither PNG, JPEG, WebP, AVIF, SVG nor PDF"
        raise RasterRefusedError("image-format", reason, "export it as PNG") from None
    require_acceptable_size(*picture.size)
    try:
        problem = _find_problem(picture, data)
        needs_conversion = picture.mode == "CMYK" or picture.getexif().get(EXIF_ORIENTATION, 1) != 1
        picture.load()
    # Pillow does not document what it raises for a broken file; any exception means that the file is damaged.
    except Exception:
        problem, needs_conversion = ("is damaged", "export it again"), False
    if problem is not None:
        raise RasterRefusedError("image-format", *problem)
    return Raster(_MEDIA_TYPES[picture.format or ""], picture.size, needs_conversion)


def _find_problem(picture: "PillowImage", data: bytes) -> tuple[str, str] | None:
    """Returns a predicate and a hint for a property that PDF and Word would show differently; None without such a
    property.
    """
    # Pillow reduces 16 bits to 8.
    if picture.mode.startswith("I") or (data.startswith(_PNG) and data[_PNG_DEPTH] == 16):
        return "has 16 bits per channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    return None
