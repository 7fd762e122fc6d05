"""Reads in the XML of an XLSX or ODS file what its values do not show: errors, formulas without a result, hidden cells.

The reader of workbooks returns empty cells for errors such as #DIV/0!, and for formulas that no spreadsheet program has
calculated; printed as gaps, they would go unnoticed. Expat reads the XML: it resolves no external entities (ECMA-376 and
OpenDocument need none), and it is a fraction of the time that reading the values takes.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import field
from xml.parsers import expat

from brief.model.record import dataclass
from brief.reading.tables.number_formats import CellFormat, describe_open_cell, read_style_formats
from brief.reading.text_file import DAMAGED_ARCHIVE

# The values of failed formulas (ECMA-376 part 1, 18.17.3, and those that programs have added since), and those of
# LibreOffice, such as Err:502.
ERRORS = re.compile(
    r"#(?:DIV/0|NAME|NULL|NUM|REF|VALUE|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL)[!?]|#N/A|#GETTING_DATA"
    r"|Err:[0-9]{3}"
)
# Written instead of a value for a formula whose result the file does not contain.
UNCALCULATED = "a formula without a result"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 1 << 20
# No formula or figure is repeated over a million rows; cells that are repeated so often are empty.
_MOST_REPEATED = 1_000


@dataclass(slots=True)
class SheetParts:
    """What the XML of a sheet says: values that replace the values read, keyed by row and column from 0, which rows and
    columns are hidden, and what the formats of cells say of their figures.

    Hidden rows and columns are ranges that include both ends.
    """

    values: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], CellFormat] = field(default_factory=dict)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_sheet_parts(data: bytes, sheet: str) -> SheetParts:
    """Reads the XML of the sheet of that name in a workbook.

    Raises:
        ValueError: the archive is neither an Office Open XML nor an OpenDocument workbook, or it is damaged.
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
            return _read(archive, part, _OfficeSheet(read_style_formats(archive), is_calculated=is_calculated))
        if "content.xml" in names:
            return _read(archive, "content.xml", _OpenSheet(sheet))
    except (expat.ExpatError, LookupError, StopIteration) as problem:
        raise ValueError(f"its XML is damaged: {problem}") from None
    raise ValueError("it is neither .xlsx nor .ods")


def _find_part(archive: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """Returns the part of a sheet, and whether a program that calculates has saved the workbook."""
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
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(_strip_prefix(name), attributes)
    parser.Parse(archive.read(part), True)


def _read(archive: zipfile.ZipFile, part: str, reader: "_OfficeSheet | _OpenSheet") -> SheetParts:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add_text
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return reader.found


def _strip_prefix(name: str) -> str:
    return name.rpartition(":")[2]


def _is_set(value: str | None) -> bool:
    return value in ("1", "true")


class _OfficeSheet:
    """Follows the elements of a sheet of an XLSX file (ECMA-376 part 1, 18.3.1)."""

    def __init__(self, formats: Mapping[str, CellFormat], *, is_calculated: bool) -> None:
        self.found = SheetParts()
        self.formats = formats
        self.is_calculated = is_calculated
        self.row, self.column = -1, -1
        self.is_error = self.has_formula = self.is_value = False
        self.value = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match _strip_prefix(name):
            case "col" if _is_set(attributes.get("hidden")):
                self.found.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
                if _is_set(attributes.get("hidden")):
                    self.found.hidden_rows.append((self.row, self.row))
            case "c":
                place = _CELL.fullmatch(attributes.get("r", ""))
                self.column = get_column_number(place[1]) if place else self.column + 1
                self.is_error, self.has_formula, self.value = attributes.get("t") == "e", False, ""
                if (style := self.formats.get(attributes.get("s", ""))) is not None:
                    self.found.formats[self.row, self.column] = style
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
                self.found.values[self.row, self.column] = self.value or "#N/A"
            # Programs that do not calculate write nothing, or zero, and ask for a calculation.
            case "c" if self.has_formula and (not self.value or (self.value == "0" and not self.is_calculated)):
                self.found.values[self.row, self.column] = UNCALCULATED


class _OpenSheet:
    """Follows the elements of a sheet of an ODS file (OpenDocument 1.3 part 3, 9.1), which may repeat rows and cells."""

    def __init__(self, sheet: str) -> None:
        self.found = SheetParts()
        self.sheet = sheet
        self.is_here = self.is_cell = False
        self.row = self.rows = self.column = self.columns = self.declared_columns = 0
        self.is_error = self.has_formula = False
        self.value = self.type = self.currency = self.stored = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:table":
            self.is_here = attributes.get("table:name") == self.sheet
        if not self.is_here:
            return
        hidden = attributes.get("table:visibility") in ("collapse", "filter")
        match name:
            case "table:table-column":
                count = int(attributes.get("table:number-columns-repeated", 1))
                if hidden:
                    self.found.hidden_columns.append((self.declared_columns, self.declared_columns + count - 1))
                self.declared_columns += count
            case "table:table-row":
                self.rows, self.column = int(attributes.get("table:number-rows-repeated", 1)), 0
                if hidden:
                    self.found.hidden_rows.append((self.row, self.row + self.rows - 1))
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
        if not self.is_here:
            return
        match name:
            case "table:table-row":
                self.row += self.rows
            case "table:table-cell" | "table:covered-table-cell":
                written = self.value.strip()
                if self.is_error or ERRORS.fullmatch(written):
                    self.put(written or "#N/A")
                elif self.has_formula and not written and self.type == "string":
                    self.put(UNCALCULATED)
                style = describe_open_cell(self.type, self.stored, self.currency, written)
                if style is not None:
                    self.found.formats.update(dict.fromkeys(self.list_cells(), style))
                self.is_cell = False
                self.column += self.columns

    def put(self, value: str) -> None:
        self.found.values.update(dict.fromkeys(self.list_cells(), value))

    def list_cells(self) -> list[tuple[int, int]]:
        """Lists the cells that the element describes; lists none if the element is repeated so often that they must be
        empty.
        """
        if self.rows * self.columns > _MOST_REPEATED:
            return []
        rows, columns = range(self.row, self.row + self.rows), range(self.column, self.column + self.columns)
        return [(row, column) for row in rows for column in columns]


def get_column_letter(column: int) -> str:
    """Returns the name of a column, counted from 0, in a workbook: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def name_cell(row: int, column: int) -> str:
    """Returns the name of a cell, counted from 0, in a workbook: B3."""
    return f"{get_column_letter(column)}{row + 1}"


def get_column_number(letters: str) -> int:
    """Returns the number, counted from 0, of the column of that name: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def describe_merged(first: tuple[int, int], last: tuple[int, int]) -> tuple[str, str]:
    """Returns the message and the hint about merged cells, by row and column from 0."""
    message = f"the cell is merged down to {name_cell(*last)}; only {name_cell(*first)} has a value"
    return message, "unmerge the cells, and fill each"


def describe_hidden(kind: str, names: list[str]) -> tuple[str, str]:
    """Returns the message and the hint about hidden rows or columns."""
    some = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    message = f"{kind} {some} is hidden" if len(names) == 1 else f"{kind}s {some} are hidden"
    return message, f"show the {kind}s, or delete them"
