"""Describes how the elements of HTML, XML and Office documents affect the text around them."""

import re
from functools import lru_cache

from brief.inspection.extract.part import BREAK
from brief.model.record import dataclass

# Inline elements (HTML standard, phrasing content), and those of SVG and MathML that may be within a text or a number.
INLINE_ELEMENTS = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q", "rp",
    "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "tspan", "textpath",
    "mi", "mn", "mo", "ms", "mtext", "mrow",
))  # fmt: skip
# The descriptions of properties that PDF/A requires in XMP (ISO 19005-2, 6.6.2.3): "internal" there is a category.
_EXTENSION_SCHEMA = ("pdfaProperty:", "pdfaSchema:")
# Elements of WordprocessingML whose value is read aloud or printed: descriptions of tables and controls, and numbers with
# which a list or the notes begin.
_PRINTED_VALUES = frozenset(
    ("w:tblCaption", "w:tblDescription", "w:alias", "w:start", "w:startOverride", "w:numStart", "w:lvlText")
)
# Raised, lowered and hidden runs, which may divide a word (17.3.2.41 and 17.3.2.42).
_DIVIDING = ("w:vertAlign", "w:vanish", "w:position")
# In WordprocessingML and DrawingML, text ends with the paragraph and not with its elements, since a word may span
# several. The same applies to the runs of a string in a workbook.
_PARAGRAPH = re.compile(r"(?:w|a|m):p$")
_RUNS = re.compile(r"(?:w|a|m):|(?:x:)?[rt]$")
_TAB = re.compile(r"w:p?tab$")
_LINE_BREAK = re.compile(r"w:(?:br|cr)$")


@dataclass(frozen=True, slots=True)
class TagKind:
    """How an element affects the text around it.

    - `printed`: the text that the element prints itself, such as a line break.
    - `is_inline`: it is within a line; `ends_text`: the text ends with it.
    - `is_value`: it contains the value of a cell or a point; `is_style`: it contains a style sheet.
    - `is_vocabulary`: its text is code; `has_printed_value`: its value is text.
    - `is_dividing`: its run may divide a word.
    """

    printed: str
    is_inline: bool
    is_value: bool
    is_style: bool
    is_vocabulary: bool
    has_printed_value: bool
    is_dividing: bool
    ends_text: bool


@lru_cache(maxsize=2_000)
def describe_tag(tag: str) -> TagKind:
    name, is_run = tag.rpartition(":")[2], _RUNS.match(tag) is not None
    return TagKind(
        printed=BREAK if _TAB.match(tag) else "\n" if _LINE_BREAK.match(tag) else "",
        is_inline=tag.lower() in INLINE_ELEMENTS,
        is_value=name == "v",
        is_style=name == "style" and not is_run,
        is_vocabulary=tag.startswith(_EXTENSION_SCHEMA),
        has_printed_value=tag in _PRINTED_VALUES,
        is_dividing=tag in _DIVIDING,
        ends_text=_PARAGRAPH.match(tag) is not None or not is_run,
    )
