"""A record of the program is what the standard library's data class of the same options would be."""

import copy
import dataclasses
import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, field, replace

import pytest

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    name: str = "origin"
    seen: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class StandardPoint:
    x: float
    name: str = "origin"
    seen: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Point):
    size: int
    double: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", 2 * self.size)


@dataclass(slots=True)
class Tally:
    count: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int


@dataclass(frozen=True, slots=True)
class Keyed:
    key: str
    values: dict[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


def test_a_record_is_made_shown_and_compared_as_a_data_class() -> None:
    assert repr(Point(1.5)) == "Point(x=1.5, name='origin')"
    assert Point(1, seen=["a"]) == Point(1, seen=["b"])
    assert Point(1) != Point(2)
    assert Point(1) != StandardPoint(1)  # type: ignore[comparison-overlap]
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert Keyed("a", {"b": 1}) != Keyed("a", {})
    assert hash(Keyed("a", {"b": 1})) == hash(Keyed("a", {}))
    assert Nothing() == Nothing()
    assert Point.__match_args__ == ("x", "name", "seen")


def test_inherited_fields_keywords_and_what_follows_the_values() -> None:
    made = Named(1, "n", size=4)
    assert (made.x, made.name, made.size, made.double) == (1, "n", 4, 8)
    assert replace(made, size=5).double == 10
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'size'"):
        Named(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Point.__init__\(\) got an unexpected keyword argument 'y'"):
        Point(1, y=2)  # type: ignore[call-arg]


def test_a_base_is_not_changed_by_the_first_instance_of_what_inherits() -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        a: int

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        b: int = 0

    assert (Derived(1, 2).b, Base(1).a) == (2, 1)


def test_a_frozen_record_is_never_changed_and_another_is_and_has_no_hash() -> None:
    point, tally = Point(1), Tally()
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    tally.count += 1
    assert tally == Tally(1)
    with pytest.raises(TypeError):
        hash(tally)


def test_records_are_in_the_order_of_their_fields() -> None:
    assert sorted([Version(2, 0), Version(1, 9), Version(1, 2)]) == [Version(1, 2), Version(1, 9), Version(2, 0)]
    assert Version(1, 0) <= Version(1, 0) < Version(1, 1)
    assert not Version(1, 0) > Version(1, 0)
    with pytest.raises(TypeError):
        Version(1, 0) < (1, 1)  # type: ignore[operator]  # noqa: B015


@pytest.mark.parametrize("value", [Point(1, "a", ["b"]), Named(1, size=2), Tally(3), Version(1, 2), Nothing()])
def test_a_copy_is_equal(value: object) -> None:
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301
        assert (made, repr(made)) == (value, repr(value))


def list_records() -> Iterator[type]:
    import brief.charts.kinds
    import brief.mail.send.sender
    import brief.model.brief
    import brief.model.variant

    for module in (brief.model.brief, brief.model.variant, brief.charts.kinds, brief.mail.send.sender):
        yield from (each for each in vars(module).values() if isinstance(each, type) and dataclasses.is_dataclass(each))


@pytest.mark.parametrize("kind", dict.fromkeys(list_records()), ids=lambda kind: kind.__qualname__)
def test_a_record_of_the_program_takes_what_its_fields_ask_for(kind: type) -> None:
    with pytest.raises(TypeError, match=rf"{kind.__name__}.__init__\(\) got an unexpected keyword"):
        kind(unknown_of_all=1)
