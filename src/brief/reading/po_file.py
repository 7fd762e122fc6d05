"""Reads PO files (GNU gettext manual, "The Format of PO Files") with Babel, and locates messages and problems."""

import io
import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser
from babel.messages.pofile import read_po as babel_read_po

from brief.model.catalogue import CONTEXT_SEPARATOR
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.locale import make_babel_identifier
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.text_file import TextFile

# A line of a PO file. It is checked here, because Babel accepts an unclosed quote.
_LINE = re.compile(r'\s*(#.*|((?P<keyword>msgctxt|msgid|msgid_plural|msgstr(\[[0-9]+\])?)\s*)?"([^"\\]|\\.)*"\s*)?')


class RecordingCatalog(Catalog):
    """A catalogue that also keeps every message in the order of the file, with duplicates, in `messages_read`."""

    def __init__(self, locale: str | None) -> None:
        super().__init__(locale=locale)
        self.messages_read: list[Message] = []

    def __setitem__(self, key: str | tuple[str, ...] | list[str], message: Message) -> None:
        self.messages_read.append(message)
        super().__setitem__(key, message)


@dataclass(frozen=True, slots=True)
class PoEntry:
    """One message: its context, or "", its source text, and its translation.

    `location` and `start` are those of the first quote of its translation, and `end` is the end of that, as offsets in
    the text of the file. In an XLIFF file, both offsets are 0.
    """

    context: str
    source: str
    translation: str
    is_fuzzy: bool
    location: SourceLocation
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PoFile:
    """The messages of a file; `locale` is the locale tag in its header, or empty."""

    file: TextFile
    locale: str
    entries: tuple[PoEntry, ...]


def read_catalog(file: TextFile, locale: str | None, sink: DiagnosticSink) -> RecordingCatalog | None:
    """Reads the messages of a PO file without obsolete ones; None if it is not a PO file, with the reason in `sink`."""
    if not _check_syntax(file, sink):
        return None
    catalog = RecordingCatalog(make_babel_identifier(locale) if locale else None)
    try:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(io.StringIO(file.text))
    except PoFileError as problem:
        # Babel counts lines from 0, and ends its message with the line.
        line = problem.lineno + 1 if problem.lineno is not None else 1
        message = f"not a PO file: {str(problem).removesuffix(f' on {problem.lineno}')}"
        location = SourceLocation(file.name, line, 1)
        sink.add_error("catalogue-syntax", location, message, "save it again in your PO editor")
        return None
    except ValueError as problem:
        location, message = SourceLocation(file.name, 1, 1), f"the header cannot be read: {problem}"
        sink.add_error("catalogue-syntax", location, message, "save it again in your PO editor")
        return None
    return catalog


def read_po(file: TextFile, sink: DiagnosticSink) -> PoFile | None:
    """Reads the messages of a PO file in order; None if it is not a PO file, with the reason in `sink`.

    Obsolete messages are left out.
    """
    catalog = read_catalog(file, None, sink)
    if catalog is None:
        return None
    locale = (catalog.locale_identifier or "").replace("_", "-")
    return PoFile(file, locale, tuple(_list_entries(file, catalog)))


def read_translations(text: str) -> dict[str, tuple[str, str]]:
    """Returns the id and the translation of each message of a valid PO text, by its key.

    The key is the id with the context before it, as in MO files. Of plural messages, the first forms are returned.
    """
    translations = {}
    for message in babel_read_po(io.StringIO(text)):
        message_id, translation = (
            forms if isinstance(forms, str) else (forms or ("",))[0] for forms in (message.id, message.string)
        )
        if message_id:
            key = f"{message.context}{CONTEXT_SEPARATOR}{message_id}" if message.context else message_id
            translations[key] = message_id, translation
    return translations


def _list_entries(file: TextFile, catalog: RecordingCatalog) -> Iterator[PoEntry]:
    lines = file.text.split("\n")
    for message in catalog.messages_read:
        if not message.id:
            continue
        # Babel knows only where a message begins.
        first = (message.lineno or 1) - 1
        while not lines[first].lstrip().startswith("msgstr"):
            first += 1
        last = first
        while last + 1 < len(lines) and lines[last + 1].lstrip().startswith('"'):
            last += 1
        start = file.line_starts[first] + lines[first].index('"')
        end = file.line_starts[last] + len(lines[last])
        # Content texts have no plural forms, so the context of a message with plural forms identifies no text.
        context = message.context or "" if isinstance(message.id, str) else ""
        source, translation = (
            text if isinstance(text, str) else "".join(text or ()) for text in (message.id, message.string)
        )
        yield PoEntry(context, source, translation, message.fuzzy, file.locate(start), start, end)


def _check_syntax(file: TextFile, sink: DiagnosticSink) -> bool:
    """Returns whether the file is well-formed; otherwise reports the first error."""
    previous = ""
    for number, line in enumerate(file.text.split("\n"), 1):
        match = _LINE.fullmatch(line)
        keyword = match["keyword"] if match else None
        location = SourceLocation(file.name, number, 1)
        if match is None:
            message = f"'{line.strip()[:40]}' is not valid PO syntax"
            sink.add_error("catalogue-syntax", location, message, "check the keyword and the quotes")
            return False
        # Babel would keep only the last of two msgstr.
        if keyword == "msgstr" and previous not in ("msgid", "msgid_plural"):
            message, hint = (
                "this msgstr does not follow a msgid",
                "remove it if it is a duplicate, or add its msgid above",
            )
            sink.add_error("catalogue-syntax", location, message, hint)
            return False
        previous = keyword or previous
    return True
