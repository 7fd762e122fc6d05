"""Lays out a variant with Typst: prepares files, data and fonts, compiles them, and completes the PDF."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.store import spool
from brief.templating.plain import record_to_plain
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.typst import landscape
from brief.writers.pdf.typst.compiler import CompilerError, CompileResult, compile_files, require_typst
from brief.writers.pdf.typst.data import build_data
from brief.writers.pdf.typst.diagnostics import diagnose_failure, diagnose_message, diagnose_missing_character
from brief.writers.pdf.typst.faces import build_faces, find_missing_characters
from brief.writers.pdf.typst.finish import finish_pdf
from brief.writers.pdf.typst.set_files import DATA, MAIN, find_unused_templates, read_set_files
from brief.writers.result import WriterResult

# Part of the warning "layout did not converge within 5 attempts".
_NOT_CONVERGED = "did not converge"


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """The input of a compilation: the files of the set with the data, and the font files, by name."""

    files: Mapping[str, bytes]
    faces: Mapping[str, bytes]
    has_landscape_pages: bool


def prepare(variant: Variant, template_set: TemplateSet) -> PreparedDocument:
    """Reads the set and makes the data.

    Raises:
        ContentError: the set has no look for Typst or uses something forbidden; a chart cannot be drawn; no face has a
            character.
        MachineError: a font is neither bundled nor installed.
    """
    sources = read_set_files(template_set)
    data = build_data(variant, template_set.look)
    templates = "".join(text.decode("utf-8") for name, text in sources.items() if name.endswith(".typ"))
    families = template_set.look.find_faces(variant.locale)
    faces = build_faces(families, variant.locale, data.text + templates)
    if missing := find_missing_characters(families, data.text):
        raise ContentError(_diagnose_missing_characters(missing, variant, template_set))
    has_landscape_pages = data.has_wide_tables and not template_set.look.is_landscape
    return PreparedDocument({**sources, **data.pictures, DATA: data.text.encode("utf-8")}, faces, has_landscape_pages)


def lay_out_pdf(variant: Variant, template_set: TemplateSet) -> WriterResult:
    """Lays out the variant.

    Raises:
        ContentError: as `prepare` does, or the engine failed on the template, or its layout did not converge.
        MachineError: as `prepare` does, or the engine is not installed.
    """
    require_typst()
    prepared = prepare(variant, template_set)
    document = f"{variant.brief} {variant.audience} {variant.locale} {template_set.name}"

    def run(placed: bytes, selector: str = "") -> CompileResult:
        files = {**prepared.files, landscape.FILE: placed}
        midnight = _find_midnight(variant.date)
        try:
            result = compile_files(files, prepared.faces, MAIN, midnight, document=document, selector=selector)
        except CompilerError as problem:
            raise ContentError([diagnose_failure(str(problem), template_set)]) from problem
        if result.error is not None:
            raise ContentError([diagnose_message(result.error, template_set, Severity.ERROR)])
        return result

    placed = landscape.EMPTY
    if prepared.has_landscape_pages:
        placed = landscape.place_around_tables(lambda content: json.loads(run(content, landscape.REPORTS).data))
    result = run(placed)
    # Pages of a layout that did not converge may have wrong numbers and references.
    if not_converged := [warning for warning in result.warnings if _NOT_CONVERGED in warning.message]:
        raise ContentError(diagnose_message(warning, template_set, Severity.ERROR) for warning in not_converged)
    data, pages = finish_pdf(result.data, variant)
    warnings = [diagnose_message(warning, template_set, Severity.WARNING) for warning in result.warnings]
    return WriterResult(spool(data), pages, (*warnings, *find_unused_templates(template_set)))


def _find_midnight(date: str) -> int:
    """Returns the Unix time at which the day of the brief begins, so that the file does not depend on the day of the
    build.
    """
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def _diagnose_missing_characters(
    missing: Iterable[str], variant: Variant, template_set: TemplateSet
) -> Iterator[Diagnostic]:
    """Yields an error for each character that no face has, at the first block that prints it."""
    blocks = [
        (f"block '{block.id}'", json.dumps(record_to_plain(block), ensure_ascii=False))
        for section in variant.sections
        for block in section.blocks
    ]
    for character in missing:
        where = next((name for name, text in blocks if character in text), "the text around the blocks")
        yield diagnose_missing_character(character, where, variant.locale, template_set)
