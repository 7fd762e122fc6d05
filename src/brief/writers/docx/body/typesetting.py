"""Typesetting in Word: tabular figures, and for Chinese stress, alignment, punctuation and line breaks.

Word adds space between Han and Latin (`autoSpaceDE`, `autoSpaceDN`), compresses adjacent marks
(`characterSpacingControl`) and lets a point hang at the end of a line (`overflowPunct`) by the reference document's
own settings. (ECMA-376 part 1, 17.3.1 and 17.15.1.)
"""

import re
from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from brief.model.han import (
    CLOSING,
    CLOSING_QUOTES,
    DASHES_AND_ELLIPSES,
    EAST_ASIAN,
    MIDDLE_DOTS,
    OPENING,
    OPENING_QUOTES,
    POINTS,
    UNTRIMMED_MARKS,
)
from brief.model.locale import get_primary_language
from brief.writers.docx.reference.languages import Language
from brief.writers.docx.reference.styles import put_setting
from brief.writers.ooxml.elements import PRESERVE_SPACE, Element, qualify_name, require_run_properties, word

# Han characters fill their squares, so their lines need more space between them than Latin ones.
_LINE_SPACING_HAN = 1.1
# What may not start a line and what may not end one: CLREQ, 3.2.1, in full width and in half. In a document, such
# lists replace Word's own, so they are complete. `_NOT_FIRST` includes [, which begins a citation and must stay with the text
# before it.
_NOT_FIRST = (
    CLOSING + CLOSING_QUOTES + POINTS + UNTRIMMED_MARKS + MIDDLE_DOTS + DASHES_AND_ELLIPSES + "[!%),.:;?]}°％．‰′″℃／"
)
_NOT_LAST = OPENING + OPENING_QUOTES + "$([{£¥＄￡￥"
_ENDS_IN_HAN = re.compile(f"[{EAST_ASIAN}{CLOSING_QUOTES}]$")
# ZERO WIDTH NO-BREAK SPACE
# Word draws U+2060 as a box in some faces.
JOINER = "\ufeff"
_IN_TABLES = ("Table Text", "Table Figure", "Table Centre")
_TABULAR = ("Table Figure", "Table Figure Head", "Metric Value")
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def apply_typesetting(language: Language, styles: Element) -> Element:
    """Returns the styles with the typesetting of a language."""
    if language.is_chinese:
        _style_chinese(styles, language)
    if language.emphasis_mark:
        for properties in styles.iterfind(f"{qualify_name('w:style')}/{qualify_name('w:rPr')}"):
            if properties.find(qualify_name("w:i")) is not None:
                _replace_italics_by_dots(properties, language.emphasis_mark)
    return _set_tabular_figures(styles)


def _set_tabular_figures(styles: Element) -> Element:
    """Returns the styles, with tabular figures where figures are below each other ([MS-DOCX] 2.6.1.14, numSpacing)."""
    namespaces: dict[str, str] = {prefix: uri for prefix, uri in styles.nsmap.items() if prefix}
    namespaces |= {"w14": _W14, "mc": _MC}
    root = etree.Element(styles.tag, nsmap=namespaces)
    for attribute, value in styles.attrib.items():
        root.set(attribute, value)
    root.extend(list(styles))
    ignorable = f"{{{_MC}}}Ignorable"
    root.set(ignorable, " ".join(dict.fromkeys([*root.get(ignorable, "").split(), "w14"])))
    for style in root.iter(qualify_name("w:style")):
        name = style.find(qualify_name("w:name"))
        if name is None or name.get(qualify_name("w:val")) not in _TABULAR:
            continue
        properties = style.find(qualify_name("w:rPr"))
        if properties is None:
            properties = word("rPr")
            before = _find_first(style, "tblPr", "trPr", "tcPr", "tblStylePr")
            style.append(properties) if before is None else before.addprevious(properties)
        etree.SubElement(properties, f"{{{_W14}}}numSpacing", {f"{{{_W14}}}val": "tabular"})
    return root


def _find_first(parent: Element, *tags: str) -> Element | None:
    """Returns the child with the first of the tags that occurs; the schema requires a missing element before it."""
    children = (parent.find(qualify_name(f"w:{tag}")) for tag in tags)
    return next((child for child in children if child is not None), None)


def forbid_line_starts(settings: Element, language: Language, units: Iterable[str]) -> None:
    """Sets which characters may neither start nor end a line: marks, and at the start the units of the document's numbers.

    Word has no other way to keep a number and its unit together that does not change the text.
    """
    if not language.is_chinese:
        return
    unit_characters = "".join(sorted(set(units)))
    for tag, characters in (("noLineBreaksAfter", _NOT_LAST), ("noLineBreaksBefore", _NOT_FIRST + unit_characters)):
        put_setting(settings, word(tag, lang=language.east_asian, val=characters))


def hyphenate(settings: Element, language: Language) -> None:
    """Lets lines break within words where the language has long compounds (17.15.1.10); Chinese has no hyphens, and English needs
    none.
    """
    if language.script == "Latn" and get_primary_language(language.tag) != "en":
        put_setting(settings, word("autoHyphenation", val="1"))
        # Capitals are names and abbreviations.
        put_setting(settings, word("doNotHyphenateCaps", val="1"))


def _style_chinese(styles: Element, language: Language) -> None:
    """Justifies Chinese, with more space between lines.

    Latin text in tables gets the language of the page: otherwise LibreOffice breaks a list of Latin names before single
    characters, instead of after its Chinese marks.
    """
    for spacing in styles.iter(qualify_name("w:spacing")):
        line = spacing.get(qualify_name("w:line"))
        if line and spacing.get(qualify_name("w:lineRule")) == "exact":
            spacing.set(qualify_name("w:line"), str(round(int(line) * _LINE_SPACING_HAN)))
    for marks in styles.iter(qualify_name("w:topLinePunct")):
        marks.set(qualify_name("w:val"), "1")
    for style in styles.iter(qualify_name("w:style")):
        named = style.find(qualify_name("w:name"))
        name = None if named is None else named.get(qualify_name("w:val"))
        if name == "Body Text":
            for alignment in style.iter(qualify_name("w:jc")):
                alignment.set(qualify_name("w:val"), "both")
        properties = style.find(qualify_name("w:rPr"))
        if properties is None:
            continue
        if name in _IN_TABLES:
            _set_latin_language(properties, language.east_asian)
        if name == "Citation Mark":
            _set_latin_language(properties, language.latin)


def _set_latin_language(properties: Element, tag: str) -> None:
    """Sets the language of Latin text in run properties (17.3.2.20)."""
    language = properties.find(qualify_name("w:lang"))
    if language is not None:
        language.set(qualify_name("w:val"), tag)
        return
    following = _find_first(properties, "eastAsianLayout", "specVanish", "oMath")
    made = word("lang", val=tag)
    properties.append(made) if following is None else following.addprevious(made)


def _replace_italics_by_dots(properties: Element, mark: str) -> None:
    """Turns italics of run properties into dots, such as those under the characters (17.3.2.12)."""
    for tag in ("w:i", "w:iCs"):
        for italic in properties.findall(qualify_name(tag)):
            properties.remove(italic)
    dots = word("em", val=mark)
    following = _find_first(properties, "lang", "eastAsianLayout")
    if following is None:
        properties.append(dots)
    else:
        following.addprevious(dots)


def keep_with_citation(before: Element) -> list[Element]:
    """Splits the run before a citation: its last two characters get a run without a language, so that no line begins with
    the mark.

    LibreOffice breaks Chinese by lists of its own, which allow a break before a bracket; it breaks text without a language by
    UAX 14, which respects the joiner of the mark, if the two characters before the break have none.
    """
    words = before.findtext(qualify_name("w:t"), "")
    if before.tag != qualify_name("w:r") or not _ENDS_IN_HAN.search(words):
        return [before]
    end = deepcopy(before)
    for run, part in ((before, words[:-2]), (end, words[-2:])):
        for text in run.findall(qualify_name("w:t")):
            text.text = part
            if part != part.strip():
                text.set(PRESERVE_SPACE, "preserve")
    _clear_east_asian_language(end)
    return [before, end] if words[:-2] else [end]


def open_citation(bracket: list[Element]) -> list[Element]:
    """Returns the bracket that opens a citation with a joiner before it."""
    for run in bracket:
        text = run.find(qualify_name("w:t"))
        if text is not None:
            text.text = JOINER + (text.text or "")
        _clear_east_asian_language(run)
    return bracket


def _clear_east_asian_language(run: Element) -> None:
    """Sets that a run has no East Asian language (17.3.2.20)."""
    properties = require_run_properties(run)
    language = properties.find(qualify_name("w:lang"))
    if language is None:
        properties.append(word("lang", eastAsia="x-none"))
    else:
        language.set(qualify_name("w:eastAsia"), "x-none")
