"""The formats of files for translators, which are chosen by the suffix of the file name."""

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
        RequestError: its name does not end in a known suffix, or it is a glossary and `may_be_glossary` is false.
    """
    file_format = SUFFIXES.get(path.suffix.lower())
    if file_format is None or (file_format is TranslationFormat.TBX and not may_be_glossary):
        allowed = [suffix for suffix, kind in SUFFIXES.items() if kind is not TranslationFormat.TBX or may_be_glossary]
        raise RequestError(f"'{path.name}' is not a file for translations: its name must end in {', '.join(allowed)}")
    return file_format
