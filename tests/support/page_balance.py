"""How full the pages of a PDF are, and how evenly its Chinese lines are set, from the positions of glyphs and marks."""

import io
import re
import subprocess
from collections.abc import Iterable
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from glyphs import Glyph, lines, words
from PIL import Image

from brief.model.han import IDEOGRAPHS, WESTERN

_DOTS_PER_INCH = 36
_HAN = re.compile(f"[{IDEOGRAPHS}]")
_CHARACTER = re.compile(f"[{IDEOGRAPHS}{WESTERN}]")
_CITATION = re.compile(r"\[\d[\d, ]*\]")


def empty_feet(data: bytes, top: float, bottom: float) -> list[float]:
    """The share of each page's text area that is empty below its last mark; `top` and `bottom` are margins in millimetres."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", str(_DOTS_PER_INCH), "-gray", "-"], input=data, capture_output=True, check=True
    ).stdout
    found = []
    for page in re.split(rb"(?=P5\n)", drawn)[1:]:
        with Image.open(io.BytesIO(page)) as image:
            a_millimetre = _DOTS_PER_INCH / 25.4
            area = image.crop((0, round(top * a_millimetre), image.width, image.height - round(bottom * a_millimetre)))
            inked = area.point(lambda level: 255 if level < 250 else 0).getbbox()
            found.append(1 - inked[3] / area.height if inked else 1.0)
    return found


class LineMeasure(NamedTuple):
    """Of full lines, the shares whose Han characters are opened by more than 2%, 3% and 5% of their size, and that end more than
    an em before the others (`holes`); of paragraphs, the share whose last line has fewer than three characters, not counting
    marks and citations (`runts`)."""

    full: int
    over_2: float
    over_3: float
    over_5: float
    holes: float
    runts: float


def measure_chinese_lines(data: bytes, size: float, left: float, right: float) -> LineMeasure:
    """Measures the lines of text in `size` that begin at `left` and may reach `right`, in points."""
    set_so = [
        line
        for line in lines(data)
        if abs(line[0].size - size) < 0.1 and abs(line[0].left - left) < 1 and _HAN.search(words(line))
    ]
    paragraphs = [list(group) for group in _split(set_so)]
    full = [line for paragraph in paragraphs for line in paragraph[:-1]]
    opened = [_opening(line) for line in full]
    ends = [(right - line[-1].right) / size for line in full]
    last = [paragraph[-1] for paragraph in paragraphs if len(paragraph) > 1]
    return LineMeasure(
        len(full),
        _share(each > 0.02 for each in opened),
        # The engine rounds each distance to a thousandth of an em.
        _share(each > 0.031 for each in opened),
        _share(each > 0.05 for each in opened),
        _share(end > 1 for end in ends),
        _share(len(_CHARACTER.findall(_CITATION.sub("", words(line)))) < 3 for line in last),
    )


def _split(found: list[list[Glyph]]) -> list[list[list[Glyph]]]:
    """Lines that follow each other at the distance of lines are one paragraph."""
    step = median(abs(a[0].y - b[0].y) for a, b in pairwise(found) if a[0].page == b[0].page)
    made: list[list[list[Glyph]]] = []
    for _, page in groupby(found, key=lambda line: line[0].page):
        before: list[Glyph] | None = None
        for line in page:
            if before is not None and abs(before[0].y - line[0].y) < 1.1 * step:
                made[-1].append(line)
            else:
                made.append([line])
            before = line
    return made


def _opening(line: list[Glyph]) -> float:
    """The white between neighbouring Han characters, in ems: that of most of them."""
    gaps = [(b.left - a.right) / a.size for a, b in pairwise(line) if _HAN.fullmatch(a.text) and _HAN.fullmatch(b.text)]
    return median(gaps) if gaps else 0.0


def _share(found: Iterable[bool]) -> float:
    kept = list(found)
    return sum(kept) / len(kept) if kept else 0.0
