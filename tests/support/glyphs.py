"""Computes the position of each glyph in a PDF from content streams and font widths, without guessing from gaps."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Glyph:
    """One drawn glyph; lengths in points, `y` up from the foot of the page, `size` of the face in force."""

    text: str
    left: float
    right: float
    y: float
    size: float
    font: str
    page: int


@dataclass(frozen=True)
class _Font:
    name: str
    unicode: dict[int, str]
    widths: dict[int, float]
    bytes_a_code: int


def glyphs(data: bytes) -> list[Glyph]:
    """Lists all glyphs in drawing order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts: dict[tuple[int, int], _Font] = {}
        return [glyph for number, page in enumerate(pdf.pages, 1) for glyph in _page(page, number, fonts)]


def lines(data: bytes) -> list[list[Glyph]]:
    """Lists the glyphs of each line from left to right, page by page, without superscripts."""
    found = []
    for _, page in groupby(glyphs(data), key=lambda glyph: glyph.page):
        drawn = sorted(page, key=lambda glyph: (-round(glyph.y, 1), glyph.left))
        found += [list(line) for _, line in groupby(drawn, key=lambda glyph: round(glyph.y, 1))]
    return found


def words(line: list[Glyph]) -> str:
    return "".join(glyph.text for glyph in line)


def _page(page: pikepdf.Page, number: int, fonts: dict[tuple[int, int], _Font]) -> Iterator[Glyph]:
    stack: list[Matrix] = []
    matrix, text, line, font, size = _IDENTITY, _IDENTITY, _IDENTITY, _Font("", {}, {}, 2), 0.0
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator == "q":
            stack.append(matrix)
        elif operator == "Q":
            matrix = stack.pop()
        elif operator == "cm":
            matrix = _times(_numbers(operands), matrix)
        elif operator == "BT":
            text = line = _IDENTITY
        elif operator == "Tm":
            text = line = _numbers(operands)
        elif operator == "Td":
            text = line = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
        elif operator == "Tf":
            reference = page.obj["/Resources"]["/Font"][str(operands[0])]
            if reference.objgen not in fonts:
                fonts[reference.objgen] = _font(reference)
            font, size = fonts[reference.objgen], float(operands[1])
        elif operator in ("TJ", "Tj"):
            for item in operands[0] if operator == "TJ" else [operands[0]]:
                if not isinstance(item, pikepdf.String):
                    text = _times((1, 0, 0, 1, -float(item) / 1000 * size, 0), text)
                    continue
                codes = bytes(item)
                for at in range(0, len(codes), font.bytes_a_code):
                    code = int.from_bytes(codes[at : at + font.bytes_a_code])
                    advance = font.widths.get(code, 1000.0) / 1000 * size
                    start = _times(text, matrix)
                    text = _times((1, 0, 0, 1, advance, 0), text)
                    end = _times(text, matrix)
                    scale = abs(start[0])
                    shown = font.unicode.get(code, "")
                    yield Glyph(shown, start[4], end[4], start[5], size * scale, font.name, number)


def _font(font: pikepdf.Object) -> _Font:
    widths: dict[int, float] = {}
    if "/DescendantFonts" in font:
        items = list(font["/DescendantFonts"][0].get("/W", []))
    else:
        items = [font["/FirstChar"], font["/Widths"]]
    while items:
        first, second = int(items[0]), items[1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + at: float(width) for at, width in enumerate(second)}
            items = items[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(items[2]))
            items = items[3:]
    unicode = {}
    for body in re.findall(rb"beginbfchar(.*?)endbfchar", font["/ToUnicode"].read_bytes(), re.S):
        for code, target in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", body):
            unicode[int(code, 16)] = bytes.fromhex(target.decode()).decode("utf-16-be", "replace")
    return _Font(str(font["/BaseFont"]).split("+")[-1], unicode, widths, 2 if "/DescendantFonts" in font else 1)


def _numbers(operands: object) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)  # type: ignore[attr-defined]
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
