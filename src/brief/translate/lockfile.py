"""`content/translations.lock`: the source text from which each translation was made.

One line per text, sorted by id, so that branches that accept different texts merge line by line:

    block/cost-loop/text zh-Hans:1f3a9c0d2b4e5f60 zh-Hant:1f3a9c0d2b4e5f60:derived

`derived` or `drafted` after the digest says that a program made the translation, and that no person has accepted it.
"""

import re
from functools import lru_cache
from pathlib import Path

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.source_location import SourceLocation
from brief.model.translation import ORIGINS, MadeFrom, TranslationRecord
from brief.reading import text_file
from brief.reading.layout import TRANSLATIONS
from brief.reading.special_files import describe_special

_HEADER = "# The source text that each translation was made from: written by 'brief translate accept'.\n"
_LINE = re.compile(r"(?P<id>[a-z0-9_/-]+)(?P<entries>( [A-Za-z0-9-]+:[0-9a-f]{16}(:derived|:drafted)?)+)")
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def read_lockfile(root: Path, sink: DiagnosticSink) -> TranslationRecord:
    """Reads the record of translations of the project at `root`. Malformed lines are reported and left out.

    Returns an empty record if the file is missing, or if it cannot be read, which is reported.
    """
    special = describe_special(root / TRANSLATIONS)
    if special is not None:
        sink.add_error("unreadable-file", SourceLocation(TRANSLATIONS), f"is {special}, not a file", "remove it")
        return {}
    try:
        data = (root / TRANSLATIONS).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as problem:
        sink.add_error(
            "unreadable-file",
            SourceLocation(TRANSLATIONS),
            f"cannot be read: {problem.strerror}",
            "check its permissions",
        )
        return {}
    file = text_file.decode_text(TRANSLATIONS, data, sink)
    record, diagnostics = _parse_record(file.text) if file else ({}, ())
    sink.found += diagnostics
    return record


def serialise_lockfile(record: TranslationRecord) -> bytes:
    """Returns the bytes of the lockfile; equal records give the same bytes."""
    lines = (
        " ".join((name, *(_format_entry(locale, entry) for locale, entry in sorted(record[name].items()))))
        for name in sorted(record)
        if record[name]
    )
    return (_HEADER + "".join(f"{line}\n" for line in lines)).encode()


def _format_entry(locale: str, entry: MadeFrom) -> str:
    return ":".join((locale, entry.digest, *([entry.origin] if entry.origin else [])))


def _parse_entry(digest: str, origin: str | None = None) -> MadeFrom:
    return MadeFrom(digest, ORIGINS[origin] if origin else None)


# Cached, because a project that is read again after an edit has the same record.
@lru_cache(maxsize=4)
def _parse_record(text: str) -> tuple[TranslationRecord, tuple[Diagnostic, ...]]:
    sink = DiagnosticSink()
    if not text.strip():
        hint = "restore it from version control, or delete it and review all translations again"
        sink.add_error("bad-translation-record", SourceLocation(TRANSLATIONS, 1, 1), "the file is empty", hint)
    record: dict[str, dict[str, MadeFrom]] = {}
    locations: dict[str, SourceLocation] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        location = SourceLocation(TRANSLATIONS, number, 1)
        match = _LINE.fullmatch(line.rstrip())
        if line.startswith(_CONFLICT):
            hint = "keep the lines of both sides, one for each text"
            sink.add_error("bad-translation-record", location, "the file contains an unresolved merge conflict", hint)
        elif match is None:
            hint = "restore the file, or remove the line and run 'brief translate accept'"
            sink.add_error(
                "bad-translation-record", location, "this line is malformed: expected an id and digests", hint
            )
        elif match["id"] in record:
            hint = "remove one of the lines, and review the translation"
            message = f"'{match['id']}' is recorded twice"
            sink.add_error("bad-translation-record", location, message, hint, related=locations[match["id"]])
        else:
            entries = (entry.split(":") for entry in match["entries"].split())
            record[match["id"]] = {locale: _parse_entry(*parts) for locale, *parts in entries}
            locations[match["id"]] = location
    return record, tuple(sink.found)
