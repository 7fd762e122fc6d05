"""The ledger: what it lets be sent, and what it makes of crashes, other contents, other files and other senders."""

import os
import resource
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outgoing_samples import make_outgoing, people
from scripted_smtp import Fault, ScriptedServer
from sender_run import MOMENT, Outbox

from brief import ContentError, MachineError, OutputLockedError
from brief.mail.compose.outgoing import Key
from brief.mail.send.delivery_status import DeliveryState, Outcome
from brief.mail.send.ledger import ensure_ledger, find_ledger_of, format_key, open_ledger, parse_key, read_ledger
from brief.mail.send.ledger_witness import find_witness_path

A, B, C = people(3)
LATER = datetime(2036, 1, 1, tzinfo=UTC)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


def test_a_second_run_sends_nothing(outbox: Outbox) -> None:
    with ScriptedServer() as server:
        outbox.run(server.server, people(5))
        assert outbox.run(server.server, people(5)).states == {DeliveryState.ACCEPTED: 5}
        assert (len(server.received), server.connections) == (5, 1)
    entry = outbox.entries()[0]
    assert (entry.attempts, entry.reply, entry.changed) == (1, "250 2.0.0 queued", "2026-07-01T09:30:00Z")
    assert (entry.digest, entry.message_id) == (A.digest, A.message_id)


def test_a_longer_plan_sends_what_is_new(outbox: Outbox) -> None:
    with ScriptedServer() as server:
        outbox.run(server.server, people(3))
        outbox.run(server.server, people(5))
        assert server.recipients == [message.recipient for message in people(5)]


@pytest.mark.parametrize("state", DeliveryState)
def test_other_content_under_the_same_key(outbox: Outbox, state: DeliveryState) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A])
        ledger.record_outcome(A.key, Outcome(state, "250 ok"))
    changed = make_outgoing("person0000", "Another text")
    with ScriptedServer() as server:
        if state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.SENDING):
            with pytest.raises(ContentError) as caught:
                outbox.run(server.server, [changed, B])
            (diagnostic,) = caught.value.diagnostics
            assert (diagnostic.code, str(diagnostic.location)) == ("different-content", "plan.json")
            assert (
                "different content under the same key night-buses/2026-06-30/council.en/person0000@"
                in diagnostic.message
            )
            assert server.connections == 0
        else:
            outbox.run(server.server, [changed, B])
            assert [message.data for message in server.received] == [changed.load(), B.load()]
            assert outbox.entries()[0].digest == changed.digest


def test_the_same_content_planned_again_is_the_same(outbox: Outbox) -> None:
    again = replace(A, digest="0" * 64)
    with ScriptedServer() as server:
        outbox.run(server.server, [A])
        assert outbox.run(server.server, [again]).states == {DeliveryState.ACCEPTED: 1}
        assert len(server.received) == 1


def test_two_contents_in_one_plan(outbox: Outbox) -> None:
    with ScriptedServer() as server, pytest.raises(ContentError, match="in one plan"):
        outbox.run(server.server, [A, make_outgoing("person0000", "Another text")])
    with ScriptedServer() as server:
        outbox.run(server.server, [A, A])
        assert len(server.received) == 1


def test_a_message_that_is_not_what_was_planned(outbox: Outbox) -> None:
    with ScriptedServer() as server, pytest.raises(ContentError) as caught:
        outbox.run(server.server, [A, replace(B, load=C.load)])
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["plan-changed"]
    assert server.recipients == ["person0000@example.net"]
    assert outbox.states() == [DeliveryState.ACCEPTED, DeliveryState.PLANNED]


def test_what_was_being_sent_when_a_sender_ended_is_unknown(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A, B])
        ledger.begin(A.key)
    assert outbox.states() == [DeliveryState.UNKNOWN, DeliveryState.PLANNED]
    with ScriptedServer() as server:
        assert outbox.run(server.server, [A, B]).states == {DeliveryState.UNKNOWN: 1, DeliveryState.ACCEPTED: 1}
        assert server.recipients == [B.recipient]


def test_settling(outbox: Outbox) -> None:
    with ScriptedServer({"end": Fault.DROP}) as server:
        outbox.run(server.server, [A, B])
    with open_ledger(outbox.ledger) as ledger:
        ledger.resolve([A.key], delivered=True)
        ledger.resolve([B.key], delivered=False)
    assert outbox.states() == [DeliveryState.ACCEPTED, DeliveryState.PLANNED]
    with ScriptedServer() as server:
        outbox.run(server.server, [A, B])
        assert server.recipients == [B.recipient]
    with open_ledger(outbox.ledger) as ledger, pytest.raises(ContentError) as caught:
        ledger.resolve([A.key, C.key], delivered=False)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["settled-message", "unknown-message"]


def test_a_refused_message_is_sent_again_only_where_somebody_says_so(outbox: Outbox) -> None:
    with ScriptedServer({"RCPT": b"550 5.1.1 no such user\r\n"}) as server:
        outbox.run(server.server, [A])
    with open_ledger(outbox.ledger) as ledger:
        with pytest.raises(ContentError):
            ledger.resolve([A.key], delivered=True)
        ledger.resolve([A.key], delivered=False)
    with ScriptedServer() as server:
        assert outbox.run(server.server, [A]).states == {DeliveryState.ACCEPTED: 1}


def test_the_second_of_two_senders_waits_and_then_sends_nothing(outbox: Outbox) -> None:
    waited: list[str] = []
    sent: list[int] = []

    def second() -> None:
        with ScriptedServer() as idle, open_ledger(outbox.ledger, waited.append) as ledger:
            sent.append(len(ledger.plan([A])))
            assert idle.received == []

    with ScriptedServer() as server, open_ledger(outbox.ledger) as ledger:
        with pytest.raises(OutputLockedError, match=f"process {os.getpid()}"), open_ledger(outbox.ledger):
            pass
        thread = threading.Thread(target=second)
        thread.start()
        while not waited:
            time.sleep(0.01)
        assert read_ledger(outbox.ledger) == (), "looking does not wait"
        assert ledger.plan([A]) == (A,)
        ledger.record_outcome(A.key, Outcome(DeliveryState.ACCEPTED, "250 ok"))
        assert sent == []
        assert server.received == []
    thread.join(10)
    assert sent == [0]
    assert f"process {os.getpid()}" in waited[0]


def test_readers_see_the_state_after_recovery(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A])
        ledger.begin(A.key)
        (entry,) = read_ledger(outbox.ledger)
        assert entry.state is DeliveryState.SENDING, "its sender lives"
    # A folder cannot be locked, just as the ledger of another user.
    lock = outbox.ledger.with_name(f".{outbox.ledger.name}.lock")
    lock.mkdir()
    (looked_at,) = read_ledger(outbox.ledger)
    lock.rmdir()
    (settled,) = read_ledger(outbox.ledger)
    assert looked_at == replace(settled, changed=looked_at.changed)
    assert (settled.state, settled.attempts) == (DeliveryState.UNKNOWN, 1)


def test_a_file_that_is_not_a_ledger(outbox: Outbox) -> None:
    outbox.ledger.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    _assert_refused(outbox, "damaged")


def test_a_damaged_ledger(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan(people(500))
    data = bytearray(outbox.ledger.read_bytes())
    data[4096 * 3 : 4096 * 5] = os.urandom(8192)
    outbox.ledger.write_bytes(data)
    _assert_refused(outbox, "damaged")


def test_a_ledger_cut_short(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan(people(500))
    os.truncate(outbox.ledger, 4096 * 4)
    _assert_refused(outbox, "damaged")


def test_another_program_s_database(outbox: Outbox) -> None:
    with sqlite3.connect(outbox.ledger) as other:
        other.execute("create table message (text)")
    other.close()
    _assert_refused(outbox, "the database of another program")


def test_a_newer_ledger(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger):
        pass
    with sqlite3.connect(outbox.ledger) as newer:
        newer.execute("pragma user_version = 4")
    newer.close()
    _assert_refused(outbox, "newer version")


def test_a_folder_in_its_place(outbox: Outbox) -> None:
    outbox.ledger.mkdir()
    _assert_refused(outbox, "cannot be used")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="No such file"), open_ledger(tmp_path / "none" / "a.mail.sqlite3"):
        pass


def _assert_refused(outbox: Outbox, why: str) -> None:
    with ScriptedServer() as server:
        with pytest.raises(MachineError, match=why):
            outbox.run(server.server, [A])
        assert server.connections == 0
    with pytest.raises(MachineError, match=why):
        outbox.entries()


def test_a_ledger_that_cannot_grow_stops_before_the_end_of_a_message(outbox: Outbox) -> None:
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def load() -> bytes:
        # From here on every file is as long as it may get.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, unlimited[1]))
        return A.load()

    with ScriptedServer() as server:
        try:
            with pytest.raises(MachineError, match=r"mail\.sqlite3 cannot be used"):
                outbox.run(server.server, [replace(A, load=load)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        time.sleep(0.1)
        assert server.received == []
        assert server.commands[-1] == b"DATA"
        assert outbox.states() == [DeliveryState.PLANNED]
        assert outbox.run(server.server, [A]).states == {DeliveryState.ACCEPTED: 1}


def test_only_its_owner_reads_it(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A])
        for path in outbox.folder.glob("night-*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    left = sorted(path.name for path in outbox.folder.iterdir())
    assert left == [".night-buses.mail.sqlite3.witness", "night-buses.mail.sqlite3"], "nothing else is left beside it"
    assert stat.S_IMODE((outbox.folder / left[0]).stat().st_mode) == 0o600


def test_clocks_that_go_backwards_change_nothing_but_the_times(outbox: Outbox) -> None:
    for moment in (MOMENT, LATER, datetime(2016, 1, 1, tzinfo=UTC)):
        with open_ledger(outbox.ledger, clock=lambda moment=moment: moment) as ledger:  # type: ignore[misc]
            assert ledger.plan([A]) == (A,)
            ledger.defer([A.key], "later")
    (entry,) = outbox.entries()
    assert (entry.planned, entry.changed) == ("2026-07-01T09:30:00Z", "2016-01-01T00:00:00Z")


def test_it_is_beside_the_link_and_survives_generations(tmp_path: Path) -> None:
    generation = tmp_path / "output" / ".night-buses.1"
    generation.mkdir(parents=True)
    link = tmp_path / "output" / "night-buses"
    link.symlink_to(generation.name)
    assert find_ledger_of(link, "night-buses") == tmp_path / "output" / "night-buses.mail.sqlite3"
    assert find_ledger_of(generation, "night-buses") == find_ledger_of(link, "night-buses")


@pytest.mark.parametrize("recipient", ["a@example.net", "a/b@example.net", "用户@example.net", "a b"])
def test_keys_are_typed_as_they_are_printed(recipient: str) -> None:
    key = Key("night-buses", "2026-06-30", "council.zh-Hant", recipient)
    assert parse_key(format_key(key)) == key


def test_copies_of_a_ledger_taken_while_it_is_closed_are_whole(outbox: Outbox, tmp_path: Path) -> None:
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan(people(5))
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(outbox.ledger, copy)
    assert read_ledger(copy) == outbox.entries()


# A ledger that is not the one that it was


def _remove(ledger: Path, _earlier: Path) -> None:
    ledger.unlink()


def _empty(ledger: Path, _earlier: Path) -> None:
    ledger.write_bytes(b"")


def _truncate(ledger: Path, _earlier: Path) -> None:
    os.truncate(ledger, 100)


def _roll_back(ledger: Path, earlier: Path) -> None:
    shutil.copy(earlier, ledger)


def _replace(ledger: Path, earlier: Path) -> None:
    other = earlier.with_name("other.mail.sqlite3")
    with open_ledger(other):
        pass
    shutil.copy(other, ledger)


def _without_rows(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("delete from message")


def _replace_by_folder(ledger: Path) -> None:
    ledger.unlink()
    ledger.mkdir()


def _replace_by_link(ledger: Path, target: str) -> None:
    ledger.unlink()
    ledger.with_name("empty").touch()
    ledger.symlink_to(target)


TAMPERED: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "removed": (_remove, "is missing"),
    "emptied": (_empty, "damaged"),
    "truncated": (_truncate, "damaged"),
    "cut by a page": (lambda ledger, _: os.truncate(ledger, ledger.stat().st_size - 4096), "damaged"),
    "a byte": (lambda ledger, _: ledger.write_bytes(b"\0"), "another program"),
    "zeros": (lambda ledger, _: ledger.write_bytes(bytes(ledger.stat().st_size)), "damaged"),
    "text": (lambda ledger, _: ledger.write_text("the ledger\n" * 99), "damaged"),
    "a header": (lambda ledger, _: ledger.write_bytes(b"SQLite format 3\0"), "damaged"),
    "a folder": (lambda ledger, _: _replace_by_folder(ledger), "cannot be used"),
    "a link to nothing": (lambda ledger, _: _replace_by_link(ledger, "nowhere"), "cannot be used"),
    "a link to an empty file": (lambda ledger, _: _replace_by_link(ledger, "empty"), "damaged"),
    "emptied of rows": (lambda ledger, _: _without_rows(ledger), "damaged"),
    "rolled back": (_roll_back, "older copy"),
    "replaced": (_replace, "replaced"),
}


@pytest.mark.parametrize(("tamper", "why"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_ledger_that_lost_what_was_sent_lets_nothing_be_sent(
    outbox: Outbox, tmp_path: Path, tamper: Callable[[Path, Path], object], why: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    earlier = elsewhere / "earlier.sqlite3"
    with ScriptedServer() as server:
        outbox.run(server.server, [A])
        shutil.copy(outbox.ledger, earlier)
        outbox.run(server.server, [A, B])
        tamper(outbox.ledger, earlier)
        with pytest.raises(MachineError, match=why):
            outbox.run(server.server, [A, B])
        assert len(server.received) == 2


@pytest.mark.parametrize(("tamper", "why"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_plan_knows_its_ledger_even_where_the_witness_is_gone_too(
    outbox: Outbox, tmp_path: Path, tamper: Callable[[Path, Path], object], why: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    earlier = elsewhere / "earlier.sqlite3"
    with open_ledger(outbox.ledger):
        pass
    shutil.copy(outbox.ledger, earlier)
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A])
    expected = ensure_ledger(outbox.ledger)
    tamper(outbox.ledger, earlier)
    find_witness_path(outbox.ledger).unlink()
    with pytest.raises(MachineError, match=why), open_ledger(outbox.ledger, expected=expected):
        pass


@pytest.mark.parametrize("tamper", [_remove, _roll_back, _replace])
def test_a_person_may_accept_the_ledger_as_it_is(
    outbox: Outbox, tmp_path: Path, tamper: Callable[[Path, Path], object]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    earlier = elsewhere / "earlier.sqlite3"
    with open_ledger(outbox.ledger):
        pass
    shutil.copy(outbox.ledger, earlier)
    with open_ledger(outbox.ledger) as ledger:
        ledger.plan([A])
    tamper(outbox.ledger, earlier)
    with open_ledger(outbox.ledger, accept=True) as ledger:
        assert ledger.list_entries() == ()
    # From here on it is the ledger.
    assert outbox.entries() == ()


def test_a_used_ledger_without_its_witness_may_be_an_older_copy(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger):
        pass
    witness = find_witness_path(outbox.ledger)
    witness.unlink()
    with open_ledger(outbox.ledger) as ledger:
        # What is killed right after it created the ledger leaves no witness.
        ledger.plan([A])
    witness.unlink()
    with pytest.raises(MachineError, match="is missing, so it is unknown whether"), open_ledger(outbox.ledger):
        pass
    with open_ledger(outbox.ledger, accept=True) as ledger:
        assert len(ledger.list_entries()) == 1
    assert witness.exists()


def test_a_witness_that_cannot_be_read_proves_nothing(outbox: Outbox) -> None:
    with open_ledger(outbox.ledger):
        pass
    find_witness_path(outbox.ledger).write_bytes(b"\0" * 53)
    with pytest.raises(MachineError, match="unknown whether"), open_ledger(outbox.ledger):
        pass
