"""Finds Han characters in a font for another region, whose glyphs look wrong to readers."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree

from brief.inspection.expected import ExpectedDocument
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.han import DENSE_CHARACTER
from brief.model.scripts import find_han_region, find_script
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant

WRONG_FACE = "wrong-face"
# Abbreviations of regions in the names of Han font families.
_REGION = re.compile(
    r"(?:CJK|Han|Sans|Serif|Mono|Song|Hei|Kai|Fang)[ _-]*(SC|TC|HK|JP|KR|CN|TW)(?![a-z])", re.IGNORECASE
)
# Families of operating systems whose names have no abbreviation of a region, by script.
_SYSTEM_FAMILIES: Mapping[str, re.Pattern[str]] = {
    "Hans": re.compile(
        r"YaHei|Sim(?:Sun|Hei|Kai)|NSimSun|FangSong|DengXian|ST(?:Song|Hei|Kaiti|Fangsong)", re.IGNORECASE
    ),
    "Hant": re.compile(r"JhengHei|MingLiU|DFKai|BiauKai|LiHei|LiSong", re.IGNORECASE),
}
_SCRIPTS: Mapping[str, str] = {
    "SC": "Hans",
    "CN": "Hans",
    "TC": "Hant",
    "TW": "Hant",
    "HK": "Hant-HK",
    "JP": "Jpan",
    "KR": "Kore",
}
_SCRIPT_NAMES: Mapping[str, str] = {
    "Hans": "Simplified Chinese",
    "Hant": "Traditional Chinese",
    "Hant-HK": "the Traditional Chinese of Hong Kong",
    "Jpan": "Japanese",
    "Kore": "Korean",
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_LANGUAGE = re.compile(r":lang\(\s*\"?([\w-]+)")
_ATTRIBUTE = re.compile(r"font-family\s*[=:]\s*[\"']?([^\"';}>]+)")
_FAMILIES = re.compile(r"font(?:-family)?\s*:\s*([^;]+)")
_PICTURE_TEXTS = frozenset(("text", "tspan", "textPath"))
_EAST_ASIAN_FACE = re.compile(rb'<w:rFonts [^>]*w:eastAsia="([^"]+)"')
_STYLES = "word/styles.xml"
_MAX_CHARACTERS = 8


def find_wrong_faces(
    artifact: Artifact, expected: ExpectedDocument, fonts: Iterable[tuple[str, frozenset[str]]]
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each font of a PDF that is for another script than the locale's and draws Han characters.

    `fonts` has the name and the characters of each font. A passage in another language may be drawn in a font for that
    language. For a locale that is not written in Han characters, no font is wrong.
    """
    own_script = _find_form(expected.variant.locale)
    if own_script not in _SCRIPT_NAMES:
        return
    passages = _collect_passages(expected)
    for name, characters in fonts:
        font_script = _find_script_of_font(name, own_script)
        if font_script is None or font_script == own_script:
            continue
        wrong_characters = sorted(
            each
            for each in characters - passages.get(font_script, frozenset())
            if len(each) == 1 and DENSE_CHARACTER.fullmatch(each)
        )
        if wrong_characters:
            quoted = "".join(wrong_characters[:_MAX_CHARACTERS]) + ("…" if wrong_characters[_MAX_CHARACTERS:] else "")
            yield _describe(artifact, name, font_script, f"draws '{quoted}'")


def find_wrong_styles(artifact: Artifact, variant: Variant) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each East Asian font in the styles of a Word document that is for another script than the
    locale's.
    """
    own_script = _find_form(variant.locale)
    if own_script not in _SCRIPT_NAMES:
        return
    with zipfile.ZipFile(artifact.content.open()) as archive:
        styles = archive.read(_STYLES) if _STYLES in archive.namelist() else b""
    for name in sorted({match.decode("utf-8", "replace") for match in _EAST_ASIAN_FACE.findall(styles)}):
        font_script = _find_script_of_font(name, own_script)
        if font_script is not None and font_script != own_script:
            yield _describe(artifact, name, font_script, "is the font of a style")


def find_wrong_families(artifact: Artifact, variant: Variant) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each font in the styles of a web page that is for another script than the locale's.

    In a list of families, only the first one for Han characters counts, because that one draws them. Rules whose
    selector has `:lang()` with a language of another script are not checked.
    """
    own_script = _find_form(variant.locale)
    if own_script not in _SCRIPT_NAMES:
        return
    page = artifact.data.decode("utf-8", "replace")
    lists = [f"font-family:{match[1]}" for match in _ATTRIBUTE.finditer(_STYLE.sub("", page))]
    for style in _STYLE.finditer(page):
        for selector, body in _RULE.findall(_COMMENT.sub("", style[1])):
            languages = _LANGUAGE.findall(selector)
            if "@font-face" not in selector and all(_find_form(language) == own_script for language in languages):
                lists += body.split(";")
    wrong_fonts = {}
    for families in dict.fromkeys(lists):
        scripts = (
            (name.strip(" \n\"'"), _find_script_of_font(name, own_script))
            for name in families.partition(":")[2].split(",")
        )
        name, font_script = next(((name, script) for name, script in scripts if script is not None), ("", own_script))
        if font_script != own_script:
            wrong_fonts[name] = font_script
    for name, font_script in sorted(wrong_fonts.items()):
        yield _describe(artifact, name, str(font_script), "is the font of a style")


def find_faces_of_picture(svg: bytes) -> dict[str, str]:
    """Maps the script of each font to the Han characters that it draws in an SVG picture.

    A text is drawn in the first font for Han characters that it names, or else in a Japanese one, which engines fall
    back to.
    """
    characters_by_script: dict[str, str] = {}
    _collect_faces(ElementTree.fromstring(svg), "Jpan", characters_by_script)  # noqa: S314  the picture has been rewritten
    return characters_by_script


def _collect_faces(element: ElementTree.Element, script: str, characters_by_script: dict[str, str]) -> None:
    declarations = [element.get("font-family", ""), *_FAMILIES.findall(element.get("style", ""))]
    if any(declarations):
        families = (_find_script_of_font(name) for name in ",".join(declarations).split(","))
        script = next((family for family in families if family is not None), "Jpan")
    texts = [element.text or "", *(child.tail or "" for child in element)]
    characters = "".join(DENSE_CHARACTER.findall("".join(texts)))
    if characters and element.tag.rpartition("}")[2] in _PICTURE_TEXTS:
        characters_by_script[script] = characters_by_script.get(script, "") + characters
    for child in element:
        _collect_faces(child, script, characters_by_script)


def describe_picture_faces(characters_by_script: Mapping[str, str], locale: str) -> str | None:
    """Describes, as a sentence, characters of a picture that a font for another script than the locale's draws.

    `characters_by_script` is the result of `find_faces_of_picture`. Only the first such script is described. Returns
    None if there is no such script, or if the locale is not written in Han characters.
    """
    own_script = _find_form(locale)
    wrong_characters = {
        script: drawn_characters
        for script, drawn_characters in characters_by_script.items()
        if own_script in _SCRIPT_NAMES and script != own_script
    }
    for script, drawn_characters in sorted(wrong_characters.items()):
        characters = sorted(set(drawn_characters))
        quoted = "".join(characters[:_MAX_CHARACTERS]) + ("…" if characters[_MAX_CHARACTERS:] else "")
        return f"a font for {_SCRIPT_NAMES[script]} draws '{quoted}' in '{locale}'"
    return None


def _find_form(tag: str) -> str | None:
    """Returns the form of Han characters that readers of a locale expect: its script, or `Hant-HK` in Hong Kong and Macao."""
    script = find_script(tag)
    return "Hant-HK" if script == "Hant" and find_han_region(tag) in ("HK", "MO") else script


def _find_script_of_font(name: str, own: str | None = None) -> str | None:
    """Returns the form (Hans, Hant, Hant-HK, Jpan, Kore) that a font is for; None if its name does not say.

    The fonts of operating systems for Traditional Chinese are for all regions, so they have the locale's `own` form.
    """
    match = _REGION.search(name)
    if match:
        return _SCRIPTS[match[1].upper()]
    script = next((script for script, pattern in _SYSTEM_FAMILIES.items() if pattern.search(name)), None)
    return own if script == "Hant" and own == "Hant-HK" else script


def _describe(artifact: Artifact, font: str, font_script: str, predicate: str) -> Diagnostic:
    message = (
        f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': "
        f"the font {font}, which is for {_SCRIPT_NAMES[font_script]}, {predicate}"
    )
    hint = (
        f"add a font for '{artifact.locale}' under 'faces' in set.yaml, and name no other font in its style sheets; if a picture"
        " has the words, name a font for the language in it, or convert its text to outlines"
    )
    return Diagnostic(WRONG_FACE, message, SourceLocation(artifact.name), hint)


def _collect_passages(expected: ExpectedDocument) -> dict[str, frozenset[str]]:
    """Collects the characters of passages in other languages, by the form of the language; "" if it has none."""
    characters_by_script: dict[str, set[str]] = {}
    for language, text in expected.marked_passages:
        characters_by_script.setdefault(_find_form(language) or "", set()).update(text)
    return {name: frozenset(characters) for name, characters in characters_by_script.items()}
