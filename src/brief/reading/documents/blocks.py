"""Writes the parts of one chapter as the blocks of a theme."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import PurePosixPath

from brief.model.align import Align
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.prose import ProseHeading, ProseList, ProseParagraph, list_texts
from brief.model.record import dataclass
from brief.model.source_location import Ref, SourceLocation
from brief.reading.bibliography import make_slug
from brief.reading.documents.captions import split_label
from brief.reading.documents.content_writer import TextWriter, is_phrase
from brief.reading.documents.document import (
    Caption,
    DocumentCallout,
    DocumentHeading,
    DocumentPart,
    DocumentPicture,
    DocumentTable,
    Part,
    Span,
    SpanForm,
    Spans,
    extract_words,
    join_spans,
    make_plain_table,
)
from brief.reading.documents.theme_writer import Field, ImportedText
from brief.reading.pictures.images import decode_image
from brief.reading.texts.prose import MAX_COLUMNS, MAX_HEADING_LEVELS
from brief.reading.values import is_reserved_id

# In characters. Long texts are divided, because reviewers and translators work on one text at a time; the limit of a
# text is twice this.
_MAX_PROSE = 20_000
# Roughly the characters that the markup around a cell or an entry takes.
_MARKUP_LENGTH = 6
_EMPTY_CELL = "–"
_MAX_ID_LENGTH = 40


class TakenIds:
    """The ids that the blocks and themes of a brief have already."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        # The last number that was appended to each id: those below it are taken.
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Takes the id and returns it, with a number appended if it is taken or reserved."""
        number, unique = self._numbers.get(name, 1), name
        while unique in self._taken or is_reserved_id(unique):
            number += 1
            unique = f"{name}-{number}"
        self._numbers[name] = number
        self._taken.add(unique)
        return unique

    def add(self, name: str) -> None:
        """Takes the id unchanged, even if it is taken."""
        self._taken.add(name)


@dataclass(slots=True)
class BlockWriter:
    """Writes blocks; `pictures` collects the files of pictures, keyed by path in `content/assets/`.

    Pictures are stored in `folder` of that folder, blocks get the clearance `clearance`, and `ids` has the ids that are
    taken. While the theme with the id `theme` is written, `blocks` are its blocks, `heading` is the heading of the next
    block, `heading_above` the last heading of any level, and `group` the parts that become one block. With
    `starts_page`, the next block begins a page.
    """

    writer: TextWriter
    folder: str
    clearance: str | None
    pictures: dict[str, bytes]
    ids: TakenIds
    blocks: list[Field] = field(default_factory=list)
    theme: str = ""
    heading: tuple[Spans, SourceLocation] | None = None
    heading_above: Spans = ()
    group: list[tuple[Part, SourceLocation]] = field(default_factory=list)
    _stored: dict[tuple[str, str, bytes], str] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    starts_page: bool = False

    def write(self, theme: str, title: Spans, parts: Sequence[DocumentPart]) -> list[Field]:
        """Returns the blocks of the theme with the id `theme`, as YAML fields."""
        self.theme, self.blocks, self.heading, self.heading_above = theme, [], None, title
        highest = min((part.content.level for part in parts if isinstance(part.content, DocumentHeading)), default=0)
        captions = _attach_captions(parts)
        attached = {id(caption) for caption in captions.values()}
        for index, part in enumerate(parts):
            if part.starts_page:
                self._close_group()
                self.starts_page = True
            content, location = part.content, part.location
            match content:
                case DocumentHeading(level, text) if level == highest:
                    self._close_section()
                    self.heading, self.heading_above = (text, location), text
                case DocumentHeading(level, text):
                    self.heading_above = text
                    self.group.append((ProseHeading(level, text), location))
                case Caption(text) if id(part) not in attached:
                    self.group.append((ProseParagraph(text), location))
                case Caption():
                    pass
                case DocumentTable():
                    self._write_table(content, location, captions.get(index))
                case DocumentPicture():
                    self._write_picture(content, location, captions.get(index))
                case DocumentCallout(tone, text):
                    self._close_group()
                    phrase = self._write_phrase(text, location, "a callout")
                    self._add("callout", location, {"tone": str(tone), "text": phrase})
                case _:
                    self.group.append((content, location))
        self._close_section()
        return self.blocks

    def _close_section(self) -> None:
        """Adds the blocks of the section; a heading that no block has taken becomes a paragraph."""
        self._close_group()
        if self.heading is not None:
            text, location = self.heading
            self.heading = None
            self.writer.report.assume(
                location, f"the heading '{extract_words(text)}' has no text below it, so it is kept as a paragraph"
            )
            self._add("paragraph", location, {"text": self._write_phrase(text, location, "a heading")})

    def _close_group(self) -> None:
        """Adds the parts of the group as a paragraph or list block if one can express them, otherwise as prose."""
        group, self.group = self.group, []
        if not group:
            return
        first, location = group[0]
        if len(group) == 1 and isinstance(first, ProseParagraph) and is_phrase(first.text):
            self._add("paragraph", location, {"text": self._write_phrase(first.text, location, "a paragraph")})
            return
        if len(group) == 1 and isinstance(first, ProseList) and _is_simple(first):
            items = [self._write_phrase(entry[0].text, location, "an entry") for entry in first.entries]  # type: ignore[union-attr]
            fields: dict[str, Field] = {"ordered": True} if first.is_ordered else {}
            self._add("list", location, {**fields, "items": items})
            return
        size, batch = 0, list[tuple[Part, SourceLocation]]()
        for piece, where in ((piece, where) for part, where in group for piece in _divide(part)):
            length = _measure_length(piece)
            if batch and size + length > _MAX_PROSE:
                self._add_prose(batch)
                size, batch = 0, []
            size += length
            batch.append((piece, where))
        self._add_prose(batch)

    def _add_prose(self, parts: list[tuple[Part, SourceLocation]]) -> None:
        text = self.writer.write_prose(_rank_headings(parts, self.writer))
        self._add("prose", parts[0][1], {"text": ImportedText(text, parts[0][1])})

    def _write_phrase(self, spans: Spans, location: SourceLocation, what: str) -> ImportedText:
        return ImportedText(self.writer.write_phrase(spans, location, what), location)

    def _write_cell(self, spans: Spans | None, location: SourceLocation) -> Field:
        """Returns the cell; `<` merges it with the cell on its left, so a text of that character is escaped."""
        if spans is None:
            return "<"
        if not spans:
            return _EMPTY_CELL
        text = self._write_phrase(spans, location, "a cell")
        return replace(text, markup="\\<") if text.markup == "<" else text

    def _add(self, kind: str, location: SourceLocation, fields: Mapping[str, Field]) -> None:
        block: dict[str, Field] = {"kind": kind, "id": self._make_id(fields)}
        if self.heading is not None:
            block["heading"] = self._write_phrase(*self.heading, "a heading")
            self.heading = None
        if self.clearance is not None:
            block["clearance"] = self.clearance
        if self.starts_page:
            block["page_break"] = "before"
            self.starts_page = False
        self.blocks.append({**block, **fields})

    def _make_id(self, fields: Mapping[str, Field]) -> str:
        """Makes an id from the heading or title of the block, otherwise from the theme and the number of the block."""
        phrase = extract_words(self.heading[0]) if self.heading else ""
        title = fields.get("title")
        if not phrase and isinstance(title, ImportedText):
            phrase = title.markup
        slug = "-".join(make_slug(phrase).split("-")[:6])[:_MAX_ID_LENGTH].strip("-")
        name = slug or f"{self.theme}-{len(self.blocks) + 1}"
        return self.ids.take(name)

    def _write_table(self, table: DocumentTable, location: SourceLocation, caption: DocumentPart | None) -> None:
        report = self.writer.report
        has_merged_cells = any(cell is None for row in (table.headers, *table.rows) for cell in row)
        headers = (*table.groups, *table.headers)
        has_notes_in_headers = any(span.kind is SpanForm.FOOTNOTE for header in headers for span in header or ())
        plain_table = make_plain_table(table)
        is_simple = not (has_merged_cells or has_notes_in_headers or table.groups)
        fits_prose = caption is None and len(table.headers) <= MAX_COLUMNS and is_simple
        if fits_prose and _measure_length(plain_table) <= _MAX_PROSE:
            self.group.append((plain_table, location))
            return
        self._close_group()
        if caption is not None:
            title = self._read_caption(caption)
        else:
            plain_words = tuple(replace(span, strong=False, emphasis=False) for span in self.heading_above)
            title = ImportedText(self.writer.write_phrase(plain_words, location, "a title") or self.theme, location)
            report.assume(
                location,
                f"a table without a caption is called '{title.markup}'",
                "write a title that says what it shows",
            )
        if any(header is None for header in table.headers):
            report.simplify(location, "merged column headers are kept as separate headers")
        columns: list[Field] = []
        groups = table.groups or [()] * len(table.headers)
        for header, group, align in zip(table.headers, groups, table.aligns, strict=True):
            column_title = self._write_phrase(header, location, "a column header") if header else _EMPTY_CELL
            column: dict[str, Field] = {"title": column_title}
            if group:
                column["group"] = self._write_phrase(group, location, "a column header")
            columns.append({**column, **({"align": str(align)} if align is not Align.START else {})})
        cells: list[Field] = [[self._write_cell(cell, location) for cell in row] for row in table.rows]
        self._add("table", location, {"title": title, "columns": columns, "rows": cells})

    def _read_caption(self, caption: DocumentPart) -> ImportedText:
        """Returns the words of the caption without its label, which is reported, and without emphasis."""
        assert isinstance(caption.content, Caption)  # noqa: S101  # only captions are attached
        label, words = split_label(caption.content.text)
        if label and words:
            message = f"the label '{label}' is not kept, because tables and figures are numbered"
            self.writer.report.simplify(caption.location, message, "refer to it with [](#id)")
        plain = tuple(replace(span, strong=False, emphasis=False) for span in words or caption.content.text)
        return self._write_phrase(plain, caption.location, "a caption")

    def _write_picture(self, picture: DocumentPicture, location: SourceLocation, caption: DocumentPart | None) -> None:
        report, sink = self.writer.report, DiagnosticSink()
        phrase = " ".join(filter(None, (picture.title, picture.description)))
        decode_image(Ref(picture.name, location), picture.data, sink)
        if has_errors(sink.found):
            problem = sink.found[0]
            report.omit(location, f"a picture ({problem.message})", phrase, problem.hint)
            if caption is not None:
                self.group.append((ProseParagraph(caption.content.text), caption.location))  # type: ignore[union-attr]
            return
        self._close_group()
        name = self._store_picture(picture)
        title = self._read_caption(caption) if caption is not None else None
        words = picture.description or picture.title or (title.markup if title else "") or PurePosixPath(name).stem
        if not picture.description:
            message = f"the picture '{picture.name}' has no alternative text; its description is '{words}'"
            report.assume(location, message, "write what the picture shows, for readers who cannot see it")
        if title is None:
            title = ImportedText(self._write_plain(picture.title or words, location), location)
        elif picture.title:
            report.omit(location, "the title of a picture with a caption", picture.title)
        description = ImportedText(self._write_plain(words, location), location)
        self._add("figure", location, {"image": name, "title": title, "description": description})

    def _write_plain(self, words: str, location: SourceLocation) -> str:
        return self.writer.write_phrase(join_spans((Span(words),)), location, "the description of a picture")

    def _store_picture(self, picture: DocumentPicture) -> str:
        """Stores the picture under a slug of its name, with a number if that is taken; returns its path in assets."""
        path = PurePosixPath(picture.name)
        stem, suffix = make_slug(path.stem) or "picture", path.suffix.lower()
        name = self._stored.get((stem, suffix, picture.data))
        while name is None or self.pictures.get(name, picture.data) != picture.data:
            number = self._numbers[stem, suffix] = self._numbers.get((stem, suffix), 0) + 1
            name = f"{self.folder}/{stem}{suffix if number == 1 else f'-{number}{suffix}'}"
        self.pictures[name] = picture.data
        return self._stored.setdefault((stem, suffix, picture.data), name)


def _measure_length(part: Part) -> int:
    return sum(len(extract_words(text)) + _MARKUP_LENGTH for text in list_texts((part,)))


def _divide(part: Part) -> Iterator[Part]:
    """Yields the part, or several lists with its entries if it is a list that is too long for one text."""
    if not isinstance(part, ProseList):
        yield part
        return
    entries: list[tuple[Part, ...]] = []
    size, start = 0, part.start
    for entry in part.entries:
        length = sum(map(_measure_length, entry)) + _MARKUP_LENGTH
        if entries and size + length > _MAX_PROSE:
            yield ProseList(part.is_ordered, start, tuple(entries))
            size, start, entries = 0, start + len(entries), []
        size += length
        entries.append(entry)
    yield ProseList(part.is_ordered, start, tuple(entries))


def _is_simple(part: ProseList) -> bool:  # type: ignore[type-arg]
    """Returns whether a list block can express the list: each entry is one short text."""
    return part.start == 1 and all(
        len(entry) == 1 and isinstance(entry[0], ProseParagraph) and entry[0].text and is_phrase(entry[0].text)
        for entry in part.entries
    )


def _attach_captions(parts: Sequence[DocumentPart]) -> dict[int, DocumentPart]:
    """Returns the captions by the index of their table or picture.

    As many captions as possible are attached. This shows whether captions are above or below their tables. If both are
    possible, a caption with the label of a table, or without a label, belongs to what is after it; a caption with the
    label of a figure, or in Pandoc's syntax, belongs to what is before it.
    """
    owners: dict[int, int] = {}

    def attach(caption: int, refused: frozenset[int]) -> bool:
        """Attaches a caption, and moves other captions to their second place if necessary. Returns whether that succeeded.

        `refused` are places that may not be used. (Kuhn's algorithm for bipartite matching.)
        """
        for candidate in _list_caption_targets(parts, caption):
            if candidate in refused:
                continue
            if candidate not in owners or attach(owners[candidate], refused | {candidate}):
                owners[candidate] = caption
                return True
        return False

    for index, part in enumerate(parts):
        if isinstance(part.content, Caption):
            attach(index, frozenset())
    return {candidate: parts[caption] for candidate, caption in owners.items()}


def _list_caption_targets(parts: Sequence[DocumentPart], index: int) -> list[int]:
    """Returns the indices of the tables and pictures that the caption at `index` may belong to, the likeliest first."""
    caption = parts[index].content
    if not isinstance(caption, Caption):
        return []
    label = split_label(caption.text)[0].lower()
    has_table_label = label.startswith(("tab", "表", "附表"))
    comes_first = has_table_label or not (label or caption.is_of_table)
    kinds = (DocumentTable,) if has_table_label or caption.is_of_table else (DocumentTable, DocumentPicture)
    neighbours = [index + 1, index - 1] if comes_first else [index - 1, index + 1]
    return [other for other in neighbours if 0 <= other < len(parts) and isinstance(parts[other].content, kinds)]


def _rank_headings(group: list[tuple[Part, SourceLocation]], writer: TextWriter) -> list[tuple[Part, SourceLocation]]:
    """Returns the parts with heading levels that begin at 1, skip none and are at most `MAX_HEADING_LEVELS`."""
    levels = sorted({part.level for part, _ in group if isinstance(part, ProseHeading)})
    ranked: list[tuple[Part, SourceLocation]] = []
    previous_rank = 0
    for part, location in group:
        if isinstance(part, ProseHeading):
            rank = min(levels.index(part.level) + 1, previous_rank + 1)
            if rank > MAX_HEADING_LEVELS:
                message = (
                    f"the heading '{extract_words(part.text)}' is moved up to level {MAX_HEADING_LEVELS} of its text"
                )
                writer.report.simplify(location, message)
                rank = MAX_HEADING_LEVELS
            previous_rank = rank
            part = ProseHeading(rank, part.text)
        ranked.append((part, location))
    return ranked
