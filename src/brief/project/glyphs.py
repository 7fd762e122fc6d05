"""Reports characters for which no font of a locale has a glyph, for all formats."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from brief.fonts import coverage
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.model.text import Phrase
from brief.reading.text_file import find_suspects, make_text_file
from brief.resolve import terms, walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.templating.template_set import TemplateSet


def find_missing_glyphs(
    root: Path,
    brief: Brief,
    sets_and_locales: Iterable[tuple[TemplateSet, Iterable[str]]],
    clean: CleanTexts,
    machine: str,
) -> Iterator[Diagnostic]:
    """Yields a warning for each character in the texts of the brief that would print as an empty box.

    `sets_and_locales` has each template set with the locales to check. A locale whose fonts are not all installed is
    skipped. `machine` is the digest of the fonts. Characters without findings are added to `clean`, and not checked
    again.
    """
    texts = tuple(walk.walk_printed_texts(brief))
    texts_by_locale: dict[str, list[tuple[Phrase, str]]] = {}
    for template_set, locales in sets_and_locales:
        for locale in locales:
            if locale not in texts_by_locale:
                phrases = [phrase for text in texts if (phrase := text.find_phrase(locale)) is not None]
                texts_by_locale[locale] = [(phrase, terms.extract_typed_text(phrase.runs)) for phrase in phrases]
            if template_set.look.has_faces_for(locale):
                faces = template_set.look.find_faces(locale)
                rule = clean.for_rule("glyphs", machine, repr(faces))
                # Opening fonts is slow, and an edit rarely brings a character that no other text has.
                clusters = coverage.list_drawn("\n".join(text for _, text in texts_by_locale[locale]))
                unknown = {each for each in clusters if not rule.recall(each)}
                if not unknown or not coverage.is_complete(faces):
                    continue
                missing = set(coverage.find_missing_characters("\n".join(unknown), faces))
                for each in unknown - missing:
                    rule.add(each)
                for phrase, text in texts_by_locale[locale] if missing else ():
                    if missing_here := [each for each in coverage.list_drawn(text) if each in missing]:
                        yield from _report_missing(missing_here, phrase, locale, root)


def _report_missing(missing: Iterable[str], phrase: Phrase, locale: str, root: Path) -> Iterator[Diagnostic]:
    for cluster in missing:
        # The reader has reported private-use and other suspect characters already.
        if not find_suspects(cluster):
            codes = " ".join(f"U+{ord(character):04X}" for character in cluster)
            message = f"no font for '{locale}' has {codes} '{cluster}'"
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
