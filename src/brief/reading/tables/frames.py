"""Converts tables that a program gives, which are data frames or lists of records, to sheets like those of files."""

import struct
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from math import isfinite, isnan

from brief.model.record import dataclass
from brief.reading.tables.sheets import CellValue, Sheet, convert_value

# Formats of the module struct for binary numbers of 16 and 32 bits (IEEE 754), for which few decimal digits suffice.
_SHORT_FORMATS = {"Float16": "e", "Float32": "f", "float16": "e", "float32": "f"}


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A copy of a table that a program gave, and the SHA-256 of its cells."""

    sheet: Sheet
    digest: bytes


def read_given(name: str, table: object) -> GivenTable:
    """Copies the table that is given for the dataset `name`, in the form `source/dataset`.

    The names of columns are row 0 of the sheet, and the rows of the table count from 1.

    Raises:
        TypeError: `table` is neither a data frame that narwhals supports nor a sequence of mappings.
    """
    columns = _read_records(name, table) if isinstance(table, Sequence) else _read_frame(name, table)
    header: tuple[CellValue, ...] = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    cells = ((0, header), *enumerate(rows, 1)) if header else ()
    sheet = Sheet(f"data['{name}']", cells, 0, is_workbook=False, is_given=True)
    return GivenTable(sheet, sha256(repr(cells).encode()).digest())


def _read_frame(name: str, table: object) -> dict[str, list[CellValue]]:
    # Imported on use, because few programs give a data frame.
    import narwhals as nw

    try:
        frame = nw.from_native(table, eager_only=True)  # type: ignore[call-overload]  # it raises for other types
        columns = [
            (str(column.name), _SHORT_FORMATS.get(str(column.dtype)), column.to_list())
            for column in frame.iter_columns()
        ]
    except (TypeError, ValueError, nw.exceptions.NarwhalsError) as problem:
        kind = f"{type(table).__module__}.{type(table).__qualname__}"
        raise TypeError(
            f"data['{name}'] is a {kind}: give a DataFrame with one column of each name, or a list of records "
            f"(collect a lazy frame first): {problem}"
        ) from problem
    return {
        title: [_convert_cell(_shorten(value, short_format) if short_format else value) for value in values]
        for title, short_format, values in columns
    }


def _read_records(name: str, records: Sequence[object]) -> dict[str, list[CellValue]]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise TypeError(f"data['{name}'] row {number} is a {type(record).__name__}, not a mapping of columns")
    # The names 2025 and "2025" are the same column.
    rows = [{str(column): cell for column, cell in record.items()} for record in records if isinstance(record, Mapping)]
    columns = dict.fromkeys(column for record in rows for column in record)
    return {column: [_convert_cell(record.get(column)) for record in rows] for column in columns}


def _shorten(value: object, short_format: str) -> object:
    """Returns a binary number of 16 or 32 bits as the shortest decimal that rounds to it: 0.1, not 0.0999755859375.

    Other values, and numbers that are not finite, are returned unchanged.
    """
    if not isinstance(value, float) or not isfinite(value):
        return value
    shortest = (f"{value:.{digits}g}" for digits in range(1, 10))
    return next((Decimal(text) for text in shortest if _round_to(text, short_format) == value), value)


def _round_to(text: str, short_format: str) -> float | None:
    """Returns the nearest number with these bits; None if it is too large for them."""
    try:
        (rounded,) = struct.unpack(short_format, struct.pack(short_format, float(text)))
    except OverflowError:
        return None
    return float(rounded)


def _convert_cell(value: object) -> CellValue:
    """Returns a value as a number, a date or a text; a missing value is an empty text."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        short_format = _SHORT_FORMATS.get(type(value).__name__)
        # A date in nanoseconds would become a number.
        if type(value).__name__ == "datetime64":
            value = value.astype("datetime64[us]")  # type: ignore[attr-defined]  # of numpy, which is imported by the caller
        value = value.item()
        value = _shorten(value, short_format) if short_format else value
    if isinstance(value, Decimal):
        return "" if value.is_nan() else value
    return "" if isinstance(value, float) and isnan(value) else convert_value(value)
