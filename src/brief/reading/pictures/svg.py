"""Reads SVG pictures: refuses those that could load or run something, and reduces the others to their visible elements.

Constructs of plotting and drawing programs are resolved first: style sheets (`svg_style.py`), repeated shapes and
alternatives (`svg_use.py`), embedded pictures, and the document type of SVG 1.1.
"""

import base64
import binascii
import re
import xml.etree.ElementTree as ET  # entity declarations are refused before parsing
from collections.abc import Callable

from brief.model.record import dataclass
from brief.reading.pictures import raster, svg_fonts, svg_style, svg_use
from brief.reading.pictures.raster_check import RasterRefusedError, check_raster

_SVG = "http://www.w3.org/2000/svg"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# Print engines process a picture recursively, and could exhaust the stack.
_MAX_LEVELS = 100
_FORBIDDEN = re.compile(
    "script|handler|foreignObject|feImage|use|style|a|animate.*|set|discard"
    "|iframe|object|embed|link|audio|video|source",
    re.I,
)
# In an attribute: a url() that refers outside the file, or CSS that can hide one.
_EXTERNAL = re.compile(r"url\((?!\s*['\"]?#)|src\(|image-set\(|@import|\\", re.I)
_ENCODING = re.compile(r"<\?xml[^>]*?\sencoding\s*=\s*['\"]([^'\"]*)")
# SVG 2, 5.6 and 5.8: elements that describe a drawing and are never rendered.
_DESCRIPTIVE_ELEMENTS = frozenset((f"{{{_SVG}}}metadata", f"{{{_SVG}}}title", f"{{{_SVG}}}desc"))
_DESCRIPTIVE_ATTRIBUTE = re.compile("data-|aria-")
# The document type of SVG 1.0 and 1.1, which every parser ignores; it must not have declarations of its own.
_DOCTYPE = re.compile(r"<!DOCTYPE\s+svg(?:\s+(?:PUBLIC|SYSTEM)(?:\s+(?:\"[^\"<>\[]*\"|'[^'<>\[]*'))*)?\s*>", re.I)
_EMBEDDED_PICTURE = re.compile(r"data:image/(?:png|jpe?g);base64,(.*)", re.I | re.DOTALL)
# Elements that may refer to another element of the file: SVG 2, 12.1 (text), 14 (paint servers); Filter Effects, 5.
_REFERRING_ELEMENTS = frozenset(("linearGradient", "radialGradient", "pattern", "textPath", "filter", "mpath"))
# draw.io stores its whole source file in this attribute.
_EDITOR_ATTRIBUTES = frozenset(("content",))
_TEXT_ELEMENTS = frozenset(("text", "tspan", "textPath"))
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]*)?|\.[0-9]+"
_LENGTH = re.compile(rf"\+?({_NUMBER})(px|pt|pc|mm|cm|in|q)?", re.I)
_RELATIVE = re.compile(rf"(?:\+?(?:{_NUMBER})(?:%|em|ex|rem|ch|vw|vh))?|auto", re.I)
_BOX_NUMBER = re.compile(rf"[+-]?(?:{_NUMBER})")
# CSS Values 3, 6.2: pixels per unit.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}
# Exporters round sides to whole pixels; a larger difference shows as empty bands.
_TOLERANCE = 1.1


class SvgRefusedError(ValueError):
    """An SVG is refused. The message is a predicate that follows the name of the picture."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SvgDrawing:
    """An SVG of plain shapes. `size` is its rounded size in CSS pixels, `box` that of its viewBox in user units."""

    root: ET.Element
    size: tuple[int, int]
    box: tuple[int, int]

    def serialise(self) -> bytes:
        """Serialises the SVG in UTF-8; equal drawings give equal bytes."""
        return _serialise(self.root)


def parse_svg(data: bytes, *, has_our_faces: bool = False) -> SvgDrawing:
    """Parses an SVG file, removes descriptions and editors' data, and gives it a size.

    Font families get a generic family at their end, unless `has_our_faces` says that brief's own fonts are used.

    Raises:
        SvgRefusedError: the file is not an SVG that every engine can show, or could load or run something.
    """
    return _normalise_size(_read_shapes(data, has_our_faces=has_our_faces))


def clean_svg(data: bytes) -> bytes:
    """Returns an SVG file without descriptions and editors' data. Its size stays as it is, also if it has none, because a
    style sheet may give it one.

    Raises:
        SvgRefusedError: as `parse_svg` does, but for the size.
    """
    return _serialise(_read_shapes(data))


def _read_shapes(data: bytes, *, has_our_faces: bool = False) -> ET.Element:
    """Parses an SVG file and reduces it to what is rendered."""
    root = _parse_root(data)
    _remove_elements(root, lambda child: child.tag in _DESCRIPTIVE_ELEMENTS)
    try:
        svg_use.choose_alternatives(root)
        svg_style.apply_style_sheets(root)
        svg_use.expand_uses(root)
    except (svg_style.StyleRefusedError, svg_use.UseRefusedError) as refused:
        raise SvgRefusedError(str(refused), refused.hint) from None
    if _count_levels(root) > _MAX_LEVELS:
        raise SvgRefusedError(f"is nested deeper than {_MAX_LEVELS} levels", "ungroup it")
    for element in root.iter():
        _clean_element(element)
        if not has_our_faces:
            svg_fonts.complete_families(element)
    _remove_elements(root, lambda child: not child.tag.startswith(f"{{{_SVG}}}"))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.tag not in _TEXT_ELEMENTS:
            element.text = None
            for child in element:
                child.tail = None
    root.set("xmlns", _SVG)
    return root


def _serialise(root: ET.Element) -> bytes:
    return ET.tostring(root, encoding="unicode").encode("utf-8")


def _parse_root(data: bytes) -> ET.Element:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SvgRefusedError("is not UTF-8", "save it as UTF-8") from None
    declared = _ENCODING.match(text.lstrip("\ufeff"))
    if declared and not _is_compatible_encoding(declared[1].lower(), text):
        raise SvgRefusedError(f"declares the encoding '{declared[1]}'", "save it as UTF-8")
    text = _DOCTYPE.sub("", text, count=1)
    if re.search("<!DOCTYPE|<!ENTITY|<\\?xml-stylesheet", text, re.I):
        raise SvgRefusedError("has entities or an external style sheet", "save it as plain SVG")
    try:
        # Given text, the parser ignores the declared encoding.
        root = ET.fromstring(text)  # noqa: S314  # see above
    except ET.ParseError as problem:
        raise SvgRefusedError(f"is not well-formed: {problem}") from None
    if _count_levels(root) > _MAX_LEVELS:
        raise SvgRefusedError(f"is nested deeper than {_MAX_LEVELS} levels", "ungroup it")
    if root.tag != f"{{{_SVG}}}svg":
        raise SvgRefusedError("contains no <svg>", "save it as plain SVG")
    return root


def _is_compatible_encoding(encoding: str, text: str) -> bool:
    """Returns whether the bytes of the text, which is in UTF-8, mean the same in the declared encoding."""
    return encoding in ("utf-8", "utf8") or (encoding in ("us-ascii", "ascii", "iso-8859-1") and text.isascii())


def _count_levels(root: ET.Element) -> int:
    """Returns how deeply the elements are nested; at most one level beyond the limit."""
    level, count = [root], 0
    while level and count <= _MAX_LEVELS:
        level, count = [child for element in level for child in element], count + 1
    return count


def _remove_elements(root: ET.Element, is_removed: Callable[[ET.Element], bool]) -> None:
    """Removes elements with their content, but not the text that follows them."""
    for parent in list(root.iter()):
        remaining: list[ET.Element] = []
        for child in parent:
            if not is_removed(child):
                remaining.append(child)
            elif remaining:
                remaining[-1].tail = (remaining[-1].tail or "") + (child.tail or "")
            else:
                parent.text = (parent.text or "") + (child.tail or "")
        parent[:] = remaining


def _clean_element(element: ET.Element) -> None:
    """Removes attributes that do not affect drawing.

    Raises:
        SvgRefusedError: the element can load or run something.
    """
    name = element.tag.rpartition("}")[2]
    if _FORBIDDEN.fullmatch(name):
        raise SvgRefusedError(f"contains <{name}>, which can load or run something", "convert it to plain shapes")
    attributes = {}
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2]
        if local == "href":
            attributes[svg_use.HREF] = _clean_address(name, value)
            continue
        can_load = local == "src" or attribute.lower().startswith("on")
        if not can_load and not _affects_drawing(attribute):
            continue
        attributes[attribute] = value
        if can_load or _EXTERNAL.search(value):
            raise SvgRefusedError(f"has {local}, which can load or run something", "remove it")
    if name == "image":
        # With any value except "auto", WeasyPrint does not request the interpolation that PDF/A forbids (ISO 19005-2, 6.2.8).
        attributes.setdefault("image-rendering", "optimizeQuality")
    element.attrib.clear()
    element.attrib.update(attributes)


def _clean_address(name: str, address: str) -> str:
    """Returns the `href` of the element `name`: a reference within the file, or an embedded picture without metadata.

    Raises:
        SvgRefusedError: it is anything else, or the picture is refused.
    """
    if name in _REFERRING_ELEMENTS and address.startswith("#"):
        return address
    if name != "image":
        raise SvgRefusedError("has href, which can load or run something", "remove it")
    picture = _EMBEDDED_PICTURE.fullmatch(address.strip())
    if picture is None:
        raise SvgRefusedError("contains <image> of another file, which it would load", "embed it as PNG or JPEG")
    try:
        data = base64.b64decode("".join(picture[1].split()), validate=True)
        checked = check_raster(data)
        stripped = raster.strip_metadata(data)
    except (RasterRefusedError, binascii.Error, ValueError) as problem:
        reason = str(problem) if isinstance(problem, RasterRefusedError) else "is damaged"
        raise SvgRefusedError(f"contains a picture that {reason}", "export it again") from None
    if checked.needs_conversion:
        raise SvgRefusedError("contains a picture in CMYK or rotated by a tag", "convert it to upright RGB")
    return f"data:{checked.media_type};base64,{base64.b64encode(stripped).decode('ascii')}"


def _affects_drawing(attribute: str) -> bool:
    if attribute.startswith("{"):
        return attribute in (f"{_XML}lang", f"{_XML}space")
    return not _DESCRIPTIVE_ATTRIBUTE.match(attribute) and attribute not in _EDITOR_ATTRIBUTES


def _normalise_size(root: ET.Element) -> SvgDrawing:
    """Sets the size and the viewBox of the root element, so that all engines use the same values.

    Raises:
        SvgRefusedError: it has no size, or its size does not fit its viewBox.
    """
    width, height = (_read_pixels(root, side) for side in ("width", "height"))
    box = _read_view_box(root) or (0.0, 0.0, width or 0.0, height or 0.0)
    if not (box[2] and box[3]):
        raise SvgRefusedError("has no size", "give it a viewBox")
    ratio = box[2] / box[3]
    if width is None:
        width = box[2] if height is None else height * ratio
    if height is None:
        height = width / ratio
    size = round(width), round(height)
    if not all(size):
        raise SvgRefusedError("has no size", "give it a width and a height of a pixel or more")
    if not 1 / _TOLERANCE <= width / height / ratio <= _TOLERANCE:
        raise SvgRefusedError("has a width and a height that do not fit its viewBox", "give both the same aspect ratio")
    root.set("width", str(size[0]))
    root.set("height", str(size[1]))
    root.set("viewBox", " ".join(f"{number:.15g}" for number in box))
    return SvgDrawing(root, size, (max(1, round(box[2])), max(1, round(box[3]))))


def _read_pixels(root: ET.Element, side: str) -> float | None:
    """Returns the width or height of the root element in CSS pixels; None if it has no absolute one."""
    text = root.get(side, "").strip()
    if _RELATIVE.fullmatch(text):
        return None
    match = _LENGTH.fullmatch(text)
    if match is None or not float(match[1]):
        raise SvgRefusedError(f"has a {side} of '{text}'", "give it in pixels")
    return float(match[1]) * _PIXELS[(match[2] or "").lower()]


def _read_view_box(root: ET.Element) -> tuple[float, float, float, float] | None:
    """Returns x, y, width and height of the viewBox in user units; None if it is missing."""
    text = root.get("viewBox")
    if text is None:
        return None
    numbers = text.replace(",", " ").split()
    if len(numbers) != 4 or not all(_BOX_NUMBER.fullmatch(number) for number in numbers):
        raise SvgRefusedError(f"has a viewBox of '{text}'", "give it two coordinates, a width and a height")
    x, y, width, height = map(float, numbers)
    if width <= 0 or height <= 0:
        raise SvgRefusedError(f"has a viewBox of '{text}'", "give it a width and a height above 0")
    return x, y, width, height
