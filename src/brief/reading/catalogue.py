"""Reads gettext catalogues (`.po`) of interface texts, and checks that they are complete and in their language."""

import io
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from pathlib import PurePosixPath

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.model.locale import get_primary_language, make_babel_identifier
from brief.model.scripts import find_chinese_script
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile

# The messages that every catalogue must have, without translations.
TEMPLATE = resources.files("brief") / "catalogues" / "brief.pot"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]|[{}]")
# The placeholders of messages whose id is a key: their translation is a pattern of a number, or has no placeholder.
_PATTERNS = {
    **{context: Counter(["{n}"]) for context in ("scale", "currency", "scaled-currency", "cldr-unit")},
    "several": Counter[str](),
    "unit-head": Counter[str](),
}
# Contexts of which a language defines only the messages that it needs.
_OPTIONAL = ("scale", "currency")
_MAX_LISTED = 4


def parse(file: TextFile, locale: str, sink: DiagnosticSink) -> Catalogue | None:
    """Reads the catalogue in a PO file; None if it is not a PO file. Problems are reported to `sink`.

    An untranslated message or plural form is an error, because there is no fallback.
    """
    catalogue, diagnostics = _parse_once(file, locale)
    sink.found += diagnostics
    return catalogue


@lru_cache(maxsize=32)
def _parse_once(file: TextFile, locale: str) -> tuple[Catalogue | None, tuple[Diagnostic, ...]]:
    """Parses a catalogue, or returns the cached result.

    Every load of a project reads the packaged catalogues, and parsing them would take a third of its time.
    """
    sink = DiagnosticSink()
    return _parse(file, locale, sink), tuple(sink.found)


def _parse(file: TextFile, locale: str, sink: DiagnosticSink) -> Catalogue | None:
    from brief.reading.po_file import read_catalog

    catalogue = read_catalog(file, locale, sink)
    if catalogue is None:
        return None
    is_of_other_language = _is_of_other_language(file, catalogue.locale_identifier)
    if is_of_other_language:
        _report_other_language(file, catalogue.locale_identifier, sink)
    messages: dict[str, tuple[str, ...]] = {}
    locations: dict[str, SourceLocation] = {}
    for message in catalogue:
        if not message.id:
            continue
        location = SourceLocation(file.name, message.lineno or 1, 1)
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        message_id, *plural_ids = (message.id,) if isinstance(message.id, str) else message.id
        expected = catalogue.num_plurals if plural_ids else 1
        key = f"{message.context}{CONTEXT_SEPARATOR}{message_id}" if message.context else message_id
        if len(forms) < expected or not all(forms):
            what = "a plural form of " if plural_ids else ""
            hint = "fill in msgstr" if expected == 1 else f"fill in all {expected} msgstr"
            if message.context in ("scale", "currency"):
                hint += ", or remove the message if the language has no such word"
            sink.add_error("missing-message", location, f"{what}'{message_id}' has no '{locale}' text", hint)
        elif message.fuzzy:
            sink.add_error(
                "missing-message",
                location,
                f"'{message_id}' is marked fuzzy, so it has not been reviewed",
                "review it, then remove the flag 'fuzzy'",
            )
        else:
            _check_placeholders(message_id, message.context, forms, location, sink)
            if message.context == "scale" and not plural_ids and catalogue.num_plurals > 1:
                _warn_of_single_form(message_id, forms[0], location, sink)
            _warn_if_misspelt(key, message_id, location, sink)
            messages[key] = forms
            if not any(comment.lower().startswith("same") for comment in message.user_comments):
                locations[key] = location
    if not is_of_other_language:
        _report_copied_texts(file, messages, locale, sink)
        _report_copied_words(file, messages, locations, sink)
    return Catalogue(locale, messages)


def require_all_messages(
    messages: Mapping[str, tuple[str, ...]], location: SourceLocation, locale: str, sink: DiagnosticSink
) -> None:
    """Reports every message of `brief.pot` that the catalogue of a locale lacks, and a catalogue without number scales."""
    for key in list_required_messages():
        if key not in messages:
            context, _, message = key.rpartition(CONTEXT_SEPARATOR)
            entry = f'msgctxt "{context}" msgid "{message}"' if context else f'msgid "{message}"'
            sink.add_error("missing-message", location, f"'{message}' has no '{locale}' text", f"add {entry}")
    if not any(key.startswith(f"scale{CONTEXT_SEPARATOR}") for key in messages):
        message = f"the catalogue has no number scale for '{locale}' (for example thousands, millions, 万)"
        sink.add_error(
            "missing-message", location, message, 'add a msgctxt "scale", as in msgid "1e6" msgstr "{n} million"'
        )


def is_known(locale: str) -> bool:
    """Returns whether CLDR has number, date and plural data for the locale."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(make_babel_identifier(locale))
    except (UnknownLocaleError, ValueError):
        return False
    return True


@cache
def list_required_messages() -> frozenset[str]:
    """Returns the keys of the messages that every catalogue must have, after their contexts."""
    from babel.messages.pofile import read_po

    keys = set()
    for message in read_po(io.StringIO(TEMPLATE.read_text("utf-8"))):
        if message.id and message.context not in _OPTIONAL:
            message_id = message.id if isinstance(message.id, str) else message.id[0]
            keys.add(f"{message.context}{CONTEXT_SEPARATOR}{message_id}" if message.context else message_id)
    return frozenset(keys)


def _warn_of_single_form(factor: str, form: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Warns about a scale with a single form, as in "1 millions", in a language with plurals; not for abbreviations."""
    if form.strip().endswith("."):
        return
    message = f"the scale '{factor}' has one form, '{form}', for 1 and for 2"
    hint = (
        f'add msgid_plural "{factor}", and a msgstr[0], msgstr[1], ... for each plural form, even if they are the same'
    )
    sink.add_warning("missing-message", location, message, hint)


def _is_of_other_language(file: TextFile, language: str | None) -> bool:
    """Returns whether the header names a language, and it or its script differs from that of the file's name."""
    return bool(language) and _parse_language_tag(str(language)) != _parse_language_tag(PurePosixPath(file.name).stem)


def _report_other_language(file: TextFile, language: str | None, sink: DiagnosticSink) -> None:
    """Reports a header whose language or Chinese script differs from that in the file's name."""
    path = PurePosixPath(file.name)
    start = file.text.find('"Language:')
    location = file.locate(start) if start >= 0 else SourceLocation(file.name, 1, 1)
    message = f"the header says '{language}', but the file is called '{path.name}'"
    sink.add_error("catalogue-language", location, message, f"set Language: {path.stem}, and translate it")


def _report_copied_texts(
    file: TextFile, messages: Mapping[str, tuple[str, ...]], locale: str, sink: DiagnosticSink
) -> None:
    """Reports messages that are in another language although the header names this one."""
    from brief.reading.copied_words import find_copied_messages, find_foreign_texts

    copied = find_copied_messages(messages, PurePosixPath(file.name).stem)
    name, location = PurePosixPath(file.name).name, SourceLocation(file.name, 1, 1)
    hint = f"translate them into '{locale}'"
    if copied is None:
        foreign = find_foreign_texts(messages, PurePosixPath(file.name).stem)
        if foreign:
            quoted = ", ".join(f"'{text}'" for text in foreign[:_MAX_LISTED])
            ellipsis = ", …" if len(foreign) > _MAX_LISTED else ""
            sink.add_warning(
                "catalogue-language", location, f"texts of {name} are in another language: {quoted}{ellipsis}", hint
            )
        return
    predicate = f"of {name} are identical to those of {copied.locale}"
    if copied.are_most:
        sink.add_error("catalogue-language", location, f"the texts {predicate}", hint)
    else:
        quoted = ", ".join(f"'{key.rpartition(CONTEXT_SEPARATOR)[2]}'" for key in copied.keys[:_MAX_LISTED])
        ellipsis = ", …" if len(copied.keys) > _MAX_LISTED else ""
        sink.add_warning(
            "catalogue-language", location, f"{len(copied.keys)} texts {predicate}: {quoted}{ellipsis}", hint
        )


def _report_copied_words(
    file: TextFile,
    messages: Mapping[str, tuple[str, ...]],
    locations: Mapping[str, SourceLocation],
    sink: DiagnosticSink,
) -> None:
    """Warns about each message with the word of another language, unless the language of the catalogue is reported already.

    Only the messages in `locations` are examined; the others have the comment `# same`.
    """
    from brief.reading.copied_words import find_copied_words

    reported = {diagnostic.code for diagnostic in sink.found}
    if "catalogue-language" in reported:
        return
    locale = PurePosixPath(file.name).stem
    for key, other in find_copied_words({key: messages[key] for key in locations}, locale).items():
        message = f"'{messages[key][0]}' is the word of '{other}' for '{key.rpartition(CONTEXT_SEPARATOR)[2]}'"
        hint = f"translate it into '{locale}', or write the comment '# same' above it if both languages have the word"
        sink.add_warning("catalogue-language", locations[key], message, hint)


def _parse_language_tag(text: str) -> tuple[str, str | None]:
    """Returns the language and the Chinese script of a tag such as `zh-TW`, `zh_Hant`, `sr@latin` or `ja_JP.UTF-8`."""
    first, *rest = re.split("[@.]", text)[0].replace("_", "-").split("-")
    tag = "-".join((first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)))
    return get_primary_language(tag), find_chinese_script(tag)


def _check_placeholders(
    message: str, context: str | None, forms: tuple[str, ...], location: SourceLocation, sink: DiagnosticSink
) -> None:
    """Reports forms of a translation without the placeholders of its message, each the same number of times."""
    expected = _PATTERNS.get(context or "", Counter(_PLACEHOLDER.findall(message)))
    for form in forms:
        if Counter(_PLACEHOLDER.findall(form)) != expected:
            needs = " and ".join(sorted(expected.elements())) or "no placeholder"
            sink.add_error(
                "message-placeholder",
                location,
                f"the text '{form}' of message '{message}' must have {needs}",
                f"use {needs}",
            )


def _warn_if_misspelt(key: str, message: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Warns about an unknown message with an id that is similar to a packaged one.

    Other unknown messages may belong to a template set of the project.
    """
    if key not in list_required_messages() and key.partition(CONTEXT_SEPARATOR)[0] not in _PATTERNS:
        known = {name.rpartition(CONTEXT_SEPARATOR)[2] for name in list_required_messages()}
        hint = suggest_name(message, known)
        if hint.startswith("did you mean") and message not in known:
            sink.add_warning("unused-message", location, f"unknown message '{message}'", hint)
