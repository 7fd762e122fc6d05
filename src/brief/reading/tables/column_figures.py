"""Reads the figures of a column with the place of their last digits, and reports each cell that is not a number."""

import re
from datetime import date
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import canonicalise_unit, is_currency_code
from brief.model.record import dataclass
from brief.model.source_location import Slug
from brief.reading.tables.sheets import CellValue, Sheet
from brief.reading.tables.workbook_parts import ERRORS, UNCALCULATED
from brief.reading.tables.written_numbers import parse_number, suggest_number
from brief.reading.values import LARGEST_FIGURE, SMALLEST_FIGURE

# From this factor on, figures print in a scale.
_LEAST_SCALE = 1_000
# The sign that may follow the numbers of a unit.
_SIGNS = {"percent": re.compile(r"\s*[%％]$"), "permille": re.compile(r"\s*‰$")}


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """A column of figures, and its position in the sheet."""

    dataset: Dataset
    name: Slug
    sheet: Sheet
    position: int
    sink: DiagnosticSink

    @property
    def declared(self) -> DatasetColumn:
        """What the record says of the column."""
        return self.dataset.columns[self.name]

    def read_figures(self) -> tuple[list[Decimal | None], list[int | None]]:
        """Returns the figure of each row, and the place of the figure's last digit as a power of ten; None for an empty
        cell.

        There are no places if all figures are whole, or if the record says how many decimals print.
        """
        cells = [(number, get_cell(row, self.position)) for number, row in self.sheet.rows[1:]]
        figures = [self.read_figure(number, cell) for number, cell in cells]
        places = [
            None if figure is None else self.find_last_place(number, cell, figure)
            for (number, cell), figure in zip(cells, figures, strict=True)
        ]
        factor = self.declared.factor or Decimal(1)
        whole = factor.adjusted() if factor >= _LEAST_SCALE else 0
        is_whole = all(place is None or place >= whole for place in places)
        return (
            [
                # "12.40" in millions is 1240E+4: the last digit known of 12,400,000 is in the ten thousands, so it prints as 12.40 in
                # a scale of millions.
                figure if figure is None or isinstance(cell, str) else Decimal(f"{figure:f}")
                for (_, cell), figure in zip(cells, figures, strict=True)
            ],
            [None] * len(places) if is_whole or self.declared.decimals is not None else places,
        )

    def find_last_place(self, number: int, cell: CellValue, figure: Decimal) -> int:
        """Returns the power of ten of the last digit that a cell has or shows: -1 for 3 with the format 0.0."""
        factor = self.declared.factor
        place = _find_place(figure)
        style = self.sheet.get_format(number, self.position)
        # Workbooks show two decimals of all money, whatever is known of it.
        if style is None or isinstance(cell, str) or is_currency_code(self.declared.unit.partition("/")[0]):
            return place
        is_as_shown = style.multiple == 1 and (factor == 100 if style.is_percent else factor in (None, 1))
        # A cell that shows less than it has is not rounded, so it has no more digits than it has.
        return -style.decimals if is_as_shown and place > -style.decimals else place

    def read_figure(self, number: int, cell: CellValue) -> Decimal | None:
        """Returns the figure of a cell, times the factor of its column; None if the cell is empty, or if it has no
        usable figure, which is reported.
        """
        if cell == "":
            return None
        figure = cell if isinstance(cell, Decimal) else None
        if isinstance(cell, str):
            figure = parse_number(self.strip_sign(cell), self.dataset.decimal)
        if figure is None or not figure.is_finite():
            text = format_cell(cell)
            message, hint = f"'{text}' is not a number", self.suggest_fix(cell)
            if text == UNCALCULATED:
                message = f"the cell contains {UNCALCULATED}"
            if not (self.sheet.is_workbook or self.sheet.is_given):
                message = f"in column '{self.name}', {message}"
            self.sink.add_error("bad-number", self.sheet.locate(number, self.position), message, hint)
            return None
        factor = self.declared.factor
        if factor is not None and factor != 1:
            # Multiplying by a hundred keeps the digits, and adds none: 0.333 is 33.3%.
            is_power = factor.normalize().as_tuple().digits == (1,) and factor > 0
            figure = figure.scaleb(factor.adjusted()) if is_power else figure * factor
        if figure and not SMALLEST_FIGURE <= abs(figure) <= LARGEST_FIGURE:
            message = f"'{format_cell(cell)}' is out of range"
            hint = "state it in another unit, between 0.000001 and 1,000,000,000,000,000"
            self.sink.add_error("bad-number", self.sheet.locate(number, self.position), message, hint)
            return None
        return figure

    def strip_sign(self, text: str) -> str:
        """Removes the sign of a cell of a CSV file such as `12,5 %`, in a column with that unit."""
        is_as_typed = not (self.sheet.is_workbook or self.sheet.is_given) and self.declared.factor in (None, 1)
        sign = _SIGNS.get(canonicalise_unit(self.declared.unit)) if is_as_typed else None
        return sign.sub("", text) if sign else text

    def suggest_fix(self, value: CellValue) -> str:
        """Suggests what to do about a cell that is not a number."""
        text = format_cell(value)
        # Where a format has no room for days, workbooks show a duration of a day as a date of 1900.
        if isinstance(value, date) and value.year > 1900:
            return "a date is not a figure; use it in 'key:', or, if 3-5 became the 3rd of May, put the two ends into two columns"
        if text == UNCALCULATED:
            return "open the workbook in a spreadsheet program, and save it"
        if ERRORS.fullmatch(text):
            return "correct the formula, or leave the cell empty"
        if self.sheet.is_workbook and parse_number(text, self.dataset.decimal) is not None:
            return "the cell contains text; format it as a number and enter it again"
        return suggest_number(text, self.dataset.decimal) or "enter a number, or leave the cell empty"


def _find_place(figure: Decimal) -> int:
    """Returns the power of ten of the last digit."""
    return int(figure.as_tuple().exponent)


def get_cell(cells: tuple[CellValue, ...], position: int) -> CellValue:
    """Returns a cell of a row, empty beyond its end."""
    return cells[position] if position < len(cells) else ""


def format_cell(value: CellValue) -> str:
    """Returns the text of a cell."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
