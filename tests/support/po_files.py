"""Fills in PO files as a translator's program does."""

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from projects import ProjectCopy

PO = "hans.po"


def export_catalogue(project: ProjectCopy, locale: str = "zh-Hans", *options: str) -> Catalog:
    """Returns what `brief translate export` writes to `PO`, as gettext reads it."""
    ran = project.run("translate", "export", "-l", locale, "-o", str(project.root / PO), *options)
    assert ran.status == 0, ran.stderr
    return read_po(io.BytesIO((project.root / PO).read_bytes()))


def messages(catalog: Catalog) -> dict[str, Message]:
    return {message.context: message for message in catalog if message.id and message.context}


def fill(project: ProjectCopy, catalog: Catalog, words: Mapping[str, str], width: int = 76) -> Path:
    """Writes the catalogue back to `PO` with these words by identity, wrapped as translators' programs wrap it."""
    for name, message in messages(catalog).items():
        if name in words:
            message.string = words[name]
            message.flags.discard("fuzzy")
    path = project.root / PO
    with path.open("wb") as written:
        write_po(written, catalog, width=width)
    return path


def bring_back(project: ProjectCopy) -> tuple[int, str, str]:
    ran = project.run("translate", "import", str(project.root / PO))
    return ran.status, ran.stdout, ran.stderr
