"""Styles that distinguish series: by colour and, if colours run out or are grey, by pattern, shape and dash."""

from dataclasses import replace
from functools import lru_cache

from brief.charts.svg import PixelBox, PixelPoint, Strokes, SymbolShape
from brief.model.appearance.colours import BLACK, WHITE, format_colour, mix_colours, parse_colour
from brief.model.appearance.contrast import READABLE, compute_contrast_ratio
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.model.variant import Chart, Point

# The minimum contrast between marks and the page (WCAG 2.2, 1.4.11).
MARK_CONTRAST = 3.0
# Series differ by shape and dash as well as colour, for colour-blind readers and monochrome printers.
SHAPES: tuple[SymbolShape, ...] = ("circle", "square", "diamond", "triangle", "cross", "wedge")
DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 2), (8, 3, 2, 3), (12, 3), (4, 2))
# The fill patterns of bars: each is used for as many series as there are colours.
PATTERNS = ("solid", "rising", "falling", "level", "upright", "crossed")
_LINE_SPACE = 5.0


@dataclass(frozen=True, slots=True)
class SeriesStyle:
    """The colour of a series, the pattern of its bars, and the shape of the points and the dash of its line."""

    colour: str
    pattern: str
    shape: SymbolShape
    dash: tuple[float, ...]
    is_grey: bool = False


def choose_series_style(chart: Chart, look: Look, index: int) -> SeriesStyle:
    """Returns the style of a series. If some series have an accent, the others are grey; if points have one, all series
    are.
    """
    accents = [number for number, series in enumerate(chart.series) if series.is_accent]
    has_accent_points = any(point.is_accent for series in chart.series for point in series.points)
    if has_accent_points:
        accents = []
    is_grey = has_accent_points or bool(accents and index not in accents)
    if is_grey:
        place = sum(number not in accents for number in range(index))
        colours: tuple[str, ...] = _make_greys(look)
    else:
        place = accents.index(index) if accents else index
        colours = tuple(choose_series_colour(look, number) for number in range(len(look.series)))
    turn, position = divmod(place, len(colours))
    return SeriesStyle(
        colours[position],
        PATTERNS[turn % len(PATTERNS)],
        SHAPES[index % len(SHAPES)],
        DASHES[(index + index // len(SHAPES)) % len(DASHES)],
        is_grey=is_grey,
    )


def choose_point_style(chart: Chart, look: Look, index: int, point: Point) -> SeriesStyle:
    """Returns the style of a point: the style of its series, or the template set's first colour if the point is
    accented.
    """
    style = choose_series_style(chart, look, index)
    return replace(style, colour=choose_series_colour(look, 0), pattern="solid") if point.is_accent else style


def choose_series_colour(look: Look, index: int) -> str:
    """Returns the template set's colour for a series, dark enough to be visible on paper."""
    return darken(look.series[index % len(look.series)], look, MARK_CONTRAST)


def darken_for_text(colour: str, look: Look) -> str:
    """Darkens the colour until text in it is legible on paper."""
    return darken(colour, look, READABLE)


def darken(colour: str, look: Look, contrast: float) -> str:
    """Darkens the colour until it has this contrast with paper."""
    return _darken(colour, look.colours["paper"], contrast)


@lru_cache(maxsize=256)
def _darken(colour: str, paper: str, contrast: float) -> str:
    shade = colour
    while compute_contrast_ratio(shade, paper) < contrast and shade != BLACK:
        red, green, blue = (channel * 95 // 100 for channel in parse_colour(shade))
        shade = format_colour(red, green, blue)
    return shade


def fill_pattern(box: PixelBox, pattern: str, colour: str) -> list[Strokes]:
    """Returns lines over a box in the directions of the pattern; empty for a solid pattern."""
    directions = {
        "solid": (),
        "rising": ((1, 1),),
        "falling": ((1, -1),),
        "level": ((0, 1),),
        "upright": ((1, 0),),
        "crossed": ((1, 1), (1, -1)),
    }[pattern]
    segments = tuple(segment for direction in directions for segment in _hatch(box, *direction))
    return [Strokes(segments, colour)] if segments else []


def _hatch(box: PixelBox, across: int, down: int) -> list[tuple[PixelPoint, PixelPoint]]:
    """Returns the segments in the box of the lines `across * x + down * y = n * space`, for all integers n."""
    space = _LINE_SPACE * (1.4142 if across and down else 1.0)
    corners = [across * x + down * y for x in (box.left, box.right) for y in (box.top, box.bottom)]
    segments = []
    level = (min(corners) // space + 1) * space
    while level < max(corners):
        if not across:
            ends = [(box.left, level), (box.right, level)]
        elif not down:
            ends = [(level, box.top), (level, box.bottom)]
        else:
            heights = sorted(min(max((level - x) / down, box.top), box.bottom) for x in (box.left, box.right))
            ends = [(level - down * y, y) for y in heights]
        (x, y), (x2, y2) = ends
        if (x, y) != (x2, y2):
            segments.append((PixelPoint(x, y), PixelPoint(x2, y2)))
        level += space
    return segments


def _make_greys(look: Look) -> tuple[str, ...]:
    """Returns two greys with the tint of the template set: one as dark as text, and the lightest with enough contrast."""
    muted = look.colours["muted"]
    light = mix_colours(muted, WHITE, 0.32)
    return (darken(light, look, MARK_CONTRAST), darken(muted, look, READABLE))
