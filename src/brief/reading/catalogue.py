"""Gettext catalogues (`.po`) of interface words."""

import io
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.diagnostic_sink import Faults, suggestion
from brief.model.locale import babel_identifier, language, script
from brief.model.source_location import Place
from brief.reading.text_file import TextFile

# The messages that every catalogue must have, each without words.
TEMPLATE = resources.files("brief") / "catalogues" / "brief.pot"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([^()]*\)[a-z]|[{}]")
# Messages of these contexts are named by a key; their words are a pattern for a number, or none.
_PATTERNS = {"scale": Counter(["{n}"]), "currency": Counter(["{n}"]), "several": Counter[str]()}
# Of these a language has only those that it needs.
_OPTIONAL = ("scale", "currency")


def parse(file: TextFile, locale: str, faults: Faults) -> Catalogue | None:
    """The catalogue that a PO file holds. An untranslated message or plural form is an error: nothing falls back."""
    from brief.reading.po_file import read_catalog

    catalogue = read_catalog(file, locale, faults)
    if catalogue is None:
        return None
    _require_own_language(file, catalogue.locale_identifier, faults)
    messages: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        place = Place(file.name, message.lineno or 1, 1)
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        one, *rest = (message.id,) if isinstance(message.id, str) else message.id
        wanted = catalogue.num_plurals if rest else 1
        key = f"{message.context}{CONTEXT_SEPARATOR}{one}" if message.context else one
        if len(forms) < wanted or not all(forms):
            what = "a plural form of " if rest else ""
            hint = "fill in msgstr" if wanted == 1 else f"fill in all {wanted} msgstr"
            faults.error("missing-message", place, f"{what}'{one}' has no {locale} words", hint)
        elif message.fuzzy:
            faults.error(
                "missing-message", place, f"'{one}' is marked fuzzy: nobody has checked it", "check it, remove the mark"
            )
        else:
            _compare(one, message.context, forms, place, faults)
            _expected(key, one, place, faults)
            messages[key] = forms
    return Catalogue(locale, messages)


def require_all(messages: Mapping[str, tuple[str, ...]], place: Place, locale: str, faults: Faults) -> None:
    """Leaves a fault for every message of `brief.pot` that the catalogue of a locale lacks."""
    for key in required():
        if key not in messages:
            context, _, message = key.rpartition(CONTEXT_SEPARATOR)
            named = f'msgctxt "{context}" msgid "{message}"' if context else f'msgid "{message}"'
            faults.error("missing-message", place, f"'{message}' has no {locale} words", f"add {named}")
    if not any(key.startswith(f"scale{CONTEXT_SEPARATOR}") for key in messages):
        message = f"nothing says how {locale} counts: thousands, millions, 万"
        faults.error("missing-message", place, message, 'add a msgctxt "scale", as in msgid "1e6" msgstr "{n} million"')


def is_known(locale: str) -> bool:
    """Whether CLDR has the numbers, dates and plurals of the locale."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(babel_identifier(locale))
    except (UnknownLocaleError, ValueError):
        return False
    return True


@cache
def required() -> frozenset[str]:
    """The keys of the messages that every catalogue must have."""
    from babel.messages.pofile import read_po

    found = set()
    for message in read_po(io.StringIO(TEMPLATE.read_text("utf-8"))):
        if message.id and message.context not in _OPTIONAL:
            one = message.id if isinstance(message.id, str) else message.id[0]
            found.add(f"{message.context}{CONTEXT_SEPARATOR}{one}" if message.context else one)
    return frozenset(found)


def _require_own_language(file: TextFile, named: str | None, faults: Faults) -> None:
    """Leaves a fault where the header names another language, or the other Chinese script, than the file's name does."""
    path = PurePosixPath(file.name)
    if named and _written_in(named) != _written_in(path.stem):
        start = file.text.find('"Language:')
        place = file.place(start) if start >= 0 else Place(file.name, 1, 1)
        message = f"the header says {named}, and the file is called {path.name}"
        faults.error("catalogue-language", place, message, f"set Language: {path.stem}, and translate it")


def _written_in(named: str) -> tuple[str, str | None]:
    """Language and Chinese script of a tag, however it is written: `zh-TW`, `zh_Hant`, `sr@latin`, `ja_JP.UTF-8`."""
    first, *rest = re.split("[@.]", named)[0].replace("_", "-").split("-")
    tag = "-".join((first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)))
    return language(tag), script(tag)


def _compare(message: str, context: str | None, forms: tuple[str, ...], place: Place, faults: Faults) -> None:
    """The words must have the placeholders of the message, each as often."""
    wanted = _PATTERNS.get(context or "", Counter(_PLACEHOLDER.findall(message)))
    for form in forms:
        given = Counter(_PLACEHOLDER.findall(form))
        if given != wanted:
            needs = " ".join(sorted(wanted.elements())) or "no placeholder"
            faults.error(
                "message-placeholder", place, f"'{form}' does not have the placeholders of '{message}'", f"use {needs}"
            )


def _expected(key: str, message: str, place: Place, faults: Faults) -> None:
    """A message that nearly is one of ours is misspelt; any other belongs to a template set of the project."""
    if key not in required() and key.partition(CONTEXT_SEPARATOR)[0] not in _PATTERNS:
        known = {name.rpartition(CONTEXT_SEPARATOR)[2] for name in required()}
        hint = suggestion(message, known)
        if hint.startswith("did you mean") and message not in known:
            faults.warning("unused-message", place, f"nothing prints the message '{message}'", hint)
