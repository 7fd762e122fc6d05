"""A sheet to the declaration of a dataset: which columns name the rows, and the units that the headers name."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from brief.model.figures.units import SYMBOLS, find_meant_unit, find_own_unit, split_quotient
from brief.reading.bibliography import make_slug
from brief.reading.tables.sheets import CellValue, Sheet

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+(,[0-9]+)?")
_COMMA_DECIMALS = re.compile(r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
_UNIT = re.compile(r".*[(\[（](?P<unit>[^()\[\]（）]+)[)\]）]|.*\s(?P<sign>[%％‰])")
_CURRENCY = re.compile("[A-Z]{3}")
_TIME_HEADERS = frozenset(("year", "month", "quarter", "week", "day", "date", "年", "年份", "月份"))


@dataclass(frozen=True, slots=True)
class _GuessedColumn:
    id: str
    header: str
    values: tuple[CellValue, ...]
    is_figure: bool


def write_dataset(sheet: Sheet, file: str, sheet_name: str | None) -> str | None:
    """Writes the YAML of `datasets:` for a sheet, with a comment on all that is guessed; None where it has no figures."""
    if len(sheet.rows) < 2:
        return None
    body = [cells for _, cells in sheet.rows[1:]]
    has_commas = not sheet.is_workbook and any(
        isinstance(cell, str) and _COMMA_DECIMALS.fullmatch(cell) for row in body for cell in row
    )
    columns = tuple(_read_columns(sheet, body, has_commas))
    key = _find_key([column for column in columns if not column.is_figure], len(body))
    if not key and columns:
        key = [columns[0]]
    figures = [column for column in columns if column.is_figure and column not in key]
    if not figures:
        return None
    lines = ["datasets:", "  - id: data", f"    file: {_quote(file)}"]
    lines += [f"    sheet: {_quote(sheet_name)}"] if sheet_name else []
    lines += ["    # guessed from the cells", '    decimal: ","'] if has_commas else []
    is_unique = len({tuple(str(column.values[row]) for column in key) for row in range(len(body))}) == len(body)
    lines.append(f"    # guessed: {'these columns name each row' if is_unique else 'NO columns name each row once'}")
    lines += [f"    key: [{', '.join(column.id for column in key)}]", "    columns:"]
    for column in key:
        lines.append(f"      {column.id}: {{header: {_quote(column.header)}}}")
    for column in figures:
        lines += _describe_figure(column, sheet.is_workbook)
    for column in columns:
        if column not in key and column not in figures:
            lines.append(f"    # omitted: contains no figures: {_quote(column.header)}")
    return "\n".join(lines) + "\n"


def _read_columns(sheet: Sheet, body: list[tuple[CellValue, ...]], has_commas: bool) -> Iterator[_GuessedColumn]:
    used: set[str] = set()
    number = _COMMA_NUMBER if has_commas else _NUMBER
    for at, header in enumerate(sheet.rows[0][1]):
        title = str(header)
        if not title:
            continue
        name = make_slug(re.sub(r"[(\[（].*[)\]）]", "", title)) or f"column-{at + 1}"
        while name in used:
            name = f"{name}-{at + 1}"
        used.add(name)
        cells = tuple(row[at] if at < len(row) else "" for row in body)
        filled = [cell for cell in cells if cell != ""]
        is_figure = (
            bool(filled)
            and title.casefold() not in _TIME_HEADERS
            and all(
                isinstance(cell, Decimal)
                or (not sheet.is_workbook and isinstance(cell, str) and number.fullmatch(cell))
                for cell in filled
            )
        )
        yield _GuessedColumn(name, title, cells, is_figure)


def _find_key(candidates: list[_GuessedColumn], rows: int) -> list[_GuessedColumn]:
    """Returns the first columns of texts and dates that together differ from row to row; all of them where none do."""
    key: list[_GuessedColumn] = []
    for column in candidates:
        if "" in column.values or any(isinstance(cell, str) and len(cell) > 60 for cell in column.values):
            continue
        key.append(column)
        if len({tuple(str(column.values[row]) for column in key) for row in range(rows)}) == rows:
            return key
    return key


def _describe_figure(column: _GuessedColumn, is_workbook: bool) -> Iterator[str]:
    match = _UNIT.fullmatch(column.header)
    written = (match["unit"] or match["sign"]).strip() if match else ""
    unit = _find_unit(written) if written else None
    if unit:
        yield f"      # unit guessed from the header: {unit}"
    elif written:
        yield f"      # unknown unit {_quote(written)} in the header: correct it"
    else:
        yield "      # unit guessed: the header has none: count"
    parts = [f"unit: {_quote(unit) if unit else 'count'}", f"header: {_quote(column.header)}"]
    if unit == "percent" and is_workbook:
        largest = max((abs(cell) for cell in column.values if isinstance(cell, Decimal)), default=Decimal(0))
        factor = 100 if largest <= 1 else 1
        yield f"      # factor guessed from the largest value, {largest:f}: does the sheet hold 12.3% as 0.123?"
        parts.append(f"factor: {factor}")
    yield f"      {column.id}: {{{', '.join(parts)}}}"


def _find_unit(written: str) -> str | None:
    quotient = split_quotient(written)
    if quotient is not None:
        above, below = _find_unit(quotient.numerator), _find_unit(quotient.denominator)
        amount = "" if quotient.amount == 1 else f"{quotient.amount} "
        return f"{above}/{amount}{below}" if above and below else None
    if written in SYMBOLS or find_own_unit(written) is not None or _CURRENCY.fullmatch(written):
        return written
    return find_meant_unit(written)


def _quote(text: str) -> str:
    # A JSON string is a YAML one.
    return json.dumps(text, ensure_ascii=False)
