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
    """A file of the pack that is selected for a recipient: its path in the pack, and its artifact without bytes."""

    path: str
    artifact: Artifact


def select_files(
    recipient: Recipient, brief: Brief, verified: VerifiedPack, sink: DiagnosticSink
) -> tuple[SelectedFile, ...] | None:
    """Selects the artifacts for a recipient: in the recipient's formats, or else in all formats of the audience.

    Returns None if the pack lacks one, which is reported, or if the brief does not have the variant.
    """
    audience = brief.audiences.get(recipient.audience.name)
    locale = recipient.locale.name
    if audience is None or locale not in brief.locales:
        return None
    formats = [ref.name for ref in recipient.formats or audience.formats]
    paths_and_artifacts = [verified.find_artifact(audience.id, locale, name) for name in formats]
    for name, pair in zip(formats, paths_and_artifacts, strict=True):
        if pair is None:
            message = f"the pack has no {name} of audience '{audience.id}' in '{locale}'"
            sink.add_error(
                "not-in-pack", recipient.location, message, "build the pack with it, or leave the format out"
            )
    if None in paths_and_artifacts:
        return None
    return tuple(SelectedFile(*pair) for pair in paths_and_artifacts if pair is not None)


def inspect_files(
    files: Iterable[SelectedFile], verified: VerifiedPack, inspector: Inspector, sink: DiagnosticSink
) -> None:
    """Reports content of the files that is withheld from their audience; `plan_file` inspects the copies.

    Raises:
        ContentError: a file has changed since the pack was verified.
    """
    for path, artifact in {file.path: file.artifact for file in files}.items():
        data = verified.read(path, artifact.sha256)
        sink.found += inspector.inspect_bytes(artifact.audience, artifact.name, data)


def plan_file(
    file: SelectedFile,
    recipient: Recipient,
    letter: Letter,
    verified: VerifiedPack,
    requires_copy: bool,
    copies: "CopyInspector",
    sink: DiagnosticSink,
) -> Attachment | None:
    """Plans the file for this recipient, or their own copy of it, which is inspected.

    A recipient gets a copy if the pack has copies, or if the list requires it. Returns None if the pack lacks that
    copy, which is reported.

    Raises:
        ContentError: the copy has changed since the pack was verified.
    """
    artifact = file.artifact
    if artifact.format == COPIED_FORMAT and (requires_copy or verified.copies):
        number = recipient.copy
        copy = verified.find_copy(recipient.name, artifact.audience, artifact.locale, number)
        if copy is None:
            message = f"the pack has no copy {number} for {recipient.name}"
            sink.add_error("no-copy", recipient.location, message, "build it with --copies and this list")
            return None
        name = copy.path.rpartition("/")[2]
        sink.found += copies.inspect(artifact.audience, copy.of, name, verified.read(copy.path, copy.sha256))
        return make_attachment(letter, copy.path, artifact.media_type, copy.sha256, number)
    return make_attachment(letter, file.path, artifact.media_type, artifact.sha256)
