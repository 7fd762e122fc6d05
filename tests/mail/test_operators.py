"""What operators run into: late answers, copies of what they send from, full and read-only disks, rewritten reports.

Each recipient gets one message or none, and what is not known is said to be unknown.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from bounce_samples import report
from outgoing_samples import make_outgoing, people
from scripted_smtp import ScriptedServer, Step
from sender_run import QUICK, Outbox

from brief import MachineError
from brief.mail.bounces.mailboxes import ReceivedMessage
from brief.mail.bounces.recording import record_mailbox
from brief.mail.send.delivery_status import DeliveryState, Outcome
from brief.mail.send.ledger import ensure_ledger, open_ledger, read_bounces, read_ledger
from brief.mail.send.rate_limit import Pacing

A, B, C = people(3)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


def test_a_server_that_takes_the_message_after_we_gave_up_gets_it_once(outbox: Outbox) -> None:
    """It replies 250 after the client has gone; the next run must not offer the message again."""

    def late(_: bytes, message: int) -> Step:
        if message == 0:
            time.sleep(1.2)
        return b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": late}) as server:
        assert outbox.run(server.server, [A, B], timeouts=QUICK).states[DeliveryState.UNKNOWN] >= 1
        server.wait_until_idle()
        outbox.run(server.server, [A, B])
        outbox.run(server.server, [A, B])
        assert max(Counter(server.recipients).values()) == 1
        assert A.recipient in server.recipients
    assert outbox.of(DeliveryState.UNKNOWN)[:1] == [A.recipient]


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "end"])
def test_greylisting_at_any_point_is_waited_out_and_delivers_once(outbox: Outbox, point: str) -> None:
    def greylist(_: bytes, message: int) -> Step:
        return (
            b"451 4.7.1 greylisted, try again later\r\n"
            if message == 0
            else b"354 ok\r\n"
            if point == "DATA"
            else b"250 ok\r\n"
        )

    with ScriptedServer({point: greylist}) as server:
        assert outbox.run(server.server, [A], Pacing(delays=(300,))).states == {DeliveryState.ACCEPTED: 1}
        assert [each.recipient for each in server.received][-1] == A.recipient
        assert outbox.stop.waits[-1] == 300
        accepted = server.recipients.count(A.recipient)
        outbox.run(server.server, [A])
        assert server.recipients.count(A.recipient) == accepted
    assert outbox.entries()[0].attempts == 2


@pytest.mark.parametrize("answer", [b"553 5.6.7 no SMTPUTF8 for you\r\n", b"550 5.6.7 no\r\n", b"555 5.5.4 what\r\n"])
def test_a_server_that_offers_smtputf8_and_refuses_it_holds_up_only_that_recipient(
    outbox: Outbox, answer: bytes
) -> None:
    international = make_outgoing("用户@例子.example")

    def refuse(line: bytes, _: int) -> Step:
        return answer if b"SMTPUTF8" in line else b"250 ok\r\n"

    offered = b"250-scripted\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
    with ScriptedServer({"EHLO": offered, "MAIL": refuse}) as server:
        outbox.run(server.server, [A, international, B])
        assert server.recipients == [A.recipient, B.recipient]
    assert outbox.of(DeliveryState.REFUSED) == [international.key.recipient]


SENDER = """\
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from outgoing_samples import people
from brief.mail.send.ledger import open_ledger
from brief.mail.send.sender import Sender
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.server import Security, Server
with open_ledger(Path(sys.argv[1]), lambda holder: None) as ledger:
    Sender(ledger, Server(Security.NONE, "127.0.0.1", int(sys.argv[2])), Pacing(delays=())).send(people(12))
"""


def test_two_operators_at_the_same_time_send_each_message_once(outbox: Outbox) -> None:
    """Each with a copy of the plan, which leads both to one ledger."""
    support = str(Path(__file__).parents[1] / "support")
    with ScriptedServer() as server:
        order = [sys.executable, "-c", SENDER, str(outbox.ledger), str(server.port), support]
        operators = [subprocess.Popen(order) for _ in range(3)]
        assert [operator.wait(60) for operator in operators] == [0, 0, 0]
        assert Counter(server.recipients) == Counter(message.recipient for message in people(12))


class TestCopiedLedger:
    """A folder that was copied with its ledger: both would send everything that the other sends too."""

    def copied(self, outbox: Outbox, folder: Path) -> Outbox:
        folder.mkdir()
        for path in outbox.folder.glob("*night-buses*"):
            shutil.copy(path, folder)
        return Outbox(folder)

    def test_a_copy_sends_nothing_while_the_original_is_there(self, outbox: Outbox, tmp_path: Path) -> None:
        with ScriptedServer() as server:
            outbox.run(server.server, [A])
            copy = self.copied(outbox, tmp_path / "copy")
            with pytest.raises(MachineError, match=r"is a copy of .*night-buses\.mail\.sqlite3"):
                copy.run(server.server, [A, B])
            outbox.run(server.server, [A, B])
            assert server.recipients == [A.recipient, B.recipient]
        with pytest.raises(MachineError, match="is a copy of"):
            ensure_ledger(copy.ledger)
        assert [entry.key for entry in read_ledger(copy.ledger)] == [A.key]

    def test_one_that_was_moved_or_put_back_goes_on(self, outbox: Outbox, tmp_path: Path) -> None:
        with ScriptedServer() as server:
            outbox.run(server.server, [A])
            copy = self.copied(outbox, tmp_path / "copy")
            shutil.copy(outbox.ledger, tmp_path / "backup")
            outbox.ledger.unlink()
            copy.run(server.server, [A, B])
            shutil.move(copy.ledger, outbox.ledger)
            shutil.copy(copy.ledger.with_name(f".{copy.ledger.name}.witness"), outbox.folder)
            outbox.run(server.server, [A, B, C])
            assert server.recipients == [A.recipient, B.recipient, C.recipient]

    def test_one_under_another_name_of_its_folder_is_no_copy(self, outbox: Outbox, tmp_path: Path) -> None:
        with ScriptedServer() as server:
            outbox.run(server.server, [A])
            (tmp_path / "link").symlink_to(outbox.folder)
            Outbox(tmp_path / "link").run(server.server, [A, B])
            assert server.recipients == [A.recipient, B.recipient]

    def test_a_person_may_accept_it(self, outbox: Outbox, tmp_path: Path) -> None:
        with ScriptedServer() as server:
            outbox.run(server.server, [A])
            copy = self.copied(outbox, tmp_path / "copy")
            with open_ledger(copy.ledger, accept=True) as ledger:
                assert [entry.key for entry in ledger.list_entries()] == [A.key]
            copy.run(server.server, [A])
            assert server.recipients == [A.recipient]

    def test_a_ledger_from_before_places_were_recorded_gets_one(self, outbox: Outbox, tmp_path: Path) -> None:
        with ScriptedServer() as server:
            outbox.run(server.server, [A])
            with closing(sqlite3.connect(outbox.ledger, isolation_level=None)) as connection:
                connection.execute("drop table place")
            outbox.run(server.server, [A, B])
            with pytest.raises(MachineError, match="is a copy of"):
                self.copied(outbox, tmp_path / "copy").run(server.server, [A, B, C])


# On a disk that is full or read-only: a small file system, mounted in a name space of its own.

ON_DISK = """\
mount -t tmpfs -o size={size} none "$1"
cp -a "$2"/. "$1"
{then}
"$3" -c "$4" "$1/night-buses.mail.sqlite3" "$5" "$6"
status=$?
cp -a "$1"/. "$2"
exit $status
"""


def can_mount() -> bool:
    """Whether this machine lets a user mount a file system in a name space of their own; containers often do not."""
    try:
        order = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp"]  # noqa: S108  # in the name space alone
        return subprocess.run(order, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


on_a_small_disk = pytest.mark.skipif(not can_mount(), reason="needs a name space in which file systems can be mounted")


def send_on_disk(outbox: Outbox, server: ScriptedServer, size: str, then: str) -> subprocess.CompletedProcess[str]:
    """Runs a sender on a copy of the folder, and brings back what it left."""
    disk = outbox.folder.parent / "disk"
    disk.mkdir()
    support = str(Path(__file__).parents[1] / "support")
    order = ["unshare", "-rm", "sh", "-c", ON_DISK.format(size=size, then=then), "sh", str(disk), str(outbox.folder)]
    order += [sys.executable, SENDER, str(server.port), support]
    return subprocess.run(order, capture_output=True, text=True, timeout=60)


@pytest.fixture
def kept(tmp_path: Path) -> Outbox:
    (tmp_path / "kept").mkdir()
    return Outbox(tmp_path / "kept")


# A copy on a disk of its own goes on, so the original has to be gone.
GONE = 'rm "$2"/night-buses.mail.sqlite3'


@on_a_small_disk
@pytest.mark.parametrize(
    "then",
    ['mount -o remount,ro "$1"', 'head -c 100M /dev/zero > "$1/filler" 2>/dev/null; true'],
    ids=["read-only", "full"],
)
def test_on_a_disk_that_takes_nothing_more_nothing_is_sent(kept: Outbox, then: str) -> None:
    with ScriptedServer() as server:
        kept.run(server.server, [A])
        ran = send_on_disk(kept, server, "200k", f"{GONE}; {then}")
        assert ran.returncode == 1
        assert "night-buses.mail.sqlite3 cannot be used" in ran.stderr, ran.stderr
        assert server.recipients == [A.recipient]


@on_a_small_disk
@pytest.mark.parametrize("free", [16, 24, 40, 64, 100])
def test_a_disk_that_fills_up_under_way_makes_at_most_one_message_unknown(kept: Outbox, free: int) -> None:
    """What was accepted and could not be recorded is unknown afterwards, and is not sent again."""
    fill = f'head -c 10M /dev/zero > "$1/filler" 2>/dev/null; truncate -s -{free}k "$1/filler"'
    with ScriptedServer() as server:
        kept.run(server.server, [A])
        ran = send_on_disk(kept, server, "400k", f"{GONE}; {fill}")
        assert ran.returncode == 1
        assert "cannot be used" in ran.stderr, ran.stderr
        kept.run(server.server, people(12))
        assert max(Counter(server.recipients).values()) == 1
        missing = {message.recipient for message in people(12)} - set(server.recipients)
        assert missing <= set(kept.of(DeliveryState.UNKNOWN))
        assert len(kept.of(DeliveryState.UNKNOWN)) <= 1


# Reports on messages of several briefs in one folder


def test_a_report_on_a_message_of_another_brief_marks_only_that_one(outbox: Outbox) -> None:
    other = replace(A, key=replace(A.key, brief="day-buses"), message_id="<other@example.org>")
    with ScriptedServer() as server:
        outbox.run(server.server, [A])
        with open_ledger(outbox.folder / "day-buses.mail.sqlite3") as ledger:
            ledger.plan([other])
            ledger.record_outcome(other.key, Outcome(DeliveryState.ACCEPTED, "250 ok"))
    rewritten = report("x@elsewhere.example", other.message_id, original="nobody@elsewhere.example")
    summary = record_mailbox([ReceivedMessage("1", rewritten)], outbox.folder)
    assert [bounce.key for bounce in summary.bounces] == [other.key]
    assert read_bounces(outbox.ledger) == ()
    assert len(read_bounces(outbox.folder / "day-buses.mail.sqlite3")) == 1
    foreign = record_mailbox([ReceivedMessage("1", report(A.recipient, "<third@example.org>"))], outbox.folder)
    assert (foreign.bounces, foreign.unmatched) == ([], 1)
