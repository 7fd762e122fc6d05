"""The print style sheet of a locale: the look, the bundled faces, the page number, and the set's own rules."""

import re
from collections.abc import Collection, Iterable

from brief.fonts import han, latin
from brief.model.appearance.look import Faces, Look
from brief.model.catalogue import Catalogue
from brief.model.han import FIRST_EAST_ASIAN
from brief.model.locale import get_primary_language
from brief.templating.style import format_custom_properties, format_families
from brief.writers.pdf.weasyprint.fetcher import make_face_url, make_subset_url

# Marks that Latin and Han text share but draw differently: · — … and the quotation marks. In Chinese they are as wide
# as a character and belong to the Han face (CLREQ, 3.1.2 and 3.1.3), so the Latin face must not offer them there.
_SHARED_MARKS = (0xB7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026)
# Those that also occur within Latin words, as in DALL·E.
LATIN_MARK_RANGE = "U+B7, U+2019"
_LAST_LATIN = FIRST_EAST_ASIAN - 1
_LIST_START = re.compile(r'<ol\b[^>]*?\sstart="(\d+)"')


def build_print_stylesheet(
    look: Look, locale: str, catalogue: Catalogue, rules: str, *, justified: bool = False
) -> str:
    """Builds the whole style sheet except the faces; `rules` is the set's own style sheet.

    `--flush` is the alignment of text: `justify` if the engine can justify lines in the locale.
    """
    flush = ":root { --flush: justify }\n" if justified else ":root { --flush: start }\n"
    look_with_subsets, folio = han.prefer_subsets(look, locale), _build_folio(catalogue)
    return "".join(
        (
            format_custom_properties(look_with_subsets, locale),
            _define_mono(look_with_subsets.find_faces(locale)),
            flush,
            folio,
            rules,
        )
    )


def build_font_faces(
    look: Look, locale: str, subsets: Iterable[han.FontSubset], text: str, *, has_latin_marks: bool = False
) -> str:
    """Builds the rules that declare the bundled faces of the locale, and the subsets of Han faces made for the document.

    `text` contains all characters that the document prints: those that only Han faces have are left to these.

    If the document has marks within Latin words (`latin_marks`), condensed faces of the same families offer these too.
    """
    marks = _SHARED_MARKS if get_primary_language(locale) == "zh" else ()
    faces = look.find_faces(locale)
    latin_faces = ""
    for family in dict.fromkeys(faces.families):
        if family in latin.list_bundled_families():
            symbols = han.find_symbols_for_han_faces(family, faces, text)
            unicode_range = _write_unicode_range({*marks, *map(ord, symbols)})
            latin_faces += _write_latin_face(family, faces, locale, unicode_range)
            if has_latin_marks:
                latin_faces += _write_latin_face(family, faces, locale, LATIN_MARK_RANGE, "condensed")
    return latin_faces + "".join(
        f'@font-face {{ font-family: "{subset.family}"; src: url("{make_subset_url(subset)}"); font-weight: {subset.weight}; }}\n'
        for subset in subsets
    )


def build_list_numbers(markup: str) -> str:
    """Builds rules for lists that do not begin with 1, because the engine ignores the attribute `start`."""
    starts = sorted(set(_LIST_START.findall(markup)), key=int)
    return "".join(f'ol[start="{start}"] {{ counter-reset: list-item {int(start) - 1} }}\n' for start in starts)


def _write_latin_face(family: str, faces: Faces, locale: str, unicode_range: str, stretch: str = "normal") -> str:
    beside_han = family in faces.serif and get_primary_language(locale) == "zh"
    return "".join(
        f'@font-face {{ font-family: "{family}";'
        f' src: url("{make_face_url(family, latin.match_han_weight(style) if beside_han else style)}");'
        f" font-weight: {style.weight}; font-style: {'italic' if style.italic else 'normal'};"
        f" font-stretch: {stretch}; unicode-range: {unicode_range}; }}\n"
        for style in latin.FONT_STYLES
    )


def _write_unicode_range(excluded: Collection[int]) -> str:
    """Writes the `unicode-range` of a Latin face, without the code points in `excluded`. The engine uses the face for every
    character in the range, even if it has no glyph for it.
    """
    gaps = sorted(excluded)
    starts = (0, *(code + 1 for code in gaps))
    ends = (*(code - 1 for code in gaps), _LAST_LATIN)
    return ", ".join(f"U+{start:X}-{end:X}" for start, end in zip(starts, ends, strict=True) if start <= end)


def _define_mono(faces: Faces) -> str:
    """Defines `--mono`, the fonts of code. The sans fonts draw the characters that these lack."""
    families = format_families(faces.code_families)
    return f":root {{ --mono: {families}, monospace; }}\n"


def _build_folio(catalogue: Catalogue) -> str:
    """Defines `--folio`, the localised "Page 3 of 12" as the `content` of a page margin box."""
    message = catalogue.get("Page %(page)s of %(pages)s")
    quoted = '"' + message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
    content = quoted.replace("%(page)s", '" counter(page) "').replace("%(pages)s", '" counter(pages) "')
    return f":root {{ --folio: {content}; }}\n"
