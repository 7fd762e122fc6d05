"""Reports variants of a pack that would be built differently now."""

from collections.abc import Collection, Iterator

from brief.build.render import fingerprint_variant
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet


def report_outdated(
    variant: Variant, template_set: TemplateSet, digests: Collection[str], pack: SourceLocation, hint: str
) -> Iterator[Diagnostic]:
    """Yields a warning if an artifact of the variant in the pack was made from other inputs than it would be now.

    `digests` has the digests of these artifacts' inputs, from the manifest.
    """
    current = fingerprint_variant(variant, template_set)
    if any(digest != current for digest in digests):
        message = (
            f"the pack's '{variant.audience}.{variant.locale}' was made from other content or templates,"
            " or by another version of the program"
        )
        yield Diagnostic("pack-outdated", message, pack, hint, Severity.WARNING)
