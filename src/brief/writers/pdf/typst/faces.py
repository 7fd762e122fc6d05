"""Makes the font files of one document: static Latin faces, and Han faces subset to its characters."""

from collections.abc import Iterator, Mapping

from brief.fonts import coverage, han, installed, latin
from brief.model.appearance.look import Faces
from brief.model.locale import get_primary_language


def build_faces(faces: Faces, locale: str, text: str) -> Mapping[str, bytes]:
    """Builds the font files of a document, by name, in a fixed order. `text` contains every character that is printed.

    Only the fonts of the locale are included. For a character that the first font lacks, the engine takes any font that
    has it; from the fonts of another region, it would take a glyph of that region.

    Raises:
        MachineError: a font that the set names is neither bundled nor installed.
    """
    installed.require_families(faces, provided=latin.list_bundled_families())
    return dict(sorted(_list_files(faces, locale, text)))


def list_used_families(faces: Faces, text: str) -> tuple[str, ...]:
    """Returns the families that `build_faces` builds for this text: Han families only if the text needs them, and
    families for code only if it has code.
    """
    has_han = han.needs_han_faces(faces, text)
    code_families = faces.mono if has_code(text) else ()
    families = dict.fromkeys((*faces.serif, *faces.sans, *code_families))
    return tuple(family for family in families if has_han or family in code_families or not _is_installed_han(family))


def has_code(text: str) -> bool:
    """Returns whether the data of a document contains code, within a line or as a block."""
    return '"kind": "code"' in text


def _is_installed_han(family: str) -> bool:
    return family not in latin.list_bundled_families() and han.is_han_family(family)


def find_missing_characters(faces: Faces, text: str) -> tuple[str, ...]:
    """Returns the characters of the text that no face given to the engine has. PDF/A forbids missing glyphs (ISO
    19005-2, 6.2.11.8).
    """
    return coverage.find_missing_characters(text, faces.families if has_code(text) else faces.text_families)


def _list_files(faces: Faces, locale: str, text: str) -> Iterator[tuple[str, bytes]]:
    beside_han = faces.serif if get_primary_language(locale) == "zh" else ()
    for family in faces.families:
        if family in latin.list_bundled_families():
            for style in latin.FONT_STYLES:
                chosen = latin.match_han_weight(style) if family in beside_han else style
                yield f"{latin.slugify_family(family)}-{chosen.name}.ttf", latin.build_static_face(family, chosen)
        elif not _is_installed_han(family):
            for number, data in enumerate(installed.read_family(family)):
                yield f"{latin.slugify_family(family)}-{number}.ttf", data
    for subset in han.subset_faces(faces, text, has_code=has_code(text)):
        yield f"{latin.slugify_family(subset.family)}-{subset.weight}.otf", subset.data
