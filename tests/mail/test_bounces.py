"""What came back marks the recipient it is about, and no other; mailboxes stay as they were."""

import base64
import json
import quopri
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import keyring
import pytest
from bounce_samples import AUTO_REPLY, EXCHANGE_WITHOUT_STATUS, ORDINARY, exim, qmail, report, write_maildir
from certificates import Authority, authority
from hypothesis import given, settings
from hypothesis import strategies as st
from imap_server import PASSWORD, USER, ImapServer
from mail_plans import PACK, Mailing, row, write_list
from outgoing_samples import people
from projects import ProjectCopy, Run, run_brief
from scripted_smtp import ScriptedServer
from sender_run import Outbox
from token_endpoint import TokenEndpoint, bearer

from brief.mail.bounces.report import MAX_MESSAGE_BYTES, BounceReport, read_report
from brief.mail.plan.plan import compose_outgoing
from brief.mail.plan.plan_file import read_plan
from brief.mail.send.delivery_status import FailureKind
from brief.mail.send.ledger import open_ledger, read_bounces

ANN, BOB = people(2)
KEY = "night-buses/2026-06-30/council.en/"
PERMANENT, TRANSIENT = FailureKind.PERMANENT, FailureKind.TRANSIENT


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """A ledger with two messages that were accepted."""
    (tmp_path / "output").mkdir()
    made = Outbox(tmp_path / "output")
    with ScriptedServer() as server:
        made.run(server.server, (ANN, BOB))
    return made


def run(outbox: Outbox, mailbox: Path | str, *args: str) -> Run:
    return run_brief("mail", "bounces", str(mailbox), "-o", outbox.folder, *args, cwd=outbox.folder.parent)


def marks(outbox: Outbox) -> dict[str, FailureKind]:
    return {bounce.key.recipient: bounce.kind for bounce in read_bounces(outbox.ledger)}


# One report

KINDS = {
    "no such user": ("5.1.1", "failed", "550 5.1.1 no such user", PERMANENT),
    "no such host": ("5.1.2", "failed", "", PERMANENT),
    "mailbox disabled": ("5.2.1", "failed", "", PERMANENT),
    "unspecified": ("5.0.0", "failed", "550 unknown user", PERMANENT),
    "the server's code tells more": ("5.0.0", "failed", "552 5.2.2 mailbox full", TRANSIENT),
    "mailbox full": ("5.2.2", "failed", "", TRANSIENT),
    "message too large": ("5.3.4", "failed", "", TRANSIENT),
    "refused by a filter": ("5.7.1", "failed", "", TRANSIENT),
    "the sender's domain does not exist": ("5.1.8", "failed", "550 5.1.8 Sender address rejected", TRANSIENT),
    "the sender may send no more": ("5.0.0", "failed", "550 5.1.8 Access denied, bad outbound sender", TRANSIENT),
    "a sender's address of the wrong form": ("5.1.7", "failed", "", TRANSIENT),
    "a loop": ("5.4.6", "failed", "554 5.4.6 Too many hops", TRANSIENT),
    "a loop at Exchange": ("5.4.14", "failed", "554 5.4.14 Hop count exceeded - possible mail loop", TRANSIENT),
    "given up, as a failure of class 5": ("5.4.7", "failed", "554 5.4.7 delivery time expired", TRANSIENT),
    "the connection was lost": ("5.4.2", "failed", "", TRANSIENT),
    "a fault of the protocol": ("5.5.2", "failed", "", TRANSIENT),
    "no such user at Exchange": ("5.1.10", "failed", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", PERMANENT),
    "rejected at the edge of Exchange": ("5.4.1", "failed", "550 5.4.1 Recipient address rejected", PERMANENT),
    "no such domain": ("5.4.4", "failed", "Host or domain name not found", PERMANENT),
    "no such mailbox, without detail": ("5.5.0", "failed", "550 5.5.0 mailbox unavailable", PERMANENT),
    "given up": ("4.4.7", "failed", "", TRANSIENT),
    "still trying": ("4.4.1", "delayed", "", TRANSIENT),
    "delayed with a code of failure": ("5.1.1", "delayed", "", TRANSIENT),
    "no code": ("", "failed", "", TRANSIENT),
}


@pytest.mark.parametrize(("status", "action", "reason", "kind"), KINDS.values(), ids=KINDS.keys())
def test_a_status_says_whether_the_address_works(status: str, action: str, reason: str, kind: FailureKind) -> None:
    read = read_report(report("ann@example.net", "<1@example.org>", status, action, reason))
    assert read is not None
    assert [(failure.recipient, failure.kind) for failure in read.failures] == [("ann@example.net", kind)]
    assert read.message_id == "<1@example.org>"


FORMS = {
    "header alone": report("ann@example.net", "<1@example.org>"),
    "whole message": report("ann@example.net", "<1@example.org>", whole=True),
    "forwarded": report("x@elsewhere.example", "<1@example.org>", original="Ann@Example.net"),
    "beyond ASCII": report("ann@example.net", "<1@example.org>", kind="message/global-delivery-status"),
    "CR LF": report("ann@example.net", "<1@example.org>").replace(b"\n", b"\r\n"),
    "qmail": qmail("ann@example.net", "<1@example.org>"),
    "Exim": exim("ann@example.net", "<1@example.org>"),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
def test_the_forms_of_servers_are_understood(data: bytes) -> None:
    read = read_report(data)
    assert read is not None
    assert [(failure.recipient, failure.kind) for failure in read.failures] == [("ann@example.net", PERMANENT)]
    assert (read.message_id, read.is_unknown) == ("<1@example.org>", False)


def test_what_is_not_permanent_in_older_forms() -> None:
    for data in (
        qmail("a@example.net", "<1@example.org>", "Mailbox is full. (#5.2.2)"),
        qmail("a@example.net", "<1@example.org>", "I'm not going to try again; this message is too old. (#4.4.1)"),
        exim("a@example.net", "<1@example.org>", is_permanent=False),
    ):
        read = read_report(data)
        assert read is not None
        assert [failure.kind for failure in read.failures] == [TRANSIENT]


NO_REPORTS = {
    "ordinary mail": ORDINARY,
    "automatic reply that quotes a report": AUTO_REPLY,
    "delivered": report("ann@example.net", "<1@example.org>", "2.0.0", "delivered"),
    "relayed": report("ann@example.net", "<1@example.org>", "2.0.0", "relayed"),
    "nothing": b"",
}


@pytest.mark.parametrize("data", NO_REPORTS.values(), ids=NO_REPORTS.keys())
def test_other_mail_marks_no_recipient(data: bytes) -> None:
    assert read_report(data) is None


UNKNOWN = {
    "Exchange without a status": EXCHANGE_WITHOUT_STATUS,
    "report without recipients": report("ann@example.net", None).replace(b"Action:", b"X-Action:"),
    "report without a status": report("ann@example.net", None, kind="text/plain"),
    "too large": b"x" * (MAX_MESSAGE_BYTES + 1),
    "nested too deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    ),
}


@pytest.mark.parametrize("data", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_report_that_is_not_understood_is_for_a_person(data: bytes) -> None:
    assert read_report(data) == BounceReport(is_unknown=True)


def test_a_deeply_nested_message_does_not_crash() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    assert read_report(nested) in (None, BounceReport(is_unknown=True))


def test_a_date_that_goes_on_in_the_first_column_breaks_nothing() -> None:
    for form in ("\nArrival-Date: Tue, 30 Jun\x1e09:00:00 +0000", "\nX: a\rb: c", "\nX: a\x0b\x1cb"):
        data = FORMS["header alone"].replace(b"\nReporting-MTA", form.encode() + b"\nReporting-MTA")
        read = read_report(data)
        assert read is None or isinstance(read, BounceReport)


@settings(max_examples=150, deadline=2000)
@given(st.sampled_from([*FORMS.values(), *UNKNOWN.values()][:-1]), st.data())
def test_no_message_breaks_the_reader(data: bytes, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(start, min(len(data), start + 60)))
    read = read_report(data[:start] + draw.draw(st.binary(max_size=40)) + data[end:])
    assert read is None or isinstance(read, BounceReport)


# Whom it is about


def test_a_maildir_marks_recipients_and_stays_as_it_was(outbox: Outbox, tmp_path: Path) -> None:
    folder = write_maildir(
        tmp_path / "mail",
        report(ANN.recipient, ANN.message_id),
        report(BOB.recipient, BOB.message_id, "4.2.2", "failed", "mailbox full"),
        report(BOB.recipient, "<other@example.org>"),
        EXCHANGE_WITHOUT_STATUS,
        ORDINARY,
    )
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = run(outbox, folder)
    assert (ran.status, ran.stderr) == (
        0,
        "brief: 1 permanent, 1 transient, 1 unknown, 1 about another message, 1 message that is not a report\n",
    )
    assert ran.stdout.splitlines() == [
        f"transient  {KEY}{BOB.recipient}  4.2.2 mailbox full",
        f"permanent  {KEY}{ANN.recipient}  5.1.1 550 5.1.1 no such user",
        "unknown    cur/3.example:2,S",
    ]
    assert marks(outbox) == {ANN.recipient: PERMANENT, BOB.recipient: TRANSIENT}
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    again = json.loads(run(outbox, folder, "--json").stdout)
    assert [bounce["kind"] for bounce in again["bounces"]] == ["transient", "permanent"]
    assert marks(outbox) == {ANN.recipient: PERMANENT, BOB.recipient: TRANSIENT}


def test_the_message_id_decides_which_recipient_is_marked(outbox: Outbox, tmp_path: Path) -> None:
    """A report on a message that is not ours marks no recipient, even if it names a recipient of ours."""
    forged = report(BOB.recipient, "<forged@example.org>")
    forwarded = report("ann@elsewhere.example", ANN.message_id)
    ran = run(outbox, write_maildir(tmp_path / "mail", forged, forwarded))
    assert marks(outbox) == {ANN.recipient: TRANSIENT}
    assert (
        f"transient  {KEY}{ANN.recipient}  5.1.1 passed on to ann@elsewhere.example: 550 5.1.1 no such user"
        in ran.stdout
    )


def test_a_member_of_a_list_who_left_does_not_stop_the_list(outbox: Outbox, tmp_path: Path) -> None:
    left = report("gone@example.net", ANN.message_id)
    run(outbox, write_maildir(tmp_path / "a", left))
    assert marks(outbox) == {ANN.recipient: TRANSIENT}
    run(outbox, write_maildir(tmp_path / "b", left, report(ANN.recipient, ANN.message_id)))
    assert marks(outbox) == {ANN.recipient: PERMANENT}


def test_without_a_message_id_the_recipient_decides(outbox: Outbox, tmp_path: Path) -> None:
    run(outbox, write_maildir(tmp_path / "mail", report(BOB.recipient.upper(), None), report("x@example.net", None)))
    assert marks(outbox) == {BOB.recipient: PERMANENT}


def test_a_permanent_mark_stays_until_it_is_removed(outbox: Outbox, tmp_path: Path) -> None:
    run(outbox, write_maildir(tmp_path / "a", report(ANN.recipient, ANN.message_id)))
    run(outbox, write_maildir(tmp_path / "b", report(ANN.recipient, ANN.message_id, "4.4.1", "delayed")))
    assert marks(outbox) == {ANN.recipient: PERMANENT}
    said = run_brief("mail", "bounces", "--forget", ANN.recipient, "-o", outbox.folder, cwd=tmp_path)
    assert (said.status, said.stderr) == (0, "brief: 1 forgotten\n")
    assert marks(outbox) == {}


def test_the_status_of_messages_lists_their_bounces(outbox: Outbox, tmp_path: Path) -> None:
    def show(*args: str) -> Run:
        return run_brief("mail", "status", "-o", outbox.folder, *args, cwd=tmp_path)

    assert (show().stdout, show().stderr) == ("", "brief: 2 accepted\n")
    assert all("bounce" not in entry for entry in json.loads(show("--json").stdout))
    reports = (
        report(ANN.recipient, ANN.message_id),
        report(BOB.recipient, BOB.message_id, "4.2.2", "failed", "\x1bfull"),
    )
    run(outbox, write_maildir(tmp_path / "mail", *reports))
    ran = show()
    noted = {bounce.key.recipient: bounce.noted for bounce in read_bounces(outbox.ledger)}
    assert ran.stderr == "brief: 2 accepted, 1 bounced (permanent), 1 bounced (transient)\n"
    assert ran.stdout.splitlines() == [
        f"bounced   {KEY}{ANN.recipient}  {noted[ANN.recipient]}  permanent 5.1.1 550 5.1.1 no such user",
        f"bounced   {KEY}{BOB.recipient}  {noted[BOB.recipient]}  transient 4.2.2 \ufffdfull",
    ]
    ann, bob = json.loads(show("--json").stdout)
    assert (ann["state"], ann["bounce"]["kind"], ann["bounce"]["status"]) == ("accepted", "permanent", "5.1.1")
    assert bob["bounce"]["key"] == KEY + BOB.recipient
    run_brief("mail", "bounces", "--forget", ANN.recipient, "-o", outbox.folder, cwd=tmp_path)
    assert show().stderr == "brief: 2 accepted, 1 bounced (transient)\n"


def test_a_ledger_from_before_there_were_bounces_gets_them(outbox: Outbox, tmp_path: Path) -> None:
    with sqlite3.connect(outbox.ledger) as connection:
        assert not connection.execute("select 1 from sqlite_master where name = 'bounce'").fetchone()
    assert marks(outbox) == {}
    run(outbox, write_maildir(tmp_path / "mail", report(ANN.recipient, ANN.message_id)))
    assert marks(outbox) == {ANN.recipient: PERMANENT}
    assert len(outbox.entries()) == 2


def test_a_folder_that_is_no_maildir_is_refused(outbox: Outbox, tmp_path: Path) -> None:
    assert "is not a Maildir" in run(outbox, tmp_path).stderr
    assert "no ledger" in run_brief("mail", "bounces", tmp_path, "-o", tmp_path / "none", cwd=tmp_path).stderr


# On a server


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def server(trusted: Authority) -> Iterator[ImapServer]:
    with ImapServer(trusted.context()) as running:
        yield running


@pytest.fixture
def url(server: ImapServer, trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("BRIEF_IMAP_CA", trusted.file)
    monkeypatch.setenv("BRIEF_IMAP_PASSWORD", PASSWORD)
    yield f"imaps://{USER.replace('@', '%40')}@localhost:{server.port}/INBOX"
    server.clear()


def test_a_folder_on_a_server_is_read_and_stays_unread(outbox: Outbox, server: ImapServer, url: str) -> None:
    server.add(report(ANN.recipient, ANN.message_id), ORDINARY, EXCHANGE_WITHOUT_STATUS)
    ran = run(outbox, url)
    assert (ran.status, ran.stderr) == (0, "brief: 1 permanent, 1 unknown, 1 message that is not a report\n")
    assert marks(outbox) == {ANN.recipient: PERMANENT}
    flags = server.flags()
    assert len(flags) == 3
    assert not any(b"Seen" in each or b"Deleted" in each for each in flags)


def test_a_server_that_is_not_verified_gets_no_password(
    outbox: Outbox, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BRIEF_IMAP_CA", authority(tmp_path).file)
    ran = run(outbox, url)
    assert ran.status == 3
    assert "could not be verified" in ran.stderr
    assert "no password was sent" in ran.stderr


def test_a_refused_login_is_reported_without_the_password(
    outbox: Outbox, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEF_IMAP_PASSWORD", "hunter2")
    ran = run(outbox, url)
    assert ran.status == 3
    assert "hunter2" not in ran.stderr
    monkeypatch.delenv("BRIEF_IMAP_PASSWORD")
    monkeypatch.setattr(keyring, "get_password", lambda _service, _user: PASSWORD)
    assert run(outbox, url).status == 0


def test_a_token_is_offered_if_oauth_is_configured(outbox: Outbox, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """pymap does not take tokens, and says so; the token is in no message."""
    with TokenEndpoint(lambda _form: bearer("access-token-1")) as endpoint:
        for name, value in {
            "TOKEN_URL": endpoint.url,
            "CLIENT_ID": "brief",
            "GRANT": "client_credentials",
            "CLIENT_SECRET": "hunter2",
        }.items():
            monkeypatch.setenv(f"BRIEF_OAUTH_{name}", value)
        ran = run(outbox, url)
    assert len(endpoint.forms) == 1
    assert ran.status == 3
    assert "access-token-1" not in ran.stderr


URLS = {
    "not encrypted": ("imap://me@example.org/INBOX", "must begin with imaps"),
    "password": ("imaps://me:hunter2@example.org/INBOX", "contains a password"),
    "no user": ("imaps://example.org/INBOX", "is not of the form"),
    "no host": ("imaps://me@/INBOX", "is not of the form"),
    "port that is none": ("imaps://me@example.org:x/INBOX", "is not of the form"),
    "command in the folder": ("imaps://me@example.org/%22%0D%0Aa%20DELETE", "names a folder"),
}


@pytest.mark.parametrize(("url", "why"), URLS.values(), ids=URLS.keys())
def test_a_wrong_address_of_a_folder_is_refused(outbox: Outbox, url: str, why: str) -> None:
    ran = run(outbox, url)
    assert ran.status == 2
    assert why in ran.stderr
    assert "hunter2" not in ran.stderr


# The next plan


def test_bounced_recipients_are_left_out_of_the_next_plan(published: ProjectCopy, tmp_path: Path) -> None:
    mailing = Mailing.of(published)
    people = write_list(row("Ann@example.org"), row("bob@example.org"), row("cy@example.org"))
    assert mailing.plan(people).status == 0
    plan = read_plan(mailing.folder / "plan.json")
    output = mailing.project.root / "output"
    ann, bob, _ = messages = compose_outgoing(plan)
    with open_ledger(output / "night-buses.mail.sqlite3", expected=plan.ledger) as ledger:
        ledger.plan(messages)
    reports = [report(ann.recipient, ann.message_id), report(bob.recipient, bob.message_id, "4.4.7")]
    folder = write_maildir(tmp_path / "mail", *reports)
    assert run_brief("mail", "bounces", folder, "-o", output, cwd=mailing.folder).status == 0
    ran = mailing.plan(people)
    assert ran.status == 0
    assert "warning[bounced]: mail to 'Ann@example.org' bounced: " in ran.stderr
    assert "5.1.1 550 5.1.1 no such user; the recipient is left out" in ran.stderr
    addresses = [str(message.address) for message in read_plan(mailing.folder / "plan.json").messages]
    assert addresses == ["bob@example.org", "cy@example.org"]
    assert mailing.plan(write_list(row("bob@example.org"))).status == 0
    status = run_brief("mail", "status", "plan.json", cwd=mailing.folder)
    assert status.stderr == "brief: 1 planned, 1 bounced (transient)\n", "the bounces of the plan's recipients"
    assert [message["address"] for message in mailing.planned(people, "--include-bounced")] == [
        "Ann@example.org",
        "bob@example.org",
        "cy@example.org",
    ]
    alone = mailing.plan(write_list(row("ann@example.org")))
    assert (alone.status, alone.stderr.count("error[bounced]")) == (1, 1)
    assert sha256((mailing.project.root / PACK / "manifest.json").read_bytes()).hexdigest() == plan.manifest


def encode_status(data: bytes, encoding: str) -> bytes:
    """Encodes the part with the status, as some servers do although RFC 3464 does not foresee it."""
    head, mark, rest = data.partition(b"Content-Type: message/delivery-status\n\n")
    body, _, tail = rest.partition(b"--b\n")
    written = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    return head + mark[:-1] + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + written + b"\n--b\n" + tail


PLAIN = report("ann@example.net", "<1@example.org>")
ODD = {
    "in base64": encode_status(PLAIN, "base64"),
    "in quoted-printable": encode_status(PLAIN, "quoted-printable"),
    "comment behind the action": PLAIN.replace(b"Action: failed", b"Action: Failed (user unknown)"),
    "folded action": PLAIN.replace(b"Action: failed", b"Action:\n failed"),
    "no type of the address": PLAIN.replace(b"rfc822; ", b""),
    "angle brackets": PLAIN.replace(b"rfc822; ann@example.net", b"RFC822;<ann@example.net>"),
    "comment behind the address": PLAIN.replace(b"rfc822; ann@example.net", b"rfc822; ann@example.net (Ann)"),
    "escaped as in RFC 6533": PLAIN.replace(b"rfc822; ann", b"utf-8; \\x{61}nn"),
    "comment behind the status": PLAIN.replace(b"Status: 5.1.1", b"Status: 5.1.1 (bad mailbox)"),
    "IP address like a status": report("ann@example.net", "<1@example.org>", "5.0.0", reason="550 by [5.7.1.9]"),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_odd_reports_are_understood(data: bytes) -> None:
    read = read_report(data)
    assert read is not None
    assert [(failure.recipient, failure.kind) for failure in read.failures] == [("ann@example.net", PERMANENT)]
    assert read.message_id == "<1@example.org>"
