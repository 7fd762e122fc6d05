"""Pictures in `content/assets/`: what is read from their headers before any engine sees them."""

import hashlib
import io
import re
import stat
import threading
import unicodedata
import warnings
import xml.etree.ElementTree as ET  # entity declarations are refused before parsing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from brief.model.assets import Image
from brief.model.place import Ref
from brief.reading.faults import Faults, suggestion

MAX_PIXELS = 40_000_000
MAX_BYTES = 20_000_000

# ISO/IEC 15948, 5.2 and 11.2.2: the signature, and where the bit depth stands.
_PNG, _PNG_DEPTH = b"\x89PNG\r\n\x1a\n", 24
_MAX_RATIO = 50
# Print engines walk a picture by recursion.
_MAX_LEVELS = 100
_LOCK = threading.Lock()
_EXIF_ORIENTATION = 0x0112
_SVG_FORBIDDEN = re.compile(
    "script|handler|foreignObject|image|feImage|use|style|a|animate.*|set|discard"
    "|iframe|object|embed|link|audio|video|source",
    re.I,
)
_SVG_LENGTH = re.compile(r"([0-9]{1,9}(?:\.[0-9]+)?)(px)?")
# In an attribute: a url() that leads out of the file, or CSS that can hide one.
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|src\(|image-set\(|@import|\\", re.I)


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
    # "." has no parts: it would name the folder itself.
    for part in pure.parts or (name,):
        present = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
        if part not in present:
            faults.error("missing-image", ref.place, f"there is no picture '{name}'", _nearest(name, folder))
            return None
        path /= part
        if path.is_symlink():
            faults.error("image-path", ref.place, f"'{name}' goes through a symbolic link", "put the file itself there")
            return None
    if not stat.S_ISREG(path.stat().st_mode):
        faults.error("image-path", ref.place, f"'{name}' is not a file")
        return None
    return path


def _nearest(name: str, folder: Path) -> str:
    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    for file in files:
        # Looks the same on every screen, so naming it would not help.
        if file != name and unicodedata.normalize("NFC", file) == name:
            return f"the name of '{name}' is stored in decomposed letters (NFD); rename the file"
    return suggestion(name, files)


def _raster(ref: Ref, data: bytes, faults: Faults) -> Image | None:
    with _strictly(), warnings.catch_warnings():
        # What the library would say on standard error of large or odd pictures is said here as faults.
        warnings.simplefilter("ignore")
        return _checked(ref, data, faults)


@contextmanager
def _strictly() -> Iterator[None]:
    """Has damaged pictures refused; the print engine tells the library, for the whole process, to let them pass."""
    from PIL import ImageFile

    with _LOCK:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _checked(ref: Ref, data: bytes, faults: Faults) -> Image | None:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        picture = Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except Pillow.DecompressionBombError:
        faults.error("image-too-large", ref.place, f"'{ref}' has more than {MAX_PIXELS:,} pixels", "scale it down")
        return None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        faults.error("image-format", ref.place, f"'{ref}' is neither PNG, JPEG nor SVG", "export it as PNG")
        return None
    width, height = picture.size
    if not _acceptable(ref, width, height, faults):
        return None
    try:
        trouble = _trouble(picture, data)
        picture.load()
    # What Pillow raises on a broken file is not documented: whatever it is, the file is at fault.
    except Exception:
        trouble = "is damaged", "export it again"
    if trouble is not None:
        faults.error("image-format", ref.place, f"'{ref}' {trouble[0]}", trouble[1])
        return None
    media_type = {"PNG": "image/png", "JPEG": "image/jpeg"}[picture.format or ""]
    return Image(ref.name, media_type, width, height, hashlib.sha256(data).hexdigest(), data)


def _acceptable(ref: Ref, width: int, height: int, faults: Faults) -> bool:
    """Whether a picture of this size may be decoded."""
    size = f"'{ref}' is {width} x {height} pixels"
    if width * height > MAX_PIXELS:
        faults.error("image-too-large", ref.place, f"{size}; the limit is {MAX_PIXELS:,} in all", "scale it down")
    elif max(width, height) > _MAX_RATIO * min(width, height):
        faults.error("image-size", ref.place, size, f"no side may be {_MAX_RATIO} times the other")
    else:
        return True
    return False


def _trouble(picture: "object", data: bytes) -> tuple[str, str] | None:
    """What PDF and Word would show differently, so that it is settled before either sees it."""
    from PIL.Image import Image as PillowImage

    assert isinstance(picture, PillowImage)  # noqa: S101  # the annotation would import Pillow at start
    if picture.mode == "CMYK":
        return "is in CMYK", "export it in RGB"
    # Of colours with 16 bits the library shows 8.
    if picture.mode.startswith("I") or (data.startswith(_PNG) and data[_PNG_DEPTH] == 16):
        return "has 16 bits a channel", "export it with 8"
    if getattr(picture, "n_frames", 1) > 1:
        return "is animated", "export one frame"
    if picture.getexif().get(_EXIF_ORIENTATION, 1) != 1:
        return "is rotated by an EXIF tag only", "rotate the pixels and remove the tag"
    return None


def _svg(ref: Ref, data: bytes, faults: Faults) -> Image | None:
    trouble = _svg_trouble(data)
    if trouble is not None:
        faults.error("svg-content", ref.place, f"'{ref}' {trouble[0]}", trouble[1])
        return None
    width, height = _svg_size(ET.fromstring(data))  # noqa: S314  # checked just above
    if not _acceptable(ref, width, height, faults):
        return None
    return Image(ref.name, "image/svg+xml", width, height, hashlib.sha256(data).hexdigest(), data)


def _svg_trouble(data: bytes) -> tuple[str, str | None] | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "is not UTF-8", "save it as UTF-8"
    if re.search("<!DOCTYPE|<!ENTITY|<\\?xml-stylesheet", text, re.I):
        return "has a document type, entities or a style sheet", "save it as plain SVG"
    try:
        root = ET.fromstring(data)  # noqa: S314  # see above
    except ET.ParseError as problem:
        return f"is not well-formed: {problem}", None
    if _levels(root) > _MAX_LEVELS:
        return f"is nested deeper than {_MAX_LEVELS} levels", "ungroup it"
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return "does not hold an <svg>", "save it as plain SVG"
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "?"
        if _SVG_FORBIDDEN.fullmatch(name):
            return f"holds <{name}>, which can load or run something", "convert it to plain shapes"
        for attribute, value in element.attrib.items():
            loads = attribute.rpartition("}")[2] in ("href", "src") or attribute.lower().startswith("on")
            if loads or _OUTSIDE.search(value):
                return f"has {attribute.rpartition('}')[2]}, which can load or run something", "remove it"
    if _svg_size(root) == (0, 0):
        return "has no size", "give it a viewBox"
    return None


def _levels(root: ET.Element) -> int:
    """How deep the elements are nested, counted no further than one beyond the limit."""
    row, levels = [root], 0
    while row and levels <= _MAX_LEVELS:
        row, levels = [child for element in row for child in element], levels + 1
    return levels


def _svg_size(root: ET.Element) -> tuple[int, int]:
    """Width and height in CSS pixels, or (0, 0) where the picture has none that can be used."""
    box = root.get("viewBox", "").replace(",", " ").split()
    lengths = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    matches = [_SVG_LENGTH.fullmatch(length) for length in lengths]
    sizes = [round(float(match[1])) for match in matches if match]
    return (sizes[0], sizes[1]) if len(sizes) == 2 and all(sizes) else (0, 0)
