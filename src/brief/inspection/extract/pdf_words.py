"""Reads the words of a PDF in the order of its structure tree, without page headers and footers, and its missing glyphs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

import pikepdf

from brief.inspection.extract.pdf_content import PdfContents, PdfOperation, PdfOperator, find_resource
from brief.inspection.extract.pdf_structure import OUTSIDE, MarkedTexts, PlacedText, StructureTree, get_entry
from brief.model.record import dataclass

_MAX_FORM_DEPTH = 8


@dataclass(frozen=True, slots=True)
class PdfWords:
    """The text in reading order, and the characters for which the file draws an empty box (9.7.6.3).

    - `alternative`: the texts that are read aloud instead of pictures (14.9.3).
    - `pages`: pairs of an offset in the text and the page, counted from 1, on which the text is from there on; 0 if the
      page is unknown. Empty without a structure tree.
    - `beside`: for each page, its text outside of the reading order, such as its footer.
    """

    text: str
    missing: tuple[str, ...]
    alternative: str = ""
    pages: tuple[tuple[int, int], ...] = ()
    beside: tuple[str, ...] = ()


def read_pdf_words(pdf: pikepdf.Pdf, contents: PdfContents, tree: StructureTree) -> PdfWords:
    """Reads the words of an open file; in a file without a structure tree, in drawing order."""
    reader = _WordReader(contents)
    for page in pdf.pages:
        reader.read(contents.list_page_operations(page), page.resources, page.obj.objgen)
    remaining = _RemainingTexts(reader.marked)
    placed, alternative = tree.read_in_order(remaining)
    ordered = "".join(text for _, text in placed)
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return PdfWords(
        ordered or "".join(reader.drawn),
        tuple(reader.missing),
        alternative,
        tuple(_list_page_starts(placed, numbers)) if ordered else (),
        tuple(remaining.join(page.obj.objgen) for page in pdf.pages),
    )


class _RemainingTexts(dict[tuple[tuple[int, int] | None, int], str]):
    """Marked texts that record which of them `get` has returned."""

    def __init__(self, marked: MarkedTexts) -> None:
        super().__init__(marked)
        self._read: set[object] = set()

    def get(self, key: object, default: str = "") -> str:  # type: ignore[override]
        self._read.add(key)
        return super().get(key, default)  # type: ignore[call-overload, no-any-return]

    def join(self, page: tuple[int, int]) -> str:
        """Returns the texts of a page that `get` has not returned, each on a line."""
        return "\n".join(text for key, text in self.items() if key[0] == page and key not in self._read)


def _list_page_starts(
    placed: Iterable[PlacedText], numbers: Mapping[tuple[int, int], int]
) -> Iterator[tuple[int, int]]:
    """Yields the offset and the number of the page wherever the text continues on another page."""
    start, current = 0, 0
    for page, text in placed:
        number = numbers.get(page, 0) if page is not None and not text.isspace() else current
        if text and number != current:
            yield start, number
            current = number
        start += len(text)


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
                    and depth < _MAX_FORM_DEPTH
                ):
                    inner = form.get("/Resources", resources)
                    self.read(self.contents.list_operations(form, resources), inner, page, mark, depth + 1)
            elif operator is PdfOperator.BEGIN:
                around.append(mark)
                mark = _find_mark(operation, resources, mark)


def _find_mark(operation: PdfOperation, resources: object, mark: int) -> int:
    """Returns the number of the marked content that the operation begins.

    Content without a number belongs to the enclosing content, whose number is `mark`; an artifact is `OUTSIDE`.
    """
    if operation.properties_name:
        listed = find_resource(resources, "/Properties", operation.properties_name)
        if isinstance(listed, pikepdf.Dictionary) and "/MCID" in listed:
            return int(listed["/MCID"])
    number = operation.number
    if number is not None:
        return number
    return OUTSIDE if operation.text == "Artifact" else mark
