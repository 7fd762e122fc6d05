"""HTML: one self-contained page, readable at any width, in light and dark, on paper, and without script or network."""

import re
from functools import lru_cache

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.locale import get_primary_language
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.store.spooled_bytes import spool_chunks
from brief.templating.style import format_css_string, format_custom_properties, read_style_rules
from brief.templating.template_set import TemplateSet
from brief.writers.html.document import render_for_preflight, render_markup
from brief.writers.html.embedding import embed_files, embed_pictures
from brief.writers.html.late_pictures import insert_pictures, list_pictures
from brief.writers.html.latin_marks import wrap_latin_marks
from brief.writers.result import WriterResult

_PAGE = "screen.html.j2"
_STYLE = "screen.css"
# What is kept: strings and URLs, which may contain what looks like a comment, and comments that begin with "!", which
# are licences. Then comments on lines of their own, and other comments.
_COMMENT = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)]*\)|/\*!.*?\*/)"""
    r"""|^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n|/\*.*?\*/""",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
    """Writes the variant as one HTML file in UTF-8.

    Raises:
        ContentError: a template or style sheet of the set has errors, or names a file that the set does not have; or a
            chart cannot be drawn.
    """
    stylesheet = build_screen_stylesheet(variant.locale, template_set, _STYLE)
    if variant.marking:
        # Page headers of a printed page cannot take text from the page.
        stylesheet += f":root {{ --marking: {format_css_string(variant.marking)} }}\n"
    page = render_markup(variant, template_set, _PAGE, medium="screen", stylesheet=stylesheet)
    if get_primary_language(variant.locale) == "zh":
        page = wrap_latin_marks(page)
    embedded = embed_pictures(page, template_set, _PAGE)
    return WriterResult(spool_chunks(insert_pictures(embedded, list_pictures(variant))))


def preflight(variant: Variant, template_set: TemplateSet) -> None:
    """Finds what would keep the variant from being written; raises as `write` does."""
    stylesheet = build_screen_stylesheet(variant.locale, template_set, _STYLE)
    page = render_for_preflight(variant, template_set, _PAGE, medium="screen", stylesheet=stylesheet)
    embed_pictures(page, template_set, _PAGE)


def build_screen_stylesheet(locale: str, template_set: TemplateSet, *names: str) -> str:
    """Builds the look's custom properties and the style sheets `names` of the set and its parents, safe inside a style
    element.

    Raises:
        ContentError: a style sheet has errors.
    """
    return format_custom_properties(template_set.look, locale) + "".join(
        _read_rules(template_set, name) for name in names
    )


def _read_rules(template_set: TemplateSet, name: str) -> str:
    rules = embed_files(read_style_rules(template_set, name).text, template_set, name)
    # A style element ends at the first "</style", even within a string or comment (HTML standard, 13.1.2.6).
    if "</" in rules:
        raise ContentError(
            [
                Diagnostic(
                    "template-unsafe", "the style sheet contains '</'", SourceLocation(template_set.display_name(name))
                )
            ]
        )
    return _drop_comments(rules)


@lru_cache(maxsize=16)
def _drop_comments(rules: str) -> str:
    return _COMMENT.sub(_drop_comment, rules)


def _drop_comment(match: re.Match[str]) -> str:
    """Leaves an empty comment where two parts of a rule would otherwise become one word."""
    if match["kept"] is not None:
        return match["kept"]
    around = match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    return (
        ""
        if any(not character or character.isspace() or character in "{};," for character in around)
        or match[0].endswith("\n")
        else "/**/"
    )
