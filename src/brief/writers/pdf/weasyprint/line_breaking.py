"""Chooses the line breaks of a Chinese paragraph so that all its lines together are as even as possible.

The method is that of Knuth and Plass (Breaking Paragraphs into Lines, 1981): every sequence of breaks has a cost, and
the cheapest is found by dynamic programming. The costs follow CLREQ, 3.2: the white space of punctuation is reduced
before Han characters are pulled apart, and a reader must notice neither.
"""

from collections.abc import Sequence
from math import inf

from brief.model.record import dataclass

# Ems that squeezing may take from each punctuation mark: all of its white space or, if it is centred, half on each
# side.
MAX_SQUEEZE = 0.5
# Ems by which a line may be stretched at each position between two characters.
MAX_EXPANSION = 0.03
# A last line has at least this many characters.
MIN_LAST = 3

# What lines cost: a line squeezed half as far as possible as much as one stretched by 1.2%, and one squeezed as far as
# possible more than any that is stretched. Marks of half their width beside lines whose marks keep theirs are noticed.
_SQUEEZED_COST = (4.0, 8.0)
_STRETCHED_COST = (0.02, 4.0)
# The cost of a line that stays short: a fixed part, and one for each em that it lacks.
_SHORT_COST = (100.0, 200.0)
# A last line of too few characters, and a break inside a name.
_RUNT = 600.0
_DIVIDED_NAME = 60.0
# By how much the sums may differ from the engine's, in ems.
_ROUNDING = 0.005
# Ems by which squeezing may shorten a line.
_MAX_LINE_SQUEEZE = 6.0


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A position where a line may end and the next may start, with the sums of all characters before it.

    The sums differ for the line that ends here and for the line that starts here: punctuation takes half its width at
    both ends of a line, and nothing is stretched there. `position` is the index of a character. Widths are in ems;
    `shares` count the positions to stretch, `marks` the punctuation to squeeze, and `visible` the visible characters.
    """

    position: int
    end_width: float
    end_shares: float
    end_marks: int
    start_width: float
    start_shares: float
    start_marks: int
    visible: int
    divides_name: bool = False


def choose_breaks(breakpoints: Sequence[Breakpoint], first_width: float, width: float) -> dict[int, int]:
    """Maps the position at which each line starts to the position at which the next one starts.

    The first breakpoint is the start of the text, and the last is its end. The lines are `width` ems wide, and the
    first line `first_width`. If a word does not fit into a line, the result ends before it.
    """
    search = _Search(breakpoints, first_width, width, 0.0)
    search.run()
    # The search without short lines is faster, and enough for most paragraphs.
    if search.cost >= _SHORT_COST[0]:
        search = _Search(breakpoints, first_width, width, inf)
        search.run()
    return search.trace_breaks()


class _Search:
    """The search for the cheapest breaks; a stretched line may be `max_shortfall` ems shorter than the others."""

    def __init__(
        self, breakpoints: Sequence[Breakpoint], first_width: float, width: float, max_shortfall: float
    ) -> None:
        self._breakpoints = breakpoints
        self._first_width = first_width
        self._width = width
        self._max_shortfall = max_shortfall
        self._costs = [0.0] * len(breakpoints)
        self._before = [0] * len(breakpoints)
        # The indices of the breakpoints that lines can reach, in order, and the index in that list of the first from
        # which a line can still start.
        self._reached = [0]
        self._oldest = 0

    @property
    def cost(self) -> float:
        """Returns what the chosen breaks cost; infinity if they do not reach the end."""
        last = len(self._breakpoints) - 1
        return self._costs[last] if self._reached[-1] == last else inf

    def run(self) -> None:
        for index in range(1, len(self._breakpoints)):
            if not self._reach(index):
                return

    def trace_breaks(self) -> dict[int, int]:
        """Returns the chosen breaks up to the last breakpoint that was reached, as `choose_breaks` does."""
        chosen, index = {}, self._reached[-1]
        while index:
            chosen[self._breakpoints[self._before[index]].position] = self._breakpoints[index].position
            index = self._before[index]
        return chosen

    def _reach(self, index: int) -> bool:
        """Ends a line at a breakpoint as cheaply as possible. Returns False if no line can reach this or a later
        breakpoint.
        """
        breakpoints, reached, end = self._breakpoints, self._reached, self._breakpoints[index]
        is_last = index == len(breakpoints) - 1
        while self._oldest < len(reached) and self._measure_room(reached[self._oldest], end) < -_MAX_LINE_SQUEEZE:
            self._oldest += 1
        best: float | None = None
        for source in reached[self._oldest :]:
            start, room = breakpoints[source], self._measure_room(source, end)
            shares = end.end_shares - start.start_shares
            if is_last:
                cost = _cost_last_line(room, start, end)
            elif room > MAX_EXPANSION * shares + self._max_shortfall:
                # The starts that follow make it shorter still.
                break
            else:
                cost = _cost_line(room, shares, end.end_marks - start.start_marks)
            if cost is not None and (best is None or cost + self._costs[source] < best):
                best = cost + self._costs[source]
                self._before[index] = source
        if best is not None:
            self._costs[index] = best + _DIVIDED_NAME * end.divides_name
            reached.append(index)
        return self._oldest < len(reached)

    def _measure_room(self, source: int, end: Breakpoint) -> float:
        width = self._width if source else self._first_width
        return width - end.end_width + self._breakpoints[source].start_width


def _cost_line(room: float, shares: float, marks: int) -> float | None:
    """Returns the cost of a line that has `room` ems left, or too few if that is negative; None if it does not fit."""
    if room < -_ROUNDING:
        if -room > marks * MAX_SQUEEZE - _ROUNDING:
            return None
        squared = (room / marks / MAX_SQUEEZE) ** 2
        return _SQUEEZED_COST[0] * squared + _SQUEEZED_COST[1] * squared**2
    stretched = room / shares if shares > 0 else 0.0
    if stretched <= MAX_EXPANSION and (shares > 0 or room <= _ROUNDING):
        return _STRETCHED_COST[1] * (stretched / _STRETCHED_COST[0]) ** 2
    return _SHORT_COST[0] + _SHORT_COST[1] * (room - MAX_EXPANSION * max(shares, 0.0))


def _cost_last_line(room: float, start: Breakpoint, end: Breakpoint) -> float | None:
    runt = _RUNT if end.visible - start.visible < MIN_LAST else 0.0
    if room >= 0:
        return runt
    squeezed = _cost_line(room, 0.0, end.end_marks - start.start_marks)
    return None if squeezed is None else squeezed + runt
