"""Resolves addresses in templates and style sheets to files of the set."""

import struct
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from brief.model.source_location import SourceLocation
from brief.reading.pictures.gif import strip_gif
from brief.reading.pictures.raster import strip_metadata
from brief.reading.pictures.raster_check import RasterRefusedError, require_acceptable_pixels
from brief.reading.pictures.svg import SvgRefusedError, clean_svg
from brief.templating.template_set import TemplateSet

# A host that never resolves (RFC 2606, section 2), so that even a request that is sent by mistake reaches no server.
HOST = "brief.invalid"
BASE = f"https://{HOST}/"
MAX_BYTES = 40_000_000

MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
# What pictures of pixels begin with.
_PIXELS = {"image/gif": b"GIF8", "image/jpeg": b"\xff\xd8", "image/png": b"\x89PNG\r\n\x1a\n"}
# ISO/IEC 14496-22, 4.3: what a font begins with, and the tables without which no letter can be drawn.
_FONT_STARTS = (b"\0\1\0\0", b"true", b"OTTO")
_FONT_TABLES = frozenset((b"cmap", b"head", b"hhea", b"hmtx", b"maxp"))
_TEXT_SUFFIXES = (".css", ".j2")


def resolve_own_name(url: str) -> str:
    """Returns the name of the file of a set to which an address refers; relative addresses start at the root of the
    set.

    Raises:
        ValueError: the address leads out of the set, or to a kind of file that may not be used.
    """
    parts = urlsplit(urljoin(BASE, url))
    if (parts.scheme, parts.netloc) != ("https", HOST):
        raise ValueError("only files of the template set may be used")
    name = unquote(parts.path, errors="strict").lstrip("/")
    if PurePosixPath(name).suffix.lower() not in MEDIA_TYPES:
        raise ValueError(f"files of this kind may not be used; allowed kinds: {', '.join(MEDIA_TYPES)}")
    return name


def read_own_file(template_set: TemplateSet, name: str) -> tuple[str, bytes]:
    """Returns the media type and bytes of a file of the set. Pictures lose what does not show, as those of the content do.

    Raises:
        OSError: the set has no such file.
        ValueError: it is too large, or a font or picture that cannot be read; a browser would show another face, or an
            empty box, without a word.
    """
    data = template_set.read(name)
    if len(data) > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES:,} bytes")
    media_type = MEDIA_TYPES[PurePosixPath(name).suffix.lower()]
    if media_type.startswith("font/") and not _is_whole_font(data):
        raise ValueError("the file is not a TrueType or OpenType font, or a part of it is missing")
    return clean_picture(data, media_type) if media_type.startswith("image/") else (media_type, data)


def clean_picture(data: bytes, media_type: str) -> tuple[str, bytes]:
    """Returns the media type of a picture by its content, and the picture without metadata, comments, descriptions and data of
    editors.

    Raises:
        ValueError: it is damaged, of none of these kinds, or an SVG that could load or run something.
    """
    if media_type == "image/svg+xml":
        try:
            return media_type, clean_svg(data)
        except SvgRefusedError as refused:
            raise ValueError(f"the picture {refused}{f'; {refused.hint}' if refused.hint else ''}") from None
    # Designers mix up the suffixes, and browsers go by the content.
    found = next((kind for kind, start in _PIXELS.items() if data.startswith(start)), None)
    if found is None:
        raise ValueError("the file is neither PNG, JPEG nor GIF")
    require_few_pixels(data)
    try:
        return found, strip_gif(data) if found == "image/gif" else strip_metadata(data)
    except ValueError:
        raise ValueError("the picture is damaged") from None


def require_few_pixels(data: bytes) -> None:
    """Checks that a picture of pixels takes little memory when a print engine or a browser decodes it.

    Raises:
        ValueError: it has too many pixels.
    """
    try:
        require_acceptable_pixels(data)
    except RasterRefusedError as refused:
        raise ValueError(f"the picture {refused}{f'; {refused.hint}' if refused.hint else ''}") from None


def _is_whole_font(data: bytes) -> bool:
    """Returns whether a font has all tables of its directory, and those that every font needs."""
    if len(data) < 12 or not data.startswith(_FONT_STARTS):
        return False
    (count,) = struct.unpack_from(">H", data, 4)
    if len(data) < 12 + 16 * count:
        return False
    tables = [struct.unpack_from(">4s4xII", data, 12 + 16 * number) for number in range(count)]
    names = {name for name, _, _ in tables}
    return names >= _FONT_TABLES and all(start + length <= len(data) for _, start, length in tables)


def locate_address(template_set: TemplateSet, url: str) -> SourceLocation | None:
    """Returns the location of an address in a template or style sheet of the set; None if no file contains it
    literally.
    """
    relative = url.removeprefix(BASE)
    candidates = dict.fromkeys((url, relative, relative.partition(":")[2], relative.rpartition("/")[2]))
    sources = {
        name: _read_text(template_set, name) for name in template_set.list_names() if name.endswith(_TEXT_SUFFIXES)
    }
    for candidate in filter(None, candidates):
        for name, text in sources.items():
            offset = text.find(candidate)
            if offset >= 0:
                start = text.rfind("\n", 0, offset) + 1
                return SourceLocation(
                    template_set.display_name(name), text.count("\n", 0, offset) + 1, offset - start + 1
                )
    return None


def _read_text(template_set: TemplateSet, name: str) -> str:
    return template_set.read(name).decode("utf-8", "replace")
