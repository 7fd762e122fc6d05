"""The letters of a plan: one for each variant and choice of formats, compared with its pack and inspected."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from brief.build.render import fingerprint_variant
from brief.inspection.leaks import Inspector
from brief.mail.compose.letter import Letter, write_letter
from brief.mail.plan.attachments import SelectedFile
from brief.mail.plan.pack_reader import VerifiedPack
from brief.model.artifact import Artifact
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.model.variant import Variant
from brief.project.project import Project


def letter_name(enclosed: Iterable[SelectedFile]) -> str:
    """What a letter is called by in a plan: `council.en.html+pdf`."""
    artifacts = [enclosure.artifact for enclosure in enclosed]
    return f"{artifacts[0].audience}.{artifacts[0].locale}.{'+'.join(artifact.format for artifact in artifacts)}"


def write_letters(
    editions: Mapping[str, tuple[SelectedFile, ...]],
    project: Project,
    packed: VerifiedPack,
    prover: Inspector,
    unsubscribe: str | None,
    sink: DiagnosticSink,
) -> dict[str, Letter]:
    """The letters by name, each of which says what comes with it; one that cannot be written is left out."""
    variants: dict[tuple[str, str], Variant] = {}
    letters: dict[str, Letter] = {}
    for name, enclosed in editions.items():
        artifacts = [enclosure.artifact for enclosure in enclosed]
        key = (artifacts[0].audience, artifacts[0].locale)
        if key not in variants:
            variants[key] = project.variant(*key)
            _compare(variants[key], artifacts, project, packed, sink)
        try:
            letter = write_letter(variants[key], project.template_set_for(key[0]), artifacts, unsubscribe=unsubscribe)
        except ContentError as error:
            title = project.brief.settings.title.location
            sink.found += [
                replace(d, location=title) if d.location == UNKNOWN_LOCATION else d for d in error.diagnostics
            ]
            continue
        inspect_letter(letter, prover, sink)
        letters[name] = letter
    return letters


def _compare(
    variant: Variant, artifacts: Iterable[Artifact], project: Project, packed: VerifiedPack, sink: DiagnosticSink
) -> None:
    """The words of a mail are today's; those of the pack may be yesterday's."""
    today = fingerprint_variant(variant, project.template_set_for(variant.audience))
    if any(artifact.inputs != today for artifact in artifacts):
        shown = f"{variant.audience}.{variant.locale}"
        message = f"the pack's {shown} was not made from the content, templates and program as they stand now"
        hint = "the mail's words may differ from what is attached: build again, unless it was built with --since"
        sink.warning("pack-outdated", SourceLocation(packed.shown), message, hint)


def inspect_letter(letter: Letter, prover: Inspector, sink: DiagnosticSink) -> None:
    """That nothing withheld stands in what the letter says and shows."""
    words = f"{letter.subject}\n{letter.sender_name}\n{letter.title}\n{letter.text}"
    # Of the pictures, what they were drawn from: the words in a PNG cannot be read.
    drawn = {f"mail.{number}.svg": picture.drawn_from for number, picture in enumerate(letter.pictures, 1)}
    for name, said in {"mail.html": letter.html, "mail.txt": words, **drawn}.items():
        sink.found += prover.bytes(letter.audience, f"{letter.brief}.{letter.variant}.{name}", said.encode())
