"""Outlines of a line of text in any script, shaped by HarfBuzz. Each character is drawn in the first font that has it.

This is for short lines that are added to finished pages, without a layout engine and without embedding a font.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from brief.fonts import latin
from brief.fonts.font_file import open_font
from brief.fonts.fontconfig import list_installed_faces
from brief.model.record import dataclass

# Glyphs are drawn in thousandths of the font size, as PDF counts them (ISO 32000-1, 9.2.4).
EM = 1000


@dataclass(frozen=True, slots=True)
class GlyphOutline:
    """A glyph: its path in PDF's operators, in thousandths of the font size, and how far it moves the pen."""

    path: str
    advance: int


@dataclass(frozen=True, slots=True)
class PositionedGlyph:
    """A glyph on a line at `x` and `y`, in thousandths of the font size, and the characters that it represents."""

    outline: GlyphOutline
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """Glyphs from left to right, and the length of the whole."""

    glyphs: tuple[PositionedGlyph, ...]
    width: int


@dataclass(frozen=True, slots=True)
class _FontFile:
    file: str
    index: int


def shape_line(text: str, families: tuple[str, ...]) -> ShapedLine:
    """Shapes the text as one line. Each character is in the first of the families that has it, or else in any installed
    font.

    Characters that no font has are left out; `find_unavailable_characters` lists them.
    """
    glyphs: list[PositionedGlyph] = []
    pen = 0
    for file, run in _split_runs(text, families):
        placed, pen = _shape_run(file, run, pen)
        glyphs += placed
    return ShapedLine(tuple(glyphs), pen)


def find_unavailable_characters(text: str, families: tuple[str, ...]) -> str:
    """Returns the characters of the text that no installed font has."""
    return "".join(dict.fromkeys(c for c in text if not _is_invisible(c) and _find_file(c, families) is None))


def _split_runs(text: str, families: tuple[str, ...]) -> Iterator[tuple[_FontFile, str]]:
    """Yields runs of one font and one direction. Combining marks and spaces belong to the run before them."""
    current: _FontFile | None = None
    is_right_to_left = False
    run = ""
    for character in unicodedata.normalize("NFC", text):
        file = _find_file(character, families)
        bidi = unicodedata.bidirectional(character)
        if current is not None and (
            _is_invisible(character)
            or bidi in ("WS", "NSM")
            or _continues_run(current, character, bidi, is_right_to_left)
        ):
            run += character
            continue
        if file is None:
            continue
        if current is not None and run:
            yield current, run
        current, run, is_right_to_left = file, character, bidi in ("R", "AL")
    if current is not None and run:
        yield current, run


def _continues_run(file: _FontFile, character: str, bidi: str, is_right_to_left: bool) -> bool:
    """Returns whether a run in this font and direction can continue with the character, whose bidirectional class is
    `bidi`.
    """
    strong = bidi in ("L", "R", "AL")
    turns = strong and (bidi != "L") != is_right_to_left
    return not turns and open_font(file.file, file.index).get_nominal_glyph(ord(character)) is not None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf"


def _shape_run(file: _FontFile, run: str, pen: int) -> tuple[list[PositionedGlyph], int]:
    import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]

    font = open_font(file.file, file.index)
    # A space at the end of a right-to-left run would be placed on the wrong side.
    visible = run.rstrip()
    buffer = harfbuzz.Buffer()
    buffer.add_str(visible)
    buffer.guess_segment_properties()
    harfbuzz.shape(font, buffer, {"liga": False})
    scale = EM / font.face.upem
    clusters = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(clusters, (*clusters[1:], len(visible)), strict=True))
    glyphs = []
    seen_clusters: set[int] = set()
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        characters = "" if info.cluster in seen_clusters else visible[info.cluster : ends[info.cluster]]
        seen_clusters.add(info.cluster)
        outline = _draw_outline(file, info.codepoint)
        glyphs.append(
            PositionedGlyph(
                outline, characters, pen + round(position.x_offset * scale), round(position.y_offset * scale)
            )
        )
        pen += round(position.x_advance * scale)
    spaces = run[len(visible) :]
    if spaces:
        space = _draw_outline(file, font.get_nominal_glyph(ord(" ")) or 0)
        for character in spaces:
            glyphs.append(PositionedGlyph(space, character, pen, 0))
            pen += space.advance
    return glyphs, pen


@lru_cache(maxsize=20_000)
def _draw_outline(file: _FontFile, glyph: int) -> GlyphOutline:
    import uharfbuzz as harfbuzz

    font = open_font(file.file, file.index)
    pen = _Pen(EM / font.face.upem)
    drawing = harfbuzz.DrawFuncs()
    drawing.set_move_to_func(pen.move)
    drawing.set_line_to_func(pen.line)
    drawing.set_cubic_to_func(pen.cubic)
    drawing.set_quadratic_to_func(pen.quadratic)
    drawing.set_close_path_func(pen.close)
    font.draw_glyph(glyph, drawing)
    return GlyphOutline(" ".join(pen.path), round(font.get_glyph_h_advance(glyph) * pen.scale))


class _Pen:
    """Collects a path. PDF has no quadratic curves, so they become cubic curves of the same shape."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.path: list[str] = []
        self.position = (0.0, 0.0)

    def move(self, x: float, y: float, *_: Any) -> None:
        self._add("m", (x, y))

    def line(self, x: float, y: float, *_: Any) -> None:
        self._add("l", (x, y))

    def cubic(self, ax: float, ay: float, bx: float, by: float, x: float, y: float, *_: Any) -> None:
        self._add("c", (ax, ay), (bx, by), (x, y))

    def quadratic(self, ax: float, ay: float, x: float, y: float, *_: Any) -> None:
        start_x, start_y = self.position
        first = (start_x + (ax - start_x) * 2 / 3, start_y + (ay - start_y) * 2 / 3)
        second = (x + (ax - x) * 2 / 3, y + (ay - y) * 2 / 3)
        self._add("c", first, second, (x, y))

    def close(self, *_: Any) -> None:
        self.path.append("h")

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self.position = points[-1]
        self.path += [str(round(value * self.scale)) for point in points for value in point]
        self.path.append(operator)


@lru_cache(maxsize=20_000)
def _find_file(character: str, families: tuple[str, ...]) -> _FontFile | None:
    return next(
        (
            font
            for font in _list_files(families)
            if open_font(font.file, font.index).get_nominal_glyph(ord(character)) is not None
        ),
        None,
    )


@cache
def _list_files(families: tuple[str, ...]) -> tuple[_FontFile, ...]:
    """Lists the families' regular faces in their order, then every other face."""
    import fontpkg

    faces = sorted(list_installed_faces(), key=lambda face: ("Regular" not in face.file, face))
    files = []
    for family in families:
        if family in latin.list_bundled_families():
            files.append(_FontFile(str(fontpkg.path(family, 400, "normal", nearest=True)), 0))
        else:
            files += [_FontFile(face.file, face.index) for face in faces if family in face.families][:1]
    return tuple(dict.fromkeys((*files, *(_FontFile(face.file, face.index) for face in faces))))
