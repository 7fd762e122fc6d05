"""`brief mail send`, `status` and `resolve` as they are typed: what they print, how they end, and what they leave."""

import email.policy
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from pathlib import Path
from threading import Event
from typing import NoReturn

import pytest
from bulk_mail import Posting
from mail_plans import row, write_list
from projects import ProjectCopy
from scripted_smtp import Fault, ScriptedServer

import brief
from brief import ContentError
from brief.cli.commands.mail.send import _print_age
from brief.mail.plan.plan import require_due
from brief.mail.plan.plan_file import read_plan
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.ledger import open_ledger, read_ledger

OPEN = ("--allow", "plain-text", "--allow", "no-authentication")
OUTPUT = ("-o", "project/output")
KEY = "night-buses/2026-06-30/public.en/person0000@example.net"


@pytest.fixture
def mail(published: ProjectCopy) -> Posting:
    posting = Posting(published)
    posting.approve()
    return posting


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> "Url":
    return Url(monkeypatch)


class Url:
    """Sets BRIEF_SMTP_URL."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def __call__(self, server: ScriptedServer) -> None:
        self._patch.setenv("BRIEF_SMTP_URL", f"smtp+insecure://127.0.0.1:{server.port}")


def test_a_pack_whose_approval_is_gone_is_not_sent(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    (mail.project.root / "output/night-buses.approval.json").unlink()
    with ScriptedServer() as server:
        url(server)
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
        assert ran.status == 1
        assert "error[not-approved]" in ran.stderr
        assert server.connections == 0
    assert read_ledger(mail.ledger) == ()


def test_once_each(mail: Posting, url: Url) -> None:
    mail.plan_for(6, "html")
    with ScriptedServer() as server:
        url(server)
        first = mail.brief("mail", "send", "plan.json", *OPEN)
        assert first.status == 0
        assert first.stderr.splitlines() == [
            f"brief: created the ledger {mail.ledger}; no messages have been sent yet",
            "brief: 6 accepted",
        ]
        assert first.stdout.splitlines()[0] == f"accepted  {KEY}  250 2.0.0 queued"
        second = mail.brief("mail", "send", "plan.json", *OPEN)
        assert (second.status, second.stdout) == (0, "")
        assert second.stderr.startswith("brief: 6 messages were already accepted, the last at 20")
        mail.plan_for(7, "html")
        third = mail.brief("mail", "send", "plan.json", *OPEN)
        assert third.stdout.count("\n") == 1, "planned again, only the new one is sent"
        assert sorted(server.recipients) == [f"person{number:04}@example.net" for number in range(7)]


def test_content_that_was_rebuilt(mail: Posting, url: Url) -> None:
    mail.plan_for(2, "html")
    with ScriptedServer() as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        mail.project.replace("content/brief.yaml", "en: Night buses after one year", "en: Night buses after a year")
        assert mail.project.run("build", "-a", "public", "-f", "html", "--replace").status == 0
        mail.approve()
        mail.plan_for(2, "html")
        again = mail.brief("mail", "send", "plan.json", *OPEN)
        assert again.status == 1
        assert (
            f"error[different-content]: different content under the same key {KEY}; it was accepted at 20"
            in again.stderr
        )
        assert again.stderr.count("error[") == 1, "the Chinese title is what it was"
        assert len(server.received) == 2


@pytest.mark.parametrize(
    ("step", "status", "state"),
    [
        (b"550 5.1.1 no such user\r\n", 6, "refused"),
        (b"450 4.7.1 greylisted\r\n", 6, "deferred"),
        (Fault.DROP, 7, "unknown"),
        (Fault.RST, 7, "unknown"),
    ],
)
def test_how_it_ends(mail: Posting, url: Url, step: bytes | Fault, status: int, state: str) -> None:
    mail.plan_for(2, "html")
    with ScriptedServer({"end": lambda line, _: step if b"0000" in line else b"250 ok\r\n"}) as server:
        url(server)
        sent = mail.brief("mail", "send", "plan.json", "--tries", "1", *OPEN)
    assert sent.status == status
    assert f"brief: 1 accepted, 1 {state}\n" in sent.stderr
    for args in (("plan.json",), OUTPUT):
        said = mail.brief("mail", "status", *args)
        assert said.status == 0
        assert said.stdout.startswith(f"{state:<8}  {KEY}  20")
        assert said.stdout.count("\n") == 1
        assert said.stderr == f"brief: 1 accepted, 1 {state}\n"


def test_a_message_stays_unknown_until_resolved(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    with ScriptedServer({"end": Fault.DROP}) as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 7
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 7
        assert len(server.received) == 1
    assert mail.brief("mail", "resolve", KEY, "--not-delivered", *OUTPUT).status == 0
    with ScriptedServer() as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert server.recipients == ["person0000@example.net"]


def test_settled_as_delivered(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    with ScriptedServer({"end": Fault.DROP}) as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 7
        assert mail.brief("mail", "resolve", KEY, "--delivered", *OUTPUT).stderr == "brief: recorded 1 as delivered\n"
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert len(server.received) == 1
    wrong = mail.brief("mail", "resolve", KEY, KEY.replace("0000", "0001"), "--delivered", *OUTPUT)
    assert wrong.status == 1
    assert "error[settled-message]" in wrong.stderr
    assert "error[unknown-message]" in wrong.stderr


@pytest.mark.parametrize(
    "args", [(), ("--delivered",), (KEY,), ("no-key", "--delivered"), (KEY.replace("night", "day"), "--delivered")]
)
def test_settling_nothing(mail: Posting, args: tuple[str, ...]) -> None:
    assert mail.brief("mail", "resolve", *args, *OUTPUT).status == 2
    assert not mail.ledger.exists()


def test_status_as_json(mail: Posting, url: Url) -> None:
    assert json.loads(mail.brief("mail", "status", "--json", *OUTPUT).stdout) == []
    plan = json.loads(mail.plan_for(2, "html").read_bytes())
    with ScriptedServer() as server:
        url(server)
        mail.brief("mail", "send", "plan.json", *OPEN)
    first, second = json.loads(mail.brief("mail", "status", "plan.json", "--json").stdout)
    assert {first["recipient"], second["recipient"]} == {"person0000@example.net", "person0001@example.net"}
    assert first["key"] == KEY
    assert (first["state"], first["attempts"], first["reply"]) == ("accepted", 1, "250 2.0.0 queued")
    assert first["digest"] == plan["messages"][0]["digest"]
    assert first["message_id"] == plan["messages"][0]["message_id"]


def test_a_dry_run_opens_no_socket(mail: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    plan = json.loads(mail.plan_for(3, "html").read_bytes())
    monkeypatch.setattr(socket, "socket", blocked)
    monkeypatch.delenv("BRIEF_SMTP_URL", raising=False)
    ran = mail.brief("mail", "send", "plan.json", "--dry-run", "letters")
    assert ran.status == 0, ran.stderr
    paths = [mail.folder / line for line in ran.stdout.splitlines()]
    assert paths == sorted((mail.folder / "letters").iterdir())
    for path, planned in zip(paths, plan["messages"], strict=True):
        message = BytesParser(policy=email.policy.default).parsebytes(path.read_bytes())
        assert message["To"].addresses[0].addr_spec == planned["address"]
        assert message["Message-ID"] == planned["message_id"]
    assert read_ledger(mail.ledger) == ()


def test_no_server_is_named(mail: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    mail.plan_for(1, "html")
    monkeypatch.delenv("BRIEF_SMTP_URL", raising=False)
    ran = mail.brief("mail", "send", "plan.json")
    assert (ran.status, ran.stderr[:32]) == (3, "brief: BRIEF_SMTP_URL is not set")
    monkeypatch.setenv("BRIEF_SMTP_URL", "smtp+insecure://me:hunter2@127.0.0.1:1")
    ran = mail.brief("mail", "send", "plan.json")
    assert ran.status == 3
    assert "plain text" in ran.stderr
    assert "hunter2" not in ran.stdout + ran.stderr
    assert read_ledger(mail.ledger) == ()


def test_a_server_that_cannot_be_used(mail: Posting, url: Url) -> None:
    mail.plan_for(2, "html")
    with ScriptedServer({"greeting": b"554 5.3.2 no\r\n"}) as server:
        url(server)
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
    assert ran.status == 3
    assert ran.stderr.endswith(
        f"sent yet\nbrief: 2 planned\nbrief: 127.0.0.1:{server.port} sent the greeting 554 5.3.2 no\n"
    )


def test_the_second_of_two_senders(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    with ScriptedServer() as server:
        url(server)
        with open_ledger(mail.ledger):
            ran = mail.brief("mail", "send", "plan.json", "--no-wait", *OPEN)
            assert ran.status == 4
            assert f"process {os.getpid()}" in ran.stderr
            assert "--no-wait" in ran.stderr
            waiting = _start(mail)
            assert waiting.stderr is not None
            assert f"waiting for process {os.getpid()}" in waiting.stderr.readline()
            assert server.received == []
        assert waiting.wait(60) == 0, waiting.communicate()
        assert len(server.received) == 1


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_stops_after_the_current_message(mail: Posting, url: Url, number: signal.Signals, status: int) -> None:
    mail.plan_for(5, "html")
    under_way = Event()

    def slowly(_: bytes, message: int) -> bytes:
        if message == 1:
            under_way.set()
            time.sleep(0.3)
        return b"250 ok\r\n"

    with ScriptedServer({"end": slowly}) as server:
        url(server)
        sending = _start(mail)
        assert under_way.wait(30)
        sending.send_signal(number)
        out, err = sending.communicate(timeout=60)
        assert (sending.returncode, out.count("accepted")) == (status, 2)
        assert "stopping after this message" in err
        assert "brief: 3 planned, 2 accepted\n" in err
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert sorted(server.recipients) == [f"person{n:04}@example.net" for n in range(5)]


def test_a_second_interruption_ends_at_once(mail: Posting, url: Url) -> None:
    mail.plan_for(2, "html")
    with ScriptedServer({"end": Fault.HANG}) as server:
        url(server)
        sending = _start(mail)
        assert sending.stderr is not None
        while not server.received:
            time.sleep(0.01)
        sending.send_signal(signal.SIGINT)
        assert "created the ledger" in sending.stderr.readline()
        assert "stopping after this message" in sending.stderr.readline()
        assert sending.poll() is None
        sending.send_signal(signal.SIGINT)
        assert sending.wait(10) == 130
        sending.communicate()
    said = mail.brief("mail", "status", "plan.json")
    assert said.stdout.startswith(f"unknown   {KEY}")
    assert said.stderr == "brief: 1 planned, 1 unknown\n"


@pytest.mark.parametrize(("count", "messages"), [(1, "1 message"), (2, "2 messages")])
def test_an_interruption_while_it_waits(mail: Posting, url: Url, count: int, messages: str) -> None:
    mail.plan_for(count, "html")
    with ScriptedServer({"MAIL": b"451 4.3.0 not now\r\n"}) as server:
        url(server)
        sending = _start(mail)
        assert sending.stderr is not None
        assert "created the ledger" in sending.stderr.readline()
        assert sending.stderr.readline() == f"brief: {messages} will be tried again in 60 s: 451 4.3.0 not now\n"
        sending.send_signal(signal.SIGTERM)
        assert sending.wait(10) == 143
        assert f"brief: {count} deferred\n" in sending.communicate()[1]


def test_a_server_that_cannot_be_reached_is_named_with_the_reason(mail: Posting, url: Url) -> None:
    mail.plan_for(2, "html")
    with ScriptedServer() as server:
        url(server)
    said = mail.brief("mail", "send", "plan.json", "--tries", "1", *OPEN)
    assert said.status == 6
    assert re.search(
        r"\nbrief: put off: \S+:\d+: the connection was lost: Connection refused\nbrief: 2 deferred\n$", said.stderr
    )


def test_a_closed_standard_output_does_not_stop_sending(mail: Posting, url: Url) -> None:
    mail.plan_for(3, "html")
    with ScriptedServer() as server:
        url(server)
        sending = _start(mail)
        assert sending.stdout is not None
        sending.stdout.close()
        assert sending.wait(60) == 0
        assert len(server.received) == 3
        assert sending.stderr is not None
        assert sending.stderr.read().endswith("\nbrief: 3 accepted\n")
        sending.stderr.close()


def test_a_rate_is_kept(mail: Posting, url: Url) -> None:
    mail.plan_for(5, "html")
    moments: list[float] = []

    def noted(*_: object) -> bytes:
        moments.append(time.monotonic())
        return b"250 ok\r\n"

    with ScriptedServer({"MAIL": noted}) as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", "--rate", "600", *OPEN).status == 0
    assert moments[-1] - moments[0] >= 0.38, "five in four tenths of a second"


@pytest.mark.parametrize("args", [("--rate", "0"), ("--tries", "0"), ("--allow", "everything"), ("no-plan.json",)])
def test_wrong_usage(mail: Posting, args: tuple[str, ...]) -> None:
    mail.plan_for(1, "html")
    assert mail.brief("mail", "send", "plan.json", *args).status == 2


def _start(mail: Posting) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "brief", "mail", "send", "plan.json", *OPEN],
        cwd=mail.folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(brief.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_ledger_that_was_removed_emptied_or_rolled_back_stops_a_plan_until_a_person_accepts_it(
    mail: Posting, url: Url, tmp_path: Path
) -> None:
    mail.plan_for(2, "html")
    earlier = tmp_path / "earlier.sqlite3"
    shutil.copy(mail.ledger, earlier)
    with ScriptedServer() as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        for tamper in (
            lambda: mail.ledger.write_bytes(b""),
            lambda: mail.ledger.write_bytes(b"rubbish!"),
            mail.ledger.unlink,
            lambda: shutil.copy(earlier, mail.ledger),
        ):
            tamper()
            ran = mail.brief("mail", "send", "plan.json", *OPEN)
            assert (ran.status, ran.stdout) == (3, ""), ran.stderr
            assert "'--accept-ledger'" in ran.stderr
        assert len(server.received) == 2
        assert mail.brief("mail", "send", "plan.json", "--accept-ledger", *OPEN).status == 0
        assert len(server.received) == 4


def test_a_plan_from_the_future_is_not_sent(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    path = mail.folder / "plan.json"
    later = re.sub(r'"moment": "\d{4}', '"moment": "2999', path.read_text("utf-8"))
    plan = read_plan(path)
    with pytest.raises(ContentError, match="in the future"):
        require_due(plan, lambda: plan.envelope.moment - timedelta(minutes=6))
    require_due(plan, lambda: plan.envelope.moment - timedelta(minutes=4))
    path.write_text(later, "utf-8")
    with ScriptedServer() as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 1
        assert server.connections == 0


def test_an_approval_from_the_future_lets_nothing_be_sent(mail: Posting, url: Url) -> None:
    mail.plan_for(1, "html")
    record = mail.project.root / "output/night-buses.approval.json"
    record.write_text(re.sub(r'"at": "\d{4}', '"at": "2999', record.read_text("utf-8")), "utf-8")
    with ScriptedServer() as server:
        url(server)
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
        assert ran.status == 1
        assert "error[not-approved]" in ran.stderr
        assert server.connections == 0


def test_only_its_owner_reads_a_plan_and_its_messages(mail: Posting) -> None:
    mail.plan_for(1, "html")
    assert mail.brief("mail", "send", "plan.json", "--dry-run", "letters").status == 0
    for path in (mail.folder / "plan.json", *(mail.folder / "letters").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


LATER = "2999-06-30T09:00:00+08:00"


def test_a_plan_waits_for_its_time(mail: Posting, url: Url) -> None:
    planned = mail.plan(write_list(row("ann@example.net")), "--not-before", LATER)
    assert planned.status == 0, planned.stderr
    plan = read_plan(mail.folder / "plan.json")
    assert plan.not_before is not None
    assert plan.envelope.moment == plan.not_before, "the messages are dated by it"
    with pytest.raises(ContentError, match=r"before 2999-06-30T09:00:00\+08:00") as early:
        require_due(plan, lambda: datetime(2999, 6, 30, 0, 59, 59, tzinfo=UTC))
    assert [each.code for each in early.value.diagnostics] == ["not-before"]
    require_due(plan, lambda: datetime(2999, 6, 30, 1, tzinfo=UTC))
    with ScriptedServer() as server:
        url(server)
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
        assert (ran.status, server.connections) == (1, 0)
        assert "error[not-before]" in ran.stderr
    # What only looks is free to.
    assert mail.brief("mail", "send", "plan.json", "--dry-run", "letters").status == 0


def test_a_plan_whose_time_has_come_is_sent(mail: Posting, url: Url) -> None:
    assert mail.plan(write_list(row("ann@example.net")), "--not-before", "2020-01-01T00:00Z").status == 0
    assert read_plan(mail.folder / "plan.json").envelope.moment > datetime(2026, 1, 1, tzinfo=UTC)
    with ScriptedServer() as server:
        url(server)
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0


def test_a_list_that_was_changed_after_planning_is_planned_again_first(mail: Posting, url: Url) -> None:
    """Recipients removed since get nothing; a list that is not there any more says nothing."""
    people = mail.folder / "people.yaml"
    ann, bob = row("ann@example.net"), row("bob@example.net", "Bob")
    assert mail.plan(write_list(ann, bob)).status == 0
    with ScriptedServer() as server:
        url(server)
        people.write_text(write_list(ann), "utf-8")
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
        assert (ran.status, server.recipients) == (1, [])
        assert "error[plan-changed]: the list of recipients differs" in ran.stderr
        assert "people.yaml" in ran.stderr
        assert mail.plan(write_list(ann)).status == 0
        people.unlink()
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert server.recipients == ["ann@example.net"]


@pytest.mark.parametrize("text", ["2999-06-30", "2999-06-30T09:00", "soon", ""])
def test_a_time_that_is_no_moment_makes_no_plan(mail: Posting, text: str) -> None:
    ran = mail.plan(write_list(row("ann@example.net")), "--not-before", text)
    assert ran.status == 2
    assert "write it as 2026-03-31T09:00+08:00" in ran.stderr


def test_an_embargo_binds_what_was_approved_before_it_ends(mail: Posting, url: Url) -> None:
    council = "content/audiences/council.yaml"
    mail.project.write(council, mail.project.read(council) + f"embargo: {LATER}\n")
    assert mail.project.run("build", "-f", "html", "--jobs", "1", "--replace").status == 0
    approved = mail.brief("approve", "project/output/night-buses", "--before-embargo", "letters are prepared today")
    assert approved.status == 0, approved.stderr
    with ScriptedServer() as server:
        url(server)
        assert mail.plan(write_list(row("ann@example.net"), row("bo@example.net", audience="public"))).status == 0
        ran = mail.brief("mail", "send", "plan.json", *OPEN)
        assert (ran.status, server.connections) == (1, 0)
        assert f"error[embargo]: audience 'council' is under embargo until {LATER}" in ran.stderr
        plan = read_plan(mail.folder / "plan.json")
        require_due(plan, lambda: datetime(2999, 6, 30, 1, tzinfo=UTC))
        # Editing the plan does not help.
        path = mail.folder / "plan.json"
        path.write_text(path.read_text("utf-8").replace(plan.envelope.moment.isoformat(), "2026-01-01T00:00:00+00:00"))
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 1
        # Those of another audience are not bound by it.
        assert mail.plan(write_list(row("bo@example.net", audience="public"))).status == 0
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert server.recipients == ["bo@example.net"]


@pytest.mark.parametrize("streams", [">/dev/full", "2>/dev/full", ">/dev/full 2>&1", "2>&-", "| true"])
def test_a_log_that_takes_nothing_stops_no_message(mail: Posting, streams: str) -> None:
    mail.plan_for(3, "html")
    with ScriptedServer() as server:
        environment = {**os.environ, "BRIEF_SMTP_URL": f"smtp+insecure://127.0.0.1:{server.port}"}
        order = shlex.join([sys.executable, "-m", "brief", "mail", "send", "plan.json", *OPEN])
        subprocess.run(["sh", "-c", f"{order} {streams}"], cwd=mail.folder, env=environment, check=False, timeout=60)
        assert len(server.recipients) == 3
    assert {entry.state for entry in read_ledger(mail.ledger)} == {DeliveryState.ACCEPTED}


def test_an_embargo_that_is_postponed_after_the_build_binds(mail: Posting, url: Url) -> None:
    """The pack has the old time; the project, which is read again, the one that holds."""
    council = "content/audiences/council.yaml"
    written = mail.project.read(council)
    assert mail.plan(write_list(row("ann@example.net"))).status == 0
    before = (mail.folder / "plan.json").read_bytes()
    mail.project.write(council, written + f"embargo: {LATER}\n")
    with ScriptedServer() as server:
        url(server)
        for plan in (before, None):
            if plan is None:
                assert mail.plan(write_list(row("ann@example.net"))).status == 0
                assert read_plan(mail.folder / "plan.json").envelope.moment == datetime.fromisoformat(LATER)
            else:
                (mail.folder / "plan.json").write_bytes(plan)
            ran = mail.brief("mail", "send", "plan.json", *OPEN)
            assert (ran.status, server.connections) == (1, 0)
            assert f"error[embargo]: audience 'council' is under embargo until {LATER}" in ran.stderr
        refused = mail.brief("approve", "project/output/night-buses")
        assert (refused.status, "--before-embargo" in refused.stderr) == (1, True)
        # Other audiences are not held up, and the end of the embargo releases all.
        assert mail.plan(write_list(row("bo@example.net", audience="public"))).status == 0
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        mail.project.write(council, written + "embargo: 2020-01-01T00:00Z\n")
        assert mail.plan(write_list(row("ann@example.net"))).status == 0
        assert mail.brief("mail", "send", "plan.json", *OPEN).status == 0
        assert server.recipients == ["bo@example.net", "ann@example.net"]


@pytest.mark.parametrize(("days", "is_said"), [(8, True), (6, False)])
def test_a_plan_from_long_ago_says_its_age(capfd: pytest.CaptureFixture[str], days: int, is_said: bool) -> None:
    _print_age(datetime.now(UTC) - timedelta(days=days))
    assert (f"made {days} days ago" in capfd.readouterr().err) is is_said
