"""The bundled Latin fonts: static fonts of the few styles that documents use, made from variable fonts.

For each size and weight, a print engine would instantiate the variable font again, which takes seconds. HarfBuzz
makes each style once, in milliseconds, and the engine then reads a static font.
"""

import re
from functools import lru_cache

from brief.model.record import dataclass

# The optical size that suits text of 9 to 12 points.
_OPTICAL_SIZE = 12.0


@dataclass(frozen=True, slots=True)
class FontStyle:
    """A font weight as in CSS (400, 600), and whether the style is italic."""

    weight: int
    italic: bool = False

    @property
    def name(self) -> str:
        return f"{self.weight}{'-italic' if self.italic else ''}"


FONT_STYLES = (FontStyle(400), FontStyle(400, italic=True), FontStyle(600), FontStyle(600, italic=True))
# Beside Han characters, whose many strokes are thin, a serif face of weight 400 looks semi-bold.
_BESIDE_HAN = {400: 350}
ALL_FONT_STYLES = (
    *FONT_STYLES,
    *(FontStyle(_BESIDE_HAN[style.weight], style.italic) for style in FONT_STYLES if style.weight in _BESIDE_HAN),
)


def match_han_weight(style: FontStyle) -> FontStyle:
    """Returns the style in which a serif font looks as bold as a Han font in `style`."""
    return FontStyle(_BESIDE_HAN.get(style.weight, style.weight), style.italic)


@lru_cache(maxsize=1)
def list_bundled_families() -> frozenset[str]:
    """Returns the names of the font families in the installed Python font packages."""
    import fontpkg

    return frozenset(family.name for family in fontpkg.families().values())


@lru_cache(maxsize=1)
def get_bundled_versions() -> dict[str, str]:
    """Maps the name of each bundled family to its version."""
    import fontpkg

    return {family.name: str(family.version) for family in fontpkg.families().values()}


@lru_cache(maxsize=32)
def build_static_face(family: str, style: FontStyle) -> bytes:
    """Builds the TrueType file of a bundled family in the style, or in the nearest one that its axes have."""
    import fontpkg
    import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]

    path = fontpkg.path(family, style.weight, "italic" if style.italic else "normal", nearest=True)
    face = harfbuzz.Face(harfbuzz.Blob.from_file_path(str(path)))
    subset = harfbuzz.SubsetInput()
    # Keeps all characters, glyphs and layout features: an inverted empty set contains everything.
    for input_set in (subset.unicode_set, subset.glyph_set, subset.layout_feature_tag_set):
        input_set.clear()
        input_set.invert()
    axes = {axis.tag: axis for axis in face.axis_infos}
    for tag, value in (("wght", float(style.weight)), ("opsz", _OPTICAL_SIZE)):
        if tag in axes:
            subset.pin_axis_location(face, tag, min(max(value, axes[tag].min_value), axes[tag].max_value))
    data: bytes = harfbuzz.subset(face, subset).blob.data
    return data


def slugify_family(family: str) -> str:
    """Returns the family's name in a form that suits file names, such as "source-serif-4"."""
    return re.sub(r"[^a-z0-9]+", "-", family.lower()).strip("-")
