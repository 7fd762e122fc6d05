"""Writes and inspects the letters of a plan: one for each variant and selection of formats."""

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
    """Returns the name of the letter with these attachments in a plan, such as `council.en.html+pdf`."""
    artifacts = [file.artifact for file in files]
    return f"{artifacts[0].audience}.{artifacts[0].locale}.{'+'.join(artifact.format for artifact in artifacts)}"


def write_letters(
    selections: Mapping[str, tuple[SelectedFile, ...]],
    project: Project,
    verified: VerifiedPack,
    inspector: Inspector,
    unsubscribe: str | None,
    sink: DiagnosticSink,
) -> dict[str, Letter]:
    """Writes a letter for each of the `selections`, which have the same keys as the result.

    A letter that cannot be written is reported and left out. Warns of a variant that has changed since the pack was
    built. `unsubscribe` is the address in letters (`Unsubscribe.letter_uri`).
    """
    variants: dict[tuple[str, str], Variant] = {}
    letters: dict[str, Letter] = {}
    for name, files in selections.items():
        artifacts = [file.artifact for file in files]
        key = (artifacts[0].audience, artifacts[0].locale)
        if key not in variants:
            variants[key] = project.make_variant(*key)
            _warn_if_outdated(variants[key], artifacts, project, verified, sink)
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


def _warn_if_outdated(
    variant: Variant, artifacts: Iterable[Artifact], project: Project, verified: VerifiedPack, sink: DiagnosticSink
) -> None:
    """Warns if the variant has changed since the pack was built: the letter always has the current content."""
    inputs = {artifact.inputs for artifact in artifacts}
    hint = "build again, unless it was built with --since; the mail may differ from its attachments"
    template_set = project.get_template_set(variant.audience)
    sink.found += report_outdated(variant, template_set, inputs, SourceLocation(verified.display_path), hint)


def inspect_letter(letter: Letter, inspector: Inspector, sink: DiagnosticSink) -> None:
    """Reports content in the texts and pictures of the letter that is withheld from its audience."""
    texts = f"{letter.subject}\n{letter.sender_name}\n{letter.title}\n{letter.text}"
    # Of a picture, the SVG is inspected, because text in a PNG cannot be read.
    svgs = {f"mail.{number}.svg": picture.svg for number, picture in enumerate(letter.pictures, 1)}
    for name, content in {"mail.html": letter.html, "mail.txt": texts, **svgs}.items():
        sink.found += inspector.inspect_bytes(
            letter.audience, f"{letter.brief}.{letter.variant_name}.{name}", content.encode()
        )
