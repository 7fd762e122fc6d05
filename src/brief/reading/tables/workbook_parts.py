"""Reads from the XML of an XLSX or ODS file what its values do not show: errors, formulas without a result, hidden
cells, and number formats.

calamine returns empty cells for errors such as #DIV/0!, and for formulas that no spreadsheet program has calculated;
printed as gaps, they would go unnoticed. Expat parses the XML, because it resolves no external entities (ECMA-376 and
OpenDocument need none), and takes a fraction of the time that reading the values takes.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import field
from xml.parsers import expat

from brief.model.record import dataclass
from brief.reading.tables.number_formats import CellFormat, infer_ods_format, read_style_formats
from brief.reading.text_file import DAMAGED_ARCHIVE

# The values of failed formulas (ECMA-376 part 1, 18.17.3, and those that programs have added since), and those of
# LibreOffice, such as Err:502.
ERRORS = re.compile(
    r"#(?:DIV/0|NAME|NULL|NUM|REF|VALUE|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL)[!?]|#N/A|#GETTING_DATA"
    r"|Err:[0-9]{3}"
)
# Written instead of a value for a formula whose result the file does not contain.
UNCALCULATED = "a formula without a result"
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 1 << 20
# Cells that are repeated more often are empty: rows are padded to the end of the sheet.
_MAX_REPEATED = 1_000


@dataclass(slots=True)
class SheetParts:
    """The properties of a sheet in its XML.

    `values` are errors and `UNCALCULATED`, which replace the values that calamine returns; they and `formats` are by
    row and column, from 0. Hidden rows and columns are ranges that include both ends, from 0.
    """

    values: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], CellFormat] = field(default_factory=dict)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_sheet_parts(data: bytes, sheet: str) -> SheetParts:
    """Reads the XML of the sheet with the name `sheet` in a workbook.

    Raises:
        ValueError: the archive is damaged, or no XLSX or ODS workbook with that sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_sheet_parts(archive, sheet)
    except DAMAGED_ARCHIVE as problem:
        raise ValueError(str(problem)) from None


def _read_sheet_parts(archive: zipfile.ZipFile, sheet: str) -> SheetParts:
    names = set(archive.namelist())
    try:
        if "xl/workbook.xml" in names:
            part, is_calculated = _find_part(archive, sheet)
            return _read_sheet(archive, part, _OfficeSheet(read_style_formats(archive), is_calculated=is_calculated))
        if "content.xml" in names:
            return _read_sheet(archive, "content.xml", _OpenSheet(sheet))
    except (expat.ExpatError, LookupError, StopIteration) as problem:
        raise ValueError(f"its XML is damaged: {problem}") from None
    raise ValueError("it is neither .xlsx nor .ods")


def _find_part(archive: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """Returns the name of the part of a sheet, and whether the saving program has calculated its formulas."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}
    is_calculated = True

    def read_book_element(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_calculated
        if name == "sheet":
            ids[attributes["name"]] = next(value for key, value in attributes.items() if key.endswith(":id"))
        elif name == "calcPr" and attributes.get("fullCalcOnLoad") in ("1", "true"):
            is_calculated = False

    def read_relationship(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _parse(archive, "xl/workbook.xml", read_book_element)
    _parse(archive, "xl/_rels/workbook.xml.rels", read_relationship)
    return posixpath.normpath(posixpath.join("/xl", targets[ids[sheet]])).lstrip("/"), is_calculated


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, Mapping[str, str]], None]) -> None:
    """Calls `start` with the local name and the attributes of each element of a part."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(_strip_prefix(name), attributes)
    parser.Parse(archive.read(part), True)


def _read_sheet(archive: zipfile.ZipFile, part: str, reader: "_OfficeSheet | _OpenSheet") -> SheetParts:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add_text
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return reader.parts


def _strip_prefix(name: str) -> str:
    return name.rpartition(":")[2]


def _is_set(value: str | None) -> bool:
    return value in ("1", "true")


class _OfficeSheet:
    """Handles the elements of a sheet of an XLSX file (ECMA-376 part 1, 18.3.1). Rows and columns count from 0."""

    def __init__(self, formats: Mapping[str, CellFormat], *, is_calculated: bool) -> None:
        self.parts = SheetParts()
        self.formats = formats
        self.is_calculated = is_calculated
        self.row, self.column = -1, -1
        self.is_error = self.has_formula = self.is_value = False
        self.value = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match _strip_prefix(name):
            case "col" if _is_set(attributes.get("hidden")):
                self.parts.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
                if _is_set(attributes.get("hidden")):
                    self.parts.hidden_rows.append((self.row, self.row))
            case "c":
                reference = _CELL_REFERENCE.fullmatch(attributes.get("r", ""))
                self.column = get_column_number(reference[1]) if reference else self.column + 1
                self.is_error, self.has_formula, self.value = attributes.get("t") == "e", False, ""
                if (cell_format := self.formats.get(attributes.get("s", ""))) is not None:
                    self.parts.formats[self.row, self.column] = cell_format
            case "f":
                self.has_formula = True
            case "v":
                self.is_value = True

    def add_text(self, text: str) -> None:
        if self.is_value:
            self.value += text

    def end(self, name: str) -> None:
        match _strip_prefix(name):
            case "v":
                self.is_value = False
            case "c" if self.is_error:
                self.parts.values[self.row, self.column] = self.value or "#N/A"
            # Programs that do not calculate write nothing, or zero, and ask for a calculation.
            case "c" if self.has_formula and (not self.value or (self.value == "0" and not self.is_calculated)):
                self.parts.values[self.row, self.column] = UNCALCULATED


class _OpenSheet:
    """Handles the elements of an ODS file (OpenDocument 1.3 part 3, 9.1), which may repeat rows and cells.

    Elements of other sheets are ignored. `rows` and `columns` say how often the current row and cell are repeated.
    """

    def __init__(self, sheet: str) -> None:
        self.parts = SheetParts()
        self.sheet = sheet
        self.is_in_sheet = self.is_cell = False
        self.row = self.rows = self.column = self.columns = self.declared_columns = 0
        self.is_error = self.has_formula = False
        self.value = self.type = self.currency = self.stored = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:table":
            self.is_in_sheet = attributes.get("table:name") == self.sheet
        if not self.is_in_sheet:
            return
        hidden = attributes.get("table:visibility") in ("collapse", "filter")
        match name:
            case "table:table-column":
                count = int(attributes.get("table:number-columns-repeated", 1))
                if hidden:
                    self.parts.hidden_columns.append((self.declared_columns, self.declared_columns + count - 1))
                self.declared_columns += count
            case "table:table-row":
                self.rows, self.column = int(attributes.get("table:number-rows-repeated", 1)), 0
                if hidden:
                    self.parts.hidden_rows.append((self.row, self.row + self.rows - 1))
            case "table:table-cell" | "table:covered-table-cell":
                self.is_cell, self.value = True, ""
                self.columns = int(attributes.get("table:number-columns-repeated", 1))
                self.has_formula = "table:formula" in attributes
                self.is_error = attributes.get("calcext:value-type") == "error"
                self.type = attributes.get("office:value-type", "string")
                self.currency = attributes.get("office:currency", "")
                self.stored = attributes.get("office:value") or attributes.get("office:date-value", "")

    def add_text(self, text: str) -> None:
        if self.is_cell:
            self.value += text

    def end(self, name: str) -> None:
        if not self.is_in_sheet:
            return
        match name:
            case "table:table-row":
                self.row += self.rows
            case "table:table-cell" | "table:covered-table-cell":
                text = self.value.strip()
                if self.is_error or ERRORS.fullmatch(text):
                    self.set_value(text or "#N/A")
                elif self.has_formula and not text and self.type == "string":
                    self.set_value(UNCALCULATED)
                cell_format = infer_ods_format(self.type, self.stored, self.currency, text)
                if cell_format is not None:
                    self.parts.formats.update(dict.fromkeys(self.list_cells(), cell_format))
                self.is_cell = False
                self.column += self.columns

    def set_value(self, value: str) -> None:
        """Sets the value of the cells of the current element."""
        self.parts.values.update(dict.fromkeys(self.list_cells(), value))

    def list_cells(self) -> list[tuple[int, int]]:
        """Returns the cells of the current element; none if it is repeated so often that they must be empty."""
        if self.rows * self.columns > _MAX_REPEATED:
            return []
        rows, columns = range(self.row, self.row + self.rows), range(self.column, self.column + self.columns)
        return [(row, column) for row in rows for column in columns]


def get_column_letters(column: int) -> str:
    """Returns the letters of a column, counted from 0: A for 0, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def name_cell(row: int, column: int) -> str:
    """Returns the reference of a cell, counted from 0: B3 for row 2 and column 1."""
    return f"{get_column_letters(column)}{row + 1}"


def get_column_number(letters: str) -> int:
    """Returns the number, counted from 0, of a column by its capital letters: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def describe_merged(first: tuple[int, int], last: tuple[int, int]) -> tuple[str, str]:
    """Returns the message and the hint about merged cells, given the rows and columns of both ends, from 0."""
    message = f"the cell is merged down to {name_cell(*last)}; only {name_cell(*first)} has a value"
    return message, "unmerge the cells, and fill each"


def describe_hidden(kind: str, names: list[str]) -> tuple[str, str]:
    """Returns the message and the hint about hidden rows or columns; `kind` is "row" or "column"."""
    some = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    message = f"{kind} {some} is hidden" if len(names) == 1 else f"{kind}s {some} are hidden"
    return message, f"show the {kind}s, or delete them"
