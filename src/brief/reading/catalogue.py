"""Gettext catalogues (`.po`) of interface words."""

import io

from brief.model.catalogue import CONTEXT_SEPARATOR, Catalogue
from brief.model.locale import babel_identifier
from brief.model.place import Place
from brief.reading.faults import Faults
from brief.reading.text_file import TextFile


def parse(file: TextFile, locale: str, faults: Faults) -> Catalogue | None:
    """The catalogue that a PO file holds. An untranslated message or plural form is an error: nothing falls back."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalogue = read_po(io.StringIO(file.text), locale=babel_identifier(locale), abort_invalid=True)
    except PoFileError as problem:
        line = problem.lineno + 1 if problem.lineno is not None else 1
        faults.error("catalogue-syntax", Place(file.name, line, 1), f"not a PO file: {problem}")
        return None
    messages: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        place = Place(file.name, message.lineno or 1, 1)
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        one, *rest = (message.id,) if isinstance(message.id, str) else message.id
        wanted = catalogue.num_plurals if rest else 1
        if len(forms) < wanted or not all(forms):
            what = "a plural form of " if rest else ""
            faults.error(
                "missing-message", place, f"{what}'{one}' has no {locale} words", f"fill in all {wanted} msgstr"
            )
            continue
        key = f"{message.context}{CONTEXT_SEPARATOR}{one}" if message.context else one
        messages[key] = forms
    return Catalogue(locale, messages)
