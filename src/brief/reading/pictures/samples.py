"""Reads the samples of a picture in the form in which a print engine stores them after decoding."""

import io

_KEPT = ("L", "RGB", "CMYK")


def read_samples(data: bytes) -> bytes | None:
    """Reads rows of 8-bit grey, RGB or CMYK samples without transparency, as in PDF; None for other files."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            grey = picture.mode in ("L", "LA")
            plain = picture if picture.mode in _KEPT else picture.convert("L" if grey else "RGB")
            return plain.tobytes()
    except (UnidentifiedImageError, OSError, ValueError):
        return None
