"""Finds the styles of a Word document that hide the words for which they are used."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.source_location import SourceLocation

_MAIN = "word/document.xml"
_STYLES = "word/styles.xml"
_STYLE = re.compile(r'<w:style\b([^>]*)w:styleId="([^"]*)"([^>]*)>(.*?)</w:style>', re.DOTALL)
_BASED_ON = re.compile(r'<w:basedOn w:val="([^"]*)"')
_DEFAULTS = re.compile(r"<w:docDefaults>.*?</w:docDefaults>", re.DOTALL)
_IS_DEFAULT = re.compile(r'w:default="(?:1|true|on)"')
_USED = re.compile(r'<w:[pr]Style w:val="([^"]*)"')
# ECMA-376 part 1: 17.3.2.41 (vanish), 17.3.2.6 (color), 17.3.2.38 (sz, in half points) and 17.3.1.31 (shd).
_HIDDEN = re.compile(r'<w:vanish(?:\s+w:val="([^"]*)")?\s*/>')
_COLOUR = re.compile(r'<w:color\b[^>]*w:val="([^"]*)"')
_SIZE = re.compile(r'<w:sz\b[^>]*w:val="([0-9]+)"')
_SHADING = re.compile(r'<w:shd\b[^>]*w:fill="([^"]*)"')
_WHITE = re.compile("F[CDEF]F[CDEF]F[CDEF]", re.IGNORECASE)
_OFF = ("0", "false", "off")
# Half points that no one can read.
_SMALLEST = 3
_MAX_DEPTH = 20


class _Style(NamedTuple):
    """What a style writes, and the id of the style that it is based on."""

    rules: str
    based_on: str


def find_hiding_styles(artifact: Artifact, archive: zipfile.ZipFile) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each style in use whose words are hidden, white on no shading, or too small to be seen."""
    names = {*archive.namelist()}
    if not names >= {_STYLES, _MAIN}:
        return
    written = archive.read(_STYLES).decode("utf-8", "replace")
    main = archive.read(_MAIN).decode("utf-8", "replace")
    faults = _find_faults(written)
    for name in sorted({"", *_USED.findall(main)} & faults.keys()) if faults else ():
        state, hint = faults[name]
        message = (
            f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': "
            f"the style '{unescape(name) or 'of ordinary text'}' {state}"
        )
        yield Diagnostic("missing-words", message, SourceLocation(artifact.name), hint)


# Documents of one locale have the same styles.
@lru_cache(maxsize=32)
def _find_faults(written: str) -> Mapping[str, tuple[str, str]]:
    """Returns what hides the words of styles, and how to correct it, by the id of the style; "" is that of text without one."""
    styles: dict[str, _Style] = {}
    defaults = _DEFAULTS.search(written)
    ordinary = ""
    for before, name, after, rules in _STYLE.findall(written):
        based_on = _BASED_ON.search(rules)
        styles[name] = _Style(rules, based_on[1] if based_on else "")
        if _IS_DEFAULT.search(before + after) and 'w:type="paragraph"' in before + after:
            ordinary = name
    found = ((name, _find_fault(name, styles, defaults[0] if defaults else "")) for name in styles)
    faults = {name: fault for name, fault in found if fault is not None}
    return {**faults, "": faults[ordinary]} if ordinary in faults else faults


def _find_fault(name: str, styles: Mapping[str, _Style], defaults: str) -> tuple[str, str] | None:
    """Returns what hides the words of a style, and how to correct it; None if nothing does."""
    chain: list[str] = []
    while name in styles and len(chain) < _MAX_DEPTH:
        chain.append(styles[name].rules)
        name = styles[name].based_on
    chain.append(defaults)
    hidden = _find_first(_HIDDEN, chain)
    if hidden is not None and hidden not in _OFF:
        return "hides its words", "remove 'Hidden' from the font of the style in reference.docx"
    if (size := _find_first(_SIZE, chain)) is not None and int(size) <= _SMALLEST:
        return f"has words of {int(size) / 2:g} points", "set the size of the style in reference.docx"
    if _WHITE.fullmatch(_find_first(_COLOUR, chain) or "") and _find_first(_SHADING, chain) in (None, "auto", "FFFFFF"):
        return "has white words on no shading", "set the colour or the shading of the style in reference.docx"
    return None


def _find_first(pattern: re.Pattern[str], chain: list[str]) -> str | None:
    """Returns the value of a property in the first of the texts that has it; empty if it has no value."""
    return next((match[1] or "" for text in chain if (match := pattern.search(text))), None)
