"""The mail policy of a project: sender, allowed domains and size limit."""

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import TypeVar

from brief.mail.compose.unsubscribe import Unsubscribe, find_unsubscribe_problem
from brief.model.brief import MailSettings
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError
from brief.model.record import dataclass
from brief.model.source_location import Ref, SourceLocation
from brief.reading.addresses import Address, BadAddressError, parse_address, parse_domain

MEGABYTE = 1_000_000
MANY_RECIPIENTS = 10_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPolicy:
    """The mail policy. Empty `allow` means every domain; `limit` is in octets of a whole message as sent.

    `unsubscribe_key` is the key for the tokens of recipients; None if `unsubscribe` needs no tokens.
    """

    sender: Address
    reply_to: Address | None
    unsubscribe: Unsubscribe
    unsubscribe_key: str | None = field(default=None, repr=False)
    allow: frozenset[str]
    limit: int

    def is_allowed(self, address: Address) -> bool:
        return not self.allow or address.domain in self.allow


def make_policy(
    settings: MailSettings, sender: str | None = None, allow: Iterable[str] = (), limit: int | None = None
) -> MailPolicy:
    """Makes the policy, without a key, from the settings; arguments override them. `limit` is in megabytes.

    Raises:
        ContentError: the policy has errors, all of which are reported, or no sender.
    """
    sink = DiagnosticSink()
    sender_ref = Ref(sender, SourceLocation("--from")) if sender is not None else settings.sender
    if sender_ref is None:
        hint = "add --from ADDRESS, or 'mail: {sender: ADDRESS}' in content/brief.yaml"
        sink.add_error("no-sender", settings.location, "the mail has no sender", hint)
    address = _read(sender_ref, parse_address, "the sender's address", sink)
    configured = _read(settings.sender, parse_address, "the sender's address", sink) if sender is not None else None
    if address and configured and address.domain != configured.domain:
        # Servers that check who may send for whom (RFC 7489, 3.1) compare the domains.
        message = f"--from has the domain '{address.domain}', but the project's sender has '{configured.domain}'"
        sink.add_error(
            "other-sender", settings.location, message, "leave --from out, or change 'sender' in the settings"
        )
    domains = [
        _read(ref, parse_domain, f"'{ref}'", sink)
        for ref in (tuple(Ref(domain, SourceLocation("--allow")) for domain in allow) or settings.allow)
    ]
    reply_to = _read(settings.reply_to, parse_address, "the address for replies", sink)
    unsubscribe = settings.list_unsubscribe
    if unsubscribe is not None and (problem := find_unsubscribe_problem(unsubscribe.name)):
        hint = "write it like https://example.org/leave?who={token} or mailto:leave@example.org"
        sink.add_error("bad-address", unsubscribe.location, f"'{unsubscribe}' {problem}", hint)
    mailbox = _read(settings.unsubscribe_mailbox, parse_address, "the address for unsubscribing", sink)
    if sink.found or address is None:
        raise ContentError(sink.found)
    return MailPolicy(
        sender=address,
        reply_to=reply_to,
        unsubscribe=Unsubscribe(uri=unsubscribe.name if unsubscribe else None, mailbox=mailbox),
        allow=frozenset(domain for domain in domains if domain),
        limit=(limit or settings.limit) * MEGABYTE,
    )


def _read(ref: Ref | None, parse: Callable[[str], T], subject: str, sink: DiagnosticSink) -> T | None:
    if ref is None:
        return None
    try:
        return parse(ref.name)
    except BadAddressError as problem:
        sink.add_error("bad-address", ref.location, f"{subject} {problem.message}", problem.hint)
        return None
