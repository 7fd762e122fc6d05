"""Writes the letters of a plan: one for each variant and selection of formats, compared with the pack and inspected."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from brief.build.outdated import report_outdated
from brief.inspection.leaks import Inspector
from brief.mail.compose.letter import Letter, compose_letter
from brief.mail.plan.attachments import SelectedFile
from brief.mail.plan.pack_reader import VerifiedPack
from brief.model.artifact import Artifact
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.model.variant import Variant
from brief.project.project import Project


def name_letter(files: Iterable[SelectedFile]) -> str:
    """Returns the name of a letter in a plan: `council.en.html+pdf`."""
    artifacts = [selected.artifact for selected in files]
    return f"{artifacts[0].audience}.{artifacts[0].locale}.{'+'.join(artifact.format for artifact in artifacts)}"


def write_letters(
    selections: Mapping[str, tuple[SelectedFile, ...]],
    project: Project,
    verified: VerifiedPack,
    inspector: Inspector,
    unsubscribe: str | None,
    sink: DiagnosticSink,
) -> dict[str, Letter]:
    """Writes the letters, keyed by name, each listing its attachments; a letter that cannot be written is left out."""
    variants: dict[tuple[str, str], Variant] = {}
    letters: dict[str, Letter] = {}
    for name, files in selections.items():
        artifacts = [selected.artifact for selected in files]
        key = (artifacts[0].audience, artifacts[0].locale)
        if key not in variants:
            variants[key] = project.make_variant(*key)
            _compare(variants[key], artifacts, project, verified, sink)
        try:
            letter = compose_letter(variants[key], project.get_template_set(key[0]), artifacts, unsubscribe=unsubscribe)
        except ContentError as error:
            title = project.brief.settings.title.location
            sink.found += [
                replace(d, location=title) if d.location == UNKNOWN_LOCATION else d for d in error.diagnostics
            ]
            continue
        inspect_letter(letter, inspector, sink)
        letters[name] = letter
    return letters


def _compare(
    variant: Variant, artifacts: Iterable[Artifact], project: Project, verified: VerifiedPack, sink: DiagnosticSink
) -> None:
    """Warns if the pack was made from other content than the mail, which always uses the current content."""
    inputs = {artifact.inputs for artifact in artifacts}
    hint = "build again, unless it was built with --since; the mail may differ from its attachments"
    template_set = project.get_template_set(variant.audience)
    sink.found += report_outdated(variant, template_set, inputs, SourceLocation(verified.display_path), hint)


def inspect_letter(letter: Letter, inspector: Inspector, sink: DiagnosticSink) -> None:
    """Checks that the words and pictures of the letter contain nothing withheld."""
    words = f"{letter.subject}\n{letter.sender_name}\n{letter.title}\n{letter.text}"
    # For pictures, inspect the SVG: words in a PNG cannot be read.
    drawn = {f"mail.{number}.svg": picture.drawn_from for number, picture in enumerate(letter.pictures, 1)}
    for name, content in {"mail.html": letter.html, "mail.txt": words, **drawn}.items():
        sink.found += inspector.inspect_bytes(
            letter.audience, f"{letter.brief}.{letter.variant_name}.{name}", content.encode()
        )
