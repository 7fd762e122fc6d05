"""Tables: widths that fit the words, header rows that repeat, rows that stay whole where a page can hold them."""

from collections.abc import Collection, Sequence

from brief.model.align import Align
from brief.model.inline import Runs
from brief.resolve.columns import ROW_LINES, count_row_lines, em_width, equivalent_text, fit_columns
from brief.writers.docx.body.composer import Composer
from brief.writers.docx.reference.styles import WordStyle
from brief.writers.ooxml.elements import Element, word

# Twentieths of a point: an em of 9-point table text, and the margins at both sides of a cell together.
EM = 180
CELL_MARGINS = 200
# A table of no more lines than this is kept on one page.
_KEPT_WHOLE = 24
HEADS = {
    Align.START: WordStyle.TABLE_HEAD,
    Align.END: WordStyle.TABLE_FIGURE_HEAD,
    Align.CENTER: WordStyle.TABLE_CENTRE_HEAD,
}
CELLS = {Align.START: WordStyle.TABLE_TEXT, Align.END: WordStyle.TABLE_FIGURE, Align.CENTER: WordStyle.TABLE_CENTRE}


def ems_to_twips(ems: Sequence[float], width: int) -> list[int]:
    """Widths in ems of table text, in twentieths of a point and stretched to sum up to `width`."""
    whole = sum(ems)
    widths = [int(each * width / whole) for each in ems]
    widths[-1] += width - sum(widths)
    return widths


def _is_short(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    """Whether the rows take only a part of a page, by an estimate of their lines."""
    lines = sum(
        max(
            (-(-em_width(text) * EM // max(width - CELL_MARGINS, 1)) for text, width in zip(row, widths, strict=True)),
            default=1.0,
        )
        for row in rows
    )
    return lines <= _KEPT_WHOLE


def build_table(
    composer: Composer,
    style: WordStyle,
    widths: Sequence[int],
    rows: Sequence[Sequence[Sequence[Element]]],
    *,
    header: bool = False,
    row_heads: bool = False,
    title: str | None = None,
    indent: int = 0,
    divided: Collection[int] = (),
) -> Element:
    """A table in `style` of given cells, each a sequence of paragraphs. `title` is its name for screen readers.

    The rows `divided` may continue on the next page: Word cuts off a row that may not and is longer than a page.
    """
    properties = word(
        "tblPr",
        word("tblStyle", val=composer.styles[style]),
        word("tblW", w=sum(widths), type="dxa"),
        word("tblInd", w=indent, type="dxa") if indent else None,
        word("tblLayout", type="fixed"),
        word(
            "tblLook",
            val=f"{0x0600 | 0x0020 * header | 0x0080 * row_heads:04X}",
            firstRow=int(header),
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
        *(_build_row(cells, widths, header=header and at == 0, divided=at in divided) for at, cells in enumerate(rows)),
    )


def _build_row(cells: Sequence[Sequence[Element]], widths: Sequence[int], *, header: bool, divided: bool) -> Element:
    return word(
        "tr",
        word("trPr", None if divided else word("cantSplit"), word("tblHeader") if header else None),
        *(
            word("tc", word("tcPr", word("tcW", w=width, type="dxa")), *paragraphs)
            for width, paragraphs in zip(widths, cells, strict=True)
        ),
    )


def build_text_table(
    composer: Composer,
    heads: Sequence[tuple[Runs, Align]],
    rows: Sequence[Sequence[Runs]],
    *,
    title: str,
    keep_with_next: bool = False,
    style: WordStyle = WordStyle.BRIEF_TABLE,
    width: int | None = None,
) -> Element:
    """A table of text: its first row repeats on every page, its first column heads the rows.

    Its `width` is in twentieths of a point; if not given, it is that of the page's text.
    """
    width = width or composer.width
    texts = [[equivalent_text(cell) for cell in row] for row in ([head for head, _ in heads], *rows)]
    widths = ems_to_twips(fit_columns(list(zip(*texts, strict=True)), width / EM), width)
    ems = [each / EM for each in widths]
    divided = [at for at, row in enumerate(texts) if at and count_row_lines(row, ems) > ROW_LINES]
    whole = _is_short(texts, widths)
    made = [[(composer.paragraph(HEADS[align], *composer.runs(head), keep_next=True),) for head, align in heads]]
    for at, row in enumerate(rows):
        keep = (whole and at < len(rows) - 1) or (keep_with_next and at == len(rows) - 1)
        made.append(
            [
                (composer.paragraph(CELLS[align], *composer.runs(cell), keep_next=keep),)
                for cell, (_, align) in zip(row, heads, strict=True)
            ]
        )
    return build_table(composer, style, widths, made, header=True, row_heads=True, title=title, divided=divided)


def build_table_gap(composer: Composer) -> Element:
    """The space after a table, which Word's tables do not have themselves."""
    return composer.paragraph(WordStyle.TABLE_GAP)
