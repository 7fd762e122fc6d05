"""Lets lines of Chinese take characters of the next line if their marks can be squeezed: marks are squeezed before Han
characters are pulled apart (CLREQ, 3.2.3)."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from brief.model.han import ROOM
from brief.model.scripts import chinese_script
from brief.writers.pdf.weasyprint.line_marks import (
    GAP,
    count_expansion_shares,
    find_squeezable_marks,
    is_halved_at_end,
    is_halved_at_start,
)

# Ems by which a line may be stretched at each place before its marks are squeezed instead.
_TOLERATED_EXPANSION = 0.015
# Ems that squeezing may take from each mark: all of its white, or half of it on each side of a centred point.
MAX_SQUEEZE = 0.5
# Ems of the next line that are tried: a few characters with their marks.
_REACHES = (2.0, 1.05)


def find_script(style: Any) -> str | None:
    """`Hans` or `Hant` for a box in Chinese."""
    return chinese_script(style["lang"] or "")


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
    """Wraps the engine's function that fills a line, so that lines of justified Chinese get more text if they can be
    squeezed.
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
        script = find_script(box.style) if isinstance(box, boxes.LineBox) else None
        if script is None or box.style["text_align_all"] != "justify" or context.excluded_shapes:
            return original(context, box, position_x, max_x, bottom_space, skip_stack, block, *rest)
        *lists, letter_style, line_style = rest

        def fill(reach: float) -> tuple[Any, tuple[list[Any], ...]]:
            found: tuple[list[Any], ...] = tuple([] for _ in lists)
            made = original(
                context,
                box,
                position_x,
                max_x + reach,
                bottom_space,
                skip_stack,
                block,
                *found,
                letter_style,
                line_style,
            )
            return made, found

        made, found = fill(0.0)
        line, resume_at, is_broken, *_ = made
        size, width = box.style["font_size"], max_x - position_x
        if resume_at is not None and not is_broken and _is_stretched(line, width, size, script):
            for reach in _REACHES:
                more, more_found = fill(reach * size)
                if more[1] == resume_at:
                    break
                if (
                    0
                    < -_measure_room(more[0], width, size, script)
                    <= count_squeezable(more[0], script) * MAX_SQUEEZE * size
                ):
                    made, found = more, more_found
                    break
        for kept, new in zip(lists, found, strict=True):
            kept.extend(new)
        return made

    return split_inline_box


def count_squeezable(line: Any, script: str) -> int:
    """Returns the number of marks of a line that can be squeezed."""
    return sum(len(list_squeezable(text, line, script)) for text in find_texts(line) if text is not None and text.text)


def list_squeezable(text: Any, line: Any, script: str) -> list[int]:
    """Lists the positions of the marks of a text that can be squeezed, without those that are halved at the ends of the
    line.
    """
    texts = list(find_texts(line))
    words = text.text.rstrip(GAP)
    skipped = set()
    if text is texts[0] and is_halved_at_start(words):
        skipped.add(0)
    if text is texts[-1]:
        skipped.add(len(words) - 1)
    return [place for place in find_squeezable_marks(words, script) if place not in skipped]


def _is_stretched(line: Any, width: float, size: float, script: str) -> bool:
    """Returns whether the line has to be stretched visibly to be as wide as the others."""
    room = _measure_room(line, width, size, script)
    shares = sum(count_expansion_shares(text.text)[0] for text in find_texts(line) if text is not None and text.text)
    return room > _TOLERATED_EXPANSION * size * max(shares - 1, 1)


def _measure_room(line: Any, width: float, size: float, script: str) -> float:
    """Measures the space that a line leaves, with the marks at its ends halved as they will be."""
    texts = list(find_texts(line))
    room: float = width - line.width
    first, last = texts[0] if texts else None, texts[-1] if texts else None
    if first is not None and is_halved_at_start(first.text):
        room += size / 2
    if last is not None:
        words = last.text.rstrip(" ")
        if words.rstrip(GAP) != words:
            room += ROOM * size
        if is_halved_at_end(words.rstrip(GAP), script):
            room += size / 2
    return room
