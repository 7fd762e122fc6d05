"""The formats of files for translators, chosen by the names of the files."""

import enum
from collections.abc import Mapping
from pathlib import Path

from brief.model.diagnostics import RequestError


class TranslationFormat(enum.StrEnum):
    """The file formats of translators: GNU gettext's PO, XLIFF, and TBX for terms."""

    PO = "po"
    XLIFF = "xliff"
    TBX = "tbx"


SUFFIXES: Mapping[str, TranslationFormat] = {
    ".po": TranslationFormat.PO,
    ".xlf": TranslationFormat.XLIFF,
    ".xliff": TranslationFormat.XLIFF,
    ".tbx": TranslationFormat.TBX,
}


def find_translation_format(path: Path, *, may_be_glossary: bool = False) -> TranslationFormat:
    """Returns the format of a file.

    Raises:
        RequestError: its name does not end in a known suffix, or ends in the suffix of a glossary.
    """
    found = SUFFIXES.get(path.suffix.lower())
    if found is None or (found is TranslationFormat.TBX and not may_be_glossary):
        known = [suffix for suffix, each in SUFFIXES.items() if each is not TranslationFormat.TBX or may_be_glossary]
        raise RequestError(f"'{path.name}' is not a file for translations: its name must end in {', '.join(known)}")
    return found
