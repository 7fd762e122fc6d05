"""Reads facts about a PDF: title, language, outline, fonts with their characters, and broken links."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

import pikepdf

from brief.inspection.extract.pdf_cmaps import parse_to_unicode
from brief.inspection.extract.pdf_content import PdfContents
from brief.inspection.extract.pdf_structure import StructureTree, get_entry
from brief.inspection.extract.pdf_words import PdfWords, read_pdf_words
from brief.model.record import dataclass

# The greatest depth of an outline or of a tree of names.
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class PdfFont:
    """A font: its name without the subset tag (ISO 32000-1, 9.6.4), and the characters that its ToUnicode map has."""

    name: str
    is_embedded: bool
    characters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """Facts about a PDF.

    - `pages`: their number; `title` and `language`: empty if the file does not state them.
    - `outline`: the titles of the bookmarks, indented two spaces per level.
    - `broken_links`: the names of missing destinations, sorted; `addresses`: the links that leave the file.
    - `languages`: those that elements of the structure state.
    - `destinations`: the page, counted from 1, of each name to which links may lead.
    """

    pages: int
    title: str
    language: str
    fonts: tuple[PdfFont, ...]
    outline: tuple[str, ...]
    broken_links: tuple[str, ...]
    addresses: frozenset[str] = frozenset()
    destinations: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()


def read_pdf_facts(data: bytes) -> PdfFacts:
    """Reads the facts from the file's objects; the contents of its pages are not read."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _read_facts(pdf, pdf.objects)


def read_facts_and_words(data: bytes) -> "FactsAndWords":
    """Reads the facts and the words of a file, which is opened once."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree = StructureTree.from_pdf(pdf)
        return FactsAndWords(_read_facts(pdf, pdf.objects, tree.languages), read_pdf_words(pdf, PdfContents(), tree))


@dataclass(frozen=True, slots=True)
class FactsAndWords:
    """The facts and words of a PDF."""

    facts: PdfFacts
    words: PdfWords


class FactsAndWordsReader:
    """Reads facts and words from a PDF that is open for the search; `document` is None before that."""

    document: FactsAndWords | None = None

    def read(
        self, pdf: pikepdf.Pdf, contents: PdfContents, tree: StructureTree, fonts: Sequence[pikepdf.Object]
    ) -> None:
        self.document = FactsAndWords(_read_facts(pdf, fonts, tree.languages), read_pdf_words(pdf, contents, tree))


def _read_facts(pdf: pikepdf.Pdf, fonts: Iterable[pikepdf.Object], languages: Iterable[str] = ()) -> PdfFacts:
    title = get_entry(pdf.docinfo, "/Title")
    return PdfFacts(
        len(pdf.pages),
        str(title) if title is not None else "",
        str(pdf.Root.get("/Lang", "")),
        _list_fonts(fonts),
        tuple(_list_bookmarks(pdf)),
        tuple(sorted(set(_list_broken_links(pdf)))),
        frozenset(_list_addresses(pdf)),
        dict(_list_destination_pages(pdf)),
        frozenset(languages),
    )


def _list_fonts(objects: Iterable[pikepdf.Object]) -> tuple[PdfFont, ...]:
    """Lists the fonts among the objects, sorted by name; several subsets of one font are one entry, with the
    characters of all of them.
    """
    fonts: dict[str, PdfFont] = {}
    for item in objects:
        if not isinstance(item, pikepdf.Dictionary) or "/BaseFont" not in item or get_entry(item, "/Type") != "/Font":
            continue
        # The font within a composite font (9.7) is the one that is embedded.
        if get_entry(item, "/Subtype") in ("/CIDFontType0", "/CIDFontType2"):
            continue
        name = str(item["/BaseFont"])[1:].partition("+")[2] or str(item["/BaseFont"])[1:]
        descendants = get_entry(item, "/DescendantFonts")
        inner = descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else item
        descriptor = inner.get("/FontDescriptor", pikepdf.Dictionary())
        is_embedded = get_entry(item, "/Subtype") == "/Type3" or any(
            key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
        )
        mapping = get_entry(item, "/ToUnicode")
        texts = parse_to_unicode(mapping.read_bytes()).values() if isinstance(mapping, pikepdf.Stream) else ()
        earlier = fonts.get(name, PdfFont(name, True))
        fonts[name] = PdfFont(name, earlier.is_embedded and is_embedded, earlier.characters | frozenset("".join(texts)))
    return tuple(fonts[name] for name in sorted(fonts))


def _list_bookmarks(pdf: pikepdf.Pdf) -> Iterator[str]:
    outlines = get_entry(pdf.Root, "/Outlines")
    if isinstance(outlines, pikepdf.Dictionary):
        yield from _walk_bookmarks(get_entry(outlines, "/First"), 0)


def _walk_bookmarks(item: object, level: int) -> Iterator[str]:
    # A file may be damaged so that bookmarks follow themselves.
    seen = set()
    while isinstance(item, pikepdf.Dictionary) and level < _MAX_DEPTH and item.objgen not in seen:
        seen.add(item.objgen)
        yield f"{'  ' * level}{item.get('/Title', '')}"
        yield from _walk_bookmarks(get_entry(item, "/First"), level + 1)
        item = get_entry(item, "/Next")


def _list_broken_links(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yields the names of destinations to which links lead (12.5.6.5) and that the file does not have (12.3.2.3)."""
    known = {name for name, _ in _list_destinations(pdf)}
    for page in pdf.pages:
        annotations = get_entry(page.obj, "/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            if get_entry(annotation, "/Subtype") != "/Link":
                continue
            action = get_entry(annotation, "/A")
            target = get_entry(annotation, "/Dest")
            if target is None and isinstance(action, pikepdf.Dictionary) and get_entry(action, "/S") == "/GoTo":
                target = get_entry(action, "/D")
            if isinstance(target, pikepdf.String | pikepdf.Name) and str(target).removeprefix("/") not in known:
                yield str(target).removeprefix("/")


def _list_addresses(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yields the addresses of links (12.6.4.7)."""
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            action = annotation.get("/A")
            if isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/URI":
                yield str(action.get("/URI", ""))


def _list_destination_pages(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    """Yields the names of destinations, and their pages (12.3.2.2)."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    for name, target in _list_destinations(pdf):
        destination = get_entry(target, "/D") if isinstance(target, pikepdf.Dictionary) else target
        page = destination[0] if isinstance(destination, pikepdf.Array) and len(destination) else None
        if isinstance(page, pikepdf.Dictionary) and page.objgen in numbers:
            yield name, numbers[page.objgen]


def _list_destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yields the names of destinations, each with what it names."""
    names = get_entry(pdf.Root, "/Names")
    tree = get_entry(names, "/Dests") if isinstance(names, pikepdf.Dictionary) else None
    yield from _walk_names(tree, 0)
    # PDF 1.1 has destinations in a dictionary.
    old = get_entry(pdf.Root, "/Dests")
    if isinstance(old, pikepdf.Dictionary):
        yield from ((name.removeprefix("/"), target) for name, target in old.items())


def _walk_names(node: object, depth: int) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yields the names in a tree (7.9.6), each with what it names."""
    if not isinstance(node, pikepdf.Dictionary) or depth > _MAX_DEPTH:
        return
    pairs = get_entry(node, "/Names")
    if isinstance(pairs, pikepdf.Array):
        yield from ((str(pairs[index]), pairs[index + 1]) for index in range(0, len(pairs) - 1, 2))
    kids = get_entry(node, "/Kids")
    for kid in kids if isinstance(kids, pikepdf.Array) else ():
        yield from _walk_names(kid, depth + 1)
