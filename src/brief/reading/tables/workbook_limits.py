"""Opens workbooks, and refuses workbooks on which the library that reads them would hang or take more memory than there
is.

The library waits forever for the end of damaged XML, and allocates every cell up to the last cell with a value: 17
billion cells if there is a stray cell in the last row and column of a sheet.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, TypeVar
from xml.parsers import expat

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.reading.tables.workbook_parts import get_column_letter, get_column_number
from brief.reading.text_file import DAMAGED_ARCHIVE

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

T = TypeVar("T")

# Office Open XML and OpenDocument are ZIP archives; workbooks from before 2007 are not.
ZIP = b"PK\x03\x04"
_MOST_CELLS = 2_000_000
_CHUNK = 1 << 20
# The place of a cell (ECMA-376 part 1, 18.3.1.4), and the most bytes that one takes.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,20})["']""")
_MAX_PLACE_BYTES = 64
_OPEN_DOCUMENT = "content.xml"
_TEXTS = "sharedstrings.xml"


def read_or_report(read: Callable[[], T | None], location: SourceLocation, sink: DiagnosticSink, hint: str) -> T | None:
    """Returns what `read` reads from a workbook; reports a workbook that cannot be read, and returns None."""
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
    """Opens a workbook; None if it unpacks to more bytes than that, which is reported.

    Raises:
        CalamineError, OSError, ValueError: it cannot be read (see `read_or_report`).
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
    """Returns the size of a workbook's parts, 0 if it cannot be read."""
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
    parser = expat.ParserCreate()
    extent = _Extent()
    is_sheet = not name.lower().endswith((_TEXTS, ".rels"))
    if name == _OPEN_DOCUMENT:
        is_sheet = False
        parser.StartElementHandler = extent.start
    before = b""
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        for letters, row in _PLACE.findall(before + chunk) if is_sheet else ():
            extent.add(int(row), get_column_number(letters.decode().upper()) + 1)
        before = chunk[-_MAX_PLACE_BYTES:]
        extent.require_small()
    parser.Parse(b"", True)
    extent.require_small()


class _Extent:
    """The last row and column of a sheet that have a cell with a value."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begins a sheet."""
        self.last_row = self.last_column = 0
        self.row = self.rows = self.column = 0

    def add(self, row: int, column: int) -> None:
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def require_small(self) -> None:
        if self.last_row * self.last_column > _MOST_CELLS:
            last = f"{get_column_letter(self.last_column - 1)}{self.last_row}"
            raise ValueError(f"a sheet has cells down to {last}; the limit is {_MOST_CELLS:,} cells, with empty ones")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Follows the elements of an ODS file (OpenDocument 1.3 part 3, 9.1), which may repeat rows and cells."""
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
