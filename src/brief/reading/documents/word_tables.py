"""Reads a Word table into a grid of cells, and resolves cells that span rows or columns."""

from collections.abc import Iterator

from brief.model.align import Align
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport
from brief.reading.documents.word_context import collect_text
from brief.reading.documents.word_package import Element, get_local_name, qualify_name, read_value

_MAX_COLUMNS = 200
_OFF = ("0", "false", "off")
# The bit of `w:tblLook` that gives the first row a special format (ECMA-376 part 1, 17.4.55).
_FIRST_ROW = 0x0020
_ENDS = ("right", "end")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. Its element is None if the table has no cell there."""

    element: Element | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal length; a cell that is None is merged with the one on its left. `header_rows` may be unknown."""

    rows: tuple[tuple[Cell | None, ...], ...]
    header_rows: int | None
    aligns: tuple[Align, ...]


def read_grid(table: Element, report: LossReport, location: SourceLocation) -> Grid:
    """Reads the cells of a table; it has no rows if the table has none. Reports what is lost."""
    rows: list[list[Cell | None]] = []
    header_rows, has_vertical_merge = 0, False
    for row in _list_rows(table, report, location):
        is_header = header_rows == len(rows) and _is_header(row)
        header_rows += is_header
        cells: list[Cell | None] = [Cell(None)] * _read_integer(row.find(qualify_name("w:trPr")), "w:gridBefore")
        for cell in _list_cells(row):
            properties = cell.find(qualify_name("w:tcPr"))
            vertical_merge = properties.find(qualify_name("w:vMerge")) if properties is not None else None
            is_continued = (
                vertical_merge is not None and vertical_merge.get(qualify_name("w:val"), "continue") == "continue"
            )
            has_vertical_merge = has_vertical_merge or (is_continued and not is_header)
            # Word does not show the text of a covered cell, but it is in the document.
            cells.append(Cell(cell))
            cells += [None] * (max(_read_integer(properties, "w:gridSpan"), 1) - 1)
        rows.append(cells[:_MAX_COLUMNS])
        for extra in cells[_MAX_COLUMNS:]:
            if extra is not None and extra.element is not None:
                report.omit(location, f"a cell beyond column {_MAX_COLUMNS}", collect_text(extra.element))
    if has_vertical_merge:
        report.simplify(location, "vertically merged cells are kept as separate cells")
    report.report_extra_header_rows(location, header_rows)
    width = max(map(len, rows), default=0)
    padded = tuple((*row, *[Cell(None)] * (width - len(row))) for row in rows)
    return Grid(padded, header_rows or (1 if _has_special_first_row(table) else None), _read_aligns(padded, width))


def _list_rows(container: Element, report: LossReport, location: SourceLocation) -> Iterator[Element]:
    for element in container:
        match get_local_name(element):
            case "tr":
                deleted = element.find(f"{qualify_name('w:trPr')}/{qualify_name('w:del')}")
                if deleted is None:
                    yield element
                else:
                    report.omit(location, "a row deleted by tracked changes", collect_text(element))
            case "sdt":
                content = element.find(qualify_name("w:sdtContent"))
                if content is not None:
                    yield from _list_rows(content, report, location)
            case "ins" | "customXml" | "moveTo":
                yield from _list_rows(element, report, location)
            case _:
                pass


def _list_cells(row: Element) -> Iterator[Element]:
    for element in row:
        match get_local_name(element):
            case "tc":
                yield element
            case "sdt":
                content = element.find(qualify_name("w:sdtContent"))
                if content is not None:
                    yield from _list_cells(content)
            case "customXml" | "ins":
                yield from _list_cells(element)
            case _:
                pass


def _is_header(row: Element) -> bool:
    setting = read_value(row.find(qualify_name("w:trPr")), "w:tblHeader")
    return setting is not None and setting not in _OFF


def _has_special_first_row(table: Element) -> bool:
    """Returns whether the settings of the table give its first row a special format."""
    look = table.find(f"{qualify_name('w:tblPr')}/{qualify_name('w:tblLook')}")
    if look is None:
        return False
    first_row = look.get(qualify_name("w:firstRow"))
    if first_row is not None:
        return first_row not in _OFF
    try:
        return bool(int(look.get(qualify_name("w:val"), "0"), 16) & _FIRST_ROW)
    except ValueError:
        return False


def _read_aligns(rows: tuple[tuple[Cell | None, ...], ...], width: int) -> tuple[Align, ...]:
    """Returns the alignment of each column: that of all its cells below the first row, or START if they differ."""
    aligns = []
    for column in range(width):
        cells = [row[column].element for row in rows[1:] if row[column] is not None]  # type: ignore[union-attr]
        settings = [
            read_value(cell.find(f"{qualify_name('w:p')}/{qualify_name('w:pPr')}"), "w:jc")
            for cell in cells
            if cell is not None
        ]
        if settings and all(each in _ENDS for each in settings):
            aligns.append(Align.END)
        elif settings and all(each == "center" for each in settings):
            aligns.append(Align.CENTER)
        else:
            aligns.append(Align.START)
    return tuple(aligns)


def _read_integer(properties: Element | None, name: str) -> int:
    """Returns a number of columns, at most `_MAX_COLUMNS`; 0 if it is missing or no number."""
    setting = read_value(properties, name) or ""
    return min(int(setting), _MAX_COLUMNS) if setting.isdecimal() and len(setting) < 6 else 0
