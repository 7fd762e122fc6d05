"""Reads the pictures of authors: checks them, converts them if necessary, and strips their metadata."""

import hashlib
import re
import stat
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath

from brief.model.assets import Image
from brief.model.diagnostic_sink import DiagnosticSink, find_nearest_name
from brief.model.source_location import Ref
from brief.reading.pictures import raster, svg
from brief.reading.pictures.picture_conversion import convert_picture, find_foreign_kind
from brief.reading.pictures.raster_check import Raster, RasterRefusedError, check_raster, require_acceptable_size

MAX_BYTES = 20_000_000

_ASSETS = "content/assets/"
_SUFFIXES = (".png", ".jpg", ".jpeg", ".svg", ".webp", ".avif", ".pdf")


def read_image(folder: Path, ref: Ref, sink: DiagnosticSink, *, folder_name: str = _ASSETS) -> Image | None:
    """Reads the picture `ref` in `folder`; returns None if it is refused, with the reason in `sink`.

    Messages call the folder `folder_name`.

    Raises:
        OSError: the file exists but cannot be read.
    """
    path = _resolve_inside(folder, ref, sink, folder_name)
    if path is None:
        return None
    with path.open("rb") as file:
        # One byte more than allowed shows that a file is too large.
        return decode_image(ref, file.read(MAX_BYTES + 1), sink)


def decode_image(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    """Reads the picture `ref` from its bytes; returns None if it is refused, with the reason in `sink`."""
    if len(data) > MAX_BYTES:
        message = f"'{ref}' has more than {MAX_BYTES:,} bytes"
        sink.add_error("image-too-large", ref.location, message, "export it smaller")
        return None
    if data.lstrip()[:5] in (b"<?xml", b"<svg ") or ref.name.lower().endswith(".svg"):
        return _read_svg(ref, data, sink)
    return _read_raster(ref, data, sink)


def _resolve_inside(folder: Path, ref: Ref, sink: DiagnosticSink, folder_name: str) -> Path | None:
    """Returns the path of a file in the folder by its exact name; None if no file has that name, which is reported."""
    name = ref.name
    relative_path = PurePosixPath(name)
    if (
        re.search(r"[\\\x00:%]", name)
        or relative_path.is_absolute()
        or ".." in relative_path.parts
        or name.startswith("//")
    ):
        sink.add_error("image-path", ref.location, f"'{name}' is not a path inside {folder_name}", "name a file there")
        return None
    path = folder
    # "." has no parts: it would name the folder itself.
    for part in relative_path.parts or (name,):
        names = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
        if part not in names:
            sink.add_error(
                "missing-image", ref.location, f"unknown picture '{name}'", _make_hint(ref, folder, folder_name)
            )
            return None
        path /= part
        if path.is_symlink():
            sink.add_error(
                "image-path", ref.location, f"'{name}' goes through a symbolic link", "put the file itself there"
            )
            return None
    if not stat.S_ISREG(path.stat().st_mode):
        sink.add_error("image-path", ref.location, f"'{name}' is not a file", "name a picture file")
        return None
    return path


def _make_hint(ref: Ref, folder: Path, folder_name: str) -> str:
    name = ref.name
    files = (
        [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    )
    for file in files:
        # The two normalisation forms look the same on screen, so printing the name would not help.
        if file != name and unicodedata.normalize("NFC", file) == name:
            return f"the file name '{name}' is stored in decomposed form (NFD); rename the file"
    similar = find_nearest_name(name, (file for file in files if PurePosixPath(file).suffix.lower() in _SUFFIXES))
    if similar is not None:
        return f"did you mean '{similar}'?"
    hint = f"put {name} beside {PurePosixPath(ref.location.file).name}"
    return f"put it into {folder_name}" if folder_name == _ASSETS else hint


def _read_raster(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    """Reads a picture in any format except SVG, and converts it if HTML, PDF and Word would show it differently."""
    try:
        kind = find_foreign_kind(data)
        checked = None if kind else check_raster(data)
        if checked is not None and not checked.needs_conversion:
            return _make_image(ref, checked, data)
        conversion = convert_picture(data, kind or "raster")
        if conversion.pages > 1:
            message = f"'{ref}' has {conversion.pages} pages; the first is shown"
            sink.add_warning("image-pages", ref.location, message, "export only the page that you want")
        original = hashlib.sha256(data).hexdigest()
        if kind == "PDF":
            image = _read_svg(ref, conversion.data, sink)
            return image and replace(image, original_sha256=original)
        return replace(_make_image(ref, check_raster(conversion.data), conversion.data), original_sha256=original)
    except RasterRefusedError as refused:
        sink.add_error(refused.code, ref.location, f"'{ref}' {refused}", refused.hint)
        return None


def _make_image(ref: Ref, checked: Raster, data: bytes) -> Image:
    try:
        stripped = raster.strip_metadata(data)
    except ValueError:
        raise RasterRefusedError("image-format", "is damaged", "export it again") from None
    width, height = checked.size
    return Image(ref.name, checked.media_type, width, height, hashlib.sha256(stripped).hexdigest(), stripped)


def _read_svg(ref: Ref, data: bytes, sink: DiagnosticSink) -> Image | None:
    try:
        drawing = svg.parse_svg(data)
    except svg.SvgRefusedError as refused:
        sink.add_error("svg-content", ref.location, f"'{ref}' {refused}", refused.hint)
        return None
    try:
        for size in (drawing.size, drawing.box):
            require_acceptable_size(*size)
    except RasterRefusedError as refused:
        sink.add_error(refused.code, ref.location, f"'{ref}' {refused}", refused.hint)
        return None
    serialised = drawing.serialise()
    width, height = drawing.size
    return Image(ref.name, "image/svg+xml", width, height, hashlib.sha256(serialised).hexdigest(), serialised)
