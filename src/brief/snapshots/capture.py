"""Makes the files of a snapshot from an artifact, and parses them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import PurePosixPath

from brief.inspection.extract.blocks import TextBlock, read_docx, read_html
from brief.inspection.extract.pdf_facts import PdfFacts, read_pdf_facts
from brief.model.artifact import Artifact
from brief.publish.paths import make_safe_stem
from brief.snapshots.pdf_pages import DrawnPage, read_pages
from brief.snapshots.settings import FOLDER, SnapshotSettings

PAGE_COUNT, FONTS, OUTLINE = "pages", "fonts", "outline"
_HEADER = re.compile(r"=== (.+) ===")
_BLOCK_READERS = {"html": read_html, "docx": read_docx}


def find_snapshot_folder(audience: str, locale: str) -> str:
    """Returns the folder of a variant's snapshots, relative to the project's root."""
    return f"{FOLDER}/{make_safe_stem(audience)}/{locale}"


def find_format_paths(audience: str, locale: str, format_name: str) -> tuple[str, str]:
    """Returns the file of the text of a format, and the folder of its pictures, relative to the project's root."""
    folder = find_snapshot_folder(audience, locale)
    return f"{folder}/{format_name}.txt", f"{folder}/{format_name}"


def capture(artifact: Artifact, settings: SnapshotSettings) -> Mapping[str, bytes]:
    """Makes the files of an artifact's snapshot, keyed by their path relative to the project's root."""
    text, pictures = find_format_paths(artifact.audience, artifact.locale, artifact.format)
    if artifact.format != "pdf":
        return {text: _encode(_read_text(artifact))}
    pages = read_pages(artifact.data, settings.resolution if settings.images else None)
    files = {text: _encode(_describe_pdf(read_pdf_facts(artifact.data), pages))}
    for number, page in enumerate(pages, 1):
        if page.picture is not None:
            files[f"{pictures}/page-{number:03}.png"] = page.picture
    return files


def parse_page_number(path: str) -> int | None:
    """Returns the number of the page whose picture is in a file of a snapshot; None if the file is a text."""
    match = re.fullmatch(r"page-([0-9]+)\.png", PurePosixPath(path).name)
    return int(match[1]) if match else None


def read_sections(text: str) -> dict[str, tuple[int, list[str]]]:
    """Splits the text of a snapshot at its headers. Returns the number of the first line, from 1, and the lines of each
    section, keyed by its name; the section before the first header has the name "".
    """
    sections: dict[str, tuple[int, list[str]]] = {"": (1, [])}
    name = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        match = _HEADER.fullmatch(line)
        if match:
            name = match[1]
            sections[name] = (number + 1, [])
        else:
            sections[name][1].append(line)
    return sections


def _encode(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _read_text(artifact: Artifact) -> Iterator[str]:
    """Yields the lines for an artifact: its blocks, or else its text; if it is not UTF-8 text, its digest."""
    if read_blocks := _BLOCK_READERS.get(artifact.format):
        for part, blocks in groupby(read_blocks(artifact.data).blocks, key=lambda block: block.part):
            if part:
                yield f"=== {part} ==="
            yield from map(_write_block, blocks)
        return
    try:
        lines = artifact.data.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        yield f"sha256 {artifact.sha256}"
    else:
        yield from map(_escape, lines)


def _write_block(block: TextBlock) -> str:
    return f"{block.kind} | {' '.join(block.text.split())}"


def _describe_pdf(facts: PdfFacts, pages: Iterable[DrawnPage]) -> Iterator[str]:
    """Yields the lines for a PDF: title and language, the number of pages, fonts, bookmarks, and the text by page."""
    yield f"title | {facts.title}"
    yield f"lang | {facts.language}"
    yield f"=== {PAGE_COUNT} ==="
    yield str(facts.pages)
    yield f"=== {FONTS} ==="
    yield from (font.name if font.is_embedded else f"{font.name} (not embedded)" for font in facts.fonts)
    yield f"=== {OUTLINE} ==="
    yield from map(_escape, facts.outline)
    for number, page in enumerate(pages, 1):
        yield f"=== page {number} ==="
        yield from map(_escape, page.lines)


def _escape(line: str) -> str:
    """Escapes a line that `read_sections` would take for a header."""
    return f" {line}" if _HEADER.fullmatch(line) else line
