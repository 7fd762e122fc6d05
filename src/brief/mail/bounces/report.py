"""Reads one message of a mailbox as a bounce report.

Supports delivery status notifications (RFC 3464, and RFC 6533 for non-ASCII addresses), and two older formats that can
be recognised safely: those of qmail (QSBMF) and Exim. Anything else that looks like a report counts as unknown, and is
left for a person to read.

Why not `flufl.bounce`: it runs all of its detectors, also on the returned copy of the message, and merges their
findings. An address found by mistake would get no more mail. It reports neither the reason nor the Message-ID.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser

from brief.mail.bounces.failure import Failure, classify_failure
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass
from brief.reading.addresses import BadAddressError, parse_address

MAX_MESSAGE_BYTES = 5_000_000  # bytes of the largest message that is read
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}>")
# Does not match in an IP address, which reasons often contain.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![.]?\d)")
_REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
_COPY_TYPES = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
# The beginning of every report of qmail (cr.yp.to/proto/qsbmf.txt).
_QMAIL = re.compile(r"\s*Hi\. This is the\b")
_QMAIL_RECIPIENT = re.compile(r"<([^<>\s]+)>:\r?\n(.*)", re.DOTALL)
_SYSTEM_SENDER = re.compile(r"\b(mailer-daemon|postmaster|mail delivery (sub)?system)\b", re.IGNORECASE)
_ACTIONS = ("failed", "delayed")
_ENCODINGS = ("base64", "quoted-printable")
# A comment of RFC 5322, 3.2.2, such as "failed (user unknown)".
_COMMENT = re.compile(r"\([^()]*\)")
# RFC 6533, 3: a non-ASCII character of an address in ASCII.
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


@dataclass(frozen=True, slots=True)
class BounceReport:
    """The contents of a report: the failures, and the Message-ID of the returned message; None if the report lacks it.

    `is_unknown` means that the message looks like a report but could not be read as one.
    """

    failures: tuple[Failure, ...] = ()
    message_id: str | None = None
    is_unknown: bool = False


def read_report(data: bytes) -> BounceReport | None:
    """Reads a message as a report; returns None if it does not look like a bounce report."""
    if len(data) > MAX_MESSAGE_BYTES:
        return BounceReport(is_unknown=True)
    try:
        # The old policy is lenient: it reads malformed headers.
        message = message_from_bytes(data, policy=policy.compat32)
        return _read(message)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # Python's parser fails on some messages; this must not end the run.
        return BounceReport(is_unknown=True)


def _read(message: Message) -> BounceReport | None:
    statuses = [part for part in _list_parts(message) if part.get_content_type() in _REPORT_TYPES]
    if message.get_content_type() == "multipart/report" and statuses:
        failures = [failure for part in statuses for failure in _read_failures(part)]
        if failures:
            return BounceReport(tuple(failures), _find_returned_id(message))
        # A report of a successful or relayed delivery is not a bounce.
        return None if _list_actions(statuses) else BounceReport(is_unknown=True)
    text = _read_text(message)
    if _QMAIL.match(text) and (failures := list(_read_qmail_failures(text))):
        return BounceReport(tuple(failures), _find_copied_id(text))
    if failures := list(_read_exim_failures(message, text)):
        return BounceReport(tuple(failures), _find_returned_id(message) or _find_copied_id(text))
    return BounceReport(is_unknown=True) if _looks_like_report(message) else None


def _list_parts(message: Message) -> Iterator[Message]:
    """Yields the parts of a report, without the parts of the returned message, which may itself be a report."""
    content = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(content, list):
        for part in content:
            if isinstance(part, Message):
                yield part


def _parse_field_groups(part: Message) -> list[Message]:
    """Returns the field groups of a delivery status: one for the message, and one for each recipient (RFC 3464, 2.1)."""
    if str(part["Content-Transfer-Encoding"] or "").strip().lower() in _ENCODINGS:
        # RFC 3464, 2.1, does not permit an encoding. Python parses the encoded groups as headers, so decode them here.
        encoded_part = Message(policy=policy.compat32)
        encoded_part["Content-Transfer-Encoding"] = part["Content-Transfer-Encoding"]
        encoded_part.set_payload(part.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[2])
        body = _decode(encoded_part).replace(b"\r\n", b"\n")
    else:
        _, _, body = part.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    parser = BytesHeaderParser(policy=policy.compat32)
    return [parser.parsebytes(group.lstrip(b"\n")) for group in re.split(rb"\n[ \t]*\n", body) if group.strip()]


def _list_actions(parts: list[Message]) -> list[str]:
    return [str(group["Action"]) for part in parts for group in _parse_field_groups(part) if group["Action"]]


def _read_failures(part: Message) -> Iterator[Failure]:
    for group in _parse_field_groups(part):
        action = _COMMENT.sub("", str(group.get("Action", ""))).strip().lower()
        if action not in _ACTIONS:
            continue
        # If the mail was forwarded, Original-Recipient is the address to which brief sent it.
        address_field = group["Original-Recipient"] or group["Final-Recipient"]
        reason = " ".join(str(group.get("Diagnostic-Code", "")).partition(";")[2].split())
        status = _find_status(str(group.get("Status", "")), reason)
        recipient = _identify(_read_recipient(str(address_field or "")))
        yield Failure(recipient, classify_failure(action, status), status, reason)


def _read_recipient(value: str) -> str:
    """Returns the address in a field value `type; address`; some servers leave out the type, or add a comment."""
    _, separator, address = value.partition(";")
    plain = _COMMENT.sub("", address if separator else value)
    return _ESCAPED.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), plain)


def _find_status(*texts: str) -> str:
    """Returns the first status code (RFC 3463) that does not end in `.0.0`, or else the first; "" if the report has no status code."""
    codes = [match[0] for text in texts for match in _STATUS.finditer(text)]
    return next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else "")


def _read_qmail_failures(text: str) -> Iterator[Failure]:
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        if paragraph.lstrip().startswith("-"):
            return
        if match := _QMAIL_RECIPIENT.match(paragraph.lstrip()):
            reason = " ".join(match[2].split())
            status = _find_status(reason)
            yield Failure(_identify(match[1]), classify_failure("failed", status or "5.0.0"), status, reason)


def _read_exim_failures(message: Message, text: str) -> Iterator[Failure]:
    recipients = message.get_all("X-Failed-Recipients", [])
    if not recipients or str(message.get("Auto-Submitted", "")).lower() != "auto-replied":
        return
    notice = text.partition("------ This is a copy of")[0]
    action = "failed" if "permanent error" in notice else "delayed"
    for address in ",".join(map(str, recipients)).split(","):
        _, _, reason = notice.partition(address.strip())
        reason = " ".join(reason.split())[:300]
        status = _find_status(reason)
        default = "5.0.0" if action == "failed" else "4.0.0"
        yield Failure(_identify(address), classify_failure(action, status or default), status, reason)


def _identify(text: str) -> str | None:
    """Returns a recipient in the ledger's form; None if the text is not an address."""
    try:
        return parse_address(text.strip().strip("<>")).identity
    except (BadAddressError, MachineError):
        return None


def _find_returned_id(message: Message) -> str | None:
    """Returns the Message-ID of the returned message, of which the report may contain only the header (RFC 3462, 2)."""
    for part in _list_parts(message):
        if part.get_content_type() not in _COPY_TYPES:
            continue
        copy = part.get_payload()
        if isinstance(copy, list) and copy and isinstance(copy[0], Message):
            value = str(copy[0].get("Message-ID", ""))
        else:
            value = str(BytesHeaderParser().parsebytes(_decode(part)).get("Message-ID", ""))
        if match := _MESSAGE_ID.search(value):
            return match[0]
    return None


def _find_copied_id(text: str) -> str | None:
    """Returns the Message-ID in a text that contains a copy of the returned message."""
    match = re.search(r"^Message-ID:\s*(<[^<>\s]{3,300}>)", text, re.IGNORECASE | re.MULTILINE)
    return match[1] if match else None


def _read_text(message: Message) -> str:
    """Returns the text of a message, or of the first of its parts that is a text; "" if that is not plain text."""
    part = next((each for each in _list_parts(message) if each.get_content_maintype() == "text"), message)
    return _decode(part).decode("utf-8", "replace") if part.get_content_type() == "text/plain" else ""


def _decode(part: Message) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _looks_like_report(message: Message) -> bool:
    is_empty_path = str(message.get("Return-Path", "")).strip() == "<>"
    is_report = str(message.get_param("report-type", "")).lower() == "delivery-status"
    return is_report or (
        bool(_SYSTEM_SENDER.search(str(message.get("From", "")))) and (is_empty_path or "Return-Path" not in message)
    )
