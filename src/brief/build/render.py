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
    """A task's outcome as plain data, which can be sent between processes, diagnostics included.

    `reused` counts the artifacts that an earlier build made.
    """

    artifacts: tuple[Artifact, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: bool = field(default=False)
    reused: int = 0


def render(variant: Variant, template_set: TemplateSet, formats: tuple[str, ...]) -> Rendered:
    """Renders the variant in each of the formats."""
    origin = fingerprint_variant(variant, template_set)
    artifacts, diagnostics = [], list[Diagnostic]()
    for name in formats:
        output_format = FORMATS[name]
        try:
            written = output_format.write(variant, template_set)
        except ContentError as error:
            return Rendered(diagnostics=(*diagnostics, *error.diagnostics), failed=True)
        diagnostics += written.diagnostics
        artifacts.append(
            Artifact(
                name=make_file_name(variant, output_format.suffix),
                audience=variant.audience,
                locale=variant.locale,
                format=name,
                media_type=output_format.media_type,
                sha256=digest_content(written.content),
                inputs=origin,
                pages=written.pages,
                content=written.content,
            )
        )
    return Rendered(tuple(artifacts), tuple(diagnostics))


def make_file_name(variant: Variant, suffix: str) -> str:
    """Returns the name of the file of a variant with this suffix: `night-buses.council.en.pdf`."""
    return f"{make_safe_stem(f'{variant.brief}.{variant.audience}')}.{variant.locale}.{suffix}"


def fingerprint_variant(variant: Variant, template_set: TemplateSet) -> str:
    """Returns the SHA-256 over everything that a variant's artifacts depend on."""
    return fingerprint.fingerprint_inputs(
        variant, template_set, versions.list_font_versions(template_set, variant.locale)
    )
