"""Composes messages for programs that send mail themselves, such as web frameworks and job queues."""

from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from brief.mail.compose import mime
from brief.mail.compose.letter import Letter
from brief.mail.compose.message import Envelope, MessageTemplate, make_attachment
from brief.mail.compose.unsubscribe import Unsubscribe, find_unsubscribe_problem
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import UNKNOWN_LOCATION
from brief.reading.addresses import Address, BadAddressError, parse_address


def compose(
    artifacts: Iterable[Artifact],
    letter: Letter,
    name: str,
    address: str,
    *,
    sender: str,
    moment: datetime,
    list_unsubscribe: str | None = None,
    unsubscribe_token: str | None = None,
) -> EmailMessage:
    """Composes the message that sends `letter` and artifacts of its variant to one person, from the address `sender`.

    `moment` becomes its `Date`. In `list_unsubscribe`, `{token}` is replaced with `unsubscribe_token` and `{address}`
    with `address`. The same arguments give the same `bytes()`, which `smtplib`'s `send_message` sends unchanged.

    Raises:
        ContentError: an address is not valid, a text cannot be in a header, an artifact is of another variant, or
            `list_unsubscribe` needs a token that is not given.
    """
    problems = []
    addresses: dict[str, Address] = {}
    for text in (address, sender):
        try:
            addresses[text] = parse_address(text)
        except BadAddressError as problem:
            problems.append(
                Diagnostic("bad-address", f"the address '{text}' {problem.message}", UNKNOWN_LOCATION, problem.hint)
            )
    if list_unsubscribe and (reason := find_unsubscribe_problem(list_unsubscribe)):
        problems.append(Diagnostic("bad-address", f"the address '{list_unsubscribe}' {reason}", UNKNOWN_LOCATION))
    attached = {}
    for artifact in artifacts:
        if (artifact.audience, artifact.locale) != (letter.audience, letter.locale):
            wrong = f"'{artifact.name}' does not belong to '{letter.variant_name}', the variant of the letter"
            problems.append(Diagnostic("other-variant", wrong, UNKNOWN_LOCATION))
        attachment = make_attachment(letter, artifact.name, artifact.media_type, artifact.sha256)
        attached[attachment] = mime.encode_base64(artifact.data)
    if problems:
        raise ContentError(problems)
    envelope = Envelope(sender=addresses[sender], moment=moment, unsubscribe=Unsubscribe(uri=list_unsubscribe))
    message = MessageTemplate(letter, attached, envelope).write(name, addresses[address], unsubscribe_token)
    # A message parsed from bytes is serialised unchanged.
    return message_from_bytes(message.load(), policy=policy.SMTP.clone(refold_source="none"))
