"""The breaks of a paragraph: the cheapest of all sequences, found without trying them all."""

import random
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from brief.writers.pdf.weasyprint import line_breaking
from brief.writers.pdf.weasyprint.line_breaking import Breakpoint, choose_breaks


def square(count: int, marks: frozenset[int] = frozenset()) -> list[Breakpoint]:
    """The places of a text of `count` characters, each an em wide, some of which are marks that can be squeezed."""
    return [
        Breakpoint(
            position=at,
            end_width=float(at),
            end_shares=max(at - 0.5, 0.0),
            end_marks=sum(mark < at - 1 for mark in marks),
            start_width=float(at),
            start_shares=at + 0.5,
            start_marks=sum(mark < at for mark in marks),
            visible=at,
        )
        for at in range(count + 1)
    ]


def cost(places: list[Breakpoint], breaks: tuple[int, ...], first_width: float, width: float) -> float | None:
    """What a sequence of breaks costs; None if a line does not fit."""
    total = 0.0
    for start, end in pairwise((0, *breaks, len(places) - 1)):
        room = (width if start else first_width) - places[end].end_width + places[start].start_width
        if end == len(places) - 1:
            one = line_breaking._cost_last_line(room, places[start], places[end])
        else:
            shares = places[end].end_shares - places[start].start_shares
            one = line_breaking._cost_line(room, shares, places[end].end_marks - places[start].start_marks)
        if one is None:
            return None
        total += one
    return total


@pytest.mark.parametrize("seed", range(12))
def test_the_choice_is_the_cheapest_of_all(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    count = 13
    places = square(count, frozenset(chance.sample(range(count), 4)))
    # Some places are inside unbreakable parts.
    kept = [places[at] for at in (0, *sorted(chance.sample(range(1, count), 9)), count)]
    width = chance.choice((4.0, 4.4, 5.2))
    chosen = choose_breaks(kept, width - 0.5, width)
    if not chosen or max(chosen.values()) != count:
        fits = [b - a <= width + 3 for a, b in pairwise(place.position for place in kept)]
        assert not all(fits)
        return
    index = {place.position: at for at, place in enumerate(kept)}
    breaks = tuple(index[start] for start in sorted(chosen) if start)
    every = [
        found
        for size in range(len(kept))
        for some in combinations(range(1, len(kept) - 1), size)
        if (found := cost(kept, some, width - 0.5, width)) is not None
    ]
    assert cost(kept, breaks, width - 0.5, width) == pytest.approx(min(every))


def test_marks_are_squeezed_so_that_no_line_is_pulled_apart() -> None:
    """Filling each line leaves the second an em short, which twelve characters could only take as 9% each."""
    places = [place for place in square(36, frozenset((3, 6, 9))) if place.position not in (12, 24)]
    # 12 and 24 are inside numbers: lines of 13 and 11 are squeezed and stretched, or 11 and 13.
    chosen = choose_breaks(places, 12.0, 12.0)
    assert chosen[0] == 13


def test_a_line_is_stretched_a_little_rather_than_lose_all_white_of_its_marks() -> None:
    """Two marks in 41 characters would lose nine tenths of an em; 39 characters are stretched by 2.8% each."""
    places = [place for place in square(79, frozenset((4, 8))) if place.position != 40]
    assert choose_breaks(places, 40.1, 40.1)[0] == 39


def test_no_last_line_has_fewer_than_three_characters_if_others_can_spare_them() -> None:
    places = square(38, frozenset(range(1, 38, 3)))
    chosen = choose_breaks(places, 12.0, 12.0)
    ends = sorted(chosen.values())
    assert ends[-1] == 38
    assert ends[-1] - ends[-2] >= line_breaking.MIN_LAST


def test_a_name_is_divided_only_where_a_line_would_stay_short() -> None:
    def divided(width: float) -> bool:
        places = square(60)
        kept = [place for place in places if not 7 < place.position < 14 or place.position == 12]
        kept = [replace(place, divides_name=place.position == 12) for place in kept]
        return 12 in choose_breaks(kept, width, width).values()

    assert divided(12.0)
    assert not divided(14.0)


def test_the_choice_ends_before_a_word_that_no_line_holds() -> None:
    places = [place for place in square(80) if not 24 < place.position < 50]
    chosen = choose_breaks(places, 12.0, 12.0)
    assert sorted(chosen.values())[-1] == 24
    assert choose_breaks(places[24:], 12.0, 12.0) == {}
