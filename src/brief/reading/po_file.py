"""PO files (GNU gettext manual, "The Format of PO Files"): read by Babel, with a location for each message and each problem."""

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

# Babel accepts an unclosed quote and keeps only one of two msgstr.
_LINE = re.compile(r'\s*(#.*|((?P<word>msgctxt|msgid|msgid_plural|msgstr(\[[0-9]+\])?)\s*)?"([^"\\]|\\.)*"\s*)?')


class ListedCatalog(Catalog):
    """A catalogue that records each message as read; duplicates appear twice in `listed`."""

    def __init__(self, locale: str | None) -> None:
        super().__init__(locale=locale)
        self.listed: list[Message] = []

    def __setitem__(self, key: str | tuple[str, ...] | list[str], message: Message) -> None:
        self.listed.append(message)
        super().__setitem__(key, message)


@dataclass(frozen=True, slots=True)
class PoEntry:
    """One message: the context that names it, its source text, its translation. `start` and `end` are its range in the
    file.
    """

    context: str
    source: str
    words: str
    is_fuzzy: bool
    location: SourceLocation
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PoFile:
    """The messages of a file; `locale` is the tag that its header names as "Language", or empty."""

    file: TextFile
    locale: str
    entries: tuple[PoEntry, ...]


def read_catalog(file: TextFile, locale: str | None, sink: DiagnosticSink) -> ListedCatalog | None:
    """Reads the messages of a PO file; None if it is not a PO file, with the reason in `sink`."""
    if not _check_syntax(file, sink):
        return None
    catalog = ListedCatalog(make_babel_identifier(locale) if locale else None)
    try:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(io.StringIO(file.text))
        _ = catalog.num_plurals
    except PoFileError as problem:
        line = problem.lineno + 1 if problem.lineno is not None else 1
        sink.add_error(
            "catalogue-syntax",
            SourceLocation(file.name, line, 1),
            f"not a PO file: {problem}",
            "save it again in your PO editor",
        )
        return None
    except ValueError as problem:
        sink.add_error(
            "catalogue-syntax",
            SourceLocation(file.name, 1, 1),
            f"the header cannot be read: {problem}",
            "save it again in your PO editor",
        )
        return None
    return catalog


def read_po(file: TextFile, sink: DiagnosticSink) -> PoFile | None:
    """Reads the messages of a PO file in order, without obsolete messages; the context of a message that has none is
    "".
    """
    catalog = read_catalog(file, None, sink)
    if catalog is None:
        return None
    locale = (catalog.locale_identifier or "").replace("_", "-")
    return PoFile(file, locale, tuple(_list_entries(file, catalog)))


def read_words(text: str) -> dict[str, tuple[str, str]]:
    """Reads each message of a catalogue that is known to be valid: its id and its translation in the singular, by its
    key.
    """
    found = {}
    for message in babel_read_po(io.StringIO(text)):
        one, words = (
            given if isinstance(given, str) else (given or ("",))[0] for given in (message.id, message.string)
        )
        if one:
            found[f"{message.context}{CONTEXT_SEPARATOR}{one}" if message.context else one] = one, words
    return found


def _list_entries(file: TextFile, catalog: ListedCatalog) -> Iterator[PoEntry]:
    lines = file.text.split("\n")
    for message in catalog.listed:
        if not message.id:
            continue
        first = (message.lineno or 1) - 1
        while not lines[first].lstrip().startswith("msgstr"):
            first += 1
        last = first
        while last + 1 < len(lines) and lines[last + 1].lstrip().startswith('"'):
            last += 1
        start = file.line_starts[first] + lines[first].index('"')
        end = file.line_starts[last] + len(lines[last])
        # Content texts have no plural forms, so a message with plural forms names no text.
        context = message.context or "" if isinstance(message.id, str) else ""
        source, words = (
            text if isinstance(text, str) else "".join(text or ()) for text in (message.id, message.string)
        )
        yield PoEntry(context, source, words, message.fuzzy, file.locate(start), start, end)


def _check_syntax(file: TextFile, sink: DiagnosticSink) -> bool:
    """Returns whether the file is well-formed, and reports the first error if it is not."""
    before = ""
    for number, written in enumerate(file.text.split("\n"), 1):
        match = _LINE.fullmatch(written)
        word = match["word"] if match else None
        location = SourceLocation(file.name, number, 1)
        if match is None:
            sink.add_error(
                "catalogue-syntax", location, "this is not valid PO syntax", "check the keyword and the quotes"
            )
            return False
        if word == "msgstr" and before not in ("msgid", "msgid_plural"):
            sink.add_error("catalogue-syntax", location, "a msgstr has no msgid", "remove one, or add the msgid")
            return False
        before = word or before
    return True
