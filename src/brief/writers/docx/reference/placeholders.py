"""Fills in the fields that a designer puts into the reference document: `{{ title }}` on the cover, in the header, in
the footer.

Word splits a field over several runs if its spelling or formatting changes, so fields are searched in the text of the
whole paragraph; the value has the formatting of the field's first character.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.templating.limits import limit_render
from brief.templating.output_guards import require_printable
from brief.templating.sandbox import Sandbox
from brief.templating.template_errors import diagnose_template_error
from brief.templating.template_set import TemplateSet
from brief.writers.docx.body.character_styles import THEME_NAME
from brief.writers.docx.reference.languages import Language
from brief.writers.ooxml.elements import (
    Element,
    build_complex_field,
    make_text_element,
    parse_part,
    qualify_name,
    require_run_properties,
    serialise_part,
    word,
)
from brief.writers.ooxml.package import ContentTypes

DOCUMENT = "word/document.xml"
# Kinds of parts that contain text.
FILLED = ("main", "header", "footer", "footnotes", "endnotes")
# Fields that the writer later replaces with whole paragraphs.
BLOCK_FIELDS = ("introduction", "contents", "body")
# Replaced with the logo of the set or, if it has none, with the publisher's name.
LOGO_FIELD = "logo"
# Private-use characters for values that only word processors compute; the code of the field for each, and the text that
# other programs show. For the theme, that is empty, because all pages have the same header.
_PAGE_FIELDS = {"\ue0f2": ("PAGE", "1"), "\ue0f3": ("NUMPAGES", "1"), "\ue0f4": (f'STYLEREF "{THEME_NAME}"', "")}
_FOLIO, _THEME = ("\ue0f2", "\ue0f3"), "\ue0f4"
# Beside a longer title, the page header has no space for a theme.
_LONG_TITLE = 60
_FIELD = re.compile(r"\{\{(.*?)\}\}")
_MARKUP = re.compile(r"\{\{|\{%|\{#|#\}|%\}|\}\}")
_PARAGRAPH = qualify_name("w:p")
_TEXT = qualify_name("w:t")
_QUOTED_LENGTH = 60
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NEEDS_PARAGRAPH = frozenset(
    qualify_name(f"w:{tag}") for tag in ("tc", "hdr", "ftr", "txbxContent", "footnote", "endnote")
)


def list_field_values(variant: Variant) -> dict[str, str]:
    """Maps each field to its value as plain text; "" if the variant has no such value."""
    return {
        "title": variant.title,
        "subtitle": variant.subtitle or "",
        "audience": variant.audience_title,
        "publisher": variant.publisher,
        "date": variant.date_text,
        "cut_off": variant.cut_off_text or "",
        "marking": variant.marking or "",
        "logo": variant.publisher,
        "theme": f"\u2003{_THEME}" if len(variant.title) <= _LONG_TITLE else "",
        "folio": variant.catalogue.get("Page %(page)s of %(pages)s")
        % dict(zip(("page", "pages"), _FOLIO, strict=True)),
    }


def fill_placeholders(
    members: Mapping[str, bytes], variant: Variant, template_set: TemplateSet, location: SourceLocation
) -> dict[str, bytes]:
    """Returns the members of the package with every field filled in, except `BLOCK_FIELDS` and, if the set has a logo,
    `LOGO_FIELD` in the document. A paragraph whose fields leave it without text is dropped.

    Raises:
        ContentError: with a diagnostic for each field that cannot be filled in, which names the part and the paragraph.
    """
    filler = _PlaceholderFiller(
        template_set, list_field_values(variant), Language.from_locale(variant.locale), location
    )
    has_logo = template_set.look.logo is not None
    filled, types = dict(members), ContentTypes(members)
    for name, data in members.items():
        if b"{" in data and types.get_kind(name) in FILLED:
            root = parse_part(data)
            for paragraph in list(root.iter(_PARAGRAPH)):
                if not (has_logo and name == DOCUMENT and find_block_field(paragraph) == LOGO_FIELD):
                    filler.fill(paragraph, name)
            filled[name] = serialise_part(root)
    if filler.problems:
        raise ContentError(filler.problems)
    return filled


def find_block_field(paragraph: Element) -> str | None:
    """Returns the field that the paragraph consists of, if that is the logo's field or one of `BLOCK_FIELDS`; otherwise
    None.
    """
    match = _FIELD.fullmatch(_read_text(paragraph).strip())
    name = match[1].strip() if match else None
    return name if name in (*BLOCK_FIELDS, LOGO_FIELD) else None


class _PlaceholderFiller:
    def __init__(
        self, template_set: TemplateSet, known: Mapping[str, str], language: Language, location: SourceLocation
    ) -> None:
        self.sandbox = _make_sandbox(template_set)
        self.known = known
        self.language = language
        self.location = location
        self.problems: list[Diagnostic] = []

    def fill(self, paragraph: Element, part: str) -> None:
        text = _read_text(paragraph)
        if not _MARKUP.search(text) or find_block_field(paragraph) in BLOCK_FIELDS:
            return
        if _MARKUP.search(_FIELD.sub("", text)):
            message = "only complete fields like {{ title }} can be filled in"
            self.problems.append(self._locate(Diagnostic("template-syntax", message, self.location), part, text))
            return
        replacements = [(match.span(), self._find_value(match[1], part, text)) for match in _FIELD.finditer(text)]
        texts = list(_list_texts(paragraph))
        _replace(texts, replacements)
        for element in texts:
            run = element.getparent()
            if run is not None and any(hinted for _, hinted in self.language.split_runs(element.text or "")):
                _add_font_hint(run)
            if run is not None and any(character in (element.text or "") for character in _PAGE_FIELDS):
                _insert_page_fields(run, element.text or "")
        if not _read_text(paragraph).strip():
            _drop_paragraph(paragraph)

    def _find_value(self, expression: str, part: str, text: str) -> str:
        try:
            with limit_render(self.sandbox.set_loader.template_set.look.limits):
                value = self.sandbox.compile_expression(expression, undefined_to_none=False)(**self.known)
            return str(require_printable(value, f"{{{{{expression}}}}}"))
        except Exception as error:
            problem = diagnose_template_error(error, "reference.docx", self.sandbox.set_loader)
            self.problems.append(self._locate(problem, part, text))
            return ""

    def _locate(self, problem: Diagnostic, part: str, text: str) -> Diagnostic:
        shown = text if len(text) <= _QUOTED_LENGTH else f"{text[:_QUOTED_LENGTH]}…"
        message = f"{problem.message} (in {part}, paragraph {shown!r})"
        return Diagnostic(
            problem.code, message, self.location, hint=f"known fields: {', '.join((*self.known, *BLOCK_FIELDS))}"
        )


@lru_cache(maxsize=16)
def _make_sandbox(template_set: TemplateSet) -> Sandbox:
    return Sandbox(template_set)


def _list_texts(paragraph: Element) -> Iterator[Element]:
    """Yields the `w:t` elements of the paragraph, without those of paragraphs in text boxes that are anchored in it."""
    return (text for text in paragraph.iter(_TEXT) if next(text.iterancestors(_PARAGRAPH)) is paragraph)


def _read_text(paragraph: Element) -> str:
    return "".join(text.text or "" for text in _list_texts(paragraph))


def _replace(texts: list[Element], replacements: list[tuple[tuple[int, int], str]]) -> None:
    """Inserts each value where its field begins, and removes the field's characters from all texts. The ranges of
    fields count the characters of all texts together.
    """
    offset = 0
    for element in texts:
        old = element.text or ""
        new, end_of_last = [], 0
        for (start, end), value in replacements:
            first, last = max(start - offset, 0), min(end - offset, len(old))
            if first >= last:
                continue
            new.append(old[end_of_last:first])
            if start >= offset:
                new.append(value)
            end_of_last = last
        element.text = "".join([*new, old[end_of_last:]])
        element.set(_SPACE, "preserve")
        offset += len(old)


def _insert_page_fields(run: Element, text: str) -> None:
    """Replaces a run with runs for its text and with fields for what depends on the page."""
    for piece in re.split(f"([{''.join(_PAGE_FIELDS)}])", text):
        code, shown = _PAGE_FIELDS.get(piece, ("", piece))
        piece_run = word("r", deepcopy(run.find(qualify_name("w:rPr"))), make_text_element(shown))
        for part in build_complex_field(code, [piece_run]) if code else [piece_run] if piece else []:
            run.addprevious(part)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)


def _add_font_hint(run: Element) -> None:
    """Makes Word draw the quotes and dashes of the run in its East Asian font."""
    properties = require_run_properties(run)
    fonts = properties.find(qualify_name("w:rFonts"))
    if fonts is None:
        fonts = word("rFonts")
        properties.insert(1 if properties.find(qualify_name("w:rStyle")) is not None else 0, fonts)
    fonts.set(qualify_name("w:hint"), "eastAsia")


def _drop_paragraph(paragraph: Element) -> None:
    """Removes the paragraph, unless it ends a section or its container must have one."""
    parent = paragraph.getparent()
    if parent is None or paragraph.find(f"{qualify_name('w:pPr')}/{qualify_name('w:sectPr')}") is not None:
        return
    if parent.tag in _NEEDS_PARAGRAPH and len(parent.findall(_PARAGRAPH)) == 1:
        return
    parent.remove(paragraph)
