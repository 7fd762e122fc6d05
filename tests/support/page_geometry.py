"""Where the words of a PDF are: each within its page, and none over another."""

import itertools
import re
import subprocess
from xml.etree import ElementTree as ET


def boxes(data: bytes) -> list[tuple[tuple[float, float], list[tuple[str, float, float, float, float]]]]:
    """The size of each page, and its words with the edges of their boxes."""
    run = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"],
        input=data,
        capture_output=True,
        check=True,
    )
    root = ET.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", run.stdout))  # noqa: S314
    pages = []
    for page in root.iter("{http://www.w3.org/1999/xhtml}page"):
        words = [
            (word.text or "", *(float(word.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax")))
            for word in page.iter("{http://www.w3.org/1999/xhtml}word")
        ]
        pages.append(((float(page.attrib["width"]), float(page.attrib["height"])), words))
    return pages  # type: ignore[return-value]


def require_clear(data: bytes) -> None:
    """No word beyond the page's margin, and none over another."""
    for (width, height), words in boxes(data)[1:]:
        for word, left, top, right, bottom in words:
            assert 30 < left < right < width - 30, word
            # Heads of several lines rise into the margin.
            assert 8 < top < bottom < height - 15, word
        for one, other in itertools.combinations(words, 2):
            across = min(one[3], other[3]) - max(one[1], other[1])
            down = min(one[4], other[4]) - max(one[2], other[2])
            # Boxes are as high as the face, and lines closer than that.
            assert across < 1 or down < 0.5 * min(one[4] - one[2], other[4] - other[2]), (one, other)
