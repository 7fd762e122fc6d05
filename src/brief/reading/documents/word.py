"""Reads the body of a Word document with its footnotes, and reports comments, headers, footers and other losses."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from brief.model.align import Align
from brief.model.blocks import Tone
from brief.model.prose import ProseCode, ProseFormula, ProseParagraph, ProseQuotation, list_texts
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.content_writer import is_phrase
from brief.reading.documents.document import (
    Caption,
    Content,
    DocumentCallout,
    DocumentHeading,
    DocumentPart,
    DocumentPicture,
    DocumentTable,
    ImportedDocument,
    LossReport,
    Span,
    SpanForm,
    Spans,
    extract_words,
    join_spans,
    make_table,
)
from brief.reading.documents.word_context import WordContext, collect_text, report_comment, report_field_code_text
from brief.reading.documents.word_lists import ListEntry, ListReader
from brief.reading.documents.word_package import (
    Element,
    UnreadableDocumentError,
    WordPackage,
    get_local_name,
    open_package,
    qualify_name,
    read_value,
)
from brief.reading.documents.word_runs import ParagraphReader
from brief.reading.documents.word_styles import read_list_levels, read_styles
from brief.reading.documents.word_tables import Cell, read_grid

_MAX_TABLE_DEPTH = 8
_CONTENTS_GALLERY = "Table of Contents"


def read_word(name: str, data: bytes, report: LossReport) -> ImportedDocument | None:
    """Reads a Word document; None if it cannot be read, with the reason in the report."""
    package = open_package(name, data, report.sink)
    if package is None:
        return None
    try:
        return _WordReader(name, package, report).read()
    except UnreadableDocumentError as problem:
        report.sink.add_error("import-unreadable", SourceLocation(name), problem.message, problem.hint)
    except RecursionError:
        report.sink.add_error(
            "import-unreadable", SourceLocation(name), "the document is nested too deeply", "simplify it"
        )
    return None


@dataclass(slots=True)
class _Paragraph:
    """A paragraph, before the paragraphs of one list, quotation or code listing are joined.

    `kind` is "title", "contents", "code", "quotation", "list" or "paragraph"; a paragraph of a list has an `entry`.
    """

    kind: str
    text: Spans
    location: SourceLocation
    starts_page: bool = False
    entry: ListEntry | None = None


class _WordReader:
    """Reads one document; `depth` is the number of tables around the current paragraph."""

    def __init__(self, name: str, package: WordPackage, report: LossReport) -> None:
        self.name, self.package, self.report = name, package, report
        self.lists = ListReader(read_list_levels(package), report)
        self.context = WordContext(name, package, read_styles(package), report, package.main, self._read_note)
        self.title: Spans = ()
        self.title_location = SourceLocation(name)
        self.is_in_note = False
        self.depth = 0
        self.next_starts_page = False

    def read(self) -> ImportedDocument:
        self._collect_notes()
        root = self.package.parse(self.package.main)
        body = root.find(qualify_name("w:body")) if root is not None else None
        parts = tuple(self._join(self._read_blocks(body))) if body is not None else ()
        self._report_rest(root)
        self.context.report_lost_formatting()
        return ImportedDocument(self.title, self.title_location, parts)

    def _collect_notes(self) -> None:
        """Finds the elements of footnotes, endnotes and comments by their ids."""
        for kind in ("footnote", "endnote"):
            name = self.package.find_related(f"{kind}s")
            root = self.package.parse(name) if name else None
            for note in root.findall(qualify_name(f"w:{kind}")) if root is not None else ():
                if note.get(qualify_name("w:type"), "normal") == "normal":
                    self.context.notes[kind, note.get(qualify_name("w:id"), "")] = note
        name = self.package.find_related("comments")
        root = self.package.parse(name) if name else None
        for comment in root.findall(qualify_name("w:comment")) if root is not None else ():
            self.context.comments[comment.get(qualify_name("w:id"), "")] = comment

    def _report_rest(self, root: Element | None) -> None:
        """Reports headers, footers, unended fields, and the notes and comments that nothing refers to."""
        document = SourceLocation(self.name)
        for key, note in self.context.notes.items():
            if key not in self.context.used_notes and (words := collect_text(note)):
                self.report.omit(document, f"a {key[0]} that nothing refers to", words)
        # A field without an end hides everything after it, in Word as well.
        for open_field in self.context.fields:
            if open_field.hidden_text.strip():
                report_field_code_text(self.context, open_field)
        for comment in self.context.comments.values():
            report_comment(self.context, comment, document)
        seen: set[str] = set()
        relationships = self.package.read_relationships(self.package.main)
        for reference in (
            root.iter(qualify_name("w:headerReference"), qualify_name("w:footerReference")) if root is not None else ()
        ):
            relationship = relationships.get(reference.get(qualify_name("r:id"), ""))
            part = (
                self.package.parse(relationship.target)
                if relationship is not None and not relationship.is_external
                else None
            )
            words = collect_text(part) if part is not None else ""
            if words and words not in seen:
                seen.add(words)
                what = "a page header" if reference.tag == qualify_name("w:headerReference") else "a page footer"
                self.report.omit(document, what, words, "the template set defines the headers and footers of pages")

    def _read_blocks(self, container: Element) -> Iterator[_Paragraph | DocumentPart]:
        for element in container:
            name = get_local_name(element)
            match name:
                case "p":
                    yield from self._read_paragraph(element)
                case "tbl":
                    yield from self._read_table(element)
                case "sdt":
                    yield from self._read_content_control(element)
                case "ins" | "moveTo" | "customXml" | "smartTag":
                    yield from self._read_blocks(element)
                case "AlternateContent":
                    for choice in list(element)[:1]:
                        yield from self._read_blocks(choice)
                case "oMath" | "oMathPara":
                    wrapped = element.makeelement(qualify_name("w:p"))
                    wrapped.append(element)
                    yield from self._read_paragraph(wrapped)
                case "del" | "moveFrom":
                    if words := collect_text(element):
                        self.report.omit(self.context.locate(), "text deleted by tracked changes", words)
                case "altChunk":
                    self.report.omit(self.context.locate(), "a document embedded in the document")
                case (
                    ""
                    | "sectPr"
                    | "tcPr"
                    | "bookmarkStart"
                    | "bookmarkEnd"
                    | "proofErr"
                    | "sdtPr"
                    | "permStart"
                    | "permEnd"
                ):
                    pass
                case _ if name.startswith(("comment", "move", "customXml")):
                    pass
                case _:
                    what = f"a Word element '{name}'"
                    self.report.omit(self.context.locate(), what, collect_text(element))

    def _read_content_control(self, element: Element) -> Iterator[_Paragraph | DocumentPart]:
        gallery = element.find(
            f"{qualify_name('w:sdtPr')}/{qualify_name('w:docPartObj')}/{qualify_name('w:docPartGallery')}"
        )
        content = element.find(qualify_name("w:sdtContent"))
        if content is None:
            return
        if gallery is not None and gallery.get(qualify_name("w:val")) == _CONTENTS_GALLERY:
            hint = "brief generates the table of contents itself"
            self.report.omit(self.context.locate(), "the table of contents", collect_text(content), hint)
            return
        yield from self._read_blocks(content)

    def _read_paragraph(self, element: Element) -> Iterator[_Paragraph | DocumentPart]:
        context, styles = self.context, self.context.styles
        if not self.is_in_note:
            context.paragraph += 1
        properties = element.find(qualify_name("w:pPr"))
        style = read_value(properties, "w:pStyle")
        is_code = styles.is_code(style)
        reader = ParagraphReader(context, style, is_code=is_code)
        location = context.locate()
        text = reader.read(element)
        break_setting = read_value(properties, "w:pageBreakBefore")
        starts_page = (
            self.next_starts_page or reader.has_break_before or break_setting not in (None, "0", "false", "off")
        )
        pictures, context.pictures = context.pictures, []
        self.next_starts_page = reader.has_break_after
        if not text and not pictures:
            # An empty paragraph is only space; a page break in it applies to the next part.
            self.next_starts_page = self.next_starts_page or starts_page
            return
        if text:
            yield self._classify(text, reader, properties, style, location, starts_page)
            starts_page = False
        for picture in pictures:
            yield replace(picture, starts_page=starts_page)
            starts_page = False

    def _classify(
        self,
        text: Spans,
        reader: ParagraphReader,
        properties: Element | None,
        style: str | None,
        location: SourceLocation,
        starts_page: bool,
    ) -> "_Paragraph | DocumentPart":
        """Returns what a paragraph is by its style and properties; the first title becomes that of the document."""
        styles = self.context.styles
        level = None if self.depth or self.is_in_note else styles.find_heading_level(style, properties)
        if not self.title and not self.depth and styles.is_title(style):
            self.title, self.title_location = text, location
            return _Paragraph("title", text, location)
        if level is not None:
            self.context.heading = extract_words(text)
            return DocumentPart(DocumentHeading(level, text), self.context.locate(), starts_page)
        if reader.has_display_formula and len(text) == 1 and text[0].kind is SpanForm.FORMULA:
            return DocumentPart(ProseFormula((text[0],)), location, starts_page)
        if styles.is_table_of_contents(style):
            return _Paragraph("contents", text, location)
        if styles.is_caption(style):
            return DocumentPart(Caption(text), location, starts_page)
        if reader.is_code:
            return _Paragraph("code", text, location, starts_page)
        if styles.is_quotation(style):
            return _Paragraph("quotation", text, location, starts_page)
        numbering = styles.find_numbering(style, properties)
        if numbering is not None:
            entry = self.lists.read_entry(numbering, text, location)
            return _Paragraph("list", text, location, starts_page, entry=entry)
        if styles.is_list_continuation(style):
            return _Paragraph("list", text, location, starts_page, entry=ListEntry(None, text, location))
        return _Paragraph("paragraph", text, location, starts_page)

    def _join(self, blocks: Iterable[_Paragraph | DocumentPart]) -> Iterator[DocumentPart]:
        """Joins the paragraphs of one list, quotation or code listing."""
        group: list[_Paragraph] = []
        for block in blocks:
            kind = block.kind if isinstance(block, _Paragraph) else ""
            if group and (kind != group[0].kind or kind in ("paragraph", "title") or block.starts_page):
                yield from self._make_parts(group)
                group = []
            if isinstance(block, _Paragraph):
                group.append(block)
            else:
                yield block
        if group:
            yield from self._make_parts(group)

    def _make_parts(self, group: list[_Paragraph]) -> Iterator[DocumentPart]:
        """Makes the parts of adjacent paragraphs of one kind. Titles and tables of contents make none."""
        first = group[0]
        contents: list[Content] = []
        match first.kind:
            case "title":
                return
            case "contents":
                words = " ".join(extract_words(paragraph.text) for paragraph in group)
                self.report.omit(
                    first.location, "the table of contents", words, "brief generates the table of contents itself"
                )
                return
            case "code":
                lines = "\n".join("".join(span.text for span in paragraph.text) for paragraph in group)
                contents = [ProseCode((Span(lines, SpanForm.CODE),))]
            case "quotation":
                contents = [ProseQuotation(tuple(ProseParagraph(paragraph.text) for paragraph in group))]
            case "list":
                contents = [*self.lists.build([paragraph.entry for paragraph in group if paragraph.entry is not None])]
            case _:
                contents = [ProseParagraph(first.text)]
        for number, content in enumerate(contents):
            yield DocumentPart(content, first.location, first.starts_page and number == 0)

    def _read_note(self, note: Element, kind: str) -> Span | None:
        """Reads a footnote or endnote; None if it has no text, or if it is within another note."""
        context = self.context
        if self.is_in_note:
            context.report.omit(context.locate(), "a footnote within a footnote", collect_text(note))
            return None
        outer_part, context.part = context.part, self.package.find_related(f"{kind}s") or context.part
        self.is_in_note = True
        parts = tuple(self._join(self._read_blocks(note)))
        self.is_in_note = False
        context.part = outer_part
        texts = tuple(text for part in parts for text in self._extract_texts(part, "a footnote"))
        if kind == "endnote":
            context.record_lost_formatting("endnotes are kept as footnotes")
        return Span("", SpanForm.FOOTNOTE, note=texts) if texts else None

    def _extract_texts(self, part: DocumentPart, where: str) -> list[Spans]:
        """Returns the texts of a part; `where` is the note or cell that it is in, which can contain only text."""
        content = part.content
        match content:
            case DocumentPicture():
                if where == "a cell":
                    self.context.pictures.append(part)
                    self.context.record_lost_formatting("pictures in cells are moved after the table")
                else:
                    words = " ".join(filter(None, (content.description, content.title)))
                    self.report.omit(part.location, f"a picture in {where}", words)
                return []
            case DocumentTable(headers, rows, _, groups):
                self.report.simplify(part.location, f"a table in {where} is kept as plain text")
                return [cell for row in (groups, headers, *rows) for cell in row if cell]
            case Caption(text) | DocumentHeading(text=text) | DocumentCallout(text=text):
                return [text]
            case ProseParagraph(text):
                return [text]
            case _:
                self.report.simplify(part.location, f"a list or code in {where} is kept as plain text")
                return [text for text in list_texts((content,)) if text]

    def _read_table(self, element: Element) -> Iterator[DocumentPart]:
        if self.depth >= _MAX_TABLE_DEPTH:
            self.report.omit(self.context.locate(), "a table nested too deeply", collect_text(element))
            return
        starts_page, self.next_starts_page = self.next_starts_page, False
        location = replace(self.context, paragraph=self.context.paragraph + 1).locate()
        grid = read_grid(element, self.report, location)
        if not grid.rows:
            return
        self.depth += 1
        cells = [[None if cell is None else self._read_cell(cell) for cell in row] for row in grid.rows]
        self.depth -= 1
        pictures, self.context.pictures = self.context.pictures, []
        parts = self._arrange_table(cells, grid.header_rows, grid.aligns, location)
        for number, part in enumerate((*parts, *pictures)):
            yield replace(part, starts_page=starts_page and number == 0)

    def _read_cell(self, cell: Cell) -> list[DocumentPart]:
        return [] if cell.element is None else list(self._join(self._read_blocks(cell.element)))

    def _arrange_table(
        self,
        cells: list[list[list[DocumentPart] | None]],
        header_rows: int | None,
        aligns: tuple[Align, ...],
        location: SourceLocation,
    ) -> list[DocumentPart]:
        """Makes the part of a table, or the parts in a single row. `header_rows` is None if unspecified."""
        if len(cells) == 1:
            return self._unwrap([cell for cell in cells[0] if cell], location)
        rows = [tuple(None if cell is None else self._join_cell_text(cell) for cell in row) for row in cells]
        if header_rows is None:
            self.report.assume(location, "the first row of a table is assumed to be its header row")
        return [DocumentPart(make_table(rows, aligns, header_rows or 1), location)]

    def _unwrap(self, cells: list[list[DocumentPart]], location: SourceLocation) -> list[DocumentPart]:
        """Returns the content of a one-row table: a cell with one short text is a callout, otherwise page layout."""
        parts = [part for cell in cells for part in cell]
        only = parts[0].content if len(parts) == 1 else None
        if len(cells) == 1 and isinstance(only, ProseParagraph) and is_phrase(only.text):
            self.report.assume(
                location, f"a table with one cell is assumed to be a callout: '{extract_words(only.text)[:60]}'"
            )
            return [DocumentPart(DocumentCallout(Tone.NOTE, only.text), location)]
        if parts:
            self.report.simplify(location, "a table with one row is kept as the content of its cells")
        return parts

    def _join_cell_text(self, parts: list[DocumentPart]) -> Spans:
        texts = [text for part in parts for text in self._extract_texts(part, "a cell")]
        if len(texts) > 1:
            self.context.record_lost_formatting("paragraphs of one cell are joined with '; '")
        joined: list[Span] = []
        for text in texts:
            joined += [*([Span("; ")] if joined else []), *text]
        if any(span.kind is SpanForm.BREAK for span in joined):
            self.context.record_lost_formatting("line breaks in cells are kept as spaces")
        return join_spans([Span(" ") if span.kind is SpanForm.BREAK else span for span in joined])
