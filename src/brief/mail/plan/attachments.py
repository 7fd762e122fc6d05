"""Selects a message's attachments: files of the pack, or the recipient's own copies."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from brief.inspection.leaks import Inspector
from brief.mail.compose.letter import Letter
from brief.mail.compose.message import Attachment, make_attachment
from brief.mail.plan.pack_reader import VerifiedPack
from brief.model.artifact import Artifact
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.recipient import Recipient
from brief.model.record import dataclass
from brief.publish.copy_files import COPIED_FORMAT

if TYPE_CHECKING:
    from brief.inspection.stamped import CopyInspector


@dataclass(frozen=True, slots=True)
class SelectedFile:
    """A file that was selected from the pack: its path there and its artifact, without the bytes."""

    path: str
    artifact: Artifact


def select_files(
    recipient: Recipient, brief: Brief, verified: VerifiedPack, sink: DiagnosticSink
) -> tuple[SelectedFile, ...] | None:
    """Selects the artifacts for a recipient.

    Returns None if the pack lacks one, which is an error, or if the brief has no such variant.
    """
    audience = brief.audiences.get(recipient.audience.name)
    locale = recipient.locale.name
    if audience is None or locale not in brief.locales:
        return None
    formats = [ref.name for ref in recipient.formats or audience.formats]
    paths_and_artifacts = [verified.find_artifact(audience.id, locale, name) for name in formats]
    for name, found in zip(formats, paths_and_artifacts, strict=True):
        if found is None:
            message = f"the pack has no {name} of audience '{audience.id}' in '{locale}'"
            sink.add_error(
                "not-in-pack", recipient.location, message, "build the pack with it, or leave the format out"
            )
    if None in paths_and_artifacts:
        return None
    return tuple(SelectedFile(*found) for found in paths_and_artifacts if found is not None)


def inspect_files(
    files: Iterable[SelectedFile], verified: VerifiedPack, inspector: Inspector, sink: DiagnosticSink
) -> None:
    """Checks that the files contain nothing withheld; `plan_file` checks the copies."""
    for path, artifact in {selected.path: selected.artifact for selected in files}.items():
        data = verified.read(path, artifact.sha256)
        sink.found += inspector.inspect_bytes(artifact.audience, artifact.name, data)


def plan_file(
    selected: SelectedFile,
    recipient: Recipient,
    letter: Letter,
    verified: VerifiedPack,
    wants_copy: bool,
    copies: "CopyInspector",
    sink: DiagnosticSink,
) -> Attachment | None:
    """Plans the file for this recipient, or their own copy of it, which is inspected; None if the pack lacks that copy."""
    artifact = selected.artifact
    if artifact.format == COPIED_FORMAT and (wants_copy or verified.copies):
        number = recipient.copy
        copy = verified.find_copy(recipient.name, artifact.audience, artifact.locale, number)
        if copy is None:
            message = f"the pack has no copy {number} for {recipient.name}"
            sink.add_error("no-copy", recipient.location, message, "build it with --copies and this list")
            return None
        name = copy.path.rpartition("/")[2]
        sink.found += copies.inspect(artifact.audience, copy.of, name, verified.read(copy.path, copy.sha256))
        return make_attachment(letter, copy.path, artifact.media_type, copy.sha256, number)
    return make_attachment(letter, selected.path, artifact.media_type, artifact.sha256)
