"""Renders the artifacts of a variant: a pure function of the variant, the template set, the fonts and the engines."""

from dataclasses import field

from brief.build import fingerprint, versions
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.publish.paths import make_safe_stem
from brief.store.spooled_bytes import digest_content
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS


@dataclass(frozen=True, slots=True)
class Rendered:
    """A task's outcome as plain data, which can be sent between processes.

    If the task `failed`, `diagnostics` has the errors, and there are no artifacts. `reused` counts the artifacts that
    an earlier build made.
    """

    artifacts: tuple[Artifact, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = field(default=False)
    reused: int = 0


def render(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Rendered:
    """Renders the variant in each of the formats. At the first one with errors, stops and returns only the diagnostics."""
    origin = fingerprint_variant(variant, template_set)
    artifacts, diagnostics = [], list[Diagnostic]()
    for name in formats:
        output_format = FORMATS[name]
        try:
            result = output_format.write(variant, template_set)
        except ContentError as error:
            return Rendered(diagnostics=(*diagnostics, *error.diagnostics), failed=True)
        diagnostics += result.diagnostics
        artifacts.append(
            Artifact(
                name=make_file_name(variant, output_format.suffix),
                audience=variant.audience,
                locale=variant.locale,
                format=name,
                media_type=output_format.media_type,
                sha256=digest_content(result.content),
                inputs=origin,
                pages=result.pages,
                content=result.content,
            )
        )
    return Rendered(tuple(artifacts), tuple(diagnostics))


def warm_up(variant: Variant, template_set: TemplateSet, format_name: str) -> None:
    """Renders the variant and drops the result, so that this process has compiled its templates, opened its fonts and
    measured its words.
    """
    render(variant, template_set, (format_name,))


def make_file_name(variant: Variant, suffix: str) -> str:
    """Returns the file name of a variant, such as `night-buses.council.en.pdf`; `suffix` has no dot."""
    return f"{make_safe_stem(f'{variant.brief}.{variant.audience}')}.{variant.locale}.{suffix}"


def fingerprint_variant(variant: Variant, template_set: TemplateSet) -> str:
    """Returns the SHA-256 of everything on which a variant's artifacts depend."""
    return fingerprint.fingerprint_inputs(
        variant, template_set, versions.list_font_versions(template_set, variant.locale)
    )
