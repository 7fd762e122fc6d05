"""Reports variants of a pack that would be built differently now."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from brief.build.render import fingerprint_variant
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import Ref, SourceLocation
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.engines import PDF_ENGINES


def report_outdated(
    variant: Variant, template_set: TemplateSet, digests: Collection[str], pack: SourceLocation, hint: str
) -> Iterator[Diagnostic]:
    """Yields a warning if an artifact of the variant in the pack was not made from the inputs that it would have now.

    `digests` has the digests of the inputs of these artifacts, from the manifest. `pack` and `hint` are those of the
    warning.
    """
    current = {fingerprint_variant(variant, template_set)}
    if not current.issuperset(digests):
        # The build may have used another PDF engine than the one that the set names.
        current |= {fingerprint_variant(variant, each) for each in _list_with_other_engines(template_set)}
    if not current.issuperset(digests):
        message = (
            f"the pack's '{variant.audience}.{variant.locale}' was made from other content or templates,"
            " or by another version of the program"
        )
        yield Diagnostic("pack-outdated", message, pack, hint, Severity.WARNING)


def _list_with_other_engines(template_set: TemplateSet) -> Iterator[TemplateSet]:
    for name in PDF_ENGINES:
        yield replace(template_set, look=replace(template_set.look, pdf_engine=Ref(name)))
