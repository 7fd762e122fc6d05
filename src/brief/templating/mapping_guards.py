"""Keeps templates from printing the names of a mapping's keys where its content is meant.

Where Python iterates over the entries of a list, it iterates over the keys of a mapping: in loops, in `{% set a, b = x
%}` and in `f(*x)`. There, a mapping is refused. Templates iterate over keys and values with `x|items` or `x.items()`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from jinja2 import nodes

from brief.templating.template_errors import NotPrintableError

# Methods that list what is in a mapping. Templates may call them on a mapping that has no key of that name.
LISTING_METHODS = frozenset(("items", "keys", "values"))
_HINT = "go over keys and values with '{% for key, value in ...|items %}', or name the key"

# The names into which a value is unpacked: None for a single name, a tuple for several.
Names = tuple["Names", ...] | None
_Template = TypeVar("_Template", bound=nodes.Node)


def guard_mappings(template: _Template) -> _Template:
    """Inserts calls of the functions below, which are attributes of the environment, into the template. Modifies and
    returns it.
    """
    for loop in template.find_all(nodes.For):
        loop.iter = _call("list_entries", cast(nodes.Expr, loop.iter), _list_names(loop.target))
    for assignment in template.find_all(nodes.Assign):
        assignment.node = _guard_unpacking(assignment.target, cast(nodes.Expr, assignment.node))
    for block in template.find_all(nodes.With):
        block.values = list(map(_guard_unpacking, block.targets, block.values))
    for call in template.find_all(nodes.Call):
        if call.dyn_args is not None:
            call.dyn_args = _call("list_entries", call.dyn_args, None)
        match call.node:
            # `loop(x)` is the next level of a recursive loop.
            case nodes.Name(name="loop"):
                call.args = [_call("list_entries", each, None) for each in call.args]
            case nodes.Getattr(node=value, attr=name) if name in LISTING_METHODS:
                call.node = _call("find_method", value, name)
    return template


def require_no_mapping(value: Any, what: str) -> None:
    """Checks a value over whose entries `what` iterates, such as "the filter 'join'".

    Raises:
        NotPrintableError: the value is a mapping.
    """
    if isinstance(value, Mapping):
        raise NotPrintableError(f"{what} would print the names of a mapping's keys", _HINT)


def list_entries(value: Any, names: Names) -> Any:
    """Returns the value over which a template loops; each entry is to be unpacked into `names`.

    Raises:
        NotPrintableError: the value, or an entry that is unpacked, is a mapping.
    """
    require_no_mapping(value, "the template")
    return value if names is None else [unpack(entry, names) for entry in value]


def unpack(value: Any, names: Names) -> Any:
    """Returns the value that is to be unpacked into `names`.

    Raises:
        NotPrintableError: the value, or an entry that is unpacked, is a mapping.
    """
    require_no_mapping(value, "the template")
    if not names or not any(names):
        return value
    entries = list(value)
    for entry, inner in zip(entries, names, strict=False):
        if inner is not None:
            unpack(entry, inner)
    return entries


def _guard_unpacking(target: nodes.Expr, value: nodes.Expr) -> nodes.Expr:
    names = _list_names(target)
    return value if names is None else _call("unpack", value, names)


def _list_names(target: nodes.Node) -> Names:
    return tuple(map(_list_names, target.items)) if isinstance(target, nodes.Tuple) else None


def _call(function: str, value: nodes.Expr, argument: Any) -> nodes.Call:
    call = nodes.Call(nodes.EnvironmentAttribute(function), [value, nodes.Const(argument)], [], None, None)
    call.set_lineno(value.lineno)
    return call
