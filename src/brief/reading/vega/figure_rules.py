"""Finds what would print figures of a specification that are not those of its data: formats that hide digits, and figures that are
typed.
"""

import re
from collections.abc import Iterator, Mapping
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
_COMPARED = re.compile(r"[<>=]=?\s*-?\s*$")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# Numbers that convert, and are no figures of anything.
_PLAIN = re.compile(r"0|1(?:0*|e\d+)|2|-1|0?\.0*1|60|24|12|7|365", re.IGNORECASE)


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
    for name, each in value.items():
        is_printed = name in _PRINTED or (name == "value" and key in _PRINTED)
        is_drawn = name == "datum" or (
            name in ("value", "default") and (key == "params" or "impute" in value or "lookup" in value)
        )
        for part in each if isinstance(each, list) else [each]:
            if isinstance(part, str) and (is_printed or name == "datum"):
                yield part, False
            elif isinstance(part, int | float) and not isinstance(part, bool) and (is_printed or is_drawn):
                if part:
                    yield f"{part:,}", True
            elif isinstance(part, str) and (
                name in _EXPRESSIONS or (name == "expr" and key in (*_PRINTED, "datum", "value"))
            ):
                yield from _list_figures_of_expression(part)


def _list_figures_of_expression(expression: str) -> Iterator[tuple[str, bool]]:
    for literal in _STRINGS.findall(expression):
        yield literal[1:-1], False
    rest = _NAMED.sub(" ", _STRINGS.sub("''", expression))
    for match in _NUMERAL.finditer(rest):
        is_compared = _COMPARED.search(rest[: match.start()]) or re.match(r"\s*[<>=]=?", rest[match.end() :])
        if not (is_compared or _PLAIN.fullmatch(match[0]) or _YEAR.fullmatch(match[0])):
            yield match[0], True


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
