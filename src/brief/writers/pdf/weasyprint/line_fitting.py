"""Makes the engine end the lines of a Chinese paragraph where `line_breaking` decides, and computes the adjustment of
each line.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, NamedTuple

from brief.model.scripts import find_chinese_script
from brief.writers.pdf.weasyprint.line_breaking import MAX_EXPANSION, choose_breaks
from brief.writers.pdf.weasyprint.line_marks import (
    GAP,
    count_expansion_shares,
    find_squeezable_marks,
    is_halved_at_start,
)
from brief.writers.pdf.weasyprint.paragraph_text import MeasuredParagraph

# Ems by which a space between Western words may grow in addition to `MAX_EXPANSION`: to two fifths of an em. CLREQ
# permits half an em, which looks like two spaces.
_MAX_SPACE_EXPANSION = 0.2


class Adjustment(NamedTuple):
    """How a line is adjusted to its width, in pixels: the space that is added at each character, the space that is
    added to each space between Western words besides, and the space that is taken from each full-width punctuation
    mark.
    """

    stretch: float = 0.0
    space_stretch: float = 0.0
    squeeze: float = 0.0


UNADJUSTED = Adjustment()


def get_chinese_script(style: Any) -> str | None:
    """Returns `Hans` or `Hant` for a style in Chinese, or None."""
    return find_chinese_script(style["lang"] or "")


def find_texts(box: Any) -> Iterator[Any]:
    """Yields the text boxes of a line in order, and None for any other box between them."""
    from weasyprint.formatting_structure import boxes

    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from find_texts(child)
        elif child.is_in_normal_flow():
            yield None


def wrap_split_inline_box(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps the engine's function that fills a line, so that lines of justified Chinese end where `line_breaking`
    decides.
    """
    from weasyprint.formatting_structure import boxes

    @wraps(original)
    def split_inline_box(
        context: Any,
        box: Any,
        position_x: float,
        max_x: float,
        bottom_space: float,
        skip_stack: Any,
        block: Any,
        *rest: Any,
    ) -> Any:
        if isinstance(box, boxes.LineBox) and not context.excluded_shapes and rest[-1] is None and rest[-2] is None:
            limit = _find_limit(box, max_x - position_x, skip_stack, block)
            max_x = max_x if limit is None else position_x + limit
        return original(context, box, position_x, max_x, bottom_space, skip_stack, block, *rest)

    return split_inline_box


def _find_limit(box: Any, width: float, skip_stack: Any, block: Any) -> float | None:
    """Returns the width to give the engine so that it ends the next line at the chosen position; None to let it choose."""
    script = get_chinese_script(box.style)
    if script is None or box.style["text_align_all"] != "justify":
        return None
    plan = getattr(box, "line_plan", None)
    if plan is None:
        plan = box.line_plan = _LinePlan(box, block, script)
    limit: float | None = plan.find_limit(width, box.text_indent, skip_stack)
    return limit


class _LinePlan:
    """The lines of one paragraph, for each width that it is laid out in."""

    def __init__(self, box: Any, block: Any, script: str) -> None:
        self._size: float = box.style["font_size"]
        self._script = script
        self._paragraph = MeasuredParagraph(box, block)
        self._is_measured: bool | None = None
        self._ends: dict[float, dict[int, int]] = {}

    def find_limit(self, width: float, indent: float, skip_stack: Any) -> float | None:
        """Returns the width to give the engine for the line that starts at `skip_stack`; None to let it choose."""
        paragraph = self._paragraph
        if self._is_measured is None:
            # No character is wider than an em.
            if len(paragraph.text) * self._size <= width:
                return None
            self._is_measured = paragraph.measure(self._script)
        if not self._is_measured:
            return None
        start = paragraph.find_position(skip_stack)
        ends = self._ends.setdefault(round(width + indent, 3), {})
        if start not in ends:
            # At the start of the paragraph, and after a line that the engine had to end by itself.
            ems = width / self._size
            ends.update(choose_breaks(paragraph.list_breakpoints(start), ems, ems + indent / self._size))
        if start not in ends:
            return None
        return paragraph.compute_limit(start, ends[start]) * self._size


def count_squeezable(line: Any, script: str) -> int:
    """Returns the number of punctuation marks of a line that can be squeezed."""
    return sum(len(list_squeezable(text, line, script)) for text in find_texts(line) if text is not None and text.text)


def list_squeezable(text: Any, line: Any, script: str) -> list[int]:
    """Lists the positions of punctuation marks in a text box that can be squeezed, without those that are halved at the
    ends of the line.
    """
    texts = list(find_texts(line))
    content = text.text.rstrip(GAP)
    skipped = set()
    if text is texts[0] and is_halved_at_start(content):
        skipped.add(0)
    if text is texts[-1]:
        skipped.add(len(content) - 1)
    return [position for position in find_squeezable_marks(content, script) if position not in skipped]


def compute_stretch(texts: list[Any], room: float, size: float) -> Adjustment:
    """Computes the stretch that fills the `room` of a line, or the largest permitted if that is less. `room` and the
    font `size` are in pixels; `texts` is what `find_texts` yields.
    """
    if room <= 0:
        return UNADJUSTED
    contents = [text.text for text in texts if text is not None and text.text]
    everywhere = at_spaces = 0.0
    for content in contents:
        share, space_share = count_expansion_shares(content)
        everywhere, at_spaces = everywhere + share, at_spaces + space_share
    # Nothing is added before the first character and after the last.
    ends = [contents[0][0]] if contents and texts[0] is not None else []
    ends += [contents[-1][-1]] if contents and texts[-1] is not None else []
    for character in ends:
        share, space_share = count_expansion_shares(character)
        everywhere, at_spaces = everywhere - share / 2, at_spaces - space_share / 2
    if everywhere <= 0:
        return UNADJUSTED
    if room <= MAX_EXPANSION * size * everywhere:
        return Adjustment(room / everywhere)
    rest = room - MAX_EXPANSION * size * everywhere
    added = min(rest / at_spaces, _MAX_SPACE_EXPANSION * size) if at_spaces > 0 else 0.0
    return Adjustment(MAX_EXPANSION * size, added)
