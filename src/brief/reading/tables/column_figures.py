"""Reads the figures of a column and the decimal places of their last digits, and reports cells without a number."""

import re
from datetime import date
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset, DatasetColumn
from brief.model.figures.units import canonicalise_unit, is_currency_code
from brief.model.record import dataclass
from brief.model.source_location import Slug
from brief.reading.tables.column_rules import find_broken_rule
from brief.reading.tables.sheets import CellValue, Sheet
from brief.reading.tables.workbook_parts import ERRORS, UNCALCULATED
from brief.reading.tables.written_numbers import parse_number, suggest_number
from brief.reading.values import LARGEST_FIGURE, SMALLEST_FIGURE

# Figures with at least this factor print in a scale, such as millions.
_MIN_SCALE = 1_000
# The sign that may follow the numbers of a unit.
_SIGNS = {"percent": re.compile(r"\s*[%％]$"), "permille": re.compile(r"\s*‰$")}


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """A column of figures, and its position in the sheet, from 0."""

    dataset: Dataset
    name: Slug
    sheet: Sheet
    position: int
    sink: DiagnosticSink

    @property
    def declared(self) -> DatasetColumn:
        """The declaration of the column in the record."""
        return self.dataset.columns[self.name]

    def read_figures(self) -> tuple[list[Decimal | None], list[int | None]]:
        """Returns the figure of each row, and the decimal place of its last digit as a power of ten.

        Both are None for a cell that is empty or has no usable figure, which is reported. All places are None if all
        figures are whole (in a scale, whole multiples of it), or if the record says how many decimals print.
        """
        cells = [(number, get_cell(row, self.position)) for number, row in self.sheet.rows[1:]]
        figures = [self.read_figure(number, cell) for number, cell in cells]
        places = [
            None if figure is None else self.find_last_place(number, cell, figure)
            for (number, cell), figure in zip(cells, figures, strict=True)
        ]
        factor = self.declared.factor or Decimal(1)
        units_place = factor.adjusted() if factor >= _MIN_SCALE else 0
        is_whole = all(place is None or place >= units_place for place in places)
        return (
            [
                # A text such as "12.40" keeps its zeros: in millions it is 1240E+4, and prints as 12.40 million.
                figure if figure is None or isinstance(cell, str) else Decimal(f"{figure:f}")
                for (_, cell), figure in zip(cells, figures, strict=True)
            ],
            [None] * len(places) if is_whole or self.declared.decimals is not None else places,
        )

    def find_last_place(self, number: int, cell: CellValue, figure: Decimal) -> int:
        """Returns the power of ten of the last digit that a cell stores or shows: -1 for 3 with the format 0.0.

        `number` is the number of the cell's row, and `figure` is its value times the factor.
        """
        factor = self.declared.factor
        place = _find_place(figure)
        cell_format = self.sheet.get_format(number, self.position)
        # Workbooks show two decimals of all money, however many of them are known.
        if cell_format is None or isinstance(cell, str) or is_currency_code(self.declared.unit.partition("/")[0]):
            return place
        is_as_shown = cell_format.divisor == 1 and (factor == 100 if cell_format.is_percent else factor in (None, 1))
        # A format may add zeros to the digits of a cell, but the digits that it hides count as well.
        return -cell_format.decimals if is_as_shown and place > -cell_format.decimals else place

    def read_figure(self, number: int, cell: CellValue) -> Decimal | None:
        """Returns the figure of a cell times the factor of its column.

        Returns None if the cell is empty, or if it has no usable figure, which is reported. Also reports a cell that
        breaks a rule of its column. `number` is that of its row.
        """
        if cell == "":
            self.check_rules(number, cell, None)
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
        self.check_rules(number, cell, figure)
        return figure

    def check_rules(self, number: int, cell: CellValue, figure: Decimal | None) -> None:
        """Reports a cell whose figure breaks a rule of the column, or that is empty although the column needs a figure."""
        if broken := find_broken_rule(self.declared, figure):
            text = "the cell" if figure is None else f"'{format_cell(cell)}'"
            if not (self.sheet.is_workbook or self.sheet.is_given):
                text = f"in column '{self.name}', {text}"
            hint = "correct the cell, or the rule below 'columns:'"
            self.sink.add_error("column-rule", self.sheet.locate(number, self.position), f"{text} {broken}", hint)

    def strip_sign(self, text: str) -> str:
        """Removes % or ‰ from a cell of a CSV file such as `12,5 %`, if the column has that unit and no factor."""
        is_as_typed = not (self.sheet.is_workbook or self.sheet.is_given) and self.declared.factor in (None, 1)
        sign = _SIGNS.get(canonicalise_unit(self.declared.unit)) if is_as_typed else None
        return sign.sub("", text) if sign else text

    def suggest_fix(self, value: CellValue) -> str:
        """Suggests what to do about a cell that is not a number."""
        text = format_cell(value)
        # A date of 1900 is a duration of more than a day, in a format that does not show days.
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
    """Returns the power of ten of the last digit of a finite number."""
    return int(figure.as_tuple().exponent)


def get_cell(cells: tuple[CellValue, ...], position: int) -> CellValue:
    """Returns the cell at a position, from 0; an empty text beyond the end of the row."""
    return cells[position] if position < len(cells) else ""


def format_cell(value: CellValue) -> str:
    """Returns the text of a cell; numbers have no exponent, and dates are in ISO 8601."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
