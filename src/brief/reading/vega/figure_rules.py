"""Finds what would print figures of a specification that are not those of its data: formats that hide digits, and figures that are
typed.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

# A format of dates, and one that hides no digit of a figure: all that a figure has are printed, without zeros at the end.
_DATES = re.compile(r"%[-_0]?[A-Za-z]")
_WITHOUT_LOSS = re.compile(r",?\.(?P<digits>[0-9]+)~(?P<type>[f%])")
_LEAST_DIGITS = {"f": 6, "%": 4}
# Of figures that the chart computes itself, no digit is stated.
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
_PRINTED = ("title", "subtitle", "text")
_EXPRESSIONS = ("calculate", "labelExpr")
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAMED = re.compile(r"\bdatetime\s*\([^()]*\)|\[\s*\d+\s*\]")
_NUMERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_TOKENS = re.compile(rf"(?P<call>\w*)\s*\(|(?P<end>\))|(?P<number>{_NUMERAL.pattern})")
# How many characters beside a number say what it is for.
_BESIDE = 16
_COMPARED = re.compile(r"[<>=]=?\s*-?\s*$")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_OF_DATES = re.compile("year|date|time|[年月]|jahr|ann[eé]e|año", re.IGNORECASE)
# Numbers that convert if something is multiplied or divided by them, and are then no figures of anything.
_PLAIN = re.compile(r"1(?:0*|e\d+)|2|0?\.0*1|60|24|12|7|365", re.IGNORECASE)
_SHIFTS = ("0", "1")
_FACTOR_BEFORE, _FACTOR_AFTER = re.compile(r"[*/%]\s*-?\s*$"), re.compile(r"\s*[*/%]")
# Functions whose arguments are positions, widths and exponents.
_PLACING_CALLS = ("pow", "substring", "slice", "pad", "truncate", "split", "date", "datetime", "utc", "timeFormat")
# The values of ticks that are a scale of their own: 0.5, 20, 2500.
_ROUND_TICK = re.compile(r"0*(?:[1-9]|25)?0*")
_TICKED = ("axis", "legend")
_LEAST_TICKS = 2


def find_hiding_format(value: Mapping[str, Any], computed: frozenset[str]) -> str:
    """Returns the format by which an object of a specification would hide digits, or print them in the way of English; empty if it
    has none. `computed` names the fields of figures that transforms compute.
    """
    given = value.get("format")
    if isinstance(given, dict):
        return "format"
    if isinstance(given, str) and not _DATES.search(given):
        aggregate = value.get("aggregate")
        is_computed = aggregate in _COMPUTED or isinstance(aggregate, dict) or value.get("field") in computed
        if not (_keeps_digits(given) or (is_computed and _FIXED.fullmatch(given))):
            return given
    kind = value.get("formatType")
    if isinstance(kind, str) and kind not in _FORMAT_TYPES:
        return kind
    for name in (*_EXPRESSIONS, "expr"):
        expression = value.get(name)
        if isinstance(expression, str) and (found := _find_hiding_call(expression, is_label=name != "calculate")):
            return found
    return ""


def list_computed_fields(specification: Any) -> Iterator[str]:
    """Yields the fields of figures that transforms compute with digits of their own: quotients, means, densities."""
    for record in _walk(specification):
        expression = record.get("calculate")
        is_quotient = isinstance(expression, str) and re.search("[*/]", expression)
        if is_quotient or record.get("op") in _COMPUTED or not _ESTIMATES.isdisjoint(record):
            given = record.get("as", ("value", "density", "prob"))
            yield from (given,) if isinstance(given, str) else given if isinstance(given, list | tuple) else ()


def _keeps_digits(given: str) -> bool:
    match = _WITHOUT_LOSS.fullmatch(given)
    return match is not None and int(match["digits"]) >= _LEAST_DIGITS[match["type"]]


def _find_hiding_call(expression: str, *, is_label: bool) -> str:
    calls = [one or other for one, other in _CALL_WITH_FORMAT.findall(expression)]
    hiding = next((each for each in calls if not _keeps_digits(each)), "")
    if not hiding and len(_CALL.findall(expression)) > len(calls):
        return "format(...)"
    rounding = _ROUNDING.search(expression) if is_label else None
    return hiding or (rounding[0] + "...)" if rounding else "")


def list_typed_figures(value: Mapping[str, Any], key: str) -> Iterator[tuple[str, bool]]:
    """Yields each text and number of an object, the value of `key`, that the chart would print or draw as a figure; and whether
    it is a number as such, rather than words that may contain one.
    """
    if key in _TICKED:
        yield from _list_odd_ticks(value.get("values"))
    for name, each in value.items():
        is_printed = name in _PRINTED or (name == "value" and key in _PRINTED)
        is_drawn = name == "datum" or (
            name in ("value", "default") and (key == "params" or "impute" in value or "lookup" in value)
        )
        for part in each if isinstance(each, list) else [each]:
            if isinstance(part, str) and (is_printed or name == "datum"):
                yield part, False
            elif _is_number(part) and (is_printed or is_drawn):
                if part and not (name == "datum" and _YEAR.fullmatch(str(part))):
                    yield f"{part:,}", True
            elif isinstance(part, str) and (
                name in _EXPRESSIONS or (name == "expr" and key in (*_PRINTED, "datum", "value"))
            ):
                yield from _list_figures_of_expression(part)


def _list_odd_ticks(values: Any) -> Iterator[tuple[str, bool]]:
    """Yields the numbers among typed ticks that are no scale: a threshold of 777, and not 0, 350, 700."""
    numbers = [each for each in values if _is_number(each)] if isinstance(values, list) else []
    ticks = sorted(Decimal(str(each)) for each in numbers)
    steps = {later - earlier for earlier, later in itertools.pairwise(ticks)}
    if len(ticks) > _LEAST_TICKS and len(steps) == 1:
        return
    for number, tick in zip(numbers, (Decimal(str(each)) for each in numbers), strict=True):
        if not (_ROUND_TICK.fullmatch(f"{abs(tick):f}".replace(".", "")) or _YEAR.fullmatch(str(number))):
            yield f"{number:,}", True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list_figures_of_expression(expression: str) -> Iterator[tuple[str, bool]]:
    for literal in _STRINGS.findall(expression):
        yield literal[1:-1], False
    rest = _NAMED.sub(" ", _STRINGS.sub("''", expression))
    is_of_dates = _OF_DATES.search(expression) is not None
    calls = [""]
    for match in _TOKENS.finditer(rest):
        number = match["number"]
        if number is None:
            if match["end"] is None:
                calls.append(match["call"] or calls[-1])
            elif len(calls) > 1:
                calls.pop()
            continue
        before, after = rest[max(match.start() - _BESIDE, 0) : match.start()], rest[match.end() : match.end() + _BESIDE]
        is_compared = _COMPARED.search(before) or re.match(r"\s*[<>=]=?", after)
        is_factor = _FACTOR_BEFORE.search(before) or _FACTOR_AFTER.match(after)
        is_plain = (is_factor and _PLAIN.fullmatch(number)) or (is_of_dates and _YEAR.fullmatch(number))
        if not (is_compared or is_plain or number in _SHIFTS or calls[-1] in _PLACING_CALLS):
            yield number, True


def find_rounded_text(specification: Any) -> str:
    """Returns an expression that rounds figures in a field which the specification prints as text, or an empty string."""
    rounded: dict[str, str] = {}
    printed: set[str] = set()
    for record in _walk(specification):
        expression, field = record.get("calculate"), record.get("as")
        if isinstance(expression, str) and isinstance(field, str) and _ROUNDING.search(expression):
            rounded[field] = expression
        for channel in ("text", "tooltip"):
            drawn = record.get(channel)
            printed.update(
                str(each.get("field"))
                for each in (drawn if isinstance(drawn, list) else [drawn])
                if isinstance(each, dict)
            )
    return next((expression for field, expression in rounded.items() if field in printed), "")


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(each)
