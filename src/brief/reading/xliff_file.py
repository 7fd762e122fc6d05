"""XLIFF 2.0 and 2.1 files (OASIS): read by expat, with a location for each text and each problem."""

import re
from collections.abc import Mapping
from dataclasses import field
from xml.parsers import expat

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.po_file import PoEntry, PoFile
from brief.reading.text_file import TextFile

_CORE = "urn:oasis:names:tc:xliff:document:2.0"
_CODE = "xliff-syntax"
# Annotations by editors around words, which have no counterpart in content.
_TRANSPARENT = frozenset(("mrk", "sm", "em"))
_PAIRED = frozenset(("pc", "sc", "ec"))
# How an export marks a text that must be reviewed, and how editors mark such texts: "needs-review-translation",
# "fuzzy".
_TO_REVIEW = re.compile(
    r"brief:.*|.*(?:needs|fuzzy|reject|draft|suggest|pending|unreviewed|unapproved|unconfirmed|review(?!ed)).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class _Unit:
    name: str
    location: SourceLocation
    data: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    # None for a segment without a target; what editors put between segments is copied.
    targets: list[str | None] = field(default_factory=list)
    target_location: SourceLocation | None = None
    is_fuzzy: bool = False


class _WrongFileError(Exception):
    """The file is not usable XLIFF; `args` has the message and a hint."""


def read_xliff(file: TextFile, sink: DiagnosticSink) -> PoFile | None:
    """Reads the units of an XLIFF file as messages; None if it is not one, with the reason in `sink`.

    Segments of a unit are joined. A message is fuzzy if the state or sub-state of a segment says that its translation is
    not finished or is to be reviewed (4.3.1.21, 4.3.1.22). An absent state says nothing, although its default is "initial".
    """
    reader = _XliffReader(file, sink)
    try:
        reader.parse()
    except expat.ExpatError as problem:
        location = SourceLocation(file.name, problem.lineno, problem.offset + 1)
        sink.add_error(_CODE, location, f"not well-formed XML: {expat.ErrorString(problem.code)}")
        return None
    except _WrongFileError as problem:
        message, hint = problem.args
        sink.add_error(_CODE, reader.get_location(), message, hint)
        return None
    return PoFile(file, reader.locale, tuple(reader.entries))


class _XliffReader:
    def __init__(self, file: TextFile, sink: DiagnosticSink) -> None:
        self.file = file
        self.sink = sink
        self.locale = ""
        self.entries: list[PoEntry] = []
        self.unit: _Unit | None = None
        self.path: list[str] = []
        self.words: list[str] | None = None
        self.datum = ""
        self.is_segment = False
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add_text
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def parse(self) -> None:
        # The declaration may name another encoding than that in which the file was decoded.
        self.parser.Parse(self.file.text.encode("utf-8"), True)
        if not self.path and not self.locale and not self.entries:
            raise _WrongFileError("the file names no language to translate into", "set 'trgLang' of <xliff>")

    def get_location(self) -> SourceLocation:
        return SourceLocation(self.file.name, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def refuse_doctype(self, *_: object) -> None:
        raise _WrongFileError("an XLIFF file has no document type", "remove the DOCTYPE")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if not self.path:
            if namespace != _CORE or tag != "xliff":
                hint = "export XLIFF 2.1, or convert the file to it; a .po file ends in .po"
                raise _WrongFileError(f"this is not an XLIFF 2 file: its root element is <{tag}>", hint)
            self.locale = attributes.get("trgLang", "")
        self.path.append(tag if namespace == _CORE else name)
        if namespace != _CORE:
            return
        match tag:
            case "unit":
                self.unit = _Unit(attributes.get("name", ""), self.get_location())
            case "segment" | "ignorable" if self.unit is not None:
                self.is_segment = tag == "segment"
                self.unit.targets.append(None)
                self.unit.is_fuzzy |= _needs_review(attributes)
            case "source" | "target":
                if self.unit is not None and not self.unit.targets:
                    raise _WrongFileError(f"<{tag}> is not in a <segment>", "export the file again")
                self.words = []
                if tag == "target" and self.unit is not None and self.unit.target_location is None:
                    self.unit.target_location = self.get_location()
            case "data":
                self.datum, self.words = attributes.get("id", ""), []
            case "ph" if self.words is not None:
                self.words.append(self.read_placeholder(attributes))
            case "cp" if self.words is not None:
                self.words.append(self.read_code_point(attributes.get("hex", "")))
            case _ if self.words is not None and tag in _PAIRED:
                message = f"<{tag}> marks a code that the text does not have"
                self.sink.add_error(
                    _CODE, self.get_location(), message, "use the placeholders of the source text alone"
                )

    def read_placeholder(self, attributes: Mapping[str, str]) -> str:
        known = self.unit.data if self.unit is not None else {}
        reference = attributes.get("dataRef", "")
        if reference not in known:
            message = f"the placeholder refers to '{reference}', which <originalData> does not have"
            self.sink.add_error(_CODE, self.get_location(), message, "copy the placeholder from the source text")
            return ""
        return known[reference]

    def read_code_point(self, digits: str) -> str:
        """Reads a character that XML does not allow (XLIFF 2.1, 4.2.3.1)."""
        code = int(digits, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", digits) else -1
        if not 0 <= code < 0x110000 or 0xD800 <= code < 0xE000:
            self.sink.add_error(_CODE, self.get_location(), f"<cp hex='{digits}'> is not a character", "remove it")
            return ""
        return chr(code)

    def end(self, name: str) -> None:
        tag = self.path.pop()
        words = "".join(self.words) if self.words is not None else ""
        if self.unit is None or (tag not in ("source", "target", "data", "unit")):
            return
        match tag:
            case "data":
                self.unit.data[self.datum] = words
            case "source":
                self.unit.sources.append(words)
                # Text between segments need not be repeated.
                if not self.is_segment:
                    self.unit.targets[-1] = words
            case "target":
                self.unit.targets[-1] = words
            case _:
                self.entries.append(_make_entry(self.unit))
                self.unit = None
        self.words = None

    def add_text(self, words: str) -> None:
        if self.words is not None:
            self.words.append(words)


def _needs_review(attributes: Mapping[str, str]) -> bool:
    is_initial = attributes.get("state") == "initial"
    return is_initial or _TO_REVIEW.fullmatch(attributes.get("subState", "")) is not None


def _make_entry(unit: _Unit) -> PoEntry:
    is_whole = all(target is not None for target in unit.targets)
    words = "".join(target or "" for target in unit.targets) if is_whole else ""
    return PoEntry(unit.name, "".join(unit.sources), words, unit.is_fuzzy, unit.target_location or unit.location, 0, 0)
