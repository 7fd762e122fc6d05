"""Senders that die at any moment: no message is sent twice or lost unreported, every uncertain one is listed."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from killable_senders import KillableSenders, split_rounds
from outgoing_samples import people
from scripted_smtp import Fault, ScriptedServer, Step
from sender_run import Outbox

from brief.mail.send import ledger, smtp
from brief.mail.send.delivery_status import DeliveryState
from brief.publish import failpoints

# More in the long run: BRIEF_CRASH_RUNS=1000 pytest tests/mail/test_killed_senders.py
KILLS = int(os.environ.get("BRIEF_CRASH_RUNS", "16"))
POINTS = (*ledger.CRASH_POINTS, *smtp.CRASH_POINTS)
ONCE = ("ledger-made", "planned", "session-open")
# The moments at which the end of a message has gone out, or is about to, and no answer is recorded.
UNCERTAIN = ("sending-recorded", "end-sent", "answer-read")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


@pytest.fixture(scope="module")
def senders() -> Iterator[KillableSenders]:
    with KillableSenders() as running:
        yield running


def assert_nothing_twice_and_nothing_lost(outbox: Outbox, server: ScriptedServer, count: int) -> None:
    """What must hold whenever no sender is at work."""
    received = Counter(server.recipients)
    assert set(received.values()) <= {1}, "no one gets it twice"
    entries = outbox.entries()
    accepted, unknown = (
        {entry.key.recipient for entry in entries if entry.state is state}
        for state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)
    )
    assert accepted <= set(received), "what is accepted has arrived"
    assert set(received) - accepted <= unknown, "what has arrived and is not known to have is listed"
    assert len(entries) in (0, count)


def finish(outbox: Outbox, server: ScriptedServer, count: int) -> None:
    """The next run sends the rest, and every message is then accepted or unknown."""
    assert_nothing_twice_and_nothing_lost(outbox, server, count)
    outbox.run(server.server, people(count))
    assert_nothing_twice_and_nothing_lost(outbox, server, count)
    assert set(outbox.states()) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert len(outbox.entries()) == count


@pytest.mark.parametrize("point", [f"{name}:{n}" for name in POINTS for n in ((1,) if name in ONCE else (1, 3))])
def test_killed_at_a_named_point(outbox: Outbox, senders: KillableSenders, point: str) -> None:
    with ScriptedServer() as server:
        senders.start(server.port, outbox.ledger, 4, point)
        assert senders.wait() == failpoints.KILLED
        name, _, number = point.partition(":")
        uncertain = [f"person{int(number) - 1:04}@example.net"] if name in UNCERTAIN else []
        assert outbox.of(DeliveryState.UNKNOWN) == uncertain
        finish(outbox, server, 4)
        assert outbox.of(DeliveryState.UNKNOWN) == uncertain


def test_every_point_is_passed(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(failpoints, "pass_point", passed.append)
    with ScriptedServer() as server:
        outbox.run(server.server, people(1))
    assert set(passed) - set(failpoints.BUILD_POINTS) == set(POINTS)


def test_killed_at_random_moments(tmp_path: Path, senders: KillableSenders) -> None:
    chance = random.Random(4)  # noqa: S311
    killed = 0
    for number, kills in enumerate(split_rounds(KILLS)):
        (tmp_path / str(number)).mkdir()
        killed += kill_at_random(Outbox(tmp_path / str(number)), senders, kills, chance)
    assert killed, "no kill came at a moment that matters"


def kill_at_random(outbox: Outbox, senders: KillableSenders, kills: int, chance: random.Random) -> int:
    """Kills senders of one plan, finishes it, and returns of how many messages the outcome is unknown."""
    count = 16 * kills
    is_slow = True

    def answer(*_: object) -> Step:
        time.sleep(chance.uniform(0, 0.004) if is_slow else 0)
        return Fault.DROP if chance.random() < 0.02 else b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": answer}) as server:
        for _ in range(kills):
            senders.start(server.port, outbox.ledger, count)
            senders.wait_until_sending()
            time.sleep(chance.uniform(0, 0.03))
            senders.kill()
            assert_nothing_twice_and_nothing_lost(outbox, server, count)
        killed = len(outbox.of(DeliveryState.UNKNOWN))
        is_slow = False
        finish(outbox, server, count)
    return killed
