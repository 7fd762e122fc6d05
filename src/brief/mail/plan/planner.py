"""Makes a plan from a list of recipients, a project and its pack, or reports every reason why it cannot be sent."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from brief.inspection.leaks import Inspector
from brief.mail.compose.letter import Letter
from brief.mail.compose.message import Attachment, Envelope, write_message
from brief.mail.plan.attachments import SelectedFile, inspect_files, plan_file, select_files
from brief.mail.plan.letters import letter_name, write_letters
from brief.mail.plan.mailboxes import find_mailbox
from brief.mail.plan.pack_reader import VerifiedPack, open_pack
from brief.mail.plan.plan import MailPlan, PackFiles, PlannedMessage
from brief.mail.plan.policy import MANY, MEGABYTE, MailPolicy
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, has_errors, sort_diagnostics
from brief.model.recipient import Recipient
from brief.model.source_location import SourceLocation
from brief.project.gating import find_gated_texts
from brief.project.project import Project
from brief.publish.approval import Clock, current_time
from brief.publish.embargo import read_embargoes
from brief.reading.addresses import Address
from brief.reading.tables.recipients import assign_copy_numbers, find_namesakes, read_recipients


def make_plan(
    project: Project,
    pack: Path,
    recipients: Path,
    policy: MailPolicy,
    *,
    many: bool = False,
    trial: bool = False,
    not_before: datetime | None = None,
    clock: Clock = current_time,
) -> tuple[MailPlan, tuple[Diagnostic, ...]]:
    """Plans to send the pack's artifacts to the recipients; returns the plan and its warnings.

    `many` allows `MANY` recipients and more; a `trial` may have a pack that is not approved, since it is not sent.
    The messages are dated by the clock, or by the time at which they may go out, if that is later: `not_before`, or the
    end of an embargo.

    Raises:
        ContentError: the list, an address or the pack has errors, all of which are reported; a letter or an attachment
            contains what its audience may not see; a message is too large.
        MachineError: the list cannot be read.
    """
    listed, found = read_recipients(recipients, project.brief)
    sink = DiagnosticSink(list(found))
    too_many = len(listed) >= MANY and not many
    if too_many:
        message = f"the list has {len(listed):,} recipients"
        sink.error(
            "many-recipients",
            SourceLocation(recipients.as_posix()),
            message,
            "add --yes to confirm that they are intended",
        )
    people = assign_copy_numbers(listed)
    mailboxes = [find_mailbox(recipient, policy, sink) for recipient in people]
    packed = _opened(project, pack, trial, sink)
    if packed is None or too_many:
        raise ContentError(sink.found)
    if packed.copies:
        sink.found += find_namesakes(listed)
    parcels = [
        _Parcel(recipient, address, enclosed)
        for recipient, address in zip(people, mailboxes, strict=True)
        if (enclosed := select_files(recipient, project.brief, packed, sink))
    ]
    prover = Inspector(project.brief, project.template_set_for)
    variants = {(parcel.recipient.audience.name, parcel.recipient.locale.name) for parcel in parcels}
    sink.found += find_gated_texts(project.brief, sorted(variants))
    inspect_files((each for parcel in parcels for each in parcel.enclosed), packed, prover, sink)
    embargoes = read_embargoes(packed.folder)
    held = [
        embargoes[parcel.recipient.audience.name] for parcel in parcels if parcel.recipient.audience.name in embargoes
    ]
    sending = _sending(policy, max([clock(), *held, *([not_before] if not_before else [])]))
    selections = {parcel.letter_name: parcel.enclosed for parcel in parcels}
    letters = write_letters(selections, project, packed, prover, sending.list_unsubscribe, sink)
    # Recipients with a number in the list require a copy; the others get one if the pack has copies.
    wants_copy = {recipient.location for recipient in listed if recipient.copy is not None}
    files = PackFiles(packed.folder)
    messages = []
    for parcel in parcels:
        if (letter := letters.get(parcel.letter_name)) is None:
            continue
        wants = parcel.recipient.location in wants_copy
        along = [plan_file(each, parcel.recipient, letter, packed, wants, sink) for each in parcel.enclosed]
        planned = _planned(parcel, letter, along, files, sending, sink)
        if planned is not None and _fits(planned, policy, parcel.recipient, sink):
            messages.append(planned)
    if has_errors(sink.found):
        raise ContentError(sink.found)
    plan = MailPlan(
        brief=packed.brief,
        date=packed.date,
        pack=pack,
        manifest=packed.manifest,
        sending=sending,
        letters=letters,
        messages=tuple(messages),
        not_before=not_before,
    )
    return plan, sort_diagnostics(sink.found)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What one recipient gets; `address` is None if mail may not be sent to it."""

    recipient: Recipient
    address: Address | None
    enclosed: tuple[SelectedFile, ...]

    @property
    def letter_name(self) -> str:
        return letter_name(self.enclosed)


def _opened(project: Project, pack: Path, trial: bool, sink: DiagnosticSink) -> VerifiedPack | None:
    settings = project.brief.settings
    try:
        packed = open_pack(pack, settings.id, settings.date.isoformat(), trial=trial)
    except ContentError as error:
        sink.found += error.diagnostics
        return None
    sink.found += packed.diagnostics
    return None if any(diagnostic.code == "other-pack" for diagnostic in packed.diagnostics) else packed


def _sending(policy: MailPolicy, moment: datetime) -> Envelope:
    return Envelope(
        sender=policy.sender,
        # Dates in headers have no fractions of a second.
        moment=moment.astimezone(UTC).replace(microsecond=0),
        reply_to=policy.reply_to,
        list_unsubscribe=policy.list_unsubscribe,
    )


def _planned(
    parcel: _Parcel,
    letter: Letter,
    along: list[Attachment | None],
    files: PackFiles,
    sending: Envelope,
    sink: DiagnosticSink,
) -> PlannedMessage | None:
    """Plans the message to a recipient; None if anything that it needs is missing."""
    address, recipient = parcel.address, parcel.recipient
    enclosed = tuple(file for file in along if file is not None)
    if address is None or len(enclosed) < len(along):
        return None
    try:
        encoded = {file: files.encoded(file) for file in enclosed}
        message = write_message(letter, encoded, recipient.name, address, sending)
    except ContentError as error:
        # A bad name has usually been reported already, at its location.
        if not any(each.code == "bad-name" and each.location == recipient.location for each in sink.found):
            sink.found += [replace(each, location=recipient.location) for each in error.diagnostics]
        return None
    return PlannedMessage(
        key=message.key,
        name=recipient.name,
        address=address,
        letter=parcel.letter_name,
        files=enclosed,
        message_id=message.message_id,
        digest=message.digest,
        size=message.size,
    )


def _fits(message: PlannedMessage, policy: MailPolicy, recipient: Recipient, sink: DiagnosticSink) -> bool:
    if message.size > policy.limit:
        wrong = f"the message has {message.size / MEGABYTE:.1f} MB; the limit is {policy.limit / MEGABYTE:.0f}"
        sink.error("message-too-large", recipient.location, wrong, "send fewer formats, or raise the limit")
    return message.size <= policy.limit
