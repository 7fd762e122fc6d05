"""Opens workbooks with calamine, and refuses those on which it would hang or need too much memory.

It waits forever for the end of damaged XML, and allocates every cell up to the last cell with a value: 17 billion cells
if there is a stray cell in the last row and column of a sheet.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, TypeVar
from xml.parsers import expat

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.reading.tables.workbook_parts import get_column_letters, get_column_number
from brief.reading.text_file import DAMAGED_ARCHIVE

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

T = TypeVar("T")

# Office Open XML and OpenDocument are ZIP archives; workbooks from before 2007 are not.
ZIP = b"PK\x03\x04"
_MAX_CELLS = 2_000_000
_CHUNK = 1 << 20
# The reference of a cell, such as r="B7" (ECMA-376 part 1, 18.3.1.4), and a bound on its length.
_CELL_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,20})["']""")
_MAX_REFERENCE_BYTES = 64
_OPEN_DOCUMENT = "content.xml"
_SHARED_STRINGS = "sharedstrings.xml"


def read_or_report(read: Callable[[], T | None], location: SourceLocation, sink: DiagnosticSink, hint: str) -> T | None:
    """Returns the result of `read`, which reads a workbook; None if that fails, which is reported with the hint."""
    # Imported on use, because few builds read a workbook.
    from python_calamine import CalamineError

    try:
        return read()
    except (CalamineError, OSError, ValueError) as problem:
        sink.add_error("bad-workbook", location, f"the workbook cannot be read: {problem}", hint)
        return None


def open_workbook(
    data: bytes, max_unpacked: int, location: SourceLocation, sink: DiagnosticSink
) -> "CalamineWorkbook | None":
    """Opens a workbook; None if it unpacks to more than `max_unpacked` bytes, which is reported.

    Raises:
        CalamineError, OSError, ValueError: it cannot be read, or a sheet is too large (see `read_or_report`).
    """
    from python_calamine import CalamineWorkbook

    if _measure_unpacked(data) > max_unpacked:
        message = f"the workbook unpacks to more than {max_unpacked:,} bytes"
        sink.add_error("file-too-large", location, message, "split it")
        return None
    if data.startswith(ZIP):
        _require_readable(data)
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _measure_unpacked(data: bytes) -> int:
    """Returns the number of bytes of a workbook's parts, as its directory states it; 0 if that cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except DAMAGED_ARCHIVE:
        return 0


def _require_readable(data: bytes) -> None:
    """Checks that the XML of a workbook is well-formed, and that no sheet extends too far.

    Raises:
        ValueError: the workbook fails one of these checks.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        _check_part(name, part)
    # An unknown encoding raises LookupError.
    except (expat.ExpatError, LookupError) as problem:
        raise ValueError(f"its XML is damaged: {problem}") from None
    except DAMAGED_ARCHIVE as problem:
        raise ValueError(str(problem)) from None


def _check_part(name: str, part: IO[bytes]) -> None:
    """Parses a part of a workbook.

    Raises:
        expat.ExpatError, LookupError: it is not well-formed XML, or its encoding is unknown.
        ValueError: it is a sheet that extends too far.
    """
    parser = expat.ParserCreate()
    extent = _Extent()
    is_sheet = not name.lower().endswith((_SHARED_STRINGS, ".rels"))
    if name == _OPEN_DOCUMENT:
        is_sheet = False
        parser.StartElementHandler = extent.start
    previous_end = b""
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        for letters, row in _CELL_REFERENCE.findall(previous_end + chunk) if is_sheet else ():
            extent.add(int(row), get_column_number(letters.decode().upper()) + 1)
        previous_end = chunk[-_MAX_REFERENCE_BYTES:]
        extent.require_small()
    parser.Parse(b"", True)
    extent.require_small()


class _Extent:
    """The last row and column of a sheet that have a cell, counted from 1.

    In an ODS file, empty cells do not count. `row`, `rows` and `column` are the rows before the current one, how often
    that is repeated, and the cells of it that have been read.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begins a sheet."""
        self.last_row = self.last_column = 0
        self.row = self.rows = self.column = 0

    def add(self, row: int, column: int) -> None:
        """Extends the sheet to a row and column, from 1."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def require_small(self) -> None:
        """Raises ValueError if the sheet extends too far."""
        if self.last_row * self.last_column > _MAX_CELLS:
            last = f"{get_column_letters(self.last_column - 1)}{self.last_row}"
            raise ValueError(
                f"a sheet has cells down to {last}; the limit is {_MAX_CELLS:,} cells, including empty ones"
            )

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Handles a start tag of an ODS file (OpenDocument 1.3 part 3, 9.1), which may repeat rows and cells."""
        match name:
            case "table:table":
                self.require_small()
                self.begin()
            case "table:table-row":
                self.row += self.rows
                self.rows, self.column = int(attributes.get("table:number-rows-repeated", 1)), 0
            case "table:table-cell" | "table:covered-table-cell":
                self.column += int(attributes.get("table:number-columns-repeated", 1))
                if "office:value-type" in attributes:
                    self.add(self.row + self.rows, self.column)
