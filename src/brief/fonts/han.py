"""Subsets of Han fonts with only the characters that one document prints.

A regional font of a Han family has 65,000 glyphs in 20 MB, which a print engine copies, reads and numbers for every
document. HarfBuzz reduces it in a few milliseconds to the hundreds of characters that are printed. With such a subset,
the engine needs a third of the memory, and the PDF is a third smaller. A subset has the characters of one document
alone: with the characters of several variants, it would reveal to the readers of one variant what is printed in
another.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from brief.fonts import coverage, latin
from brief.fonts.cff import renumber_glyphs
from brief.fonts.font_file import open_font
from brief.fonts.fontconfig import InstalledFace, list_installed_faces
from brief.model.appearance.look import Faces, Look
from brief.model.han import FIRST_EAST_ASIAN
from brief.model.record import dataclass

_HAN_CHARACTER = 0x4E00
_ASCII = frozenset(map(chr, range(128)))
_FROM_EAST_ASIAN = re.compile(f"[{chr(FIRST_EAST_ASIAN)}-\U0010ffff]")
# Each is some hundred kilobytes: the faces of a dozen documents.
_MAX_SUBSETS = 48
_WEIGHTS = sorted({style.weight for style in latin.FONT_STYLES})


@dataclass(frozen=True, slots=True)
class FontSubset:
    """A face subset for one document, under a family name that only this document uses. `weight` is a CSS font weight."""

    family: str
    weight: int
    data: bytes


def subset_faces(faces: Faces, text: str, *, has_code: bool = False) -> tuple[FontSubset, ...]:
    """Returns the Han faces of `faces` in the weights that documents use, with the characters of `text` and no others.

    With `has_code`, the monospaced Han face is included, even if `text` needs no other Han face. Each character has the
    same glyph as in the complete face.
    """
    characters = "".join(sorted(set(text)))
    text_families = faces.text_families if needs_han_faces(faces, characters) else ()
    code_families = faces.mono if has_code else ()
    families = tuple(family for family in dict.fromkeys((*text_families, *code_families)) if is_han_family(family))
    return tuple(
        FontSubset(name_subset_family(family), weight, _subset_face(face, characters))
        for family in families
        for weight, face in _choose_weights(family)
    )


def needs_han_faces(faces: Faces, text: str) -> bool:
    """Returns whether the text has East Asian characters, or symbols that, of the text families of `faces`, only Han ones have."""
    if _FROM_EAST_ASIAN.search(text):
        return True
    others = tuple(family for family in faces.text_families if not is_han_family(family))
    return bool(_find_symbols(text, others, tuple(filter(is_han_family, faces.text_families))))


def find_symbols_for_han_faces(family: str, faces: Faces, text: str) -> frozenset[str]:
    """Returns the characters of the text, except ASCII and East Asian ones, that the family lacks and a Han face has."""
    return _find_symbols(text, (family,), tuple(filter(is_han_family, faces.families)))


def _find_symbols(text: str, families: tuple[str, ...], han_families: tuple[str, ...]) -> frozenset[str]:
    """Returns the characters, except ASCII and East Asian ones, that none of `families` has and one of `han_families` has."""
    characters = (character for character in set(text) - _ASCII if ord(character) < FIRST_EAST_ASIAN)
    missing = coverage.find_missing_characters("".join(characters), families)
    return frozenset(missing).difference(coverage.find_missing_characters("".join(missing), han_families))


def prefer_subsets(look: Look, locale: str) -> Look:
    """Returns the look for the locale, in which the subset of each Han family comes before the family itself.

    Characters that the subset lacks, because a style sheet generates them, are then drawn with the complete family.
    """
    faces = look.find_faces(locale)
    with_subsets = Faces(*(tuple(_insert_subsets(kind)) for kind in (faces.serif, faces.sans, faces.mono)))
    return replace(look, faces={**look.faces, locale: with_subsets})


def name_subset_family(family: str) -> str:
    """Returns the family name of the subset, which differs from the installed family's, so that print engines
    distinguish them.
    """
    return f"{family} Cut"


@cache
def is_han_family(family: str) -> bool:
    """Returns whether an installed family draws Han characters."""
    return any(
        open_font(face.file, face.index).get_nominal_glyph(_HAN_CHARACTER) is not None for face in _find_faces(family)
    )


def _insert_subsets(families: tuple[str, ...]) -> Iterator[str]:
    for family in families:
        if is_han_family(family):
            yield name_subset_family(family)
        yield family


@cache
def _choose_weights(family: str) -> tuple[tuple[int, InstalledFace], ...]:
    """Chooses the face nearest to each weight that documents use; of two equally near, the bolder one (CSS Fonts 4,
    5.2).
    """
    by_weight = {_read_weight(face): face for face in _find_faces(family)}
    nearest = (min(by_weight, key=lambda candidate: (abs(candidate - weight), -candidate)) for weight in _WEIGHTS)
    return tuple((candidate, by_weight[candidate]) for candidate in dict.fromkeys(nearest))


def _find_faces(family: str) -> tuple[InstalledFace, ...]:
    if family in latin.list_bundled_families():
        return ()
    return tuple(face for face in list_installed_faces() if family in face.families)


def _read_weight(face: InstalledFace) -> int:
    """Reads usWeightClass of the OS/2 table (OpenType 1.9)."""
    table: bytes = open_font(face.file, face.index).face.reference_table("OS/2").data
    return int(struct.unpack_from(">H", table, 4)[0]) if len(table) >= 6 else 400


# In a project that stays open, an edit seldom adds a character that the document did not have.
@lru_cache(maxsize=_MAX_SUBSETS)
def _subset_face(face: InstalledFace, characters: str) -> bytes:
    import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]

    options = harfbuzz.SubsetInput()
    options.unicode_set.clear()
    options.unicode_set.update(map(ord, characters))
    options.layout_feature_tag_set.clear()
    options.layout_feature_tag_set.invert()
    data: bytes = harfbuzz.subset(open_font(face.file, face.index).face, options).blob.data
    return renumber_glyphs(data)
