"""Inspects the tables of figures that belong to charts, for readers who cannot see the drawing."""

from collections.abc import Iterator

from brief.charts.text_alternative import format_figure
from brief.inspection.folding import squeeze
from brief.model.appearance.brand import Omission
from brief.model.appearance.look import Look
from brief.model.artifact import Artifact
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic
from brief.model.inline import to_plain_text
from brief.model.source_location import SourceLocation
from brief.model.variant import Chart, Variant, Vega

# How many letters may be between two cells of a row.
_BETWEEN = 30


def inspect_chart_figures(artifact: Artifact, variant: Variant, look: Look, text: str) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each chart of which a row of the table of figures is missing in the `text` of the file.

    Web pages list the figures of all charts. PDFs list only those of Vega charts, whose drawing may not print them.
    """
    if Omission.CHART_FIGURES in look.leaves_out:
        return
    letters = ""
    for section in variant.sections:
        for block in section.blocks:
            if isinstance(block, Vega) or (isinstance(block, Chart) and artifact.format == "html"):
                letters = letters or squeeze(text)
                lost = next((row for row in _list_rows(block, variant.catalogue) if not _has_row(letters, row)), None)
                if lost is not None:
                    row = " ".join(lost)
                    message = (
                        f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}': of block '{block.id}', the row"
                        f" '{row}' of its figures is missing"
                    )
                    hint = (
                        f"correct 'block/{block.KIND}.html.j2' of the template set, or list 'chart-figures' under 'leaves_out'"
                        " in set.yaml"
                    )
                    yield Diagnostic("missing-words", message, SourceLocation(artifact.name), hint)


def _list_rows(block: Chart | Vega, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    if isinstance(block, Vega):
        for table in block.tables:
            yield from (tuple(map(to_plain_text, row)) for row in table.rows)
        return
    for index, category in enumerate(block.categories):
        yield category, *(format_figure(series.points[index], block, catalogue) for series in block.series)


def _has_row(text: str, row: tuple[str, ...]) -> bool:
    """Returns whether the cells of a row follow each other somewhere in the squeezed text; True for a row without
    letters.
    """
    cells = [letters for cell in row if (letters := squeeze(cell))]
    row_start = text.find(cells[0]) if cells else -1
    while row_start >= 0:
        end = row_start + len(cells[0])
        for cell in cells[1:]:
            start = text.find(cell, end, end + _BETWEEN + len(cell))
            if start < 0:
                break
            end = start + len(cell)
        else:
            return True
        row_start = text.find(cells[0], row_start + 1)
    return not cells
