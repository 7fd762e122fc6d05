"""Resolves a recipient's address and checks that mail may be sent there."""

from brief.mail.plan.policy import MailPolicy
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.recipient import Recipient
from brief.model.source_location import SourceLocation
from brief.reading.addresses import Address, BadAddressError, parse_address


def find_mailbox(recipient: Recipient, policy: MailPolicy, sink: DiagnosticSink) -> Address | None:
    """Returns the recipient's address; None if it is missing or not allowed, with the reason in `sink`."""
    ref = recipient.address
    if ref is None:
        sink.add_error("no-address", recipient.location, "the recipient has no address", "add 'address'")
        return None
    try:
        address = parse_address(ref.name)
    except BadAddressError as problem:
        sink.add_error("bad-address", ref.location, f"the address '{ref}' {problem.message}", problem.hint)
        return None
    if not address.display_address.isascii():
        _report_other_scripts(address, ref.location, sink)
    if not policy.is_allowed(address):
        allowed = ", ".join(sorted(policy.allow))
        sink.add_error(
            "domain-not-allowed", ref.location, f"mail to '{address.domain}' is not allowed", f"allowed: {allowed}"
        )
        return None
    return address


def _report_other_scripts(address: Address, location: SourceLocation, sink: DiagnosticSink) -> None:
    if address.look_alike is not None:
        message = f"'{address.look_alike}' in the domain mixes alphabets or looks like a name in Latin letters"
        sink.add_warning("look-alike", location, message, f"check that the domain '{address.domain}' is the right one")
    if address.needs_smtputf8:
        sink.add_note("needs-smtputf8", location, f"only servers that offer SMTPUTF8 accept '{address}'")
