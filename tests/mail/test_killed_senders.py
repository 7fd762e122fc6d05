"""Senders that die at any moment: nobody gets a message twice, none is lost unseen, every uncertain one is listed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from outgoing_samples import people
from scripted_smtp import Fault, ScriptedServer, Step
from sender_run import Outbox

from brief.mail.send import ledger, smtp
from brief.mail.send.delivery_status import DeliveryState
from brief.publish import failpoints

SENDER = Path(__file__).parents[1] / "support" / "sender_process.py"
# More in the long run: BRIEF_FAULT_RUNS=1000 pytest tests/mail/test_killed_senders.py
KILLS = int(os.environ.get("BRIEF_FAULT_RUNS", "50"))
POINTS = (*ledger.CRASH_POINTS, *smtp.CRASH_POINTS)
ONCE = ("ledger-made", "planned", "session-open")
# The moments at which the end of a message has gone out, or is about to, and no answer is recorded.
UNCERTAIN = ("sending-recorded", "end-sent", "answer-read")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


def start(
    outbox: Outbox, server: ScriptedServer, count: int, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, SENDER, str(server.port), outbox.ledger, str(count)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_nothing_twice_and_nothing_lost(outbox: Outbox, server: ScriptedServer, count: int) -> None:
    """What must hold whenever no sender is at work."""
    received = Counter(server.recipients)
    assert set(received.values()) <= {1}, "nobody twice"
    entries = outbox.entries()
    accepted, unknown = (
        {entry.key.recipient for entry in entries if entry.state is state}
        for state in (DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)
    )
    assert accepted <= set(received), "what is accepted has arrived"
    assert set(received) - accepted <= unknown, "what has arrived and is not known to have is listed"
    assert len(entries) in (0, count)


def finish(outbox: Outbox, server: ScriptedServer, count: int) -> None:
    """The next run sends the rest, and what is then neither accepted nor unknown is nothing."""
    assert_nothing_twice_and_nothing_lost(outbox, server, count)
    outbox.run(server.server, people(count))
    assert_nothing_twice_and_nothing_lost(outbox, server, count)
    assert set(outbox.states()) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert len(outbox.entries()) == count


@pytest.mark.parametrize("point", [f"{name}:{n}" for name in POINTS for n in ((1,) if name in ONCE else (1, 3))])
def test_killed_at_a_named_point(outbox: Outbox, point: str) -> None:
    with ScriptedServer() as server:
        sender = start(outbox, server, 4, {"BRIEF_CRASH_AT": point})
        sender.communicate(timeout=60)
        assert sender.returncode == failpoints.KILLED
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
    assert set(passed) - set(failpoints.POINTS) == set(POINTS)


@pytest.mark.slow
def test_killed_at_random_moments(outbox: Outbox) -> None:
    chance = random.Random(4)  # noqa: S311
    count = 16 * KILLS

    def answer(*_: object) -> Step:
        time.sleep(chance.uniform(0, 0.004))
        return Fault.DROP if chance.random() < 0.02 else b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": answer}) as server:
        for _ in range(KILLS):
            sender = start(outbox, server, count)
            assert sender.stdout is not None
            assert sender.stdout.readline() == "sending\n", "there was nothing left to send"
            time.sleep(chance.uniform(0, 0.03))
            sender.send_signal(signal.SIGKILL)
            sender.communicate(timeout=60)
            assert_nothing_twice_and_nothing_lost(outbox, server, count)
        killed = len(outbox.of(DeliveryState.UNKNOWN))
        finish(outbox, server, count)
        assert killed, "no kill came at a moment that matters"
