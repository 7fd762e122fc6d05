"""Makes a mail plan from a list of recipients, a project and its pack, or reports every reason why it cannot."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from brief.inspection.leaks import Inspector
from brief.mail.compose.letter import Letter
from brief.mail.compose.message import Attachment, Envelope
from brief.mail.compose.unsubscribe import make_token
from brief.mail.plan.attachments import SelectedFile, inspect_files, plan_file, select_files
from brief.mail.plan.letters import name_letter, write_letters
from brief.mail.plan.mailboxes import find_mailbox
from brief.mail.plan.pack_reader import VerifiedPack, open_pack
from brief.mail.plan.plan import MailPlan, MessageComposer, PackFiles, PlannedMessage, RecipientListFile
from brief.mail.plan.policy import MANY_RECIPIENTS, MEGABYTE, MailPolicy
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, has_errors, sort_diagnostics
from brief.model.recipient import Recipient
from brief.model.source_location import Ref, SourceLocation
from brief.project.project import Project
from brief.project.publication import find_stopping
from brief.publish.approval import Clock, get_current_time
from brief.publish.embargo import find_embargoes, read_embargoes
from brief.reading.addresses import Address
from brief.reading.tables.recipients import ErrorLimit, assign_copy_numbers, find_namesakes, read_recipients
from brief.workers.collector import pause_collector

# Messages of lists up to this length are composed in spite of errors, so that all errors come at once.
_MAX_COMPOSED_WITH_ERRORS = 1000


def make_plan(
    project: Project,
    pack: Path,
    recipients: Path,
    policy: MailPolicy,
    *,
    many: bool = False,
    trial: bool = False,
    not_before: datetime | None = None,
    bounced: Mapping[str, str] | None = None,
    clock: Clock = get_current_time,
) -> tuple[MailPlan, tuple[Diagnostic, ...]]:
    """Plans to send the pack's artifacts to the recipients in the file `recipients`; returns the plan and its warnings.

    `many` permits `MANY_RECIPIENTS` or more. A `trial` may use a pack that is not approved, because it is not sent. The
    messages have the date of the clock or, if it is later, the earliest time at which they may be sent: `not_before`,
    or the end of an embargo.

    `bounced` maps the `Address.identity` of recipients to the reason of the bounce; they are left out with a warning.

    Raises:
        ContentError: the list, an address or the pack has errors, all of which are reported; a letter or an attachment
            contains something that its audience may not see; or a message is too large.
        MachineError: the list cannot be read.
    """
    with pause_collector():
        return _make_plan(project, pack, recipients, policy, many, trial, not_before, bounced or {}, clock)


def _make_plan(
    project: Project,
    pack: Path,
    recipients: Path,
    policy: MailPolicy,
    many: bool,
    trial: bool,
    not_before: datetime | None,
    bounced: Mapping[str, str],
    clock: Clock,
) -> tuple[MailPlan, tuple[Diagnostic, ...]]:
    sink = DiagnosticSink()
    verified, deliveries = _read_deliveries(project, pack, recipients, policy, many, trial, bounced, sink)
    inspector = Inspector(project.brief, project.get_template_set)
    selections = {delivery.letter_name: delivery.attached for delivery in deliveries}
    variants = {(delivery.recipient.audience.name, delivery.recipient.locale.name) for delivery in deliveries}
    sink.found += find_stopping(project, pack, sorted(variants))
    inspect_files((file for files in selections.values() for file in files), verified, inspector, sink)
    # The project may have postponed an embargo since the build.
    current = find_embargoes(project.brief, {audience for audience, _ in variants})
    embargoes = [read_embargoes(verified.folder), current]
    releases = [times[audience] for times in embargoes for audience, _ in variants if audience in times]
    envelope = _make_envelope(policy, max([clock(), *releases, *([not_before] if not_before else [])]))
    letters = write_letters(selections, project, verified, inspector, envelope.unsubscribe.letter_uri, sink)
    composer = MessageComposer(letters, envelope, PackFiles(verified.folder))
    messages = tuple(_plan_messages(deliveries, letters, verified, composer, inspector, policy, sink))
    if has_errors(sink.found):
        raise ContentError(sink.found)
    plan = MailPlan(
        brief=verified.brief,
        date=verified.date,
        pack=pack,
        manifest=verified.manifest,
        envelope=envelope,
        letters=letters,
        messages=messages,
        not_before=not_before,
        recipient_list=RecipientListFile.read(recipients),
    )
    return plan, sort_diagnostics(sink.found)


class _Delivery(NamedTuple):
    """What one recipient gets; `address` is None if mail may not be sent to the recipient.

    `requires_copy` says that the list has a number for the recipient's copy.
    """

    recipient: Recipient
    address: Address | None
    attached: tuple[SelectedFile, ...]
    letter_name: str
    requires_copy: bool


def _read_deliveries(
    project: Project,
    pack: Path,
    recipients: Path,
    policy: MailPolicy,
    many: bool,
    trial: bool,
    bounced: Mapping[str, str],
    sink: DiagnosticSink,
) -> tuple[VerifiedPack, list[_Delivery]]:
    """Reads the list and the pack, and selects what each recipient gets.

    Raises:
        ContentError: the list or the pack has errors that keep messages from being planned.
    """
    people, diagnostics = read_recipients(recipients, project.brief)
    sink.found += diagnostics
    too_many = len(people) >= MANY_RECIPIENTS and not many
    if too_many:
        message, hint = f"the list has {len(people):,} recipients", "add --yes to confirm that they are intended"
        sink.add_error("many-recipients", SourceLocation(recipients.as_posix()), message, hint)
    mailboxes = _find_mailboxes(people, policy, sink)
    verified = _open_pack(project, pack, trial, sink)
    if verified is None or too_many or len(mailboxes) < len(people):
        raise ContentError(sink.found)
    if verified.copies:
        sink.found += find_namesakes(people)
    # Recipients with a number in the list require a copy; the others get one if the pack has copies.
    numbered = {recipient.location for recipient in people if recipient.copy is not None}
    if verified.copies or numbered:
        people = assign_copy_numbers(people)
    deliveries = _drop_bounced(
        _make_deliveries(people, mailboxes, numbered, project.brief, verified, sink), bounced, sink
    )
    # A long list with errors is refused now; for a short one, errors in the messages are reported as well.
    if len(people) > _MAX_COMPOSED_WITH_ERRORS and has_errors(sink.found):
        raise ContentError(sink.found)
    return verified, deliveries


def _plan_messages(
    deliveries: list[_Delivery],
    letters: Mapping[str, Letter],
    verified: VerifiedPack,
    composer: MessageComposer,
    inspector: Inspector,
    policy: MailPolicy,
    sink: DiagnosticSink,
) -> Iterator[PlannedMessage]:
    """Plans the messages whose letters could be written, and empties the list of deliveries.

    A message that cannot be composed or is too large is reported and left out.
    """
    # Imported here, because its libraries for PDF take longer to import than it takes to refuse most lists.
    from brief.inspection.stamped import CopyInspector

    copies = CopyInspector(inspector)
    for delivery in _pop_deliveries(deliveries):
        if (letter := letters.get(delivery.letter_name)) is None:
            continue
        attachments = [
            plan_file(file, delivery.recipient, letter, verified, delivery.requires_copy, copies, sink)
            for file in delivery.attached
        ]
        planned = _plan_message(delivery, attachments, composer, policy, sink)
        if planned is not None and _check_size(planned, policy, delivery.recipient, sink):
            yield planned


def _find_mailboxes(people: Sequence[Recipient], policy: MailPolicy, sink: DiagnosticSink) -> list[Address | None]:
    """Returns the address of each recipient, None for a wrong one; a shorter list if too many of them are wrong."""
    limit = ErrorLimit(sink)
    mailboxes: list[Address | None] = []
    if len(people) > 1 and not any(recipient.address for recipient in people):
        # An error for each row would hide the likely cause, which is the name of the column.
        message = "no recipient has an address"
        hint = "rename the column that has them, such as 'e-mail', to 'address'"
        sink.add_error("no-address", SourceLocation(people[0].location.file), message, hint)
        return [None] * len(people)
    for recipient in people:
        mailboxes.append(find_mailbox(recipient, policy, sink))
        if limit.check(recipient):
            break
    return mailboxes


def _make_deliveries(
    people: Iterable[Recipient],
    mailboxes: Sequence[Address | None],
    numbered: Container[SourceLocation],
    brief: Brief,
    verified: VerifiedPack,
    sink: DiagnosticSink,
) -> list[_Delivery]:
    """Selects the files of each recipient; makes no deliveries for a long list with errors, which is refused."""
    # The files and the name of the letter for each selection, which most recipients of a variant share.
    selections: dict[tuple[str, str, tuple[Ref, ...]], tuple[tuple[SelectedFile, ...], str]] = {}
    deliveries = []
    limit = ErrorLimit(sink)
    is_refused = len(mailboxes) > _MAX_COMPOSED_WITH_ERRORS and has_errors(sink.found)
    for recipient, address in zip(people, mailboxes, strict=True):
        key = (recipient.audience.name, recipient.locale.name, recipient.formats)
        if key not in selections:
            attached = select_files(recipient, brief, verified, sink)
            if not attached:
                # If the pack lacks a format, every row of the list may be wrong.
                if limit.check(recipient):
                    break
                continue
            selections[key] = attached, name_letter(attached)
        if not is_refused:
            deliveries.append(_Delivery(recipient, address, *selections[key], recipient.location in numbered))
    return deliveries


def _drop_bounced(deliveries: list[_Delivery], bounced: Mapping[str, str], sink: DiagnosticSink) -> list[_Delivery]:
    """Leaves out recipients with permanent bounces, each with a warning; reports an error if no recipient is left."""
    if not bounced:
        return deliveries
    remaining = []
    for delivery in deliveries:
        reason = bounced.get(delivery.address.identity) if delivery.address else None
        if reason is None or delivery.address is None:
            remaining.append(delivery)
            continue
        location = delivery.recipient.address.location if delivery.recipient.address else delivery.recipient.location
        hint = "correct the address, or plan with '--include-bounced'"
        sink.add_warning(
            "bounced", location, f"mail to '{delivery.address}' bounced: {reason}; the recipient is left out", hint
        )
    if deliveries and not remaining:
        location = SourceLocation(deliveries[0].recipient.location.file)
        sink.add_error("bounced", location, "mail to every recipient bounced", "correct the addresses")
    return remaining


def _pop_deliveries(deliveries: list[_Delivery]) -> Iterator[_Delivery]:
    """Yields the deliveries and removes each from the list, which saves a quarter of the memory if there are 100,000."""
    deliveries.reverse()
    while deliveries:
        yield deliveries.pop()


def _open_pack(project: Project, pack: Path, trial: bool, sink: DiagnosticSink) -> VerifiedPack | None:
    settings = project.brief.settings
    try:
        verified = open_pack(pack, settings.id, settings.date.isoformat(), trial=trial)
    except ContentError as error:
        sink.found += error.diagnostics
        return None
    sink.found += verified.diagnostics
    return None if any(diagnostic.code == "other-pack" for diagnostic in verified.diagnostics) else verified


def _make_envelope(policy: MailPolicy, moment: datetime) -> Envelope:
    return Envelope(
        sender=policy.sender,
        # Dates in headers have no fractions of a second.
        moment=moment.astimezone(UTC).replace(microsecond=0),
        reply_to=policy.reply_to,
        unsubscribe=policy.unsubscribe,
    )


def _plan_message(
    delivery: _Delivery,
    attachments: list[Attachment | None],
    composer: MessageComposer,
    policy: MailPolicy,
    sink: DiagnosticSink,
) -> PlannedMessage | None:
    """Plans the message to a recipient; returns None if anything is missing, or if it cannot be composed."""
    address, recipient = delivery.address, delivery.recipient
    attached = tuple(file for file in attachments if file is not None)
    if address is None or len(attached) < len(attachments):
        return None
    try:
        token = make_token(policy.unsubscribe_key, address) if policy.unsubscribe_key else None
        message = composer.compose(delivery.letter_name, attached, recipient.name, address, token)
    except ContentError as error:
        # A bad name has usually been reported already, at its location.
        if not any(each.code == "bad-name" and each.location == recipient.location for each in sink.found):
            sink.found += [replace(each, location=recipient.location) for each in error.diagnostics]
        return None
    return PlannedMessage(
        key=message.key,
        name=recipient.name,
        address=address,
        letter=delivery.letter_name,
        files=attached,
        token=token,
        message_id=message.message_id,
        digest=message.digest,
        size=message.size,
    )


def _check_size(message: PlannedMessage, policy: MailPolicy, recipient: Recipient, sink: DiagnosticSink) -> bool:
    """Returns whether the message is within the policy's limit, and reports it if it is too large."""
    if message.size > policy.limit:
        problem = f"the message is {message.size / MEGABYTE:.1f} MB; the limit is {policy.limit / MEGABYTE:.0f} MB"
        sink.add_error("message-too-large", recipient.location, problem, "send fewer formats, or raise the limit")
    return message.size <= policy.limit
