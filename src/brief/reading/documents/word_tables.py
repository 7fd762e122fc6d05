"""Reads a Word table into a grid of cells, and resolves its spans and nested tables."""

from collections.abc import Iterator

from brief.model.align import Align
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport
from brief.reading.documents.word_context import collect_text
from brief.reading.documents.word_package import Element, get_local_name, qualify_name, read_value

_MAX_COLUMNS = 200
_OFF = ("0", "false", "off")
# The bit of a table's look that says that the first row is special (ECMA-376 part 1, 17.4.55).
_FIRST_ROW = 0x0020
_ENDS = ("right", "end")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, which is empty if it has no element."""

    element: Element | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal length; a cell that is None is covered by the one on its left. `head_rows` is None if unspecified."""

    rows: tuple[tuple[Cell | None, ...], ...]
    head_rows: int | None
    aligns: tuple[Align, ...]


def read_grid(table: Element, report: LossReport, location: SourceLocation) -> Grid:
    """Reads the cells of a table."""
    rows: list[list[Cell | None]] = []
    head_rows, has_merged = 0, False
    for row in _list_rows(table, report, location):
        is_head = head_rows == len(rows) and _is_head(row)
        head_rows += is_head
        cells: list[Cell | None] = [Cell(None)] * _read_integer(row.find(qualify_name("w:trPr")), "w:gridBefore")
        for cell in _list_cells(row):
            properties = cell.find(qualify_name("w:tcPr"))
            merged = properties.find(qualify_name("w:vMerge")) if properties is not None else None
            is_continued = merged is not None and merged.get(qualify_name("w:val"), "continue") == "continue"
            has_merged = has_merged or (is_continued and not is_head)
            # Word does not show the text of a covered cell, but it is in the document.
            cells.append(Cell(cell))
            cells += [None] * (max(_read_integer(properties, "w:gridSpan"), 1) - 1)
        rows.append(cells[:_MAX_COLUMNS])
        for lost in cells[_MAX_COLUMNS:]:
            if lost is not None and lost.element is not None:
                report.omit(location, f"a cell beyond column {_MAX_COLUMNS}", collect_text(lost.element))
    if has_merged:
        report.simplify(location, "vertically joined cells are kept as one cell and empty cells below it")
    report.check_head_rows(location, head_rows)
    width = max(map(len, rows), default=0)
    padded = tuple((*row, *[Cell(None)] * (width - len(row))) for row in rows)
    return Grid(padded, head_rows or (1 if _says_first_row(table) else None), _read_aligns(padded, width))


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


def _is_head(row: Element) -> bool:
    setting = read_value(row.find(qualify_name("w:trPr")), "w:tblHeader")
    return setting is not None and setting not in _OFF


def _says_first_row(table: Element) -> bool | None:
    """Returns whether the look of the table gives its first row a special format."""
    look = table.find(f"{qualify_name('w:tblPr')}/{qualify_name('w:tblLook')}")
    if look is None:
        return None
    own = look.get(qualify_name("w:firstRow"))
    if own is not None:
        return True if own not in _OFF else None
    try:
        return True if int(look.get(qualify_name("w:val"), "0"), 16) & _FIRST_ROW else None
    except ValueError:
        return None


def _read_aligns(rows: tuple[tuple[Cell | None, ...], ...], width: int) -> tuple[Align, ...]:
    """Reads the alignment of each column: at its end if all cells below its header are aligned there."""
    aligns = []
    for column in range(width):
        cells = [row[column].element for row in rows[1:] if row[column] is not None]  # type: ignore[union-attr]
        setting = [
            read_value(cell.find(f"{qualify_name('w:p')}/{qualify_name('w:pPr')}"), "w:jc")
            for cell in cells
            if cell is not None
        ]
        if setting and all(each in _ENDS for each in setting):
            aligns.append(Align.END)
        elif setting and all(each == "center" for each in setting):
            aligns.append(Align.CENTER)
        else:
            aligns.append(Align.START)
    return tuple(aligns)


def _read_integer(properties: Element | None, name: str) -> int:
    setting = read_value(properties, name) or ""
    return min(int(setting), _MAX_COLUMNS) if setting.isdecimal() and len(setting) < 6 else 0
