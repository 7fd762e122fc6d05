"""The reference document of a template set: opened, checked, dressed and filled in."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import Place
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet, display
from brief.writers.docx.body.columns import column_count
from brief.writers.docx.body.footnotes import Footnotes
from brief.writers.docx.body.numbering import instances
from brief.writers.docx.reference.placeholders import BLOCK_FIELDS, LOGO_FIELD, block_field, filled
from brief.writers.docx.reference.scrub import scrubbed
from brief.writers.docx.reference.styles import StyleIds
from brief.writers.docx.reference.theme import dressed
from brief.writers.ooxml.elements import Element, qualified
from brief.writers.ooxml.package import pack, unpack

REFERENCE = "reference.docx"
_LARGEST = 64 << 20  # bytes, unpacked


@dataclass(frozen=True, slots=True)
class Reference:
    """The open document, its styles and notes, the paragraphs that introduction, contents and body replace, and those
    of logos."""

    document: Document
    styles: StyleIds
    footnotes: Footnotes
    fields: Mapping[str, Element]
    logos: tuple[Element, ...]


def opened(variant: Variant, look_set: TemplateSet) -> Reference:
    """The set's reference document in the set's colours and the variant's language, its fields filled in.

    Raises:
        ContentError: there is no such document, it is damaged, it lacks a style, or a field cannot be filled in.
    """
    place, data = _read(look_set)
    try:
        compact = variant.is_compact and look_set.look.has_compact
        members = dressed(_members(data), look_set.look, variant.locale, compact=compact)
        members = filled(members, variant, look_set, place)
        document = docx.Document(io.BytesIO(pack(members, zipfile.ZIP_STORED)))
        footnotes = Footnotes(document.part)
        # What is counted on later is looked at here, where it can be said of which file it is.
        column_count(document)
        instances(document.part)
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        message = f"the reference document cannot be used: {error}"
        raise ContentError(
            [Diagnostic("template-damaged", message, place, hint="mend it in Word and save again")]
        ) from None
    styles = StyleIds.of(document)
    fields: dict[str, Element] = {}
    for paragraph in document.paragraphs:
        name = block_field(paragraph._p)
        if name in BLOCK_FIELDS:
            fields[name] = paragraph._p
    faults = [
        Diagnostic("template-style", f"the reference document lacks the style {style.value!r}", place)
        for style in styles.missing
    ]
    if "body" not in fields:
        message = "the reference document has no paragraph {{ body }}"
        hint = "a paragraph of its own says where the briefing's text goes"
        faults.append(Diagnostic("template-field", message, place, hint=hint))
    if faults:
        raise ContentError(faults)
    everywhere: Element = document.element.body
    logos = tuple(found for found in everywhere.iter(qualified("w:p")) if block_field(found) == LOGO_FIELD)
    return Reference(document, styles, footnotes, fields, logos)


@lru_cache(maxsize=8)
def _members(data: bytes) -> Mapping[str, bytes]:
    """Looked through once for all editions."""
    return MappingProxyType(scrubbed(unpack(data, _LARGEST)))


def _read(look_set: TemplateSet) -> tuple[Place, bytes]:
    try:
        path = look_set.path(REFERENCE)
        folder = next(folder for folder in look_set.folders if path.is_relative_to(folder))
        return Place(display(path, folder)), look_set.read(REFERENCE)
    except (FileNotFoundError, PermissionError) as error:
        place = Place(f"templates/{look_set.name}/{REFERENCE}")
        raise ContentError([Diagnostic("template-not-found", str(error), place)]) from None
