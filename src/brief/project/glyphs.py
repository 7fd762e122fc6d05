"""Reports characters for which no font of a locale has a glyph, for all formats."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from brief.fonts import coverage
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.inline import Code, ShiftedText, Text
from brief.model.source_location import SourceLocation
from brief.model.text import Phrase
from brief.reading.text_file import find_suspects, make_text_file
from brief.resolve import terms, walk
from brief.resolve.checks.clean_texts import CleanRule, CleanTexts
from brief.templating.template_set import TemplateSet


def find_missing_glyphs(
    root: Path,
    brief: Brief,
    sets_and_locales: Iterable[tuple[TemplateSet, Iterable[str]]],
    clean: CleanTexts,
    machine: str,
) -> Iterator[Diagnostic]:
    """Yields a warning for each character in the texts of the brief that would print as an empty box. Words and code are
    checked with the families that print them.

    `sets_and_locales` has each template set with the locales to check. A locale whose fonts are not all installed is
    skipped. `machine` is the digest of the fonts. Characters without findings are added to `clean`, and not checked
    again.
    """
    texts = tuple(walk.walk_printed_texts(brief))
    texts_by_locale: dict[str, tuple[list[tuple[Phrase, str]], list[tuple[Phrase, str]]]] = {}
    for template_set, locales in sets_and_locales:
        for locale in locales:
            if locale not in texts_by_locale:
                phrases = [phrase for text in texts if (phrase := text.find_phrase(locale)) is not None]
                words = [(phrase, terms.extract_typed_text(phrase.runs, (Text, ShiftedText))) for phrase in phrases]
                code = [
                    (phrase, text)
                    for phrase in phrases
                    if (text := terms.extract_typed_text(phrase.runs, (Code,)).strip())
                ]
                texts_by_locale[locale] = words, code
            if template_set.look.has_faces_for(locale):
                faces = template_set.look.find_faces(locale)
                words, code = texts_by_locale[locale]
                for kind, phrases_with_text, families in (
                    ("", words, faces.text_families),
                    ("code in ", code, faces.code_families),
                ):
                    rule = clean.for_rule("glyphs", machine, kind, repr(families))
                    for clusters, phrase in _find_missing(phrases_with_text, families, rule):
                        yield from _report_missing(clusters, phrase, f"{kind}'{locale}'", root)


def _find_missing(
    texts: list[tuple[Phrase, str]], families: tuple[str, ...], rule: CleanRule
) -> Iterator[tuple[list[str], Phrase]]:
    """Yields the characters of each phrase that none of the families can draw, with the phrase.

    `texts` has the text to check of each phrase. Characters without findings are added to `rule`. Yields nothing if not all
    families are installed.
    """
    # Opening fonts is slow, and an edit rarely brings a character that no other text has.
    clusters = coverage.list_drawn("\n".join(text for _, text in texts))
    unknown = {each for each in clusters if not rule.recall(each)}
    if not unknown or not coverage.can_open_fonts(families):
        return
    missing = set(coverage.find_missing_characters("\n".join(unknown), families))
    for each in unknown - missing:
        rule.add(each)
    for phrase, text in texts if missing else ():
        if missing_here := [each for each in coverage.list_drawn(text) if each in missing]:
            yield missing_here, phrase


def _report_missing(missing: Iterable[str], phrase: Phrase, purpose: str, root: Path) -> Iterator[Diagnostic]:
    for cluster in missing:
        # The reader has reported private-use and other suspect characters already.
        if not find_suspects(cluster):
            codes = " ".join(f"U+{ord(character):04X}" for character in cluster)
            message = f"no font for {purpose} has {codes} '{cluster}'"
            location = _locate_character(root, phrase, cluster)
            yield Diagnostic("missing-glyph", message, location, coverage.suggest_font(cluster), Severity.WARNING)


def _locate_character(root: Path, phrase: Phrase, cluster: str) -> SourceLocation:
    """Returns the location of the character in the file; that of the phrase if it is an escape or the file cannot be
    read.
    """
    try:
        file = make_text_file(phrase.location.file, (root / phrase.location.file).read_text("utf-8-sig"))
    except OSError:
        return phrase.location  # a project outlives the files that it was loaded from
    offset = file.text.find(cluster, file.find_offset(phrase.location))
    return file.locate(offset) if offset >= 0 else phrase.location
