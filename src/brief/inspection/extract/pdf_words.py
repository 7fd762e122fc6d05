"""Reads the words of a PDF in the order of its structure tree, without page headers and footers, and its missing glyphs."""

from collections.abc import Iterable
from dataclasses import field

import pikepdf

from brief.inspection.extract.pdf_content import PdfContents, PdfOperation, PdfOperator, find_resource
from brief.inspection.extract.pdf_structure import OUTSIDE, StructureTree, get_entry
from brief.model.record import dataclass

_DEEPEST_FORM = 8


@dataclass(frozen=True, slots=True)
class PdfWords:
    """The text in reading order, and the characters for which the file draws an empty box (9.7.6.3).

    `alternative` has the texts that are read aloud instead of pictures (14.9.3).
    """

    text: str
    missing: tuple[str, ...]
    alternative: str = ""


def read_pdf_words(pdf: pikepdf.Pdf, contents: PdfContents, tree: StructureTree) -> PdfWords:
    """Reads the words of an open file; in a file without a structure tree, in drawing order."""
    reader = _WordReader(contents)
    for page in pdf.pages:
        reader.read(contents.list_page_operations(page), page.resources, page.obj.objgen)
    ordered, alternative = tree.read_in_order(reader.marked)
    return PdfWords(ordered or "".join(reader.drawn), tuple(reader.missing), alternative)


@dataclass(slots=True)
class _WordReader:
    contents: PdfContents
    marked: dict[tuple[tuple[int, int] | None, int], str] = field(default_factory=dict)
    drawn: list[str] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)

    def read(
        self,
        operations: Iterable[PdfOperation],
        resources: object,
        page: tuple[int, int],
        mark: int = OUTSIDE,
        depth: int = 0,
    ) -> None:
        """Reads the text of a page, or of a form on it within the marked content with the number `mark`."""
        around: list[int] = []
        for operation in operations:
            operator = operation.operator
            if operator is PdfOperator.SHOW:
                text = "" if operation.is_guess else operation.text
                for box in operation.boxes:
                    self.missing[box] = None
                self.drawn.append(text)
                self.marked[page, mark] = self.marked.get((page, mark), "") + text
            elif operator is PdfOperator.END:
                mark = around.pop() if around else OUTSIDE
            elif operator is PdfOperator.FORM:
                form = find_resource(resources, "/XObject", operation.text)
                if (
                    isinstance(form, pikepdf.Stream)
                    and get_entry(form, "/Subtype") == "/Form"
                    and depth < _DEEPEST_FORM
                ):
                    inner = form.get("/Resources", resources)
                    self.read(self.contents.list_operations(form, resources), inner, page, mark, depth + 1)
            elif operator is PdfOperator.BEGIN:
                around.append(mark)
                mark = _find_mark(operation, resources, mark)


def _find_mark(operation: PdfOperation, resources: object, mark: int) -> int:
    """Returns the number of the marked content that begins; content without a number belongs to the enclosing one."""
    if operation.properties_name:
        listed = find_resource(resources, "/Properties", operation.properties_name)
        if isinstance(listed, pikepdf.Dictionary) and "/MCID" in listed:
            return int(listed["/MCID"])
    number = operation.number
    if number is not None:
        return number
    return OUTSIDE if operation.text == "Artifact" else mark
