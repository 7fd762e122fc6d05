"""`dataclasses.dataclass` for the records of the program, of which a command loads some 230.

The decorator of the standard library compiles five or six methods of a class where the class is defined, which took a
sixth of the time of `brief check` after an edit (Python 3.11, `benchmarks/check_command.py`). Here it makes the fields and
slots, and compiles `__init__` and `__repr__` when they are first called; what is the same for every class is a function of
this module. Type checkers see `dataclasses.dataclass` itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import Field, FrozenInstanceError, fields, make_dataclass
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # the alias exports it
else:
    import dataclasses

    def dataclass(
        kind: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        eq: bool = True,
        order: bool = False,
        repr: bool = True,
        kw_only: bool = False,
    ) -> Any:
        """Makes a record class, as `dataclasses.dataclass` does with these options."""

        def decorate(kind: type) -> type:
            defined_names = frozenset(vars(kind))
            kind.__doc__ = kind.__doc__ or kind.__name__
            record = dataclasses.dataclass(kind, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
            methods: dict[str, Any] = {"__init__": _defer(record, "__init__", frozen=frozen, repr=False)}
            if repr:
                methods["__repr__"] = _defer(record, "__repr__", init=False)
            if eq:
                methods |= _make_equality(record, frozen)
            if order:
                methods |= {f"__{compare.__name__}__": _make_order(record, compare) for compare in (lt, le, gt, ge)}
            if frozen:
                methods |= _FROZEN
            for name, method in methods.items():
                if name not in defined_names:
                    setattr(record, name, method)
            return record

        return decorate if kind is None else decorate(kind)


def _defer(kind: type, name: str, **options: Any) -> Callable[..., Any]:
    """Returns a method that on its first call replaces itself: the standard library compiles the real method `name` for a
    class with the same fields, and it is put into the class and called.
    """

    def compile_and_call(self: Any, /, *values: Any, **named: Any) -> Any:
        keys = [(key.name, key.type, key) for key in fields(kind)]
        # For a class without a docstring, `dataclasses` builds one from the signature, which takes longer than all else.
        namespace: dict[str, Any] = {"__doc__": kind.__name__}
        if hasattr(kind, "__post_init__"):
            namespace["__post_init__"] = kind.__post_init__
        twin = make_dataclass(kind.__name__, keys, eq=False, match_args=False, namespace=namespace, **options)
        method = vars(twin)[name]
        method.__qualname__ = f"{kind.__qualname__}.{name}"
        setattr(kind, name, method)
        return method(self, *values, **named)

    return compile_and_call


def _make_equality(kind: type, frozen: bool) -> dict[str, Any]:
    get_values = _make_getter(key for key in fields(kind) if key.compare)
    get_hashed = _make_getter(key for key in fields(kind) if (key.compare if key.hash is None else key.hash))

    def is_equal(self: object, other: object) -> bool:
        return get_values(self) == get_values(other) if type(other) is type(self) else NotImplemented

    def compute_hash(self: object) -> int:
        return hash(get_hashed(self))

    return {"__eq__": is_equal, "__hash__": compute_hash if frozen else None}


def _make_order(kind: type, compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    get_values = _make_getter(key for key in fields(kind) if key.compare)
    return lambda self, other: (
        compare(get_values(self), get_values(other)) if type(other) is type(self) else NotImplemented
    )


def _make_getter(keys: "Iterable[Field[Any]]") -> Callable[[object], Any]:
    names = [key.name for key in keys]
    return attrgetter(*names) if names else lambda _: ()


def _raise_frozen(_: object, name: str, *__: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _get_state(self: Any) -> list[object]:
    return [getattr(self, key.name) for key in fields(self)]


def _set_state(self: Any, state: list[object]) -> None:
    for key, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, key.name, value)


_FROZEN = {
    "__setattr__": _raise_frozen,
    "__delattr__": _raise_frozen,
    "__getstate__": _get_state,
    "__setstate__": _set_state,
}
