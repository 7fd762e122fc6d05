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

# Long texts are divided, because a reviewer and a translator work on one at a time; the limit of a text is twice this.
_MAX_PROSE = 20_000
# Roughly the characters that the markup around a cell or an entry takes.
_MARKUP = 6
_NO_WORDS = "–"
_LONGEST_ID = 40


class TakenIds:
    """The ids that are taken."""

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
        """Takes the id as it is."""
        self._taken.add(name)


@dataclass(slots=True)
class BlockWriter:
    """Writes blocks; `pictures` collects the files of pictures, keyed by path in `content/assets/`.

    `ids` has the ids that blocks already have. While a theme is written, `heading` is the heading of the next block,
    `above` the last heading of any level, and `group` the parts that become one block.
    """

    writer: TextWriter
    folder: str
    clearance: str | None
    pictures: dict[str, bytes]
    ids: TakenIds
    blocks: list[Field] = field(default_factory=list)
    theme: str = ""
    heading: tuple[Spans, SourceLocation] | None = None
    above: Spans = ()
    group: list[tuple[Part, SourceLocation]] = field(default_factory=list)
    _stored: dict[tuple[str, str, bytes], str] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    starts_page: bool = False

    def write(self, theme: str, title: Spans, parts: Sequence[DocumentPart]) -> list[Field]:
        """Returns the blocks of the theme with this id and title, as YAML fields."""
        self.theme, self.blocks, self.heading, self.above = theme, [], None, title
        highest = min((part.content.level for part in parts if isinstance(part.content, DocumentHeading)), default=0)
        captions = _attach_captions(parts)
        used = {id(caption) for caption in captions.values()}
        for at, part in enumerate(parts):
            if part.starts_page:
                self._close_group()
                self.starts_page = True
            content, location = part.content, part.location
            match content:
                case DocumentHeading(level, text) if level == highest:
                    self._close_section()
                    self.heading, self.above = (text, location), text
                case DocumentHeading(level, text):
                    self.above = text
                    self.group.append((ProseHeading(level, text), location))
                case Caption(text) if id(part) not in used:
                    self.group.append((ProseParagraph(text), location))
                case Caption():
                    pass
                case DocumentTable():
                    self._write_table(content, location, captions.get(at))
                case DocumentPicture():
                    self._write_picture(content, location, captions.get(at))
                case DocumentCallout(tone, text):
                    self._close_group()
                    phrase = self._write_phrase(text, location, "a callout")
                    self._add("callout", location, {"tone": str(tone), "text": phrase})
                case _:
                    self.group.append((content, location))
        self._close_section()
        return self.blocks

    def _close_section(self) -> None:
        self._close_group()
        if self.heading is not None:
            text, location = self.heading
            self.heading = None
            self.writer.report.assume(
                location, f"the heading '{extract_words(text)}' has no text below it, so it is kept as a paragraph"
            )
            self._add("paragraph", location, {"text": self._write_phrase(text, location, "a heading")})

    def _close_group(self) -> None:
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
        size, portion = 0, list[tuple[Part, SourceLocation]]()
        for part, where in ((each, where) for whole, where in group for each in _divide(whole)):
            length = _measure(part)
            if portion and size + length > _MAX_PROSE:
                self._add_prose(portion)
                size, portion = 0, []
            size += length
            portion.append((part, where))
        self._add_prose(portion)

    def _add_prose(self, parts: list[tuple[Part, SourceLocation]]) -> None:
        text = self.writer.write_prose(_rank_headings(parts, self.writer))
        self._add("prose", parts[0][1], {"text": ImportedText(text, parts[0][1])})

    def _write_phrase(self, spans: Spans, location: SourceLocation, what: str) -> ImportedText:
        return ImportedText(self.writer.write_phrase(spans, location, what), location)

    def _write_cell(self, spans: Spans | None, location: SourceLocation) -> Field:
        if spans is None:
            return "<"
        if not spans:
            return _NO_WORDS
        text = self._write_phrase(spans, location, "a cell")
        return replace(text, words="\\<") if text.words == "<" else text

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
            phrase = title.words
        slug = "-".join(make_slug(phrase).split("-")[:6])[:_LONGEST_ID].strip("-")
        name = slug or f"{self.theme}-{len(self.blocks) + 1}"
        return self.ids.take(name)

    def _write_table(self, table: DocumentTable, location: SourceLocation, caption: DocumentPart | None) -> None:
        report = self.writer.report
        has_spans = any(cell is None for row in (table.heads, *table.rows) for cell in row)
        heads = (*table.groups, *table.heads)
        has_notes_in_heads = any(span.kind is SpanForm.FOOTNOTE for head in heads for span in head or ())
        plain = make_plain_table(table)
        is_simple = not (has_spans or has_notes_in_heads or table.groups)
        is_plain = caption is None and len(table.heads) <= MAX_COLUMNS and is_simple
        if is_plain and _measure(plain) <= _MAX_PROSE:
            self.group.append((plain, location))
            return
        self._close_group()
        if caption is not None:
            title = self._read_caption(caption)
        else:
            plain_words = tuple(replace(span, strong=False, emphasis=False) for span in self.above)
            title = ImportedText(self.writer.write_phrase(plain_words, location, "a title") or self.theme, location)
            report.assume(location, f"a table without a caption is called '{title.words}'", "write what it shows")
        if any(head is None for head in table.heads):
            report.simplify(location, "merged column headers are kept as separate headers")
        columns: list[Field] = []
        groups = table.groups or [()] * len(table.heads)
        for head, group, align in zip(table.heads, groups, table.aligns, strict=True):
            head_title = self._write_phrase(head, location, "the head of a column") if head else _NO_WORDS
            column: dict[str, Field] = {"title": head_title}
            if group:
                column["group"] = self._write_phrase(group, location, "the head of a column")
            columns.append({**column, **({"align": str(align)} if align is not Align.START else {})})
        cells: list[Field] = [[self._write_cell(cell, location) for cell in row] for row in table.rows]
        self._add("table", location, {"title": title, "columns": columns, "rows": cells})

    def _read_caption(self, caption: DocumentPart) -> ImportedText:
        assert isinstance(caption.content, Caption)  # noqa: S101  # only captions are attached
        label, words = split_label(caption.content.text)
        if label and words:
            message = f"the label '{label}' is not kept, because tables and figures are numbered"
            self.writer.report.simplify(caption.location, message, "refer to it by [](#id)")
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
        words = picture.description or picture.title or (title.words if title else "") or PurePosixPath(name).stem
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
        """Stores the picture under its own name, with a number if another picture has that name."""
        path = PurePosixPath(picture.name)
        stem, suffix = make_slug(path.stem) or "picture", path.suffix.lower()
        name = self._stored.get((stem, suffix, picture.data))
        while name is None or self.pictures.get(name, picture.data) != picture.data:
            number = self._numbers[stem, suffix] = self._numbers.get((stem, suffix), 0) + 1
            name = f"{self.folder}/{stem}{suffix if number == 1 else f'-{number}{suffix}'}"
        self.pictures[name] = picture.data
        return self._stored.setdefault((stem, suffix, picture.data), name)


def _measure(part: Part) -> int:
    return sum(len(extract_words(text)) + _MARKUP for text in list_texts((part,)))


def _divide(part: Part) -> Iterator[Part]:
    """Yields the part itself, or the pieces of a list that is too long for one text."""
    if not isinstance(part, ProseList):
        yield part
        return
    entries: list[tuple[Part, ...]] = []
    size, start = 0, part.start
    for entry in part.entries:
        length = sum(map(_measure, entry)) + _MARKUP
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
    """Returns the caption of each table and picture: the one before it, otherwise the one after it."""
    attached: dict[int, DocumentPart] = {}
    for at, part in enumerate(parts):
        if not isinstance(part.content, Caption):
            continue
        label = split_label(part.content.text)[0].lower()
        is_of_table = label.startswith(("tab", "表", "附表"))
        candidates = [at + 1, at - 1] if is_of_table or not label else [at - 1, at + 1]
        kinds = (DocumentTable,) if is_of_table else (DocumentTable, DocumentPicture)
        for place in candidates:
            if 0 <= place < len(parts) and isinstance(parts[place].content, kinds) and place not in attached:
                attached[place] = part
                break
    return attached


def _rank_headings(group: list[tuple[Part, SourceLocation]], writer: TextWriter) -> list[tuple[Part, SourceLocation]]:
    """Returns the parts with heading levels that begin at 1 and skip none."""
    levels = sorted({part.level for part, _ in group if isinstance(part, ProseHeading)})
    ranked: list[tuple[Part, SourceLocation]] = []
    before = 0
    for part, location in group:
        if isinstance(part, ProseHeading):
            rank = min(levels.index(part.level) + 1, before + 1)
            if rank > MAX_HEADING_LEVELS:
                message = (
                    f"the heading '{extract_words(part.text)}' is moved up to level {MAX_HEADING_LEVELS} of its text"
                )
                writer.report.simplify(location, message)
                rank = MAX_HEADING_LEVELS
            before = rank
            part = ProseHeading(rank, part.text)
        ranked.append((part, location))
    return ranked
