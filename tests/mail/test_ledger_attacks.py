"""Senders that are killed, and between them a ledger that is removed, emptied, cut short or rolled back at random."""

import os
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from killable_senders import KillableSenders, split_rounds
from outgoing_samples import people
from scripted_smtp import ScriptedServer
from sender_run import Outbox

from brief import MachineError
from brief.cli.commands.mail import status
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.ledger import ensure_ledger, open_ledger, read_ledger
from brief.mail.send.ledger_witness import find_witness_path
from brief.model.diagnostics import OutputLockedError

# More in the long run: BRIEF_CRASH_RUNS=1000 pytest tests/mail/test_ledger_attacks.py
RUNS = int(os.environ.get("BRIEF_CRASH_RUNS", "12"))
EACH = 12
LEDGER_FILES = ("", "-wal", "-shm")

Attack = Callable[[Path, Path, random.Random], None]


def save(ledger: Path, folder: Path) -> None:
    """Copies the ledger with the log that a killed sender left."""
    folder.mkdir(parents=True)
    for suffix in LEDGER_FILES:
        if (file := Path(f"{ledger}{suffix}")).exists():
            shutil.copy(file, folder)


def remove(ledger: Path, _earlier: Path, _chance: random.Random) -> None:
    for suffix in LEDGER_FILES:
        Path(f"{ledger}{suffix}").unlink(missing_ok=True)


def restore(ledger: Path, earlier: Path, chance: random.Random) -> None:
    remove(ledger, earlier, chance)
    for file in earlier.iterdir():
        shutil.copy(file, ledger.parent)


def empty(ledger: Path, earlier: Path, chance: random.Random) -> None:
    remove(ledger, earlier, chance)
    ledger.touch()


def truncate(ledger: Path, earlier: Path, chance: random.Random) -> None:
    size = ledger.stat().st_size
    remove(ledger, earlier, chance)
    shutil.copy(earlier / ledger.name, ledger)
    os.truncate(ledger, chance.randrange(1, min(size, ledger.stat().st_size)))


ATTACKS: tuple[Attack, ...] = (remove, empty, truncate, restore)


def test_nothing_is_sent_twice_or_lost_if_the_ledger_is_attacked(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    with KillableSenders() as senders:
        refused = sum(
            kill_and_attack(tmp_path / str(number), senders, runs, chance)
            for number, runs in enumerate(split_rounds(RUNS))
        )
    assert refused > RUNS // 3


def kill_and_attack(folder: Path, senders: KillableSenders, runs: int, chance: random.Random) -> int:
    """Kills senders of one plan, attacks its ledger between them, and returns how often it was refused."""
    (folder / "output").mkdir(parents=True)
    outbox = Outbox(folder / "output")
    count = EACH * runs
    copies: list[Path] = []
    refused = 0
    delays = random.Random(8)  # noqa: S311
    is_slow = True

    def answer(*_: object) -> bytes:
        time.sleep(delays.uniform(0, 0.004) if is_slow else 0)
        return b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": answer}) as server:
        for number in range(runs):
            senders.start(server.port, outbox.ledger, count)
            senders.wait_until_sending()
            time.sleep(chance.uniform(0, 0.03))
            senders.kill()
            copies.append(folder / f"copy{number}")
            save(outbox.ledger, copies[-1])
            if len(copies) < 2 or chance.random() < 0.3:
                continue
            attack = chance.choice(ATTACKS)
            attack(outbox.ledger, chance.choice(copies[:-1]), chance)
            server.wait_until_idle()
            before = len(server.recipients)
            with pytest.raises(MachineError), open_ledger(outbox.ledger):
                pass
            assert len(server.recipients) == before
            refused += 1
            # What a person does who has a copy.
            restore(outbox.ledger, copies[-1], chance)
        is_slow = False
        outbox.run(server.server, people(count))
        received = Counter(server.recipients)
    assert set(received.values()) == {1}, "no one gets it twice"
    accepted, unknown = set(outbox.of(DeliveryState.ACCEPTED)), set(outbox.of(DeliveryState.UNKNOWN))
    assert accepted <= set(received), "what is accepted has arrived"
    assert set(received) - accepted <= unknown, "what has arrived and is not known to have is listed"
    assert len(accepted | unknown) == count, "no one is lost"
    return refused


def test_an_older_file_under_a_newer_log_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    everyone = people(400)
    with ScriptedServer() as server:
        with open_ledger(outbox.ledger) as ledger:
            ledger.plan(everyone)
        save(outbox.ledger, tmp_path / "old")
        outbox.run(server.server, everyone[:200])
        with open_ledger(outbox.ledger) as ledger:
            # The last ones only are in the log.
            ledger.defer([everyone[-1].key], "later")
            save(outbox.ledger, tmp_path / "killed")
        shutil.copy(tmp_path / "old" / outbox.ledger.name, tmp_path / "killed")
        restore(outbox.ledger, tmp_path / "killed", random.Random(1))  # noqa: S311
        with pytest.raises(MachineError, match="damaged"):
            outbox.run(server.server, everyone)
        assert len(server.recipients) == 200


def save_folder(outbox: Outbox, to: Path) -> None:
    """Copies the folder with all that is beside the ledger, as a backup does."""
    shutil.copytree(outbox.folder, to)


def restore_folder(outbox: Outbox, earlier: Path) -> None:
    shutil.rmtree(outbox.folder)
    shutil.copytree(earlier, outbox.folder)


def test_a_folder_restored_with_its_witness_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    everyone = people(6)
    with ScriptedServer() as server:
        outbox.run(server.server, everyone[:2])
        save_folder(outbox, tmp_path / "backup")
        outbox.run(server.server, everyone[2:4])
        save_folder(outbox, tmp_path / "newer")
        restore_folder(outbox, tmp_path / "backup")
        with pytest.raises(MachineError, match="older copy"):
            outbox.run(server.server, everyone)
        restore_folder(outbox, tmp_path / "newer")
        outbox.run(server.server, everyone)
        assert Counter(server.recipients) == Counter(message.recipient for message in everyone)


def test_a_machine_restored_with_all_witnesses_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup of everything knows no more than its ledger; only the times of the files show that they were put back."""
    home, backup = tmp_path / "home", tmp_path / "backup"
    (home / "output").mkdir(parents=True)
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    outbox = Outbox(home / "output")
    everyone = people(6)
    with ScriptedServer() as server:
        outbox.run(server.server, everyone[:2])
        expected = ensure_ledger(outbox.ledger)
        shutil.copytree(home, backup)
        make_older(backup)
        outbox.run(server.server, everyone[2:])
        home.rename(tmp_path / "lost")
        shutil.copytree(backup, home)
        for _ in range(2):
            with (
                pytest.raises(MachineError, match="restored from a backup"),
                open_ledger(outbox.ledger, expected=expected),
            ):
                pass
        doubts: list[str] = []
        assert len(read_ledger(outbox.ledger, doubts.append)) == 2
        assert "restored from a backup" in doubts[0]
        ensure_ledger(outbox.ledger, accept=True)
        outbox.run(server.server, everyone[:2])
        assert len(server.recipients) == 6


def make_older(folder: Path) -> None:
    """Gives the files in a folder the time of a day ago, as those of a backup have."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 86_400,) * 2)


def test_a_ledger_whose_owner_or_mode_was_changed_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of its status is later, but it is the same file; no witness is left, as in a container that is new."""
    (tmp_path / "output").mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    outbox = Outbox(tmp_path / "output")
    with ScriptedServer() as server:
        outbox.run(server.server, people(2))
        shutil.rmtree(tmp_path / "state")
        make_older(outbox.folder)
        outbox.run(server.server, people(3))
        assert len(server.recipients) == 3


def test_a_folder_copied_to_another_disk_is_used_on_the_same_machine(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox, moved = Outbox(tmp_path / "output"), Outbox(tmp_path / "moved")
    with ScriptedServer() as server:
        outbox.run(server.server, people(2))
        make_older(outbox.folder)
        save_folder(outbox, moved.folder)
        shutil.rmtree(outbox.folder)
        moved.run(server.server, people(3))
        assert len(server.recipients) == 3


def test_a_folder_that_is_removed_is_noticed_once_there_are_messages(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    for _ in range(2):
        with open_ledger(outbox.ledger):
            pass
        shutil.rmtree(outbox.folder)
        outbox.folder.mkdir()
    with ScriptedServer() as server:
        outbox.run(server.server, people(2))
        shutil.rmtree(outbox.folder)
        outbox.folder.mkdir()
        with pytest.raises(MachineError, match="missing"):
            outbox.run(server.server, people(2))
        with open_ledger(outbox.ledger, accept=True):
            pass
        with open_ledger(outbox.ledger):
            pass


def test_a_folder_that_was_moved_is_used_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    with ScriptedServer() as server:
        outbox.run(server.server, people(2))
        outbox.folder.rename(tmp_path / "moved")
        moved = Outbox(tmp_path / "moved")
        moved.run(server.server, people(3))
        assert len(server.recipients) == 3
        # A new ledger where the first was.
        outbox.folder.mkdir()
        with open_ledger(outbox.ledger) as ledger:
            assert ledger.list_entries() == ()


@pytest.mark.parametrize("states", ["a file", "of somebody else", "relative"])
def test_without_a_folder_for_states_a_ledger_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: str
) -> None:
    (tmp_path / "file").touch()
    folder = {"a file": str(tmp_path / "file"), "of somebody else": "/proc/1", "relative": "x"}[states]
    monkeypatch.setenv("XDG_STATE_HOME", folder)
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    with ScriptedServer() as server:
        outbox.run(server.server, people(2))
        outbox.run(server.server, people(3))
        assert len(server.recipients) == 3


@pytest.mark.parametrize("how", ["folder", "file"])
def test_two_senders_on_a_ledger_and_a_link_to_it_send_once(tmp_path: Path, how: str) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    with open_ledger(outbox.ledger):
        pass
    if how == "file":
        (tmp_path / "linked").mkdir()
        (tmp_path / "linked" / outbox.ledger.name).symlink_to(outbox.ledger)
    else:
        (tmp_path / "linked").symlink_to(outbox.folder)
    linked = Outbox(tmp_path / "linked")
    refused: list[str] = []

    def send(one: Outbox) -> None:
        try:
            one.run(server.server, people(30))
        except OutputLockedError as problem:
            refused.append(str(problem))

    def answer(*_: object) -> bytes:
        time.sleep(0.02)
        return b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": answer}) as server:
        threads = [threading.Thread(target=send, args=(one,)) for one in (outbox, linked)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(server.recipients) == Counter(message.recipient for message in people(30))
    assert len(refused) == 1
    assert {entry.state for entry in read_ledger(linked.ledger)} == {DeliveryState.ACCEPTED}


def test_a_ledger_of_two_names_and_a_link_to_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    with open_ledger(outbox.ledger):
        pass
    other = tmp_path / "other.mail.sqlite3"
    os.link(outbox.ledger, other)
    for path in (outbox.ledger, other):
        with pytest.raises(MachineError, match="2 names"), open_ledger(path):
            pass
    outbox.ledger.unlink()
    with open_ledger(other):
        pass
    outbox.ledger.symlink_to(tmp_path / "nothing")
    with pytest.raises(MachineError, match="is a link"), open_ledger(outbox.ledger):
        pass


def test_a_ledger_that_is_gone_is_not_taken_for_no_mail(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        outbox = Outbox(tmp_path)
        outbox.run(server.server, people(2))
    remove(outbox.ledger, tmp_path, random.Random(1))  # noqa: S311
    ran = CliRunner().invoke(status.command, ["-o", str(outbox.ledger.parent)], standalone_mode=False)
    assert isinstance(ran.exception, MachineError)
    assert "is missing" in str(ran.exception)


def test_a_folder_without_a_ledger_is_named(tmp_path: Path) -> None:
    ran = CliRunner().invoke(status.command, ["-o", str(tmp_path)], standalone_mode=False)
    assert f"{tmp_path} has no record of mail" in ran.output


def test_a_pipe_in_the_place_of_a_witness_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    outbox = Outbox(tmp_path / "output")
    with open_ledger(outbox.ledger):
        pass
    witness = find_witness_path(outbox.ledger)
    witness.unlink()
    os.mkfifo(witness)
    with pytest.raises(MachineError, match="unknown whether"), open_ledger(outbox.ledger):
        pass
    with pytest.raises(MachineError, match="cannot be used"), open_ledger(outbox.ledger, accept=True):
        pass
