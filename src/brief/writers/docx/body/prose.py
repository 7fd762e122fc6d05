"""Composes prose blocks: paragraphs, headings, nested lists, quotations, code, formulas and tables."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from docx.parts.document import DocumentPart

from brief.model.inline import Code, Run
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProsePart,
    ProseParts,
    ProseQuotation,
    ProseTable,
)
from brief.model.record import dataclass
from brief.model.variant import Prose
from brief.writers.docx.body.composer import Composer
from brief.writers.docx.body.numbering import LIST_INDENT, add_nested_numbering
from brief.writers.docx.body.tables import build_table_gap, build_text_table
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, qualify_name, word

# In half points: by how much each level of headings is smaller than the level above it, and the smallest size.
_SIZE_STEP = 2
_MIN_SIZE = 18


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part is: `top` is the level of the heading above the prose, `indent` is in twentieths of a point."""

    top: int
    indent: int = 0
    is_quoted: bool = False


def compose_prose(composer: Composer, block: Prose) -> Iterator[Element]:
    """Yields the parts of the block. The headings within it are on the levels below the block's own heading or, if it
    has none, below the theme's.
    """
    yield from _compose_parts(composer, block.parts, _Place(top=2 if block.heading else 1))


def _compose_parts(composer: Composer, parts: ProseParts[Run], place: _Place) -> Iterator[Element]:
    for part in parts:
        yield from _compose_part(composer, part, place)


def _compose_part(composer: Composer, part: ProsePart[Run], place: _Place) -> Iterator[Element]:
    match part:
        case ProseParagraph(text):
            style = _ensure_quotation(composer) if place.is_quoted else WordStyle.BODY
            yield composer.compose_paragraph(style, *composer.compose_runs(text), indent=place.indent)
        case ProseHeading(level, text):
            yield composer.compose_paragraph(
                _ensure_heading(composer, place.top + level), *composer.compose_heading(text), indent=place.indent
            )
        case ProseList():
            yield from _compose_list(composer, part, place)
        case ProseQuotation(parts):
            yield from _compose_parts(
                composer, parts, replace(place, indent=place.indent + LIST_INDENT, is_quoted=True)
            )
        case ProseCode(text):
            yield composer.compose_paragraph(
                WordStyle.BODY, *_compose_code(composer, text), indent=place.indent + LIST_INDENT
            )
        case ProseFormula(text):
            yield composer.compose_paragraph(WordStyle.BODY, *composer.compose_runs(text), indent=place.indent)
        case ProseTable(alignments, headers, rows):
            yield build_text_table(
                composer, list(zip(headers, alignments, strict=True)), rows, title="", width=composer.column_width
            )
            yield build_table_gap(composer)
        case _:
            assert_never(part)


def _compose_list(composer: Composer, part: ProseList[Run], place: _Place) -> Iterator[Element]:
    style = WordStyle.LIST_NUMBER if part.is_ordered else WordStyle.LIST_BULLET
    level = place.indent // LIST_INDENT
    numbering = add_nested_numbering(composer.part, is_ordered=part.is_ordered, level=level, start=part.start)
    inner = replace(place, indent=place.indent + LIST_INDENT)
    for entry in part.entries:
        first, rest = (entry[0], entry[1:]) if entry and isinstance(entry[0], ProseParagraph) else (None, entry)
        runs = composer.compose_runs(first.text) if first is not None else []
        yield composer.compose_paragraph(style, *runs, numbering=numbering, level=level)
        yield from _compose_parts(composer, rest, inner)


def _compose_code(composer: Composer, text: tuple[Run, ...]) -> list[Element]:
    """Composes lines of code, with the spaces at their starts."""
    elements: list[Element] = []
    for run in text:
        lines = run.text.split("\n") if isinstance(run, Code) else []
        for index, line in enumerate(lines):
            elements += [word("r", word("br"))] if index else []
            elements += composer.compose_runs((Code(line),)) if line else []
    return elements


def _ensure_heading(composer: Composer, level: int) -> str:
    """Returns the id of the style of headings on a level; if the document lacks it, adds one based on the level above."""
    name = f"heading {level}"
    if level <= 2:
        return composer.styles[WordStyle.HEADING_2]
    if name in composer.styles.ids:
        return composer.styles.ids[name]
    parent = _ensure_heading(composer, level - 1)
    styles = _find_styles(composer.part)
    sizes = (element.get(qualify_name("w:val"), "") for element in styles[parent].iter(qualify_name("w:sz")))
    size = max(int(next(sizes, "22")) - _SIZE_STEP, _MIN_SIZE)
    return _ensure_style(
        composer.part,
        f"Heading{level}",
        word("name", val=name),
        word("basedOn", val=parent),
        word("next", val=composer.styles[WordStyle.BODY]),
        word("uiPriority", val=9),
        word("pPr", word("keepNext"), word("outlineLvl", val=level - 1)),
        word("rPr", word("sz", val=size), word("szCs", val=size)),
    )


def _ensure_quotation(composer: Composer) -> str:
    """Returns the id of the style of quoted paragraphs, with a line on their left; adds it if the document lacks it."""
    side = word("left", val="single", sz=8, space=8, color="A6A6A6")
    return _ensure_style(
        composer.part,
        "ProseQuotation",
        word("name", val="Prose Quotation"),
        word("basedOn", val=composer.styles[WordStyle.BODY]),
        word("uiPriority", val=29),
        word("pPr", word("pBdr", side), word("ind", left=LIST_INDENT)),
    )


def _ensure_style(part: DocumentPart, style_id: str, *properties: Element) -> str:
    """Returns the id of a paragraph style; adds the style with these properties if the document lacks it."""
    if style_id not in _find_styles(part):
        styles: Element = part.styles.element
        styles.append(word("style", *properties, type="paragraph", styleId=style_id))
    return style_id


def _find_styles(part: DocumentPart) -> dict[str, Element]:
    styles: Element = part.styles.element
    return {str(style.get(qualify_name("w:styleId"))): style for style in styles.findall(qualify_name("w:style"))}
