"""Runs WeasyPrint and turns its log and failures into diagnostics."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from brief.fonts import han
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.han import WORD_JOINER
from brief.model.locale import get_primary_language
from brief.model.variant import Variant
from brief.store.temporary_folder import make_temporary_folder
from brief.templating import style
from brief.templating.own_files import BASE
from brief.templating.template_set import TemplateSet
from brief.writers.html.late_pictures import list_pictures
from brief.writers.html.latin_marks import RULE, wrap_latin_marks
from brief.writers.pdf.weasyprint.diagnostics import STYLE, PrintStyleSheet, collect_engine_problems
from brief.writers.pdf.weasyprint.failing_rule import describe_failure, find_failing_rule
from brief.writers.pdf.weasyprint.fetcher import LockedFetcher, separate_pictures
from brief.writers.pdf.weasyprint.metadata import PdfOutput, complete_metadata
from brief.writers.pdf.weasyprint.page_limits import PageLimitError, locate_limit
from brief.writers.pdf.weasyprint.stylesheet import build_font_faces, build_list_numbers, build_print_stylesheet
from brief.writers.pdf.weasyprint.unreadable import leave_out_unreadable
from brief.writers.result import WriterResult

# With what `conformance` and `metadata` add to it, also PDF/UA-1: one file for readers and for archives.
_PROFILE = "pdf/a-2a"
# Image interpolation, the engine's default, is forbidden in PDF/A (ISO 19005-2, 6.2.8.3).
_UNSMOOTHED = "* { image-rendering: pixelated !important }\n"


def lay_out_pdf(markup: str, variant: Variant, template_set: TemplateSet, *, justifies_chinese: bool) -> WriterResult:
    """Lays out a document that was made from `variant` with the set's print style sheet.

    Raises:
        ContentError: the engine failed on the markup or the style sheet, was refused a file, or exceeded a limit of pages.
    """
    with _pause_collector():
        return _lay_out_pdf(markup, variant, template_set, justifies_chinese)


def _lay_out_pdf(markup: str, variant: Variant, template_set: TemplateSet, justifies_chinese: bool) -> WriterResult:
    rules = style.read_style_rules(template_set, STYLE)
    justified = get_primary_language(variant.locale) == "zh" and justifies_chinese
    styles = build_print_stylesheet(
        template_set.look, variant.locale, variant.catalogue, rules.text, justified=justified
    )
    if get_primary_language(variant.locale) == "zh":
        markup, styles = wrap_latin_marks(markup), RULE + styles
    markup, pictures = separate_pictures(markup, list_pictures(variant))
    subsets = han.subset_faces(
        template_set.look.find_faces(variant.locale), markup + styles, has_code="<code" in markup
    )
    faces = build_font_faces(
        template_set.look, variant.locale, subsets, markup, has_latin_marks='<span class="latin-mark">' in markup
    )
    faces += _UNSMOOTHED + build_list_numbers(markup)
    fetcher = LockedFetcher(template_set, subsets, pictures)
    sheet = PrintStyleSheet(template_set, rules, styles.count("\n") - rules.text.count("\n"))
    sheet.require_possible_lengths()
    with make_temporary_folder() as folder, collect_engine_problems(sheet, fetcher.refused) as handler:
        fonts = FontConfiguration()
        # A folder of the engine's own would remain if the process is killed.
        fonts._folder = folder
        faces_sheet = weasyprint.CSS(string=faces, base_url=BASE, url_fetcher=fetcher, font_config=fonts)
        source = weasyprint.HTML(string=markup, base_url=BASE, url_fetcher=fetcher)

        def render(sheet: weasyprint.CSS) -> weasyprint.Document:
            try:
                return source.render(stylesheets=[faces_sheet, sheet], font_config=fonts, pdf_variant=_PROFILE)
            except PageLimitError as error:
                raise locate_limit(error, rules) from None

        def parse(styles: str) -> weasyprint.CSS:
            return weasyprint.CSS(string=styles, base_url=BASE, url_fetcher=fetcher, font_config=fonts)

        def fails(other_rules: str) -> bool:
            try:
                render(parse(styles.replace(rules.text, other_rules)))
            except Exception:
                return True
            return False

        if template_set.has_own(STYLE):
            parsed = parse(styles)
            try:
                document = render(parsed)
            except (ContentError, RecursionError):
                raise
            except Exception as error:
                location = find_failing_rule(rules, fails) if sheet.find_huge_number() is None else None
                if location is None:
                    raise
                raise describe_failure(error, location) from None
        else:
            document = render(_parse_packaged(styles))
        if template_set.has_own(STYLE):
            # The packaged sets hide nothing.
            leave_out_unreadable(document)
        complete_metadata(document.metadata, variant.marking, variant.locale)
        for page in document.pages:
            page.bookmarks = [(level, label.replace(WORD_JOINER, ""), *rest) for level, label, *rest in page.bookmarks]
        output = PdfOutput()
        document.write_pdf(
            output, finisher=output.prepare, pdf_variant=_PROFILE, pdf_identifier=False, custom_metadata=True
        )
    return WriterResult(output.finish(), len(document.pages), handler.list_warnings())


@lru_cache(maxsize=8)
def _parse_packaged(styles: str) -> weasyprint.CSS:
    """Parses a print style sheet that loads nothing and has nothing that the engine ignores, once for many documents.

    Parsing takes a quarter of the time of a short document.
    """
    return weasyprint.CSS(string=styles, base_url=BASE, url_fetcher=URLFetcher(allowed_protocols=()))


def find_unsupported_css(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """Returns warnings for what the engine does not support in the set's print style sheet, found by parsing it
    (`style-ignored`).

    What depends on a page, such as the value of a variable, is not found.

    Raises:
        ContentError: the style sheet has errors.
    """
    rules = style.read_style_rules(template_set, STYLE)
    fetcher = LockedFetcher(template_set)
    with collect_engine_problems(PrintStyleSheet(template_set, rules, 0), fetcher.refused) as handler:
        weasyprint.CSS(string=rules.text, base_url=BASE, url_fetcher=fetcher)
    return handler.list_warnings()


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Pauses the cyclic garbage collector, which would repeatedly traverse a million live boxes. This saves a fifth of
    the time.

    The collection afterwards examines only the youngest generation. Workers pause the collector themselves, and collect
    after they have answered.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.collect(0)
            gc.enable()
