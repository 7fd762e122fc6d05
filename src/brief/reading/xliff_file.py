"""Reads XLIFF 2.0 and 2.1 files (OASIS) with expat, and locates each text and each problem."""

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
# Paired codes, which content does not have.
_PAIRED_CODES = frozenset(("pc", "sc", "ec"))
# Sub-states with which an export of brief, and editors, mark a text that must be reviewed: "needs-review-translation".
_TO_REVIEW = re.compile(
    r"brief:.*|.*(?:needs|fuzzy|reject|draft|suggest|pending|unreviewed|unapproved|unconfirmed|review(?!ed)).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class _Unit:
    """A unit: its name, the text of its placeholders by id, and the texts of its segments."""

    name: str
    location: SourceLocation
    data: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    # None for a segment without a target. The text between segments is copied from the source.
    targets: list[str | None] = field(default_factory=list)
    target_location: SourceLocation | None = None
    is_fuzzy: bool = False


class _WrongFileError(Exception):
    """The file is not XLIFF that can be used; `args` has the message and a hint."""


def read_xliff(file: TextFile, sink: DiagnosticSink) -> PoFile | None:
    """Reads the units of an XLIFF file as messages; None if it is not an XLIFF file, with the reason in `sink`.

    Segments of a unit are joined; the translation is empty if one has no target. A message is fuzzy if the state or
    sub-state of a segment says that its translation is not finished or must be reviewed (4.3.1.21, 4.3.1.22). A missing
    state is ignored, although its default is "initial".
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
    """Handles the elements of a file. `path` has the open tags, and `pieces` the text of the current element."""

    def __init__(self, file: TextFile, sink: DiagnosticSink) -> None:
        self.file = file
        self.sink = sink
        self.locale = ""
        self.entries: list[PoEntry] = []
        self.unit: _Unit | None = None
        self.path: list[str] = []
        self.pieces: list[str] | None = None
        self.data_id = ""
        self.is_segment = False
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add_text
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def parse(self) -> None:
        # The XML declaration may name another encoding than UTF-8, so the text is encoded again.
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
                self.pieces = []
                if tag == "target" and self.unit is not None and self.unit.target_location is None:
                    self.unit.target_location = self.get_location()
            case "data":
                self.data_id, self.pieces = attributes.get("id", ""), []
            case "ph" if self.pieces is not None:
                self.pieces.append(self.read_placeholder(attributes))
            case "cp" if self.pieces is not None:
                self.pieces.append(self.read_code_point(attributes.get("hex", "")))
            case _ if self.pieces is not None and tag in _PAIRED_CODES:
                message = f"<{tag}> is a paired code, which content does not have"
                self.sink.add_error(_CODE, self.get_location(), message, "use only the placeholders of the source text")

    def read_placeholder(self, attributes: Mapping[str, str]) -> str:
        """Returns the text of a placeholder; empty, with an error, if the unit does not have it."""
        data = self.unit.data if self.unit is not None else {}
        reference = attributes.get("dataRef", "")
        if reference not in data:
            message = f"the placeholder refers to '{reference}', which <originalData> does not have"
            self.sink.add_error(_CODE, self.get_location(), message, "copy the placeholder from the source text")
            return ""
        return data[reference]

    def read_code_point(self, digits: str) -> str:
        """Returns a character that XML does not allow (XLIFF 2.1, 4.2.3.1); empty, with an error, if it is invalid."""
        code = int(digits, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", digits) else -1
        if not 0 <= code < 0x110000 or 0xD800 <= code < 0xE000:
            self.sink.add_error(_CODE, self.get_location(), f"<cp hex='{digits}'> is not a character", "remove it")
            return ""
        return chr(code)

    def end(self, name: str) -> None:
        tag = self.path.pop()
        text = "".join(self.pieces) if self.pieces is not None else ""
        if self.unit is None or (tag not in ("source", "target", "data", "unit")):
            return
        match tag:
            case "data":
                self.unit.data[self.data_id] = text
            case "source":
                self.unit.sources.append(text)
                # Text between segments need not be repeated.
                if not self.is_segment:
                    self.unit.targets[-1] = text
            case "target":
                self.unit.targets[-1] = text
            case _:
                self.entries.append(_make_entry(self.unit))
                self.unit = None
        self.pieces = None

    def add_text(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)


def _needs_review(attributes: Mapping[str, str]) -> bool:
    """Returns whether the state or the sub-state of a segment says that its translation must be reviewed."""
    is_initial = attributes.get("state") == "initial"
    return is_initial or _TO_REVIEW.fullmatch(attributes.get("subState", "")) is not None


def _make_entry(unit: _Unit) -> PoEntry:
    is_complete = all(target is not None for target in unit.targets)
    translation = "".join(target or "" for target in unit.targets) if is_complete else ""
    return PoEntry(
        unit.name, "".join(unit.sources), translation, unit.is_fuzzy, unit.target_location or unit.location, 0, 0
    )
