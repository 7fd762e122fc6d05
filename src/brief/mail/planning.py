"""From a list of recipients, a project and its pack to a plan, or to everything that keeps it from being sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from brief.mail.letter import Letter, write_letter
from brief.mail.message import Sending, attachment_names, key_of, write_message
from brief.mail.packed import Packed, open_pack
from brief.mail.plan import PackFiles, Plan, PlannedFile, PlannedMessage
from brief.mail.policy import MANY, MEGABYTE, Policy
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic, has_errors, in_order
from brief.model.faults import Faults
from brief.model.place import NOWHERE, Place
from brief.model.recipient import Recipient
from brief.model.variant import Variant
from brief.press.copies import FORMAT as COPIED
from brief.press.project import Project
from brief.press.proof import Prover
from brief.press.render import input_digest
from brief.reading.addresses import Address, BadAddressError, parse_address
from brief.reading.recipients import inspect_recipients, namesakes, numbered

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def make_plan(
    project: Project,
    pack: Path,
    recipients: Path,
    policy: Policy,
    *,
    many: bool = False,
    trial: bool = False,
    clock: Clock = now,
) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """The plan that sends the pack's editions to the recipients, and warnings.

    `many` allows `MANY` recipients and more; a `trial` may have a pack that nobody approved, since it is not sent.
    The messages are dated by the clock.

    Raises:
        ContentError: with every fault of the list, of its addresses, and of the pack; a letter or an attachment holds
            what its audience may not see; a message is too large.
        MachineError: the list cannot be read.
    """
    listed, found = inspect_recipients(recipients, project.brief)
    faults = Faults(list(found))
    too_many = len(listed) >= MANY and not many
    if too_many:
        message = f"{len(listed):,} recipients are many"
        faults.error("many-recipients", Place(recipients.as_posix()), message, "say --yes if they are meant")
    addressed = [(recipient, _address(recipient, policy, faults)) for recipient in numbered(listed)]
    packed = _opened(project, pack, trial, faults)
    if packed is not None and not too_many:
        planner = _Planner(project, packed, _sending(policy, clock), policy.limit, faults)
        # Whoever has a number in the list wants a copy; the others get one where there are any.
        wants_copy = {recipient.place for recipient in listed if recipient.copy is not None}
        if packed.copies:
            faults.found += namesakes(listed)
        for recipient, address in addressed:
            planner.add(recipient, address, recipient.place in wants_copy)
    if packed is None or has_errors(faults.found):
        raise ContentError(faults.found)
    plan = Plan(
        brief=packed.brief,
        date=packed.date,
        pack=pack,
        manifest=packed.manifest,
        sending=planner.sending,
        letters={name: letter for name, letter in planner.letters.items() if letter is not None},
        messages=tuple(planner.messages),
    )
    return plan, in_order(faults.found)


def _address(recipient: Recipient, policy: Policy, faults: Faults) -> Address | None:
    """The recipient's address where it is one that mail may go to."""
    ref = recipient.address
    if ref is None:
        faults.error("no-address", recipient.place, "the recipient has no address", "add 'address'")
        return None
    try:
        address = parse_address(ref.name)
    except BadAddressError as problem:
        faults.error("bad-address", ref.place, f"the address '{ref}' {problem.message}", problem.hint)
        return None
    if address.look_alike is not None:
        message = f"'{address.look_alike}' in the domain mixes alphabets, or passes for a name in Latin letters"
        faults.warning("look-alike", ref.place, message, f"the domain is {address.domain}; is it meant?")
    if address.needs_smtputf8:
        message = f"only a server that offers SMTPUTF8 takes '{address}'"
        faults.note("needs-smtputf8", ref.place, message)
    if not policy.allows(address):
        allowed = ", ".join(sorted(policy.allow))
        faults.error("domain-not-allowed", ref.place, f"mail may not go to {address.domain}", f"allowed: {allowed}")
        return None
    return address


def _opened(project: Project, pack: Path, trial: bool, faults: Faults) -> Packed | None:
    settings = project.brief.settings
    try:
        packed = open_pack(pack, settings.id, settings.date.isoformat(), trial=trial)
    except ContentError as error:
        faults.found += error.diagnostics
        return None
    faults.found += packed.faults
    return None if any(fault.code == "other-pack" for fault in packed.faults) else packed


def _sending(policy: Policy, clock: Clock) -> Sending:
    return Sending(
        sender=policy.sender,
        # A header has no fractions of a second.
        moment=clock().astimezone(UTC).replace(microsecond=0),
        reply_to=policy.reply_to,
        list_unsubscribe=policy.list_unsubscribe,
    )


class _Planner:
    """Plans one message after another; what many of them share is made and proved once."""

    def __init__(self, project: Project, packed: Packed, sending: Sending, limit: int, faults: Faults) -> None:
        self.project = project
        self.packed = packed
        self.sending = sending
        self.limit = limit
        self.faults = faults
        self.letters: dict[str, Letter | None] = {}
        self.messages: list[PlannedMessage] = []
        self._files = PackFiles(packed.folder)
        self._prover = Prover(project.brief, project.look_set)
        self._variants: dict[tuple[str, str], Variant] = {}
        self._proved: set[str] = set()

    def add(self, recipient: Recipient, address: Address | None, wants_copy: bool) -> None:
        """Plans the message to a recipient, or leaves what keeps it from being sent. It has an address only if it may go."""
        audience = self.project.brief.audiences.get(recipient.audience.name)
        locale = recipient.locale.name
        if audience is None or locale not in self.project.brief.locales:
            return
        found = [self._artifact(recipient, ref.name) for ref in recipient.formats or audience.formats]
        enclosed = [artifact for artifact in found if artifact is not None]
        if len(enclosed) < len(found):
            return
        forms = "+".join(artifact.format for _, artifact in enclosed)
        name = f"{audience.id}.{locale}.{forms}"
        if name not in self.letters:
            self.letters[name] = self._letter(audience.id, locale, [artifact for _, artifact in enclosed])
        letter = self.letters[name]
        if letter is None:
            return
        files = [self._file(recipient, path, artifact, letter, wants_copy) for path, artifact in enclosed]
        if address is not None and None not in files:
            self._plan(recipient, address, name, letter, tuple(file for file in files if file is not None))

    def _artifact(self, recipient: Recipient, form: str) -> tuple[str, Artifact] | None:
        found = self.packed.artifact(recipient.audience.name, recipient.locale.name, form)
        if found is None:
            message = f"the pack has no {form} of audience '{recipient.audience}' in {recipient.locale}"
            self.faults.error(
                "not-in-pack", recipient.place, message, "build the pack with it, or leave the format out"
            )
        return found

    def _letter(self, audience: str, locale: str, artifacts: list[Artifact]) -> Letter | None:
        variant = self._variants.get((audience, locale))
        if variant is None:
            variant = self._variants[audience, locale] = self.project.variant(audience, locale)
            self._compare(variant, artifacts)
        try:
            unsubscribe = self.sending.list_unsubscribe
            letter = write_letter(variant, self.project.look_set(audience), artifacts, unsubscribe=unsubscribe)
        except ContentError as error:
            title = self.project.brief.settings.title.place
            self.faults.found += [replace(d, place=title) if d.place == NOWHERE else d for d in error.diagnostics]
            return None
        words = f"{letter.subject}\n{letter.sender_name}\n{letter.title}\n{letter.text}"
        for name, data in (("mail.html", letter.html), ("mail.txt", words)):
            self.faults.found += self._prover.bytes(audience, f"{letter.brief}.{letter.variant}.{name}", data.encode())
        return letter

    def _compare(self, variant: Variant, artifacts: list[Artifact]) -> None:
        """The words of a mail are today's; those of the pack may be yesterday's."""
        if any(
            artifact.inputs != input_digest(variant, self.project.look_set(variant.audience)) for artifact in artifacts
        ):
            edition = f"{variant.audience}.{variant.locale}"
            message = f"the pack's {edition} was not made from the content, templates and program as they stand now"
            hint = "the mail's words may differ from what is attached: build again, unless it was built with --since"
            self.faults.warning("pack-outdated", Place(self.packed.shown), message, hint)

    def _file(
        self, recipient: Recipient, path: str, artifact: Artifact, letter: Letter, wants_copy: bool
    ) -> PlannedFile | None:
        self._prove(path, artifact)
        digest, number = artifact.sha256, None
        if artifact.format == COPIED and (wants_copy or self.packed.copies):
            number = recipient.copy
            copy = self.packed.copy(recipient.name, artifact.audience, artifact.locale, number)
            if copy is None:
                message = f"the pack has no copy {number} for {recipient.name}"
                self.faults.error("no-copy", recipient.place, message, "build it with --copies and this very list")
                return None
            path, digest = copy.path, copy.sha256
        name, plain_name = attachment_names(letter, path, number)
        return PlannedFile(path=path, name=name, plain_name=plain_name, media_type=artifact.media_type, sha256=digest)

    def _prove(self, path: str, artifact: Artifact) -> None:
        """That nothing withheld stands in a file. A copy differs from it by a name and a number alone."""
        if path not in self._proved:
            self._proved.add(path)
            data = self.packed.read(path, artifact.sha256)
            self.faults.found += self._prover.bytes(artifact.audience, artifact.name, data)

    def _plan(
        self, recipient: Recipient, address: Address, name: str, letter: Letter, files: tuple[PlannedFile, ...]
    ) -> None:
        try:
            attachments = tuple(map(self._files.attachment, files))
            message = write_message(letter, attachments, recipient.name, address, self.sending)
        except ContentError as error:
            # What is wrong with a name has mostly been said already, where it stands.
            if not has_errors(self.faults.found):
                self.faults.found += [replace(fault, place=recipient.place) for fault in error.diagnostics]
            return
        size = len(message.data)
        if size > self.limit:
            wrong = f"the message has {size / MEGABYTE:.1f} MB, and {self.limit / MEGABYTE:.0f} are allowed"
            self.faults.error("message-too-large", recipient.place, wrong, "send fewer formats, or raise the limit")
            return
        self.messages.append(
            PlannedMessage(
                key=key_of(letter, address),
                name=recipient.name,
                address=address,
                letter=name,
                files=files,
                message_id=message.id,
                digest=sha256(message.data).hexdigest(),
                size=size,
            )
        )
