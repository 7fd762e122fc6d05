"""Sets Chinese lines as CSS Text 4 specifies and WeasyPrint 70 does not: `text-autospace`, `text-spacing-trim`,
justification.

What is done, only in text whose language is Chinese:

- Space is added between Han and Western letters or digits (`SCRIPT_GAP`), except at the end of a line. It is the same
  in justified lines, because programs that search or copy text would take a wider gap for a space character. Boxes get
  a zero width space there, after bookmarks and running heads have been taken from them; it is never drawn.
- Of two adjacent full-width punctuation marks, one is set in half its width (`halt`); so is one at the start or end of
  a line.
- The line ends of a justified paragraph are chosen for the paragraph as a whole (`line_breaking`). In a line with too
  many characters, every punctuation mark is squeezed by the same amount.
- Other justified lines are stretched between characters, by so little that it is not visible; a line that would need
  more stays short. Dashes and ellipses are not pulled apart.

For this, functions of the engine are replaced if its version has the functions that this module expects
(`install_line_setting`). Otherwise text is set ragged, as the engine itself sets it.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from brief.model.han import SCRIPT_GAP
from brief.model.record import dataclass
from brief.writers.pdf.weasyprint.line_breaking import MAX_SQUEEZE
from brief.writers.pdf.weasyprint.line_fitting import (
    UNADJUSTED,
    Adjustment,
    compute_stretch,
    count_squeezable,
    find_texts,
    get_chinese_script,
    list_squeezable,
    wrap_split_inline_box,
)
from brief.writers.pdf.weasyprint.line_marks import (
    GAP,
    GAPS,
    add_joiner_before_citation,
    count_expansion_shares,
    find_expandable_ranges,
    find_gaps,
    find_halved_marks,
    find_space_side,
    insert_gaps,
    is_citation,
    is_halved_at_end,
    is_halved_at_start,
    join_cited_characters,
    join_paragraph_end,
    separate_long_names,
)

# Widths are rounded, so a line may exceed its limit by this factor.
_ROUNDING = 1.001
_SCALE = 1024  # Pango units in a CSS pixel

# The functions that are replaced or used, and their parameters in version 70 of the engine.
_ENGINE_FUNCTIONS = {
    "formatting_structure.build.create_anonymous_boxes": "box",
    "layout.inline.split_inline_box": "context box position_x max_x bottom_space skip_stack containing_block absolute_boxes"
    " fixed_boxes line_placeholders waiting_floats line_children first_letter_style first_line_style",
    "layout.inline.text_align": "context line available_width last",
    "text.line_break.Layout.__init__": "self style justification_spacing max_width",
    "text.line_break.Layout.set_text": "self text justify",
    "text.line_break.Layout.setup": "self style",
    "text.line_break.Layout.get_first_line": "self",
    "text.line_break.line_size": "line style",
}


_SHAPE = "PangoAttribute * pango_attr_shape_new (const PangoRectangle *ink, const PangoRectangle *logical);"


def install_line_setting(expected: dict[str, str] | None = None) -> bool:
    """Installs the setting of Chinese lines in the engine, once per process; returns whether it is installed.

    `expected` maps the functions that the engine must have to their parameters.
    """
    return _has_functions(_ENGINE_FUNCTIONS if expected is None else expected) and _patch_engine()


def _has_functions(functions: dict[str, str]) -> bool:
    engine: Any = importlib.import_module("weasyprint")
    for module in ("formatting_structure.build", "layout.inline", "text.line_break"):
        importlib.import_module(f"weasyprint.{module}")
    for name, parameters in functions.items():
        function = engine
        for part in name.split("."):
            function = getattr(function, part, None)
        if function is None or list(inspect.signature(function).parameters) != parameters.split():
            return False
    return True


@cache
def _patch_engine() -> bool:
    from weasyprint.formatting_structure import build
    from weasyprint.layout import inline
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi

    try:
        ffi.cdef(_SHAPE)
    except Exception:
        return False
    build.create_anonymous_boxes = _wrap_with_gaps(build.create_anonymous_boxes)
    line_break.Layout.set_text = _wrap_set_text(line_break.Layout.set_text)
    inline.split_inline_box = wrap_split_inline_box(inline.split_inline_box)
    inline.text_align = _wrap_text_align(inline.text_align)
    return True


# Boxes


def _wrap_with_gaps(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_anonymous_boxes(box: Any) -> Any:
        new_box = original(box)
        for line in _walk_lines(new_box):
            before = None
            for text in find_texts(line):
                if text is None or not text.text:
                    before = None if text is None else before
                    continue
                if get_chinese_script(text.style) is None:
                    before = None
                    continue
                if before is not None:
                    before.text = add_joiner_before_citation(before.text, text.text)
                    # In justified text, marks would be squeezed and characters pulled apart for it.
                    if line.style["text_align_all"] != "justify":
                        before.text = join_cited_characters(before.text, text.text)
                    joint = insert_gaps(before.text[-1] + text.text[0])[1:-1]
                    before.text += joint if joint == GAP else ""
                    text.text = text.text if joint == GAP else joint + text.text
                if line.style["text_align_all"] == "justify":
                    text.text = separate_long_names(text.text)
                if text.element_tag != "code":
                    text.text = insert_gaps(text.text)
                before = text
            if before is not None:
                last = _find_text_end([text for text in find_texts(line) if text is not None and text.text])
                last.text = join_paragraph_end(last.text)
        return new_box

    return create_anonymous_boxes


def _find_text_end(texts: list[Any]) -> Any:
    """Returns the text box that ends a paragraph, apart from citations and the punctuation after them."""
    for text in reversed(texts):
        if not is_citation(text.text):
            return text
    return texts[-1]


def _walk_lines(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.LineBox):
        yield box
    if isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from _walk_lines(child)


# Text


def _wrap_set_text(original: Callable[..., None]) -> Callable[..., None]:
    from weasyprint.text.ffi import ffi, pango

    rectangle = ffi.new("PangoRectangle *")

    def set_text(self: Any, text: str, justify: bool = False) -> None:
        original(self, text, justify)
        script = get_chinese_script(self.style)
        if script is None or not self.text:
            return
        content = self.text
        size = self.style["font_size"]
        stretch, space_stretch, squeeze = getattr(self, "adjustment", UNADJUSTED)
        attributes_by_range = []
        for position in (*find_halved_marks(content, script), *getattr(self, "trimmed", ())):
            attribute = pango.pango_attr_font_features_new(b"halt")
            attributes_by_range.append((position, position + 1, attribute, pango.pango_attr_list_insert))
        # To a text that consists of a space, the engine itself adds a zero width space, which is not a gap.
        if content[0] != " ":
            # The engine draws a shape 1024/1000 times too wide, but measures it correctly. Half of the stretch of the
            # Han character beside the gap is on the side of the gap, and is subtracted from it.
            rectangle.width = int(max(0.0, SCRIPT_GAP * size - stretch / 2) * (1000 if justify else _SCALE))
            for position in find_gaps(content):
                attribute = pango.pango_attr_shape_new(rectangle, rectangle)
                attributes_by_range.append((position, position + 1, attribute, pango.pango_attr_list_change))
        if stretch:
            for start, end, weight, is_space in find_expandable_ranges(content):
                added = (stretch + space_stretch * is_space) * weight
                attribute = pango.pango_attr_letter_spacing_new(int(added * _SCALE))
                attributes_by_range.append((start, end, attribute, pango.pango_attr_list_change))
        for position in getattr(self, "squeezed", ()) if squeeze else ():
            # `halt` with added space instead would make programs that copy the text read a space character.
            attribute = pango.pango_attr_letter_spacing_new(-int(squeeze * _SCALE))
            attributes_by_range.append((position, position + 1, attribute, pango.pango_attr_list_change))
        if not attributes_by_range:
            return
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for start, end, attribute, add_to_list in attributes_by_range:
            attribute.start_index = len(content[:start].encode())
            attribute.end_index = attribute.start_index + len(content[start:end].encode())
            add_to_list(attributes, attribute)
        pango.pango_layout_set_attributes(self.layout, attributes)
        if squeeze and justify:
            # The engine lays the text out once more when it draws it.
            self.get_first_line = partial(_shift_squeezed, self, script, int(squeeze / 2 * _SCALE))

    return set_text


def _shift_squeezed(layout: Any, script: str, half: int) -> tuple[Any, int | None]:
    """Returns the first line of a layout, with each squeezed mark shifted so that only its white space becomes
    narrower.

    A closing mark has its white space after it, an opening one before it. The engine takes half of the squeeze from
    each side of a mark, except at the start of the line, which is right only for marks in the middle of their em.
    """
    from weasyprint.text.ffi import ffi

    line, resume_at = type(layout).get_first_line(layout)
    offsets = {
        len(layout.text[:index].encode()): half * -find_space_side(layout.text[index], script) - (half if index else 0)
        for index in layout.squeezed
    }
    run = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        offset, glyphs = run.data.item.offset, run.data.glyphs
        for index in range(glyphs.num_glyphs):
            x_offset = offsets.get(offset + glyphs.log_clusters[index])
            if x_offset is not None:
                glyphs.glyphs[index].geometry.x_offset = x_offset
        run = run.next
    return line, resume_at


# Lines


def _wrap_text_align(original: Callable[..., float]) -> Callable[..., float]:
    def text_align(context: Any, line: Any, available_width: float, last: bool) -> float:
        script = get_chinese_script(line.style)
        texts = list(find_texts(line)) if script else []
        if not script or not texts:
            return original(context, line, available_width, last)
        style = line.style
        align = style["text_align_all"]
        # Marks are also squeezed in a last line, if it has too many characters.
        is_full = align == "justify" and (not last or line.width > available_width)
        if last and style["text_align_last"] != "auto":
            align = style["text_align_last"]
        moved = {id(text): change for text, change in _find_trimmed_ends(texts, script, at_end=is_full)}
        adjustment, squeezed = UNADJUSTED, {}
        if is_full:
            room = available_width - line.width - sum(moved.values())
            adjustment = compute_stretch(texts, room, style["font_size"])
            marks = count_squeezable(line, script) if room < 0 else 0
            if marks and -room <= marks * MAX_SQUEEZE * style["font_size"] * _ROUNDING:
                adjustment = Adjustment(squeeze=-room / marks)
                squeezed = {id(text): list_squeezable(text, line, script) for text in texts if text is not None}
        if moved or adjustment != UNADJUSTED:
            _Mover(adjustment, moved, squeezed, (texts[0], texts[-1])).move(line, 0.0)
        return 0.0 if align == "justify" else original(context, line, available_width, last)

    return text_align


def _find_trimmed_ends(texts: list[Any], script: str, *, at_end: bool) -> Iterator[tuple[Any, float]]:
    """Yields the first and the last text box of a line, if punctuation is halved or a gap removed at that end, with the
    change in its width.
    """
    first, last = texts[0], texts[-1]
    for text in dict.fromkeys(text for text in (first, last) if text is not None and text.text):
        content = text.text.rstrip(GAP) if text is last else text.text
        trimmed = [0] if text is first and is_halved_at_start(content) else []
        if at_end and text is last and (len(content) > 1 or text is not first) and is_halved_at_end(content, script):
            trimmed.append(len(content) - 1)
        if content and (trimmed or content != text.text):
            yield text, _lay_out_text_again(text, content, trimmed)


def _lay_out_text_again(text: Any, content: str, trimmed: list[int]) -> float:
    from weasyprint.text.line_break import Layout, line_size

    layout = Layout(text.style)
    layout.trimmed = trimmed
    layout.set_text(content)
    width = line_size(layout.get_first_line()[0], text.style)[0]
    layout.deactivate()
    change: float = width - text.width
    text.text, text.pango_layout, text.width = content, layout, width
    return change


@dataclass(frozen=True, slots=True)
class _Mover:
    """Moves the contents of a line to the positions that an adjustment gives them.

    `changed` has the change in width of each text box at the end of which punctuation was halved, and `squeezed` the
    positions of squeezed punctuation in each text box, both by the identity of the box. `edges` are the first and the
    last text box.
    """

    adjustment: Adjustment
    changed: dict[int, float]
    squeezed: dict[int, list[int]]
    edges: tuple[Any, Any]

    def move(self, box: Any, shift: float) -> float:
        """Moves the contents of a box to the right by `shift`, and further by how much they widen; returns the shift of
        what follows the box. All lengths are in pixels.
        """
        from weasyprint.formatting_structure import boxes

        if isinstance(box, boxes.TextBox):
            adjusted = bool(box.text) and self.adjustment != UNADJUSTED
            before, gain, after = self._measure_widening(box) if adjusted else (0.0, 0.0, 0.0)
            shift += 0.0 if box is self.edges[0] else before
            box.position_x += shift
            shift += self.changed.get(id(box), 0.0)
            if adjusted:
                box.pango_layout.adjustment = self.adjustment
                box.pango_layout.squeezed = self.squeezed.get(id(box), [])
                box.width += gain
                shift += gain + (0.0 if box is self.edges[1] else after)
            return shift
        if isinstance(box, boxes.LineBox | boxes.InlineBox):
            start = shift
            box.position_x += shift
            for child in box.children:
                if child.is_in_normal_flow():
                    shift = self.move(child, shift)
            box.width += shift - start
            return shift
        box.translate(shift, 0)
        return shift

    def _measure_widening(self, box: Any) -> tuple[float, float, float]:
        """Returns by how much a text box is widened before its first character, in between, and after its last.

        The engine adds half of the space on each side of a character, except at both ends of a text.
        """
        content, (stretch, space_stretch, squeeze) = box.text, self.adjustment
        if not squeeze:
            everywhere, at_spaces = count_expansion_shares(content)
            before = _compute_half_share(content[:1], stretch, space_stretch)
            after = _compute_half_share(content[-1:], stretch, space_stretch)
            return before, everywhere * stretch + at_spaces * space_stretch - before - after, after
        marks = self.squeezed[id(box)]
        before = -squeeze / 2 if marks[:1] == [0] else 0.0
        after = -squeeze / 2 if marks[-1:] == [len(content) - 1] else 0.0
        return before, -squeeze * len(marks) - before - after, after


def _compute_half_share(character: str, stretch: float, space_stretch: float) -> float:
    """Returns half of the space that is added to a character; each half is on one side of it."""
    if character in GAPS:
        return 0.0
    everywhere, at_spaces = count_expansion_shares(character)
    return (everywhere * stretch + at_spaces * space_stretch) / 2
