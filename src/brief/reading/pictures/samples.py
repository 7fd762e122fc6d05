"""Reads the samples of a picture in the form in which a PDF has them, for comparison."""

import io

_PDF_MODES = ("L", "RGB", "CMYK")


def read_samples(data: bytes) -> bytes | None:
    """Returns the 8-bit samples, row by row, in grey, RGB or CMYK without transparency; None for other files."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            is_grey = picture.mode in ("L", "LA")
            opaque = picture if picture.mode in _PDF_MODES else picture.convert("L" if is_grey else "RGB")
            return opaque.tobytes()
    except (UnidentifiedImageError, OSError, ValueError):
        return None
