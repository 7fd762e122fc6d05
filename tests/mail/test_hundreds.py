"""Hundreds of people in three locales, through a server with encryption and logins, and through Postfix: all that was
planned arrives once, reads back as it was meant, and carries the very bytes of the pack.

`BRIEF_PEOPLE` is their number, in hundreds (300 by default).
"""

import json
import os
from collections import Counter
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bulk_mail import LOCALES, Posting
from certificates import Authority, authority
from mail_server import PASSWORD, USER, ReceivingServer
from postfix import COMMAND, Postfix

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hundreds-of-people")]

PEOPLE = int(os.environ.get("BRIEF_PEOPLE", "300"))


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Posting:
    posting = Posting.made(tmp_path_factory.mktemp("hundreds"), shared_cache, "-f", "pdf", "-f", "docx")
    posting.plan_for(PEOPLE, "pdf", "docx")
    return posting


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("trusted"))


def test_through_a_server_with_starttls_and_logins(
    mail: Posting, trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEF_SMTP_CA", trusted.file)
    with ReceivingServer(trusted.context()) as receiver:
        port = receiver.server().port
        monkeypatch.setenv(
            "BRIEF_SMTP_URL", f"smtp+starttls://{quote(USER)}:{quote(PASSWORD, safe='')}@localhost:{port}"
        )
        sent = mail.brief("mail", "send", "plan.json", "--tries", "1")
        assert (sent.status, sent.stderr.splitlines()[1:]) == (0, [f"brief: {PEOPLE} accepted"])
        again = mail.brief("mail", "send", "plan.json", "--tries", "1")
        assert (again.status, again.stdout) == (0, "")
        assert len(receiver.logins) == PEOPLE / 100, "a hundred messages a connection"
        assert_all_arrived(mail, receiver.received)


@pytest.mark.skipif(COMMAND is None, reason="Postfix is not installed")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts Postfix")
def test_through_postfix(mail: Posting, trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_SMTP_CA", trusted.file)
    mail.ledger.unlink(missing_ok=True)
    with Postfix(trusted.authority) as postfix:
        monkeypatch.setenv("BRIEF_SMTP_URL", f"smtp+starttls://localhost:{postfix.port}")
        sent = mail.brief(
            "mail", "send", "plan.json", "--tries", "1", "--allow", "no-authentication", "--accept-ledger"
        )
        assert (sent.status, sent.stderr.splitlines()[1:]) == (0, [f"brief: {PEOPLE} accepted"])
        delivered = postfix.delivered(PEOPLE)
        assert_all_arrived(mail, [(message_from_bytes(data)["Delivered-To"], data) for data in delivered])


def assert_all_arrived(mail: Posting, received: list[tuple[str, bytes]]) -> None:
    manifest = json.loads((mail.project.root / "output/night-buses/manifest.json").read_bytes())
    pack = {artifact["path"]: artifact for artifact in manifest["artifacts"]}
    plan = json.loads((mail.folder / "plan.json").read_bytes())
    planned = {message["address"]: message for message in plan["messages"]}
    assert Counter(recipient for recipient, _ in received) == dict.fromkeys(planned, 1)
    locales: Counter[str] = Counter()
    for recipient, data in received:
        message: Any = message_from_bytes(data)
        expected = planned[recipient]
        assert parseaddr(str(make_header(decode_header(message["To"])))) == (expected["name"], recipient)
        assert message["Message-ID"] == expected["message_id"]
        locales[message["Content-Language"]] += 1
        parts = list(message.walk())
        files = [plan["attachments"][number] for number in expected["files"]]
        carried = [
            (part.get_filename(), sha256(part.get_payload(decode=True)).hexdigest())
            for part in parts
            if part.get_content_disposition() == "attachment"
        ]
        assert [digest for _, digest in carried] == [pack[file["path"]]["sha256"] for file in files]
        names = [(file["name"], file["plain_name"]) for file in files]
        assert (
            len(carried) == len([name for (name, _), known in zip(carried, names, strict=True) if name in known]) == 2
        )
        words = next(part for part in parts if part.get_content_type() == "text/plain")
        assert expected["name"] in words.get_payload(decode=True).decode()
    assert set(locales) == set(LOCALES)
    assert min(locales.values()) > PEOPLE / 4
