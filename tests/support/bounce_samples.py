"""Reports on mail that came back, in the forms of several mail servers."""

from pathlib import Path

TEXT = "This is the mail system. I'm sorry to have to inform you that your message could not be delivered.\n"


def report(
    address: str,
    message_id: str | None,
    status: str = "5.1.1",
    action: str = "failed",
    reason: str = "550 5.1.1 no such user",
    *,
    original: str | None = None,
    whole: bool = False,
    kind: str = "message/delivery-status",
) -> bytes:
    """A delivery status notification as Postfix and Exchange Online write it (RFC 3464)."""
    head = f"From: briefings@example.org\nTo: {address}\nSubject: Night buses\nMessage-ID: {message_id}\n"
    copy = (
        f"Content-Type: message/rfc822\n\n{head}\nHello\n" if whole else f"Content-Type: text/rfc822-headers\n\n{head}"
    )
    original_field = f"Original-Recipient: rfc822;{original}\n" if original else ""
    status_part = f"""Content-Type: {kind}

Reporting-MTA: dns; mail.example.net
Arrival-Date: Tue, 30 Jun 2026 09:00:00 +0000

Final-Recipient: rfc822; {address}
{original_field}Action: {action}
Status: {status}
Diagnostic-Code: smtp;
 {reason}
"""
    parts = [f"Content-Type: text/plain\n\n{TEXT}", status_part, *([copy] if message_id is not None else [])]
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"""Return-Path: <>
From: MAILER-DAEMON@example.net (Mail Delivery System)
To: briefings@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

{body}--b--
""".encode()


def qmail(address: str, message_id: str, reason: str = "Sorry, no mailbox here by that name. (#5.1.1)") -> bytes:
    """A report of qmail (QSBMF)."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@example.net
To: briefings@example.org
Subject: failure notice

Hi. This is the qmail-send program at example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{address}>:
{reason}

--- Below this line is a copy of the message.

Return-Path: <briefings@example.org>
From: briefings@example.org
Message-ID: {message_id}

<another@example.net>:
Not a report. (#5.1.1)
""".encode()


def exim(address: str, message_id: str, is_permanent: bool = True) -> bytes:
    """A report of Exim without a delivery status."""
    opening = "A message that you sent could not be delivered to one or more of its recipients."
    said = "This is a permanent error. The following address(es) failed:" if is_permanent else "No action is required."
    return f"""Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@example.net>
To: briefings@example.org
Auto-Submitted: auto-replied
X-Failed-Recipients: {address}
Subject: Mail delivery failed: returning message to sender

{opening} {said}

  {address}
    host mx.example.net: 550 unknown user

------ This is a copy of the message, including all the headers. ------

Message-ID: {message_id}
Subject: Night buses
""".encode()


EXCHANGE_WITHOUT_STATUS = b"""Return-Path: <>
From: postmaster@example.net
To: briefings@example.org
Subject: Undeliverable: Night buses
Content-Type: text/html

<p>Your message to ann@example.net couldn't be delivered.</p>
"""
ORDINARY = b"From: Ann <ann@example.net>\nTo: briefings@example.org\nSubject: Thanks\n\nThanks for the briefing.\n"
AUTO_REPLY = b"""From: Ann <ann@example.net>
Auto-Submitted: auto-replied
Subject: Out of office

I am away. <ann@example.net>: #5.1.1
"""


def write_maildir(folder: Path, *messages: bytes) -> Path:
    """Makes a Maildir with the messages, the first of them new and the others read."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, data in enumerate(messages):
        part = "cur" if number else "new"
        (folder / part / f"{number}.example{':2,S' if number else ''}").write_bytes(data)
    return folder
