"""Encryption, verification and logins: nothing goes to a server that could not be verified, and no password twice."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from certificates import EXPIRED, Authority, authority
from mail_server import PASSWORD, USER, ReceivingServer
from outgoing_samples import make_outgoing, people
from scripted_smtp import Fault, Script, ScriptedServer, Step
from sender_run import PATIENT, QUICK, Outbox

from brief import MachineError
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.server import Security, Server
from brief.mail.send.smtp import ServerError

ONE = (make_outgoing("a"),)
OFFERS = b"250-scripted\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE\r\n"


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that senders in the tests trust."""
    return authority(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def context(trusted: Authority) -> ssl.SSLContext:
    return trusted.context()


@pytest.fixture
def receiver(context: ssl.SSLContext) -> Iterator[ReceivingServer]:
    with ReceivingServer(context, enable_SMTPUTF8=True) as running:
        yield running


def make_starttls_server(scripted: ScriptedServer, trusted: Authority, user: str | None = None) -> Server:
    password = PASSWORD if user else None
    return Server(Security.STARTTLS, "127.0.0.1", scripted.port, user, password, trusted.file)


def test_starttls_and_a_login(outbox: Outbox, receiver: ReceivingServer, trusted: Authority) -> None:
    messages = (*people(3), make_outgoing("用户@example.net", "正文"))
    report = outbox.run(receiver.server(ca=trusted.file), messages)
    assert report.states == {DeliveryState.ACCEPTED: 4}
    assert receiver.received == [(message.recipient, message.load()) for message in messages]
    assert receiver.logins == [(USER, PASSWORD)]


def test_tls_from_the_first_byte(outbox: Outbox, context: ssl.SSLContext, trusted: Authority) -> None:
    with ReceivingServer(context, Security.TLS) as receiver:
        outbox.run(receiver.server(ca=trusted.file), ONE)
        assert [recipient for recipient, _ in receiver.received] == ["a@example.net"]


def test_a_server_that_logs_in_by_login_alone(outbox: Outbox, context: ssl.SSLContext, trusted: Authority) -> None:
    with ReceivingServer(context, auth_exclude_mechanism=["PLAIN"]) as receiver:
        assert outbox.run(receiver.server(ca=trusted.file), ONE).states == {DeliveryState.ACCEPTED: 1}
        assert receiver.logins == [(USER, PASSWORD)]


def test_a_wrong_password_is_tried_once(outbox: Outbox, receiver: ReceivingServer, trusted: Authority) -> None:
    with pytest.raises(ServerError, match="535") as caught:
        outbox.run(receiver.server("wrong", ca=trusted.file), people(5), Pacing())
    assert receiver.logins == [(USER, "wrong")]
    assert "wrong" not in str(caught.value)
    assert outbox.states() == [DeliveryState.PLANNED] * 5
    assert outbox.stop.waits == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize(
    ("flaw", "why"),
    [("untrusted", "unable to get local issuer"), ("expired", "has expired"), ("name", "Hostname mismatch")],
)
def test_a_server_that_does_not_prove_who_it_is(
    outbox: Outbox, trusted: Authority, security: Security, flaw: str, why: str
) -> None:
    context = {
        "untrusted": lambda: authority(outbox.folder).context(),
        "expired": lambda: trusted.context(until=EXPIRED),
        "name": lambda: trusted.context("mail.example.com"),
    }[flaw]()
    with ReceivingServer(context, security) as receiver:
        with pytest.raises(ServerError, match=why):
            outbox.run(receiver.server(ca=trusted.file), ONE, Pacing())
        assert (receiver.logins, receiver.received) == ([], [])
    assert outbox.states() == [DeliveryState.PLANNED]


def test_the_system_s_authorities_are_trusted_by_default(outbox: Outbox, receiver: ReceivingServer) -> None:
    with pytest.raises(ServerError, match="could not be verified"):
        outbox.run(receiver.server(ca=None), ONE)
    assert receiver.logins == []


@pytest.mark.parametrize("content", [None, "no certificate at all"])
def test_an_authority_that_cannot_be_read(outbox: Outbox, receiver: ReceivingServer, content: str | None) -> None:
    file = outbox.folder / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(
        MachineError,
        match=r"BRIEF_SMTP_CA names .*ca\.pem, which (contains no certificate|cannot be read: No such file)",
    ):
        outbox.run(receiver.server(ca=str(file)), ONE)


def test_a_server_without_starttls(outbox: Outbox, trusted: Authority) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250 AUTH PLAIN\r\n"}) as scripted:
        with pytest.raises(ServerError, match="does not offer STARTTLS"):
            outbox.run(make_starttls_server(scripted, trusted, USER), ONE, Pacing())
        assert [command[:4] for command in scripted.commands] == [b"EHLO"]
    assert outbox.states() == [DeliveryState.PLANNED]


@pytest.mark.parametrize("injected", [b"250 2.0.0 ok\r\n", b"250-a\r\n250 AUTH PLAIN\r\n", b"x"])
def test_plain_text_behind_starttls_is_not_taken_for_the_server_s(
    outbox: Outbox, trusted: Authority, context: ssl.SSLContext, injected: bytes
) -> None:
    with ScriptedServer({"EHLO": OFFERS, "STARTTLS": b"220 go on\r\n" + injected}, context) as scripted:
        with pytest.raises(ServerError, match="continued in plain text"):
            outbox.run(make_starttls_server(scripted, trusted, USER), ONE)
        assert scripted.received == []


@pytest.mark.parametrize(
    ("point", "step", "expected"),
    [
        ("STARTTLS", b"454 4.7.0 not now\r\n", DeliveryState.DEFERRED),
        ("STARTTLS", b"501 5.5.4 what\r\n", DeliveryState.PLANNED),
        ("STARTTLS", b"220 go on, without a word of TLS\r\n", DeliveryState.PLANNED),
        ("STARTTLS", Fault.DROP, DeliveryState.DEFERRED),
        ("STARTTLS", Fault.RST, DeliveryState.DEFERRED),
        ("STARTTLS", Fault.HANG, DeliveryState.DEFERRED),
        ("STARTTLS", b"HTTP/1.1 400 Bad Request\r\n", DeliveryState.PLANNED),
        ("AUTH", b"454 4.7.0 not now\r\n", DeliveryState.DEFERRED),
        ("AUTH", b"421 4.7.0 not now\r\n", DeliveryState.DEFERRED),
        ("AUTH", b"535 5.7.8 no\r\n", DeliveryState.PLANNED),
        ("AUTH", b"534 5.7.9 too weak\r\n", DeliveryState.PLANNED),
        ("AUTH", b"334 \r\n", DeliveryState.PLANNED),
        ("AUTH", Fault.DROP, DeliveryState.DEFERRED),
        ("AUTH", Fault.HANG, DeliveryState.DEFERRED),
    ],
)
def test_errors_while_a_session_is_opened(
    outbox: Outbox, trusted: Authority, context: ssl.SSLContext, point: str, step: Step, expected: DeliveryState
) -> None:
    plain = isinstance(step, bytes) and b"without" in step
    timeouts = QUICK if step is Fault.HANG else PATIENT
    script: dict[str, Script] = {"EHLO": OFFERS, point: step}
    with ScriptedServer(script, None if plain else context) as scripted:
        if expected is DeliveryState.PLANNED:
            with pytest.raises(ServerError):
                outbox.run(make_starttls_server(scripted, trusted, USER), ONE, timeouts=timeouts)
        else:
            outbox.run(make_starttls_server(scripted, trusted, USER), ONE, timeouts=timeouts)
        assert scripted.received == []
        assert scripted.connections == 1
        assert sum(command.startswith(b"AUTH") for command in scripted.commands) == (point == "AUTH")
    assert outbox.states() == [expected]


def test_a_handshake_that_does_not_end(outbox: Outbox, trusted: Authority) -> None:
    with ScriptedServer({"greeting": Fault.HANG}) as scripted:
        silent = replace(make_starttls_server(scripted, trusted), security=Security.TLS)
        outbox.run(silent, ONE, timeouts=QUICK)
    assert "took longer than 0.4 s" in outbox.entries()[0].reply


def test_a_server_that_repeats_the_password(outbox: Outbox, trusted: Authority, context: ssl.SSLContext) -> None:
    with ScriptedServer(
        {"EHLO": OFFERS, "AUTH": f"535 5.7.8 {PASSWORD} is not the password\r\n".encode()}, context
    ) as scripted:
        with pytest.raises(ServerError) as caught:
            outbox.run(make_starttls_server(scripted, trusted, USER), ONE)
        assert any(command.startswith(b"AUTH PLAIN ") for command in scripted.commands)
    assert "535 5.7.8 *** is not the password" in str(caught.value)


def test_ehlo_is_forgotten_after_starttls(outbox: Outbox, trusted: Authority, context: ssl.SSLContext) -> None:
    """What a stranger promised before the server had proved itself counts for nothing."""

    def offers(_: bytes, number: int) -> Step:
        return OFFERS if number == 0 else b"250-scripted\r\n250 SIZE 10\r\n"

    with ScriptedServer({"EHLO": offers}, context) as scripted, pytest.raises(ServerError, match="offers neither AUTH"):
        outbox.run(make_starttls_server(scripted, trusted, USER), ONE)
