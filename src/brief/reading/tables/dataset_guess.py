"""Guesses the declaration of a dataset from a sheet: its key columns, and the units and factors of its figures."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.units import PRINTED_SYMBOLS, canonicalise_unit, find_meant_unit, is_currency_code
from brief.model.han import IDEOGRAPH
from brief.model.record import dataclass
from brief.model.scripts import can_encode
from brief.reading.bibliography import make_slug
from brief.reading.edits.quoting import quote_scalar
from brief.reading.tables.cell_format_checks import PERCENT_UNITS
from brief.reading.tables.decimal_marks import DELIMITERS_BESIDE_COMMAS
from brief.reading.tables.key_periods import looks_like_other_notation
from brief.reading.tables.number_formats import PERCENT_SIGNS, CellFormat
from brief.reading.tables.sheets import CellValue, Sheet
from brief.reading.tables.written_numbers import INDIAN, SPACED, SWISS
from brief.reading.tables.written_units import (
    PER_MYRIADS_FIRST,
    TIME_HEADERS,
    find_multiple,
    find_stated_unit,
    find_unit,
)

# A number of a CSV file, with a decimal point or comma, thousands in groups, and a percent sign.
_SIGN, _PERCENT, _POWER = r"[+\u2212-]?", r"(\s*[%％])?", r"([eE][+-]?[0-9]{1,2})?"
_POINT_NUMBER = re.compile(
    rf"{_SIGN}([0-9]+|[0-9]{{1,3}}(,[0-9]{{3}})+|{INDIAN}|{SWISS}|{SPACED})(\.[0-9]+)?{_POWER}{_PERCENT}"
)
_COMMA_NUMBER = re.compile(rf"{_SIGN}([0-9]+|[0-9]{{1,3}}(\.[0-9]{{3}})+|{SWISS}|{SPACED})(,[0-9]+)?{_POWER}{_PERCENT}")
_COMMA_DECIMALS = re.compile(
    rf"{_SIGN}(([0-9.]+|{SWISS}|{SPACED}),([0-9]{{1,2}}|[0-9]{{4,}})|(0|[0-9.]+\.[0-9]{{3}}|{SWISS}|{SPACED}),[0-9]+){_PERCENT}"
)
_THOUSANDS = re.compile(rf"{_SIGN}([1-9][0-9]{{0,2}}(,[0-9]{{3}})+|{INDIAN}|{SWISS}|{SPACED})(\.[0-9]+)?{_PERCENT}")
# A number whose commas can only separate thousands. Without one in a file whose columns are not separated by commas,
# 3,125 may be either 3125 or a fraction.
_POINT_DECIMALS = re.compile(
    rf"{_SIGN}([0-9]{{1,3}}(,[0-9]{{3}}){{2,}}|{INDIAN}|[0-9,]+,[0-9]{{3}}\.[0-9]+|({SWISS}|{SPACED})\.[0-9]+"
    rf"|[0-9]+\.([0-9]{{1,2}}|[0-9]{{4,}})|0\.[0-9]+){_PERCENT}"
)
# Units such as "% of GDP" are percentages; "of GDP" belongs in the titles.
_SHARE = re.compile(
    r"(%|％|percent|per cent|Prozent|pour cent) ?(of|p\.? ?a\.?|des?|du|der|del?|vom|von) ?.*", re.IGNORECASE
)
# A number with a currency, or in brackets, which mean a loss; it cannot be read unchanged.
_MARKED_NUMBER = re.compile(
    r"(?=.*([$€£¥(]|[A-Z]{3}))\(?[+\u2212-]?\s*([A-Z]{0,3}[$€£¥]?\s*)[0-9][0-9.,\s]*([$€£¥]|[A-Z]{3})?\)?"
)
# The currency of China, Taiwan, Hong Kong or Macau; 美元 and 港元 name one currency and do not match.
_YUAN = re.compile("[百千十万萬亿億]*元(/.+)?")
# A header such as "TEU" or "Days" may itself be a unit; one or two letters, such as "A", seldom are.
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class _GuessedColumn:
    """A column with a name in the first row, at `position`, from 0, and the cells below it.

    `not_a_figure` is the first cell that is not a number, or empty, and `numbers` counts the numbers. `formats` has the
    format of each number in a workbook.
    """

    position: int
    id: str
    header: str
    values: tuple[CellValue, ...]
    is_figure: bool
    not_a_figure: str = ""
    numbers: int = 0
    formats: tuple[CellFormat | None, ...] = ()

    @property
    def styles(self) -> tuple[CellFormat, ...]:
        """The formats of the cells that have a format."""
        return tuple(style for style in self.formats if style is not None)

    @property
    def omission(self) -> str:
        """Why the column is left out, as a predicate that follows its name."""
        if not self.numbers:
            return "contains no figures"
        if self.header.casefold() in TIME_HEADERS:
            return "contains periods, which the rows do not need as names"
        filled = sum(value != "" for value in self.values)
        return f"contains numbers in {self.numbers} of its {filled} cells, and others such as {quote_scalar(self.not_a_figure)}"


def write_dataset(
    sheet: Sheet, file: str, sheet_name: str | None, sink: DiagnosticSink, extra_lines: Iterable[str] = ()
) -> str | None:
    """Returns the YAML of `datasets:` for a sheet, with a comment on every guess; None if the sheet has no figures.

    `file` and `sheet_name` name the sheet in the record, and `extra_lines` are added to the dataset. Columns that are
    left out are reported.
    """
    if len(sheet.rows) < 2:
        return None
    rows = [cells for _, cells in sheet.rows[1:]]
    has_commas = _find_cell(sheet, _COMMA_DECIMALS) is not None
    # Most numbers with groups of thousands can be read only if the record names the decimal mark.
    grouped = None if has_commas else _find_cell(sheet, _THOUSANDS)
    is_ambiguous = (
        grouped is not None
        and re.search("[0-9],[0-9]", grouped) is not None
        and sheet.delimiter in DELIMITERS_BESIDE_COMMAS
        and _find_cell(sheet, _POINT_DECIMALS) is None
    )
    columns = tuple(_read_columns(sheet, rows, has_commas))
    key = _find_key([column for column in columns if not column.is_figure], len(rows))
    if not key and columns:
        key = [columns[0]]
    figures = [column for column in columns if column.is_figure and column not in key]
    if not figures:
        return None
    lines = ["datasets:", "  - id: data", *(f"    {line}" for line in extra_lines), f"    file: {quote_scalar(file)}"]
    lines += [f"    sheet: {quote_scalar(sheet_name)}"] if sheet_name else []
    if has_commas or grouped:
        lines += _write_decimal_mark(grouped, is_ambiguous=is_ambiguous)
    lines += _write_key(key, len(rows))
    is_mainland = _is_simplified(sheet)
    for column in figures:
        lines += _write_figure(column, sheet.is_workbook, is_mainland=is_mainland)
    for column in columns:
        if column not in key and column not in figures:
            lines.append(f"    # omitted: {column.omission}: {quote_scalar(column.header)}")
            _report_omission(sheet, column.position, f"column '{column.header}' {column.omission}", sink)
    _report_unnamed_columns(sheet, rows, sink)
    return "\n".join(lines) + "\n"


def _write_key(key: list[_GuessedColumn], rows: int) -> Iterator[str]:
    """Yields the lines of the key of a sheet with this number of rows, and the first lines of the columns."""
    is_unique = _identifies_each_row(key, rows)
    yield f"    # guessed: {'these columns name each row' if is_unique else 'NO columns name each row once'}"
    yield f"    key: [{', '.join(column.id for column in key)}]"
    yield "    columns:"
    for column in key:
        is_period = all(looks_like_other_notation(str(cell)) for cell in column.values)
        if is_period:
            yield "      # type guessed from the cells: they look like periods"
        kind = "type: period, " if is_period else ""
        yield f"      {column.id}: {{{kind}header: {quote_scalar(column.header)}}}"


def _identifies_each_row(columns: list[_GuessedColumn], rows: int) -> bool:
    """Returns whether no two rows have the same values in these columns."""
    return len({tuple(str(column.values[row]) for column in columns) for row in range(rows)}) == rows


def _report_unnamed_columns(sheet: Sheet, rows: list[tuple[CellValue, ...]], sink: DiagnosticSink) -> None:
    headers = sheet.rows[0][1]
    for position in range(max(map(len, rows))):
        header = headers[position] if position < len(headers) else ""
        if header == "" and any(position < len(row) and row[position] != "" for row in rows):
            _report_omission(sheet, position, "a column has cells, but no name in the first row", sink)


def _report_omission(sheet: Sheet, position: int, message: str, sink: DiagnosticSink) -> None:
    hint = "if you need it, add it to 'key:' or below 'columns:' of the record, with a name in the first row"
    sink.add_warning("import-omitted", sheet.locate(sheet.rows[0][0], position), f"{message}, and is left out", hint)


def _find_cell(sheet: Sheet, pattern: re.Pattern[str]) -> str | None:
    """Returns the first cell below the header of a CSV file that matches the pattern, or None."""
    texts = (cell for _, row in sheet.rows[1:] for cell in row if isinstance(cell, str) and not sheet.is_workbook)
    return next((text for text in texts if pattern.fullmatch(text)), None)


def _write_decimal_mark(grouped: str | None, *, is_ambiguous: bool) -> list[str]:
    """Returns the lines that name the decimal mark. If `grouped`, a number with groups of thousands, is ambiguous, they
    name none, so that `brief check` reports it.
    """
    if grouped and is_ambiguous:
        fraction = grouped.replace(",", ".")
        readings = f'{fraction} (write ",") or {grouped.replace(",", "")} (write ".")'
        return [f"    # the cells do not show whether {quote_scalar(grouped)} is {readings}", "    decimal:"]
    return ["    # guessed from the cells", f'    decimal: "{"." if grouped else ","}"']


def _read_columns(sheet: Sheet, rows: list[tuple[CellValue, ...]], has_commas: bool) -> Iterator[_GuessedColumn]:
    """Yields the columns with a name. `has_commas` says that the decimal mark is a comma."""
    used_ids: set[str] = set()
    number_pattern = _COMMA_NUMBER if has_commas else _POINT_NUMBER
    for position, header in enumerate(sheet.rows[0][1]):
        title = str(header)
        if not title:
            continue
        name = make_slug(re.sub(r"[(\[（].*[)\]）]", "", title)) or f"column-{position + 1}"
        while name in used_ids:
            name = f"{name}-{position + 1}"
        used_ids.add(name)
        cells = tuple(row[position] if position < len(row) else "" for row in rows)
        filled = [cell for cell in cells if cell != ""]
        numbers = [
            cell
            for cell in filled
            if isinstance(cell, Decimal)
            or (not sheet.is_workbook and isinstance(cell, str) and number_pattern.fullmatch(cell))
        ]
        # Cells such as "n/a" and "123*" among figures are reported when the dataset is read.
        marked = [cell for cell in filled if isinstance(cell, str) and _MARKED_NUMBER.fullmatch(cell)]
        is_figure = title.casefold() not in TIME_HEADERS and 2 * len(numbers + marked) > len(filled)
        others = [str(cell) for cell in filled if cell not in numbers]
        formats = tuple(
            sheet.get_format(number, position)
            for number, row in sheet.rows[1:]
            if position < len(row) and isinstance(row[position], Decimal)
        )
        yield _GuessedColumn(position, name, title, cells, is_figure, next(iter(others), ""), len(numbers), formats)


def _find_key(candidates: list[_GuessedColumn], rows: int) -> list[_GuessedColumn]:
    """Returns the first of the columns that together differ from row to row; all of them if none do.

    Columns with empty cells or long texts are not considered.
    """
    key: list[_GuessedColumn] = []
    for column in candidates:
        if "" in column.values or any(isinstance(cell, str) and len(cell) > 60 for cell in column.values):
            continue
        key.append(column)
        if _identifies_each_row(key, rows):
            return key
    return key


def _is_simplified(sheet: Sheet) -> bool:
    """Returns whether a sheet has characters that only Simplified Chinese has, and none that only Traditional has."""
    characters = set("".join(cell for _, row in sheet.rows for cell in row if isinstance(cell, str)))
    han = [char for char in characters if IDEOGRAPH.match(char)]
    of_one_script = [char for char in han if can_encode(char, "gb2312") != can_encode(char, "big5")]
    return bool(of_one_script) and all(can_encode(char, "gb2312") for char in of_one_script)


def _write_figure(column: _GuessedColumn, is_workbook: bool, *, is_mainland: bool) -> Iterator[str]:
    """Yields the lines of a column of figures. `is_mainland` says that 元 is the currency of China."""
    guess = _guess_unit(column, is_mainland=is_mainland)
    factor, comments = _guess_factor(column, guess, is_workbook)
    comments.insert(0, guess.comment)
    if column.not_a_figure:
        comments.append(
            f"cells such as {quote_scalar(column.not_a_figure)} are no numbers: correct or empty them in the file"
        )
    # An unknown unit or factor stays empty, which is an error, so that no figure is printed without it.
    parts = [f"unit: {quote_scalar(guess.unit) if guess.unit else ''}", f"header: {quote_scalar(column.header)}"]
    parts += [f"factor: {factor}"] if factor is not None else []
    if (decimals := _find_shown_decimals(column, has_unit=bool(guess.unit), factor=factor)) is not None:
        parts.append(f"decimals: {decimals}")
        if not any(style.is_percent or style.currency for style in column.styles):
            comments.append("decimals from the format of the cells, which hides some of the stored ones")
    yield from (f"      # {comment}" for comment in comments)
    yield f"      {column.id}: {{{', '.join(parts)}}}"


@dataclass(frozen=True, slots=True)
class _UnitGuess:
    """The unit of a column, None if unknown; the factor that the header or the cells state; and the reason."""

    unit: str | None
    factor: int
    comment: str


def _guess_unit(column: _GuessedColumn, *, is_mainland: bool) -> _UnitGuess:
    unit_text = find_stated_unit(column.header)
    # Japanese and Korean headers of rates say the amount first: 10万人当たり患者数.
    rate = PER_MYRIADS_FIRST.match(column.header)
    unit_text = unit_text or (rate[0] if rate else "")
    if unit_text:
        return _read_unit(unit_text, column, is_mainland=is_mainland)
    return _guess_unit_from_cells(column, is_mainland)


def _read_unit(unit_text: str, column: _GuessedColumn, *, is_mainland: bool) -> _UnitGuess:
    """Guesses the unit from the unit in a header, and compares it with the currencies of the cells' formats."""
    is_share = _SHARE.fullmatch(unit_text) is not None
    unit, factor, comment = "percent" if is_share else find_unit(unit_text), 1, ""
    if unit:
        comment = f"unit guessed from the header: {unit}"
    elif multiple := find_multiple(unit_text):
        unit, factor = multiple
        comment = f"unit and factor guessed from the header: {quote_scalar(unit_text)}"
    if _YUAN.fullmatch(unit_text) and not is_mainland:
        return _UnitGuess(None, factor, "元 is a unit of several currencies: state CNY, TWD, HKD or MOP")
    if not unit:
        comment = f"unknown unit {quote_scalar(unit_text)} in the header"
        return _UnitGuess(None, factor, f"{comment}: write a known unit or count, and a factor if necessary")
    numerator = unit.partition("/")[0]
    numerator = find_meant_unit(numerator) or numerator
    other_currencies = sorted({style.currency for style in column.styles} - {"", numerator})
    if other_currencies and is_currency_code(numerator):
        comment = (
            f"the header says {numerator}, but cells are shown in {' and '.join(other_currencies)}: state the unit"
        )
        return _UnitGuess(None, factor, comment)
    return _UnitGuess(unit, factor, comment)


def _guess_unit_from_cells(column: _GuessedColumn, is_mainland: bool) -> _UnitGuess:
    has_percent_signs = any(isinstance(cell, str) and cell.endswith(("%", "％")) for cell in column.values)
    if has_percent_signs or any(style.is_percent for style in column.styles):
        return _UnitGuess("percent", 1, "unit guessed from the cells: percent")
    currencies = (style.currency or style.ambiguous_sign for style in column.styles)
    signs = list(dict.fromkeys(filter(None, currencies)))
    if not signs:
        return _guess_unit_from_affixes(column)
    if len(signs) > 1:
        several = " and ".join(map(quote_scalar, signs))
        return _UnitGuess(None, 1, f"the cells are shown with {several}: give each currency a column of its own")
    currency = "CNY" if is_mainland and signs == ["元"] else signs[0]
    affixes = {style.affix if style else "" for style in column.formats}
    if affixes != {""}:
        shown = " and ".join(map(quote_scalar, sorted(affixes - {""})))
        multiple = find_multiple(f"{affixes.pop()} {currency}") if len(affixes) == 1 else None
        if multiple is None:
            comment = f"the cells are shown with {quote_scalar(currency)} and {shown}: write the unit, and a factor if necessary"
            return _UnitGuess(None, 1, comment)
        return _UnitGuess(
            *multiple, f"unit and factor guessed from the format of the cells: {quote_scalar(currency)} and {shown}"
        )
    if is_currency_code(currency):
        return _UnitGuess(currency, 1, f"unit guessed from the format of the cells: {currency}")
    shown = f"the cells are shown with {quote_scalar(currency)}, a sign of several currencies: state the unit"
    return _UnitGuess(None, 1, shown)


def _guess_unit_from_affixes(column: _GuessedColumn) -> _UnitGuess:
    """Guesses the unit from the text that cells show with their numbers, or from a header that is itself a unit."""
    affixes = list(dict.fromkeys(style.affix for style in column.styles if style.affix))
    unit = find_unit(column.header) if _LONG_WORD.fullmatch(column.header) else None
    # DWT looks like the code of a currency, and a column "line" usually has numbers of lines.
    if not affixes and unit and unit != "line" and (unit in PRINTED_SYMBOLS or not is_currency_code(unit)):
        return _UnitGuess(unit, 1, f"unit guessed from the header: {unit}")
    if not affixes:
        return _UnitGuess("count", 1, "unit guessed: count, because the header states none")
    shown = " and ".join(map(quote_scalar, affixes))
    unit = find_unit(affixes[0])
    is_alike = all(style is not None and style.affix and style.divisor == 1 for style in column.formats)
    if unit is None or len(affixes) > 1 or not is_alike:
        return _UnitGuess(
            None, 1, f"the cells are shown with {shown}: write the unit or count, and a factor if necessary"
        )
    return _UnitGuess(unit, 1, f"unit guessed from the format of the cells: {unit}")


def _guess_factor(column: _GuessedColumn, guess: _UnitGuess, is_workbook: bool) -> tuple[str | None, list[str]]:
    """Returns the value of `factor`, None for no factor and "" if unknown, and comments on it."""
    stated = str(guess.factor) if guess.factor != 1 else None
    percentages = sum(style.is_percent for style in column.styles)
    is_share = guess.unit is not None and canonicalise_unit(guess.unit) in PERCENT_UNITS
    divisors = {style.divisor if style else 1 for style in column.formats}
    if guess.factor != 1 and divisors - {1}:
        # The figure is the displayed number times the factor of the header; the stored number is the displayed one
        # times the divisor.
        divisor = max(divisors)
        if len(divisors) > 1 or guess.factor % divisor:
            comment = "some cells show the stored number divided: write one factor for all stored numbers"
            return "", [comment]
        comment = f"the cells are shown divided by {divisor:,}, and stored in full: the factor allows for it"
        return str(guess.factor // divisor) if guess.factor != divisor else None, [comment]
    if is_share and any(style.affix in PERCENT_SIGNS for style in column.styles):
        return "1", ["the cells show the stored number with a percent sign: 12.3% is stored as 12.3"]
    if is_share and is_workbook and not percentages:
        largest = max((abs(cell) for cell in column.values if isinstance(cell, Decimal)), default=Decimal(0))
        comment = f"factor guessed from the largest value, {largest:f}: does the sheet store 12.3% as 0.123?"
        # Percentage points are often small, and seldom stored as fractions without a percentage format.
        is_fraction = largest <= 1 and canonicalise_unit(guess.unit or "") == "percent"
        return "100" if is_fraction else "1", [comment]
    if percentages and percentages < len(column.formats):
        comment = (
            "only some of the cells are shown as percentages: make them alike, then write factor: 100 or factor: 1"
        )
        return stated, [comment]
    if percentages and is_share:
        return "100", ["factor and decimals from the format of the cells, which shows 0.123 as 12.3%"]
    return stated, []


def _find_shown_decimals(column: _GuessedColumn, *, has_unit: bool, factor: str | None) -> int | None:
    """Returns the decimals that all cells of a column show, or None. They matter only for percentages and money, and if
    the cells hide stored decimals.
    """
    styles = column.styles
    if not styles or len(styles) < len(column.formats) or any(style.divisor != 1 for style in styles):
        return None
    decimals = max(style.decimals for style in styles)
    if has_unit and any(style.is_percent for style in styles):
        return decimals if factor == "100" else None
    if any(style.currency for style in styles):
        return decimals if has_unit and factor is None else None
    figures = [cell for cell in column.values if isinstance(cell, Decimal)]
    is_rounded = factor is None and any(-int(figure.as_tuple().exponent) > decimals for figure in figures)
    return decimals if is_rounded else None
