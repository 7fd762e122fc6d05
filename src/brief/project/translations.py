"""Translations of a project: their states, export to translators, and import into the files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from brief.build.plan import choose_names
from brief.inspection.leaks import WITHHELD_TEXT
from brief.model.access import Clearance
from brief.model.brief import Brief, Glossary
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, RequestError, Severity, has_errors
from brief.model.record import dataclass
from brief.model.scripts import find_parent_locale
from brief.model.translation import (
    GATED_STATES,
    MadeFrom,
    Origin,
    TranslatableText,
    Translation,
    TranslationRecord,
    TranslationState,
)
from brief.project.earlier_sources import find_earlier_sources
from brief.project.file_changes import read_present, replace_files
from brief.project.import_checks import check_result
from brief.publish.journal import recover
from brief.reading import text_file
from brief.reading.layout import SETTINGS, TRANSLATIONS, VEGA
from brief.reading.po_file import read_po
from brief.reading.project_files import read_project
from brief.reading.reading_cache import ReadingCache
from brief.reading.rewriting import Rewrite, UnwritableError, rewrite_file
from brief.reading.vega.localised_words import rewrite_specification
from brief.reading.xliff_file import read_xliff
from brief.translate import lockfile, po_export, tbx_export, xliff_export
from brief.translate.context import Contexts, list_cleared_texts
from brief.translate.file_formats import TranslationFormat, find_translation_format
from brief.translate.po_import import ImportResult, IncomingTranslation, import_translations
from brief.translate.state import assess_translations, collect_translatable, digest_source, get_stripped_text

# An import adds missing texts, so they must not prevent it; interface words are in another file.
_FIXED_BY_IMPORT = ("missing-translation", "missing-catalogue", "missing-message")
_FUZZY = "fuzzy-translation"
# For each format, how an entry says that its translation must be reviewed, and how to import it after the review.
_REVIEW: Mapping[TranslationFormat, tuple[str, str]] = {
    TranslationFormat.PO: ("marked fuzzy", "review it, clear the fuzzy flag in your editor, and import again"),
    TranslationFormat.XLIFF: (
        "not marked as translated",
        "review it, set its state to 'translated' and remove any subState, and import again",
    ),
}


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of an import.

    - `written`: the texts that were written; `unchanged`: those whose translation was already the same.
    - `untranslated` and `fuzzy`: the numbers of entries that were skipped, without a translation or to be reviewed.
    - `diagnostics`: warnings about the words, and a note for each entry that must be reviewed.
    """

    locale: str
    written: tuple[TranslatableText, ...]
    unchanged: tuple[TranslatableText, ...]
    untranslated: int
    fuzzy: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Translations:
    """The translatable texts of a project, keyed by id, and the record of their translations.

    `files` has the bytes from which the texts were read; files that change on disk afterwards are not overwritten.
    """

    root: Path
    brief: Brief
    texts: Mapping[str, TranslatableText]
    record: TranslationRecord
    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def load(cls, root: str | Path = ".") -> "Translations":
        """Reads the project in the folder `root`. Missing translations and missing interface words are not reported here.

        Raises:
            ContentError: reading the project has errors, so some texts may be unknown, or two texts have the same id.
            MachineError: an earlier import was interrupted, and can be neither finished nor undone.
        """
        folder = Path(root)
        recover(folder)
        sink, cache = DiagnosticSink(), ReadingCache()
        reading = read_project(folder, cache)
        record = lockfile.read_lockfile(folder, sink)
        diagnostics = [d for d in (*reading.diagnostics, *sink.found) if d.code not in _FIXED_BY_IMPORT]
        if reading.brief is None or has_errors(diagnostics):
            raise ContentError(diagnostics)
        texts, duplicates = collect_translatable(reading.brief)
        if duplicates:
            raise ContentError(duplicates)
        files = {name: known.data for (name, _), known in cache.items()}
        specifications = (f"{VEGA}/{name}" for name in reading.brief.specifications)
        files |= {name: read_present(folder / name) for name in (SETTINGS, TRANSLATIONS, *specifications)}
        return cls(folder, reading.brief, texts, record, files)

    @property
    def source_locale(self) -> str:
        return str(self.brief.settings.source_locale)

    def assess(self, locales: Sequence[str] = ()) -> tuple[Translation, ...]:
        """Returns the state of each text in the given locales; without locales, in all.

        Raises:
            RequestError: the brief has no such locale.
        """
        requested = choose_names("locale", tuple(locales), self.brief.locales)
        return tuple(assess_translations(self.texts.values(), requested, self.source_locale, self.record))

    def list_to_translate(
        self, locale: str, *, everything: bool = False, clearance: Clearance | None = None
    ) -> list[Translation]:
        """Returns the texts to translate into the locale: missing, stale, derived and drafted texts or, with
        `everything`, all texts.

        With a `clearance`, texts above it are left out.

        Raises:
            RequestError: the brief has no such locale, or it is that of the source texts.
        """
        self.require_target(locale)
        cleared = list_cleared_texts(self.brief, clearance) if clearance is not None else None
        return [
            translation
            for translation in self.assess((locale,))
            if get_stripped_text(translation.text, self.source_locale)
            and (everything or translation.state in GATED_STATES)
            and (cleared is None or translation.text.text.location in cleared)
        ]

    def export(
        self,
        locale: str,
        *,
        everything: bool = False,
        file_format: TranslationFormat = TranslationFormat.PO,
        clearance: Clearance | None = None,
    ) -> tuple[bytes, int]:
        """Makes a file of the texts to translate into the locale or, with `everything`, of all texts.

        Returns the bytes of the file and the number of texts. With a `clearance`, neither texts nor notes reveal
        anything above it.

        Raises:
            RequestError: the brief has no such locale, or it is that of the source texts.
        """
        selected = self.list_to_translate(locale, everything=everything, clearance=clearance)
        stale = {
            translation.text.id: self.record[translation.text.id][locale].digest
            for translation in selected
            if translation.state is TranslationState.STALE
        }
        write = po_export.export_po if file_format is TranslationFormat.PO else xliff_export.export_xliff
        contexts = Contexts(self.brief, locale, clearance)
        # An earlier source text may contain words that were removed because they are confidential.
        earlier = find_earlier_sources(self.root, stale) if clearance is None else {}
        return write(self.brief, contexts, selected, earlier), len(selected)

    def accept(self, locales: Sequence[str] = (), ids: Sequence[str] = ()) -> tuple[Translation, ...]:
        """Records that translations match the current source texts; returns those that were not accepted before.

        An id selects a text, or all texts below it ("block/costs"). Without ids, all translations are accepted; without
        locales, those of all locales. Entries of the record for texts that no longer exist are removed.

        Raises:
            RequestError: the brief has no such locale or text.
            MachineError: the record cannot be written.
            OutputLockedError: another process is writing translations of this project.
        """
        accepted = [
            translation
            for translation in self.select_below(ids, *locales)
            if translation.state not in (TranslationState.MISSING, TranslationState.CURRENT)
        ]
        tags = ((each.text, each.text.text.find_source_tag(each.locale) or each.locale) for each in accepted)
        record = self._update_record(tags)
        self._replace({}, record)
        return tuple(accepted)

    def import_file(self, path: str | Path) -> ImportSummary:
        """Writes the translations of a PO or XLIFF file to the content and accepts them; all of them, or none.

        Raises:
            RequestError: the file's name does not have the suffix of a supported format.
            ContentError: an entry has errors, or would cause errors in the content; lists all, each located in the file.
            MachineError: a file cannot be read or written, or has changed meanwhile.
            OutputLockedError: another process is writing translations of this project.
        """
        sink = DiagnosticSink()
        result = self._read_import(Path(path), sink)
        if result is None:
            raise ContentError(sink.found)
        changed = [incoming for incoming in result.incoming if incoming.is_changed]
        if has_errors(sink.found):
            raise ContentError((*sink.found, *self._find_other_errors(result.locale, changed, sink.found)))
        contents = self._rewrite_files(changed, result.locale)
        new_warnings = check_result(self.root, self.brief, contents, changed, result.locale)
        known = {(each.code, each.location.line) for each in sink.found}
        warnings = [each for each in new_warnings if (each.code, each.location.line) not in known]
        record = self._update_record((incoming.text, result.locale) for incoming in result.incoming)
        self._replace(contents, record)
        mark, hint = _REVIEW[find_translation_format(Path(path))]
        notes = [
            Diagnostic(_FUZZY, f"'{entry.context}' is {mark} and was skipped", entry.location, hint, Severity.NOTE)
            for entry in result.fuzzy
        ]
        return ImportSummary(
            result.locale,
            tuple(incoming.text for incoming in changed),
            tuple(incoming.text for incoming in result.incoming if not incoming.is_changed),
            result.untranslated,
            len(notes),
            (*sink.found, *warnings, *notes),
        )

    def _find_other_errors(
        self, locale: str, changed: Sequence[IncomingTranslation], found: Sequence[Diagnostic]
    ) -> Iterator[Diagnostic]:
        """Yields the errors that the content would have after the import, apart from those already `found` in entries."""
        if not locale:
            return
        error_locations = {each.location for each in found if each.severity is Severity.ERROR}
        try:
            check_result(self.root, self.brief, self._rewrite_files(changed, locale), changed, locale)
        except ContentError as error:
            # The brief would have the errors of an entry too.
            yield from (
                each for each in error.diagnostics if each.code == WITHHELD_TEXT or each.location not in error_locations
            )

    def export_glossary(self, locale: str | None = None, clearance: Clearance | None = None) -> tuple[bytes, int]:
        """Makes a TBX file of the glossary in the source locale and the given locale; None means all locales.

        Returns the bytes of the file and the number of terms. With a `clearance`, terms above it are left out.

        Raises:
            RequestError: the brief has no such locale.
        """
        locales = choose_names("locale", (self.source_locale, locale) if locale else (), self.brief.locales)
        terms = self.brief.glossary.terms
        if clearance is not None:
            terms = tuple(term for term in terms if term.clearance <= clearance)
        brief = replace(self.brief, glossary=Glossary(terms=terms))
        return tbx_export.export_tbx(brief, locales), len(terms)

    def select_below(self, ids: Sequence[str], *locales: str) -> tuple[Translation, ...]:
        """Returns the states in the locales of the texts with these ids or below them.

        Without ids, all texts are selected; without locales, all locales.

        Raises:
            RequestError: the brief has no such locale or text.
        """
        for name in ids:
            if not any(_is_below(text, name) for text in self.texts):
                raise RequestError(f"there is no text '{name}': {suggest_name(name, self.texts)}")
        translations = self.assess(locales)
        return tuple(each for each in translations if not ids or any(_is_below(each.text.id, name) for name in ids))

    def write_machine_translations(
        self, texts: Sequence[IncomingTranslation], locale: str, digests: Mapping[str, str], origin: Origin
    ) -> None:
        """Writes machine translations, and records that they are not accepted; all of them, or none.

        `digests` maps the id of each text to the digest of its source text.

        Raises:
            ContentError: a text cannot be written where it belongs.
            MachineError: a file cannot be read or written, or was changed meanwhile.
            OutputLockedError: another process is writing translations of this project.
        """
        record = {name: dict(entries) for name, entries in self._update_record(()).items()}
        for incoming in texts:
            record.setdefault(incoming.text.id, {})[locale] = MadeFrom(digests[incoming.text.id], origin)
        self._replace(self._rewrite_files(texts, locale), record)

    def require_target(self, locale: str) -> None:
        """Checks that the brief is translated into the locale; raises RequestError if it is not."""
        choose_names("locale", (locale,), self.brief.locales)
        if locale == self.source_locale:
            raise RequestError(f"{locale} is the locale of the source texts: nothing is translated into it")

    def _read_import(self, path: Path, sink: DiagnosticSink) -> ImportResult | None:
        try:
            with path.open("rb") as stream:
                data = stream.read(text_file.MAX_BYTES + 1)
        except OSError as problem:
            raise MachineError(f"cannot read {path}: {problem.strerror or problem}") from problem
        file = text_file.decode_text(path.as_posix(), data, sink)
        read_catalogue = read_po if find_translation_format(path) is TranslationFormat.PO else read_xliff
        catalogue = read_catalogue(file, sink) if file else None
        return import_translations(catalogue, self.brief, self.texts, sink) if catalogue else None

    def _rewrite_files(self, changed: Iterable[IncomingTranslation], locale: str) -> dict[str, tuple[bytes, bytes]]:
        """Returns the old and new bytes of each content file that changes, by its path.

        Raises:
            ContentError: a text shares its YAML with another text.
        """
        earlier_locales = self.brief.locales[: self.brief.locales.index(locale)]
        by_file: dict[str, list[Rewrite]] = {}
        for incoming in changed:
            location = incoming.text.text.location
            by_file.setdefault(location.file, []).append(Rewrite(location, locale, incoming.words, earlier_locales))
        contents, sink = {}, DiagnosticSink()
        for name, rewrites in by_file.items():
            old = self.files[name]
            try:
                write = rewrite_specification if name.startswith(f"{VEGA}/") else rewrite_file
                contents[name] = old, write(name, old, rewrites)
            except UnwritableError as problem:
                message = f"the '{locale}' text shares its YAML with another text"
                hint = "replace the alias ('*name') with the text; if there is no alias, edit the file by hand"
                for rewrite in problem.rewrites:
                    sink.add_error("unwritable-text", rewrite.location, message, hint)
        if sink.found:
            raise ContentError(sink.found)
        return contents

    def _update_record(self, accepted: Iterable[tuple[TranslatableText, str]]) -> TranslationRecord:
        """Returns the record with these translations (a text and a locale each) as accepted.

        Entries for texts and locales that the project does not have are left out.
        """
        known_locales = {*self.brief.locales, *map(find_parent_locale, self.brief.locales)}
        record = {
            name: {tag: made_from for tag, made_from in entries.items() if tag in known_locales}
            for name, entries in self.record.items()
            if name in self.texts
        }
        for text, locale in accepted:
            digest = digest_source(get_stripped_text(text, self.source_locale))
            record.setdefault(text.id, {})[locale] = MadeFrom(digest)
        return record

    def _replace(self, contents: dict[str, tuple[bytes, bytes]], record: TranslationRecord) -> None:
        """Replaces the files, and the record if it has changed, all or none."""
        old = self.files[TRANSLATIONS]
        new = lockfile.serialise_lockfile(record)
        # A project without accepted translations has no record.
        if new != old and (old or any(record.values())):
            contents = {**contents, TRANSLATIONS: (old, new)}
        replace_files(self.root, contents)


def _is_below(text: str, name: str) -> bool:
    return text == name or text.startswith(f"{name}/")
