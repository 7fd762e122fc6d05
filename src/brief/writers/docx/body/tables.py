"""Tables: widths that fit the words, header rows that repeat, rows that stay whole if they fit on a page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from brief.model.align import Align
from brief.model.inline import Runs
from brief.model.variant import CellSpan, HeadGroup, Table
from brief.resolve.columns import (
    LONG_WORD,
    ROW_LINES,
    count_row_lines,
    fit_columns,
    make_equivalent_text,
    measure_ems,
    measure_widest_word,
    split_words,
)
from brief.writers.docx.body.composer import Composer, RunFormat
from brief.writers.docx.body.hyphenation import hyphenate_wide_words
from brief.writers.docx.body.typesetting import permit_breaks_after_marks
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.merged_cells import KEPT_LANDSCAPE_LINES, KEPT_LINES, divide_merged_cells
from brief.writers.ooxml.elements import Element, parse_word, word, word_xml

# Twentieths of a point: an em of 9-point text; the margins at both sides of a cell together; and those in a table that
# would be too wide for its page otherwise.
EM = 180
CELL_MARGINS = 200
_TIGHT_MARGINS = 120
# On machines without our fonts, others are substituted, whose digits are wider by this factor.
_SUBSTITUTE_FACTOR = 1.04
# The widths of letters, in ems, in DejaVu Sans Bold, the widest font that is substituted for ours.
_SUBSTITUTE_WIDTHS = {
    letter: width
    for letters, width in (
        ("ijlI.,:;'|!()[]-", 0.43),
        ("frtsz", 0.58),
        ("mM%W", 1.06),
        ("w&+−×", 0.9),
        ("GOQHNUD", 0.85),
    )
    for letter in letters
}
TWIPS_PER_HALF_POINT = 10
# Font sizes in half points (ECMA-376 part 1, 17.3.2.38): the smallest that is preferred to a landscape page, and the
# smallest of all.
_LEGIBLE_SIZE, _MIN_SIZE = 14, 11
# A table of at most so many lines with those around it, about a third of a page, is kept on one page; the second number
# is for landscape looks.
_MAX_LINES_KEPT, _MAX_LINES_KEPT_ON_LOW_PAGE = 13.0, 9.0
HEADER_STYLES = {
    Align.START: WordStyle.TABLE_HEAD,
    Align.END: WordStyle.TABLE_FIGURE_HEAD,
    Align.CENTER: WordStyle.TABLE_CENTRE_HEAD,
}
CELL_STYLES = {
    Align.START: WordStyle.TABLE_TEXT,
    Align.END: WordStyle.TABLE_FIGURE,
    Align.CENTER: WordStyle.TABLE_CENTRE,
}


def ems_to_twips(ems: Sequence[float], width: int) -> list[int]:
    """Converts widths in ems to twentieths of a point, scaled in proportion so that their sum is `width`."""
    total = sum(ems)
    widths = [int(length * width / total) for length in ems]
    widths[-1] += width - sum(widths)
    return widths


def _measure_substitute_word(text: str) -> float:
    """Estimates the width in ems of the widest word of a text in a font that is substituted for ours."""
    return max((sum(map(_measure_substitute, word)) for word in split_words(text)), default=0.0)


def _measure_substitute(letter: str) -> float:
    return _SUBSTITUTE_WIDTHS.get(letter) or (0.71 if "0" <= letter <= "9" or letter.islower() else 0.77) + 0.2 * (
        letter > "\u02ff"
    )


def _count_lines(rows: Sequence[Sequence[str]], widths: Sequence[int], em: float) -> float:
    """Estimates the lines of the rows. `em` is that of their text, in twentieths of a point."""
    return sum(
        max(
            (
                -(-measure_ems(text) * em // max(width - CELL_MARGINS, 1))
                for text, width in zip(row, widths, strict=True)
            ),
            default=1.0,
        )
        for row in rows
    )


def build_table(
    composer: Composer,
    style: WordStyle,
    widths: Sequence[int],
    rows: Sequence[Sequence[Sequence[Element]]],
    *,
    row_heads: bool = False,
    title: str | None = None,
    indent: int = 0,
    divided: Collection[int] = (),
    head_rows: int = 0,
    spans: Collection[CellSpan] = (),
    margins: int = CELL_MARGINS,
) -> Element:
    """Builds a table in `style` from cells that are sequences of paragraphs. `title` is the table's name for screen
    readers.

    `widths`, `indent` and `margins`, which are those at both sides of a cell together, are in twentieths of a point.
    `spans` lists the cells that take several rows or columns; cells that they cover are not composed. The first `head_rows` rows repeat on every page. `divided` lists the indices of
    the rows that may continue on the next page: it must have each row that is longer than a page, because Word would
    truncate that.
    """
    properties = word(
        "tblPr",
        word("tblStyle", val=composer.styles[style]),
        word("tblW", w=sum(widths), type="dxa"),
        word("tblInd", w=indent, type="dxa") if indent else None,
        word("tblLayout", type="fixed"),
        word("tblCellMar", *(word(side, w=margins // 2, type="dxa") for side in ("left", "right")))
        if margins != CELL_MARGINS
        else None,
        word(
            "tblLook",
            val=f"{0x0600 | 0x0020 * (head_rows > 0) | 0x0080 * row_heads:04X}",
            firstRow=int(head_rows > 0),
            lastRow=0,
            firstColumn=int(row_heads),
            lastColumn=0,
            noHBand=1,
            noVBand=1,
        ),
        word("tblCaption", val=title) if title else None,
    )
    return word(
        "tbl",
        properties,
        word("tblGrid", *(word("gridCol", w=width) for width in widths)),
        *(
            word(
                "tr",
                word(
                    "trPr",
                    None if index in divided else word("cantSplit"),
                    word("tblHeader") if index < head_rows else None,
                ),
                *_build_cells(composer, cells, widths, index, spans),
            )
            for index, cells in enumerate(rows)
        ),
    )


def _build_cells(
    composer: Composer, cells: Sequence[Sequence[Element]], widths: Sequence[int], row: int, spans: Collection[CellSpan]
) -> Iterator[Element]:
    """Yields the cells of the row with the index `row`. A cell that a cell above covers is empty; one that a cell on
    its left covers is left out.
    """
    spans_by_column = {span.column: span for span in spans if span.row <= row < span.row + span.rows}
    covered: set[int] = set()
    for column, paragraphs in enumerate(cells):
        if column in covered:
            continue
        span = spans_by_column.get(column)
        count = span.columns if span else 1
        covered.update(range(column + 1, column + count))
        is_continued = span is not None and row > span.row
        merge = ""
        if span is not None and span.rows > 1:
            merge = word_xml("vMerge") if is_continued else word_xml("vMerge", val="restart")
        width = word_xml("tcW", w=sum(widths[column : column + count]), type="dxa")
        cell = parse_word("tc", word_xml("tcPr", width, word_xml("gridSpan", val=count) if count > 1 else "", merge))
        cell.extend((composer.compose_paragraph(WordStyle.TABLE_TEXT),) if is_continued else paragraphs)
        yield cell


def build_text_table(
    composer: Composer,
    headers: Sequence[tuple[Runs, Align]],
    rows: Sequence[Sequence[Runs]],
    *,
    title: str,
    keep_with_next: bool = False,
    style: WordStyle = WordStyle.BRIEF_TABLE,
    width: int | None = None,
    groups: Sequence[HeadGroup] = (),
    spans: Sequence[CellSpan] = (),
    totals: Collection[int] = (),
    lines_around: float = 0.0,
) -> Element:
    """Builds a table of text. Its header rows repeat on every page, and its first column has the row headers.

    `headers` are the header and the alignment of each column. `groups` lists headers above those of several columns,
    `spans` the cells of `rows` that take several rows or columns, and `totals` the indices of the rows that sum up
    others.

    `width` is in twentieths of a point; without it, the table is as wide as the page's text. The font is smaller if
    words or figures would be broken otherwise. `lines_around` is the height, in lines of the table, of what is kept with
    it: a short table is on one page with that.
    """
    width = width or composer.width
    texts = [[make_equivalent_text(cell) for cell in row] for row in ([header for header, _ in headers], *rows)]
    columns = list(zip(*texts, strict=True))
    widest_words = _measure_widest_words(columns)
    size, margins = _choose_size(widest_words, width, composer.table_size)
    em = TWIPS_PER_HALF_POINT * size * _SUBSTITUTE_FACTOR
    plain = RunFormat(size=size if size < composer.table_size else None)
    # The margins do not depend on the size of the font.
    widths = ems_to_twips(fit_columns(columns, width / em, margins / em, widest_words), width)
    ems = [length / em for length in widths]
    divided = [index for index, row in enumerate(texts[1:]) if count_row_lines(row, ems) > ROW_LINES]
    max_lines = KEPT_LANDSCAPE_LINES if composer.look.is_landscape or width > composer.width else KEPT_LINES
    rows, spans, kept_rows = divide_merged_cells(rows, spans, ems, max_lines, composer.catalogue)
    max_lines_kept = _MAX_LINES_KEPT_ON_LOW_PAGE if composer.look.is_landscape else _MAX_LINES_KEPT
    is_kept_whole = (
        _count_lines(texts, widths, TWIPS_PER_HALF_POINT * composer.table_size) + lines_around <= max_lines_kept
    )
    composed = _compose_headers(composer, headers, groups, plain)
    header_rows = len(composed)
    last = len(rows) - 1
    for index, row in enumerate(rows):
        # Neither the first nor the last row may be alone on its page. But if a row longer than a page were kept with
        # the next one, it would start a page, and the caption would be alone before it.
        is_kept = keep_with_next if index == last else is_kept_whole or index in (0, last - 1) or index in kept_rows
        keep = is_kept and index not in divided
        run_format = replace(plain, strong=index in totals)
        composed.append(
            [
                (
                    composer.compose_paragraph(
                        CELL_STYLES[align], *composer.compose_runs(cell, run_format), keep_next=keep
                    ),
                )
                for cell, (_, align) in zip(row, headers, strict=True)
            ]
        )
    rooms = [max(length - margins / em, 1.0) for length in ems]
    for cells in composed[header_rows - 1 :]:
        for cell, room in zip(cells, rooms, strict=True):
            hyphenate_wide_words(cell, composer.language.tag, room)
            if composer.language.script != "Latn":
                for paragraph in cell:
                    permit_breaks_after_marks(paragraph)
    return build_table(
        composer,
        style,
        widths,
        composed,
        row_heads=True,
        title=title,
        divided=[index + header_rows for index in divided],
        head_rows=header_rows,
        spans=[
            *(CellSpan(row=0, column=group.column, columns=group.columns) for group in groups),
            *(replace(span, row=span.row + header_rows) for span in spans),
        ],
        margins=margins,
    )


def _compose_headers(
    composer: Composer, headers: Sequence[tuple[Runs, Align]], groups: Sequence[HeadGroup], run_format: RunFormat
) -> list[list[tuple[Element, ...]]]:
    """Composes the one or two header rows."""
    titles: list[tuple[Element, ...]] = [
        (composer.compose_paragraph(HEADER_STYLES[align], *composer.compose_runs(header, run_format), keep_next=True),)
        for header, align in headers
    ]
    return [*([[cell for group in groups for cell in _compose_group(composer, group)]] if groups else []), titles]


def needs_landscape(composer: Composer, table: Table) -> bool:
    """Returns whether landscape pages are wider than others, and words of the table would be broken on the others even in
    the smallest legible font size.
    """
    if composer.long_width <= composer.width:
        return False
    heads = [column.title for column in table.columns]
    columns = zip(*([make_equivalent_text(cell) for cell in row] for row in (heads, *table.rows)), strict=True)
    widest_words = _measure_widest_words(list(columns))
    return _choose_size(widest_words, composer.width, composer.table_size)[0] < _LEGIBLE_SIZE


def _measure_widest_words(columns: Sequence[Sequence[str]]) -> list[float]:
    """Returns the width in ems of the widest word of each column, in the font of the look or in its usual substitute,
    whichever is wider. `columns` has the texts of each column.
    """
    return [
        max(*(_measure_substitute_word(text) / _SUBSTITUTE_FACTOR for text in column), measure_widest_word(column))
        for column in columns
    ]


def _choose_size(widest_words: Sequence[float], width: int, usual: int) -> tuple[int, int]:
    """Chooses the largest font size, in half points, up to the `usual` one, at which no word is broken, or the smallest
    size that is used; and the margins of the cells, in twentieths of a point. Those are tight only if the size would not
    be legible otherwise.

    `widest_words` are the widths in ems of each column's widest word; words wider than `LONG_WORD` may be broken.
    """
    needed = sum(min(word, LONG_WORD) for word in widest_words)
    needed *= TWIPS_PER_HALF_POINT * usual * _SUBSTITUTE_FACTOR
    for margins in (CELL_MARGINS, _TIGHT_MARGINS):
        room = width - margins * len(widest_words)
        size = usual if needed <= room else int(usual * room / needed)
        if size >= _LEGIBLE_SIZE:
            break
    return max(_MIN_SIZE, size), margins


def _compose_group(composer: Composer, group: HeadGroup) -> Iterator[tuple[Element, ...]]:
    """Yields the cell of a header above others, and empty ones for the columns that it covers."""
    runs = composer.compose_runs(group.title) if group.title else []
    yield (composer.compose_paragraph(WordStyle.TABLE_CENTRE_HEAD, *runs, keep_next=True),)
    yield from ((composer.compose_paragraph(WordStyle.TABLE_CENTRE_HEAD),) for _ in range(group.columns - 1))


def build_table_gap(composer: Composer, *, keep_next: bool = False) -> Element:
    """Builds an empty paragraph as the space after a table, because tables have no space after them in Word."""
    return composer.compose_paragraph(WordStyle.TABLE_GAP, keep_next=keep_next)
