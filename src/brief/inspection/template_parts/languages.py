"""Finds passages that a file states to be in a language other than theirs: readers would see the wrong forms of characters,
and hear them in the wrong voice.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator

from brief.inspection.expected import ExpectedDocument
from brief.inspection.folding import squeeze
from brief.inspection.words.passages import PrintPosition
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.locale import get_primary_language
from brief.model.scripts import find_han_region, find_script
from brief.model.source_location import SourceLocation

_CODE = "document-language"
# What Word writes, and BCP 47 has, for text in no language.
_UNDETERMINED = ("x-none", "und", "zxx", "mul")
# Fewer letters are in texts of every language.
_MIN_LETTERS = 6
_MAX_REPORTED = 3
_QUOTED_LENGTH = 40
_EAST_ASIAN = re.compile(rb'<w:lang\b[^>]*w:eastAsia="([^"]+)"')
_WORD_PARTS = ("word/document.xml", "word/styles.xml")

# A language, its script, and the region whose forms of Han characters it is printed with.
Language = tuple[str, str | None, str | None]


def inspect_page_languages(
    artifact: Artifact, expected: ExpectedDocument, passages: Iterable[tuple[str, str]]
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each element of a page with words of the variant, and a language that is not theirs.

    `passages` has (language, text) of each element that states a language. The language of a passage is that which the
    content marks, otherwise the locale's.
    """
    own = identify(expected.variant.locale)
    others = [(tag, squeeze(text), text) for tag, text in passages if identify(tag) != own]
    if not others:
        return
    marked: dict[Language, str] = {}
    for tag, text in expected.marked_passages:
        marked[identify(tag)] = marked.get(identify(tag), "") + squeeze(text)
    texts = [each.letters for each in expected.pieces if each.passage.position is not PrintPosition.ANYWHERE]
    reported = 0
    for tag, letters, text in others:
        if len(letters) < _MIN_LETTERS or letters in marked.get(identify(tag), ""):
            continue
        is_own_text = any(letters in each or (len(each) >= _MIN_LETTERS and each in letters) for each in texts)
        if is_own_text and reported < _MAX_REPORTED:
            reported += 1
            words = " ".join(text.split())
            quoted = words if len(words) <= _QUOTED_LENGTH else f"{words[: _QUOTED_LENGTH - 1].rstrip()}…"
            yield _describe(artifact, f"the words '{quoted}' have the language '{tag}', which is not theirs")


def inspect_stated_languages(
    artifact: Artifact, expected: ExpectedDocument, tags: Iterable[str]
) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each language in the structure of a file which neither the locale nor the content has."""
    known = {identify(expected.variant.locale), *(identify(tag) for tag, _ in expected.marked_passages)}
    for tag in sorted({*tags}):
        if tag and tag.lower() not in _UNDETERMINED and identify(tag) not in known:
            yield _describe(artifact, f"passages have the language '{tag}', which no text of the variant has")


def inspect_word_languages(artifact: Artifact, expected: ExpectedDocument) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each East Asian language of a Word document in which it has no text, for a locale with Han
    characters.
    """
    if find_han_region(expected.variant.locale) is None:
        return
    with zipfile.ZipFile(artifact.content.open()) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name in _WORD_PARTS]
    tags = {tag.decode("utf-8", "replace") for part in parts for tag in _EAST_ASIAN.findall(part)}
    yield from inspect_stated_languages(artifact, expected, tags)


def identify(tag: str) -> Language:
    """Returns what readers see and hear of a language: its script, forms of Han characters and voice."""
    script = find_script(tag)
    region = find_han_region(tag) if script in ("Hans", "Hant", "Jpan", "Kore") else None
    # Macao has the forms of Hong Kong; Singapore and Malaysia have those of the mainland.
    region = {"MO": "HK", "SG": "CN", "MY": "CN"}.get(region or "", region)
    return get_primary_language(tag), script, region


def _describe(artifact: Artifact, state: str) -> Diagnostic:
    message = f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': {state}"
    hint = "write no other language than {{ locale }} and {{ run.language }} in the templates and reference.docx"
    return Diagnostic(_CODE, message, SourceLocation(artifact.name), hint)
