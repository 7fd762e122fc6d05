"""Puts a set's colours and a locale's faces and language into a reference document.

The reference document refers to both through its theme, so that a designer chooses "Accent 1" or "Headings" in Word
and never a fixed value: colour slots correspond to the roles of `set.yaml`, the minor fonts to the serif family of body
text, the major fonts to the sans family of headings. Word uses the theme, and other programs the plain value beside it,
so the plain values are updated. Fonts are named directly: a theme font has one East Asian face for each script, which
Word would choose by the language of the machine.
"""

import colorsys
from collections.abc import Mapping

from lxml import etree

from brief.model.appearance.colours import format_colour, parse_colour
from brief.model.appearance.look import Look
from brief.writers.docx.body.typesetting import apply_typesetting
from brief.writers.docx.reference.compact_cover import compact_styles
from brief.writers.docx.reference.languages import Face, Family, Language
from brief.writers.ooxml.elements import Element, parse_part, qualify_name, serialise_part, word

# The role for each slot of the colour scheme (ECMA-376 part 1, 20.1.6.2). The slot of visited links is used for rules,
# which have no slot of their own; links get their colour from their style.
_ROLES = {
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "muted",
    "lt2": "tint",
    "accent1": "brand",
    "accent2": "accent",
    "accent3": "note",
    "accent4": "insight",
    "accent5": "warning",
    "accent6": "question",
    "hlink": "brand",
    "folHlink": "rule",
}
# Names that ST_ThemeColor (17.18.97) gives the slots.
_SLOTS = {
    "text1": "dk1",
    "dark1": "dk1",
    "background1": "lt1",
    "light1": "lt1",
    "text2": "dk2",
    "dark2": "dk2",
    "background2": "lt2",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
_THEME_FONTS: dict[str, Family] = {"minor": "serif", "major": "sans"}
# Parts that use the colours of the theme.
_COLOURED_PARTS = ("word/document", "word/styles", "word/numbering", "word/header", "word/footer", "word/settings")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# The space before a section that starts on the page of the one before it, in twentieths of a point.
_SPACE_BEFORE_SECTION = "560"


def apply_theme(members: Mapping[str, bytes], look: Look, locale: str, *, compact: bool = False) -> dict[str, bytes]:
    """Returns the package's members in the set's colours and the locale's fonts, language and typography.

    If `compact`, no heading starts a page, and type is smaller.
    """
    language = Language.from_locale(locale)
    faces = look.find_faces(locale)
    families: dict[Family, tuple[Face, Face]] = {
        "serif": language.choose_faces(faces, "serif"),
        "sans": language.choose_faces(faces, "sans"),
    }
    changed = dict(members)
    for name, data in members.items():
        if not name.endswith(".xml"):
            continue
        if name.startswith(_COLOURED_PARTS):
            root = parse_part(data)
            _set_colours(root, look.colours)
            _name_fonts(root, families)
            if name == "word/styles.xml":
                _set_language(root, language)
                root = apply_typesetting(root, language)
                if compact:
                    _remove_page_breaks(root)
                    compact_styles(root)
            elif name == "word/settings.xml":
                _set_theme_language(root, language)
        elif name.startswith("word/theme/"):
            root = parse_part(data)
            _set_theme(root, look.colours, families)
        elif name == "word/fontTable.xml":
            root = _build_font_table([face for pair in families.values() for face in pair])
        else:
            continue
        changed[name] = serialise_part(root)
    return changed


def _set_colours(root: Element, colours: Mapping[str, str]) -> None:
    """Sets the plain value beside each theme colour to the set's colour."""
    for element in root.iter(etree.Element):
        for theme, plain in (("themeColor", _choose_attribute(element)), ("themeFill", "fill")):
            name = element.get(qualify_name(f"w:{theme}"))
            if name is None or name == "none":
                continue
            colour = colours[_ROLES[_SLOTS.get(name, name)]]
            kind = theme.removesuffix("Color")
            tint, shade = element.get(qualify_name(f"w:{kind}Tint")), element.get(qualify_name(f"w:{kind}Shade"))
            element.set(qualify_name(f"w:{plain}"), _vary_colour(colour, tint, shade).lstrip("#").upper())


def _choose_attribute(element: Element) -> str:
    return "val" if element.tag == qualify_name("w:color") else "color"


def _vary_colour(colour: str, tint: str | None, shade: str | None) -> str:
    """Returns a colour lightened by `tint` or darkened by `shade`, which say in 255ths how much of it remains
    (17.3.2.6).
    """
    red, green, blue = (channel / 255 for channel in parse_colour(colour))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if tint is not None:
        light = light * int(tint, 16) / 255 + (1 - int(tint, 16) / 255)
    if shade is not None:
        light = light * int(shade, 16) / 255
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return format_colour(round(red * 255), round(green * 255), round(blue * 255))


def _name_fonts(root: Element, families: Mapping[Family, tuple[Face, Face]]) -> None:
    """Replaces theme fonts with the names of fonts."""
    for fonts in root.iter(qualify_name("w:rFonts")):
        for slot, theme in (
            ("ascii", "asciiTheme"),
            ("hAnsi", "hAnsiTheme"),
            ("eastAsia", "eastAsiaTheme"),
            ("cs", "cstheme"),
        ):
            name = fonts.get(qualify_name(f"w:{theme}"))
            if name is not None:
                latin, han = families[_THEME_FONTS[name[:5]]]
                del fonts.attrib[qualify_name(f"w:{theme}")]
                fonts.set(qualify_name(f"w:{slot}"), han.name if slot == "eastAsia" else latin.name)


def _set_language(styles: Element, language: Language) -> None:
    for element in styles.iter(qualify_name("w:lang")):
        if element.get(qualify_name("w:val")) == "x-none":
            continue
        element.set(qualify_name("w:val"), language.latin)
        element.set(qualify_name("w:eastAsia"), language.east_asian)


def _set_theme_language(settings: Element, language: Language) -> None:
    for element in settings.iter(qualify_name("w:themeFontLang")):
        element.set(qualify_name("w:val"), language.latin)
        element.set(qualify_name("w:eastAsia"), language.east_asian)


def _remove_page_breaks(styles: Element) -> None:
    """Replaces the page breaks before headings with space."""
    for style in styles.iter(qualify_name("w:pPr")):
        for page_break in style.findall(qualify_name("w:pageBreakBefore")):
            style.remove(page_break)
            for spacing in style.findall(qualify_name("w:spacing")):
                spacing.set(qualify_name("w:before"), _SPACE_BEFORE_SECTION)


def _set_theme(theme: Element, colours: Mapping[str, str], families: Mapping[Family, tuple[Face, Face]]) -> None:
    for slot, role in _ROLES.items():
        for element in theme.iter(f"{_DRAWING}{slot}"):
            for old in list(element):
                element.remove(old)
            etree.SubElement(element, f"{_DRAWING}srgbClr", val=colours[role].lstrip("#").upper())
    for tag, family in _THEME_FONTS.items():
        latin, han = families[family]
        for fonts in theme.iter(f"{_DRAWING}{tag}Font"):
            for child, face in (("latin", latin.name), ("ea", han.name)):
                typeface = fonts.find(f"{_DRAWING}{child}")
                if typeface is not None:
                    typeface.set("typeface", face)


def _build_font_table(faces: list[Face]) -> Element:
    """Builds the font table: the faces of the document, each with a fallback (17.8.3.1)."""
    return word(
        "fonts",
        *(
            word(
                "font",
                word("altName", val=face.fallback),
                word("charset", val=face.charset),
                word("family", val="roman" if face.family == "serif" else "swiss"),
                word("pitch", val="variable"),
                name=face.name,
            )
            for face in dict.fromkeys(faces)
        ),
    )
