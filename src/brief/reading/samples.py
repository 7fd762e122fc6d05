"""The samples of a picture: what is left of it once a print engine has taken the file apart."""

import io

_KEPT = ("L", "RGB", "CMYK")


def read_samples(data: bytes) -> bytes | None:
    """Rows of 8-bit grey, RGB or CMYK samples without transparency, as PDF holds them; None of bytes that are no raster."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            grey = picture.mode in ("L", "LA")
            plain = picture if picture.mode in _KEPT else picture.convert("L" if grey else "RGB")
            return plain.tobytes()
    except (UnidentifiedImageError, OSError, ValueError):
        return None
