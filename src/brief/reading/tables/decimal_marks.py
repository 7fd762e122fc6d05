"""Finds columns of figures whose decimal mark is unclear."""

import re
from collections.abc import Mapping

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import Dataset
from brief.reading.tables.column_figures import get_cell
from brief.reading.tables.sheets import Sheet

# A number whose points may separate thousands or precede three decimals.
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
# A whole number that would have separators in a column with separators of thousands.
_UNSEPARATED = re.compile(r"[+-]?[0-9]{4,}")
# Programs for which the comma is the decimal mark separate columns with one of these characters.
DELIMITERS_BESIDE_COMMAS = (";", "\t")


def check_decimal_mark(dataset: Dataset, sheet: Sheet, positions: Mapping[str, int], sink: DiagnosticSink) -> None:
    """Reports a column whose texts with a point may all be read in two ways: `1.234` is 1234 in German.

    Where commas separate columns, a point is a decimal mark, unless numbers such as 412300 are in the same column.
    `positions` has the position, from 0, of each column of figures in the sheet.
    """
    if dataset.decimal is not None:
        return
    is_comma_separated = sheet.delimiter and sheet.delimiter not in DELIMITERS_BESIDE_COMMAS
    for name, position in positions.items():
        cells = [(number, get_cell(row, position)) for number, row in sheet.rows[1:]]
        texts = [(number, cell.strip()) for number, cell in cells if isinstance(cell, str)]
        dotted = [(number, text) for number, text in texts if "." in text]
        if is_comma_separated and not any(_UNSEPARATED.fullmatch(text) for _, text in texts):
            continue
        if dotted and all(_AMBIGUOUS.fullmatch(text) for _, text in dotted):
            number, text = dotted[0]
            message = f"in column '{name}', '{text}' may be {text.replace('.', '')} or a number with decimals"
            hint = 'write decimal: "," if points separate thousands, otherwise decimal: "."'
            sink.add_error("bad-number", sheet.locate(number, position), message, hint)
