"""Pictures in `content/assets/`: what is read from their headers before any engine sees them."""

import hashlib
import io
import re
import stat
import xml.etree.ElementTree as ET  # entity declarations are refused before parsing
from pathlib import Path, PurePosixPath

from brief.model.assets import Image
from brief.model.place import Ref
from brief.reading.faults import Faults, suggestion

MAX_PIXELS = 40_000_000
MAX_BYTES = 20_000_000
MAX_SIDE = 20_000

_EXIF_ORIENTATION = 0x0112
_SVG_FORBIDDEN = re.compile(r"script|foreignObject|image|use|style|a|animate|set", re.I)
_SVG_LENGTH = re.compile(r"([0-9.]+)(px)?")
_INTERNAL_URL = re.compile(r"url\(\s*['\"]?#")


def read(folder: Path, ref: Ref, faults: Faults) -> Image | None:
    """The picture that `ref` names inside `folder`, or None with the reason in `faults`."""
    path = _inside(folder, ref, faults)
    if path is None:
        return None
    if path.stat().st_size > MAX_BYTES:
        faults.error("image-too-large", ref.place, f"'{ref}' has more than {MAX_BYTES:,} bytes")
        return None
    data = path.read_bytes()
    if data.lstrip()[:5] in (b"<?xml", b"<svg ") or ref.name.lower().endswith(".svg"):
        return _svg(ref, data, faults)
    return _raster(ref, data, faults)


def _inside(folder: Path, ref: Ref, faults: Faults) -> Path | None:
    name = ref.name
    pure = PurePosixPath(name)
    if re.search(r"[\\\x00:%]", name) or pure.is_absolute() or ".." in pure.parts or name.startswith("//"):
        faults.error("image-path", ref.place, f"'{name}' is not a path inside content/assets/", "name a file there")
        return None
    path = folder
    for part in pure.parts:
        present = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
        if part not in present:
            files = (
                [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
            )
            faults.error("missing-image", ref.place, f"there is no picture '{name}'", suggestion(name, files))
            return None
        path /= part
        if path.is_symlink():
            faults.error("image-path", ref.place, f"'{name}' goes through a symbolic link", "put the file itself there")
            return None
    if not stat.S_ISREG(path.stat().st_mode):
        faults.error("image-path", ref.place, f"'{name}' is not a file")
        return None
    return path


def _raster(ref: Ref, data: bytes, faults: Faults) -> Image | None:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        picture = Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except (UnidentifiedImageError, OSError, SyntaxError, Pillow.DecompressionBombError) as problem:
        if isinstance(problem, Pillow.DecompressionBombError):
            _too_many_pixels(ref, faults)
        else:
            faults.error("image-format", ref.place, f"'{ref}' is neither PNG, JPEG nor SVG", "export it as PNG")
        return None
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        _too_many_pixels(ref, faults)
        return None
    if min(width, height) < 1 or max(width, height) > 50 * min(width, height):
        faults.error(
            "image-size", ref.place, f"'{ref}' is {width} x {height} pixels", "no side may be 50 times the other"
        )
        return None
    trouble = _trouble(picture)
    if trouble is not None:
        faults.error("image-format", ref.place, f"'{ref}' {trouble[0]}", trouble[1])
        return None
    media_type = {"PNG": "image/png", "JPEG": "image/jpeg"}[picture.format or ""]
    return Image(ref.name, media_type, width, height, hashlib.sha256(data).hexdigest(), data)


def _trouble(picture: "object") -> tuple[str, str] | None:
    """What PDF and Word would show differently, so that it is settled before either sees it."""
    from PIL.Image import Image as PillowImage

    assert isinstance(picture, PillowImage)  # noqa: S101  # the annotation would import Pillow at start
    if picture.mode == "CMYK":
        return "is in CMYK", "export it in RGB"
    if picture.mode.startswith("I"):
        return "has 16 bits a channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    if picture.getexif().get(_EXIF_ORIENTATION, 1) != 1:
        return "is rotated by an EXIF tag only", "rotate the pixels and remove the tag"
    return None


def _too_many_pixels(ref: Ref, faults: Faults) -> None:
    faults.error("image-too-large", ref.place, f"'{ref}' has more than {MAX_PIXELS:,} pixels", "scale it down")


def _svg(ref: Ref, data: bytes, faults: Faults) -> Image | None:
    trouble = _svg_trouble(data)
    if trouble is not None:
        faults.error("svg-content", ref.place, f"'{ref}' {trouble[0]}", trouble[1])
        return None
    width, height = _svg_size(ET.fromstring(data))  # noqa: S314  # checked just above
    return Image(ref.name, "image/svg+xml", width, height, hashlib.sha256(data).hexdigest(), data)


def _svg_trouble(data: bytes) -> tuple[str, str | None] | None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return "has a document type or entities", "save it as plain SVG"
    try:
        root = ET.fromstring(data)  # noqa: S314  # see above
    except ET.ParseError as problem:
        return f"is not well-formed: {problem}", None
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "?"
        if _SVG_FORBIDDEN.fullmatch(name):
            return f"holds <{name}>, which can load or run something", "convert it to plain shapes"
        for attribute, value in element.attrib.items():
            outside = "url(" in value and not _INTERNAL_URL.search(value)
            if attribute.rpartition("}")[2] in ("href", "src") or attribute.lower().startswith("on") or outside:
                return f"has {attribute.rpartition('}')[2]}, which can load or run something", "remove it"
    if _svg_size(root) == (0, 0):
        return "has no size", "give it a viewBox"
    return None


def _svg_size(root: ET.Element) -> tuple[int, int]:
    """Width and height in CSS pixels, or (0, 0) where the picture has none that can be used."""
    box = root.get("viewBox", "").replace(",", " ").split()
    lengths = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    matches = [_SVG_LENGTH.fullmatch(length) for length in lengths]
    sizes = [round(float(match[1])) for match in matches if match]
    return (sizes[0], sizes[1]) if len(sizes) == 2 and all(0 < size <= MAX_SIDE for size in sizes) else (0, 0)
