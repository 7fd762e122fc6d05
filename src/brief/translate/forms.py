"""The formats of files for translators, chosen by the names of the files."""

import enum
from collections.abc import Mapping
from pathlib import Path

from brief.model.diagnostics import RequestError


class TranslationForm(enum.StrEnum):
    """The file formats of translators: GNU gettext's PO, XLIFF, and TBX for terms."""

    PO = "po"
    XLIFF = "xliff"
    TBX = "tbx"


SUFFIXES: Mapping[str, TranslationForm] = {
    ".po": TranslationForm.PO,
    ".xlf": TranslationForm.XLIFF,
    ".xliff": TranslationForm.XLIFF,
    ".tbx": TranslationForm.TBX,
}


def find_translation_form(path: Path, *, may_be_glossary: bool = False) -> TranslationForm:
    """Returns the format of a file.

    Raises:
        RequestError: its name ends in none that is known, or is that of a glossary.
    """
    form = SUFFIXES.get(path.suffix.lower())
    if form is None or (form is TranslationForm.TBX and not may_be_glossary):
        known = [suffix for suffix, each in SUFFIXES.items() if each is not TranslationForm.TBX or may_be_glossary]
        raise RequestError(f"'{path.name}' is no file for translations: its name must end in {', '.join(known)}")
    return form
