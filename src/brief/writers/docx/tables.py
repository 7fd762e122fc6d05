"""Tables: widths that fit the words, header rows that repeat, rows that stay whole."""

from collections.abc import Sequence

from brief.model.blocks import Align
from brief.model.inline import Citation, Filler, Number, Runs, plain_text
from brief.writers.docx.compositor import Compositor
from brief.writers.docx.elements import Element, word
from brief.writers.docx.languages import em_width, widest_word
from brief.writers.docx.styles import Style

# Twentieths of a point: an em of 9-point table text, and the white at both sides of a cell.
EM = 180
CELL_MARGINS = 200
# A table of no more lines than this is kept on one page.
_KEPT_WHOLE = 24
# Ems: lines no longer than the first are not broken if it can be helped, words longer than the second are.
_SHORT = 9.0
_LONG = 16.0
HEADS = {Align.START: Style.TABLE_HEAD, Align.END: Style.TABLE_FIGURE_HEAD, Align.CENTER: Style.TABLE_CENTRE_HEAD}
CELLS = {Align.START: Style.TABLE_TEXT, Align.END: Style.TABLE_FIGURE, Align.CENTER: Style.TABLE_CENTRE}


def fitted(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """Column widths that sum up to `width`, shared out as CSS 2.1 section 17.5.2.2 does it.

    `columns` holds the texts of each column. Each gets what its longest word needs, or its longest line where that is
    short, and then a share of the rest by how much it has to say: at most a line of the whole width, and a little.
    """
    lines = [max((em_width(text) for text in texts), default=0.0) for texts in columns]
    needed = [min(max((widest_word(text) for text in texts), default=0.0), _LONG) for texts in columns]
    least = [(line if line <= _SHORT else need) * EM + CELL_MARGINS for line, need in zip(lines, needed, strict=True)]
    if sum(least) > width:
        least = _levelled([need * EM + CELL_MARGINS for need in needed], width)
    most = [max(low, min(line * EM + CELL_MARGINS, 1.2 * width)) for low, line in zip(least, lines, strict=True)]
    room = width - sum(least)
    if sum(most) <= width:
        spare = (width - sum(most)) / len(columns)
        shares = [high + spare for high in most]
    else:
        wish = sum(high - low for low, high in zip(least, most, strict=True)) or 1.0
        shares = [low + room * (high - low) / wish for low, high in zip(least, most, strict=True)]
    widths = [int(share) for share in shares]
    widths[-1] += width - sum(widths)
    return widths


def _levelled(needs: list[float], width: int) -> list[float]:
    """The needs, the greatest of them cut to one level where together they exceed `width`: words break there alone."""
    rest = float(width)
    for count, need in zip(range(len(needs), 0, -1), sorted(needs), strict=True):
        if need * count >= rest:
            return [min(need, rest / count) for need in needs]
        rest -= need
    return needs


def _is_short(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    """Whether the rows take up no more than a part of a page, by an estimate of their lines."""
    lines = sum(
        max(
            (-(-em_width(text) * EM // max(width - CELL_MARGINS, 1)) for text, width in zip(row, widths, strict=True)),
            default=1.0,
        )
        for row in rows
    )
    return lines <= _KEPT_WHOLE


def grid(
    press: Compositor,
    style: Style,
    widths: Sequence[int],
    rows: Sequence[Sequence[Sequence[Element]]],
    *,
    header: bool = False,
    row_heads: bool = False,
    title: str | None = None,
    indent: int = 0,
) -> Element:
    """A table in `style` of given cells, each a sequence of paragraphs. `title` is its name to a screen reader."""
    properties = word(
        "tblPr",
        word("tblStyle", val=press.styles[style]),
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
        *(_row(cells, widths, header=header and at == 0) for at, cells in enumerate(rows)),
    )


def _row(cells: Sequence[Sequence[Element]], widths: Sequence[int], *, header: bool) -> Element:
    return word(
        "tr",
        word("trPr", word("cantSplit"), word("tblHeader") if header else None),
        *(
            word("tc", word("tcPr", word("tcW", w=width, type="dxa")), *paragraphs)
            for width, paragraphs in zip(widths, cells, strict=True)
        ),
    )


def text_table(
    press: Compositor,
    heads: Sequence[tuple[Runs, Align]],
    rows: Sequence[Sequence[Runs]],
    *,
    title: str,
    keep_with_next: bool = False,
    style: Style = Style.BRIEF_TABLE,
) -> Element:
    """A table of text: its first row repeats on every page, its first column heads the rows."""
    texts = [[measured(cell) for cell in row] for row in ([head for head, _ in heads], *rows)]
    widths = fitted([list(column) for column in zip(*texts, strict=True)], press.width)
    whole = _is_short(texts, widths)
    made = [[(press.paragraph(HEADS[align], *press.runs(head), keep_next=True),) for head, align in heads]]
    for at, row in enumerate(rows):
        keep = (whole and at < len(rows) - 1) or (keep_with_next and at == len(rows) - 1)
        made.append(
            [
                (press.paragraph(CELLS[align], *press.runs(cell), keep_next=keep),)
                for cell, (_, align) in zip(row, heads, strict=True)
            ]
        )
    return grid(press, style, widths, made, header=True, row_heads=True, title=title)


def measured(runs: Runs) -> str:
    """Text as wide as the runs are set: numbers in one piece, and a citation as the half of its width it is raised to."""
    parts = []
    for run in runs:
        match run:
            case Number(text):
                parts.append(text.replace(" ", "\u00a0"))
            case Filler(text):
                parts.append(text)
            case Citation(numbers):
                parts.append("." * (2 + len(numbers)))
            case _:
                parts.append(plain_text((run,)))
    return "".join(parts)


def gap(press: Compositor) -> Element:
    """The white after a table, which a table cannot ask for itself."""
    return press.paragraph(Style.TABLE_GAP)
