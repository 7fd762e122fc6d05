"""Inspects artifacts as documents: their words, which must be those of the variant, and their glyphs, fonts, links,
language and title.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from html import unescape
from itertools import chain
from urllib.parse import unquote

from brief.inspection.expected import ExpectedDocument
from brief.inspection.extract.blocks import ALTERNATIVE, NAVIGATION, BlockDocument
from brief.inspection.extract.formats import ExtractedArtifact
from brief.inspection.extract.part import BREAK
from brief.inspection.faces import find_wrong_faces, find_wrong_families, find_wrong_styles
from brief.inspection.folding import squeeze
from brief.inspection.template_parts.chart_figures import inspect_chart_figures
from brief.inspection.template_parts.contents import inspect_listed_themes, inspect_page_numbers
from brief.inspection.template_parts.hiding_styles import find_hiding_styles
from brief.inspection.template_parts.languages import (
    inspect_page_languages,
    inspect_stated_languages,
    inspect_word_languages,
)
from brief.inspection.words.added_words import walk_strings
from brief.inspection.words.same_words import ReadingText, compare_words
from brief.model.appearance.look import Look
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_script
from brief.model.source_location import SourceLocation
from brief.model.variant import Chart, Variant, Vega

_MAIN_PARTS = ("", "word/document.xml")
_PROPERTIES = "docProps/core.xml"
# A title that a writer shortened is longer than this, in characters.
_SHORTENED_LENGTH = 200
_DOCX_TITLE = re.compile(r"<dc:title\b[^>]*>([^<]*)<")
_DOCX_LANGUAGE = re.compile(r"<dc:language\b[^>]*>([^<]*)<")
# The kind of the words in a drawing (SVG 2, 11.2).
_DRAWN = "text"
# The kinds of blocks that a page does not print, or prints once more as links.
_UNPRINTED = (ALTERNATIVE, NAVIGATION, "lang", "title")
_MAX_REPORTED = 5
_REFERENCE_HINT = "correct reference.docx of the template set, or report it as a bug"


@dataclass(frozen=True, slots=True)
class _Hints:
    """How to correct what a file lacks: its language, its title, the target of a link, a link, and words; None if words are
    corrected in the template of their block.
    """

    language: str
    title: str
    target: str
    link: str
    words: str | None = None


_TEMPLATE_HINTS = _Hints(
    'write <html lang="{{ locale }}"> in screen.html.j2 and print.html.j2 of the template set',
    "write {{ title }} in the <title> of screen.html.j2 and print.html.j2 of the template set",
    "give the element of a block, a theme or a source its 'id' in the templates",
    'write <a href="{{ run.url }}"> for links in runs.html.j2 of the template set',
)
_REFERENCE_HINTS = _Hints(_REFERENCE_HINT, _REFERENCE_HINT, _REFERENCE_HINT, _REFERENCE_HINT, _REFERENCE_HINT)

DocumentInspection = Callable[[Artifact, ExpectedDocument, ExtractedArtifact, Look], Iterator[Diagnostic]]


def inspect_document(
    artifact: Artifact, expected: ExpectedDocument, extracted: ExtractedArtifact, look: Look
) -> tuple[Diagnostic, ...]:
    """Compares an artifact, as `extracted`, with what is expected of all files of its variant, and with the template
    set's look.

    All parts of `extracted` must have been read.
    """
    inspect, _ = INSPECTIONS.get(artifact.format, _NONE)
    return tuple(inspect(artifact, expected, extracted, look))


def _inspect_html(
    artifact: Artifact, expected: ExpectedDocument, extracted: ExtractedArtifact, look: Look
) -> Iterator[Diagnostic]:
    variant, pieces = expected.variant, expected.pieces
    document = _require_blocks(extracted)
    reading_text = _make_reading_text(document)
    hints = _TEMPLATE_HINTS
    may_repeat = partial(_is_printed_elsewhere, variant)
    differences = tuple(
        compare_words(artifact, pieces, reading_text, numbered=document.numbered, may_repeat=may_repeat)
    )
    yield from differences
    for where, view in document.views if not differences else ():
        yield from compare_words(artifact, pieces, _make_reading_text(view), where=where, numbered=document.numbered)
    yield from inspect_listed_themes(artifact, variant, look, reading_text)
    # The words of a drawing may read like a row of the table.
    beside_drawings = "\n".join(block.text for block in document.blocks if block.kind != _DRAWN)
    yield from inspect_chart_figures(artifact, variant, look, beside_drawings)
    texts_by_kind = {block.kind: block.text for block in reversed(document.blocks) if block.kind in ("lang", "title")}
    yield from _check_identity(artifact, variant, texts_by_kind.get("lang", ""), texts_by_kind.get("title", ""), hints)
    yield from _report_broken_links(artifact, document.broken_links, hints)
    yield from _report_lost_addresses(artifact, expected, document.addresses, hints)
    yield from inspect_page_languages(artifact, expected, document.passages)
    yield from find_wrong_families(artifact, variant)


def _inspect_pdf(
    artifact: Artifact, expected: ExpectedDocument, extracted: ExtractedArtifact, look: Look
) -> Iterator[Diagnostic]:
    from brief.fonts.coverage import suggest_font

    if extracted.pdf is None:
        raise ValueError(f"{artifact.name} was not extracted as a PDF")
    variant = expected.variant
    facts, words = extracted.pdf.facts, extracted.pdf.words
    reading_text = ReadingText(words.text, alternative=words.alternative)
    hints = _find_pdf_hints(look)
    yield from compare_words(
        artifact, expected.pieces, reading_text, hints.words, may_repeat=partial(_is_printed_elsewhere, variant)
    )
    yield from inspect_chart_figures(artifact, variant, look, words.text)
    yield from inspect_page_numbers(artifact, variant, look, words, facts)
    yield from _check_identity(artifact, variant, facts.language, facts.title, hints)
    yield from _report_broken_links(artifact, facts.broken_links, hints)
    yield from _report_lost_addresses(artifact, expected, facts.addresses, hints)
    yield from inspect_stated_languages(artifact, expected, facts.languages)
    yield from find_wrong_faces(artifact, expected, ((font.name, font.characters) for font in facts.fonts))
    for characters in words.missing[:_MAX_REPORTED]:
        code = " ".join(f"U+{ord(character):04X}" for character in characters)
        message = f"{_describe_artifact(artifact)}: a font has no glyph, so an empty box is drawn, for '{characters}' ({code})"
        yield Diagnostic("missing-glyph", message, SourceLocation(artifact.name), suggest_font(characters))
    for font in facts.fonts:
        if not font.is_embedded:
            message = f"{_describe_artifact(artifact)}: the font {font.name} is not embedded, so readers may see a different font"
            hint = "name another font in 'faces' of the template set"
            yield Diagnostic("font-not-embedded", message, SourceLocation(artifact.name), hint)


def _find_pdf_hints(look: Look) -> _Hints:
    """Returns the hints that name the files of the set which the PDF engine reads."""
    from brief.writers.pdf.engines import PDF_ENGINES

    engine = PDF_ENGINES[look.pdf_engine.name]
    if engine.lays_out_css:
        return _TEMPLATE_HINTS
    place = f"in '{engine.main_template}' of the template set, or a file that it imports"
    return _Hints(
        f"state the language of the document {place}",
        f"state the title of the document {place}",
        f"give each block, theme and source the label of its id {place}",
        f"make links of the runs that have a 'url' {place}",
        f"print them {place}",
    )


def _inspect_docx(
    artifact: Artifact, expected: ExpectedDocument, extracted: ExtractedArtifact, look: Look
) -> Iterator[Diagnostic]:
    variant = expected.variant
    document = _require_blocks(extracted)
    reading_text = _make_reading_text(document)
    may_repeat = partial(_is_printed_elsewhere, variant)
    yield from compare_words(artifact, expected.pieces, reading_text, _REFERENCE_HINTS.words, may_repeat=may_repeat)
    yield from inspect_listed_themes(artifact, variant, look, reading_text)
    with zipfile.ZipFile(artifact.content.open()) as archive:
        yield from find_hiding_styles(artifact, archive)
        properties = archive.read(_PROPERTIES).decode("utf-8", "replace") if _PROPERTIES in archive.namelist() else ""
    matches = (pattern.search(properties) for pattern in (_DOCX_LANGUAGE, _DOCX_TITLE))
    language, title = (unescape(match[1]) if match else "" for match in matches)
    yield from _check_identity(artifact, variant, language, title, _REFERENCE_HINTS)
    yield from _report_broken_links(artifact, document.broken_links, _REFERENCE_HINTS)
    yield from inspect_word_languages(artifact, expected)
    yield from find_wrong_styles(artifact, variant)


def _require_blocks(extracted: ExtractedArtifact) -> BlockDocument:
    if extracted.blocks is None:
        raise ValueError("the artifact was extracted as another format")
    return extracted.blocks


def _make_reading_text(document: BlockDocument) -> ReadingText:
    """Divides the text of a document into its main text, what is outside, and the alternative texts of pictures."""
    main: list[str] = []
    for number, block in enumerate(document.blocks):
        if number == document.main_end:
            main.append(BREAK)
        if block.kind not in _UNPRINTED and block.part in _MAIN_PARTS:
            main.append(block.text)
    outside = (block.text for block in document.blocks if block.part not in _MAIN_PARTS or block.kind == NAVIGATION)
    alternative = (block.text for block in document.blocks if block.kind == ALTERNATIVE)
    return ReadingText("\n".join(main), "\n".join(outside), "\n".join(alternative))


def _check_identity(
    artifact: Artifact, variant: Variant, language: str, title: str, hints: _Hints
) -> Iterator[Diagnostic]:
    """Reports a document that does not state the locale's language, or whose title does not name the brief."""
    location = SourceLocation(artifact.name)
    if not language or _identify(language) != _identify(variant.locale):
        state = f"has the language '{language}'" if language else "has no language"
        yield Diagnostic("document-language", f"{_describe_artifact(artifact)} {state}", location, hints.language)
    named, expected = " ".join(title.split()), " ".join(variant.title.split())
    # A property of Word documents has at most 255 characters.
    is_shortened = named.endswith("…") and len(named) > _SHORTENED_LENGTH and expected.startswith(named[:-1])
    if expected not in named and not is_shortened:
        state = "has no title; it must name" if not title.strip() else f"has the title '{title}', which does not name"
        message = f"{_describe_artifact(artifact)} {state} '{variant.title}'"
        yield Diagnostic("document-title", message, location, hints.title)


def _identify(tag: str) -> tuple[str, str | None]:
    """Returns the language and the script, by which a reading program chooses a voice and a browser a font."""
    return get_primary_language(tag), find_script(tag)


def _report_broken_links(artifact: Artifact, broken: tuple[str, ...], hints: _Hints) -> Iterator[Diagnostic]:
    if broken:
        shown = ", ".join(f"'{name}'" for name in broken[:_MAX_REPORTED]) + (", ..." if broken[_MAX_REPORTED:] else "")
        message = f"{_describe_artifact(artifact)}: links lead to {shown}, which the file does not have"
        yield Diagnostic("broken-link", message, SourceLocation(artifact.name), hints.target)


def _report_lost_addresses(
    artifact: Artifact, expected: ExpectedDocument, addresses: frozenset[str], hints: _Hints
) -> Iterator[Diagnostic]:
    """Reports a file without any of the links in its texts. Some places, such as repeated heads of tables, have none."""
    present = {_normalise(address) for address in addresses}
    if expected.addresses and not any(_normalise(address) in present for address in expected.addresses):
        message = f"{_describe_artifact(artifact)} has no link to '{expected.addresses[0]}', to which its words lead"
        yield Diagnostic("broken-link", message, SourceLocation(artifact.name), hints.link)


def _normalise(address: str) -> str:
    """Returns an address as it is compared: browsers and writers differ in escapes, case and a slash at the end."""
    return unquote(address).rstrip("/").casefold()


def _is_printed_elsewhere(variant: Variant, letters: str) -> bool:
    """Returns whether squeezed letters are those of a chart, a specification, or the words of the interface."""
    charts = (block for section in variant.sections for block in section.blocks if isinstance(block, Chart | Vega))
    interface = (form for forms in variant.catalogue.messages.values() for form in forms)
    return any(letters in squeeze(text) for text in chain(interface, walk_strings(tuple(charts))))


def _describe_artifact(artifact: Artifact) -> str:
    return f"{artifact.format} of '{artifact.audience}' in '{artifact.locale}'"


def _skip(
    _artifact: Artifact, _expected: ExpectedDocument, _extracted: ExtractedArtifact, _look: Look
) -> Iterator[Diagnostic]:
    """Inspects nothing: formats for programs are written from the variant without templates and without layout."""
    yield from ()


# The inspection of each format, and the names of what it inspects in the manifest.
_NONE: tuple[DocumentInspection, tuple[str, ...]] = (_skip, ())
_EVERY_DOCUMENT = ("words", "contents", "language", "title", "links")
INSPECTIONS: Mapping[str, tuple[DocumentInspection, tuple[str, ...]]] = {
    "html": (_inspect_html, (*_EVERY_DOCUMENT, "faces")),
    "pdf": (_inspect_pdf, (*_EVERY_DOCUMENT, "glyphs", "faces", "embedding")),
    "docx": (_inspect_docx, (*_EVERY_DOCUMENT, "faces")),
    "json": _NONE,
    "md": _NONE,
}


def list_inspections(format_name: str) -> tuple[str, ...]:
    """Lists the names of a format's inspections as the manifest has them; "withheld" is in every list."""
    return ("withheld", *INSPECTIONS.get(format_name, _NONE)[1])
