"""Writes machine translations: converted from a related locale, or drafted by a program. They are not accepted yet."""

import json
import shlex
import subprocess
from collections.abc import Iterable, Sequence

from brief.model.access import Clearance
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, MachineError, RequestError, has_errors
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.translation import TranslatableText, Translation, TranslationState
from brief.project.translations import Translations
from brief.reading.po_file import PoEntry, PoFile
from brief.reading.text_file import make_text_file
from brief.translate.context import Contexts
from brief.translate.derive import Converter
from brief.translate.placeholders import list_placeholders
from brief.translate.po_import import IncomingTranslation, import_translations
from brief.translate.state import digest_source, fold_lines, get_stripped_text

_ANSWER = "draft-answer"
_MAX_ANSWER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class MachineTexts:
    """The texts that were written, and diagnostics for those that were not."""

    locale: str
    written: tuple[TranslatableText, ...]
    diagnostics: tuple[Diagnostic, ...]


def derive_texts(translations: Translations, locale: str, source: str, ids: Sequence[str] = ()) -> MachineTexts:
    """Fills the texts that the locale lacks with converted texts of a related locale; with `ids`, only texts below
    these ids.

    If the locale inherits the texts of the related one, only texts that differ are written. If the text of the related
    locale is stale, the converted text is stale too.

    Raises:
        RequestError: the brief has no such locale, or there is no conversion between the two.
        ContentError, MachineError, OutputLockedError: as for an import.
    """
    translations.require_target(locale)
    if source not in translations.brief.locales:
        raise RequestError(f"there is no locale '{source}': {suggest_name(source, translations.brief.locales)}")
    converted_texts, digests = [], {}
    with Converter(translations.brief, source, locale) as converter:
        for translation in translations.select_below(ids, locale):
            text, source_text = translation.text, get_stripped_text(translation.text, source)
            if get_stripped_text(text, locale) or not source_text:
                continue
            converted = converter.convert(source_text)
            if text.text.find_source_tag(locale) is not None and converted == source_text:
                continue
            recorded = translations.record.get(text.id, {}).get(source)
            digest = digest_source(get_stripped_text(text, translations.source_locale))
            digests[text.id] = (
                recorded.digest if recorded is not None and source != translations.source_locale else digest
            )
            converted_texts.append(IncomingTranslation(text, converted, True, text.text.location))
    translations.write_machine_translations(converted_texts, locale, digests, TranslationState.DERIVED)
    return MachineTexts(locale, tuple(each.text for each in converted_texts), ())


def draft_texts(
    translations: Translations, locale: str, command: str, *, clearance: Clearance | None = None
) -> MachineTexts:
    """Runs a program that drafts missing and stale texts, and writes the drafts that pass the checks of an import.

    The program reads one JSON object per line from its standard input and writes lines of `{"id": ..., "target": ...}`.

    Raises:
        RequestError: the brief has no such locale, or the command is empty.
        MachineError: the program cannot be started, or fails.
        ContentError, OutputLockedError: as for an import.
    """
    requested = [
        each
        for each in translations.list_to_translate(locale, clearance=clearance)
        if each.state in (TranslationState.MISSING, TranslationState.STALE)
    ]
    if not requested:
        return MachineTexts(locale, (), ())
    contexts = Contexts(translations.brief, locale, clearance)
    lines = [_format_request(each, contexts, translations) for each in requested]
    answer = _run(command, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    sink = DiagnosticSink()
    entries = list(_read_answers(answer, {each.text.id: each for each in requested}, translations, sink))
    accepted: list[IncomingTranslation] = []
    for entry in entries:
        entry_sink = DiagnosticSink()
        # The import checks the characters of the answer, which have not been checked yet.
        file = PoFile(make_text_file(command, ""), locale, (entry,))
        incoming = import_translations(file, translations.brief, translations.texts, entry_sink).incoming
        sink.found += entry_sink.found
        if not has_errors(entry_sink.found):
            accepted += incoming
    answered = {entry.context for entry in entries}
    for each in requested:
        if each.text.id not in answered:
            message, hint = f"no answer for '{each.text.id}'", "run the command again, or translate it by hand"
            sink.add_warning(_ANSWER, each.location, message, hint)
    digests = {
        each.text.id: digest_source(get_stripped_text(each.text, translations.source_locale)) for each in accepted
    }
    translations.write_machine_translations(accepted, locale, digests, TranslationState.DRAFTED)
    return MachineTexts(locale, tuple(each.text for each in accepted), tuple(sink.found))


def _format_request(translation: Translation, contexts: Contexts, translations: Translations) -> dict[str, object]:
    """Returns the request for one text; docs/translating.md describes its keys."""
    source = get_stripped_text(translation.text, translations.source_locale)
    context = contexts.make_context(translation)
    return {
        "id": translation.text.id,
        "source_locale": translations.source_locale,
        "target_locale": translation.locale,
        "source": source,
        "previous_target": get_stripped_text(translation.text, translation.locale),
        "context": context.description,
        "placeholders": list_placeholders(source),
        "figures": dict(context.figures),
        "terms": [
            {"source": term.source, "target": list(term.allowed), "never": list(term.avoided)} for term in context.terms
        ],
    }


def _run(command: str, requests: str) -> str:
    try:
        arguments = shlex.split(command)
    except ValueError as problem:
        raise RequestError(f"--command: {problem}") from problem
    if not arguments:
        raise RequestError("--command names no program")
    try:
        ran = subprocess.run(  # noqa: S603  # the user names the program, and no shell reads the texts
            arguments, input=requests.encode(), stdout=subprocess.PIPE, check=False
        )
    except OSError as problem:
        raise MachineError(f"cannot run '{arguments[0]}': {problem.strerror or problem}") from problem
    if ran.returncode != 0:
        raise MachineError(f"'{arguments[0]}' exited with status {ran.returncode}; nothing was written")
    if len(ran.stdout) > _MAX_ANSWER_BYTES:
        raise MachineError(
            f"the output of '{arguments[0]}' is too large ({len(ran.stdout):,} bytes); nothing was written"
        )
    try:
        return ran.stdout.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise MachineError(f"the answer of '{arguments[0]}' is not UTF-8; nothing was written") from problem


def _read_answers(
    answer: str, requested: dict[str, Translation], translations: Translations, sink: DiagnosticSink
) -> Iterable[PoEntry]:
    """Yields the first answer for each requested text, and reports every other line that is not empty."""
    answered = set()
    for number, line in enumerate(answer.split("\n"), 1):
        if not line.strip():
            continue
        location = SourceLocation("answer", number, 1)
        try:
            fields = json.loads(line)
            name, target = fields["id"], fields["target"]
        except (ValueError, TypeError, KeyError, RecursionError):
            hint = 'answer with one line for each text: {"id": "...", "target": "..."}'
            sink.add_error(_ANSWER, location, f"'{line[:60]}' is not an answer", hint)
            continue
        if not isinstance(name, str) or name not in requested or name in answered:
            again = isinstance(name, str) and name in answered
            message = f"'{name}' is answered twice" if again else f"'{name}' was not requested"
            sink.add_error(_ANSWER, location, message, "answer each text once, with its own id")
            continue
        answered.add(name)
        if not isinstance(target, str) or not fold_lines(target):
            sink.add_error(
                _ANSWER, location, f"the translation of '{name}' is empty", "omit entries that are not translated"
            )
            continue
        source = get_stripped_text(requested[name].text, translations.source_locale)
        yield PoEntry(name, source, target, is_fuzzy=False, location=location, start=0, end=0)
