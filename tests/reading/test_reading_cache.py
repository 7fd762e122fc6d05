"""Records are identical if they print the same and lead to the same places."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest

from brief.model.access import Clearance
from brief.model.inline import Strong, Text
from brief.model.source_location import Ref, SourceLocation
from brief.reading.reading_cache import are_identical


class _Tone(StrEnum):
    NOTE = "note"


def _make_ref(line: int) -> Ref:
    return Ref("costs", SourceLocation("content/brief.yaml", line))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("1.5"), Decimal("1.50")),
        (_make_ref(1), _make_ref(2)),
        (Clearance(1, "client"), Clearance(1, "partner")),
        ({"a": (_make_ref(1),)}, {"a": (_make_ref(2),)}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({_make_ref(1): 1}, {_make_ref(2): 1}),
        ((1, 2), (1, 2, 3)),
        (1, True),
        ("note", _Tone.NOTE),
        (Strong((Text("a"),)), Strong((Text("b"),))),
        (0.0, -0.0),
    ],
)
def test_what_differs_anywhere_is_not_identical(one: object, other: object) -> None:
    assert not are_identical(one, other)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Decimal("1.50"),
        lambda: _make_ref(1),
        lambda: Clearance(1, "client"),
        lambda: {"a": (date(2026, 3, 9), None, [1.5], frozenset(("x", "y"))), "b": b"data"},
        lambda: replace(Strong((Text("a", "en"), Text("b")))),
    ],
)
def test_what_is_made_twice_is_identical(make: object) -> None:
    assert callable(make)
    assert are_identical(make(), make())
