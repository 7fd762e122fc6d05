"""Where messages go: a recipient's address, if mail may be sent there."""

from brief.mail.plan.policy import MailPolicy
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.recipient import Recipient
from brief.reading.addresses import Address, BadAddressError, parse_address


def find_mailbox(recipient: Recipient, policy: MailPolicy, sink: DiagnosticSink) -> Address | None:
    """The recipient's address; None where they have none that mail may go to, with the reason in `sink`."""
    ref = recipient.address
    if ref is None:
        sink.error("no-address", recipient.location, "the recipient has no address", "add 'address'")
        return None
    try:
        address = parse_address(ref.name)
    except BadAddressError as problem:
        sink.error("bad-address", ref.location, f"the address '{ref}' {problem.message}", problem.hint)
        return None
    if address.look_alike is not None:
        message = f"'{address.look_alike}' in the domain mixes alphabets, or passes for a name in Latin letters"
        sink.warning("look-alike", ref.location, message, f"the domain is {address.domain}; is it meant?")
    if address.needs_smtputf8:
        sink.note("needs-smtputf8", ref.location, f"only a server that offers SMTPUTF8 takes '{address}'")
    if not policy.allows(address):
        allowed = ", ".join(sorted(policy.allow))
        sink.error("domain-not-allowed", ref.location, f"mail may not go to {address.domain}", f"allowed: {allowed}")
        return None
    return address
