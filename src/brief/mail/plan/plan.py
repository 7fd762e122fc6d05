"""The plan of a mailing: every message to send. Sending it needs the pack, but not the project or its templates."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from brief.mail.compose import mime
from brief.mail.compose.letter import Letter
from brief.mail.compose.message import Attachment, Envelope, MessageTemplate
from brief.mail.compose.outgoing import Key, Outgoing
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.publish.approval import Clock, get_current_time
from brief.publish.embargo import read_embargoes, require_released
from brief.publish.paths import MANIFEST
from brief.publish.regular_files import read_regular_file
from brief.reading.addresses import Address

_MAX_CACHED = 12  # encoded files, and message templates
# Tolerated difference between the clocks of two machines.
_CLOCK_DIFFERENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMessage:
    """One message. `letter` names one of the plan's letters; `token` is for unsubscribing.

    `digest` and `size` are the SHA-256 and the length in octets of the message as sent.
    """

    key: Key
    name: str
    address: Address
    letter: str
    files: tuple[Attachment, ...]
    token: str | None = None
    message_id: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """The state of a ledger: `identity` is a random value from its creation; `revision` never decreases."""

    identity: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientListFile:
    """The file of recipients that a plan was made from, and its SHA-256."""

    path: Path
    digest: str

    @classmethod
    def read(cls, path: Path) -> "RecipientListFile | None":
        """Computes the digest of the file; returns None if the file cannot be read."""
        try:
            return cls(path=path, digest=sha256(path.read_bytes()).hexdigest())
        except OSError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan:
    """The planned messages. `pack` is the pack's folder, and `manifest` the SHA-256 that its manifest must have.

    Nothing is sent before `not_before`. `ledger` is the state of the ledger when the plan was made; None only for a dry
    run, which is never sent. `recipient_list` is None in plans of earlier versions.
    """

    brief: str
    date: str
    pack: Path
    manifest: str
    envelope: Envelope
    letters: Mapping[str, Letter] = field(repr=False)
    messages: tuple[PlannedMessage, ...] = field(repr=False)
    ledger: LedgerState | None = None
    not_before: datetime | None = None
    recipient_list: RecipientListFile | None = None


def compose_outgoing(plan: MailPlan) -> tuple[Outgoing, ...]:
    """Composes the plan's messages and compares each with its digest in the plan.

    The bytes are not kept: `Outgoing.load` composes and compares a message again.

    Raises:
        ContentError: the pack or the plan has changed since planning. `Outgoing.load` raises the same.
    """
    problems = []
    files = PackFiles(plan.pack)
    if files.digest_manifest() != plan.manifest:
        message = "the pack differs from the one that was planned"
        problems.append(Diagnostic("plan-changed", message, SourceLocation(plan.pack.as_posix()), "plan again"))
        raise ContentError(problems)
    composer = MessageComposer(plan.letters, plan.envelope, files)
    for planned in plan.messages:
        try:
            _compose(plan, planned, composer)
        except ContentError as error:
            problems += error.diagnostics
    if problems:
        raise ContentError(problems)
    return tuple(
        Outgoing(
            key=planned.key,
            message_id=planned.message_id,
            sender=str(plan.envelope.sender),
            recipient=str(planned.address),
            digest=planned.digest,
            size=planned.size,
            load=partial(_load, plan, planned, composer),
        )
        for planned in plan.messages
    )


def require_due(plan: MailPlan, clock: Clock = get_current_time) -> None:
    """Checks that the plan may be sent now: the pack's embargoes, the plan's `not_before`, and the plan's own date.

    An embargo cannot be overridden here: the pack has to be built again without it. The manifest's digest shows that the
    plan is not older than its pack (`compose_outgoing`); an approval from the future is invalid (`find_approval`).

    Raises:
        ContentError: an audience of the plan is under embargo (`embargo`), the plan waits for a later time
            (`not-before`), or it is dated in the future (`bad-plan`).
    """
    now, location = clock(), SourceLocation(plan.pack.as_posix())
    planned = {letter.audience for letter in plan.letters.values()}
    embargoes = {name: time for name, time in read_embargoes(plan.pack).items() if name in planned}
    require_released(embargoes, now, location, "send it after that time")
    if plan.not_before is not None and now < plan.not_before:
        message = f"the plan is not to be sent before {plan.not_before.isoformat()}"
        raise ContentError([Diagnostic("not-before", message, location, "send it after that time, or plan again")])
    if plan.envelope.moment > now + _CLOCK_DIFFERENCE:
        message = f"the plan is dated {plan.envelope.moment.isoformat()}, which is in the future"
        hint = "check the clock of this machine, then plan again"
        raise ContentError([Diagnostic("bad-plan", message, location, hint)])


def require_unchanged_list(plan: MailPlan) -> None:
    """Checks that the list of recipients, if it can still be read, is the same as at planning.

    Raises:
        ContentError: the file differs (`plan-changed`).
    """
    current = RecipientListFile.read(plan.recipient_list.path) if plan.recipient_list is not None else None
    if current is not None and current != plan.recipient_list:
        message = "the list of recipients differs from the one that was planned"
        location = SourceLocation(current.path.as_posix())
        raise ContentError([Diagnostic("plan-changed", message, location, "plan again")])


class PackFiles:
    """The files of a pack as attachments. The last few are cached in base64, because most are sent to many people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cache: dict[str, bytes] = {}

    def digest_manifest(self) -> str:
        """Returns the SHA-256 of the manifest, or "" if the pack has no manifest."""
        try:
            return sha256(read_regular_file(self.folder / MANIFEST)).hexdigest()
        except OSError:
            return ""

    def encode(self, file: Attachment) -> bytes:
        """Reads the file, compares it with its digest, and encodes it in base64.

        Raises:
            ContentError: the file is missing, or differs from the planned one.
        """
        body = self._cache.get(file.sha256)
        if body is None:
            body = mime.encode_base64(self.read(file.path, file.sha256))
            self._cache = dict([*self._cache.items(), (file.sha256, body)][-_MAX_CACHED:])
        return body

    def read(self, path: str, digest: str) -> bytes:
        """Reads the file's bytes; raises as `encode` does."""
        try:
            data = (self.folder / path).read_bytes()
        except OSError as problem:
            message = f"the file cannot be read: {problem.strerror}"
        else:
            if sha256(data).hexdigest() == digest:
                return data
            message = "the file differs from the one that was planned"
        location = SourceLocation((self.folder / path).as_posix())
        raise ContentError([Diagnostic("plan-changed", message, location, "build and plan again")])


class MessageComposer:
    """Composes the messages of a plan. What messages with the same letter and files have in common is encoded once."""

    def __init__(self, letters: Mapping[str, Letter], envelope: Envelope, files: PackFiles) -> None:
        self._letters = letters
        self._envelope = envelope
        self._files = files
        self._template = lru_cache(maxsize=_MAX_CACHED)(self._make_template)

    def compose(
        self, letter: str, files: tuple[Attachment, ...], name: str, address: Address, token: str | None
    ) -> Outgoing:
        """Composes one message; raises ContentError if a file differs from its digest, or a header is not safe."""
        return self._template(letter, files).write(name, address, token)

    def _make_template(self, letter: str, files: tuple[Attachment, ...]) -> MessageTemplate:
        attachments = {file: self._files.encode(file) for file in files}
        return MessageTemplate(self._letters[letter], attachments, self._envelope)


def _load(plan: MailPlan, planned: PlannedMessage, composer: MessageComposer) -> bytes:
    return _compose(plan, planned, composer).load()


def _compose(plan: MailPlan, planned: PlannedMessage, composer: MessageComposer) -> Outgoing:
    message = composer.compose(planned.letter, planned.files, planned.name, planned.address, planned.token)
    if (message.key, message.message_id, message.digest) != (planned.key, planned.message_id, planned.digest):
        wrong = f"the message to {planned.address} differs from the plan"
        raise ContentError([Diagnostic("plan-changed", wrong, SourceLocation(plan.pack.as_posix()), "plan again")])
    return message
