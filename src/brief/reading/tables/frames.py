"""Tables that a program gives: any DataFrame, or a list of records, to the rows of plain cells that files are read as."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from math import isnan

from brief.reading.tables.sheets import DIGITS, CellValue, Sheet, convert_value

# Binary numbers have 15 significant decimal digits that survive (IEEE 754), those of 32 bits have 6; with one more, a
# number that was typed with 7 digits is still read as typed.
_SINGLE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A table as it was when it was given, and the digest of all of its cells."""

    sheet: Sheet
    digest: bytes


def read_given(name: str, table: object) -> GivenTable:
    """Reads a copy of the table that is given for the dataset `source/dataset`.

    Raises:
        TypeError: `table` is neither a DataFrame that narwhals knows nor a sequence of mappings.
    """
    columns = _read_records(name, table) if isinstance(table, Sequence) else _read_frame(name, table)
    header: tuple[CellValue, ...] = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    cells = ((0, header), *enumerate(rows, 1)) if header else ()
    sheet = Sheet(f"data['{name}']", cells, 0, is_workbook=False, is_given=True)
    return GivenTable(sheet, sha256(repr(cells).encode()).digest())


def _read_frame(name: str, table: object) -> dict[str, list[CellValue]]:
    # Imported where a frame is given, for few projects are.
    import narwhals as nw

    try:
        frame = nw.from_native(table, eager_only=True)  # type: ignore[call-overload]  # it raises for all else
        columns = [(str(column.name), column.dtype == nw.Float32, column.to_list()) for column in frame.iter_columns()]
    except (TypeError, ValueError, nw.exceptions.NarwhalsError) as problem:
        kind = f"{type(table).__module__}.{type(table).__qualname__}"
        raise TypeError(
            f"data['{name}'] is a {kind}: give a DataFrame with one column of each name, or a list of records "
            f"(collect a lazy frame first): {problem}"
        ) from problem
    return {
        title: [_convert_cell(value, _SINGLE_DIGITS if is_single else DIGITS) for value in values]
        for title, is_single, values in columns
    }


def _read_records(name: str, records: Sequence[object]) -> dict[str, list[CellValue]]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise TypeError(f"data['{name}'] row {number} is a {type(record).__name__}, not a mapping of columns")
    mappings = [record for record in records if isinstance(record, Mapping)]
    columns: Iterable[object] = dict.fromkeys(column for record in mappings for column in record)
    return {str(column): [_convert_cell(record.get(column), DIGITS) for record in mappings] for column in columns}


def _convert_cell(value: object, digits: int) -> CellValue:
    """Returns the cell as files hold it: a figure, a date, or a text, which is empty where there is nothing."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        digits = _SINGLE_DIGITS if type(value).__name__ == "float32" else digits
        value = value.item()
    if isinstance(value, Decimal):
        return "" if value.is_nan() else value
    return "" if isinstance(value, float) and isnan(value) else convert_value(value, digits)
