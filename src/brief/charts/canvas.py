"""What all charts share: widths and font sizes, the linear value scale, and helpers that make marks and the finished
drawing.
"""

from collections.abc import Collection, Iterable

from brief.charts.problems import create_no_room_error
from brief.charts.svg import Line, Mark, PixelBox, PixelPoint, Rectangle, Symbol
from brief.charts.text_metrics import measure_widest
from brief.model.record import dataclass

# In CSS pixels: the widths of the text column of A4 and of a phone, and font sizes.
WIDTH = 640
NARROW = 340
TEXT_SIZE = 12.0
SMALL_SIZE = 11.0
# The least size of values that would have no room on a narrow screen otherwise, and the part of its width that they may take.
LEAST_VALUE_SIZE = 9.0
VALUE_PART = 0.3
# The length in pixels below which an axis shows nothing.
_LEAST_AXIS = 8.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished chart: its height in pixels, and its marks in painting order. `left_out` lists the labels that did not
    fit of a line's first, lowest and highest point.
    """

    height: float
    marks: tuple[Mark, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueScale:
    """A linear value axis: `low` is drawn at `start` and `high` at `end`, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def to_position(self, value: float) -> float:
        """Returns the pixel position of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def to_value(self, position: float) -> float:
        """Returns the value at a pixel position, which may be beyond the ends of the axis."""
        return self.low + (position - self.start) / (self.end - self.start) * (self.high - self.low)


def choose_value_size(texts: Collection[str], width: float) -> float:
    """Returns the size of values of one line beside their marks, in a chart of this width."""
    size = TEXT_SIZE
    while size > LEAST_VALUE_SIZE and measure_widest(texts, size) > width * VALUE_PART:
        size -= 1
    return size


def make_scale_beside(domain: tuple[float, float], start: float, end: float) -> ValueScale:
    """Makes the value axis between categories and values in words, from `start` to `end`.

    Raises:
        UndrawableError: the words leave no room for it; the largest value would be drawn left of the least.
    """
    if end - start < _LEAST_AXIS:
        raise create_no_room_error(
            "the values beside their marks", "shorten the names of the categories, or round the figures with 'digits:'"
        )
    return ValueScale(*domain, start, end)


def find_domain(values: Iterable[float], *, zero: bool) -> tuple[float, float]:
    """Returns the range of the values, which `zero` widens to include zero. A range of one value is widened to a length
    of 1.

    Raises:
        ValueError: there are no values, and `zero` is false.
    """
    included = [*values, *([0.0] if zero else [])]
    low, high = min(included), max(included)
    return (low, high) if low < high else (low - (0.0 if zero else 0.5), high + (1.0 if zero else 0.5))


def draw_rules(lines: Iterable[tuple[float, float, float, float]], colour: str, width: float = 1.0) -> list[Mark]:
    """Returns straight lines for tuples (x, y, x2, y2), in pixels."""
    return [Line(PixelPoint(x, y), PixelPoint(x2, y2), colour, width) for x, y, x2, y2 in lines]


def draw_boxes(areas: Iterable[tuple[PixelBox, str]]) -> list[Mark]:
    """Returns filled rectangles for pairs of a box and a colour."""
    return [Rectangle(box, colour) for box, colour in areas]


def draw_dots(areas: Iterable[PixelBox], colour: str) -> list[Mark]:
    """Returns filled circles, each as wide as its box and in the middle of it."""
    return [
        Symbol(
            "circle",
            PixelPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2),
            (box.right - box.left) / 2,
            colour,
        )
        for box in areas
    ]


def make_drawing(height: float, marks: Iterable[Mark], left_out: Iterable[str] = ()) -> Drawing:
    """Makes a drawing whose height is rounded to whole pixels."""
    return Drawing(round(height), tuple(marks), tuple(left_out))
