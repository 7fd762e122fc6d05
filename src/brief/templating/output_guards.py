"""Lets templates print only text and numbers, through any operator, filter or translation.

Python turns anything into text: `None`, an undefined name, a mapping. Wherever Jinja would do so, it is refused
here. The same operators and filters can produce a value of any size, which is limited here too.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from jinja2 import Undefined
from jinja2.filters import do_join, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import markup_join
from jinja2.utils import pass_eval_context

from brief.templating.limits import MAX_SIZE, TemplateLimitError, count_output, require_size, require_small_tree
from brief.templating.mapping_guards import require_no_mapping
from brief.templating.template_errors import NotPrintableError

OPERATORS = frozenset(("+", "*", "**", "%"))
# Filters that turn their value into text.
_PRINTS_VALUE = (
    *("capitalize", "center", "e", "escape", "filesizeformat", "float", "forceescape", "int", "lower", "string"),
    *("striptags", "title", "trim", "truncate", "upper", "urlencode", "wordcount", "wordwrap"),
)
# Filters that turn their value and their arguments into text.
_PRINTS_ARGUMENTS = ("format", "replace")
# Filters that iterate over the entries of a list. Of a mapping, they would take the names of its keys.
_TAKES_ENTRIES = frozenset(
    (
        *("batch", "first", "groupby", "join", "last", "list", "map", "max", "min", "reject", "rejectattr"),
        *("reverse", "select", "selectattr", "slice", "sort", "sum", "unique"),
    )
)
# Filters whose numeric arguments determine the size of the result.
_SIZED_BY_NUMBER = ("batch", "center", "replace", "round", "slice", "truncate", "wordwrap")
# Filters that insert an argument repeatedly: a list there would multiply.
_REPEATS_ARGUMENT = ("batch", "slice", "sum")
_MAX_COUNT = 100_000
_MAX_INTEGER_BITS = 4096
# The most digits of a formatted number: of a floating-point number, or of the largest integer.
_MAX_NUMBER_LENGTH = 1300
_NUMBER = re.compile(r"\d{1,4}")
_NAMED_FIELD = re.compile(r"%\(([^)]*)\)")
_WIDE_FORMAT = re.compile(r"%(?:\([^)]*\))?[-+ #0]*(?:\*|\d{5,}|\d*\.(?:\*|\d{5,}))")


def require_printable(value: Any, what: str = "{{ }}") -> Any:
    """Returns the value if it can be printed. `what` is the subject in messages, such as "the operator '~'".

    Raises:
        NotPrintableError: the value is neither text nor a number, and would be printed by mistake.
        UndefinedError: it is the value of an undefined name.
    """
    if isinstance(value, Undefined):
        # Conversion to text raises an error that names the undefined name.
        str(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        hint = "test for it first: {% if value is not none %}" if value is None else None
        raise NotPrintableError(f"{what} would print {_describe_value(value)}", hint)
    return value


def join_texts(values: Iterable[Any]) -> str:
    """Applies the operator `~` to the values; raises as `require_printable` and `require_size` do."""
    texts = [require_printable(value, "the operator '~'") for value in values]
    require_size(sum(len(str(text)) for text in texts))
    return markup_join(texts)


def apply_operator(operate: Callable[[Any, Any], Any], operator: str, left: Any, right: Any) -> Any:
    """Applies an operator of `OPERATORS` to two values. `operate` is its function.

    Raises:
        TemplateLimitError: the result would be too large.
        NotPrintableError: `%` would print a value that cannot be printed.
    """
    match operator:
        case "%" if isinstance(left, str):
            return operate(left, _guard_format_values(left, right))
        case "*":
            _check_product(left, right)
        case "**" if isinstance(left, int) and isinstance(right, int):
            _require_bits(left.bit_length() * abs(right))
        case "+" if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
            require_size(len(left) + len(right), entries=not isinstance(left, str))
    result = operate(left, right)
    return require_small_tree(result) if isinstance(result, list | tuple) else result


def guard_filter(name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps the filter `apply` so that it refuses values that cannot be printed or are too large."""
    if name == "join":
        return _join
    position = 1 if getattr(apply, "jinja_pass_arg", None) is not None else 0

    @wraps(apply)
    def apply_guarded(*arguments: Any, **named: Any) -> Any:
        value, rest = arguments[position], (*arguments[position + 1 :], *named.values())
        what = f"the filter {name!r}"
        if name in _TAKES_ENTRIES:
            require_no_mapping(value, what)
        if name in _PRINTS_VALUE or name in _PRINTS_ARGUMENTS:
            require_printable(value, what)
        if name in _PRINTS_ARGUMENTS:
            for argument in rest:
                require_printable(argument, what)
        if name in _SIZED_BY_NUMBER and any(
            isinstance(argument, int) and abs(argument) > _MAX_COUNT for argument in rest
        ):
            raise TemplateLimitError(f"{what} is given a number above {_MAX_COUNT:,}")
        if name == "format":
            _guard_format_values(str(value), named or rest)
        if name in _REPEATS_ARGUMENT and any(isinstance(argument, list | tuple | dict) for argument in rest):
            raise TemplateLimitError(f"{what} is given a list where it takes text or a number")
        if name in ("replace", "wordwrap"):
            longest = max((len(argument) for argument in rest if isinstance(argument, str)), default=1)
            if len(str(value)) * longest > MAX_SIZE * 10:
                raise TemplateLimitError(f"{what} is given texts that are too long")
        result = apply(*arguments, **named)
        if isinstance(result, str | list):
            count_output(len(result), entries=isinstance(result, list))
        return result

    return apply_guarded


def guard_translation(translate: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a gettext function so that its placeholders accept only text and numbers."""

    @wraps(translate)
    def translate_guarded(*arguments: Any, **placeholders: Any) -> Any:
        for name, value in placeholders.items():
            require_printable(value, f"the placeholder {name!r} of a translation")
        for message in arguments:
            if isinstance(message, str):
                _guard_format_values(message, placeholders)
        return translate(*arguments, **placeholders)

    return translate_guarded


@pass_eval_context
def _join(context: EvalContext, value: Any, d: Any = "", attribute: Any = None) -> str:
    require_no_mapping(value, "the filter 'join'")
    items = list(value)
    if attribute is not None:
        items = list(map(make_attrgetter(context.environment, attribute), items))
    for item in (*items, d):
        require_printable(item, "the filter 'join'")
    require_size(sum(len(str(item)) for item in items) + len(str(d)) * len(items))
    joined: str = do_join(context, items, d)
    return joined


class _PrintableValues(dict[str, Any]):
    """A mapping for the right side of `%`. It checks each value that is printed, and cannot be printed as a whole."""

    def __getitem__(self, key: str) -> Any:
        return require_printable(super().__getitem__(key), "the operator '%'")

    def __str__(self) -> str:
        raise NotPrintableError("the operator '%' would print a mapping")

    __repr__ = __str__


def _guard_format_values(pattern: str, values: Any) -> Any:
    """Returns the values to format with `%`, after checks of their types and of the size of the result."""
    if _WIDE_FORMAT.search(pattern):
        raise TemplateLimitError("a format asks for a field that is too wide")
    size = len(pattern) + sum(map(int, _NUMBER.findall(pattern)))
    if isinstance(values, Mapping):
        printed = (values.get(name) for name in _NAMED_FIELD.findall(pattern))
        require_size(size + sum(map(_measure, printed)))
        return _PrintableValues(values)
    for value in values if isinstance(values, tuple) else (values,):
        require_printable(value, "the operator '%'")
        size += _measure(value)
    require_size(size)
    return values


def _measure(value: Any) -> int:
    """Returns an upper bound of the characters that a formatted value takes."""
    return len(value) if isinstance(value, str) else _MAX_NUMBER_LENGTH


def _check_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _require_bits(left.bit_length() + right.bit_length())
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, str | list | tuple) and isinstance(count, int):
            require_size(len(sequence) * max(count, 0), entries=not isinstance(sequence, str))


def _require_bits(bits: int) -> None:
    if bits > _MAX_INTEGER_BITS:
        raise TemplateLimitError("the template computes a number that is too large")


def _describe_value(value: Any) -> str:
    match value:
        case None:
            return "nothing (None)"
        case bool():
            return f"a truth value ({value})"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a whole list"
        case _:
            return "a value that is not text"
