"""Arranges the parts of a document into themes and blocks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from brief.model.prose import ProseParagraph, list_texts
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.bibliography import make_slug
from brief.reading.documents.blocks import BlockWriter, TakenIds
from brief.reading.documents.captions import looks_like_caption, read_table_caption
from brief.reading.documents.content_writer import TextWriter, is_phrase, map_texts, remove_unsupported
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
    Spans,
    extract_words,
    join_spans,
)
from brief.reading.documents.heading_numbers import match_numbers, match_part_numbers
from brief.reading.documents.theme_writer import Field, ImportedText, ImportedTheme
from brief.reading.text_file import find_suspects, report_suspect

_MAX_ID_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How to divide a document: into one theme with the id `into`, or into a theme for each chapter if that is None.

    `stem` is the stem of the document's file name, `clearance` the clearance of every theme and block, and `taken` the
    ids that the brief already uses.
    """

    stem: str
    into: str | None = None
    clearance: str | None = None
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ArrangedDocument:
    """The themes of a document, and its pictures, keyed by path in `content/assets/`."""

    themes: tuple[ImportedTheme, ...]
    pictures: Mapping[str, bytes]


@dataclass(slots=True)
class _Chapter:
    """The parts that become one theme; with `starts_page`, a page break comes before its heading."""

    title: Spans
    location: SourceLocation
    parts: list[DocumentPart] = field(default_factory=list)
    starts_page: bool = False


def arrange_document(document: ImportedDocument, arrangement: Arrangement, report: LossReport) -> ArrangedDocument:
    """Makes themes from a document, and reports what themes cannot contain."""
    title_part = DocumentPart(Caption(document.title), document.title_location)
    for part in (title_part, *document.parts):
        _report_suspects(part, report)
    document = replace(document, title=remove_unsupported(document.title, document.title_location, report))
    parts = [replace(part, content=_check_content(part.content, part.location, report)) for part in document.parts]
    parts = list(_find_captions(parts))
    title, location, parts = _split_title(document, parts)
    chapters = _split_chapters(title, location, parts, arrangement, report)
    _remove_numbers(chapters, report)
    writer = TextWriter(report)
    pictures: dict[str, bytes] = {}
    taken = TakenIds(arrangement.taken)
    stem = make_slug(arrangement.stem)
    names = []
    for number, chapter in enumerate(chapters, 1):
        if arrangement.into:
            taken.add(arrangement.into)
        names.append(arrangement.into or taken.take(_make_id(chapter.title, f"{stem or 'section'}-{number}")))
    blocks = BlockWriter(writer, stem or "document", arrangement.clearance, pictures, taken)
    themes = [
        _write_theme(chapter, name, arrangement, writer, blocks) for chapter, name in zip(chapters, names, strict=True)
    ]
    return ArrangedDocument(tuple(themes), pictures)


def _report_suspects(part: DocumentPart, report: LossReport) -> None:
    """Reports characters that content must not have, such as those that change the direction of the text."""
    for text in _list_content_texts(part.content):
        for character in dict.fromkeys(find_suspects("".join(span.text for span in text))):
            report_suspect(character, part.location, report.sink)


def _list_content_texts(content: Content) -> Iterator[Spans]:
    match content:
        case DocumentTable(headers, rows, _, groups):
            yield from (cell for row in (groups, headers, *rows) for cell in row if cell)
        case DocumentPicture(description=description, title=title):
            yield (Span(description), Span(title))
        case Caption(text) | DocumentHeading(text=text) | DocumentCallout(text=text):
            yield text
        case _:
            yield from list_texts((content,))


def _check_content(content: Content, location: SourceLocation, report: LossReport) -> Content:
    """Returns the content without the markup that is not supported, and reports what is removed."""

    def check(text: Spans) -> Spans:
        return remove_unsupported(text, location, report)

    match content:
        case DocumentTable(headers, rows, aligns, groups):
            checked = [tuple(None if cell is None else check(cell) for cell in row) for row in (headers, *rows)]
            return DocumentTable(checked[0], tuple(checked[1:]), aligns, tuple(map(check, groups)))
        case DocumentPicture():
            return content
        case Caption(text, is_of_table):
            return Caption(check(text), is_of_table)
        case DocumentHeading(level, text):
            return DocumentHeading(level, check(text))
        case DocumentCallout(tone, text):
            return DocumentCallout(tone, check(text))
        case _:
            return map_texts(content, check)


def _find_captions(parts: Sequence[DocumentPart]) -> Iterator[DocumentPart]:
    """Yields the parts; paragraphs next to a table or picture become captions if they look like captions."""
    for index, part in enumerate(parts):
        content = part.content
        if isinstance(content, ProseParagraph) and content.text:
            neighbours = [parts[other].content for other in (index - 1, index + 1) if 0 <= other < len(parts)]
            caption = read_table_caption(content.text)
            if caption and any(isinstance(each, DocumentTable) for each in neighbours):
                yield replace(part, content=Caption(caption, is_of_table=True))
                continue
            if looks_like_caption(content.text) and any(
                isinstance(each, DocumentTable | DocumentPicture) for each in neighbours
            ):
                yield replace(part, content=Caption(content.text))
                continue
        yield part


def _split_title(
    document: ImportedDocument, parts: list[DocumentPart]
) -> tuple[Spans, SourceLocation, list[DocumentPart]]:
    """Returns the title, its location, and the parts without it.

    The title is the heading that the document begins with if no other heading has the same or a higher level, unless
    the document has another title.
    """
    levels = [part.content.level for part in parts if isinstance(part.content, DocumentHeading)]
    first = parts[0].content if parts else None
    if (
        isinstance(first, DocumentHeading)
        and levels.count(first.level) == 1
        and first.level == min(levels)
        and len(levels) > 1
        # A title in the front matter is often repeated as the first heading.
        and (not document.title or extract_words(first.text).casefold() == extract_words(document.title).casefold())
    ):
        return first.text, parts[0].location, parts[1:]
    return document.title, document.title_location, parts


def _split_chapters(
    title: Spans, location: SourceLocation, parts: list[DocumentPart], arrangement: Arrangement, report: LossReport
) -> list[_Chapter]:
    """Starts a chapter at each heading of the highest level; with `arrangement.into`, returns a single chapter.

    Text before the first heading becomes a chapter, called like the document, or else like its file.
    """
    highest = min((part.content.level for part in parts if isinstance(part.content, DocumentHeading)), default=0)
    stem = (Span(arrangement.stem.replace("_", " ").replace("-", " ").strip() or arrangement.stem),)
    if arrangement.into is not None:
        first = parts[0].content if parts else None
        if not title and isinstance(first, DocumentHeading):
            title, location, parts = first.text, parts[0].location, parts[1:]
        elif not title:
            report.assume(location, f"the document has no title; its theme is called '{stem[0].text}'")
        return [_Chapter(title or stem, location, parts)]
    chapters = [_Chapter(title or stem, location)]
    for part in parts:
        if isinstance(part.content, DocumentHeading) and part.content.level == highest:
            chapters.append(_Chapter(part.content.text, part.location, starts_page=part.starts_page))
        else:
            chapters[-1].parts.append(part)
    if not chapters[0].parts and len(chapters) > 1:
        if title:
            hint = "write it as 'title' in content/brief.yaml"
            report.omit(location, "the title of the document", extract_words(title), hint)
        return chapters[1:]
    if not title:
        report.assume(location, f"this text comes before the first heading; its theme is called '{stem[0].text}'")
    return chapters


def _remove_numbers(chapters: list[_Chapter], report: LossReport) -> None:
    """Removes typed numbers from the titles of chapters and from the headings below them, in place.

    `brief` numbers themes itself, so the numbers would be printed twice.
    """
    numbers = match_numbers([chapter.title[0].text if chapter.title else "" for chapter in chapters])
    for chapter, number in zip(chapters, numbers, strict=True):
        chapter.title = _remove_number(chapter.title, number, chapter.location, report)
    numbered = (chapter for chapter, number in zip(chapters, numbers, strict=True) if number)
    for chapter_number, chapter in enumerate(numbered, 1):
        headings = {
            index: part.content
            for index, part in enumerate(chapter.parts)
            if isinstance(part.content, DocumentHeading) and part.content.text
        }
        section_numbers = match_part_numbers([heading.text[0].text for heading in headings.values()], chapter_number)
        for (index, heading), number in zip(headings.items(), section_numbers, strict=True):
            part = chapter.parts[index]
            text = _remove_number(heading.text, number, part.location, report)
            chapter.parts[index] = replace(part, content=replace(heading, text=text))


def _remove_number(title: Spans, number: str, location: SourceLocation, report: LossReport) -> Spans:
    if not number or len(extract_words(title)) <= len(number):
        return title
    report.simplify(location, f"the typed number '{number.strip()}' is removed, because themes are numbered")
    return join_spans((replace(title[0], text=title[0].text[len(number) :]), *title[1:]))


def _make_id(title: Spans, default: str) -> str:
    slug = make_slug(extract_words(title))
    while len(slug) > _MAX_ID_LENGTH and "-" in slug:
        slug = slug.rpartition("-")[0]
    return slug[:_MAX_ID_LENGTH].strip("-") or default


def _write_theme(
    chapter: _Chapter, name: str, arrangement: Arrangement, writer: TextWriter, blocks: BlockWriter
) -> ImportedTheme:
    title = writer.write_phrase(chapter.title, chapter.location, "a heading")
    parts = list(chapter.parts)
    first = parts[0] if parts else None
    if first and isinstance(first.content, ProseParagraph) and is_phrase(first.content.text):
        summary = writer.write_phrase(first.content.text, first.location, "a summary")
        summary_location = first.location
        parts = parts[1:]
    else:
        summary, summary_location = title, chapter.location
        hint = "write what the theme says in a sentence or two"
        writer.report.assume(
            chapter.location,
            f"theme '{name}' does not begin with a plain paragraph, so its summary repeats its title",
            hint,
        )
    fields: dict[str, Field] = {"id": name, "title": ImportedText(title, chapter.location)}
    if arrangement.clearance is not None:
        fields["clearance"] = arrangement.clearance
    if chapter.starts_page:
        fields["page_break"] = "before"
    fields["summary"] = ImportedText(summary, summary_location)
    fields["takeaways"] = []
    fields["blocks"] = blocks.write(name, chapter.title, parts)
    return ImportedTheme(name, fields, chapter.location)
