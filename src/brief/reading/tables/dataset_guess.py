"""Guesses the declaration of a dataset from a sheet: the columns that name the rows, and the units in the headers."""

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
from brief.reading.tables.cell_format_checks import SHOWN_AS_PERCENT
from brief.reading.tables.dataset_reader import DELIMITERS_BESIDE_COMMAS
from brief.reading.tables.key_periods import looks_like_other_notation
from brief.reading.tables.number_formats import PERCENT_SIGNS, CellFormat
from brief.reading.tables.sheets import CellValue, Sheet
from brief.reading.tables.written_numbers import INDIAN, SPACED, SWISS
from brief.reading.tables.written_units import find_multiple, find_unit

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
# Without such a number in a file whose columns are not separated by commas, 3,125 may be 3125 as well as a fraction.
_POINT_DECIMALS = re.compile(
    rf"{_SIGN}([0-9]{{1,3}}(,[0-9]{{3}}){{2,}}|{INDIAN}|[0-9,]+,[0-9]{{3}}\.[0-9]+|({SWISS}|{SPACED})\.[0-9]+"
    rf"|[0-9]+\.([0-9]{{1,2}}|[0-9]{{4,}})|0\.[0-9]+){_PERCENT}"
)
# "% of GDP": the unit is a percentage; "of GDP" belongs in the titles.
_SHARE = re.compile(
    r"(%|％|percent|per cent|Prozent|pour cent) ?(of|p\.? ?a\.?|des?|du|der|del?|vom|von) ?.*", re.IGNORECASE
)
_UNIT = re.compile(r".*[(\[（](?P<unit>[^()\[\]（）]+)[)\]）]|.*\s(?P<sign>[%％‰])")
# A number with a currency beside it, or in the brackets of a loss, which cannot be read as it is.
_MARKED_NUMBER = re.compile(
    r"(?=.*([$€£¥(]|[A-Z]{3}))\(?[+\u2212-]?\s*([A-Z]{0,3}[$€£¥]?\s*)[0-9][0-9.,\s]*([$€£¥]|[A-Z]{3})?\)?"
)
# The name of a currency unit in China, Taiwan, Hong Kong and Macau; 美元 and 港元 are names of their own.
_YUAN = re.compile("[百千十万萬亿億]*元(/.+)?")
_TIME_HEADERS = frozenset(
    [
        *("year", "month", "quarter", "week", "day", "date"),
        *("jahr", "monat", "quartal", "woche", "tag", "datum"),
        *("année", "mois", "trimestre", "semaine", "jour"),
        *("año", "mes", "semana", "día", "fecha"),
        *("年", "年份", "年度", "月", "月份", "季", "季度", "日期"),
        *("연도", "월", "분기", "날짜"),
    ]
)


# A header such as "TEU" or "Days" is itself a unit; a letter or two, such as "A", seldom is.
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class _GuessedColumn:
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
        """Why the column is left out, after its name."""
        if not self.numbers:
            return "contains no figures"
        if self.header.casefold() in _TIME_HEADERS:
            return "contains periods, which the rows do not need as names"
        filled = sum(value != "" for value in self.values)
        return f"contains numbers in {self.numbers} of its {filled} cells, and others such as {quote_scalar(self.not_a_figure)}"


def write_dataset(
    sheet: Sheet, file: str, sheet_name: str | None, sink: DiagnosticSink, extra_lines: Iterable[str] = ()
) -> str | None:
    """Returns the YAML of `datasets:` for a sheet, with a comment on every guess; None if the sheet has no figures.

    `extra_lines` are added to the dataset. Columns that are left out are reported.
    """
    if len(sheet.rows) < 2:
        return None
    body = [cells for _, cells in sheet.rows[1:]]
    has_commas = _find_cell(sheet, _COMMA_DECIMALS) is not None
    # Most groups of thousands can be read only if the record says which mark is the decimal one.
    grouped = None if has_commas else _find_cell(sheet, _THOUSANDS)
    is_ambiguous = (
        grouped is not None
        and re.search("[0-9],[0-9]", grouped) is not None
        and sheet.delimiter in DELIMITERS_BESIDE_COMMAS
        and _find_cell(sheet, _POINT_DECIMALS) is None
    )
    columns = tuple(_read_columns(sheet, body, has_commas))
    key = _find_key([column for column in columns if not column.is_figure], len(body))
    if not key and columns:
        key = [columns[0]]
    figures = [column for column in columns if column.is_figure and column not in key]
    if not figures:
        return None
    lines = ["datasets:", "  - id: data", *(f"    {line}" for line in extra_lines), f"    file: {quote_scalar(file)}"]
    lines += [f"    sheet: {quote_scalar(sheet_name)}"] if sheet_name else []
    if has_commas or grouped:
        lines += _describe_decimal_mark(grouped, is_ambiguous=is_ambiguous)
    lines += _describe_key(key, len(body))
    is_mainland = _is_simplified(sheet)
    for column in figures:
        lines += _describe_figure(column, sheet.is_workbook, is_mainland=is_mainland)
    for column in columns:
        if column not in key and column not in figures:
            lines.append(f"    # omitted: {column.omission}: {quote_scalar(column.header)}")
            _report_omission(sheet, column.position, f"column '{column.header}' {column.omission}", sink)
    _report_unnamed_columns(sheet, body, sink)
    return "\n".join(lines) + "\n"


def _describe_key(key: list[_GuessedColumn], rows: int) -> Iterator[str]:
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


def _report_unnamed_columns(sheet: Sheet, body: list[tuple[CellValue, ...]], sink: DiagnosticSink) -> None:
    headers = sheet.rows[0][1]
    for at in range(max(map(len, body))):
        header = headers[at] if at < len(headers) else ""
        if header == "" and any(at < len(row) and row[at] != "" for row in body):
            _report_omission(sheet, at, "a column has cells, but no name in the first row", sink)


def _report_omission(sheet: Sheet, position: int, message: str, sink: DiagnosticSink) -> None:
    hint = "if you need it, add it to 'key:' or below 'columns:' of the record, with a name in the first row"
    sink.add_warning("import-omitted", sheet.locate(sheet.rows[0][0], position), f"{message}, and is left out", hint)


def _find_cell(sheet: Sheet, pattern: re.Pattern[str]) -> str | None:
    """Returns the first number below the header of a CSV file that matches the pattern; None if no number does."""
    texts = (cell for _, row in sheet.rows[1:] for cell in row if isinstance(cell, str) and not sheet.is_workbook)
    return next((text for text in texts if pattern.fullmatch(text)), None)


def _describe_decimal_mark(grouped: str | None, *, is_ambiguous: bool) -> list[str]:
    """Returns the lines that say which mark is the decimal mark; if the cells do not show it, there is no value, so
    that `brief check` reports it.
    """
    if grouped and is_ambiguous:
        fraction = grouped.replace(",", ".")
        meant = f'{fraction} (write ",") or {grouped.replace(",", "")} (write ".")'
        return [f"    # the cells do not show whether {quote_scalar(grouped)} is {meant}", "    decimal:"]
    return ["    # guessed from the cells", f'    decimal: "{"." if grouped else ","}"']


def _read_columns(sheet: Sheet, body: list[tuple[CellValue, ...]], has_commas: bool) -> Iterator[_GuessedColumn]:
    used: set[str] = set()
    number = _COMMA_NUMBER if has_commas else _POINT_NUMBER
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
        numbers = [
            cell
            for cell in filled
            if isinstance(cell, Decimal) or (not sheet.is_workbook and isinstance(cell, str) and number.fullmatch(cell))
        ]
        # Marks such as "n/a" and "123*" among figures are found, and reported, when the dataset is read.
        marked = [cell for cell in filled if isinstance(cell, str) and _MARKED_NUMBER.fullmatch(cell)]
        is_figure = title.casefold() not in _TIME_HEADERS and 2 * len(numbers + marked) > len(filled)
        others = [str(cell) for cell in filled if cell not in numbers]
        rows = [number for number, row in sheet.rows[1:] if at < len(row) and isinstance(row[at], Decimal)]
        formats = tuple(sheet.get_format(number, at) for number in rows)
        yield _GuessedColumn(at, name, title, cells, is_figure, next(iter(others), ""), len(numbers), formats)


def _find_key(candidates: list[_GuessedColumn], rows: int) -> list[_GuessedColumn]:
    """Returns the first columns of texts and dates that together differ from row to row; all of them if no such columns
    exist.
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
    """Returns whether the words of a sheet are in Simplified Chinese: they have characters of this script alone."""
    characters = {each for _, row in sheet.rows for cell in row if isinstance(cell, str) for each in cell}
    of_one_script = [each for each in characters if can_encode(each, "gb2312") != can_encode(each, "big5")]
    han = [each for each in of_one_script if IDEOGRAPH.match(each)]
    return bool(han) and all(can_encode(each, "gb2312") for each in han)


def _describe_figure(column: _GuessedColumn, is_workbook: bool, *, is_mainland: bool) -> Iterator[str]:
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
            comments.append("decimals from the format of the cells, which does not show all that are stored")
    yield from (f"      # {comment}" for comment in comments)
    yield f"      {column.id}: {{{', '.join(parts)}}}"


@dataclass(frozen=True, slots=True)
class _UnitGuess:
    """Unit of a column, None if it cannot be known; what its header says to multiply by; and why."""

    unit: str | None
    factor: int
    comment: str


def _guess_unit(column: _GuessedColumn, *, is_mainland: bool) -> _UnitGuess:
    match = _UNIT.fullmatch(column.header)
    written = (match["unit"] or match["sign"]).strip().removeprefix("in ") if match else ""
    return (
        _read_unit(written, column, is_mainland=is_mainland) if written else _guess_unit_from_cells(column, is_mainland)
    )


def _read_unit(written: str, column: _GuessedColumn, *, is_mainland: bool) -> _UnitGuess:
    """Reads the unit in a header, and compares it with what the cells are shown in."""
    share = _SHARE.fullmatch(written)
    unit, factor, comment = "percent" if share else find_unit(written), 1, ""
    if unit:
        comment = f"unit guessed from the header: {unit}"
    elif multiple := find_multiple(written):
        unit, factor = multiple
        comment = f"unit and factor guessed from the header: {quote_scalar(written)}"
    if _YUAN.fullmatch(written) and not is_mainland:
        return _UnitGuess(None, factor, "元 is a unit of several currencies: state CNY, TWD, HKD or MOP")
    if not unit:
        comment = f"unknown unit {quote_scalar(written)} in the header: write a known unit or count, and a factor if necessary"
        return _UnitGuess(None, factor, comment)
    stated = unit.partition("/")[0]
    stated = find_meant_unit(stated) or stated
    others = sorted({style.currency for style in column.styles} - {"", stated})
    if others and is_currency_code(stated):
        comment = f"the header says {stated}, and cells are shown in {' and '.join(others)}: state the unit"
        return _UnitGuess(None, factor, comment)
    return _UnitGuess(unit, factor, comment)


def _guess_unit_from_cells(column: _GuessedColumn, is_mainland: bool) -> _UnitGuess:
    has_percent_signs = any(isinstance(cell, str) and cell.endswith(("%", "％")) for cell in column.values)
    if has_percent_signs or any(style.is_percent for style in column.styles):
        return _UnitGuess("percent", 1, "unit guessed from the cells: percent")
    signs = list(dict.fromkeys(style.currency or style.sign for style in column.styles if style.currency or style.sign))
    if not signs:
        return _guess_unit_from_words(column)
    if len(signs) > 1:
        several = " and ".join(map(quote_scalar, signs))
        return _UnitGuess(None, 1, f"the cells are shown with {several}: give each currency a column of its own")
    currency = "CNY" if is_mainland and signs == ["元"] else signs[0]
    words = {style.words if style else "" for style in column.formats}
    if words != {""}:
        shown = " and ".join(map(quote_scalar, sorted(words - {""})))
        multiple = find_multiple(f"{words.pop()} {currency}") if len(words) == 1 else None
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


def _guess_unit_from_words(column: _GuessedColumn) -> _UnitGuess:
    """Guesses the unit from the words that the formats of the cells show beside the numbers."""
    words = list(dict.fromkeys(style.words for style in column.styles if style.words))
    named = find_unit(column.header) if _LONG_WORD.fullmatch(column.header) else None
    # DWT looks like the code of a currency, and a column called "line" has the numbers of lines.
    if not words and named and named != "line" and (named in PRINTED_SYMBOLS or not is_currency_code(named)):
        return _UnitGuess(named, 1, f"unit guessed from the header: {named}")
    if not words:
        return _UnitGuess("count", 1, "unit guessed: count, because the header states none")
    shown = " and ".join(map(quote_scalar, words))
    unit = find_unit(words[0])
    is_alike = all(style is not None and style.words and style.multiple == 1 for style in column.formats)
    if unit is None or len(words) > 1 or not is_alike:
        return _UnitGuess(
            None, 1, f"the cells are shown with {shown}: write the unit or count, and a factor if necessary"
        )
    return _UnitGuess(unit, 1, f"unit guessed from the format of the cells: {unit}")


def _guess_factor(column: _GuessedColumn, guess: _UnitGuess, is_workbook: bool) -> tuple[str | None, list[str]]:
    """Returns the value of `factor`, None for no factor and empty if it cannot be known, and comments on it."""
    stated = str(guess.factor) if guess.factor != 1 else None
    percentages = sum(style.is_percent for style in column.styles)
    is_share = guess.unit is not None and canonicalise_unit(guess.unit) in SHOWN_AS_PERCENT
    multiples = {style.multiple if style else 1 for style in column.formats}
    if guess.factor != 1 and multiples - {1}:
        # What is shown, times the factor of the header, is the figure; what is stored is what is shown, times `multiple`.
        shown = max(multiples)
        if len(multiples) > 1 or guess.factor % shown:
            doubt = (
                "some cells show the stored number divided: write the factor by which all of them are to be multiplied"
            )
            return "", [doubt]
        comment = f"the cells are shown divided by {shown:,}, and stored in full: the factor allows for it"
        return str(guess.factor // shown) if guess.factor != shown else None, [comment]
    if is_share and any(style.words in PERCENT_SIGNS for style in column.styles):
        return "1", ["the cells are shown with a percent sign beside what is stored, which is 12.3 of 12.3%"]
    if is_share and is_workbook and not percentages:
        largest = max((abs(cell) for cell in column.values if isinstance(cell, Decimal)), default=Decimal(0))
        comment = f"factor guessed from the largest value, {largest:f}: does the sheet store 12.3% as 0.123?"
        # Differences of shares are often small, and seldom stored as fractions without a format that says so.
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
    """Returns the decimals of a column that its cells show: of percentages and money, and where they hide others."""
    styles = column.styles
    if not styles or len(styles) < len(column.formats) or any(style.multiple != 1 for style in styles):
        return None
    decimals = max(style.decimals for style in styles)
    if has_unit and any(style.is_percent for style in styles):
        return decimals if factor == "100" else None
    if any(style.currency for style in styles):
        return decimals if has_unit and factor is None else None
    figures = [cell for cell in column.values if isinstance(cell, Decimal)]
    is_rounded = factor is None and any(-int(figure.as_tuple().exponent) > decimals for figure in figures)
    return decimals if is_rounded else None
