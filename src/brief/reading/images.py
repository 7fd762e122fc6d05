"""Pictures in `content/assets/`: headers are checked and metadata is removed before any engine reads them."""

import hashlib
import io
import re
import stat
import threading
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from brief.model.assets import Image
from brief.model.diagnostic_sink import DiagnosticSink, nearest_name
from brief.model.source_location import Ref
from brief.reading import raster, svg

MAX_PIXELS = 40_000_000
MAX_BYTES = 20_000_000

# ISO/IEC 15948, 5.2 and 11.2.2: the signature, and the position of the bit depth.
_PNG, _PNG_DEPTH = b"\x89PNG\r\n\x1a\n", 24
_MAX_RATIO = 50
_LOCK = threading.Lock()
_EXIF_ORIENTATION = 0x0112
_ASSETS = "content/assets/"
_SUFFIXES = (".png", ".jpg", ".jpeg", ".svg")


def read_image(folder: Path, ref: Ref, sink: DiagnosticSink, *, where: str = _ASSETS) -> Image | None:
    """Reads the picture `ref` inside `folder`, called `where` in messages; None if refused, with the reason in `sink`."""
    path = _resolve_inside(folder, ref, sink, where)
    if path is None:
        return None
    if path.stat().st_size > MAX_BYTES:
        sink.error("image-too-large", ref.location, f"'{ref}' has more than {MAX_BYTES:,} bytes")
        return None
    data = path.read_bytes()
    if data.lstrip()[:5] in (b"<?xml", b"<svg ") or ref.name.lower().endswith(".svg"):
        return _read_svg(ref, data, sink)
    return _read_raster(ref, data, sink)


def _resolve_inside(folder: Path, ref: Ref, sink: DiagnosticSink, where: str) -> Path | None:
    name = ref.name
    pure = PurePosixPath(name)
    if re.search(r"[\\\x00:%]", name) or pure.is_absolute() or ".." in pure.parts or name.startswith("//"):
        sink.error("image-path", ref.location, f"'{name}' is not a path inside {where}", "name a file there")
        return None
    path = folder
    # "." has no parts: it would name the folder itself.
    for part in pure.parts or (name,):
        present = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
        if part not in present:
            sink.error("missing-image", ref.location, f"unknown picture '{name}'", _hint(ref, folder, where))
            return None
        path /= part
        if path.is_symlink():
            sink.error(
                "image-path", ref.location, f"'{name}' goes through a symbolic link", "put the file itself there"
            )
            return None
    if not stat.S_ISREG(path.stat().st_mode):
        sink.error("image-path", ref.location, f"'{name}' is not a file")
        return None
    return path


def _hint(ref: Ref, folder: Path, where: str) -> str:
    name = ref.name
    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    for file in files:
        # The two forms look the same on screen, so printing the name would not help.
        if file != name and unicodedata.normalize("NFC", file) == name:
            return f"the name of '{name}' is stored in decomposed letters (NFD); rename the file"
    near = nearest_name(name, (file for file in files if PurePosixPath(file).suffix.lower() in _SUFFIXES))
    if near is not None:
        return f"did you mean '{near}'?"
    beside = f"put {name} beside {PurePosixPath(ref.location.file).name}"
    return f"put it into {where}" if where == _ASSETS else beside


def _read_raster(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    with _refuse_damaged(), warnings.catch_warnings():
        # Pillow's warnings on large or unusual pictures are reported as diagnostics instead.
        warnings.simplefilter("ignore")
        return _check_raster(ref, data, sink)


@contextmanager
def _refuse_damaged() -> Iterator[None]:
    """Makes Pillow refuse damaged pictures; WeasyPrint sets it, for the whole process, to accept them."""
    from PIL import ImageFile

    with _LOCK:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _check_raster(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        picture = Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except Pillow.DecompressionBombError:
        sink.error("image-too-large", ref.location, f"'{ref}' has more than {MAX_PIXELS:,} pixels", "scale it down")
        return None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        sink.error("image-format", ref.location, f"'{ref}' is neither PNG, JPEG nor SVG", "export it as PNG")
        return None
    width, height = picture.size
    if not _is_acceptable_size(ref, width, height, sink):
        return None
    try:
        trouble = _find_problem(picture, data)
        picture.load()
        plain = raster.strip_metadata(data)
    # What Pillow raises on a broken file is not documented; any exception means that the file is damaged.
    except Exception:
        trouble = "is damaged", "export it again"
    if trouble is not None:
        sink.error("image-format", ref.location, f"'{ref}' {trouble[0]}", trouble[1])
        return None
    media_type = {"PNG": "image/png", "JPEG": "image/jpeg"}[picture.format or ""]
    return Image(ref.name, media_type, width, height, hashlib.sha256(plain).hexdigest(), plain)


def _is_acceptable_size(ref: Ref, width: int, height: int, sink: DiagnosticSink) -> bool:
    """Whether a picture of this size may be decoded."""
    size = f"'{ref}' is {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        sink.error("image-too-large", ref.location, f"{size}; the limit is {MAX_PIXELS:,} in all", "scale it down")
    elif max(width, height) > _MAX_RATIO * min(width, height):
        sink.error("image-size", ref.location, size, f"no side may be {_MAX_RATIO} times the other")
    else:
        return True
    return False


def _find_problem(picture: "object", data: bytes) -> tuple[str, str] | None:
    """Finds properties that PDF and Word would display differently."""
    from PIL.Image import Image as PillowImage

    assert isinstance(picture, PillowImage)  # noqa: S101  # the annotation would import Pillow at start
    if picture.mode == "CMYK":
        return "is in CMYK", "export it in RGB"
    # Pillow keeps 8 of 16 bits.
    if picture.mode.startswith("I") or (data.startswith(_PNG) and data[_PNG_DEPTH] == 16):
        return "has 16 bits a channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    if picture.getexif().get(_EXIF_ORIENTATION, 1) != 1:
        return "is rotated only by an EXIF tag", "rotate the pixels and remove the tag"
    return None


def _read_svg(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    try:
        drawing = svg.parse_svg(data)
    except svg.SvgRefusedError as refused:
        sink.error("svg-content", ref.location, f"'{ref}' {refused}", refused.hint)
        return None
    if not all(_is_acceptable_size(ref, width, height, sink) for width, height in (drawing.size, drawing.box)):
        return None
    plain = drawing.written()
    width, height = drawing.size
    return Image(ref.name, "image/svg+xml", width, height, hashlib.sha256(plain).hexdigest(), plain)
