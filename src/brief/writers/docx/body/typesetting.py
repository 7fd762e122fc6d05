"""Sets the typography of Word documents: tabular figures and hyphenation; for Chinese also emphasis marks,
justification, punctuation and line breaks.

The reference document itself has the settings with which Word adds space between Han and Latin text (`autoSpaceDE`,
`autoSpaceDN`), compresses consecutive punctuation (`characterSpacingControl`) and lets a full stop hang at the end of a
line (`overflowPunct`). (ECMA-376 part 1, 17.3.1 and 17.15.1.)
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

# Han characters fill the em box, so that their lines need more space between them than lines of Latin text.
_LINE_SPACING_HAN = 1.1
# The characters that may not start a line, and those that may not end one (CLREQ, 3.2.1), in full and in half width. In
# a document, such lists replace Word's own, so they are complete. `_NOT_FIRST` also has the left square bracket, which
# begins a citation and must stay with the text before it.
_NOT_FIRST = (
    CLOSING + CLOSING_QUOTES + POINTS + UNTRIMMED_MARKS + MIDDLE_DOTS + DASHES_AND_ELLIPSES + "[!%),.:;?]}°％．‰′″℃／"
)
_NOT_LAST = OPENING + OPENING_QUOTES + "$([{£¥＄￡￥"
_ENDS_IN_HAN = re.compile(f"[{EAST_ASIAN}{CLOSING_QUOTES}]$")
# U+FEFF, because Word draws the word joiner U+2060 as a box in some fonts.
JOINER = "\ufeff"
_BETWEEN_NAMES = re.compile(f"(?<=[{POINTS}])(?=[A-Za-z])")
_BREAK = "\u200b"
_TABULAR_FIGURE_STYLES = ("Table Figure", "Table Figure Head", "Metric Value")
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def apply_typesetting(styles: Element, language: Language) -> Element:
    """Adds the typography of `language` to the styles part `styles`. Modifies it; only the returned root may be used."""
    if language.is_chinese:
        _style_chinese(styles, language)
    if language.emphasis_mark:
        for properties in styles.iterfind(f"{qualify_name('w:style')}/{qualify_name('w:rPr')}"):
            if properties.find(qualify_name("w:i")) is not None:
                _replace_italics_with_emphasis_marks(properties, language.emphasis_mark)
    return _set_tabular_figures(styles)


def _set_tabular_figures(styles: Element) -> Element:
    """Moves the styles into a new root, and sets tabular figures in those of columns of figures ([MS-DOCX] 2.6.1.14,
    numSpacing). The new root declares the namespaces; lxml cannot add them to an existing element.
    """
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
        if name is None or name.get(qualify_name("w:val")) not in _TABULAR_FIGURE_STYLES:
            continue
        properties = style.find(qualify_name("w:rPr"))
        if properties is None:
            properties = word("rPr")
            before = _find_first_child(style, "tblPr", "trPr", "tcPr", "tblStylePr")
            style.append(properties) if before is None else before.addprevious(properties)
        etree.SubElement(properties, f"{{{_W14}}}numSpacing", {f"{{{_W14}}}val": "tabular"})
    return root


def _find_first_child(parent: Element, *tags: str) -> Element | None:
    """Returns the child with the first of `tags` that occurs, or None. In the schema, `tags` follow an element that is
    to be inserted before the child.
    """
    children = (parent.find(qualify_name(f"w:{tag}")) for tag in tags)
    return next((child for child in children if child is not None), None)


def set_line_break_rules(settings: Element, language: Language, units: Iterable[str]) -> None:
    """Sets the characters that may not end a line of Chinese, and those that may not start one: punctuation, and
    `units`, the Han characters after digits in the document's numbers.

    Word has no other way to keep a number and its unit together without changing the text.
    """
    if not language.is_chinese:
        return
    unit_characters = "".join(sorted(set(units)))
    for tag, characters in (("noLineBreaksAfter", _NOT_LAST), ("noLineBreaksBefore", _NOT_FIRST + unit_characters)):
        put_setting(settings, word(tag, lang=language.east_asian, val=characters))


def enable_hyphenation(settings: Element, language: Language) -> None:
    """Enables automatic hyphenation (17.15.1.10) in languages in Latin script, except in English, whose words are
    short.
    """
    if language.script == "Latn" and get_primary_language(language.tag) != "en":
        put_setting(settings, word("autoHyphenation", val="1"))
        # Words in capitals are usually abbreviations.
        put_setting(settings, word("doNotHyphenateCaps", val="1"))


def _style_chinese(styles: Element, language: Language) -> None:
    """Sets justification, line spacing, and the compression of punctuation at the start of a line."""
    for spacing in styles.iter(qualify_name("w:spacing")):
        line = spacing.get(qualify_name("w:line"))
        if line and spacing.get(qualify_name("w:lineRule")) == "exact":
            spacing.set(qualify_name("w:line"), str(round(int(line) * _LINE_SPACING_HAN)))
    for setting in styles.iter(qualify_name("w:topLinePunct")):
        setting.set(qualify_name("w:val"), "1")
    for style in styles.iter(qualify_name("w:style")):
        name_element = style.find(qualify_name("w:name"))
        name = None if name_element is None else name_element.get(qualify_name("w:val"))
        if name == "Body Text":
            for alignment in style.iter(qualify_name("w:jc")):
                alignment.set(qualify_name("w:val"), "both")
        properties = style.find(qualify_name("w:rPr"))
        if properties is None:
            continue
        if name == "Citation Mark":
            _set_latin_language(properties, language.latin)


def _set_latin_language(properties: Element, tag: str) -> None:
    """Sets the language of Latin text in run properties (17.3.2.20)."""
    existing = properties.find(qualify_name("w:lang"))
    if existing is not None:
        existing.set(qualify_name("w:val"), tag)
        return
    following = _find_first_child(properties, "eastAsianLayout", "specVanish", "oMath")
    language_element = word("lang", val=tag)
    properties.append(language_element) if following is None else following.addprevious(language_element)


def _replace_italics_with_emphasis_marks(properties: Element, mark: str) -> None:
    """Replaces italics in run properties with `mark`, a kind of East Asian emphasis marks (17.3.2.12)."""
    for tag in ("w:i", "w:iCs"):
        for italic in properties.findall(qualify_name(tag)):
            properties.remove(italic)
    emphasis = word("em", val=mark)
    following = _find_first_child(properties, "lang", "eastAsianLayout")
    if following is None:
        properties.append(emphasis)
    else:
        following.addprevious(emphasis)


def keep_with_citation(before: Element) -> list[Element]:
    """Prevents a line break between the Chinese run `before` and the citation after it, together with
    `prevent_break_before`. Moves its last two characters into a run of their own without an East Asian language.
    Returns the runs in order, of which `before` is one if text is left in it.

    LibreOffice breaks Chinese according to character lists of its own, which permit a break before a bracket. It breaks
    text without a language according to UAX 14, which respects the joiner before the bracket; for that, the two
    characters before the break must be without a language, too.
    """
    text_before = before.findtext(qualify_name("w:t"), "")
    if before.tag != qualify_name("w:r") or not _ENDS_IN_HAN.search(text_before):
        return [before]
    end = deepcopy(before)
    for run, part in ((before, text_before[:-2]), (end, text_before[-2:])):
        for text in run.findall(qualify_name("w:t")):
            text.text = part
            if part != part.strip():
                text.set(PRESERVE_SPACE, "preserve")
    _clear_east_asian_language(end)
    return [before, end] if text_before[:-2] else [end]


def allow_breaks_between_names(cells: Iterable[Element]) -> None:
    """Allows a break after each Chinese mark that a Latin letter follows. Modifies the runs.

    Without it, LibreOffice does not break a list of Latin names between them, but within the names.
    """
    for cell in cells:
        before = ""
        for text in cell.iter(qualify_name("w:t")):
            joined = before + (text.text or "")
            text.text = _BETWEEN_NAMES.sub(_BREAK, joined)[len(before) :]
            before = joined[-1:]


def prevent_break_before(runs: list[Element]) -> list[Element]:
    """Adds a joiner at the start of each run, so that no line starts with it. Modifies the runs and returns them."""
    for run in runs:
        text = run.find(qualify_name("w:t"))
        if text is not None:
            text.text = JOINER + (text.text or "")
        _clear_east_asian_language(run)
    return runs


def _clear_east_asian_language(run: Element) -> None:
    """Gives a run the East Asian language `x-none`, which means none (17.3.2.20)."""
    properties = require_run_properties(run)
    language = properties.find(qualify_name("w:lang"))
    if language is None:
        properties.append(word("lang", eastAsia="x-none"))
    else:
        language.set(qualify_name("w:eastAsia"), "x-none")
