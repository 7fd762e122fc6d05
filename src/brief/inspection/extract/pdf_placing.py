"""Reads the texts on a page of a PDF by their places where these differ from the order in which they are drawn.

A style sheet may place the words of a sentence in another order than that of the file. Texts in parts of a line or less
are read again from left to right and from top to bottom; longer texts are found wherever they are.
"""

from collections.abc import Iterable, Iterator, Sequence

from brief.inspection.extract.pdf_content import PdfOperation, PdfOperator
from brief.inspection.folding import measure_length

# A text, its distance across and its distance down or up the page, depending on the engine.
_Placed = tuple[float, float, str]
# The longest texts, on average, that are read by their places down the page. Cells with several lines are longer.
_MAX_FRAGMENT, _MIN_FRAGMENTS = 16, 3
# The longest label that is drawn after the line to the right of it, such as the number of a heading.
_MAX_LABEL = 3
# Raised marks are less distant from their line.
_SAME_LINE = 7.0


def list_placed_texts(operations: Iterable[PdfOperation], elements: Sequence[tuple[int, ...]] = ()) -> Iterator[str]:
    """Yields the texts that are drawn in another order than they are read, in the order in which they are read.

    `elements` has the structure elements around each marked content, the outermost first.
    """
    lines: dict[str, list[_Placed]] = {}
    groups: dict[tuple[int, ...], list[_Placed]] = {}
    line: list[_Placed] = []
    group = groups.setdefault((), [])
    x = y = 0.0
    for operation in operations:
        operator = operation.operator
        if operator is PdfOperator.LINE:
            across, _, written = operation.place.partition(" ")
            line = lines.setdefault(written, [])
            x, down = _read_number(across), _read_number(written)
            y = y if abs(down - y) < _SAME_LINE else down
        elif operator is PdfOperator.SHOW:
            if operation.text.strip():
                placed = x, y, operation.text
                line.append(placed)
                if any(map(str.isalnum, operation.text)):
                    group.append(placed)
        elif operator is PdfOperator.BEGIN:
            number = operation.number
            here = elements[number] if number is not None and number < len(elements) else ()
            group = groups.setdefault(here[:-1], [])
    for each in lines.values():
        if len(each) > 1 and not _is_ordered(each):
            yield _join(sorted(each))
    for each in groups.values():
        if len(each) >= _MIN_FRAGMENTS and _has_fragments(each):
            yield from _read_down(each)


def _is_ordered(line: Sequence[_Placed]) -> bool:
    """Returns whether the texts on a line are drawn from left to right, except a label before them."""
    places = [x for x, *_ in line]
    ordered = sorted(places)
    if places == ordered:
        return True
    first = places.index(ordered[0])
    return len(line[first][2].strip()) <= _MAX_LABEL and places[:first] + places[first + 1 :] == ordered[1:]


def _has_fragments(group: Sequence[_Placed]) -> bool:
    """Returns whether texts with letters are short on average; of texts without any, whether all are."""
    texts = [text for *_, text in group]
    lengths = [measure_length(text) for text in texts if any(map(str.isalpha, text))] or list(map(len, texts))
    return sum(lengths) <= _MAX_FRAGMENT * len(lengths)


def _read_down(group: Sequence[_Placed]) -> Iterator[str]:
    """Yields texts from the top and from the bottom, since engines count from either, if they are drawn in neither order."""
    ways = [sorted(group, key=lambda placed: (sign * placed[1], placed[0])) for sign in (1, -1)]
    if list(group) not in ways:
        yield from map(_join, ways)


def _join(placed: Iterable[_Placed]) -> str:
    return " ".join(text for *_, text in placed)


def _read_number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0
