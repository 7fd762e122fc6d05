"""The workbook behind a native chart, which opens when a reader chooses to edit its data."""

import io
from collections.abc import Sequence
from datetime import datetime

from brief.charts.text_alternative import name_series
from brief.model.catalogue import Catalogue
from brief.model.variant import Chart
from brief.writers.docx.charts.chart_figures import FormattedValue
from brief.writers.ooxml.package import pack, unpack

SHEET = "Sheet1"
# The earliest time that a ZIP archive can record. It is the same for every workbook, so that the bytes are
# reproducible.
_CREATED = datetime(1980, 1, 1)
_COLUMN_WIDTH = 24


def build_workbook(chart: Chart, rows: Sequence[Sequence[FormattedValue]], face: str, catalogue: Catalogue) -> bytes:
    """Builds a workbook with one sheet in the font `face`. Its first column has the unit and, below it, the categories;
    each series has one more column.

    The same chart always gives the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    # Texts that look like formulas, numbers or links stay texts.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": face, "font_size": 10},
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, len(rows), _COLUMN_WIDTH)
        sheet.write_string(0, 0, chart.unit)
        for line, category in enumerate(chart.categories, start=1):
            sheet.write_string(line, 0, category)
        formats = {figure.code: book.add_format({"num_format": figure.code}) for row in rows for figure in row}
        for column, (series, row) in enumerate(zip(chart.series, rows, strict=True), start=1):
            sheet.write_string(0, column, name_series(series, series.unit, catalogue))
            for line, figure in enumerate(row, start=1):
                if figure.value is None:
                    sheet.write_blank(line, column, None)
                else:
                    sheet.write_number(line, column, figure.value, formats[figure.code])
    return pack(unpack(buffer.getvalue())).read()


def get_column_letters(number: int) -> str:
    """Returns the name in formulas of a column, counted from 1 after the column of the categories: the first is B."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
