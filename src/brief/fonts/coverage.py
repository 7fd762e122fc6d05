"""Finds the characters that the fonts of a locale cannot draw, and the fonts that may not be embedded."""

import re
import struct
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from brief.fonts import latin
from brief.fonts.font_file import open_font
from brief.fonts.fontconfig import list_installed_faces
from brief.model.appearance.look import Faces
from brief.model.han import RARE_IDEOGRAPHS

if TYPE_CHECKING:
    import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]

# A character and the selector of its ideographic variant (UTS 37), if one follows, are drawn as a single glyph.
_DRAWN = re.compile("[^\\s\U000e0100-\U000e01ef][\U000e0100-\U000e01ef]?")
_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")
# Format characters, joiners and the selectors of text or emoji style need no glyph (UAX 44, Default_Ignorable).
_IGNORABLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f]"
)
# OS/2 fsType (OpenType 1.9): the usage bits, "restricted licence" among them, then "no subsetting" and "bitmaps only".
_USAGE, _RESTRICTED, _NO_SUBSET, _BITMAPS = 0x000F, 0x0002, 0x0100, 0x0200


def find_missing_characters(text: str, families: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the characters of the text, in order and each once, that none of the families can draw."""
    return tuple(drawn for drawn in list_drawn(text) if not _is_covered(drawn, families))


def list_drawn(text: str) -> tuple[str, ...]:
    """Returns the characters of the text that are not spaces, in order and each once, with the selectors of their
    variants.
    """
    # Whole documents are searched, and few have selectors.
    return tuple(dict.fromkeys(_DRAWN.findall(text if _SELECTOR.search(text) else "".join(dict.fromkeys(text)))))


def can_open_fonts(families: tuple[str, ...]) -> bool:
    """Returns whether every family has fonts that can be opened."""
    return all(map(_load_fonts, families))


def find_restricted_families(faces: Faces) -> tuple[str, ...]:
    """Returns the families whose licence bits forbid embedding a subset in a document."""
    return tuple(
        family for family in faces.families if any(not _is_embeddable(font.face) for font in _load_fonts(family))
    )


def suggest_font(drawn: str) -> str:
    """Returns a hint for `drawn`, a character that no font has, perhaps with a variation selector: the font to add."""
    name = unicodedata.name(drawn[0], "")
    if len(drawn) > 1:
        return "remove the variation selector, or add a font that has the variant"
    if ord(drawn) in RARE_IDEOGRAPHS or name.startswith("CJK"):
        return "add a font with rare Han characters, such as Jigmo or BabelStone Han, to the faces of the template set"
    if not name or unicodedata.category(drawn) in ("Co", "Cn"):
        return "replace it; no known font has it"
    if 0x1F000 <= ord(drawn) <= 0x1FAFF:
        return "add a font such as Noto Emoji to the faces of the template set"
    kind = name.split()[0].title() if unicodedata.category(drawn)[0] in "LMN" else "Symbols"
    return f"add a font such as Noto Sans {kind} to the faces of the template set"


@lru_cache(maxsize=100_000)
def _is_covered(drawn: str, families: tuple[str, ...]) -> bool:
    if _IGNORABLE.fullmatch(drawn[0]):
        return True
    base, selector = ord(drawn[0]), ord(drawn[1]) if len(drawn) > 1 else None
    return any(_has_glyph(font, base, selector) for family in families for font in _load_fonts(family))


def _has_glyph(font: "harfbuzz.Font", base: int, selector: int | None) -> bool:
    glyph = font.get_nominal_glyph(base) if selector is None else font.get_variation_glyph(base, selector)
    return glyph is not None


def _is_embeddable(face: "harfbuzz.Face") -> bool:
    table: bytes = face.reference_table("OS/2").data
    if len(table) < 10:
        return True
    (rights,) = struct.unpack_from(">H", table, 8)
    return rights & _USAGE != _RESTRICTED and not rights & (_NO_SUBSET | _BITMAPS)


@cache
def _load_fonts(family: str) -> tuple["harfbuzz.Font", ...]:
    """Returns the fonts of a family, bundled or installed, opened but not read; empty if it is missing."""
    if family in latin.list_bundled_families():
        import fontpkg

        files = [(str(fontpkg.path(family, 400, "normal", nearest=True)), 0)]
    else:
        files = [(face.file, face.index) for face in list_installed_faces() if family in face.families]
    return tuple(open_font(file, index) for file, index in files)
