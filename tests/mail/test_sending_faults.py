"""Fault injection at every point of an SMTP session: what arrived, and what the ledger says of it."""

import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from outgoing_samples import make_outgoing, of_bytes, people
from scripted_smtp import Fault, Script, ScriptedServer, Step
from sender_run import PATIENT, QUICK, Outbox

from brief import ContentError, MachineError
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.server import Security, Server
from brief.mail.send.smtp import DEFAULT_TIMEOUTS, ServerError, Timeouts

ONE = (make_outgoing("a"),)

# More than the system buffers, so that its middle is not already its end.
LONG = ("x" * 70 + "\n") * 120_000

NOT_NOW = b"451 4.3.0 not now\r\n"
NEVER = b"550 5.7.1 never\r\n"
GARBAGE = b"HTTP/1.1 400 Bad Request\r\n"

FAULTS: dict[str, Step] = {
    "4xx": NOT_NOW,
    "5xx": NEVER,
    "drop": Fault.DROP,
    "reset": Fault.RST,
    "hang": Fault.HANG,
    "garbage": GARBAGE,
}
# Before a session is open, what is wrong with the server stops the run; what may pass puts the messages off.
OPENING = {name: "stopped" if name in ("5xx", "garbage") else DeliveryState.DEFERRED for name in FAULTS}
# Until its end is sent, a message is not delivered in any case.
BEFORE = {name: DeliveryState.REFUSED if name == "5xx" else DeliveryState.DEFERRED for name in FAULTS}
AFTER = dict.fromkeys(FAULTS, DeliveryState.UNKNOWN) | {"4xx": DeliveryState.DEFERRED, "5xx": DeliveryState.REFUSED}
POINTS: dict[str, Mapping[str, DeliveryState | str]] = {
    "greeting": OPENING,
    "EHLO": OPENING,
    "MAIL": BEFORE,
    "RCPT": BEFORE,
    "DATA": BEFORE,
    "text": BEFORE,
    "end": AFTER,
    "QUIT": dict.fromkeys(FAULTS, DeliveryState.ACCEPTED),
}


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("point", POINTS)
def test_one_fault_at_one_point(outbox: Outbox, point: str, fault: str) -> None:
    expected = POINTS[point][fault]
    messages = (make_outgoing("a", LONG),) if point == "text" else ONE
    timeouts = QUICK if fault == "hang" else PATIENT
    with ScriptedServer({point: FAULTS[fault]}) as server:
        if expected == "stopped":
            with pytest.raises(ServerError):
                outbox.run(server.server, messages, timeouts=timeouts)
            expected = DeliveryState.PLANNED
        else:
            report = outbox.run(server.server, messages, timeouts=timeouts)
            assert report.states == {expected: 1}
        assert outbox.states() == [expected]
        delivered = expected is DeliveryState.ACCEPTED or (point == "end" and expected is DeliveryState.UNKNOWN)
        assert len(server.received) == delivered
        if expected is DeliveryState.UNKNOWN:
            assert outbox.run(server.server, messages).states == {DeliveryState.UNKNOWN: 1}
            assert (len(server.received), server.connections) == (1, 1), "what is unknown is never sent again"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refusal_is_final(outbox: Outbox, fault: str) -> None:
    with ScriptedServer({"RCPT": NEVER, "RSET": FAULTS[fault]}) as server:
        outbox.run(server.server, ONE, timeouts=QUICK if fault == "hang" else PATIENT)
    assert outbox.states() == [DeliveryState.REFUSED]


@pytest.mark.parametrize(
    ("point", "step", "state"),
    [
        ("greeting", b"421 4.3.2 later\r\n", DeliveryState.DEFERRED),
        ("greeting", b"554 5.3.2 no\r\n", DeliveryState.PLANNED),
        ("MAIL", b"452 4.3.1 disk full\r\n", DeliveryState.DEFERRED),
        ("MAIL", b"552 5.3.4 too big\r\n", DeliveryState.REFUSED),
        ("MAIL", b"421 4.7.0 too many\r\n", DeliveryState.DEFERRED),
        ("RCPT", b"421 4.7.0 too many\r\n", DeliveryState.DEFERRED),
        ("RCPT", b"450 4.7.1 greylisted\r\n", DeliveryState.DEFERRED),
        ("RCPT", b"550 5.1.1 no such user\r\n", DeliveryState.REFUSED),
        ("RCPT", b"251 2.1.5 will forward\r\n", DeliveryState.ACCEPTED),
        ("DATA", b"250 2.0.0 what\r\n", DeliveryState.DEFERRED),
        ("end", b"452 4.2.2 mailbox full\r\n", DeliveryState.DEFERRED),
        ("end", b"421 4.3.2 going down\r\n", DeliveryState.DEFERRED),
        ("end", b"552 5.2.2 mailbox full\r\n", DeliveryState.REFUSED),
        ("end", b"250-first\r\n250-\r\n250 second\r\n", DeliveryState.ACCEPTED),
        ("end", b"250\r\n", DeliveryState.ACCEPTED),
        ("end", b"250 ok\n", DeliveryState.ACCEPTED),
        ("end", b"250-one\r\n550 two\r\n", DeliveryState.UNKNOWN),
        ("end", b"354 go on\r\n", DeliveryState.UNKNOWN),
        ("end", b"999 what\r\n", DeliveryState.REFUSED),
        ("end", b"250-" + b"x" * 60_000 + b"\r\n", DeliveryState.UNKNOWN),
        ("end", b"250 " + b"x" * 600_000, DeliveryState.UNKNOWN),
        ("end", b"250-x\r\n" * 60_000, DeliveryState.UNKNOWN),
        ("MAIL", b"999 what\r\n", DeliveryState.REFUSED),
    ],
)
def test_replies_count_by_their_class(outbox: Outbox, point: str, step: bytes, state: DeliveryState) -> None:
    with ScriptedServer({point: step}) as server:
        try:
            outbox.run(server.server, ONE)
        except ServerError:
            assert state is DeliveryState.PLANNED
    assert outbox.states() == [state]
    if b"999" in step:
        assert outbox.entries()[0].reply == "999 what"


@pytest.mark.parametrize("point", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "end", "QUIT"])
def test_a_slow_server_is_timed_out(outbox: Outbox, point: str) -> None:
    with ScriptedServer({point: Fault.SLOW}) as server:
        outbox.run(server.server, ONE, timeouts=QUICK)
    assert outbox.states() == [
        {"end": DeliveryState.UNKNOWN, "QUIT": DeliveryState.ACCEPTED}.get(point, DeliveryState.DEFERRED)
    ]
    if point not in ("end", "QUIT"):
        assert "took longer than 0.4 s" in outbox.entries()[0].reply


def test_a_server_cannot_write_to_the_terminal(outbox: Outbox) -> None:
    with ScriptedServer({"greeting": b"554 \x1b[31mred\xe2\x80\xae \xff\r\n"}) as server:
        with pytest.raises(ServerError) as caught:
            outbox.run(server.server, ONE)
        assert str(caught.value).endswith("sent the greeting 554 \ufffd[31mred\ufffd \ufffd")


def test_the_answer_to_a_message_is_waited_for_long_enough() -> None:
    """RFC 5321, 4.5.3.2.6: ten minutes at least."""
    assert DEFAULT_TIMEOUTS.final >= 600


def test_a_message_has_a_total_time_limit(outbox: Outbox) -> None:
    def slowly(*_: object) -> Step:
        time.sleep(0.3)
        return b"250 ok\r\n"

    with ScriptedServer({"RCPT": slowly}) as server:
        limits = Timeouts(connect=2, reply=5, message=0.2, final=5, quit=0.2)
        outbox.run(server.server, ONE, timeouts=limits)
        assert server.received == []
    assert outbox.entries()[0].reply == "before the end of the message, the server took longer than 0.2 s"


def test_a_fault_touches_its_own_message_alone(outbox: Outbox) -> None:
    faults: list[Script] = [NOT_NOW, NEVER, Fault.DROP, Fault.RST, GARBAGE]

    def answer(_: bytes, number: int) -> Step:
        step = faults[number // 2] if number % 2 == 0 and number // 2 < len(faults) else b"250 ok\r\n"
        assert not callable(step)
        return step

    with ScriptedServer({"RCPT": answer}) as server:
        report = outbox.run(server.server, people(12))
        assert report.states == {DeliveryState.ACCEPTED: 7, DeliveryState.REFUSED: 1, DeliveryState.DEFERRED: 4}
        assert server.recipients == outbox.of(DeliveryState.ACCEPTED)


def test_greylisting_is_waited_out(outbox: Outbox) -> None:
    seen: Counter[bytes] = Counter()

    def greylist(line: bytes, _: int) -> Step:
        seen[line] += 1
        return b"250 ok\r\n" if seen[line] > 1 else b"450 4.7.1 greylisted, try again later\r\n"

    with ScriptedServer({"RCPT": greylist}) as server:
        report = outbox.run(server.server, people(20), Pacing(delays=(300, 900)))
        assert report.states == {DeliveryState.ACCEPTED: 20}
        assert Counter(server.recipients) == {f"person{n:04}@example.net": 1 for n in range(20)}
    assert outbox.stop.waits == [300]
    assert {entry.attempts for entry in outbox.entries()} == {2}


def test_what_stays_deferred_is_tried_so_often_and_by_the_next_run(outbox: Outbox) -> None:
    def later(_: bytes, number: int) -> Step:
        return NOT_NOW if number < 3 else b"250 ok\r\n"

    with ScriptedServer({"end": later}) as server:
        assert outbox.run(server.server, ONE, Pacing(delays=(60, 300))).states == {DeliveryState.DEFERRED: 1}
        assert outbox.stop.waits == [60, 300]
        assert outbox.run(server.server, ONE).states == {DeliveryState.ACCEPTED: 1}
        assert server.recipients == ["a@example.net"]
    assert outbox.entries()[0].attempts == 4


def test_a_server_that_is_not_there(outbox: Outbox) -> None:
    with ScriptedServer() as gone:
        pass
    for server in (Server(Security.NONE, "127.0.0.1", gone.port), Server(Security.NONE, "nowhere.invalid", 25)):
        report = outbox.run(server, people(5), Pacing(delays=(60,)))
        assert report.states == {DeliveryState.DEFERRED: 5}
    assert outbox.stop.waits == [60, 60]
    assert {entry.attempts for entry in outbox.entries()} == {0}
    assert "cannot be resolved" in outbox.entries()[0].reply


def test_lost_connections_stop_the_round(outbox: Outbox) -> None:
    with ScriptedServer({"MAIL": Fault.DROP}) as server:
        report = outbox.run(server.server, people(50))
        assert report.states == {DeliveryState.DEFERRED: 50}
        assert server.connections == 3


def test_repeated_refusals_stop_the_run(outbox: Outbox) -> None:
    with ScriptedServer({"MAIL": b"550 5.7.60 you may not send as that\r\n"}) as server:
        report = outbox.run(server.server, people(50))
        assert report.states == {DeliveryState.REFUSED: 5, DeliveryState.PLANNED: 45}
        assert report.early_end_reason is not None
        assert "550 5.7.60" in report.early_end_reason


def test_single_refusals_do_not(outbox: Outbox) -> None:
    with ScriptedServer({"RCPT": lambda _, number: NEVER if number % 5 else b"250 ok\r\n"}) as server:
        report = outbox.run(server.server, people(50))
        assert report.states == {DeliveryState.ACCEPTED: 10, DeliveryState.REFUSED: 40}
        assert server.connections == 1
        assert outbox.run(server.server, people(50)).states == report.states, "a refusal is final"
        assert len(server.received) == 10


def test_a_login_that_is_wanted_in_between_stops_the_run(outbox: Outbox) -> None:
    script: dict[str, Script] = {
        "MAIL": lambda _, number: b"250 ok\r\n" if number < 2 else b"530 5.7.0 Authentication required\r\n"
    }
    with ScriptedServer(script) as server, pytest.raises(ServerError, match=r"530 5\.7\.0"):
        outbox.run(server.server, people(10))
    assert outbox.states() == [DeliveryState.ACCEPTED] * 2 + [DeliveryState.PLANNED] * 8


def test_one_connection_serves_many_messages(outbox: Outbox) -> None:
    with ScriptedServer() as server:
        outbox.run(server.server, people(7), Pacing(delays=(), per_connection=3))
        assert server.connections == 3
        assert server.commands.count(b"QUIT") == 3
        assert len(server.received) == 7


def test_a_connection_that_the_server_closed_meanwhile_costs_no_message(outbox: Outbox) -> None:
    with ScriptedServer({"end": b"250 ok\r\n421 4.4.2 idle for too long\r\n"}) as server:
        outbox.run(server.server, people(4))
        assert outbox.states() == [DeliveryState.ACCEPTED] * 4


def test_what_is_too_large_is_found_before_anything_is_sent(outbox: Outbox) -> None:
    messages = (make_outgoing("a"), make_outgoing("b", LONG[:5000]), make_outgoing("c", LONG[:6000]))
    with ScriptedServer({"EHLO": b"250-small\r\n250 SIZE 2000\r\n"}) as server:
        with pytest.raises(ContentError) as caught:
            outbox.run(server.server, messages)
        assert [d.code for d in caught.value.diagnostics] == ["message-too-large"] * 2
        assert "the server accepts 2000" in caught.value.diagnostics[0].message
        assert not any(command.startswith(b"MAIL") for command in server.commands)
    assert outbox.states() == [DeliveryState.PLANNED] * 3


@pytest.mark.parametrize("declared", [b"SIZE", b"SIZE 0", b"SIZE many", b"SIZE " + b"9" * 5000, b"HELP"])
def test_a_server_may_name_no_size(outbox: Outbox, declared: bytes) -> None:
    with ScriptedServer({"EHLO": b"250-any\r\n250 " + declared + b"\r\n"}) as server:
        assert outbox.run(server.server, (make_outgoing("a", LONG[:5000]),)).states == {DeliveryState.ACCEPTED: 1}
        assert any(re.search(rb"SIZE=\d+", command) for command in server.commands) == declared.startswith(b"SIZE")


def test_an_international_address_needs_smtputf8(outbox: Outbox) -> None:
    messages = (make_outgoing("用户@example.net"), make_outgoing("b"))
    with ScriptedServer() as server:
        outbox.run(server.server, messages)
        assert server.recipients == ["b@example.net"]
    assert outbox.of(DeliveryState.REFUSED) == ["用户@example.net"]
    assert "SMTPUTF8" in outbox.entries()[1].reply
    other = Outbox(outbox.folder / "other")
    other.folder.mkdir()
    with ScriptedServer({"EHLO": b"250-x\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"}) as server:
        other.run(server.server, messages)
        assert server.recipients == ["用户@example.net", "b@example.net"]
        mails = [command for command in server.commands if command.startswith(b"MAIL")]
        assert [b"SMTPUTF8 BODY=8BITMIME" in command for command in mails] == [True, False]


def test_a_password_never_goes_where_no_login_is_offered(outbox: Outbox) -> None:
    with ScriptedServer() as plain:
        server = Server(Security.NONE, "127.0.0.1", plain.port, "me", "secret")
        with pytest.raises(MachineError, match="offers neither AUTH"):
            outbox.run(server, ONE)
        assert not any(command.startswith(b"AUTH") for command in plain.commands)


HEAD = b"From: a@example.org\r\nTo: b@example.net\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD + b"no end",
        HEAD + b"a bare\nline feed\r\n",
        HEAD + b"a bare\rcarriage return\r\n",
        HEAD + b"the end of another\n.\r\nMAIL FROM:<evil@example.com>\r\n",
        HEAD + b"the end of another\r.\r\n",
        HEAD + b"NUL\0\r\n",
        HEAD + b"x" * 999 + b"\r\n",
    ],
)
def test_what_could_be_taken_for_two_messages_is_not_offered(outbox: Outbox, data: bytes) -> None:
    with ScriptedServer() as server:
        outbox.run(server.server, [of_bytes(ONE[0].key, data)])
        assert not any(command.startswith(b"MAIL") for command in server.commands)
    assert outbox.states() == [DeliveryState.REFUSED]


@pytest.mark.parametrize("text", [b".", b"..", b".\r\n.\r\n..a", b"x" * 998, b"a\r\n.\r\nMAIL FROM:<evil@example.com>"])
def test_dots_arrive_as_they_were_written(outbox: Outbox, text: bytes) -> None:
    for data in (HEAD + text + b"\r\n", text + b"\r\n"):
        with ScriptedServer() as server:
            box = Outbox(outbox.folder / str(len(data)))
            box.folder.mkdir()
            box.run(server.server, [of_bytes(ONE[0].key, data)])
            assert [message.data for message in server.received] == [data]


@pytest.mark.parametrize(
    "address",
    ["", "a@b.c>\r\nRCPT TO:<evil@example.com", "a@b.c\n", "a@b.c> SIZE=1", "a b@example.net", "a@b.c\0", "<a@b.c>"],
)
@pytest.mark.parametrize("whose", ["recipient", "sender"])
def test_addresses_that_are_more_than_addresses_are_not_offered(outbox: Outbox, whose: str, address: str) -> None:
    message = replace(ONE[0], recipient=address) if whose == "recipient" else replace(ONE[0], sender=address)
    with ScriptedServer() as server:
        outbox.run(server.server, [message])
        assert not any(command.startswith(b"MAIL") for command in server.commands)
    assert outbox.states() == [DeliveryState.REFUSED]
