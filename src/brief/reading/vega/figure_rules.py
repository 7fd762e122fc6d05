"""Finds parts of a specification that could print other figures than its data: formats and typed figures."""

import itertools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

# A format of dates.
_DATES = re.compile(r"%[-_0]?[A-Za-z]")
# A format that prints all digits of a figure, without zeros at the end.
_WITHOUT_LOSS = re.compile(r",?\.(?P<digits>[0-9]+)~(?P<type>[f%])")
_MIN_DIGITS = {"f": 6, "%": 4}
# A format with fixed decimals, for figures that the chart computes itself, of which no digit is stated.
_FIXED = re.compile(r",?\.[0-9]+~?[f%]")
_COMPUTED = (
    "mean",
    "average",
    "median",
    "q1",
    "q3",
    "stdev",
    "stdevp",
    "stderr",
    "variance",
    "variancep",
    "ci0",
    "ci1",
)
_ESTIMATES = frozenset(("density", "quantile", "regression", "loess"))
_FORMAT_TYPES = ("number", "time", "utc")
_CALL = re.compile(r"\bformat\s*\(")
_CALL_WITH_FORMAT = re.compile(r"""\bformat\s*\([^()]*(?:\([^()]*\)[^()]*)*,\s*(?:'([^']*)'|"([^"]*)")\s*\)""")
_ROUNDING = re.compile(r"\b(?:round|floor|ceil|trunc)\s*\(")
# Keys whose values are printed, and those whose values are expressions that may be printed.
_PRINTED_KEYS = ("title", "subtitle", "text")
_EXPRESSION_KEYS = ("calculate", "labelExpr")
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
# Parts of an expression whose numbers are not figures: dates and indices.
_DATES_AND_INDICES = re.compile(r"\bdatetime\s*\([^()]*\)|\[\s*\d+\s*\]")
_NUMERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_TOKENS = re.compile(rf"(?P<call>\w*)\s*\(|(?P<end>\))|(?P<number>{_NUMERAL.pattern})")
# How many characters beside a number say what it is for.
_BESIDE = 16
# A comparison at the end of a text, whose next number is a bound.
_COMPARISON = re.compile(r"[<>=]=?\s*-?\s*$")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_OF_DATES = re.compile("year|date|time|[年月]|jahr|ann[eé]e|año", re.IGNORECASE)
# Numbers that convert if something is multiplied or divided by them, and are then no figures of anything.
_CONVERSION_NUMBER = re.compile(r"1(?:0*|e\d+)|2|0?\.0*1|60|24|12|7|365", re.IGNORECASE)
_SHIFTS = ("0", "1")
_FACTOR_BEFORE, _FACTOR_AFTER = re.compile(r"[*/%]\s*-?\s*$"), re.compile(r"\s*[*/%]")
# Functions whose arguments are positions, widths and exponents.
_PLACING_CALLS = ("pow", "substring", "slice", "pad", "truncate", "split", "date", "datetime", "utc", "timeFormat")
# The values of ticks that are a scale of their own: 0.5, 20, 2500.
_ROUND_TICK = re.compile(r"0*(?:[1-9]|25)?0*")
_TICKED = ("axis", "legend")
_MIN_TICKS = 2


def find_hiding_format(value: Mapping[str, Any], computed: frozenset[str]) -> str:
    """Returns the format with which an object would hide digits or print them as in English; "" if no format does.

    `computed` names the fields of figures that transforms compute.
    """
    format_ = value.get("format")
    if isinstance(format_, dict):
        return "format"
    if isinstance(format_, str) and not _DATES.search(format_):
        aggregate = value.get("aggregate")
        is_computed = aggregate in _COMPUTED or isinstance(aggregate, dict) or value.get("field") in computed
        if not (_keeps_digits(format_) or (is_computed and _FIXED.fullmatch(format_))):
            return format_
    kind = value.get("formatType")
    if isinstance(kind, str) and kind not in _FORMAT_TYPES:
        return kind
    for name in (*_EXPRESSION_KEYS, "expr"):
        expression = value.get(name)
        if isinstance(expression, str) and (call := _find_hiding_call(expression, is_label=name != "calculate")):
            return call
    return ""


def list_computed_fields(specification: Any) -> Iterator[str]:
    """Yields the fields of figures whose digits come from a transform: products, quotients, means, densities."""
    for record in _walk(specification):
        expression = record.get("calculate")
        is_quotient = isinstance(expression, str) and re.search("[*/]", expression)
        if is_quotient or record.get("op") in _COMPUTED or not _ESTIMATES.isdisjoint(record):
            names = record.get("as", ("value", "density", "prob"))
            yield from (names,) if isinstance(names, str) else names if isinstance(names, list | tuple) else ()


def _keeps_digits(format_: str) -> bool:
    """Returns whether a format prints at least six decimals of a number, or four of a percentage, if it has them."""
    match = _WITHOUT_LOSS.fullmatch(format_)
    return match is not None and int(match["digits"]) >= _MIN_DIGITS[match["type"]]


def _find_hiding_call(expression: str, *, is_label: bool) -> str:
    """Returns the format of a call that may hide digits, or for a label a call that rounds; "" if no call does."""
    formats = [single or double for single, double in _CALL_WITH_FORMAT.findall(expression)]
    hiding = next((format_ for format_ in formats if not _keeps_digits(format_)), "")
    if not hiding and len(_CALL.findall(expression)) > len(formats):
        return "format(...)"
    rounding = _ROUNDING.search(expression) if is_label else None
    return hiding or (rounding[0] + "...)" if rounding else "")


def list_typed_figures(value: Mapping[str, Any], key: str) -> Iterator[tuple[str, bool]]:
    """Yields each text and number of an object, the value of `key`, that the chart would print or draw.

    The second value says that it is a number, and not a text that may contain one.
    """
    if key in _TICKED:
        yield from _list_odd_ticks(value.get("values"))
    for name, item in value.items():
        is_printed = name in _PRINTED_KEYS or (name == "value" and key in _PRINTED_KEYS)
        is_drawn = name == "datum" or (
            name in ("value", "default") and (key == "params" or "impute" in value or "lookup" in value)
        )
        for part in item if isinstance(item, list) else [item]:
            if isinstance(part, str) and (is_printed or name == "datum"):
                yield part, False
            elif _is_number(part) and (is_printed or is_drawn):
                if part and not (name == "datum" and _YEAR.fullmatch(str(part))):
                    yield f"{part:,}", True
            elif isinstance(part, str) and (
                name in _EXPRESSION_KEYS or (name == "expr" and key in (*_PRINTED_KEYS, "datum", "value"))
            ):
                yield from _list_figures_of_expression(part)


def _list_odd_ticks(values: Any) -> Iterator[tuple[str, bool]]:
    """Yields the numbers among typed ticks that are no scale: a threshold of 777, and not 0, 350, 700."""
    numbers = [each for each in values if _is_number(each)] if isinstance(values, list) else []
    ticks = sorted(Decimal(str(each)) for each in numbers)
    steps = {later - earlier for earlier, later in itertools.pairwise(ticks)}
    if len(ticks) > _MIN_TICKS and len(steps) == 1:
        return
    for number, tick in zip(numbers, (Decimal(str(each)) for each in numbers), strict=True):
        if not (_ROUND_TICK.fullmatch(f"{abs(tick):f}".replace(".", "")) or _YEAR.fullmatch(str(number))):
            yield f"{number:,}", True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list_figures_of_expression(expression: str) -> Iterator[tuple[str, bool]]:
    """Yields the strings of an expression, and its numbers that may be figures, like `list_typed_figures`."""
    for literal in _STRINGS.findall(expression):
        yield literal[1:-1], False
    without_strings = _DATES_AND_INDICES.sub(" ", _STRINGS.sub("''", expression))
    is_of_dates = _OF_DATES.search(expression) is not None
    calls = [""]
    for match in _TOKENS.finditer(without_strings):
        number = match["number"]
        if number is None:
            if match["end"] is None:
                calls.append(match["call"] or calls[-1])
            elif len(calls) > 1:
                calls.pop()
            continue
        before = without_strings[max(match.start() - _BESIDE, 0) : match.start()]
        after = without_strings[match.end() : match.end() + _BESIDE]
        is_compared = _COMPARISON.search(before) or re.match(r"\s*[<>=]=?", after)
        is_factor = _FACTOR_BEFORE.search(before) or _FACTOR_AFTER.match(after)
        is_plain = (is_factor and _CONVERSION_NUMBER.fullmatch(number)) or (is_of_dates and _YEAR.fullmatch(number))
        if not (is_compared or is_plain or number in _SHIFTS or calls[-1] in _PLACING_CALLS):
            yield number, True


def find_rounded_text(specification: Any) -> str:
    """Returns the expression of a field that rounds figures and is printed as text or tooltip; "" if no field is."""
    rounded: dict[str, str] = {}
    printed: set[str] = set()
    for record in _walk(specification):
        expression, field = record.get("calculate"), record.get("as")
        if isinstance(expression, str) and isinstance(field, str) and _ROUNDING.search(expression):
            rounded[field] = expression
        for channel in ("text", "tooltip"):
            definition = record.get(channel)
            printed.update(
                str(each.get("field"))
                for each in (definition if isinstance(definition, list) else [definition])
                if isinstance(each, dict)
            )
    return next((expression for field, expression in rounded.items() if field in printed), "")


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yields every object within a JSON value, outer ones first."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(each)
