"""Checks the translations in a PO or XLIFF file: assigns each to its text, or reports what is wrong with it."""

import unicodedata
from collections.abc import Container, Mapping
from dataclasses import replace

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.inline import Text
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import Phrase
from brief.model.translation import TranslatableText
from brief.reading.po_file import PoEntry, PoFile
from brief.reading.text_file import LINE_SEPARATORS, TextFile, find_suspects, is_blank, report_suspect
from brief.reading.texts.markup import Locate
from brief.reading.texts.prose import read_phrase
from brief.resolve.checks.parity import describe_mismatch
from brief.resolve.checks.wording import check_phrase
from brief.resolve.figures.locale_data import add_likely_subtags
from brief.translate.state import fold_lines, get_stripped_text

# Texts of Vega-Lite specifications have no markup.
_SPECIFICATIONS = "vega/"
# Texts of sources and claims may quote misprints in order to correct them.
_SOURCES_AND_CLAIMS = ("source/", "claim/")
# Codes of diagnostics that are warnings in content, but errors in an imported translation.
_ERRORS_ON_IMPORT = ("wrong-script",)


class _EveryName(Container[str]):
    """Contains every name, so that unknown references are compared like known ones.

    If the source text has the unknown reference too, `brief check` reports it there; otherwise it is a mismatch.
    """

    def __contains__(self, name: object) -> bool:
        return True


_ALL = _EveryName()


@dataclass(frozen=True, slots=True)
class IncomingTranslation:
    """The imported translation of a text, as it will be written: `words`. `is_changed` says whether it differs from the
    current translation; `location` is that of its entry in the file.
    """

    text: TranslatableText
    words: str
    is_changed: bool
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The content of a file: translations, changed or not, fuzzy entries, which are not imported, and the number of
    entries without a translation. `locale` is empty if it is unknown.
    """

    locale: str
    incoming: tuple[IncomingTranslation, ...]
    fuzzy: tuple[PoEntry, ...]
    untranslated: int


def import_translations(
    po: PoFile, brief: Brief, texts: Mapping[str, TranslatableText], sink: DiagnosticSink
) -> ImportResult:
    """Checks each entry against the brief, in which `texts` are the translatable texts by id. If the sink has an error
    afterwards, the caller must write nothing.
    """
    locale = _find_locale(po, brief, sink)
    importer = _PoImporter(po.file, brief, texts, locale, sink)
    fuzzy, incoming, untranslated = [], [], 0
    for entry in po.entries:
        if is_blank(entry.translation):
            untranslated += 1
        elif entry.is_fuzzy:
            fuzzy.append(entry)
        elif (translation := importer.import_entry(entry)) is not None:
            incoming.append(translation)
    return ImportResult(locale, tuple(incoming), tuple(fuzzy), untranslated)


def _find_locale(po: PoFile, brief: Brief, sink: DiagnosticSink) -> str:
    """Returns the target locale of the brief that the header names; the header may have an equivalent tag (`zh-TW` for
    `zh-Hant`).

    Reports an error and returns "" if no target locale matches, or several do.
    """
    source = str(brief.settings.source_locale)
    targets = [tag for tag in brief.locales if tag != source]
    matching = [tag for tag in targets if tag == po.locale] or [
        tag for tag in targets if po.locale and add_likely_subtags(tag) == add_likely_subtags(po.locale)
    ]
    if len(matching) == 1:
        return matching[0]
    position = po.file.text.find('"Language:')
    location = po.file.locate(position) if position >= 0 else SourceLocation(po.file.name, 1, 1)
    language = f"'{po.locale}', which is not a target locale" if po.locale else "no language"
    sink.add_error("unknown-locale", location, f"the header names {language}", suggest_name(po.locale, targets))
    return ""


class _PoImporter:
    def __init__(
        self, file: TextFile, brief: Brief, texts: Mapping[str, TranslatableText], locale: str, sink: DiagnosticSink
    ) -> None:
        self.file = file
        self.brief = brief
        self.texts = texts
        self.locale = locale
        self.sink = sink
        self.source_locale = str(brief.settings.source_locale)
        self.seen: dict[str, SourceLocation] = {}

    def import_entry(self, entry: PoEntry) -> IncomingTranslation | None:
        """Checks an entry with a translation; reports an error and returns None if it belongs to no text, is a duplicate,
        or translates an old source text.
        """
        text = self.texts.get(entry.context)
        if text is None:
            if entry.context:
                message, hint = f"there is no text '{entry.context}'", suggest_name(entry.context, self.texts)
            else:
                message, hint = "the entry does not say which text it translates", "export again; keep each msgctxt"
            self.sink.add_error("unknown-text", entry.location, message, hint)
            return None
        if text.id in self.seen:
            message = f"'{text.id}' is translated twice in this file"
            self.sink.add_error("duplicate-entry", entry.location, message, "remove one", related=self.seen[text.id])
            return None
        self.seen[text.id] = entry.location
        source = get_stripped_text(text, self.source_locale)
        if fold_lines(entry.source) != fold_lines(source):
            location = text.text.phrases[self.source_locale].location if source else text.text.location
            message = f"the source text of '{text.id}' has changed since the export"
            self.sink.add_error(
                "stale-translation", entry.location, message, "export again, and translate the new text", location
            )
            return None
        translation = _normalise_translation(entry.translation)
        is_changed = translation != get_stripped_text(text, self.locale)
        if is_changed and self.locale:
            self.check(entry, source, translation)
        return IncomingTranslation(text, translation, is_changed, entry.location)

    def check(self, entry: PoEntry, source: str, translation: str) -> None:
        """Reports what `brief check` would report about the translation, at its location in the imported file."""
        for character in dict.fromkeys(find_suspects(translation)):
            # A character that the file contains unescaped was already reported when the file was read.
            if character not in self.file.text:
                report_suspect(character, entry.location, self.sink)
        kind = type(self.texts[entry.context].text)
        if entry.context.startswith(_SPECIFICATIONS):
            phrase = Phrase(translation, (Text(translation),), entry.location)
            self.check_wording(entry, phrase)
            return

        def make_locate() -> Locate:
            # Only the entries of PO files have a range in which pieces of the text can be located.
            if entry.end > entry.start:
                return self.file.make_locator(entry.start, entry.location, entry.end)
            return lambda _: entry.location

        phrase = read_phrase(kind, translation, entry.location, make_locate, self.sink)
        # This sink is discarded, because `brief check` reports the problems of the source text.
        original = read_phrase(kind, source, entry.location, lambda: lambda _: entry.location, DiagnosticSink())
        mismatch = describe_mismatch(original, phrase, _ALL, _ALL)
        if mismatch:
            message = f"compared with the '{self.source_locale}' text, the '{self.locale}' text {mismatch}"
            self.sink.add_error(
                "reference-mismatch",
                entry.location,
                message,
                "use the same placeholders and citations as the source text",
            )
        self.check_wording(entry, phrase)

    def check_wording(self, entry: PoEntry, phrase: Phrase) -> None:
        for diagnostic in check_phrase(
            self.brief, self.locale, phrase, may_quote=entry.context.startswith(_SOURCES_AND_CLAIMS)
        ):
            self.sink.found.append(_escalate(diagnostic) if diagnostic.code in _ERRORS_ON_IMPORT else diagnostic)


def _escalate(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, severity=Severity.ERROR)


def _normalise_translation(text: str) -> str:
    """Returns the translation as it will be when `brief` reads it from the content: in NFC, with line feeds only, and
    without surrounding space.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_SEPARATORS)
    return unicodedata.normalize("NFC", lines).strip()
