"""Reads Markdown documents: CommonMark with the extensions of GitHub and Pandoc that many documents use.

These are tables (also the grid tables of Pandoc), strikethrough, footnotes, definition lists, formulas between dollar
signs, `H~2~O`, `m^2^`, front matter and the alerts of GitHub (`> [!NOTE]`). Inline HTML tags for bold, italics, code,
line breaks, superscripts and subscripts are also read; other HTML is reported.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes

from brief.model.align import Align
from brief.model.blocks import Tone
from brief.model.prose import ProseCode, ProseFormula, ProseList, ProseParagraph, ProseQuotation, list_texts
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading import text_file
from brief.reading.documents.document import (
    Content,
    DocumentCallout,
    DocumentHeading,
    DocumentPart,
    DocumentPicture,
    DocumentTable,
    ImportedDocument,
    LossReport,
    Part,
    Span,
    SpanForm,
    Spans,
    embolden,
    extract_words,
    join_spans,
    make_plain_table,
    make_table,
)
from brief.reading.documents.front_matter import split_front_matter
from brief.reading.documents.grid_tables import PIPE_TABLE_HINT, GridLayout
from brief.reading.documents.markdown_inline import InlineReader
from brief.reading.documents.markdown_parser import make_parser
from brief.reading.documents.pandoc_marks import PandocMarks

if TYPE_CHECKING:
    from markdown_it.token import Token

# Reads the bytes of a picture by its path relative to the document; raises OSError if that fails, and ValueError if the
# path is not allowed.
ReadPicture = Callable[[str], bytes]

_ALIGNS = {"text-align:right": Align.END, "text-align:center": Align.CENTER}
# docs.github.com, "Basic writing and formatting syntax", Alerts.
_ALERTS = {
    "NOTE": Tone.NOTE,
    "TIP": Tone.INSIGHT,
    "IMPORTANT": Tone.INSIGHT,
    "WARNING": Tone.WARNING,
    "CAUTION": Tone.WARNING,
}
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DATA_URI = re.compile(r"data:image/([a-z+]+)(?:;[a-z0-9=-]+)*?(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)
# The line below the headers of Pandoc's simple and multiline tables.
_SIMPLE_TABLE = re.compile(r"-{2,}(?: +-{2,})+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


def read_markdown(name: str, data: bytes, report: LossReport, read_picture: ReadPicture) -> ImportedDocument | None:
    """Reads a Markdown file; None if it cannot be read, with the reason in the report."""
    file = text_file.decode_text(name, data, report.sink)
    if file is None:
        return None
    environment: dict[str, Any] = {}
    try:
        tokens = make_parser().parse(PandocMarks(file, report).remove(), environment)
    except RecursionError:
        report.sink.add_error("import-unreadable", SourceLocation(name, 1, 1), "the document is nested too deeply")
        return None
    return _MarkdownReader(file, report, read_picture, tokens, environment).read()


@dataclass(slots=True)
class _MarkdownReader:
    """Reads the tokens of a file. `notes` and `note_lines` have the tokens and the 0-based lines of footnotes by name,
    `pictures` those of the current part, and `line` is its 0-based line.
    """

    file: text_file.TextFile
    report: LossReport
    read_picture: ReadPicture
    tokens: "list[Token]"
    environment: Mapping[str, Any]
    notes: "dict[str, list[Token]]" = field(default_factory=dict)
    note_lines: dict[str, int] = field(default_factory=dict)
    used_notes: set[str] = field(default_factory=set)
    pictures: list[DocumentPart] = field(default_factory=list)
    line: int = 0
    is_in_note: bool = False

    def read(self) -> ImportedDocument:
        body = self._split_notes()
        parts: list[DocumentPart] = []
        title: Spans = ()
        tokens = iter(body)
        for token in tokens:
            self._move_to(token)
            location = self._get_location()
            if token.type == "front_matter":
                title = self._read_front_matter(token.content)
                continue
            content = self._read_top_level(token, tokens)
            if content is not None:
                parts.append(DocumentPart(content, location))
            parts += self.pictures
            self.pictures.clear()
        for name, inner in self.notes.items():
            if name not in self.used_notes:
                words = " ".join(token.content for token in inner if token.type in ("inline", "fence", "code_block"))
                location = self.file.locate(self.file.line_starts[self.note_lines[name]])
                self.report.omit(location, f"footnote '[^{name}]', which nothing refers to,", words)
        return ImportedDocument(title, SourceLocation(self.file.name, 1, 1), tuple(parts))

    def _split_notes(self) -> "list[Token]":
        """Moves the tokens of footnotes to `notes`, and returns the others."""
        body: list[Token] = []
        open_notes: list[str] = []
        for token in self.tokens:
            if token.type == "footnote_reference_open":
                name = str(token.meta["label"])
                if name in self.notes:
                    location = self.file.locate(self.file.line_starts[token.map[0] if token.map else 0])
                    message = f"footnote '[^{name}]' is defined twice, and the definitions are joined"
                    self.report.simplify(location, message)
                self.notes.setdefault(name, [])
                self.note_lines.setdefault(name, token.map[0] if token.map else 0)
                open_notes.append(name)
            elif token.type == "footnote_reference_close":
                open_notes.pop()
            else:
                (self.notes[open_notes[-1]] if open_notes else body).append(token)
        return body

    def _move_to(self, token: "Token") -> None:
        self.line = token.map[0] if token.map else self.line

    def _get_location(self) -> SourceLocation:
        start = self.file.line_starts[min(self.line, len(self.file.line_starts) - 1)]
        text = self.file.text
        while start < len(text) and text[start] in " \t":
            start += 1
        return self.file.locate(start)

    def _read_front_matter(self, content: str) -> Spans:
        """Returns the title, and reports everything else in the front matter."""
        title, others = split_front_matter(self.file.name, content)
        location = SourceLocation(self.file.name, 1, 1)
        if others:
            hint = "copy what belongs to the brief into content/brief.yaml"
            self.report.omit(location, "the front matter", others, hint)
        # As in Pandoc, the title may have inline markup.
        (token,) = make_parser().parseInline(title) if title else (None,)
        return InlineReader(self, lambda _: location).read(token.children or []) if token else ()

    def _read_top_level(self, token: "Token", tokens: "Iterator[Token]") -> Content | None:
        match token.type:
            case "heading_open":
                text = self._read_inline(next(tokens))
                next(tokens)
                return DocumentHeading(int(token.tag[1:]), text)
            case "table_open" | "grid_table_open":
                return self._read_any_table(token, tokens)
            case "blockquote_open":
                return self._read_quotation(tokens)
            case _:
                return self._read_part(token, tokens)

    def _read_part(self, token: "Token", tokens: "Iterator[Token]") -> Part | None:
        """Reads a part that may be within a list or a quotation."""
        match token.type:
            case "paragraph_open":
                text = self._read_inline(next(tokens))
                next(tokens)
                return ProseParagraph(text) if text else None
            case "heading_open":
                location = self._get_location()
                text = self._read_inline(next(tokens))
                next(tokens)
                message = f"a heading within a list or quotation becomes a bold paragraph: '{extract_words(text)}'"
                self.report.simplify(location, message)
                return ProseParagraph(embolden(text))
            case "bullet_list_open" | "ordered_list_open":
                return self._read_list(token, tokens)
            case "dl_open":
                return self._read_definitions(tokens)
            case "blockquote_open":
                part = self._read_quotation(tokens)
                return ProseQuotation((ProseParagraph(part.text),)) if isinstance(part, DocumentCallout) else part
            case "fence" | "code_block":
                if "lost" in token.meta:
                    self.report.simplify(self._get_location(), token.meta["lost"], token.meta["hint"])
                return ProseCode((Span(token.content.rstrip("\n"), SpanForm.CODE),)) if token.content.strip() else None
            case "math_block":
                return ProseFormula((Span(" ".join(token.content.split()), SpanForm.FORMULA),))
            case "table_open" | "grid_table_open":
                return self._read_plain_table(token, tokens)
            case "html_block":
                self._read_html_block(token)
                return None
            case "hr":
                self._report_thematic_break()
                return None
            case kind:
                self.report.omit(self._get_location(), f"an element of the kind '{kind}'", token.content)
                return None

    def _read_parts(self, tokens: "Iterator[Token]", closing: str) -> tuple[Part, ...]:
        """Reads the parts up to the token of the type `closing`, which is also consumed."""
        parts = []
        for token in tokens:
            if token.type == closing:
                break
            self._move_to(token)
            part = self._read_part(token, tokens)
            if part is not None:
                parts.append(part)
        return tuple(parts)

    def _read_list(self, opening: "Token", tokens: "Iterator[Token]") -> ProseList[Span]:
        entries = []
        for token in tokens:
            if token.type == opening.type.replace("open", "close"):
                break
            self._move_to(token)
            entries.append(self._read_parts(tokens, "list_item_close"))
        return ProseList(opening.type == "ordered_list_open", int(opening.attrs.get("start", 1)), tuple(entries))

    def _read_definitions(self, tokens: "Iterator[Token]") -> ProseList[Span]:
        """Reads a definition list of Pandoc as a list of terms in bold, each with its definitions."""
        self.report.simplify(self._get_location(), "a definition list is kept as a list")
        entries: list[tuple[Part, ...]] = []
        for token in tokens:
            if token.type == "dl_close":
                break
            self._move_to(token)
            if token.type == "dt_open":
                entries.append((ProseParagraph(embolden(self._read_inline(next(tokens)))),))
            elif token.type == "dd_open":
                entries[-1] += self._read_parts(tokens, "dd_close")
        return ProseList(False, 1, tuple(entries))

    def _read_quotation(self, tokens: "Iterator[Token]") -> ProseQuotation[Span] | DocumentCallout | None:
        """Reads a quotation, or a callout if it is an alert of GitHub; None if it is empty."""
        location = self._get_location()
        parts = self._read_parts(tokens, "blockquote_close")
        first = parts[0] if parts else None
        match = _ALERT.match(first.text[0].text) if isinstance(first, ProseParagraph) and first.text else None
        if match is None or not isinstance(first, ProseParagraph):
            return ProseQuotation(parts) if parts else None
        rest = join_spans([replace(first.text[0], text=first.text[0].text[match.end() :]), *first.text[1:]])
        texts = [text for text in (rest, *list_texts(parts[1:])) if text]
        if len(parts) > 1 and any(not isinstance(part, ProseParagraph) for part in parts[1:]):
            self.report.simplify(location, "a list or another block within a callout is kept as plain text")
        joined = [span for text in texts for span in (*text, Span(" "))]
        return DocumentCallout(_ALERTS[match[1].upper()], join_spans(joined)) if joined else None

    def _report_thematic_break(self) -> None:
        """Reports a thematic break, or the line of a table of Pandoc that CommonMark takes for one."""
        line = self.file.text[self.file.line_starts[self.line] :].partition("\n")[0]
        if _SIMPLE_TABLE.fullmatch(line.strip()):
            self.report.simplify(self._get_location(), "a table without bars is kept as lines of text", PIPE_TABLE_HINT)
        else:
            self.report.omit(self._get_location(), "a thematic break")

    def _read_any_table(self, opening: "Token", tokens: "Iterator[Token]") -> DocumentTable:
        return self._read_table(tokens) if opening.type == "table_open" else self._read_grid_table(opening, tokens)

    def _read_grid_table(self, opening: "Token", tokens: "Iterator[Token]") -> DocumentTable:
        layout: GridLayout = opening.meta["layout"]
        location = self._get_location()
        rows: list[list[Spans]] = []
        for token in tokens:
            if token.type == "grid_table_close":
                break
            self._move_to(token)
            if token.type == "grid_row_open":
                rows.append([])
            elif token.type == "grid_cell_open":
                rows[-1].append(self._read_cell(tokens))
        if not layout.header_rows:
            self.report.assume(location, "the first row of a table is assumed to be its header row")
        self.report.report_extra_header_rows(location, layout.header_rows)
        return make_table([tuple(row) for row in rows], layout.aligns, layout.header_rows)

    def _read_cell(self, tokens: "Iterator[Token]") -> Spans:
        location = self._get_location()
        parts = self._read_parts(tokens, "grid_cell_close")
        if parts and not (len(parts) == 1 and isinstance(parts[0], ProseParagraph)):
            self.report.simplify(location, "several paragraphs or another block in a table cell are kept as one text")
        return join_spans([span for text in list_texts(parts) for span in (*text, Span(" "))])

    def _read_table(self, tokens: "Iterator[Token]") -> DocumentTable:
        aligns: list[Align] = []
        rows: list[list[Spans]] = []
        for token in tokens:
            if token.type == "table_close":
                break
            self._move_to(token)
            if token.type == "tr_open":
                rows.append([])
                self._report_extra_cells(len(aligns) if len(rows) > 1 else 0)
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    aligns.append(_ALIGNS.get(str(token.attrs.get("style", "")), Align.START))
                rows[-1].append(self._read_inline(next(tokens)))
        return DocumentTable(tuple(rows[0]), tuple(map(tuple, rows[1:])), tuple(aligns))

    def _report_extra_cells(self, columns: int) -> None:
        """Reports the cells of the current row beyond `columns`, which GitHub's tables leave out; not if that is 0."""
        from markdown_it.rules_block.table import escapedSplit

        start = self.file.line_starts[self.line]
        line = self.file.text[start:].partition("\n")[0].lstrip("> \t").rstrip()
        cells = escapedSplit(line.removeprefix("|"))[columns:]
        if columns and (words := " | ".join(filter(None, map(str.strip, cells)))):
            hint = "write \\| for a bar within a cell, and give the table a column for each cell"
            self.report.omit(self._get_location(), "the cells beyond the last column of a table", words, hint)

    def _read_plain_table(self, opening: "Token", tokens: "Iterator[Token]") -> Part:
        location = self._get_location()
        table = self._read_any_table(opening, tokens)
        if table.groups:
            self.report.simplify(location, "a table has two header rows; only the first is kept as a header row")
        return make_plain_table(table)

    def _read_html_block(self, token: "Token") -> None:
        what = "an HTML comment" if _COMMENT.fullmatch(token.content.strip()) else "HTML"
        self.report.omit(self._get_location(), what, token.content, "write it in Markdown, if it belongs to the text")

    def _read_inline(self, token: "Token") -> Spans:
        if "lost" in token.meta:
            self.report.simplify(self._get_location(), token.meta["lost"], token.meta["hint"])
        start = self.file.line_starts[min(token.map[0] if token.map else self.line, len(self.file.line_starts) - 1)]
        locate = self.file.make_locator(start, self._get_location())
        return InlineReader(self, locate).read(token.children or [])

    def read_note(self, name: str, location: SourceLocation) -> Span | None:
        """Reads a footnote; returns None if no footnote has that name, and an empty span if it is left out."""
        if name not in self.notes:
            return None
        if self.is_in_note:
            words = " ".join(token.content for token in self.notes[name] if token.type == "inline")
            self.used_notes.add(name)
            self.report.omit(location, "a footnote within a footnote", words)
            return Span("")
        if name in self.used_notes:
            self.report.simplify(location, f"footnote '[^{name}]' has several references and is printed for each")
        self.used_notes.add(name)
        line, self.line, self.is_in_note = self.line, self.note_lines[name], True
        parts = self._read_parts(iter([*self.notes[name]]), "")
        self.line, self.is_in_note = line, False
        return self._make_note(parts, location)

    def _make_note(self, parts: tuple[Part, ...], location: SourceLocation) -> Span:
        """Returns the footnote with these parts, as paragraphs; an empty span if they have no text."""
        if any(not isinstance(part, ProseParagraph) for part in parts):
            self.report.simplify(location, "a list, table or code in a footnote is kept as paragraphs")
        texts = tuple(text for text in list_texts(parts) if text)
        return Span("", SpanForm.FOOTNOTE, note=texts) if texts else Span("")

    def read_inline_note(self, number: int, location: SourceLocation) -> Span:
        """Reads an inline footnote of Pandoc, `^[...]`, by its index in the tokens of the document."""
        listed = self.environment.get("footnotes", {}).get("list", {})
        children = listed.get(number, {}).get("tokens", [])
        text = InlineReader(self, lambda _: location).read(children)
        return self._make_note((ProseParagraph(text),), location)

    def add_picture(self, url: str, description: str, title: str, location: SourceLocation) -> None:
        """Adds a picture after the part that contains it; reports one that is remote or cannot be read."""
        words = " ".join(filter(None, (description, title)))
        embedded = _DATA_URI.fullmatch(url)
        try:
            if embedded:
                data = base64.b64decode(embedded[3], validate=False) if embedded[2] else unquote_to_bytes(embedded[3])
                name = f"picture.{embedded[1].lower().partition('+')[0].replace('jpeg', 'jpg')}"
            elif _SCHEME.match(url):
                hint = "download it, and name the file in the document"
                self.report.omit(location, f"the remote picture '{url}'", words, hint)
                return
            else:
                name = PurePosixPath(unquote(url)).name
                data = self.read_picture(unquote(url))
        except (OSError, ValueError, binascii.Error) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            self.report.omit(location, f"the picture '{url[:200]}', which cannot be read ({reason}),", words)
            return
        self.pictures.append(DocumentPart(DocumentPicture(name, data, description, title), location))
