"""Opens the reference document of a template set, checks it, applies the theme and fills in its fields."""

import io
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import XmlPart
from docx.oxml.exceptions import InvalidXmlError

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.reading.text_file import DAMAGED_ARCHIVE
from brief.templating.template_set import TemplateSet, format_path
from brief.writers.docx.body.columns import count_columns
from brief.writers.docx.body.footnotes import Footnotes
from brief.writers.docx.body.numbering import list_numbering_instances
from brief.writers.docx.reference.compact_cover import compact_cover
from brief.writers.docx.reference.long_title import fit_cover
from brief.writers.docx.reference.placeholders import BLOCK_FIELDS, LOGO_FIELD, fill_placeholders, find_block_field
from brief.writers.docx.reference.scrub import scrub_members
from brief.writers.docx.reference.styles import WordStyleIds
from brief.writers.docx.reference.theme import apply_theme
from brief.writers.ooxml.elements import Element, qualify_name
from brief.writers.ooxml.package import pack, unpack

REFERENCE = "reference.docx"
_MAX_BYTES = 64 << 20  # unpacked
# XML parts that python-docx reads. It would read one with another content type as bytes.
_READ_PARTS = frozenset(
    getattr(RELATIONSHIP_TYPE, name) for name in ("STYLES", "NUMBERING", "SETTINGS", "HEADER", "FOOTER")
)


@dataclass(frozen=True, slots=True)
class ReferenceDocument:
    """The open document, its styles and notes. `fields` maps the names of fields in `BLOCK_FIELDS` to their paragraphs,
    which the introduction, the contents and the body replace; `logos` are the paragraphs for logos.
    """

    document: Document
    styles: WordStyleIds
    footnotes: Footnotes
    fields: Mapping[str, Element]
    logos: tuple[Element, ...]


def open_reference(variant: Variant, template_set: TemplateSet) -> ReferenceDocument:
    """Returns the set's reference document in the set's colours and the variant's language, its fields filled in.

    Raises:
        ContentError: there is no such document, it is damaged, it lacks a style or the field `body`, or a field cannot
            be filled in.
    """
    location, data = _read_reference(template_set)
    try:
        compact = variant.is_compact and template_set.look.has_compact
        members = apply_theme(_unpack_reference(data), template_set.look, variant.locale, compact=compact)
        members = fill_placeholders(members, variant, template_set, location)
        document = docx.Document(io.BytesIO(pack(members, compress=False).read()))
        _require_content_types(document)
        if compact:
            compact_cover(document, template_set.look.colours["brand"])
        else:
            fit_cover(document)
        footnotes = Footnotes(document.part)
        # What is needed later is checked here, where errors can name the file.
        count_columns(document)
        list_numbering_instances(document.part)
        _require_text_area(document)
        styles = WordStyleIds.from_document(document)
    except (*DAMAGED_ARCHIVE, PackageNotFoundError, InvalidXmlError, KeyError, SyntaxError) as error:
        message = f"the reference document cannot be used: {_describe(error)}"
        raise ContentError(
            [Diagnostic("template-damaged", message, location, hint="repair it in Word and save it again")]
        ) from None
    fields: dict[str, Element] = {}
    for paragraph in document.paragraphs:
        name = find_block_field(paragraph._p)
        if name in BLOCK_FIELDS:
            fields[name] = paragraph._p
    _require_styles_and_body(styles, fields, location)
    body: Element = document.element.body
    logos = tuple(
        paragraph for paragraph in body.iter(qualify_name("w:p")) if find_block_field(paragraph) == LOGO_FIELD
    )
    return ReferenceDocument(document, styles, footnotes, fields, logos)


def _describe(error: Exception) -> str:
    """Describes why a document cannot be read. For a missing part, libraries raise a KeyError with only its name."""
    missing = str(error.args[0]) if isinstance(error, KeyError) and error.args else ""
    return f"it has no part '{missing}'" if missing and " " not in missing else missing or str(error)


def _require_styles_and_body(styles: WordStyleIds, fields: Mapping[str, Element], location: SourceLocation) -> None:
    problems = [
        Diagnostic("template-style", f"the reference document lacks the style {style.value!r}", location)
        for style in styles.missing
    ]
    if "body" not in fields:
        message = "the reference document has no paragraph {{ body }}"
        hint = "add a paragraph with only {{ body }} where the text of the briefing belongs"
        problems.append(Diagnostic("template-field", message, location, hint=hint))
    if problems:
        raise ContentError(problems)


def _require_text_area(document: Document) -> None:
    page = document.sections[-1]
    horizontal = page.page_width, page.left_margin, page.right_margin
    vertical = page.page_height, page.top_margin, page.bottom_margin
    for length, before, after in (horizontal, vertical):
        if length is None or length - (before or 0) - (after or 0) <= 0:
            raise ValueError("its last section leaves no room for text between the margins")


def _require_content_types(document: Document) -> None:
    for relation in document.part.rels.values():
        if relation.is_external or relation.reltype not in _READ_PARTS:
            continue
        part = relation.target_part
        if not isinstance(part, XmlPart):
            kind = relation.reltype.rpartition("/")[2]
            raise SyntaxError(f"{part.partname} is used as {kind} and has the content type '{part.content_type}'")


@lru_cache(maxsize=8)
def _unpack_reference(data: bytes) -> Mapping[str, bytes]:
    """Unpacks and scrubs a reference document, once for all variants."""
    return MappingProxyType(scrub_members(unpack(data, _MAX_BYTES)))


def _read_reference(template_set: TemplateSet) -> tuple[SourceLocation, bytes]:
    try:
        path = template_set.find_path(REFERENCE)
        folder = next(folder for folder in template_set.folders if path.is_relative_to(folder))
        return SourceLocation(format_path(path, folder)), template_set.read(REFERENCE)
    except (FileNotFoundError, PermissionError) as error:
        location = SourceLocation(f"templates/{template_set.name}/{REFERENCE}")
        raise ContentError([Diagnostic("template-not-found", str(error), location)]) from None
